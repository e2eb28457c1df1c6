//! A disk in memory that behaves as badly as a real one may: what was written and not synced is, when the power fails,
//! there, or not, or in part, and in no order. SQLite writes on it through a virtual file system.
//!
//! A disk follows its seed: the same seed, the same fate.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::CString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use momfood_client::store::{Files, StoreError};
use sqlite_plugin::flags::{AccessFlags, LockLevel, OpenOpts};
use sqlite_plugin::vars::{SQLITE_CANTOPEN, SQLITE_IOERR};
use sqlite_plugin::vfs::{RegisterOpts, Vfs, VfsHandle, VfsResult, register_static};

/// What a disk writes at once, or not.
const SECTOR: usize = 512;

/// See the module. Clones are the same disk.
#[derive(Clone)]
pub struct CrashDisk {
    name: Arc<str>,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    files: BTreeMap<String, File>,
    /// Steps left until the power fails; `None`: it does not.
    fuse: Option<u32>,
    /// Whether it says that it has synced, and has not.
    lies: bool,
    chance: Chance,
}

#[derive(Default)]
struct File {
    /// What outlives the power; `None` for a file that was never synced.
    safe: Option<Vec<u8>>,
    /// What is read.
    seen: Vec<u8>,
    /// What has happened since the last sync.
    since: Vec<Write>,
}

enum Write {
    Bytes { at: usize, bytes: Vec<u8> },
    Length(usize),
}

/// `SplitMix64`.
#[derive(Default)]
struct Chance(u64);

impl Chance {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    const fn one_in(&mut self, many: u64) -> bool {
        self.next().is_multiple_of(many)
    }
}

impl CrashDisk {
    /// An empty disk, which SQLite knows as `name` from now on.
    ///
    /// # Panics
    /// When SQLite does not take it.
    #[expect(clippy::expect_used, reason = "for tests")]
    pub fn new(name: &str) -> Self {
        let disk = Self {
            name: name.into(),
            inside: Arc::default(),
        };
        let known_as = CString::new(name).expect("a name without zeroes");
        let how = RegisterOpts { make_default: false };
        register_static(known_as, disk.clone(), how).expect("SQLite takes another file system");
        disk
    }

    /// An empty disk again, whose fate is `seed`. Nothing may be open on it.
    pub fn begin(&self, seed: u64) {
        *self.inside() = Inside {
            chance: Chance(seed),
            ..Inside::default()
        };
    }

    /// From now on it says that it has synced, and has not.
    pub fn lie(&self) {
        self.inside().lies = true;
    }

    /// The power fails after so many more writes, syncs and removals: from then on nothing works.
    pub fn fail_after(&self, steps: u32) {
        self.inside().fuse = Some(steps);
    }

    /// The power comes back, and what is there is there. Nothing may be open on it.
    pub fn restart(&self) {
        let inside = &mut *self.inside();
        inside.fuse = None;
        let chance = &mut inside.chance;
        inside.files.retain(|_, file| file.survive(chance));
    }

    /// A number below `most`, of this disk's fate.
    pub fn chance(&self, most: u32) -> u32 {
        let drawn = self.inside().chance.next() % u64::from(most.max(1));
        u32::try_from(drawn).unwrap_or(0)
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One step, unless the power has failed.
    fn step(&self) -> VfsResult<MutexGuard<'_, Inside>> {
        let mut inside = self.inside();
        match &mut inside.fuse {
            None => {}
            Some(0) => return Err(SQLITE_IOERR),
            Some(left) => *left -= 1,
        }
        Ok(inside)
    }

    /// The disk, unless the power has failed.
    fn powered(&self) -> VfsResult<MutexGuard<'_, Inside>> {
        let inside = self.inside();
        if inside.fuse == Some(0) {
            Err(SQLITE_IOERR)
        } else {
            Ok(inside)
        }
    }
}

impl File {
    fn write(&mut self, write: Write) {
        apply(&mut self.seen, &write);
        self.since.push(write);
    }

    fn sync(&mut self) {
        self.safe = Some(self.seen.clone());
        self.since.clear();
    }

    /// Becomes what is left of it. Says whether anything is.
    fn survive(&mut self, chance: &mut Chance) -> bool {
        let Some(mut left) = self.safe.take().or_else(|| (!chance.one_in(3)).then(Vec::new)) else {
            return false;
        };
        // A third of all failures take everything, a third nothing but the newest write, and a third what they like.
        let mood = chance.next() % 3;
        let count = self.since.len();
        for (place, write) in self.since.drain(..).enumerate() {
            let whole = match mood {
                0 => false,
                1 => place + 1 < count,
                _ => chance.one_in(2),
            };
            if whole {
                apply(&mut left, &write);
            } else if mood != 0 || chance.one_in(8) {
                tear(&mut left, write, chance);
            }
        }
        self.safe = Some(left.clone());
        self.seen = left;
        true
    }
}

fn apply(bytes: &mut Vec<u8>, write: &Write) {
    match write {
        Write::Length(length) => bytes.resize(*length, 0),
        Write::Bytes { at, bytes: new } => {
            let end = at + new.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*at..end].copy_from_slice(new);
        }
    }
}

/// Some sectors of a write, and perhaps the file's new length without its new content.
fn tear(left: &mut Vec<u8>, write: Write, chance: &mut Chance) {
    let Write::Bytes { at, bytes } = write else {
        return;
    };
    for (place, sector) in bytes.chunks(SECTOR).enumerate() {
        if chance.one_in(2) {
            let at = at + place * SECTOR;
            let bytes = sector.to_vec();
            apply(left, &Write::Bytes { at, bytes });
        }
    }
}

/// An open file.
pub struct Handle {
    name: String,
    /// Of a file without a name: nobody finds it again.
    temporary: bool,
}

impl VfsHandle for Handle {
    fn readonly(&self) -> bool {
        false
    }

    fn in_memory(&self) -> bool {
        false
    }
}

impl Vfs for CrashDisk {
    type Handle = Handle;

    fn canonical_path<'a>(&self, path: Cow<'a, str>) -> VfsResult<Cow<'a, str>> {
        Ok(path)
    }

    fn open(&self, path: Option<&str>, opts: OpenOpts) -> VfsResult<Handle> {
        let mut inside = self.powered()?;
        let name = match path {
            Some(path) => path.to_owned(),
            None => format!("temporary {}", inside.chance.next()),
        };
        if !inside.files.contains_key(&name) {
            // What has no right to create wants what is there.
            if path.is_some() && opts.flags() & sqlite_plugin::vars::SQLITE_OPEN_CREATE == 0 {
                return Err(SQLITE_CANTOPEN);
            }
            inside.files.insert(name.clone(), File::default());
        }
        Ok(Handle {
            name,
            temporary: path.is_none() || opts.delete_on_close(),
        })
    }

    fn delete(&self, path: &str) -> VfsResult<()> {
        self.step()?.files.remove(path);
        Ok(())
    }

    fn access(&self, path: &str, _flags: AccessFlags) -> VfsResult<bool> {
        Ok(self.powered()?.files.contains_key(path))
    }

    fn file_size(&self, handle: &mut Handle) -> VfsResult<usize> {
        let inside = self.powered()?;
        Ok(inside.files.get(&handle.name).ok_or(SQLITE_IOERR)?.seen.len())
    }

    fn truncate(&self, handle: &mut Handle, size: usize) -> VfsResult<()> {
        let mut inside = self.step()?;
        let file = inside.files.get_mut(&handle.name).ok_or(SQLITE_IOERR)?;
        file.write(Write::Length(size));
        Ok(())
    }

    fn write(&self, handle: &mut Handle, offset: usize, data: &[u8]) -> VfsResult<usize> {
        let mut inside = self.step()?;
        let file = inside.files.get_mut(&handle.name).ok_or(SQLITE_IOERR)?;
        let bytes = data.to_vec();
        file.write(Write::Bytes { at: offset, bytes });
        Ok(data.len())
    }

    fn read(&self, handle: &mut Handle, offset: usize, data: &mut [u8]) -> VfsResult<usize> {
        let inside = self.powered()?;
        let seen = &inside.files.get(&handle.name).ok_or(SQLITE_IOERR)?.seen;
        let from = seen.get(offset..).unwrap_or_default();
        let count = from.len().min(data.len());
        data[..count].copy_from_slice(&from[..count]);
        Ok(count)
    }

    fn lock(&self, _handle: &mut Handle, _level: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn unlock(&self, _handle: &mut Handle, _level: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn check_reserved_lock(&self, _handle: &mut Handle) -> VfsResult<bool> {
        Ok(false)
    }

    fn sync(&self, handle: &mut Handle) -> VfsResult<()> {
        let mut inside = self.step()?;
        if !inside.lies {
            inside.files.get_mut(&handle.name).ok_or(SQLITE_IOERR)?.sync();
        }
        Ok(())
    }

    fn close(&self, handle: Handle) -> VfsResult<()> {
        if handle.temporary {
            self.inside().files.remove(&handle.name);
        }
        Ok(())
    }

    fn sector_size(&self, _handle: &mut Handle) -> VfsResult<i32> {
        i32::try_from(SECTOR).map_err(|_| SQLITE_IOERR)
    }

    /// It promises nothing: no write is whole, and none waits for another.
    fn device_characteristics(&self, _handle: &mut Handle) -> VfsResult<i32> {
        Ok(0)
    }
}

impl Files for CrashDisk {
    fn vfs(&self) -> &str {
        &self.name
    }

    fn list(&self) -> Vec<String> {
        self.inside().files.keys().cloned().collect()
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), StoreError> {
        let inside = &mut *self.inside();
        if let Some(file) = inside.files.get(from) {
            let mut copy = File {
                seen: file.seen.clone(),
                ..File::default()
            };
            copy.sync();
            inside.files.insert(to.to_owned(), copy);
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.inside().files.remove(name);
        Ok(())
    }
}

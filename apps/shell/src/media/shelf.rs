//! Copies of pictures in a folder, within a given room: those not looked at for longest leave first.
//!
//! It may lose any of them at any time, and must never hold more than it was given.

use std::fs::{self, File, FileTimes};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};

/// A folder of copies. A file's time of change says since when it is here, its time of access when it was last shown.
pub struct Shelf {
    folder: PathBuf,
    room: u64,
    /// One at a time changes what is here.
    changing: Mutex<()>,
}

/// A copy.
#[derive(Debug, PartialEq, Eq)]
pub struct Copy {
    pub bytes: Vec<u8>,
    /// Since when it is here.
    pub since: SystemTime,
}

impl Shelf {
    /// Over `folder`, which is made when the first copy comes.
    pub fn in_folder(folder: PathBuf, room: u64) -> Self {
        Self {
            folder,
            room,
            changing: Mutex::new(()),
        }
    }

    /// The copy of that name, if there is one; notes that it was looked at.
    pub fn take(&self, name: &str, now: SystemTime) -> Option<Copy> {
        let path = self.file(name);
        let bytes = fs::read(&path).ok()?;
        let since = fs::metadata(&path).and_then(|about| about.modified()).ok()?;
        // A copy whose time cannot be noted leaves earlier, that is all.
        let _ = File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_times(FileTimes::new().set_accessed(now).set_modified(since)));
        Some(Copy { bytes, since })
    }

    /// Keeps a copy, if there is room for it at all. What cannot be written is not kept.
    pub fn put(&self, name: &str, bytes: &[u8], now: SystemTime) {
        if bytes.len() as u64 > self.room {
            return;
        }
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.file(name);
        let unfinished = path.with_extension("new");
        let write = || {
            fs::create_dir_all(&self.folder)?;
            let mut file = File::create(&unfinished)?;
            file.write_all(bytes)?;
            file.set_times(FileTimes::new().set_accessed(now).set_modified(now))?;
            drop(file);
            fs::rename(&unfinished, &path)
        };
        if write().is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        self.make_room();
    }

    fn make_room(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        let mut copies: Vec<(SystemTime, u64, PathBuf)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let about = entry.metadata().ok()?;
                Some((about.accessed().ok()?, about.len(), entry.path()))
            })
            .collect();
        copies.sort();
        let mut held: u64 = copies.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in copies {
            if held <= self.room {
                return;
            }
            if fs::remove_file(path).is_ok() {
                held -= size;
            }
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        let hash = Sha256::digest(name.as_bytes());
        let name = hash.iter().fold(String::with_capacity(64), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        });
        self.folder.join(name)
    }
}

//! A folder of sealed files: one text each, readable by its owner alone, written whole or not at all.
//!
//! It must never take for true what was not sealed with its key, for this app and under this name.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Result, Write as _};
use std::path::{Path, PathBuf};

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};

/// How a sealed file begins: what it is, and of which kind.
const MAGIC: &[u8] = b"momfood-sealed-1";
const NONCE: usize = 12;
const SEALED: &str = ".sealed";
const KEY: &str = "key";

/// What seals: 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// A new one, if this machine gives chance.
    pub fn fresh() -> Option<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(bytes.try_into().ok()?))
    }

    pub const fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The folder.
pub struct Drawer {
    folder: PathBuf,
    cipher: Aes256Gcm,
    app: String,
}

impl Drawer {
    pub fn new(folder: PathBuf, key: &Key, app: &str) -> Self {
        Self {
            folder,
            cipher: Aes256Gcm::new(&key.0.into()),
            app: app.to_owned(),
        }
    }

    /// The one whose key lies in it.
    pub fn with_key_beside(folder: &Path, app: &str) -> Option<Self> {
        let path = folder.join(KEY);
        let key = Key::from_bytes(&std::fs::read(&path).ok()?)?;
        // Others may have read it; from now on they do not.
        let _ = owner_only(folder, 0o700);
        let _ = owner_only(&path, 0o600);
        Some(Self::new(folder.to_owned(), &key, app))
    }

    /// As [`Drawer::with_key_beside`], with a key made now.
    pub fn with_fresh_key(folder: &Path, app: &str) -> Option<Self> {
        let key = Key::fresh()?;
        write(folder, KEY, key.bytes(), true).ok()?;
        Some(Self::new(folder.to_owned(), &key, app))
    }

    /// Makes everything in it unreadable.
    pub fn forget_key(&self) -> Result<()> {
        std::fs::remove_file(self.folder.join(KEY))?;
        sync_folder(&self.folder)
    }

    /// Every text that is whole. What is not is passed over: it is as good as forgotten.
    pub fn read_all(&self) -> BTreeMap<String, String> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let texts = names.filter_map(|name| {
            let name = name.strip_suffix(SEALED)?;
            Some((name.to_owned(), self.get(name)?))
        });
        texts.collect()
    }

    fn get(&self, name: &str) -> Option<String> {
        let path = self.path(name)?;
        let sealed = std::fs::read(&path).ok()?;
        let _ = owner_only(&path, 0o600);
        let (nonce, msg) = sealed.strip_prefix(MAGIC)?.split_at_checked(NONCE)?;
        let aad = &self.bound(name);
        let plain = self
            .cipher
            .decrypt(Nonce::from_slice(nonce), Payload { msg, aad })
            .ok()?;
        String::from_utf8(plain).ok()
    }

    /// Puts a text in place of the one there is. `firmly`: once this has answered, it survives the loss of power.
    pub fn put(&self, name: &str, text: &str, firmly: bool) -> Result<()> {
        let path = self.path(name).ok_or(ErrorKind::InvalidInput)?;
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| Error::other(error.to_string()))?;
        let aad = &self.bound(name);
        let msg = text.as_bytes();
        let sealed = self
            .cipher
            .encrypt(Nonce::from_slice(&nonce), Payload { msg, aad })
            .map_err(|_| ErrorKind::InvalidData)?;
        let file = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        write(&self.folder, file, &[MAGIC, &nonce, &sealed].concat(), firmly)
    }

    /// Takes a text away.
    pub fn remove(&self, name: &str) -> Result<()> {
        let path = self.path(name).ok_or(ErrorKind::InvalidInput)?;
        match std::fs::remove_file(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Ok(()) => sync_folder(&self.folder),
            failed => failed,
        }
    }

    /// What a text's seal says beside the text: whose it is and what it is called.
    fn bound(&self, name: &str) -> Vec<u8> {
        [self.app.as_str(), "/", name].concat().into_bytes()
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        let fit = !name.is_empty() && name.chars().all(plain);
        fit.then(|| self.folder.join([name, SEALED].concat()))
    }
}

/// Writes beside, then puts it in place: whoever reads finds the old or the new, never a part.
fn write(folder: &Path, name: &str, bytes: &[u8], firmly: bool) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    owner_only(folder, 0o700)?;
    let new = folder.join([name, ".new"].concat());
    // One left over by a program that was killed may have other permissions.
    let _ = std::fs::remove_file(&new);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    if firmly {
        file.sync_all()?;
    }
    drop(file);
    std::fs::rename(&new, folder.join(name))?;
    if firmly { sync_folder(folder) } else { Ok(()) }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Windows opens no folder as a file, and writes a rename down with the file.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    let there = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if there == mode {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

/// Elsewhere a person's own folder is theirs already.
#[cfg(not(unix))]
fn owner_only(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}

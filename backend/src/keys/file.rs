//! Files of secrets: made once, replaced as a whole, readable by their owner alone. And the file of signing keys: one
//! PKCS#8 PEM block after another, each after a line that says from when it signs (`From:` and Unix seconds). A single block
//! without such a line is a file too. It is changed by hand, by one command at a
//! time.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use momfood_domain::time::{SECOND, Timestamp};
use zeroize::Zeroizing;

use super::Key;
use crate::clock::Clock;

/// The DER of a PKCS#8 Ed25519 private key (RFC 8410) up to the 32 bytes of the key itself.
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
];
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
const FROM: &str = "From:";

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] std::io::Error),
    /// The file holds something else.
    #[error("{0}: not Ed25519 private keys in PKCS#8 PEM")]
    NotAKey(PathBuf),
    /// There is no such key.
    #[error("{0}: no key has this name")]
    Unknown(String),
    /// It is still needed.
    #[error("{0}: this key signs; rotate first")]
    Current(String),
}

/// Writes `text` to a file that was not there; one that is there stays as it is. Of several who do it at once one does it,
/// and whoever reads meanwhile sees nothing or all of it.
pub(crate) fn create(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = beside(path, text)?;
    let made = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => kept(path),
    }
}

/// Replaces a file by `text`: whoever reads meanwhile sees the old one or the new one whole.
pub(crate) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::rename(beside(path, text)?, path)?;
    kept(path)
}

/// Writes `text` to a file of this process beside `path`.
fn beside(path: &Path, text: &str) -> std::io::Result<PathBuf> {
    let beside = path.with_extension(format!("{}.new", std::process::id()));
    // Of a process of the same number that was cut off.
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = owners_alone(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(beside)
}

/// Has the folder remember the name.
fn kept(path: &Path) -> std::io::Result<()> {
    match path.parent().map(std::fs::File::open) {
        Some(Ok(folder)) => folder.sync_all(),
        _ => Ok(()),
    }
}

/// Keeps other commands from changing keys as long as the value lives: two at once could lose each other's.
pub(super) fn lock(folder: &Path) -> anyhow::Result<std::fs::File> {
    let path = folder.join("keys.lock");
    let file = std::fs::File::create(&path).with_context(|| path.display().to_string())?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => anyhow::bail!("another `momfood keys` is at work"),
        Err(std::fs::TryLockError::Error(error)) => Err(error).with_context(|| path.display().to_string()),
    }
}

fn owners_alone(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The keys at `path`, oldest first; makes one there first if there is no file.
pub(super) fn load_or_create(path: &Path, clock: &Clock) -> Result<Arc<[Arc<Key>]>, KeyError> {
    let failed = |error| KeyError::File(path.to_owned(), error);
    if !path.try_exists().map_err(failed)? {
        create(path, &to_pem(&Zeroizing::new(clock.bytes()))).map_err(failed)?;
    }
    load(path)
}

/// The keys at `path`, oldest first. Changes nothing.
pub fn load(path: &Path) -> Result<Arc<[Arc<Key>]>, KeyError> {
    let failed = |error| KeyError::File(path.to_owned(), error);
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(failed)?);
    let keys = read(&text).ok_or_else(|| KeyError::NotAKey(path.to_owned()))?;
    Ok(keys.into_iter().map(Arc::new).collect())
}

/// Adds a key that signs after so many seconds; its name.
pub fn rotate(path: &Path, clock: &Clock, after: u32) -> Result<String, KeyError> {
    let mut keys: Vec<Arc<Key>> = load_or_create(path, clock)?.to_vec();
    let from = Timestamp((clock.now().0 / SECOND + i64::from(after)) * SECOND);
    let seed = Zeroizing::new(clock.bytes::<32>());
    let key = Key::from_seed(&seed, from).ok_or_else(|| KeyError::NotAKey(path.to_owned()))?;
    let id = key.id.clone();
    keys.push(Arc::new(key));
    replace(path, &write(&keys)).map_err(|error| KeyError::File(path.to_owned(), error))?;
    Ok(id)
}

/// Takes the key named `id` out: nothing it vouched for is believed any more. The newest one stays.
pub fn retire(path: &Path, id: &str) -> Result<(), KeyError> {
    let keys = load(path)?;
    if keys.last().is_some_and(|key| key.id == id) {
        return Err(KeyError::Current(id.to_owned()));
    }
    let left: Vec<Arc<Key>> = keys.iter().filter(|key| key.id != id).cloned().collect();
    if left.len() == keys.len() {
        return Err(KeyError::Unknown(id.to_owned()));
    }
    replace(path, &write(&left)).map_err(|error| KeyError::File(path.to_owned(), error))
}

pub(super) fn to_der(seed: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([&PKCS8[..], seed].concat())
}

fn to_pem(seed: &[u8; 32]) -> Zeroizing<String> {
    let body = Zeroizing::new(BASE64_STANDARD.encode(to_der(seed)));
    Zeroizing::new(format!("{BEGIN}\n{}\n{END}\n", *body))
}

fn write(keys: &[Arc<Key>]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(keys.len() * 160));
    for key in keys {
        let from = (key.from.0 / SECOND).to_string();
        for part in [FROM, " ", &from, "\n", &to_pem(&key.seed)] {
            text.push_str(part);
        }
    }
    text
}

/// Every key of a file; nothing when anything else is in it, or none.
fn read(text: &str) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    let (mut from, mut body) = (0, None::<Zeroizing<String>>);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (&mut body, line) {
            (None, BEGIN) => body = Some(Zeroizing::default()),
            (Some(der), END) => {
                keys.push(Key::from_seed(&*from_der(der)?, Timestamp(from))?);
                (from, body) = (0, None);
            }
            (Some(der), line) => der.push_str(line),
            (None, line) => {
                let seconds: i64 = line.strip_prefix(FROM)?.trim().parse().ok()?;
                from = seconds.checked_mul(SECOND)?;
            }
        }
    }
    keys.sort_by_key(|key| key.from);
    (body.is_none() && !keys.is_empty()).then_some(keys)
}

fn from_der(body: &str) -> Option<Zeroizing<[u8; 32]>> {
    let der = Zeroizing::new(BASE64_STANDARD.decode(body).ok()?);
    Some(Zeroizing::new(der.strip_prefix(&PKCS8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;
    use crate::testing::{Folder, NOON};

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_key_is_made_once_and_is_its_owners_alone() {
        let folder = Folder::new("keys");
        let path = folder.path().join("signing-key.pem");
        let clock = Clock::system();
        let first = Keys::load_or_create(&path, &clock).unwrap().current();
        let again = Keys::load_or_create(&path, &clock).unwrap().current();
        assert_eq!(first.id, again.id);
        #[cfg(unix)]
        assert_eq!(mode(&path), 0o600);
        rotate(&path, &clock, 0).unwrap();
        #[cfg(unix)]
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_file_that_is_not_a_key_is_refused_and_left_alone() {
        let folder = Folder::new("keys");
        let path = folder.path().join("signing-key.pem");
        for wrong in [
            "hello",
            "",
            "From: soon",
            BEGIN,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        ] {
            std::fs::write(&path, wrong).unwrap();
            let refused = Keys::load_or_create(&path, &Clock::system());
            assert!(matches!(refused, Err(KeyError::NotAKey(_))), "{wrong}");
            assert!(rotate(&path, &Clock::system(), 0).is_err());
            assert_eq!(std::fs::read_to_string(&path).unwrap(), wrong);
        }
    }

    #[test]
    fn a_file_with_one_block_as_openssl_writes_it_is_a_ring_of_one() {
        let folder = Folder::new("keys");
        let path = folder.path().join("signing-key.pem");
        std::fs::write(&path, &*to_pem(&[7; 32])).unwrap();
        let keys = load(&path).unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].id, Key::from_seed(&[7; 32], Timestamp(0)).unwrap().id);
    }

    #[test]
    fn the_key_that_signs_and_one_nobody_knows_are_not_retired() {
        let folder = Folder::new("keys");
        let path = folder.path().join("signing-key.pem");
        let clock = Clock::manual(NOON, 4);
        let first = load_or_create(&path, &clock).unwrap()[0].id.clone();
        assert!(matches!(retire(&path, &first), Err(KeyError::Current(_))));
        let second = rotate(&path, &clock, 0).unwrap();
        assert!(matches!(retire(&path, "nobody"), Err(KeyError::Unknown(_))));
        retire(&path, &first).unwrap();
        let left = load(&path).unwrap();
        assert_eq!(
            left.iter().map(|key| key.id.clone()).collect::<Vec<_>>(),
            [second]
        );
    }
}

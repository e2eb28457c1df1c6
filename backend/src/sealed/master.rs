//! Master keys: what wraps the keys of persons. One is current, older ones still unwrap. Where they come from is a
//! [`MasterKeys`]: they are read at the start and when that place has changed, never inside a transaction.

use std::fmt;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use futures::future::BoxFuture;
use momfood_domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::envelope::{Cipher, KEY};

/// A master key.
pub struct MasterKey {
    id: String,
    from: Timestamp,
    secret: Zeroizing<[u8; KEY]>,
    cipher: Cipher,
}

impl MasterKey {
    /// Of its bytes; used for wrapping from `from` on.
    pub fn new(secret: [u8; KEY], from: Timestamp) -> Self {
        let digest = Sha256::new()
            .chain_update(b"momfood master key\0")
            .chain_update(secret)
            .finalize();
        Self {
            id: BASE64_URL_SAFE_NO_PAD.encode(&digest[..9]),
            from,
            cipher: Cipher::new(&secret),
            secret: Zeroizing::new(secret),
        }
    }

    /// Reads one: 32 bytes in Base64, of either alphabet.
    pub fn parse(text: &str, from: Timestamp) -> Option<Self> {
        let text = text.trim().trim_end_matches('=');
        let standard = text.replace('-', "+").replace('_', "/");
        let bytes = Zeroizing::new(BASE64_STANDARD_NO_PAD.decode(standard).ok()?);
        Some(Self::new(bytes.as_slice().try_into().ok()?, from))
    }

    /// Its name, which follows from it and tells nothing of it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it begins, or began, to wrap.
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// As text: the secret itself.
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(self.secret.as_slice()))
    }

    /// Its bytes: the secret itself.
    pub fn bytes(&self) -> &[u8; KEY] {
        &self.secret
    }

    pub(super) const fn cipher(&self) -> &Cipher {
        &self.cipher
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

/// The master keys at hand.
#[derive(Debug, Default)]
pub struct MasterRing(Vec<MasterKey>);

impl MasterRing {
    /// Of keys in any order.
    pub fn of(mut keys: Vec<MasterKey>) -> Self {
        keys.sort_by_key(|key| key.from);
        Self(keys)
    }

    /// The key of that name.
    pub fn get(&self, id: &str) -> Option<&MasterKey> {
        self.0.iter().find(|key| key.id == id)
    }

    /// What wraps at `now`: the newest that has begun. Where none has, the oldest.
    pub fn current(&self, now: Timestamp) -> Option<&MasterKey> {
        let begun = self.0.iter().rev().find(|key| key.from <= now);
        begun.or_else(|| self.0.first())
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &MasterKey> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names, for messages.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(MasterKey::id).collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    }
}

/// Why there are no master keys.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    File(std::path::PathBuf, #[source] std::io::Error),
    /// A line of the file is no key.
    #[error("{file}, line {line}: not a master key")]
    Line {
        /// The file.
        file: std::path::PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// The setting holds something else.
    #[error("master_key: not 32 bytes in Base64 (several are separated by commas, the current one first)")]
    Setting,
    /// Others keep the keys: it is to be done there.
    #[error("{0}")]
    Elsewhere(String),
    /// The key management service did not do it.
    #[error("the key management service {0}")]
    Service(String),
}

/// A place where master keys are.
pub trait MasterKeys: Send + Sync {
    /// Where it is, in words for people; no secret.
    fn place(&self) -> String;

    /// Reads them all. None where there are none yet.
    fn load(&self) -> BoxFuture<'_, Result<MasterRing, MasterError>>;

    /// Adds the first, unless somebody else has just done so: theirs counts.
    fn begin<'a>(&'a self, key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>>;

    /// Adds one to those that are there.
    fn add<'a>(&'a self, key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>>;

    /// Forgets the one named `id`.
    fn remove<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), MasterError>>;

    /// What changes when the keys there do: compared, never read. `None` where they cannot change while the server runs.
    fn mark(&self) -> Option<Vec<u8>> {
        None
    }
}

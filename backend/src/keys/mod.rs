//! The server's own secrets: Ed25519 keys that sign access tokens, and what follows from them. One signs; older ones are
//! still believed, so that a rotation signs nobody out. Made on the first start, readable by their owner alone, never printed.

pub mod command;
pub mod file;
pub mod watch;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use hmac::{Hmac, Mac as _};
use jsonwebtoken::{DecodingKey, EncodingKey};
use momfood_domain::time::Timestamp;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::clock::Clock;
pub use file::KeyError;

/// One signing key and what follows from it.
pub struct Key {
    /// Signs.
    pub signing: EncodingKey,
    /// Checks.
    pub checking: DecodingKey,
    /// Names the key in a token's header: follows from the public half.
    pub id: String,
    /// When it begins, or began, to sign.
    pub from: Timestamp,
    /// Vouches for refresh tokens: follows from the private half.
    pub renewal: [u8; 32],
    /// Makes the links by which orders are shared: follows from the private half.
    pub sharing: [u8; 32],
    /// Vouches for whatever [`Keys::mac`] is asked: follows from the private half.
    vouching: [u8; 32],
    seed: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

impl Key {
    /// The key that follows from 32 secret bytes, signing from `from` on.
    pub fn from_seed(seed: &[u8; 32], from: Timestamp) -> Option<Self> {
        let public = SigningKey::from_bytes(seed).verifying_key();
        let of_purpose = |purpose: &[u8]| {
            Sha256::new()
                .chain_update(purpose)
                .chain_update(seed)
                .finalize()
                .into()
        };
        Some(Self {
            signing: EncodingKey::from_ed_der(&file::to_der(seed)),
            checking: DecodingKey::from_ed_components(&BASE64_URL_SAFE_NO_PAD.encode(public.as_bytes()))
                .ok()?,
            id: BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(public.as_bytes())[..9]),
            from,
            renewal: of_purpose(b"momfood refresh tokens\0"),
            sharing: of_purpose(b"momfood shared orders\0"),
            vouching: of_purpose(b"momfood keyed codes\0"),
            seed: Zeroizing::new(*seed),
        })
    }

    fn code(&self, purpose: &str, bytes: &[u8]) -> Hmac<Sha256> {
        let mut code = keyed(&self.vouching);
        code.update(purpose.as_bytes());
        code.update(&[0]);
        code.update(bytes);
        code
    }
}

/// An HMAC under one of a key's own codes.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub(crate) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("a key of any length")
}

/// All keys that are believed, and the one that signs.
pub struct Keys {
    /// Oldest first; never empty.
    ring: RwLock<Arc<[Arc<Key>]>>,
    clock: Option<Clock>,
}

impl Keys {
    /// Reads the keys at `path`; writes a new one there first if there is none.
    pub fn load_or_create(path: &Path, clock: &Clock) -> Result<Self, KeyError> {
        let ring = file::load_or_create(path, clock)?;
        Ok(Self {
            ring: RwLock::new(ring),
            clock: Some(clock.clone()),
        })
    }

    /// The one key that follows from 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        let key = Key::from_seed(seed, Timestamp(0))?;
        Some(Self {
            ring: RwLock::new([Arc::new(key)].into()),
            clock: None,
        })
    }

    /// The same, told the time by `clock`.
    #[must_use]
    pub fn on(self, clock: &Clock) -> Self {
        Self {
            clock: Some(clock.clone()),
            ..self
        }
    }

    /// Reads the file anew: from now on with the keys in it. On a fault everything stays as it was.
    pub fn reload(&self, path: &Path) -> Result<(), KeyError> {
        let ring = file::load(path)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(())
    }

    /// Every key that is believed, oldest first.
    pub fn believed(&self) -> Arc<[Arc<Key>]> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key that signs now: the newest that has begun.
    pub fn current(&self) -> Arc<Key> {
        let ring = self.believed();
        let now = self.clock.as_ref().map(Clock::now);
        let at = now.and_then(|now| ring.iter().rposition(|key| key.from <= now));
        Arc::clone(&ring[at.unwrap_or(0)])
    }

    /// The believed key of that name.
    pub fn named(&self, id: &str) -> Option<Arc<Key>> {
        self.believed().iter().find(|key| key.id == id).cloned()
    }

    /// A code over `bytes` that only this server can compute, another for each purpose: for what is not to be guessed or
    /// forged, such as the hash of a code of six digits. Checked with [`Keys::vouches`], also after a rotation.
    pub fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.current().code(purpose, bytes).finalize().into_bytes().into()
    }

    /// Whether `code` is what [`Keys::mac`] said, by the current or an older key. Takes the same time for every code.
    pub fn vouches(&self, purpose: &str, bytes: &[u8], code: &[u8]) -> bool {
        let ring = self.believed();
        ring.iter().fold(false, |said, key| {
            key.code(purpose, bytes).verify_slice(code).is_ok() | said
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jsonwebtoken::{Algorithm, Header, Validation, decode, encode};
    use momfood_domain::time::SECOND;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{Folder, NOON};

    fn keys(seed: u8) -> Arc<Key> {
        Keys::from_seed(&[seed; 32]).unwrap().current()
    }

    #[test]
    fn a_token_signed_by_this_key_is_believed_and_one_by_another_is_not() {
        let claims = json!({"sub": "someone", "exp": 4_000_000_000_u64});
        let token = encode(&Header::new(Algorithm::EdDSA), &claims, &keys(1).signing).unwrap();
        let rules = Validation::new(Algorithm::EdDSA);
        assert!(decode::<Value>(&token, &keys(1).checking, &rules).is_ok());
        assert!(decode::<Value>(&token, &keys(2).checking, &rules).is_err());
        assert_ne!(keys(1).id, keys(2).id);
    }

    #[test]
    fn a_new_key_signs_when_its_time_has_come_and_the_old_one_stays_believed() {
        let folder = Folder::new("ring");
        let path = folder.path().join("signing-key.pem");
        let clock = Clock::manual(NOON, 3);
        let keys = Keys::load_or_create(&path, &clock).unwrap();
        let old = keys.current();
        let code = keys.mac("a code", b"123456");
        let new = file::rotate(&path, &clock, 30).unwrap();
        keys.reload(&path).unwrap();
        assert_eq!(
            keys.current().id,
            old.id,
            "every server reads it before any signs with it"
        );
        clock.advance(Duration::from_secs(30));
        assert_eq!(keys.current().id, new);
        assert!(keys.named(&old.id).is_some());
        assert!(keys.vouches("a code", b"123456", &code));
        assert_ne!(keys.mac("a code", b"123456"), code);
        assert!(!keys.vouches("another", b"123456", &code) && !keys.vouches("a code", b"123457", &code));
        file::retire(&path, &old.id).unwrap();
        keys.reload(&path).unwrap();
        assert!(keys.named(&old.id).is_none() && !keys.vouches("a code", b"123456", &code));
        assert_eq!(keys.current().from, NOON.plus(30 * SECOND));
    }
}

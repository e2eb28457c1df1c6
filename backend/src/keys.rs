//! The server's own secret: the Ed25519 key that signs access tokens, and what follows from it. Made on the first start, readable by its
//! owner alone, never printed.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

use crate::clock::Clock;

/// The DER of a PKCS#8 Ed25519 private key (RFC 8410) up to the 32 bytes of the key itself.
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
];
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// Signs and checks tokens.
pub struct Keys {
    /// Signs.
    pub signing: EncodingKey,
    /// Checks.
    pub checking: DecodingKey,
    /// Names the key in a token's header: follows from the public half.
    pub id: String,
    /// Vouches for refresh tokens: follows from the private half.
    pub renewal: [u8; 32],
    /// Makes the links by which orders are shared: follows from the private half.
    pub sharing: [u8; 32],
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] std::io::Error),
    /// The file holds something else.
    #[error("{0}: not an Ed25519 private key in PKCS#8 PEM")]
    NotAKey(PathBuf),
}

impl Keys {
    /// Reads the key at `path`; writes a new one there first if there is none.
    pub fn load_or_create(path: &Path, clock: &Clock) -> Result<Self, KeyError> {
        let failed = |error| KeyError::File(path.to_owned(), error);
        match create_new(path) {
            Ok(mut file) => {
                let pem = to_pem(&clock.bytes());
                file.write_all(pem.as_bytes())
                    .and_then(|()| file.sync_all())
                    .map_err(failed)?;
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
        let pem = std::fs::read_to_string(path).map_err(failed)?;
        let seed = from_pem(&pem).ok_or_else(|| KeyError::NotAKey(path.to_owned()))?;
        Self::from_seed(&seed).ok_or_else(|| KeyError::NotAKey(path.to_owned()))
    }

    /// The keys that follow from 32 secret bytes.
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        let public = SigningKey::from_bytes(seed).verifying_key();
        let der = [&PKCS8[..], seed].concat();
        let of_purpose = |purpose: &[u8]| {
            Sha256::new()
                .chain_update(purpose)
                .chain_update(seed)
                .finalize()
                .into()
        };
        Some(Self {
            signing: EncodingKey::from_ed_der(&der),
            checking: DecodingKey::from_ed_components(&BASE64_URL_SAFE_NO_PAD.encode(public.as_bytes()))
                .ok()?,
            id: BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(public.as_bytes())[..9]),
            renewal: of_purpose(b"momfood refresh tokens\0"),
            sharing: of_purpose(b"momfood shared orders\0"),
        })
    }
}

fn create_new(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn to_pem(seed: &[u8; 32]) -> String {
    format!(
        "{BEGIN}\n{}\n{END}\n",
        BASE64_STANDARD.encode([&PKCS8[..], seed].concat())
    )
}

fn from_pem(pem: &str) -> Option<[u8; 32]> {
    let body = pem.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
    let body: String = body.split_whitespace().collect();
    let der = BASE64_STANDARD.decode(body).ok()?;
    der.strip_prefix(&PKCS8)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, Header, Validation, decode, encode};
    use serde_json::{Value, json};

    use super::*;

    fn keys(seed: u8) -> Keys {
        Keys::from_seed(&[seed; 32]).unwrap()
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
    fn the_key_is_made_once_and_is_its_owners_alone() {
        let folder = crate::testing::Folder::new("keys");
        let path = folder.path().join("signing-key.pem");
        let clock = Clock::system();
        let first = Keys::load_or_create(&path, &clock).unwrap();
        let again = Keys::load_or_create(&path, &clock).unwrap();
        assert_eq!(first.id, again.id);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_file_that_is_not_a_key_is_refused_and_left_alone() {
        let folder = crate::testing::Folder::new("keys");
        let path = folder.path().join("signing-key.pem");
        std::fs::write(&path, "hello").unwrap();
        assert!(matches!(
            Keys::load_or_create(&path, &Clock::system()),
            Err(KeyError::NotAKey(_))
        ));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "hello");
    }
}

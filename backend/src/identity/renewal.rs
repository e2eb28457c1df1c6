//! Refresh tokens: session, generation, and a code only this server can compute over both. Nothing of a token is
//! kept; the session's row knows its newest generation, and the token follows from it.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use momfood_domain::id::SessionId;
use sha2::Sha256;
use uuid::Uuid;

use crate::keys::{Key, Keys, keyed};

/// What a refresh token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The sign-in.
    pub session: SessionId,
    /// How many times it had been renewed.
    pub generation: i64,
}

const NAMED: usize = 16 + 8;
const CODE: usize = 32;

impl Renewal {
    /// The token.
    pub fn token(self, keys: &Keys) -> String {
        let named = self.named();
        let code = code(&keys.current(), &named).finalize().into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode([&named[..], &code[..]].concat())
    }

    /// Reads a token of ours.
    pub fn read(keys: &Keys, token: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != NAMED + CODE {
            return None;
        }
        let (named, sent) = bytes.split_at(NAMED);
        // By an older key too: a rotation signs nobody out, and the next token is the current key's.
        let vouches = |key: &Arc<Key>| code(key, named).verify_slice(sent).is_ok();
        keys.believed().iter().any(vouches).then_some(())?;
        let (session, generation) = named.split_at(16);
        Some(Self {
            session: SessionId(Uuid::from_slice(session).ok()?),
            generation: i64::from_be_bytes(generation.try_into().ok()?),
        })
    }

    fn named(self) -> [u8; NAMED] {
        let mut bytes = [0; NAMED];
        bytes[..16].copy_from_slice(self.session.0.as_bytes());
        bytes[16..].copy_from_slice(&self.generation.to_be_bytes());
        bytes
    }
}

fn code(key: &Key, named: &[u8]) -> Hmac<Sha256> {
    let mut code = keyed(&key.renewal);
    code.update(named);
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_believed_whole_and_by_its_own_server_only() {
        let ours = Keys::from_seed(&[1; 32]).unwrap();
        let theirs = Keys::from_seed(&[2; 32]).unwrap();
        let renewal = Renewal {
            session: SessionId(Uuid::from_u128(7)),
            generation: 3,
        };
        let token = renewal.token(&ours);
        assert_eq!(Renewal::read(&ours, &token), Some(renewal));
        assert_eq!(Renewal::read(&theirs, &token), None);
        let next = Renewal {
            generation: 4,
            ..renewal
        };
        assert_ne!(next.token(&ours), token);
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert_eq!(Renewal::read(&ours, &BASE64_URL_SAFE_NO_PAD.encode(&bytes)), None);
            bytes[at] ^= 1;
        }
        assert_eq!(Renewal::read(&ours, ""), None);
        assert_eq!(Renewal::read(&ours, "no token"), None);
    }
}

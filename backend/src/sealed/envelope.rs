//! AES-256-GCM around one value: what is said of a value beside it (its table, column and row) is authenticated with it, so
//! that it opens in its own place and nowhere else. Knows no database and no person.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _, Nonce};
use zeroize::Zeroizing;

/// Bytes of a key.
pub const KEY: usize = 32;
/// Bytes of a nonce: chance, new for each value. A key may seal 2³² values before two might share one.
pub const NONCE: usize = 12;
const TAG: usize = 16;

/// A key, ready to use. Wiped when dropped as far as the cipher's library does; never shown.
pub struct Cipher(Aes256Gcm);

impl Cipher {
    /// Of the bytes of a key.
    pub fn new(key: &[u8; KEY]) -> Self {
        Self(Aes256Gcm::new(key.into()))
    }

    /// `nonce ‖ ciphertext ‖ tag`.
    pub fn seal(&self, nonce: [u8; NONCE], said: &[u8], plain: &[u8]) -> Result<Vec<u8>, TooLong> {
        let payload = Payload {
            msg: plain,
            aad: said,
        };
        let sealed = self
            .0
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| TooLong)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// What was sealed; nothing when it was sealed by another key, for another place, or changed since.
    pub fn open(&self, said: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if sealed.len() < NONCE + TAG {
            return None;
        }
        let (nonce, sealed) = sealed.split_at(NONCE);
        let payload = Payload {
            msg: sealed,
            aad: said,
        };
        let plain = self.0.decrypt(Nonce::from_slice(nonce), payload).ok()?;
        Some(Zeroizing::new(plain))
    }
}

/// More than 64 GiB in one value.
#[derive(Debug)]
pub struct TooLong;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_opens_with_its_key_in_its_place_and_unchanged_only() {
        let (ours, theirs) = (Cipher::new(&[1; KEY]), Cipher::new(&[2; KEY]));
        let sealed = ours.seal([7; NONCE], b"here", b"0512345678").unwrap();
        assert_eq!(ours.open(b"here", &sealed).unwrap().as_slice(), b"0512345678");
        assert!(theirs.open(b"here", &sealed).is_none());
        assert!(ours.open(b"there", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(ours.open(b"here", &changed).is_none(), "byte {at}");
            assert!(ours.open(b"here", &sealed[..at]).is_none(), "cut at {at}");
        }
    }

    /// Test case 16 of the specification of GCM, which NIST published with SP 800-38D.
    #[test]
    fn it_is_the_gcm_that_others_know() {
        let hex = |text: &str| -> Vec<u8> {
            let digit = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
            (0..text.len()).step_by(2).map(digit).collect()
        };
        let half = hex("feffe9928665731c6d6a8f9467308308");
        let key: [u8; KEY] = [&half[..], &half[..]].concat().try_into().unwrap();
        let nonce: [u8; NONCE] = hex("cafebabefacedbaddecaf888").try_into().unwrap();
        let plain = hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        );
        let said = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let sealed = Cipher::new(&key).seal(nonce, &said, &plain).unwrap();
        assert_eq!(
            sealed[NONCE..sealed.len() - TAG],
            hex(
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            )
        );
        assert_eq!(
            sealed[sealed.len() - TAG..],
            hex("76fc6ece0f4e1768cddf8853bb2d551b")
        );
    }
}

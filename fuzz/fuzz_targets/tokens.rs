//! Nothing that was not signed here is believed, whatever it looks like.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use momfood_backend::identity::{Bearer, Renewal};
use momfood_backend::keys::Keys;
use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::time::{SECOND, Timestamp};
use uuid::Uuid;

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::from_seed(&[9; 32]).expect("any 32 bytes are a key"));
const NOW: Timestamp = Timestamp(1_800_000_000 * SECOND);

static TOKEN: LazyLock<String> = LazyLock::new(|| {
    let (user, session) = (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
    Bearer::sign(&KEYS, user, Role::Customer, None, session, false, NOW)
        .expect("a token")
        .text
});

fuzz_target!(|input: (String, u16, u8)| {
    let (text, at, byte) = input;
    assert!(Bearer::read(&KEYS, &text, NOW).is_err());
    assert!(Renewal::read(&KEYS, &text).is_none());
    // A token of ours with one byte changed.
    let mut forged = TOKEN.clone().into_bytes();
    let at = usize::from(at) % forged.len();
    let was = std::mem::replace(&mut forged[at], byte);
    if let (true, Ok(forged)) = (was != byte, String::from_utf8(forged)) {
        assert!(Bearer::read(&KEYS, &forged, NOW).is_err(), "{forged}");
    }
});

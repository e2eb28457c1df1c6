//! Every shape that crosses a wire, from any bytes: the two readers never panic and never disagree on what they read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use momfood_protocol::engine::AnyCall;
use momfood_protocol::error::Failed;
use momfood_protocol::feed::{Change, Snapshot, StreamEvent};
use momfood_protocol::reading;
use momfood_protocol::sync::{SyncAnswer, SyncRequest};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    macro_rules! both {
        ($($shape:ty),+) => {$(
            let strict = serde_json::from_value::<$shape>(value.clone());
            let small = reading::read::<$shape>(value.clone());
            if let (Ok(strict), Ok(small)) = (&strict, &small) {
                assert_eq!(strict, small);
            }
            if let Ok(read) = strict {
                let again = serde_json::to_value(&read).expect("what was read can be written");
                assert_eq!(serde_json::from_value::<$shape>(again).ok().as_ref(), Some(&read));
            }
        )+};
    }
    both!(AnyCall, SyncRequest, SyncAnswer, Change, Snapshot, StreamEvent, Failed);
    let _ = reading::event(value.clone());
    let _ = reading::reply(value);
});

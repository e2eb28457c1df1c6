//! What people upload: called a picture or a document, or refused, without a panic and without being unpacked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use momfood_backend::content::{self, samples};

/// Something that is right, to be spoiled.
fn right(which: u8) -> Vec<u8> {
    match which % 4 {
        0 => samples::jpeg(64, 48, b"taken at home"),
        1 => samples::png(64, 48, b"taken at home"),
        2 => samples::webp(64, 48, b"taken at home"),
        _ => samples::pdf("/Type /Page"),
    }
}

fuzz_target!(|input: (u8, Vec<(u16, u8)>, Vec<u8>)| {
    let (which, spoiled, bytes) = input;
    let mut close = right(which);
    for (at, byte) in spoiled {
        let at = usize::from(at) % close.len();
        close[at] = byte;
    }
    for bytes in [close, bytes] {
        let picture = content::picture(&bytes);
        if let Ok(document) = content::document(&bytes) {
            // What is kept is looked at again when it is handed out.
            let again = content::document(&document.bytes).map(|again| again.kind);
            assert_eq!(again.ok(), Some(document.kind));
        }
        assert_eq!(picture, content::picture(&bytes), "the same bytes are the same picture");
    }
});

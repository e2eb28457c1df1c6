//! A stream of server-sent events is the same however the network cut it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use momfood_client::sse::SseParser;

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (bytes, cuts) = input;
    let whole = SseParser::default().feed(&bytes);
    let mut parser = SseParser::default();
    let mut pieces = Vec::new();
    let mut rest = &bytes[..];
    for cut in cuts {
        let (piece, after) = rest.split_at(usize::from(cut).min(rest.len()));
        pieces.extend(parser.feed(piece));
        rest = after;
    }
    pieces.extend(parser.feed(rest));
    assert_eq!(whole, pieces);
});

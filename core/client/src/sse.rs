//! Reads a stream of server-sent events, however it was cut into pieces.
//!
//! Follows the HTML standard's grammar for `data`, `event`, `id` and comments, but that an `id` is that of its own event
//! alone; `retry` is the feed's own affair (back-off) and is skipped. An event longer than [`MAX_EVENT`] is dropped whole.

/// Longest event kept, in bytes.
pub const MAX_EVENT: usize = 1 << 20;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// The `event:` field; empty when there was none.
    pub event: String,
    /// The `data:` lines, joined by line ends.
    pub data: String,
    /// The `id:` field; empty when there was none.
    pub id: String,
}

/// What was read so far of the event at hand.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing about the bytes read so far"
)]
pub struct SseParser {
    line: Vec<u8>,
    event: Vec<u8>,
    data: Vec<u8>,
    id: Vec<u8>,
    has_data: bool,
    after_cr: bool,
    begun: bool,
    too_long: bool,
}

impl SseParser {
    /// Takes the next bytes and gives the events they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<SseEvent> {
        let mut events = Vec::new();
        for &byte in bytes {
            // A line ends with LF, CR or CRLF.
            let lf_of_crlf = std::mem::take(&mut self.after_cr) && byte == b'\n';
            if lf_of_crlf {
                continue;
            }
            match byte {
                b'\n' | b'\r' => {
                    self.after_cr = byte == b'\r';
                    self.end_line(&mut events);
                }
                _ if self.line.len() + self.data.len() >= MAX_EVENT => self.too_long = true,
                _ => self.line.push(byte),
            }
        }
        events
    }

    fn end_line(&mut self, events: &mut Vec<SseEvent>) {
        let mut line = std::mem::take(&mut self.line);
        if !std::mem::replace(&mut self.begun, true) && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        if line.is_empty() {
            self.end_event(events);
        } else {
            let (name, value) = match line.iter().position(|b| *b == b':') {
                Some(colon) => (&line[..colon], &line[colon + 1..]),
                None => (&line[..], &[][..]),
            };
            let value = value.strip_prefix(b" ").unwrap_or(value);
            match name {
                b"event" => self.event = value.to_vec(),
                b"id" => self.id = value.to_vec(),
                b"data" => {
                    if self.has_data {
                        self.data.push(b'\n');
                    }
                    self.has_data = true;
                    self.data.extend_from_slice(value);
                }
                _ => {}
            }
        }
        // Its room serves the next line.
        line.clear();
        self.line = line;
    }

    fn end_event(&mut self, events: &mut Vec<SseEvent>) {
        let event = std::mem::take(&mut self.event);
        let data = std::mem::take(&mut self.data);
        let id = std::mem::take(&mut self.id);
        let has_data = std::mem::take(&mut self.has_data);
        let too_long = std::mem::take(&mut self.too_long);
        if has_data && !too_long {
            events.push(SseEvent {
                event: String::from_utf8_lossy(&event).into_owned(),
                data: String::from_utf8_lossy(&data).into_owned(),
                id: String::from_utf8_lossy(&id).into_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pieces: &[&[u8]]) -> Vec<SseEvent> {
        let mut parser = SseParser::default();
        pieces.iter().flat_map(|piece| parser.feed(piece)).collect()
    }

    fn event(event: &str, data: &str) -> SseEvent {
        SseEvent {
            event: event.into(),
            data: data.into(),
            id: String::new(),
        }
    }

    #[test]
    fn every_line_end_ends_a_line_and_comments_say_nothing() {
        let stream =
            b"\xEF\xBB\xBF: hello\n\nevent: delta\r\ndata: {\"a\":1}\r\n\r\ndata:x\rdata: y\r\rdata\n\n";
        assert_eq!(
            read(&[stream]),
            [event("delta", "{\"a\":1}"), event("", "x\ny"), event("", "")]
        );
    }

    #[test]
    fn an_id_is_that_of_its_own_event() {
        let events = read(&[b"id: 7\ndata: a\n\ndata: b\n\n"]);
        assert_eq!((events[0].id.as_str(), events[1].id.as_str()), ("7", ""));
    }

    #[test]
    fn an_event_that_never_ended_is_not_told() {
        assert_eq!(read(&[b"data: half"]), []);
        assert_eq!(read(&[b"data: half\n"]), []);
    }

    #[test]
    fn an_endless_event_takes_no_endless_memory_and_the_next_one_is_read() {
        let mut parser = SseParser::default();
        for _ in 0..40 {
            assert_eq!(parser.feed(&vec![b'x'; MAX_EVENT / 16]), []);
        }
        assert!(parser.line.len() <= MAX_EVENT);
        assert_eq!(parser.feed(b"\n\ndata: next\n\n"), [event("", "next")]);
    }

    proptest! {
        #[test]
        fn where_the_stream_is_cut_makes_no_difference(
            events in prop::collection::vec(("[a-z]{0,6}", "[^\r\n]{1,40}(\n[^\r\n]{0,20}){0,2}"), 0..6),
            crlf in any::<bool>(),
            cuts in prop::collection::vec(0_usize..400, 0..12),
        ) {
            let end = if crlf { "\r\n" } else { "\n" };
            let mut text = String::new();
            for (name, data) in &events {
                text.extend([": beat", end, "event: ", name, end]);
                for line in data.split('\n') {
                    text.extend(["data: ", line, end]);
                }
                text += end;
            }
            let bytes = text.as_bytes();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            let expected: Vec<_> = events.iter().map(|(name, data)| event(name, data)).collect();
            prop_assert_eq!(read(&pieces), expected);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&[&bytes]);
        }
    }
}

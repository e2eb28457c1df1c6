//! PDF (ISO 32000), as far as the names in it tell that it runs something, is locked, or carries other files.
//!
//! This is no reader of PDF and no proof: names are looked for in the file and in its compressed object streams, which
//! are unpacked up to a bound and no further. What is kept is therefore still only ever saved by whoever looks at it,
//! never opened under our own address ([`super::serve`]).

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::Unfit;

/// Bytes that all object streams of a file may unpack to.
const MOST_UNPACKED: u64 = 16 * 1024 * 1024;
/// Where the last line is looked for, from the end.
const TAIL: usize = 1024;

/// Names of what a document has no use for.
const ACTIVE: [&[u8]; 8] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"GoToE",
    b"ImportData",
    b"XFA",
];

/// Where the file ends: the whole of it.
pub(super) fn read(bytes: &[u8]) -> Result<usize, Unfit> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let last = find(tail, b"%%EOF").map(|_| ());
    let whole = last.is_some() && find(bytes, b"startxref").is_some();
    if !whole {
        return Err(Unfit::Damaged);
    }
    judge(bytes)?;
    let (mut at, mut left) = (0, MOST_UNPACKED);
    while let Some(found) = find(&bytes[at..], b"ObjStm") {
        at += found + b"ObjStm".len();
        let Some(begins) = find(&bytes[at..], b"stream") else {
            break;
        };
        let packed = &bytes[at + begins + b"stream".len()..];
        let packed = packed.trim_ascii_start();
        let mut text = Vec::new();
        // What cannot be unpacked shows nothing to a reader either. One byte more than is left tells that it is more.
        let _ = ZlibDecoder::new(packed).take(left + 1).read_to_end(&mut text);
        let unpacked = u64::try_from(text.len()).unwrap_or(u64::MAX);
        left = left.checked_sub(unpacked).ok_or(Unfit::TooLarge)?;
        judge(&text)?;
    }
    Ok(bytes.len())
}

/// Whether the names in `bytes` are those of a harmless document.
fn judge(bytes: &[u8]) -> Result<(), Unfit> {
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        let name = name(&bytes[at + 1..]);
        if name == b"Encrypt" {
            return Err(Unfit::Encrypted);
        }
        if ACTIVE.contains(&name.as_slice()) {
            return Err(Unfit::Active);
        }
    }
    Ok(())
}

/// The name that begins here, `#4a` read as the byte it stands for. Longer ones than any that is looked for are cut.
fn name(bytes: &[u8]) -> Vec<u8> {
    let (mut name, mut rest) = (Vec::new(), bytes);
    while name.len() < 16 {
        match rest {
            [b'#', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
                name.push(digit(*high).unwrap_or(0) * 16 + digit(*low).unwrap_or(0));
                rest = after;
            }
            [byte, after @ ..] if byte.is_ascii_alphanumeric() => {
                name.push(*byte);
                rest = after;
            }
            _ => break,
        }
    }
    name
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::super::samples::pdf;
    use super::super::{Kind, Unfit, document};

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    /// A document with an object stream of that text.
    fn with_stream(text: &[u8]) -> Vec<u8> {
        let whole = String::from_utf8(pdf("/Type /Catalog")).unwrap();
        let (before, after) = whole.split_once("xref").unwrap();
        let stream = [
            b"9 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n",
            &packed(text)[..],
            b"\nendstream endobj\n",
        ];
        [before.as_bytes(), &stream.concat(), b"xref", after.as_bytes()].concat()
    }

    #[test]
    fn a_plain_document_is_taken_and_one_that_acts_is_not() {
        let plain = pdf("/Type /Catalog /OpenAction [3 0 R /Fit] /Title (about /JS and Launch)");
        assert_eq!(document(&plain).unwrap().kind, Kind::Pdf);
        for (inside, why) in [
            (
                "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
                Unfit::Active,
            ),
            ("/S /Java#53cript", Unfit::Active),
            ("/#4a#61vaScript(x)", Unfit::Active),
            ("/AA<</O<</S/Launch/F(cmd.exe)>>>>", Unfit::Active),
            ("/Names << /EmbeddedFiles 4 0 R >>", Unfit::Active),
            ("/AcroForm << /XFA 5 0 R >>", Unfit::Active),
            ("/Encrypt 7 0 R", Unfit::Encrypted),
        ] {
            assert_eq!(document(&pdf(inside)), Err(why), "{inside}");
        }
        for cut in [0, 10, plain.len() - 8] {
            assert!(document(&plain[..cut]).is_err());
        }
        let hidden = [b"GIF89a ", &plain[..]].concat();
        assert_eq!(
            document(&hidden),
            Err(Unfit::Unknown),
            "a PDF begins at its beginning"
        );
    }

    #[test]
    fn what_is_packed_is_looked_at_too_and_a_bomb_is_not_unpacked() {
        assert!(document(&with_stream(b"1 0 << /Type /Page >>")).is_ok());
        assert_eq!(
            document(&with_stream(b"1 0 << /S /JavaScript /JS (x) >>")),
            Err(Unfit::Active)
        );
        let bomb = with_stream(&vec![b' '; 64 * 1024 * 1024]);
        assert!(bomb.len() < 128 * 1024);
        assert_eq!(document(&bomb), Err(Unfit::TooLarge));
    }
}

//! Bytes as a page can hold them: `data:` addresses, of the kind the bytes themselves show. What a server says they are is
//! never believed.

/// The kind of what a page may show or a person may hand in.
pub(crate) fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [b'P', b'K', 3, 4, ..] => "application/zip",
        _ => return None,
    })
}

/// The bytes of a picture as a `data:` address; nothing when they are none. The server takes no picture over 4 MiB.
#[cfg(feature = "customer")]
pub(crate) fn picture_of(bytes: &[u8]) -> Option<String> {
    let is_picture = kind_of(bytes).is_some_and(|kind| kind.starts_with("image/"));
    is_picture.then(|| address_of(bytes))
}

/// Any bytes as a `data:` address.
pub(crate) fn address_of(bytes: &[u8]) -> String {
    let kind = kind_of(bytes).unwrap_or("application/octet-stream");
    ["data:", kind, ";base64,", &base64(bytes)].concat()
}

/// Base64: twenty lines rather than a library in every page.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for digit in 0..4 {
            text.push(if digit <= three.len() {
                char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_in_base64() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foobar", "Zm9vYmFy"),
            (&[0xff, 0xfe, 0xfd], "//79"),
        ] {
            assert_eq!(base64(bytes), text);
        }
    }

    #[test]
    fn only_a_picture_becomes_a_pictures_address() {
        assert_eq!(picture_of(b"<svg onload='alert(1)'/>"), None);
        assert_eq!(picture_of(b"%PDF-1.7"), None);
        assert_eq!(
            picture_of(&[0xff, 0xd8, 0xff, 0xe0]).unwrap(),
            "data:image/jpeg;base64,/9j/4A=="
        );
        assert_eq!(
            address_of(b"<svg/>"),
            "data:application/octet-stream;base64,PHN2Zy8+"
        );
    }
}

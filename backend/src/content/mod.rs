//! What people upload, looked at before it is kept: is it what it claims to be, whole, of a size that a screen can bear,
//! and without anything that acts by itself. Nothing here decodes a picture or draws a page; a file's own words about
//! itself are read and bounded, and what does not add up is refused.
//!
//! Where to start: [`picture`] for what apps draw themselves, [`document`] for what comes from a camera or a scanner,
//! [`serve`] for how either goes out again.

mod jpeg;
mod pdf;
mod png;
mod webp;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};

use crate::error::{ApiError, ErrorCode};

/// Most pixels of a picture that an app made: it makes them 1280 wide at most.
const MOST_OF_A_PICTURE: u64 = 16_000_000;
/// Most pixels of a document: a camera's own.
const MOST_OF_A_DOCUMENT: u64 = 50_000_000;
/// Longest side: what WebP can have, and screens can draw.
const LONGEST_SIDE: u32 = 16_383;

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A photo.
    Jpeg,
    /// A drawing.
    Png,
    /// Either.
    Webp,
    /// Pages.
    Pdf,
}

impl Kind {
    /// What bytes that begin like this claim to be. Tells nothing about the rest.
    pub fn claimed(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'%', b'P', b'D', b'F', b'-', b'1' | b'2', b'.', ..] => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The kind of that name.
    pub fn of_type(content_type: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::Webp, Self::Pdf]
            .into_iter()
            .find(|kind| kind.content_type() == content_type)
    }

    /// Its name on the web.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// What its files' names end in.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }
}

/// Why some bytes are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// None of the kinds that are taken.
    #[error("unknown")]
    Unknown,
    /// Cut off, or not made as its kind is.
    #[error("damaged")]
    Damaged,
    /// More pixels, scans or pages of text than anybody means.
    #[error("too_many_pixels")]
    TooLarge,
    /// Something stands behind its end: another file, perhaps.
    #[error("something_behind_it")]
    Behind,
    /// It moves, and only the first moment would have been looked at.
    #[error("animated")]
    Animated,
    /// Nobody can see what is in it without a password.
    #[error("encrypted")]
    Encrypted,
    /// It runs something, or carries another file.
    #[error("active")]
    Active,
}

impl From<Unfit> for ApiError {
    fn from(unfit: Unfit) -> Self {
        Self::new(ErrorCode::UnsupportedMediaType).with("why", unfit.to_string())
    }
}

/// Some bytes that may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked<'a> {
    /// What they are.
    pub kind: Kind,
    /// The bytes to keep: up to the end of what they are.
    pub bytes: &'a [u8],
}

/// Width and height of a picture and where in the bytes it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Drawn {
    width: u32,
    height: u32,
    end: usize,
}

impl Drawn {
    fn within(self, most: u64) -> Result<Self, Unfit> {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        if width == 0 || height == 0 {
            return Err(Unfit::Damaged);
        }
        if self.width > LONGEST_SIDE || self.height > LONGEST_SIDE || width * height > most {
            return Err(Unfit::TooLarge);
        }
        Ok(self)
    }
}

fn drawn(kind: Kind, bytes: &[u8]) -> Result<Drawn, Unfit> {
    match kind {
        Kind::Jpeg => jpeg::read(bytes),
        Kind::Png => png::read(bytes),
        Kind::Webp => webp::read(bytes),
        Kind::Pdf => Err(Unfit::Unknown),
    }
}

/// Whether these are a picture as our apps make them, and nothing else: JPEG, PNG or WebP, at most 16 million pixels,
/// nothing behind its end.
pub fn picture(bytes: &[u8]) -> Result<Kind, Unfit> {
    let kind = Kind::claimed(bytes).ok_or(Unfit::Unknown)?;
    let drawn = drawn(kind, bytes)?.within(MOST_OF_A_PICTURE)?;
    if drawn.end == bytes.len() {
        Ok(kind)
    } else {
        Err(Unfit::Behind)
    }
}

/// Whether these are a document as people have them: a photo or scan of at most 50 million pixels, or a PDF without
/// password, programs or files inside. What a camera keeps behind the end of its photo is left off.
pub fn document(bytes: &[u8]) -> Result<Checked<'_>, Unfit> {
    let kind = Kind::claimed(bytes).ok_or(Unfit::Unknown)?;
    let end = match kind {
        Kind::Pdf => pdf::read(bytes)?,
        picture => drawn(picture, bytes)?.within(MOST_OF_A_DOCUMENT)?.end,
    };
    Ok(Checked {
        kind,
        bytes: &bytes[..end],
    })
}

/// How something uploaded goes out: as what it was found to be, never guessed at, never run, kept by no cache but its
/// reader's own. A PDF is always saved, never opened in our own address; `name` (letters, digits, `-`, `_`) is what its
/// file is called.
pub fn serve(kind: Kind, bytes: Vec<u8>, name: &str) -> Response {
    let name: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .take(80)
        .collect();
    let disposition = match kind {
        Kind::Pdf => "attachment",
        Kind::Jpeg | Kind::Png | Kind::Webp => "inline",
    };
    let disposition = format!("{disposition}; filename=\"{name}.{}\"", kind.extension());
    let fixed = HeaderValue::from_static;
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, fixed(kind.content_type())),
        (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            fixed("default-src 'none'; frame-ancestors 'none'; sandbox"),
        ),
        // It never changes, but who may look at it does.
        (header::CACHE_CONTROL, fixed("private, max-age=300")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).unwrap_or(fixed("attachment")),
        ),
    ];
    (headers, bytes).into_response()
}

/// A big-endian number of two bytes at `at`.
fn two(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

/// A big-endian number of four bytes at `at`.
fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(feature = "testing")]
pub mod samples;

#[cfg(test)]
mod tests {
    use super::samples::{jpeg, pdf, png, webp};
    use super::*;

    #[test]
    fn a_picture_is_known_by_what_it_is_and_not_by_how_it_begins() {
        for (bytes, kind) in [
            (jpeg(640, 480, b"a photo"), Kind::Jpeg),
            (png(640, 480, b"a drawing"), Kind::Png),
            (webp(640, 480, b"either"), Kind::Webp),
        ] {
            assert_eq!(picture(&bytes), Ok(kind));
            assert_eq!(document(&bytes).unwrap().kind, kind);
            for cut in 0..bytes.len() {
                assert!(picture(&bytes[..cut]).is_err(), "{kind:?} cut at {cut}");
            }
            let mut more = bytes.clone();
            more.extend(b"PK\x03\x04");
            assert!(
                matches!(picture(&more), Err(Unfit::Behind | Unfit::Damaged)),
                "{kind:?}"
            );
        }
        for other in [
            &b"<svg onload='alert(1)'/>"[..],
            b"GIF89a",
            b"RIFF\0\0\0\0WAVE",
            b"",
            b"\xff\xd8\xff",
        ] {
            assert!(picture(other).is_err());
            assert!(document(other).is_err());
        }
        assert_eq!(
            picture(&pdf("")),
            Err(Unfit::Unknown),
            "pages are a document, no picture"
        );
    }

    #[test]
    fn what_would_fill_a_screens_memory_is_refused_by_its_own_words() {
        for make in [jpeg, png, webp] {
            assert_eq!(picture(&make(16_000, 16_000, b"")), Err(Unfit::TooLarge));
            assert_eq!(document(&make(16_000, 16_000, b"")), Err(Unfit::TooLarge));
            assert_eq!(picture(&make(4_001, 4_000, b"")), Err(Unfit::TooLarge));
            assert!(picture(&make(4_000, 4_000, b"")).is_ok());
            assert!(document(&make(8_000, 6_000, b"")).is_ok());
        }
        assert_eq!(picture(&png(1 << 31, 1, b"")), Err(Unfit::TooLarge));
        assert_eq!(picture(&png(0, 5, b"")), Err(Unfit::Damaged));
        assert_eq!(picture(&jpeg(5, 0, b"")), Err(Unfit::Damaged));
    }

    #[test]
    fn what_a_camera_hides_behind_a_photo_is_left_off() {
        let photo = jpeg(800, 600, b"licence");
        let mut with_more = photo.clone();
        with_more.extend(b"<script>alert(1)</script>");
        assert_eq!(document(&with_more).unwrap().bytes, photo);
        assert_eq!(picture(&with_more), Err(Unfit::Behind));
    }

    #[test]
    fn no_bytes_make_it_stumble() {
        // Every single byte of every sample, changed to what readers trip over.
        for sample in [
            jpeg(64, 64, b"x"),
            png(64, 64, b"x"),
            webp(64, 64, b"x"),
            pdf("/Type /Catalog"),
        ] {
            for at in 0..sample.len() {
                for byte in [0, 1, 0x7f, 0x80, 0xff, sample[at] ^ 1] {
                    let mut bytes = sample.clone();
                    bytes[at] = byte;
                    let _ = picture(&bytes);
                    let _ = document(&bytes);
                }
            }
        }
    }

    #[test]
    fn it_goes_out_as_what_it_is_and_under_a_harmless_name() {
        let answer = serve(Kind::Pdf, vec![1], "vat\r\nset-cookie: x=\"y\"/../");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(
            header("content-disposition"),
            "attachment; filename=\"vatset-cookiexy.pdf\""
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));
        assert_eq!(
            serve(Kind::Png, vec![], "p").headers()["content-disposition"],
            "inline; filename=\"p.png\""
        );
    }
}

//! PNG (W3C, third edition), as far as its chunks.

use super::{Drawn, Unfit, four};

/// Size and end of the picture.
pub(super) fn read(bytes: &[u8]) -> Result<Drawn, Unfit> {
    let (mut at, mut size, mut data) = (8, None, false);
    loop {
        let length = four(bytes, at).ok_or(Unfit::Damaged)?;
        let length = usize::try_from(length).map_err(|_| Unfit::Damaged)?;
        let name = bytes.get(at + 4..at + 8).ok_or(Unfit::Damaged)?;
        // Behind what it holds a chunk has four bytes that check it.
        let end = at.checked_add(12).and_then(|at| at.checked_add(length));
        let end = end.filter(|end| *end <= bytes.len()).ok_or(Unfit::Damaged)?;
        match (name, size) {
            (b"IHDR", None) if length == 13 => {
                size = four(bytes, at + 8).zip(four(bytes, at + 12));
            }
            (_, None) | (b"IHDR", Some(_)) => return Err(Unfit::Damaged),
            (b"acTL" | b"fcTL" | b"fdAT", _) => return Err(Unfit::Animated),
            (b"IDAT", _) => data = true,
            (b"IEND", Some((width, height))) => {
                if length != 0 || !data {
                    return Err(Unfit::Damaged);
                }
                return Ok(Drawn { width, height, end });
            }
            _ if !name.iter().all(u8::is_ascii_alphabetic) => return Err(Unfit::Damaged),
            _ => {}
        }
        at = end;
    }
}

//! WebP (RFC 9649), as far as its chunks.

use super::{Drawn, Unfit};

/// Size and end of the picture. An extended file says its size twice; the larger counts.
pub(super) fn read(bytes: &[u8]) -> Result<Drawn, Unfit> {
    let length = little(bytes, 4).ok_or(Unfit::Damaged)?;
    let end = usize::try_from(length)
        .ok()
        .and_then(|length| length.checked_add(8));
    let end = end
        .filter(|end| *end <= bytes.len() && end % 2 == 0)
        .ok_or(Unfit::Damaged)?;
    let bytes = &bytes[..end];
    let (mut at, mut canvas, mut frame) = (12_usize, None, None);
    while at < end {
        let name = bytes.get(at..at + 4).ok_or(Unfit::Damaged)?;
        let length = little(bytes, at + 4).and_then(|length| usize::try_from(length).ok());
        let next = length.and_then(|length| at.checked_add(8)?.checked_add(length)?.checked_add(length % 2));
        let next = next.filter(|next| *next <= end).ok_or(Unfit::Damaged)?;
        let held = &bytes[at + 8..next];
        let found = match name {
            b"VP8X" if at == 12 => {
                canvas = Some(extended(held)?);
                None
            }
            b"VP8 " => Some(lossy(held)?),
            b"VP8L" => Some(lossless(held)?),
            b"ANIM" | b"ANMF" => return Err(Unfit::Animated),
            _ => None,
        };
        if let Some(found) = found
            && frame.replace(found).is_some()
        {
            return Err(Unfit::Damaged);
        }
        at = next;
    }
    let frame = frame.ok_or(Unfit::Damaged)?;
    let canvas = canvas.unwrap_or(frame);
    Ok(Drawn {
        width: frame.0.max(canvas.0),
        height: frame.1.max(canvas.1),
        end,
    })
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// Flags, three bytes kept free, width - 1 and height - 1 in three bytes each.
fn extended(held: &[u8]) -> Result<(u32, u32), Unfit> {
    match held {
        [flags, ..] if flags & 0b10 != 0 => Err(Unfit::Animated),
        [_, _, _, _, sides @ ..] if sides.len() == 6 => {
            let side = |at: usize| u32::from_le_bytes([sides[at], sides[at + 1], sides[at + 2], 0]) + 1;
            Ok((side(0), side(3)))
        }
        _ => Err(Unfit::Damaged),
    }
}

/// A key frame (RFC 6386, 9.1): three bytes, a start code, 14 bits of width and of height.
fn lossy(held: &[u8]) -> Result<(u32, u32), Unfit> {
    match held {
        [first, _, _, 0x9d, 0x01, 0x2a, a, b, c, d, ..] if first & 1 == 0 => Ok((
            u32::from(u16::from_le_bytes([*a, *b]) & 0x3fff),
            u32::from(u16::from_le_bytes([*c, *d]) & 0x3fff),
        )),
        _ => Err(Unfit::Damaged),
    }
}

/// A signature, then 14 bits of width - 1 and of height - 1.
fn lossless(held: &[u8]) -> Result<(u32, u32), Unfit> {
    match held {
        [0x2f, a, b, c, d, ..] => {
            let bits = u32::from_le_bytes([*a, *b, *c, *d]);
            Ok(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        _ => Err(Unfit::Damaged),
    }
}

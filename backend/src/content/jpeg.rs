//! JPEG (ITU-T T.81, annex B), as far as its markers: from the beginning to the end of the first image.

use super::{Drawn, Unfit, two};

/// Scans of a progressive picture: encoders write about ten, and each costs a decoder the whole picture again.
const MOST_SCANS: u32 = 64;

/// Size and end of the picture.
pub(super) fn read(bytes: &[u8]) -> Result<Drawn, Unfit> {
    let (mut at, mut size, mut scans) = (2, None, 0);
    loop {
        let marker = marker(bytes, &mut at)?;
        match marker {
            // The end. A picture without a frame or a scan is none.
            0xd9 => {
                let (width, height) = size.filter(|_| scans > 0).ok_or(Unfit::Damaged)?;
                return Ok(Drawn {
                    width,
                    height,
                    end: at,
                });
            }
            // Another beginning, or a code that stands for no segment.
            0x00..=0x01 | 0xd0..=0xd8 => return Err(Unfit::Damaged),
            _ => {}
        }
        let length = usize::from(two(bytes, at).ok_or(Unfit::Damaged)?);
        let end = at + length;
        if length < 2 || end > bytes.len() {
            return Err(Unfit::Damaged);
        }
        match marker {
            // Baseline, extended, progressive: what browsers draw. One frame, of one height.
            0xc0..=0xc2 => {
                let read = two(bytes, at + 5).zip(two(bytes, at + 3)).filter(|_| length >= 8);
                let (width, height) = read.ok_or(Unfit::Damaged)?;
                if size.replace((width.into(), height.into())).is_some() {
                    return Err(Unfit::Damaged);
                }
            }
            // Lossless, hierarchical or arithmetic frames, and heights told later.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xdc | 0xde | 0xdf => {
                return Err(Unfit::Damaged);
            }
            0xda => {
                scans += 1;
                if scans > MOST_SCANS {
                    return Err(Unfit::TooLarge);
                }
                at = end;
                skip_scan(bytes, &mut at)?;
                continue;
            }
            _ => {}
        }
        at = end;
    }
}

/// The next marker's code; `at` is behind it then.
fn marker(bytes: &[u8], at: &mut usize) -> Result<u8, Unfit> {
    if bytes.get(*at) != Some(&0xff) {
        return Err(Unfit::Damaged);
    }
    // Any number of them may fill up.
    while bytes.get(*at) == Some(&0xff) {
        *at += 1;
    }
    let code = *bytes.get(*at).ok_or(Unfit::Damaged)?;
    *at += 1;
    Ok(code)
}

/// Goes to the marker behind the data of a scan.
fn skip_scan(bytes: &[u8], at: &mut usize) -> Result<(), Unfit> {
    loop {
        match bytes.get(*at..) {
            Some([0xff, 0x00 | 0xd0..=0xd7, ..]) => *at += 2,
            Some([0xff, 0xff, ..]) => *at += 1,
            Some([0xff, _, ..]) => return Ok(()),
            Some([_, _, ..]) => *at += 1,
            _ => return Err(Unfit::Damaged),
        }
    }
}

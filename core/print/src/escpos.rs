//! A printer's commands: ESC/POS, the part of it that every ticket printer understands.
//!
//! | Bytes | Name | What it does |
//! |---|---|---|
//! | `1B 40` | ESC @ | forget all settings |
//! | `1D 76 30 00 xL xH yL yH …` | GS v 0 | print a raster, x bytes wide and y rows high |
//! | `1B 64 n` | ESC d | feed n lines |
//! | `1D 56 01` | GS V 1 | cut, leaving a bridge |
//! | `1D 56 42 00` | GS V B 0 | feed to the knife and cut, leaving a bridge |
//! | `10 04 n` | DLE EOT n | say at once how you are: 1 the printer, 4 its paper |
//!
//! Source: Epson's ESC/POS command reference (<https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/>). GS v 0 is
//! called obsolete there and yet is the one raster command that old printers and cheap ones have in common.
//!
//! A picture may by chance contain the bytes of DLE EOT. Printers answer those too; the answer is discarded unless somebody
//! waits for one.

use momfood_protocol::device::Paper;

use crate::raster::Raster;

/// Rows of one raster command: 9 kB on wide paper. Printers with small memories print a raster when it is whole, and those
/// with slow lines pause between two.
pub const BAND: u32 = 128;

/// Forget all settings.
pub const INIT: [u8; 2] = [0x1B, 0x40];
/// Asks how the printer is.
pub const ASK_PRINTER: [u8; 3] = [0x10, 0x04, 1];
/// Asks how its paper is.
pub const ASK_PAPER: [u8; 3] = [0x10, 0x04, 4];

const RASTER: [u8; 4] = [0x1D, 0x76, 0x30, 0];
const FEED: [u8; 3] = [0x1B, 0x64, 4];
const CUT: [u8; 3] = [0x1D, 0x56, 1];
const FEED_AND_CUT: [u8; 4] = [0x1D, 0x56, 0x42, 0];

/// The bytes that put `copies` (1 to 5) of a picture on paper, each cut off by itself.
///
/// Narrow printers seldom have a knife: there the paper is fed far enough to be torn off.
pub fn bytes(picture: &Raster, paper: Paper, copies: u8) -> Vec<u8> {
    let mut one = INIT.to_vec();
    let stride = picture.stride();
    for band in picture.rows().chunks(BAND as usize * stride) {
        one.extend_from_slice(&RASTER);
        one.extend_from_slice(&low_high(stride));
        one.extend_from_slice(&low_high(band.len() / stride));
        one.extend_from_slice(band);
    }
    match paper {
        Paper::Wide => one.extend_from_slice(&FEED_AND_CUT),
        Paper::Narrow => {
            one.extend_from_slice(&FEED);
            one.extend_from_slice(&CUT);
        }
    }
    one.repeat(usize::from(copies.clamp(1, 5)))
}

/// Bytes that bring a printer back to its senses which was cut off within a raster and still waits for its rest: that is
/// read as white, and a printer that does not wait for any ignores them.
pub fn rest_of_a_band(paper: Paper) -> Vec<u8> {
    vec![0; (BAND * paper.dots() / 8) as usize]
}

fn low_high(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}

/// What a printer said of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It prints.
    Ready,
    /// Its cover is open, it is out of paper, or it asks for help.
    NotReady,
}

impl Status {
    /// Reads the answer to [`ASK_PRINTER`]; `None` when it is no answer to such a question.
    pub const fn of_printer(byte: u8) -> Option<Self> {
        Self::read(byte, 0b0000_1000)
    }

    /// Reads the answer to [`ASK_PAPER`].
    pub const fn of_paper(byte: u8) -> Option<Self> {
        Self::read(byte, 0b0110_0000)
    }

    /// Answers have bits 1 and 4 set, 0 and 7 not.
    const fn read(byte: u8, bad: u8) -> Option<Self> {
        if byte & 0b1001_0011 != 0b0001_0010 {
            None
        } else if byte & bad == 0 {
            Some(Self::Ready)
        } else {
            Some(Self::NotReady)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_goes_out_in_bands_and_is_cut() {
        let mut picture = Raster::new(16, BAND + 1);
        picture.set(0, 0, true);
        picture.set(15, BAND, true);
        let sent = bytes(&picture, Paper::Wide, 1);
        assert_eq!(sent[..10], [0x1B, 0x40, 0x1D, 0x76, 0x30, 0, 2, 0, 128, 0]);
        assert_eq!(sent[10..12], [0x80, 0]);
        assert_eq!(
            sent[sent.len() - 14..],
            [0x1D, 0x76, 0x30, 0, 2, 0, 1, 0, 0, 1, 0x1D, 0x56, 0x42, 0]
        );
    }

    #[test]
    fn each_copy_is_cut_and_there_is_at_least_one_and_never_a_roll_full() {
        let picture = Raster::new(8, 1);
        let one = bytes(&picture, Paper::Narrow, 0);
        assert_eq!(one[one.len() - 6..], [0x1B, 0x64, 4, 0x1D, 0x56, 1]);
        assert_eq!(bytes(&picture, Paper::Narrow, 3), one.repeat(3));
        assert_eq!(bytes(&picture, Paper::Narrow, 255), one.repeat(5));
    }

    #[test]
    fn only_an_answer_is_taken_for_one() {
        assert_eq!(Status::of_printer(0x12), Some(Status::Ready));
        assert_eq!(Status::of_printer(0x1A), Some(Status::NotReady), "offline");
        assert_eq!(Status::of_paper(0x72), Some(Status::NotReady), "no paper");
        assert_eq!(
            Status::of_paper(0x1E),
            Some(Status::Ready),
            "paper is getting less"
        );
        assert_eq!(Status::of_printer(0x00), None);
        assert_eq!(Status::of_printer(0x11), None, "XON");
        assert_eq!(Status::of_printer(0x93), None);
    }
}

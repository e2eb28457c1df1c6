//! Papers for the demo, drawn here: a card or a sheet as a photo, a letter as a PDF. They look like something and say
//! nothing true.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::Crc;
use flate2::write::ZlibEncoder;

const WIDTH: usize = 480;
const HEIGHT: usize = 300;

/// A PNG of a paper with a head in `color`, lines as of writing, and a portrait if it is somebody's card.
pub fn scan(color: [u8; 3], portrait: bool) -> Vec<u8> {
    let mut rows = Vec::with_capacity(HEIGHT * (WIDTH * 3 + 1));
    for y in 0..HEIGHT {
        // Each row begins with how it is filtered: not at all.
        rows.push(0);
        for x in 0..WIDTH {
            rows.extend(pixel(x, y, color, portrait));
        }
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    let data = packed
        .write_all(&rows)
        .and_then(|()| packed.finish())
        .unwrap_or_default();
    let side = |side: usize| u32::try_from(side).unwrap_or(0).to_be_bytes();
    let head = [&side(WIDTH)[..], &side(HEIGHT), &[8, 2, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, held) in [(b"IHDR", &head), (b"IDAT", &data), (b"IEND", &Vec::new())] {
        let mut sum = Crc::new();
        sum.update(name);
        sum.update(held);
        let length = u32::try_from(held.len()).unwrap_or(0).to_be_bytes();
        png.extend([&length[..], name, held, &sum.sum().to_be_bytes()].concat());
    }
    png
}

fn pixel(x: usize, y: usize, color: [u8; 3], portrait: bool) -> [u8; 3] {
    let (paper, ink, table) = ([0xfb, 0xf9, 0xf4], [0x5c, 0x5c, 0x60], [0xcf, 0xcb, 0xc2]);
    if !(16..WIDTH - 16).contains(&x) || !(16..HEIGHT - 16).contains(&y) {
        return table;
    }
    if y < 64 {
        return color;
    }
    if portrait && (40..150).contains(&x) && (88..228).contains(&y) {
        let (dx, dy) = (x.abs_diff(95), y.abs_diff(136));
        let head = dx * dx + dy * dy < 30 * 30;
        let shoulders = y > 176 && dx * dx + (y.abs_diff(236)).pow(2) < 58 * 58;
        return if head || shoulders {
            ink
        } else {
            [0xe4, 0xe8, 0xee]
        };
    }
    let from = if portrait { 176 } else { 40 };
    let line = (y - 64) / 26;
    let to = WIDTH - 48 - (line * 37) % 120;
    let written = (1..8).contains(&line) && (y - 64) % 26 < 9 && (from..to).contains(&x);
    // A gap now and then, as between words.
    if written && (x + line * 13) % 46 > 8 {
        ink
    } else {
        paper
    }
}

/// A PDF of one page with these lines.
pub fn letter(lines: &[&str]) -> Vec<u8> {
    let mut page = String::from("BT /F1 16 Tf 72 760 Td 26 TL\n");
    for line in lines {
        let plain = line.replace(['(', ')', '\\'], " ");
        let _ = writeln!(page, "({plain}) Tj T*");
    }
    page.push_str("ET\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{page}endstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(places, "{:010} 00000 n ", pdf.len());
        let _ = writeln!(pdf, "{number} 0 obj\n{object}\nendobj");
    }
    let table = pdf.len();
    let count = objects.len() + 1;
    let end = format!("<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF");
    let _ = writeln!(
        pdf,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n{end}"
    );
    pdf.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{self, Kind};

    #[test]
    fn the_demos_papers_are_taken_as_documents() {
        for portrait in [true, false] {
            let drawn = scan([1, 2, 3], portrait);
            let checked = content::document(&drawn).unwrap();
            assert_eq!((checked.kind, checked.bytes.len()), (Kind::Png, drawn.len()));
            assert!(drawn.len() < 20_000, "{}", drawn.len());
        }
        let written = letter(&["IBAN LETTER", "Noura (Al Dosari)"]);
        assert_eq!(content::document(&written).unwrap().kind, Kind::Pdf);
    }
}

//! What tickets look like, dot by dot. `PRINT_UPDATE=1 cargo test -p momfood-print --test golden` accepts what is drawn now:
//! look at every picture that changed before you commit it.

#![expect(clippy::unwrap_used, reason = "tests read and write their pictures")]

mod samples;

use std::fs;
use std::path::{Path, PathBuf};

use momfood_domain::text::Lang;
use momfood_print::{Raster, escpos, render};
use momfood_protocol::device::Paper;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn updates() -> bool {
    std::env::var_os("PRINT_UPDATE").is_some()
}

fn write(picture: &Raster, to: &Path) {
    let file = fs::File::create(to).unwrap();
    let mut png = png::Encoder::new(file, picture.width(), picture.height());
    png.set_color(png::ColorType::Grayscale);
    png.set_depth(png::BitDepth::One);
    png.set_compression(png::Compression::High);
    let dots: Vec<u8> = picture.rows().iter().map(|byte| !byte).collect();
    png.write_header().unwrap().write_image_data(&dots).unwrap();
}

fn read(from: &Path) -> Option<Raster> {
    let file = std::io::BufReader::new(fs::File::open(from).ok()?);
    let mut decoder = png::Decoder::new(file);
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut dots = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut dots).unwrap();
    assert_eq!(info.bit_depth, png::BitDepth::One);
    Some(Raster::from_rows(
        info.width,
        dots.iter().map(|byte| !byte).collect(),
    ))
}

#[test]
fn every_ticket_looks_as_it_was_judged() {
    let mut changed = Vec::new();
    for (name, sheet) in samples::all() {
        let drawn = render(&sheet);
        let path = folder().join(format!("{name}.png"));
        if read(&path).as_ref() != Some(&drawn) {
            if updates() {
                write(&drawn, &path);
            } else {
                let seen = std::env::temp_dir().join(format!("momfood-{name}.png"));
                write(&drawn, &seen);
                changed.push(format!("{name}: drawn as {}", seen.display()));
            }
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[test]
fn no_golden_picture_is_left_of_a_ticket_nobody_draws() {
    let names: Vec<_> = samples::all()
        .iter()
        .map(|(name, _)| format!("{name}.png"))
        .collect();
    for file in fs::read_dir(folder()).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        assert!(file == "plain.escpos" || names.contains(&file), "{file}");
    }
}

#[test]
fn the_bytes_of_a_small_ticket_are_those_a_printer_was_known_to_take() {
    let sheet = samples::whole(samples::printer(Lang::Ar, Paper::Narrow), samples::plain());
    let bytes = escpos::bytes(&render(&sheet), Paper::Narrow, 1);
    let path = folder().join("plain.escpos");
    if updates() {
        fs::write(&path, &bytes).unwrap();
    }
    assert!(
        fs::read(&path).is_ok_and(|known| known == bytes),
        "{}",
        path.display()
    );
}

#[test]
fn a_ticket_is_drawn_in_the_printers_language_whatever_was_drawn_before() {
    let mut pictures = Vec::new();
    for lang in [Lang::Ar, Lang::En, Lang::Ar] {
        pictures.push(render(&samples::whole(
            samples::printer(lang, Paper::Wide),
            samples::plain(),
        )));
    }
    assert_eq!(pictures[0], pictures[2]);
    assert_ne!(pictures[0], pictures[1]);
}

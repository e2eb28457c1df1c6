//! Draws a ticket of this crate's samples as a PNG, or prints it, or is a printer that keeps what it prints as PNGs.
//!
//! ```sh
//! cargo run -p momfood-print --example preview -- draw long-ar ticket.png
//! cargo run -p momfood-print --example preview -- print long-ar 192.0.2.7 9100
//! cargo run -p momfood-print --example preview -- listen 127.0.0.1:9100 tickets/
//! ```

#![allow(clippy::print_stdout, reason = "a program for a terminal")]

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use momfood_print::fake::Fake;
use momfood_print::{Raster, press, render};
use momfood_protocol::device::{PrinterLine, Sheet};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["draw", name, to] => write(&render(&sample(name)?), Path::new(to)),
        ["print", name, host, port] => {
            let mut sheet = sample(name)?;
            sheet.printer.line = PrinterLine::Network {
                host: host.to_owned(),
                port: port.parse()?,
            };
            futures::executor::block_on(press().print(sheet))?;
            Ok(())
        }
        ["listen", address, folder] => {
            let printer = Fake::start_on(address.parse()?)?;
            std::fs::create_dir_all(folder)?;
            let mut seen = 0;
            loop {
                for ticket in &printer.wait_for(seen + 1, Duration::from_mins(1))[seen..] {
                    seen += 1;
                    let to = Path::new(folder).join(format!("{seen:04}.png"));
                    write(ticket, &to)?;
                    println!("{}", to.display());
                }
            }
        }
        _ => {
            let names: Vec<&str> = samples::all().iter().map(|(name, _)| *name).collect();
            Err(format!(
                "draw NAME FILE | print NAME HOST PORT | listen ADDRESS FOLDER\nnames: {}",
                names.join(" ")
            )
            .into())
        }
    }
}

fn sample(name: &str) -> Result<Sheet, String> {
    let found = samples::all().into_iter().find(|(known, _)| *known == name);
    Ok(found.ok_or_else(|| format!("there is no sample {name}"))?.1)
}

fn write(picture: &Raster, to: &Path) -> Result<(), Box<dyn Error>> {
    let file = std::fs::File::create(to)?;
    let mut png = png::Encoder::new(file, picture.width(), picture.height());
    png.set_color(png::ColorType::Grayscale);
    png.set_depth(png::BitDepth::One);
    let dots: Vec<u8> = picture.rows().iter().map(|byte| !byte).collect();
    png.write_header()?.write_image_data(&dots)?;
    Ok(())
}

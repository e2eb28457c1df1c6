//! What a printer's settings may say. A printer is a device: a path that names anything else on this machine is refused,
//! so that whoever holds the screen cannot have tickets written over the person's files.

use momfood_domain::menu::MAX_STATION;
use momfood_protocol::engine::{Printer, PrinterLine};
use momfood_protocol::problem::Problem;

/// Most printers of one installation.
pub(super) const MOST_PRINTERS: usize = 20;
const MAX_NAME: usize = 40;
const MAX_HOST: usize = 253;
const MAX_PATH: usize = 200;
const MOST_STATIONS: usize = 50;
const BAUDS: core::ops::RangeInclusive<u32> = 1_200..=921_600;
const COPIES: core::ops::RangeInclusive<u8> = 1..=5;

/// The printer as it is kept, or the field that cannot be.
pub(super) fn checked(mut printer: Printer) -> Result<Printer, Problem> {
    printer.name = trimmed(&printer.name, MAX_NAME, "name")?;
    printer.line = line(printer.line)?;
    if !COPIES.contains(&printer.copies) {
        return Err(Problem::invalid("copies"));
    }
    let mut stations = Vec::new();
    for station in &printer.stations {
        let station = trimmed(station, MAX_STATION, "stations")?;
        if !stations.contains(&station) {
            stations.push(station);
        }
    }
    if stations.len() > MOST_STATIONS {
        return Err(Problem::invalid("stations"));
    }
    printer.stations = stations;
    Ok(printer)
}

fn line(line: PrinterLine) -> Result<PrinterLine, Problem> {
    Ok(match line {
        PrinterLine::Network { host, port } => {
            let host = trimmed(&host, MAX_HOST, "host")?;
            let is_name = host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
            if !is_name && host.parse::<std::net::IpAddr>().is_err() {
                return Err(Problem::invalid("host"));
            }
            if port == 0 {
                return Err(Problem::invalid("port"));
            }
            PrinterLine::Network { host, port }
        }
        PrinterLine::Serial { path, baud } => {
            if !BAUDS.contains(&baud) {
                return Err(Problem::invalid("baud"));
            }
            let path = device(&path)?;
            PrinterLine::Serial { path, baud }
        }
        PrinterLine::File { path } => PrinterLine::File { path: device(&path)? },
    })
}

/// A device's name: below `/dev`, or one of Windows' (`COM3`, `LPT1`, `\\.\COM12`).
fn device(path: &str) -> Result<String, Problem> {
    let path = trimmed(path, MAX_PATH, "path")?;
    let is_unix = path
        .strip_prefix("/dev/")
        .is_some_and(|rest| rest.split('/').all(|part| !matches!(part, "" | "." | "..")));
    let short = path.strip_prefix(r"\\.\").unwrap_or(&path).to_ascii_uppercase();
    let number = short.strip_prefix("COM").or_else(|| short.strip_prefix("LPT"));
    let is_windows = number.is_some_and(|number| matches!(number.parse::<u8>(), Ok(1..)));
    if is_unix || is_windows {
        Ok(path)
    } else {
        Err(Problem::invalid("path"))
    }
}

fn trimmed(text: &str, most: usize, field: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most || text.contains(char::is_control) {
        return Err(Problem::invalid(field));
    }
    Ok(text.to_owned())
}

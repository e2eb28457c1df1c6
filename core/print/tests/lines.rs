//! Printers on serial lines and device files, as far as a computer without any has them: a terminal's two ends, a pipe.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "tests set up their lines")]

mod samples;

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use futures::executor::block_on;
use momfood_client::port::{Press, PressError};
use momfood_domain::text::Lang;
use momfood_print::fake::Reader;
use momfood_print::{Patience, Raster, press_with, render};
use momfood_protocol::device::{Paper, PrinterLine, Sheet};
use rustix::fs::{CWD, Mode, mkfifoat};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

fn press() -> Arc<dyn Press> {
    press_with(Patience {
        connect: Duration::from_secs(2),
        answer: Duration::from_millis(50),
        stall: Duration::from_secs(1),
        close: Duration::from_millis(300),
    })
}

fn ticket(line: PrinterLine) -> Sheet {
    let mut sheet = samples::whole(samples::printer(Lang::Ar, Paper::Wide), samples::family());
    sheet.printer.line = line;
    sheet
}

/// Reads until a ticket is cut off.
fn first_ticket(mut from: File) -> Option<Raster> {
    let mut reader = Reader::default();
    let mut piece = [0; 4_096];
    while reader.tickets().is_empty() {
        match from.read(&mut piece) {
            Ok(0) | Err(_) => return None,
            Ok(count) => reader.read(&piece[..count]),
        };
    }
    reader.tickets().first().cloned()
}

fn terminal() -> (File, PrinterLine) {
    let end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&end).unwrap();
    unlockpt(&end).unwrap();
    let path = ptsname(&end, Vec::new()).unwrap().into_string().unwrap();
    let line = PrinterLine::Serial { path, baud: 921_600 };
    (File::from(end), line)
}

fn pipe(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("momfood-print-{}-{name}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
    path
}

fn file(path: &std::path::Path) -> PrinterLine {
    PrinterLine::File {
        path: path.to_str().unwrap().to_owned(),
    }
}

#[test]
fn a_ticket_goes_out_over_a_serial_line_byte_by_byte_as_it_is() {
    let (end, line) = terminal();
    let reading = thread::spawn(move || first_ticket(end));
    let sheet = ticket(line);
    assert_eq!(block_on(press().print(sheet.clone())), Ok(()));
    assert_eq!(reading.join().unwrap(), Some(render(&sheet)));
}

#[test]
fn a_serial_line_that_takes_no_more_may_have_printed() {
    let (end, line) = terminal();
    assert_eq!(block_on(press().print(ticket(line))), Err(PressError::Stalled));
    drop(end);
}

#[test]
fn a_serial_line_that_is_not_there_took_nothing() {
    let line = PrinterLine::Serial {
        path: "/dev/momfood-none".into(),
        baud: 19_200,
    };
    assert_eq!(
        block_on(press().print(ticket(line))),
        Err(PressError::Unreachable)
    );
}

#[test]
fn a_ticket_goes_out_to_a_device_file() {
    let path = pipe("takes");
    let end = path.clone();
    let reading = thread::spawn(move || first_ticket(File::open(end).unwrap()));
    let sheet = ticket(file(&path));
    let press = press();
    // Until the other end is open nothing can be written.
    let outcome = (0..500)
        .map(|_| {
            thread::sleep(Duration::from_millis(10));
            block_on(press.print(sheet.clone()))
        })
        .find(|outcome| *outcome != Err(PressError::Unreachable));
    assert_eq!(outcome, Some(Ok(())));
    assert_eq!(reading.join().unwrap(), Some(render(&sheet)));
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_device_that_takes_no_more_may_have_printed_and_one_that_is_not_open_did_not() {
    let path = pipe("stalls");
    assert_eq!(
        block_on(press().print(ticket(file(&path)))),
        Err(PressError::Unreachable),
        "nobody at the other end"
    );
    let end = rustix::fs::open(
        &path,
        rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::NONBLOCK,
        Mode::empty(),
    );
    let end = end.unwrap();
    assert_eq!(
        block_on(press().print(ticket(file(&path)))),
        Err(PressError::Stalled)
    );
    drop(end);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn a_file_of_somebodys_is_never_written_to() {
    let path = std::env::temp_dir().join(format!("momfood-print-{}-letter", std::process::id()));
    std::fs::write(&path, "Dear Mum").unwrap();
    assert_eq!(
        block_on(press().print(ticket(file(&path)))),
        Err(PressError::Unreachable)
    );
    assert_eq!(std::fs::read(&path).unwrap(), b"Dear Mum");
    std::fs::remove_file(path).unwrap();
}

//! Ways to a printer: a connection, a serial line, a device file. Bytes go out on a thread of their own, and every wait has
//! an end. It never says that a sheet is out when it does not know.

mod blocking;
mod file;
mod network;
mod serial;

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use momfood_client::port::PressError;
use momfood_protocol::device::PrinterLine;

use crate::escpos::{ASK_PAPER, ASK_PRINTER, Status};
use crate::press::Patience;

/// How long one look at the line takes at most.
const LOOK: Duration = Duration::from_millis(200);

/// Most bytes handed over at once.
const PIECE: usize = 4_096;

/// A line that is open.
pub(crate) trait Way: Send {
    /// Takes some of the bytes, or says `WouldBlock` or `TimedOut` after a short while.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// Whether the printer can be heard at all.
    fn hears(&self) -> bool {
        true
    }

    /// What the printer said, waiting for at most so long. Nothing, an error: it says no more.
    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<usize>;

    /// Sees to it that what was taken goes out, as far as the line can tell.
    fn finish(&mut self, patience: &Patience) -> io::Result<()>;
}

/// What is known of a line between two sheets.
#[derive(Default)]
pub(crate) struct Memory {
    /// The last sheet ended somewhere within: the printer may wait for its rest.
    pub(crate) broken_off: bool,
    /// Which wires of a serial line have been seen to work.
    pub(crate) wires: serial::Wires,
}

/// A line that is open, to a printer that did not say that it cannot print.
pub(crate) struct Reached {
    way: Box<dyn Way>,
    /// Whether it says how it is when asked.
    answers: bool,
}

/// Opens a line, and asks the printer how it is. Not a byte of anything that is printed goes out.
pub(crate) fn reach(
    line: &PrinterLine,
    patience: &Patience,
    memory: &mut Memory,
) -> Result<Reached, PressError> {
    let mut way = open(line, patience, memory).map_err(|_| PressError::Unreachable)?;
    match ask(way.as_mut(), patience.answer) {
        Some(Status::NotReady) => Err(PressError::Unreachable),
        status => Ok(Reached {
            way,
            answers: status.is_some(),
        }),
    }
}

fn open(line: &PrinterLine, patience: &Patience, memory: &mut Memory) -> io::Result<Box<dyn Way>> {
    Ok(match line {
        PrinterLine::Network { host, port } => Box::new(network::Network::open(host, *port, patience)?),
        PrinterLine::Serial { path, baud } => Box::new(serial::Serial::open(path, *baud, &mut memory.wires)?),
        PrinterLine::File { path } => file::open(path)?,
    })
}

/// Sends a sheet's bytes out; `before` are bytes that nobody sees.
pub(crate) fn send(
    to: &mut Reached,
    before: &[u8],
    sheet: &[u8],
    patience: &Patience,
) -> Result<(), PressError> {
    let Reached { way, answers } = to;
    let way = way.as_mut();
    let (sent, ended) = write_all(way, before, patience.stall);
    if ended.is_err() || sent < before.len() {
        return Err(PressError::Unreachable);
    }
    let (sent, ended) = write_all(way, sheet, patience.stall);
    if ended.is_err() {
        return Err(if sent == 0 {
            PressError::Unreachable
        } else {
            PressError::Stalled
        });
    }
    // A printer that answers does so in the order of what it reads: its answer says that it has read the whole sheet.
    if *answers && ask(way, patience.stall) != Some(Status::Ready) {
        return Err(PressError::Stalled);
    }
    way.finish(patience).map_err(|_| PressError::Stalled)
}

/// Writes everything, and says how much was taken. An error also when nothing was taken for `stall`.
fn write_all(way: &mut dyn Way, bytes: &[u8], stall: Duration) -> (usize, io::Result<()>) {
    let mut sent = 0;
    let mut moved = Instant::now();
    while sent < bytes.len() {
        let piece = &bytes[sent..bytes.len().min(sent + PIECE)];
        match way.write(piece) {
            Ok(0) => return (sent, Err(ErrorKind::WriteZero.into())),
            Ok(taken) => {
                sent += taken;
                moved = Instant::now();
            }
            Err(error) if is_not_yet(&error) => {
                if moved.elapsed() >= stall {
                    return (sent, Err(ErrorKind::TimedOut.into()));
                }
            }
            Err(error) => return (sent, Err(error)),
        }
    }
    (sent, Ok(()))
}

/// Asks the printer how it is; `None` when it does not say.
fn ask(way: &mut dyn Way, wait: Duration) -> Option<Status> {
    if !way.hears() {
        return None;
    }
    // What it said before was no answer to this.
    let mut old = [0; 256];
    while matches!(way.read(&mut old, Duration::ZERO), Ok(1..)) {}
    let printer = question(way, ASK_PRINTER, Status::of_printer, wait)?;
    if printer == Status::NotReady {
        return Some(printer);
    }
    // Some know the first question only.
    question(way, ASK_PAPER, Status::of_paper, wait).or(Some(printer))
}

fn question(
    way: &mut dyn Way,
    words: [u8; 3],
    read: impl Fn(u8) -> Option<Status>,
    wait: Duration,
) -> Option<Status> {
    let (_, written) = write_all(way, &words, wait);
    written.ok()?;
    let until = Instant::now() + wait;
    let mut heard = [0; 64];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match way.read(&mut heard, left.min(LOOK)) {
            Ok(0) => return None,
            Ok(count) => {
                if let Some(status) = heard[..count].iter().find_map(|byte| read(*byte)) {
                    return Some(status);
                }
            }
            Err(error) if is_not_yet(&error) => {}
            Err(_) => return None,
        }
        if left.is_zero() {
            return None;
        }
    }
}

/// Whether an error says that it may go on later.
fn is_not_yet(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

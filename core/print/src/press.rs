//! The engine's way to printers: a thread for each line draws its sheets and sends them out, one after the other. It needs
//! no runtime, and ending a runtime does not wait for a printer.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use futures::channel::oneshot;
use futures::future::BoxFuture;
use momfood_client::port::{Press, PressError, Reached};
use momfood_protocol::device::{Printer, PrinterLine, Sheet, SheetContent};

use crate::ways::{self, Memory};
use crate::{escpos, render};

/// How long a printer is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For an answer to how it is; many never give one.
    pub answer: Duration,
    /// For any progress at all. A printer that cuts or catches up takes a second or two.
    pub stall: Duration,
    /// For its end of the connection, when all is said.
    pub close: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            answer: Duration::from_millis(400),
            stall: Duration::from_secs(10),
            close: Duration::from_millis(600),
        }
    }
}

/// The printers of this device.
///
/// A sheet is put on paper as often as its printer says (`copies`), each cut off by itself; none of them is a COPY on
/// account of the others. A test page is printed once. Who reaches for a printer while a sheet is on its way to it waits for
/// that; who has gone by then is passed over.
pub fn press() -> Arc<dyn Press> {
    press_with(Patience::default())
}

/// As [`press`], with another patience.
pub fn press_with(patience: Patience) -> Arc<dyn Press> {
    Arc::new(Lines {
        patience,
        open: Mutex::new(HashMap::new()),
    })
}

struct Lines {
    patience: Patience,
    open: Mutex<HashMap<String, Sender<Job>>>,
}

/// Somebody who wants to print.
struct Job {
    line: PrinterLine,
    /// Told that the printer was reached.
    reached: oneshot::Sender<Result<(), PressError>>,
    /// Comes then, or never.
    sheet: Receiver<Sheet>,
    done: oneshot::Sender<Result<(), PressError>>,
}

impl Press for Lines {
    fn reach(&self, printer: &Printer) -> BoxFuture<'static, Result<Reached, PressError>> {
        let (reached, is_reached) = oneshot::channel();
        let (give, sheet) = sync_channel(1);
        let (done, outcome) = oneshot::channel();
        let given = self.give(Job {
            line: printer.line.clone(),
            reached,
            sheet,
            done,
        });
        Box::pin(async move {
            given?;
            // A thread that is gone has sent nothing: it answers before it ends.
            is_reached.await.unwrap_or(Err(PressError::Unreachable))?;
            let print: Reached = Box::new(move |sheet| {
                let given = give.send(sheet);
                Box::pin(async move {
                    given.map_err(|_| PressError::Unreachable)?;
                    outcome.await.unwrap_or(Err(PressError::Unreachable))
                })
            });
            Ok(print)
        })
    }
}

impl Lines {
    fn give(&self, job: Job) -> Result<(), PressError> {
        let line = line_name(&job.line);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let job = match open.get(&line) {
            Some(thread) => match thread.send(job) {
                Ok(()) => return Ok(()),
                Err(back) => back.0,
            },
            None => job,
        };
        let (give, given) = channel();
        let patience = self.patience;
        thread::Builder::new()
            .name("printer".to_owned())
            .spawn(move || work(&given, &patience))
            .map_err(|_| PressError::Unreachable)?;
        give.send(job).map_err(|_| PressError::Unreachable)?;
        open.insert(line, give);
        Ok(())
    }
}

/// Two printers on one line are one machine.
fn line_name(line: &PrinterLine) -> String {
    match line {
        PrinterLine::Network { host, port } => format!("{}:{port}", host.to_ascii_lowercase()),
        PrinterLine::Serial { path, .. } | PrinterLine::File { path } => path.clone(),
    }
}

/// Prints what is given, until nobody can give more.
fn work(given: &Receiver<Job>, patience: &Patience) {
    let mut memory = Memory::default();
    for job in given {
        if job.reached.is_canceled() {
            continue;
        }
        let mut printer = match ways::reach(&job.line, patience, &mut memory) {
            Ok(printer) => printer,
            Err(error) => {
                // Nobody may wait any more, here and below.
                let _ = job.reached.send(Err(error));
                continue;
            }
        };
        let _ = job.reached.send(Ok(()));
        let Ok(sheet) = job.sheet.recv() else {
            continue;
        };
        // Whatever goes wrong while drawing goes wrong before a byte is out; while sending nothing can.
        let drawn = catch_unwind(AssertUnwindSafe(|| draw(&sheet)));
        let outcome = match drawn {
            Ok(bytes) => print(&mut printer, &sheet, &bytes, patience, &mut memory),
            Err(_) => Err(PressError::Unreachable),
        };
        let _ = job.done.send(outcome);
    }
}

fn draw(sheet: &Sheet) -> Vec<u8> {
    let copies = match sheet.content {
        SheetContent::Test => 1,
        SheetContent::Order { .. } => sheet.printer.copies,
    };
    escpos::bytes(&render(sheet), sheet.printer.paper, copies)
}

fn print(
    printer: &mut ways::Reached,
    sheet: &Sheet,
    bytes: &[u8],
    patience: &Patience,
    memory: &mut Memory,
) -> Result<(), PressError> {
    let before = if memory.broken_off {
        escpos::rest_of_a_band(sheet.printer.paper)
    } else {
        Vec::new()
    };
    let outcome = ways::send(printer, &before, bytes, patience);
    match outcome {
        Ok(()) => memory.broken_off = false,
        Err(PressError::Stalled) => memory.broken_off = true,
        Err(PressError::Unreachable) => {}
    }
    outcome
}

//! One task for each printer that has something to print: reaches it, takes the next job, writes down that bytes of it may
//! go out, lets them go out, and writes down what became of it. It must never send what is not written down, nor write down
//! that a job may be on paper while nobody has reached the printer.

use std::rc::Rc;

use futures::future::select;
use momfood_domain::text::LocalizedText;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{Event, Printer, PrinterHealth, Sheet, SheetContent};
use momfood_protocol::error::Failure;
use uuid::Uuid;

use super::choosing::{self, Content};
use super::with;
use crate::core::{Core, read_text};
use crate::port::PressError;
use crate::store::{Ended, Job};

/// The longest wait between two tries.
const LONGEST: i64 = 15 * SECOND;

/// How a try went.
enum Tried {
    /// There is nothing to send, or no way to send it.
    Nothing,
    /// It was sent, or is not wanted any more.
    Done,
    /// Not now.
    NotNow,
}

/// Sees to it that `printer` gets what is there for it.
pub(super) fn start(core: &Rc<Core>, printer: Uuid) {
    {
        let desk = &mut core.state.borrow_mut().printing;
        let at = desk.at.entry(printer).or_default();
        if std::mem::replace(&mut at.is_busy, true) {
            return;
        }
    }
    let task = Rc::clone(core);
    core.spawn(async move {
        loop {
            match attempt(&task, printer).await {
                Tried::Nothing => break,
                Tried::Done => {}
                Tried::NotNow => wait(&task, printer).await,
            }
        }
        if let Some(at) = task.state.borrow_mut().printing.at.get_mut(&printer) {
            at.is_busy = false;
        }
    });
}

/// Somebody stands there: the next try is now.
pub(super) fn hurry(core: &Rc<Core>, printer: Uuid) {
    let waits = {
        let desk = &mut core.state.borrow_mut().printing;
        desk.at.get_mut(&printer).and_then(|at| at.hurry.take())
    };
    if let Some(tell) = waits {
        // It may have been about to try by itself.
        let _ = tell.send(());
    }
    start(core, printer);
}

async fn wait(core: &Rc<Core>, printer: Uuid) {
    let (tell, told) = futures::channel::oneshot::channel();
    let failures = {
        let desk = &mut core.state.borrow_mut().printing;
        let at = desk.at.entry(printer).or_default();
        at.hurry = Some(tell);
        at.failures += 1;
        at.failures
    };
    let _ = select(told, Box::pin(core.sleep_micros(back_off(failures)))).await;
}

/// 1 s, 2 s, 4 s, 8 s, 15 s: nobody has to wait longer after the paper was changed.
fn back_off(failures: u32) -> i64 {
    (SECOND << failures.saturating_sub(1).min(8)).min(LONGEST)
}

async fn attempt(core: &Rc<Core>, printer: Uuid) -> Tried {
    let Some(press) = core.attached.borrow().press.clone() else {
        return Tried::Nothing;
    };
    let Some(kept) = kept(core, printer) else {
        return Tried::Nothing;
    };
    match with(core, |spool| spool.next(printer, read)) {
        Ok(Some(_)) => {}
        Ok(None) => return Tried::Nothing,
        Err(_) => return Tried::NotNow,
    }
    let Ok(reached) = press.reach(&kept).await else {
        note(core, printer, PrinterHealth::Unreachable);
        core.tell(&Event::Printing {});
        return Tried::NotNow;
    };
    if self::kept(core, printer).as_ref() != Some(&kept) {
        // Somebody changed it meanwhile: that was another one.
        return Tried::Done;
    }
    // By now something else may come first.
    let (job, what) = match with(core, |spool| spool.next(printer, read)) {
        Ok(Some(next)) => next,
        Ok(None) => return Tried::Nothing,
        Err(_) => return Tried::NotNow,
    };
    let (id, now) = (job.job.id, core.now());
    let copy = match with(core, |spool| spool.begin(id, now)) {
        Ok(Some(copy)) => copy,
        Ok(None) => return Tried::Done,
        Err(_) => return Tried::NotNow,
    };
    core.tell(&Event::Printing {});
    let sent = reached(sheet(core, kept, what, copy, now)).await;
    write_down(core, printer, id, sent).await;
    match sent {
        Ok(()) => Tried::Done,
        Err(_) => Tried::NotNow,
    }
}

/// The printer, as it is set up now.
fn kept(core: &Core, printer: Uuid) -> Option<Printer> {
    let desk = &core.state.borrow().printing;
    let kept = desk.printers.iter().find(|kept| kept.printer.id == printer)?;
    Some(kept.printer.clone())
}

/// What a job prints.
enum What {
    Test,
    Ticket(Box<Content>),
}

/// `None`: nothing this program can read.
fn read(job: &Job) -> Option<What> {
    match (&job.content, job.job.order_id) {
        (Some(text), _) => read_text(text).map(|content| What::Ticket(Box::new(content))),
        (None, None) => Some(What::Test),
        (None, Some(_)) => None,
    }
}

fn sheet(core: &Core, printer: Printer, what: What, copy: bool, at: Timestamp) -> Sheet {
    let (content, restaurant, utc_offset_minutes) = match what {
        What::Test => {
            let own = crate::kitchen::settings(core).ok().map(|settings| settings.name);
            let name = printer.name.as_str();
            let restaurant = own.unwrap_or_else(|| LocalizedText::both(name, name));
            (SheetContent::Test, restaurant, choosing::utc_offset(core))
        }
        What::Ticket(content) => {
            let restaurant = content.order.restaurant.name.clone();
            let ticket = SheetContent::Order {
                order: Box::new(content.order),
                lines: content.lines,
            };
            (ticket, restaurant, content.utc_offset_minutes)
        }
    };
    Sheet {
        printer,
        content,
        restaurant,
        copy,
        at,
        utc_offset_minutes,
    }
}

/// Writes down how the sending ended, for as long as it takes: until then the job is one that is being sent, and if the
/// program ends first, it is unsure.
async fn write_down(core: &Rc<Core>, printer: Uuid, id: Uuid, sent: Result<(), PressError>) {
    let (ended, health) = match sent {
        Ok(()) => (Ended::Taken, PrinterHealth::Ready),
        Err(PressError::Unreachable) => (Ended::Unsent, PrinterHealth::Unreachable),
        Err(PressError::Stalled) => (Ended::Torn, PrinterHealth::Stalled),
    };
    note(core, printer, health);
    let mut failures = 0;
    loop {
        let now = core.now();
        let written: Result<(), Failure> = with(core, |spool| spool.end(id, ended, &|| core.mint(), now));
        if written.is_ok() {
            break;
        }
        failures += 1;
        core.sleep_micros(back_off(failures)).await;
    }
    if sent.is_ok() {
        choosing::prune(core);
    }
    core.tell(&Event::Printing {});
}

/// Remembers how a printer is.
fn note(core: &Core, printer: Uuid, health: PrinterHealth) {
    let now = core.now();
    let desk = &mut core.state.borrow_mut().printing;
    // A printer that was removed meanwhile is none of our concern any more.
    if let Some(at) = desk.at.get_mut(&printer) {
        if at.health != health {
            at.health = health;
            at.since = Some(now);
        }
        if health == PrinterHealth::Ready {
            at.failures = 0;
        }
    }
}

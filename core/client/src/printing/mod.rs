//! Printing: which orders become tickets, and how often. A printer gives no reliable receipt: it takes bytes, or takes no
//! more. So nothing here says "it is on paper", only how sure one can be, and all of it stands in `spool.db`
//! ([`Spool`]) before anything follows from it.
//!
//! A job is
//! - `waiting`: no byte of it has gone out. Its printer is tried for as long as it takes, at least every 15 s.
//! - `sending`: the printer was reached; written down *before* the first byte may go out. The printer took every byte:
//!   `printed`. No byte went out: `waiting` again. It broke off, or the program ended (found at the next start): `unsure`.
//! - `unsure`: it may be on paper. The same is queued as a COPY in its place, and is the next thing that printer gets; the
//!   unsure job stays listed until that COPY is printed or somebody settles it. A COPY that breaks off is unsure too, and
//!   is sent again itself, so that a printer that jams all day leaves two jobs, not hundreds.
//! - `printed`: the printer took every byte. Listed for 72 h.
//! - `settled`: not needed (any more): somebody looked, a COPY of it was printed, or its order was called off.
//!
//! The laws:
//! 1. An order that is accepted, as this device shows it, gets one job on each automatic printer: once for each order and
//!    printer, whoever accepted it, whenever this device hears of it, across restarts and sign-outs. One that was accepted
//!    before the printer was added, that has left the kitchen already when it is first seen, or of which the printer's
//!    stations make nothing, gets none; a ticket somebody asked for that is still on its way counts as the job.
//! 2. Of one order, one printer never gets two sheets that are not marked COPY. The gate is [`Spool::begin`] alone.
//! 3. Whatever may be on paper is `unsure` or `printed` until somebody, or a COPY on paper, settles it.
//! 4. A printer's tickets keep their order; printers do not wait for each other. A ticket that breaks off each time holds
//!    its own printer up (it cannot be told from a printer without paper) until it is settled.
//! 5. An order that is called off (cancelled, refused, expired) takes what still waits with it: nobody wants to cook from
//!    it. What may be on paper already stays, and is not repeated; that the order was called off, the board's red alert
//!    says. Should it turn out that it was not (a cancelling tapped here is refused), it is printed after all. An order that
//!    was delivered while the printer was off is printed all the same: only called-off food is not. What somebody asks for
//!    is printed, called off or not.
//! 6. A damaged spool is set aside and begun anew, without printers: [`Printing::lost`] says so until one is saved, and
//!    the connection's storage is `recovered`. Tickets are printed from the board until then.
//!
//! Printers belong to the installation, not to who is signed in: what waits is printed after a sign-out too, from what was
//! written down when it was queued. How a printer is ([`PrinterHealth`]) is only known from trying, and not kept.

mod calls;
mod choosing;
mod sending;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures::channel::oneshot;
use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{Event, PrinterHealth, PrinterState, Printing};
use momfood_protocol::error::{ErrorCode, Failure};
use serde_json::json;
use uuid::Uuid;

use crate::core::Core;
use crate::store::{KeptPrinter, Spool, StoreError};

pub(crate) use calls::{get, print_order, remove, save, settle, test};
pub(crate) use choosing::review;

/// What is known of printing while the engine runs.
#[derive(Default)]
pub(crate) struct Desk {
    /// Opened when the first press joins the engine.
    spool: Option<Rc<Spool>>,
    printers: Vec<KeptPrinter>,
    /// For which printers and orders it is decided whether they are printed by themselves.
    decided: BTreeSet<(Uuid, OrderId)>,
    at: BTreeMap<Uuid, AtPrinter>,
    /// Whether a review that could not be written down is tried again.
    is_reviewing_again: bool,
}

/// What is known of a printer.
#[derive(Default)]
struct AtPrinter {
    /// Whether a task sees to it.
    is_busy: bool,
    health: PrinterHealth,
    since: Option<Timestamp>,
    /// How often it failed since it took a sheet.
    failures: u32,
    /// Ends the wait for the next try.
    hurry: Option<oneshot::Sender<()>>,
}

/// A press may have joined the engine.
pub(crate) fn attached(core: &Rc<Core>) {
    if core.attached.borrow().press.is_none() {
        return;
    }
    review(core, None);
    start_all(core);
}

/// The spool, opened if need be.
fn open(core: &Rc<Core>) -> Result<Rc<Spool>, Failure> {
    if core.attached.borrow().press.is_none() {
        return Err(core.failure(ErrorCode::NotOnThisDevice));
    }
    let open = core.state.borrow().printing.spool.clone();
    if let Some(spool) = open {
        return Ok(spool);
    }
    let now = core.ports.host.now();
    let opened = core.sync.borrow().store().spool(&|| core.mint(), now);
    let read = opened.and_then(|spool| Ok((spool.printers()?, spool.decided()?, spool)));
    let (printers, decided, spool) = read.map_err(|error| not_kept(core, &error))?;
    let spool = Rc::new(spool);
    {
        let desk = &mut core.state.borrow_mut().printing;
        desk.spool = Some(Rc::clone(&spool));
        desk.printers = printers;
        desk.decided = decided;
    }
    core.tell(&Event::Printing {});
    core.tell_connection();
    Ok(spool)
}

/// Works with the spool. One that turns out damaged is set aside, and begun anew with the next work.
fn with<T>(core: &Rc<Core>, work: impl FnOnce(&Spool) -> Result<T, StoreError>) -> Result<T, Failure> {
    let spool = open(core)?;
    let done = work(&spool);
    done.map_err(|error| {
        if error == StoreError::Damaged {
            let desk = &mut core.state.borrow_mut().printing;
            desk.spool = None;
            desk.printers.clear();
        }
        not_kept(core, &error)
    })
}

/// Why something of the spool was not done.
fn not_kept(core: &Core, error: &StoreError) -> Failure {
    match error {
        StoreError::NewerVault { .. } => core
            .failure(ErrorCode::NotOnThisDevice)
            .with(json!({ "why": error.to_string() })),
        StoreError::Full | StoreError::Disk(_) => core.failure(ErrorCode::DeviceFull),
        _ => core.failure(ErrorCode::Internal),
    }
}

/// Sees to it that every printer gets what is there for it.
fn start_all(core: &Rc<Core>) {
    let printers: Vec<Uuid> = {
        let desk = &core.state.borrow().printing;
        desk.printers.iter().map(|kept| kept.printer.id).collect()
    };
    for printer in printers {
        sending::start(core, printer);
    }
}

/// Everything there is to tell.
fn state(core: &Rc<Core>) -> Result<Printing, Failure> {
    let (jobs, done, lost) = with(core, |spool| {
        Ok((spool.open_jobs()?, spool.done_jobs()?, spool.was_lost()?))
    })?;
    let state = core.state.borrow();
    let desk = &state.printing;
    let printers = desk.printers.iter().map(|kept| {
        let at = desk.at.get(&kept.printer.id);
        PrinterState {
            printer: kept.printer.clone(),
            health: at.map_or(PrinterHealth::Unknown, |at| at.health),
            since: at.and_then(|at| at.since),
        }
    });
    Ok(Printing {
        printers: printers.collect(),
        jobs: jobs.into_iter().map(|job| job.job).collect(),
        done: done.into_iter().map(|job| job.job).collect(),
        lost,
    })
}

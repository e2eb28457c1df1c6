//! What screens ask of printing. Without a way to printers, all of it is answered `not_on_this_device`.

use std::rc::Rc;

use momfood_domain::id::OrderId;
use momfood_protocol::engine::{
    Event, PrintOrder, Printer, PrinterHealth, Printing, RemovePrinter, SavePrinter, SettlePrint, TestPrinter,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::problem::Problem;
use serde_json::json;
use uuid::Uuid;

use super::{choosing, open, sending, settings, state, with};
use crate::core::Core;
use crate::session::signed_in;
use crate::store::{KeptPrinter, NewJob, Settling};

/// Somebody is signed in, and there is a way to printers.
fn ready(core: &Rc<Core>) -> Result<(), Failure> {
    if core.attached.borrow().press.is_none() {
        return Err(core.failure(ErrorCode::NotOnThisDevice));
    }
    signed_in(core)?;
    open(core).map(|_| ())
}

/// `GetPrinting`.
pub(crate) fn get(core: &Rc<Core>) -> Result<Printing, Failure> {
    ready(core)?;
    state(core)
}

/// `SavePrinter`.
pub(crate) fn save(core: &Rc<Core>, call: SavePrinter) -> Result<Printing, Failure> {
    ready(core)?;
    let printer = settings::checked(call.printer).map_err(|problem| problem.failure(core.lang()))?;
    let (known, count) = {
        let desk = &core.state.borrow().printing;
        let known = desk.printers.iter().find(|kept| kept.printer.id == printer.id);
        (known.cloned(), desk.printers.len())
    };
    if known.is_none() && count >= settings::MOST_PRINTERS {
        return Err(Problem::invalid("printers").failure(core.lang()));
    }
    let is_other_line = known
        .as_ref()
        .is_none_or(|known| known.printer.line != printer.line);
    let begins = printer.automatic && known.as_ref().is_none_or(|known| !known.printer.automatic);
    let passed_by = if begins { accepted_already(core) } else { vec![] };
    let automatic_since = match known {
        Some(known) if !begins => known.automatic_since,
        _ => begins.then(|| began(core)).flatten(),
    };
    let kept = KeptPrinter {
        printer,
        automatic_since,
    };
    let (id, now) = (kept.printer.id, core.now());
    let printers = with(core, |spool| {
        spool.save_printer(&kept, &passed_by, now)?;
        spool.printers()
    })?;
    {
        let desk = &mut core.state.borrow_mut().printing;
        desk.printers = printers;
        desk.decided
            .extend(passed_by.into_iter().map(|order| (id, order)));
        let at = desk.at.entry(id).or_default();
        if is_other_line {
            at.health = PrinterHealth::Unknown;
            at.since = None;
        }
    }
    core.tell(&Event::Printing {});
    sending::hurry(core, id);
    state(core)
}

/// What this device shows as accepted, or beyond: that is on the board, and somebody cooks it already.
fn accepted_already(core: &Core) -> Vec<OrderId> {
    let sync = core.sync.borrow();
    let accepted = sync.shown().scoped().filter(|order| order.status.is_in_kitchen());
    accepted.map(|order| order.id).collect()
}

/// From when on a printer prints by itself, where an order accepted earlier may still come to light: while the line is
/// live, all of them are known. Without the server's time nothing can be compared, and one ticket too many is better than
/// one too few.
fn began(core: &Core) -> Option<momfood_domain::time::Timestamp> {
    let is_server_time = core.state.borrow().offset.is_some();
    (is_server_time && !core.is_live()).then(|| core.now())
}

/// `RemovePrinter`.
pub(crate) fn remove(core: &Rc<Core>, call: &RemovePrinter) -> Result<Printing, Failure> {
    ready(core)?;
    let printers = with(core, |spool| {
        spool.remove_printer(call.id)?;
        spool.printers()
    })?;
    core.state.borrow_mut().printing.printers = printers;
    core.tell(&Event::Printing {});
    state(core)
}

fn printer(core: &Core, id: Uuid) -> Result<Printer, Failure> {
    let desk = &core.state.borrow().printing;
    let kept = desk.printers.iter().find(|kept| kept.printer.id == id);
    kept.map(|kept| kept.printer.clone())
        .ok_or_else(|| Failure::new(ErrorCode::NotFound, core.lang()))
}

/// `TestPrinter`.
pub(crate) fn test(core: &Rc<Core>, call: &TestPrinter) -> Result<Printing, Failure> {
    ready(core)?;
    let printer = printer(core, call.id)?.id;
    let page = NewJob {
        id: core.mint(),
        printer,
        order: None,
        number: None,
        content: None,
        forced: true,
        at: core.now(),
    };
    with(core, |spool| spool.enqueue(&page))?;
    core.tell(&Event::Printing {});
    sending::hurry(core, printer);
    state(core)
}

/// `PrintOrder`.
pub(crate) async fn print_order(core: &Rc<Core>, call: PrintOrder) -> Result<Printing, Failure> {
    ready(core)?;
    let order = core.order(call.id).await?;
    let menu = crate::kitchen::known_menu(core).map(|menu| menu.menu);
    let printers = core.state.borrow().printing.printers.clone();
    let (offset, forced) = (choosing::utc_offset(core), order.status.is_called_off());
    let jobs: Vec<NewJob> = printers
        .iter()
        .filter_map(|kept| choosing::job(core, &kept.printer, &order, menu.as_ref(), offset, forced))
        .collect();
    if jobs.is_empty() {
        let why = "no printer takes anything of this order";
        return Err(core
            .failure(ErrorCode::NotOnThisDevice)
            .with(json!({ "why": why })));
    }
    with(core, |spool| {
        for job in &jobs {
            spool.enqueue(job)?;
        }
        Ok(())
    })?;
    core.tell(&Event::Printing {});
    for job in &jobs {
        sending::hurry(core, job.printer);
    }
    state(core)
}

/// `SettlePrint`.
pub(crate) fn settle(core: &Rc<Core>, call: &SettlePrint) -> Result<Printing, Failure> {
    ready(core)?;
    let job = with(core, |spool| spool.job(call.job))?;
    let job = job.ok_or_else(|| core.failure(ErrorCode::NotFound))?;
    let settling = if call.again {
        let called_off = job.job.order_id.is_some_and(|id| {
            let sync = core.sync.borrow();
            sync.shown()
                .order(id)
                .is_some_and(|order| order.status.is_called_off())
        });
        Settling::Again {
            id: core.mint(),
            forced: called_off,
        }
    } else {
        Settling::Done
    };
    let now = core.now();
    with(core, |spool| spool.settle(&job, settling, now))?;
    core.tell(&Event::Printing {});
    // It is to be printed now, or no longer holds the others up.
    sending::hurry(core, job.job.printer);
    state(core)
}

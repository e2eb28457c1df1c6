//! Which orders are printed by themselves, on which printers, and what of them. It must decide once for each order and
//! printer, and never let an accepted order go by undecided.

use std::collections::BTreeSet;
use std::rc::Rc;

use momfood_domain::id::OrderId;
use momfood_domain::menu::Menu;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{Event, Printer};
use momfood_protocol::view::{OrderView, StepKind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{open, start_all, with};
use crate::core::Core;
use crate::kitchen;
use crate::store::{Decision, KeptPrinter, NewJob};
use crate::sync::Changed;

/// What could not be written down is decided again after this long, microseconds.
const AGAIN: i64 = 5 * SECOND;

/// What a ticket shows, as it was when it was queued.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Content {
    pub order: OrderView,
    /// Only these of its lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<usize>>,
    pub utc_offset_minutes: i16,
}

/// Orders are shown differently: what was accepted is printed, what was called off is not any more. Without `changed`, all
/// that is shown is looked at.
pub(crate) fn review(core: &Rc<Core>, changed: Option<&BTreeSet<Changed>>) {
    if core.attached.borrow().press.is_none() {
        return;
    }
    if open(core).is_err() {
        review_again(core);
        return;
    }
    let (mut undecided, called_off) = look(core, changed);
    let mut is_written = true;
    if !called_off.is_empty() {
        is_written &= call_off(core, &called_off);
    }
    if !undecided.is_empty() {
        // Tickets come in the order in which the kitchen said yes.
        undecided.sort_by_key(|(order, _)| (accepted_at(order).unwrap_or(order.placed_at), order.id));
        is_written &= decide(core, &undecided);
    }
    if changed.is_none() {
        prune(core);
    }
    if !is_written {
        review_again(core);
    }
}

/// Orders in the kitchen with the printers for which nothing is decided yet, and orders that were called off.
fn look(core: &Core, changed: Option<&BTreeSet<Changed>>) -> (Vec<(OrderView, Vec<Uuid>)>, Vec<OrderId>) {
    let sync = core.sync.borrow();
    let state = core.state.borrow();
    let desk = &state.printing;
    let automatic: Vec<Uuid> = desk
        .printers
        .iter()
        .filter(|kept| kept.printer.automatic)
        .map(|kept| kept.printer.id)
        .collect();
    let shown = sync.shown();
    let orders: Vec<&OrderView> = match changed {
        None => shown.scoped().collect(),
        Some(changed) => changed
            .iter()
            .filter_map(|what| match what {
                Changed::Order(id) if shown.follows(*id) => shown.order(*id),
                _ => None,
            })
            .collect(),
    };
    let (mut undecided, mut called_off) = (Vec::new(), Vec::new());
    for order in orders {
        if order.status.is_called_off() {
            called_off.push(order.id);
        } else if order.status.is_in_kitchen() {
            let mut printers = automatic.clone();
            printers.retain(|printer| !desk.decided.contains(&(*printer, order.id)));
            if !printers.is_empty() {
                undecided.push((order.clone(), printers));
            }
        }
    }
    (undecided, called_off)
}

fn call_off(core: &Rc<Core>, called_off: &[OrderId]) -> bool {
    let now = core.now();
    let done = with(core, |spool| {
        let pending = spool.pending_orders()?;
        let mut gone = called_off.to_vec();
        gone.retain(|id| pending.contains(id));
        if gone.is_empty() {
            return Ok(BTreeSet::new());
        }
        spool.call_off(&gone, now)
    });
    let Ok(reopened) = done else {
        return false;
    };
    if !reopened.is_empty() {
        core.state
            .borrow_mut()
            .printing
            .decided
            .retain(|pair| !reopened.contains(pair));
        core.tell(&Event::Printing {});
    }
    true
}

fn decide(core: &Rc<Core>, undecided: &[(OrderView, Vec<Uuid>)]) -> bool {
    let now = core.now();
    let (menu, utc_offset_minutes) = (kitchen::known_menu(core).map(|menu| menu.menu), utc_offset(core));
    let printers = core.state.borrow().printing.printers.clone();
    let mut decisions = Vec::new();
    for (order, on) in undecided {
        for kept in printers.iter().filter(|kept| on.contains(&kept.printer.id)) {
            let is_news = !was_accepted_before(kept, order);
            let job = is_news.then(|| {
                job(
                    core,
                    &kept.printer,
                    order,
                    menu.as_ref(),
                    utc_offset_minutes,
                    false,
                )
            });
            decisions.push(Decision {
                printer: kept.printer.id,
                order: order.id,
                job: job.flatten(),
            });
        }
    }
    if with(core, |spool| spool.decide(&decisions, now)).is_err() {
        return false;
    }
    let has_jobs = decisions.iter().any(|decision| decision.job.is_some());
    let decided = decisions
        .iter()
        .map(|decision| (decision.printer, decision.order));
    core.state.borrow_mut().printing.decided.extend(decided);
    if has_jobs {
        core.tell(&Event::Printing {});
        start_all(core);
    }
    true
}

/// The ticket of `order` on `printer`, if there is something of it to print there.
pub(super) fn job(
    core: &Core,
    printer: &Printer,
    order: &OrderView,
    menu: Option<&Menu>,
    utc_offset_minutes: i16,
    forced: bool,
) -> Option<NewJob> {
    let lines = lines(printer, order, menu);
    if lines.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    let content = Content {
        order: order.clone(),
        lines,
        utc_offset_minutes,
    };
    Some(NewJob {
        id: core.mint(),
        printer: printer.id,
        order: Some(order.id),
        number: Some(order.number.clone()),
        content: serde_json::to_string(&content).ok(),
        forced,
        at: core.now(),
    })
}

/// Which lines `printer` prints; `None`: all of them. What no station makes, or the menu does not name any more, every
/// printer prints: a line on two sheets is a nuisance, one on none is a meal that is not cooked.
pub(super) fn lines(printer: &Printer, order: &OrderView, menu: Option<&Menu>) -> Option<Vec<usize>> {
    if printer.stations.is_empty() {
        return None;
    }
    let is_printed = |item| match menu.and_then(|menu| menu.station_of(item)) {
        Some(station) => printer.stations.iter().any(|one| one == station),
        None => true,
    };
    let lines = order.bill.lines.iter().enumerate();
    let lines = lines.filter(|(_, line)| is_printed(line.item_id));
    Some(lines.map(|(place, _)| place).collect())
}

/// In which minutes east of UTC this kitchen lives.
pub(super) fn utc_offset(core: &Core) -> i16 {
    kitchen::settings(core).map_or(0, |settings| settings.hours.utc_offset_minutes)
}

fn accepted_at(order: &OrderView) -> Option<Timestamp> {
    let accepted = order.timeline.iter().find(|step| step.kind == StepKind::Accepted);
    accepted.map(|step| step.at)
}

fn was_accepted_before(kept: &KeptPrinter, order: &OrderView) -> bool {
    let since = kept.automatic_since.zip(accepted_at(order));
    since.is_some_and(|(since, accepted)| accepted < since)
}

/// Lets go of what is old, while the server's time is known and all its orders are shown.
pub(super) fn prune(core: &Rc<Core>) {
    if !core.is_live() {
        return;
    }
    let now = core.now();
    let sync = core.sync.borrow();
    let spool = core.state.borrow().printing.spool.clone();
    if let Some(spool) = spool {
        // A device that is full keeps a little more for now. What is decided is remembered until the next start.
        let _ = spool.prune(now, |id| sync.shown().follows(id));
    }
}

/// Reviews everything again before long.
fn review_again(core: &Rc<Core>) {
    let is_coming = std::mem::replace(&mut core.state.borrow_mut().printing.is_reviewing_again, true);
    if is_coming {
        return;
    }
    let task = Rc::clone(core);
    core.spawn(async move {
        task.sleep_micros(AGAIN).await;
        task.state.borrow_mut().printing.is_reviewing_again = false;
        review(&task, None);
    });
}

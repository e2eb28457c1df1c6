//! What there is to say about paper: which tickets a printer has not taken, which may lie there, whether an order was
//! printed before. Pure: what is printed when, and what is a copy, is the engine's affair.

use momfood_domain::id::OrderId;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{PrintJob, PrintState, Printer, PrinterHealth, Printing};

/// A ticket on its way is no news before that.
const PATIENCE: i64 = 15 * SECOND;

/// Tickets printers have not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Which printers, and how they are; in order of names, never none.
    pub printers: Vec<(String, PrinterHealth)>,
    /// How many tickets.
    pub count: usize,
    /// Since when the oldest waits.
    pub oldest: Timestamp,
}

/// Whether a printer's tickets concern those who stand at `station`; everybody, where it prints whole orders or they
/// stand before the whole kitchen.
fn concerns(printer: &Printer, station: Option<&str>) -> bool {
    station
        .is_none_or(|station| printer.stations.is_empty() || printer.stations.iter().any(|it| it == station))
}

/// Whether a ticket is the copy that follows one nobody can be sure of: that one speaks for both.
fn is_spoken_for(printing: &Printing, job: &PrintJob) -> bool {
    let mut others = printing.jobs.iter();
    job.copy
        && others.any(|other| {
            other.state == PrintState::Unsure
                && other.printer == job.printer
                && other.order_id == job.order_id
        })
}

/// What printers have kept waiting long enough to say so.
pub fn held(printing: &Printing, station: Option<&str>, now: Timestamp) -> Option<Held> {
    let mut all: Option<Held> = None;
    for state in &printing.printers {
        if !concerns(&state.printer, station) {
            continue;
        }
        let troubled = matches!(state.health, PrinterHealth::Unreachable | PrinterHealth::Stalled);
        let waiting = printing.jobs.iter().filter(|job| {
            job.printer == state.printer.id
                && matches!(job.state, PrintState::Waiting | PrintState::Sending)
                && (troubled || now.since(job.at) >= PATIENCE)
                && !is_spoken_for(printing, job)
        });
        let times: Vec<Timestamp> = waiting.map(|job| job.at).collect();
        if let Some(oldest) = times.iter().min() {
            let held = all.get_or_insert(Held {
                printers: Vec::new(),
                count: 0,
                oldest: *oldest,
            });
            held.printers.push((state.printer.name.clone(), state.health));
            held.count += times.len();
            held.oldest = held.oldest.min(*oldest);
        }
    }
    all
}

/// Tickets that may be on paper or not, with their printers' names, oldest first.
pub fn unsure(printing: &Printing, station: Option<&str>) -> Vec<(PrintJob, String)> {
    let jobs = printing.jobs.iter().filter(|job| job.state == PrintState::Unsure);
    jobs.filter_map(|job| {
        let printer = printer_of(printing, job)?;
        concerns(printer, station).then(|| (job.clone(), printer.name.clone()))
    })
    .collect()
}

/// The printer of a ticket.
pub fn printer_of<'a>(printing: &'a Printing, job: &PrintJob) -> Option<&'a Printer> {
    let mut printers = printing.printers.iter().map(|state| &state.printer);
    printers.find(|printer| printer.id == job.printer)
}

/// Whether paper of an order may lie somewhere already: what is printed of it now is a copy.
pub fn was_printed(printing: &Printing, order: OrderId) -> bool {
    let mut all = printing.jobs.iter().chain(&printing.done);
    all.any(|job| job.order_id == Some(order) && job.state != PrintState::Waiting)
}

/// How many tickets of a printer are not on paper yet.
pub fn to_print(printing: &Printing, printer: &Printer) -> usize {
    printing
        .jobs
        .iter()
        .filter(|job| job.printer == printer.id)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOON, order, printer};
    use momfood_domain::order::OrderStatus;
    use momfood_protocol::engine::PrinterState;
    use uuid::Uuid;

    fn job(n: u128, on: &Printer, state: PrintState, minute: i64) -> PrintJob {
        PrintJob {
            id: Uuid::from_u128(n),
            printer: on.id,
            order_id: Some(order("1-0012", OrderStatus::Preparing).id),
            number: Some("1-0012".to_owned()),
            state,
            copy: false,
            attempts: 0,
            at: NOON.plus_minutes(minute),
        }
    }

    fn printing(health: PrinterHealth, printers: &[&Printer], jobs: Vec<PrintJob>) -> Printing {
        let state = |printer: &&Printer| PrinterState {
            printer: (*printer).clone(),
            health,
            since: None,
        };
        Printing {
            printers: printers.iter().map(state).collect(),
            jobs,
            ..Printing::default()
        }
    }

    #[test]
    fn a_ticket_on_its_way_is_no_news_and_one_that_waits_is() {
        let grill = printer(1, &["grill"]);
        let jobs = vec![
            job(1, &grill, PrintState::Waiting, 0),
            job(2, &grill, PrintState::Waiting, 3),
        ];
        let all = printing(PrinterHealth::Ready, &[&grill], jobs);
        assert_eq!(held(&all, None, NOON.plus_seconds(14)), None);
        let found = held(&all, None, NOON.plus_minutes(4)).unwrap();
        assert_eq!((found.count, found.oldest, found.printers.len()), (2, NOON, 1));
    }

    #[test]
    fn a_printer_known_to_be_off_is_said_at_once() {
        let grill = printer(1, &[]);
        let jobs = vec![job(1, &grill, PrintState::Waiting, 0)];
        let all = printing(PrinterHealth::Unreachable, &[&grill], jobs);
        assert_eq!(held(&all, None, NOON).unwrap().count, 1);
    }

    #[test]
    fn tickets_of_several_printers_are_said_in_one_sentence() {
        let (grill, cold) = (printer(1, &["grill"]), printer(2, &["cold"]));
        let jobs = vec![
            job(1, &grill, PrintState::Waiting, 2),
            job(2, &cold, PrintState::Waiting, 1),
            job(3, &cold, PrintState::Waiting, 3),
        ];
        let all = printing(PrinterHealth::Unreachable, &[&grill, &cold], jobs);
        let found = held(&all, None, NOON.plus_minutes(4)).unwrap();
        assert_eq!((found.count, found.oldest), (3, NOON.plus_minutes(1)));
        assert_eq!(held(&all, Some("grill"), NOON.plus_minutes(4)).unwrap().count, 1);
    }

    #[test]
    fn the_copy_that_follows_an_unsure_ticket_is_not_told_a_second_time() {
        let grill = printer(1, &[]);
        let mut copy = job(2, &grill, PrintState::Waiting, 0);
        copy.copy = true;
        let mut jobs = vec![job(1, &grill, PrintState::Unsure, 0), copy];
        let all = printing(PrinterHealth::Stalled, &[&grill], jobs.clone());
        assert_eq!(held(&all, None, NOON.plus_minutes(4)), None);
        jobs.remove(0);
        let all = printing(PrinterHealth::Stalled, &[&grill], jobs);
        assert_eq!(held(&all, None, NOON.plus_minutes(4)).unwrap().count, 1);
    }

    #[test]
    fn a_station_hears_of_its_own_printers_and_of_those_for_whole_orders() {
        let (grill, cold, all_of_it) = (printer(1, &["grill"]), printer(2, &["cold"]), printer(3, &[]));
        let jobs = [&grill, &cold, &all_of_it]
            .into_iter()
            .zip(1..)
            .map(|(printer, n)| job(n, printer, PrintState::Unsure, 0))
            .collect();
        let all = printing(PrinterHealth::Stalled, &[&grill, &cold, &all_of_it], jobs);
        let seen = |station| {
            let found = unsure(&all, station).into_iter();
            found.map(|(job, _)| job.id.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(seen(Some("grill")), [1, 3]);
        assert_eq!(seen(None), [1, 2, 3]);
    }

    #[test]
    fn what_may_be_on_paper_counts_as_printed_and_what_waits_does_not() {
        let grill = printer(1, &[]);
        let id = order("1-0012", OrderStatus::Preparing).id;
        for (state, printed) in [
            (PrintState::Waiting, false),
            (PrintState::Sending, true),
            (PrintState::Unsure, true),
            (PrintState::Printed, true),
            (PrintState::Settled, true),
        ] {
            let all = printing(PrinterHealth::Ready, &[&grill], vec![job(1, &grill, state, 0)]);
            assert_eq!(was_printed(&all, id), printed, "{state:?}");
        }
    }
}

//! What there is to say about paper: which tickets a printer has not taken, which may lie there, whether an order was
//! printed before. Pure: what is printed when, and what is a copy, is the engine's affair.

use momfood_domain::id::OrderId;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{PrintJob, PrintState, Printer, PrinterHealth, Printing};

/// A ticket on its way is no news before that.
const PATIENCE: i64 = 15 * SECOND;

/// Tickets a printer has not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Which printer.
    pub printer: Printer,
    /// How it is.
    pub health: PrinterHealth,
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

/// Every printer that has kept tickets waiting long enough to say so, in order of names.
pub fn held(printing: &Printing, station: Option<&str>, now: Timestamp) -> Vec<Held> {
    let mut all = Vec::new();
    for state in &printing.printers {
        let troubled = matches!(state.health, PrinterHealth::Unreachable | PrinterHealth::Stalled);
        let waiting = printing.jobs.iter().filter(|job| {
            job.printer == state.printer.id
                && matches!(job.state, PrintState::Waiting | PrintState::Sending)
                && (troubled || now.since(job.at) >= PATIENCE)
        });
        let times: Vec<Timestamp> = waiting.map(|job| job.at).collect();
        if let Some(oldest) = times.iter().min()
            && concerns(&state.printer, station)
        {
            all.push(Held {
                printer: state.printer.clone(),
                health: state.health,
                count: times.len(),
                oldest: *oldest,
            });
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
        assert!(held(&all, None, NOON.plus_seconds(14)).is_empty());
        let found = held(&all, None, NOON.plus_minutes(4));
        assert_eq!((found[0].count, found[0].oldest), (2, NOON));
    }

    #[test]
    fn a_printer_known_to_be_off_is_said_at_once() {
        let grill = printer(1, &[]);
        let jobs = vec![job(1, &grill, PrintState::Waiting, 0)];
        let all = printing(PrinterHealth::Unreachable, &[&grill], jobs);
        assert_eq!(held(&all, None, NOON).len(), 1);
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

//! What this screen remembers for itself: what its people have read, which new orders they want to come back to.
//! Nothing here is true of an order; another screen has its own.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_kit::storage;
use momfood_protocol::engine::Board;
use momfood_protocol::view::{OrderView, StepKind};

use crate::clock::step_at;

/// Bad ends that were read.
static READ: GlobalSignal<Vec<OrderId>> = Signal::global(|| kept("read"));
/// New orders set aside, and until when.
static ASIDE: GlobalSignal<Vec<(OrderId, Timestamp)>> = Signal::global(Vec::new);
/// The new order chosen to be answered first.
pub static CHOSEN: GlobalSignal<Option<OrderId>> = Signal::global(|| None);

/// Stations whose windows, alone on this device, leave new orders to other devices.
static QUIET: GlobalSignal<Vec<String>> = Signal::global(|| {
    let kept = storage::get("quiet").unwrap_or_default();
    kept.lines().map(str::to_owned).collect()
});

/// More ids than a kitchen has in two days are not worth keeping.
const MOST: usize = 400;
/// Bad news older than this is history.
const NEWS: i64 = 120 * MINUTE;
/// Seconds a new order stays aside.
const ASIDE_SECONDS: i64 = 45;

fn kept(key: &str) -> Vec<OrderId> {
    storage::get(key)
        .unwrap_or_default()
        .split(' ')
        .filter_map(|id| id.parse().ok())
        .collect()
}

fn keep(key: &str, ids: &mut Vec<OrderId>) {
    let over = ids.len().saturating_sub(MOST);
    ids.drain(..over);
    let text: Vec<String> = ids.iter().map(OrderId::to_string).collect();
    storage::set(key, Some(&text.join(" ")));
}

/// The people here know how this order ended.
pub fn mark_read(id: OrderId) {
    let mut ids = READ.write();
    if !ids.contains(&id) {
        ids.push(id);
        keep("read", &mut ids);
    }
}

/// Whether the window of a station rings for new orders and asks for an answer, while no board of the whole kitchen is
/// open on this device.
pub fn rings_at(station: &str) -> bool {
    !QUIET.read().iter().any(|quiet| quiet == station)
}

/// Says whether it does.
pub fn let_ring_at(station: &str, rings: bool) {
    let mut quiet = QUIET.write();
    quiet.retain(|other| other != station);
    if !rings {
        quiet.push(station.to_owned());
    }
    storage::set("quiet", Some(&quiet.join("\n")));
}

/// Sets a new order aside for a while: they have seen it and look at the board first.
pub fn set_aside(id: OrderId, now: Timestamp) {
    let mut aside = ASIDE.write();
    aside.retain(|(other, until)| *other != id && *until > now);
    aside.push((id, now.plus_seconds(ASIDE_SECONDS)));
}

/// Takes a new order up at once.
pub fn take_up(id: OrderId) {
    ASIDE.write().retain(|(other, _)| *other != id);
    *CHOSEN.write() = Some(id);
}

/// What asks for attention over whatever is on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pressing {
    /// New orders that wait for an answer, the most urgent first.
    pub asking: Vec<OrderView>,
    /// Orders others called off after the kitchen had said yes, until somebody has read it.
    pub called_off: Vec<OrderView>,
}

/// What is pressing at `now`.
pub fn pressing(board: &Board, now: Timestamp) -> Pressing {
    choose(&board.orders, &board.alerts, &ASIDE.read(), now)
}

fn choose(
    orders: &[OrderView],
    alerts: &[OrderId],
    aside: &[(OrderId, Timestamp)],
    now: Timestamp,
) -> Pressing {
    let is_aside = |id| aside.iter().any(|(other, until)| *other == id && *until > now);
    let mut asking: Vec<OrderView> = orders
        .iter()
        .filter(|order| order.status == OrderStatus::Pending && !is_aside(order.id))
        // The server tells of the end within seconds. Without a line to it, a question nobody can answer any more
        // must not hide the board.
        .filter(|order| order.accept_by.is_none_or(|by| now < by.plus_seconds(20)))
        .cloned()
        .collect();
    asking.sort_by_key(|order| (order.accept_by, order.placed_at));
    // In the order of the alerts: which one there is for how long is the engine's affair.
    let called_off = alerts
        .iter()
        .filter_map(|id| orders.iter().find(|order| order.id == *id))
        .cloned()
        .collect();
    Pressing { asking, called_off }
}

/// Called off when there may have been food in the pan.
fn is_called_off(order: &OrderView) -> bool {
    order.status == OrderStatus::Cancelled && step_at(order, StepKind::Accepted).is_some()
}

fn is_news(order: &OrderView, now: Timestamp) -> bool {
    order
        .timeline
        .last()
        .is_some_and(|step| now.since(step.at) < NEWS)
}

/// Ends worth a word but not a stop: nobody answered in time, the customer called it off first, or it comes back.
pub fn news(board: &Board, now: Timestamp) -> Vec<OrderView> {
    let read = READ.read();
    let is_alarming = |order: &&OrderView| board.alerts.contains(&order.id);
    board
        .orders
        .iter()
        .filter(|order| !is_alarming(order))
        .filter(|order| match order.status {
            OrderStatus::Expired | OrderStatus::Failed => true,
            OrderStatus::Cancelled => !is_called_off(order),
            _ => false,
        })
        .filter(|order| !read.contains(&order.id) && is_news(order, now))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOON, order};
    use momfood_protocol::view::Step;

    fn new(number: &str, minutes_left: i64) -> OrderView {
        let mut it = order(number, OrderStatus::Pending);
        it.accept_by = Some(NOON.plus_minutes(minutes_left));
        it
    }

    fn cancelled(number: &str, accepted: bool) -> OrderView {
        let mut it = order(number, OrderStatus::Cancelled);
        if accepted {
            it.timeline.push(Step {
                kind: StepKind::Accepted,
                at: NOON,
            });
        }
        it.timeline.push(Step {
            kind: StepKind::Cancelled,
            at: NOON,
        });
        it
    }

    #[test]
    fn the_order_with_the_least_time_left_asks_first() {
        let orders = [new("1-0001", 4), new("1-0002", 2)];
        let found = choose(&orders, &[], &[], NOON);
        let numbers: Vec<_> = found.asking.iter().map(|order| order.number.as_str()).collect();
        assert_eq!(numbers, ["1-0002", "1-0001"]);
    }

    #[test]
    fn an_order_set_aside_comes_back_by_itself() {
        let orders = [new("1-0001", 5)];
        let aside = [(orders[0].id, NOON.plus_seconds(45))];
        assert!(choose(&orders, &[], &aside, NOON).asking.is_empty());
        assert_eq!(
            choose(&orders, &[], &aside, NOON.plus_seconds(45)).asking.len(),
            1
        );
    }

    #[test]
    fn a_question_nobody_can_answer_any_more_does_not_hide_the_board() {
        let orders = [new("1-0001", 5)];
        assert_eq!(
            choose(&orders, &[], &[], NOON.plus_minutes(5)).asking.len(),
            1,
            "its end is about to be told"
        );
        assert!(choose(&orders, &[], &[], NOON.plus_minutes(6)).asking.is_empty());
    }

    #[test]
    fn an_order_called_off_stops_the_kitchen_for_as_long_as_the_engine_says_so() {
        let orders = [cancelled("1-0001", true), cancelled("1-0002", true)];
        let alerts = [orders[1].id, orders[0].id];
        let numbers = |alerts: &[OrderId], now| {
            let found = choose(&orders, alerts, &[], now).called_off;
            found.into_iter().map(|order| order.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&alerts, NOON), ["1-0002", "1-0001"]);
        assert_eq!(
            numbers(&alerts, NOON.plus_minutes(600)).len(),
            2,
            "nobody has read it: it does not go away by itself"
        );
        assert!(numbers(&[], NOON).is_empty(), "acknowledged");
    }

    #[test]
    fn an_order_called_off_before_it_was_accepted_is_news_and_no_alarm() {
        assert!(is_called_off(&cancelled("1-0001", true)));
        assert!(!is_called_off(&cancelled("1-0001", false)));
    }
}

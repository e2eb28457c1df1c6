//! What this screen remembers for itself: which tickets it has put away, what its people have read, which new
//! orders they want to come back to. Nothing here is true of an order; another screen has its own.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_kit::storage;
use momfood_protocol::view::{OrderView, StepKind};

use crate::clock::step_at;

/// Ready orders out of sight.
pub static AWAY: GlobalSignal<Vec<OrderId>> = Signal::global(|| kept("away"));
/// Bad ends that were read.
static READ: GlobalSignal<Vec<OrderId>> = Signal::global(|| kept("read"));
/// New orders set aside, and until when.
static ASIDE: GlobalSignal<Vec<(OrderId, Timestamp)>> = Signal::global(Vec::new);
/// The new order chosen to be answered first.
pub static CHOSEN: GlobalSignal<Option<OrderId>> = Signal::global(|| None);

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

/// Puts a ready order out of sight.
pub fn put_away(id: OrderId) {
    let mut ids = AWAY.write();
    if !ids.contains(&id) {
        ids.push(id);
        keep("away", &mut ids);
    }
}

/// Brings it back.
pub fn bring_back(id: OrderId) {
    let mut ids = AWAY.write();
    ids.retain(|other| *other != id);
    keep("away", &mut ids);
}

/// The people here know how this order ended.
pub fn mark_read(id: OrderId) {
    let mut ids = READ.write();
    if !ids.contains(&id) {
        ids.push(id);
        keep("read", &mut ids);
    }
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
    /// Orders called off after the kitchen had said yes.
    pub called_off: Vec<OrderView>,
}

/// What is pressing at `now`.
pub fn pressing(orders: &[OrderView], now: Timestamp) -> Pressing {
    choose(orders, &READ.read(), &ASIDE.read(), now)
}

fn choose(
    orders: &[OrderView],
    read: &[OrderId],
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
    let called_off = orders
        .iter()
        .filter(|order| is_called_off(order) && !read.contains(&order.id) && is_news(order, now))
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
pub fn news(orders: &[OrderView], now: Timestamp) -> Vec<OrderView> {
    let read = READ.read();
    orders
        .iter()
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
    fn a_cancelled_order_stops_the_kitchen_until_it_was_read_and_only_if_it_was_cooked() {
        let orders = [cancelled("1-0001", true), cancelled("1-0002", false)];
        let found = choose(&orders, &[], &[], NOON);
        assert_eq!(found.called_off.len(), 1);
        assert_eq!(found.called_off[0].number, "1-0001");
        assert!(
            choose(&orders, &[orders[0].id], &[], NOON).called_off.is_empty(),
            "read"
        );
        assert!(
            choose(&orders, &[], &[], NOON.plus_minutes(180))
                .called_off
                .is_empty(),
            "history by now"
        );
    }
}

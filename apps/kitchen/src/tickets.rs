//! What stands on the board: which order in which column, what its one button does, and what there is to cook
//! in all. Pure: it sorts what the engine said and decides nothing about an order.

use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::id::MenuItemId;
use momfood_domain::menu::WHOLE_KITCHEN;
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::Fulfilment;
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use momfood_protocol::view::{Action, OrderView, TicketView};

use crate::stations::Stand;

/// A column of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Waits for an answer.
    New,
    /// Said yes to.
    Preparing,
    /// Can be fetched.
    Ready,
}

impl Column {
    /// In the order shown.
    pub const ALL: [Self; 3] = [Self::New, Self::Preparing, Self::Ready];

    /// Where an order of that status stands; none once it has left the kitchen.
    pub const fn of(status: OrderStatus) -> Option<Self> {
        match status {
            OrderStatus::Pending => Some(Self::New),
            OrderStatus::Accepted | OrderStatus::Preparing => Some(Self::Preparing),
            OrderStatus::Ready => Some(Self::Ready),
            OrderStatus::AwaitingPayment
            | OrderStatus::PickedUp
            | OrderStatus::Delivered
            | OrderStatus::Cancelled
            | OrderStatus::Rejected
            | OrderStatus::Expired
            | OrderStatus::Failed => None,
        }
    }

    /// Its name for styles and tests.
    pub const fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Preparing => "preparing",
            Self::Ready => "ready",
        }
    }
}

/// The orders of a column, in the order they come in (the engine's: oldest first).
pub fn in_column(orders: &[OrderView], column: Column) -> impl Iterator<Item = &OrderView> {
    orders
        .iter()
        .filter(move |order| Column::of(order.status) == Some(column))
}

/// How many orders stand in a column.
pub fn count(orders: &[OrderView], column: Column) -> u32 {
    u32::try_from(in_column(orders, column).count()).unwrap_or(u32::MAX)
}

/// What the one button of a ticket does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Opens the question: yes or no.
    Answer,
    /// Start cooking.
    Start,
    /// It can be fetched.
    Ready,
    /// The customer has fetched it.
    HandOver,
    /// This stand is done with it: off its board, of the whole kitchen's until its driver has it.
    Bump,
}

impl Deed {
    /// Its name for tests.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Start => "start-preparing",
            Self::Ready => "mark-ready",
            Self::HandOver => "hand-over",
            Self::Bump => "bump",
        }
    }
}

/// The next step of an order, from what may be done with it.
pub fn deed(order: &OrderView) -> Option<Deed> {
    let may = |action| order.may.contains(&action);
    if may(Action::Accept) {
        Some(Deed::Answer)
    } else if may(Action::StartPreparing) {
        Some(Deed::Start)
    } else if may(Action::MarkReady) {
        Some(Deed::Ready)
    } else if may(Action::HandOver) {
        Some(Deed::HandOver)
    } else {
        let waits = order.status == OrderStatus::Ready && order.fulfilment == Fulfilment::Delivery;
        (waits && !driver_is_here(order) && !is_bumped(order)).then_some(Deed::Bump)
    }
}

/// Whether its driver waits for it at the counter.
pub fn driver_is_here(order: &OrderView) -> bool {
    order
        .delivery
        .as_ref()
        .is_some_and(|delivery| delivery.status == DeliveryStatus::AtRestaurant)
}

/// The next step of an order as `stand` sees it: a station has only one, to be done with its part.
pub fn deed_at(order: &OrderView, stand: &Stand) -> Option<Deed> {
    match stand.station() {
        None => deed(order),
        Some(station) => {
            let cooks = Column::of(order.status) == Some(Column::Preparing);
            (cooks && bumped_at(order, station).is_none()).then_some(Deed::Bump)
        }
    }
}

/// Since when a station is done with it.
pub fn bumped_at(order: &OrderView, station: &str) -> Option<Timestamp> {
    let there = |ticket: &&TicketView| ticket.station == station;
    order.tickets.iter().find(there)?.done_at
}

/// Whether the kitchen as a whole is done with it.
pub fn is_bumped(order: &OrderView) -> bool {
    bumped_at(order, WHOLE_KITCHEN).is_some()
}

/// Whether a ticket stays off the board: ready and bumped, and its driver not here yet.
pub fn is_off_the_board(order: &OrderView) -> bool {
    order.status == OrderStatus::Ready && is_bumped(order) && !driver_is_here(order)
}

/// An order number in its two parts: what goes before, and the four digits people say.
pub fn number_parts(number: &str) -> (&str, &str) {
    match number.rfind('-') {
        Some(at) => number.split_at(at + 1),
        None => ("", number),
    }
}

/// The four digits people say.
pub fn short_number(number: &str) -> &str {
    number_parts(number).1
}

/// Whether an order is meant by what was typed: part of its number or of its customer's name.
pub fn is_meant(order: &OrderView, typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    let digits: String = typed
        .chars()
        .filter_map(|c| match c {
            '\u{0660}'..='\u{0669}' => char::from_digit(u32::from(c) - 0x0660, 10),
            c => c.is_ascii_digit().then_some(c),
        })
        .collect();
    let number: String = order.number.chars().filter(char::is_ascii_digit).collect();
    typed.is_empty()
        || (!digits.is_empty() && number.contains(&digits))
        || order.customer.name.to_lowercase().contains(&typed)
}

/// How many of an item there are to cook.
#[derive(Clone, Debug, PartialEq)]
pub struct ToCook {
    /// Which.
    pub item: MenuItemId,
    /// Its name.
    pub name: LocalizedText,
    /// How many.
    pub count: u32,
    /// How many of them with which option.
    pub options: Vec<(LocalizedText, u32)>,
}

/// Everything said yes to and not ready yet, per item, most first.
pub fn to_cook(orders: &[OrderView]) -> Vec<ToCook> {
    let mut all: Vec<ToCook> = Vec::new();
    for line in in_column(orders, Column::Preparing).flat_map(|order| &order.bill.lines) {
        let at = all
            .iter()
            .position(|known| known.item == line.item_id)
            .unwrap_or_else(|| {
                let name = line.name.clone();
                all.push(ToCook {
                    item: line.item_id,
                    name,
                    count: 0,
                    options: Vec::new(),
                });
                all.len() - 1
            });
        let entry = &mut all[at];
        entry.count += line.quantity;
        for option in &line.options {
            match entry.options.iter_mut().find(|(name, _)| *name == option.name) {
                Some((_, count)) => *count += line.quantity,
                None => entry.options.push((option.name.clone(), line.quantity)),
            }
        }
    }
    // Stable: of two equal counts, the one ordered first stays first.
    all.sort_by_key(|entry| core::cmp::Reverse(entry.count));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOON, delivery, line, order};

    #[test]
    fn the_button_is_what_the_server_allows_and_nothing_else() {
        let mut it = order("1-0001", OrderStatus::Pending);
        assert_eq!(deed(&it), None, "nothing allowed, no button");
        it.may = vec![Action::Accept, Action::Reject];
        assert_eq!(deed(&it), Some(Deed::Answer));
        it.status = OrderStatus::Accepted;
        it.may = vec![Action::StartPreparing, Action::MarkReady, Action::Cancel];
        assert_eq!(deed(&it), Some(Deed::Start));
        it.may = vec![Action::MarkReady, Action::Cancel];
        assert_eq!(deed(&it), Some(Deed::Ready));
    }

    fn bumped(mut it: OrderView, station: &str) -> OrderView {
        it.tickets = vec![TicketView {
            station: station.to_owned(),
            done_at: Some(NOON),
        }];
        it
    }

    #[test]
    fn only_a_ready_delivery_is_bumped_and_its_driver_brings_it_back() {
        let mut it = order("1-0001", OrderStatus::Ready);
        assert_eq!(deed(&it), Some(Deed::Bump));
        assert!(!is_off_the_board(&it));
        it = bumped(it, WHOLE_KITCHEN);
        assert_eq!(deed(&it), None, "bumped once");
        assert!(is_off_the_board(&it));
        it.delivery = Some(delivery(DeliveryStatus::AtRestaurant));
        assert_eq!(deed(&it), None, "its driver is looking at you");
        assert!(!is_off_the_board(&it), "it comes back for its driver");
        it.fulfilment = Fulfilment::Pickup;
        assert_eq!(deed(&it), None);
        it.may = vec![Action::HandOver];
        assert_eq!(deed(&it), Some(Deed::HandOver));
    }

    #[test]
    fn what_another_station_has_done_does_not_bump_it_here() {
        let it = bumped(order("1-0001", OrderStatus::Ready), "grill");
        assert_eq!(deed(&it), Some(Deed::Bump));
        let mut recalled = bumped(it, WHOLE_KITCHEN);
        recalled.tickets[0].done_at = None;
        assert!(!is_off_the_board(&recalled), "recalled");
    }

    #[test]
    fn a_station_has_one_button_and_only_while_the_order_is_cooked() {
        let grill = Stand::from("grill");
        let mut it = order("1-0001", OrderStatus::Accepted);
        it.may = vec![Action::StartPreparing, Action::MarkReady];
        assert_eq!(deed_at(&it, &Stand::Kitchen), Some(Deed::Start));
        assert_eq!(deed_at(&it, &grill), Some(Deed::Bump));
        it = bumped(it, "grill");
        assert_eq!(deed_at(&it, &grill), None);
        assert_eq!(deed_at(&it, &Stand::from("cold")), Some(Deed::Bump));
        it.status = OrderStatus::Ready;
        assert_eq!(
            deed_at(&it, &Stand::from("cold")),
            None,
            "the kitchen has said that it is ready"
        );
    }

    #[test]
    fn all_day_counts_what_is_left_to_cook_and_not_what_nobody_said_yes_to() {
        let mut cooking = order("1-0001", OrderStatus::Preparing);
        cooking.bill.lines = vec![line(1, 2, &["garlic"]), line(2, 1, &[])];
        let mut accepted = order("1-0002", OrderStatus::Accepted);
        accepted.bill.lines = vec![line(2, 4, &[]), line(1, 1, &["garlic", "spicy"])];
        let mut new = order("1-0003", OrderStatus::Pending);
        new.bill.lines = vec![line(1, 9, &[])];
        let mut done = order("1-0004", OrderStatus::Ready);
        done.bill.lines = vec![line(1, 9, &[])];
        let found = to_cook(&[cooking, accepted, new, done]);
        let seen: Vec<_> = found.iter().map(|entry| (entry.item, entry.count)).collect();
        assert_eq!(seen, [(line(2, 1, &[]).item_id, 5), (line(1, 1, &[]).item_id, 3)]);
        let options: Vec<_> = found[1].options.iter().map(|(_, count)| *count).collect();
        assert_eq!(options, [3, 1], "garlic three times, spicy once");
    }

    #[test]
    fn an_order_is_found_by_its_digits_in_either_script_and_by_name() {
        let it = order("4821-9346", OrderStatus::Delivered);
        for typed in ["9346", "٩٣٤٦", "48219", "4821-93", "sal", ""] {
            assert!(is_meant(&it, typed), "{typed}");
        }
        for typed in ["9347", "x", "omar"] {
            assert!(!is_meant(&it, typed), "{typed}");
        }
    }

    #[test]
    fn the_last_four_digits_are_what_people_say() {
        assert_eq!(number_parts("4821-9346"), ("4821-", "9346"));
        assert_eq!(number_parts("9346"), ("", "9346"));
    }
}

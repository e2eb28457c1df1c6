//! Where a screen stands: before the whole kitchen, or at one of its stations; and what of an order is seen from
//! there. Pure. It never hides a line that no station is known to make: such a line is shown at every station.

use momfood_domain::menu::{Menu, WHOLE_KITCHEN};
use momfood_domain::pricing::OrderLine;
use momfood_domain::time::Timestamp;
use momfood_protocol::view::OrderView;

use crate::tickets::{Column, bumped_at, in_column};

/// Where a screen stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stand {
    /// Before the whole kitchen.
    #[default]
    Kitchen,
    /// At this station.
    Station(String),
}

impl From<&str> for Stand {
    fn from(name: &str) -> Self {
        if name.is_empty() || name == WHOLE_KITCHEN {
            Self::Kitchen
        } else {
            Self::Station(name.to_owned())
        }
    }
}

impl Stand {
    /// The name tickets are bumped with here.
    pub fn name(&self) -> &str {
        self.station().unwrap_or(WHOLE_KITCHEN)
    }

    /// The station, if it is one.
    pub fn station(&self) -> Option<&str> {
        match self {
            Self::Kitchen => None,
            Self::Station(name) => Some(name),
        }
    }

    /// What of `order` is seen from here: nothing when none of it is made here.
    pub fn share(&self, order: &OrderView, menu: Option<&Menu>) -> Option<Share> {
        let Some(station) = self.station() else {
            return Some(Share {
                order: order.clone(),
                elsewhere: 0,
            });
        };
        let is_made_here = |line: &OrderLine| {
            let made_at = menu.and_then(|menu| menu.station_of(line.item_id));
            made_at.is_none_or(|made_at| made_at == station)
        };
        let mut here = order.clone();
        here.bill.lines.retain(is_made_here);
        let elsewhere = quantity(&order.bill.lines) - quantity(&here.bill.lines);
        (!here.bill.lines.is_empty()).then_some(Share {
            order: here,
            elsewhere,
        })
    }
}

fn quantity(lines: &[OrderLine]) -> u32 {
    lines.iter().map(|line| line.quantity).sum()
}

/// What a stand sees of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The order, with only the lines made here.
    pub order: OrderView,
    /// How many items of it are made elsewhere.
    pub elsewhere: u32,
}

/// A station's board.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StationBoard {
    /// What is left to make, oldest first.
    pub open: Vec<Share>,
    /// What the station has made of orders the kitchen still works on, the last one first.
    pub done: Vec<Share>,
}

impl StationBoard {
    /// What of `orders` is made at `stand`: those said yes to and not ready as a whole.
    pub fn of(orders: &[OrderView], menu: Option<&Menu>, stand: &Stand) -> Self {
        let bumped = |share: &Share| bumped_at(&share.order, stand.name());
        let (mut done, open): (Vec<Share>, Vec<Share>) = in_column(orders, Column::Preparing)
            .filter_map(|order| stand.share(order, menu))
            .partition(|share| bumped(share).is_some());
        done.sort_by_key(|share| core::cmp::Reverse(bumped(share)));
        Self { open, done }
    }
}

/// Whether a station is done with an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub station: String,
    /// Since when it is done.
    pub done_at: Option<Timestamp>,
}

/// Every station that makes something of `order`, in the menu's order, then those that did though the menu knows
/// nothing of it; nothing before the first of them is done.
pub fn marks(order: &OrderView, menu: Option<&Menu>) -> Vec<Mark> {
    let mut all: Vec<Mark> = Vec::new();
    let Some(menu) = menu else { return all };
    let makes = |station: &str| {
        let mut lines = order.bill.lines.iter();
        lines.any(|line| menu.station_of(line.item_id) == Some(station))
    };
    for station in menu.stations().into_iter().filter(|station| makes(station)) {
        all.push(Mark {
            station: station.to_owned(),
            done_at: bumped_at(order, station),
        });
    }
    for ticket in &order.tickets {
        let known = ticket.station == WHOLE_KITCHEN || all.iter().any(|mark| mark.station == ticket.station);
        if !known && ticket.done_at.is_some() {
            all.push(Mark {
                station: ticket.station.clone(),
                done_at: ticket.done_at,
            });
        }
    }
    if all.iter().all(|mark| mark.done_at.is_none()) {
        all.clear();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOON, line, menu, order};
    use momfood_domain::order::OrderStatus;
    use momfood_protocol::view::TicketView;

    /// Item 1 is made at the grill, 2 at the cold station, 3 anywhere.
    fn stations() -> Menu {
        menu(&[(Some("grill"), &[1]), (Some("cold"), &[2]), (None, &[3])])
    }

    fn asked(number: &str, items: &[(u128, u32)]) -> OrderView {
        let mut it = order(number, OrderStatus::Preparing);
        it.bill.lines = items.iter().map(|(item, n)| line(*item, *n, &[])).collect();
        it
    }

    fn done(mut it: OrderView, station: &str, minute: i64) -> OrderView {
        it.tickets.push(TicketView {
            station: station.to_owned(),
            done_at: Some(NOON.plus_minutes(minute)),
        });
        it
    }

    fn lines(share: &Share) -> Vec<u32> {
        share.order.bill.lines.iter().map(|line| line.quantity).collect()
    }

    #[test]
    fn a_station_sees_its_lines_and_how_many_items_are_elsewhere() {
        let menu = stations();
        let it = asked("1-0001", &[(1, 2), (2, 3), (1, 1)]);
        let grill = Stand::from("grill").share(&it, Some(&menu)).unwrap();
        assert_eq!((lines(&grill), grill.elsewhere), (vec![2, 1], 3));
        let whole = Stand::Kitchen.share(&it, Some(&menu)).unwrap();
        assert_eq!((lines(&whole), whole.elsewhere), (vec![2, 3, 1], 0));
    }

    #[test]
    fn an_order_without_a_line_for_the_station_is_not_shown_there() {
        let it = asked("1-0001", &[(2, 1)]);
        assert_eq!(Stand::from("grill").share(&it, Some(&stations())), None);
    }

    #[test]
    fn what_no_station_is_known_to_make_is_shown_at_every_station() {
        let menu = stations();
        for item in [3, 99] {
            let it = asked("1-0001", &[(item, 1)]);
            for station in ["grill", "cold", "renamed"] {
                assert!(
                    Stand::from(station).share(&it, Some(&menu)).is_some(),
                    "{item} {station}"
                );
            }
        }
        let it = asked("1-0001", &[(1, 1), (2, 1)]);
        let unknown = Stand::from("grill").share(&it, None).unwrap();
        assert_eq!(lines(&unknown).len(), 2, "without a menu everything is shown");
    }

    #[test]
    fn a_station_bumps_for_itself_alone_and_what_it_bumped_waits_at_the_foot() {
        let menu = stations();
        let orders = [
            done(asked("1-0001", &[(1, 1), (2, 1)]), "grill", 1),
            done(asked("1-0002", &[(1, 1)]), "grill", 2),
            asked("1-0003", &[(1, 1)]),
        ];
        let numbers = |shares: &[Share]| -> Vec<String> {
            shares.iter().map(|share| share.order.number.clone()).collect()
        };
        let grill = StationBoard::of(&orders, Some(&menu), &Stand::from("grill"));
        assert_eq!(numbers(&grill.open), ["1-0003"]);
        assert_eq!(numbers(&grill.done), ["1-0002", "1-0001"], "the last one first");
        let cold = StationBoard::of(&orders, Some(&menu), &Stand::from("cold"));
        assert_eq!(numbers(&cold.open), ["1-0001"]);
    }

    #[test]
    fn a_station_makes_only_what_was_said_yes_to_and_is_not_ready_altogether() {
        let menu = stations();
        for (status, shown) in [
            (OrderStatus::Pending, false),
            (OrderStatus::Accepted, true),
            (OrderStatus::Preparing, true),
            (OrderStatus::Ready, false),
            (OrderStatus::Cancelled, false),
        ] {
            let mut it = asked("1-0001", &[(1, 1)]);
            it.status = status;
            let board = StationBoard::of(&[it], Some(&menu), &Stand::from("grill"));
            assert_eq!(board.open.len(), usize::from(shown), "{status:?}");
        }
    }

    #[test]
    fn the_whole_board_says_which_stations_are_done_once_one_is() {
        let menu = stations();
        let it = asked("1-0001", &[(2, 1), (1, 1), (3, 1)]);
        assert!(marks(&it, Some(&menu)).is_empty(), "nothing to say yet");
        let seen: Vec<_> = marks(&done(it.clone(), "cold", 1), Some(&menu))
            .into_iter()
            .map(|mark| (mark.station, mark.done_at.is_some()))
            .collect();
        assert_eq!(seen, [("grill".to_owned(), false), ("cold".to_owned(), true)]);
        let by_renamed = marks(&done(it.clone(), "bar", 1), Some(&menu));
        assert_eq!(
            by_renamed.last().unwrap().station,
            "bar",
            "it was done, whoever it is"
        );
        assert!(marks(&done(it, WHOLE_KITCHEN, 1), Some(&menu)).is_empty());
    }

    #[test]
    fn the_name_of_the_whole_kitchen_is_no_station() {
        assert_eq!(Stand::from("kitchen"), Stand::Kitchen);
        assert_eq!(Stand::from("الشواية").name(), "الشواية");
        assert_eq!(Stand::Kitchen.name(), "kitchen");
    }
}

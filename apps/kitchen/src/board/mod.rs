//! The pieces of the board: tickets, the bar, what opens from it.

pub mod all_day;
pub mod bar;
pub mod columns;
pub mod hand_over;
pub mod keys_help;
pub mod line;
pub mod marks;
pub mod order_sheet;
pub mod paper;
pub mod parts;
pub mod pause;
pub mod sold_out;
pub mod station;
pub mod station_picker;
pub mod strips;
pub mod ticket;

use momfood_domain::id::OrderId;

/// What is open over the board.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Open {
    /// Nothing.
    #[default]
    Nothing,
    /// How long to pause.
    Pause,
    /// What is sold out.
    SoldOut,
    /// What there is to cook in all.
    AllDay,
    /// The stations' boards.
    Stations,
    /// What the keys do.
    Keys,
    /// All of an order.
    Order(OrderId),
    /// Handing an order over.
    HandOver(OrderId),
}

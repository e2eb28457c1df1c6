//! One file per screen.

pub mod account;
pub mod board;
pub mod history;
pub mod item_sheet;
pub mod menu;

//! One file per screen.

pub mod account;
pub mod board;
pub mod device;
pub mod heading_sheet;
pub mod history;
pub mod item_sheet;
pub mod menu;
pub mod printer_draft;
pub mod printer_sheet;
pub mod printers;
pub mod staff;

//! The laws of the order, its payment and its delivery, held against random histories: right and wrong
//! people, any command at any moment, and a card gateway whose answers come late, twice and out of order.
#![expect(clippy::expect_used, reason = "a test that meets the unexpected has to stop")]

mod delivery;
mod gateway;
mod history;
mod machines;
mod money;
mod people;
mod status;
mod who_may_do_what;

//! Drivers: who is asked, what a shift and a day are, and who may see where they are.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod days;
mod drivers;
mod offers;
mod positions;
#[path = "../support/mod.rs"]
mod support;
mod trips;

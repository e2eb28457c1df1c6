//! How somebody comes to sell, to drive or to join a restaurant's staff, and how accounts are looked after, on both
//! databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
#[path = "../ordering/town.rs"]
mod town;

mod applying;
mod deciding;
mod inviting;
mod papers;
mod people;

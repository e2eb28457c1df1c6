//! What is kept about people: who saw it, what they are given of it, what becomes of it, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../sync/tablet.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod tablet;
#[macro_use]
#[path = "../ordering/town.rs"]
mod town;

mod audit;
mod consents;
mod erasure;
mod everything;
mod export;
mod register;
mod retention;

//! Money on cards: at most one charge, refunds within what was taken, and the gateway's books agree with ours, whatever
//! breaks in between.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod books;
mod faults;
mod histories;
#[path = "../support/mod.rs"]
mod support;
mod troubled;

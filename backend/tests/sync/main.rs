//! The change feed and the stream that carries it, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
#[path = "../ordering/town.rs"]
mod town;

mod handing_in;
mod history;
mod listener;
mod numbering;
mod pictures;
mod races;
mod reading_on;
mod scopes;
mod streams;
mod tablet;

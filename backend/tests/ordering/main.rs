//! Ordering, asked through its own doors, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
mod town;

mod due;
mod masks;
mod once;
mod push;
mod quotes;
mod races;
mod refusals;
mod share;
mod silence;
mod story;
mod work;

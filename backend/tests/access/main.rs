//! Who can do what, and what the API does with requests it was not made for, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../payments/books.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod books;
#[path = "../sync/listener.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod listener;
#[macro_use]
#[path = "../ordering/town.rs"]
mod town;

#[path = "../support/authenticators.rs"]
mod authenticators;

mod asking;
mod attacks;
mod cast;
mod codes;
mod factors;
mod failures;
mod input;
mod lost_factors;
mod money;
mod rotation;
mod sealing;
mod sign_ins;
mod socket;
mod streams;
mod table;
mod tokens;

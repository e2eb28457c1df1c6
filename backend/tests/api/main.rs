//! What the server promises, asked through its own doors, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod catalog;
mod files;
mod http;
mod identity;
mod messages;
mod openapi;
mod process;
mod schema;
mod seed;
mod statements;
mod store;

//! What the server promises, asked through its own doors, on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod files;
mod http;
mod process;
mod schema;
mod statements;
mod store;

//! Orders: priced, placed, moved by commands, and shown to each party as that party may see them.
//!
//! Where to start: [`command`] is the one command handler, `view` the one way an order is shown, `place` turns a
//! quote into an order. Everybody who wants something of an order (REST, the worker, the gateway, dispatch) calls
//! [`command`]; nobody else writes to the tables of orders, payments' states, deliveries and assignments.
//! What a command does is decided in `momfood_domain::order`, never here. Nothing external is called from here.

mod command;
mod error;
mod record;

pub use command::{Executed, command};
pub use error::OrderingError;

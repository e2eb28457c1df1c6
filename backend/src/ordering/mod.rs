//! Orders: priced, placed, moved by commands, and shown to each party as that party may see them.
//!
//! Where to start: [`command()`] is the one command handler, [`view()`] the one way an order is shown, [`place()`] turns a
//! quote into an order. Everybody who wants something of an order (REST, the worker, the gateway, dispatch) calls
//! [`command()`]; nobody else writes to the tables of orders, payments' states, deliveries and assignments.
//! What a command does is decided in `momfood_domain::order`, never here. Nothing external is called from here.

mod address;
mod beside;
mod command;
mod doors;
mod due;
mod error;
mod number;
mod people;
mod place;
mod quote;
mod record;
mod share;
mod share_doors;
mod shop;
mod steps;
mod view;
mod write;

pub(crate) use address::{Kept as KeptAddress, adopt_some as adopt_addresses};
pub use beside::{Proven, prove, rate, ticket};
pub use command::{Executed, Moment, SKEW, Told, command};
pub use doors::routes;
pub use due::{UNPAID_MINUTES, expire_due};
pub use error::OrderingError;
pub use place::place;
pub use quote::{QUOTE_MINUTES, quote};
pub use view::{Fresh, KEPT, ids_in_scope, in_scope, list, long_over, view, view_fresh, views};

//! Money on cards: what an order owes its gateway is asked here, and nothing else. Cash needs nobody asked.
//!
//! An order's payment says what must still be asked ([`momfood_domain::payment::Payment::ask`]); [`settle()`] asks it and
//! comes back with a command. The gateway is never asked inside a transaction, and an order never waits for one that
//! does not answer. The laws, held by `tests/payments`: at most one charge, refunds within what was taken, the gateway's
//! books agree with ours.

pub mod gateway;
mod questions;
mod sandbox;
mod settle;

pub use gateway::Gateway;
pub use sandbox::Sandbox;
pub use settle::{
    SettleError, Standing, settle, settle_due, settle_due_with, settle_while_waiting,
    settle_while_waiting_with, settle_with,
};

//! What is told to people who are not looking at their app: the newest of their orders, by the push services of their
//! phones.
//!
//! Where to start: [`note`] writes down, in the transaction of what happened, that there is something to tell; [`tell_due`]
//! tells it after the commit; [`Push`] is a push service. A message is told late rather than twice, never after a newer
//! one of the same order, and not at all once it may no longer be true. Its words are those of
//! [`momfood_protocol::notice`]: nobody's address, phone or name, and no amount.

mod apns;
mod doors;
mod due;
mod fcm;
mod push;
mod tell;
mod tokens;

pub use apns::{Apns, ApnsKey};
pub use doors::routes;
pub use due::{FRESH, LEASE, note};
pub use fcm::{Account, Fcm};
pub use push::{Logged, Message, Outcome, Push, Services};
pub use tell::{tell_due, tell_due_with};
pub(crate) use tokens::{adopt_some as adopt_tokens, forget_session};

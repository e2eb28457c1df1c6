//! Messages to people by SMS and email: codes, and what they should hear of even when no app of theirs is open.
//!
//! Where to start: [`queue`] writes a message down in the transaction of what it tells of, [`tell`] does so for whoever it
//! is about; [`send_due`] sends it after the commit; [`Sms`] and [`Mail`] are what carries it. A message is sent again
//! rather than lost, until it is over; then its row goes, sent or not. Every text is in [`Text`], in both languages, and
//! is plain text: nothing a person wrote becomes markup, a header or a second line. No address, number or text of a
//! message is ever logged.

mod carrier;
pub mod doors;
mod gateway;
mod mailer;
mod outbox;
mod send;
mod shown;
mod words;

pub use carrier::{Carriers, Mail, Outcome, Sms};
pub use gateway::Gateway;
pub use mailer::Mailer;
pub use outbox::{Target, pretend, queue, tell};
pub use send::{send_due, send_due_with};
pub use shown::{Shown, ShownMessage};
pub use words::{CodeFor, Letter, Text};

//! The change feed: what tells others of a write, gap-free, without polling.
//!
//! A module that changes something others can see calls [`touch`] in the same transaction. The store numbers the
//! touches of a work as its very last statements ([`flush`]), one step per touched scope, so the order of
//! numbering is the order of visibility and an abort leaves no gap. After the commit the [`Hub`] is told which
//! scopes moved, reads what changed once per scope, and hands the same bytes to everyone who listens to it.
//!
//! Truth is in the tables; the stream may lose anything at any time, and a client that notices takes a snapshot.
//! Devices hand in what was tapped, and read on, by [`exchange()`]: [`push_one`] and [`pull()`] are its two halves.
//!
//! Nothing here decides anything about orders, menus or people: bodies come from the modules that own them.

mod blob_doors;
pub mod blobs;
mod bodies;
mod device;
mod doors;
mod exchange;
mod grants;
mod handler;
mod heads;
mod hub;
mod mailbox;
mod once;
mod pace;
pub mod presence;
mod pull;
mod purge;
mod push;
mod sender;
mod stream;

pub use bodies::snapshot;
pub use device::Device;
pub use doors::routes;
pub use exchange::{Desk, Sender, exchange, pause};
pub use grants::{grants_of, is_granted, scopes_of, view_of};
pub use handler::handle;
pub use heads::{Touch, begin, epoch, flush, head_of, rotate, touch};
pub use hub::Hub;
pub use once::{Claim, Key, Once, Outcome, digest, digest_of};
pub use pace::Pace;
pub use presence::{kitchen_heard_at, kitchens_heard};
pub use pull::{Pulled, Reader, pull};
pub use purge::{Broom, purge};
pub use push::{Handler, NotPushed, Pushed, Refusal, blame, declare_gap, push_one};

//! The change feed: what tells others of a write, gap-free, without polling.
//!
//! A module that changes something others can see calls [`touch`] in the same transaction. The store numbers the
//! touches of a work as its very last statements ([`flush`]), one step per touched scope, so the order of
//! numbering is the order of visibility and an abort leaves no gap. After the commit the [`Hub`] is told which
//! scopes moved, reads what changed once per scope, and hands the same bytes to everyone who listens to it.
//!
//! Truth is in the tables; the stream may lose anything at any time, and a client that notices takes a snapshot.
//! Nothing here decides anything about orders, menus or people: bodies come from the modules that own them.

mod bodies;
mod doors;
mod grants;
mod heads;
mod hub;
mod mailbox;
mod once;
mod stream;

pub use bodies::snapshot;
pub use doors::routes;
pub use grants::{is_granted, scopes_of};
pub use heads::{Touch, begin, epoch, flush, head_of, touch};
pub use hub::Hub;
pub use once::{Key, Once, digest};

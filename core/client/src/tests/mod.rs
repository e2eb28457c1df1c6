//! Stories of an engine in a world with virtual time.

mod cart;
mod customer;
mod driver;
mod kitchen;
mod notify;
mod offline;
mod online;
mod peer;
#[cfg(feature = "printing")]
mod printing;
mod session;
mod sync;
mod track;
mod world;

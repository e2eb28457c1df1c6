//! Stories of an engine in a world with virtual time.

mod cart;
mod customer;
mod driver;
mod feed;
mod kitchen;
mod session;
mod world;
mod peer;
mod sync;

//! A town from one seed: customers, kitchens and drivers on their devices, the server, the network between them, and
//! everything that goes wrong with all of these, in virtual time on one thread.
//!
//! Server and devices are the real ones: requests go through the real doors to a real SQLite file ([`server`]), and
//! devices run the real sync client over its real files ([`device`]). Only what is outside of them is made up: who taps
//! ([`people`]), how messages travel, what breaks and when ([`world`]). [`laws`] says what must be so whatever happens.
//!
//! Where to start: [`world::run`]. A [`plan::Plan`] is everything a run follows from; [`campaign`] makes many, and when a
//! law breaks, [`shrink`] finds the smallest plan that still breaks it. A run of the same plan is the same run, to the
//! last message: nothing here may ask a clock, the machine's chance or the order of a hash table.
#![warn(missing_docs)]

pub mod campaign;
pub mod chance;
pub mod device;
pub mod laws;
pub mod people;
pub mod plan;
pub mod server;
pub mod shrink;
pub mod town;
pub mod wire;
pub mod world;

//! The MomFood server: a modular monolith over one SQLite file or PostgreSQL.
//!
//! Where to start: [`app`] is what every request can reach, [`store`] is the only place that knows which database,
//! [`server`] turns sockets into requests, [`worker`] does what is due without anybody asking.
//! A module (identity, catalog, …) is plain functions over `&mut Tx`; its doors are thin.
#![warn(missing_docs)]

pub mod address;
pub mod admin;
pub mod app;
pub mod audit;
mod backoff;
pub mod catalog;
pub mod clock;
pub mod config;
pub mod content;
pub mod delivery;
pub mod doctor;
mod document;
pub mod error;
mod examples;
#[cfg(feature = "faults")]
pub mod faults;
mod hex;
pub mod identity;
pub mod keys;
pub mod layers;
pub mod limits;
pub mod messages;
pub mod mutations;
pub mod notify;
pub mod onboarding;
pub mod ordering;
pub mod outward;
pub mod payments;
pub mod privacy;
pub mod request;
pub mod router;
pub mod sealed;
pub mod seed;
pub mod server;
pub mod store;
pub mod sync;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tracking;
pub mod web;
pub mod worker;

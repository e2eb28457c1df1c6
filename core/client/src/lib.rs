//! The engine behind every screen: it holds what is known, asks the server, follows the change feed, and answers
//! Calls. Screens speak to it in `momfood_protocol::engine`'s words, and cannot tell where it runs.
//!
//! Where to start: [`engine`] is the face; [`port`] is what it needs from its surroundings; [`store`] is what outlives
//! it; [`sync`] hands in what was tapped and keeps what is shown true; `live` does what that says; `http` asks the
//! server; each further module is one subject (`session`, `online`, `taps`, `catalog`, `cart`, `placing`, `history`, `orders`, `notify`,
//! `kitchen`, `printing`, `driver`, `track`, `pace`, `device`).
//!
//! It must never show a price, a state or a permission as certain that the server did not give, never let something
//! older replace something newer, and never send twice what may happen once.
#![warn(missing_docs)]
#![cfg_attr(
    not(all(feature = "customer", feature = "kitchen", feature = "driver")),
    allow(
        dead_code,
        reason = "with one app's part alone, pieces shared by the others are left over"
    )
)]

mod app;
mod bytes;
#[cfg(feature = "customer")]
mod cart;
#[cfg(feature = "customer")]
mod catalog;
mod core;
mod device;
#[cfg(feature = "driver")]
mod driver;
pub mod engine;
#[cfg(feature = "customer")]
mod history;
mod http;
#[cfg(feature = "kitchen")]
mod kitchen;
mod live;
pub mod net;
#[cfg(feature = "customer")]
mod notify;
mod online;
mod orders;
#[cfg(feature = "driver")]
pub mod pace;
#[cfg(feature = "customer")]
mod placing;
pub mod port;
#[cfg(feature = "printing")]
mod printing;
mod session;
pub mod sse;
pub mod store;
pub mod sync;
mod taps;
#[cfg(feature = "driver")]
mod track;

#[cfg(feature = "admin")]
pub use app::admin;
#[cfg(feature = "customer")]
pub use app::customer;
#[cfg(feature = "driver")]
pub use app::driver;
#[cfg(feature = "kitchen")]
pub use app::kitchen;
pub use app::{App, AppKind};
pub use engine::{Engine, EngineConfig};

#[cfg(test)]
mod tests;

//! The one door to a process's engine.
//!
//! A shell written in Rust calls [`open`] and speaks to the [`Handle`](momfood_client::net::native::Handle) it gets. A
//! phone's own code (a service that reports positions while no window is there) comes through `UniFFI`'s [`face`], and gets
//! the same engine. Where to start: [`door`].
//!
//! It must never have a logic of its own: what is said here is said by the engine.
#![warn(missing_docs)]

pub mod door;
pub mod error;
pub mod face;

pub use door::{AppName, OpenConfig, open, secrets};
pub use error::EngineError;

uniffi::setup_scaffolding!("momfood");

//! What the three apps' native programs share. The engine runs in this process; the screens, the same files as on the
//! web, run in webviews and reach it by two commands, `call` and `subscribe`.
//!
//! Where to start: [`run`] puts a [`Program`] together; `line` is the two commands; `windows`, `links` and `media` are
//! what a page sees of the machine; `device` is what the engine asks of it; `home` says where things are kept and which
//! server is spoken to.
//!
//! It must never let a page reach more than those two commands, the app's own files and its pictures; never hand a page
//! a secret; and never decide anything about an order.
#![warn(missing_docs)]

#[cfg(desktop)]
mod awake;
mod device;
mod engine;
mod environment;
mod home;
mod line;
mod links;
mod media;
mod notice;
mod program;
mod windows;

pub use device::Notices;
pub use home::{Home, HomeError};
pub use line::Line;
pub use links::opened;
pub use momfood_client::AppKind;
pub use momfood_client::net::native::Handle;
pub use momfood_client::port::{CannotDo, Press};
/// Leaves the engine's face for a phone's own code in the library: once in each app's crate.
pub use momfood_ffi::uniffi_reexport_scaffolding as engine_face;
pub use program::{NoticesOf, Program, Setup, ShellError, assemble, run, start};

#[cfg(test)]
mod tests;

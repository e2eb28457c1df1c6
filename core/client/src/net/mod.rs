//! Ways to the server, and what else an engine needs where it runs.

pub mod memory;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub mod native;
#[cfg(all(feature = "keychain", not(target_arch = "wasm32")))]
pub mod secrets;
#[cfg(target_arch = "wasm32")]
pub mod web;

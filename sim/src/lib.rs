//! A town in a box (draft).
#![warn(missing_docs)]

pub mod chance;
pub mod server;
pub mod town;

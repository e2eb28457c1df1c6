//! What is kept about people: what of it they are given, what becomes of it when they leave, and for how long it is kept.
//!
//! Where to start: [`register`] says of every table whose data it holds, whether it is in a person's archive and what
//! erasing does to it; a test compares it with the schema, so that nothing new is forgotten. `erase` forgets a person,
//! `export` gathers their archive, `retention` forgets what is old, [`consents`] keeps what they agreed to. For people
//! it is told in `docs/privacy.md`.

mod archive;
pub mod consents;
mod doors;
mod erase;
mod export;
pub mod register;
mod retention;

pub use doors::routes;
pub use erase::{Erasure, erase};
pub use export::Exports;
pub use retention::{RULES, Rule, purge};

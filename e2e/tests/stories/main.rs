//! The product's stories, told with real browsers on the real server. Run by `cargo xtask test`.

mod access;
mod durability;
mod endings;
mod habits;
mod line;
mod money;
mod pictures;
mod tap_to_door;
mod walk;

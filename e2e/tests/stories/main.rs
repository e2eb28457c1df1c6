//! The product's stories, told with real browsers on the real server. Run by `cargo xtask test`.

#![expect(
    clippy::expect_used,
    reason = "what is missing in a test is a failed test, told with its reason"
)]

/// Tells each story in Chromium and in the native apps, on that database.
macro_rules! told_in_both {
    ($($story:ident: $engine:ident),* $(,)?) => {
        mod web {
            $(#[test] fn $story() {
                momfood_e2e::stage::tell_on(momfood_backend::store::Engine::$engine, super::$story);
            })*
        }
        mod apps {
            $(#[test] fn $story() {
                momfood_e2e::stage::tell_on(momfood_backend::store::Engine::$engine, super::$story);
            })*
        }
    };
}

mod access;
mod durability;
mod endings;
mod habits;
mod identity;
mod installed;
mod joining;
mod line;
mod money;
mod offline;
mod pictures;
mod platform;
mod printing;
mod tap_to_door;
mod walk;

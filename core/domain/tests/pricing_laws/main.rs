//! The laws of pricing: the price shown is the price paid, to the minor unit, for any menu, cart and terms.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected has to stop")]

mod amounts;
mod carts;
mod refusals;

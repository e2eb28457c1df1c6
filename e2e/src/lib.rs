//! What the stories are told with: a city of one's own (the real server with the demo city), a browser, and what a
//! person does in each app. The stories themselves are in `tests/stories`.
//!
//! Where to start: [`stage::tell`] gives a story its [`stage::Stage`]; a [`screen::Screen`] is one window; the
//! [`customer`], [`kitchen`] and [`driver`] are the people in front of it. Nothing but [`browser`] knows whether it is
//! Chromium or the native [`app`]s, so that the same stories are told in both.
//!
//! A story waits for what it wants to see, never for a while.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "tools of tests: what goes wrong in them is a failed test, told with its reason"
)]

pub mod api;
pub mod app;
pub mod browser;
pub mod city;
pub mod customer;
pub mod driver;
pub mod entry;
pub mod kitchen;
pub mod ledger;
pub mod picture;
pub mod screen;
pub mod setup;
pub mod stage;
pub mod wire;

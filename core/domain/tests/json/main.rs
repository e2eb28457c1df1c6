//! What goes into a database or over a wire comes back the same, and its shape is written down in
//! `snapshots/`: rows and queued mutations outlive the program that wrote them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that meets the unexpected has to stop"
)]

mod round_trips;
mod samples;
mod shapes;

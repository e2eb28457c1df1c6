//! What crosses a wire in MomFood: REST bodies, error codes, the change feed, and the Calls and Events
//! between a screen and its engine. Shapes, and what both ends must make of them alike.
//!
//! Every shape has a golden file in `tests/golden`; a change of the wire shows there.
//!
//! - [`error`]: the closed set of error codes, with HTTP statuses and words in both languages.
//! - [`problem`]: the domain's refusals as error codes.
//! - [`rest`]: bodies of `/api/v1`; [`account`]: of signing in and one's own account; [`onboarding`]: of joining;
//!   [`admin`]: of running the platform.
//! - [`view`]: an order, a restaurant, a job as its viewer may see it; shared by REST, feed and engine.
//! - [`project`]: which party sees what of an order; [`may`]: what they may do with it; [`predict`]: what it will look
//!   like after a mutation.
//! - [`feed`]: scopes, snapshots, changes and the stream that carries them.
//! - [`mutation`]: what a person changes, by whichever door; [`sync`]: how a device hands it in and reads on.
//! - [`engine`]: Calls and Events; [`online`]: Calls that are passed through to the server, and their doors.
//! - [`notice`]: what is told of an order to who is not looking.
//! - [`reading`]: reads all of these in little code.
//!
//! All times are microseconds since 1970-01-01T00:00:00Z; all amounts are minor units of the currency named
//! beside them; all distances are metres.
#![warn(missing_docs)]

pub mod account;
pub mod admin;
pub mod device;
pub mod engine;
pub mod error;
pub mod feed;
pub mod may;
pub mod mutation;
pub mod notice;
pub mod onboarding;
pub mod online;
pub mod predict;
pub mod problem;
pub mod project;
pub mod reading;
pub mod rest;
pub mod sync;
pub mod view;

/// Version of everything in this crate; a client that speaks another is told so.
pub const PROTO: u32 = 1;

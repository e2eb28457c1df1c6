//! Where drivers are: the latest position of each, told to the customer whose order they work on and to nobody else.
//! Not part of the change feed: only the latest matters, and losing one costs nothing. No trail is kept.

pub mod doors;
mod error;
mod positions;

pub use error::TrackingError;
pub use positions::{HIDDEN_AFTER_MINUTES, begin, is_place, of_order, record, work_in_hand};

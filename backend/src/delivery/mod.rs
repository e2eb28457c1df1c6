//! Who carries what: drivers' shifts and days, and which driver is asked for a delivery.
//!
//! [`dispatch_due`] asks drivers, one at a time, nearest first; [`set_shift`] takes them on and off duty; [`driver_day`]
//! is what they earned. Offers, answers and the steps of a job are commands on the order: nothing here writes an order,
//! a delivery or an assignment by itself.

mod day;
mod dispatch;
pub mod doors;
mod error;
mod shift;

pub use day::{day_changed, day_rev, driver_day};
pub use dispatch::{OFFER_PAUSE_SECONDS, SEEN_MINUTES, dispatch_due};
pub use error::DeliveryError;
pub use shift::{is_on_shift, set_shift};

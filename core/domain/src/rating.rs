//! How a customer says how it was: once for each order, while it is remembered.

use crate::actor::Actor;
use crate::order::{Order, OrderStatus, Party, Rejection, party};
use crate::time::{DAY, Timestamp};

/// Days after the food arrived in which it can be rated.
pub const RATE_DAYS: i64 = 14;
/// Fewest and most stars.
pub const STARS: core::ops::RangeInclusive<u8> = 1..=5;
/// Longest comment, in characters.
pub const MAX_COMMENT: usize = 500;

/// Whether `stars` become the order's rating: `false` when they are already. What was said is never unsaid.
///
/// `delivered_at` is when the food arrived, `given` the stars it has.
pub fn rate(
    order: &Order,
    actor: &Actor,
    (delivered_at, given): (Option<Timestamp>, Option<u8>),
    stars: u8,
    now: Timestamp,
) -> Result<bool, Rejection> {
    match party(order, actor) {
        None => return Err(Rejection::NotFound),
        Some(Party::Customer) => {}
        Some(_) => return Err(Rejection::Forbidden),
    }
    if order.status != OrderStatus::Delivered {
        return Err(Rejection::WrongState(order.status));
    }
    match given {
        Some(before) if before == stars => Ok(false),
        Some(_) => Err(Rejection::WrongState(order.status)),
        None if delivered_at.is_some_and(|at| now > at.plus(RATE_DAYS * DAY)) => Err(Rejection::TooLate),
        None if STARS.contains(&stars) => Ok(true),
        None => Err(Rejection::Amount),
    }
}

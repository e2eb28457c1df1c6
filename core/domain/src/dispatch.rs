//! Which driver is asked next, and when asking begins.

use crate::geo::{GeoPoint, travel_minutes};
use crate::id::UserId;
use crate::time::Timestamp;

/// How long an offer stands.
pub const OFFER_SECONDS: i64 = 45;
/// How far from the restaurant a driver may be to be asked, metres as the crow flies.
pub const OFFER_RADIUS_M: u32 = 15_000;
/// How long before the food is ready asking begins.
pub const DISPATCH_LEAD_MINUTES: i64 = 10;

/// A driver on shift with no delivery of their own and no offer standing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Who.
    pub driver_id: UserId,
    /// Where last seen.
    pub point: GeoPoint,
    /// When last seen.
    pub seen_at: Timestamp,
    /// How often this driver has been asked for this delivery already.
    pub times_asked: u32,
}

/// The driver to ask next: asked least often, then nearest, then seen last, then by id so that every run
/// agrees. `None` when nobody is near enough.
pub fn choose(candidates: &[Candidate], restaurant: GeoPoint) -> Option<&Candidate> {
    candidates
        .iter()
        .filter(|c| c.point.is_valid() && c.point.distance_m(restaurant) <= OFFER_RADIUS_M)
        .min_by_key(|c| {
            (
                c.times_asked,
                c.point.distance_m(restaurant),
                core::cmp::Reverse(c.seen_at),
                c.driver_id,
            )
        })
}

/// When drivers are first asked for food promised for `ready_by`.
pub const fn dispatch_from(ready_by: Timestamp) -> Timestamp {
    ready_by.plus_minutes(-DISPATCH_LEAD_MINUTES)
}

/// When the customer can expect the order: ready, then carried `straight_m` metres, and three minutes for
/// doors and stairs.
pub fn estimated_delivery(ready_by: Timestamp, straight_m: u32) -> Timestamp {
    ready_by.plus_minutes(i64::from(travel_minutes(straight_m)) + 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(id: u128, lat: f64, times_asked: u32) -> Candidate {
        Candidate {
            driver_id: UserId(Uuid::from_u128(id)),
            point: GeoPoint { lat, lng: 46.68 },
            seen_at: Timestamp(0),
            times_asked,
        }
    }

    #[test]
    fn the_nearest_is_asked_first_and_whoever_was_not_asked_before_the_others() {
        let restaurant = GeoPoint {
            lat: 24.70,
            lng: 46.68,
        };
        let near = at(1, 24.701, 0);
        let far = at(2, 24.72, 0);
        assert_eq!(choose(&[far, near], restaurant), Some(&near));
        let asked = at(1, 24.701, 1);
        assert_eq!(choose(&[far, asked], restaurant), Some(&far));
        assert_eq!(choose(&[at(3, 25.5, 0)], restaurant), None, "another city");
    }
}

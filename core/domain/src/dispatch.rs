//! Which driver is asked next, and when asking begins.
//!
//! A driver has one offer to answer at most, and two jobs at most. A second one is proposed only while the first is
//! still to be fetched, from the same place and on the same way: nobody with somebody's dinner in the box is ever sent
//! to fetch another's. Whoever has nothing to do comes first.

use core::cmp::Reverse;

use crate::geo::{GeoPoint, travel_minutes};
use crate::id::UserId;
use crate::time::Timestamp;

/// How long an offer stands.
pub const OFFER_SECONDS: i64 = 45;
/// How far from the restaurant a driver may be to be asked, metres as the crow flies.
pub const OFFER_RADIUS_M: u32 = 15_000;
/// How long before the food is ready asking begins.
pub const DISPATCH_LEAD_MINUTES: i64 = 10;
/// Most jobs of one driver.
pub const MOST_JOBS: usize = 2;
/// Restaurants so near to each other are one place to fetch from, metres.
pub const SAME_PLACE_M: u32 = 300;
/// Customers so near to each other are on one way, metres.
pub const SAME_WAY_M: u32 = 3_000;
/// By how much one customer may lengthen the way to another, metres.
pub const DETOUR_M: u32 = 1_000;
/// A driver with a job counts as so much further away than one without, metres.
pub const FREE_FIRST_M: u32 = 3_000;

/// Something to be carried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Errand {
    /// The restaurant's place.
    pub from: GeoPoint,
    /// The customer's; unknown, it is on nobody's way.
    pub to: Option<GeoPoint>,
}

impl Errand {
    /// Whether one driver can carry both at once: fetched at one place, and brought near to each other or one on the
    /// way to the other.
    pub fn goes_with(&self, other: &Self) -> bool {
        let (Some(here), Some(there)) = (self.to, other.to) else {
            return false;
        };
        if !(here.is_valid() && there.is_valid()) || self.from.distance_m(other.from) > SAME_PLACE_M {
            return false;
        }
        let between = here.distance_m(there);
        let on_the_way = |near: GeoPoint, far: GeoPoint| {
            let straight = self.from.distance_m(far);
            self.from.distance_m(near).saturating_add(between) <= straight.saturating_add(DETOUR_M)
        };
        between <= SAME_WAY_M || on_the_way(here, there) || on_the_way(there, here)
    }
}

/// A delivery a driver has said yes to and not ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Job {
    /// From where to where.
    pub errand: Errand,
    /// Whether the driver has the food.
    pub picked_up: bool,
}

/// What a driver has in hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InHand {
    /// Neither an offer nor a job.
    Nothing,
    /// One job, and no offer.
    Job(Job),
    /// An offer to answer, or as many jobs as there may be.
    Full,
}

impl InHand {
    /// With so many offers standing, and these jobs.
    pub const fn of(offers: usize, jobs: &[Job]) -> Self {
        match (offers, jobs) {
            (0, []) => Self::Nothing,
            (0, [job]) => Self::Job(*job),
            _ => Self::Full,
        }
    }

    /// Whether there is room for `errand` too.
    pub fn has_room_for(&self, errand: &Errand) -> bool {
        match self {
            Self::Nothing => true,
            Self::Job(job) => !job.picked_up && job.errand.goes_with(errand),
            Self::Full => false,
        }
    }
}

/// A driver on shift.
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
    /// What they have in hand.
    pub in_hand: InHand,
}

impl Candidate {
    /// Metres to the restaurant, and for a driver with a job some more.
    fn distance_to(&self, restaurant: GeoPoint) -> u32 {
        let more = match self.in_hand {
            InHand::Nothing => 0,
            InHand::Job(_) | InHand::Full => FREE_FIRST_M,
        };
        self.point.distance_m(restaurant).saturating_add(more)
    }
}

/// The driver to ask next: with room for it, asked least often, then nearest (see [`FREE_FIRST_M`]), then free, then
/// seen last, then by id so that every run agrees. `None` when nobody is near enough.
pub fn choose<'a>(candidates: &'a [Candidate], errand: &Errand) -> Option<&'a Candidate> {
    candidates
        .iter()
        .filter(|c| c.point.is_valid() && c.point.distance_m(errand.from) <= OFFER_RADIUS_M)
        .filter(|c| c.in_hand.has_room_for(errand))
        .min_by_key(|c| {
            (
                c.times_asked,
                c.distance_to(errand.from),
                c.in_hand != InHand::Nothing,
                Reverse(c.seen_at),
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
    use proptest::prelude::*;
    use uuid::Uuid;

    /// So many metres north and east of a restaurant in Olaya.
    fn place(north: i32, east: i32) -> GeoPoint {
        GeoPoint {
            lat: 24.70 + f64::from(north) / 111_195.0,
            lng: 46.68 + f64::from(east) / 101_000.0,
        }
    }

    fn errand(from: GeoPoint, to: GeoPoint) -> Errand {
        Errand { from, to: Some(to) }
    }

    fn driver(id: u128, point: GeoPoint, times_asked: u32) -> Candidate {
        Candidate {
            driver_id: UserId(Uuid::from_u128(id)),
            point,
            seen_at: Timestamp(0),
            times_asked,
            in_hand: InHand::Nothing,
        }
    }

    fn with_job(id: u128, point: GeoPoint, errand: Errand, picked_up: bool) -> Candidate {
        let in_hand = InHand::of(0, &[Job { errand, picked_up }]);
        Candidate {
            in_hand,
            ..driver(id, point, 0)
        }
    }

    fn here() -> GeoPoint {
        place(0, 0)
    }

    #[test]
    fn the_nearest_is_asked_first_and_whoever_was_not_asked_before_the_others() {
        let wanted = errand(here(), place(2_000, 0));
        let (near, far) = (driver(1, place(100, 0), 0), driver(2, place(2_000, 0), 0));
        assert_eq!(choose(&[far, near], &wanted), Some(&near));
        let asked = driver(1, place(100, 0), 1);
        assert_eq!(choose(&[far, asked], &wanted), Some(&far));
        assert_eq!(
            choose(&[driver(3, place(90_000, 0), 0)], &wanted),
            None,
            "another city"
        );
    }

    #[test]
    fn who_waits_at_the_restaurant_takes_a_second_order_of_the_same_way() {
        let busy = |to| with_job(1, here(), errand(here(), to), false);
        let north = place(4_000, 0);
        for (to, why) in [
            (place(4_000, 2_500), "a neighbour"),
            (place(1_000, 200), "on the way there"),
            (place(9_000, 300), "further along"),
        ] {
            assert!(choose(&[busy(north)], &errand(here(), to)).is_some(), "{why}");
        }
        for to in [place(-4_000, 0), place(2_000, 5_000)] {
            assert_eq!(
                choose(&[busy(north)], &errand(here(), to)),
                None,
                "another direction"
            );
        }
        let nowhere = Errand {
            from: here(),
            to: None,
        };
        assert_eq!(
            choose(&[busy(north)], &nowhere),
            None,
            "nobody knows whether it is on the way"
        );
    }

    #[test]
    fn a_second_order_is_fetched_at_the_same_place() {
        let busy = with_job(1, here(), errand(here(), place(4_000, 0)), false);
        let next_door = errand(place(290, 0), place(4_000, 100));
        let next_street = errand(place(320, 0), place(4_000, 100));
        assert_eq!(choose(&[busy], &next_door), Some(&busy));
        assert_eq!(choose(&[busy], &next_street), None);
    }

    #[test]
    fn who_carries_food_fetches_no_other() {
        let carrying = with_job(1, here(), errand(here(), place(4_000, 0)), true);
        assert_eq!(choose(&[carrying], &errand(here(), place(4_000, 0))), None);
    }

    #[test]
    fn a_second_order_waits_for_no_driver_who_is_far() {
        let wanted = errand(here(), place(4_000, 0));
        let busy = with_job(1, here(), wanted, false);
        let (near, far) = (driver(2, place(2_900, 0), 0), driver(3, place(3_200, 0), 0));
        assert_eq!(
            choose(&[busy, near], &wanted),
            Some(&near),
            "the free one comes first"
        );
        assert_eq!(choose(&[busy, far], &wanted), Some(&busy));
        let said_no = driver(2, place(2_900, 0), 1);
        assert_eq!(
            choose(&[busy, said_no], &wanted),
            Some(&busy),
            "who was not asked yet"
        );
    }

    #[test]
    fn an_offer_or_two_jobs_leave_no_room() {
        let wanted = errand(here(), place(4_000, 0));
        let job = Job {
            errand: wanted,
            picked_up: false,
        };
        for (offers, jobs) in [(1, &[][..]), (1, &[job]), (0, &[job, job]), (1, &[job, job])] {
            assert!(
                !InHand::of(offers, jobs).has_room_for(&wanted),
                "{offers} and {jobs:?}"
            );
        }
        assert!(InHand::of(0, &[job]).has_room_for(&wanted));
        assert!(InHand::of(0, &[]).has_room_for(&wanted));
    }

    /// A driver of the world below: where, what they were offered, what they do.
    #[derive(Clone, Debug)]
    struct Driver {
        point: GeoPoint,
        offer: Option<Errand>,
        jobs: Vec<Job>,
    }

    impl Driver {
        fn seen(&self, id: u128) -> Candidate {
            Candidate {
                in_hand: InHand::of(usize::from(self.offer.is_some()), &self.jobs),
                ..driver(id, self.point, 0)
            }
        }
    }

    #[derive(Clone, Debug)]
    enum Move {
        Wanted(Errand),
        Accept(usize),
        Decline(usize),
        PickUp(usize, usize),
        Done(usize, usize),
        Ride(usize, GeoPoint),
    }

    fn somewhere(reach: i32) -> impl Strategy<Value = GeoPoint> {
        (-reach..reach, -reach..reach).prop_map(|(north, east)| place(north, east))
    }

    fn moves() -> impl Strategy<Value = Move> {
        let restaurant = prop_oneof![Just(here()), Just(place(250, 0)), somewhere(4_000)];
        let wanted = (restaurant, somewhere(6_000));
        prop_oneof![
            4 => wanted.prop_map(|(from, to)| Move::Wanted(errand(from, to))),
            4 => (0..3_usize).prop_map(Move::Accept),
            1 => (0..3_usize).prop_map(Move::Decline),
            1 => (0..3_usize, 0..2_usize).prop_map(|(who, which)| Move::PickUp(who, which)),
            1 => (0..3_usize, 0..2_usize).prop_map(|(who, which)| Move::Done(who, which)),
            1 => (0..3_usize, somewhere(4_000)).prop_map(|(who, to)| Move::Ride(who, to)),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_no_driver_is_given_too_much(moves in prop::collection::vec(moves(), 1..60)) {
            let idle = Driver { point: here(), offer: None, jobs: vec![] };
            let mut drivers = [idle.clone(), idle.clone(), idle];
            for step in moves {
                match step {
                    Move::Wanted(errand) => {
                        let seen: Vec<Candidate> = (0..).zip(&drivers).map(|(id, driver)| driver.seen(id)).collect();
                        let Some(chosen) = choose(&seen, &errand) else { continue };
                        let which = seen.iter().position(|one| one == chosen).unwrap();
                        let driver = &mut drivers[which];
                        prop_assert!(driver.offer.is_none(), "two offers at once");
                        prop_assert!(driver.jobs.len() < MOST_JOBS, "more jobs than there may be");
                        for job in &driver.jobs {
                            prop_assert!(!job.picked_up, "sent to fetch more with food in the box");
                            prop_assert!(job.errand.from.distance_m(errand.from) <= SAME_PLACE_M, "sent elsewhere");
                        }
                        let free_near = |one: &&Candidate| {
                            one.in_hand == InHand::Nothing && one.point.distance_m(errand.from) <= FREE_FIRST_M
                        };
                        if seen.iter().any(|one| free_near(&one)) {
                            prop_assert_eq!(chosen.in_hand, InHand::Nothing, "a free driver is near");
                        }
                        driver.offer = Some(errand);
                    }
                    Move::Accept(who) => {
                        let taken = drivers[who].offer.take();
                        drivers[who].jobs.extend(taken.map(|errand| Job { errand, picked_up: false }));
                    }
                    Move::Decline(who) => drivers[who].offer = None,
                    Move::PickUp(who, which) => {
                        if let Some(job) = drivers[who].jobs.get_mut(which) {
                            job.picked_up = true;
                        }
                    }
                    Move::Done(who, which) => {
                        if which < drivers[who].jobs.len() {
                            drivers[who].jobs.remove(which);
                        }
                    }
                    Move::Ride(who, to) => drivers[who].point = to,
                }
            }
        }

        #[test]
        fn going_together_does_not_depend_on_which_came_first(
            (a, b) in (somewhere(300), somewhere(300)), (c, d) in (somewhere(8_000), somewhere(8_000))
        ) {
            let same_place = (errand(here(), c), errand(here(), d));
            prop_assert_eq!(same_place.0.goes_with(&same_place.1), same_place.1.goes_with(&same_place.0));
            if errand(a, c).goes_with(&errand(b, d)) {
                prop_assert!(a.distance_m(b) <= SAME_PLACE_M);
            }
        }
    }
}

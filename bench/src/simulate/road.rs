//! The way from here to there: along the streets of a grid city, in steps of equal time.

use momfood_domain::geo::GeoPoint;

/// Metres between two steps.
const STEP_M: u32 = 260;

/// Points on the way: first along one street, then, round one corner, along the other. The last is `to`; none when one
/// is there already.
pub fn way(from: GeoPoint, to: GeoPoint, east_first: bool) -> Vec<GeoPoint> {
    let corner = if east_first {
        GeoPoint {
            lat: from.lat,
            lng: to.lng,
        }
    } else {
        GeoPoint {
            lat: to.lat,
            lng: from.lng,
        }
    };
    let mut points = leg(from, corner);
    points.extend(leg(corner, to));
    points
}

fn leg(from: GeoPoint, to: GeoPoint) -> Vec<GeoPoint> {
    let metres = from.distance_m(to);
    let steps = metres.div_ceil(STEP_M);
    (1..=steps)
        .map(|step| {
            let part = f64::from(step) / f64::from(steps);
            GeoPoint {
                lat: from.lat + (to.lat - from.lat) * part,
                lng: from.lng + (to.lng - from.lng) * part,
            }
        })
        .collect()
}

/// Degrees clockwise from north.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 359")]
pub fn heading(from: GeoPoint, to: GeoPoint) -> u16 {
    let east = (to.lng - from.lng) * from.lat.to_radians().cos();
    let degrees = east.atan2(to.lat - from.lat).to_degrees();
    degrees.rem_euclid(360.0).round() as u16 % 360
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn in_riyadh()(lat in 24.6..24.85, lng in 46.55..46.8) -> GeoPoint { GeoPoint { lat, lng } }
    }

    proptest! {
        #[test]
        fn a_way_arrives_without_jumps_and_is_no_longer_than_streets_are(
            from in in_riyadh(), to in in_riyadh(), east_first: bool,
        ) {
            let mut here = from;
            let mut metres = 0;
            for point in way(from, to, east_first) {
                let step = here.distance_m(point);
                prop_assert!(step <= STEP_M + 1, "{step}");
                metres += step;
                here = point;
            }
            prop_assert!(here.distance_m(to) <= 1);
            prop_assert!(f64::from(metres) <= 1.5 * f64::from(from.distance_m(to)) + 50.0);
        }
    }

    #[test]
    fn one_who_is_there_does_not_move() {
        let here = GeoPoint { lat: 24.7, lng: 46.7 };
        assert!(way(here, here, true).is_empty());
    }

    #[test]
    fn headings_are_those_of_a_compass() {
        let here = GeoPoint { lat: 24.7, lng: 46.7 };
        let to = |lat: f64, lng: f64| {
            heading(
                here,
                GeoPoint {
                    lat: here.lat + lat,
                    lng: here.lng + lng,
                },
            )
        };
        assert_eq!(
            (to(0.1, 0.0), to(0.0, 0.1), to(-0.1, 0.0), to(0.0, -0.1)),
            (0, 90, 180, 270)
        );
    }
}

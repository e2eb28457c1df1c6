//! Places on the map and distances between them.

use serde::{Deserialize, Serialize};

/// A point in WGS 84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GeoPoint {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lng: f64,
}

/// Mean radius of the Earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

impl GeoPoint {
    /// Whether both coordinates are numbers within their range.
    pub fn is_valid(self) -> bool {
        self.lat.abs() <= 90.0 && self.lng.abs() <= 180.0
    }

    /// Great-circle distance in metres (haversine).
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most half the Earth's girth"
    )]
    pub fn distance_m(self, other: Self) -> u32 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_dlat = (lat2 - lat1) / 2.0;
        let half_dlng = (other.lng - self.lng).to_radians() / 2.0;
        let h = half_dlat.sin().powi(2) + lat1.cos() * lat2.cos() * half_dlng.sin().powi(2);
        (2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()).round() as u32
    }
}

/// Metres one travels on city streets for a straight line of `straight_m` metres: streets are no
/// straight lines; 1.35 is the usual detour factor of a grid city.
pub const fn street_distance_m(straight_m: u32) -> u32 {
    (straight_m / 100)
        .saturating_mul(135)
        .saturating_add(straight_m % 100 * 135 / 100)
}

/// Minutes to travel `straight_m` metres (as the crow flies) by car or motorbike in city traffic, at
/// 28 km/h on streets, never below one.
pub const fn travel_minutes(straight_m: u32) -> u32 {
    let minutes = street_distance_m(straight_m).div_ceil(467);
    if minutes == 0 { 1 } else { minutes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OLAYA: GeoPoint = GeoPoint {
        lat: 24.6911,
        lng: 46.6853,
    };
    const DIRIYAH: GeoPoint = GeoPoint {
        lat: 24.7341,
        lng: 46.5757,
    };

    #[test]
    fn olaya_to_diriyah_is_about_twelve_kilometres() {
        let metres = OLAYA.distance_m(DIRIYAH);
        assert!((11_900..12_200).contains(&metres), "{metres}");
        assert_eq!(travel_minutes(metres), 35);
    }

    #[test]
    fn places_off_the_earth_are_not_valid() {
        assert!(OLAYA.is_valid());
        assert!(!GeoPoint { lat: 91.0, lng: 0.0 }.is_valid());
        assert!(
            !GeoPoint {
                lat: f64::NAN,
                lng: 0.0
            }
            .is_valid()
        );
    }

    prop_compose! {
        fn anywhere()(lat in -90.0..90.0, lng in -180.0..180.0) -> GeoPoint { GeoPoint { lat, lng } }
    }

    proptest! {
        #[test]
        fn distance_is_symmetric_and_obeys_the_triangle(a in anywhere(), b in anywhere(), c in anywhere()) {
            prop_assert_eq!(a.distance_m(b), b.distance_m(a));
            prop_assert_eq!(a.distance_m(a), 0);
            prop_assert!(a.distance_m(c) <= a.distance_m(b) + b.distance_m(c) + 2);
        }
    }
}

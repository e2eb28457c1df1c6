//! What is done at which pace, and which of the things a receiver says is a place. Rules only: `phone` does it.

use momfood_domain::geo::GeoPoint;
use momfood_protocol::engine::{PaceReason, ReportPosition};

/// Metres beyond which a position is no place.
const ROUGHEST: f64 = 1_000.0;
/// Metres a second below which a direction is noise.
const MOVING: f64 = 0.5;

/// What to do at a pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Ask nothing, and end what asks.
    Rest,
    /// Ask once, the person first.
    AskOnce,
    /// Keep asking: through the phone's own service, or where that does not begin, for as long as the app is open.
    Follow,
}

impl Deed {
    /// What `reason` calls for.
    pub const fn at(reason: PaceReason) -> Self {
        match reason {
            PaceReason::OffShift => Self::Rest,
            PaceReason::Starting => Self::AskOnce,
            PaceReason::Idle | PaceReason::OnTheWay | PaceReason::Close => Self::Follow,
        }
    }
}

/// What a receiver measured, as the plugin tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    pub lat: f64,
    pub lng: f64,
    pub accuracy: f64,
    pub speed: Option<f64>,
    pub heading: Option<f64>,
}

impl Measured {
    /// Where that is; `None` when it is no place: (0, 0) is what is said where there is no receiver.
    pub fn report(self) -> Option<ReportPosition> {
        let point = GeoPoint {
            lat: self.lat,
            lng: self.lng,
        };
        let nowhere = self.lat == 0.0 && self.lng == 0.0;
        let rough = self.accuracy.is_nan() || self.accuracy < 0.0 || self.accuracy > ROUGHEST;
        (point.is_valid() && !nowhere && !rough).then(|| ReportPosition {
            point,
            heading: self.whole_heading(),
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 359 after the remainder"
    )]
    fn whole_heading(self) -> Option<u16> {
        let moving = self.speed.is_some_and(|speed| speed >= MOVING);
        let degrees = self
            .heading
            .filter(|degrees| moving && *degrees >= 0.0 && degrees.is_finite())?;
        Some(degrees.rem_euclid(360.0) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLAYA: Measured = Measured {
        lat: 24.69,
        lng: 46.68,
        accuracy: 8.0,
        speed: Some(9.0),
        heading: Some(271.6),
    };

    #[test]
    fn off_shift_nobody_is_asked() {
        assert_eq!(Deed::at(PaceReason::OffShift), Deed::Rest);
        assert_eq!(Deed::at(PaceReason::Starting), Deed::AskOnce);
        for reason in [PaceReason::Idle, PaceReason::OnTheWay, PaceReason::Close] {
            assert_eq!(Deed::at(reason), Deed::Follow);
        }
    }

    #[test]
    fn what_is_no_place_is_never_reported() {
        assert!(OLAYA.report().is_some());
        assert_eq!(Measured::default().report(), None, "there is no receiver");
        for (lat, lng, accuracy) in [
            (91.0, 46.0, 8.0),
            (24.69, 46.68, 5_000.0),
            (24.69, 46.68, -1.0),
            (24.69, 46.68, f64::NAN),
        ] {
            let said = Measured {
                lat,
                lng,
                accuracy,
                ..OLAYA
            };
            assert_eq!(said.report(), None, "{said:?}");
        }
    }

    #[test]
    fn who_stands_still_goes_nowhere() {
        let heading = |speed, heading| {
            Measured {
                speed,
                heading,
                ..OLAYA
            }
            .report()
            .and_then(|said| said.heading)
        };
        assert_eq!(heading(Some(9.0), Some(271.6)), Some(271));
        assert_eq!(heading(Some(9.0), Some(360.0)), Some(0));
        assert_eq!(heading(Some(0.0), Some(0.0)), None);
        assert_eq!(heading(Some(9.0), Some(-1.0)), None);
        assert_eq!(heading(None, Some(90.0)), None);
    }
}

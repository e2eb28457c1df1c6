//! Points in time and spans, in microseconds. The server's clock is the only one that decides.

use serde::{Deserialize, Serialize};

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Microseconds in a second.
pub const SECOND: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Microseconds in a day.
pub const DAY: i64 = 24 * 60 * MINUTE;

impl Timestamp {
    /// The same point, `micros` later (or earlier, when negative). Saturates at the ends of time.
    #[must_use]
    pub const fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// `seconds` later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus(seconds.saturating_mul(SECOND))
    }

    /// `minutes` later.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus(minutes.saturating_mul(MINUTE))
    }

    /// Microseconds from `earlier` to here; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds from here to `later`, never below zero, rounded up: what a countdown shows.
    pub const fn seconds_until(self, later: Self) -> i64 {
        let micros = later.since(self);
        if micros <= 0 { 0 } else { (micros - 1) / SECOND + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_countdown_reaches_zero_only_at_the_deadline() {
        let deadline = Timestamp(10 * SECOND);
        assert_eq!(Timestamp(9 * SECOND + 1).seconds_until(deadline), 1);
        assert_eq!(deadline.seconds_until(deadline), 0);
        assert_eq!(Timestamp(11 * SECOND).seconds_until(deadline), 0);
        assert!(
            Timestamp(i64::MIN).seconds_until(Timestamp(i64::MAX)) > 0,
            "the ends of time"
        );
    }
}

//! Opening hours: weekly periods in the restaurant's local time.

use serde::{Deserialize, Serialize};

use crate::time::{MINUTE, Timestamp};

/// Minutes in a day.
const DAY_MINUTES: u32 = 24 * 60;
/// Minutes in a week.
const WEEK_MINUTES: u32 = 7 * DAY_MINUTES;

/// A period of one weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OpeningPeriod {
    /// 0 is Sunday, 6 is Saturday.
    pub day: u8,
    /// Local minutes after midnight at which it opens (0–1439).
    pub open: u16,
    /// Local minutes after midnight at which it closes; over 1440 means the next day (at most 2880).
    pub close: u16,
}

/// A week of opening periods, in a fixed offset from UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OpeningHours {
    /// Minutes east of UTC (Riyadh: 180). Gulf states keep no summer time.
    pub utc_offset_minutes: i16,
    /// The periods; they may overlap and may run past midnight.
    pub periods: Vec<OpeningPeriod>,
}

impl OpeningPeriod {
    /// Whether the period names a real day and ends after it begins.
    pub const fn is_valid(self) -> bool {
        self.day < 7
            && (self.open as u32) < DAY_MINUTES
            && self.close > self.open
            && self.close as u32 <= 2 * DAY_MINUTES
    }

    const fn start(self) -> u32 {
        self.day as u32 * DAY_MINUTES + self.open as u32
    }

    const fn length(self) -> u32 {
        self.close as u32 - self.open as u32
    }
}

impl OpeningHours {
    /// Open around the clock.
    pub fn always(utc_offset_minutes: i16) -> Self {
        let periods = (0..7)
            .map(|day| OpeningPeriod {
                day,
                open: 0,
                close: 1440,
            })
            .collect();
        Self {
            utc_offset_minutes,
            periods,
        }
    }

    /// Whether a period covers `at`.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let minute = self.minute_of_week(at);
        self.valid()
            .any(|p| (minute + WEEK_MINUTES - p.start()) % WEEK_MINUTES < p.length())
    }

    /// When it opens next, if it is closed at `at` and opens at all.
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_open(at) {
            return None;
        }
        let minute = self.minute_of_week(at);
        let wait = self
            .valid()
            .map(|p| (p.start() + WEEK_MINUTES - minute) % WEEK_MINUTES)
            .min()?;
        Some(Timestamp(at.0.div_euclid(MINUTE) * MINUTE).plus_minutes(i64::from(wait)))
    }

    fn valid(&self) -> impl Iterator<Item = OpeningPeriod> + '_ {
        self.periods.iter().copied().filter(|p| p.is_valid())
    }

    #[expect(clippy::cast_possible_truncation, reason = "rem_euclid of a week is 0..10080")]
    fn minute_of_week(&self, at: Timestamp) -> u32 {
        // 1970-01-01 was a Thursday, day 4 counted from Sunday.
        let local = at.0.div_euclid(MINUTE) + i64::from(self.utc_offset_minutes) + 4 * i64::from(DAY_MINUTES);
        local.rem_euclid(i64::from(WEEK_MINUTES)) as u32
    }
}

/// Local minute of the day (0–1439) at `at`, `utc_offset_minutes` east of UTC.
#[expect(clippy::cast_possible_truncation, reason = "rem_euclid of a day is 0..1440")]
pub const fn minute_of_day(at: Timestamp, utc_offset_minutes: i16) -> u16 {
    (at.0.div_euclid(MINUTE) + utc_offset_minutes as i64).rem_euclid(DAY_MINUTES as i64) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sunday 2026-11-22, 00:00 in Riyadh.
    const SUNDAY: Timestamp = Timestamp(1_795_294_800_000_000);

    fn evenings() -> OpeningHours {
        let periods = (0..7)
            .map(|day| OpeningPeriod {
                day,
                open: 17 * 60,
                close: 26 * 60,
            })
            .collect();
        OpeningHours {
            utc_offset_minutes: 180,
            periods,
        }
    }

    #[test]
    fn a_period_past_midnight_is_open_the_next_morning() {
        assert!(
            evenings().is_open(SUNDAY.plus_minutes(60)),
            "1 am belongs to Saturday's evening"
        );
        assert!(!evenings().is_open(SUNDAY.plus_minutes(2 * 60)));
        assert!(evenings().is_open(SUNDAY.plus_minutes(17 * 60)));
    }

    #[test]
    fn closed_says_when_it_opens() {
        let noon = SUNDAY.plus_minutes(12 * 60).plus_seconds(30);
        assert_eq!(evenings().next_opening(noon), Some(SUNDAY.plus_minutes(17 * 60)));
        assert_eq!(evenings().next_opening(SUNDAY), None, "open now");
        assert_eq!(OpeningHours::default().next_opening(noon), None, "never opens");
    }

    proptest! {
        #[test]
        fn it_is_open_at_its_next_opening(at in 0_i64..4_000_000_000_000_000, day in 0_u8..7, open in 0_u16..1440, length in 1_u16..1440, offset in -720_i16..840) {
            let hours = OpeningHours { utc_offset_minutes: offset, periods: vec![OpeningPeriod { day, open, close: open + length }] };
            let at = Timestamp(at);
            match hours.next_opening(at) {
                None => prop_assert!(hours.is_open(at)),
                Some(opening) => {
                    prop_assert!(opening > at.plus(-MINUTE) && opening.since(at) <= i64::from(WEEK_MINUTES) * MINUTE);
                    prop_assert!(hours.is_open(opening));
                    prop_assert!(!hours.is_open(opening.plus(-1)));
                }
            }
        }
    }
}

//! How long something has been: "12 min", "2 h", "3 days". For ages that are read at a glance and need no seconds.

use momfood_domain::time::{DAY, MINUTE, Timestamp};

use crate::{format, t};

/// A span, as coarse as one says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    /// Not worth a number.
    Moment,
    /// Whole minutes, up to two hours.
    Minutes(i64),
    /// Whole hours, up to two days.
    Hours(i64),
    /// Whole days.
    Days(i64),
}

const HOUR: i64 = 60 * MINUTE;
const TWO_HOURS: i64 = 2 * HOUR;
const TWO_DAYS: i64 = 2 * DAY;

const fn span(micros: i64) -> Span {
    match micros {
        ..MINUTE => Span::Moment,
        MINUTE..TWO_HOURS => Span::Minutes(micros / MINUTE),
        TWO_HOURS..TWO_DAYS => Span::Hours(micros / HOUR),
        _ => Span::Days(micros / DAY),
    }
}

/// How long `since` is past at `now`; nothing under a minute, or when the clock was set back.
pub fn for_how_long(since: Timestamp, now: Timestamp) -> Option<String> {
    Some(match span(now.since(since)) {
        Span::Moment => return None,
        Span::Minutes(n) => t!("kit-span-minutes", count: n),
        Span::Hours(n) => t!("kit-span-hours", count: n),
        Span::Days(n) => t!("kit-span-days", count: n),
    })
}

/// `at` as a time of day, with its day when that is over twelve hours away.
pub fn now_and_then(at: Timestamp, now: Timestamp) -> String {
    if now.since(at).abs() < 12 * HOUR {
        format::time(at)
    } else {
        format::date_time(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_the_unit_one_would_say_it_in() {
        assert_eq!(span(MINUTE - 1), Span::Moment);
        assert_eq!(span(MINUTE), Span::Minutes(1));
        assert_eq!(span(2 * HOUR - 1), Span::Minutes(119));
        assert_eq!(span(2 * HOUR), Span::Hours(2));
        assert_eq!(span(2 * DAY - 1), Span::Hours(47));
        assert_eq!(span(40 * DAY), Span::Days(40));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nothing_older_than_it_is() {
        assert_eq!(span(-5 * HOUR), Span::Moment);
    }
}

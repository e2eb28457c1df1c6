//! How much of something may be done: so many at once, and afterwards so many in a while. By the generic cell rate
//! algorithm, for which one time per caller is all that is kept: when the caller will have the whole budget again.

use std::fmt;
use std::str::FromStr;

use momfood_domain::time::{SECOND, Timestamp};

/// So many at once, and afterwards one in so long. Written `600+60/s`: 600 at once, then 60 a second (`s`, `m`, `h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    burst: i64,
    /// How many come back in `unit`.
    count: i64,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
}

impl Unit {
    const fn length(self) -> i64 {
        match self {
            Self::Second => SECOND,
            Self::Minute => 60 * SECOND,
            Self::Hour => 3_600 * SECOND,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Second => 's',
            Self::Minute => 'm',
            Self::Hour => 'h',
        }
    }
}

impl Budget {
    const fn of(burst: i64, count: i64, unit: Unit) -> Self {
        Self { burst, count, unit }
    }

    /// `burst` at once, then `count` a second.
    pub const fn a_second(burst: i64, count: i64) -> Self {
        Self::of(burst, count, Unit::Second)
    }

    /// `burst` at once, then `count` a minute.
    pub const fn a_minute(burst: i64, count: i64) -> Self {
        Self::of(burst, count, Unit::Minute)
    }

    /// `burst` at once, then `count` an hour.
    pub const fn an_hour(burst: i64, count: i64) -> Self {
        Self::of(burst, count, Unit::Hour)
    }

    /// How many may be done at once.
    pub const fn burst(self) -> i64 {
        self.burst
    }

    /// How long until one comes back, microseconds.
    pub const fn every(self) -> i64 {
        self.unit.length() / self.count
    }

    /// When it would be whole again if one were taken at `now`, having been going to be whole at `full_at`; or how long
    /// to wait for one, microseconds.
    pub(super) fn take(self, full_at: Timestamp, now: Timestamp) -> Result<Timestamp, i64> {
        let after = full_at.max(now).plus(self.every());
        let wait = after.plus(-self.burst * self.every()).since(now);
        if wait > 0 { Err(wait) } else { Ok(after) }
    }
}

/// A text that is no budget.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no budget: write `600+60/s`, with `s`, `m` or `h`, or `none`")]
pub struct NoBudget(pub(super) String);

impl FromStr for Budget {
    type Err = NoBudget;

    fn from_str(text: &str) -> Result<Self, NoBudget> {
        let read = || {
            let (burst, rate) = text.split_once('+')?;
            let (count, unit) = rate.split_once('/')?;
            let unit = [Unit::Second, Unit::Minute, Unit::Hour]
                .into_iter()
                .find(|known| unit.trim().chars().eq([known.letter()]))?;
            let number = |text: &str, most: i64| {
                let number: i64 = text.trim().parse().ok()?;
                (1..=most).contains(&number).then_some(number)
            };
            Some(Self {
                burst: number(burst, 1_000_000)?,
                count: number(count, 1_000_000)?,
                unit,
            })
        };
        read().ok_or_else(|| NoBudget(text.to_owned()))
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}/{}", self.burst, self.count, self.unit.letter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_reads_as_it_is_written() {
        for text in ["600+60/s", "8+6/m", "1+12/h"] {
            assert_eq!(text.parse::<Budget>().unwrap().to_string(), text);
        }
        assert_eq!("8+6/m".parse::<Budget>().unwrap().every(), 10 * SECOND);
        for wrong in [
            "", "8", "8+6", "8+6/", "8+6/d", "8+0/s", "0+1/s", "-1+1/s", "8+6/ss", "many",
        ] {
            assert!(wrong.parse::<Budget>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_few_at_once_then_one_in_a_while() {
        let budget = Budget::a_minute(3, 6);
        let now = Timestamp(1_000 * SECOND);
        let mut full_at = Timestamp(0);
        for _ in 0..3 {
            full_at = budget.take(full_at, now).unwrap();
        }
        assert_eq!(budget.take(full_at, now), Err(10 * SECOND));
        assert_eq!(budget.take(full_at, now.plus_seconds(4)), Err(6 * SECOND));
        let full_at = budget.take(full_at, now.plus_seconds(10)).unwrap();
        assert_eq!(budget.take(full_at, now.plus_seconds(10)), Err(10 * SECOND));
    }
}

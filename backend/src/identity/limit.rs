//! Slows down guessing: each caller's address may try an account a few times, then once in a while. Kept in memory
//! of one process, bounded, under the program's own clock.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use momfood_domain::time::{SECOND, Timestamp};

/// Tries in a row at an account.
const BURST: i64 = 8;
/// Afterwards one in this long.
const EVERY: i64 = 10 * SECOND;
/// Callers remembered at most.
const REMEMBERED: usize = 100_000;

/// Tries left, by caller (the generic cell rate algorithm: one time per caller is all that is kept).
pub struct Limit<K> {
    /// When the caller will have all tries again.
    full_at: Mutex<HashMap<K, Timestamp>>,
    burst: i64,
    every: i64,
}

impl<K> Default for Limit<K> {
    fn default() -> Self {
        Self::of(BURST, EVERY)
    }
}

impl<K> Limit<K> {
    /// So many tries in a row, afterwards one in `every` microseconds.
    pub fn of(burst: i64, every: i64) -> Self {
        Self {
            full_at: Mutex::new(HashMap::new()),
            burst,
            every,
        }
    }
}

impl<K: Eq + Hash> Limit<K> {
    /// Takes one try. Without any left: the seconds until there is one.
    pub fn take(&self, caller: K, now: Timestamp) -> Result<(), i64> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= REMEMBERED {
                full_at.clear();
            }
        }
        let before = full_at.get(&caller).copied().unwrap_or(now).max(now);
        let after = before.plus(self.every);
        let earliest = after.plus(-self.burst * self.every);
        if earliest > now {
            return Err(now.seconds_until(earliest));
        }
        full_at.insert(caller, after);
        Ok(())
    }

    /// Gives `caller` all tries back.
    pub fn forgive(&self, caller: &K) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        full_at.remove(caller);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_tries_at_once_then_one_in_a_while() {
        let limit = Limit::default();
        let now = Timestamp(1_000 * SECOND);
        for _ in 0..BURST {
            assert_eq!(limit.take("thief", now), Ok(()));
        }
        assert_eq!(limit.take("thief", now), Err(10));
        assert_eq!(limit.take("thief", now.plus_seconds(4)), Err(6));
        assert_eq!(limit.take("another", now), Ok(()));
        assert_eq!(limit.take("thief", now.plus_seconds(10)), Ok(()));
        assert_eq!(limit.take("thief", now.plus_seconds(10)), Err(10));
        limit.forgive(&"thief");
        assert_eq!(limit.take("thief", now.plus_seconds(10)), Ok(()));
    }

    #[test]
    fn it_never_remembers_more_than_it_may() {
        let limit = Limit::default();
        for caller in 0..REMEMBERED + 10 {
            let _ = limit.take(caller, Timestamp(0));
        }
        assert!(limit.full_at.lock().unwrap().len() <= REMEMBERED);
    }
}

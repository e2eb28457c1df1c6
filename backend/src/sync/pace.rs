//! How fast one device may hand in: many at once after hours without a network, then a steady pace. Kept in memory of one
//! process, bounded, under the program's own clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use momfood_domain::time::{SECOND, Timestamp};
use uuid::Uuid;

/// Mutations at once.
const BURST: u32 = 5_000;
/// Devices remembered at most.
const REMEMBERED: usize = 100_000;

/// What each device may still hand in (the generic cell rate algorithm: one time per device is all that is kept).
pub struct Pace {
    burst: i64,
    /// Afterwards one in this long.
    every: i64,
    /// When the device may have its whole burst again.
    full_at: Mutex<HashMap<Uuid, Timestamp>>,
}

impl Pace {
    /// So many a second, after a burst.
    pub fn new(rate: u32) -> Self {
        Self::with_burst(BURST, rate)
    }

    /// So many at once, then so many a second.
    pub fn with_burst(burst: u32, rate: u32) -> Self {
        Self {
            burst: burst.max(1).into(),
            every: (SECOND / i64::from(rate.max(1))).max(1),
            full_at: Mutex::default(),
        }
    }

    /// Takes up to `wanted`: how many there were, and when there will be another.
    pub(super) fn take(&self, device: Uuid, wanted: usize, now: Timestamp) -> (usize, Timestamp) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= REMEMBERED {
                full_at.clear();
            }
        }
        let before = full_at.get(&device).copied().unwrap_or(now).max(now);
        let free = (now.plus(self.burst * self.every).since(before) / self.every).max(0);
        let taken = free.min(i64::try_from(wanted).unwrap_or(free));
        let after = before.plus(taken * self.every);
        full_at.insert(device, after);
        let next = after.plus((1 - self.burst) * self.every);
        (usize::try_from(taken).unwrap_or(0), next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_queue_goes_at_once_and_then_at_a_pace() {
        let (pace, device, every) = (Pace::new(100), Uuid::from_u128(1), SECOND / 100);
        let now = Timestamp(1_000 * SECOND);
        let burst = usize::try_from(BURST).unwrap();
        assert_eq!(pace.take(device, burst - 1, now).0, burst - 1);
        assert_eq!(pace.take(device, 100, now), (1, now.plus(every)));
        assert_eq!(pace.take(device, 100, now), (0, now.plus(every)));
        assert_eq!(pace.take(Uuid::from_u128(2), 100, now).0, 100);
        assert_eq!(pace.take(device, 100, now.plus_seconds(1)).0, 100);
    }
}

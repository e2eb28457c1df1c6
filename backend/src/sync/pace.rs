//! How fast one device may hand in: many at once after hours without a network, then a steady pace. Kept in memory of one
//! process, bounded, under the program's own clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use momfood_domain::time::{SECOND, Timestamp};
use uuid::Uuid;

/// Mutations at once.
const BURST: u32 = 5_000;
/// Afterwards one in this long.
const EVERY: i64 = SECOND / 100;
/// Devices remembered at most.
const REMEMBERED: usize = 100_000;

/// What each device may still hand in (the generic cell rate algorithm: one time per device is all that is kept).
pub struct Pace {
    burst: i64,
    /// When the device may have its whole burst again.
    full_at: Mutex<HashMap<Uuid, Timestamp>>,
}

impl Default for Pace {
    fn default() -> Self {
        Self::with_burst(BURST)
    }
}

impl Pace {
    /// One that lets so many come at once.
    pub fn with_burst(burst: u32) -> Self {
        Self {
            burst: burst.into(),
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
        let free = (now.plus(self.burst * EVERY).since(before) / EVERY).max(0);
        let taken = free.min(i64::try_from(wanted).unwrap_or(free));
        let after = before.plus(taken * EVERY);
        full_at.insert(device, after);
        let next = after.plus((1 - self.burst) * EVERY);
        (usize::try_from(taken).unwrap_or(0), next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_queue_goes_at_once_and_then_at_a_pace() {
        let (pace, device) = (Pace::default(), Uuid::from_u128(1));
        let now = Timestamp(1_000 * SECOND);
        let burst = usize::try_from(BURST).unwrap();
        assert_eq!(pace.take(device, burst - 1, now).0, burst - 1);
        assert_eq!(pace.take(device, 100, now), (1, now.plus(EVERY)));
        assert_eq!(pace.take(device, 100, now), (0, now.plus(EVERY)));
        assert_eq!(pace.take(Uuid::from_u128(2), 100, now).0, 100);
        assert_eq!(pace.take(device, 100, now.plus_seconds(1)).0, 100);
    }
}

//! Time, randomness and new ids: the only place in the server that may ask the machine for them. Everything else
//! is handed a [`Clock`], so that a test can turn the hands itself and every run of it is the same.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use momfood_domain::time::{SECOND, Timestamp};
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use tokio::sync::watch;
use uuid::Uuid;

/// What time it is, and a source of chance. Cheap to clone; clones share the hands.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    System {
        /// Microseconds ahead of the machine's.
        ahead: i64,
    },
    Manual {
        now: watch::Sender<Timestamp>,
        chance: Box<Mutex<StdRng>>,
    },
}

impl Clock {
    /// The machine's clock and randomness.
    pub fn system() -> Self {
        Self::ahead(0)
    }

    /// The machine's clock, so many seconds ahead: for rehearsals.
    pub fn ahead(seconds: u32) -> Self {
        let ahead = i64::from(seconds) * SECOND;
        Self(Arc::new(Source::System { ahead }))
    }

    /// A clock that stands at `now` until [`Clock::advance`] moves it; its chance follows from `seed`.
    pub fn manual(now: Timestamp, seed: u64) -> Self {
        let (now, _) = watch::channel(now);
        Self(Arc::new(Source::Manual {
            now,
            chance: Box::new(Mutex::new(StdRng::seed_from_u64(seed))),
        }))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Source::System { ahead } => system_now().plus(*ahead),
            Source::Manual { now, .. } => *now.borrow(),
        }
    }

    /// Moves a manual clock forward. The machine's clock cannot be moved: nothing happens.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual { now, .. } = &*self.0 {
            let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
            now.send_modify(|time| *time = time.plus(micros));
        }
    }

    /// Resolves when it is `deadline`: real waiting on the machine's clock, [`Clock::advance`] on a manual one.
    pub async fn sleep_until(&self, deadline: Timestamp) {
        match &*self.0 {
            Source::System { .. } => {
                let micros = deadline.since(self.now());
                if let Ok(micros @ 1..) = u64::try_from(micros) {
                    tokio::time::sleep(Duration::from_micros(micros)).await;
                }
            }
            Source::Manual { now, .. } => {
                let mut hands = now.subscribe();
                // An error means the clock is gone, and with it everybody who could wait.
                let _ = hands.wait_for(|time| *time >= deadline).await;
            }
        }
    }

    /// Fresh random bytes, fit for secrets on the machine's clock.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &*self.0 {
            Source::System { .. } => system_chance(&mut bytes),
            Source::Manual { chance, .. } => {
                chance
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .fill_bytes(&mut bytes);
            }
        }
        bytes
    }

    /// A new `UUIDv7`: the time, then chance.
    pub fn uuid(&self) -> Uuid {
        let millis = u64::try_from(self.now().0 / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A new id of any kind: `let id: OrderId = clock.id();`
    pub fn id<T: From<Uuid>>(&self) -> T {
        T::from(self.uuid())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that may ask the machine for the time"
)]
fn system_now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that may ask the machine for randomness"
)]
fn system_chance(bytes: &mut [u8]) {
    rand::rng().fill_bytes(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(Timestamp(1_000_000), 1);
        let other = clock.clone();
        let waiting = tokio::spawn(async move {
            other.sleep_until(Timestamp(3_000_000)).await;
            other.now()
        });
        assert_eq!(clock.now(), Timestamp(1_000_000));
        clock.advance(Duration::from_secs(1));
        clock.advance(Duration::from_secs(1));
        assert_eq!(waiting.await.unwrap(), Timestamp(3_000_000));
    }

    #[test]
    fn the_same_seed_gives_the_same_ids_and_later_ids_sort_later() {
        let ids = |seed| {
            let clock = Clock::manual(Timestamp(1_700_000_000_000_000), seed);
            let first = clock.uuid();
            clock.advance(Duration::from_millis(1));
            (first, clock.uuid())
        };
        assert_eq!(ids(7), ids(7));
        assert_ne!(ids(7), ids(8));
        let (first, second) = ids(7);
        assert!(first < second);
        assert_eq!(first.get_version_num(), 7);
    }
}

//! Open-loop load: when each request is due is settled before the first is sent, and its latency counts from then. A
//! server that stalls is charged for everything that was due meanwhile ("coordinated omission" is not possible).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Exactly `rate × span` arrivals, each at a random moment of `span`, independent of all others: people do not come at
/// even intervals. The same seed gives the same moments.
pub fn at_random(rate: f64, span: Duration, seed: u64) -> Vec<Duration> {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut moments: Vec<Duration> = (0..how_many(rate, span))
        .map(|_| span.mul_f64(chance.random::<f64>()))
        .collect();
    moments.sort_unstable();
    moments
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of requests"
)]
fn how_many(rate: f64, span: Duration) -> usize {
    (rate * span.as_secs_f64()).round().max(0.0) as usize
}

/// Time since the load began, and waiting for a moment of it.
pub trait Clock {
    fn now(&self) -> Duration;
    fn wait_until(&self, moment: Duration);
}

/// The real one.
#[derive(Clone, Copy)]
pub struct Wall {
    pub began: Instant,
}

impl Clock for Wall {
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn wait_until(&self, moment: Duration) {
        let due = self.began + moment;
        loop {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left);
        }
    }
}

/// Arrivals, handed out in order to whoever is free.
pub struct Timetable {
    moments: Vec<Duration>,
    next: AtomicUsize,
}

impl Timetable {
    pub fn new(moments: Vec<Duration>) -> Self {
        Self {
            moments,
            next: AtomicUsize::new(0),
        }
    }

    pub fn moments(&self) -> &[Duration] {
        &self.moments
    }

    /// The next arrival and its number.
    fn take(&self) -> Option<(usize, Duration)> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        Some((number, *self.moments.get(number)?))
    }

    /// Does `work` for one arrival after another, each when it is due or as soon as there is time for it, until there
    /// are no more; `note` hears how long after it was due each was done. Any number of threads may serve at once.
    pub fn serve<R>(
        &self,
        clock: &impl Clock,
        mut work: impl FnMut(usize) -> R,
        mut note: impl FnMut(usize, Duration, R),
    ) {
        while let Some((number, due)) = self.take() {
            clock.wait_until(due);
            let outcome = work(number);
            note(number, clock.now().saturating_sub(due), outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Time that passes only when somebody waits or works.
    struct Still {
        now: Cell<Duration>,
    }

    impl Clock for Still {
        fn now(&self) -> Duration {
            self.now.get()
        }

        fn wait_until(&self, moment: Duration) {
            self.now.set(self.now.get().max(moment));
        }
    }

    fn every_ten_ms(count: u32) -> Timetable {
        Timetable::new((0..count).map(|n| Duration::from_millis(10) * n).collect())
    }

    fn latencies(timetable: &Timetable, takes: impl Fn(usize) -> u64) -> Vec<u128> {
        let clock = Still {
            now: Cell::new(Duration::ZERO),
        };
        let mut seen = Vec::new();
        timetable.serve(
            &clock,
            |number| {
                clock
                    .now
                    .set(clock.now.get() + Duration::from_millis(takes(number)));
            },
            |_, latency, ()| seen.push(latency.as_millis()),
        );
        seen
    }

    #[test]
    fn a_server_that_keeps_up_is_charged_for_its_own_time_only() {
        assert_eq!(latencies(&every_ten_ms(4), |_| 3), [3, 3, 3, 3]);
    }

    #[test]
    fn one_stall_is_charged_to_everyone_who_was_due_meanwhile() {
        let stall_first = |number| if number == 0 { 35 } else { 1 };
        assert_eq!(latencies(&every_ten_ms(6), stall_first), [35, 26, 17, 8, 1, 1]);
    }

    #[test]
    fn a_server_too_slow_for_the_rate_falls_ever_further_behind() {
        assert_eq!(latencies(&every_ten_ms(4), |_| 15), [15, 20, 25, 30]);
    }

    #[test]
    fn every_arrival_is_served_once_however_many_serve() {
        let timetable = Timetable::new(vec![Duration::ZERO; 5_000]);
        let clock = Wall {
            began: Instant::now(),
        };
        let served: Vec<AtomicUsize> = (0..5_000).map(|_| AtomicUsize::new(0)).collect();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    timetable.serve(
                        &clock,
                        |number| served[number].fetch_add(1, Ordering::Relaxed),
                        |_, _, _| {},
                    );
                });
            }
        });
        assert!(served.iter().all(|times| times.load(Ordering::Relaxed) == 1));
    }

    #[test]
    fn the_rate_is_kept_exactly_and_the_moments_lie_within_the_span() {
        let span = Duration::from_secs(20);
        let moments = at_random(120.0, span, 7);
        assert_eq!(moments.len(), 2_400);
        assert!(moments.is_sorted() && moments.last().is_some_and(|last| *last < span));
        assert_eq!(moments, at_random(120.0, span, 7), "the same seed, the same load");
        assert_ne!(moments, at_random(120.0, span, 8));
    }

    #[test]
    fn people_come_unevenly_but_in_every_second() {
        let moments = at_random(120.0, Duration::from_secs(20), 7);
        let mut per_second = [0; 20];
        for moment in &moments {
            per_second[usize::try_from(moment.as_secs()).unwrap()] += 1;
        }
        // A Poisson process of 120 a second: the standard deviation is 11.
        assert!(per_second.iter().all(|n| (60..180).contains(n)), "{per_second:?}");
        assert!(per_second.iter().any(|n| *n != 120));
    }
}

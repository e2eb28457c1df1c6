//! Percentiles from exact, sorted samples. Nothing is bucketed, smoothed or left out.

use std::time::Duration;

use serde::Serialize;

/// What was measured, one sample per event.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    samples: Vec<Duration>,
}

/// Milliseconds, by nearest rank: each is a sample that was really seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    pub count: usize,
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

impl Samples {
    pub fn add(&mut self, sample: Duration) {
        self.samples.push(sample);
    }

    pub fn extend(&mut self, others: Self) {
        self.samples.extend(others.samples);
    }

    pub fn mean(&self) -> Duration {
        let count = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        self.samples
            .iter()
            .sum::<Duration>()
            .checked_div(count)
            .unwrap_or_default()
    }

    pub fn summary(&self) -> Summary {
        let mut sorted = self.samples.clone();
        sorted.sort_unstable();
        let at = |permille| percentile(&sorted, permille).map_or(0.0, millis);
        Summary {
            count: sorted.len(),
            p50: at(500),
            p95: at(950),
            p99: at(990),
            max: at(1000),
        }
    }
}

impl FromIterator<Duration> for Samples {
    fn from_iter<I: IntoIterator<Item = Duration>>(samples: I) -> Self {
        Self {
            samples: samples.into_iter().collect(),
        }
    }
}

/// The smallest sample that at least `permille` thousandths of all samples do not exceed.
fn percentile(sorted: &[Duration], permille: usize) -> Option<Duration> {
    let rank = (sorted.len() * permille).div_ceil(1000);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// The middle one of `values` (the upper of two), and the largest.
pub fn median_and_worst(values: &[f64]) -> Option<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some((*sorted.get(sorted.len() / 2)?, *sorted.last()?))
}

pub fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn samples(millis: impl IntoIterator<Item = u64>) -> Samples {
        millis.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn of_a_thousand_samples_ten_are_above_the_99th_percentile() {
        let summary = samples((1..=1000).rev()).summary();
        let told = (summary.count, summary.p50, summary.p95, summary.p99, summary.max);
        assert_eq!(told, (1000, 500.0, 950.0, 990.0, 1000.0));
    }

    #[test]
    fn few_samples_tell_the_worst_of_them_rather_than_something_between() {
        let summary = samples([7, 100]).summary();
        assert_eq!((summary.p50, summary.p95, summary.p99), (7.0, 100.0, 100.0));
        let one = samples([3]).summary();
        assert_eq!((one.p50, one.p99), (3.0, 3.0));
    }

    #[test]
    fn nothing_measured_is_told_as_nothing() {
        assert_eq!(Samples::default().summary(), Summary::default());
        assert_eq!(median_and_worst(&[]), None);
    }

    #[test]
    fn the_median_is_a_run_that_happened() {
        assert_eq!(median_and_worst(&[5.0, 1.0, 9.0]), Some((5.0, 9.0)));
        assert_eq!(median_and_worst(&[1.0, 2.0]), Some((2.0, 2.0)));
    }

    proptest! {
        #[test]
        fn a_percentile_is_a_sample_and_holds_its_share(
            mut seen in prop::collection::vec(0_u64..10_000, 1..300),
            permille in 1_usize..=1000,
        ) {
            seen.sort_unstable();
            let sorted: Vec<_> = seen.iter().map(|ms| Duration::from_millis(*ms)).collect();
            let told = percentile(&sorted, permille).unwrap();
            prop_assert!(sorted.contains(&told));
            let within = sorted.iter().filter(|sample| **sample <= told).count();
            prop_assert!(within * 1000 >= sorted.len() * permille);
            let below = sorted.iter().filter(|sample| **sample < told).count();
            prop_assert!(below * 1000 < sorted.len() * permille);
        }
    }
}

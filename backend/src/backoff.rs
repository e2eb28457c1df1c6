//! How long whatever is tried again rests after "not now": longer each time, and never everything at once.

/// The first rest and the longest one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    /// At most this long after the first try, microseconds.
    pub(crate) first: i64,
    /// At most this long after any, microseconds.
    pub(crate) longest: i64,
}

impl Backoff {
    /// The rest after the `tries`th try, microseconds: between half of the whole and the whole, as `chance` has it.
    pub(crate) fn rest(self, tries: i64, chance: u32) -> i64 {
        let doubled = u32::try_from(tries - 1).unwrap_or(0).min(10);
        let whole = (self.first << doubled).min(self.longest);
        whole / 2 + whole / 2 * i64::from(chance >> 16) / 65_536
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;
    use momfood_domain::time::{MINUTE, SECOND};

    #[test]
    fn rests_grow_up_to_the_longest_and_are_never_none() {
        for longest in [MINUTE, 5 * MINUTE] {
            let backoff = Backoff {
                first: 2 * SECOND,
                longest,
            };
            for tries in 1..40 {
                for chance in [0, u32::MAX / 2, u32::MAX] {
                    let rest = backoff.rest(tries, chance);
                    assert!((SECOND..=longest).contains(&rest), "{tries}: {rest}");
                }
            }
            assert!(backoff.rest(1, u32::MAX) <= 2 * SECOND);
            assert!(backoff.rest(9, 0) >= longest / 2);
        }
    }
}

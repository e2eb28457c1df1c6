//! Chance that follows from a seed and nothing else. Each subject draws from a stream of its own, so that taking one
//! kind of fault away leaves what all others draw as it was: that is what makes shrinking work.

use uuid::Uuid;

/// A stream of chance: xoshiro256++, begun with splitmix64.
#[derive(Clone, Debug)]
pub struct Chance([u64; 4]);

impl Chance {
    /// The stream of `subject` in the run of `seed`.
    pub fn of(seed: u64, subject: &str) -> Self {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15;
        for byte in subject.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        };
        Self([next(), next(), next(), next()])
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let state = &mut self.0;
        let drawn = state[0]
            .wrapping_add(state[3])
            .rotate_left(23)
            .wrapping_add(state[0]);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        drawn
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.bits() % end }
    }

    /// A number from `low` up to and with `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
        low.saturating_add(i64::try_from(self.below(span.saturating_add(1))).unwrap_or(0))
    }

    /// True `permille` times in a thousand.
    pub fn hits(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One of `things`.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let at = self.below(things.len() as u64);
        things.get(usize::try_from(at).unwrap_or(0))
    }

    /// An id.
    pub fn uuid(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.bits(), self.bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_draws_the_same_whatever_others_draw() {
        let mut one = Chance::of(7, "people");
        let mut other = Chance::of(7, "people");
        Chance::of(7, "network").bits();
        assert_eq!(one.bits(), other.bits());
        assert_ne!(Chance::of(7, "people").bits(), Chance::of(7, "network").bits());
        assert_ne!(Chance::of(7, "people").bits(), Chance::of(8, "people").bits());
        assert!((0..1000).all(|_| (3..=5).contains(&one.between(3, 5))));
    }
}

//! What callers have used, in this process: bounded, so that a flood of addresses fills no memory, and forgetting first
//! who has used least, so that such a flood frees nobody who is being held back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use momfood_domain::time::Timestamp;

use super::budget::Budget;

/// Callers remembered at most, for each class.
const REMEMBERED: usize = 100_000;

/// Names a caller within a class.
pub(super) type Caller = [u8; 16];

/// What callers have used of one class: when each will have the whole budget again.
#[derive(Default)]
pub(super) struct Used(Mutex<HashMap<Caller, Timestamp>>);

impl Used {
    /// Takes one, or says how long to wait for one, microseconds.
    pub(super) fn take(&self, caller: Caller, budget: Budget, now: Timestamp) -> Result<(), i64> {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = used.get(&caller).copied().unwrap_or(now);
        let after = budget.take(full_at, now)?;
        if used.len() >= REMEMBERED && !used.contains_key(&caller) {
            forget(&mut used, now);
        }
        used.insert(caller, after);
        Ok(())
    }

    /// Whether there is one to take.
    pub(super) fn has(&self, caller: Caller, budget: Budget, now: Timestamp) -> bool {
        let used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = used.get(&caller).copied().unwrap_or(now);
        budget.take(full_at, now).is_ok()
    }

    /// Gives the caller the whole budget back.
    pub(super) fn forgive(&self, caller: &Caller) {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.remove(caller);
    }
}

/// Forgets whose budget is whole again, and of the others the half that has used least.
fn forget(used: &mut HashMap<Caller, Timestamp>, now: Timestamp) {
    used.retain(|_, full_at| *full_at > now);
    if used.len() < REMEMBERED / 2 {
        return;
    }
    let mut times: Vec<Timestamp> = used.values().copied().collect();
    let (_, middle, _) = times.select_nth_unstable(used.len() / 2);
    let middle = *middle;
    let mut room = used.len() / 2;
    used.retain(|_, full_at| {
        // Of many that have used as much, some must go.
        let stays = *full_at > middle || (*full_at == middle && room > 0);
        room = room.saturating_sub(usize::from(stays));
        stays
    });
}

#[cfg(test)]
mod tests {
    use momfood_domain::time::SECOND;

    use super::*;

    fn caller(number: u128) -> Caller {
        number.to_be_bytes()
    }

    #[test]
    fn each_has_a_budget_of_their_own() {
        let (used, budget, now) = (Used::default(), Budget::a_minute(2, 6), Timestamp(SECOND));
        assert_eq!(used.take(caller(1), budget, now), Ok(()));
        assert_eq!(used.take(caller(1), budget, now), Ok(()));
        assert!(!used.has(caller(1), budget, now));
        assert_eq!(used.take(caller(1), budget, now), Err(10 * SECOND));
        assert_eq!(used.take(caller(2), budget, now), Ok(()));
        used.forgive(&caller(1));
        assert_eq!(used.take(caller(1), budget, now), Ok(()));
    }

    #[test]
    fn a_flood_of_callers_fills_no_memory_and_frees_nobody() {
        let (used, budget, now) = (Used::default(), Budget::a_minute(8, 6), Timestamp(SECOND));
        for _ in 0..8 {
            used.take(caller(u128::MAX), budget, now).unwrap();
        }
        for number in 0..REMEMBERED as u128 * 3 {
            used.take(caller(number), budget, now).unwrap();
        }
        assert!(used.0.lock().unwrap().len() <= REMEMBERED);
        assert!(
            !used.has(caller(u128::MAX), budget, now),
            "held back all the same"
        );
    }
}

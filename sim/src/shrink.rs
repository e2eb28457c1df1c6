//! A failing run made small: fewer kinds of trouble, fewer people, fewer steps, as long as it goes on failing.

use crate::plan::{Cast, Plan};

/// The smallest run found that still fails, and how often one was tried. `fails` says whether a run does.
pub fn shrink(plan: &Plan, mut fails: impl FnMut(&Plan) -> bool) -> (Plan, u32) {
    let mut best = plan.clone();
    let mut tries = 0;
    loop {
        let before = best.clone();
        for smaller in smaller(&before) {
            if size(&smaller) >= size(&best) {
                continue;
            }
            // Of what was taken away before, nothing comes back.
            let smaller = Plan {
                troubles: smaller.troubles.intersection(&best.troubles).copied().collect(),
                steps: smaller.steps.min(best.steps),
                cast: Cast {
                    customers: smaller.cast.customers.min(best.cast.customers),
                    screens: smaller.cast.screens.min(best.cast.screens),
                    drivers: smaller.cast.drivers.min(best.cast.drivers),
                },
                ..smaller
            };
            tries += 1;
            if fails(&smaller) {
                best = smaller;
            }
        }
        if best == before {
            return (best, tries);
        }
    }
}

fn size(plan: &Plan) -> (usize, usize, u32) {
    let Cast {
        customers,
        screens,
        drivers,
    } = plan.cast;
    (plan.troubles.len(), customers + screens + drivers, plan.steps)
}

/// The runs one step smaller.
fn smaller(plan: &Plan) -> Vec<Plan> {
    let mut all = Vec::new();
    for trouble in &plan.troubles {
        let mut less = plan.clone();
        less.troubles.remove(trouble);
        all.push(less);
    }
    let Cast {
        customers,
        screens,
        drivers,
    } = plan.cast;
    let casts = [
        (customers.saturating_sub(1), screens, drivers),
        (customers, screens.saturating_sub(1), drivers),
        (customers, screens, drivers.saturating_sub(1)),
    ];
    for (customers, screens, drivers) in casts {
        let cast = Cast {
            customers,
            screens,
            drivers,
        };
        if cast != plan.cast && customers + screens + drivers > 0 {
            all.push(Plan { cast, ..plan.clone() });
        }
    }
    for part in [2, 4, 8, 16] {
        let fewer = plan.steps - plan.steps / part;
        if fewer < plan.steps {
            all.push(Plan {
                steps: fewer,
                ..plan.clone()
            });
        }
    }
    if plan.steps > 0 {
        all.push(Plan {
            steps: plan.steps - 1,
            ..plan.clone()
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Trouble;

    #[test]
    fn what_the_failure_does_not_need_is_taken_away() {
        let plan = Plan {
            troubles: Trouble::ALL.iter().copied().collect(),
            steps: 60,
            cast: Cast {
                customers: 3,
                screens: 4,
                drivers: 3,
            },
            ..Plan::of(1)
        };
        let needs = |plan: &Plan| plan.has(Trouble::Cut) && plan.steps >= 17 && plan.cast.screens >= 2;
        let (small, _) = shrink(&plan, needs);
        assert_eq!(small.troubles.into_iter().collect::<Vec<_>>(), [Trouble::Cut]);
        assert_eq!(small.steps, 17);
        assert_eq!(
            small.cast,
            Cast {
                customers: 0,
                screens: 2,
                drivers: 0
            }
        );
    }
}

//! Cash at the door: what is due, what the customer gives, what goes back.
//!
//! What is recorded is what stays with the driver: never more than is due.

use dioxus::prelude::*;
use momfood_domain::money::Money;
use momfood_kit::amount::minor_units;
use momfood_kit::prelude::*;

/// What the customer gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// What is due.
    Exactly,
    /// A note, minor units.
    Note(i64),
    /// Something else, as typed.
    Typed(String),
}

impl Taken {
    /// What was given, minor units; nothing when that cannot be read.
    fn given(&self, due: Money) -> Option<i64> {
        match self {
            Self::Exactly => Some(due.amount),
            Self::Note(note) => Some(*note),
            Self::Typed(typed) => minor_units(typed, due.currency.exponent()),
        }
    }

    /// What stays with the driver, minor units.
    pub fn recorded(&self, due: Money) -> Option<i64> {
        self.given(due)
            .filter(|given| *given >= 0)
            .map(|given| given.min(due.amount))
    }
}

/// Notes and sums a customer is likely to give for `due`: rounded up to tens, then whole notes.
fn likely(due: Money) -> Vec<i64> {
    let unit = 10_i64.pow(due.currency.exponent());
    let up = |to: i64| (due.amount + to * unit - 1) / (to * unit) * (to * unit);
    let mut sums: Vec<i64> = [10, 50, 100, 200, 500].map(up).into();
    sums.retain(|sum| *sum > due.amount);
    sums.sort_unstable();
    sums.dedup();
    sums.truncate(4);
    sums
}

/// The amount, and how much goes back.
#[component]
pub fn Cash(due: Money, taken: Taken, ontaken: EventHandler<Taken>) -> Element {
    let given = taken.given(due).filter(|given| *given >= 0);
    let typed = match &taken {
        Taken::Typed(typed) => Some(typed.clone()),
        Taken::Exactly | Taken::Note(_) => None,
    };
    let money = |amount| format::money(Money::new(amount, due.currency));
    let short = |amount| format::money_short(Money::new(amount, due.currency));
    rsx! {
        section { class: "k-stack", "data-testid": "cash", "data-due": "{due.amount}",
            div { class: "d-due",
                span { {t!("driver-cash-ask")} }
                strong { class: "k-num", "data-testid": "cash-due", {money(due.amount)} }
            }
            p { class: "k-muted k-s", id: "d-given", {t!("driver-cash-given")} }
            div { class: "d-notes", role: "group", aria_labelledby: "d-given",
                Chip { selected: taken == Taken::Exactly, onclick: move |()| ontaken.call(Taken::Exactly), "data-testid": "cash-exact",
                    {t!("driver-cash-exact")}
                }
                for note in likely(due) {
                    Chip { key: "{note}", selected: taken == Taken::Note(note), onclick: move |()| ontaken.call(Taken::Note(note)),
                        "data-testid": "cash-note", "data-amount": "{note}",
                        {short(note)}
                    }
                }
                Chip { selected: typed.is_some(), onclick: move |()| ontaken.call(Taken::Typed(String::new())), "data-testid": "cash-other",
                    {t!("driver-cash-other")}
                }
            }
            if let Some(typed) = typed {
                TextField {
                    label: t!("driver-cash-typed"),
                    error: (given.is_none() && !typed.is_empty()).then(|| t!("driver-cash-wrong")),
                    value: typed,
                    oninput: move |value| ontaken.call(Taken::Typed(value)),
                    "inputmode": "decimal",
                    "data-testid": "cash-given",
                }
            }
            if let Some(given) = given {
                if given > due.amount {
                    p { class: "d-change", role: "status", "data-testid": "cash-change", "data-amount": "{given - due.amount}",
                        span { {t!("driver-cash-change")} }
                        strong { class: "k-num", {money(given - due.amount)} }
                    }
                } else if given < due.amount {
                    Banner { kind: BannerKind::Warn,
                        {t!("driver-cash-short", missing: money(due.amount - given), taken: money(given))}
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::money::Currency;

    fn riyals(halalas: i64) -> Money {
        Money::new(halalas, Currency::Sar)
    }

    #[test]
    fn the_sums_offered_are_those_a_customer_has_in_hand() {
        assert_eq!(likely(riyals(86_50)), [90_00, 100_00, 200_00, 500_00]);
        assert_eq!(likely(riyals(100_00)), [200_00, 500_00]);
        assert_eq!(likely(riyals(4_25)), [10_00, 50_00, 100_00, 200_00]);
    }

    #[test]
    fn what_goes_back_is_never_recorded_as_taken() {
        assert_eq!(Taken::Note(100_00).recorded(riyals(86_50)), Some(86_50));
        assert_eq!(Taken::Typed("80".into()).recorded(riyals(86_50)), Some(80_00));
        assert_eq!(Taken::Typed("90".into()).recorded(riyals(86_50)), Some(86_50));
        assert_eq!(Taken::Typed(String::new()).recorded(riyals(86_50)), None);
    }
}

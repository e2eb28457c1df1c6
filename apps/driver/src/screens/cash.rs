//! Cash at the door: how much was taken, then the slide that hands the order over.

use dioxus::prelude::*;
use momfood_domain::money::Money;
use momfood_kit::prelude::*;

/// Asks for the cash. The amount due is taken unless the driver says that it was less.
#[component]
pub fn CashSheet(due: Money, onclose: EventHandler<()>, ontaken: EventHandler<i64>) -> Element {
    let mut less = use_signal(|| false);
    let mut typed = use_signal(String::new);
    let amount = if less() {
        minor_units(&typed(), due.currency.exponent())
    } else {
        Some(due.amount)
    };
    let valid = amount.filter(|a| (0..=due.amount).contains(a));
    rsx! {
        Sheet { title: t!("driver-cash-title"), onclose: move |()| onclose.call(()), "data-testid": "cash-sheet",
            footer: rsx! {
                div { class: "k-grow", "data-testid": "deliver",
                    SlideToConfirm { label: t!("driver-slide-deliver"), deed: t!("driver-step-deliver"),
                        onconfirm: move |()| if let Some(amount) = valid {
                            ontaken.call(amount);
                        } else {
                            toast_error(t!("driver-cash-wrong"));
                        },
                    }
                }
            },
            div { class: "k-stack",
            p { class: "k-muted", {t!("driver-cash-ask")} }
            p { class: "k-xxl k-strong k-num", {format::money(due)} }
            Switch { label: t!("driver-cash-less"), checked: less(), onchange: move |on| less.set(on) }
            if less() {
                TextField {
                    label: t!("driver-cash-taken"),
                    value: typed(),
                    oninput: move |value| typed.set(value),
                    error: (valid.is_none() && !typed().is_empty()).then(|| t!("driver-cash-wrong")),
                    "inputmode": "decimal",
                }
            }
            }
        }
    }
}

/// Reads `12.5` with `digits` minor digits; Arabic-Indic digits and separators are understood.
fn minor_units(typed: &str, digits: u32) -> Option<i64> {
    let plain: String = typed
        .trim()
        .chars()
        .map(|c| match c {
            '\u{0660}'..='\u{0669}' => char::from_digit(c as u32 - 0x0660, 10).unwrap_or(c),
            ',' | '\u{066B}' => '.',
            c => c,
        })
        .collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = digits as usize;
    if part.len() > digits
        || !part.bytes().all(|b| b.is_ascii_digit())
        || !whole.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    format!("{whole}{part:0<digits$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::minor_units;

    #[test]
    fn typed_cash_becomes_minor_units_and_nonsense_nothing() {
        assert_eq!(minor_units("42", 2), Some(4200));
        assert_eq!(minor_units("42.5", 2), Some(4250));
        assert_eq!(minor_units("٤٢٫٥", 2), Some(4250));
        assert_eq!(minor_units("1.234", 3), Some(1234));
        for wrong in ["", "-1", "1.234", "1e3", "12x"] {
            assert_eq!(minor_units(wrong, 2), None, "{wrong}");
        }
    }
}

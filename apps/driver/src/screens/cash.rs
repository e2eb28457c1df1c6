//! Cash at the door: how much was taken, then the slide that hands the order over.

use dioxus::prelude::*;
use momfood_domain::money::Money;
use momfood_kit::amount::minor_units;
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

//! Handing a pick-up order over that is paid in cash: how much was taken.

use dioxus::prelude::*;
use momfood_domain::money::Money;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::HandOver;
use momfood_protocol::view::OrderView;

use super::parts::Number;
use crate::tickets::short_number;
use momfood_kit::amount::minor_units;

/// Asks for the cash, then hands over.
#[component]
pub fn HandOverSheet(order: OrderView, onclose: EventHandler<()>) -> Element {
    let mut other = use_signal(|| false);
    let mut typed = use_signal(String::new);
    let id = order.id;
    let short = short_number(&order.number).to_owned();
    let hand_over = use_command(move |_: OrderView| {
        toast(t!("kitchen-handed-over", number: short.as_str()));
        onclose.call(());
    });
    let due = Money::new(order.payment.cash_due, order.bill.currency);
    let amount = if other() {
        minor_units(&typed(), due.currency.exponent())
    } else {
        Some(due.amount)
    };
    let taken = amount.filter(|amount| (0..=due.amount).contains(amount));
    let wrong = (taken.is_none() && !typed.read().is_empty()).then(|| t!("kitchen-cash-wrong"));
    rsx! {
        Sheet { title: t!("kitchen-hand-over-title"), onclose: move |()| onclose.call(()), "data-testid": "hand-over-sheet",
            footer: rsx! {
                Button {
                    large: true,
                    icon: Icon::Cash,
                    busy: hand_over.busy(),
                    disabled: taken.is_none(),
                    onclick: move |_| if let Some(cash) = taken {
                        hand_over.run(HandOver { id, cash: Some(cash) });
                    },
                    "data-testid": "hand-over-confirm",
                    {t!("kitchen-hand-over-confirm")}
                }
            },
            div { class: "k-stack",
                div { class: "k-row k-between",
                    Number { number: order.number.clone() }
                    bdi { class: "k-l", "{order.customer.name}" }
                }
                div { class: "t-due",
                    span { {t!("kitchen-cash-due")} }
                    b { class: "k-num", {format::money(due)} }
                }
                Switch { label: t!("kitchen-cash-other"), checked: other(), onchange: move |on| other.set(on) }
                if other() {
                    TextField {
                        label: t!("kitchen-cash-taken"),
                        value: typed(),
                        oninput: move |value| typed.set(value),
                        kind: FieldKind::Decimal,
                        error: wrong,
                        "data-testid": "cash-taken",
                    }
                }
            }
        }
    }
}

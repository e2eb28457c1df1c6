//! Calling an order off: why, and what it may cost.

use dioxus::prelude::*;
use momfood_domain::money::Money;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::PaymentMethod;
use momfood_kit::engine::{Failure, use_command_result};
use momfood_kit::prelude::*;
use momfood_protocol::engine::CancelOrder;
use momfood_protocol::view::OrderView;

const REASONS: [Reason; 4] = [
    Reason::ChangedMind,
    Reason::TakesTooLong,
    Reason::OrderedByMistake,
    Reason::Other,
];

/// The question.
#[component]
pub fn CancelSheet(order: OrderView, onclose: EventHandler<()>) -> Element {
    let id = order.id;
    let mut reason = use_signal(|| Reason::ChangedMind);
    let cancel = use_command_result(move |answer: Result<OrderView, Failure>| {
        onclose.call(());
        if let Err(failure) = answer {
            toast_error(failure.message);
        }
    });
    let cooking = !matches!(order.status, OrderStatus::AwaitingPayment | OrderStatus::Pending);
    let note = match (cooking, order.payment.method) {
        (false, PaymentMethod::Card) => t!("cancel-free-card"),
        (false, PaymentMethod::Cash) => t!("cancel-free"),
        (true, PaymentMethod::Card) => match order.cancel_fee {
            Some(fee) => {
                let fee = format::money(Money::new(fee, order.bill.currency));
                t!("cancel-fee-card", fee: fee)
            }
            None => t!("cancel-cooking"),
        },
        (true, PaymentMethod::Cash) => t!("cancel-cooking"),
    };
    rsx! {
        Sheet {
            title: t!("cancel-title"),
            onclose,
            footer: rsx! {
                Button { kind: ButtonKind::Quiet, onclick: move |_| onclose.call(()), {t!("cancel-keep")} }
                Button {
                    kind: ButtonKind::Danger,
                    busy: cancel.busy(),
                    "data-testid": "cancel-yes",
                    onclick: move |_| cancel.run(CancelOrder { id, reason: reason() }),
                    {t!("cancel-do")}
                }
            },
            div { class: "k-stack", "data-testid": "cancel-sheet",
                Banner { kind: if cooking { BannerKind::Warn } else { BannerKind::Info }, "{note}" }
                fieldset {
                    legend { class: "c-legend", {t!("cancel-why")} }
                    div { class: "k-divide",
                        for choice in REASONS {
                            Radio {
                                key: "{choice:?}",
                                name: "reason",
                                label: t!(reason_key(choice)),
                                checked: reason() == choice,
                                onselect: move |()| reason.set(choice),
                            }
                        }
                    }
                }
            }
        }
    }
}

const fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::TakesTooLong => "reason-takes-too-long",
        Reason::OrderedByMistake => "reason-ordered-by-mistake",
        Reason::ChangedMind => "reason-changed-mind",
        _ => "reason-other",
    }
}

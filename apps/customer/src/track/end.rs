//! How an order ended badly: why, what becomes of the money, and what to do next.

use dioxus::prelude::*;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::{PaymentMethod, PaymentStatus};
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::{Reorder, ReorderView};
use momfood_protocol::view::{OrderView, ProofKind, StepKind};

use super::proof::ProofPicture;
use crate::orders::told_what_is_missing;
use crate::route::Route;
use crate::words;

/// Why, the money, the next step.
#[component]
pub fn HowItEnded(order: OrderView) -> Element {
    let navigator = use_navigator();
    let id = order.id;
    let unpaid = matches!(
        order.reason,
        Some(Reason::PaymentDeclined | Reason::PaymentTimedOut)
    );
    let again = use_command::<Reorder>(move |filled: ReorderView| {
        told_what_is_missing(&filled);
        if unpaid {
            navigator.push(Route::Checkout {});
        } else {
            navigator.push(Route::Cart {});
        }
    });
    let art = match order.status {
        OrderStatus::Expired | OrderStatus::Rejected => Art::Closed,
        _ => Art::Receipt,
    };
    // Whoever called it off will hardly want the same again; whoever was refused, elsewhere.
    let elsewhere = matches!(order.status, OrderStatus::Rejected | OrderStatus::Expired);
    rsx! {
        Card {
            div { class: "c-ended", "data-testid": "ended",
                Drawing { art }
                p { class: "k-m", {why(&order)} }
                div { class: "c-money",
                    IconView { icon: if order.payment.method == PaymentMethod::Cash { Icon::Cash } else { Icon::Card } }
                    span { "data-testid": "money", {money_after(&order)} }
                }
                div { class: "k-empty-actions",
                    if elsewhere {
                        Button {
                            onclick: move |_| {
                                navigator.push(Route::Home {});
                            },
                            {t!("end-elsewhere")}
                        }
                    }
                    Button {
                        kind: if elsewhere { ButtonKind::Secondary } else { ButtonKind::Primary },
                        busy: again.busy(),
                        "data-testid": "reorder",
                        onclick: move |_| again.run(Reorder { id }),
                        if unpaid {
                            {t!("end-pay-otherwise")}
                        } else {
                            {t!("orders-again")}
                        }
                    }
                }
            }
        }
    }
}

/// It arrived: when, and once more.
#[component]
pub fn Arrived(order: OrderView) -> Element {
    let navigator = use_navigator();
    let id = order.id;
    let again = use_command::<Reorder>(move |filled: ReorderView| {
        told_what_is_missing(&filled);
        navigator.push(Route::Cart {});
    });
    let at = order
        .timeline
        .iter()
        .rev()
        .find(|step| step.kind == StepKind::Delivered)
        .map(|step| step.at);
    rsx! {
        Card {
            div { class: "c-ended", "data-testid": "arrived",
                Drawing { art: Art::Pot }
                if let Some(at) = at {
                    p { class: "k-m", {t!("end-arrived", time: words::moment(at))} }
                }
                if let Some(proof) = order.delivery.as_ref().and_then(|delivery| delivery.proof.as_ref()) {
                    p { class: "k-muted k-s", "data-testid": "proof", {proof_words(proof.kind)} }
                    if proof.sha256.is_some() {
                        ProofPicture { id, kind: proof.kind }
                    }
                }
                Button {
                    kind: ButtonKind::Secondary,
                    busy: again.busy(),
                    icon: Icon::Sync,
                    "data-testid": "reorder",
                    onclick: move |_| again.run(Reorder { id }),
                    {t!("orders-again")}
                }
            }
        }
    }
}

/// What shows that it was handed over.
fn proof_words(kind: ProofKind) -> String {
    t!(match kind {
        ProofKind::Photo => "end-proof-photo",
        ProofKind::Code => "end-proof-code",
        ProofKind::Signature => "end-proof-signature",
    })
}

/// Why it ended.
fn why(order: &OrderView) -> String {
    let name = order.restaurant.name.here();
    let because = match order.reason {
        Some(Reason::TooBusy) => t!("end-too-busy", name: name.clone()),
        Some(Reason::OutOfStock) => t!("end-out-of-stock", name: name.clone()),
        Some(Reason::Closing) => t!("end-closing", name: name.clone()),
        Some(Reason::PaymentDeclined) => t!("end-payment-declined"),
        Some(Reason::PaymentTimedOut) => t!("end-payment-timed-out"),
        Some(Reason::CustomerUnreachable) => t!("end-unreachable"),
        Some(Reason::WrongAddress) => t!("end-wrong-address"),
        Some(Reason::VehicleProblem) => t!("end-vehicle"),
        Some(Reason::ChangedMind | Reason::TakesTooLong | Reason::OrderedByMistake | Reason::Other)
        | None => String::new(),
    };
    if !because.is_empty() {
        return because;
    }
    match order.status {
        OrderStatus::Expired => t!("end-expired", name: name),
        OrderStatus::Rejected => t!("end-rejected", name: name),
        OrderStatus::Failed => t!("end-failed"),
        _ => t!("end-cancelled"),
    }
}

/// What becomes of the money of an order that ended badly.
fn money_after(order: &OrderView) -> String {
    let refunded = words::money(order.payment.refunded, order.bill.currency);
    match order.payment.status {
        PaymentStatus::Voided if order.payment.method == PaymentMethod::Card => t!("money-released"),
        PaymentStatus::Voided | PaymentStatus::Due => t!("money-nothing-due"),
        PaymentStatus::Pending | PaymentStatus::Authorized => t!("money-being-released"),
        PaymentStatus::Failed => t!("money-never-taken"),
        PaymentStatus::Captured if order.status == OrderStatus::Failed => t!("money-support"),
        PaymentStatus::Captured => t!("money-being-refunded"),
        PaymentStatus::PartiallyRefunded => t!("money-partly-refunded", amount: refunded),
        PaymentStatus::Refunded => t!("money-refunded", amount: refunded),
        PaymentStatus::Collected | PaymentStatus::Reconciled => t!("money-support"),
    }
}

/// Where the payment stands, in the kit's words.
pub fn money_words(order: &OrderView) -> String {
    t!(match order.payment.status {
        PaymentStatus::Pending => "payment-pending",
        PaymentStatus::Authorized => "payment-authorized",
        PaymentStatus::Captured => "payment-captured",
        PaymentStatus::PartiallyRefunded => "payment-partially-refunded",
        PaymentStatus::Refunded => "payment-refunded",
        PaymentStatus::Failed => "payment-failed",
        PaymentStatus::Voided => "payment-voided",
        PaymentStatus::Due => "payment-due",
        PaymentStatus::Collected | PaymentStatus::Reconciled => "payment-collected",
    })
}

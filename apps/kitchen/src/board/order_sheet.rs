//! All of an order: its lines, what happened to it, and what else may be done with it.

use dioxus::prelude::*;
use momfood_domain::order::Reason;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_kit::words;
use momfood_protocol::engine::{CancelOrder, MarkReady};
use momfood_protocol::view::{Action, OrderView, StepKind};

use super::paper::PrintButton;
use super::parts::{DriverLine, Facts, Lines, Number, Warnings};
use crate::tickets::{Deed, deed, short_number};
use crate::wording::{because, reason_id};

/// Why a kitchen calls an order off.
const REASONS: [Reason; 4] = [
    Reason::OutOfStock,
    Reason::TooBusy,
    Reason::Closing,
    Reason::Other,
];

/// All of an order.
#[component]
pub fn OrderSheet(order: OrderView, onclose: EventHandler<()>) -> Element {
    let mut cancelling = use_signal(|| false);
    let id = order.id;
    let short = short_number(&order.number).to_owned();
    let ready = use_command({
        let short = short.clone();
        move |_: OrderView| {
            toast(t!("kitchen-said-ready", number: short.as_str()));
            onclose.call(());
        }
    });
    let (status, icon, tone) = words::order_status(order.status);
    let skips = order.may.contains(&Action::MarkReady) && deed(&order) == Some(Deed::Start);
    let may_cancel = order.may.contains(&Action::Cancel);
    rsx! {
        Sheet { title: t!("kitchen-ticket", number: short.as_str()), onclose: move |()| onclose.call(()), "data-testid": "order-sheet",
            div { class: "k-stack t-sheet-order",
                div { class: "k-row k-between k-wrap",
                    Number { number: order.number.clone() }
                    if order.unconfirmed {
                        UnconfirmedMark {}
                    }
                    StatusPill { tone, icon, "{status}" }
                }
                if let Some(reason) = order.reason {
                    Banner { kind: BannerKind::Warn, {because(reason)} }
                }
                if cancelling() {
                    CancelForm { id, onclose: move |()| cancelling.set(false), ondone: move |()| onclose.call(()) }
                } else {
                    Facts { order: order.clone() }
                    if let Some(delivery) = order.delivery.clone() {
                        DriverLine { delivery: delivery.clone() }
                        if let Some(phone) = delivery.driver.and_then(|driver| driver.phone) {
                            a { class: button_class(ButtonKind::Secondary), href: "tel:{phone}",
                                IconView { icon: Icon::Phone }
                                {format::phone(&phone)}
                            }
                        }
                    }
                    Warnings { order: order.clone() }
                    Lines { lines: order.bill.lines.clone() }
                    h3 { {t!("kitchen-timeline")} }
                    Timeline { steps: steps(&order) }
                    if skips {
                        Button {
                            kind: ButtonKind::Secondary,
                            block: true,
                            large: true,
                            icon: Icon::Check,
                            busy: ready.busy(),
                            onclick: move |_| ready.run(MarkReady { id }),
                            "data-testid": "skip-to-ready",
                            {t!("kitchen-do-ready")}
                        }
                    }
                    PrintButton { id }
                    if may_cancel {
                        Button {
                            kind: ButtonKind::Danger,
                            block: true,
                            large: true,
                            icon: Icon::Close,
                            onclick: move |_| cancelling.set(true),
                            "data-testid": "cancel",
                            {t!("kitchen-cancel")}
                        }
                    }
                }
            }
        }
    }
}

fn steps(order: &OrderView) -> Vec<TimelineStep> {
    let last = order.timeline.len().saturating_sub(1);
    let over = order.status.is_end();
    let step = |(at, step): (usize, &momfood_protocol::view::Step)| {
        let (title, icon) = words::step(step.kind);
        let bad = matches!(
            step.kind,
            StepKind::Cancelled | StepKind::Rejected | StepKind::Expired | StepKind::Failed
        );
        let state = match at {
            _ if bad => StepState::Failed,
            at if at == last && !over => StepState::Now,
            _ => StepState::Done,
        };
        TimelineStep {
            title,
            detail: String::new(),
            time: format::time(step.at),
            state,
            icon,
        }
    };
    order.timeline.iter().enumerate().map(step).collect()
}

#[component]
fn CancelForm(
    id: momfood_domain::id::OrderId,
    onclose: EventHandler<()>,
    ondone: EventHandler<()>,
) -> Element {
    let mut chosen = use_signal(|| None::<Reason>);
    let cancel = use_command(move |order: OrderView| {
        toast(t!("kitchen-cancelled", number: short_number(&order.number)));
        ondone.call(());
    });
    rsx! {
        div { class: "k-stack",
            h3 { {t!("kitchen-cancel-title")} }
            p { class: "k-muted", {t!("kitchen-cancel-body")} }
            Reasons { reasons: REASONS.to_vec(), chosen: chosen(), onchoose: move |reason| chosen.set(Some(reason)) }
            Button {
                kind: ButtonKind::Danger,
                block: true,
                large: true,
                busy: cancel.busy(),
                disabled: chosen().is_none(),
                onclick: move |_| if let Some(reason) = chosen() {
                    cancel.run(CancelOrder { id, reason });
                },
                "data-testid": "cancel-yes",
                {t!("kitchen-cancel-confirm")}
            }
            Button { kind: ButtonKind::Quiet, block: true, large: true, onclick: move |_| onclose.call(()), {t!("kitchen-keep")} }
        }
    }
}

/// Reasons to choose from, each a big target.
#[component]
pub fn Reasons(reasons: Vec<Reason>, chosen: Option<Reason>, onchoose: EventHandler<Reason>) -> Element {
    rsx! {
        div { class: "t-choices", role: "group", aria_label: t!("kitchen-reason"),
            for reason in reasons {
                button {
                    key: "{reason_id(reason)}",
                    r#type: "button",
                    class: "t-choice",
                    aria_pressed: if chosen == Some(reason) { "true" } else { "false" },
                    onclick: move |_| onchoose.call(reason),
                    "data-testid": "reason-{reason_id(reason)}",
                    if chosen == Some(reason) {
                        IconView { icon: Icon::Check }
                    }
                    {because(reason)}
                }
            }
        }
    }
}

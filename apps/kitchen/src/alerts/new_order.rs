//! A new order takes the screen: what it is, how long there is to answer, yes with a time, or no with a reason.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_domain::money::Money;
use momfood_domain::order::{PREP_MINUTES, Reason};
use momfood_domain::payment::PaymentMethod;
use momfood_kit::engine::use_countdown;
use momfood_kit::prelude::*;
use momfood_protocol::engine::{AcceptOrder, RejectOrder};
use momfood_protocol::view::{KitchenSettings, OrderView};

use super::{BellBlocked, hush, said};
use crate::board::order_sheet::Reasons;
use crate::board::parts::{Facts, Lines, Number, Warnings};
use crate::board::ticket::ready_at;
use crate::deeds::{WhyNot, use_deeds};
use crate::desk::{self, CHOSEN};
use crate::keys::{press_first, use_keys};

/// Why a kitchen says no.
const REASONS: [Reason; 4] = [
    Reason::TooBusy,
    Reason::OutOfStock,
    Reason::Closing,
    Reason::Other,
];
/// How far a step of the minutes goes.
const STEP: u32 = 5;

/// The minutes offered: around what the restaurant usually takes, then round ones.
fn offered(usual: u32) -> Vec<u32> {
    let around = [usual.saturating_sub(STEP), usual, usual + STEP];
    let mut all: Vec<u32> = around.into_iter().chain([10, 15, 20, 30, 45]).collect();
    all.retain(|minutes| PREP_MINUTES.contains(minutes));
    all.sort_unstable();
    all.dedup();
    all
}

/// Everything new, the most urgent first; any other may be chosen to be answered before it.
#[component]
pub fn NewOrders(orders: Vec<OrderView>, settings: KitchenSettings) -> Element {
    let count = orders.len();
    let chosen = *CHOSEN.read();
    let shown = orders
        .iter()
        .find(|order| Some(order.id) == chosen)
        .or(orders.first())
        .cloned();
    let Some(order) = shown else { return rsx! {} };
    let title = if count > 1 {
        t!("kitchen-new-orders", count: count)
    } else {
        t!("kitchen-new-order")
    };
    let id = order.id;
    rsx! {
        Sheet {
            title,
            onclose: move |()| {},
            full: true,
            dismissible: false,
            class: "t-new",
            "data-testid": "new-order",
            "data-id": "{id}",
            "data-count": "{count}",
            div { class: "t-new-top",
                BellBlocked {}
                ConnectionBanner {}
                span { class: "t-new-line", ConnectionPill {} }
                if count > 1 {
                    Queue { orders: orders.clone(), shown: id }
                }
            }
            // One at a time, each with its own minutes: another order is another question.
            for order in [order] {
                Question { key: "{order.id}", order, settings: settings.clone() }
            }
        }
    }
}

#[component]
fn Queue(orders: Vec<OrderView>, shown: OrderId) -> Element {
    rsx! {
        div { class: "t-queue", role: "group", aria_label: t!("kitchen-queue"),
            for order in orders {
                button {
                    key: "{order.id}",
                    r#type: "button",
                    class: "k-chip k-num",
                    aria_pressed: if order.id == shown { "true" } else { "false" },
                    onclick: move |_| *CHOSEN.write() = Some(order.id),
                    "data-testid": "queued",
                    {said(&order.number)}
                }
            }
        }
    }
}

#[component]
fn Question(order: OrderView, settings: KitchenSettings) -> Element {
    let mut rejecting = use_signal(|| false);
    let id = order.id;
    let total = Money::new(order.bill.total_amount, order.bill.currency);
    let paid = match order.payment.method {
        PaymentMethod::Cash => t!("kitchen-pays-cash"),
        PaymentMethod::Card => t!("kitchen-pays-card"),
    };
    let until = order.accept_by;
    rsx! {
        // Any touch here says that somebody is at it.
        div { class: "t-question", onpointerdown: move |_| hush(),
            section { class: "t-question-what",
                div { class: "t-question-head",
                    Number { number: order.number.clone() }
                    span { class: "k-muted", {t!("kitchen-placed", time: format::time(order.placed_at))} }
                }
                Facts { order: order.clone() }
                Warnings { order: order.clone() }
                Lines { lines: order.bill.lines.clone() }
                p { class: "t-question-sum k-muted",
                    span { {t!("kitchen-items", count: order.bill.lines.iter().map(|line| line.quantity).sum::<u32>())} }
                    span { "{paid}" }
                    span { class: "k-num", {format::money(total)} }
                }
            }
            section { class: "t-question-answer",
                if let Some(until) = until {
                    Left { until, settings: settings.clone() }
                }
                if rejecting() {
                    Reject { id, number: order.number.clone(), onback: move |()| rejecting.set(false) }
                } else {
                    Accept { order, settings, onreject: move |()| rejecting.set(true) }
                }
            }
        }
    }
}

/// The time left, as a ring; and what happens when it is over.
#[component]
fn Left(until: momfood_domain::time::Timestamp, settings: KitchenSettings) -> Element {
    let left = use_countdown(until);
    rsx! {
        div { class: "t-ring",
            RingCountdown {
                label: t!("kitchen-time-left"),
                from: until.plus_seconds(-settings.accept_limit_seconds.max(1)),
                until,
                size: 148,
            }
            p { class: "k-muted", role: if left == 0 { "alert" },
                if left == 0 { {t!("kitchen-time-over")} } else { {t!("kitchen-time-left-body", time: format::time(until))} }
            }
        }
    }
}

#[component]
fn Accept(order: OrderView, settings: KitchenSettings, onreject: EventHandler<()>) -> Element {
    let id = order.id;
    let usual = settings
        .preparation_minutes
        .clamp(*PREP_MINUTES.start(), *PREP_MINUTES.end());
    let mut minutes = use_signal(|| usual);
    let number = said(&order.number);
    let accept = use_deeds();
    let mut change = move |up: bool| {
        let now = *minutes.peek();
        // To the next round five, so that 18 goes to 20 and 15.
        let next = if up {
            now / STEP * STEP + STEP
        } else {
            now.div_ceil(STEP) * STEP - STEP
        };
        minutes.set(next.clamp(*PREP_MINUTES.start(), *PREP_MINUTES.end()));
    };
    use_keys(move |press| {
        match press.key.as_str() {
            "+" | "=" | "ArrowUp" => change(true),
            "-" | "ArrowDown" => change(false),
            "Enter" => return press_first(".t-accept:not(:disabled)"),
            _ => return false,
        }
        hush();
        true
    });
    let left = use_countdown(
        order
            .accept_by
            .unwrap_or(momfood_domain::time::Timestamp(i64::MAX)),
    );
    let over = left == 0;
    let at = now();
    rsx! {
        div { class: "t-minutes", role: "group", aria_label: t!("kitchen-minutes"),
            button { r#type: "button", class: "t-step", aria_label: t!("kitchen-less-time"), disabled: minutes() <= *PREP_MINUTES.start(),
                onclick: move |_| change(false), "data-testid": "minutes-less",
                IconView { icon: Icon::Minus }
            }
            output { aria_live: "polite", "data-testid": "minutes",
                b { class: "k-num", {format::number(i64::from(minutes()))} }
                span { {t!("kitchen-minutes-word", count: minutes())} }
            }
            button { r#type: "button", class: "t-step", aria_label: t!("kitchen-more-time"), disabled: minutes() >= *PREP_MINUTES.end(),
                onclick: move |_| change(true), "data-testid": "minutes-more",
                IconView { icon: Icon::Plus }
            }
        }
        div { class: "t-offered",
            for offer in offered(usual) {
                button {
                    key: "{offer}",
                    r#type: "button",
                    class: "k-chip k-num",
                    aria_pressed: if offer == minutes() { "true" } else { "false" },
                    onclick: move |_| minutes.set(offer),
                    "data-testid": "minutes-{offer}",
                    {format::minutes(offer)}
                }
            }
        }
        div { class: "t-answers",
            WhyNot { deeds: accept }
            Button {
                block: true,
                large: true,
                icon: Icon::Check,
                class: "t-accept",
                busy: accept.busy(),
                disabled: over,
                onclick: move |_| {
                    let number = number.clone();
                    accept.run(AcceptOrder { id, prep_minutes: minutes() }, move |order| {
                        let time = order.ready_by.map(format::time).unwrap_or_default();
                        toast(t!("kitchen-accepted", number: number, time: time));
                    });
                },
                end: ready_at(at, minutes()),
                "data-testid": "accept",
                {t!("kitchen-accept")}
            }
            div { class: "t-answers-more",
                Button {
                    kind: ButtonKind::Danger,
                    large: true,
                    icon: Icon::Close,
                    disabled: over,
                    onclick: move |_| onreject.call(()),
                    "data-testid": "reject",
                    {t!("kitchen-reject")}
                }
                Button {
                    kind: ButtonKind::Secondary,
                    large: true,
                    icon: Icon::Board,
                    onclick: move |_| desk::set_aside(id, now()),
                    "data-testid": "set-aside",
                    {t!("kitchen-look-at-board")}
                }
            }
        }
    }
}

#[component]
fn Reject(id: OrderId, number: String, onback: EventHandler<()>) -> Element {
    let mut chosen = use_signal(|| None::<Reason>);
    let reject = use_deeds();
    use_keys(move |press| {
        let back = press.key == "Escape";
        if back {
            onback.call(());
        }
        back
    });
    rsx! {
        h3 { {t!("kitchen-reject-title")} }
        p { class: "k-muted", {t!("kitchen-reject-body")} }
        Reasons { reasons: REASONS.to_vec(), chosen: chosen(), onchoose: move |reason| chosen.set(Some(reason)) }
        div { class: "t-answers",
            WhyNot { deeds: reject }
            Button {
                kind: ButtonKind::Danger,
                block: true,
                large: true,
                class: "t-reject",
                icon: Icon::Close,
                busy: reject.busy(),
                disabled: chosen().is_none(),
                onclick: move |_| if let Some(reason) = chosen() {
                    let number = said(&number);
                    reject.run(RejectOrder { id, reason }, move |_| toast(t!("kitchen-rejected", number: number)));
                },
                "data-testid": "reject-yes",
                {t!("kitchen-reject-confirm")}
            }
            Button { kind: ButtonKind::Quiet, block: true, large: true, onclick: move |_| onback.call(()), {t!("kit-back")} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::offered;

    #[test]
    fn the_usual_time_is_offered_with_a_little_less_and_a_little_more() {
        assert_eq!(offered(18), [10, 13, 15, 18, 20, 23, 30, 45]);
        assert_eq!(offered(20), [10, 15, 20, 25, 30, 45], "nothing twice");
        assert_eq!(offered(3), [3, 8, 10, 15, 20, 30, 45], "never nothing at all");
    }
}

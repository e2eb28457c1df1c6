//! Following one order: one big sentence, the map, what happened, whom to call, what it costs.

mod cancel;
mod code;
mod end;
mod headline;
mod people;
mod place;
mod proof;
mod rate;
mod share;
mod steps;

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_kit::engine::{Answer, ErrorCode, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{GetOrder, OrderTrack};
use momfood_protocol::view::{Action, OrderView};

use crate::bill::BillView;
use crate::entry::Members;
use crate::route::Route;
use crate::words;
use cancel::CancelSheet;
use code::Code;
use end::{Arrived, HowItEnded};
use headline::Headline;
pub use headline::{arrival, sentence as headline_of};
use people::People;
use place::Place;
use rate::Rating;
use share::Share;
pub use steps::Steps;

/// The tracking screen of one order.
#[component]
pub fn Track(id: OrderId) -> Element {
    let navigator = use_navigator();
    rsx! {
        AppBar {
            start: rsx! {
                BackButton {
                    onback: move |()| {
                        navigator.push(Route::Orders {});
                    },
                }
            },
            span { class: "k-strong k-m", {t!("track-title")} }
        }
        Members { why: t!("track-sign-in"), Followed { key: "{id}", id } }
    }
}

#[component]
fn Followed(id: OrderId) -> Element {
    let navigator = use_navigator();
    let track = use_query(
        move || GetOrder { id },
        &[EventKind::Order(id), EventKind::Position(id), EventKind::Session],
    );
    rsx! {
        main { id: "content", tabindex: "-1", class: "k-page c-track",
            match &*track.read() {
                Answer::Loading => rsx! {
                    div { class: "k-two",
                        div { class: "k-stack-l",
                            Skeleton { shape: SkeletonShape::Heading }
                            Skeleton { shape: SkeletonShape::Block(280) }
                        }
                        div { Skeleton { shape: SkeletonShape::Row, count: 5 } }
                    }
                },
                Answer::Failed(failure, None) if failure.code == ErrorCode::NotFound => rsx! {
                    EmptyState { art: Art::Receipt, title: t!("track-unknown"), body: t!("track-unknown-body"),
                        Button {
                            onclick: move |_| {
                                navigator.replace(Route::Orders {});
                            },
                            {t!("track-my-orders")}
                        }
                    }
                },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState {
                        offline: failure.code == ErrorCode::Offline,
                        title: failure.message.clone(),
                        onretry: move |()| track.again(),
                    }
                },
                Answer::Ready(shown, _) | Answer::Failed(_, Some(shown)) => rsx! { Shown { track: shown.clone() } },
            }
        }
    }
}

#[component]
fn Shown(track: OrderTrack) -> Element {
    let order = &track.order;
    let ended_badly = order.status.is_end() && order.status != OrderStatus::Delivered;
    let id = order.id;
    let mut cancelling = use_signal(|| false);
    let may_cancel = order.may.contains(&Action::Cancel);
    // Called off meanwhile: nothing is left to ask.
    use_effect(use_reactive!(|may_cancel| {
        if !may_cancel {
            cancelling.set(false);
        }
    }));
    // However it ended, what became of it and of the money is said at the top.
    let ended = order.status.is_end();
    let mut live = use_signal(|| !ended);
    use_effect(use_reactive!(|ended| {
        if ended && *live.peek() {
            live.set(false);
            momfood_kit::scroll::to_top();
        }
    }));
    rsx! {
        div { class: "k-two", "data-testid": "order", "data-status": status_id(order.status), "data-id": "{id}", "data-unconfirmed": order.unconfirmed,
            div { class: "k-stack-l",
                Headline { track: track.clone() }
                AsOf { unconfirmed: order.unconfirmed }
                Code { order: order.clone() }
                if ended_badly {
                    HowItEnded { order: order.clone() }
                } else if order.status == OrderStatus::Delivered {
                    Rating { key: "{id}", order: order.clone() }
                    Arrived { order: order.clone() }
                } else {
                    Place { track: track.clone() }
                }
                if !order.status.is_end() {
                    People { order: order.clone() }
                }
                Share { key: "{id}", order: order.clone() }
            }
            div { class: "k-stack-l",
                Card { Steps { timeline: order.timeline.clone(), status: order.status, fulfilment: order.fulfilment } }
                Card { Receipt { order: order.clone() } }
                if may_cancel {
                    Button {
                        kind: ButtonKind::Quiet,
                        block: true,
                        "data-testid": "cancel",
                        onclick: move |_| cancelling.set(true),
                        {t!("cancel-do")}
                    }
                }
            }
        }
        if cancelling() {
            CancelSheet { order: order.clone(), onclose: move |()| cancelling.set(false) }
        }
    }
}

/// As of when the page is, while there is no line; and that something was tapped here which nobody has heard of yet.
#[component]
fn AsOf(unconfirmed: bool) -> Element {
    let since = match *CONNECTION.read() {
        Connection::Offline { since } => Some(since),
        _ => None,
    };
    rsx! {
        if unconfirmed {
            UnconfirmedMark {}
        }
        if let Some(since) = since {
            p { class: "k-row-s k-muted k-s c-as-of", "data-testid": "as-of",
                IconView { icon: Icon::CloudOff }
                {t!("track-as-of", time: words::moment(since))}
            }
        }
    }
}

/// The status as the wire names it, for tests.
pub fn status_id(status: OrderStatus) -> String {
    serde_json::to_value(status)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// What was ordered and what it cost.
#[component]
fn Receipt(order: OrderView) -> Element {
    rsx! {
        div { class: "k-stack",
            h2 { class: "k-m", {t!("track-receipt")} }
            ul { class: "c-receipt",
                for (index, line) in order.bill.lines.iter().enumerate() {
                    li { key: "{index}",
                        span { class: "k-num k-strong", "{line.quantity}×" }
                        span { class: "k-grow",
                            {line.name.here()}
                            if !line.options.is_empty() {
                                small { class: "k-muted",
                                    {line.options.iter().map(|option| option.name.here()).collect::<Vec<_>>().join(" · ")}
                                }
                            }
                            if let Some(note) = &line.note {
                                small { class: "k-muted", {crate::words::own(note)} }
                            }
                        }
                        span { class: "k-num", {crate::words::money(line.total, order.bill.currency)} }
                    }
                }
            }
            if let Some(note) = &order.note {
                p { class: "k-muted k-xs c-driver-note",
                    IconView { icon: Icon::Note }
                    {crate::words::own(note)}
                }
            }
            BillView { bill: order.bill.clone(), fulfilment: order.fulfilment }
            p { class: "k-row-s k-muted k-xs",
                IconView {
                    icon: if order.payment.method == momfood_domain::payment::PaymentMethod::Cash { Icon::Cash } else { Icon::Card },
                }
                {end::money_words(&order)}
            }
        }
    }
}

//! An order that somebody shared, for whoever has the link: how far it is, and as of when. Nobody has to be signed in.

use dioxus::prelude::*;
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::Fulfilment;
use momfood_kit::engine::{Answer, ErrorCode, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{GetShared, SharedView};
use momfood_protocol::rest::SharedOrder;
use momfood_protocol::view::StepKind;

use crate::entry::Looks;
use crate::route::Route;
use crate::track::Steps;
use crate::words;

/// The server is asked again after this long.
const ASK_AGAIN_MS: u32 = 15_000;

/// The page behind a link.
#[component]
pub fn Shared(token: String) -> Element {
    let navigator = use_navigator();
    let shared = use_query(move || GetShared { token: token.clone() }, &[]);
    let over = shared.data().is_some_and(|view| view.order.status.is_end());
    use_future(move || async move {
        loop {
            sleep_ms(ASK_AGAIN_MS).await;
            // What has ended changes no more.
            let ended = shared.data().is_some_and(|view| view.order.status.is_end());
            if !ended {
                shared.again();
            }
        }
    });
    use_title(t!("shared-title"));
    rsx! {
        AppBar { title: t!("kit-product"), end: rsx! { Looks {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l c-shared",
            match &*shared.read() {
                Answer::Loading => rsx! {
                    Skeleton { shape: SkeletonShape::Heading }
                    Skeleton { shape: SkeletonShape::Row, count: 5 }
                },
                Answer::Failed(failure, _) if failure.code == ErrorCode::NotFound => rsx! {
                    EmptyState { art: Art::Receipt, title: t!("shared-over"), body: t!("shared-over-body"),
                        Button {
                            onclick: move |_| {
                                navigator.replace(Route::Home {});
                            },
                            {t!("shared-own")}
                        }
                    }
                },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState {
                        offline: failure.code == ErrorCode::Offline,
                        title: failure.message.clone(),
                        onretry: move |()| shared.again(),
                    }
                },
                Answer::Ready(view, _) | Answer::Failed(_, Some(view)) => rsx! {
                    Followed { view: view.clone() }
                    div { class: "c-shared-foot",
                        p { class: "k-muted k-s", {t!("shared-privacy")} }
                        Button {
                            kind: ButtonKind::Secondary,
                            onclick: move |_| {
                                navigator.push(Route::Home {});
                            },
                            if over {
                                {t!("shared-hungry")}
                            } else {
                                {t!("shared-own")}
                            }
                        }
                    }
                },
            }
        }
    }
}

#[component]
fn Followed(view: SharedView) -> Element {
    let SharedView { order, stale } = view;
    let said = sentence(&order);
    let told = said.clone();
    let status = order.status;
    let mut before = use_signal(|| status);
    use_effect(use_reactive!(|(status, told)| {
        if *before.peek() != status {
            before.set(status);
            announce(told);
        }
    }));
    let expected = order.estimated_at.filter(|_| !status.is_end());
    rsx! {
        div { class: "c-shared-head", "data-testid": "shared", "data-status": crate::track::status_id(status),
            Picture { src: words::media(order.restaurant.picture.as_ref()), class: "c-shared-picture" }
            div { class: "k-grow",
                p { class: "k-muted k-s", {order.restaurant.name.here()} }
                h1 { class: "k-xl", "data-testid": "headline", "{said}" }
                if let Some(at) = expected {
                    p { class: "k-m", {t!("shared-expected", time: words::moment(at))} }
                }
                p { class: "k-row-s k-s c-shared-as-of", class: if stale { "k-warn" } else { "k-muted" }, "data-testid": "as-of",
                    IconView { icon: if stale { Icon::CloudOff } else { Icon::Clock } }
                    span {
                        if stale {
                            {t!("shared-stale", time: words::moment(order.as_of))}
                        } else if status.is_end() {
                            {t!("shared-then", time: words::moment(order.as_of))}
                        } else {
                            {t!("shared-as-of", time: words::moment(order.as_of))}
                        }
                    }
                }
            }
        }
        Card { Steps { timeline: order.timeline.clone(), status, fulfilment: order.fulfilment, shared: true } }
    }
}

/// Where it stands, in a sentence that is true for whoever reads it.
fn sentence(order: &SharedOrder) -> String {
    let pickup = order.fulfilment == Fulfilment::Pickup;
    let arrived = order
        .timeline
        .iter()
        .any(|step| step.kind == StepKind::DriverAtCustomer);
    t!(match order.status {
        OrderStatus::AwaitingPayment | OrderStatus::Pending => "shared-pending",
        OrderStatus::Accepted | OrderStatus::Preparing => "shared-preparing",
        OrderStatus::Ready if pickup => "shared-ready-pickup",
        OrderStatus::Ready => "shared-ready",
        OrderStatus::PickedUp if arrived => "shared-at-door",
        OrderStatus::PickedUp => "shared-on-the-way",
        OrderStatus::Delivered if pickup => "shared-fetched",
        OrderStatus::Delivered => "shared-delivered",
        OrderStatus::Cancelled | OrderStatus::Rejected | OrderStatus::Expired => "shared-called-off",
        OrderStatus::Failed => "shared-failed",
    })
}

//! The customer's orders: those on their way first, then what was, and ordering it again.

use dioxus::prelude::*;
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::Fulfilment;
use momfood_kit::engine::{Answer, ErrorCode, EventKind, use_command, use_command_result, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{ListOrders, OrderList, OrderTrack, Reorder, ReorderView};
use momfood_protocol::view::OrderView;

use crate::entry::Members;
use crate::route::Route;
use crate::track::{arrival, headline_of, status_id};
use crate::words;

/// The orders screen.
#[component]
pub fn Orders() -> Element {
    use_title(t!("orders-title"));
    rsx! {
        AppBar { title: t!("orders-title") }
        Members { why: t!("orders-sign-in"), Mine {} }
    }
}

#[component]
fn Mine() -> Element {
    let orders = use_query(
        || ListOrders { before: None },
        &[EventKind::Orders, EventKind::Session, EventKind::Connection],
    );
    rsx! {
        main { id: "content", tabindex: "-1", class: "k-page c-orders",
            match &*orders.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 6 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState {
                        offline: failure.code == ErrorCode::Offline,
                        title: failure.message.clone(),
                        onretry: move |()| orders.again(),
                    }
                },
                Answer::Ready(list, _) | Answer::Failed(_, Some(list)) => rsx! { All { list: list.clone() } },
            }
        }
    }
}

#[component]
fn All(list: OrderList) -> Element {
    let navigator = use_navigator();
    let mut older = use_signal(Vec::<OrderView>::new);
    let mut further = use_signal(|| None::<Option<momfood_domain::time::Timestamp>>);
    let more = use_command_result(
        move |answer: Result<OrderList, momfood_kit::engine::Failure>| match answer {
            Ok(page) => {
                older.write().extend(page.orders);
                further.set(Some(page.next));
            }
            Err(failure) => toast_error(failure.message),
        },
    );
    let next = further().unwrap_or(list.next);
    let known: Vec<_> = list.orders.iter().map(|order| order.id).collect();
    let (live, mut past): (Vec<_>, Vec<_>) =
        list.orders.into_iter().partition(|order| !order.status.is_end());
    past.extend(older().into_iter().filter(|order| !known.contains(&order.id)));
    if live.is_empty() && past.is_empty() {
        return rsx! {
            EmptyState { art: Art::Receipt, title: t!("orders-none"), body: t!("orders-none-body"),
                Button {
                    onclick: move |_| {
                        navigator.push(Route::Home {});
                    },
                    {t!("cart-browse")}
                }
            }
        };
    }
    rsx! {
        if list.stale {
            Banner { kind: BannerKind::Stale, {t!("orders-stale")} }
        }
        if !live.is_empty() {
            Section { title: t!("orders-live"),
                div { class: "c-live",
                    for order in live {
                        Live { key: "{order.id}", order }
                    }
                }
            }
        }
        if !past.is_empty() {
            Section { title: t!("orders-past"),
                div { class: "c-past",
                    for order in past {
                        Past { key: "{order.id}", order }
                    }
                }
            }
        }
        if let Some(before) = next {
            div { class: "c-more",
                Button {
                    kind: ButtonKind::Secondary,
                    busy: more.busy(),
                    onclick: move |_| more.run(ListOrders { before: Some(before) }),
                    {t!("orders-more")}
                }
            }
        }
    }
}

/// An order on its way.
#[component]
fn Live(order: OrderView) -> Element {
    let said = headline_of(&OrderTrack {
        order: order.clone(),
        position: None,
    });
    rsx! {
        Link {
            to: Route::Track { id: order.id },
            class: "k-card k-card-press c-order is-live",
            "data-testid": "order-card",
            "data-status": status_id(order.status),
            Picture { src: words::media(order.restaurant.picture.as_ref()), class: "c-from-picture" }
            span { class: "k-grow",
                span { class: "k-muted k-xs", {order.restaurant.name.here()} }
                strong { class: "c-order-said", "{said}" }
                if let Some(at) = order.estimated_at {
                    span { class: "k-muted k-xs",
                        if order.fulfilment == Fulfilment::Pickup {
                            {t!("checkout-ready-about", time: words::moment(at))}
                        } else {
                            {arrival(at)}
                        }
                    }
                }
            }
            IconView { icon: Icon::ChevronNext }
        }
    }
}

/// An order that is over.
#[component]
fn Past(order: OrderView) -> Element {
    let navigator = use_navigator();
    let id = order.id;
    let again = use_command::<Reorder>(move |filled: ReorderView| {
        told_what_is_missing(&filled);
        navigator.push(Route::Cart {});
    });
    let (tone, icon, word) = match order.status {
        OrderStatus::Delivered => (Tone::Good, Icon::Check, t!("order-delivered")),
        OrderStatus::Rejected => (Tone::Quiet, Icon::Stop, t!("order-rejected")),
        OrderStatus::Expired => (Tone::Quiet, Icon::Timer, t!("order-expired")),
        OrderStatus::Failed => (Tone::Bad, Icon::Alert, t!("order-failed")),
        _ => (Tone::Quiet, Icon::Close, t!("order-cancelled")),
    };
    let names: Vec<String> = order
        .bill
        .lines
        .iter()
        .map(|line| format!("{}× {}", line.quantity, line.name.here()))
        .collect();
    rsx! {
        div { class: "k-card c-order", "data-testid": "order-card", "data-status": status_id(order.status),
            Link { to: Route::Track { id }, class: "c-order-link",
                Picture { src: words::media(order.restaurant.picture.as_ref()), class: "c-from-picture" }
                span { class: "k-grow",
                    span { class: "k-row-s k-between",
                        strong { class: "k-clip", {order.restaurant.name.here()} }
                        StatusPill { tone, icon, "{word}" }
                    }
                    span { class: "k-muted k-xs k-clip c-order-names", {names.join(" · ")} }
                    span { class: "k-muted k-xs k-num",
                        {format::date_time(order.placed_at)}
                        " · "
                        {words::money(order.bill.total_amount, order.bill.currency)}
                    }
                }
            }
            Button {
                kind: ButtonKind::Quiet,
                busy: again.busy(),
                icon: Icon::Sync,
                "data-testid": "reorder",
                onclick: move |_| again.run(Reorder { id }),
                {t!("orders-again")}
            }
        }
    }
}

/// Says what of an old order can no longer be had.
pub fn told_what_is_missing(filled: &ReorderView) {
    if filled.missing.is_empty() {
        toast(t!("orders-filled"));
    } else {
        let names: Vec<String> = filled.missing.iter().map(Words::here).collect();
        toast_error(t!("orders-missing", names: names.join(" · ")));
    }
}

//! What was: orders that left the kitchen or ended within the last two days, found by number.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::engine::{Answer, ErrorCode};
use momfood_kit::prelude::*;
use momfood_kit::words;
use momfood_protocol::view::OrderView;

use crate::board::order_sheet::OrderSheet;
use crate::board::parts::Number;
use crate::board::ticket::BumpedRow;
use crate::floor::use_shop;
use crate::tickets::{Column, is_meant, is_off_the_board};

/// The history.
#[component]
pub fn History() -> Element {
    use_title(t!("kitchen-nav-history"));
    let shop = use_shop();
    let mut typed = use_signal(String::new);
    let mut shown = use_signal(|| None::<OrderId>);
    let board = shop.board.read();
    rsx! {
        AppBar { title: t!("kitchen-nav-history"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page t-page k-stack",
            SearchField {
                label: t!("kitchen-find-order"),
                value: typed(),
                oninput: move |value| typed.set(value),
                "data-testid": "history-search",
            }
            match &*board {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 8 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState {
                        title: t!("kitchen-board-failed"),
                        body: failure.message.clone(),
                        offline: failure.code == ErrorCode::Offline,
                        onretry: move |()| shop.board.again(),
                    }
                },
                Answer::Ready(board, _) | Answer::Failed(_, Some(board)) => rsx! {
                    Found { orders: board.orders.clone(), typed: typed(), onshow: move |id| shown.set(Some(id)) }
                    if let Some(order) = shown().and_then(|id| board.orders.iter().find(|order| order.id == id).cloned()) {
                        OrderSheet { key: "{order.id}", order, onclose: move |()| shown.set(None) }
                    }
                },
            }
        }
    }
}

/// What was meant, the latest first; bumped tickets that still wait for their driver on top.
#[component]
fn Found(orders: Vec<OrderView>, typed: String, onshow: EventHandler<OrderId>) -> Element {
    let meant = |order: &&OrderView| is_meant(order, &typed);
    let bumped: Vec<&OrderView> = orders
        .iter()
        .filter(|order| is_off_the_board(order))
        .filter(meant)
        .collect();
    let mut past: Vec<&OrderView> = orders
        .iter()
        .filter(|order| Column::of(order.status).is_none())
        .filter(meant)
        .collect();
    past.sort_by_key(|order| core::cmp::Reverse(order.timeline.last().map(|step| step.at)));
    if past.is_empty() && bumped.is_empty() {
        let (art, title, body) = if typed.trim().is_empty() {
            (
                Art::Receipt,
                t!("kitchen-no-history"),
                t!("kitchen-no-history-body"),
            )
        } else {
            (
                Art::Nothing,
                t!("kitchen-nothing-found"),
                t!("kitchen-no-order-body"),
            )
        };
        return rsx! { EmptyState { art, title, body } };
    }
    rsx! {
        if !bumped.is_empty() {
            Section { title: t!("kitchen-bumped", count: bumped.len()),
                div { class: "k-stack",
                    for order in bumped.into_iter().cloned() {
                        BumpedRow { key: "{order.id}", order }
                    }
                }
            }
        }
        if !past.is_empty() {
            Card { flush: true,
                div { class: "k-divide",
                    for order in past.into_iter().cloned() {
                        PastRow { key: "{order.id}", order, onshow }
                    }
                }
            }
        }
    }
}

#[component]
fn PastRow(order: OrderView, onshow: EventHandler<OrderId>) -> Element {
    let id = order.id;
    let (status, icon, tone) = words::order_status(order.status);
    let items: Vec<String> = order
        .bill
        .lines
        .iter()
        .map(|line| t!("kitchen-line", count: line.quantity, name: line.name.here()))
        .collect();
    let at = order.timeline.last().map_or(order.placed_at, |step| step.at);
    rsx! {
        button {
            r#type: "button",
            class: "t-past",
            onclick: move |_| onshow.call(id),
            "data-testid": "past-order",
            "data-id": "{id}",
            "data-number": "{order.number}",
            "data-status": words::status_id(order.status),
            Number { number: order.number.clone() }
            span { class: "k-grow",
                span { class: "t-past-items k-clip", {items.join(t!("kitchen-comma").as_str())} }
                small { class: "k-muted",
                    bdi { "{order.customer.name}" }
                    " · "
                    {format::date_time(at)}
                }
            }
            if order.unconfirmed {
                UnconfirmedMark {}
            }
            StatusPill { tone, icon, "{status}" }
        }
    }
}

//! Several orders on one trip: which is at hand, in the order it is worth bringing them. Each says its number, where
//! it goes and to whom, so that no bag is given at the wrong door.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::prelude::*;
use momfood_protocol::view::OrderView;

use super::job::{delivery_id, is_carried};

/// A tab for each job.
#[component]
pub fn Stops(shown: OrderId, jobs: Vec<OrderView>, onlook: EventHandler<OrderId>) -> Element {
    let count = jobs.len();
    rsx! {
        div { class: "d-stops", role: "tablist", aria_label: t!("driver-stops", count: count), "data-testid": "stops",
            for (index, order) in jobs.into_iter().enumerate() {
                Stop { key: "{order.id}", place: index + 1, on: order.id == shown, order, onlook }
            }
        }
    }
}

#[component]
fn Stop(place: usize, on: bool, order: OrderView, onlook: EventHandler<OrderId>) -> Element {
    let id = order.id;
    let status = order
        .delivery
        .as_ref()
        .map(|delivery| delivery_id(delivery.status));
    let carried = is_carried(&order);
    let (icon, who) = if carried {
        (Icon::Home, order.customer.name.clone())
    } else {
        (Icon::Chef, order.restaurant.name.here())
    };
    rsx! {
        button {
            r#type: "button",
            class: "d-stop",
            role: "tab",
            aria_selected: if on { "true" } else { "false" },
            onclick: move |_| onlook.call(id),
            "data-testid": "stop",
            "data-order": "{id}",
            "data-number": "{order.number}",
            "data-status": status,
            span { class: "d-stop-place k-num", {format::number(i64::try_from(place).unwrap_or(0))} }
            span { class: "k-grow",
                strong { class: "k-ltr k-num", {short_number(&order.number)} }
                span { class: "d-stop-who k-clip",
                    IconView { icon }
                    "{who}"
                }
            }
        }
    }
}

/// The part of an order's number that people say: its last four digits.
pub fn short_number(number: &str) -> String {
    let last = number.rsplit_once('-').map_or(number, |(_, last)| last);
    ["#", last].concat()
}

//! Whom one can call: the driver while at work on it, the restaurant.

use dioxus::prelude::*;
use momfood_kit::prelude::*;
use momfood_protocol::view::OrderView;

/// The driver and the restaurant.
#[component]
pub fn People(order: OrderView) -> Element {
    let driver = order
        .delivery
        .as_ref()
        .and_then(|delivery| delivery.driver.clone());
    rsx! {
        Card {
            div { class: "k-divide",
                if let Some(driver) = driver {
                    div { class: "c-person", "data-testid": "driver",
                        Avatar { name: driver.name.clone() }
                        span { class: "k-grow",
                            span { class: "k-list-title", "{driver.name}" }
                            span { class: "k-list-detail",
                                {driver.vehicle.as_ref().map_or_else(|| t!("track-your-driver"), Words::here)}
                            }
                        }
                        if let Some(phone) = &driver.phone {
                            Call { phone: phone.clone(), label: t!("track-call", name: driver.name.clone()), testid: "call-driver" }
                        }
                    }
                }
                div { class: "c-person",
                    span { class: "k-list-icon", IconView { icon: Icon::Bowl } }
                    span { class: "k-grow",
                        span { class: "k-list-title", {order.restaurant.name.here()} }
                        span { class: "k-list-detail", {order.restaurant.district.here()} }
                    }
                    if let Some(phone) = &order.restaurant.phone {
                        Call { phone: phone.clone(), label: t!("track-call", name: order.restaurant.name.here()), testid: "call-restaurant" }
                    }
                }
                if let Some(address) = &order.address {
                    div { class: "c-person",
                        span { class: "k-list-icon", IconView { icon: Icon::Pin } }
                        span { class: "k-grow",
                            span { class: "k-list-title", "{address.label}" }
                            span { class: "k-list-detail", {crate::words::own(&address.line)} }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Call(phone: String, label: String, testid: String) -> Element {
    rsx! {
        a { class: "k-icon-btn c-call", href: "tel:{phone}", aria_label: "{label}", title: "{label}", "data-testid": "{testid}",
            IconView { icon: Icon::Phone }
        }
    }
}

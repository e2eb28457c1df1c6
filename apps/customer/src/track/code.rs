//! What to tell the driver at the door: four digits, large enough to be read out in the dark.

use dioxus::prelude::*;
use momfood_domain::delivery::DeliveryStatus;
use momfood_kit::prelude::*;
use momfood_protocol::view::OrderView;

/// The code, from when the driver has the food until it is handed over.
#[component]
pub fn Code(order: OrderView) -> Element {
    let status = order.delivery.as_ref().map(|delivery| delivery.status);
    let near = status == Some(DeliveryStatus::AtCustomer);
    let coming = near || status == Some(DeliveryStatus::PickedUp);
    let Some(code) = order.handover_code.filter(|_| coming) else {
        return rsx! {};
    };
    // One digit after the other, or a screen reader says "four thousand".
    let spoken: Vec<String> = code.chars().map(String::from).collect();
    rsx! {
        div { class: "c-code", class: if near { "is-near" }, "data-testid": "handover-code", "data-code": "{code}",
            div { class: "k-grow",
                strong { class: "k-m", {t!("code-title")} }
                p { class: "k-s", {t!("code-body")} }
            }
            span { class: "c-code-digits k-num k-ltr", aria_label: spoken.join(" "), role: "img", "{code}" }
        }
    }
}

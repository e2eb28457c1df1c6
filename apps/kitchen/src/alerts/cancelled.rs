//! An order called off after the kitchen had said yes: everything stops until somebody has read it.

use dioxus::prelude::*;
use momfood_kit::prelude::*;
use momfood_protocol::view::OrderView;

use super::{BellBlocked, said};
use crate::board::parts::{Facts, Lines, Number};
use crate::desk;
use crate::keys::use_keys;
use crate::wording::because;

/// The red ticket.
#[component]
pub fn Cancelled(order: OrderView, more: usize) -> Element {
    let id = order.id;
    use_keys(move |press| {
        let read = press.key == "Enter";
        if read {
            desk::mark_read(id);
        }
        read
    });
    use_hook(|| announce_now(t!("kitchen-cancelled-title", number: said(&order.number))));
    rsx! {
        Sheet {
            title: t!("kitchen-cancelled-title", number: said(&order.number)),
            onclose: move |()| {},
            dismissible: false,
            class: "t-stop",
            "data-testid": "cancelled-alert",
            "data-id": "{id}",
            footer: rsx! {
                Button {
                    kind: ButtonKind::Danger,
                    block: true,
                    large: true,
                    class: "t-stop-read",
                    icon: Icon::Check,
                    onclick: move |_| desk::mark_read(id),
                    "data-testid": "cancelled-read",
                    {t!("kitchen-cancelled-read")}
                }
            },
            div { class: "k-stack",
                BellBlocked {}
                p { class: "t-stop-word",
                    IconView { icon: Icon::Stop }
                    {t!("kitchen-cancelled-stop")}
                }
                div { class: "k-row k-between k-wrap",
                    Number { number: order.number.clone() }
                    if let Some(reason) = order.reason {
                        StatusPill { tone: Tone::Bad, icon: Icon::Info, {because(reason)} }
                    }
                }
                Facts { order: order.clone() }
                Lines { lines: order.bill.lines.clone() }
                if more > 0 {
                    p { class: "k-muted", {t!("kitchen-cancelled-more", count: more)} }
                }
            }
        }
    }
}

//! An order others called off after the kitchen had said yes: everything stops until somebody has read it. The engine
//! remembers that nobody has, also over a reload.

use dioxus::prelude::*;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::Timestamp;
use momfood_kit::prelude::*;
use momfood_protocol::engine::AcknowledgeAlert;
use momfood_protocol::view::{OrderView, StepKind};

use super::{BellBlocked, said};
use crate::board::parts::{Facts, Lines, Number};
use crate::clock::step_at;
use crate::deeds::{WhyNot, use_deeds};
use crate::desk;
use crate::floor::use_shop;
use crate::keys::{press_first, use_keys};
use crate::wording::{because, called_off_by};

/// The red ticket.
#[component]
pub fn Cancelled(order: OrderView, more: usize) -> Element {
    let id = order.id;
    let shop = use_shop();
    let read = use_deeds();
    use_keys(move |press| press.key == "Enter" && press_first(".t-stop-read"));
    use_hook(|| announce_now(t!("kitchen-cancelled-title", number: said(&order.number))));
    let ended_at = order.timeline.last().map(|step| step.at);
    let cooked = step_at(&order, StepKind::Ready).is_some();
    rsx! {
        Sheet {
            title: t!("kitchen-cancelled-title", number: said(&order.number)),
            onclose: move |()| {},
            dismissible: false,
            class: "t-stop",
            "data-testid": "cancelled-alert",
            "data-id": "{id}",
            "data-number": "{order.number}",
            footer: rsx! {
                WhyNot { deeds: read }
                Button {
                    kind: ButtonKind::Danger,
                    block: true,
                    large: true,
                    class: "t-stop-read",
                    icon: Icon::Check,
                    busy: read.busy(),
                    onclick: move |_| read.run(AcknowledgeAlert { id }, move |_| {
                        desk::mark_read(id);
                        shop.board.again();
                    }),
                    "data-testid": "cancelled-read",
                    {t!("kitchen-cancelled-read")}
                }
            },
            div { class: "k-stack",
                BellBlocked {}
                p { class: "t-stop-word",
                    IconView { icon: Icon::Stop }
                    if cooked { {t!("kitchen-cancelled-keep")} } else { {t!("kitchen-cancelled-stop")} }
                }
                div { class: "k-row k-between k-wrap",
                    Number { number: order.number.clone() }
                    if let Some(at) = ended_at {
                        HowLongAgo { at }
                    }
                }
                p { class: "t-stop-why", "data-testid": "cancelled-by",
                    strong {
                        if order.status == OrderStatus::Expired {
                            {t!("kitchen-by-time")}
                        } else {
                            {called_off_by(order.cancelled_by)}
                        }
                    }
                    if let Some(reason) = order.reason {
                        " "
                        span { class: "k-muted", {because(reason)} }
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

#[component]
fn HowLongAgo(at: Timestamp) -> Element {
    let now = use_now();
    rsx! {
        span { class: "t-stop-ago k-num", title: format::date_time(at),
            IconView { icon: Icon::Clock }
            {format::relative(at, now())}
        }
    }
}

//! All-day counts: how many of each item there are to cook, over all tickets.

use dioxus::prelude::*;
use momfood_kit::prelude::*;
use momfood_protocol::view::OrderView;

use crate::tickets::to_cook;

/// The counts.
#[component]
pub fn AllDay(orders: Vec<OrderView>, onclose: EventHandler<()>) -> Element {
    let all = to_cook(&orders);
    rsx! {
        Sheet { title: t!("kitchen-all-day-title"), onclose: move |()| onclose.call(()), "data-testid": "all-day-sheet",
            if all.is_empty() {
                EmptyState { art: Art::Calm, title: t!("kitchen-all-day-none"), body: t!("kitchen-all-day-none-body") }
            } else {
                p { class: "k-muted", {t!("kitchen-all-day-body")} }
                ul { class: "t-all-day",
                    for entry in all {
                        li { key: "{entry.item}", "data-testid": "all-day-item", "data-count": "{entry.count}",
                            b { class: "k-num", {format::number(i64::from(entry.count))} }
                            div { class: "k-grow",
                                p { class: "t-name", {entry.name.here()} }
                                for (index, (name, count)) in entry.options.iter().enumerate() {
                                    p { key: "{index}", class: "k-muted",
                                        span { class: "k-num", {t!("kitchen-times", count: *count)} }
                                        " "
                                        {name.here()}
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

//! Which stations are done with an order, on the whole kitchen's board.

use dioxus::prelude::*;
use momfood_kit::prelude::*;
use momfood_protocol::view::OrderView;

use crate::floor::use_shop;
use crate::stations::marks;
use crate::wording;

/// The stations of an order, once one of them is done.
#[component]
pub fn StationMarks(order: OrderView) -> Element {
    let shop = use_shop();
    let menu = shop.menu.read();
    let all = marks(&order, menu.data().map(|view| &view.menu));
    if all.is_empty() {
        return rsx! {};
    }
    rsx! {
        ul { class: "t-marks", aria_label: t!("kitchen-stations"), "data-testid": "stations-done",
            for mark in all {
                li {
                    key: "{mark.station}",
                    class: if mark.done_at.is_some() { "is-done" },
                    "data-station": "{mark.station}",
                    "data-done": mark.done_at.is_some(),
                    IconView { icon: if mark.done_at.is_some() { Icon::Check } else { Icon::Timer } }
                    bdi { {wording::station(&mark.station)} }
                    span { class: "k-sr",
                        if mark.done_at.is_some() { {t!("kitchen-station-done")} } else { {t!("kitchen-station-open")} }
                    }
                }
            }
        }
    }
}

//! A station's board: what is left to make there, side by side, and what it has bumped at the foot.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::prelude::*;
use momfood_protocol::view::KitchenSettings;

use super::Open;
use super::ticket::{BumpedRow, Ticket};
use crate::stations::{Stand, StationBoard};
use crate::wording;

/// The tickets of a station.
#[component]
pub fn StationTickets(
    board: StationBoard,
    stand: Stand,
    settings: KitchenSettings,
    selected: Option<OrderId>,
    open: Signal<Open>,
) -> Element {
    let name = wording::station(stand.name());
    rsx! {
        div { class: "t-station", "data-testid": "station", "data-station": stand.name(),
            if board.open.is_empty() {
                div { class: "t-calm", "data-testid": "calm",
                    EmptyState { art: Art::Calm, title: t!("kitchen-station-calm", name: name), body: t!("kitchen-station-calm-body") }
                }
            }
            div { class: "t-station-tickets",
                for (at, share) in board.open.into_iter().enumerate() {
                    Ticket {
                        key: "{share.order.id}",
                        place: (at + 1).clamp(1, 10) % 10,
                        selected: selected == Some(share.order.id),
                        order: share.order,
                        elsewhere: share.elsewhere,
                        stand: stand.clone(),
                        settings: settings.clone(),
                        open,
                    }
                }
            }
            if !board.done.is_empty() {
                section { class: "t-station-done",
                    h2 { class: "t-away-head", {t!("kitchen-station-bumped", count: board.done.len())} }
                    div { class: "t-station-tickets",
                        for share in board.done {
                            BumpedRow { key: "{share.order.id}", order: share.order, stand: stand.clone() }
                        }
                    }
                }
            }
        }
    }
}

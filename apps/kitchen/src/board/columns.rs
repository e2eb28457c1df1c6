//! The three columns. On a phone one of them is shown at a time.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::prelude::*;
use momfood_protocol::engine::Board;
use momfood_protocol::view::OrderView;

use super::Open;
use super::ticket::{BumpedRow, Ticket};
use crate::tickets::{Column, in_column, is_off_the_board};

/// The name of a column.
pub fn title(column: Column) -> String {
    match column {
        Column::New => t!("kitchen-column-new"),
        Column::Preparing => t!("kitchen-column-preparing"),
        Column::Ready => t!("kitchen-column-ready"),
    }
}

/// The tickets in the order their number keys count them: column by column, bumped ones left out.
pub fn on_display(orders: &[OrderView]) -> Vec<OrderId> {
    Column::ALL
        .into_iter()
        .flat_map(|column| in_column(orders, column))
        .filter(|order| !is_off_the_board(order))
        .map(|order| order.id)
        .collect()
}

/// All columns.
#[component]
pub fn Columns(board: Board, selected: Option<OrderId>, open: Signal<Open>) -> Element {
    let mut shown = use_signal(|| Column::Preparing);
    let places = on_display(&board.orders);
    let columns = Column::ALL.map(|column| {
        let (hidden, tickets): (Vec<OrderView>, Vec<OrderView>) = in_column(&board.orders, column)
            .cloned()
            .partition(is_off_the_board);
        (column, tickets, hidden)
    });
    let tabs: Vec<String> = columns
        .iter()
        .map(|(column, tickets, _)| t!("kitchen-column-tab", name: title(*column), count: tickets.len()))
        .collect();
    let at = Column::ALL
        .iter()
        .position(|column| *column == shown())
        .unwrap_or_default();
    rsx! {
        div { class: "t-tabs",
            Segmented { label: t!("kitchen-columns"), options: tabs, selected: at, onselect: move |i: usize| shown.set(Column::ALL[i]) }
        }
        div { class: "t-columns", "data-shown": shown().id(),
            for (column, tickets, hidden) in columns {
                section { key: "{column.id()}", class: "t-column", "data-column": column.id(), aria_label: title(column),
                    h2 { class: "t-column-head",
                        span { {title(column)} }
                        span { class: "t-count k-num", {format::number(i64::try_from(tickets.len()).unwrap_or(i64::MAX))} }
                    }
                    div { class: "t-stack",
                        if tickets.is_empty() {
                            Nothing { column }
                        }
                        for order in tickets {
                            Ticket {
                                key: "{order.id}",
                                place: places.iter().position(|id| *id == order.id).map_or(0, |at| at + 1).clamp(0, 10) % 10,
                                selected: selected == Some(order.id),
                                order,
                                settings: board.restaurant.clone(),
                                open,
                            }
                        }
                        if !hidden.is_empty() {
                            h3 { class: "t-away-head", {t!("kitchen-bumped", count: hidden.len())} }
                            for order in hidden {
                                BumpedRow { key: "{order.id}", order }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Nothing(column: Column) -> Element {
    let words = match column {
        Column::New => t!("kitchen-none-new"),
        Column::Preparing => t!("kitchen-none-preparing"),
        Column::Ready => t!("kitchen-none-ready"),
    };
    rsx! {
        p { class: "t-nothing", "{words}" }
    }
}

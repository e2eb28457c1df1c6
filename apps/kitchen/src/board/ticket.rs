//! A ticket: everything a cook needs, and the one next step.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_kit::engine::{Engine, use_engine};
use momfood_kit::prelude::*;
use momfood_kit::words;
use momfood_protocol::engine::{BumpTicket, HandOver, MarkReady, RecallTicket, StartPreparing};
use momfood_protocol::view::{DeliveryView, KitchenSettings, OrderView};

use super::Open;
use super::marks::StationMarks;
use super::parts::{DriverLine, Facts, Lines, Number, TicketClock, Warnings};
use crate::clock::Clock;
use crate::deeds::{WhyNot, use_deeds};
use crate::desk;
use crate::stations::Stand;
use crate::tickets::{Deed, deed_at, driver_is_here, short_number};

/// Seconds a bump can be taken back in place; later from the foot of its column, or the history.
const RECALL_SECONDS: u32 = 10;

/// A ticket on the board.
#[component]
pub fn Ticket(
    /// What is seen of its order here.
    order: OrderView,
    /// How many items of it are made elsewhere.
    #[props(default)]
    elsewhere: u32,
    /// Where the board stands.
    #[props(default)]
    stand: Stand,
    /// The restaurant's limits.
    settings: KitchenSettings,
    /// The number key that selects it; 0 for none.
    place: usize,
    /// Whether it is selected.
    selected: bool,
    /// What is open over the board.
    open: Signal<Open>,
) -> Element {
    let (id, status, unconfirmed) = (order.id, words::status_id(order.status), order.unconfirmed);
    let number = order.number.clone();
    let label = t!("kitchen-ticket", number: short_number(&number));
    rsx! {
        article {
            class: "t-ticket",
            class: if selected { "is-selected" },
            aria_label: "{label}",
            "data-testid": "ticket",
            "data-id": "{id}",
            "data-number": "{number}",
            "data-status": status,
            "data-unconfirmed": unconfirmed,
            if unconfirmed {
                UnconfirmedMark {}
            }
            header { class: "t-head",
                if place > 0 {
                    kbd { class: "t-place", aria_hidden: "true", "{place}" }
                }
                Number { number: number.clone() }
                span { class: "k-grow" }
                if let Some(clock) = Clock::of(&order, &settings) {
                    TicketClock { clock }
                }
                IconButton {
                    icon: Icon::More,
                    label: t!("kitchen-more", number: short_number(&number)),
                    onclick: move |_| open.set(Open::Order(id)),
                    "data-testid": "order-more",
                }
            }
            Facts { order: order.clone() }
            if let Some(delivery) = driver_to_show(&order, &stand) {
                DriverLine { delivery }
            }
            Warnings { order: order.clone() }
            Lines { lines: order.bill.lines.clone() }
            if elsewhere > 0 {
                p { class: "t-elsewhere", "data-testid": "elsewhere", {t!("kitchen-elsewhere", count: elsewhere)} }
            }
            if stand == Stand::Kitchen {
                StationMarks { order: order.clone() }
            }
            NextStep { order, stand, open }
        }
    }
}

/// Who fetches an order: at a station it matters once they are here.
fn driver_to_show(order: &OrderView, stand: &Stand) -> Option<DeliveryView> {
    let delivery = order.delivery.clone()?;
    (*stand == Stand::Kitchen || driver_is_here(order)).then_some(delivery)
}

/// The one button of a ticket: what the server allows next; at a station, that its part is done.
#[component]
fn NextStep(order: OrderView, stand: Stand, open: Signal<Open>) -> Element {
    let id = order.id;
    let short = short_number(&order.number).to_owned();
    let step = use_deeds();
    let engine = use_engine();
    let Some(deed) = deed_at(&order, &stand) else {
        return rsx! {};
    };
    let is_part = deed == Deed::Bump && stand.station().is_some();
    let (words, icon, kind) = match deed {
        Deed::Bump if is_part => (t!("kitchen-do-part"), Icon::Check, ButtonKind::Primary),
        Deed::Answer => (t!("kitchen-do-answer"), Icon::Bell, ButtonKind::Primary),
        Deed::Start => (t!("kitchen-do-start"), Icon::Fire, ButtonKind::Primary),
        Deed::Ready => (t!("kitchen-do-ready"), Icon::Check, ButtonKind::Primary),
        Deed::HandOver => (t!("kitchen-do-hand-over"), Icon::Bag, ButtonKind::Primary),
        Deed::Bump => (t!("kitchen-do-bump"), Icon::Check, ButtonKind::Secondary),
    };
    let due = order.payment.cash_due;
    rsx! {
        WhyNot { deeds: step }
        Button {
            kind,
            icon,
            block: true,
            large: true,
            class: if deed == Deed::Ready || is_part { "t-action is-good" } else { "t-action" },
            busy: step.busy(),
            onclick: move |_| {
                let short = short.clone();
                match deed {
                    Deed::Answer => desk::take_up(id),
                    Deed::Start => step.run(StartPreparing { id }, move |_| announce(t!("kitchen-said-preparing", number: short))),
                    Deed::Ready => step.run(MarkReady { id }, move |_| announce(t!("kitchen-said-ready", number: short))),
                    Deed::HandOver if due > 0 => open.set(Open::HandOver(id)),
                    Deed::HandOver => {
                        step.run(HandOver { id, cash: None }, move |_| toast(t!("kitchen-handed-over", number: short)));
                    }
                    Deed::Bump => {
                        let stand = stand.clone();
                        step.run(BumpTicket { id, station: stand.name().to_owned() }, move |_| {
                            let said = match &stand {
                                Stand::Kitchen => t!("kitchen-bumped-now", number: short),
                                Stand::Station(_) => t!("kitchen-part-done", number: short),
                            };
                            toast_undo(said, RECALL_SECONDS, move || recall(engine, id, &stand));
                        });
                    }
                }
            },
            "data-testid": deed.id(),
            "{words}"
        }
    }
}

/// Brings a bumped ticket back.
fn recall(engine: Engine, id: OrderId, stand: &Stand) {
    let station = stand.name().to_owned();
    engine.ask_then(RecallTicket { id, station }, |answer| {
        if let Err(failure) = answer {
            toast_error(failure.message);
        }
    });
}

/// A bumped ticket (on the whole kitchen's board: whose driver is not here yet): a line, and the way back.
#[component]
pub fn BumpedRow(order: OrderView, #[props(default)] stand: Stand) -> Element {
    let engine = use_engine();
    let id = order.id;
    rsx! {
        div { class: "t-away", "data-testid": "bumped", "data-id": "{id}", "data-number": "{order.number}",
            Number { number: order.number.clone() }
            span { class: "k-grow",
                if let Some(delivery) = driver_to_show(&order, &stand) {
                    DriverLine { delivery }
                }
            }
            if order.unconfirmed {
                UnconfirmedMark {}
            }
            IconButton {
                icon: Icon::Undo,
                label: t!("kitchen-recall", number: short_number(&order.number)),
                onclick: move |_| recall(engine, id, &stand),
                "data-testid": "recall",
            }
        }
    }
}

/// A moment as the promise of a time of day.
pub fn ready_at(now: Timestamp, minutes: u32) -> String {
    format::time(now.plus_minutes(i64::from(minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::order;
    use crate::stage::{self, Stage};
    use momfood_domain::order::OrderStatus;
    use momfood_kit::engine::use_engine_over;
    use momfood_protocol::engine::AnyCall;

    #[component]
    fn Empty() -> Element {
        use_engine_over(stage::engine);
        rsx! {}
    }

    #[test]
    fn a_station_takes_back_its_own_part_and_the_whole_board_the_whole_order() {
        let id = order("1-0001", OrderStatus::Preparing).id;
        for (stand, station) in [(Stand::from("grill"), "grill"), (Stand::Kitchen, "kitchen")] {
            let mut stage = Stage::set(Empty, |_| None);
            stage.act(|| recall(consume_context::<Engine>(), id, &stand));
            let recalled = stage.asked(|call| match call {
                AnyCall::RecallTicket(call) => Some((call.id, call.station)),
                _ => None,
            });
            assert_eq!(recalled, [(id, station.to_owned())]);
        }
    }
}

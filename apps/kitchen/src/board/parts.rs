//! What a ticket is made of, wherever an order is shown: number, facts, lines, notes, its driver, its timer.

use dioxus::prelude::*;
use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::money::Money;
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::{Fulfilment, OrderLine};
use momfood_kit::prelude::*;
use momfood_protocol::view::{DeliveryView, OrderView};

use crate::clock::{Clock, Counts};
use crate::tickets::number_parts;
use crate::wording;

/// An order's number, its last four digits large.
#[component]
pub fn Number(number: String) -> Element {
    let (before, short) = number_parts(&number);
    rsx! {
        span { class: "t-number k-num k-ltr",
            small { "{before}" }
            b { "{short}" }
        }
    }
}

/// The timer of a ticket. Alone in its component: only it moves each second.
#[component]
pub fn TicketClock(clock: Clock) -> Element {
    let now = use_now();
    let reading = clock.at(now());
    let left = format::countdown(reading.seconds);
    let words = match (clock.counts, reading.late) {
        (Counts::Answer, _) => t!("kitchen-clock-answer"),
        (Counts::Promise, false) => t!("kitchen-clock-left"),
        (Counts::Promise, true) => t!("kitchen-clock-late"),
        (Counts::Waiting, _) => t!("kitchen-clock-waits"),
    };
    let icon = if reading.tone == Tone::Bad {
        Icon::Alert
    } else {
        Icon::Timer
    };
    rsx! {
        span { class: "t-clock {reading.tone.class()}", role: "timer", "data-late": reading.late,
            IconView { icon }
            span { class: "t-clock-words",
                b { class: "k-num", "{left}" }
                small { "{words}" }
            }
        }
    }
}

/// How it leaves, who ordered, when it was promised, what is to be paid at the counter.
#[component]
pub fn Facts(order: OrderView) -> Element {
    let promised = order
        .ready_by
        .filter(|_| matches!(order.status, OrderStatus::Accepted | OrderStatus::Preparing));
    let pickup = order.fulfilment == Fulfilment::Pickup;
    rsx! {
        p { class: "t-facts",
            span { class: "t-way", class: if pickup { "is-pickup" },
                IconView { icon: if pickup { Icon::Bag } else { Icon::Scooter } }
                if pickup { {t!("kitchen-pickup")} } else { {t!("kitchen-delivery")} }
            }
            span {
                IconView { icon: Icon::User }
                bdi { "{order.customer.name}" }
            }
            if let Some(at) = promised {
                span { "data-testid": "promised",
                    IconView { icon: Icon::Clock }
                    {t!("kitchen-promised", time: format::time(at))}
                }
            }
            if pickup && order.payment.cash_due > 0 {
                span { class: "k-warn k-strong",
                    IconView { icon: Icon::Cash }
                    span { class: "k-num", {format::money(Money::new(order.payment.cash_due, order.bill.currency))} }
                }
            }
        }
    }
}

/// What to cook: `2 × name`, options indented, what was written to a line right under it.
#[component]
pub fn Lines(lines: Vec<OrderLine>) -> Element {
    rsx! {
        ul { class: "t-lines",
            for (index, line) in lines.iter().enumerate() {
                li { key: "{index}", class: if line.quantity > 1 { "is-many" },
                    span { class: "t-times k-num", {t!("kitchen-times", count: line.quantity)} }
                    div { class: "k-grow",
                        p { class: "t-name", {line.name.here()} }
                        if !line.options.is_empty() {
                            ul { class: "t-options",
                                for option in line.options.iter() {
                                    li { key: "{option.id}", {option.name.here()} }
                                }
                            }
                        }
                        if let Some(note) = &line.note {
                            Note { note: note.clone() }
                        }
                    }
                }
            }
        }
    }
}

/// What the customer wrote, in a band that cannot be missed; red where it speaks of an allergy.
#[component]
pub fn Note(note: String) -> Element {
    let allergy = wording::is_about_allergy(&note);
    rsx! {
        p { class: "t-note", class: if allergy { "is-allergy" }, "data-testid": "note",
            IconView { icon: if allergy { Icon::Alert } else { Icon::Note } }
            span {
                if allergy {
                    strong { {t!("kitchen-allergy")} }
                }
                bdi { dir: "auto", "{note}" }
            }
        }
    }
}

/// The order's note, and what its dishes contain that people can be allergic to.
#[component]
pub fn Warnings(order: OrderView) -> Element {
    let mut contains: Vec<&String> = order.bill.lines.iter().flat_map(|line| &line.allergens).collect();
    contains.sort_unstable();
    contains.dedup();
    let contains: Vec<String> = contains.into_iter().map(|word| wording::allergen(word)).collect();
    rsx! {
        if let Some(note) = &order.note {
            Note { note: note.clone() }
        }
        if !contains.is_empty() {
            p { class: "t-contains",
                IconView { icon: Icon::Info }
                span {
                    b { {t!("kitchen-contains")} }
                    " "
                    {contains.join(t!("kitchen-comma").as_str())}
                }
            }
        }
    }
}

/// Who fetches it, and whether they are here.
#[component]
pub fn DriverLine(delivery: DeliveryView) -> Element {
    let driver = delivery.driver.as_ref();
    let name = driver.map(|driver| driver.name.clone()).unwrap_or_default();
    let vehicle = driver.and_then(|driver| driver.vehicle.as_ref()).map(Words::here);
    let (class, icon, words) = match delivery.status {
        DeliveryStatus::AtRestaurant => ("is-here", Icon::Scooter, t!("kitchen-driver-here", name: name)),
        DeliveryStatus::Assigned => (
            "is-coming",
            Icon::Scooter,
            t!("kitchen-driver-coming", name: name),
        ),
        DeliveryStatus::Waiting => ("is-none", Icon::Search, t!("kitchen-driver-none")),
        DeliveryStatus::PickedUp | DeliveryStatus::AtCustomer => {
            ("is-coming", Icon::Route, t!("kitchen-driver-gone", name: name))
        }
        DeliveryStatus::Failed => ("is-here", Icon::Undo, t!("kitchen-driver-returns", name: name)),
        DeliveryStatus::Delivered | DeliveryStatus::Returned | DeliveryStatus::Cancelled => return rsx! {},
    };
    rsx! {
        p { class: "t-driver {class}", "data-testid": "driver",
            IconView { icon }
            span { class: "k-grow",
                "{words}"
                if let Some(vehicle) = vehicle {
                    small { "{vehicle}" }
                }
            }
        }
    }
}

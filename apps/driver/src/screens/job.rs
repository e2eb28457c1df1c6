//! The job at hand: the map, and below it the one next step. Steps that cannot be taken back are slides.

use dioxus::prelude::*;
use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::geo::GeoPoint;
use momfood_domain::money::Money;
use momfood_domain::order::OrderStatus;
use momfood_kit::engine::{use_command, use_engine};
use momfood_kit::prelude::*;
use momfood_kit::words;
use momfood_protocol::engine::{DriverHome, DriverStep, TakeStep};
use momfood_protocol::view::{OrderView, Position};

use super::hand_over::HandOver;
use super::stops::short_number;
use super::trouble::TroubleSheet;
use crate::location::{self, DEVICE, Device};
use crate::ways;

/// The job.
#[component]
pub fn Job(
    order: OrderView,
    /// The other orders of this trip.
    others: Vec<OrderView>,
    /// The way to them.
    stops: Element,
    /// Whether the driver is handing over just now.
    onhands: EventHandler<bool>,
) -> Element {
    let engine = use_engine();
    let mut at_door = use_signal(|| false);
    let mut trouble = use_signal(|| false);
    let step = use_command(move |_: DriverHome| {});
    use_drop(move || onhands.call(false));
    let id = order.id;
    let Some(delivery) = order.delivery.clone() else {
        return rsx! {};
    };
    let carrying = is_carried(&order);
    let restaurant = order.restaurant.point;
    let home = order.address.as_ref().map(|a| a.point);
    let take = move |next: DriverStep, place: Option<GeoPoint>| {
        step.run(TakeStep { id, step: next });
        // Without a receiver, being where one says one is is the only position there is.
        if let (Device::Silent, Some(point)) = (*DEVICE.peek(), place) {
            spawn(async move {
                location::say(engine, point).await;
            });
        }
    };
    let mut open = move |open: bool| {
        at_door.set(open);
        onhands.call(open);
    };
    let due = order.payment.cash_due;
    rsx! {
        div { class: "d-map",
            JobMap { order: order.clone(), others, carrying }
        }
        section { class: "d-sheet k-stack", "data-testid": "job", "data-status": delivery_id(delivery.status),
            "data-order": "{id}", "data-number": "{order.number}", "data-unconfirmed": order.unconfirmed,
            {stops}
            Steps { status: delivery.status, number: order.number.clone(), unconfirmed: order.unconfirmed }
            if carrying {
                CustomerCard { order: order.clone() }
            } else {
                RestaurantCard { order: order.clone() }
            }
            if delivery.status == DeliveryStatus::AtRestaurant {
                CheckItems { order: order.clone() }
            }
            if due > 0 && carrying {
                Banner { kind: BannerKind::Warn,
                    {t!("driver-cash-due", amount: format::money(Money::new(due, order.bill.currency)))}
                }
            }
            div { class: "d-act",
                match delivery.status {
                    DeliveryStatus::Assigned => rsx! {
                        Button { block: true, large: true, icon: Icon::Pin, busy: step.busy(), "data-testid": "arrive-restaurant",
                            onclick: move |_| take(DriverStep::ArriveAtRestaurant, Some(restaurant)),
                            {t!("driver-step-at-restaurant")}
                        }
                    },
                    DeliveryStatus::AtRestaurant => rsx! {
                        div { "data-testid": "pick-up",
                            SlideToConfirm {
                                label: t!("driver-slide-pick-up", number: format::isolate_ltr(&short_number(&order.number))),
                                deed: t!("driver-step-pick-up"),
                                busy: step.busy(),
                                onconfirm: move |()| take(DriverStep::PickUp, Some(restaurant)),
                            }
                        }
                    },
                    DeliveryStatus::PickedUp => rsx! {
                        Button { block: true, large: true, icon: Icon::Home, busy: step.busy(), "data-testid": "arrive-customer",
                            onclick: move |_| take(DriverStep::ArriveAtCustomer, home),
                            {t!("driver-step-at-customer")}
                        }
                    },
                    DeliveryStatus::AtCustomer => rsx! {
                        Button { block: true, large: true, icon: if due > 0 { Icon::Cash } else { Icon::Bag }, busy: step.busy(), "data-testid": "hand-over",
                            onclick: move |_| open(true),
                            if due > 0 {
                                {t!("driver-step-cash-and-hand-over")}
                            } else {
                                {t!("driver-step-hand-over")}
                            }
                        }
                    },
                    DeliveryStatus::Failed => rsx! {
                        Button { block: true, large: true, icon: Icon::Undo, busy: step.busy(), "data-testid": "return-food",
                            onclick: move |_| take(DriverStep::ReturnFood, Some(restaurant)),
                            {t!("driver-step-return")}
                        }
                    },
                    _ => rsx! {},
                }
            }
            if delivery.status != DeliveryStatus::Failed {
                Button { kind: ButtonKind::Quiet, block: true, icon: Icon::Help, onclick: move |_| trouble.set(true), "data-testid": "trouble",
                    {t!("driver-trouble")}
                }
            }
        }
        if at_door() {
            HandOver {
                order: order.clone(),
                onclose: move |()| open(false),
                onstep: move |next| {
                    open(false);
                    take(next, home);
                },
            }
        }
        if trouble() {
            TroubleSheet { order: order.clone(), onclose: move |()| trouble.set(false), onstep: move |next| {
                trouble.set(false);
                step.run(TakeStep { id, step: next });
            } }
        }
    }
}

/// Whether the driver has the food.
pub fn is_carried(order: &OrderView) -> bool {
    order.delivery.as_ref().is_some_and(|delivery| {
        matches!(
            delivery.status,
            DeliveryStatus::PickedUp | DeliveryStatus::AtCustomer
        )
    })
}

/// The name a delivery's status has on the wire.
pub const fn delivery_id(status: DeliveryStatus) -> &'static str {
    match status {
        DeliveryStatus::Waiting => "waiting",
        DeliveryStatus::Assigned => "assigned",
        DeliveryStatus::AtRestaurant => "at_restaurant",
        DeliveryStatus::PickedUp => "picked_up",
        DeliveryStatus::AtCustomer => "at_customer",
        DeliveryStatus::Delivered => "delivered",
        DeliveryStatus::Failed => "failed",
        DeliveryStatus::Returned => "returned",
        DeliveryStatus::Cancelled => "cancelled",
    }
}

#[component]
fn JobMap(order: OrderView, others: Vec<OrderView>, carrying: bool) -> Element {
    let here = match *DEVICE.read() {
        Device::At(point, heading) => Some(Position {
            point,
            at: now(),
            heading,
        }),
        _ => None,
    };
    let home = order.address.as_ref().map(|a| a.point);
    let mut markers = Vec::new();
    if !carrying {
        markers.push(MapMarker::fixed(
            MarkerKind::Restaurant,
            order.restaurant.point,
            order.restaurant.name.here(),
        ));
    }
    let several = !others.is_empty();
    let stop = |order: &OrderView| {
        let at = order.address.as_ref()?.point;
        let label = if several {
            short_number(&order.number)
        } else {
            t!("driver-drop-off")
        };
        Some(MapMarker::fixed(MarkerKind::Home, at, label))
    };
    markers.extend(std::iter::once(&order).chain(&others).filter_map(stop));
    markers.extend(here.map(|p| MapMarker::driver(p.point, p.at, t!("driver-you"))));
    let next = if carrying {
        home
    } else {
        Some(order.restaurant.point)
    };
    let start = here.map_or(order.restaurant.point, |p| p.point);
    let after = home.filter(|_| !carrying);
    let route: Vec<_> = std::iter::once(start).chain(next).chain(after).collect();
    rsx! {
        MapView { label: t!("driver-map"), markers, route, height: 0 }
    }
}

/// How far along: four marks, the current one said.
#[component]
fn Steps(status: DeliveryStatus, number: String, unconfirmed: bool) -> Element {
    let at = match status {
        DeliveryStatus::Assigned => 0,
        DeliveryStatus::AtRestaurant => 1,
        DeliveryStatus::PickedUp => 2,
        _ => 3,
    };
    let titles = [
        t!("driver-go-restaurant"),
        t!("driver-check-items"),
        t!("driver-go-customer"),
        t!("driver-hand-over"),
    ];
    let title = if status == DeliveryStatus::Failed {
        t!("driver-bring-back")
    } else {
        titles[at].clone()
    };
    rsx! {
        div { class: "k-stack-s",
            div { class: "d-steps", role: "img", aria_label: t!("driver-step-of", step: at + 1, count: titles.len()),
                for index in 0..titles.len() {
                    span { key: "{index}", class: if index <= at { "is-done" } }
                }
            }
            div { class: "k-row k-between",
                h1 { class: "k-l k-strong", "{title}" }
                strong { class: "d-number k-num k-ltr", "data-testid": "order-number", {short_number(&number)} }
            }
            if unconfirmed {
                UnconfirmedMark {}
            }
        }
    }
}

#[component]
fn RestaurantCard(order: OrderView) -> Element {
    let waiting = order.status != OrderStatus::Ready;
    let (status, icon, tone) = words::order_status(order.status);
    rsx! {
        Place {
            title: order.restaurant.name.here(),
            line: order.restaurant.district.here(),
            phone: order.restaurant.phone.clone(),
            to: order.restaurant.point,
        }
        div { class: "k-row k-wrap",
            StatusPill { tone, icon, "{status}" }
            if let Some(ready) = order.ready_by.filter(|_| waiting) {
                span { class: "k-muted k-s", {t!("driver-ready-by", time: format::time(ready))} }
            }
        }
    }
}

#[component]
fn CustomerCard(order: OrderView) -> Element {
    let Some(address) = order.address.clone() else {
        return rsx! {};
    };
    let short = address
        .short_address
        .as_ref()
        .map(|s| s.as_str().to_owned())
        .unwrap_or_default();
    rsx! {
        Place {
            title: order.customer.name.clone(),
            line: address.line.clone(),
            phone: order.customer.phone.clone(),
            to: address.point,
        }
        if !short.is_empty() || address.landmark.is_some() {
            p { class: "k-meta",
                if !short.is_empty() {
                    span { class: "k-ltr k-num k-strong", "{short}" }
                }
                if let Some(landmark) = address.landmark {
                    span { class: "k-muted", "{landmark}" }
                }
            }
        }
        if let Some(note) = address.note {
            Banner { kind: BannerKind::Info, "{note}" }
        }
    }
}

/// A place with its two ways out: call, navigate.
#[component]
fn Place(title: String, line: String, phone: Option<String>, to: GeoPoint) -> Element {
    let way = ways::maps().way(to, &title);
    rsx! {
        div { class: "k-row",
            div { class: "k-grow",
                p { class: "k-m k-strong", "{title}" }
                p { class: "k-muted", "{line}" }
            }
            if let Some(phone) = phone {
                a { class: "k-icon-btn d-round", href: ways::call(&phone), target: "_blank", rel: "noreferrer",
                    aria_label: t!("driver-call", name: title.clone()), "data-testid": "call",
                    IconView { icon: Icon::Phone }
                }
            }
            a { class: "k-icon-btn d-round is-primary", href: way, target: "_blank", rel: "noreferrer",
                aria_label: t!("driver-navigate", name: title.clone()), "data-testid": "navigate",
                IconView { icon: Icon::Navigate }
            }
        }
    }
}

#[component]
fn CheckItems(order: OrderView) -> Element {
    rsx! {
        ul { class: "d-items", aria_label: t!("driver-check-items"),
            for (index, line) in order.bill.lines.iter().enumerate() {
                li { key: "{index}",
                    span { class: "k-num k-strong", {t!("driver-times", count: line.quantity)} }
                    span { class: "k-grow", {line.name.here()} }
                }
            }
        }
    }
}

//! An offer: where, how far, what it pays, and a ring that runs out. Declining costs nothing to reach.

use dioxus::prelude::*;
use momfood_domain::delivery::AssignmentStatus;
use momfood_domain::dispatch::OFFER_SECONDS;
use momfood_domain::geo::{street_distance_m, travel_minutes};
use momfood_domain::money::Money;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_kit::sound;
use momfood_protocol::engine::{AcceptOffer, DeclineOffer, DriverHome};
use momfood_protocol::view::OrderView;

use crate::location::{DEVICE, Device};

/// The offer, over the whole screen until answered.
#[component]
pub fn Offer(order: OrderView) -> Element {
    let accept = use_command(move |_: DriverHome| announce(t!("driver-offer-accepted")));
    let decline = use_command(move |_: DriverHome| {});
    use_hook(sound::ring);
    use_drop(sound::silence);
    let now = use_now();
    let id = order.id;
    let offer = order
        .delivery
        .as_ref()
        .and_then(|delivery| Some((delivery, delivery.assignment?)));
    let Some((delivery, assignment)) = offer.filter(|(_, a)| a.status == AssignmentStatus::Offered) else {
        return rsx! {};
    };
    let attempt = assignment.attempt;
    if now() > assignment.expires_at {
        return rsx! {};
    }
    let restaurant = order.restaurant.point;
    let to_restaurant = match *DEVICE.read() {
        Device::At(point, _) => Some(point.distance_m(restaurant)),
        _ => None,
    };
    let markers = vec![
        MapMarker::fixed(MarkerKind::Restaurant, restaurant, order.restaurant.name.here()),
        MapMarker::fixed(MarkerKind::Home, delivery.area, t!("driver-offer-area")),
    ];
    rsx! {
        Sheet {
            title: t!("driver-offer-title"),
            onclose: move |()| decline.run(DeclineOffer { id, attempt }),
            full: true,
            dismissible: false,
            "data-testid": "offer",
            footer: rsx! {
                div { class: "k-stack-s k-grow",
                    Button {
                        block: true,
                        large: true,
                        busy: accept.busy(),
                        onclick: move |_| {
                            sound::silence();
                            accept.run(AcceptOffer { id, attempt });
                        },
                        end: format::money(Money::new(assignment.pay, order.bill.currency)),
                        "data-testid": "accept-offer",
                        {t!("driver-offer-accept")}
                    }
                    Button {
                        kind: ButtonKind::Quiet,
                        block: true,
                        large: true,
                        busy: decline.busy(),
                        onclick: move |_| {
                            sound::silence();
                            decline.run(DeclineOffer { id, attempt });
                        },
                        "data-testid": "decline-offer",
                        {t!("driver-offer-decline")}
                    }
                }
            },
            div { class: "k-stack-l",
            div { class: "d-offer-head",
                div {
                    p { class: "k-muted", {t!("driver-offer-pays")} }
                    p { class: "k-xxl k-strong k-num", {format::money(Money::new(assignment.pay, order.bill.currency))} }
                    if order.payment.cash_due > 0 {
                        StatusPill { tone: Tone::Warn, icon: Icon::Cash, {t!("driver-cash-order")} }
                    }
                }
                RingCountdown {
                    label: t!("driver-offer-left"),
                    from: assignment.expires_at.plus_seconds(-OFFER_SECONDS),
                    until: assignment.expires_at,
                }
            }
            MapView { label: t!("driver-map"), markers, route: vec![restaurant, delivery.area], height: 280 }
            ol { class: "d-legs",
                li {
                    span { class: "k-list-icon", IconView { icon: Icon::Chef } }
                    div { class: "k-grow",
                        p { class: "k-strong k-m", {order.restaurant.name.here()} }
                        p { class: "k-muted k-s", {order.restaurant.district.here()} }
                    }
                    if let Some(metres) = to_restaurant {
                        span { class: "k-num k-strong", {format::distance(street_distance_m(metres))} }
                    }
                }
                li {
                    span { class: "k-list-icon", IconView { icon: Icon::Home } }
                    div { class: "k-grow",
                        p { class: "k-strong k-m", {t!("driver-offer-area")} }
                        p { class: "k-muted k-s", {t!("driver-offer-area-note")} }
                    }
                    div { class: "d-leg-end",
                        span { class: "k-num k-strong", {format::distance(street_distance_m(delivery.distance_m))} }
                        span { class: "k-muted k-s", {format::minutes(travel_minutes(delivery.distance_m))} }
                    }
                }
            }
            }
        }
    }
}

//! The one big sentence: where the order stands, for someone who glances at it.

use dioxus::prelude::*;
use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::geo::travel_minutes;
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_kit::prelude::*;
use momfood_protocol::engine::OrderTrack;

use crate::words;

/// After this long without news a position says nothing about minutes left.
const POSITION_COUNTS: i64 = 2 * MINUTE;

/// The sentence, a smaller one below it, and the time left while the kitchen has to answer.
#[component]
pub fn Headline(track: OrderTrack) -> Element {
    // Being late and an old position are matters of the clock alone.
    let clock = use_now();
    let _ = clock();
    let said = sentence(&track);
    let order = &track.order;
    use_title(said.clone());
    let mut before = use_signal(|| None::<OrderStatus>);
    let status = order.status;
    let told = said.clone();
    use_effect(use_reactive!(|(status, told)| {
        let news = before.peek().is_some_and(|before| before != status);
        if *before.peek() != Some(status) {
            before.set(Some(status));
        }
        if news {
            announce_now(told);
            if status.is_end() {
                scroll_to_id("content");
            }
        }
    }));
    let waiting = order.accept_by.filter(|_| status == OrderStatus::Pending);
    rsx! {
        div { class: "c-headline", class: if status == OrderStatus::Delivered { "is-good" },
            div { class: "k-grow",
                p { class: "k-muted k-xs",
                    {order.restaurant.name.here()}
                    if !order.number.is_empty() {
                        " · "
                        {t!("track-number", number: format::isolate_ltr(&["#", &order.number].concat()))}
                    }
                }
                h1 { "data-testid": "headline", "{said}" }
                if let Some(more) = more(&track) {
                    p { class: "k-muted k-m", "{more}" }
                }
            }
            if let Some(until) = waiting {
                RingCountdown { label: t!("track-answer-left"), from: order.placed_at, until, size: 84 }
            }
        }
    }
}

/// Where the order stands, in a sentence.
pub fn sentence(track: &OrderTrack) -> String {
    let order = &track.order;
    let pickup = order.fulfilment == Fulfilment::Pickup;
    match order.status {
        OrderStatus::AwaitingPayment => t!("track-awaiting-payment"),
        OrderStatus::Pending => t!("track-pending"),
        OrderStatus::Accepted | OrderStatus::Preparing => match order.ready_by {
            Some(at) if at < now() => t!("track-preparing-late"),
            Some(at) => t!("track-preparing-until", time: words::moment(at)),
            None => t!("track-preparing"),
        },
        OrderStatus::Ready if pickup => t!("track-ready-pickup"),
        OrderStatus::Ready => match order.delivery.as_ref().map(|delivery| delivery.status) {
            Some(DeliveryStatus::Assigned) => t!("track-ready-assigned"),
            Some(DeliveryStatus::AtRestaurant) => t!("track-ready-at-restaurant"),
            _ => t!("track-ready-waiting"),
        },
        OrderStatus::PickedUp => {
            if order
                .delivery
                .as_ref()
                .is_some_and(|delivery| delivery.status == DeliveryStatus::AtCustomer)
            {
                return t!("track-at-door");
            }
            match minutes_away(track) {
                Some(minutes) => t!("track-minutes-away", count: minutes),
                None => t!("track-on-the-way"),
            }
        }
        OrderStatus::Delivered => t!("track-delivered"),
        OrderStatus::Cancelled => t!("track-cancelled"),
        OrderStatus::Rejected => t!("track-rejected"),
        OrderStatus::Expired => t!("track-expired"),
        OrderStatus::Failed => t!("track-failed"),
    }
}

/// How far the driver is, by a position that is not too old.
fn minutes_away(track: &OrderTrack) -> Option<u32> {
    let position = track
        .position
        .filter(|position| now().since(position.at) < POSITION_COUNTS)?;
    let home = track.order.address.as_ref()?.point;
    Some(travel_minutes(position.point.distance_m(home)))
}

/// The smaller sentence.
fn more(track: &OrderTrack) -> Option<String> {
    let order = &track.order;
    let pickup = order.fulfilment == Fulfilment::Pickup;
    match order.status {
        OrderStatus::AwaitingPayment => Some(t!("track-awaiting-payment-more")),
        OrderStatus::Pending => Some(t!("track-pending-more")),
        OrderStatus::Ready if pickup => {
            Some(t!("track-ready-pickup-more", place: order.restaurant.district.here()))
        }
        OrderStatus::Accepted | OrderStatus::Preparing | OrderStatus::Ready | OrderStatus::PickedUp
            if !pickup =>
        {
            order.estimated_at.map(arrival)
        }
        OrderStatus::Delivered => Some(t!("track-delivered-more")),
        _ => None,
    }
}

/// When it can be expected; once that has passed, that it is late.
pub fn arrival(at: Timestamp) -> String {
    if at < now() {
        t!("track-late")
    } else {
        t!("track-arrives-about", time: words::moment(at))
    }
}

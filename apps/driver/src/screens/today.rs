//! What today brought: trips, earnings, cash to hand in.

use dioxus::prelude::*;
use momfood_domain::money::{Currency, Money};
use momfood_kit::engine::{Answer, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::GetDriverHome;
use momfood_protocol::view::{DriverDay, TripView};

use super::stops::short_number;

/// Trips, earned, cash in hand.
#[component]
pub fn Sums(day: DriverDay) -> Element {
    let money = |amount| format::money(Money::new(amount, day.currency));
    rsx! {
        dl { class: "d-sums",
            div {
                dt { {t!("driver-earned")} }
                dd { class: "k-num", "data-testid": "earned", {money(day.earned)} }
            }
            div {
                dt { {t!("driver-trips")} }
                dd { class: "k-num", "data-testid": "trips", "data-count": "{day.trips}", {format::number(i64::from(day.trips))} }
            }
            div {
                dt { {t!("driver-cash-in-hand")} }
                dd { class: "k-num", "data-testid": "cash-in-hand", "data-amount": "{day.cash_in_hand}", {money(day.cash_in_hand)} }
            }
        }
    }
}

/// The day in full.
#[component]
pub fn Today() -> Element {
    use_title(t!("driver-nav-today"));
    let home = use_query(|| GetDriverHome {}, &[EventKind::Driver, EventKind::Orders]);
    rsx! {
        AppBar { title: t!("driver-nav-today"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            match &*home.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 5 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: t!("driver-failed"), body: failure.message.clone(), onretry: move |()| home.again() }
                },
                Answer::Ready(home, _) | Answer::Failed(_, Some(home)) => rsx! { Trips { day: home.day.clone() } },
            }
        }
    }
}

#[component]
fn Trips(day: DriverDay) -> Element {
    let money = |amount| format::money(Money::new(amount, day.currency));
    rsx! {
        Sums { day: day.clone() }
        if day.tips > 0 {
            p { class: "k-muted k-s", {t!("driver-tips", amount: money(day.tips))} }
        }
        if day.done.is_empty() {
            EmptyState { art: Art::Receipt, title: t!("driver-no-trips"), body: t!("driver-no-trips-body") }
        } else {
            Section { title: t!("driver-trips-today"),
                Card {
                    div { class: "k-divide",
                        for trip in day.done.iter() {
                            ListRow {
                                key: "{trip.order_id}",
                                "data-testid": "trip",
                                "data-number": "{trip.number}",
                                icon: if trip.delivered { Icon::Check } else { Icon::Alert },
                                title: trip.restaurant.here(),
                                detail: trip_detail(trip, day.currency),
                                span { class: "k-num k-strong", {money(trip.pay)} }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn trip_detail(trip: &TripView, currency: Currency) -> String {
    let mut parts = vec![
        format::time(trip.at),
        format::isolate_ltr(&short_number(&trip.number)),
    ];
    if trip.cash > 0 {
        parts.push(t!("driver-trip-cash", cash: format::money(Money::new(trip.cash, currency))));
    }
    if !trip.delivered {
        parts.push(t!("driver-trip-failed"));
    }
    parts.join(" · ")
}

//! What one wants to know of a restaurant before reading its menu.

use dioxus::prelude::*;
use momfood_domain::hours::OpeningPeriod;
use momfood_domain::time::{DAY, MINUTE, Timestamp};
use momfood_kit::prelude::*;
use momfood_protocol::rest::RestaurantPage;

use crate::words;

/// Name, rating, what it takes and costs, whether it is open.
#[component]
pub fn Header(page: RestaurantPage) -> Element {
    let card = &page.restaurant;
    let mut about = use_signal(|| false);
    rsx! {
        div { class: "c-head", "data-testid": "restaurant-head",
            div { class: "k-row k-between",
                h1 { {card.name.here()} }
                Stars { tenths: card.rating, count: card.reviews }
            }
            p { class: "k-muted", {words::cuisines(card)} " · " {card.district.here()} }
            if let Some(description) = &card.description {
                p { class: "c-head-about", {description.here()} }
            }
            dl { class: "c-facts",
                div {
                    dt { IconView { icon: Icon::Clock } {t!("restaurant-time")} }
                    dd { class: "k-num", {words::time(card)} }
                }
                div {
                    dt { IconView { icon: Icon::Scooter } {t!("bill-delivery")} }
                    dd { class: "k-num",
                        match card.delivery_fee {
                            Some(0) => t!("free"),
                            Some(fee) => words::price(fee, card.currency),
                            None if card.distance_m.is_some() => t!("restaurant-pickup-only"),
                            None => words::price(card.terms.delivery_fee, card.currency),
                        }
                    }
                }
                div {
                    dt { IconView { icon: Icon::Bag } {t!("restaurant-minimum")} }
                    dd { class: "k-num", {words::price(card.terms.minimum_order, card.currency)} }
                }
            }
            if let Some(closed) = words::not_open(card.opening) {
                div { "data-testid": "restaurant-closed",
                    Banner { kind: BannerKind::Warn, action: t!("restaurant-hours"), onaction: move |()| about.set(true), "{closed}" }
                }
            } else {
                button {
                    r#type: "button",
                    class: "c-hours-line",
                    onclick: move |_| about.set(true),
                    StatusPill { tone: Tone::Good, icon: Icon::Check, {t!("opening-open")} }
                    span { class: "k-muted k-xs", {today(&page)} }
                    IconView { icon: Icon::ChevronNext }
                }
            }
        }
        if about() {
            About { page: page.clone(), onclose: move |()| about.set(false) }
        }
    }
}

/// The week's hours and how to reach the restaurant.
#[component]
fn About(page: RestaurantPage, onclose: EventHandler<()>) -> Element {
    let start = day_start(&page);
    let today = weekday(start, &page);
    rsx! {
        Sheet { title: page.restaurant.name.here(), onclose,
            div { class: "k-stack",
                h3 { {t!("restaurant-hours")} }
                dl { class: "c-week",
                    for ahead in 0..7_u8 {
                        {
                            let day = (today + ahead) % 7;
                            let at = start.plus(i64::from(ahead) * DAY);
                            rsx! {
                                div { key: "{day}", class: if ahead == 0 { "k-strong" },
                                    dt { {format::date(at.plus(DAY / 2))} }
                                    dd { class: "k-num", {periods_of(&page, day, at)} }
                                }
                            }
                        }
                    }
                }
                a { class: button_class(ButtonKind::Secondary), href: "tel:{page.phone}",
                    IconView { icon: Icon::Phone }
                    {format::phone(&page.phone)}
                }
            }
        }
    }
}

/// Today's hours in words.
fn today(page: &RestaurantPage) -> String {
    let start = day_start(page);
    t!("restaurant-today", hours: periods_of(page, weekday(start, page), start))
}

fn periods_of(page: &RestaurantPage, day: u8, start: Timestamp) -> String {
    let mut of_day: Vec<&OpeningPeriod> = page
        .hours
        .periods
        .iter()
        .filter(|period| period.day == day)
        .collect();
    of_day.sort_by_key(|period| period.open);
    if of_day.is_empty() {
        return t!("opening-closed");
    }
    if of_day
        .iter()
        .any(|period| period.open == 0 && period.close == 1440)
    {
        return t!("restaurant-always");
    }
    let said: Vec<String> = of_day
        .iter()
        .map(|period| {
            let at = |minutes: u16| format::time(start.plus(i64::from(minutes) * MINUTE));
            t!("restaurant-from-to", from: at(period.open), to: at(period.close))
        })
        .collect();
    said.join(" · ")
}

/// Midnight of the restaurant's own day.
fn day_start(page: &RestaurantPage) -> Timestamp {
    let offset = i64::from(page.hours.utc_offset_minutes) * MINUTE;
    Timestamp((now().0 + offset).div_euclid(DAY) * DAY - offset)
}

/// 0 is Sunday. 1970-01-01 was a Thursday.
fn weekday(start: Timestamp, page: &RestaurantPage) -> u8 {
    let offset = i64::from(page.hours.utc_offset_minutes) * MINUTE;
    u8::try_from(((start.0 + offset).div_euclid(DAY) + 4).rem_euclid(7)).unwrap_or(0)
}

//! Sold out: found by a few letters, off the menu with one touch, back with another.

use dioxus::prelude::*;
use momfood_domain::hours::OpeningHours;
use momfood_domain::menu::{Availability, Menu, MenuItem};
use momfood_domain::text::fold;
use momfood_domain::time::{DAY, MINUTE, Timestamp};
use momfood_kit::engine::{Answer, Engine, use_engine};
use momfood_kit::prelude::*;
use momfood_protocol::engine::SetAvailability;

use crate::floor::use_shop;

/// What is sold out at `now`.
pub fn sold_out(menu: &Menu, now: Timestamp) -> Vec<&MenuItem> {
    let gone = |item: &&MenuItem| {
        matches!(item.availability, Availability::SoldOut { .. }) && !item.availability.is_available(now)
    };
    menu.items().filter(gone).collect()
}

/// When a kitchen's tomorrow begins: five in the morning, local time, at least two hours away; and not before it
/// opens, if it is closed then.
pub fn tomorrow(hours: &OpeningHours, now: Timestamp) -> Timestamp {
    let offset = i64::from(hours.utc_offset_minutes) * MINUTE;
    let five = 5 * 60 * MINUTE;
    let soonest = now.plus(120 * MINUTE);
    let day = (soonest.0 + offset - five).div_euclid(DAY) + 1;
    let morning = Timestamp(day * DAY + five - offset);
    hours.next_opening(morning).unwrap_or(morning)
}

/// Sets an item's availability, says so, and offers the way back.
pub fn set_availability(engine: Engine, item: &MenuItem, to: Availability) {
    let (id, name, before) = (item.id, item.name.here(), item.availability);
    let words = match to {
        Availability::Available => t!("kitchen-back-on", name: name),
        Availability::SoldOut { until: Some(until) } => {
            t!("kitchen-off-until", name: name, time: format::date_time(until))
        }
        Availability::SoldOut { until: None } => t!("kitchen-off", name: name),
        Availability::Hidden => t!("kitchen-hidden-now", name: name),
    };
    let set = move |availability, then: Box<dyn FnOnce()>| {
        let call = SetAvailability {
            item_id: id,
            availability,
        };
        engine.ask_then(call, move |answer| match answer {
            Ok(_) => then(),
            Err(failure) => toast_error(failure.message),
        });
    };
    let back = move || set(before, Box::new(|| {}));
    set(to, Box::new(move || toast_undo(words, 6, back)));
}

/// The sheet.
#[component]
pub fn SoldOutSheet(hours: OpeningHours, onclose: EventHandler<()>) -> Element {
    let shop = use_shop();
    let mut typed = use_signal(String::new);
    let mut for_good = use_signal(|| false);
    let until = use_hook(|| tomorrow(&hours, now()));
    rsx! {
        Sheet { title: t!("kitchen-sold-out-title"), onclose: move |()| onclose.call(()), "data-testid": "sold-out-sheet",
            div { class: "k-stack",
                SearchField {
                    label: t!("kitchen-find-item"),
                    value: typed(),
                    oninput: move |value| typed.set(value),
                    "data-testid": "sold-out-search",
                }
                Segmented {
                    label: t!("kitchen-how-long"),
                    options: vec![t!("kitchen-until-tomorrow"), t!("kitchen-until-i-say")],
                    selected: usize::from(for_good()),
                    onselect: move |i: usize| for_good.set(i == 1),
                    "data-testid": "sold-out-until",
                }
                p { class: "k-muted k-s", role: "status",
                    if for_good() {
                        {t!("kitchen-until-i-say-body")}
                    } else {
                        {t!("kitchen-until-tomorrow-body", time: format::date_time(until))}
                    }
                }
                match &*shop.menu.read() {
                    Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 6 } },
                    Answer::Failed(failure, None) => rsx! {
                        ErrorState { title: t!("kitchen-menu-failed"), body: failure.message.clone(), onretry: move |()| shop.menu.again() }
                    },
                    Answer::Ready(view, _) | Answer::Failed(_, Some(view)) => rsx! {
                        Items {
                            menu: view.menu.clone(),
                            typed: typed(),
                            off: Availability::SoldOut { until: (!for_good()).then_some(until) },
                        }
                    },
                }
            }
        }
    }
}

#[component]
fn Items(menu: Menu, typed: String, off: Availability) -> Element {
    let at = now();
    let needle = fold(typed.trim());
    let mut found: Vec<&MenuItem> = menu
        .items()
        .filter(|item| item.availability != Availability::Hidden && item.name.matches(&needle))
        .collect();
    // What is sold out stands on top, to be brought back.
    found.sort_by_key(|item| item.availability.is_available(at));
    if found.is_empty() {
        return rsx! {
            EmptyState { art: Art::Nothing, title: t!("kitchen-nothing-found"), body: t!("kitchen-nothing-found-body") }
        };
    }
    rsx! {
        ul { class: "t-items",
            for item in found.into_iter().cloned() {
                ItemRow { key: "{item.id}", at, off, item }
            }
        }
    }
}

#[component]
fn ItemRow(item: MenuItem, off: Availability, at: Timestamp) -> Element {
    let engine = use_engine();
    let available = item.availability.is_available(at);
    let until = match item.availability {
        Availability::SoldOut { until: Some(until) } if !available => Some(until),
        _ => None,
    };
    let to = if available { off } else { Availability::Available };
    let name = item.name.here();
    rsx! {
        li {
            button {
                r#type: "button",
                class: "t-item",
                class: if !available { "is-off" },
                "data-testid": "sold-out-item",
                "data-id": "{item.id}",
                "data-state": if available { "available" } else { "sold_out" },
                onclick: move |_| set_availability(engine, &item, to),
                span { class: "k-grow",
                    span { class: "t-item-name", "{name}" }
                    if let Some(until) = until {
                        small { class: "k-muted", {t!("kitchen-until", time: format::date_time(until))} }
                    }
                }
                if available {
                    span { class: "t-item-do", IconView { icon: Icon::Stop } {t!("kitchen-do-off")} }
                } else {
                    StatusPill { tone: Tone::Bad, icon: Icon::Stop, {t!("kitchen-sold-out")} }
                    span { class: "t-item-do is-back", IconView { icon: Icon::Undo } {t!("kitchen-do-back")} }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::NOON;
    use momfood_domain::hours::OpeningPeriod;

    const HOUR: i64 = 60 * MINUTE;

    /// Midnight in Riyadh before [`NOON`].
    fn midnight() -> Timestamp {
        NOON.plus(-12 * HOUR)
    }

    #[test]
    fn tomorrow_is_the_next_morning_even_after_midnight() {
        let always = OpeningHours::always(180);
        let morning = midnight().plus(29 * HOUR);
        assert_eq!(tomorrow(&always, NOON), morning);
        assert_eq!(tomorrow(&always, midnight().plus(23 * HOUR)), morning);
        assert_eq!(
            tomorrow(&always, midnight().plus(25 * HOUR)),
            morning,
            "one at night is still that evening"
        );
        assert_eq!(
            tomorrow(&always, midnight().plus(4 * HOUR)),
            morning,
            "four in the morning is the new day"
        );
    }

    #[test]
    fn an_evening_kitchen_has_it_back_when_it_opens() {
        let periods = (0..7)
            .map(|day| OpeningPeriod {
                day,
                open: 17 * 60,
                close: 23 * 60,
            })
            .collect();
        let evenings = OpeningHours {
            utc_offset_minutes: 180,
            periods,
        };
        let asked = midnight().plus(20 * HOUR);
        assert_eq!(tomorrow(&evenings, asked), midnight().plus((24 + 17) * HOUR));
    }
}

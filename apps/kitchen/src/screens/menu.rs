//! The menu: what can be had, what is hidden, what it costs.

use dioxus::prelude::*;
use momfood_domain::id::{CategoryId, MenuItemId};
use momfood_domain::menu::{Availability, Category, MenuItem};
use momfood_domain::money::{Currency, Money};
use momfood_domain::text::fold;
use momfood_kit::engine::{Answer, ErrorCode, use_engine};
use momfood_kit::prelude::*;
use momfood_protocol::engine::MenuView;

use super::heading_sheet::HeadingSheet;
use super::item_sheet::ItemSheet;
use crate::board::sold_out::set_availability;
use crate::floor::use_shop;
use crate::wording::station;

/// The menu.
#[component]
pub fn MenuScreen() -> Element {
    use_title(t!("kitchen-nav-menu"));
    let shop = use_shop();
    let mut typed = use_signal(String::new);
    let mut edited = use_signal(|| None::<MenuItemId>);
    let mut heading = use_signal(|| None::<CategoryId>);
    rsx! {
        AppBar { title: t!("kitchen-nav-menu"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page t-page k-stack",
            SearchField {
                label: t!("kitchen-find-item"),
                value: typed(),
                oninput: move |value| typed.set(value),
                "data-testid": "menu-search",
            }
            match &*shop.menu.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::MenuItem, count: 6 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState {
                        title: t!("kitchen-menu-failed"),
                        body: failure.message.clone(),
                        offline: failure.code == ErrorCode::Offline,
                        onretry: move |()| shop.menu.again(),
                    }
                },
                Answer::Ready(view, _) | Answer::Failed(_, Some(view)) => rsx! {
                    Categories {
                        view: view.clone(),
                        typed: typed(),
                        onedit: move |id| edited.set(Some(id)),
                        onheading: move |id| heading.set(Some(id)),
                    }
                    if let Some(id) = heading() {
                        HeadingSheet { key: "{id}", id, onclose: move |()| heading.set(None) }
                    }
                    if let Some(id) = edited() {
                        ItemSheet { key: "{id}", id, onclose: move |()| edited.set(None) }
                    }
                },
            }
        }
    }
}

#[component]
fn Categories(
    view: MenuView,
    typed: String,
    onedit: EventHandler<MenuItemId>,
    onheading: EventHandler<CategoryId>,
) -> Element {
    let needle = fold(typed.trim());
    let found: Vec<Category> = view
        .menu
        .categories
        .iter()
        .map(|category| {
            let items = category
                .items
                .iter()
                .filter(|item| item.name.matches(&needle))
                .cloned()
                .collect();
            Category {
                id: category.id,
                name: category.name.clone(),
                station: category.station.clone(),
                items,
            }
        })
        .filter(|category| !category.items.is_empty())
        .collect();
    if found.is_empty() {
        return rsx! {
            EmptyState { art: Art::Nothing, title: t!("kitchen-nothing-found"), body: t!("kitchen-nothing-found-body") }
        };
    }
    rsx! {
        for category in found {
            Section {
                key: "{category.id}",
                title: category.name.here(),
                end: rsx! { StationOf { category: category.clone(), onheading } },
                Card { flush: true,
                    div { class: "k-divide",
                        for item in category.items {
                            ItemRow { key: "{item.id}", item, currency: view.menu.currency, onedit }
                        }
                    }
                }
            }
        }
    }
}

/// Which station makes what stands under a heading, and the way to change it.
#[component]
fn StationOf(category: Category, onheading: EventHandler<CategoryId>) -> Element {
    let (id, heading) = (category.id, category.name.here());
    let made_at = match &category.station {
        Some(name) => station(name),
        None => t!("kitchen-station-any"),
    };
    rsx! {
        Button {
            kind: ButtonKind::Quiet,
            icon: Icon::Chef,
            onclick: move |_| onheading.call(id),
            aria_label: t!("kitchen-station-of", heading: heading, station: made_at.as_str()),
            "data-testid": "edit-heading",
            "data-station": category.station.unwrap_or_default(),
            "{made_at}"
        }
    }
}

#[component]
fn ItemRow(item: MenuItem, currency: Currency, onedit: EventHandler<MenuItemId>) -> Element {
    let engine = use_engine();
    let id = item.id;
    let name = item.name.here();
    let at = now();
    let available = item.availability.is_available(at);
    let state = match item.availability {
        Availability::Hidden => Some((Tone::Quiet, Icon::EyeOff, t!("kitchen-hidden"))),
        Availability::SoldOut { until: Some(until) } if !available => Some((
            Tone::Bad,
            Icon::Stop,
            t!("kitchen-sold-out-until", time: format::date_time(until)),
        )),
        Availability::SoldOut { .. } if !available => Some((Tone::Bad, Icon::Stop, t!("kitchen-sold-out"))),
        _ => None,
    };
    let to = if available {
        Availability::SoldOut { until: None }
    } else {
        Availability::Available
    };
    rsx! {
        div { class: "t-menu-row", class: if !available { "is-off" }, "data-testid": "menu-item", "data-id": "{id}",
            Picture { src: item.picture.as_deref().map(picture), class: "t-menu-picture" }
            div { class: "k-grow",
                p { class: "t-item-name", "{name}" }
                if let Some((tone, icon, words)) = state {
                    StatusPill { tone, icon, "{words}" }
                }
            }
            Button {
                kind: ButtonKind::Quiet,
                icon: Icon::Edit,
                onclick: move |_| onedit.call(id),
                aria_label: t!("kitchen-edit-item", name: name.as_str()),
                "data-testid": "edit-item",
                span { class: "k-num", {format::money_short(Money::new(item.price, currency))} }
            }
            label { class: "k-choice k-switch t-menu-switch",
                span { class: "k-sr", {t!("kitchen-available", name: name.as_str())} }
                input {
                    r#type: "checkbox",
                    role: "switch",
                    checked: available,
                    onchange: move |_| set_availability(engine, &item, to),
                    "data-testid": "menu-available",
                }
            }
        }
    }
}

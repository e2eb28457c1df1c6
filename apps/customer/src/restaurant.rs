//! A restaurant: its header, which folds away, and its menu under tabs that follow the scroll.

mod groups;
mod header;
mod item_sheet;
mod menu;

pub use item_sheet::{ItemSheet, Pick};

use dioxus::prelude::*;
use momfood_domain::id::RestaurantId;
use momfood_domain::menu::MenuItem;
use momfood_domain::text::fold;
use momfood_kit::engine::{Answer, ErrorCode, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{GetCart, GetRestaurant, RestaurantView};

use crate::cart::CartAside;
use crate::home::Stale;
use crate::route::Route;
use crate::words;
use header::Header;
use menu::{Items, category_anchor};

/// The restaurant screen.
#[component]
pub fn Restaurant(id: RestaurantId) -> Element {
    let navigator = use_navigator();
    let page = use_query(
        move || GetRestaurant { id },
        &[EventKind::Session, EventKind::Menu],
    );
    let name = page
        .data()
        .map(|view| view.page.restaurant.name.here())
        .unwrap_or_default();
    use_title(name.clone());
    let back = move |()| {
        if navigator.can_go_back() {
            navigator.go_back();
        } else {
            navigator.replace(Route::Home {});
        }
    };
    match &*page.read() {
        Answer::Loading => rsx! {
            AppBar { clear: true, start: rsx! { BackButton { onback: back } } }
            main { id: "content", tabindex: "-1", class: "c-restaurant",
                div { class: "k-page c-shop",
                    div { class: "c-top", div { class: "c-cover", i { class: "k-skeleton k-picture" } } }
                    Skeleton { shape: SkeletonShape::Heading }
                    Skeleton { shape: SkeletonShape::Line }
                    Skeleton { shape: SkeletonShape::MenuItem, count: 6 }
                }
            }
        },
        Answer::Failed(failure, None) => {
            let gone = failure.code == ErrorCode::NotFound;
            rsx! {
                AppBar { start: rsx! { BackButton { onback: back } } }
                main { id: "content", tabindex: "-1", class: "k-page",
                    if gone {
                        EmptyState { art: Art::Closed, title: t!("restaurant-gone"), body: t!("restaurant-gone-body"),
                            Button {
                                onclick: move |_| {
                                    navigator.replace(Route::Home {});
                                },
                                {t!("lost-home")}
                            }
                        }
                    } else {
                        ErrorState {
                            offline: failure.code == ErrorCode::Offline,
                            title: failure.message.clone(),
                            body: t!("restaurant-failed-body"),
                            onretry: move |()| page.again(),
                        }
                    }
                }
            }
        }
        Answer::Ready(view, _) | Answer::Failed(_, Some(view)) => rsx! {
            Shop { key: "{id}", view: view.clone(), onback: back, onagain: move |()| page.again() }
        },
    }
}

#[component]
fn Shop(view: RestaurantView, onback: EventHandler<()>, onagain: EventHandler<()>) -> Element {
    let card = &view.page.restaurant;
    let name = card.name.here();
    let mut search = use_signal(String::new);
    let mut picking = use_signal(|| None::<MenuItem>);
    let cart = use_query(|| GetCart {}, &[EventKind::Cart, EventKind::Session]);
    let needle = fold(search.read().trim());
    let shown = menu::matching(&view.page.menu, &needle);
    let mut anchors: Vec<String> = vec!["c-folds".to_owned()];
    anchors.extend(shown.iter().map(|category| category_anchor(category.id)));
    let on_top = use_scroll_spy(&anchors, 136.0);
    let folded = on_top().is_some();
    let active = on_top().unwrap_or(0).saturating_sub(1);
    let names: Vec<String> = shown.iter().map(|category| category.name.here()).collect();
    let targets: Vec<String> = shown
        .iter()
        .map(|category| category_anchor(category.id))
        .collect();
    rsx! {
        header { class: "c-fold", class: if folded { "is-folded" },
            BackButton { onback }
            span { class: "c-fold-name k-clip", aria_hidden: "true", "{name}" }
        }
        main { id: "content", tabindex: "-1", class: "c-restaurant",
            div { class: "k-page c-shop",
                div { class: "c-top",
                    div { class: "c-cover", Picture { src: words::media(card.picture.as_ref()) } }
                    Header { page: view.page.clone() }
                }
                if view.stale {
                    Stale { as_of: view.as_of, onlive: onagain }
                }
                div { class: "k-two",
                    div {
                        div { class: "c-menu-search", "data-testid": "menu-search",
                            SearchField { label: t!("restaurant-search", name: name.clone()), value: search(), oninput: move |text| search.set(text) }
                        }
                        span { id: "c-folds" }
                        if needle.is_empty() && names.len() > 1 {
                            Tabs {
                                label: t!("restaurant-categories"),
                                items: names,
                                active,
                                sticky: true,
                                onselect: move |index: usize| scroll_to_id(&targets[index]),
                            }
                        }
                        if shown.is_empty() {
                            EmptyState { art: Art::Nothing, title: t!("restaurant-nothing"), body: t!("restaurant-nothing-body"),
                                Button { kind: ButtonKind::Secondary, onclick: move |_| search.set(String::new()), {t!("restaurant-all")} }
                            }
                        }
                        for category in shown {
                            Items {
                                key: "{category.id}",
                                category,
                                currency: view.page.menu.currency,
                                utc_offset_minutes: view.page.menu.utc_offset_minutes,
                                cart: cart.data().and_then(|view| view.cart),
                                onpick: move |item| picking.set(Some(item)),
                            }
                        }
                    }
                    aside { class: "k-aside c-wide", aria_label: t!("cart-title"),
                        CartAside { restaurant: card.id }
                    }
                }
            }
        }
        if let Some(item) = picking() {
            ItemSheet {
                page: view.page.clone(),
                item,
                mode: Pick::New,
                onclose: move |()| picking.set(None),
            }
        }
    }
}

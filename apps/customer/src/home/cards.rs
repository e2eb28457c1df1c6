//! A restaurant on a list.

use dioxus::prelude::*;
use momfood_kit::prelude::*;
use momfood_protocol::view::RestaurantCard;

use crate::route::Route;
use crate::words;

/// A row of cards that scrolls sideways on a phone.
#[component]
pub fn Shelf(cards: Vec<RestaurantCard>) -> Element {
    rsx! {
        div { class: "k-scroller c-shelf",
            for card in cards {
                RestaurantLink { key: "{card.id}", card }
            }
        }
    }
}

/// A restaurant's card: a link to its menu.
#[component]
pub fn RestaurantLink(card: RestaurantCard) -> Element {
    let closed = words::not_open(card.opening);
    rsx! {
        Link {
            to: Route::Restaurant { id: card.id },
            class: if closed.is_some() { "k-card k-card-flush k-card-press c-card is-closed" } else { "k-card k-card-flush k-card-press c-card" },
            "data-testid": "restaurant-card",
            "data-id": "{card.id}",
            div { class: "c-card-top",
                Picture { src: words::media(card.picture.as_ref()) }
                if let Some(words) = &closed {
                    span { class: "c-card-closed",
                        IconView { icon: Icon::Clock }
                        "{words}"
                    }
                } else {
                    span { class: "c-card-time k-num", {words::time(&card)} }
                }
            }
            div { class: "c-card-body",
                div { class: "k-row-s k-between",
                    h3 { class: "k-clip", {card.name.here()} }
                    Stars { tenths: card.rating, count: card.reviews }
                }
                p { class: "k-muted k-xs k-clip", {words::cuisines(&card)} " · " {card.district.here()} }
                p { class: "c-card-facts k-xs",
                    span { class: if card.delivery_fee == Some(0) { "k-good k-strong" },
                        IconView { icon: Icon::Scooter }
                        {words::fee(&card)}
                    }
                    if let Some(metres) = card.distance_m {
                        span { class: "k-muted", {format::distance(metres)} }
                    }
                }
            }
        }
    }
}

//! Narrowing the list: cuisines, open now, in which order.

use dioxus::prelude::*;
use momfood_kit::prelude::*;
use momfood_protocol::rest::{CUISINES, RestaurantSort};

use super::Wish;
use crate::words;

/// The dish that stands for a cuisine, among the pictures in `dishes`.
fn dish(cuisine: &str) -> &'static str {
    match cuisine {
        "saudi" => "kabsa",
        "yemeni" => "mandi",
        "grills" => "grills",
        "shawarma" => "shawarma",
        "lebanese" => "hummus",
        "burgers" => "burger",
        "pizza" => "pizza",
        "indian" => "biryani",
        "breakfast" => "shakshuka",
        "seafood" => "fish",
        "healthy" => "salad",
        "sweets" => "kunafa",
        "coffee" => "latte",
        "bakery" => "croissant",
        "korean" => "bibimbap",
        "asian" => "sushi",
        "egyptian" => "koshari",
        _ => "bowl",
    }
}

/// A row of cuisines to choose one from; choosing it again lets go of it.
#[component]
pub fn Cuisines(chosen: Option<String>, onchoose: EventHandler<Option<String>>) -> Element {
    rsx! {
        div { class: "k-scroller c-cuisines", role: "group", aria_label: t!("home-cuisines"),
            for id in CUISINES {
                {
                    let on = chosen.as_deref() == Some(id);
                    rsx! {
                        button {
                            key: "{id}",
                            r#type: "button",
                            class: "c-cuisine",
                            aria_pressed: if on { "true" } else { "false" },
                            "data-testid": "cuisine-{id}",
                            onclick: move |_| onchoose.call((!on).then(|| id.to_owned())),
                            Picture { src: picture(&["dishes/", dish(id), ".svg"].concat()), class: "c-cuisine-picture" }
                            span { {words::cuisine(id)} }
                        }
                    }
                }
            }
        }
    }
}

/// Open now, and in which order.
#[component]
pub fn Narrowing(wish: Wish, onchange: EventHandler<Wish>) -> Element {
    let mut choosing = use_signal(|| false);
    let sort = wish.sort;
    let open_only = wish.open_only;
    let kept = wish.clone();
    rsx! {
        div { class: "k-scroller c-narrowing",
            Chip {
                selected: sort != RestaurantSort::Recommended,
                icon: Icon::Filter,
                onclick: move |()| choosing.set(true),
                "data-testid": "sort",
                {t!("sort-by", name: sort_name(sort))}
            }
            Chip {
                selected: open_only,
                icon: Icon::Clock,
                onclick: move |()| onchange.call(Wish { open_only: !open_only, ..kept.clone() }),
                "data-testid": "open-now",
                {t!("home-open-now")}
            }
        }
        if choosing() {
            Sheet { title: t!("sort-title"), onclose: move |()| choosing.set(false),
                div { class: "k-divide",
                    for choice in [RestaurantSort::Recommended, RestaurantSort::Time, RestaurantSort::Distance, RestaurantSort::Rating, RestaurantSort::Fee] {
                        {
                            let wish = wish.clone();
                            rsx! {
                                Radio {
                                    key: "{choice:?}",
                                    name: "sort",
                                    label: sort_name(choice),
                                    checked: choice == sort,
                                    onselect: move |()| {
                                        choosing.set(false);
                                        onchange.call(Wish { sort: choice, ..wish.clone() });
                                    },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sort_name(sort: RestaurantSort) -> String {
    match sort {
        RestaurantSort::Recommended => t!("sort-recommended"),
        RestaurantSort::Distance => t!("sort-distance"),
        RestaurantSort::Rating => t!("sort-rating"),
        RestaurantSort::Time => t!("sort-time"),
        RestaurantSort::Fee => t!("sort-fee"),
    }
}

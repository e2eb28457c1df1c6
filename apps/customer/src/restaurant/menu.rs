//! The menu's headings and items.

use dioxus::prelude::*;
use momfood_domain::cart::Cart;
use momfood_domain::id::CategoryId;
use momfood_domain::menu::{Availability, Category, Menu, MenuItem};
use momfood_domain::money::Currency;
use momfood_kit::prelude::*;

use crate::words;

/// The id of a category's heading in the page.
pub fn category_anchor(id: CategoryId) -> String {
    format!("c-{id}")
}

/// The menu's categories with only the items whose words contain `needle` (folded).
pub fn matching(menu: &Menu, needle: &str) -> Vec<Category> {
    let fits = |item: &MenuItem| {
        item.name.matches(needle)
            || item
                .description
                .as_ref()
                .is_some_and(|words| words.matches(needle))
    };
    let mut shown = menu.categories.clone();
    if !needle.is_empty() {
        for category in &mut shown {
            if !category.name.matches(needle) {
                category.items.retain(fits);
            }
        }
        shown.retain(|category| !category.items.is_empty());
    }
    shown
}

/// A category and its items.
#[component]
pub fn Items(
    category: Category,
    currency: Currency,
    utc_offset_minutes: i16,
    cart: Option<Cart>,
    onpick: EventHandler<MenuItem>,
) -> Element {
    rsx! {
        section { class: "k-section c-category", id: category_anchor(category.id),
            h2 { {category.name.here()} }
            div { class: "c-items",
                for item in category.items {
                    Item {
                        key: "{item.id}",
                        in_cart: cart.as_ref().map_or(0, |cart| count_of(cart, &item)),
                        item,
                        currency,
                        utc_offset_minutes,
                        onpick,
                    }
                }
            }
        }
    }
}

fn count_of(cart: &Cart, item: &MenuItem) -> u32 {
    cart.lines
        .iter()
        .filter(|line| line.item_id == item.id)
        .map(|line| line.quantity)
        .sum()
}

#[component]
fn Item(
    item: MenuItem,
    currency: Currency,
    utc_offset_minutes: i16,
    in_cart: u32,
    onpick: EventHandler<MenuItem>,
) -> Element {
    let gone = not_to_be_had(&item, utc_offset_minutes);
    let picked = item.clone();
    rsx! {
        button {
            r#type: "button",
            class: "k-item c-item",
            class: if gone.is_some() { "is-gone" },
            "data-testid": "menu-item",
            "data-id": "{item.id}",
            "data-status": if gone.is_some() { "sold_out" } else { "available" },
            onclick: move |_| onpick.call(picked.clone()),
            span { class: "k-grow c-item-words",
                span { class: "c-item-name",
                    if in_cart > 0 {
                        span { class: "c-item-count k-num",
                            span { aria_hidden: "true", "{in_cart}×" }
                            span { class: "k-sr", {t!("restaurant-in-cart", count: in_cart)} }
                        }
                    }
                    {item.name.here()}
                }
                if let Some(description) = &item.description {
                    span { class: "k-muted k-xs k-clip-2", {description.here()} }
                }
                span { class: "c-item-foot",
                    span { class: "k-strong k-num", {words::price(item.price, currency)} }
                    if let Some(gone) = &gone {
                        Badge { tone: Tone::Quiet, "{gone}" }
                    } else if let Some(calories) = item.calories {
                        span { class: "k-muted k-xs", {t!("item-calories", count: calories)} }
                    }
                }
            }
            span { class: "c-item-side",
                Picture { src: words::media(item.picture.as_ref()), class: "k-item-picture" }
                if gone.is_none() {
                    span { class: "c-item-plus", aria_hidden: "true", IconView { icon: Icon::Plus } }
                }
            }
        }
    }
}

/// Why an item cannot be had now, in a few words; `None` when it can.
pub fn not_to_be_had(item: &MenuItem, utc_offset_minutes: i16) -> Option<String> {
    if item.is_orderable(now(), utc_offset_minutes) {
        return None;
    }
    match item.availability {
        Availability::SoldOut { until: Some(at) } if at > now() => {
            Some(t!("item-sold-out-until", time: words::moment(at)))
        }
        Availability::SoldOut { .. } | Availability::Hidden => Some(t!("item-sold-out")),
        Availability::Available => Some(t!("item-not-now")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::text::fold;

    fn item(n: u32, ar: &str, en: &str) -> MenuItem {
        serde_json::from_value(serde_json::json!({
            "id": format!("00000000-0000-7000-8000-{n:012}"),
            "name": { "ar": ar, "en": en },
            "price": 1_000,
            "availability": { "state": "available" },
        }))
        .unwrap()
    }

    fn menu() -> Menu {
        let category = |n: u32, ar: &str, en: &str, items| Category {
            id: format!("00000000-0000-7000-9000-{n:012}").parse().unwrap(),
            name: LocalizedText::both(ar, en),
            station: None,
            items,
        };
        Menu {
            currency: Currency::Sar,
            utc_offset_minutes: 180,
            categories: vec![
                category(
                    1,
                    "الكبسات",
                    "Kabsa",
                    vec![
                        item(1, "كبسة لحم", "Lamb kabsa"),
                        item(2, "كبسة دجاج", "Chicken kabsa"),
                    ],
                ),
                category(2, "المشروبات", "Drinks", vec![item(3, "لبن", "Laban")]),
            ],
        }
    }

    fn found(words: &str) -> Vec<usize> {
        matching(&menu(), &fold(words))
            .iter()
            .map(|category| category.items.len())
            .collect()
    }

    #[test]
    fn a_menu_is_searched_in_either_language_and_empty_headings_go() {
        assert_eq!(found("كبسه دجاج"), [1]);
        assert_eq!(found("LABAN"), [1]);
        assert!(found("sushi").is_empty());
    }

    #[test]
    fn a_heading_that_matches_keeps_all_its_items() {
        assert_eq!(found("drinks"), [1]);
        assert_eq!(found(""), [2, 1]);
    }
}

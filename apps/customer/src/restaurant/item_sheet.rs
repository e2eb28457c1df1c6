//! The item sheet: what it is, which form one wants, how many. The price on its button is the pricing
//! function's own.

use dioxus::prelude::*;
use momfood_domain::cart::{Cart, CartLine, MAX_QUANTITY};
use momfood_domain::menu::{Category, Menu, MenuItem};
use momfood_domain::pricing::{Terms, price};
use momfood_kit::engine::{Failure, use_command_result, use_engine};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{AddToCart, CartView, GetCart, SetCart, SetCartLine};
use momfood_protocol::rest::RestaurantPage;

use super::groups::{Group, faulty_group, group_anchor, pick};
use super::menu::not_to_be_had;
use crate::words;

/// What the sheet's answer does to the cart.
#[derive(Clone, Debug, PartialEq)]
pub enum Pick {
    /// Adds a line.
    New,
    /// Changes the line at this place.
    Change(usize, CartLine),
}

/// The sheet of one item.
#[component]
pub fn ItemSheet(page: RestaurantPage, item: MenuItem, mode: Pick, onclose: EventHandler<()>) -> Element {
    let engine = use_engine();
    let first = match &mode {
        Pick::New => CartLine {
            item_id: item.id,
            quantity: 1,
            option_ids: Vec::new(),
            note: None,
        },
        Pick::Change(_, line) => line.clone(),
    };
    let mut line = use_signal(|| first);
    let mut pressed = use_signal(|| false);
    let mut conflict = use_signal(|| None::<LocalizedText>);
    let mut before = use_signal(|| None::<Cart>);
    let name = item.name.here();
    let added = name.clone();
    let put = use_command_result(move |answer: Result<CartView, Failure>| match answer {
        // The cart's own restaurant, which would make way.
        Ok(CartView {
            conflict: Some(_),
            restaurant,
            ..
        }) => conflict.set(restaurant),
        Ok(_) => {
            announce(t!("item-added", name: added.clone()));
            // Another restaurant's cart made way: the only thing here one could regret.
            if conflict.peek().is_some()
                && let Some(kept) = before.peek().clone()
            {
                toast_undo(t!("conflict-done"), 8, move || {
                    let cart = kept.clone();
                    dioxus::core::spawn_forever(async move {
                        if let Err(failure) = engine.ask(SetCart { cart }).await {
                            toast_error(failure.message);
                        }
                    });
                });
            }
            conflict.set(None);
            onclose.call(());
        }
        Err(failure) => toast_error(failure.message),
    });
    let change = use_command_result(move |answer: Result<CartView, Failure>| match answer {
        Ok(_) => onclose.call(()),
        Err(failure) => toast_error(failure.message),
    });
    let restaurant_id = page.restaurant.id;
    let add = move |replace: bool| {
        spawn(async move {
            if replace {
                // What "undo" goes back to.
                let cart = engine.ask(GetCart {}).await.ok().and_then(|view| view.cart);
                before.set(cart);
            }
            put.run(AddToCart {
                restaurant_id,
                line: line.peek().clone(),
                replace,
            });
        });
    };
    let gone = not_to_be_had(&item, page.menu.utc_offset_minutes);
    let closed = words::not_open(page.restaurant.opening);
    let groups = item.option_groups.clone();
    let index = match &mode {
        Pick::New => None,
        Pick::Change(index, _) => Some(*index),
    };
    let submit = move |_| {
        pressed.set(true);
        if let Some(group) = faulty_group(&groups, &line.peek().option_ids) {
            let id = group_anchor(group.id);
            announce_now(t!("item-choose-first", name: group.name.here()));
            scroll_to_id(&id);
            focus_first(&format!("#{id} input"));
            return;
        }
        match index {
            None => add(false),
            Some(index) => change.run(SetCartLine {
                index,
                line: line.peek().clone(),
            }),
        }
    };
    let total = total_of(&page, &item, &line.read());
    let currency = page.menu.currency;
    rsx! {
        Sheet {
            title: name.clone(),
            onclose,
            hero: rsx! {
                if item.picture.is_some() {
                    Picture { src: words::media(item.picture.as_ref()), class: "c-item-hero" }
                }
            },
            footer: rsx! {
                if let Some(why) = gone.clone().or(closed) {
                    div { class: "k-grow", "data-testid": "item-unavailable",
                        Banner { kind: BannerKind::Warn, "{why}" }
                    }
                } else {
                    Stepper {
                        label: t!("item-quantity", name: name.clone()),
                        value: line.read().quantity,
                        max: MAX_QUANTITY,
                        onchange: move |quantity| line.write().quantity = quantity,
                    }
                    Button {
                        large: true,
                        busy: put.busy() || change.busy(),
                        end: total.map(|total| words::price(total, currency)).unwrap_or_default(),
                        "data-testid": "add-to-cart",
                        onclick: submit,
                        if index.is_some() {
                            {t!("item-change")}
                        } else {
                            {t!("item-add")}
                        }
                    }
                }
            },
            div { class: "k-stack-l", "data-testid": "item-sheet",
                div { class: "k-stack",
                    if let Some(description) = &item.description {
                        p { class: "k-muted", {description.here()} }
                    }
                    Facts { item: item.clone() }
                }
                for group in item.option_groups.clone() {
                    Group {
                        key: "{group.id}",
                        picked: line.read().option_ids.clone(),
                        currency,
                        insist: pressed(),
                        onpick: {
                            let group = group.clone();
                            move |(id, on)| pick(&group, &mut line.write().option_ids, id, on)
                        },
                        group,
                    }
                }
                TextArea {
                    label: t!("item-note"),
                    value: line.read().note.clone().unwrap_or_default(),
                    oninput: move |text: String| line.write().note = (!text.trim().is_empty()).then_some(text),
                    placeholder: t!("item-note-example"),
                    optional: true,
                }
            }
            if let Some(other) = conflict() {
                div { "data-testid": "replace-cart",
                    Confirm {
                        title: t!("conflict-title"),
                        body: t!("conflict-body", other: other.here(), new: page.restaurant.name.here()),
                        yes: t!("conflict-yes"),
                        no: t!("conflict-no"),
                        busy: put.busy(),
                        onyes: move |()| add(true),
                        onno: move |()| conflict.set(None),
                    }
                }
            }
        }
    }
}

/// Calories and allergens.
#[component]
fn Facts(item: MenuItem) -> Element {
    if item.calories.is_none() && item.allergens.is_empty() {
        return rsx! {};
    }
    rsx! {
        div { class: "k-row-s k-wrap",
            if let Some(calories) = item.calories {
                Badge { tone: Tone::Quiet, {t!("item-calories", count: calories)} }
            }
            if !item.allergens.is_empty() {
                span { class: "k-xs k-muted", {t!("item-contains")} }
                for id in item.allergens {
                    Badge { key: "{id}", tone: Tone::Warn, {words::allergen(&id)} }
                }
            }
        }
    }
}

/// What the line costs as picked so far, by the pricing function: the fewest picks a group asks for, and the
/// restaurant's minimum, do not hold it back.
fn total_of(page: &RestaurantPage, item: &MenuItem, line: &CartLine) -> Option<i64> {
    let mut item = item.clone();
    for group in &mut item.option_groups {
        group.min = 0;
    }
    let category = page.menu.categories.first()?;
    let menu = Menu {
        categories: vec![Category {
            id: category.id,
            name: category.name.clone(),
            station: None,
            items: vec![item],
        }],
        ..Menu {
            categories: Vec::new(),
            ..page.menu.clone()
        }
    };
    let terms = Terms {
        minimum_order: 0,
        ..page.restaurant.terms
    };
    let cart = Cart {
        lines: vec![line.clone()],
        ..Cart::new(page.restaurant.id)
    };
    price(&menu, &cart, &terms, None, now())
        .ok()
        .map(|bill| bill.subtotal)
}

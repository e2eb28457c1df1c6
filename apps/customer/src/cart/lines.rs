//! The lines of the cart: how many, in which form, and out again with a way back.

use dioxus::prelude::*;
use momfood_domain::cart::{Cart, CartLine, MAX_QUANTITY};
use momfood_domain::menu::MenuItem;
use momfood_domain::money::Currency;
use momfood_domain::pricing::OrderLine;
use momfood_kit::engine::{EventKind, use_command, use_engine, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{CartView, GetRestaurant, SetCart, SetCartLine};

use crate::restaurant::{ItemSheet, Pick};
use crate::words;

/// All lines.
#[component]
pub fn Lines(
    view: CartView,
    /// Without pictures: in a narrow column.
    #[props(default)]
    small: bool,
) -> Element {
    let Some(cart) = view.cart.clone() else {
        return rsx! {};
    };
    rsx! {
        WithMenu { key: "{cart.restaurant_id}", view: view.clone(), cart, small }
    }
}

#[component]
fn WithMenu(view: CartView, cart: Cart, small: bool) -> Element {
    let id = cart.restaurant_id;
    let menu = use_query(move || GetRestaurant { id }, &[EventKind::Session]);
    let page = menu.data().map(|shown| shown.page);
    let mut changing = use_signal(|| None::<(usize, CartLine, MenuItem)>);
    rsx! {
        ul { class: "k-divide c-lines", "data-testid": "cart-lines",
            for (index, line) in cart.lines.iter().cloned().enumerate() {
                Line {
                    key: "{index}-{line.item_id}",
                    index,
                    priced: priced(&view, &line),
                    item: page.as_ref().and_then(|page| page.menu.item(line.item_id).cloned()),
                    cart: cart.clone(),
                    currency: words::currency(&view),
                    small,
                    onchange: move |item: MenuItem| changing.set(Some((index, line.clone(), item))),
                }
            }
        }
        if let (Some((index, line, item)), Some(page)) = (changing(), page) {
            ItemSheet { page, item, mode: Pick::Change(index, line), onclose: move |()| changing.set(None) }
        }
    }
}

/// The bill's line for a cart's line; a line that cannot be priced has none.
fn priced(view: &CartView, line: &CartLine) -> Option<OrderLine> {
    let same_options = |priced: &OrderLine| {
        priced.options.len() == line.option_ids.len()
            && priced
                .options
                .iter()
                .all(|option| line.option_ids.contains(&option.id))
    };
    let said = line.note.as_deref().filter(|note| !note.trim().is_empty());
    let lines = &view.bill.as_ref()?.lines;
    lines
        .iter()
        .find(|priced| {
            priced.item_id == line.item_id && priced.note.as_deref() == said && same_options(priced)
        })
        .cloned()
}

#[component]
fn Line(
    index: usize,
    priced: Option<OrderLine>,
    item: Option<MenuItem>,
    cart: Cart,
    currency: Currency,
    small: bool,
    onchange: EventHandler<MenuItem>,
) -> Element {
    let engine = use_engine();
    let set = use_command::<SetCartLine>(|_| {});
    let Some(line) = cart.lines.get(index).cloned() else {
        return rsx! {};
    };
    let name = match (&priced, &item) {
        (Some(priced), _) => priced.name.here(),
        (None, Some(item)) => item.name.here(),
        (None, None) => t!("cart-unknown-item"),
    };
    let options: Vec<String> = priced
        .iter()
        .flat_map(|line| &line.options)
        .map(|option| option.name.here())
        .collect();
    let picture = item.as_ref().and_then(|item| item.picture.clone());
    let changed = line.clone();
    let removed = name.clone();
    let set_quantity = move |quantity: u32| {
        set.run(SetCartLine {
            index,
            line: CartLine {
                quantity,
                ..changed.clone()
            },
        });
        if quantity == 0 {
            let cart = cart.clone();
            toast_undo(t!("cart-removed", name: removed.clone()), 8, move || {
                let cart = cart.clone();
                dioxus::core::spawn_forever(async move {
                    if let Err(failure) = engine.ask(SetCart { cart }).await {
                        toast_error(failure.message);
                    }
                });
            });
        }
    };
    rsx! {
        li { class: "c-line", "data-testid": "cart-line", "data-status": if priced.is_some() { "available" } else { "unavailable" },
            if !small {
                Picture { src: words::media(picture.as_ref()), class: "c-line-picture" }
            }
            div { class: "k-grow c-line-words",
                strong { "{name}" }
                if !options.is_empty() {
                    span { class: "k-muted k-xs", {options.join(" · ")} }
                }
                if let Some(note) = &line.note {
                    span { class: "k-muted k-xs c-line-note",
                        IconView { icon: Icon::Note }
                        {words::own(note)}
                    }
                }
                if priced.is_none() && item.is_some() {
                    span { class: "k-bad k-xs k-strong", {t!("cart-not-available")} }
                }
                div { class: "c-line-foot",
                    if let Some(priced) = &priced {
                        span { class: "k-num k-strong", {words::price(priced.total, currency)} }
                    }
                    if let Some(item) = item {
                        button {
                            r#type: "button",
                            class: "c-link",
                            aria_label: t!("cart-change", name: name.clone()),
                            onclick: move |_| onchange.call(item.clone()),
                            {t!("cart-change-short")}
                        }
                    }
                }
            }
            Stepper {
                label: name.clone(),
                value: line.quantity,
                min: 0,
                max: MAX_QUANTITY,
                onchange: set_quantity,
            }
        }
    }
}

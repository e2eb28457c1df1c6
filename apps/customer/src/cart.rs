//! The cart: lines one can change, how it is brought, a tip, and a bill that is always current.

mod extras;
mod lines;

pub use extras::{Note, Receiving, Tip, order_note};

use dioxus::prelude::*;
use momfood_domain::id::RestaurantId;
use momfood_kit::engine::{Answer, EventKind, use_command, use_engine, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{CartView, ClearCart, GetCart, SetCart};

use crate::bill::BillView;
use crate::problem::Problem;
use crate::route::Route;
use crate::words;
use lines::Lines;

/// The cart's own screen.
#[component]
pub fn Cart() -> Element {
    use_title(t!("cart-title"));
    let navigator = use_navigator();
    let engine = use_engine();
    let cart = use_query(|| GetCart {}, &[EventKind::Cart, EventKind::Session]);
    let clear = use_command::<ClearCart>(|_| {});
    let kept = cart.data().and_then(|view| view.cart);
    let filled = kept.is_some();
    rsx! {
        AppBar {
            title: t!("cart-title"),
            start: rsx! {
                BackButton {
                    onback: move |()| {
                        if navigator.can_go_back() {
                            navigator.go_back();
                        } else {
                            navigator.replace(Route::Home {});
                        }
                    },
                }
            },
            end: rsx! {
                if filled {
                    IconButton {
                        icon: Icon::Trash,
                        label: t!("cart-clear"),
                        "data-testid": "cart-clear",
                        onclick: move |_| {
                            if let Some(kept) = kept.clone() {
                                clear.run(ClearCart {});
                                toast_undo(t!("cart-cleared"), 8, move || {
                                    let cart = kept.clone();
                                    dioxus::core::spawn_forever(async move {
                                        if let Err(failure) = engine.ask(SetCart { cart }).await {
                                            toast_error(failure.message);
                                        }
                                    });
                                });
                            }
                        },
                    }
                }
            },
        }
        main { id: "content", tabindex: "-1", class: "k-page",
            match &*cart.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 4 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: failure.message.clone(), onretry: move |()| cart.again() }
                },
                Answer::Ready(view, _) | Answer::Failed(_, Some(view)) => rsx! {
                    Filled { view: view.clone(), onagain: move |()| cart.again() }
                },
            }
        }
    }
}

#[component]
fn Filled(view: CartView, onagain: EventHandler<()>) -> Element {
    let navigator = use_navigator();
    let Some(cart) = view.cart.clone() else {
        return rsx! {
            div { "data-testid": "cart-empty",
                EmptyState { art: Art::Pot, title: t!("cart-empty"), body: t!("cart-empty-body"),
                    Button {
                        onclick: move |_| {
                            navigator.push(Route::Home {});
                        },
                        {t!("cart-browse")}
                    }
                }
            }
        };
    };
    let id = cart.restaurant_id;
    rsx! {
        div { class: "k-two",
            div { class: "k-stack-l",
                Card {
                    Link { to: Route::Restaurant { id }, class: "c-from",
                        Picture { src: words::media(view.picture.as_ref()), class: "c-from-picture" }
                        span { class: "k-grow",
                            strong { class: "k-m", {view.restaurant.as_ref().map(Words::here).unwrap_or_default()} }
                            span { class: "k-list-detail", {t!("cart-add-more")} }
                        }
                        IconView { icon: Icon::ChevronNext }
                    }
                    Lines { view: view.clone() }
                }
                Card { Receiving { fulfilment: view.fulfilment } }
                if view.fulfilment == momfood_domain::pricing::Fulfilment::Delivery {
                    Card { Tip { view: view.clone() } }
                }
                Card { Note {} }
            }
            div { class: "k-aside k-stack",
                Card {
                    div { class: "k-stack", Sum { view: view.clone(), onagain } }
                }
            }
        }
    }
}

/// The bill, what is wrong, and the way to checkout.
#[component]
fn Sum(view: CartView, onagain: EventHandler<()>) -> Element {
    let navigator = use_navigator();
    let total = view
        .bill
        .as_ref()
        .map(|bill| words::money(bill.total_amount, bill.currency))
        .unwrap_or_default();
    let currency = words::currency(&view);
    let blocked = view.problem.is_some();
    rsx! {
        h2 { class: "k-m", {t!("bill-title")} }
        if let Some(bill) = view.bill.clone() {
            BillView { bill, fulfilment: view.fulfilment }
        }
        div { class: "c-act k-stack",
            if let Some(failure) = view.problem.clone() {
                Problem { failure, cart: view.cart.clone(), currency, onagain }
            }
            Button {
                block: true,
                large: true,
                disabled: blocked,
                end: total,
                "data-testid": "to-checkout",
                onclick: move |_| {
                    navigator.push(Route::Checkout {});
                },
                {t!("cart-checkout")}
            }
        }
    }
}

/// The cart beside a menu, on a wide screen.
#[component]
pub fn CartAside(
    /// The restaurant looked at.
    restaurant: RestaurantId,
) -> Element {
    let cart = use_query(|| GetCart {}, &[EventKind::Cart, EventKind::Session]);
    let Some(view) = cart.data() else {
        return rsx! { Card { Skeleton { shape: SkeletonShape::Row, count: 3 } } };
    };
    let Some(other) = view.cart.as_ref().map(|cart| cart.restaurant_id != restaurant) else {
        return rsx! {
            Card {
                div { class: "c-aside-empty",
                    Drawing { art: Art::Pot }
                    strong { {t!("cart-empty")} }
                    p { class: "k-muted k-xs", {t!("cart-aside-empty")} }
                }
            }
        };
    };
    rsx! {
        Card {
            div { class: "k-stack",
                h2 { class: "k-m",
                    if other {
                        {t!("cart-of", name: view.restaurant.as_ref().map(Words::here).unwrap_or_default())}
                    } else {
                        {t!("cart-title")}
                    }
                }
                Lines { view: view.clone(), small: true }
                Sum { view: view.clone(), onagain: move |()| cart.again() }
            }
        }
    }
}

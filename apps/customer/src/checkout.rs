//! Checkout on one page: where to, how it is paid, what it costs, one button.

mod parts;
mod payment;
mod placing;

use dioxus::prelude::*;
use momfood_domain::pricing::Fulfilment;
use momfood_kit::engine::{Answer, ErrorCode, EventKind, Failure, use_connection, use_event, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{CartView, GetCart, GetQuote};
use momfood_protocol::rest::Quote;

use crate::bill::BillView;
use crate::cart::{Note, Receiving, Tip};
use crate::entry::Members;
use crate::problem::Problem;
use crate::route::Route;
use crate::words;
use parts::{Fetch, PriceHolds, Summary, To};
use payment::{Means, Payment};
use placing::{Placer, PlacingSheet, use_placer};

/// The checkout screen.
#[component]
pub fn Checkout() -> Element {
    use_title(t!("checkout-title"));
    let navigator = use_navigator();
    rsx! {
        AppBar {
            title: t!("checkout-title"),
            start: rsx! {
                BackButton {
                    onback: move |()| {
                        if navigator.can_go_back() {
                            navigator.go_back();
                        } else {
                            navigator.replace(Route::Cart {});
                        }
                    },
                }
            },
        }
        Members { why: t!("checkout-sign-in"), Filled {} }
    }
}

#[component]
fn Filled() -> Element {
    let navigator = use_navigator();
    let cart = use_query(|| GetCart {}, &[EventKind::Cart, EventKind::Session]);
    rsx! {
        main { id: "content", tabindex: "-1", class: "k-page",
            match &*cart.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 5 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: failure.message.clone(), onretry: move |()| cart.again() }
                },
                Answer::Ready(view, _) | Answer::Failed(_, Some(view)) => {
                    if view.cart.is_none() {
                        rsx! {
                            EmptyState { art: Art::Pot, title: t!("cart-empty"), body: t!("cart-empty-body"),
                                Button {
                                    onclick: move |_| {
                                        navigator.replace(Route::Home {});
                                    },
                                    {t!("cart-browse")}
                                }
                            }
                        }
                    } else {
                        rsx! { Page { view: view.clone() } }
                    }
                }
            }
        }
    }
}

#[component]
fn Page(view: CartView) -> Element {
    let quote = use_query(|| GetQuote {}, &[EventKind::Cart]);
    let means = use_signal(Means::default);
    let placer = use_placer(means, quote);
    // What stood in the way of another cart stands in nobody's way.
    use_event(&[EventKind::Cart], move |_| placer.forget());
    let shown = quote.read().clone();
    let (busy, failure) = match &shown {
        Answer::Loading => (true, None),
        Answer::Ready(_, refreshing) => (*refreshing, None),
        Answer::Failed(failure, _) => (false, Some(failure.clone())),
    };
    let current = match &shown {
        Answer::Ready(quote, _) => Some(quote.clone()),
        Answer::Loading | Answer::Failed(..) => None,
    };
    let pickup = view.fulfilment == Fulfilment::Pickup;
    rsx! {
        div { class: "k-two",
            div { class: "k-stack-l",
                Card {
                    div { class: "k-stack",
                        Receiving { fulfilment: view.fulfilment }
                        if pickup {
                            Fetch { restaurant: view.cart.as_ref().map(|cart| cart.restaurant_id) }
                        } else {
                            To { onchanged: move |()| quote.again() }
                        }
                        if let Some(quote) = &current {
                            p { class: "c-when",
                                IconView { icon: Icon::Clock }
                                if pickup {
                                    {t!("checkout-ready-about", time: words::moment(quote.estimated_at))}
                                } else {
                                    {t!("checkout-arrives-about", time: words::moment(quote.estimated_at))}
                                }
                            }
                        }
                    }
                }
                Card { Payment { means, declined: (placer.declined)() } }
                if !pickup {
                    Card { Tip { view: view.clone() } }
                }
                Card { Note {} }
            }
            div { class: "k-aside k-stack",
                Card {
                    div { class: "k-stack",
                        Summary { view: view.clone() }
                        Price { view: view.clone(), quote: current.clone(), busy }
                        if let Some(quote) = current.clone() {
                            PriceHolds { key: "{quote.id}", until: quote.expires_at, onover: move |()| placer.refresh() }
                        }
                        Go {
                            view: view.clone(),
                            quote: current,
                            busy,
                            failure: failure.or((placer.failure)()),
                            placer,
                            onagain: move |()| placer.refresh(),
                        }
                    }
                }
            }
        }
        PlacingSheet { placer }
    }
}

/// What is wrong: the cart's own problems have their ways out; the rest is said as it is.
#[component]
fn Trouble(failure: Failure, view: CartView, onagain: EventHandler<()>) -> Element {
    let currency = words::currency(&view);
    if failure.code == ErrorCode::CardDeclined {
        return rsx! {};
    }
    rsx! { Problem { failure, cart: view.cart.clone(), currency, onagain } }
}

/// The quote's bill; while there is none yet, the cart's, marked as being checked.
#[component]
fn Price(view: CartView, quote: Option<Quote>, busy: bool) -> Element {
    match (quote, view.bill.clone()) {
        (Some(quote), _) => rsx! { BillView { bill: quote.bill, fulfilment: view.fulfilment, busy } },
        (None, Some(bill)) => rsx! { BillView { bill, fulfilment: view.fulfilment, busy: true } },
        (None, None) => rsx! { Skeleton { shape: SkeletonShape::Line, count: 4 } },
    }
}

/// What stands in the way, and the one button.
#[component]
fn Go(
    view: CartView,
    quote: Option<Quote>,
    busy: bool,
    failure: Option<Failure>,
    placer: Placer,
    onagain: EventHandler<()>,
) -> Element {
    let line = use_connection();
    let unsettled = line.read().waiting > 0 && !placer.busy();
    let total = quote
        .as_ref()
        .map(|quote| words::money(quote.bill.total_amount, quote.bill.currency))
        .unwrap_or_default();
    // Without a line nothing is sent: an order is placed now or not at all.
    let offline = matches!(*CONNECTION.read(), Connection::Offline { .. }) && !placer.busy();
    let ready = quote.is_some() && !busy && !unsettled && !offline;
    rsx! {
        div { class: "c-act k-stack-s",
            if offline {
                div { "data-testid": "offline-order",
                    Banner { kind: BannerKind::Offline, action: t!("kit-retry"), onaction: move |()| onagain.call(()),
                        {t!("checkout-offline")}
                    }
                }
            } else if let Some(failure) = failure {
                Trouble { failure, view, onagain }
            }
            if unsettled {
                div { "data-testid": "unsettled-order",
                    Banner { kind: BannerKind::Stale, {t!("placing-checking-body")} }
                }
            }
            Button {
                block: true,
                large: true,
                busy: placer.busy(),
                disabled: !ready && !placer.busy(),
                end: total,
                "data-testid": "place-order",
                onclick: move |_| {
                    if let Some(quote) = &quote {
                        placer.place(quote.clone());
                    }
                },
                {t!("checkout-place")}
            }
            p { class: "k-muted k-xs k-center", {t!("checkout-promise")} }
        }
    }
}

//! The screens and their addresses, and the frame they share: the cart bar and the app's places.

use dioxus::prelude::*;
use momfood_domain::id::{OrderId, RestaurantId};
use momfood_kit::account::{Privacy, PrivacyNotice, Security, SignIns, SignedIn, SignedInWith, Terms};
use momfood_kit::engine::{EventKind, Session, use_query, use_session};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{GetCart, ListOrders};
use momfood_protocol::error::ErrorCode;

use crate::account::Account;
use crate::cart::Cart;
use crate::checkout::Checkout;
use crate::entry::SignIn;
use crate::home::Home;
use crate::orders::Orders;
use crate::restaurant::Restaurant;
use crate::shared::Shared;
use crate::track::Track;
use crate::words;

/// Where one can be.
#[derive(Clone, Debug, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[layout(Opened)]
    #[layout(Frame)]
        #[route("/")]
        Home {},
        #[route("/restaurants/:id")]
        Restaurant { id: RestaurantId },
        #[route("/cart")]
        Cart {},
        #[route("/checkout")]
        Checkout {},
        #[route("/orders")]
        Orders {},
        #[route("/orders/:id")]
        Track { id: OrderId },
        #[route("/account")]
        Account {},
        #[route("/account/security")]
        Security {},
        #[route("/account/devices")]
        SignIns {},
        #[route("/account/privacy")]
        Privacy {},
        #[route("/sign-in")]
        SignIn {},
        #[route("/signed-in")]
        SignedIn {},
        #[route("/signed-in/:ticket")]
        SignedInWith { ticket: String },
        #[route("/terms")]
        Terms {},
        #[route("/privacy")]
        PrivacyNotice {},
        #[route("/:..path")]
        Lost { path: Vec<String> },
    #[end_layout]
        #[route("/s/:token")]
        Shared { token: String },
}

/// The app's places, in the order of the bar.
const PLACES: [Route; 3] = [Route::Home {}, Route::Orders {}, Route::Account {}];

/// Goes where links and notifications lead, on every screen.
#[component]
fn Opened() -> Element {
    momfood_kit::opened::use_opened_places();
    rsx! { Outlet::<Route> {} }
}

#[component]
fn Frame() -> Element {
    let here = use_route::<Route>();
    let deep = !PLACES.contains(&here);
    // A new screen begins at its beginning, for those who read with the keyboard too.
    let mut first = use_signal(|| true);
    let place = here.clone();
    use_effect(use_reactive!(|place| {
        let _ = place;
        if *first.peek() {
            first.set(false);
        } else {
            focus_id("content");
        }
    }));
    let shops = matches!(here, Route::Home {} | Route::Restaurant { .. } | Route::Orders {});
    rsx! {
        Outlet::<Route> {}
        div { class: "c-frame", class: if deep { "c-deep" },
            if shops {
                CartPlace { beside: matches!(here, Route::Restaurant { .. }) }
            }
            Places { here }
        }
    }
}

/// The way to the cart, once it holds something. `beside`: on a wide screen the cart stands beside the menu.
#[component]
fn CartPlace(beside: bool) -> Element {
    let navigator = use_navigator();
    let cart = use_query(|| GetCart {}, &[EventKind::Cart, EventKind::Session]);
    let Some(view) = cart.data() else { return rsx! {} };
    let total = view
        .bill
        .as_ref()
        .map(|bill| words::money(bill.subtotal, bill.currency))
        .unwrap_or_default();
    let note = match (&view.problem, &view.bill) {
        (Some(problem), Some(bill)) if problem.code == ErrorCode::BelowMinimum => {
            words::amount_in(problem, "missing")
                .map(|missing| t!("cart-missing", amount: words::price(missing, bill.currency)))
                .unwrap_or_default()
        }
        _ => String::new(),
    };
    rsx! {
        div { class: "c-cart-place", class: if beside { "is-beside" }, "data-testid": "cart-bar", "data-count": "{view.count}",
            CartBar {
                count: view.count,
                total,
                note,
                label: t!("cart-open"),
                onclick: move |()| {
                    navigator.push(Route::Cart {});
                },
            }
        }
    }
}

#[component]
fn Places(here: Route) -> Element {
    let navigator = use_navigator();
    let session = use_session();
    let signed_in = matches!(*session.read(), Session::User(_));
    let items = vec![
        NavItem {
            icon: Icon::Home,
            label: t!("place-home"),
            href: "/".into(),
            badge: 0,
        },
        NavItem {
            icon: Icon::Receipt,
            label: t!("place-orders"),
            href: "/orders".into(),
            badge: 0,
        },
        NavItem {
            icon: Icon::User,
            label: t!("place-account"),
            href: "/account".into(),
            badge: 0,
        },
    ];
    let active = match here {
        Route::Home {} | Route::Restaurant { .. } | Route::Cart {} | Route::Checkout {} => Some(0),
        Route::Orders {} | Route::Track { .. } => Some(1),
        Route::Account {}
        | Route::Security {}
        | Route::SignIns {}
        | Route::Privacy {}
        | Route::SignIn {}
        | Route::SignedIn {}
        | Route::SignedInWith { .. }
        | Route::Terms {}
        | Route::PrivacyNotice {} => Some(2),
        Route::Shared { .. } | Route::Lost { .. } => None,
    };
    rsx! {
        if signed_in {
            PlacesWithOrders { items, active }
        } else {
            BottomNav {
                items,
                active,
                onselect: move |index: usize| {
                    navigator.push(PLACES[index].clone());
                },
            }
        }
    }
}

/// The same, with how many orders are on their way.
#[component]
fn PlacesWithOrders(mut items: Vec<NavItem>, active: Option<usize>) -> Element {
    let navigator = use_navigator();
    let orders = use_query(
        || ListOrders { before: None },
        &[EventKind::Orders, EventKind::Session],
    );
    let live = orders.data().map_or(0, |list| {
        list.orders.iter().filter(|order| !order.status.is_end()).count()
    });
    items[1].badge = u32::try_from(live).unwrap_or(0);
    rsx! {
        BottomNav {
            items,
            active,
            onselect: move |index: usize| {
                navigator.push(PLACES[index].clone());
            },
        }
    }
}

/// An address that leads nowhere.
#[component]
fn Lost(path: Vec<String>) -> Element {
    let navigator = use_navigator();
    let _ = path;
    use_title(t!("lost-title"));
    rsx! {
        main { id: "content", tabindex: "-1", class: "k-page",
            EmptyState { art: Art::Nothing, title: t!("lost-title"), body: t!("lost-body"),
                Button {
                    onclick: move |_| {
                        navigator.replace(Route::Home {});
                    },
                    {t!("lost-home")}
                }
            }
        }
    }
}

//! The kitchen's app: the board, what was, the menu. Read from an arm's length, touched with wet hands.
//!
//! Screens only: they send Calls to the engine and show its Replies. No price, state or permission is decided
//! here. Where to start: [`floor`] holds what every screen stands on; `screens` has a file per screen.

mod alerts;
mod board;
mod clock;
mod deeds;
mod desk;
mod floor;
mod keys;
mod presence;
mod printing;
#[cfg(test)]
mod sample;
mod screens;
#[cfg(test)]
mod stage;
mod stations;
mod tickets;
mod wake;
mod wording;

use dioxus::prelude::*;
use momfood_domain::actor::Role;
use momfood_kit::account::{
    Privacy, PrivacyNotice, Security, SignIns, SignedIn, SignedInWith, StaffEntry, Terms,
};
use momfood_kit::engine::{Session, use_page_engine, use_session};
use momfood_kit::join::{Applicant, Invited};
use momfood_kit::prelude::*;

use floor::{Floor, use_shop};
use screens::account::Account;
use screens::board::{BoardScreen, StationScreen};
use screens::history::History;
use screens::menu::MenuScreen;
use screens::printers::Printers;
use screens::staff::Staff;

/// The app's places.
#[derive(Clone, Debug, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[layout(Frame)]
    #[route("/")]
    BoardScreen {},
    #[route("/history")]
    History {},
    #[route("/menu")]
    MenuScreen {},
    #[route("/account")]
    Account {},
    #[route("/printers")]
    Printers {},
    #[route("/staff")]
    Staff {},
    #[route("/station/:name")]
    StationScreen { name: String },
    #[route("/account/security")]
    Security {},
    #[route("/account/devices")]
    SignIns {},
    #[route("/account/privacy")]
    Privacy {},
    #[end_layout]
    #[route("/signed-in")]
    SignedIn {},
    #[route("/signed-in/:ticket")]
    SignedInWith { ticket: String },
    #[route("/join/:token")]
    Invited { token: String },
    #[route("/terms")]
    Terms {},
    #[route("/privacy")]
    PrivacyNotice {},
    #[route("/:..path")]
    Elsewhere { path: Vec<String> },
}

fn main() {
    momfood_kit::app::start(
        AppName::Kitchen,
        &[
            (Lang::Ar, include_str!("../i18n/ar/kitchen.ftl")),
            (Lang::En, include_str!("../i18n/en/kitchen.ftl")),
            (Lang::Ar, momfood_kit::join::AR),
            (Lang::En, momfood_kit::join::EN),
        ],
        App,
    );
}

#[component]
fn App() -> Element {
    use_page_engine();
    rsx! {
        // The bars of these screens hold the pill that says the same.
        AppFrame { connection_banner: false, Router::<Route> {} }
    }
}

/// Nobody gets past here unnamed; whoever does stands on the floor, where a new order is never missed.
#[component]
fn Frame() -> Element {
    momfood_kit::opened::use_opened_places();
    let session = use_session();
    let route = use_route::<Route>();
    match &*session.read() {
        Session::Unknown => rsx! {
            main { id: "content", class: "k-page", aria_busy: "true",
                div { class: "k-grid", Skeleton { shape: SkeletonShape::Ticket, count: 6 } }
            }
        },
        Session::Nobody => rsx! {
            StaffEntry { title: t!("kitchen-title"), lead: t!("kitchen-lead"), art: Art::Pot }
        },
        // Who works for no restaurant yet: their account, and the way to become one.
        Session::User(me) if me.role != Role::Restaurant => rsx! {
            if matches!(route, Route::Security {} | Route::SignIns {} | Route::Privacy {}) {
                Outlet::<Route> {}
            } else {
                Applicant {}
            }
        },
        Session::User(me) => rsx! {
            Floor { key: "{me.id}",
                Outlet::<Route> {}
                Places {}
            }
        },
    }
}

#[component]
fn Places() -> Element {
    let shop = use_shop();
    let route = use_route::<Route>();
    // A station's window is for its tickets; the way out is in its bar.
    if matches!(route, Route::StationScreen { .. }) {
        return rsx! {};
    }
    let places = [
        Route::BoardScreen {},
        Route::History {},
        Route::MenuScreen {},
        Route::Account {},
    ];
    let active = match route {
        Route::Printers {} | Route::Staff {} | Route::Security {} | Route::SignIns {} | Route::Privacy {} => {
            Some(places.len() - 1)
        }
        route => places.iter().position(|place| *place == route),
    };
    let new = shop
        .board
        .read()
        .data()
        .map_or(0, |board| tickets::count(&board.orders, tickets::Column::New));
    let items = vec![
        NavItem {
            icon: Icon::Board,
            label: t!("kitchen-nav-board"),
            href: "/kitchen/".into(),
            badge: new,
        },
        NavItem {
            icon: Icon::Receipt,
            label: t!("kitchen-nav-history"),
            href: "/kitchen/history".into(),
            badge: 0,
        },
        NavItem {
            icon: Icon::Bowl,
            label: t!("kitchen-nav-menu"),
            href: "/kitchen/menu".into(),
            badge: 0,
        },
        NavItem {
            icon: Icon::Settings,
            label: t!("kitchen-nav-account"),
            href: "/kitchen/account".into(),
            badge: 0,
        },
    ];
    rsx! {
        BottomNav {
            items,
            active,
            onselect: move |index: usize| {
                navigator().push(places[index].clone());
            },
        }
    }
}

/// An address that leads nowhere goes to the board.
#[component]
fn Elsewhere(path: Vec<String>) -> Element {
    use_effect(move || {
        let _ = path;
        navigator().replace(Route::BoardScreen {});
    });
    rsx! {}
}

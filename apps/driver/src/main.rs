//! The driver's app: shift, offer, job, today. Made for one thumb, gloves and sunlight.

mod drafts;
mod location;
mod screens;
mod ways;

use dioxus::prelude::*;
use momfood_domain::actor::Role;
use momfood_kit::account::{
    Privacy, PrivacyNotice, Security, SignIns, SignedIn, SignedInWith, StaffEntry, Terms,
};
use momfood_kit::engine::{Session, use_page_engine, use_session};
use momfood_kit::join::Applicant;
use momfood_kit::prelude::*;

use screens::account::Account;
use screens::home::Home;
use screens::today::Today;

/// The app's places.
#[derive(Clone, Debug, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[layout(Frame)]
    #[route("/")]
    Home {},
    #[route("/today")]
    Today {},
    #[route("/account")]
    Account {},
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
    #[route("/terms")]
    Terms {},
    #[route("/privacy")]
    PrivacyNotice {},
    #[route("/:..path")]
    Elsewhere { path: Vec<String> },
}

fn main() {
    momfood_kit::app::start(
        AppName::Driver,
        &[
            (Lang::Ar, include_str!("../i18n/ar/driver.ftl")),
            (Lang::En, include_str!("../i18n/en/driver.ftl")),
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
        // The line stands in every bar, as a pill.
        AppFrame { connection_banner: false, Router::<Route> {} }
    }
}

/// Nobody gets past here unnamed; whoever does has the bar below and a position that is reported.
#[component]
fn Frame() -> Element {
    momfood_kit::opened::use_opened_places();
    let session = use_session();
    let route = use_route::<Route>();
    match &*session.read() {
        Session::Unknown => rsx! {
            main { id: "content", class: "k-page", Skeleton { shape: SkeletonShape::Row, count: 4 } }
        },
        Session::Nobody => rsx! {
            StaffEntry { title: t!("driver-title"), lead: t!("driver-lead"), art: Art::Waiting }
        },
        // Who does not drive yet: their account, and the way to become a driver.
        Session::User(me) if me.role != Role::Driver => rsx! {
            if matches!(route, Route::Security {} | Route::SignIns {} | Route::Privacy {}) {
                Outlet::<Route> {}
            } else {
                Applicant {}
            }
        },
        Session::User(_) => {
            let places = [Route::Home {}, Route::Today {}, Route::Account {}];
            let active = match route {
                Route::Security {} | Route::SignIns {} | Route::Privacy {} => Some(places.len() - 1),
                route => places.iter().position(|place| *place == route),
            };
            let items = vec![
                NavItem {
                    icon: Icon::Scooter,
                    label: t!("driver-nav-home"),
                    href: "/".into(),
                    badge: 0,
                },
                NavItem {
                    icon: Icon::Wallet,
                    label: t!("driver-nav-today"),
                    href: "/today".into(),
                    badge: 0,
                },
                NavItem {
                    icon: Icon::User,
                    label: t!("driver-nav-account"),
                    href: "/account".into(),
                    badge: 0,
                },
            ];
            rsx! {
                location::Reporter {}
                Outlet::<Route> {}
                BottomNav {
                    items,
                    active,
                    onselect: move |index: usize| {
                        navigator().push(places[index].clone());
                    },
                }
            }
        }
    }
}

/// An address that leads nowhere goes home.
#[component]
fn Elsewhere(path: Vec<String>) -> Element {
    use_effect(move || {
        let _ = path;
        navigator().replace(Route::Home {});
    });
    rsx! {}
}

//! The app of those who run the platform: approvals, people, the audit log. Made for a desktop and a keyboard.
//!
//! Screens only: they send Calls to the engine and show its Replies. What somebody may do is the server's to decide;
//! a screen shows what it refused. Where to start: [`Frame`], then a file per screen.

mod account;
mod approvals;
mod audit;
mod case;
mod people;
mod person;
mod reason;
mod words;

use dioxus::prelude::*;
use momfood_kit::account::{Privacy, PrivacyNotice, Security, SignIns, StaffEntry, Terms};
use momfood_kit::engine::{Session, use_page_engine, use_session};
use momfood_kit::prelude::*;

use account::Account;
use approvals::Approvals;
use audit::Audit;
use case::CasePage;
use people::People;
use person::Person;

/// The app's places.
#[derive(Clone, Debug, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[layout(Frame)]
    #[route("/")]
    Approvals {},
    #[route("/applications/:id")]
    CasePage { id: String },
    #[route("/people")]
    People {},
    #[route("/people/:id")]
    Person { id: String },
    #[route("/audit?:actor&:subject")]
    Audit { actor: String, subject: String },
    #[route("/account")]
    Account {},
    #[route("/account/security")]
    Security {},
    #[route("/account/devices")]
    SignIns {},
    #[route("/account/privacy")]
    Privacy {},
    #[end_layout]
    #[route("/terms")]
    Terms {},
    #[route("/privacy")]
    PrivacyNotice {},
    #[route("/:..path")]
    Elsewhere { path: Vec<String> },
}

impl Route {
    /// The whole audit log.
    pub const fn audit() -> Self {
        Self::Audit {
            actor: String::new(),
            subject: String::new(),
        }
    }
}

fn main() {
    momfood_kit::app::start(
        AppName::Admin,
        &[
            (Lang::Ar, include_str!("../i18n/ar/admin.ftl")),
            (Lang::En, include_str!("../i18n/en/admin.ftl")),
        ],
        App,
    );
}

#[component]
fn App() -> Element {
    use_page_engine();
    rsx! {
        AppFrame { connection_banner: false, Router::<Route> {} }
    }
}

/// Nobody gets past here unnamed.
#[component]
fn Frame() -> Element {
    momfood_kit::opened::use_opened_places();
    let session = use_session();
    match &*session.read() {
        Session::Unknown => rsx! {
            main { id: "content", class: "k-page", aria_busy: "true", Skeleton { shape: SkeletonShape::Row, count: 8 } }
        },
        Session::Nobody => rsx! {
            StaffEntry { title: t!("admin-title"), lead: t!("admin-lead"), art: Art::Calm, newcomers: false }
        },
        Session::User(me) => rsx! {
            div { key: "{me.id}", class: "a-frame",
                Places {}
                div { class: "a-place", Outlet::<Route> {} }
            }
        },
    }
}

/// Where one can go: beside the screen on a desktop, above it on a phone.
#[component]
fn Places() -> Element {
    let route = use_route::<Route>();
    let here = |place: usize| match &route {
        Route::Approvals {} | Route::CasePage { .. } => place == 0,
        Route::People {} | Route::Person { .. } => place == 1,
        Route::Audit { .. } => place == 2,
        Route::Account {} | Route::Security {} | Route::SignIns {} | Route::Privacy {} => place == 3,
        Route::Terms {} | Route::PrivacyNotice {} | Route::Elsewhere { .. } => false,
    };
    let places = [
        (Route::Approvals {}, Icon::Check, t!("admin-nav-approvals")),
        (Route::People {}, Icon::Users, t!("admin-nav-people")),
        (Route::audit(), Icon::List, t!("admin-nav-audit")),
        (Route::Account {}, Icon::User, t!("admin-nav-account")),
    ];
    rsx! {
        nav { class: "a-nav", aria_label: t!("admin-title"),
            p { class: "a-brand k-strong", {t!("kit-product")} span { class: "k-muted k-s", {t!("admin-short")} } }
            for (place, (route, icon, name)) in places.into_iter().enumerate() {
                Link {
                    key: "{place}",
                    to: route,
                    class: if here(place) { "a-nav-item a-here" } else { "a-nav-item" },
                    aria_current: if here(place) { "page" },
                    "data-testid": "nav-{place}",
                    IconView { icon }
                    span { "{name}" }
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
        navigator().replace(Route::Approvals {});
    });
    rsx! {}
}

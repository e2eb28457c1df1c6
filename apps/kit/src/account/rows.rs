//! The frame of the account's screens, and the rows that lead to them.

use dioxus::prelude::*;

use super::entry::Entry;
use crate::components::{AppBar, BackButton, Card, ErrorState, ListRow, Skeleton, SkeletonShape};
use crate::connection::{CONNECTION, Connection};
use crate::engine::{Failure, Session, use_session};
use crate::icons::Icon;
use crate::t;
use crate::title::use_title;
use momfood_protocol::error::ErrorCode;

/// A screen below the account's: a way back, a title, a narrow page.
#[component]
pub fn Page(
    /// What it is.
    #[props(into)]
    title: String,
    children: Element,
) -> Element {
    use_title(title.clone());
    rsx! {
        AppBar { title, start: rsx! { BackButton {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            {children}
        }
    }
}

/// A [`Page`] for who is signed in; the way in for anybody else.
#[component]
pub fn Own(
    /// What it is.
    #[props(into)]
    title: String,
    children: Element,
) -> Element {
    let session = use_session();
    rsx! {
        Page { title,
            match &*session.read() {
                Session::Unknown => rsx! { Skeleton { shape: SkeletonShape::Row, count: 4 } },
                Session::Nobody => rsx! { Card { Entry {} } },
                Session::User(_) => rsx! { {children} },
            }
        }
    }
}

/// What is shown in place of something only the server knows, when it could not be asked.
#[component]
pub fn NeedsLine(
    /// Why it was not answered.
    failure: Failure,
    /// Asked again.
    onretry: EventHandler<()>,
) -> Element {
    let offline =
        failure.code == ErrorCode::Offline || matches!(*CONNECTION.read(), Connection::Offline { .. });
    let body = if offline {
        t!("account-needs-line")
    } else {
        failure.message
    };
    rsx! {
        ErrorState { title: if offline { t!("kit-offline") } else { t!("account-failed") }, body, offline, onretry: move |()| onretry.call(()) }
    }
}

/// Where one decides about one's own account.
#[component]
pub fn AccountRows() -> Element {
    let navigator = use_navigator();
    let places = [
        (Icon::Lock, "security", t!("secure-title"), t!("secure-detail")),
        (
            Icon::Device,
            "devices",
            t!("sessions-title"),
            t!("sessions-detail"),
        ),
        (Icon::User, "privacy", t!("privacy-title"), t!("privacy-detail")),
    ];
    rsx! {
        Card {
            div { class: "k-divide",
                for (icon, place, title, detail) in places {
                    ListRow {
                        key: "{place}",
                        icon,
                        title,
                        detail,
                        "data-testid": "to-{place}",
                        onclick: move |()| {
                            let _ = navigator.push(["/account/", place].concat());
                        },
                    }
                }
            }
        }
    }
}

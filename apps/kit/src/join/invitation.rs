//! An invitation to a restaurant's staff: the link leads here.

use dioxus::prelude::*;
use momfood_protocol::engine::SignOut;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::onboarding::{AcceptInvitation, Joined};

use crate::account::{Entry, Page, Wrong};
use crate::app::AppName;
use crate::art::{Art, Drawing};
use crate::components::{Button, Card, Skeleton, SkeletonShape};
use crate::dom;
use crate::engine::{Session, use_command_result, use_engine, use_session};
use crate::lang::Words as _;
use crate::t;

/// The screen: `/join/:token`.
#[component]
pub fn Invited(
    /// The last part of the link.
    token: String,
) -> Element {
    let session = use_session();
    rsx! {
        Page { title: t!("join-invited"),
            match &*session.read() {
                Session::Unknown => rsx! { Skeleton { shape: SkeletonShape::Row, count: 3 } },
                Session::Nobody => rsx! {
                    div { class: "k-welcome",
                        Drawing { art: Art::Pot }
                        p { class: "k-muted", {t!("join-invited-sign-in")} }
                    }
                    Card { Entry {} }
                },
                Session::User(_) => rsx! { Accept { token } },
            }
        }
    }
}

#[component]
fn Accept(token: String) -> Element {
    let mut joined = use_signal(|| None::<Joined>);
    let mut wrong = use_signal(|| None::<Failure>);
    let accept =
        use_command_result::<AcceptInvitation>(move |answer: Result<Joined, Failure>| match answer {
            Ok(now) => joined.set(Some(now)),
            Err(failure) => wrong.set(Some(failure)),
        });
    let engine = use_engine();
    let gone = wrong
        .read()
        .as_ref()
        .is_some_and(|failure| failure.code == ErrorCode::NotFound);
    rsx! {
        div { class: "k-welcome", "data-testid": "invited",
            Drawing { art: Art::Pot }
            match joined() {
                Some(place) => rsx! {
                    h2 { class: "k-xl k-strong", "data-testid": "joined", {t!("join-joined", name: place.name.here())} }
                    p { class: "k-muted", {t!("join-joined-lead")} }
                },
                None => rsx! {
                    h2 { class: "k-xl k-strong", {t!("join-invited")} }
                    p { class: "k-muted", {t!("join-invited-lead")} }
                },
            }
        }
        if gone {
            p { role: "alert", {t!("join-invited-gone")} }
        } else {
            Wrong { failure: wrong() }
        }
        if joined().is_some() {
            Button { block: true, large: true, "data-testid": "enter-again", onclick: move |_| {
                // This screen is gone before the answer comes: with the session it shows something else.
                engine.ask_then(SignOut {}, move |_| {
                    let home = format!("{}/", AppName::current().prefix());
                    if let Some(window) = dom::window() {
                        let _ = window.location().set_href(&home);
                    }
                });
            }, {t!("join-enter-again")} }
        } else {
            Button { block: true, large: true, busy: accept.busy(), "data-testid": "accept-invitation", onclick: move |_| accept.run(AcceptInvitation { token: token.clone() }), {t!("join-invited-do")} }
        }
    }
}

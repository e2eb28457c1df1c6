//! Where one is signed in: with what, from where, since when; ended one by one or all at once.

use dioxus::prelude::*;
use momfood_protocol::account::SignIn;
use momfood_protocol::engine::Done;
use momfood_protocol::online::{EndOtherSignIns, EndSignIn, GetSignIns};

use super::confirm::{ConfirmGate, use_guard, use_guarded};
use super::rows::{NeedsLine, Own};
use crate::components::{Button, ButtonKind, Card, Confirm, Skeleton, SkeletonShape, StatusPill, Tone};
use crate::engine::{Answer, EventKind, Failure, use_query};
use crate::icons::{Icon, IconView};
use crate::time::use_now;
use crate::toasts::{toast, toast_error};
use crate::{format, t, words};

/// The screen: `/account/devices`.
#[component]
pub fn SignIns() -> Element {
    rsx! {
        Own { title: t!("sessions-title"), List {} }
    }
}

#[component]
fn List() -> Element {
    let list = use_query(|| GetSignIns {}, &[EventKind::Session]);
    let guard = use_guard();
    let mut asking = use_signal(|| None::<Option<SignIn>>);
    let after = move |answer: Result<Done, Failure>| {
        asking.set(None);
        match answer {
            Ok(_) => toast(t!("sessions-ended")),
            Err(failure) => toast_error(failure.message),
        }
        list.again();
    };
    let end = use_guarded::<EndSignIn>(guard, after);
    let end_others = use_guarded::<EndOtherSignIns>(guard, after);
    rsx! {
            p { class: "k-muted", {t!("sessions-lead")} }
            match &*list.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 3 } },
                Answer::Failed(failure, None) => rsx! {
                    NeedsLine { failure: failure.clone(), onretry: move |()| list.again() }
                },
                Answer::Ready(all, _) | Answer::Failed(_, Some(all)) => {
                    let others = all.iter().filter(|sign_in| !sign_in.current).count();
                    rsx! {
                        ul { class: "k-stack", "data-testid": "sign-ins",
                            for sign_in in all.clone() {
                                li { key: "{sign_in.id}",
                                    Card { Row { sign_in: sign_in.clone(), onend: move |()| asking.set(Some(Some(sign_in.clone()))) } }
                                }
                            }
                        }
                        if others > 0 {
                            Button {
                                kind: ButtonKind::Danger,
                                block: true,
                                icon: Icon::SignOut,
                                "data-testid": "end-others",
                                onclick: move |_| asking.set(Some(None)),
                                {t!("sessions-end-others", count: others)}
                            }
                        } else {
                            p { class: "k-muted k-s", {t!("sessions-only-here")} }
                        }
                    }
                }
            }
            match asking() {
                Some(Some(sign_in)) => rsx! {
                    Confirm {
                        title: t!("sessions-end-title", device: device(&sign_in)),
                        body: t!("sessions-end-body"),
                        yes: t!("sessions-end"),
                        danger: true,
                        busy: end.busy(),
                        onyes: move |()| end.run(EndSignIn { id: sign_in.id }),
                        onno: move |()| asking.set(None),
                    }
                },
                Some(None) => rsx! {
                    Confirm {
                        title: t!("sessions-end-others-title"),
                        body: t!("sessions-end-body"),
                        yes: t!("sessions-end"),
                        danger: true,
                        busy: end_others.busy(),
                        onyes: move |()| end_others.run(EndOtherSignIns {}),
                        onno: move |()| asking.set(None),
                    }
                },
                None => rsx! {},
            }
            ConfirmGate { guard }
    }
}

/// What it is signed in on.
pub fn device(sign_in: &SignIn) -> String {
    if sign_in.device.trim().is_empty() {
        t!("sessions-unknown-device")
    } else {
        sign_in.device.clone()
    }
}

#[component]
fn Row(sign_in: SignIn, onend: EventHandler<()>) -> Element {
    let now = use_now();
    let seen = format::relative(sign_in.seen_at, now());
    let how = match sign_in.method.as_str() {
        "code" => t!("sessions-by-code"),
        "passkey" => t!("sessions-by-passkey"),
        "oauth" => t!("sessions-by-oauth"),
        _ => t!("sessions-by-password"),
    };
    rsx! {
        div { class: "k-row", "data-testid": "sign-in-row", "data-current": "{sign_in.current}", "data-id": "{sign_in.id}",
            span { class: "k-list-icon", IconView { icon: Icon::Device } }
            div { class: "k-grow",
                p { class: "k-strong", bdi { {device(&sign_in)} } }
                p { class: "k-muted k-xs k-meta",
                    span { {words::role(sign_in.role)} }
                    span { "{how}" }
                    if sign_in.second_factor {
                        span { {t!("sessions-second-factor")} }
                    }
                }
                p { class: "k-muted k-xs k-meta",
                    span { {t!("sessions-seen", ago: seen)} }
                    if !sign_in.address.is_empty() {
                        span { class: "k-ltr", "{sign_in.address}" }
                    }
                }
            }
            if sign_in.current {
                StatusPill { tone: Tone::Good, icon: Icon::Check, {t!("sessions-this")} }
            } else {
                Button { kind: ButtonKind::Secondary, "data-testid": "end-sign-in", onclick: move |_| onend.call(()), {t!("sessions-end")} }
            }
        }
    }
}

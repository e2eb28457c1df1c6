//! The person: who they are here, language, colours, addresses, and the way out.

use dioxus::prelude::*;
use momfood_kit::account::{AccountRows, InstallHint, LegalLinks, Preferences};
use momfood_kit::engine::{EventKind, Me, Session, use_command, use_query, use_session};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{AskToNotify, DeviceKind, GetDevice, SignOut};

use crate::address::AddressSheet;
use crate::route::Route;

/// The account screen. Language and colours are for everyone.
#[component]
pub fn Account() -> Element {
    use_title(t!("account-title"));
    let session = use_session();
    let me = match &*session.read() {
        Session::User(me) => Some(me.clone()),
        Session::Unknown | Session::Nobody => None,
    };
    let unknown = *session.read() == Session::Unknown;
    rsx! {
        AppBar { title: t!("account-title") }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            if unknown {
                Skeleton { shape: SkeletonShape::Row, count: 2 }
            } else if let Some(me) = me.clone() {
                Person { me }
            } else {
                Guest {}
            }
            Card { Preferences {} }
            Notifications {}
            InstallHint {}
            if me.is_some() {
                Leave {}
            }
            footer { class: "k-foot", LegalLinks {} }
        }
    }
}

#[component]
fn Person(me: Me) -> Element {
    let navigator = use_navigator();
    let mut addresses = use_signal(|| false);
    let name = [me.first_name.clone(), me.last_name.clone()]
        .join(" ")
        .trim()
        .to_owned();
    rsx! {
        div { class: "c-me", "data-testid": "me",
            Avatar { name: name.clone() }
            div { class: "k-grow",
                p { class: "k-l k-strong", "{name}" }
                if let Some(email) = &me.email {
                    p { class: "k-muted k-xs k-ltr", "{email}" }
                }
                if let Some(phone) = &me.phone {
                    p { class: "k-muted k-xs k-num", {format::phone(phone)} }
                }
            }
        }
        Card {
            div { class: "k-divide",
                ListRow { icon: Icon::Pin, title: t!("address-title"), detail: t!("account-addresses"), onclick: move |()| addresses.set(true) }
                ListRow {
                    icon: Icon::Receipt,
                    title: t!("orders-title"),
                    detail: t!("account-orders"),
                    onclick: move |()| {
                        navigator.push(Route::Orders {});
                    },
                }
            }
        }
        AccountRows {}
        if addresses() {
            AddressSheet { onclose: move |()| addresses.set(false) }
        }
    }
}

/// Whether the device says when an order moves on. A browser's page does not.
#[component]
fn Notifications() -> Element {
    let device = use_query(|| GetDevice {}, &[EventKind::Device]);
    let ask = use_command::<AskToNotify>(move |_| {});
    let Some(state) = device.data().filter(|device| device.kind != DeviceKind::Browser) else {
        return rsx! {};
    };
    let (icon, detail, word) = match state.notifications {
        Some(true) => (Icon::Bell, t!("notifications-on"), "on"),
        Some(false) => (Icon::BellOff, t!("notifications-off"), "off"),
        None => (Icon::Bell, t!("notifications-ask"), "ask"),
    };
    rsx! {
        Card {
            ListRow { icon, title: t!("notifications-title"), detail, "data-testid": "notifications", "data-state": word,
                match state.notifications {
                    Some(true) => rsx! { StatusPill { tone: Tone::Good, icon: Icon::Check, {t!("notifications-is-on")} } },
                    Some(false) => rsx! { StatusPill { tone: Tone::Quiet, icon: Icon::BellOff, {t!("notifications-is-off")} } },
                    None => rsx! {
                        Button {
                            kind: ButtonKind::Secondary,
                            busy: ask.busy(),
                            "data-testid": "notifications-do",
                            onclick: move |_| ask.run(AskToNotify {}),
                            {t!("notifications-do")}
                        }
                    },
                }
            }
        }
    }
}

#[component]
fn Guest() -> Element {
    let navigator = use_navigator();
    rsx! {
        Card {
            div { class: "c-guest",
                Drawing { art: Art::Pot }
                h2 { {t!("account-guest")} }
                p { class: "k-muted", {t!("account-guest-body")} }
                Button {
                    block: true,
                    "data-testid": "go-sign-in",
                    onclick: move |_| {
                        navigator.push(Route::SignIn {});
                    },
                    {t!("account-enter")}
                }
            }
        }
    }
}

#[component]
fn Leave() -> Element {
    let navigator = use_navigator();
    let out = use_command::<SignOut>(move |_| {
        navigator.push(Route::Home {});
    });
    rsx! {
        Button {
            kind: ButtonKind::Secondary,
            block: true,
            busy: out.busy(),
            icon: Icon::Power,
            "data-testid": "sign-out",
            onclick: move |_| out.run(SignOut {}),
            {t!("kit-sign-out")}
        }
    }
}

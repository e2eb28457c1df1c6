//! Who is signed in, the bell, the device, language, colours, sign out.

use dioxus::prelude::*;
use momfood_kit::account::{AccountRows, InstallHint, LegalLinks, Preferences, SignOutButton};
use momfood_kit::engine::{Session, use_session};
use momfood_kit::prelude::*;

use super::device::ThisDevice;
use crate::alerts::try_bell;
use crate::floor::use_shop;

/// How long the bell is tried.
const TRY_SECONDS: i64 = 4;
const TRY_MS: u32 = 4_000;

/// The account.
#[component]
pub fn Account() -> Element {
    use_title(t!("kitchen-nav-account"));
    let session = use_session();
    let shop = use_shop();
    let name = shop
        .board
        .read()
        .data()
        .map(|board| board.restaurant.name.here())
        .unwrap_or_default();
    rsx! {
        AppBar { title: t!("kitchen-nav-account"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            if let Session::User(me) = &*session.read() {
                div { class: "k-row",
                    Avatar { name: me.first_name.clone() }
                    div {
                        p { class: "k-m k-strong", "{me.first_name} {me.last_name}" }
                        p { class: "k-muted", "{name}" }
                        if let Some(email) = &me.email {
                            p { class: "k-muted k-s k-ltr", "{email}" }
                        }
                    }
                }
            }
            Card {
                div { class: "k-stack",
                    BellTest {}
                }
            }
            ThisDevice {}
            Card {
                ListRow {
                    icon: Icon::Users,
                    title: t!("kitchen-staff"),
                    detail: t!("kitchen-staff-detail"),
                    onclick: move |()| {
                        navigator().push(crate::Route::Staff {});
                    },
                    "data-testid": "to-staff",
                }
            }
            AccountRows {}
            InstallHint {}
            Preferences {}
            SignOutButton {}
            footer { class: "k-foot", LegalLinks {} }
        }
    }
}

/// Rings once, so that everyone knows what to listen for.
#[component]
fn BellTest() -> Element {
    let mut trying = use_signal(|| false);
    rsx! {
        div { class: "k-row",
            div { class: "k-grow",
                p { class: "k-strong", {t!("kitchen-bell")} }
                p { class: "k-muted k-s", {t!("kitchen-bell-body")} }
            }
            Button {
                kind: ButtonKind::Secondary,
                icon: Icon::Sound,
                disabled: trying(),
                onclick: move |_| {
                    try_bell(TRY_SECONDS);
                    trying.set(true);
                    spawn(async move {
                        sleep_ms(TRY_MS).await;
                        trying.set(false);
                    });
                },
                "data-testid": "bell-test",
                if trying() { {t!("kitchen-bell-ringing")} } else { {t!("kitchen-bell-try")} }
            }
        }
    }
}

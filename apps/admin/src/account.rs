//! Who is signed in here, how this account is kept, language, colours.

use dioxus::prelude::*;
use momfood_kit::account::{AccountRows, Preferences, SignOutButton};
use momfood_kit::engine::{Session, use_session};
use momfood_kit::prelude::*;

use crate::words;

/// The account.
#[component]
pub fn Account() -> Element {
    use_title(t!("admin-nav-account"));
    let session = use_session();
    rsx! {
        AppBar { title: t!("admin-nav-account"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            if let Session::User(me) = &*session.read() {
                div { class: "k-row",
                    Avatar { name: me.first_name.clone() }
                    div {
                        p { class: "k-m k-strong", "{me.first_name} {me.last_name}" }
                        p { class: "k-muted k-s", {words::role(me.role)} }
                        if let Some(email) = &me.email {
                            p { class: "k-muted k-s k-ltr", "{email}" }
                        }
                    }
                }
            }
            AccountRows {}
            Preferences {}
            SignOutButton {}
        }
    }
}

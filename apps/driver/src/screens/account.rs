//! Who is signed in, language, colours, sign out.

use dioxus::prelude::*;
use momfood_kit::account::{AccountRows, InstallHint, LegalLinks, Preferences, SignOutButton};
use momfood_kit::engine::{Session, use_session};
use momfood_kit::prelude::*;

/// The account.
#[component]
pub fn Account() -> Element {
    use_title(t!("driver-nav-account"));
    let session = use_session();
    rsx! {
        AppBar { title: t!("driver-nav-account"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            if let Session::User(me) = &*session.read() {
                div { class: "k-row",
                    Avatar { name: me.first_name.clone() }
                    div {
                        p { class: "k-m k-strong", "{me.first_name} {me.last_name}" }
                        if let Some(email) = &me.email {
                            p { class: "k-muted k-ltr", "{email}" }
                        }
                    }
                }
            }
            StorageNotice {}
            AccountRows {}
            InstallHint {}
            Preferences {}
            SignOutButton {}
            footer { class: "k-foot", LegalLinks {} }
        }
    }
}

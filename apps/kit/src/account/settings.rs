//! How the app looks and speaks, putting it on the home screen, and the way out: the same in every app.

use dioxus::prelude::*;
use momfood_protocol::engine::{SessionState, SignOut};

use crate::components::{Button, ButtonKind, Segmented, Sheet};
use crate::connection::KEPT;
use crate::engine::{Storage, use_command};
use crate::icons::Icon;
use crate::lang::{Lang, lang, set_lang};
use crate::t;
use crate::theme::{Theme, set_theme, theme};

/// Language and colours.
#[component]
pub fn Preferences() -> Element {
    let langs = [Lang::Ar, Lang::En];
    let language = langs.iter().position(|l| *l == lang()).unwrap_or_default();
    let colours = Theme::ALL.iter().position(|t| *t == theme()).unwrap_or_default();
    rsx! {
        div { class: "k-stack",
            Segmented {
                label: t!("kit-language"),
                // Each language in its own words: whoever cannot read the one shown finds theirs.
                options: vec!["العربية".to_owned(), "English".to_owned()],
                selected: language,
                onselect: move |i: usize| set_lang(langs[i]),
                "data-testid": "language",
            }
            Segmented {
                label: t!("kit-theme"),
                options: vec![t!("kit-theme-system"), t!("kit-theme-light"), t!("kit-theme-dark")],
                selected: colours,
                onselect: move |i: usize| set_theme(Theme::ALL[i]),
                "data-testid": "theme",
            }
        }
    }
}

/// How to put the app on the home screen. Shown only while the browser says that it can be: the boot script
/// (`xtask/assets/boot.js`) knows, and does it when the button is pressed.
#[component]
pub fn InstallHint() -> Element {
    rsx! {
        div { class: "k-row k-install", "data-install": "", "data-testid": "install",
            div { class: "k-grow",
                p { class: "k-strong", {t!("kit-install-title")} }
                p { class: "k-muted k-s", "data-install-do": "", {t!("kit-install-why")} }
                p { class: "k-muted k-s", "data-install-share": "", {t!("kit-install-share")} }
            }
            Button { kind: ButtonKind::Secondary, icon: Icon::Plus, "data-install-do": "", "data-testid": "install-do", {t!("kit-install-do")} }
        }
    }
}

/// Ends the session on this device. Asks first when taps wait: they go out as this person's all the same, unless this
/// browser keeps none.
#[component]
pub fn SignOutButton() -> Element {
    let mut asking = use_signal(|| false);
    let sign_out = use_command(move |_state: SessionState| {});
    let kept = *KEPT.read();
    let what_follows = if kept.storage == Some(Storage::Memory) {
        t!("kit-sign-out-loses")
    } else {
        t!("kit-sign-out-keeps")
    };
    rsx! {
        Button {
            kind: ButtonKind::Secondary,
            block: true,
            icon: Icon::Power,
            busy: sign_out.busy(),
            onclick: move |_| {
                if KEPT.peek().waiting > 0 {
                    asking.set(true);
                } else {
                    sign_out.run(SignOut {});
                }
            },
            "data-testid": "sign-out",
            {t!("kit-sign-out")}
        }
        if asking() {
            Sheet {
                title: t!("kit-waiting-unsent", count: kept.waiting),
                onclose: move |()| asking.set(false),
                "data-testid": "sign-out-sheet",
                footer: rsx! {
                    Button { kind: ButtonKind::Quiet, onclick: move |_| asking.set(false), {t!("kit-cancel")} }
                    Button {
                        kind: ButtonKind::Danger,
                        busy: sign_out.busy(),
                        onclick: move |_| sign_out.run(SignOut {}),
                        "data-testid": "sign-out-yes",
                        {t!("kit-sign-out")}
                    }
                },
                p { class: "k-muted", "{what_follows}" }
            }
        }
    }
}

//! Where one signs in, and when: only once it is needed. The way in is also shown in place of a screen that needs a person ([`Members`]), so that
//! a link to an order still leads to the order afterwards.

use dioxus::prelude::*;
use momfood_kit::account::Entry;
use momfood_kit::engine::{Session, use_session};
use momfood_kit::prelude::*;

use crate::route::Route;

/// Shows its children to a signed-in person, and the way in to anybody else.
#[component]
pub fn Members(
    /// Why one should sign in here.
    why: String,
    children: Element,
) -> Element {
    let session = use_session();
    let session = session.read();
    match &*session {
        Session::Unknown => rsx! {
            main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack",
                Skeleton { shape: SkeletonShape::Heading }
                Skeleton { shape: SkeletonShape::Row, count: 4 }
            }
        },
        Session::Nobody => rsx! { WayIn { why } },
        Session::User(_) => children,
    }
}

/// The sign-in screen itself.
#[component]
pub fn SignIn() -> Element {
    let navigator = use_navigator();
    let session = use_session();
    let leave = move || {
        if navigator.can_go_back() {
            navigator.go_back();
        } else {
            navigator.replace(Route::Home {});
        }
    };
    let inside = matches!(*session.read(), Session::User(_));
    use_effect(use_reactive!(|inside| {
        if inside {
            navigator.replace(Route::Home {});
        }
    }));
    rsx! {
        AppBar { start: rsx! { BackButton { onback: move |()| leave() } } }
        WayIn { why: String::new() }
    }
}

/// Language and colours, in two touches, for who is not signed in.
#[component]
pub fn Looks() -> Element {
    let dark = theme() == Theme::Dark;
    rsx! {
        button {
            r#type: "button",
            class: "k-btn k-btn-quiet",
            lang: if lang() == Lang::Ar { "en" } else { "ar" },
            "data-testid": "switch-language",
            onclick: move |_| set_lang(if lang() == Lang::Ar { Lang::En } else { Lang::Ar }),
            IconView { icon: Icon::Globe }
            if lang() == Lang::Ar { "English" } else { "العربية" }
        }
        IconButton {
            icon: if dark { Icon::Sun } else { Icon::Moon },
            label: if dark { t!("looks-light") } else { t!("looks-dark") },
            "data-testid": "switch-theme",
            onclick: move |_| set_theme(if dark { Theme::Light } else { Theme::Dark }),
        }
    }
}

#[component]
fn WayIn(why: String) -> Element {
    use_title(t!("sign-in-title"));
    let why = if why.is_empty() {
        t!("sign-in-welcome")
    } else {
        why
    };
    rsx! {
        main { id: "content", tabindex: "-1", class: "k-page k-narrow c-entry",
            div { class: "c-entry-head",
                span { class: "c-mark", aria_hidden: "true", IconView { icon: Icon::Bowl } }
                h1 { {t!("kit-product")} }
                p { class: "k-muted k-m", "{why}" }
            }
            Card { Entry {} }
            div { class: "k-row-s c-looks", Looks {} }
        }
    }
}

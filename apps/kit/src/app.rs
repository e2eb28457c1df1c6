//! Which app this is, how it starts, and the frame around all its screens.

use std::cell::Cell;

use dioxus::prelude::*;

use crate::a11y::LiveRegions;
use crate::components::MODALS;
use crate::connection::ConnectionBanner;
use crate::outbox::OutboxPlace;
use crate::toasts::Toaster;
use crate::{lang, t, theme};

/// One of the apps; each has its own path, storage and cookie name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppName {
    /// Orders food.
    Customer,
    /// Cooks it.
    Kitchen,
    /// Carries it.
    Driver,
    /// Runs the platform, or helps people.
    Admin,
}

thread_local!(static CURRENT: Cell<AppName> = const { Cell::new(AppName::Customer) });

impl AppName {
    /// Its name in paths, storage keys and class names.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Kitchen => "kitchen",
            Self::Driver => "driver",
            Self::Admin => "admin",
        }
    }

    /// Where it is served: `/`, `/kitchen`, `/driver`, `/admin` (as a router prefix, without an end slash).
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Customer => "",
            Self::Kitchen => "/kitchen",
            Self::Driver => "/driver",
            Self::Admin => "/admin",
        }
    }

    /// The app running in this page.
    pub fn current() -> Self {
        CURRENT.get()
    }
}

/// Starts `app` in this page: remembers its name, registers its words, shows the kept language and theme, and
/// gives the router the path the app is served under.
pub fn start(name: AppName, words: &[(lang::Lang, &'static str)], app: fn() -> Element) {
    CURRENT.set(name);
    for &(lang, source) in words {
        crate::i18n::register(lang, source);
    }
    dioxus::LaunchBuilder::new()
        .with_context_provider(move || Box::new(crate::history::BrowserHistory::of(name)))
        .launch(app);
}

/// The frame around an app's screens: language and theme on the document, the connection band, what waits to be sent
/// (when it is opened), toasts, and the regions screen readers listen to.
#[component]
pub fn AppFrame(
    /// Whether the connection band is shown on top; off where the app's own bar says it.
    #[props(default = true)]
    connection_banner: bool,
    children: Element,
) -> Element {
    use_effect(|| lang::apply(lang::lang()));
    use_effect(|| theme::apply(theme::theme()));
    let under_a_sheet = *MODALS.read() > 0;
    rsx! {
        a { class: "k-skip", href: "#content", onclick: move |event| {
                event.prevent_default();
                crate::a11y::focus_id("content");
            },
            {t!("kit-skip")}
        }
        div { class: "k-app", "data-app": AppName::current().id(),
            if connection_banner {
                ConnectionBanner {}
            }
            {children}
        }
        OutboxPlace {}
        if !under_a_sheet {
            Toaster {}
            LiveRegions {}
        }
    }
}

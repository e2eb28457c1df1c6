//! How the app stands to the server, said as it truly is.

use dioxus::prelude::*;
use momfood_domain::time::Timestamp;

use crate::components::{Banner, BannerKind, StatusPill, Tone};
use crate::icons::Icon;
use crate::{format, t, time};

/// How the app stands to the server, and how many taps wait to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not known yet: the app has just started.
    #[default]
    Starting,
    /// Changes arrive as they happen.
    Live,
    /// The stream is being opened again; what is shown may be some seconds old.
    Reconnecting {
        /// When something was last heard.
        since: Timestamp,
    },
    /// No way to the server; what is shown is as of `since`.
    Offline {
        /// When something was last heard.
        since: Timestamp,
        /// Taps kept on this device, waiting to be sent.
        waiting: u32,
    },
}

/// The connection shown by [`ConnectionBanner`] and [`ConnectionPill`]; written by whoever holds the engine.
pub static CONNECTION: GlobalSignal<Connection> = Signal::global(Connection::default);

/// A band under the app bar while the connection is not live; nothing otherwise. `AppFrame` holds one.
#[component]
pub fn ConnectionBanner() -> Element {
    match *CONNECTION.read() {
        Connection::Starting | Connection::Live => rsx! {},
        Connection::Reconnecting { since } => rsx! {
            SilentFor { since,
                div { "data-testid": "line", "data-status": "reconnecting",
                    Banner { kind: BannerKind::Stale, {t!("kit-reconnecting", since: format::time(since))} }
                }
            }
        },
        Connection::Offline { since, waiting } => rsx! {
            div { "data-testid": "line", "data-status": "offline",
                Banner { kind: BannerKind::Offline,
                    if waiting == 0 {
                        {t!("kit-offline", since: format::time(since))}
                    } else {
                        {t!("kit-offline-waiting", count: waiting)}
                    }
                }
            }
        },
    }
}

/// Shows its children only when `since` is over five seconds past: a hiccup is not worth a word.
#[component]
fn SilentFor(since: Timestamp, children: Element) -> Element {
    let now = time::use_now();
    if now().since(since) < 5 * momfood_domain::time::SECOND {
        rsx! {}
    } else {
        children
    }
}

/// The same in a pill, always shown: for the top bar of the kitchen and the driver.
#[component]
pub fn ConnectionPill() -> Element {
    let (tone, icon, words) = match *CONNECTION.read() {
        Connection::Starting => (Tone::Quiet, Icon::Sync, t!("kit-connecting")),
        Connection::Live => (Tone::Good, Icon::Live, t!("kit-live")),
        Connection::Reconnecting { .. } => (Tone::Warn, Icon::Sync, t!("kit-reconnecting-short")),
        Connection::Offline { waiting: 0, .. } => (Tone::Warn, Icon::CloudOff, t!("kit-offline-short")),
        Connection::Offline { waiting, .. } => (
            Tone::Warn,
            Icon::CloudOff,
            t!("kit-offline-count", count: waiting),
        ),
    };
    rsx! { StatusPill { tone, icon, "{words}" } }
}

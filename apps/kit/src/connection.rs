//! How the app stands to the server, said as it truly is: the line, what waits to be sent, what was refused, and
//! whether what is tapped is kept at all. Shows; sends nothing and keeps nothing.

use dioxus::prelude::*;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::Storage;
use momfood_protocol::error::ErrorCode;

use crate::app::AppName;
use crate::components::{Banner, BannerKind, StatusPill, Tone};
use crate::engine::LineState;
use crate::icons::{Icon, IconView};
use crate::lang::lang;
use crate::outbox::open_outbox;
use crate::span::{for_how_long, now_and_then};
use crate::{format, t, time, toasts};

/// How the app stands to the server.
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
    },
}

impl Connection {
    /// Its name for styles and tests.
    const fn id(self) -> &'static str {
        match self {
            Self::Starting | Self::Reconnecting { .. } => "connecting",
            Self::Live => "live",
            Self::Offline { .. } => "offline",
        }
    }
}

/// What this device keeps of what was tapped here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Taps the server has not confirmed yet.
    pub waiting: u32,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
    /// Refusals nobody has looked at.
    pub refused: u32,
    /// Whether taps outlive the page; not known before the engine has said so.
    pub storage: Option<Storage>,
    /// Whether this build and the server do not fit.
    pub outdated: bool,
}

impl Kept {
    /// As the engine said.
    pub(crate) const fn of(line: LineState) -> Self {
        Self {
            waiting: line.waiting,
            oldest: line.oldest,
            refused: line.refused,
            storage: Some(line.storage),
            outdated: line.outdated,
        }
    }
}

/// The connection shown by [`ConnectionBanner`] and [`ConnectionPill`]; written by whoever holds the engine.
pub static CONNECTION: GlobalSignal<Connection> = Signal::global(Connection::default);
/// What is kept, shown beside it; written by whoever holds the engine.
pub static KEPT: GlobalSignal<Kept> = Signal::global(Kept::default);

/// Shows what is kept; a refusal that was not there before is said aloud.
pub(crate) fn show_kept(kept: Kept) {
    let before = *KEPT.peek();
    // At the start they are old news: the pill says how many.
    if kept.refused > before.refused && before.storage.is_some() {
        toasts::toast_error(t!("kit-refused-now"));
    }
    if kept != before {
        // What a reload would lose: the page's own offer to reload stays away meanwhile, see `xtask/assets/shell.css`.
        let volatile = kept.waiting > 0 && kept.storage == Some(Storage::Memory);
        crate::dom::set_root_attribute("data-taps", volatile.then_some("volatile"));
        *KEPT.write() = kept;
    }
}

/// Seconds a tap may be on its way before it is worth a word.
const ON_ITS_WAY: i64 = 4 * SECOND;

/// A band under the app bar while the connection is not live, or something waits or was refused; nothing otherwise.
/// `AppFrame` holds one.
#[component]
pub fn ConnectionBanner() -> Element {
    let connection = *CONNECTION.read();
    if KEPT.read().outdated {
        return rsx! {
            div { class: "k-band", "data-testid": "line", "data-status": "outdated",
                Banner { kind: BannerKind::Warn, {ErrorCode::ProtocolUnsupported.message(lang())} }
            }
        };
    }
    match connection {
        Connection::Starting => rsx! {},
        // Where a pill stands in the bar it says so all day.
        Connection::Live if AppName::current() != AppName::Customer => rsx! {},
        Connection::Live => rsx! { LeftOver {} },
        Connection::Reconnecting { since } => rsx! { Reconnecting { since } },
        Connection::Offline { since } => rsx! { Offline { since } },
    }
}

/// Live, and still something to say about what was tapped.
#[component]
fn LeftOver() -> Element {
    let now = time::use_now();
    let kept = *KEPT.read();
    let slow = kept.oldest.is_some_and(|at| now().since(at) > ON_ITS_WAY);
    if kept.refused == 0 && !slow {
        return rsx! {};
    }
    let kind = if kept.refused > 0 {
        BannerKind::Warn
    } else {
        BannerKind::Info
    };
    rsx! {
        div { class: "k-band", "data-testid": "line", "data-status": "live",
            Banner { kind, action: t!("kit-look"), onaction: move |()| open_outbox(),
                if kept.refused > 0 {
                    {t!("kit-refused", count: kept.refused)}
                } else {
                    {waiting_words(kept, now())}
                }
            }
        }
    }
}

/// A hiccup is not worth a word: said only after five seconds.
#[component]
fn Reconnecting(since: Timestamp) -> Element {
    let now = time::use_now();
    if now().since(since) < 5 * SECOND {
        return rsx! {};
    }
    rsx! {
        div { class: "k-band", "data-testid": "line", "data-status": "reconnecting",
            Banner { kind: BannerKind::Stale, {t!("kit-reconnecting", since: format::time(since))} }
        }
    }
}

/// For how long, and what still works.
#[component]
fn Offline(since: Timestamp) -> Element {
    let now = time::use_now();
    let kept = *KEPT.read();
    // Where a pill stands in the bar it says so.
    let action = if kept.waiting > 0 && AppName::current() == AppName::Customer {
        t!("kit-waiting", count: kept.waiting)
    } else {
        String::new()
    };
    rsx! {
        div { class: "k-band", "data-testid": "line", "data-status": "offline",
            Banner { kind: BannerKind::Offline, action, onaction: move |()| open_outbox(),
                strong { {offline_words(since, now())} }
                " "
                {still_works(kept.storage)}
            }
        }
    }
}

/// "You have been offline for 12 min."
pub fn offline_words(since: Timestamp, now: Timestamp) -> String {
    match for_how_long(since, now) {
        Some(span) => t!("kit-offline-for", span: span),
        None => t!("kit-offline"),
    }
}

/// What this app can do without a line, as long as taps are kept.
pub fn still_works(storage: Option<Storage>) -> String {
    match (AppName::current(), storage) {
        (AppName::Customer, _) => t!("kit-works-customer"),
        (AppName::Admin, _) => t!("kit-works-admin"),
        (_, Some(Storage::Memory)) => t!("kit-works-memory"),
        (AppName::Kitchen, _) => t!("kit-works-kitchen"),
        (AppName::Driver, _) => t!("kit-works-driver"),
    }
}

/// "3 waiting, oldest 12 min".
fn waiting_words(kept: Kept, now: Timestamp) -> String {
    match kept.oldest.and_then(|at| for_how_long(at, now)) {
        Some(span) => t!("kit-waiting-oldest", count: kept.waiting, span: span),
        None => t!("kit-waiting", count: kept.waiting),
    }
}

/// The connection, what waits and what was refused, always shown: for the top bar of the kitchen and the driver.
/// Touched, it opens all of it.
#[component]
pub fn ConnectionPill() -> Element {
    let connection = *CONNECTION.read();
    let kept = *KEPT.read();
    let (tone, icon, words) = match connection {
        Connection::Starting => (Tone::Quiet, Icon::Sync, t!("kit-connecting")),
        Connection::Live => (Tone::Good, Icon::Live, t!("kit-live")),
        Connection::Reconnecting { .. } => (Tone::Warn, Icon::Sync, t!("kit-reconnecting-short")),
        Connection::Offline { .. } => (Tone::Warn, Icon::CloudOff, t!("kit-offline-short")),
    };
    rsx! {
        button {
            r#type: "button",
            class: "k-line",
            title: t!("kit-outbox-title"),
            aria_haspopup: "dialog",
            onclick: move |_| open_outbox(),
            "data-testid": "connection",
            "data-line": connection.id(),
            "data-waiting": "{kept.waiting}",
            "data-refused": "{kept.refused}",
            "data-storage": kept.storage.map(storage_id),
            StatusPill { tone, icon, "{words}" }
            if kept.waiting > 0 {
                Waiting { at_once: connection != Connection::Live }
            }
            if kept.refused > 0 {
                span { class: "k-pill is-bad k-line-refused", "data-testid": "refused-count",
                    IconView { icon: Icon::Alert }
                    {t!("kit-refused-count", count: kept.refused)}
                }
            }
        }
    }
}

/// "3 waiting · 12 min". While live, what is on its way a moment is not worth a word.
#[component]
fn Waiting(at_once: bool) -> Element {
    let now = time::use_now();
    let kept = *KEPT.read();
    let fresh = kept.oldest.is_some_and(|at| now().since(at) < ON_ITS_WAY);
    if fresh && !at_once {
        return rsx! {};
    }
    rsx! {
        span { class: "k-pill is-warn k-num k-line-waiting", "data-testid": "waiting-count",
            IconView { icon: Icon::Sync }
            {t!("kit-waiting", count: kept.waiting)}
            if let Some(span) = kept.oldest.and_then(|at| for_how_long(at, now())) {
                span { class: "k-line-age", {t!("kit-oldest", span: span)} }
            }
        }
    }
}

/// The name a kind of storage has on the wire.
const fn storage_id(storage: Storage) -> &'static str {
    match storage {
        Storage::Memory => "memory",
        Storage::Durable => "durable",
        Storage::Recovered => "recovered",
    }
}

/// Says plainly when this browser cannot keep what is tapped, or could not read what it had kept.
#[component]
pub fn StorageNotice(
    /// Whether there is a way to close it, for this page; in the sheet it stays.
    #[props(default)]
    closable: bool,
) -> Element {
    static SEEN: GlobalSignal<bool> = Signal::global(|| false);
    let words = match KEPT.read().storage {
        Some(Storage::Memory) => t!("kit-storage-memory"),
        Some(Storage::Recovered) => t!("kit-storage-recovered"),
        Some(Storage::Durable) | None => return rsx! {},
    };
    let storage = KEPT.read().storage;
    // What says that there is no line says this too, in an app for people who work.
    let said = storage == Some(Storage::Memory) && matches!(*CONNECTION.read(), Connection::Offline { .. });
    if closable && (said || *SEEN.read()) {
        return rsx! {};
    }
    let id = storage.map(storage_id);
    rsx! {
        div { "data-testid": "storage-notice", "data-storage": id,
            Banner {
                kind: BannerKind::Warn,
                action: if closable { t!("kit-understood") } else { String::new() },
                onaction: move |()| *SEEN.write() = true,
                "{words}"
            }
        }
    }
}

/// A mark on what this device has changed and the server has not confirmed. Shows itself only after a moment: with a
/// line, a tap is confirmed before one has looked up.
#[component]
pub fn UnconfirmedMark() -> Element {
    rsx! {
        span { class: "k-unconfirmed k-late", title: t!("kit-unconfirmed-why"), "data-testid": "unconfirmed",
            IconView { icon: Icon::Sync }
            {t!("kit-unconfirmed")}
        }
    }
}

/// "12:04 pm", or with the day when that was another one: for "as of".
pub fn as_of(at: Timestamp) -> String {
    now_and_then(at, time::now())
}

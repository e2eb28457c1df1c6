//! What a kitchen must know while there is no line: for how long, of when the board is, that taps are kept, and that no
//! order can come, because the platform takes none for a kitchen it has not heard of.

use dioxus::prelude::*;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_kit::connection::{as_of, offline_words, still_works};
use momfood_kit::engine::use_connection;
use momfood_kit::prelude::*;

/// After this long without a sign of it, the platform takes no orders for a kitchen.
const UNREACHABLE: i64 = MINUTE;

/// Whether customers can still place an order that would not reach this screen.
fn may_still_be_ordered_from(silent_since: Timestamp, now: Timestamp) -> bool {
    now.since(silent_since) < UNREACHABLE
}

/// The band; nothing while the board is of this moment.
#[component]
pub fn LineStrip(
    /// When the server last said how the board is.
    as_of: Option<Timestamp>,
) -> Element {
    let connection = *CONNECTION.read();
    match connection {
        Connection::Live => rsx! {},
        Connection::Offline { since } => rsx! { Offline { since, at: as_of } },
        Connection::Starting => match as_of {
            Some(at) => rsx! { Old { at } },
            None => rsx! {},
        },
        Connection::Reconnecting { since } => rsx! { Old { at: as_of.unwrap_or(since) } },
    }
}

#[component]
fn Offline(since: Timestamp, at: Option<Timestamp>) -> Element {
    let now = use_now();
    let line = use_connection();
    let heard = line.read().heard_at.map(|_| since);
    // Opened without a line, the page has never heard the server: the board knows when this device last did.
    let silent = at.unwrap_or(since).min(since);
    let of_when = match at.or(heard) {
        Some(at) => t!("kitchen-as-of", time: as_of(at)),
        None => t!("kitchen-as-of-kept"),
    };
    let orders = if may_still_be_ordered_from(silent, now()) {
        t!("kitchen-offline-orders-soon")
    } else {
        t!("kitchen-offline-orders")
    };
    rsx! {
        div { class: "t-strip t-offline", role: "status", "data-testid": "line", "data-status": "offline",
            IconView { icon: Icon::CloudOff }
            div { class: "k-grow",
                p { class: "t-offline-head",
                    strong { {offline_words(silent, now())} }
                    " "
                    span { "data-testid": "as-of", "{of_when}" }
                }
                p {
                    {still_works(KEPT.read().storage)}
                    " "
                    {orders}
                }
            }
        }
    }
}

/// Being caught up on: said when it is older than a hiccup.
#[component]
fn Old(at: Timestamp) -> Element {
    let now = use_now();
    if now().since(at) < MINUTE / 12 {
        return rsx! {};
    }
    rsx! {
        div { class: "t-strip t-offline", role: "status", "data-testid": "line", "data-status": "reconnecting",
            IconView { icon: Icon::Sync }
            span { class: "k-grow", "data-testid": "as-of", {t!("kit-reconnecting", since: as_of(at))} }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::NOON;

    #[test]
    fn after_a_minute_of_silence_nobody_can_order_here() {
        assert!(may_still_be_ordered_from(NOON, NOON.plus_seconds(59)));
        assert!(!may_still_be_ordered_from(NOON, NOON.plus_seconds(60)));
    }
}

//! What comes over whatever is shown, and rings: a new order, an order called off while it cooks.

mod cancelled;
mod new_order;

use dioxus::prelude::*;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_kit::engine::{EventKind, use_event};
use momfood_kit::prelude::*;
use momfood_kit::sound;
use momfood_protocol::engine::Event;

use crate::desk::{self, Pressing, rings_at};
use crate::floor::use_shop;
use crate::presence::ALONE;
use crate::stations::Stand;
use crate::tickets::short_number;
use cancelled::Cancelled;
use new_order::NewOrders;

/// Silence after a touch: somebody is at it. Then it rings again, until it is answered.
const QUIET_SECONDS: i64 = 12;

static QUIET_UNTIL: GlobalSignal<Timestamp> = Signal::global(Timestamp::default);

/// Rings until then, only to be heard.
static TRIED_UNTIL: GlobalSignal<Timestamp> = Signal::global(Timestamp::default);

/// Rings for some seconds, so that everyone knows what to listen for. A new order meanwhile keeps it ringing.
pub fn try_bell(seconds: i64) {
    sound::unlock();
    *TRIED_UNTIL.write() = now().plus_seconds(seconds);
}

/// Somebody touched the question: no need to shout at them.
fn hush() {
    *QUIET_UNTIL.write() = now().plus_seconds(QUIET_SECONDS);
}

/// Shows what is pressing, one thing at a time, and rings for it. A station leaves the bell and the new orders to the
/// board of the whole kitchen, if one is open on this device; what it has to stop making, it is told.
#[component]
pub fn Alerts(stand: Stand) -> Element {
    let shop = use_shop();
    let mut stands = use_signal(|| stand.clone());
    if *stands.peek() != stand {
        stands.set(stand);
    }
    let answers = use_memo(move || match &*stands.read() {
        Stand::Kitchen => true,
        Stand::Station(name) => ALONE() && rings_at(name),
    });
    let clock = use_now();
    // Sound that needs no touch takes a moment all the same: begun now, it is there for the first order.
    use_hook(sound::is_running);
    let pressing = use_memo(move || {
        let board = shop.board.read();
        let mut found = board
            .data()
            .map(|board| desk::pressing(board, clock()))
            .unwrap_or_default();
        if !answers() {
            found.asking.clear();
        }
        let menu = shop.menu.read();
        let menu = menu.data().map(|view| &view.menu);
        let stand = stands.read();
        found
            .called_off
            .retain(|order| stand.share(order, menu).is_some());
        found
    });
    let rings = use_memo(move || {
        let Pressing { asking, called_off } = &*pressing.read();
        // When the time to answer is over there is nothing left to ring for.
        let open = asking
            .iter()
            .any(|order| order.accept_by.is_none_or(|by| clock() < by));
        let tried = clock() < *TRIED_UNTIL.read();
        tried || answers() && (!called_off.is_empty() || (open && clock() >= *QUIET_UNTIL.read()))
    });
    use_effect(move || if rings() { sound::ring() } else { sound::silence() });
    use_drop(sound::silence);
    use_event(&[EventKind::NewOrder], move |event| {
        let Event::NewOrder { .. } = event else { return };
        // A silence was for the orders that were there.
        *QUIET_UNTIL.write() = Timestamp(now().0 - SECOND);
        if *answers.peek() {
            announce_now(t!("kitchen-new-order"));
        }
    });
    let Pressing { asking, called_off } = pressing();
    let board = shop.board.read();
    let Some(settings) = board.data().map(|board| board.restaurant.clone()) else {
        return rsx! {};
    };
    rsx! {
        if let Some(order) = called_off.first() {
            Cancelled { key: "{order.id}", order: order.clone(), more: called_off.len() - 1 }
        } else if !asking.is_empty() {
            NewOrders { orders: asking, settings }
        }
    }
}

/// Said where the bell should ring and cannot: one touch brings it.
#[component]
fn BellBlocked() -> Element {
    if *BELL.read() != Bell::Blocked {
        return rsx! {};
    }
    rsx! {
        button { r#type: "button", class: "t-strip is-warn", onclick: move |_| sound::unlock(), "data-testid": "unlock-sound",
            IconView { icon: Icon::SoundOff }
            span { class: "k-grow", {t!("kitchen-sound-off")} }
            strong { {t!("kitchen-sound-on")} }
        }
    }
}

/// A number as one hears and reads it: its last four digits.
fn said(number: &str) -> String {
    format::isolate_ltr(short_number(number))
}

//! Bands between the bar and the tickets: the line, sound that is off, a pause, what is sold out, ends nobody asked
//! for.

use dioxus::prelude::*;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::SECOND;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_kit::sound;
use momfood_protocol::engine::{Board, PauseRestaurant};
use momfood_protocol::view::{KitchenSettings, OrderView};

use super::Open;
use super::line::LineStrip;
use super::paper::PaperStrips;
use super::pause::{Pause, paused};
use super::sold_out::sold_out;
use crate::desk;
use crate::floor::use_shop;
use crate::stations::Stand;
use crate::tickets::short_number;
use crate::wording;

/// Sound that needs no touch is there by then.
const SOUND_MAY_COME: i64 = 2 * SECOND;

/// All bands that have something to say.
#[component]
pub fn Strips(board: Board, stand: Stand, open: Signal<Open>) -> Element {
    let is_station = stand != Stand::Kitchen;
    rsx! {
        div { class: "t-strips",
            LineStrip { as_of: board.as_of }
            StorageNotice { closable: true }
            SoundOff {}
            PaperStrips { station: stand.station().map(str::to_owned) }
            if is_station {
                NotOnTheMenu { stand }
            } else {
                Paused { settings: board.restaurant.clone() }
            }
            SoldOut { open }
            if !is_station {
                News { board }
            }
        }
    }
}

/// A station whose name stands on no heading of the menu any more.
#[component]
fn NotOnTheMenu(stand: Stand) -> Element {
    let shop = use_shop();
    let menu = shop.menu.read();
    let known = menu
        .data()
        .is_none_or(|view| view.menu.stations().contains(&stand.name()));
    if known {
        return rsx! {};
    }
    rsx! {
        div { class: "t-strip is-warn", role: "status", "data-testid": "unknown-station",
            IconView { icon: Icon::Info }
            span { class: "k-grow", {t!("kitchen-station-unknown", name: wording::station(stand.name()))} }
        }
    }
}

/// Sound waits for a touch: said before the first order comes, not after.
#[component]
pub fn SoundOff() -> Element {
    let now = use_now();
    // The browser tells nobody when sound comes on: look once a second. Where it comes on by itself, it takes a moment.
    let began = use_hook(momfood_kit::time::device_now);
    let _beat = now();
    let waited = momfood_kit::time::device_now().since(began);
    if sound::is_running() || waited < SOUND_MAY_COME {
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

#[component]
fn Paused(settings: KitchenSettings) -> Element {
    let shop = use_shop();
    let resume = use_command(move |_: KitchenSettings| toast(t!("kitchen-resumed")));
    let now = use_now();
    let Some(pause) = paused(&settings, now()) else {
        return rsx! {};
    };
    rsx! {
        div { class: "t-strip is-warn is-strong", role: "status", "data-testid": "paused",
            IconView { icon: Icon::Pause }
            span { class: "k-grow",
                match pause {
                    Pause::Until(until) => rsx! {
                        {t!("kitchen-paused-until", time: format::time(until))}
                        " "
                        b { class: "k-num t-strip-clock", {format::countdown(now().seconds_until(until))} }
                    },
                    Pause::Open => rsx! { {t!("kitchen-paused-open")} },
                }
            }
            if shop.is_unsent("restaurant.pause") {
                UnconfirmedMark {}
            }
            Button {
                icon: Icon::Play,
                busy: resume.busy(),
                onclick: move |_| resume.run(PauseRestaurant { minutes: Some(0) }),
                "data-testid": "resume",
                {t!("kitchen-resume")}
            }
        }
    }
}

#[component]
fn SoldOut(open: Signal<Open>) -> Element {
    let shop = use_shop();
    let now = use_now();
    let names = use_memo(move || {
        let view = shop.menu.read();
        let names = view.data().map(|view| sold_out(&view.menu, now()));
        names
            .unwrap_or_default()
            .into_iter()
            .map(|item| item.name.here())
            .collect::<Vec<_>>()
    });
    if names.read().is_empty() {
        return rsx! {};
    }
    rsx! {
        button { r#type: "button", class: "t-strip", onclick: move |_| open.set(Open::SoldOut), "data-testid": "sold-out-strip",
            IconView { icon: Icon::Stop }
            strong { {t!("kitchen-sold-out")} }
            span { class: "k-grow k-clip", {names.read().join(t!("kitchen-comma").as_str())} }
            if shop.is_unsent("menu.availability") {
                UnconfirmedMark {}
            }
            IconView { icon: Icon::ChevronNext }
        }
    }
}

/// Orders that ended without the kitchen, each until somebody has read it.
#[component]
fn News(board: Board) -> Element {
    let now = use_now();
    rsx! {
        for order in desk::news(&board, now()) {
            NewsStrip { key: "{order.id}", order }
        }
    }
}

#[component]
fn NewsStrip(order: OrderView) -> Element {
    let id = order.id;
    let number = format::isolate_ltr(short_number(&order.number));
    let because = order.reason.map(wording::because);
    let (icon, words) = match order.status {
        OrderStatus::Expired => (Icon::Clock, t!("kitchen-news-expired", number: number)),
        OrderStatus::Failed => (Icon::Undo, t!("kitchen-news-returns", number: number)),
        _ => (Icon::Close, t!("kitchen-news-cancelled", number: number)),
    };
    rsx! {
        div { class: "t-strip is-bad", role: "alert", "data-testid": "news", "data-id": "{id}", "data-status": momfood_kit::words::status_id(order.status),
            IconView { icon }
            span { class: "k-grow",
                "{words}"
                if let Some(because) = because {
                    " "
                    span { class: "t-because", "{because}" }
                }
            }
            Button { kind: ButtonKind::Secondary, onclick: move |_| desk::mark_read(id), "data-testid": "news-read", {t!("kitchen-understood")} }
        }
    }
}

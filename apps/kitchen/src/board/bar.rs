//! The top bar: the restaurant, the line as it truly is, and what a kitchen reaches for all day.

use dioxus::prelude::*;
use momfood_kit::prelude::*;

use super::Open;
use super::pause::paused;
use super::sold_out::sold_out;
use crate::desk;
use crate::floor::{use_full_screen, use_shop};
use crate::presence::ALONE;
use crate::stations::{Stand, StationBoard};
use crate::tickets::to_cook;
use crate::wording;

/// The bar.
#[component]
pub fn TopBar(
    /// The restaurant's name.
    name: String,
    /// Where the board stands.
    stand: Stand,
    /// What is open over the board.
    open: Signal<Open>,
) -> Element {
    let shop = use_shop();
    let now = use_now();
    let board = shop.board.read();
    let settings = board.data().map(|board| &board.restaurant);
    let is_paused = use_memo(move || {
        let board = shop.board.read();
        board
            .data()
            .is_some_and(|board| paused(&board.restaurant, now()).is_some())
    });
    let ready = settings.is_some();
    let gone = use_memo(move || {
        shop.menu
            .read()
            .data()
            .map_or(0, |view| sold_out(&view.menu, now()).len())
    });
    let cooking: u32 = board.data().map_or(0, |board| {
        let entries = if stand == Stand::Kitchen {
            to_cook(&board.orders)
        } else {
            let menu = shop.menu.read();
            let here = StationBoard::of(&board.orders, menu.data().map(|view| &view.menu), &stand);
            to_cook(&here.open.into_iter().map(|share| share.order).collect::<Vec<_>>())
        };
        entries.iter().map(|entry| entry.count).sum()
    });
    let has_stations = shop
        .menu
        .read()
        .data()
        .is_some_and(|view| !view.menu.stations().is_empty());
    let full_screen = shop.device().full_screen;
    let change_window = use_full_screen(shop.device);
    let station = stand.station().map(str::to_owned);
    rsx! {
        header { class: "t-bar",
            if let Some(station) = &station {
                h1 { class: "t-bar-name is-station",
                    IconView { icon: Icon::Chef }
                    bdi { class: "k-clip", {wording::station(station)} }
                    small { class: "k-clip", "{name}" }
                }
            } else {
                h1 { class: "t-bar-name k-clip", "{name}" }
            }
            ConnectionPill {}
            span { class: "k-grow" }
            nav { class: "t-tools", aria_label: t!("kitchen-tools"),
                if let Some(station) = station.clone() {
                    RingsHere { station }
                } else {
                Tool {
                    icon: if is_paused() { Icon::Play } else { Icon::Pause },
                    words: if is_paused() { t!("kitchen-paused") } else { t!("kitchen-pause") },
                    count: 0,
                    on: is_paused(),
                    disabled: !ready,
                    onclick: move |()| open.set(Open::Pause),
                    testid: "pause",
                }
                }
                Tool {
                    icon: Icon::Stop,
                    words: t!("kitchen-sold-out"),
                    count: gone(),
                    on: false,
                    disabled: false,
                    onclick: move |()| open.set(Open::SoldOut),
                    testid: "sold-out",
                }
                Tool {
                    icon: Icon::List,
                    words: t!("kitchen-all-day"),
                    count: cooking as usize,
                    on: false,
                    disabled: !ready,
                    onclick: move |()| open.set(Open::AllDay),
                    testid: "all-day",
                }
                if has_stations || station.is_some() {
                    Tool {
                        icon: Icon::Chef,
                        words: t!("kitchen-stations"),
                        count: 0,
                        on: false,
                        disabled: false,
                        onclick: move |()| open.set(Open::Stations),
                        testid: "stations",
                    }
                }
                if let Some(full) = full_screen {
                    IconButton {
                        icon: if full { Icon::SmallScreen } else { Icon::FullScreen },
                        label: if full { t!("kitchen-full-screen-off") } else { t!("kitchen-full-screen") },
                        class: "t-window-button",
                        onclick: move |_| {
                            change_window.call(());
                        },
                        "data-testid": "full-screen",
                    }
                }
                IconButton {
                    icon: Icon::Help,
                    label: t!("kitchen-keys"),
                    class: "t-keys-button",
                    onclick: move |_| open.set(Open::Keys),
                    "data-testid": "keys",
                }
            }
        }
    }
}

/// Whether a station's window, with no board of the whole kitchen open beside it, asks for new orders.
#[component]
fn RingsHere(station: String) -> Element {
    if !ALONE() {
        return rsx! {};
    }
    let rings = desk::rings_at(&station);
    rsx! {
        Tool {
            icon: if rings { Icon::Bell } else { Icon::BellOff },
            words: if rings { t!("kitchen-rings-here") } else { t!("kitchen-rings-elsewhere") },
            count: 0,
            on: false,
            disabled: false,
            onclick: move |()| {
                desk::let_ring_at(&station, !rings);
                toast(if rings { t!("kitchen-rings-elsewhere-body") } else { t!("kitchen-rings-here-body") });
            },
            testid: "rings-here",
        }
    }
}

#[component]
fn Tool(
    icon: Icon,
    words: String,
    count: usize,
    on: bool,
    disabled: bool,
    onclick: EventHandler<()>,
    testid: &'static str,
) -> Element {
    rsx! {
        button {
            r#type: "button",
            class: "t-tool",
            class: if on { "is-on" },
            title: "{words}",
            disabled,
            onclick: move |_| onclick.call(()),
            "data-testid": testid,
            IconView { icon }
            span { class: "t-tool-words", "{words}" }
            if count > 0 {
                span { class: "t-tool-count k-num", {format::number(i64::try_from(count).unwrap_or(i64::MAX))} }
            }
        }
    }
}

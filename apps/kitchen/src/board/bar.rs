//! The top bar: the restaurant, the line as it truly is, and what a kitchen reaches for all day.

use dioxus::prelude::*;
use momfood_kit::prelude::*;

use super::Open;
use super::pause::paused;
use super::sold_out::sold_out;
use crate::floor::use_shop;
use crate::tickets::to_cook;

/// The bar.
#[component]
pub fn TopBar(name: String, open: Signal<Open>) -> Element {
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
        to_cook(&board.orders).iter().map(|entry| entry.count).sum()
    });
    rsx! {
        header { class: "t-bar",
            h1 { class: "t-bar-name k-clip", "{name}" }
            ConnectionPill {}
            span { class: "k-grow" }
            nav { class: "t-tools", aria_label: t!("kitchen-tools"),
                Tool {
                    icon: if is_paused() { Icon::Play } else { Icon::Pause },
                    words: if is_paused() { t!("kitchen-paused") } else { t!("kitchen-pause") },
                    count: 0,
                    on: is_paused(),
                    disabled: !ready,
                    onclick: move |()| open.set(Open::Pause),
                    testid: "pause",
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

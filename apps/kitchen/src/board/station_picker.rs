//! The stations' boards, to be opened: each in a window of its own where the device has windows, else in this one.

use dioxus::prelude::*;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::{Done, OpenStation};

use crate::Route;
use crate::floor::use_shop;
use crate::stations::{Stand, StationBoard};
use crate::wording;

/// The sheet. `stand` is where one is.
#[component]
pub fn StationPicker(stand: Stand, onclose: EventHandler<()>) -> Element {
    let shop = use_shop();
    let board = shop.board.read();
    let menu = shop.menu.read();
    let menu = menu.data().map(|view| &view.menu);
    let orders = board
        .data()
        .map(|board| board.orders.as_slice())
        .unwrap_or_default();
    let names: Vec<&str> = menu.map(momfood_domain::menu::Menu::stations).unwrap_or_default();
    let stands: Vec<(Stand, Option<usize>)> = std::iter::once((Stand::Kitchen, None))
        .chain(names.into_iter().map(|name| {
            let there = Stand::from(name);
            let left = StationBoard::of(orders, menu, &there).open.len();
            (there, Some(left))
        }))
        .collect();
    let has_windows = shop.device().windows;
    rsx! {
        Sheet { title: t!("kitchen-stations"), onclose: move |()| onclose.call(()), "data-testid": "stations-sheet",
            if stands.len() > 1 {
                p { class: "k-muted",
                    {t!("kitchen-stations-body")}
                    if has_windows {
                        " "
                        {t!("kitchen-stations-windows")}
                    }
                }
                div { class: "k-divide",
                    for (there, left) in stands {
                        StandRow {
                            key: "{there.name()}",
                            is_here: there == stand,
                            there,
                            left,
                            onclose,
                        }
                    }
                }
            } else {
                EmptyState { art: Art::Pot, title: t!("kitchen-stations-none"), body: t!("kitchen-stations-none-body"),
                    Button {
                        icon: Icon::Bowl,
                        onclick: move |_| {
                            navigator().push(Route::MenuScreen {});
                        },
                        {t!("kitchen-stations-to-menu")}
                    }
                }
            }
        }
    }
}

#[component]
fn StandRow(there: Stand, left: Option<usize>, is_here: bool, onclose: EventHandler<()>) -> Element {
    let shop = use_shop();
    let opened = use_command(move |_: Done| onclose.call(()));
    let (icon, title) = match there.station() {
        None => (Icon::Board, t!("kitchen-whole-board")),
        Some(name) => (Icon::Chef, wording::station(name)),
    };
    let detail = match left {
        Some(left) => t!("kitchen-station-left", count: left),
        None => t!("kitchen-whole-board-body"),
    };
    let name = there.name().to_owned();
    let go = move |()| {
        if shop.device().windows {
            let station = there.station().map(str::to_owned);
            opened.run(OpenStation { station });
            return;
        }
        // The sheet goes with the board below it.
        navigator().push(match &there {
            Stand::Kitchen => Route::BoardScreen {},
            Stand::Station(name) => Route::StationScreen { name: name.clone() },
        });
    };
    rsx! {
        if is_here {
            ListRow { title, detail, icon: Some(icon), "data-testid": "stand", "data-station": "{name}", "aria-current": "page",
                StatusPill { tone: Tone::Good, icon: Icon::Check, {t!("kitchen-station-here")} }
            }
        } else {
            ListRow { title, detail, icon: Some(icon), onclick: go, "data-testid": "stand", "data-station": "{name}" }
        }
    }
}

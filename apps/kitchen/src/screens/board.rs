//! The board: every order that is the kitchen's, in three columns; or what one station makes of them.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::engine::{Answer, ErrorCode};
use momfood_kit::prelude::*;
use momfood_protocol::engine::Board;

use crate::board::Open;
use crate::board::all_day::AllDay;
use crate::board::bar::TopBar;
use crate::board::columns::{Columns, on_display};
use crate::board::hand_over::HandOverSheet;
use crate::board::keys_help::KeysHelp;
use crate::board::order_sheet::OrderSheet;
use crate::board::pause::{PauseSheet, paused};
use crate::board::sold_out::SoldOutSheet;
use crate::board::station::StationTickets;
use crate::board::station_picker::StationPicker;
use crate::board::strips::Strips;
use crate::desk;
use crate::floor::{Shop, use_shop};
use crate::keys::{Press, press_first, show_first, use_keys};
use crate::stations::{Stand, StationBoard};
use crate::tickets::{self, Column};
use crate::wording;

/// The first screen.
#[component]
pub fn BoardScreen() -> Element {
    rsx! { BoardOf { stand: Stand::Kitchen } }
}

/// A station's own board.
#[component]
pub fn StationScreen(name: String) -> Element {
    // Another station is another board: nothing of the last one is selected or open there.
    rsx! {
        for stand in [Stand::from(name.as_str())] {
            BoardOf { key: "{stand.name()}", stand }
        }
    }
}

#[component]
fn BoardOf(stand: Stand) -> Element {
    let shop = use_shop();
    let open = use_signal(Open::default);
    let selected = use_signal(|| None::<OrderId>);
    let board = shop.board.read();
    let new = board
        .data()
        .map_or(0, |board| tickets::count(&board.orders, Column::New));
    use_title(match stand.station() {
        Some(name) => wording::station(name),
        None if new > 0 => t!("kitchen-board-title-new", count: new),
        None => t!("kitchen-nav-board"),
    });
    let here = stand.clone();
    use_keys(move |press| pressed(&press, &shop, &here, selected, open));
    let name = board
        .data()
        .map(|board| board.restaurant.name.here())
        .unwrap_or_default();
    let menu = shop.menu.read();
    let menu = menu.data().map(|view| &view.menu);
    rsx! {
        TopBar { name, stand: stand.clone(), open }
        main { id: "content", tabindex: "-1", class: "t-board", "data-testid": "board",
            match &*board {
                Answer::Loading => rsx! {
                    div { class: "t-columns",
                        for column in Column::ALL {
                            div { key: "{column.id()}", class: "t-column",
                                Skeleton { shape: SkeletonShape::Heading }
                                Skeleton { shape: SkeletonShape::Ticket, count: 2 }
                            }
                        }
                    }
                },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState {
                        title: t!("kitchen-board-failed"),
                        body: failure.message.clone(),
                        offline: failure.code == ErrorCode::Offline,
                        onretry: move |()| shop.board.again(),
                    }
                },
                Answer::Ready(board, _) | Answer::Failed(_, Some(board)) => rsx! {
                    Strips { board: board.clone(), stand: stand.clone(), open }
                    if stand != Stand::Kitchen {
                        StationTickets {
                            board: StationBoard::of(&board.orders, menu, &stand),
                            stand: stand.clone(),
                            settings: board.restaurant.clone(),
                            selected: selected(),
                            open,
                        }
                    } else if Column::ALL.into_iter().all(|column| tickets::count(&board.orders, column) == 0) {
                        Calm { board: board.clone() }
                    } else {
                        Columns { board: board.clone(), selected: selected(), open }
                    }
                    Sheets { board: board.clone(), stand: stand.clone(), open }
                },
            }
        }
    }
}

/// Nothing to cook: said calmly, and whether anything can come.
#[component]
fn Calm(board: Board) -> Element {
    let now = use_now();
    let settings = &board.restaurant;
    let opens = settings.hours.next_opening(now());
    let offline = matches!(*CONNECTION.read(), Connection::Offline { .. });
    let (title, body) = if offline {
        (t!("kitchen-calm-offline-title"), t!("kitchen-calm-offline"))
    } else if paused(settings, now()).is_some() {
        (t!("kitchen-calm-title"), t!("kitchen-calm-paused"))
    } else if settings.hours.is_open(now()) {
        (t!("kitchen-calm-title"), t!("kitchen-calm-body"))
    } else {
        let body = opens.map_or_else(
            || t!("kitchen-closed-body"),
            |at| t!("kitchen-opens", time: format::date_time(at)),
        );
        (t!("kitchen-closed-title"), body)
    };
    let art = if offline {
        Art::Offline
    } else if settings.hours.is_open(now()) {
        Art::Calm
    } else {
        Art::Closed
    };
    rsx! {
        div { class: "t-calm", "data-testid": "calm",
            EmptyState { art, title, body }
        }
    }
}

/// What is open over the board.
#[component]
fn Sheets(board: Board, stand: Stand, open: Signal<Open>) -> Element {
    let close = move |()| open.set(Open::Nothing);
    let order = |id: OrderId| board.orders.iter().find(|order| order.id == id).cloned();
    match open() {
        Open::Nothing => rsx! {},
        Open::Pause => rsx! { PauseSheet { settings: board.restaurant.clone(), onclose: close } },
        Open::SoldOut => rsx! { SoldOutSheet { hours: board.restaurant.hours.clone(), onclose: close } },
        Open::AllDay => rsx! { AllDayOf { board: board.clone(), stand: stand.clone(), onclose: close } },
        Open::Stations => rsx! { StationPicker { stand: stand.clone(), onclose: close } },
        Open::Keys => rsx! { KeysHelp { onclose: close } },
        Open::Order(id) => match order(id) {
            Some(order) => rsx! { OrderSheet { key: "{id}", order, onclose: close } },
            None => rsx! {},
        },
        Open::HandOver(id) => match order(id) {
            Some(order) => rsx! { HandOverSheet { key: "{id}", order, onclose: close } },
            None => rsx! {},
        },
    }
}

/// What there is to cook in all, or at the station.
#[component]
fn AllDayOf(board: Board, stand: Stand, onclose: EventHandler<()>) -> Element {
    let shop = use_shop();
    let menu = shop.menu.read();
    let menu = menu.data().map(|view| &view.menu);
    let orders = match stand {
        Stand::Kitchen => board.orders,
        stand @ Stand::Station(_) => {
            let open = StationBoard::of(&board.orders, menu, &stand).open;
            open.into_iter().map(|share| share.order).collect()
        }
    };
    rsx! { AllDay { orders, onclose } }
}

/// The tickets the number keys select, and the one that was bumped last.
fn on_board(shop: &Shop, stand: &Stand) -> Option<(Vec<OrderId>, Option<OrderId>)> {
    let board = shop.board.read();
    let orders = &board.data()?.orders;
    if *stand == Stand::Kitchen {
        let bumped = orders.iter().filter(|order| tickets::is_off_the_board(order));
        let last = bumped.max_by_key(|order| tickets::bumped_at(order, stand.name()));
        return Some((on_display(orders), last.map(|order| order.id)));
    }
    let menu = shop.menu.read();
    let found = StationBoard::of(orders, menu.data().map(|view| &view.menu), stand);
    let last = found.done.first().map(|share| share.order.id);
    Some((found.open.iter().map(|share| share.order.id).collect(), last))
}

/// Brings back the ticket that was bumped last. Says whether there was one.
fn recall_last(last: Option<OrderId>) -> bool {
    last.is_some_and(|id| press_first(&format!("[data-testid=bumped][data-id=\"{id}\"] button")))
}

/// What a key does on the board. Says whether it did anything.
fn pressed(
    press: &Press,
    shop: &Shop,
    stand: &Stand,
    mut selected: Signal<Option<OrderId>>,
    mut open: Signal<Open>,
) -> bool {
    if press.in_sheet {
        return false;
    }
    let Some((places, bumped_last)) = on_board(shop, stand) else {
        return false;
    };
    let is_station = *stand != Stand::Kitchen;
    let at = selected
        .peek()
        .and_then(|id| places.iter().position(|other| *other == id));
    let mut select = |to: Option<OrderId>| {
        selected.set(to);
        // So that Enter is the ticket's, not that of a button touched before.
        focus_id("content");
        // Drawn a moment later; then it is brought into view.
        spawn(async {
            sleep_ms(30).await;
            show_first(".t-ticket.is-selected");
        });
    };
    match press.key.as_str() {
        "ArrowDown" => select(places.get(at.map_or(0, |at| at + 1)).or(places.last()).copied()),
        "ArrowUp" => select(places.get(at.map_or(0, |at| at.saturating_sub(1))).copied()),
        "Escape" => selected.set(None),
        "Enter" => return press_first(".t-ticket.is-selected .t-action"),
        "n" | "N" | "ى" => {
            let board = shop.board.read();
            let orders = board.data().map(|board| board.orders.as_slice());
            match tickets::in_column(orders.unwrap_or_default(), Column::New).next() {
                Some(order) if !is_station => desk::take_up(order.id),
                _ => return false,
            }
        }
        "p" | "P" | "ح" if !is_station => open.set(Open::Pause),
        "s" | "S" | "س" => open.set(Open::SoldOut),
        "a" | "A" | "ش" => open.set(Open::AllDay),
        "o" | "O" | "خ" => open_outbox(),
        "g" | "G" | "ل" => open.set(Open::Stations),
        "r" | "R" | "ق" => return recall_last(bumped_last),
        "?" | "؟" => open.set(Open::Keys),
        digit => match digit.parse::<usize>() {
            Ok(place @ 1..=9) => match places.get(place - 1) {
                Some(id) => select(Some(*id)),
                None => return false,
            },
            _ => return false,
        },
    }
    true
}

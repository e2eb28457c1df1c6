//! What every screen stands on: the board and the menu kept current, the screen kept awake, and the questions
//! that come over whatever is shown.

use dioxus::prelude::*;
use momfood_kit::engine::{EventKind, Query, use_engine, use_query};
use momfood_kit::prelude::*;
use momfood_kit::sound;
use momfood_protocol::engine::{
    Board, Device, GetBoard, GetDevice, GetMenu, GetPrinting, MenuView, Outbox, Printing, SetDevice,
};

use crate::Route;
use crate::alerts::Alerts;
use crate::keys::use_keys;
use crate::presence::{BoardIsOpen, BoardWatch};
use crate::stations::Stand;
use crate::wake::use_awake;

/// The restaurant, for every screen.
#[derive(Clone, Copy, PartialEq)]
pub struct Shop {
    /// Its orders and settings.
    pub board: Query<Board>,
    /// Its menu.
    pub menu: Query<MenuView>,
    /// What was tapped here and is not confirmed yet.
    pub outbox: Query<Outbox>,
    /// What this device can do.
    pub device: Query<Device>,
    /// Its printers and their tickets; never answered where there can be none.
    pub printing: Query<Printing>,
}

impl Shop {
    /// What this device can do, as far as is known: at least what a browser can.
    pub fn device(&self) -> Device {
        self.device.data().unwrap_or_default()
    }

    /// Printers and tickets, where the device can print.
    pub fn printing(&self) -> Option<Printing> {
        self.printing.data()
    }

    /// Whether something of that name was tapped here and has not reached the server.
    pub fn is_unsent(&self, name: &str) -> bool {
        let outbox = self.outbox.read();
        outbox
            .data()
            .is_some_and(|all| all.waiting.iter().any(|tap| tap.name == name))
    }
}

/// The restaurant.
pub fn use_shop() -> Shop {
    use_context::<Shop>()
}

/// The floor.
#[component]
pub fn Floor(children: Element) -> Element {
    let board = use_query(|| GetBoard {}, &[EventKind::Orders, EventKind::Restaurant]);
    let menu = use_query(|| GetMenu {}, &[EventKind::Menu]);
    let outbox = use_outbox();
    let device = use_query(|| GetDevice {}, &[EventKind::Device]);
    let printing = use_query(|| GetPrinting {}, &[EventKind::Printing, EventKind::Device]);
    use_context_provider(|| Shop {
        board,
        menu,
        outbox,
        device,
        printing,
    });
    let change = use_full_screen(device);
    use_keys(move |press| press.key == "F11" && change.call(()));
    let stand = stand_of(&use_route::<Route>());
    let page_has_to = device.read().data().is_some_and(|device| device.awake.is_none());
    rsx! {
        // The browser lets sound out only after a touch: any touch will do.
        div { class: "t-floor", onclick: move |_| sound::unlock(),
            {children}
            Alerts { stand: stand.clone() }
            if stand == Stand::Kitchen {
                BoardIsOpen {}
            } else {
                BoardWatch {}
            }
            if page_has_to {
                Awake {}
            }
        }
    }
}

/// Where the screen of a place stands. All but the stations' boards are the whole kitchen's.
fn stand_of(place: &Route) -> Stand {
    match place {
        Route::StationScreen { name } => Stand::from(name.as_str()),
        _ => Stand::Kitchen,
    }
}

/// Fills the screen, or no longer does. Says whether the device has a window to do it with.
pub fn use_full_screen(device: Query<Device>) -> Callback<(), bool> {
    let engine = use_engine();
    use_callback(move |()| {
        let Some(now) = device.data().and_then(|device| device.full_screen) else {
            return false;
        };
        let call = SetDevice {
            full_screen: Some(!now),
            start_at_boot: None,
        };
        engine.ask_then(call, |answer| {
            if let Err(failure) = answer {
                toast_error(failure.message);
            }
        });
        true
    })
}

/// The page keeps the screen on, where the device does not.
#[component]
fn Awake() -> Element {
    use_awake();
    rsx! {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::{self, Stage};
    use momfood_kit::engine::use_engine_over;
    use momfood_kit::transport::ok;
    use momfood_protocol::engine::AnyCall;
    use std::cell::Cell;

    thread_local! {
        static CHANGE: Cell<Option<Callback<(), bool>>> = const { Cell::new(None) };
    }

    #[component]
    fn Window() -> Element {
        use_engine_over(stage::engine);
        let device = use_query(|| GetDevice {}, &[EventKind::Device]);
        CHANGE.set(Some(use_full_screen(device)));
        rsx! {}
    }

    fn asked_to_fill(full_screen: Option<bool>) -> (bool, Vec<Option<bool>>) {
        let device = Device {
            full_screen,
            ..Device::default()
        };
        let mut stage = Stage::set(Window, move |call| match call {
            AnyCall::GetDevice(_) | AnyCall::SetDevice(_) => Some(ok(&device)),
            _ => None,
        });
        let heard = stage.act(|| CHANGE.get().unwrap().call(()));
        let asked = stage.asked(|call| match call {
            AnyCall::SetDevice(set) => Some(set.full_screen),
            _ => None,
        });
        (heard, asked)
    }

    #[test]
    fn the_key_for_the_full_screen_asks_for_what_is_not_so_now() {
        assert_eq!(asked_to_fill(Some(false)), (true, vec![Some(true)]));
        assert_eq!(asked_to_fill(Some(true)), (true, vec![Some(false)]));
    }

    #[test]
    fn in_a_browser_the_key_for_the_full_screen_stays_the_browsers() {
        assert_eq!(asked_to_fill(None), (false, vec![]));
    }
}

//! What every screen stands on: the board and the menu kept current, the screen kept awake, and the questions
//! that come over whatever is shown.

use dioxus::prelude::*;
use momfood_kit::engine::{EventKind, Query, use_query};
use momfood_kit::prelude::*;
use momfood_kit::sound;
use momfood_protocol::engine::{Board, GetBoard, GetMenu, MenuView, Outbox};

use crate::alerts::Alerts;
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
}

impl Shop {
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
    use_context_provider(|| Shop { board, menu, outbox });
    use_awake();
    rsx! {
        // The browser lets sound out only after a touch: any touch will do.
        div { class: "t-floor", onclick: move |_| sound::unlock(),
            {children}
            Alerts {}
        }
    }
}

//! What was tapped here and is not confirmed yet, and what was refused: shown by one sheet in every app.
//!
//! The engine keeps and sends; nothing here decides when or whether. What it lists are taps in the words of their
//! buttons, oldest first, and refusals with their reason, newest first: the engine's own order.

mod rows;
mod sheet;

use dioxus::prelude::*;
use momfood_protocol::engine::{GetOutbox, Outbox};

use crate::engine::{EventKind, Query, use_query};

static OPEN: GlobalSignal<bool> = Signal::global(|| false);

/// What waits and what was refused, kept current.
pub fn use_outbox() -> Query<Outbox> {
    use_query(|| GetOutbox {}, &[EventKind::Outbox, EventKind::Session])
}

/// Opens the sheet over whatever is shown.
pub fn open_outbox() {
    *OPEN.write() = true;
}

/// Where the sheet stands while it is open. `AppFrame` holds one.
#[component]
pub(crate) fn OutboxPlace() -> Element {
    if OPEN() {
        rsx! { sheet::OutboxSheet { onclose: move |()| *OPEN.write() = false } }
    } else {
        rsx! {}
    }
}

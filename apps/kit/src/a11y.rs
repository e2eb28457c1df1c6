//! What people who do not see the screen are told, and where the focus is.

use std::cell::Cell;

use dioxus::prelude::*;
use wasm_bindgen::JsCast;

use crate::{dom, time};

static POLITE: GlobalSignal<String> = Signal::global(String::new);
static URGENT: GlobalSignal<String> = Signal::global(String::new);

/// Reads `words` out when the reader pauses.
pub fn announce(words: impl Into<String>) {
    say(&POLITE, words.into());
}

/// Interrupts the reader with `words`. For what must not be missed: a new order, a failure.
pub fn announce_now(words: impl Into<String>) {
    say(&URGENT, words.into());
}

fn say(region: &'static GlobalSignal<String>, words: String) {
    // A region that already holds the same words stays silent: empty it, then fill it a moment later.
    region.write().clear();
    dioxus::core::spawn_forever(async move {
        time::sleep_ms(60).await;
        *region.write() = words;
    });
}

/// The two live regions. `AppFrame` holds them; an open sheet holds them instead, because all outside is inert.
#[component]
pub(crate) fn LiveRegions() -> Element {
    rsx! {
        div { class: "k-sr", role: "status", aria_live: "polite", "{POLITE}" }
        div { class: "k-sr", role: "alert", aria_live: "assertive", "{URGENT}" }
    }
}

/// Moves the focus to the element with this id, if it is there.
pub fn focus_id(id: &str) {
    let found = dom::document()
        .and_then(|d| d.get_element_by_id(id))
        .and_then(|e| e.dyn_into().ok());
    if let Some(element) = found {
        focus(&element);
    }
}

/// Moves the focus to the first element that matches the CSS `selector` (an invalid field, a heading).
pub fn focus_first(selector: &str) {
    let found = dom::document()
        .and_then(|d| d.query_selector(selector).ok().flatten())
        .and_then(|e| e.dyn_into().ok());
    if let Some(element) = found {
        focus(&element);
    }
}

pub(crate) fn focus(element: &web_sys::HtmlElement) {
    // Only fails for elements that cannot hold the focus.
    let _ = element.focus();
}

/// What holds the focus now.
pub(crate) fn focused() -> Option<web_sys::HtmlElement> {
    dom::document()
        .and_then(|d| d.active_element())
        .and_then(|e| e.dyn_into().ok())
}

/// An id no other element has, to tie a label to its field.
pub fn unique_id() -> String {
    thread_local!(static NEXT: Cell<u32> = const { Cell::new(0) });
    let n = NEXT.get();
    NEXT.set(n + 1);
    format!("k{n}")
}

/// [`unique_id`], the same one over the calling component's life.
pub fn use_id() -> String {
    use_hook(unique_id)
}

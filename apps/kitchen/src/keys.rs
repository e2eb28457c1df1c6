//! The keyboard and the bump bar: keys heard anywhere on the page, except where they mean something already.

use dioxus::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// Where a key was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// What the browser calls it: `Enter`, `1`, `ArrowDown`.
    pub key: String,
    /// Whether a sheet is open.
    pub in_sheet: bool,
}

/// Calls `hear` for every key pressed that is not typed into a field, is no shortcut of the browser and is not
/// the press of a button. `hear` says whether the key meant something.
pub fn use_keys(hear: impl FnMut(Press) -> bool + 'static) {
    let hear = use_callback(hear);
    let kept = use_hook(move || {
        let heard = dioxus::core::Runtime::wrap_closure(move |event: web_sys::KeyboardEvent| {
            if let Some(press) = press(&event)
                && hear.call(press)
            {
                event.prevent_default();
            }
        });
        let closure = Closure::<dyn FnMut(web_sys::KeyboardEvent)>::new(heard);
        if let Some(window) = window() {
            // Fails for no window there is.
            let _ = window.add_event_listener_with_callback("keydown", closure.as_ref().unchecked_ref());
        }
        std::rc::Rc::new(closure)
    });
    use_drop(move || {
        if let Some(window) = window() {
            let _ = window.remove_event_listener_with_callback("keydown", (*kept).as_ref().unchecked_ref());
        }
    });
}

fn window() -> Option<web_sys::Window> {
    if cfg!(target_arch = "wasm32") {
        web_sys::window()
    } else {
        None
    }
}

fn press(event: &web_sys::KeyboardEvent) -> Option<Press> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat() {
        return None;
    }
    let key = event.key();
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let within = |selector: &str| {
        target
            .as_ref()
            .is_some_and(|t| t.closest(selector).ok().flatten().is_some())
    };
    // Nobody types with it.
    let types = key != "F11";
    if types && within("input:not([type=radio]), textarea, select") {
        return None;
    }
    if matches!(key.as_str(), "Enter" | " ") && within("button, a, summary") {
        return None;
    }
    let open = window()?
        .document()?
        .query_selector("dialog[open]")
        .ok()
        .flatten();
    Some(Press {
        key,
        in_sheet: open.is_some(),
    })
}

/// Presses the first element that matches `selector`, as a finger would.
pub fn press_first(selector: &str) -> bool {
    let found = window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = &found {
        element.click();
    }
    found.is_some()
}

/// Brings the first element that matches `selector` into view.
pub fn show_first(selector: &str) {
    let found = window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found {
        element.scroll_into_view_with_bool(false);
    }
}

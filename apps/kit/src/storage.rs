//! Small settings kept in the browser, under a name of the app's own (`momfood.customer.theme`).
//!
//! For how the screen looks, never for what is true: orders, carts and tokens belong to the engine. Storage may
//! be missing (private windows, blocked cookies); then nothing is kept and nothing breaks.

use crate::app::AppName;
use crate::dom;

fn full_key(key: &str) -> String {
    ["momfood.", AppName::current().id(), ".", key].concat()
}

fn storage() -> Option<web_sys::Storage> {
    dom::window().and_then(|w| w.local_storage().ok().flatten())
}

/// What was kept under `key`.
pub fn get(key: &str) -> Option<String> {
    storage().and_then(|s| s.get_item(&full_key(key)).ok().flatten())
}

/// Keeps `value` under `key`; `None` forgets it.
pub fn set(key: &str, value: Option<&str>) {
    if let Some(storage) = storage() {
        // A full or forbidden store loses a preference, nothing more.
        let _ = match value {
            Some(value) => storage.set_item(&full_key(key), value),
            None => storage.remove_item(&full_key(key)),
        };
    }
}

//! What outlives the engine: the page's storage, read once at the start and written through with every change.

use std::cell::RefCell;

use js_sys::Array;
use momfood_client::port::Keep;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use crate::door;

/// A copy of what the page keeps for the engine.
pub struct PageKeep(RefCell<Map<String, Value>>);

impl PageKeep {
    /// With what the page handed over.
    pub const fn holding(kept: Map<String, Value>) -> Self {
        Self(RefCell::new(kept))
    }
}

impl Keep for PageKeep {
    fn get(&self, key: &str) -> Option<String> {
        self.0
            .borrow()
            .get(key)
            .and_then(Value::as_str)
            .map(str::to_owned)
    }

    fn set(&self, key: &str, value: Option<&str>) {
        let kept = &mut *self.0.borrow_mut();
        let text = if let Some(text) = value {
            kept.insert(key.to_owned(), Value::from(text));
            JsValue::from_str(text)
        } else {
            kept.remove(key);
            JsValue::NULL
        };
        let message = Array::of3(&JsValue::from_str("keep"), &JsValue::from_str(key), &text);
        door::tell(&message, &JsValue::UNDEFINED);
    }
}

//! The few browser objects the kit touches. Nothing outside a browser: on the host these answer `None`.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// The window, in a browser.
pub fn window() -> Option<web_sys::Window> {
    if cfg!(target_arch = "wasm32") {
        web_sys::window()
    } else {
        None
    }
}

/// The document, in a browser.
pub fn document() -> Option<web_sys::Document> {
    window().and_then(|w| w.document())
}

/// The `<html>` element.
pub fn root() -> Option<web_sys::Element> {
    document().and_then(|d| d.document_element())
}

/// Sets an attribute of `<html>`, or removes it.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = root() {
        // Both only fail on malformed names; ours are literals.
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Bytes nobody can guess, in a browser.
pub fn random<const N: usize>() -> Option<[u8; N]> {
    use wasm_bindgen::JsValue;
    let crypto = js_sys::Reflect::get(window()?.as_ref(), &JsValue::from_str("crypto")).ok()?;
    let fill = js_sys::Reflect::get(&crypto, &JsValue::from_str("getRandomValues")).ok()?;
    let bytes = js_sys::Uint8Array::new_with_length(u32::try_from(N).ok()?);
    fill.dyn_into::<js_sys::Function>()
        .ok()?
        .call1(&crypto, &bytes)
        .ok()?;
    bytes.to_vec().try_into().ok()
}

/// An event listener on the window that ends when dropped.
pub struct Listener {
    name: &'static str,
    closure: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Calls `on_event` for each `name` event of the window, inside the current Dioxus runtime and scope.
    pub fn on_window(name: &'static str, on_event: impl Fn(web_sys::Event) + 'static) -> Option<Self> {
        let window = window()?;
        let in_runtime = dioxus::core::Runtime::wrap_closure(on_event);
        let closure = Closure::wrap(Box::new(in_runtime) as Box<dyn FnMut(web_sys::Event)>);
        window
            .add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())
            .ok()?;
        Some(Self { name, closure })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(window) = window() {
            let _ =
                window.remove_event_listener_with_callback(self.name, self.closure.as_ref().unchecked_ref());
        }
    }
}

/// The element behind a `mounted` event.
pub fn element(event: &dioxus::prelude::MountedEvent) -> Option<web_sys::Element> {
    event.data().downcast::<web_sys::Element>().cloned()
}

/// That element as a more precise type.
pub fn element_as<T: JsCast>(event: &dioxus::prelude::MountedEvent) -> Option<T> {
    element(event).and_then(|e| e.dyn_into().ok())
}

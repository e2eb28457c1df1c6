//! Keeps the screen on while the app is in front, where the browser can. Where it cannot, the device's own
//! setting counts; nothing here ever fails loudly.

use std::cell::RefCell;
use std::rc::Rc;

use dioxus::prelude::*;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether the browser keeps the screen on now.
pub static AWAKE: GlobalSignal<bool> = Signal::global(|| false);

type Lock = Rc<RefCell<Option<JsValue>>>;

/// Keeps the screen on while the calling component is shown. Browsers let go of the lock whenever the page is
/// hidden, so it is asked for again each time the page comes back.
pub fn use_awake() {
    let kept = use_hook(|| {
        let lock = Lock::default();
        ask(&lock);
        let again = {
            let lock = Rc::clone(&lock);
            Closure::<dyn FnMut()>::new(dioxus_closure(move || ask(&lock)))
        };
        if let Some(document) = document() {
            // Fails for no element there is.
            let _ =
                document.add_event_listener_with_callback("visibilitychange", again.as_ref().unchecked_ref());
        }
        Rc::new((lock, again))
    });
    use_drop(move || {
        if let Some(document) = document() {
            let _ = document
                .remove_event_listener_with_callback("visibilitychange", kept.1.as_ref().unchecked_ref());
        }
        if let Some(lock) = kept.0.borrow_mut().take() {
            let _ = method(&lock, "release").and_then(|release| release.call0(&lock).ok());
        }
    });
}

/// A closure the browser calls, run inside the runtime that made it.
fn dioxus_closure(run: impl Fn() + 'static) -> impl FnMut() + 'static {
    let run = dioxus::core::Runtime::wrap_closure(move |()| run());
    move || run(())
}

fn document() -> Option<web_sys::Document> {
    if cfg!(target_arch = "wasm32") {
        web_sys::window()?.document()
    } else {
        None
    }
}

fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &JsValue::from_str(name)).ok()?.dyn_into().ok()
}

/// Asks for the lock. Not in `web-sys` yet as a stable interface, hence by name.
fn request() -> Option<Promise> {
    let document = document()?;
    if document.visibility_state() != web_sys::VisibilityState::Visible {
        return None;
    }
    let navigator = web_sys::window()?.navigator();
    let wake_lock = Reflect::get(&navigator, &JsValue::from_str("wakeLock"))
        .ok()
        .filter(JsValue::is_object)?;
    let kind = JsValue::from_str("screen");
    method(&wake_lock, "request")?
        .call1(&wake_lock, &kind)
        .ok()?
        .dyn_into()
        .ok()
}

fn ask(lock: &Lock) {
    let Some(promise) = request() else { return };
    let lock = Rc::clone(lock);
    dioxus::core::spawn_forever(async move {
        // Refused on low battery, for instance.
        let granted = JsFuture::from(promise).await.ok();
        *AWAKE.write() = granted.is_some();
        *lock.borrow_mut() = granted;
    });
}

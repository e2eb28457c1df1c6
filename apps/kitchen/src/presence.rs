//! Whether a board of the whole kitchen is open on this device, in any window of it: a station's window then leaves the
//! bell and the questions to it. Where the browser cannot tell, a station counts as alone: better twice than never.

use dioxus::prelude::*;
use js_sys::{Function, Object, Promise, Reflect};
use momfood_kit::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What every board of the whole kitchen holds, for as long as its window is open.
const LOCK: &str = "momfood.kitchen.board";
/// How often a station looks.
const LOOK_MS: u32 = 2_000;

/// Whether no board of the whole kitchen is open on this device.
pub static ALONE: GlobalSignal<bool> = Signal::global(|| true);

/// Says that a board is open, while it is rendered. The browser takes it back when the window dies.
#[component]
pub fn BoardIsOpen() -> Element {
    let release = use_hook(|| {
        let mut release = None::<Function>;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let hold = Closure::once_into_js(move |_: JsValue| JsValue::from(held));
        let _ = request(&[("mode", "shared".into())], &hold);
        release
    });
    use_drop(move || {
        if let Some(release) = release {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    });
    rsx! {}
}

/// Keeps [`ALONE`] true to the facts, while it is rendered.
#[component]
pub fn BoardWatch() -> Element {
    use_future(|| async {
        loop {
            let found = is_alone().await;
            if *ALONE.peek() != found {
                *ALONE.write() = found;
            }
            sleep_ms(LOOK_MS).await;
        }
    });
    rsx! {}
}

async fn is_alone() -> bool {
    // Granted only when nobody holds it, and let go of at once.
    let look = Closure::once_into_js(|lock: JsValue| JsValue::from_bool(!lock.is_null()));
    let options = [("mode", "exclusive".into()), ("ifAvailable", JsValue::TRUE)];
    let Some(answer) = request(&options, &look) else {
        return true;
    };
    JsFuture::from(answer)
        .await
        .ok()
        .and_then(|free| free.as_bool())
        .unwrap_or(true)
}

/// `navigator.locks.request`, by name: `web-sys` does not count it as stable.
fn request(options: &[(&str, JsValue)], granted: &JsValue) -> Option<Promise> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let how = Object::new();
    for (name, value) in options {
        Reflect::set(&how, &(*name).into(), value).ok()?;
    }
    request
        .call3(&locks, &LOCK.into(), &how, granted)
        .ok()?
        .dyn_into()
        .ok()
}

//! Hands a link to somebody else: by what the device offers for it, or by the clipboard.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::dom;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedOut {
    /// To whom the person chose.
    Shared,
    /// Into the clipboard.
    Copied,
    /// The person thought better of it.
    Left,
    /// Neither can be done here: the link is to be shown.
    Impossible,
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}

/// Calls a function of `of` that promises something, if there is one.
async fn promised(of: &JsValue, name: &str, argument: &JsValue) -> Option<Result<JsValue, JsValue>> {
    let function: Function = get(of, name)?.dyn_into().ok()?;
    match function.call1(of, argument) {
        Ok(promise) => Some(JsFuture::from(Promise::resolve(&promise)).await),
        Err(error) => Some(Err(error)),
    }
}

/// Offers `url` to whom the person chooses; where the device has no such thing, it is copied. Called from a tap.
pub async fn hand_out(title: &str, url: &str) -> HandedOut {
    let Some(navigator) = dom::window().and_then(|window| get(&window, "navigator")) else {
        return HandedOut::Impossible;
    };
    let link = Object::new();
    for (key, value) in [("title", title), ("url", url)] {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&link, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    match promised(&navigator, "share", &link).await {
        Some(Ok(_)) => return HandedOut::Shared,
        Some(Err(error)) if get(&error, "name").is_some_and(|name| name == "AbortError") => {
            return HandedOut::Left;
        }
        // Not here, or not so long after the tap.
        Some(Err(_)) | None => {}
    }
    let copied = match get(&navigator, "clipboard") {
        Some(clipboard) => promised(&clipboard, "writeText", &JsValue::from_str(url)).await,
        None => None,
    };
    match copied {
        Some(Ok(_)) => HandedOut::Copied,
        Some(Err(_)) | None => HandedOut::Impossible,
    }
}

//! Hands something out of the page: a link to somebody else, words to the clipboard, a file to the person's downloads.
//! What is handed out is made in the page; nothing of it is sent anywhere from here.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlElement, Url};

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
    if copy(url).await {
        HandedOut::Copied
    } else {
        HandedOut::Impossible
    }
}

/// Puts `text` into the clipboard. Says whether it is there. Called from a tap.
pub async fn copy(text: &str) -> bool {
    let navigator = dom::window().and_then(|window| get(&window, "navigator"));
    let Some(clipboard) = navigator.and_then(|navigator| get(&navigator, "clipboard")) else {
        return false;
    };
    matches!(
        promised(&clipboard, "writeText", &JsValue::from_str(text)).await,
        Some(Ok(_))
    )
}

/// Offers `text` for download as a file. Says whether the browser took it.
pub fn save_text(name: &str, text: &str) -> bool {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsValue::from_str(text)));
    blob.ok().and_then(|blob| offer(name, &blob)).is_some()
}

/// Offers what a `data:` address in base64 holds for download as a file. Says whether the browser took it.
pub fn save_address(name: &str, address: &str) -> bool {
    bytes_of(address).and_then(|blob| offer(name, &blob)).is_some()
}

fn bytes_of(address: &str) -> Option<Blob> {
    let (_, base64) = address.split_once(";base64,")?;
    // One character for each byte.
    let binary = dom::window()?.atob(base64).ok()?;
    let bytes: Vec<u8> = binary
        .chars()
        .filter_map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes.as_slice()))).ok()
}

fn offer(name: &str, blob: &Blob) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let link = dom::document()?.create_element("a").ok()?;
    link.set_attribute("href", &url).ok()?;
    link.set_attribute("download", name).ok()?;
    // Firefox follows only links that are in the document.
    let body = dom::document()?.body()?;
    // A modal sheet makes all outside inert, which no script's click minds.
    body.append_child(&link).ok()?;
    link.dyn_ref::<HtmlElement>()?.click();
    link.remove();
    // The browser reads the blob after this task: the address may go when it has begun.
    wasm_bindgen_futures::spawn_local(async move {
        crate::time::sleep_ms(60_000).await;
        let _ = Url::revoke_object_url(&url);
    });
    Some(())
}

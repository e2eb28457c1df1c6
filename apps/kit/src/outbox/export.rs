//! A file for the person: made in the page, handed to the browser's downloads. Nothing leaves the device.

use js_sys::Array;
use momfood_protocol::engine::VaultExport;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlElement, Url};

use crate::dom;

/// Offers `export` for download. Says whether the browser took it.
pub(super) fn save_as_file(export: &VaultExport) -> bool {
    offer(&export.file_name, &export.content.to_string()).is_some()
}

fn offer(name: &str, text: &str) -> Option<()> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsValue::from_str(text))).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
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

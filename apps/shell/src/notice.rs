//! The window of a program that cannot start: it says why, in the place where people look.

use std::borrow::Cow;
use std::error::Error;

use tauri::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use tauri::http::{Request, Response};
use tauri::webview::{NewWindowResponse, WebviewWindowBuilder};
use tauri::{AppHandle, Manager as _, Runtime, UriSchemeContext, WebviewUrl};

/// The scheme of its page.
pub const SCHEME: &str = "notice";
/// Its page and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Why the program did not start.
struct Why(String);

/// Says on standard error and in a window why the program did not start. The program ends with the window.
pub fn show<R: Runtime>(app: &AppHandle<R>, error: &dyn Error) {
    eprintln!("momfood: {error}");
    app.manage(Why(error.to_string()));
    let address = if cfg!(any(windows, target_os = "android")) {
        "http://notice.localhost/"
    } else {
        "notice://localhost/"
    };
    let Ok(address) = address.parse() else {
        return;
    };
    let window = WebviewWindowBuilder::new(app, SCHEME, WebviewUrl::CustomProtocol(address))
        .on_new_window(|_, _| NewWindowResponse::Deny);
    #[cfg(desktop)]
    let window = window
        .title(app.config().product_name.clone().unwrap_or_default())
        .inner_size(560.0, 360.0);
    if let Err(error) = window.build() {
        eprintln!("momfood: {error}");
        app.exit(1);
    }
}

/// Its page.
pub fn answer<R: Runtime>(
    page: &UriSchemeContext<'_, R>,
    _: &Request<Vec<u8>>,
) -> Response<Cow<'static, [u8]>> {
    let why = page.app_handle().try_state::<Why>();
    let html = html(why.as_ref().map_or("", |why| &why.0));
    let response = Response::builder()
        .header(CONTENT_TYPE, "text/html; charset=utf-8")
        .header(CONTENT_SECURITY_POLICY, POLICY)
        .body(Cow::Owned(html.into_bytes()));
    response.unwrap_or_default()
}

fn html(why: &str) -> String {
    let why = why
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(
        "<!doctype html><html lang=\"ar\" dir=\"rtl\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <style>body{{font:16px/1.6 system-ui,sans-serif;margin:2rem;max-width:40rem}}h1{{font-size:1.25rem;margin:0}}\
         pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style>\
         <h1>تعذّر تشغيل التطبيق</h1><p>أغلق هذه النافذة وأصلح السبب ثم شغّله من جديد.</p>\
         <div lang=\"en\" dir=\"ltr\"><h1>The app could not start</h1>\
         <p>Close this window, put right what is said here, and start it again.</p><pre>{why}</pre></div>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_is_told_as_text_and_never_as_markup() {
        let page = html("<script>alert(1)</script> & more");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"));
        assert!(!page.contains("<script"));
    }
}

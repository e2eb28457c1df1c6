//! The browser's history under the router: paths below the app's own, scroll positions kept, no `eval`.
//!
//! (dioxus-web's own comes only with its `document` feature, whose `eval` our CSP forbids.) An entry's state is the
//! array `[x, y]` of where the page was scrolled to; an open sheet adds a mark of its own, see `components::sheet`.

use std::rc::Rc;
use std::sync::Arc;

use dioxus_history::History;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::app::AppName;
use crate::dom::{self, Listener};
use crate::time::sleep_ms;

/// The browser's history below an app's path.
pub struct BrowserHistory {
    prefix: &'static str,
}

/// The history object, in a browser.
pub(crate) fn browser() -> Option<web_sys::History> {
    dom::window().and_then(|w| w.history().ok())
}

/// Where the page is scrolled to, as an entry's state.
pub(crate) fn scroll_state() -> Array {
    let read =
        |value: Option<Result<f64, JsValue>>| JsValue::from_f64(value.and_then(Result::ok).unwrap_or(0.0));
    let window = dom::window();
    Array::of2(
        &read(window.as_ref().map(web_sys::Window::scroll_x)),
        &read(window.as_ref().map(web_sys::Window::scroll_y)),
    )
}

/// The state of the entry one is on, if it is ours.
fn entry_state() -> Option<Array> {
    browser()?.state().ok()?.dyn_into().ok()
}

impl BrowserHistory {
    /// For the app called `name`. Takes over scroll restoration from the browser.
    pub fn of(name: AppName) -> Rc<dyn History> {
        if let Some(history) = browser() {
            // Where it cannot be taken over, the browser's own restoration remains.
            let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
            // After a reload: back to where one was, and no sheet is open whatever the entry says.
            if let Some(state) = entry_state() {
                let _ = history.replace_state_with_url(&Array::of2(&state.get(0), &state.get(1)), "", None);
                wasm_bindgen_futures::spawn_local(scroll_back(state.get(1).as_f64().unwrap_or(0.0)));
            }
        }
        Rc::new(Self {
            prefix: name.prefix(),
        })
    }

    fn full(&self, route: &str) -> String {
        [self.prefix, route].concat()
    }
}

impl History for BrowserHistory {
    fn current_route(&self) -> String {
        let Some(location) = dom::window().map(|w| w.location()) else {
            return "/".to_owned();
        };
        let part = |value: Result<String, JsValue>| value.unwrap_or_default();
        let path = [
            part(location.pathname()),
            part(location.search()),
            part(location.hash()),
        ]
        .concat();
        let route = path.strip_prefix(self.prefix).unwrap_or(&path);
        if route.starts_with('/') {
            route.to_owned()
        } else {
            ["/", route].concat()
        }
    }

    fn current_prefix(&self) -> Option<String> {
        (!self.prefix.is_empty()).then(|| self.prefix.to_owned())
    }

    fn go_back(&self) {
        if let Some(history) = browser() {
            let _ = history.back();
        }
    }

    fn go_forward(&self) {
        if let Some(history) = browser() {
            let _ = history.forward();
        }
    }

    fn push(&self, route: String) {
        if route == self.current_route() {
            return;
        }
        let (Some(history), Some(window)) = (browser(), dom::window()) else {
            return;
        };
        // A new screen in place of an open sheet: the sheet's entry becomes the screen's.
        if super::components::sheet_mark().is_some() {
            self.replace(route);
            return;
        }
        let _ = history.replace_state_with_url(&scroll_state(), "", None);
        let top = Array::of2(&0.into(), &0.into());
        if history
            .push_state_with_url(&top, "", Some(&self.full(&route)))
            .is_ok()
        {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    fn replace(&self, route: String) {
        let (Some(history), Some(window)) = (browser(), dom::window()) else {
            return;
        };
        let moves = route != self.current_route();
        let top = Array::of2(&0.into(), &0.into());
        if history
            .replace_state_with_url(&top, "", Some(&self.full(&route)))
            .is_ok()
            && moves
        {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    fn external(&self, url: String) -> bool {
        dom::window().is_some_and(|w| w.location().set_href(&url).is_ok())
    }

    fn updater(&self, callback: Arc<dyn Fn() + Send + Sync>) {
        let listener = Listener::on_window("popstate", move |_| {
            callback();
            if let Some(state) = entry_state() {
                wasm_bindgen_futures::spawn_local(scroll_back(state.get(1).as_f64().unwrap_or(0.0)));
            }
        });
        // The router lives as long as the page.
        std::mem::forget(listener);
    }
}

/// Scrolls to where the screen was left; what it shows may need a moment to be there again.
async fn scroll_back(y: f64) {
    let Some(window) = dom::window() else { return };
    for _ in 0..20 {
        sleep_ms(16).await;
        window.scroll_to_with_x_and_y(0.0, y);
        if (window.scroll_y().unwrap_or(y) - y).abs() < 2.0 {
            break;
        }
        sleep_ms(24).await;
    }
}

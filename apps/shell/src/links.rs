//! Where a page may go: its own pages stay in their window, the world's open outside, anything else leads nowhere.

use tauri::{AppHandle, Manager as _, Runtime, Url};
use tauri_plugin_opener::OpenerExt as _;

use crate::line::Line;

/// What becomes of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A page of the app's own.
    Stay,
    /// For the browser, the phone, the mail or the maps.
    Outside,
    /// Not followed.
    Nowhere,
}

/// What another program of the device is asked to open.
const OUTSIDE: [&str; 6] = ["https", "http", "tel", "mailto", "geo", "maps"];

/// What becomes of a link to `url`.
pub fn way(url: &Url) -> Way {
    if is_own(url) {
        Way::Stay
    } else if OUTSIDE.contains(&url.scheme()) {
        Way::Outside
    } else {
        Way::Nowhere
    }
}

/// Pages come over Tauri's scheme; over a name of their own where a webview knows no other schemes. Files that a page
/// made for the person to keep carry its own origin.
fn is_own(url: &Url) -> bool {
    let over_http = cfg!(any(windows, target_os = "android"));
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) => !over_http,
        ("http" | "https", Some("tauri.localhost")) => over_http && url.port().is_none(),
        ("blob", _) => Url::parse(url.path()).is_ok_and(|inner| inner.scheme() != "blob" && is_own(&inner)),
        _ => false,
    }
}

/// Says whether the window itself goes to `url`, and sees to it if another program does.
pub(crate) fn follow<R: Runtime>(app: &AppHandle<R>, url: &Url) -> bool {
    let way = way(url);
    if way == Way::Outside {
        let app = app.clone();
        let url = url.to_string();
        // Asking another program may take its time, and the window must not wait.
        tauri::async_runtime::spawn_blocking(move || {
            if let Err(error) = app.opener().open_url(url, None::<&str>) {
                eprintln!("momfood: a link could not be opened: {error}");
            }
        });
    }
    way == Way::Stay
}

/// A link to a place in the app was opened: its window comes to the front and shows `path`, a path below the app's own.
pub fn opened<R: Runtime>(app: &AppHandle<R>, path: &str) {
    crate::windows::to_front(app);
    if let Some(line) = app.try_state::<Line>() {
        line.show(path.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way_of(link: &str) -> Way {
        way(&link.parse().unwrap())
    }

    #[test]
    #[cfg(not(any(windows, target_os = "android")))]
    fn the_apps_own_pages_stay_in_their_window() {
        for own in [
            "tauri://localhost",
            "tauri://localhost/kitchen/station/grill",
            "blob:tauri://localhost/0c0b",
        ] {
            assert_eq!(way_of(own), Way::Stay, "{own}");
        }
        for foreign in ["tauri://elsewhere/", "blob:null/0c0b", "blob:file:///etc/passwd"] {
            assert_eq!(way_of(foreign), Way::Nowhere, "{foreign}");
        }
        assert_eq!(
            way_of("http://tauri.localhost/"),
            Way::Outside,
            "a name like any other here"
        );
    }

    #[test]
    fn the_world_opens_outside() {
        let world = [
            "https://momfood.sa/terms",
            "http://127.0.0.1:8080/s/abc",
            "tel:+966512345678",
            "mailto:help@momfood.sa",
            "geo:24.7,46.7?q=24.7,46.7",
            "maps://?daddr=24.7,46.7",
        ];
        for link in world {
            assert_eq!(way_of(link), Way::Outside, "{link}");
        }
    }

    #[test]
    fn anything_else_leads_nowhere() {
        let refused = [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,hello",
            "about:blank",
            "media://localhost/dishes/kabsa.svg",
            "ipc://localhost/call",
            "smb://server/share",
            "ms-msdt:/id",
            "intent://scan/#Intent;end",
        ];
        for link in refused {
            assert_eq!(way_of(link), Way::Nowhere, "{link}");
        }
    }
}

//! A link or a notification was opened that leads to a place in the app: the screens go there. The program around the page
//! has looked at the link; what arrives here is a path, and anything but a path below the app's own is not followed.

use dioxus::prelude::*;
use momfood_protocol::engine::Event as EngineEvent;

use crate::engine::{EventKind, use_event};

/// Longest path that is followed.
const LONGEST: usize = 200;

/// Goes where the engine says that a link leads. Call it once, in a layout that every screen has.
pub fn use_opened_places() {
    let navigator = use_navigator();
    use_event(&[EventKind::Open], move |event| {
        if let EngineEvent::Open { path } = event
            && is_place(&path)
        {
            // A path of the app's own is never outside of it.
            let _ = navigator.push(path);
        }
    });
}

/// Whether it is a path below the app's own: not another server, no way up, nothing that must be escaped.
fn is_place(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_".contains(&byte);
    path.len() <= LONGEST && path.starts_with('/') && !path.contains("//") && path.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_the_apps_own_is_followed() {
        for path in [
            "/",
            "/orders",
            "/orders/0193a1b2-0000-7000-8000-000000000001",
            "/s/4Qy7-_",
        ] {
            assert!(is_place(path), "{path}");
        }
        let long = ["/", &"a".repeat(LONGEST)].concat();
        for path in [
            "",
            "orders",
            "//evil.example",
            "/orders//evil.example",
            "https://evil.example",
            "/../kitchen",
            "/orders?x=1",
            "/\\evil.example",
            "/orders/%2e%2e",
            &long,
        ] {
            assert!(!is_place(path), "{path}");
        }
    }
}

//! Links that lead into the app: `momfood://orders/…`, `momfood://s/…`, and the server's own `https://…/orders/…` and
//! `/s/…`. A link may come from anybody: of all it says, only a place in the app is believed.

use std::sync::OnceLock;

use momfood_shell::Home;
use tauri::{AppHandle, Manager as _, Runtime, Url};

/// Our own scheme.
const SCHEME: &str = "momfood";

/// The server whose pages are places in the app.
static SERVER: OnceLock<Url> = OnceLock::new();

/// Learns which server's links are ours.
pub fn learn<R: Runtime>(app: &AppHandle<R>) -> Result<(), Box<dyn std::error::Error>> {
    let paths = app.path();
    let home = Home::find(&paths.app_config_dir()?, paths.app_data_dir()?)?;
    // Learnt once: a program has one server.
    let _ = SERVER.set(Url::parse(&home.server)?);
    Ok(())
}

/// The place in the app that a link leads to, a path below the app's own.
pub fn place(url: &Url) -> Option<String> {
    place_for(url, SERVER.get())
}

fn place_for(url: &Url, server: Option<&Url>) -> Option<String> {
    let of_app = url.scheme() == SCHEME;
    let of_server = server.is_some_and(|server| url.origin() == server.origin());
    let odd = of_app && (url.host_str().is_none() || url.port().is_some());
    let stranger = odd || !url.username().is_empty() || url.password().is_some();
    if stranger || !(of_app || of_server) {
        return None;
    }
    let host = url.host_str().filter(|_| of_app).unwrap_or_default();
    let words: Vec<&str> = std::iter::once(host)
        .chain(url.path().split('/'))
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        ["orders"] => Some("/orders".to_owned()),
        ["orders", id] => is_id(id).then(|| format!("/orders/{id}")),
        ["s", token] => is_token(token).then(|| format!("/s/{token}")),
        // Back from a sign-in in the browser. The ticket it carries opens nothing to who does not know what it was begun
        // with; who is signed in, the engine knows.
        ["signed-in"] if of_app => {
            Some(ticket(url).map_or_else(|| "/account".to_owned(), |ticket| format!("/signed-in/{ticket}")))
        }
        _ => None,
    }
}

/// The ticket of a sign-in that was finished in the browser.
fn ticket(url: &Url) -> Option<String> {
    let (_, ticket) = url.query_pairs().find(|(name, _)| name == "ticket")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let fits = (16..=160).contains(&ticket.len()) && ticket.bytes().all(plain);
    fits.then(|| ticket.into_owned())
}

/// Whether it is an id as ids are written.
fn is_id(text: &str) -> bool {
    let hyphens = [8, 13, 18, 23];
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| {
            if hyphens.contains(&at) {
                byte == b'-'
            } else {
                byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
            }
        })
}

/// Whether it could be the last part of a shared order's link.
fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (16..=64).contains(&text.len()) && text.bytes().all(allowed)
}

/// Hears of links where the system hands them to a running app. On Linux and Windows it starts the program with the link
/// as a word, which the shell reads.
#[cfg(any(mobile, target_os = "macos"))]
pub fn hear<R: Runtime>(app: &AppHandle<R>) {
    use tauri_plugin_deep_link::DeepLinkExt as _;
    let follow = |app: &AppHandle<R>, urls: &[Url]| {
        if let Some(path) = urls.iter().find_map(place) {
            momfood_shell::opened(app, &path);
        }
    };
    let links = app.deep_link();
    // The one it was started by, if any.
    if let Ok(Some(urls)) = links.get_current() {
        follow(app, &urls);
    }
    let own = app.clone();
    links.on_open_url(move |event| follow(&own, &event.urls()));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0193a1b2-0000-7000-8000-000000000001";
    const TOKEN: &str = "4Qy7Jw2mT9kX1bVn0ZcRpAaB";

    fn to(link: &str) -> Option<String> {
        let server = Url::parse("https://momfood.example").unwrap();
        place_for(&Url::parse(link).unwrap(), Some(&server))
    }

    #[test]
    fn a_link_to_an_order_or_a_shared_one_leads_there() {
        for (link, path) in [
            (format!("momfood://orders/{ID}"), format!("/orders/{ID}")),
            (
                format!("https://momfood.example/orders/{ID}"),
                format!("/orders/{ID}"),
            ),
            (
                format!("https://momfood.example/orders/{ID}/?from=mail"),
                format!("/orders/{ID}"),
            ),
            (
                format!("https://momfood.example/s/{TOKEN}"),
                format!("/s/{TOKEN}"),
            ),
            (format!("momfood://s/{TOKEN}#x"), format!("/s/{TOKEN}")),
            ("momfood://orders".to_owned(), "/orders".to_owned()),
        ] {
            assert_eq!(to(&link), Some(path), "{link}");
        }
    }

    #[test]
    fn the_way_back_from_a_browsers_sign_in_carries_a_ticket_and_nothing_else() {
        assert_eq!(
            to(&format!("momfood://signed-in?next=/cart&ticket={TOKEN}")),
            Some(format!("/signed-in/{TOKEN}"))
        );
        assert_eq!(
            to("momfood://signed-in?ticket=..%2f..%2fcart%2f0123456789").as_deref(),
            Some("/account")
        );
        assert_eq!(
            to("momfood://signed-in?code=stolen&next=/cart").as_deref(),
            Some("/account")
        );
        assert_eq!(to("https://momfood.example/signed-in"), None);
    }

    #[test]
    fn what_leads_elsewhere_leads_nowhere() {
        for link in [
            &format!("https://evil.example/orders/{ID}"),
            &format!("http://momfood.example/orders/{ID}"),
            &format!("https://momfood.example:8443/orders/{ID}"),
            &format!("https://momfood.example@evil.example/orders/{ID}"),
            &format!("https://user@momfood.example/orders/{ID}"),
            &format!("momfood://orders:80/{ID}"),
            &format!("momfood://orders/{ID}/cancel"),
            &format!("momfood://orders/{}", ID.to_uppercase()),
            "momfood://orders/..%2f..%2fkitchen",
            "momfood://orders/%31",
            "momfood://s/short",
            "momfood://s/4Qy7Jw2mT9kX1bVn0ZcR%2fAaB",
            "momfood://cart",
            "momfood:orders",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert_eq!(to(link), None, "{link}");
        }
    }
}

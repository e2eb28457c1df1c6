//! The way out: how this server asks others. What it says to them holds codes, tokens and keys, so nobody between may
//! read it, and nobody who is asked may send it elsewhere. No address comes from a request: they are settings.

use std::time::Duration;

use anyhow::{Context as _, bail};
use reqwest::Url;

use crate::config::is_this_machine;

/// An address that may be told secrets: HTTPS, or plain HTTP to this very machine.
pub fn private(address: &str) -> anyhow::Result<Url> {
    let url = Url::parse(address).context("not an address")?;
    let here = url.host_str().is_some_and(is_this_machine);
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        _ => bail!("secrets are sent there: it must be https"),
    }
}

/// Every client of ours begins as this one: it goes where it was sent and nowhere else, whatever the answer or the
/// environment says, and waits no longer than `patience` for a whole answer.
pub fn client(patience: Duration) -> reqwest::ClientBuilder {
    // Fails only when the program has chosen one already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(patience)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::any;

    use super::*;

    #[test]
    fn secrets_are_sent_encrypted_or_not_at_all() {
        for good in [
            "https://vault.example",
            "https://10.0.0.1:8200",
            "http://127.0.0.1:8200",
            "http://[::1]:8200/",
            "http://localhost:8200",
        ] {
            assert!(private(good).is_ok(), "{good}");
        }
        for open in [
            "http://vault.example",
            "http://10.0.0.1:8200",
            "http://localhost.evil.example",
            "http://127.0.0.1@evil.example",
            "ftp://127.0.0.1",
            "vault.example:8200",
            "//vault.example",
            "",
        ] {
            assert!(private(open).is_err(), "{open}");
        }
    }

    #[tokio::test]
    async fn nobody_who_is_asked_sends_us_elsewhere() {
        let reached = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&reached);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new()
            .route("/away", any(|| async { Redirect::temporary("/elsewhere") }))
            .route(
                "/elsewhere",
                any(async move || {
                    count.fetch_add(1, Ordering::Relaxed);
                }),
            );
        tokio::spawn(axum::serve(listener, routes).into_future());
        let client = client(Duration::from_secs(5)).build().unwrap();
        let answer = client
            .post(format!("{url}/away"))
            .body("a secret")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), http::StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(reached.load(Ordering::Relaxed), 0);
        // There it could have gone.
        let direct = client.post(format!("{url}/elsewhere")).send().await.unwrap();
        assert_eq!(
            (direct.status().as_u16(), reached.load(Ordering::Relaxed)),
            (200, 1)
        );
    }

    #[test]
    fn every_client_of_ours_begins_there() {
        fn look(folder: &Path, makers: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    look(&path, makers);
                } else {
                    let text = std::fs::read_to_string(&path).unwrap();
                    assert!(!text.contains(concat!("danger", "_accept")), "{}", path.display());
                    let makes =
                        ["builder()", "new()"].map(|how| text.contains(&format!("reqwest::Client::{how}")));
                    makers.extend(makes.contains(&true).then_some(path));
                }
            }
        }
        let sources = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        let mut makers = Vec::new();
        look(sources, &mut makers);
        assert_eq!(makers, [sources.join("outward.rs")]);
    }
}

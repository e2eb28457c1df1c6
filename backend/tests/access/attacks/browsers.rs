//! What another site's page could make somebody's browser do, and what ours tell it not to.

use http::Method;
use momfood_backend::both;
use momfood_backend::store::Engine;
use momfood_backend::testing::{Answer, TestApp};
use serde_json::json;

use crate::asking::{rows, word};
use crate::cast::{Cast, refresh_token};

const REFRESH: &str = "/api/v1/auth/refresh";
const SHOP: &str = "https://shop.example";

async fn preflight(app: &TestApp, path: &str, origin: &str, headers: &str) -> Answer {
    let asked = app.request(Method::OPTIONS, path).header("origin", origin);
    let asked = asked.header("access-control-request-method", "POST");
    asked
        .header("access-control-request-headers", headers)
        .send()
        .await
}

both! {
    async fn what_lives_by_a_cookie_is_done_for_our_own_pages_only(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let cookie = format!("__Secure-momfood_customer={}", refresh_token(&app, &cast.town.sara));
        let before = rows(&app).await;
        for (path, origin, site) in [
            (REFRESH, "https://evil.example", "cross-site"), (REFRESH, "https://evil.example", "same-origin"),
            (REFRESH, "https://evil.example", ""), (REFRESH, "null", ""), (REFRESH, "", "cross-site"), (REFRESH, "", "same-site"),
            (REFRESH, "https://momfood.example.evil.example", ""), (REFRESH, "https://evil.momfood.example", ""),
            (REFRESH, "https://momfood.example:8443", ""), (REFRESH, "momfood.example", ""), (REFRESH, "file://", ""),
            ("/api/v1/auth/logout", "https://evil.example", "cross-site"), ("/api/v1/auth/logout", "null", ""),
            ("/api/v1/auth/login", "https://evil.example", ""), ("/api/v1/auth/register", "https://evil.example", ""),
        ] {
            let mut asked = app.request(Method::POST, path).header("host", "momfood.example").header("cookie", &cookie)
                .header("x-momfood-cookie", "customer")
                .json(&match path {
                    "/api/v1/auth/login" => json!({ "email": "known@example.sa", "password": "a long secret" }),
                    "/api/v1/auth/register" => json!({ "email": "new@example.sa", "password": "a long secret", "firstName": "ا" }),
                    _ => json!({}),
                });
            for (name, value) in [("origin", origin), ("sec-fetch-site", site)] {
                if !value.is_empty() {
                    asked = asked.header(name, value);
                }
            }
            let answer = asked.send().await;
            assert_eq!(word(&answer), "forbidden", "{path} {origin} {site}");
            assert!(!answer.headers.contains_key("set-cookie"), "{path} {origin} {site}");
        }
        // A form of another site can send no header of ours, and its cookie stays at home (`SameSite=Strict`); if it came:
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"] {
            for path in [REFRESH, "/api/v1/auth/logout"] {
                let form = app.request(Method::POST, path).header("cookie", &cookie).raw(kind, "{}");
                assert_eq!(word(&form.send().await), "unsupported_media_type", "{path} {kind}");
            }
        }
        assert_eq!(rows(&app).await, before);
        // Nowhere else is a cookie looked at.
        for path in ["/api/v1/me", "/api/v1/orders", "/api/v1/sync/stream"] {
            let asked = app.request(Method::GET, path).header("cookie", &cookie).header("x-momfood-cookie", "customer");
            assert_eq!(word(&asked.send().await), "unauthenticated", "{path}");
        }
        let own = app.request(Method::POST, REFRESH).header("host", "momfood.example").header("cookie", &cookie)
            .header("x-momfood-cookie", "customer").header("origin", "https://momfood.example").header("sec-fetch-site", "same-origin");
        own.json(&json!({})).send().await.data();
    }
}

#[tokio::test]
async fn an_allowed_site_may_ask_with_a_token_and_never_with_a_cookie() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.allowed_origins = vec![SHOP.to_owned()];
    })
    .await;
    let cast = Cast::gather(&app).await;
    for path in ["/api/v1/orders", "/api/v1/me", "/api/v1/nowhere"] {
        let allowed = preflight(&app, path, SHOP, "authorization,content-type,idempotency-key").await;
        assert!(allowed.status.is_success(), "{path} {}", allowed.status);
        assert_eq!(allowed.header("access-control-allow-origin"), SHOP);
        let headers = allowed.header("access-control-allow-headers").to_owned();
        assert!(
            headers.contains("authorization") && !headers.contains("x-momfood-cookie"),
            "{headers}"
        );
        assert!(allowed.header("vary").to_ascii_lowercase().contains("origin"));
        for stranger in [
            "https://evil.example",
            "null",
            "https://shop.example.evil.example",
            "http://shop.example",
            "",
        ] {
            let refused = preflight(&app, path, stranger, "authorization").await;
            assert!(
                !refused.headers.contains_key("access-control-allow-origin"),
                "{stranger}: {:?}",
                refused.headers
            );
        }
    }
    for (origin, told) in [(SHOP, SHOP), ("https://evil.example", "")] {
        let asked = app
            .request(Method::GET, "/api/v1/me")
            .bearer(&cast.town.sara.token)
            .header("origin", origin);
        let answer = asked.send().await;
        assert_eq!(
            (
                word(&answer).as_str(),
                answer.header("access-control-allow-origin")
            ),
            ("ok", told)
        );
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        assert!(answer.header("vary").to_ascii_lowercase().contains("origin"));
        // A refusal can be read as well by whoever may ask.
        let refused = app
            .request(Method::GET, "/api/v1/me")
            .header("origin", origin)
            .send()
            .await;
        assert_eq!(
            (
                word(&refused).as_str(),
                refused.header("access-control-allow-origin")
            ),
            ("unauthenticated", told)
        );
    }
    let cookie = format!(
        "__Secure-momfood_customer={}",
        refresh_token(&app, &cast.town.sara)
    );
    let asked = app
        .request(Method::POST, REFRESH)
        .json(&json!({}))
        .header("origin", SHOP);
    let asked = asked
        .header("cookie", &cookie)
        .header("x-momfood-cookie", "customer")
        .header("host", "momfood.example");
    assert_eq!(word(&asked.send().await), "forbidden");
}

#[tokio::test]
async fn every_answer_tells_browsers_what_they_may_not_do() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.public_url = Some("https://momfood.example".to_owned());
    })
    .await;
    let cast = Cast::gather(&app).await;
    for (path, token, policy) in [
        (
            "/api/v1/me",
            Some(&cast.town.sara.token),
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("/api/v1/me", None, "default-src 'none'; frame-ancestors 'none'"),
        (
            "/api/v1/nowhere",
            None,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        ("/api/docs/", None, "script-src 'self'"),
        ("/media/none.svg", None, "script-src 'self'"),
    ] {
        let mut asked = app.request(Method::GET, path);
        if let Some(token) = token {
            asked = asked.bearer(token);
        }
        let answer = asked.send().await;
        assert!(
            answer.header("content-security-policy").contains(policy),
            "{path}: {:?}",
            answer.headers
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(
            answer.header("strict-transport-security"),
            "max-age=63072000; includeSubDomains",
            "{path}"
        );
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        let of_everybody = path.starts_with("/media/");
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            if of_everybody {
                "cross-origin"
            } else {
                "same-origin"
            }
        );
        let referrer = answer.header("referrer-policy");
        assert!(
            ["no-referrer", "same-origin"].contains(&referrer),
            "{path}: {referrer}"
        );
        if path.starts_with("/api/v1") {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
    let plain = TestApp::start(Engine::Sqlite).await;
    let answer = plain.get("/health/live").await;
    assert!(
        !answer.headers.contains_key("strict-transport-security"),
        "not where there is no HTTPS"
    );
}

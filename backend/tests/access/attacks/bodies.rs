//! Bodies and headers made to cost more than they say, or to be read in two ways.

use http::Method;
use momfood_backend::both;
use momfood_backend::testing::TestApp;
use serde_json::json;

use crate::asking::{fault, rows, word};
use crate::cast::Cast;

const LOGIN: &str = "/api/v1/auth/login";

both! {
    async fn what_is_nested_deeper_than_anything_means_is_refused_even_where_it_would_be_skipped(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let before = rows(&app).await;
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        // Fields that are skipped, since a later version may have them: the server reads past them.
        for depth in [33, 127, 128, 10_000, 100_000] {
            let menu = format!(r#"{{"sections":[],"later":{}}}"#, nested(depth));
            let asked = app.request(Method::PUT, "/api/v1/kitchen/menu").bearer(&cast.town.kitchen.token);
            let answer = asked.raw("application/json", menu).send().await;
            assert_eq!((word(&answer).as_str(), fault(&answer)), ("malformed_json", None), "{depth}");
        }
        assert_eq!(rows(&app).await, before);
    }

    async fn a_body_of_very_many_very_small_parts_is_refused(app: TestApp) {
        for body in [
            format!("{{\"email\":[{}0]}}", "0,".repeat(100_000)),
            format!("{{{}\"email\":1}}", "\"\":{},".repeat(35_000)),
            format!("{{\"email\":[{}{{}}]}}", "{},".repeat(60_000)),
        ] {
            assert!(body.len() < 256 * 1024, "{}", body.len());
            let answer = app.request(Method::POST, LOGIN).raw("application/json", body).send().await;
            assert_eq!(word(&answer), "malformed_json");
            assert_eq!(answer.json()["error"]["details"]["reason"], "too many parts");
        }
    }

    async fn nothing_is_unpacked(app: TestApp) {
        let body = json!({ "email": "a@example.sa", "password": "a long secret" });
        for packing in ["gzip", "br", "deflate", "zstd", "identity", "gzip, gzip", ""] {
            let asked = app.request(Method::POST, LOGIN).json(&body).header("content-encoding", packing);
            assert_eq!(word(&asked.send().await), "unsupported_media_type", "{packing}");
        }
    }

    async fn a_header_that_is_there_twice_is_not_chosen_from(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let (sara, root) = (format!("Bearer {}", cast.town.sara.token), format!("Bearer {}", cast.root.token));
        for (name, one, other) in [
            ("authorization", sara.as_str(), root.as_str()),
            ("authorization", &sara, &sara),
            ("host", "momfood.example", "evil.example"),
            ("content-type", "application/json", "text/plain"),
            ("content-length", "2", "40"),
            ("origin", "https://momfood.example", "https://evil.example"),
            ("sec-fetch-site", "same-origin", "cross-site"),
            ("x-momfood-cookie", "customer", "admin"),
            ("idempotency-key", "019cb5a1-3c00-7000-8000-000000000001", "019cb5a1-3c00-7000-8000-000000000002"),
        ] {
            let asked = app.request(Method::GET, "/api/v1/me").header(name, one).header(name, other);
            let answer = asked.send().await;
            assert_eq!((word(&answer).as_str(), fault(&answer)), ("invalid_input", None), "{name}");
            assert_eq!(answer.json()["error"]["details"]["field"], name);
        }
        let me = app.request(Method::GET, "/api/v1/me").header("authorization", &sara).header("accept", "a").header("accept", "b");
        assert_eq!(word(&me.send().await), "ok", "others may come in several");
    }

    async fn what_is_sent_comes_back_in_no_header(app: TestApp) {
        let cast = Cast::gather(&app).await;
        for trick in ["a%0d%0aset-cookie:%20x=y", "%0aset-cookie:x", "%E5%98%8A%E5%98%8Dset-cookie:x=y", "x%00y"] {
            for path in [
                format!("/api/v1/restaurants/{trick}"), format!("/api/v1/restaurants?q={trick}"), format!("/kitchen?{trick}"),
                format!("/{trick}"), format!("//{trick}"), format!("/api/v1/shared/{trick}"), format!("/media/{trick}"),
            ] {
                let asked = app.request(Method::GET, &path).bearer(&cast.town.sara.token);
                let answer = asked.header("x-request-id", "chosen").send().await;
                assert!(answer.status.as_u16() < 500 && !answer.status.is_redirection(), "{path}: {}", answer.status);
                for (name, value) in &answer.headers {
                    let text = String::from_utf8_lossy(value.as_bytes());
                    assert!(name != "set-cookie" && !text.contains("set-cookie") && text != "chosen", "{path}: {name}: {text}");
                }
            }
        }
    }
}

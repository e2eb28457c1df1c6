//! What every answer has, and how requests that cannot be read are refused.

use http::{Method, StatusCode};
use momfood_backend::both;
use momfood_backend::testing::TestApp;

both! {
    async fn the_server_says_when_it_is_ready_and_when_it_is_stopping(app: TestApp) {
        assert_eq!(app.get("/health/live").await.status, StatusCode::OK);
        assert_eq!(app.get("/health/ready").await.status, StatusCode::OK);
        app.stopping.cancel();
        let answer = app.get("/health/ready").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.code(), "try_again");
    }

    async fn a_server_whose_database_is_gone_is_alive_but_not_ready(app: TestApp) {
        app.db.close().await;
        assert_eq!(app.get("/health/live").await.status, StatusCode::OK);
        assert_eq!(app.get("/health/ready").await.code(), "try_again");
    }

    async fn an_unknown_path_is_answered_with_a_code_in_the_callers_language(app: TestApp) {
        let arabic = app.get("/api/v1/nowhere").await;
        assert_eq!((arabic.status, arabic.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
        assert_eq!(arabic.json()["error"]["message"], "غير موجود.");
        let english = app.request(Method::GET, "/api/v1/nowhere").header("accept-language", "en-GB").send().await;
        assert_eq!(english.json()["error"]["message"], "Not found.");
        assert_eq!(english.header("cache-control"), "no-store");
    }

    async fn a_wrong_method_is_answered_with_a_code(app: TestApp) {
        let answer = app.request(Method::DELETE, "/health/live").send().await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"));
    }

    async fn no_method_is_answered_but_those_a_path_has(app: TestApp) {
        for method in ["TRACE", "TRACK", "CONNECT", "PROPFIND", "BREW", "get"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            for path in ["/health/live", "/api/v1/me", "/api/v1/auth/login", "/api/v1/restaurants", "/api/openapi.json", "/media/none.svg"] {
                let asked = app.request(method.clone(), path).header("x-mine", "something of mine");
                let answer = asked.send().await;
                assert!(answer.status.is_client_error(), "{method} {path}: {}", answer.status);
                assert!(!answer.text().contains("something of mine"), "{method} {path}");
            }
        }
    }

    async fn every_answer_has_an_id_and_the_security_headers(app: TestApp) {
        for path in ["/health/live", "/api/v1/nowhere", "/api/openapi.json", "/media/none.svg"] {
            let answer = app.get(path).await;
            assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(!answer.header("referrer-policy").is_empty() && !answer.header("permissions-policy").is_empty());
        }
    }

    async fn the_api_document_can_be_browsed(app: TestApp) {
        let document = app.get("/api/openapi.json").await.json();
        assert!(document["paths"]["/health/ready"]["get"].is_object());
        let page = app.get("/api/docs/").await;
        assert_eq!(page.status, StatusCode::OK);
        // The page's policy lets no inline script run: it must not need one.
        assert!(!page.text().contains("<script>"), "{}", page.text());
        assert!(app.get("/api/docs/swagger-initializer.js").await.text().contains("/api/openapi.json"));
    }
}

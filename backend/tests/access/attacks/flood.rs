//! Asking more often than anybody would: each class of requests has a budget for each address, and each person one.

use std::net::IpAddr;
use std::time::Duration;

use http::Method;
use momfood_backend::limits::{Budget, Budgets, Class, Who};
use momfood_backend::store::Engine;
use momfood_backend::testing::{Answer, TestApp};
use momfood_protocol::account::Consent;
use serde_json::json;

use crate::asking::{fault, word};
use crate::cast::Cast;

/// A server with a small budget for one class and none for the others.
async fn with(class: Class, budget: Budget) -> TestApp {
    TestApp::start_with(Engine::Sqlite, |config| {
        config.limits = Budgets::none().with(class, Some(budget));
    })
    .await
}

async fn ask(app: &TestApp, method: Method, path: &str, from: &str) -> Answer {
    let asked = app.request(method.clone(), path).from(from);
    let asked = if method == Method::GET {
        asked
    } else {
        asked.json(&json!({}))
    };
    let (status, headers, body) = asked.open().await;
    let endless = headers
        .get("content-type")
        .is_some_and(|kind| kind == "text/event-stream");
    let bytes = if endless {
        Vec::new()
    } else {
        axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec()
    };
    Answer {
        status,
        headers,
        bytes,
    }
}

#[tokio::test]
async fn every_class_of_requests_has_a_budget_of_its_own_for_each_address() {
    for (class, method, path) in [
        (Class::Reads, Method::GET, "/api/v1/restaurants"),
        (Class::Writes, Method::POST, "/api/v1/quotes"),
        (Class::Writes, Method::POST, "/api/v1/auth/refresh"),
        (Class::SignIn, Method::POST, "/api/v1/auth/login"),
        (Class::SignIn, Method::POST, "/api/v1/auth/register"),
        (Class::Streams, Method::GET, "/api/v1/sync/stream"),
        (Class::Uploads, Method::PUT, "/api/v1/blobs/abc"),
        (Class::Looks, Method::GET, "/api/v1/shared/abc"),
    ] {
        let app = with(class, Budget::a_minute(3, 6)).await;
        for _ in 0..3 {
            assert_ne!(
                word(&ask(&app, method.clone(), path, "6.6.6.6:1").await),
                "rate_limited",
                "{path}"
            );
        }
        let refused = ask(&app, method.clone(), path, "6.6.6.6:2").await;
        assert_eq!(
            (refused.status.as_u16(), word(&refused).as_str(), fault(&refused)),
            (429, "rate_limited", None),
            "{path}"
        );
        assert_eq!(
            (
                refused.header("retry-after"),
                &refused.json()["error"]["details"]["retryAfter"]
            ),
            ("10", &json!(10))
        );
        assert_eq!(refused.headers.get_all("retry-after").iter().count(), 1);
        assert_eq!(refused.header("cache-control"), "no-store");
        // Others, other classes, and the health of the server go on.
        assert_ne!(
            word(&ask(&app, method.clone(), path, "7.7.7.7:1").await),
            "rate_limited",
            "{path}"
        );
        for other in ["/health/ready", "/api/openapi.json"] {
            assert_eq!(ask(&app, Method::GET, other, "6.6.6.6:1").await.status, 200);
        }
        if class != Class::Reads {
            assert_eq!(
                word(&ask(&app, Method::GET, "/api/v1/restaurants", "6.6.6.6:1").await),
                "ok"
            );
        }
        app.clock.advance(Duration::from_secs(10));
        assert_ne!(
            word(&ask(&app, method.clone(), path, "6.6.6.6:1").await),
            "rate_limited",
            "{path}"
        );
        assert_eq!(
            word(&ask(&app, method, path, "6.6.6.6:1").await),
            "rate_limited",
            "{path}"
        );
    }
}

#[tokio::test]
async fn one_person_has_one_budget_from_however_many_addresses() {
    let app = with(Class::Person, Budget::a_minute(5, 6)).await;
    let cast = Cast::gather(&app).await;
    let mut done = 0;
    for number in 0..9 {
        let asked = app
            .request(Method::GET, "/api/v1/me")
            .bearer(&cast.town.sara.token);
        let answer = asked.from(&format!("9.9.9.{number}:1")).send().await;
        done += u32::from(answer.status == 200);
    }
    assert!((1..=5).contains(&done), "{done}");
    let other = app
        .request(Method::GET, "/api/v1/me")
        .bearer(&cast.omar.token)
        .send()
        .await;
    assert_eq!(word(&other), "ok", "nobody else's");
}

/// What ordinary people behind one carrier's address do in a busy minute is far from any budget.
#[tokio::test]
async fn a_thousand_people_behind_one_address_notice_nothing() {
    let app = TestApp::start_with(Engine::Sqlite, |config| config.limits = Budgets::default()).await;
    let from: IpAddr = "100.64.0.1".parse().unwrap();
    let at = Who::At(momfood_backend::address::Address(Some(from)));
    // Each opens the app (a stream, ten reads), writes twice; one in ten signs in.
    for second in 0..60 {
        let now = app.clock.now();
        for (class, many) in [
            (Class::Streams, 17),
            (Class::Reads, 170),
            (Class::Writes, 34),
            (Class::SignIn, 2),
        ] {
            for _ in 0..many {
                assert_eq!(
                    app.limits.take(class, at, now).await,
                    Ok(()),
                    "{class:?} in second {second}"
                );
            }
        }
        app.clock.advance(Duration::from_secs(1));
    }
}

#[tokio::test]
async fn behind_our_own_proxy_each_caller_has_their_own_budget() {
    let app = TestApp::start_with(Engine::Sqlite, |config| {
        config.limits = Budgets::none().with(Class::Reads, Some(Budget::a_minute(2, 6)));
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let look = async |chain: &str| {
        let asked = app.request(Method::GET, "/api/v1/restaurants").from("10.0.0.1:1");
        word(&asked.header("x-forwarded-for", chain).send().await)
    };
    assert_eq!(
        [
            look("1.1.1.1").await,
            look("1.1.1.1").await,
            look("1.1.1.1").await
        ],
        ["ok", "ok", "rate_limited"]
    );
    assert_eq!(look("2.2.2.2").await, "ok");
    // What the caller claims stands before what the proxy saw.
    assert_eq!(look("3.3.3.3, 1.1.1.1").await, "rate_limited");
    assert_eq!(look("3.3.3.3, 1.1.1.1, 10.0.0.2").await, "rate_limited");
}

#[tokio::test]
async fn a_refused_request_is_told_in_the_callers_language_and_did_nothing() {
    let app = with(Class::SignIn, Budget::a_minute(2, 6)).await;
    let first = app.ticket("a@example.sa").await;
    app.clock.advance(Duration::from_secs(20));
    let second = app.ticket("b@example.sa").await;
    let ask = |ticket: &str, language: &str| {
        let body = json!({ "ticket": ticket, "password": "a long secret", "firstName": "سارة", "consents": Consent::of_a_newcomer(false) });
        app.request(Method::POST, "/api/v1/auth/register")
            .from("6.6.6.6:1")
            .json(&body)
            .header("accept-language", language)
            .send()
    };
    ask(&first, "ar").await.data();
    assert_eq!(ask(&first, "ar").await.code(), "ticket_invalid");
    let refused = ask(&second, "en").await;
    assert!(
        refused.json()["error"]["message"]
            .as_str()
            .unwrap()
            .starts_with("Too many")
    );
    app.clock.advance(Duration::from_secs(10));
    ask(&second, "en").await.data();
}

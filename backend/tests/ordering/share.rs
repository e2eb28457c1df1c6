//! Links by which others see how far an order is.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use momfood_domain::id::OrderId;
use serde_json::{Value, json};

use crate::town::*;

async fn share(app: &TestApp, who: &Someone, id: OrderId) -> Answer {
    step(app, who, id, "share", &Value::Null).await
}

async fn unshare(app: &TestApp, who: &Someone, id: OrderId) -> Answer {
    app.request(Method::DELETE, &format!("/api/v1/orders/{id}/share"))
        .bearer(&who.token)
        .send()
        .await
}

/// What the link of an answer ends in.
fn token(answer: &Answer) -> String {
    let url = answer.data()["url"].as_str().unwrap().to_owned();
    url.rsplit_once("/s/").unwrap().1.to_owned()
}

async fn look_through(app: &TestApp, token: &str) -> Answer {
    app.get(&format!("/api/v1/shared/{token}")).await
}

/// Every text in a value, with keys.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| std::iter::once(key.clone()).chain(texts(value)))
            .collect(),
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}

both! {
    async fn a_link_shows_how_far_it_is_and_nothing_else(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.accepted(&app).await;
        let link = token(&share(&app, &town.sara, id).await);
        assert_eq!(link.len(), 24);
        let fahad = person(&app, "Fahad", Role::Driver, None).await;
        offer(&app, id, &fahad).await;
        step(&app, &fahad, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        step(&app, &fahad, id, "pick-up", &Value::Null).await.data();

        let seen = look_through(&app, &link).await;
        assert_eq!(seen.header("cache-control"), "no-store");
        let seen = seen.data();
        assert_eq!(seen["status"], "picked_up");
        assert_eq!(seen["onTheWay"], true);
        assert_eq!(seen["restaurant"]["name"]["en"], "Kabsa House");
        assert_eq!(seen["asOf"], app.clock.now().0);
        let kinds: Vec<_> = seen["timeline"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect();
        assert_eq!(
            kinds,
            ["placed", "accepted", "driver_assigned", "ready", "driver_at_restaurant", "picked_up"]
        );
        let mut fields: Vec<_> = seen.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        assert_eq!(fields, ["asOf", "estimatedAt", "fulfilment", "onTheWay", "restaurant", "status", "timeline", "until"]);

        let order = look(&app, &town.sara, id).await;
        // The restaurant's name may hold a dish's.
        let mut beside = seen.clone();
        beside["restaurant"] = Value::Null;
        let said = texts(&beside).join("\n");
        for private in texts(&order["customer"]).iter().chain(&texts(&order["address"])).chain(&texts(&order["bill"]["lines"])) {
            let is_value = !private.bytes().all(|byte| byte.is_ascii_lowercase()) || private.contains(' ');
            assert!(!is_value || !said.contains(private.as_str()), "{private}");
        }
        for private in ["Fahad", "Sara", "lat", "lng", "total", "price", "phone", &id.to_string()] {
            assert!(!said.contains(private), "{private} in {said}");
        }
    }

    async fn the_same_link_again_until_it_is_taken_back(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let path = format!("/api/v1/orders/{id}/share");
        assert_eq!(get(&app, &town.sara, &path).await.data(), Value::Null);
        let first = share(&app, &town.sara, id).await.data();
        app.clock.advance(Duration::from_mins(1));
        assert_eq!(share(&app, &town.sara, id).await.data(), first);
        assert_eq!(get(&app, &town.sara, &path).await.data(), first);
        let old = token(&share(&app, &town.sara, id).await);
        look_through(&app, &old).await.data();

        unshare(&app, &town.sara, id).await.data();
        assert_eq!(look_through(&app, &old).await.code(), "not_found");
        unshare(&app, &town.sara, id).await.data();
        let new = token(&share(&app, &town.sara, id).await);
        assert_ne!(new, old);
        assert_eq!(look_through(&app, &old).await.code(), "not_found");
        look_through(&app, &new).await.data();
        assert_eq!(count!(app, "select count(*) from order_share where token_hash is not null"), 1);
    }

    async fn a_link_is_over_two_hours_after_the_order(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let link = token(&share(&app, &town.sara, id).await);
        step(&app, &town.kitchen, id, "reject", &json!({ "reason": "closing" })).await.data();
        let ended = app.clock.now();
        app.clock.advance(Duration::from_secs(2 * 3_600 - 1));
        let seen = look_through(&app, &link).await.data();
        assert_eq!(seen["status"], "rejected");
        assert_eq!(seen["until"], ended.plus_minutes(120).0);
        assert!(seen.get("estimatedAt").is_none());
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(look_through(&app, &link).await.code(), "not_found");
        // Its customer cannot bring it back either.
        let again = sign_in(&app, town.sara.id, Role::Customer, None).await;
        assert_eq!(share(&app, &again, id).await.code(), "wrong_state");
    }

    async fn what_was_never_a_link_leads_nowhere_and_too_many_looks_have_to_wait(app: TestApp) {
        let long = "a".repeat(500);
        for never in ["x", "AAAAAAAAAAAAAAAAAAAAAAAA", long.as_str(), "%00", "..%2f"] {
            assert_eq!(look_through(&app, never).await.code(), "not_found", "{never}");
        }
        let mut refused = None;
        for _ in 0..200 {
            let answer = look_through(&app, "x").await;
            if answer.code() == "rate_limited" {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.unwrap();
        assert_eq!(refused.status, 429);
        assert!(refused.json()["error"]["details"]["retryAfter"].as_i64().unwrap() >= 1);
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(look_through(&app, "x").await.code(), "not_found");
    }
}

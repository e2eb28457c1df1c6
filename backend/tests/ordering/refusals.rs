//! Orders that are not placed, and steps that are not taken: each refusal names a code and leaves nothing behind.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::town::*;

async fn orders(app: &TestApp) -> i64 {
    count!(app, "select count(*) from orders")
}

both! {
    async fn a_request_to_place_that_makes_no_sense_names_its_field(app: TestApp) {
        let town = Town::build(&app).await;
        let good = town.placing(&app, &town.sara).await;
        let with = |name: &str, value: Value| { let mut request = good.clone(); request[name] = value; request };
        let mut elsewhere = address();
        elsewhere["point"] = json!(KITCHEN);
        let mut wordy = address();
        wordy["line"] = json!("x".repeat(301));
        for (request, field) in [
            (with("address", Value::Null), "address"),
            (with("address", elsewhere), "address"),
            (with("address", wordy), "address"),
            (with("note", json!("ن".repeat(301))), "note"),
            (with("paymentMethod", json!("card")), "cardToken"),
            ({ let mut request = with("paymentMethod", json!("card")); request["cardToken"] = json!(" "); request }, "cardToken"),
            ({ let mut request = with("paymentMethod", json!("card")); request["cardToken"] = json!("t".repeat(201)); request }, "cardToken"),
        ] {
            let answer = place(&app, &town.sara, &request).await;
            assert_eq!((answer.code().as_str(), &answer.json()["error"]["details"]["field"]), ("invalid_input", &json!(field)), "{request}");
        }
        let keyless = post(&app, &town.sara, "/api/v1/orders", &good).await;
        assert_eq!(keyless.code(), "key_missing");
        let odd = app.request(http::Method::POST, "/api/v1/orders").bearer(&town.sara.token)
            .header("idempotency-key", "one").json(&good).send().await;
        assert_eq!(odd.code(), "key_missing");
        assert_eq!(place(&app, &town.sara, &with("quoteId", json!(Uuid::nil()))).await.code(), "not_found");
        assert_eq!(place(&app, &town.sara, &with("paymentMethod", json!("gold"))).await.code(), "malformed_json");
        assert_eq!(place(&app, &town.kitchen, &good).await.code(), "forbidden");
        assert_eq!(orders(&app).await, 0);
        assert_eq!(count!(&app, "select count(*) from sync_uid"), 0, "a refused request keeps no key");
        assert_eq!(place(&app, &town.sara, &good).await.data()["status"], "pending");
    }

    async fn somebody_elses_quote_is_not_found(app: TestApp) {
        let town = Town::build(&app).await;
        let omar = person(&app, "Omar", Role::Customer, None).await;
        let request = town.placing(&app, &town.sara).await;
        assert_eq!(place(&app, &omar, &request).await.code(), "not_found");
        place(&app, &town.sara, &request).await.data();
        let mut other = request;
        other["id"] = json!(app.clock.uuid());
        assert_eq!(place(&app, &omar, &other).await.code(), "not_found", "also once it is used");
    }

    async fn a_price_that_changed_is_told_and_nothing_is_placed(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        set_price(&app, town.restaurant, JUICE, 900).await;
        let key = app.clock.uuid();
        let answer = place_with(&app, &town.sara, &request, key).await;
        assert_eq!(answer.code(), "price_changed");
        let fresh = answer.json()["error"]["details"]["quote"].clone();
        assert_eq!(fresh["bill"]["subtotal"], 5_400);
        assert_eq!(orders(&app).await, 0);
        let mut agreed = request;
        agreed["quoteId"] = fresh["id"].clone();
        let order = place_with(&app, &town.sara, &agreed, key).await.data();
        assert_eq!(order["bill"], fresh["bill"]);
    }

    async fn an_item_sold_out_between_cart_and_order_is_named(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        edit_menu(&app, town.restaurant, JUICE, |item| item["availability"] = json!({ "state": "sold_out" })).await;
        let answer = place(&app, &town.sara, &request).await;
        assert_eq!(answer.code(), "item_unavailable");
        let details = &answer.json()["error"]["details"];
        assert_eq!((&details["itemId"], &details["name"]["ar"]), (&json!(JUICE), &json!("عصير")));
        let (later, restaurant) = (app.clock.now().plus_seconds(600), town.restaurant);
        change!(&app, "update restaurants set paused_until = $1 where id = $2", later, restaurant);
        assert_eq!(place(&app, &town.sara, &request).await.code(), "restaurant_paused");
        assert_eq!(orders(&app).await, 0);
    }

    async fn an_order_is_not_placed_after_its_own_time(app: TestApp) {
        let town = Town::build(&app).await;
        let mut request = town.placing(&app, &town.sara).await;
        request["validUntil"] = json!(app.clock.now().plus_seconds(60));
        app.clock.advance(Duration::from_secs(61));
        assert_eq!(place(&app, &town.sara, &request).await.code(), "quote_expired");
        assert_eq!(orders(&app).await, 0);
    }

    async fn other_peoples_orders_do_not_exist(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let omar = person(&app, "Omar", Role::Customer, None).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let rival = restaurant(&app, omar.id).await;
        let rival = staff(&app, rival).await;
        for who in [&omar, &driver, &rival] {
            assert_eq!(get(&app, who, &format!("/api/v1/orders/{id}")).await.code(), "not_found");
            for (action, body) in [("cancel", json!({ "reason": "changed_mind" })), ("accept", json!({ "prepMinutes": 5 })), ("ready", Value::Null)] {
                let answer = step(&app, who, id, action, &body).await;
                assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{action}");
            }
        }
        for path in ["/api/v1/orders/nonsense", "/api/v1/orders/00000000-0000-0000-0000-000000000000"] {
            assert_eq!(get(&app, &town.sara, path).await.code(), "not_found", "{path}");
        }
    }

    async fn a_step_of_another_party_is_forbidden(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        for (who, action, body) in [
            (&town.sara, "accept", json!({ "prepMinutes": 5 })),
            (&town.sara, "refund", json!({ "amount": 100 })),
            (&town.sara, "deliver", json!({ "cash": 100 })),
            (&town.kitchen, "pick-up", Value::Null),
            (&town.kitchen, "reconcile-cash", Value::Null),
            (&town.kitchen, "release", json!({ "reason": "other", "attempt": 1 })),
        ] {
            let answer = step(&app, who, id, action, &body).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "forbidden"), "{action}");
        }
    }

    async fn a_step_at_the_wrong_time_says_where_the_order_stands(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        for (action, body, code) in [
            ("ready", Value::Null, "wrong_state"),
            ("hand-over", json!({}), "wrong_state"),
            ("accept", json!({ "prepMinutes": 0 }), "prep_minutes"),
            ("accept", json!({ "prepMinutes": 181 }), "prep_minutes"),
            ("accept", json!({ "prepMinutes": -1 }), "malformed_json"),
            ("accept", json!({}), "malformed_json"),
            ("reject", json!({ "reason": "because" }), "malformed_json"),
        ] {
            let answer = step(&app, &town.kitchen, id, action, &body).await;
            assert_eq!(answer.code(), code, "{action} {body}");
        }
        let support = person(&app, "Lina", Role::Support, None).await;
        assert_eq!(step(&app, &support, id, "refund", &json!({ "amount": 1 })).await.code(), "wrong_state");
        assert_eq!(look(&app, &town.sara, id).await["rev"], 1);
    }

    async fn an_offer_that_is_over_cannot_be_taken(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let id = town.accepted(&app).await;
        offer(&app, id, &driver).await;
        assert_eq!(step(&app, &driver, id, "accept-offer", &json!({ "attempt": 2 })).await.code(), "offer_over");
        app.clock.advance(Duration::from_secs(46));
        assert_eq!(step(&app, &driver, id, "accept-offer", &json!({ "attempt": 1 })).await.code(), "offer_over");
    }
}

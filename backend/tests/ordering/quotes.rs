//! Quotes: the server's price, for ten minutes, and every cart that has none.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::hours::{OpeningHours, OpeningPeriod};
use momfood_domain::time::{MINUTE, Timestamp};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::town::*;

async fn refused(app: &TestApp, town: &Town, request: &Value) -> (String, Value) {
    let answer = post(app, &town.sara, "/api/v1/quotes", request).await;
    (answer.code(), answer.json()["error"]["details"].clone())
}

fn with_line(town: &Town, line: &Value) -> Value {
    json!({ "cart": { "restaurantId": town.restaurant, "lines": [line] }, "fulfilment": "delivery", "point": DOOR })
}

both! {
    async fn a_cart_that_cannot_be_had_says_why(app: TestApp) {
        let town = Town::build(&app).await;
        let line = |item: Uuid, quantity: Value, options: Value| {
            with_line(&town, &json!({ "itemId": item, "quantity": quantity, "optionIds": options }))
        };
        let nothing = json!([]);
        for (request, code, details) in [
            (line(JUICE, json!(0), nothing.clone()), "bad_quantity", json!({ "itemId": JUICE })),
            (line(JUICE, json!(100), nothing.clone()), "bad_quantity", json!({ "itemId": JUICE })),
            (line(JUICE, json!(1_000_000_000), nothing.clone()), "bad_quantity", json!({ "itemId": JUICE })),
            (line(KABSA, json!(1), nothing.clone()), "option_rules", json!({ "groupId": SIZE, "min": 1 })),
            (line(KABSA, json!(1), json!([REGULAR, LARGE])), "option_rules", json!({ "groupId": SIZE, "max": 1 })),
            (line(KABSA, json!(1), json!([LARGE, SALAD, RAISINS])), "option_rules", json!({ "groupId": EXTRAS, "max": 1 })),
            (line(KABSA, json!(1), json!([LARGE, LARGE])), "option_rules", json!({ "optionId": LARGE })),
            (line(KABSA, json!(1), json!([Uuid::nil()])), "unknown_item", json!({ "optionId": Uuid::nil() })),
            (line(Uuid::nil(), json!(1), nothing.clone()), "unknown_item", json!({ "itemId": Uuid::nil() })),
            (line(JUICE, json!(1), nothing.clone()), "below_minimum", json!({ "missing": 1_300, "minimum": 2_000 })),
        ] {
            assert_eq!(refused(&app, &town, &request).await, (code.to_owned(), details), "{request}");
        }
        let (code, details) = refused(&app, &town, &line(SOLD_OUT, json!(1), nothing.clone())).await;
        assert_eq!((code.as_str(), &details["name"]["en"]), ("item_unavailable", &json!("Mandi")));
        let (code, details) = refused(&app, &town, &line(KABSA, json!(1), json!([LARGE, NUTS]))).await;
        assert_eq!((code.as_str(), &details["optionId"]), ("item_unavailable", &json!(NUTS)));
        let (code, _) = refused(&app, &town, &line(BREAKFAST, json!(1), nothing.clone())).await;
        assert_eq!(code, "item_unavailable", "breakfast is over at noon");
        assert_eq!(count!(&app, "select count(*) from quotes"), 0);
    }

    async fn a_request_that_makes_no_sense_names_its_field(app: TestApp) {
        let town = Town::build(&app).await;
        let (cart, door) = (town.cart(), json!(DOOR));
        let ask = |cart: &Value, point: &Value| json!({ "cart": cart, "fulfilment": "delivery", "point": point });
        let changed = |name: &str, value: Value| { let mut cart = town.cart(); cart[name] = value; cart };
        let lines = |count: usize| changed("lines", vec![json!({ "itemId": JUICE, "quantity": 1 }); count].into());
        let noted = json!([{ "itemId": JUICE, "quantity": 9, "note": "ن".repeat(301) }]);
        for (request, code, field) in [
            (ask(&cart, &Value::Null), "invalid_input", json!("point")),
            (ask(&cart, &json!({ "lat": 91.0, "lng": 46.0 })), "invalid_input", json!("point")),
            (ask(&lines(61), &door), "invalid_input", json!("lines")),
            (ask(&changed("lines", noted), &door), "invalid_input", json!("note")),
            (ask(&changed("tip", json!(-1)), &door), "bad_amount", json!("tip")),
            (ask(&changed("tip", json!(10_i64.pow(15))), &door), "bad_amount", json!("tip")),
            (ask(&lines(0), &door), "empty_cart", Value::Null),
            (ask(&cart, &json!({ "lat": 25.5, "lng": 46.7 })), "out_of_range", Value::Null),
            (ask(&changed("restaurantId", json!(Uuid::nil())), &door), "not_found", Value::Null),
        ] {
            let (found, details) = refused(&app, &town, &request).await;
            assert_eq!((found.as_str(), &details["field"]), (code, &field), "{request}");
        }
        for broken in ["", "{", "[]", r#"{"cart":1}"#, r#"{"cart":{"restaurantId":"x","lines":[]},"fulfilment":"delivery"}"#] {
            let answer = app.request(http::Method::POST, "/api/v1/quotes").bearer(&town.sara.token)
                .raw("application/json", broken).send().await;
            assert_eq!(answer.code(), "malformed_json", "{broken}");
        }
        let negative = with_line(&town, &json!({ "itemId": JUICE, "quantity": -1 }));
        assert_eq!(refused(&app, &town, &negative).await.0, "malformed_json");
        let mut unknown = town.quote_request();
        unknown["surprise"] = json!(1);
        assert_eq!(refused(&app, &town, &unknown).await.0, "malformed_json");
        let huge = json!({ "cart": cart, "fulfilment": "delivery", "x": "x".repeat(300_000) });
        assert_eq!(refused(&app, &town, &huge).await.0, "body_too_large");
    }

    async fn only_customers_are_quoted(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        for who in [&town.kitchen, &driver] {
            assert_eq!(post(&app, who, "/api/v1/quotes", &town.quote_request()).await.code(), "forbidden");
        }
        assert_eq!(app.post("/api/v1/quotes", &town.quote_request()).await.code(), "unauthenticated");
    }

    async fn a_closed_restaurant_says_when_it_opens_and_a_paused_one_how_long(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, now) = (town.restaurant, app.clock.now());
        change!(&app, "update restaurants set paused_until = $1 where id = $2", now.plus(10 * MINUTE), id);
        assert_eq!(refused(&app, &town, &town.quote_request()).await,
            ("restaurant_paused".to_owned(), json!({ "until": now.plus(10 * MINUTE) })));
        app.clock.advance(Duration::from_mins(10));
        town.quote(&app, &town.sara).await;
        change!(&app, "update restaurants set paused_until = $1 where id = $2", Timestamp(i64::MAX), id);
        assert_eq!(refused(&app, &town, &town.quote_request()).await, ("restaurant_paused".to_owned(), Value::Null));
        // It is Sunday noon in Riyadh: open from eight in the evening.
        let evening = OpeningPeriod { day: 0, open: 1200, close: 1440 };
        let hours = OpeningHours { utc_offset_minutes: 180, periods: vec![evening] };
        change!(&app, "update restaurants set hours = $1 where id = $2", Json(&hours), id);
        assert_eq!(refused(&app, &town, &town.quote_request()).await,
            ("restaurant_closed".to_owned(), json!({ "opensAt": now.plus(8 * 60 * MINUTE) })));
        let never = OpeningHours { utc_offset_minutes: 180, periods: vec![] };
        change!(&app, "update restaurants set hours = $1 where id = $2", Json(&never), id);
        assert_eq!(refused(&app, &town, &town.quote_request()).await, ("restaurant_closed".to_owned(), Value::Null));
        change!(&app, "update restaurants set status = 'suspended' where id = $1", id);
        assert_eq!(refused(&app, &town, &town.quote_request()).await.0, "not_found");
    }

    async fn a_quote_holds_for_ten_minutes_and_its_time_is_told(app: TestApp) {
        let town = Town::build(&app).await;
        let quote = town.quote(&app, &town.sara).await;
        assert_eq!(time(&quote["expiresAt"]).since(app.clock.now()), 10 * MINUTE);
        assert!(time(&quote["estimatedAt"]).since(app.clock.now()) > 25 * MINUTE);
        let request = json!({ "id": app.clock.uuid(), "quoteId": quote["id"], "paymentMethod": "cash", "address": address() });
        app.clock.advance(Duration::from_mins(10));
        let late = place(&app, &town.sara, &request).await;
        assert_eq!(late.code(), "quote_expired");
        let fresh = late.json()["error"]["details"]["quote"].clone();
        assert_eq!(fresh["bill"], quote["bill"]);
        let again = json!({ "id": app.clock.uuid(), "quoteId": fresh["id"], "paymentMethod": "cash", "address": address() });
        assert_eq!(place(&app, &town.sara, &again).await.data()["status"], "pending");
    }

    async fn old_quotes_are_forgotten_but_not_orders(app: TestApp) {
        let town = Town::build(&app).await;
        town.quote(&app, &town.sara).await;
        let id = town.order(&app).await;
        app.pass(Duration::from_hours(25)).await;
        assert_eq!(count!(&app, "select count(*) from quotes"), 0);
        let support = person(&app, "Lina", Role::Support, None).await;
        assert_eq!(look(&app, &support, id).await["status"], "expired");
    }
}

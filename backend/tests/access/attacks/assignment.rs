//! Fields that nobody asked for: what a body is not to decide, it cannot decide by saying so.

use std::collections::BTreeSet;

use momfood_backend::both;
use momfood_backend::router;
use momfood_backend::testing::TestApp;
use momfood_protocol::account::Consent;
use serde_json::{Value, json};

use crate::asking::{ask, operations, rows, word};
use crate::cast::{Cast, Scene};
use crate::input::{LENIENT, doable};

/// What would be worth deciding.
fn wanted() -> Vec<(&'static str, Value)> {
    vec![
        ("role", json!("admin")),
        ("roles", json!(["admin"])),
        ("id", json!("019cb5a1-3c00-7000-8000-000000000001")),
        ("userId", json!("019cb5a1-3c00-7000-8000-000000000001")),
        ("customerId", json!("019cb5a1-3c00-7000-8000-000000000001")),
        ("restaurantId", json!("019cb5a1-3c00-7000-8000-000000000001")),
        ("driverId", json!("019cb5a1-3c00-7000-8000-000000000001")),
        ("status", json!("approved")),
        ("price", json!(1)),
        ("total", json!(0)),
        ("totalAmount", json!(0)),
        ("discount", json!(100_000)),
        ("paid", json!(true)),
        ("emailVerified", json!(true)),
        ("isAdmin", json!(true)),
        ("isOwner", json!(true)),
        ("passwordHash", json!("-")),
        ("createdAt", json!(0)),
        ("rev", json!(1)),
        ("__proto__", json!({ "role": "admin" })),
        ("constructor", json!({})),
    ]
}

/// Every field that the bodies of an operation have by the API's document, at whatever depth.
fn fields(document: &Value, schema: &Value, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        // A shape that holds itself was seen before.
        if found.insert(format!("#{name}")) {
            fields(document, &document["components"]["schemas"][name], found);
        }
    }
    if let Value::Object(parts) = schema {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            found.insert(name.clone());
            fields(document, field, found);
        }
        let inner = parts
            .iter()
            .filter(|(name, _)| *name != "properties" && *name != "example");
        inner.for_each(|(_, part)| fields(document, part, found));
    } else if let Value::Array(parts) = schema {
        for part in parts {
            fields(document, part, found);
        }
    }
}

both! {
    async fn no_body_decides_what_it_is_not_asked(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let documented = operations();
        let document = serde_json::from_str(&router::document().to_json().unwrap()).unwrap();
        let (mut faults, mut sent) = (Vec::new(), 0);
        for row in doable() {
            let caller = row.right().unwrap();
            let scene = Scene::set(&app, &cast, row.case).await;
            let right = ask(&app, &cast, &scene, (row.operation, row.case), caller).await;
            let Some(body) = right.body.clone() else { continue };
            if LENIENT.contains(&row.operation) {
                continue;
            }
            let token = cast.token(&app, &scene, caller, caller);
            let mut own = BTreeSet::new();
            fields(&document, &documented[row.operation]["requestBody"], &mut own);
            let before = rows(&app).await;
            for (name, value) in wanted().into_iter().filter(|(name, _)| !own.contains(*name)) {
                let mut more = right.clone();
                let mut body = body.clone();
                body[name] = value;
                more.body = Some(body);
                let answer = more.send(&app, token.as_deref()).await;
                sent += 1;
                if word(&answer) != "malformed_json" {
                    faults.push(format!("{}: `{name}` was taken: {}", row.operation, word(&answer)));
                }
            }
            if faults.is_empty() {
                assert_eq!(rows(&app).await, before, "{}", row.operation);
            }
        }
        assert!(faults.is_empty(), "{} of {sent}:\n{}", faults.len(), faults.join("\n"));
        assert!(sent > 300, "{sent}");
    }

    async fn nobody_makes_themselves_more_than_a_customer(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let sara = cast.town.sara.token.as_str();
        for (name, value) in wanted() {
            let mut body = json!({ "ticket": "AZn4", "password": "a long secret", "firstName": "م", "consents": Consent::of_a_newcomer(false) });
            body[name] = value.clone();
            assert_eq!(word(&app.post("/api/v1/auth/register", &body).await), "malformed_json", "{name}");
            let patch = json!({ name: value });
            let asked = app.request(http::Method::PATCH, "/api/v1/me").bearer(sara).json(&patch);
            assert_eq!(word(&asked.send().await), "malformed_json", "{name}");
        }
        let me = app.request(http::Method::GET, "/api/v1/me").bearer(sara).send().await.data();
        assert_eq!(me["roles"], json!(["customer"]));
    }

    async fn nobody_names_their_own_price(app: TestApp) {
        let cast = Cast::gather(&app).await;
        let sara = cast.town.sara.token.as_str();
        let operation = "POST /api/v1/quotes";
        let row = doable().into_iter().find(|row| row.operation == operation).unwrap();
        let scene = Scene::set(&app, &cast, row.case).await;
        let right = ask(&app, &cast, &scene, (operation, row.case), row.right().unwrap()).await;
        let quote = async |body: &Value| {
            let asked = app.request(http::Method::POST, "/api/v1/quotes").bearer(sara).json(body);
            let mut data = asked.send().await.data();
            for own in ["id", "quoteId", "expiresAt", "now"] {
                data.as_object_mut().unwrap().remove(own);
            }
            data
        };
        let body = right.body.unwrap();
        let fair = quote(&body).await;
        // A cart is a document that grows with the product: what an older server does not know of it is not looked at.
        for place in ["/cart", "/cart/lines/0", "/point"] {
            for name in ["price", "unitPrice", "basePrice", "total", "subtotal", "discount", "deliveryFee", "serviceFee", "tax",
                "paid", "currency", "freeDelivery", "customerId"] {
                let mut body = body.clone();
                body.pointer_mut(place).unwrap()[name] = json!(1);
                assert_eq!(quote(&body).await, fair, "{place} {name}");
            }
        }
    }
}

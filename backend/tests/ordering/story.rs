//! One order from tap to door, and the other ways it can end.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::time::MINUTE;
use serde_json::{Value, json};

use crate::town::{Town, get, id_of, look, offer, person, place, post, step, time};

fn kinds(order: &Value) -> Vec<&str> {
    order["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["kind"].as_str().unwrap())
        .collect()
}

both! {
    async fn an_order_travels_from_tap_to_door(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let (sara, kitchen) = (&town.sara, &town.kitchen);

        let quote = town.quote(&app, sara).await;
        assert_eq!(quote["bill"]["subtotal"], 5_000);
        assert_eq!(quote["bill"]["deliveryFee"], 500);
        assert_eq!(quote["bill"]["serviceFee"], 150);
        assert_eq!(quote["bill"]["totalAmount"], 5_000 + 500 + 150 + 500);

        let request = town.placing(&app, sara).await;
        let order = place(&app, sara, &request).await.data();
        let id = id_of(&order);
        assert_eq!((&order["status"], &order["rev"]), (&json!("pending"), &json!(1)));
        let number = order["number"].as_str().unwrap();
        assert!(number.len() == 9 && number.as_bytes()[4] == b'-', "{number}");
        assert_eq!(order["may"], json!(["cancel"]));
        assert_eq!(time(&order["acceptBy"]).since(app.clock.now()), 5 * MINUTE);

        let seen = look(&app, kitchen, id).await;
        assert_eq!(seen["may"], json!(["accept", "reject"]));
        app.clock.advance(Duration::from_secs(30));
        let accepted = step(&app, kitchen, id, "accept", &json!({ "prepMinutes": 20 })).await.data();
        assert_eq!((&accepted["status"], &accepted["rev"]), (&json!("accepted"), &json!(2)));
        assert_eq!(accepted["may"], json!(["start_preparing", "mark_ready", "cancel"]));
        assert_eq!(accepted["delivery"]["status"], "waiting");
        assert_eq!(time(&accepted["readyBy"]).since(app.clock.now()), 20 * MINUTE);
        assert!(time(&accepted["estimatedAt"]) > time(&accepted["readyBy"]));

        step(&app, kitchen, id, "prepare", &Value::Null).await.data();
        app.clock.advance(Duration::from_mins(10));
        let ready = step(&app, kitchen, id, "ready", &Value::Null).await.data();
        assert_eq!(time(&ready["readyBy"]), app.clock.now());

        offer(&app, id, &driver).await;
        let asked = look(&app, &driver, id).await;
        assert_eq!(asked["may"], json!(["accept_offer", "decline_offer"]));
        assert_eq!(asked["delivery"]["assignment"]["attempt"], 1);
        let taken = step(&app, &driver, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        assert_eq!(taken["may"], json!(["arrive_at_restaurant", "pick_up", "release"]));
        step(&app, &driver, id, "arrive-restaurant", &Value::Null).await.data();
        let carried = step(&app, &driver, id, "pick-up", &Value::Null).await.data();
        assert_eq!(carried["status"], "picked_up");
        step(&app, &driver, id, "arrive-customer", &Value::Null).await.data();
        let short = step(&app, &driver, id, "deliver", &json!({})).await;
        assert_eq!(short.code(), "cash_needed");
        let done = step(&app, &driver, id, "deliver", &json!({ "cash": 6_150 })).await.data();
        assert_eq!(done["status"], "delivered");
        assert_eq!(done["may"], json!([]));

        let kept = look(&app, sara, id).await;
        assert_eq!(kept["payment"], json!({ "method": "cash", "status": "collected", "refunded": 0, "cashDue": 0 }));
        assert_eq!(kinds(&kept), [
            "placed", "accepted", "preparing", "ready", "driver_assigned", "driver_at_restaurant", "picked_up",
            "driver_at_customer", "delivered",
        ]);
        let support = person(&app, "Lina", Role::Support, None).await;
        let counted = step(&app, &support, id, "reconcile-cash", &Value::Null).await.data();
        assert_eq!(counted["payment"]["status"], "reconciled");
        let audited = count!(&app, "select count(*) from audit_log where subject = 'order' and subject_id = $1", id);
        assert_eq!(audited, counted["rev"].as_i64().unwrap());
    }

    async fn a_pick_up_order_is_handed_over_the_counter(app: TestApp) {
        let town = Town::build(&app).await;
        let request = json!({ "cart": town.cart(), "fulfilment": "pickup" });
        let quote = post(&app, &town.sara, "/api/v1/quotes", &request).await.data();
        assert_eq!(quote["bill"]["deliveryFee"], 0);
        let id = app.clock.uuid();
        let request = json!({ "id": id, "quoteId": quote["id"], "paymentMethod": "cash" });
        let order = place(&app, &town.sara, &request).await.data();
        let id = id_of(&order);
        step(&app, &town.kitchen, id, "accept", &json!({ "prepMinutes": 10 })).await.data();
        let ready = step(&app, &town.kitchen, id, "ready", &Value::Null).await.data();
        assert!(ready.get("delivery").is_none());
        assert_eq!(ready["may"], json!(["hand_over", "cancel"]));
        let done = step(&app, &town.kitchen, id, "hand-over", &json!({ "cash": 5_650 })).await.data();
        assert_eq!((&done["status"], &done["payment"]["status"]), (&json!("delivered"), &json!("collected")));
    }

    async fn a_rejected_order_says_why_and_costs_nothing(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        step(&app, &town.kitchen, id, "reject", &json!({ "reason": "out_of_stock" })).await.data();
        let seen = look(&app, &town.sara, id).await;
        assert_eq!((&seen["status"], &seen["reason"]), (&json!("rejected"), &json!("out_of_stock")));
        assert_eq!(seen["payment"]["status"], "voided");
        let late = step(&app, &town.kitchen, id, "accept", &json!({ "prepMinutes": 20 })).await;
        assert_eq!(late.code(), "wrong_state");
        assert_eq!(late.json()["error"]["details"]["status"], "rejected");
    }

    async fn a_repeated_step_changes_nothing_and_is_no_error(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.accepted(&app).await;
        let before = look(&app, &town.kitchen, id).await;
        let written = count!(&app, "select count(*) from order_events where order_id = $1", id);
        let again = step(&app, &town.kitchen, id, "accept", &json!({ "prepMinutes": 45 })).await.data();
        assert_eq!(again, before);
        assert_eq!(written, count!(&app, "select count(*) from order_events where order_id = $1", id));
    }

    async fn a_driver_who_lets_go_sees_the_order_once_more_and_another_is_asked(app: TestApp) {
        let town = Town::build(&app).await;
        let (fahad, omar) = (person(&app, "Fahad", Role::Driver, None).await, person(&app, "Omar", Role::Driver, None).await);
        let id = town.accepted(&app).await;
        offer(&app, id, &fahad).await;
        step(&app, &fahad, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        let missing = step(&app, &fahad, id, "release", &json!({ "reason": "vehicle_problem" })).await;
        assert_eq!(missing.code(), "invalid_input");
        let letting_go = json!({ "reason": "vehicle_problem", "attempt": 1 });
        let gone = step(&app, &fahad, id, "release", &letting_go).await.data();
        assert_eq!(gone["delivery"]["status"], "waiting");
        assert!(gone.get("address").is_none());
        let again = step(&app, &fahad, id, "release", &letting_go).await.data();
        assert_eq!(again["rev"], gone["rev"]);
        offer(&app, id, &omar).await;
        assert_eq!(get(&app, &fahad, &format!("/api/v1/orders/{id}")).await.code(), "not_found");
        let second = step(&app, &omar, id, "accept-offer", &json!({ "attempt": 2 })).await.data();
        assert_eq!(second["delivery"]["status"], "assigned");
        let failed = look(&app, &town.sara, id).await;
        assert_eq!(failed["delivery"]["driver"]["name"], "Omar");
    }

    async fn a_delivery_that_fails_comes_back_and_cash_is_not_owed(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let id = town.accepted(&app).await;
        offer(&app, id, &driver).await;
        step(&app, &driver, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        step(&app, &driver, id, "pick-up", &Value::Null).await.data();
        let failed = step(&app, &driver, id, "fail", &json!({ "reason": "customer_unreachable" })).await.data();
        assert_eq!((&failed["status"], &failed["may"]), (&json!("failed"), &json!(["return_food"])));
        let back = step(&app, &driver, id, "return", &Value::Null).await.data();
        assert_eq!(back["delivery"]["status"], "returned");
        assert_eq!(look(&app, &town.sara, id).await["payment"]["status"], "voided");
    }

    async fn a_list_of_orders_is_newest_first_and_paged(app: TestApp) {
        let town = Town::build(&app).await;
        let mut placed = Vec::new();
        for _ in 0..5 {
            placed.push(town.order(&app).await.to_string());
            app.clock.advance(Duration::from_mins(1));
        }
        placed.reverse();
        for who in [&town.sara, &town.kitchen] {
            let mut seen = Vec::new();
            let mut path = "/api/v1/orders?limit=2".to_owned();
            loop {
                let page = get(&app, who, &path).await.data();
                let orders = page["orders"].as_array().unwrap();
                assert!(orders.len() <= 2);
                seen.extend(orders.iter().map(|order| order["id"].as_str().unwrap().to_owned()));
                match page["next"].as_i64() {
                    Some(next) => path = format!("/api/v1/orders?limit=2&before={next}"),
                    None => break,
                }
            }
            assert_eq!(seen, placed);
        }
        let omar = person(&app, "Omar", Role::Customer, None).await;
        assert_eq!(get(&app, &omar, "/api/v1/orders").await.data()["orders"], json!([]));
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        assert_eq!(get(&app, &driver, "/api/v1/orders").await.code(), "forbidden");
    }
}

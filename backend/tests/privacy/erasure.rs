//! Who leaves is forgotten, and what others have goes on.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::sealed;
use momfood_backend::store::sql;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::UserId;
use serde_json::{Value, json};

use crate::everything::{Everything, MARKS, bring, confirm, holders, leave, leave_at_once, rows};
use crate::town::*;

/// What stays of the books: orders, payments, cash, deliveries, events.
async fn books(app: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "orders",
        "order_lines",
        "order_events",
        "payments",
        "cash_entries",
        "assignments",
        "deliveries",
        "ratings",
    ] {
        counts.push(rows(app, table).await);
    }
    let mut tx = app.db.read().await.unwrap();
    let (sum,) = sql!(&mut tx, fetch_one as (i64,),
        "select cast(coalesce(sum(total_amount), 0) + (select coalesce(sum(captured), 0) from payments) as bigint) from orders")
        .unwrap();
    counts.push(sum);
    counts
}

async fn what(app: &TestApp, who: &Someone) -> String {
    let answer = leave(app, who).await;
    assert_eq!(answer.code(), "still_open", "{}", answer.text());
    answer.json()["error"]["details"]["what"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn owner(app: &TestApp, restaurant: momfood_domain::id::RestaurantId) -> UserId {
    let mut tx = app.db.read().await.unwrap();
    sql!(
        &mut tx,
        fetch_one as (UserId,),
        "select owner_id from restaurants where id = $1",
        restaurant
    )
    .unwrap()
    .0
}

both! {
    async fn nothing_is_left_of_who_leaves_but_the_books(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        let id = all.zubaida.id;
        for mark in ["Zubaida", "Almarqoum", "zubaida@example.sa", "zubaidas-phone", "zubaidas-passkey"] {
            assert!(!holders(&app, mark).await.is_empty(), "{mark} is kept before");
        }
        let before = books(&app).await;
        leave(&app, &all.zubaida).await.data();
        for mark in MARKS {
            let left = holders(&app, mark).await;
            assert!(left.is_empty(), "{mark} is still in {left:?}");
        }
        assert_eq!(books(&app).await, before, "the books stay");
        assert_eq!(rows(&app, "messages").await, 1, "a last word to the address that was hers");
        for table in ["addresses", "passkeys", "linked_accounts", "recovery_codes", "documents", "push_token",
            "order_share", "blob", "blob_part", "presence"] {
            assert_eq!(rows(&app, table).await, 0, "{table}");
        }
        let mut tx = app.db.read().await.unwrap();
        assert!(sealed::is_forgotten(&mut tx, id).await.unwrap(), "her key is gone");
        drop(tx);
        app.tick().await;
        for mark in MARKS {
            assert_eq!(holders(&app, mark).await, Vec::<String>::new(), "{mark} after a round of the worker");
        }
    }

    async fn who_left_is_out_at_once_and_does_not_come_back(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        let elsewhere = sign_in(&app, all.zubaida.id, Role::Customer, None).await;
        leave(&app, &all.zubaida).await.data();
        for who in [&all.zubaida, &elsewhere] {
            assert_eq!(get(&app, who, "/api/v1/me").await.code(), "session_revoked");
        }
        let login = json!({ "email": "zubaida@example.sa", "password": "a long secret" });
        assert_eq!(app.post("/api/v1/auth/login", &login).await.code(), "invalid_credentials");
    }

    async fn everybody_else_goes_on_with_old_orders(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        let before = look(&app, &all.town.kitchen, all.order).await;
        leave(&app, &all.zubaida).await.data();
        let after = look(&app, &all.town.kitchen, all.order).await;
        assert_eq!(after["customer"], json!({ "name": "" }), "an empty name is somebody who left");
        assert_eq!((&after["bill"]["totalAmount"], &after["status"]), (&before["bill"]["totalAmount"], &before["status"]));
        assert!(after["rev"].as_i64() > before["rev"].as_i64(), "kitchens that show it are told");
        assert_eq!((&after["note"], &after["address"]), (&Value::Null, &Value::Null));
        assert_eq!(look(&app, &all.fahad, all.order).await["customer"]["name"], "");
        assert_eq!(look(&app, &all.root, all.order).await["customer"]["name"], "");
        let scope = format!("restaurant:{}", all.town.restaurant);
        let snapshot = get(&app, &all.town.kitchen, &format!("/api/v1/scopes/{scope}/snapshot")).await.text();
        assert!(snapshot.contains(&all.order.to_string()) && !snapshot.contains("Zubaida"), "{snapshot}");
        assert_eq!(get(&app, &all.town.kitchen, "/api/v1/orders").await.data()["orders"].as_array().unwrap().len(), 1);
        step(&app, &all.root, all.order, "reconcile-cash", &Value::Null).await.data();
    }

    async fn nobody_leaves_in_the_middle_of_something(app: TestApp) {
        let town = Town::build(&app).await;
        let fahad = person(&app, "Fahad", Role::Driver, None).await;
        let root = person(&app, "Root", Role::Admin, None).await;
        let id = town.accepted(&app).await;
        assert_eq!(what(&app, &town.sara).await, "order");
        let shift = json!({ "on": true, "point": KITCHEN });
        post(&app, &fahad, "/api/v1/driver/shift", &shift).await.data();
        assert_eq!(what(&app, &fahad).await, "shift");
        offer(&app, id, &fahad).await;
        assert_eq!(what(&app, &fahad).await, "delivery");
        step(&app, &fahad, id, "decline-offer", &json!({ "attempt": 1 })).await.data();
        post(&app, &fahad, "/api/v1/driver/shift", &json!({ "on": false })).await.data();
        let turki = person(&app, "Turki", Role::Driver, None).await;
        offer(&app, id, &turki).await;
        for (name, body) in [("accept-offer", json!({ "attempt": 2 })), ("pick-up", Value::Null), ("deliver", json!({ "cash": 6_150 }))] {
            step(&app, &turki, id, name, &body).await.data();
        }
        assert_eq!(what(&app, &turki).await, "cash");
        step(&app, &root, id, "reconcile-cash", &Value::Null).await.data();
        for gone in [&turki, &fahad, &town.sara] {
            leave(&app, gone).await.data();
        }
        assert_eq!(what(&app, &root).await, "admin", "somebody must run the platform");
        person(&app, "Noor", Role::Admin, None).await;
        leave(&app, &root).await.data();
    }

    async fn a_restaurant_is_never_left_without_an_owner(app: TestApp) {
        let town = Town::build(&app).await;
        let hamad = owner(&app, town.restaurant).await;
        let hamad = sign_in(&app, hamad, Role::Restaurant, Some(town.restaurant)).await;
        assert_eq!(what(&app, &hamad).await, "restaurant");
        let (place, noura) = (town.restaurant, town.kitchen.id);
        change!(&app, "update restaurant_staff set is_owner = true where restaurant_id = $1 and user_id = $2", place, noura);
        leave(&app, &hamad).await.data();
        assert_eq!(owner(&app, town.restaurant).await, noura, "the other owner takes it over");
        assert_eq!(what(&app, &town.kitchen).await, "restaurant");
        get(&app, &town.kitchen, "/api/v1/kitchen/menu").await.data();
    }

    async fn it_takes_the_word_and_a_fresh_proof_of_who_asks(app: TestApp) {
        let sara = person(&app, "Sara", Role::Customer, None).await;
        let said = post(&app, &sara, "/api/v1/me/erase", &json!({ "confirm": "yes" })).await;
        assert_eq!(said.json()["error"]["details"]["field"], "confirm");
        confirm(&app).await;
        app.pass(Duration::from_mins(11)).await;
        assert_eq!(leave_at_once(&app, &sara).await.code(), "confirm_identity");
        let again = sign_in(&app, sara.id, Role::Customer, None).await;
        leave(&app, &again).await.data();
        assert_eq!(leave(&app, &again).await.code(), "session_revoked");
    }

    async fn a_device_of_who_left_still_tells_of_cash_and_does_nothing_else(app: TestApp) {
        let town = Town::build(&app).await;
        let fahad = person(&app, "Fahad", Role::Driver, None).await;
        let mut phone = crate::tablet::Tablet::new(&app);
        phone.push(&app, &fahad, &[]).await;
        let id = town.accepted(&app).await;
        let gone = fahad.id;
        leave(&app, &fahad).await.data();
        let taps = [
            phone.tap(&app, "delivery.deliver", json!({ "orderId": id, "cash": 6_150 })),
            phone.tap(&app, "shift.set", json!({ "on": true, "point": KITCHEN })),
        ];
        let answer = phone.push_alone(&app, &taps).await;
        assert!(answer.results[0].review, "{answer:?}");
        assert_eq!(crate::tablet::words(&answer)[1], "rejected:forbidden");
        assert_eq!(count!(&app, "select count(*) from cash_entries where actor = $1 and disposition = 'review'", gone), 1);
    }

    async fn no_detail_of_the_audit_log_says_who_somebody_is(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        let second = all.town.accepted(&app).await;
        bring(&app, second, &person(&app, "Turki", Role::Driver, None).await).await;
        step(&app, &all.root, second, "reconcile-cash", &Value::Null).await.data();
        let third = all.town.order(&app).await;
        step(&app, &all.town.kitchen, third, "reject", &json!({ "reason": "other" })).await.data();
        leave(&app, &all.zubaida).await.data();
        let mut tx = app.db.read().await.unwrap();
        let lines = sql!(&mut tx, fetch_all as (String, String),
            "select action, cast(detail as text) from audit_log").unwrap();
        assert!(lines.len() > 15, "{}", lines.len());
        let names = ["Fahad", "Alharbi", "Sara", "Noura", "Hamad", "حي العليا", "بسرعة", "بدون بصل"];
        for (action, detail) in lines {
            for mark in MARKS.iter().chain(&names) {
                assert!(!detail.contains(mark), "{action} says {mark}: {detail}");
            }
            let value: Value = serde_json::from_str(&detail).unwrap();
            assert!(!momfood_backend::audit::reaches_somebody(&value), "{action}: {detail}");
        }
    }
}

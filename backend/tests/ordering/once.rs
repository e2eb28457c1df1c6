//! One tap is one order, however often it is sent.

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::town::*;

both! {
    async fn the_same_key_and_body_is_the_same_order(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let key = app.clock.uuid();
        let first = place_with(&app, &town.sara, &request, key).await.data();
        let second = place_with(&app, &town.sara, &request, key).await.data();
        assert_eq!(first, second);
        step(&app, &town.kitchen, id_of(&first), "accept", &json!({ "prepMinutes": 20 })).await.data();
        let third = place_with(&app, &town.sara, &request, key).await.data();
        assert_eq!((&third["id"], &third["status"]), (&first["id"], &json!("accepted")));
        assert_eq!(count!(&app, "select count(*) from orders"), 1);
    }

    async fn eight_at_once_under_one_key_are_one_order(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let key = app.clock.uuid();
        let sent = (0..8).map(|_| place_with(&app, &town.sara, &request, key));
        for answer in futures::future::join_all(sent).await {
            assert_eq!(answer.data()["id"], request["id"]);
        }
        assert_eq!(count!(&app, "select count(*) from orders"), 1);
        assert_eq!(count!(&app, "select count(*) from payments"), 1);
    }

    async fn eight_at_once_under_eight_keys_are_one_order(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let sent = (0..8).map(|_| place(&app, &town.sara, &request));
        for answer in futures::future::join_all(sent).await {
            assert_eq!(answer.data()["id"], request["id"]);
        }
        assert_eq!(count!(&app, "select count(*) from orders"), 1);
    }

    async fn the_same_quote_under_two_ids_is_one_order(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let another = |n: u32| { let mut request = request.clone(); request["id"] = json!(app.clock.uuid()); request["note"] = json!(n); request };
        let requests: Vec<Value> = (0..4).map(|n| { let mut r = another(n); r["note"] = json!(n.to_string()); r }).collect();
        let sent = requests.iter().map(|request| place(&app, &town.sara, request));
        let answers = futures::future::join_all(sent).await;
        let placed = answers.iter().filter(|answer| answer.status.is_success()).count();
        assert_eq!(placed, 1);
        assert!(answers.iter().filter(|answer| !answer.status.is_success()).all(|answer| answer.code() == "key_reused"));
        assert_eq!(count!(&app, "select count(*) from orders"), 1);
    }

    async fn a_key_used_for_something_else_is_refused(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let key = app.clock.uuid();
        place_with(&app, &town.sara, &request, key).await.data();
        let mut other = town.placing(&app, &town.sara).await;
        assert_eq!(place_with(&app, &town.sara, &other, key).await.code(), "key_reused");
        other["id"] = request["id"].clone();
        assert_eq!(place(&app, &town.sara, &other).await.code(), "key_reused", "an id is one order too");
        assert_eq!(count!(&app, "select count(*) from orders"), 1);
    }

    async fn keys_of_different_people_do_not_meet(app: TestApp) {
        let town = Town::build(&app).await;
        let omar = person(&app, "Omar", Role::Customer, None).await;
        let key = app.clock.uuid();
        for who in [&town.sara, &omar] {
            let request = town.placing(&app, who).await;
            place_with(&app, who, &request, key).await.data();
        }
        assert_eq!(count!(&app, "select count(*) from orders"), 2);
        let stolen = town.placing(&app, &omar).await;
        place(&app, &omar, &stolen).await.data();
        let mut claimed = town.placing(&app, &town.sara).await;
        claimed["id"] = stolen["id"].clone();
        assert_eq!(place(&app, &town.sara, &claimed).await.code(), "key_reused", "somebody else's order by its id");
    }

    async fn a_step_under_a_key_is_answered_alike_even_when_the_order_is_out_of_reach(app: TestApp) {
        let town = Town::build(&app).await;
        let (fahad, omar) = (person(&app, "Fahad", Role::Driver, None).await, person(&app, "Omar", Role::Driver, None).await);
        let id = town.accepted(&app).await;
        offer(&app, id, &fahad).await;
        let key = app.clock.uuid().to_string();
        let decline = async |attempt: u32| {
            app.request(http::Method::POST, &format!("/api/v1/orders/{id}/decline-offer"))
                .bearer(&fahad.token).header("idempotency-key", &key).json(&json!({ "attempt": attempt })).send().await
        };
        let said = decline(1).await.data();
        offer(&app, id, &omar).await;
        assert_eq!(decline(1).await.data(), said);
        assert_eq!(decline(2).await.code(), "key_reused");
    }

    async fn what_is_kept_under_a_key_does_not_outlive_the_right_to_see_it(app: TestApp) {
        let town = Town::build(&app).await;
        let (fahad, omar) = (person(&app, "Fahad", Role::Driver, None).await, person(&app, "Omar", Role::Driver, None).await);
        let id = town.accepted(&app).await;
        offer(&app, id, &fahad).await;
        let key = app.clock.uuid().to_string();
        let accept = async || {
            app.request(http::Method::POST, &format!("/api/v1/orders/{id}/accept-offer"))
                .bearer(&fahad.token).header("idempotency-key", &key).json(&json!({ "attempt": 1 })).send().await.data()
        };
        let knows_the_door = |seen: &Value| seen.to_string().contains("RAHA3443") && seen["customer"]["phone"].is_string();
        assert!(knows_the_door(&accept().await) && knows_the_door(&accept().await), "at work, it is needed");

        step(&app, &fahad, id, "release", &json!({ "reason": "other", "attempt": 1 })).await.data();
        offer(&app, id, &omar).await;
        let repeated = accept().await;
        assert!(repeated.get("address").is_none(), "{repeated}");
        assert_eq!(repeated["customer"], json!({ "name": "Sara" }));
    }

    async fn a_placed_order_is_answered_as_it_is_then_shown(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let placed = place(&app, &town.sara, &request).await.data();
        assert_eq!(placed, look(&app, &town.sara, id_of(&placed)).await);
    }
}

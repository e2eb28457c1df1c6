//! Two people at the same moment: one of them is first, and both are told the same.

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::town::*;

both! {
    async fn two_screens_of_one_kitchen_accept_once(app: TestApp) {
        let town = Town::build(&app).await;
        let other = staff(&app, town.restaurant).await;
        let id = town.order(&app).await;
        let accepting = [10, 20, 30, 40].map(|minutes| {
            let who = if minutes % 20 == 0 { &town.kitchen } else { &other };
            let (app, body) = (&app, json!({ "prepMinutes": minutes }));
            async move { step(app, who, id, "accept", &body).await.data() }
        });
        let seen = futures::future::join_all(accepting).await;
        assert!(seen.iter().all(|order| order["readyBy"] == seen[0]["readyBy"] && order["rev"] == 2), "{seen:?}");
        assert_eq!(count!(&app, "select count(*) from deliveries where order_id = $1", id), 1);
    }

    async fn a_kitchen_that_accepts_and_a_customer_who_cancels_agree_in_the_end(app: TestApp) {
        let town = Town::build(&app).await;
        for _ in 0..6 {
            let id = town.order(&app).await;
            let (yes, because) = (json!({ "prepMinutes": 20 }), json!({ "reason": "changed_mind" }));
            let (accepted, cancelled) = tokio::join!(
                step(&app, &town.kitchen, id, "accept", &yes),
                step(&app, &town.sara, id, "cancel", &because),
            );
            assert!(cancelled.status.is_success(), "cancelling works before and after accepting: {}", cancelled.text());
            if !accepted.status.is_success() {
                assert_eq!(accepted.code(), "wrong_state");
            }
            for who in [&town.sara, &town.kitchen] {
                assert_eq!(look(&app, who, id).await["status"], "cancelled");
            }
        }
    }

    async fn one_driver_is_never_asked_twice_at_once(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let (first, second) = (town.accepted(&app).await, town.accepted(&app).await);
        offer(&app, first, &driver).await;
        let (driver_id, now) = (driver.id, app.clock.now());
        let wanted = momfood_domain::order::Command::Offer { driver_id, expires_at: now.plus_seconds(45) };
        let refused = app.db.write(async move |mut tx| {
            momfood_backend::ordering::command(&mut tx, &momfood_domain::actor::Actor::SYSTEM, second, &wanted, now).await
        }).await;
        assert!(matches!(refused, Err(momfood_backend::ordering::OrderingError::DriverBusy)), "{refused:?}");
        let untouched = look(&app, &town.kitchen, second).await;
        assert_eq!((&untouched["rev"], &untouched["delivery"]["status"]), (&json!(2), &json!("waiting")));
        assert_eq!(step(&app, &driver, first, "pick-up", &Value::Null).await.code(), "wrong_state");
    }

    async fn a_card_the_worker_asks_first_is_answered_all_the_same(app: TestApp) {
        let town = Town::build(&app).await;
        for token in ["sandbox:4242424242424242", "sandbox:4000000000000002"] {
            let mut request = town.placing(&app, &town.sara).await;
            request["paymentMethod"] = json!("card");
            request["cardToken"] = json!(token);
            let id = id_of(&request);
            // The worker takes the question in the moment between the commit and the handler's asking.
            let worker = async {
                let mut moves = app.hub.moves();
                while count!(&app, "select count(*) from payments where order_id = $1", id) == 0 {
                    moves.changed().await.unwrap();
                }
                app.tick().await;
            };
            let (placed, ()) = tokio::join!(place(&app, &town.sara, &request), worker);
            if token.ends_with("4242") {
                assert_eq!(placed.data()["status"], "pending");
            } else {
                assert_eq!(placed.code(), "card_declined");
            }
        }
    }
}

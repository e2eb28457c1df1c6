//! Silence has an end: orders nobody answers, cards that never come through, also across a restart.

use std::time::Duration;

use momfood_backend::app::App;
use momfood_backend::both;
use momfood_backend::keys::Keys;
use momfood_backend::testing::TestApp;
use momfood_backend::{ordering, worker};
use serde_json::json;

use crate::town::*;

both! {
    async fn an_order_nobody_accepts_expires_and_costs_nothing(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let next = ordering::expire_due(&app, app.clock.now()).await.unwrap();
        assert_eq!(next, Some(app.clock.now().plus_seconds(300)));
        app.pass(Duration::from_secs(299)).await;
        assert_eq!(look(&app, &town.sara, id).await["status"], "pending");
        app.pass(Duration::from_secs(1)).await;
        let seen = look(&app, &town.sara, id).await;
        assert_eq!((&seen["status"], &seen["payment"]["status"]), (&json!("expired"), &json!("voided")));
        let late = step(&app, &town.kitchen, id, "accept", &json!({ "prepMinutes": 20 })).await;
        assert_eq!(late.code(), "wrong_state");
    }

    async fn what_is_due_is_found_after_a_restart(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        app.clock.advance(Duration::from_hours(1));
        let keys = Keys::from_seed(&[7; 32]).unwrap();
        let reborn = App::new(app.config.clone(), app.clock.clone(), app.db.clone(), keys);
        worker::tick(&reborn, app.clock.now()).await.unwrap();
        let again = sign_in(&app, town.sara.id, momfood_domain::actor::Role::Customer, None).await;
        assert_eq!(look(&app, &again, id).await["status"], "expired");
    }

    async fn many_due_at_once_are_all_dealt_with(app: TestApp) {
        let town = Town::build(&app).await;
        for _ in 0..60 {
            town.order(&app).await;
        }
        app.clock.advance(Duration::from_mins(5));
        let now = app.clock.now();
        assert_eq!(ordering::expire_due(&app, now).await.unwrap(), Some(now), "there is more to do at once");
        ordering::expire_due(&app, now).await.unwrap();
        assert_eq!(count!(&app, "select count(*) from orders where status = 'expired'"), 60);
    }

    async fn an_order_whose_card_never_comes_through_is_called_off(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        // As it is left when the gateway does not answer.
        change!(&app, "update orders set status = 'awaiting_payment', accept_by = null, payment_status = 'pending' where id = $1", id);
        let later = app.clock.now().plus_minutes(600);
        change!(&app, "update payments set method = 'card', status = 'pending', try_at = $1 where order_id = $2", later, id);
        let now = app.clock.now();
        let next = ordering::expire_due(&app, now).await.unwrap();
        assert_eq!(next, Some(now.plus_minutes(ordering::UNPAID_MINUTES)));
        app.clock.advance(Duration::from_mins(15));
        ordering::expire_due(&app, app.clock.now()).await.unwrap();
        let again = sign_in(&app, town.sara.id, momfood_domain::actor::Role::Customer, None).await;
        let seen = look(&app, &again, id).await;
        assert_eq!((&seen["status"], &seen["reason"]), (&json!("cancelled"), &json!("payment_timed_out")));
    }
}

//! Snapshots: what fills a scope, and for whom.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_protocol::feed::{Entity, Snapshot};
use serde_json::{Value, json};

use crate::listener::snapshot;
use crate::town::*;

fn orders(snapshot: &Snapshot) -> Vec<String> {
    let orders = snapshot
        .changes
        .iter()
        .filter(|change| change.entity == Entity::Order);
    orders.map(|change| change.id.to_string()).collect()
}

fn of(snapshot: &Snapshot, entity: Entity) -> Value {
    let change = snapshot
        .changes
        .iter()
        .find(|change| change.entity == entity)
        .unwrap();
    change.body.clone().unwrap()
}

both! {
    async fn a_scope_is_shown_only_to_whom_it_is_granted(app: TestApp) {
        let town = Town::build(&app).await;
        let omar = person(&app, "Omar", Role::Customer, None).await;
        let support = person(&app, "Lina", Role::Support, None).await;
        let (customer, kitchen) = (format!("customer:{}", town.sara.id), format!("restaurant:{}", town.restaurant));
        let driver = format!("driver:{}", town.sara.id);
        for (who, scope, granted) in [
            (&town.sara, &customer, true), (&omar, &customer, false), (&support, &customer, false),
            (&town.kitchen, &customer, false), (&town.kitchen, &kitchen, true), (&town.sara, &kitchen, false),
            (&town.sara, &driver, false),
        ] {
            let answer = get(&app, who, &format!("/api/v1/scopes/{scope}/snapshot")).await;
            assert_eq!(answer.status.is_success(), granted, "{scope}");
            if !granted {
                assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"));
            }
        }
        for wrong in ["menu", "menu:1", "admin:00000000-0000-0000-0000-000000000000", "menu:00000000-0000-0000-0000-000000000000"] {
            assert_eq!(get(&app, &town.sara, &format!("/api/v1/scopes/{wrong}/snapshot")).await.code(), "not_found", "{wrong}");
        }
        assert_eq!(app.get(&format!("/api/v1/scopes/{customer}/snapshot")).await.code(), "unauthenticated");
        assert_eq!(app.get("/api/v1/sync/stream").await.code(), "unauthenticated");
    }

    async fn a_kitchens_scope_holds_settings_menu_and_what_it_may_see(app: TestApp) {
        let town = Town::build(&app).await;
        let scope = format!("restaurant:{}", town.restaurant);
        let id = town.order(&app).await;
        edit_menu(&app, town.restaurant, JUICE, |item| item["availability"] = json!({ "state": "hidden" })).await;
        let seen = snapshot(&app, &town.kitchen, &scope).await;
        assert_eq!((seen.seq, seen.time, orders(&seen)), (1, app.clock.now(), vec![id.to_string()]));
        assert_eq!(of(&seen, Entity::Restaurant)["preparationMinutes"], 25);
        assert!(of(&seen, Entity::Menu).to_string().contains("عصير"), "its owner sees what is hidden");
        let public = snapshot(&app, &town.sara, &format!("menu:{}", town.restaurant)).await;
        assert!(!of(&public, Entity::Menu).to_string().contains("عصير"));
        assert_eq!((public.changes.len(), public.epoch), (1, seen.epoch));
    }

    async fn what_ended_two_days_ago_leaves_the_scopes(app: TestApp) {
        let town = Town::build(&app).await;
        let old = town.order(&app).await;
        step(&app, &town.kitchen, old, "reject", &json!({ "reason": "too_busy" })).await.data();
        app.clock.advance(Duration::from_hours(47));
        let (sara, kitchen) = (
            sign_in(&app, town.sara.id, Role::Customer, None).await,
            sign_in(&app, town.kitchen.id, Role::Restaurant, Some(town.restaurant)).await,
        );
        let scopes = [(&sara, format!("customer:{}", town.sara.id)), (&kitchen, format!("restaurant:{}", town.restaurant))];
        let request = town.placing(&app, &sara).await;
        let new = id_of(&place(&app, &sara, &request).await.data()).to_string();
        for (who, scope) in &scopes {
            let mut seen = orders(&snapshot(&app, who, scope).await);
            let mut both = vec![old.to_string(), new.clone()];
            seen.sort();
            both.sort();
            assert_eq!(seen, both);
        }
        let (sara, kitchen) = {
            app.clock.advance(Duration::from_hours(2));
            (
                sign_in(&app, town.sara.id, Role::Customer, None).await,
                sign_in(&app, town.kitchen.id, Role::Restaurant, Some(town.restaurant)).await,
            )
        };
        for (who, (_, scope)) in [&sara, &kitchen].into_iter().zip(&scopes) {
            assert_eq!(orders(&snapshot(&app, who, scope).await), std::slice::from_ref(&new));
        }
    }

    async fn a_drivers_scope_holds_the_day_and_the_job_until_it_is_brought_back(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let scope = format!("driver:{}", driver.id);
        let empty = snapshot(&app, &driver, &scope).await;
        assert_eq!((orders(&empty).len(), &of(&empty, Entity::Driver)["trips"]), (0, &json!(0)));
        let id = town.accepted(&app).await;
        offer(&app, id, &driver).await;
        for (action, body, held) in [
            ("accept-offer", json!({ "attempt": 1 }), 1),
            ("pick-up", Value::Null, 1),
            ("fail", json!({ "reason": "wrong_address" }), 1),
            ("return", Value::Null, 0),
        ] {
            step(&app, &driver, id, action, &body).await.data();
            assert_eq!(orders(&snapshot(&app, &driver, &scope).await).len(), held, "{action}");
        }
    }

    async fn a_customers_scope_is_bounded(app: TestApp) {
        let town = Town::build(&app).await;
        let mut last = String::new();
        for _ in 0..55 {
            last = town.order(&app).await.to_string();
            app.clock.advance(Duration::from_millis(10));
        }
        let seen = snapshot(&app, &town.sara, &format!("customer:{}", town.sara.id)).await;
        assert_eq!((seen.seq, orders(&seen).len()), (55, 50));
        assert!(orders(&seen).contains(&last));
    }
}

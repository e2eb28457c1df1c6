//! Whatever happens, in whatever order, several things at once: a client that applies what it hears ends with what a
//! fresh snapshot shows.

use std::collections::BTreeMap;

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::OrderId;
use momfood_domain::order::Command;
use serde_json::{Value, json};

use crate::listener::{Ears, Replica, snapshot};
use crate::town::*;

/// Something one of the town's people does.
async fn act(app: &TestApp, town: &Town, drivers: &[Someone; 2], orders: &[OrderId], chance: [u8; 4]) {
    let [what, which, who, how] = chance.map(usize::from);
    let id = orders[which % orders.len()];
    let driver = &drivers[who % 2];
    let attempt = json!({ "attempt": 1 + how % 3 });
    let because = json!({ "reason": "other", "attempt": 1 + how % 3 });
    let (actor, action, body) = match what % 16 {
        0..=3 => (&town.kitchen, "accept", json!({ "prepMinutes": 1 + how % 180 })),
        4 => (&town.kitchen, "prepare", Value::Null),
        5 => (&town.kitchen, "ready", Value::Null),
        6 if how % 4 == 0 => (&town.kitchen, "reject", json!({ "reason": "too_busy" })),
        7 if how % 4 == 0 => (&town.sara, "cancel", json!({ "reason": "changed_mind" })),
        8 => (driver, "decline-offer", attempt),
        9 => (driver, "accept-offer", attempt),
        10 => (driver, "pick-up", Value::Null),
        11 if how % 3 == 0 => (driver, "release", because),
        12 if how % 3 == 0 => (driver, "fail", because),
        12 => (driver, "return", Value::Null),
        13 => (driver, "deliver", json!({ "cash": 6_150 })),
        _ => return asked(app, id, driver).await,
    };
    // Most of it is refused at that moment; what is not must be heard.
    let answer = step(app, actor, id, action, &body).await;
    assert_ne!(answer.status.as_u16() / 100, 5, "{}", answer.text());
}

async fn asked(app: &TestApp, id: OrderId, driver: &Someone) {
    let (driver_id, now) = (driver.id, app.clock.now());
    let wanted = Command::Offer {
        driver_id,
        expires_at: now.plus_seconds(45),
    };
    let system = momfood_domain::actor::Actor::SYSTEM;
    let work = app.db.write(async move |mut tx| {
        momfood_backend::ordering::command(&mut tx, &system, id, &wanted, now).await
    });
    let _refused_most_of_the_time = work.await;
}

async fn history(app: &TestApp, steps: usize, at_once: usize) {
    let town = Town::build(app).await;
    let drivers = [
        person(app, "Fahad", Role::Driver, None).await,
        person(app, "Omar", Role::Driver, None).await,
    ];
    let before = town.order(app).await;
    let mut listeners = Vec::new();
    for (who, scope) in [
        (&town.sara, format!("customer:{}", town.sara.id)),
        (&town.kitchen, format!("restaurant:{}", town.restaurant)),
        (&drivers[0], format!("driver:{}", drivers[0].id)),
        (&drivers[1], format!("driver:{}", drivers[1].id)),
    ] {
        let ears = Ears::open(app, who).await;
        listeners.push((who, scope.clone(), Replica::fill(app, who, &scope).await, ears));
    }
    let mut orders = vec![before];
    for round in 0..steps {
        if round % 6 == 0 {
            orders.push(town.order(app).await);
        }
        let acts = (0..at_once).map(|_| act(app, &town, &drivers, &orders, app.clock.bytes()));
        futures::future::join_all(acts).await;
    }
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    for (who, scope, mut replica, mut ears) in listeners {
        let whole = snapshot(app, who, &scope).await;
        replica.follow(app, who, &mut ears, whole.seq).await;
        assert_eq!(replica.cursor, whole.seq);
        let expected: BTreeMap<_, _> = whole
            .changes
            .into_iter()
            .map(|change| ((change.entity, change.id), change.body.unwrap()))
            .collect();
        assert_eq!(replica.things, expected, "{scope}");
        for body in expected.values().filter_map(|body| body["status"].as_str()) {
            *statuses.entry(body.to_owned()).or_default() += 1;
        }
    }
    assert!(statuses.len() >= 3, "the history went somewhere: {statuses:?}");
}

both! {
    async fn what_is_heard_adds_up_to_what_is(app: TestApp) {
        history(&app, 60, 1).await;
    }

    async fn also_when_several_things_happen_at_once(app: TestApp) {
        history(&app, 25, 4).await;
    }
}

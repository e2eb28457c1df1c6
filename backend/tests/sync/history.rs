//! Whatever happens, in whatever order, several things at once: a client that applies what it hears ends with what a
//! fresh snapshot shows.

use std::collections::BTreeMap;

use momfood_backend::both;
use momfood_backend::sync;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::OrderId;
use momfood_domain::order::Command;
use momfood_protocol::feed::Entity;
use serde_json::{Value, json};

use crate::listener::{Ears, Replica, snapshot};
use crate::town::*;

/// Something one of the town's people does: mostly what they may, now and then anything at all.
async fn act(app: &TestApp, town: &Town, drivers: &[Someone; 2], orders: &[OrderId], chance: [u8; 5]) {
    let [which, who, what, how, wild] = chance.map(usize::from);
    let id = orders[which % orders.len()];
    let driver = &drivers[how % 2];
    let actor = match who % 8 {
        0..=2 => &town.kitchen,
        3 if wild % 4 == 1 => &town.sara,
        3 | 4 => return asked(app, id, driver).await,
        _ => driver,
    };
    let id = match actor.actor.role {
        // A driver cares for the job they have, if they have one.
        Role::Driver => job(app, driver).await.unwrap_or(id),
        _ => id,
    };
    let seen = get(app, actor, &format!("/api/v1/orders/{id}")).await;
    if !seen.status.is_success() {
        return;
    }
    let seen = seen.data();
    let may = seen["may"].as_array().unwrap();
    let action = match may.len() {
        _ if wild % 5 == 0 => ACTIONS[what % ACTIONS.len()],
        0 => return,
        some => may[what % some].as_str().unwrap(),
    };
    // Most orders get somewhere before they are called off.
    if ["cancel", "reject", "release"].contains(&action) && wild % 4 != 1 {
        return;
    }
    let attempt = seen["delivery"]["assignment"]["attempt"].as_u64().unwrap_or(1);
    let because = json!({ "reason": "other", "attempt": attempt });
    let (step, body) = match action {
        "accept" => ("accept", json!({ "prepMinutes": 1 + how % 180 })),
        "reject" => ("reject", because),
        "start_preparing" => ("prepare", Value::Null),
        "mark_ready" => ("ready", Value::Null),
        "accept_offer" => ("accept-offer", json!({ "attempt": attempt })),
        "decline_offer" => ("decline-offer", json!({ "attempt": attempt })),
        "release" => ("release", because),
        "arrive_at_restaurant" => ("arrive-restaurant", Value::Null),
        "pick_up" => ("pick-up", Value::Null),
        "arrive_at_customer" => ("arrive-customer", Value::Null),
        "deliver" => ("deliver", json!({ "cash": 6_150 })),
        "fail_delivery" => ("fail", because),
        "return_food" => ("return", Value::Null),
        _ => ("cancel", because),
    };
    // Some of it is refused at that moment; what is not must be heard.
    let answer = crate::town::step(app, actor, id, step, &body).await;
    assert_ne!(answer.status.as_u16() / 100, 5, "{}", answer.text());
}

const ACTIONS: [&str; 6] = ["accept", "mark_ready", "pick_up", "deliver", "release", "cancel"];

/// The order a driver is asked for, carries, or has to bring back.
async fn job(app: &TestApp, driver: &Someone) -> Option<OrderId> {
    let held = snapshot(app, driver, &format!("driver:{}", driver.id)).await;
    let order = held.changes.iter().find(|change| change.entity == Entity::Order);
    order.map(|change| OrderId(change.id))
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
        let mut ears = Ears::open(app, who).await;
        ears.heads().await;
        listeners.push((who, scope.clone(), Replica::fill(app, who, &scope).await, ears));
    }
    let mut orders = vec![before];
    for round in 0..steps {
        if round % (steps / 12) == 0 {
            orders.push(town.order(app).await);
        }
        let acts = (0..at_once).map(|_| act(app, &town, &drivers, &orders, app.clock.bytes()));
        futures::future::join_all(acts).await;
        for (who, scope, replica, ears) in &mut listeners {
            let head = sync::head_of(&mut app.db.read().await.unwrap(), scope.parse().unwrap())
                .await
                .unwrap();
            replica.follow(app, who, ears, head).await;
        }
    }
    let (mut applied, mut restarts) = (0, 0);
    let mut statuses: BTreeMap<String, usize> = BTreeMap::new();
    for (who, scope, replica, _ears) in listeners {
        let whole = snapshot(app, who, &scope).await;
        assert_eq!(replica.cursor, whole.seq);
        applied += replica.applied;
        restarts += replica.restarts;
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
    assert!(
        applied > 40 && applied > 2 * restarts,
        "mostly deltas: {applied}, {restarts} restarts"
    );
    assert!(statuses.len() >= 3, "the history went somewhere: {statuses:?}");
}

both! {
    async fn what_is_heard_adds_up_to_what_is(app: TestApp) {
        history(&app, 240, 1).await;
    }

    async fn also_when_several_things_happen_at_once(app: TestApp) {
        history(&app, 60, 4).await;
    }
}

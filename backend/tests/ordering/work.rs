//! Work told by devices, perhaps hours late: one handler for every door, and nothing that happened is lost.

use momfood_backend::mutations::{self, MutationError, Performed, When};
use momfood_backend::sync::{Claim, Key, Outcome, digest_of};
use momfood_backend::testing::TestApp;
use momfood_backend::{both, ordering};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::OrderId;
use momfood_domain::order::Reason;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::mutation::{
    Accept, AtStation, Because, Deliver, Fail, HandOver, Mutation, Of, Pause, Proof,
};
use momfood_protocol::rest::PlaceOrder;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::town::*;

/// The usual order's total: food, fee, tip and all.
const TOTAL: i64 = 6_150;

/// Has somebody's device tell of `mutation`, made so many minutes ago.
async fn tell(
    app: &TestApp,
    who: &Someone,
    mutation: &Mutation,
    (uid, minutes): (Uuid, i64),
) -> Result<Performed, MutationError> {
    let now = app.clock.now();
    let when = When::told(now, now.plus_minutes(-minutes), None, uid);
    tell_when(app, who.actor, mutation, when).await
}

async fn tell_when(
    app: &TestApp,
    actor: Actor,
    mutation: &Mutation,
    when: When,
) -> Result<Performed, MutationError> {
    let (clock, mutation) = (app.clock.clone(), mutation.clone());
    app.db
        .write(async move |mut tx| mutations::perform(&mut tx, &actor, &mutation, &when, &clock).await)
        .await
}

/// As an outbox hands it in: claimed under its uid, done once.
async fn hand_in(app: &TestApp, who: &Someone, mutation: &Mutation, uid: Uuid) -> Claim {
    let (clock, mutation, actor, user) = (app.clock.clone(), mutation.clone(), who.actor, who.id);
    app.db
        .write(async move |mut tx| {
            let now = clock.now();
            let key = Key::new(user, uid, digest_of(&mutation));
            let claim = key.claim_as(&mut tx, &Outcome::applied(), now).await?;
            if claim == Claim::First {
                let when = When::told(now, now, None, uid);
                mutations::perform(&mut tx, &actor, &mutation, &when, &clock).await?;
            }
            Ok::<_, MutationError>(claim)
        })
        .await
        .unwrap()
}

async fn under_key(
    app: &TestApp,
    who: &Someone,
    path: &str,
    key: Uuid,
    body: &Value,
) -> momfood_backend::testing::Answer {
    let request = app
        .request(http::Method::POST, path)
        .bearer(&who.token)
        .header("idempotency-key", &key.to_string());
    let request = if body.is_null() {
        request
    } else {
        request.json(body)
    };
    request.send().await
}

fn why(performed: &Performed) -> Option<ErrorCode> {
    performed.review.as_ref().map(|problem| problem.code)
}

fn photo() -> Proof {
    Proof::Photo {
        sha256: "0a".repeat(32),
    }
}

fn deliver(order_id: OrderId, cash: Option<i64>, proof: Option<Proof>) -> Mutation {
    Mutation::Deliver(Deliver {
        order_id,
        cash,
        proof,
    })
}

/// A driver with the usual order in hand.
async fn carried(app: &TestApp, town: &Town) -> (OrderId, Someone) {
    let fahad = person(app, "Fahad", Role::Driver, None).await;
    let id = town.accepted(app).await;
    offer(app, id, &fahad).await;
    step(app, &fahad, id, "accept-offer", &json!({ "attempt": 1 }))
        .await
        .data();
    step(app, &fahad, id, "pick-up", &Value::Null).await.data();
    (id, fahad)
}

async fn day(app: &TestApp, who: &Someone) -> Value {
    get(app, who, "/api/v1/driver/day").await.data()
}

async fn reviews(app: &TestApp) -> Vec<Value> {
    let lina = person(app, "Lina", Role::Support, None).await;
    let found = get(app, &lina, "/api/v1/support/reviews").await.data();
    found["reviews"].as_array().unwrap().clone()
}

async fn ledger(app: &TestApp) -> i64 {
    count!(
        app,
        "select coalesce(cast(sum(amount) as bigint), 0) from cash_entries"
    )
}

both! {
    async fn one_uid_by_rest_and_then_out_of_an_outbox_is_one_order(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let uid = app.clock.uuid();
        let placed = place_with(&app, &town.sara, &request, uid).await.data();
        let mutation = Mutation::PlaceOrder(serde_json::from_value::<PlaceOrder>(request).unwrap());
        assert_eq!(hand_in(&app, &town.sara, &mutation, uid).await, Claim::Ended(Outcome::applied()));
        // Under another uid it is the same order still: its id says so.
        assert_eq!(hand_in(&app, &town.sara, &mutation, app.clock.uuid()).await, Claim::First);
        assert_eq!(count!(&app, "select count(*) from orders"), 1);
        assert_eq!(look(&app, &town.sara, id_of(&placed)).await["rev"], 1);
    }

    async fn one_uid_out_of_an_outbox_and_then_by_rest_is_one_order(app: TestApp) {
        let town = Town::build(&app).await;
        let request = town.placing(&app, &town.sara).await;
        let uid = app.clock.uuid();
        let mutation = Mutation::PlaceOrder(serde_json::from_value::<PlaceOrder>(request.clone()).unwrap());
        assert_eq!(hand_in(&app, &town.sara, &mutation, uid).await, Claim::First);
        let placed = place_with(&app, &town.sara, &request, uid).await.data();
        assert_eq!(placed["id"], request["id"]);
        let mut other = request;
        other["note"] = json!("something else");
        assert_eq!(place_with(&app, &town.sara, &other, uid).await.code(), "key_reused");
        assert_eq!(count!(&app, "select count(*) from orders"), 1);
    }

    async fn one_uid_is_one_step_by_whichever_door_it_comes_first(app: TestApp) {
        let town = Town::build(&app).await;
        for rest_first in [true, false] {
            let order_id = town.order(&app).await;
            let uid = app.clock.uuid();
            let mutation = Mutation::AcceptOrder(Accept { order_id, prep_minutes: 20 });
            let by_rest = async || {
                let path = format!("/api/v1/orders/{order_id}/accept");
                under_key(&app, &town.kitchen, &path, uid, &json!({ "prepMinutes": 20 })).await.data()
            };
            let by_outbox = async || hand_in(&app, &town.kitchen, &mutation, uid).await;
            if rest_first {
                by_rest().await;
                assert_eq!(by_outbox().await, Claim::Ended(Outcome::applied()));
            } else {
                assert_eq!(by_outbox().await, Claim::First);
                assert_eq!(by_rest().await["status"], "accepted");
            }
            let order = look(&app, &town.kitchen, order_id).await;
            assert_eq!((&order["rev"], &order["status"]), (&json!(2), &json!("accepted")));
            let path = format!("/api/v1/orders/{order_id}/accept");
            let other = under_key(&app, &town.kitchen, &path, uid, &json!({ "prepMinutes": 25 })).await;
            assert_eq!(other.code(), "key_reused");
        }
    }

    async fn a_key_guards_a_pause_a_shift_and_what_is_sold_out(app: TestApp) {
        let town = Town::build(&app).await;
        let fahad = person(&app, "Fahad", Role::Driver, None).await;
        let key = app.clock.uuid();
        let pause = json!({ "minutes": 30 });
        let said = under_key(&app, &town.kitchen, "/api/v1/kitchen/pause", key, &pause).await.data();
        app.clock.advance(std::time::Duration::from_mins(1));
        let again = under_key(&app, &town.kitchen, "/api/v1/kitchen/pause", key, &pause).await.data();
        assert_eq!(said["pausedUntil"], again["pausedUntil"], "a repeated request begins no new pause");
        assert_eq!(under_key(&app, &town.kitchen, "/api/v1/kitchen/pause", key, &json!({})).await.code(), "key_reused");
        let on = json!({ "on": true, "point": KITCHEN });
        let key = app.clock.uuid();
        under_key(&app, &fahad, "/api/v1/driver/shift", key, &on).await.data();
        under_key(&app, &fahad, "/api/v1/driver/shift", app.clock.uuid(), &json!({ "on": false })).await.data();
        let late = under_key(&app, &fahad, "/api/v1/driver/shift", key, &on).await.data();
        assert!(late.get("shift").is_none(), "a request repeated late does not bring a driver back on duty");
    }

    async fn a_pause_counts_from_when_it_was_asked_for(app: TestApp) {
        let town = Town::build(&app).await;
        let now = app.clock.now();
        let until = async |minutes, ago| {
            let pause = Mutation::Pause(Pause { minutes: Some(minutes) });
            tell(&app, &town.kitchen, &pause, (app.clock.uuid(), ago)).await.unwrap();
            get(&app, &town.kitchen, "/api/v1/kitchen/restaurant").await.data()["pausedUntil"].as_i64()
        };
        assert_eq!(until(30, 60).await, None, "over before it was heard of");
        assert_eq!(until(30, 10).await, Some(now.plus_minutes(20).0));
    }

    async fn an_intent_that_comes_too_late_is_refused_and_leaves_nothing(app: TestApp) {
        let town = Town::build(&app).await;
        let order_id = town.order(&app).await;
        let mutation = Mutation::AcceptOrder(Accept { order_id, prep_minutes: 20 });
        let now = app.clock.now();
        let when = |until: Timestamp| When::told(now, now, Some(until), app.clock.uuid());
        let late = tell_when(&app, town.kitchen.actor, &mutation, when(now.plus(-1))).await;
        assert_eq!(late.err().unwrap().refusal().unwrap().code, ErrorCode::TooLate);
        assert_eq!(look(&app, &town.kitchen, order_id).await["status"], "pending");
        assert_eq!(count!(&app, "select count(*) from facts"), 0);
        tell_when(&app, town.kitchen.actor, &mutation, when(now)).await.unwrap();
        // What has happened is told whenever it can be.
        let ready = Mutation::MarkReady(Of { order_id });
        let told = tell_when(&app, town.kitchen.actor, &ready, when(now.plus(-1))).await.unwrap();
        assert!(told.applied && told.review.is_none());
    }

    async fn a_delivery_tapped_by_an_older_program_is_a_delivery(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        let args = json!({ "orderId": id, "cash": TOTAL });
        let old = Mutation::read("delivery.deliver", 1, args).unwrap();
        assert!(tell(&app, &fahad, &old, (app.clock.uuid(), 0)).await.unwrap().applied);
        assert_eq!(look(&app, &town.sara, id).await["status"], "delivered");
        assert_eq!((day(&app, &fahad).await["cashInHand"].clone(), ledger(&app).await), (json!(TOTAL), TOTAL));
    }

    async fn every_fact_that_does_not_fit_keeps_its_cash(app: TestApp) {
        let town = Town::build(&app).await;
        let (carried_id, fahad) = carried(&app, &town).await;
        let called_off = {
            let id = town.order(&app).await;
            step(&app, &town.sara, id, "cancel", &json!({ "reason": "changed_mind" })).await.data();
            id
        };
        let omar = person(&app, "Omar", Role::Driver, None).await;
        let nowhere: OrderId = app.clock.id();
        let hand_over = Mutation::HandOver(HandOver { order_id: called_off, cash: Some(300) });
        let fail = |order_id| Mutation::FailDelivery(Fail {
            order_id, reason: Reason::CustomerUnreachable, proof: Some(photo()),
        });
        let stories = [
            (&omar, deliver(carried_id, Some(1_000), Some(photo())), ErrorCode::NotFound, 1_000),
            (&omar, deliver(nowhere, Some(200), None), ErrorCode::NotFound, 200),
            (&fahad, deliver(carried_id, Some(TOTAL + 1), None), ErrorCode::BadAmount, TOTAL + 1),
            (&fahad, deliver(carried_id, None, None), ErrorCode::CashNeeded, 0),
            (&fahad, deliver(carried_id, Some(50), Some(Proof::Photo { sha256: "no".into() })), ErrorCode::InvalidInput, 50),
            (&town.kitchen, hand_over, ErrorCode::WrongState, 300),
            (&town.kitchen, deliver(called_off, Some(70), None), ErrorCode::Forbidden, 70),
            (&omar, fail(nowhere), ErrorCode::NotFound, 0),
            (&town.kitchen, Mutation::MarkReady(Of { order_id: called_off }), ErrorCode::WrongState, 0),
        ];
        let (mut acknowledged, mut facts) = (0, 0);
        for (who, mutation, code, cash) in &stories {
            app.clock.advance(std::time::Duration::from_secs(1));
            let uid = app.clock.uuid();
            for _ in 0..2 {
                let told = tell(&app, who, mutation, (uid, 90)).await.unwrap();
                assert_eq!((told.applied, why(&told)), (false, Some(*code)), "{mutation:?}");
            }
            (acknowledged, facts) = (acknowledged + cash, facts + 1);
            assert_eq!(ledger(&app).await, acknowledged, "{mutation:?}");
            assert_eq!(count!(&app, "select count(*) from facts"), facts);
        }
        assert_eq!(count!(&app, "select count(*) from proofs"), 2 + 1, "the unreadable one names nothing");
        assert_eq!(look(&app, &town.sara, carried_id).await["status"], "picked_up", "none of it moved an order");
        assert_eq!(day(&app, &omar).await["cashInHand"], 1_200);
        assert_eq!(day(&app, &fahad).await["cashInHand"], TOTAL + 1 + 50);
        let listed = reviews(&app).await;
        let codes: Vec<&str> = listed.iter().map(|review| review["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["not_found", "not_found", "bad_amount", "cash_needed", "invalid_input", "wrong_state",
            "forbidden", "not_found", "wrong_state"]);
        assert_eq!(listed[0]["cash"], 1_000);
        assert_eq!(listed[0]["orderNumber"], look(&app, &town.sara, carried_id).await["number"]);
        assert_eq!(listed[0]["args"]["proof"]["sha256"], "0a".repeat(32));
        assert_eq!(time(&listed[0]["at"]).since(time(&listed[0]["occurredAt"])), 90 * MINUTE);
        assert_eq!(listed[5]["details"], json!({ "status": "cancelled" }));
    }

    async fn a_review_is_closed_once_and_says_by_whom(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, _) = carried(&app, &town).await;
        let omar = person(&app, "Omar", Role::Driver, None).await;
        let lina = person(&app, "Lina", Role::Support, None).await;
        tell(&app, &omar, &deliver(id, Some(1_000), None), (app.clock.uuid(), 5)).await.unwrap();
        let review = reviews(&app).await.remove(0);
        let path = format!("/api/v1/support/reviews/{}/close", review["id"].as_str().unwrap());
        assert_eq!(post(&app, &lina, &path, &json!({ "note": "  " })).await.code(), "invalid_input");
        for _ in 0..2 {
            let rest = post(&app, &lina, &path, &json!({ "note": "Handed in and counted." })).await.data();
            assert_eq!(rest["reviews"], json!([]));
        }
        assert_eq!(count!(&app, "select count(*) from audit_log where action = 'fact.closed' and actor = $1", lina.id), 1);
        assert_eq!(day(&app, &omar).await["cashInHand"], 0);
        assert_eq!(ledger(&app).await, 1_000, "the ledger forgets nothing");
    }

    async fn who_asks_by_rest_is_told_and_nothing_is_kept(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        let path = format!("/api/v1/orders/{id}/deliver");
        let key = app.clock.uuid();
        let body = json!({ "proof": { "kind": "photo", "sha256": "0a".repeat(32) } });
        assert_eq!(under_key(&app, &fahad, &path, key, &body).await.code(), "cash_needed");
        for table in [
            count!(&app, "select count(*) from facts"),
            count!(&app, "select count(*) from proofs"),
            count!(&app, "select count(*) from cash_entries"),
            count!(&app, "select count(*) from sync_uid where uid = $1", key),
        ] {
            assert_eq!(table, 0);
        }
    }

    async fn cash_told_twice_is_in_hand_once(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        let cash = async |uid, amount| tell(&app, &fahad, &deliver(id, Some(amount), None), (uid, 0)).await.unwrap();
        assert!(cash(app.clock.uuid(), TOTAL).await.review.is_none());
        assert!(cash(app.clock.uuid(), TOTAL).await.review.is_none(), "the same step, tapped on two devices");
        assert_eq!(day(&app, &fahad).await["cashInHand"], TOTAL);
        assert_eq!(ledger(&app).await, 2 * TOTAL, "both were acknowledged");
        let more = cash(app.clock.uuid(), 100).await;
        assert_eq!((more.applied, why(&more)), (true, Some(ErrorCode::BadAmount)));
        assert_eq!(day(&app, &fahad).await["cashInHand"], TOTAL + 100, "until somebody has looked at it");
        let lina = person(&app, "Lina", Role::Support, None).await;
        step(&app, &lina, id, "reconcile-cash", &Value::Null).await.data();
        assert_eq!(day(&app, &fahad).await["cashInHand"], 100);
        // By REST, without a key, the very same request is the very same cash.
        let order = town.accepted(&app).await;
        let omar = person(&app, "Omar", Role::Driver, None).await;
        offer(&app, order, &omar).await;
        step(&app, &omar, order, "accept-offer", &json!({ "attempt": 1 })).await.data();
        step(&app, &omar, order, "pick-up", &Value::Null).await.data();
        for _ in 0..2 {
            step(&app, &omar, order, "deliver", &json!({ "cash": TOTAL })).await.data();
        }
        assert_eq!(count!(&app, "select count(*) from cash_entries where actor = $1", omar.id), 1);
    }

    async fn each_delivery_keeps_its_own_proof_for_its_customer_and_its_driver(app: TestApp) {
        let town = Town::build(&app).await;
        let (first, fahad) = carried(&app, &town).await;
        let (second, omar) = carried(&app, &town).await;
        let signed = Proof::Signature { sha256: "0b".repeat(32) };
        tell(&app, &fahad, &deliver(first, Some(TOTAL), Some(photo())), (app.clock.uuid(), 40)).await.unwrap();
        tell(&app, &omar, &deliver(second, Some(TOTAL), Some(signed)), (app.clock.uuid(), 0)).await.unwrap();
        let proof = async |who: &Someone, id| look(&app, who, id).await["delivery"]["proof"].clone();
        let shown = proof(&town.sara, first).await;
        assert_eq!((&shown["kind"], &shown["sha256"]), (&json!("photo"), &json!("0a".repeat(32))));
        assert_eq!(app.clock.now().since(time(&shown["at"])), 0, "not before the order was placed");
        assert_eq!(proof(&fahad, first).await, shown);
        assert_eq!(proof(&town.sara, second).await["sha256"], "0b".repeat(32));
        assert_eq!(proof(&town.kitchen, first).await, Value::Null);
        // A second proof does not take the place of the first.
        let again = Proof::Photo { sha256: "0c".repeat(32) };
        tell(&app, &fahad, &deliver(first, Some(TOTAL), Some(again)), (app.clock.uuid(), 0)).await.unwrap();
        assert_eq!(proof(&town.sara, first).await, shown);
    }

    async fn a_proof_told_after_its_delivery_is_still_shown(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        step(&app, &fahad, id, "deliver", &json!({ "cash": TOTAL })).await.data();
        let before = look(&app, &town.sara, id).await;
        tell(&app, &fahad, &deliver(id, Some(TOTAL), Some(photo())), (app.clock.uuid(), 0)).await.unwrap();
        let after = look(&app, &town.sara, id).await;
        assert_eq!(after["delivery"]["proof"]["kind"], "photo");
        assert_eq!(after["rev"].as_i64(), before["rev"].as_i64().map(|rev| rev + 1), "its customer is told");
    }

    async fn a_wrong_code_does_not_undo_a_delivery_but_people_look_at_it(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        let code = look(&app, &town.sara, id).await["handoverCode"].as_str().unwrap().to_owned();
        assert_eq!(code.len(), 4);
        for who in [&town.kitchen, &fahad] {
            assert!(!look(&app, who, id).await.to_string().contains("handoverCode"), "the customer's alone");
        }
        let wrong = format!("{:04}", (code.parse::<u32>().unwrap() + 1) % 10_000);
        let told = tell(&app, &fahad, &deliver(id, Some(TOTAL), Some(Proof::Code { code: wrong })), (app.clock.uuid(), 0)).await.unwrap();
        assert_eq!((told.applied, why(&told)), (true, Some(ErrorCode::WrongCode)));
        let order = look(&app, &town.sara, id).await;
        assert_eq!(order["status"], "delivered");
        assert_eq!(order["delivery"].get("proof"), None, "it proves nothing");
        assert_eq!(order.get("handoverCode"), None, "of no more use");
        let review = reviews(&app).await.remove(0);
        assert_eq!((&review["code"], &review["applied"]), (&json!("wrong_code"), &json!(true)));
        assert_eq!((ledger(&app).await, day(&app, &fahad).await["cashInHand"].clone()), (TOTAL, json!(TOTAL)));

        let (id, omar) = carried(&app, &town).await;
        let code = look(&app, &town.sara, id).await["handoverCode"].clone();
        let body = json!({ "cash": TOTAL, "proof": { "kind": "code", "code": code } });
        let order = step(&app, &omar, id, "deliver", &body).await.data();
        assert_eq!(order["delivery"]["proof"]["kind"], "code");
        assert_eq!(reviews(&app).await.len(), 1);
    }

    async fn two_screens_of_a_kitchen_bump_and_recall(app: TestApp) {
        let town = Town::build(&app).await;
        let other = staff(&app, town.restaurant).await;
        let id = town.accepted(&app).await;
        let at = |station: &str| AtStation { order_id: id, station: station.into() };
        let tell = async |who: &Someone, mutation: Mutation| {
            let told = tell(&app, who, &mutation, (app.clock.uuid(), 3)).await.unwrap();
            assert!(told.applied && told.review.is_none(), "{mutation:?}");
        };
        let seen = async || look(&app, &town.kitchen, id).await;
        let before = seen().await;
        tell(&town.kitchen, Mutation::BumpTicket(at("grill"))).await;
        let bumped = app.clock.now();
        app.clock.advance(std::time::Duration::from_mins(1));
        tell(&other, Mutation::BumpTicket(at("grill"))).await;
        tell(&other, Mutation::BumpTicket(at("cold"))).await;
        let both = seen().await;
        assert_eq!(both["tickets"], json!([
            { "station": "cold", "doneAt": app.clock.now() }, { "station": "grill", "doneAt": bumped }]));
        assert_eq!((&both["status"], &both["rev"]), (&before["status"], &json!(4)), "the order itself stays");
        tell(&town.kitchen, Mutation::RecallTicket(at("grill"))).await;
        tell(&other, Mutation::RecallTicket(at("grill"))).await;
        assert_eq!(seen().await["tickets"][1], json!({ "station": "grill" }));
        assert!(look(&app, &town.sara, id).await.get("tickets").is_none(), "the kitchen's own affair");
        step(&app, &town.kitchen, id, "tickets/grill/bump", &Value::Null).await.data();
        let gone = step(&app, &town.kitchen, id, "cancel", &json!({ "reason": "closing" })).await.data();
        tell(&town.kitchen, Mutation::RecallTicket(at("grill"))).await;
        tell(&other, Mutation::BumpTicket(at("fryer"))).await;
        assert_eq!(seen().await["tickets"], gone["tickets"], "gone from the kitchen, nothing changes");
        assert_eq!(step(&app, &town.kitchen, id, "tickets/%20/bump", &Value::Null).await.code(), "invalid_input");
        assert_eq!(step(&app, &town.sara, id, "tickets/grill/bump", &Value::Null).await.code(), "forbidden");
    }

    async fn a_rating_moves_its_restaurant_once(app: TestApp) {
        let town = Town::build(&app).await;
        let restaurant = town.restaurant;
        change!(&app, "update restaurants set rating = 42, total_reviews = 9 where id = $1", restaurant);
        let (id, fahad) = carried(&app, &town).await;
        let rate = async |stars: u8| step(&app, &town.sara, id, "rate", &json!({ "stars": stars, "comment": " بارد " })).await;
        assert_eq!(rate(1).await.code(), "wrong_state", "not before it is there");
        step(&app, &fahad, id, "deliver", &json!({ "cash": TOTAL })).await.data();
        let may = |order: &Value| order["may"].as_array().unwrap().contains(&json!("rate"));
        assert!(may(&look(&app, &town.sara, id).await));
        assert_eq!(rate(6).await.code(), "invalid_input");
        let rated = rate(1).await.data();
        assert_eq!((&rated["rating"], may(&rated)), (&json!(1), false));
        assert_eq!(rate(1).await.data()["rev"], rated["rev"], "again: nothing");
        assert_eq!(rate(5).await.code(), "wrong_state", "what was said is said");
        let page = app.request(http::Method::GET, &format!("/api/v1/restaurants/{restaurant}")).send().await.data();
        // 9 times 4.2 and one star: 3.88 of 10.
        assert_eq!((&page["restaurant"]["rating"], &page["restaurant"]["reviews"]), (&json!(39), &json!(10)));
        assert!(look(&app, &town.kitchen, id).await.get("rating").is_none());
        let said = count!(&app, "select count(*) from ratings where comment = 'بارد' and stars = 1");
        assert_eq!(said, 1);
    }

    async fn an_old_order_is_rated_no_more(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        step(&app, &fahad, id, "deliver", &json!({ "cash": TOTAL })).await.data();
        app.clock.advance(std::time::Duration::from_hours(14 * 24 + 1));
        let sara = sign_in(&app, town.sara.id, Role::Customer, None).await;
        assert_eq!(step(&app, &sara, id, "rate", &json!({ "stars": 5 })).await.code(), "too_late");
        assert_eq!(look(&app, &sara, id).await["may"], json!([]));
    }

    async fn food_fetched_before_the_other_screen_called_it_ready_was_ready(app: TestApp) {
        let town = Town::build(&app).await;
        let mut request = town.quote_request();
        request["fulfilment"] = json!("pickup");
        let quote = post(&app, &town.sara, "/api/v1/quotes", &request).await.data();
        let id: OrderId = app.clock.id();
        let placing = json!({ "id": id, "quoteId": quote["id"], "paymentMethod": "cash" });
        let placed = place(&app, &town.sara, &placing).await.data();
        let cash = placed["payment"]["cashDue"].as_i64();
        step(&app, &town.kitchen, id, "accept", &json!({ "prepMinutes": 20 })).await.data();
        let offered = look(&app, &town.kitchen, id).await["may"].clone();
        assert!(!offered.as_array().unwrap().contains(&json!("hand_over")), "nobody is asked to do it that way");
        let hand_over = Mutation::HandOver(HandOver { order_id: id, cash });
        let ready = Mutation::MarkReady(Of { order_id: id });
        for mutation in [hand_over, ready] {
            let told = tell(&app, &town.kitchen, &mutation, (app.clock.uuid(), 0)).await.unwrap();
            assert!(told.applied && told.review.is_none(), "{mutation:?}");
        }
        let order = look(&app, &town.sara, id).await;
        let kinds: Vec<&str> = order["timeline"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["placed", "accepted", "ready", "delivered"]);
        assert!(order.get("handoverCode").is_none(), "there is no driver to tell it");
    }

    async fn a_drivers_whole_way_is_told_hours_later_in_order(app: TestApp) {
        let town = Town::build(&app).await;
        let fahad = person(&app, "Fahad", Role::Driver, None).await;
        let id = town.accepted(&app).await;
        offer(&app, id, &fahad).await;
        step(&app, &fahad, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        app.clock.advance(std::time::Duration::from_hours(3));
        let way = [(Mutation::PickUp(Of { order_id: id }), 160), (deliver(id, Some(TOTAL), None), 130)];
        for (mutation, ago) in &way {
            let told = tell(&app, &fahad, mutation, (app.clock.uuid(), *ago)).await.unwrap();
            assert!(told.applied && told.review.is_none(), "{mutation:?}");
        }
        let happened = async |event: &str| {
            let mut tx = app.db.read().await.unwrap();
            let rows = momfood_backend::store::sql!(&mut tx, fetch_all as (sqlx::types::Json<Value>, Timestamp, Option<Timestamp>, bool),
                "select event, at, occurred_at, skewed from order_events where order_id = $1 order by number", id).unwrap();
            rows.into_iter().find(|(json, ..)| json.0["event"] == event).unwrap()
        };
        let now = app.clock.now();
        let (_, at, occurred_at, skewed) = happened("picked_up").await;
        assert_eq!((at, occurred_at, skewed), (now, Some(now.plus_minutes(-160)), false), "the server's time stands beside it");
        let (_, _, occurred_at, _) = happened("delivered").await;
        assert_eq!(occurred_at, Some(now.plus_minutes(-130)));
        let (_, _, occurred_at, _) = happened("accepted").await;
        assert_eq!(occurred_at, None, "told as it happened");
    }

    async fn a_clock_a_year_off_is_kept_within_what_can_be_believed(app: TestApp) {
        let town = Town::build(&app).await;
        let placed = app.clock.now();
        app.clock.advance(std::time::Duration::from_mins(10));
        let now = app.clock.now();
        let year = 365 * 24 * 60;
        for (told, believed, skewed) in [
            (now.plus_minutes(year), now, true),
            (now.plus_minutes(6), now, true),
            (now.plus_minutes(4), now, false),
            (now.plus_minutes(-5), now.plus_minutes(-5), false),
        ] {
            let when = When::told(now, told, None, app.clock.uuid());
            assert_eq!((when.occurred_at, when.skewed), (believed, skewed));
        }
        let id = town.accepted(&app).await;
        let when = When::told(now, placed.plus_minutes(-year), None, app.clock.uuid());
        assert!(when.skewed);
        let ready = Mutation::MarkReady(Of { order_id: id });
        tell_when(&app, town.kitchen.actor, &ready, when).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let (occurred_at, skewed) = momfood_backend::store::sql!(&mut tx, fetch_one as (Option<Timestamp>, bool),
            "select occurred_at, skewed from order_events where order_id = $1 order by number desc limit 1", id).unwrap();
        assert_eq!((occurred_at, skewed), (Some(now), true), "not before there was an order");
    }

    async fn what_a_suspended_person_did_is_kept_and_not_done(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        let (clock, actor, mutation) = (app.clock.clone(), fahad.actor, deliver(id, Some(TOTAL), Some(photo())));
        let problem = momfood_protocol::problem::Problem::plain(ErrorCode::Forbidden);
        let when = When::told(app.clock.now(), app.clock.now(), None, app.clock.uuid());
        app.db.write(async move |mut tx| {
            mutations::set_aside(&mut tx, &actor, &mutation, &when, &clock, problem).await
        }).await.unwrap();
        assert_eq!(look(&app, &town.sara, id).await["status"], "picked_up");
        assert_eq!((ledger(&app).await, day(&app, &fahad).await["cashInHand"].clone()), (TOTAL, json!(TOTAL)));
        assert_eq!(reviews(&app).await[0]["code"], "forbidden");
    }

    async fn a_step_refused_by_the_order_is_refused_as_an_intent(app: TestApp) {
        let town = Town::build(&app).await;
        let order_id = town.accepted(&app).await;
        let cancel = Mutation::CancelOrder(Because { order_id, reason: Reason::ChangedMind });
        step(&app, &town.kitchen, order_id, "prepare", &Value::Null).await.data();
        let refused = tell(&app, &town.sara, &cancel, (app.clock.uuid(), 0)).await.err().unwrap().refusal().unwrap();
        assert_eq!((refused.code, refused.details), (ErrorCode::WrongState, json!({ "status": "preparing" })));
        let stranger = person(&app, "Omar", Role::Customer, None).await;
        let refused = tell(&app, &stranger, &cancel, (app.clock.uuid(), 0)).await.err().unwrap().refusal().unwrap();
        assert_eq!(refused.code, ErrorCode::NotFound);
        assert_eq!(count!(&app, "select count(*) from facts"), 0);
    }

    async fn an_order_from_before_there_were_codes_has_none(app: TestApp) {
        let town = Town::build(&app).await;
        let (id, fahad) = carried(&app, &town).await;
        change!(&app, "update orders set handover_code = null where id = $1", id);
        assert!(look(&app, &town.sara, id).await.get("handoverCode").is_none());
        let told = tell(&app, &fahad, &deliver(id, Some(TOTAL), Some(Proof::Code { code: String::new() })), (app.clock.uuid(), 0)).await.unwrap();
        assert_eq!((told.applied, why(&told)), (true, Some(ErrorCode::WrongCode)));
        let now = app.clock.now();
        let mut tx = app.db.read().await.unwrap();
        assert_eq!(ordering::view(&mut tx, &town.sara.actor, id, now).await.unwrap().status.rank(), 6);
    }
}

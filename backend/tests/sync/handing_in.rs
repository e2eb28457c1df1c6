//! What was tapped on a device happens once, in its order, whatever the network, the device or the person's sign-in do.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use momfood_backend::both;
use momfood_backend::clock::Clock;
use momfood_backend::identity::SignedIn;
use momfood_backend::store::{Engine, StoreError, Tx};
use momfood_backend::sync::{self, Desk, Device, Handler, Outcome, Pace, Refusal, Sender};
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_protocol::mutation::{MAX_ARGS, Mutation};
use momfood_protocol::sync::{Envelope, Gap, SyncAnswer, SyncRequest};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::tablet::{Tablet, ok, send, send_raw, until, words};
use crate::town::*;

/// Everything that tells what happened to orders, as one text.
async fn books(app: &TestApp) -> Vec<(String, i64, i64)> {
    let mut tx = app.db.read().await.unwrap();
    momfood_backend::store::sql!(
        &mut tx,
        fetch_all as (String, i64, i64),
        "select o.status, o.rev, (select count(*) from order_events e where e.order_id = o.id)
         from orders o order by o.id"
    )
    .unwrap()
}

both! {
    async fn what_was_tapped_offline_is_done_in_order_and_only_once(app: TestApp) {
        let town = Town::build(&app).await;
        let (one, two) = (town.order(&app).await, town.order(&app).await);
        let mut tablet = Tablet::new(&app);
        let taps = [
            tablet.accept(&app, one), tablet.of(&app, "order.prepare", one), tablet.accept(&app, two),
            tablet.of(&app, "order.ready", one), tablet.of(&app, "order.prepare", two),
        ];
        let answer = tablet.push(&app, &town.kitchen, &taps).await;
        assert_eq!(words(&answer), ["applied"; 5]);
        assert_eq!((answer.expected_mid, answer.last_mids[&tablet.id]), (6, 5));
        let before = books(&app).await;
        let mut statuses: Vec<&str> = before.iter().map(|(status, ..)| status.as_str()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, ["preparing", "ready"]);
        // The answer was lost: all of it again, some of it again, each on its own, twice.
        for _ in 0..2 {
            assert_eq!(tablet.words(&app, &town.kitchen, &taps).await, ["applied*"; 5]);
            assert_eq!(tablet.words(&app, &town.kitchen, &taps[3..]).await, ["applied*"; 2]);
            for tap in &taps {
                assert_eq!(tablet.words(&app, &town.kitchen, std::slice::from_ref(tap)).await, ["applied*"]);
            }
        }
        assert_eq!(books(&app).await, before);
        assert_eq!(count!(&app, "select count(*) from sync_result"), 5);
    }

    async fn a_refused_tap_spends_its_number_and_leaves_nothing_else(app: TestApp) {
        let town = Town::build(&app).await;
        let other = Town::build(&app).await;
        let (id, foreign) = (town.order(&app).await, other.order(&app).await);
        let mut tablet = Tablet::new(&app);
        let taps = [
            tablet.tap(&app, "order.accept", json!({ "orderId": id, "prepMinutes": 999 })),
            tablet.accept(&app, foreign),
            tablet.accept(&app, id),
        ];
        let audits = count!(&app, "select count(*) from audit_log");
        let answer = tablet.push(&app, &town.kitchen, &taps).await;
        assert_eq!(words(&answer), ["rejected:prep_minutes", "rejected:not_found", "applied"]);
        assert_eq!(answer.expected_mid, 4);
        assert_eq!(count!(&app, "select count(*) from audit_log"), audits + 1);
        let again = tablet.words(&app, &town.kitchen, &taps).await;
        assert_eq!(again, ["rejected:prep_minutes*", "rejected:not_found*", "applied*"]);
    }

    async fn an_intent_that_comes_too_late_is_refused_and_a_fact_never_is(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let (mut tablet, soon) = (Tablet::new(&app), app.clock.now().plus_seconds(60));
        let late = until(tablet.accept(&app, id), soon);
        let fact = until(tablet.of(&app, "order.prepare", id), soon);
        app.clock.advance(Duration::from_secs(61));
        let answer = tablet.push(&app, &town.kitchen, &[late, fact]).await;
        assert_eq!(words(&answer)[0], "rejected:too_late");
        assert!(answer.results[1].status.is_final() && answer.results[1].review, "{answer:?}");
        assert_eq!(count!(&app, "select count(*) from facts"), 1);
    }

    async fn numbers_are_dense_and_a_device_that_lost_some_says_so(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        let _lost = [tablet.accept(&app, id), tablet.accept(&app, id)];
        let tap = tablet.accept(&app, id);
        let bearer = format!("Bearer {}", town.kitchen.token);
        let answer = tablet.push(&app, &town.kitchen, std::slice::from_ref(&tap)).await;
        assert_eq!((answer.results.len(), answer.expected_mid), (0, 1), "nothing is done out of order");
        let gap = |from, to| SyncRequest { gap: Some(Gap { from, to }), ..tablet.request(std::slice::from_ref(&tap)) };
        for wrong in [gap(2, 2), gap(1, 0), gap(0, 2), gap(1, i64::MAX)] {
            let answer = ok(&send(&app, &bearer, &wrong).await);
            assert_eq!((answer.results.len(), answer.expected_mid), (0, 1));
        }
        for _ in 0..2 {
            let answer = ok(&send(&app, &bearer, &gap(1, 2)).await);
            assert_eq!((answer.results.len(), answer.expected_mid), (1, 4));
        }
        assert_eq!(count!(&app, "select count(*) from sync_gap where from_mid = 1 and to_mid = 2"), 1);
    }

    async fn a_copied_device_takes_a_new_identity_and_nothing_happens_twice(app: TestApp) {
        let town = Town::build(&app).await;
        let (one, two) = (town.order(&app).await, town.order(&app).await);
        let mut tablet = Tablet::new(&app);
        let first = tablet.accept(&app, one);
        let mut copy = tablet.clone();
        let (its, copys) = (tablet.of(&app, "order.prepare", one), copy.accept(&app, two));
        assert_eq!(tablet.words(&app, &town.kitchen, &[first.clone(), its]).await, ["applied", "applied"]);
        let before = books(&app).await;
        let bearer = format!("Bearer {}", town.kitchen.token);
        for wrong in [
            vec![first.clone(), copys.clone()],
            vec![{ let mut other = first.clone(); other.args["prepMinutes"] = json!(21); other }],
        ] {
            let answer = send(&app, &bearer, &copy.request(&wrong)).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "identity_fork"));
        }
        assert_eq!(books(&app).await, before);
        let mut fresh = Tablet::new(&app);
        let again: Vec<_> = [first, copys].into_iter().map(|mut tap| { fresh.mids += 1; tap.mid = fresh.mids; tap }).collect();
        assert_eq!(fresh.words(&app, &town.kitchen, &again).await, ["applied*", "applied"]);
        assert_eq!(count!(&app, "select count(*) from order_events where order_id = $1", one), 3, "submitted, accepted, preparing");
    }

    async fn one_uid_happens_once_by_whichever_door(app: TestApp) {
        let town = Town::build(&app).await;
        let (one, two) = (town.order(&app).await, town.order(&app).await);
        let mut tablet = Tablet::new(&app);
        let accept = |order, uid: Uuid| {
            let request = app.request(http::Method::POST, &format!("/api/v1/orders/{order}/accept"));
            let request = request.bearer(&town.kitchen.token).header("idempotency-key", &uid.to_string());
            request.json(&json!({ "prepMinutes": 20 })).send()
        };
        // By REST, then out of the outbox.
        let tap = tablet.accept(&app, one);
        accept(one, tap.uid).await.data();
        assert_eq!(tablet.words(&app, &town.kitchen, &[tap]).await, ["applied*"]);
        // Out of the outbox, then by REST.
        let tap = tablet.accept(&app, two);
        assert_eq!(tablet.words(&app, &town.kitchen, std::slice::from_ref(&tap)).await, ["applied"]);
        assert_eq!(accept(two, tap.uid).await.data()["status"], "accepted");
        // Something else under it.
        assert_eq!(accept(one, tap.uid).await.code(), "key_reused");
        let mut other = tablet.accept(&app, one);
        other.uid = tap.uid;
        assert_eq!(tablet.words(&app, &town.kitchen, &[other]).await, ["rejected:key_reused"]);
        // What was refused to a device is refused to whoever asks again.
        let mut refused = tablet.accept(&app, two);
        refused.args["prepMinutes"] = json!(999);
        assert_eq!(tablet.words(&app, &town.kitchen, std::slice::from_ref(&refused)).await, ["rejected:prep_minutes"]);
        let asked = app.request(http::Method::POST, &format!("/api/v1/orders/{two}/accept"))
            .bearer(&town.kitchen.token).header("idempotency-key", &refused.uid.to_string());
        assert_eq!(asked.json(&json!({ "prepMinutes": 999 })).send().await.code(), "prep_minutes");
        assert_eq!(books(&app).await.iter().map(|(_, rev, _)| *rev).collect::<Vec<_>>(), [2, 2]);
    }

    async fn an_order_placed_by_rest_is_not_placed_again_out_of_the_outbox(app: TestApp) {
        let town = Town::build(&app).await;
        let mut tablet = Tablet::new(&app);
        let request = town.placing(&app, &town.sara).await;
        let tap = tablet.tap(&app, "order.place", request.clone());
        place_with(&app, &town.sara, &request, tap.uid).await.data();
        assert_eq!(tablet.words(&app, &town.sara, &[tap]).await, ["applied*"]);
        let request = town.placing(&app, &town.sara).await;
        let tap = tablet.tap(&app, "order.place", request.clone());
        assert_eq!(tablet.words(&app, &town.sara, std::slice::from_ref(&tap)).await, ["applied"]);
        assert_eq!(place_with(&app, &town.sara, &request, tap.uid).await.data()["status"], "pending");
        assert_eq!(count!(&app, "select count(*) from orders"), 2);
    }

    async fn a_device_is_its_persons_and_hands_in_for_nobody_else(app: TestApp) {
        let town = Town::build(&app).await;
        let colleague = staff(&app, town.restaurant).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        let tap = tablet.accept(&app, id);
        tablet.push(&app, &town.kitchen, &[]).await;
        let answer = send(&app, &format!("Bearer {}", colleague.token), &tablet.request(std::slice::from_ref(&tap))).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "forbidden"));
        assert_eq!(tablet.words(&app, &town.kitchen, &[tap]).await, ["applied"], "its queue is untouched");
    }

    async fn what_waits_on_a_shared_screen_goes_out_as_whose_it_is_also_after_sign_out(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        tablet.push(&app, &town.kitchen, &[]).await;
        let tap = tablet.accept(&app, id);
        let (session, now) = (town.kitchen.session, app.clock.now());
        change!(&app, "update sessions set ended_at = $1 where id = $2", now, session);
        let answer = tablet.push_alone(&app, &[tap]).await;
        assert_eq!(words(&answer), ["applied"]);
        assert!(answer.grants.is_empty() && answer.scopes.is_empty(), "it reads nothing");
        let (user, role) = (town.kitchen.id, "restaurant");
        assert_eq!(count!(&app, "select count(*) from audit_log where actor = $1 and role = $2 and action = 'order.accept'", user, role), 1);
        let id = tablet.id;
        for wrong in [format!("Device {id}:another-key-another-key"), format!("Device {id}")] {
            let answer = send(&app, &wrong, &tablet.request(&[])).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "token_invalid"));
        }
        let answer = send(&app, &format!("Device {}:{}", Uuid::nil(), tablet.key), &tablet.request(&[])).await;
        assert_eq!(answer.code(), "forbidden", "a device speaks for itself");
        let mut stolen = tablet.clone();
        "said-later-said-later".clone_into(&mut stolen.key);
        let again = sign_in(&app, town.kitchen.id, Role::Restaurant, Some(town.restaurant)).await;
        stolen.push(&app, &again, &[]).await;
        let answer = send(&app, &format!("Device {id}:{}", stolen.key), &tablet.request(&[])).await;
        assert_eq!(answer.code(), "token_invalid", "the first secret counts");
        let key = tablet.key.clone();
        assert_eq!(count!(&app, "select count(*) from sync_device where cast(push_key_hash as text) like '%' || $1 || '%'", key), 0);
    }

    async fn of_a_suspended_person_facts_are_kept_for_review_and_intents_refused(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let id = town.accepted(&app).await;
        offer(&app, id, &driver).await;
        step(&app, &driver, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        step(&app, &driver, id, "pick-up", &Value::Null).await.data();
        let mut phone = Tablet::new(&app);
        phone.push(&app, &driver, &[]).await;
        let taps = [
            phone.tap(&app, "delivery.deliver", json!({ "orderId": id, "cash": 6_150 })),
            phone.tap(&app, "shift.set", json!({ "on": false })),
        ];
        let user = driver.id;
        change!(&app, "update users set status = 'suspended' where id = $1", user);
        let answer = phone.push_alone(&app, &taps).await;
        assert!(answer.results[0].review && answer.results[0].code.is_some(), "{answer:?}");
        assert_eq!(words(&answer)[1], "rejected:forbidden");
        assert_eq!(count!(&app, "select count(*) from facts where actor = $1 and disposition = 'review'", user), 1);
        assert_eq!(count!(&app, "select count(*) from cash_entries where amount = 6150"), 1, "no cash is forgotten");
        assert_eq!(look(&app, &town.sara, id).await["status"], "picked_up");
        // Under a token that has not run out yet it is the same, and nothing more is shown.
        let more = phone.tap(&app, "shift.set", json!({ "on": false }));
        let answer = phone.push(&app, &driver, &[more]).await;
        assert_eq!((words(&answer), answer.grants.len()), (vec!["rejected:forbidden".to_owned()], 0));
    }

    async fn a_program_from_the_future_is_told_so_and_keeps_everything(app: TestApp) {
        let town = Town::build(&app).await;
        let tablet = Tablet::new(&app);
        let bearer = format!("Bearer {}", town.kitchen.token);
        let request = json!(tablet.request(&[]));
        for (name, value) in [("proto", 2), ("schema", 2), ("proto", 0), ("schema", 0)] {
            let mut strange = request.clone();
            strange[name] = json!(value);
            strange["whoKnows"] = json!({ "what": 1 });
            let answer = send_raw(&app, &bearer, &strange).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (426, "protocol_unsupported"));
            assert_eq!(answer.json()["error"]["details"], json!({ "proto": 1, "schema": 1 }));
        }
        assert_eq!(count!(&app, "select count(*) from sync_device"), 0);
    }

    async fn what_nobody_can_read_is_kept_whole_and_blocks_nothing(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        let args = json!({ "orderId": id, "what": "\u{0}نعم" });
        let dance = tablet.tap(&app, "kitchen.dance", args.clone());
        let mut newer = tablet.accept(&app, id);
        newer.ver = 9;
        let taps = [
            dance, newer, tablet.tap(&app, "order.accept", json!({ "orderId": 7 })),
            tablet.tap(&app, "kitchen\u{0}", json!(null)), tablet.tap(&app, "order.accept", json!({ "orderId": id, "prepMinutes": 20, "note": "\u{0}" })),
            tablet.accept(&app, id),
        ];
        let answer = tablet.push(&app, &town.kitchen, &taps).await;
        let mut expected = vec!["quarantined:unreadable"; 5];
        expected.push("applied");
        assert_eq!(words(&answer), expected);
        let mut tx = app.db.read().await.unwrap();
        let (kept, done) = momfood_backend::store::sql!(&mut tx, fetch_one as (String, bool),
            "select args, quarantined_at is not null from sync_quarantine where mid = 1").unwrap();
        assert_eq!((serde_json::from_str::<Value>(&kept).unwrap(), done), (args, true));
        drop(tx);
        assert_eq!(count!(&app, "select count(*) from sync_quarantine"), 5);
        assert_eq!(tablet.words(&app, &town.kitchen, &taps[..1]).await, ["quarantined:unreadable*"]);
    }

    async fn too_much_in_one_tap_is_that_taps_own_fault(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        let mut fat = tablet.accept(&app, id);
        fat.args["note"] = json!("x".repeat(MAX_ARGS));
        let taps = [fat, tablet.accept(&app, id)];
        let answer = tablet.push(&app, &town.kitchen, &taps).await;
        assert_eq!(words(&answer), ["rejected:body_too_large", "applied"]);
        assert_eq!(answer.results[0].details["limit"], MAX_ARGS);
        let mut huge = tablet.accept(&app, id);
        huge.args["note"] = json!("x".repeat(10_000_000));
        let answer = send(&app, &format!("Bearer {}", town.kitchen.token), &tablet.request(&[huge])).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "body_too_large"));
    }

    async fn a_clock_a_year_off_is_flagged_and_nothing_is_lost(app: TestApp) {
        let town = Town::build(&app).await;
        let (one, two) = (town.order(&app).await, town.order(&app).await);
        let mut tablet = Tablet::new(&app);
        let year = 365 * momfood_domain::time::DAY;
        let (mut past, mut future) = (tablet.accept(&app, one), tablet.accept(&app, two));
        past.occurred_at = app.clock.now().plus(-year);
        future.occurred_at = app.clock.now().plus(year);
        let mut absurd = tablet.of(&app, "order.prepare", one);
        absurd.occurred_at = momfood_domain::time::Timestamp(i64::MIN);
        assert_eq!(tablet.words(&app, &town.kitchen, &[past, future, absurd]).await, ["applied"; 3]);
        assert_eq!(count!(&app, "select count(*) from order_events where skewed"), 3);
        let now = app.clock.now();
        assert_eq!(count!(&app, "select count(*) from orders where updated_at = $1", now), 2, "the server's clock decides");
    }

    async fn during_maintenance_the_queue_waits_whole(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        let taps = [tablet.accept(&app, id), tablet.of(&app, "order.prepare", id)];
        let until = app.clock.now().plus_minutes(2);
        app.db.write(async move |mut tx| momfood_backend::sync::pause(&mut tx, until).await).await.unwrap();
        let answer = tablet.push(&app, &town.kitchen, &taps).await;
        assert_eq!((words(&answer), answer.results[0].retry_at), (vec!["deferred:try_again".to_owned()], Some(until)));
        assert_eq!((answer.expected_mid, answer.grants.len()), (1, 1), "reading goes on");
        app.clock.advance(Duration::from_mins(2));
        assert_eq!(tablet.words(&app, &town.kitchen, &taps).await, ["applied", "applied"]);
    }

    async fn a_mutation_that_breaks_a_constraint_is_set_aside_after_five_times(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        let taps = [tablet.accept(&app, id), tablet.of(&app, "order.prepare", id), tablet.of(&app, "order.ready", id)];
        assert_eq!(tablet.words(&app, &town.kitchen, &taps[..1]).await, ["applied"]);
        let broken = match app.db.engine() {
            Engine::Sqlite => app.db.write(async |mut tx| momfood_backend::store::sql!(&mut tx, execute,
                "create trigger no_cooking before insert on order_events when new.event like '%preparing%'
                 begin select raise(abort, 'no cooking'); end")).await,
            Engine::Postgres => app.db.write(async |mut tx| momfood_backend::store::sql!(&mut tx, execute,
                "alter table order_events add constraint no_cooking check (event::text not like '%preparing%') not valid")).await,
        };
        broken.unwrap();
        let before = books(&app).await;
        for tries in 1..5 {
            let answer = tablet.push(&app, &town.kitchen, &taps[1..]).await;
            assert_eq!((words(&answer), answer.expected_mid), (vec!["deferred:internal".to_owned()], 2), "try {tries}");
            assert!(answer.results[0].retry_at > Some(answer.time));
            assert_eq!(books(&app).await, before);
        }
        let answer = tablet.push(&app, &town.kitchen, &taps[1..]).await;
        assert_eq!(words(&answer), ["quarantined:internal", "applied"], "what comes after it goes on");
        assert_eq!((answer.expected_mid, count!(&app, "select attempts from sync_quarantine where mid = 2")), (4, 5));
        assert_eq!(tablet.words(&app, &town.kitchen, &taps[1..]).await, ["quarantined:internal*", "applied*"]);
    }
}

/// Panics over preparing, after it has written something; finds the database away over ready; does the rest.
fn clumsy<'a>(
    tx: &'a mut Tx,
    device: &'a Device,
    mutation: &'a Mutation,
    envelope: &'a Envelope,
    clock: &'a Clock,
) -> BoxFuture<'a, Result<Outcome, Refusal>> {
    async move {
        let done = sync::handle(tx, device, mutation, envelope, clock).await;
        match mutation {
            Mutation::StartPreparing(_) => panic!("the kitchen is on fire"),
            Mutation::MarkReady(_) => Err(StoreError::Busy("somebody else".into()).into()),
            _ => done,
        }
    }
    .boxed()
}

/// Hands in with another handler, without HTTP.
async fn exchange(app: &TestApp, who: &Someone, request: SyncRequest, handler: Handler) -> SyncAnswer {
    let desk = Desk {
        db: &app.db,
        clock: &app.clock,
        pace: None,
        handler,
    };
    exchange_at(&desk, app, who, request).await
}

async fn exchange_at(desk: &Desk<'_>, app: &TestApp, who: &Someone, request: SyncRequest) -> SyncAnswer {
    let sender = Sender::SignedIn(SignedIn {
        actor: who.actor,
        user: who.id,
        session: who.session,
        second_factor: false,
        expires_at: app.clock.now().plus_minutes(15),
    });
    sync::exchange(desk, &sender, request).await.unwrap()
}

async fn a_panic_counts_and_an_outage_does_not(engine: Engine) {
    let app = TestApp::start(engine).await;
    let town = Town::build(&app).await;
    let (one, two) = (town.accepted(&app).await, town.accepted(&app).await);
    let mut tablet = Tablet::new(&app);
    let taps = [
        tablet.of(&app, "order.prepare", one),
        tablet.of(&app, "order.ready", two),
        tablet.of(&app, "order.prepare", two),
    ];
    let before = books(&app).await;
    for _ in 0..4 {
        let answer = exchange(&app, &town.kitchen, tablet.request(&taps), clumsy).await;
        assert_eq!(
            (words(&answer), answer.expected_mid),
            (vec!["deferred:internal".to_owned()], 1)
        );
        assert_eq!(books(&app).await, before, "nothing of it remains");
    }
    let answer = exchange(&app, &town.kitchen, tablet.request(&taps), clumsy).await;
    assert_eq!(words(&answer), ["quarantined:internal", "deferred:try_again"]);
    for _ in 0..10 {
        let answer = exchange(&app, &town.kitchen, tablet.request(&taps[1..]), clumsy).await;
        assert_eq!(
            (words(&answer), answer.expected_mid),
            (vec!["deferred:try_again".to_owned()], 2)
        );
    }
    assert_eq!(books(&app).await, before);
    assert_eq!(
        count!(&app, "select count(*) from sync_quarantine"),
        1,
        "an outage is nobody's fault"
    );
    let error = "panicked: the kitchen is on fire";
    assert_eq!(
        count!(
            &app,
            "select count(*) from sync_quarantine where error = $1 and args like '%orderId%'",
            error
        ),
        1
    );
    assert_eq!(
        tablet.words(&app, &town.kitchen, &taps).await,
        ["quarantined:internal*", "applied", "applied"]
    );
}

#[tokio::test]
async fn a_panic_counts_and_an_outage_does_not_on_sqlite() {
    a_panic_counts_and_an_outage_does_not(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_panic_counts_and_an_outage_does_not_on_postgres() {
    a_panic_counts_and_an_outage_does_not(Engine::Postgres).await;
}

#[tokio::test]
async fn a_device_in_too_much_of_a_hurry_is_told_when_to_go_on() {
    let app = TestApp::start(Engine::Sqlite).await;
    let town = Town::build(&app).await;
    let id = town.order(&app).await;
    let (mut tablet, pace) = (Tablet::new(&app), Pace::with_burst(2, 100));
    let taps = [
        tablet.accept(&app, id),
        tablet.of(&app, "order.prepare", id),
        tablet.of(&app, "order.ready", id),
    ];
    let desk = Desk {
        db: &app.db,
        clock: &app.clock,
        pace: Some(&pace),
        handler: sync::handle,
    };
    let answer = exchange_at(&desk, &app, &town.kitchen, tablet.request(&taps)).await;
    assert_eq!(words(&answer), ["applied", "applied", "deferred:rate_limited"]);
    let wait = answer.results[2].retry_at.unwrap().since(answer.time);
    assert!((1..1_000_000).contains(&wait), "{wait}");
    app.clock.advance(Duration::from_micros(wait.unsigned_abs()));
    let answer = exchange_at(&desk, &app, &town.kitchen, tablet.request(&taps[2..])).await;
    assert_eq!(words(&answer), ["applied"]);
}

async fn two_requests_of_one_device_at_once(engine: Engine) {
    let app = TestApp::start(engine).await;
    let town = Town::build(&app).await;
    let mut tablet = Tablet::new(&app);
    tablet.push(&app, &town.kitchen, &[]).await;
    let mut taps = Vec::new();
    for _ in 0..6 {
        let id = town.order(&app).await;
        taps.extend([tablet.accept(&app, id), tablet.of(&app, "order.prepare", id)]);
    }
    let requests = (0..4).map(|n| tablet.push(&app, &town.kitchen, &taps[..3 * (n + 1)]));
    let answers = futures::future::join_all(requests).await;
    assert!(
        answers
            .iter()
            .all(|answer| words(answer).iter().all(|word| word.starts_with("applied"))),
        "{answers:?}"
    );
    assert_eq!(tablet.words(&app, &town.kitchen, &taps).await, ["applied*"; 12]);
    assert_eq!(
        count!(&app, "select count(*) from order_events"),
        18,
        "submitted, accepted, preparing"
    );
}

#[tokio::test]
async fn two_requests_of_one_device_at_once_do_everything_once_on_sqlite() {
    two_requests_of_one_device_at_once(Engine::Sqlite).await;
}

#[tokio::test]
async fn two_requests_of_one_device_at_once_do_everything_once_on_postgres() {
    two_requests_of_one_device_at_once(Engine::Postgres).await;
}

#[tokio::test]
async fn two_screens_of_one_kitchen_hand_in_at_once_and_never_wait_for_each_other_in_a_circle() {
    let app = TestApp::start(Engine::Postgres).await;
    let town = Town::build(&app).await;
    let (one, two) = (town.accepted(&app).await, town.accepted(&app).await);
    let mut screens = [Tablet::new(&app), Tablet::new(&app)];
    for screen in &screens {
        screen.push(&app, &town.kitchen, &[]).await;
    }
    for _ in 0..10 {
        let mut queues = Vec::new();
        for (screen, orders) in screens.iter_mut().zip([[one, two], [two, one]]) {
            let of = orders.into_iter().cycle().take(16);
            let taps: Vec<Envelope> = of
                .map(|id| {
                    screen.tap(
                        &app,
                        "ticket.bump",
                        json!({ "orderId": id, "station": "kitchen" }),
                    )
                })
                .collect();
            queues.push((screen.clone(), taps));
        }
        let pushes = queues
            .iter()
            .map(|(screen, taps)| screen.words(&app, &town.kitchen, taps));
        for words in futures::future::join_all(pushes).await {
            assert_eq!(words, ["applied"; 16]);
        }
    }
}

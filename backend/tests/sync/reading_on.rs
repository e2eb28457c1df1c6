//! Pages: nothing between two of them is missed, nothing is shown that is not granted, and a cursor is worth no more than
//! its epoch, its view and its horizon.

use std::collections::BTreeMap;
use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::store::{Engine, StoreError, sql};
use momfood_backend::sync;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_protocol::feed::{Entity, Scope, Snapshot};
use momfood_protocol::sync::SyncRequest;
use serde_json::{Value, json};
use sqlx::Connection as _;
use uuid::Uuid;

use crate::listener::{Ears, snapshot};
use crate::tablet::{Tablet, at, ok, send, words};
use crate::town::*;

const KITCHEN_VIEW: &str = "kitchen@1";

async fn epoch(app: &TestApp) -> Uuid {
    sync::epoch(&mut app.db.read().await.unwrap()).await.unwrap()
}

/// Changes that many things of a scope, each once.
async fn touch(app: &TestApp, scope: Scope, things: std::ops::Range<u128>) {
    let now = app.clock.now();
    let work = app.db.write(async move |mut tx| {
        for thing in things {
            sync::touch(
                &mut tx,
                scope,
                Entity::Order,
                Uuid::from_u128(thing),
                1,
                false,
                now,
            );
        }
        Ok::<_, StoreError>(())
    });
    work.await.unwrap();
}

/// Reads a scope page by page as a device would, and says how many things were on each page.
async fn read_all(app: &TestApp, who: &Someone, scope: &str, limit: u32) -> (Vec<usize>, Vec<Uuid>) {
    let (tablet, epoch) = (Tablet::new(app), epoch(app).await);
    let (mut cursor, mut sizes, mut things) = (0, Vec::new(), Vec::new());
    loop {
        let view = sync::view_of(scope.parse().unwrap());
        let (_, page) = tablet
            .page(app, who, (scope, Some(epoch), at(view, cursor)), limit)
            .await;
        assert_eq!((page.from, page.reset, page.revoked), (cursor, false, false));
        let numbers: Vec<i64> = page.changes.iter().map(|change| change.seq).collect();
        assert!(numbers.is_sorted() && numbers.iter().all(|seq| (cursor + 1..=page.to).contains(seq)));
        sizes.push(page.changes.len());
        things.extend(page.changes.iter().map(|change| change.id));
        assert!(
            page.to > cursor || !page.more,
            "a page that leads nowhere has nothing after it"
        );
        cursor = page.to;
        if !page.more {
            assert_eq!(cursor, page.head);
            return (sizes, things);
        }
    }
}

both! {
    async fn pages_end_where_they_end_also_when_it_comes_out_even(app: TestApp) {
        let town = Town::build(&app).await;
        let limit = 7_usize;
        for k in [1_usize, 2, 3] {
            for count in [limit * k - 1, limit * k, limit * k + 1] {
                let who = person(&app, "Omar", Role::Customer, None).await;
                let scope = Scope::Customer(who.id);
                touch(&app, scope, 0..u128::try_from(count).unwrap()).await;
                let (sizes, mut things) = read_all(&app, &who, &scope.to_string(), u32::try_from(limit).unwrap()).await;
                assert_eq!(sizes.len(), count.div_ceil(limit), "{count} by {limit}: {sizes:?}");
                things.sort();
                things.dedup();
                assert_eq!(things.len(), count);
            }
        }
        let (sizes, _) = read_all(&app, &town.sara, &format!("customer:{}", town.sara.id), 7).await;
        assert_eq!(sizes, [0], "nothing happened, and that is one empty page");
    }

    async fn what_moves_between_two_pages_comes_later_and_is_not_lost(app: TestApp) {
        let town = Town::build(&app).await;
        let scope = Scope::Customer(town.sara.id);
        touch(&app, scope, 0..10).await;
        let (tablet, epoch, name) = (Tablet::new(&app), epoch(&app).await, scope.to_string());
        let (_, first) = tablet.page(&app, &town.sara, (&name, Some(epoch), at("customer@1", 0)), 4).await;
        // One that was read moves, and one that was not.
        touch(&app, scope, 1..2).await;
        touch(&app, scope, 7..8).await;
        let (_, rest) = tablet.page(&app, &town.sara, (&name, Some(epoch), at("customer@1", first.to)), 100).await;
        let ids: Vec<u128> = rest.changes.iter().map(|change| change.id.as_u128()).collect();
        assert_eq!(ids, [4, 5, 6, 8, 9, 1, 7]);
        assert_eq!((rest.to, rest.head, rest.more), (12, 12, false));
    }

    async fn one_limit_is_for_all_scopes_together(app: TestApp) {
        let town = Town::build(&app).await;
        let (own, menu) = (Scope::Customer(town.sara.id), Scope::Menu(town.restaurant));
        touch(&app, own, 0..5).await;
        touch(&app, menu, 0..5).await;
        let tablet = Tablet::new(&app);
        let cursors = [(own.to_string(), at("customer@1", 0)), (menu.to_string(), at("menu@1", 0))];
        let request = SyncRequest { epoch: Some(epoch(&app).await), scopes: cursors.into(), limit: 5, ..tablet.request(&[]) };
        let answer = ok(&send(&app, &format!("Bearer {}", town.sara.token), &request).await);
        let (first, second) = (&answer.scopes[&own.to_string()], &answer.scopes[&menu.to_string()]);
        assert_eq!((first.changes.len(), first.more, first.to), (5, false, 5));
        assert_eq!((second.changes.len(), second.more, second.from, second.to), (0, true, 0, 0));
    }

    async fn a_scope_that_is_not_granted_is_revoked_whatever_is_asked(app: TestApp) {
        let town = Town::build(&app).await;
        let other = Town::build(&app).await;
        other.order(&app).await;
        let tablet = Tablet::new(&app);
        let forged = [
            format!("restaurant:{}", other.restaurant), format!("customer:{}", other.sara.id), format!("driver:{}", town.kitchen.id),
            format!("restaurant:{}", town.restaurant).to_uppercase(), format!(" restaurant:{}", town.restaurant),
            format!("restaurant:{}", town.restaurant.0.simple()), "admin:1".to_owned(), String::new(), "menu:".to_owned(),
        ];
        let scopes: BTreeMap<_, _> = forged.iter().map(|scope| (scope.clone(), at(KITCHEN_VIEW, 0))).collect();
        let request = SyncRequest { epoch: Some(epoch(&app).await), scopes, ..tablet.request(&[]) };
        let answer = ok(&send(&app, &format!("Bearer {}", town.kitchen.token), &request).await);
        for scope in &forged {
            let page = &answer.scopes[scope];
            assert!(page.revoked && page.changes.is_empty() && page.head == 0, "{scope}: {page:?}");
        }
        assert_eq!(answer.grants.len(), 1);
        assert_eq!((answer.grants[0].scope.as_str(), answer.grants[0].view.as_str()), (format!("restaurant:{}", town.restaurant).as_str(), KITCHEN_VIEW));
    }

    async fn who_loses_their_place_loses_its_scope(app: TestApp) {
        let town = Town::build(&app).await;
        town.order(&app).await;
        let (tablet, scope) = (Tablet::new(&app), format!("restaurant:{}", town.restaurant));
        let (epoch, user) = (epoch(&app).await, town.kitchen.id);
        let (_, page) = tablet.page(&app, &town.kitchen, (&scope, Some(epoch), at(KITCHEN_VIEW, 0)), 10).await;
        assert_eq!(page.changes.len(), 1);
        change!(&app, "delete from restaurant_staff where user_id = $1", user);
        let (answer, page) = tablet.page(&app, &town.kitchen, (&scope, Some(epoch), at(KITCHEN_VIEW, 0)), 10).await;
        assert!(page.revoked && page.changes.is_empty() && answer.grants.is_empty());
    }

    async fn a_cursor_of_another_history_view_or_age_is_worth_nothing(app: TestApp) {
        let town = Town::build(&app).await;
        let scope = Scope::Customer(town.sara.id);
        touch(&app, scope, 0..10).await;
        change!(&app, "update sync_scope set horizon = 4 where scope = $1", scope.to_string());
        let (tablet, epoch, name) = (Tablet::new(&app), epoch(&app).await, scope.to_string());
        for (known, view, seq, reset) in [
            (Some(epoch), "customer@1", 4, false), (Some(epoch), "customer@1", 10, false), (Some(epoch), "customer@1", 3, true),
            (Some(epoch), "customer@1", 0, true), (Some(epoch), "customer@1", -1, true), (Some(epoch), "customer@0", 10, true),
            (Some(epoch), "", 10, true), (Some(Uuid::nil()), "customer@1", 10, true), (None, "customer@1", 10, true),
            (Some(Uuid::nil()), "customer@1", 11, true),
        ] {
            let (_, page) = tablet.page(&app, &town.sara, (&name, known, at(view, seq)), 100).await;
            assert_eq!((page.reset, page.head, page.view.as_str()), (reset, 10, "customer@1"), "{known:?} {view} {seq}");
            assert_eq!(page.changes.is_empty(), reset || seq == 10);
        }
        assert_eq!(self::epoch(&app).await, epoch, "none of them says that data was lost");
    }

    async fn a_driver_sees_an_address_only_while_it_is_theirs_to_find(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let (tablet, scope, epoch) = (Tablet::new(&app), format!("driver:{}", driver.id), epoch(&app).await);
        let id = town.accepted(&app).await;
        let mut cursor = 0;
        let mut next = async || {
            let (_, page) = tablet.page(&app, &driver, (&scope, Some(epoch), at("driver@1", cursor)), 100).await;
            cursor = page.to;
            let change = page.changes.into_iter().find(|change| change.id == id.0).unwrap();
            change.body.map(|body| body.get("address").is_some())
        };
        offer(&app, id, &driver).await;
        assert_eq!(next().await, Some(false), "asked");
        step(&app, &driver, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        assert_eq!(next().await, Some(true), "at work");
        step(&app, &driver, id, "release", &json!({ "attempt": 1, "reason": "other" })).await.data();
        assert_eq!(next().await, None, "let go");
    }

    async fn an_order_leaves_the_kitchen_after_two_days_and_its_tombstone_after_thirty(app: TestApp) {
        let town = Town::build(&app).await;
        let (old, open) = (town.order(&app).await, town.accepted(&app).await);
        step(&app, &town.kitchen, old, "reject", &json!({ "reason": "too_busy" })).await.data();
        let scope = format!("restaurant:{}", town.restaurant);
        let (tablet, epoch) = (Tablet::new(&app), epoch(&app).await);
        let head = async || sync::head_of(&mut app.db.read().await.unwrap(), scope.parse().unwrap()).await.unwrap();
        let before = head().await;
        app.pass(Duration::from_hours(47)).await;
        assert_eq!(head().await, before);
        app.pass(Duration::from_hours(2)).await;
        let kitchen = sign_in(&app, town.kitchen.id, Role::Restaurant, Some(town.restaurant)).await;
        let (_, page) = tablet.page(&app, &kitchen, (&scope, Some(epoch), at(KITCHEN_VIEW, before)), 100).await;
        let gone: Vec<_> = page.changes.iter().filter(|change| change.body.is_none()).map(|change| change.id).collect();
        assert_eq!(gone, [old.0], "and not {open}");
        let after = page.to;
        app.pass(Duration::from_hours(1)).await;
        assert_eq!(head().await, after, "once");
        app.pass(Duration::from_hours(24 * 30)).await;
        let kitchen = sign_in(&app, town.kitchen.id, Role::Restaurant, Some(town.restaurant)).await;
        assert_eq!(count!(&app, "select count(*) from sync_head where deleted and id = $1", old), 0);
        let (_, page) = tablet.page(&app, &kitchen, (&scope, Some(epoch), at(KITCHEN_VIEW, before)), 100).await;
        assert!(page.reset, "who was away for longer fills it anew");
        let (_, page) = tablet.page(&app, &kitchen, (&scope, Some(epoch), at(KITCHEN_VIEW, after)), 100).await;
        assert!(!page.reset, "who has heard of it goes on");
        let whole = snapshot(&app, &kitchen, &scope).await;
        assert!(whole.changes.iter().all(|change| change.id != old.0) && whole.changes.iter().any(|change| change.id == open.0));
    }

    async fn answers_are_forgotten_in_time_and_numbers_never(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let mut tablet = Tablet::new(&app);
        let wrong = tablet.tap(&app, "order.accept", json!({ "orderId": id, "prepMinutes": 999 }));
        let right = tablet.accept(&app, id);
        let mut missing = right.clone();
        missing.mid = 3;
        missing.uid = app.clock.uuid();
        missing.args["prepMinutes"] = json!(null);
        assert_eq!(tablet.words(&app, &town.kitchen, &[wrong.clone(), right.clone()]).await, ["rejected:prep_minutes", "applied"]);
        app.pass(Duration::from_hours(24 * 91)).await;
        let kitchen = sign_in(&app, town.kitchen.id, Role::Restaurant, Some(town.restaurant)).await;
        assert_eq!(count!(&app, "select count(*) from sync_uid"), 0);
        assert_eq!(count!(&app, "select count(*) from sync_result where detail is not null"), 0);
        let again = tablet.push(&app, &kitchen, &[wrong.clone(), right.clone()]).await;
        assert_eq!((words(&again), again.expected_mid), (vec!["rejected:prep_minutes*".to_owned(), "applied*".to_owned()], 3));
        let mut other = right;
        other.args["prepMinutes"] = json!(30);
        let answer = send(&app, &format!("Bearer {}", kitchen.token), &tablet.request(&[other])).await;
        assert_eq!(answer.code(), "identity_fork");
    }

    async fn a_stream_says_how_far_the_devices_own_taps_are_in_what_it_tells(app: TestApp) {
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        let (mut tablet, other) = (Tablet::new(&app), Tablet::new(&app));
        tablet.push(&app, &town.kitchen, &[]).await;
        let mut own = Ears::open_as(&app, &town.kitchen, Some(tablet.id)).await;
        let mut plain = Ears::open(&app, &town.kitchen).await;
        let sara = sign_in(&app, town.sara.id, Role::Customer, None).await;
        let mut stranger = Ears::open_as(&app, &sara, Some(tablet.id)).await;
        let mut unknown = Ears::open_as(&app, &town.kitchen, Some(other.id)).await;
        for (ears, id) in [(&mut own, Some(0)), (&mut plain, None), (&mut stranger, None), (&mut unknown, None)] {
            ears.heads().await;
            assert_eq!(ears.last_id, id);
        }
        let taps = [tablet.accept(&app, id), tablet.of(&app, "order.prepare", id)];
        for (n, tap) in (1..).zip(taps) {
            tablet.push(&app, &town.kitchen, &[tap]).await;
            own.delta().await;
            assert_eq!(own.last_id, Some(n));
            stranger.delta().await;
            assert_eq!(stranger.last_id, None);
        }
        app.clock.advance(Duration::from_secs(20));
        own.heads().await;
        assert_eq!(own.last_id, Some(2));
        let path = format!("/api/v1/scopes/restaurant:{}/snapshot?device={}", town.restaurant, tablet.id);
        let whole: Snapshot = serde_json::from_value(get(&app, &town.kitchen, &path).await.data()).unwrap();
        assert_eq!((whole.last_mids, whole.view.as_str()), ([(tablet.id, 2)].into(), KITCHEN_VIEW));
    }

    async fn who_knows_more_than_the_server_makes_it_begin_another_history_once(app: TestApp) {
        let town = Town::build(&app).await;
        let scope = Scope::Customer(town.sara.id);
        touch(&app, scope, 0..5).await;
        let (tablet, first, name) = (Tablet::new(&app), epoch(&app).await, scope.to_string());
        let (answer, page) = tablet.page(&app, &town.sara, (&name, Some(first), at("customer@1", 6)), 100).await;
        assert!(page.reset && answer.epoch != first);
        assert_eq!(epoch(&app).await, answer.epoch);
        assert_eq!(count!(&app, "select count(*) from audit_log where action = 'sync.epoch_rotated'"), 1);
        let (again, page) = tablet.page(&app, &town.sara, (&name, Some(answer.epoch), at("customer@1", 99)), 100).await;
        assert!(page.reset && again.epoch == answer.epoch, "one device cannot make all others start over and over");
    }

    async fn a_kitchen_is_heard_when_its_devices_speak(app: TestApp) {
        let town = Town::build(&app).await;
        let heard = async || sync::kitchen_heard_at(&mut app.db.read().await.unwrap(), town.restaurant).await.unwrap();
        assert_eq!(heard().await, None);
        let tablet = Tablet::new(&app);
        let say = async |who: &Someone| {
            app.request(Method::POST, "/api/v1/presence").bearer(&who.token)
                .json(&json!({ "device": tablet.id, "foreground": true })).send().await
        };
        assert_eq!(say(&town.kitchen).await.status, 204);
        let first = app.clock.now();
        assert_eq!(heard().await, Some(first));
        app.clock.advance(Duration::from_secs(20));
        assert_eq!(say(&town.sara).await.code(), "forbidden", "nobody speaks for a kitchen's device");
        assert_eq!(heard().await, Some(first));
        say(&town.kitchen).await;
        assert_eq!(heard().await, Some(app.clock.now()));
    }
}

/// Everything in the tables that people care for.
async fn world(app: &TestApp) -> Vec<(String, Value)> {
    let mut tx = app.db.read().await.unwrap();
    let orders = sql!(
        &mut tx,
        fetch_all as (String, String, i64, i64),
        "select o.order_number, o.status, o.rev, (select count(*) from order_events e where e.order_id = o.id)
         from orders o order by o.order_number"
    );
    let devices = sql!(
        &mut tx,
        fetch_all as (Uuid, i64, i64),
        "select d.device, d.last_mid, (select count(*) from sync_result r where r.device = d.device)
         from sync_device d order by d.device"
    );
    let uids = sql!(
        &mut tx,
        fetch_all as (Uuid, Uuid),
        "select actor, uid from sync_uid order by uid"
    );
    vec![
        ("orders".to_owned(), json!(orders.unwrap())),
        ("devices".to_owned(), json!(devices.unwrap())),
        ("uids".to_owned(), json!(uids.unwrap())),
    ]
}

#[tokio::test]
async fn devices_repair_a_server_that_was_put_back_to_an_older_copy() {
    let mut app = TestApp::start(Engine::Sqlite).await;
    let town = Town::build(&app).await;
    let orders = [town.order(&app).await, town.order(&app).await];
    let (mut first, mut second) = (Tablet::new(&app), Tablet::new(&app));
    let early = [first.accept(&app, orders[0]), second.accept(&app, orders[1])];
    first.push(&app, &town.kitchen, &early[..1]).await;
    second.push(&app, &town.kitchen, &early[1..]).await;
    let copy = app.folder.path().join("older.db");
    // A copy as a backup makes it.
    let url = format!("sqlite:{}", app.folder.path().join("momfood.db").display());
    let mut outside = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let text = format!("vacuum into '{}'", copy.display());
    sqlx::query(sqlx::AssertSqlSafe(text))
        .execute(&mut outside)
        .await
        .unwrap();
    outside.close().await.unwrap();
    let late = [
        vec![
            first.of(&app, "order.prepare", orders[0]),
            first.of(&app, "order.ready", orders[0]),
        ],
        vec![second.of(&app, "order.prepare", orders[1])],
    ];
    first.push(&app, &town.kitchen, &late[0]).await;
    second.push(&app, &town.kitchen, &late[1]).await;
    let before = world(&app).await;
    let known = epoch(&app).await;
    let scope = format!("restaurant:{}", town.restaurant);
    let cursor = snapshot(&app, &town.kitchen, &scope).await.seq;

    // The older copy is put back, and the command is given.
    app.put_back(&copy).await;
    assert_ne!(world(&app).await, before);
    let (fresh, now) = (app.clock.uuid(), app.clock.now());
    app.db
        .write(async move |mut tx| sync::rotate(&mut tx, fresh, now).await)
        .await
        .unwrap();

    let (answer, page) = first
        .page(
            &app,
            &town.kitchen,
            (&scope, Some(known), at(KITCHEN_VIEW, cursor)),
            10,
        )
        .await;
    assert_eq!(
        (answer.epoch, page.reset, answer.expected_mid),
        (fresh, true, 2),
        "it lacks what was acknowledged"
    );
    // Who does not know that yet numbers by the other history, and may hand in what it was told of there.
    let put_back = world(&app).await;
    let of_old = SyncRequest {
        epoch: Some(known),
        ..first.request(&late[0])
    };
    let answer = first.send(&app, &town.kitchen, &of_old).await;
    assert_eq!((answer.results.len(), answer.expected_mid), (0, 2));
    assert_eq!(world(&app).await, put_back);
    // Each sends its journal above the server's last mutation, one of them all it has.
    assert_eq!(
        first.words(&app, &town.kitchen, &late[0]).await,
        ["applied", "applied"]
    );
    let all = [vec![early[1].clone()], late[1].clone()].concat();
    assert_eq!(
        second.words(&app, &town.kitchen, &all).await,
        ["applied*", "applied"]
    );
    assert_eq!(world(&app).await, before);
}

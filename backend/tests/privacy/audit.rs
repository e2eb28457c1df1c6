//! The audit log: nobody changes it unseen, and whoever looks at others' data is in it.

use std::time::Duration;

use momfood_backend::audit::chain::shown;
use momfood_backend::audit::command::{Mark, seal_all, verify_all};
use momfood_backend::audit::verify::{Fault, verify};
use momfood_backend::audit::{Entry, record, seal};
use momfood_backend::both;
use momfood_backend::store::{Both, Db, Engine, StoreError, sql};
use momfood_backend::testing::{TestApp, TestDb};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::town::*;

fn entry(n: u128, at: i64) -> Entry<'static> {
    Entry {
        id: Uuid::from_u128(n),
        at: Timestamp(at),
        action: "order.placed",
        subject: "order",
        subject_id: Some(Uuid::from_u128(100 + n)),
        detail: json!({ "total": 5_000, "n": n.to_string() }),
    }
}

async fn write(db: &Db, n: u128, at: i64) {
    db.write(async move |mut tx| record(&mut tx, &Actor::SYSTEM, entry(n, at)).await)
        .await
        .unwrap();
}

/// A sealed chain of `n` entries.
async fn chain_of(db: &Db, n: u128) {
    for number in 1..=n {
        write(db, number, 1_000 + i64::try_from(number).unwrap()).await;
    }
    assert_eq!(
        seal::seal(db, Timestamp(5_000)).await.unwrap(),
        i64::try_from(n).unwrap()
    );
}

async fn faults(db: &Db) -> Vec<Fault> {
    verify(db, None).await.unwrap().check.faults
}

/// Sends `text` as somebody with the database's own password would, past every trigger.
async fn tamper(db: &Db, text: &'static str) -> Result<(), StoreError> {
    let parts: Vec<&'static str> = text
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let drop_triggers: &[&'static str] = match db.engine() {
        Engine::Sqlite => &[
            "drop trigger audit_log_no_update",
            "drop trigger audit_log_no_delete",
            "drop trigger audit_seal_no_update",
            "drop trigger audit_seal_no_delete",
            "drop trigger audit_log_waits",
        ],
        Engine::Postgres => &[
            "drop trigger audit_log_append_only on audit_log",
            "drop trigger audit_seal_append_only on audit_seal",
            "drop trigger audit_log_waits on audit_log",
        ],
    };
    let all: Vec<&'static str> = drop_triggers.iter().copied().chain(parts).collect();
    db.write(async move |mut tx| {
        for statement in all {
            send(&mut tx, statement).await?;
        }
        Ok(())
    })
    .await
}

async fn send(tx: &mut momfood_backend::store::Tx, statement: &'static str) -> Result<(), StoreError> {
    match tx.both() {
        Both::Sqlite(conn) => sqlx::query::<sqlx::Sqlite>(statement)
            .execute(conn)
            .await
            .map(drop),
        Both::Postgres(conn) => sqlx::query::<sqlx::Postgres>(statement)
            .execute(conn)
            .await
            .map(drop),
    }
    .map_err(StoreError::from)
}

/// Lines of the log with that action.
async fn lines(app: &TestApp, action: &'static str) -> Vec<(Option<Uuid>, String, Option<Uuid>)> {
    let mut tx = app.db.read().await.unwrap();
    sql!(
        &mut tx,
        fetch_all as (Option<Uuid>, String, Option<Uuid>),
        "select actor, role, subject_id from audit_log where action = $1 order by at, id",
        action
    )
    .unwrap()
}

both! {
    async fn no_entry_is_changed_or_removed(test: TestDb) {
        let db = &test.db;
        chain_of(db, 2).await;
        for refused in [
            "update audit_log set action = 'order.cancelled'",
            "delete from audit_log",
            "update audit_seal set number = number + 10",
            "delete from audit_seal",
        ] {
            let outcome = db.write(async move |mut tx| send(&mut tx, refused).await).await;
            assert!(outcome.unwrap_err().to_string().contains("append-only"), "{refused}");
        }
        if db.engine() == Engine::Postgres {
            let outcome = db.write(async |mut tx| send(&mut tx, "truncate audit_log").await).await;
            assert!(outcome.unwrap_err().to_string().contains("append-only"));
        }
        assert_eq!(faults(db).await, []);
    }

    async fn every_entry_is_sealed_once_and_the_chain_holds(test: TestDb) {
        let db = &test.db;
        assert_eq!(seal::seal(db, Timestamp(1)).await.unwrap(), 0);
        chain_of(db, 5).await;
        assert_eq!(seal::seal(db, Timestamp(1)).await.unwrap(), 0, "all of them are sealed");
        let found = verify(db, None).await.unwrap();
        assert!(found.is_whole(), "{:?}", found.check.faults);
        assert_eq!((found.check.number, found.waiting), (5, 0));
        write(db, 6, 2_000).await;
        let found = verify(db, None).await.unwrap();
        assert!(found.is_whole());
        assert_eq!((found.check.number, found.waiting), (5, 1));
    }

    async fn what_commits_late_is_sealed_later_and_nothing_is_missed(test: TestDb) {
        let db = &test.db;
        // Dated before the others, and there only after they were sealed.
        chain_of(db, 3).await;
        write(db, 9, 500).await;
        assert_eq!(seal::seal(db, Timestamp(6_000)).await.unwrap(), 1);
        let found = verify(db, None).await.unwrap();
        assert!(found.is_whole(), "{:?}", found.check.faults);
        assert_eq!((found.check.number, found.check.late), (4, 0));
    }

    async fn however_many_seal_at_once_each_entry_has_one_number(test: TestDb) {
        let db = &test.db;
        for n in 1..=60 {
            write(db, n, 1_000).await;
        }
        let sealing = (0..8).map(|_| seal::seal(db, Timestamp(5_000)));
        for sealed in futures::future::join_all(sealing).await {
            sealed.unwrap();
        }
        while seal::seal(db, Timestamp(5_000)).await.unwrap() > 0 {}
        let found = verify(db, None).await.unwrap();
        assert!(found.is_whole(), "{:?}", found.check.faults);
        assert_eq!(found.check.number, 60);
    }

    async fn an_edited_entry_is_found(test: TestDb) {
        chain_of(&test.db, 5).await;
        tamper(&test.db, "update audit_log set action = 'order.refunded' where id in
            (select entry from audit_seal where number = 3)").await.unwrap();
        assert_eq!(faults(&test.db).await, [Fault::Altered(3, Uuid::from_u128(3))]);
    }

    async fn a_removed_entry_is_found(test: TestDb) {
        chain_of(&test.db, 5).await;
        tamper(&test.db, "delete from audit_log where id in (select entry from audit_seal where number = 2)")
            .await.unwrap();
        assert_eq!(faults(&test.db).await, [Fault::Missing(2, Uuid::from_u128(2))]);
    }

    async fn an_entry_removed_with_its_seal_is_found(test: TestDb) {
        chain_of(&test.db, 5).await;
        tamper(&test.db, "delete from audit_log where id in (select entry from audit_seal where number = 2);
            delete from audit_seal where number = 2").await.unwrap();
        assert_eq!(faults(&test.db).await[0], Fault::Gap(2));
    }

    async fn the_newest_entries_cut_off_are_found(test: TestDb) {
        chain_of(&test.db, 5).await;
        tamper(&test.db, "delete from audit_log where id in (select entry from audit_seal where number > 3);
            delete from audit_seal where number > 3").await.unwrap();
        assert_eq!(faults(&test.db).await, [Fault::End(5)]);
    }

    async fn entries_that_changed_places_are_found(test: TestDb) {
        chain_of(&test.db, 5).await;
        tamper(&test.db, "update audit_seal set number = 100 where number = 2;
            update audit_seal set number = 2 where number = 3; update audit_seal set number = 3 where number = 100")
            .await.unwrap();
        let found = faults(&test.db).await;
        assert_eq!(found[0], Fault::Altered(2, Uuid::from_u128(3)), "{found:?}");
    }

    async fn an_entry_slipped_in_is_found(test: TestDb) {
        let db = &test.db;
        chain_of(db, 5).await;
        tamper(db, "").await.unwrap();
        write(db, 7, 1_002).await;
        assert_eq!(faults(db).await, [Fault::Extra(Uuid::from_u128(7))], "beside the chain");
        // And inside of it, with everything after moved on.
        db.write(async |mut tx| {
            let late: Vec<u8> = vec![9; 32];
            send(&mut tx, "update audit_seal set number = -number - 1 where number >= 3").await?;
            send(&mut tx, "update audit_seal set number = -number where number < 0").await?;
            sql!(&mut tx, execute, "insert into audit_seal (number, entry, hash, at) values (3, $1, $2, 5000)",
                Uuid::from_u128(7), late)
        }).await.unwrap();
        assert_eq!(faults(db).await[0], Fault::Altered(3, Uuid::from_u128(7)));
    }

    async fn an_entry_removed_before_it_was_sealed_is_found(test: TestDb) {
        let db = &test.db;
        chain_of(db, 2).await;
        write(db, 3, 2_000).await;
        tamper(db, "delete from audit_log where action = 'order.placed' and at = 2000").await.unwrap();
        assert_eq!(faults(db).await, [Fault::Lost(Uuid::from_u128(3))]);
    }

    async fn a_past_that_was_written_anew_is_found_by_what_was_written_down(test: TestDb) {
        let db = &test.db;
        chain_of(db, 5).await;
        let mut printed = Vec::new();
        seal_all(db, Timestamp(5_000), &mut printed).await.unwrap();
        let mark: Mark = String::from_utf8(printed).unwrap().trim().parse().unwrap();
        assert_eq!(mark.number, 5);
        // A whole other past, sealed by this very program.
        tamper(db, "delete from audit_seal; delete from audit_log where subject = 'order'").await.unwrap();
        let start: Vec<u8> = vec![0; 32];
        db.write(async move |mut tx| {
            sql!(&mut tx, execute, "update audit_chain set number = 0, hash = $1", start)
        }).await.unwrap();
        for n in 1..=5 {
            write(db, n, 7_000).await;
            db.write(async move |mut tx| {
                sql!(&mut tx, execute, "insert into audit_waiting (entry) values ($1)", Uuid::from_u128(n))
            }).await.unwrap();
        }
        seal::seal(db, Timestamp(5_000)).await.unwrap();
        let mut said = Vec::new();
        assert!(verify_all(db, None, &mut said).await.unwrap(), "it is a chain");
        let mut said = Vec::new();
        assert!(!verify_all(db, Some(mark), &mut said).await.unwrap(), "and not that one");
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("broken at 5"), "{said}");
    }

    async fn the_worker_seals_and_notices_what_was_changed(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let town = Town::build(&app).await;
        town.accepted(&app).await;
        app.pass(Duration::from_secs(6)).await;
        let seal = get(&app, &root, "/api/v1/admin/audit/seal").await.data();
        assert!(seal["number"].as_i64().unwrap() >= 2, "{seal}");
        assert_eq!((&seal["waiting"], &seal["brokenAt"]), (&json!(0), &Value::Null));
        let found = verify(&app.db, None).await.unwrap();
        assert_eq!(seal["hash"], shown(&found.check.hash));
        tamper(&app.db, "update audit_log set actor = null where id in (select entry from audit_seal where number = 1)")
            .await.unwrap();
        app.pass(Duration::from_secs(6)).await;
        let seal = get(&app, &root, "/api/v1/admin/audit/seal").await.data();
        assert_eq!(seal["brokenAt"], 1);
    }

    async fn whoever_of_the_platform_opens_an_order_is_in_the_log_once_in_a_while(app: TestApp) {
        let town = Town::build(&app).await;
        let (lina, id) = (person(&app, "Lina", Role::Support, None).await, town.order(&app).await);
        for _ in 0..3 {
            look(&app, &lina, id).await;
        }
        look(&app, &town.sara, id).await;
        look(&app, &town.kitchen, id).await;
        let once = (Some(lina.id.0), "support".to_owned(), Some(id.0));
        assert_eq!(lines(&app, "order.seen").await, std::slice::from_ref(&once), "not whom it belongs to, and not each poll");
        app.pass(Duration::from_mins(14)).await;
        let lina = sign_in(&app, lina.id, Role::Support, None).await;
        look(&app, &lina, id).await;
        assert_eq!(lines(&app, "order.seen").await.len(), 2, "another sign-in");
        app.pass(Duration::from_mins(14)).await;
        look(&app, &sign_in(&app, lina.id, Role::Support, None).await, id).await;
        assert_eq!(lines(&app, "order.seen").await.len(), 3);
        get(&app, &lina_now(&app, &lina).await, &format!("/api/v1/orders/{id}/position")).await.data();
        assert_eq!(lines(&app, "position.seen").await, [once]);
        let nothing = app.clock.uuid();
        get(&app, &lina_now(&app, &lina).await, &format!("/api/v1/orders/{nothing}")).await.code();
        assert_eq!(lines(&app, "order.seen").await.len(), 3, "what is not there was not seen");
    }

    async fn the_log_is_searched_a_page_at_a_time_and_that_is_in_it(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        let town = Town::build(&app).await;
        let id = town.order(&app).await;
        for n in 1..=250 {
            write(&app.db, n, app.clock.now().0).await;
        }
        let mut seen = std::collections::BTreeSet::new();
        let mut after = String::new();
        loop {
            let page = get(&app, &root, &format!("/api/v1/admin/audit?action=order.placed{after}")).await.data();
            for line in page["lines"].as_array().unwrap() {
                assert_eq!(line["action"], "order.placed");
                assert!(seen.insert(line["id"].as_str().unwrap().to_owned()), "twice: {line}");
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 250);
        assert_eq!(lines(&app, "audit.seen").await.len(), 1, "one search, whatever its pages");
        let of = |page: Value| page["lines"].as_array().unwrap().len();
        let by = format!("/api/v1/admin/audit?actor={}&subject={id}", town.sara.id);
        assert_eq!(of(get(&app, &root, &by).await.data()), 1);
        let beginning = format!("/api/v1/admin/audit?subject={id}&action=order.");
        assert_eq!(of(get(&app, &root, &beginning).await.data()), 1);
        let other = format!("/api/v1/admin/audit?actor={}&action=menu.", town.sara.id);
        assert_eq!(of(get(&app, &root, &other).await.data()), 0);
        let before = format!("/api/v1/admin/audit?to={}&actor={}", app.clock.now().0, town.sara.id);
        assert_eq!(of(get(&app, &root, &before).await.data()), 0, "`to` is not part of it");
        let from = format!("/api/v1/admin/audit?from={}&actor={}", app.clock.now().0, town.sara.id);
        assert_eq!(of(get(&app, &root, &from).await.data()), 1);
        let odd = get(&app, &root, "/api/v1/admin/audit?action=sara%40example.sa").await;
        assert_eq!(odd.code(), "invalid_input");
    }
}

/// The same person with a token that has just begun.
async fn lina_now(app: &TestApp, lina: &Someone) -> Someone {
    sign_in(app, lina.id, Role::Support, None).await
}

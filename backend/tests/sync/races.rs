//! Many writers at once, each slow to commit in its own way, while a reader pages through: it must miss nothing. The same
//! race with numbers from a plain sequence must lose changes, or it proves nothing.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use momfood_backend::store::{Db, Engine, StoreError, Tx, sql};
use momfood_backend::sync::{self, Reader};
use momfood_backend::testing::{NOON, TestDb};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::UserId;
use momfood_protocol::feed::{Entity, Scope};
use momfood_protocol::sync::Cursor;
use uuid::Uuid;

const WHO: UserId = UserId(Uuid::from_u128(1));
const SCOPE: Scope = Scope::Customer(WHO);
const WRITERS: u32 = 20;
const COMMITS: u32 = 100;

/// Numbers that look like chance and are the same each time.
fn chance(seed: u32) -> u64 {
    let mixed = u64::from(seed)
        .wrapping_add(1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
}

/// How a change is numbered.
#[derive(Clone, Copy, PartialEq)]
enum Numbering {
    /// As the server does it: by the store, last in the transaction.
    Ours,
    /// As it must never be done: drawn from a sequence, before the commit.
    Sequence,
}

async fn write(tx: &mut Tx, numbering: Numbering, id: Uuid, others: bool) -> Result<(), StoreError> {
    match numbering {
        Numbering::Ours => {
            sync::touch(tx, SCOPE, Entity::Order, id, 1, false, NOON);
            if others {
                // Another scope, whose row is locked before or after this one.
                let other = Scope::Driver(UserId(Uuid::from_u128(id.as_u128() % 3)));
                sync::touch(tx, other, Entity::Order, id, 1, false, NOON);
            }
        }
        Numbering::Sequence => {
            let (seq,) = sql!(tx, fetch_one as (i64,), "select nextval('wrong_numbers')")?;
            sql!(
                tx,
                execute,
                "insert into sync_head (scope, entity, id, seq, deleted, rev, at) values ($1, 'order', $2, $3, false, 1, 0)",
                SCOPE.to_string(),
                id,
                seq
            )?;
        }
    }
    Ok(())
}

/// What comes after `cursor`, and where a reader then is.
async fn read(db: &Db, numbering: Numbering, cursor: i64, limit: u32) -> (Vec<Uuid>, i64, bool) {
    let mut tx = db.read().await.unwrap();
    if numbering == Numbering::Sequence {
        // As it is done where nobody thought of commits that come late.
        let found = sql!(
            &mut tx,
            fetch_all as (i64, Uuid),
            "select seq, id from sync_head where scope = $1 and seq > $2 order by seq limit $3",
            SCOPE.to_string(),
            cursor,
            i64::from(limit)
        );
        let found = found.unwrap();
        let to = found.last().map_or(cursor, |(seq, _)| *seq);
        let more = !found.is_empty();
        return (found.into_iter().map(|(_, id)| id).collect(), to, more);
    }
    let at = Cursor {
        view: "customer@1".to_owned(),
        seq: cursor,
    };
    let cursors = [(SCOPE.to_string(), at)].into();
    let reader = Reader {
        actor: Some(Actor::person(WHO, Role::Customer)),
        device: Uuid::nil(),
        epoch: Some(Uuid::from_u128(7)),
        cursors: &cursors,
        limit,
    };
    let pulled = sync::pull(&mut tx, &reader, NOON).await.unwrap();
    let page = &pulled.scopes[&SCOPE.to_string()];
    assert!(!page.reset && page.from == cursor);
    (
        page.changes.iter().map(|change| change.id).collect(),
        page.to,
        page.more,
    )
}

/// Every writer commits its changes one after the other, pausing before each commit. Returns how many were kept and which
/// of them the reader saw.
async fn race(db: &Db, numbering: Numbering) -> (HashSet<Uuid>, HashSet<Uuid>) {
    sync::begin(db, Uuid::from_u128(7)).await.unwrap();
    let left = Arc::new(AtomicU32::new(WRITERS));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (db, left) = (db.clone(), Arc::clone(&left));
            tokio::spawn(async move {
                let mut kept = Vec::new();
                for n in 0..COMMITS {
                    let (seed, id) = (
                        writer * COMMITS + n,
                        Uuid::from_u128(1_000 + u128::from(writer * COMMITS + n)),
                    );
                    let done = db.write(async move |mut tx| {
                        write(&mut tx, numbering, id, seed % 3 == 0).await?;
                        // On one connection a pause holds everybody up; a short one is enough.
                        let longest = if db_is_sqlite(&mut tx) { 200 } else { 4_000 };
                        tokio::time::sleep(Duration::from_micros(chance(seed) % longest)).await;
                        if chance(seed).is_multiple_of(10) {
                            Err(StoreError::Stopping)
                        } else {
                            Ok(())
                        }
                    });
                    if done.await.is_ok() {
                        kept.push(id);
                    }
                }
                left.fetch_sub(1, Ordering::SeqCst);
                kept
            })
        })
        .collect();
    let (mut cursor, mut seen, mut pages) = (0, HashSet::new(), 0);
    loop {
        pages += 1;
        // Asked before reading: after the last page there is nothing more to come.
        let over = left.load(Ordering::SeqCst) == 0;
        // Small pages, and mostly ones that catch up: a reader far behind would miss nothing by luck.
        let limit = if pages % 3 == 0 { 3 } else { 500 };
        let (changes, to, more) = read(db, numbering, cursor, limit).await;
        assert!(to >= cursor, "a cursor never goes back");
        cursor = to;
        for id in changes {
            assert!(seen.insert(id), "each change is its own thing and is seen once");
        }
        if over && !more {
            break;
        }
        tokio::task::yield_now().await;
    }
    let mut kept = HashSet::new();
    for writer in writers {
        kept.extend(writer.await.unwrap());
    }
    (kept, seen)
}

fn db_is_sqlite(tx: &mut Tx) -> bool {
    matches!(tx.both(), momfood_backend::store::Both::Sqlite(_))
}

async fn nothing_is_missed(engine: Engine) {
    let test = TestDb::new(engine).await;
    let (kept, seen) = race(&test.db, Numbering::Ours).await;
    assert!(kept.len() > 1_600, "{} commits", kept.len());
    assert_eq!(kept, seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_on_postgres_misses_nothing_while_many_write() {
    nothing_is_missed(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_on_sqlite_misses_nothing_while_many_write() {
    nothing_is_missed(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_from_a_sequence_lose_changes_in_the_same_race() {
    let test = TestDb::new(Engine::Postgres).await;
    let made = test
        .db
        .write(async |mut tx| sql!(&mut tx, execute, "create sequence wrong_numbers"));
    made.await.unwrap();
    let (kept, seen) = race(&test.db, Numbering::Sequence).await;
    let lost = kept.difference(&seen).count();
    assert!(seen.is_subset(&kept) && lost > 0, "{lost} of {} lost", kept.len());
}

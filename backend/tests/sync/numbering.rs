//! The order of numbering is the order of visibility: who reads up to a number never misses one below it. A wrong
//! way to number is kept here, and the same race must catch it.

use std::sync::Arc;
use std::time::Duration;

use momfood_backend::both;
use momfood_backend::store::{Db, Engine, StoreError, Tx, sql};
use momfood_backend::sync;
use momfood_backend::testing::{TestApp, TestDb};
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Entity, Scope};
use tokio::sync::oneshot;
use uuid::Uuid;

const SCOPE: Scope = Scope::Customer(UserId(Uuid::from_u128(1)));

/// Gives a change its number.
trait Numbering: Send + Sync + 'static {
    fn number(&self, tx: &mut Tx, id: Uuid) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// As the server does it.
struct Ours;

impl Numbering for Ours {
    async fn number(&self, tx: &mut Tx, id: Uuid) -> Result<(), StoreError> {
        sync::touch(tx, SCOPE, Entity::Order, id, 1, false, Timestamp(0));
        sync::flush(tx).await
    }
}

/// As it must never be done: a sequence hands out numbers before commits.
struct BySequence;

impl Numbering for BySequence {
    async fn number(&self, tx: &mut Tx, id: Uuid) -> Result<(), StoreError> {
        sql!(
            tx,
            execute,
            "insert into sync_head (scope, entity, id, seq, deleted, rev, at)
             values ($1, 'order', $2, nextval('wrong_numbers'), false, 1, 0)",
            SCOPE.to_string(),
            id
        )
        .map(|_rows| ())
    }
}

/// What a reader finds after its cursor, moving it.
async fn read(db: &Db, cursor: &mut i64) -> Vec<Uuid> {
    let mut tx = db.read().await.unwrap();
    let found = sql!(
        &mut tx,
        fetch_all as (i64, Uuid),
        "select seq, id from sync_head where scope = $1 and seq > $2 order by seq",
        SCOPE.to_string(),
        *cursor
    );
    let found = found.unwrap();
    *cursor = found.last().map_or(*cursor, |(seq, _)| *seq);
    found.into_iter().map(|(_, id)| id).collect()
}

/// One writer takes its number and is slow to commit; another comes after it. Returns what a reader saw in all.
async fn race(db: &Db, numbering: impl Numbering) -> Vec<Uuid> {
    let numbering = Arc::new(numbering);
    let (numbered, is_numbered) = oneshot::channel();
    let (go, may_go) = oneshot::channel::<()>();
    let slow = tokio::spawn({
        let (db, numbering) = (db.clone(), Arc::clone(&numbering));
        async move {
            db.write(async move |mut tx| {
                numbering.number(&mut tx, Uuid::from_u128(1)).await?;
                numbered.send(()).unwrap();
                may_go.await.unwrap();
                Ok::<_, StoreError>(())
            })
            .await
        }
    });
    is_numbered.await.unwrap();
    let mut quick = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(async move |mut tx| numbering.number(&mut tx, Uuid::from_u128(2)).await)
                .await
        }
    });
    // Rightly numbered, the second waits for the first; wrongly, it is done at once.
    let early = tokio::time::timeout(Duration::from_millis(300), &mut quick).await;
    let mut cursor = 0;
    let mut seen = read(db, &mut cursor).await;
    go.send(()).unwrap();
    slow.await.unwrap().unwrap();
    match early {
        Ok(done) => done.unwrap().unwrap(),
        Err(_waits) => quick.await.unwrap().unwrap(),
    }
    seen.extend(read(db, &mut cursor).await);
    seen
}

both! {
    async fn nothing_is_missed_when_a_writer_is_slow_to_commit(test: TestDb) {
        assert_eq!(race(&test.db, Ours).await, [Uuid::from_u128(1), Uuid::from_u128(2)]);
    }

    async fn many_writers_leave_no_gap_and_nothing_twice(test: TestDb) {
        let writers = (0..60_u128).map(|n| {
            let db = test.db.clone();
            tokio::spawn(async move {
                db.write(async move |mut tx| {
                    // The same two scopes in either order, now and then given up.
                    let mut scopes = [SCOPE, Scope::Driver(UserId(Uuid::from_u128(9)))];
                    if n % 2 == 0 { scopes.reverse() }
                    for scope in scopes {
                        sync::touch(&mut tx, scope, Entity::Order, Uuid::from_u128(n % 7), 1, false, Timestamp(0));
                    }
                    if n % 5 == 0 { return Err(StoreError::Stopping) }
                    Ok(())
                })
                .await
            })
        });
        let kept = futures::future::join_all(writers).await.into_iter().filter(|done| done.as_ref().unwrap().is_ok()).count();
        let mut tx = test.db.read().await.unwrap();
        let heads = sql!(&mut tx, fetch_all as (i64,), "select head from sync_scope").unwrap();
        let kept = i64::try_from(kept).unwrap();
        assert_eq!(heads, [(kept,), (kept,)], "every kept write is one step, no other is");
        let (things, numbers) = sql!(
            &mut tx,
            fetch_one as (i64, i64),
            "select count(*), count(distinct seq) from sync_head where scope = $1",
            SCOPE.to_string()
        ).unwrap();
        assert_eq!((things, numbers), (7, 7), "one row for each thing");
    }

    async fn several_touches_of_one_thing_are_one_change(test: TestDb) {
        let id = Uuid::from_u128(5);
        test.db.write(async move |mut tx| {
            for (rev, deleted) in [(1, false), (2, true), (3, false)] {
                sync::touch(&mut tx, SCOPE, Entity::Order, id, rev, deleted, Timestamp(0));
            }
            Ok::<_, StoreError>(())
        }).await.unwrap();
        let mut tx = test.db.read().await.unwrap();
        let row = sql!(&mut tx, fetch_one as (i64, i64, bool), "select seq, rev, deleted from sync_head").unwrap();
        assert_eq!(row, (1, 3, false));
        assert_eq!(sync::head_of(&mut tx, SCOPE).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_race_catches_numbers_from_a_sequence() {
    let test = TestDb::new(Engine::Postgres).await;
    let made = test
        .db
        .write(async |mut tx| sql!(&mut tx, execute, "create sequence wrong_numbers"));
    made.await.unwrap();
    assert_eq!(
        race(&test.db, BySequence).await,
        [Uuid::from_u128(2)],
        "the slow writer's change is lost"
    );
}

#[tokio::test]
async fn an_epoch_is_given_once() {
    let app = TestApp::start(Engine::Sqlite).await;
    let epoch = sync::epoch(&mut app.db.read().await.unwrap()).await.unwrap();
    sync::begin(&app.db, Uuid::from_u128(1)).await.unwrap();
    assert_eq!(
        sync::epoch(&mut app.db.read().await.unwrap()).await.unwrap(),
        epoch
    );
}

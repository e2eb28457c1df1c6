//! Writes are whole or not at all, also when several share a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use momfood_backend::both;
use momfood_backend::store::{Engine, StoreError, sql};
use momfood_backend::testing::TestDb;

#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("no")]
    No,
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn with_table(test: &TestDb) {
    let made = test.db.write(async |mut tx| {
        sql!(
            &mut tx,
            execute,
            "create table note (id bigint primary key, word text not null)"
        )
    });
    made.await.unwrap();
}

async fn words(test: &TestDb) -> Vec<String> {
    let mut tx = test.db.read().await.unwrap();
    let rows = sql!(
        &mut tx,
        fetch_all as (String,),
        "select word from note order by id"
    )
    .unwrap();
    rows.into_iter().map(|(word,)| word).collect()
}

/// Begins to read and leaves after being polled `polls` times, perhaps in the middle of `begin`.
async fn read_and_leave(test: &TestDb, polls: u32) {
    let mut begun = Box::pin(test.db.read());
    for _ in 0..polls {
        if futures::poll!(begun.as_mut()).is_ready() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

both! {
    async fn a_reader_who_leaves_while_the_snapshot_begins_leaves_no_transaction_behind(test: TestDb) {
        with_table(&test).await;
        for polls in (1..4_000).step_by(11) {
            read_and_leave(&test, polls).await;
            // On a connection that is still inside a read-only snapshot this would be refused.
            let wrote = test.db.write(async move |mut tx| {
                let id = i64::from(polls);
                sql!(&mut tx, execute, "insert into note (id, word) values ($1, 'here')", id)
            });
            wrote.await.unwrap();
        }
        assert_eq!(words(&test).await.len(), 364);
    }

    async fn a_refused_work_leaves_nothing_and_its_neighbours_stay(test: TestDb) {
        with_table(&test).await;
        let works = (0..40_i64).map(|id| {
            let db = test.db.clone();
            tokio::spawn(async move {
                db.write(async move |mut tx| {
                    sql!(&mut tx, execute, "insert into note (id, word) values ($1, $2)", id, format!("w{id}"))?;
                    if id % 3 == 0 { Err(Refused::No) } else { Ok(id) }
                })
                .await
            })
        });
        let mut kept = 0;
        for (id, outcome) in futures::future::join_all(works).await.into_iter().enumerate() {
            match outcome.unwrap() {
                Ok(_) => kept += 1,
                Err(error) => assert!(id % 3 == 0 && matches!(error, Refused::No), "{id}: {error}"),
            }
        }
        assert_eq!(kept, 26);
        let words = words(&test).await;
        assert_eq!(words.len(), 26);
        assert!(!words.contains(&"w3".to_owned()));
    }

    async fn a_panic_undoes_its_own_work_and_reaches_its_caller(test: TestDb) {
        with_table(&test).await;
        let db = test.db.clone();
        let panicked = tokio::spawn(async move {
            db.write(async |mut tx| {
                sql!(&mut tx, execute, "insert into note (id, word) values (1, 'lost')")?;
                let reason = std::env::args().next().map_or("no reason", |_| "a handler's bug");
                assert!(reason.is_empty(), "{reason}");
                Ok::<(), Refused>(())
            })
            .await
        });
        assert!(panicked.await.unwrap_err().is_panic());
        let next = test.db.write(async |mut tx| {
            sql!(&mut tx, execute, "insert into note (id, word) values (2, 'kept')")
        });
        next.await.unwrap();
        assert_eq!(words(&test).await, ["kept"]);
    }

    async fn a_work_goes_on_when_its_caller_goes_away(test: TestDb) {
        with_table(&test).await;
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (go, may_go) = tokio::sync::oneshot::channel::<()>();
        let db = test.db.clone();
        let caller = tokio::spawn(async move {
            db.write(async move |mut tx| {
                begun.send(()).unwrap();
                may_go.await.unwrap();
                sql!(&mut tx, execute, "insert into note (id, word) values (1, 'whole')")
            })
            .await
        });
        has_begun.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        go.send(()).unwrap();
        while words(&test).await.is_empty() {
            test.db.written().await;
        }
        assert_eq!(words(&test).await, ["whole"]);
    }

    async fn heads_are_told_after_the_commit_and_only_then(test: TestDb) {
        with_table(&test).await;
        let told = Arc::new(AtomicUsize::new(0));
        let sum = Arc::clone(&told);
        test.db.on_commit(move |heads| {
            let heads = heads.iter().map(|head| usize::try_from(head.head).unwrap()).sum::<usize>();
            sum.fetch_add(heads, Ordering::SeqCst);
        });
        let seen = Arc::clone(&told);
        let kept = test.db.write(async move |mut tx| {
            tx.announce("customer:1", 5);
            Ok::<usize, Refused>(seen.load(Ordering::SeqCst))
        });
        let refused = test.db.write(async |mut tx| {
            tx.announce("customer:1", 100);
            Err::<(), Refused>(Refused::No)
        });
        let (kept, refused) = tokio::join!(kept, refused);
        assert_eq!(kept.unwrap(), 0);
        assert!(matches!(refused, Err(Refused::No)));
        assert_eq!(told.load(Ordering::SeqCst), 5);
    }

    async fn a_snapshot_does_not_move_and_cannot_write(test: TestDb) {
        with_table(&test).await;
        let mut before = test.db.read().await.unwrap();
        let (none,) = sql!(&mut before, fetch_one as (i64,), "select count(*) from note").unwrap();
        let write = test.db.write(async |mut tx| sql!(&mut tx, execute, "insert into note (id, word) values (1, 'new')"));
        write.await.unwrap();
        let (still,) = sql!(&mut before, fetch_one as (i64,), "select count(*) from note").unwrap();
        assert_eq!((none, still), (0, 0));
        sql!(&mut before, execute, "insert into note (id, word) values (2, 'never')").unwrap_err();
        drop(before);
        assert_eq!(words(&test).await, ["new"]);
    }

    async fn a_row_that_is_there_already_is_told_apart_from_a_fault(test: TestDb) {
        with_table(&test).await;
        for attempt in 0..2 {
            let write = test.db.write(async |mut tx| {
                sql!(&mut tx, execute, "insert into note (id, word) values (7, 'once')")
            });
            match write.await {
                Ok(rows) => assert_eq!((attempt, rows), (0, 1)),
                Err(error) => assert!(attempt == 1 && matches!(error, StoreError::Duplicate(_)), "{error:?}"),
            }
        }
    }

    async fn a_closed_database_finishes_what_it_was_given_and_takes_no_more(test: TestDb) {
        with_table(&test).await;
        let db = test.db.clone();
        let given = tokio::spawn(async move {
            db.write(async |mut tx| sql!(&mut tx, execute, "insert into note (id, word) values (1, 'given')")).await
        });
        assert_eq!(given.await.unwrap().unwrap(), 1);
        test.db.close().await;
        let late = test.db.write(async |mut tx| sql!(&mut tx, execute, "insert into note (id, word) values (2, 'late')"));
        assert!(late.await.unwrap_err().is_temporary());
    }
}

/// One sync of the disk pays for several answers: a work may find that the one before it in the queue has run and
/// still waits to be answered.
#[tokio::test]
async fn on_sqlite_works_that_wait_together_share_a_commit() {
    let test = TestDb::new(Engine::Sqlite).await;
    let shared = Arc::new(AtomicUsize::new(0));
    // A batch also ends when it is old, which a slow machine may make it: sharing must be seen once in many tries.
    for _ in 0..50 {
        let (ran, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (has_run, is_answered, count) = (Arc::clone(&ran), Arc::clone(&answered), Arc::clone(&shared));
        let first = async {
            let work = test.db.write(async move |_tx| {
                ran.store(true, Ordering::SeqCst);
                Ok::<(), StoreError>(())
            });
            work.await.unwrap();
            answered.store(true, Ordering::SeqCst);
        };
        let second = test.db.write(async move |mut tx| {
            // Time enough for an answer that was sent to arrive.
            test_trip(&mut tx).await?;
            if has_run.load(Ordering::SeqCst) && !is_answered.load(Ordering::SeqCst) {
                count.fetch_add(1, Ordering::SeqCst);
            }
            Ok::<(), StoreError>(())
        });
        let ((), second) = tokio::join!(first, second);
        second.unwrap();
    }
    assert!(shared.load(Ordering::SeqCst) > 0);
}

async fn test_trip(tx: &mut momfood_backend::store::Tx) -> Result<(), StoreError> {
    for _ in 0..3 {
        sql!(&mut *tx, fetch_one as (i64,), "select cast(1 as bigint)")?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

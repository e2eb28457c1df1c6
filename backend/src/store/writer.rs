//! Where writes happen. On SQLite one task owns the only writing connection and lets several works share a commit;
//! on PostgreSQL each work has a transaction and a task of its own. Never answers before the commit.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{PgPool, SqlitePool};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::After;
use super::error::StoreError;
use super::tx::{Conn, Session, Tx};

/// Works that may wait for the writer before new ones are sent away.
const QUEUE: usize = 1024;
/// How long a work may wait for a place in the queue.
const QUEUE_WAIT: Duration = Duration::from_secs(5);
/// How long one work may run.
const WORK_LIMIT: Duration = Duration::from_secs(10);
/// A batch is committed when it holds this many works…
const BATCH: usize = 64;
/// …or is this old.
const BATCH_AGE: Duration = Duration::from_millis(15);

type Panic = Box<dyn Any + Send>;

/// A handle to the task that writes to SQLite.
#[derive(Clone)]
pub struct Writer {
    pool: SqlitePool,
    queue: mpsc::Sender<Box<dyn Work>>,
    stopping: CancellationToken,
    stopped: CancellationToken,
}

impl Writer {
    pub(super) fn start(pool: SqlitePool, after: Arc<After>) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (stopping, stopped) = (CancellationToken::new(), CancellationToken::new());
        tokio::spawn(write_all(
            pool.clone(),
            after,
            jobs,
            stopping.clone(),
            stopped.clone(),
        ));
        Self {
            pool,
            queue,
            stopping,
            stopped,
        }
    }

    pub(super) async fn run<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        if self.stopping.is_cancelled() {
            return Err(StoreError::Stopping.into());
        }
        match self
            .queue
            .send_timeout(Box::new(Job { work, answer }), QUEUE_WAIT)
            .await
        {
            Ok(()) => {}
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
                return Err(StoreError::Busy("too many writes are waiting".into()).into());
            }
            Err(mpsc::error::SendTimeoutError::Closed(_)) => return Err(StoreError::Stopping.into()),
        }
        match answered.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(StoreError::Stopping.into()),
        }
    }

    pub(super) async fn migrate(&self, migrations: &Migrator) -> Result<(), MigrateError> {
        migrations.run(&self.pool).await
    }

    pub(super) async fn stop(&self) {
        self.stopping.cancel();
        self.stopped.cancelled().await;
    }
}

/// A piece of work in the queue, its types forgotten.
trait Work: Send {
    fn run(self: Box<Self>, session: Arc<Mutex<Session>>) -> BoxFuture<'static, Done>;
    fn refuse(self: Box<Self>, error: StoreError);
}

/// A work that has run and waits for the commit to be answered.
struct Done {
    keep: bool,
    answer: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
}

struct Job<F, T, E> {
    work: F,
    answer: oneshot::Sender<Result<Result<T, E>, Panic>>,
}

impl<F, Fut, T, E> Work for Job<F, T, E>
where
    F: FnOnce(Tx) -> Fut + Send + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn run(self: Box<Self>, session: Arc<Mutex<Session>>) -> BoxFuture<'static, Done> {
        async move {
            let Self { work, answer } = *self;
            let result = attempt(work, &session).await;
            Done {
                keep: matches!(result, Ok(Ok(_))),
                // A refusal waits for the commit too: it may rest on what an earlier work of the batch wrote.
                answer: Box::new(move |committed| {
                    let result = match (result, committed) {
                        (Ok(_), Err(error)) => Ok(Err(error.into())),
                        (result, _) => result,
                    };
                    let _ = answer.send(result);
                }),
            }
        }
        .boxed()
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.answer.send(Ok(Err(error.into())));
    }
}

/// Runs one work on an open session, turning a panic into a value and a work without end into an error.
async fn attempt<T, E, F, Fut>(work: F, session: &Arc<Mutex<Session>>) -> Result<Result<T, E>, Panic>
where
    F: FnOnce(Tx) -> Fut,
    Fut: Future<Output = Result<T, E>>,
    E: From<StoreError>,
{
    let tx = match Session::lend(session) {
        Ok(tx) => tx,
        Err(error) => return Ok(Err(error.into())),
    };
    let running = AssertUnwindSafe(async move {
        let value = work(tx).await?;
        // Last, after every row lock of the work: the order of numbering is the order of visibility.
        crate::sync::flush(&mut Session::lend(session)?).await?;
        Ok(value)
    })
    .catch_unwind();
    match tokio::time::timeout(WORK_LIMIT, running).await {
        Ok(result) => result,
        Err(_) => Ok(Err(StoreError::Busy("the work took too long".into()).into())),
    }
}

/// Takes works from the queue until told to stop, then finishes those already there.
async fn write_all(
    pool: SqlitePool,
    after: Arc<After>,
    mut jobs: mpsc::Receiver<Box<dyn Work>>,
    stopping: CancellationToken,
    stopped: CancellationToken,
) {
    let _told_on_every_way_out = stopped.drop_guard();
    loop {
        let first = tokio::select! {
            biased;
            job = jobs.recv() => job,
            () = stopping.cancelled() => { jobs.close(); jobs.recv().await }
        };
        let Some(first) = first else { break };
        let session = match pool.begin_with("BEGIN IMMEDIATE").await {
            Ok(tx) => Session::shared(Conn::Sqlite(tx), Arc::clone(&after)),
            Err(error) => {
                first.refuse(error.into());
                continue;
            }
        };
        let (done, broken) = batch(first, &mut jobs, &session).await;
        let committed = match (broken, Arc::try_unwrap(session)) {
            (None, Ok(session)) => session.into_inner().commit().await,
            (Some(error), _) => Err(error),
            (None, Err(_)) => Err(StoreError::Busy("a transaction was kept beyond its work".into())),
        };
        if let Ok(heads) = &committed {
            after.committed(heads);
        }
        let committed = committed.map(|_heads| ());
        for done in done {
            (done.answer)(committed.clone());
        }
    }
    pool.close().await;
}

/// Runs works, each inside its own savepoint, until the batch is full, old, or nobody waits.
/// The second value says why nothing of it may be committed, if so.
async fn batch(
    first: Box<dyn Work>,
    jobs: &mut mpsc::Receiver<Box<dyn Work>>,
    session: &Arc<Mutex<Session>>,
) -> (Vec<Done>, Option<StoreError>) {
    let opened = Instant::now();
    let mut done = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next.take() {
        let heads = match savepoint(session, "savepoint work").await {
            Ok(heads) => heads,
            Err(error) => {
                job.refuse(error.clone());
                return (done, Some(error));
            }
        };
        let result = job.run(Arc::clone(session)).await;
        let keep = result.keep;
        done.push(result);
        if let Err(error) = close_savepoint(session, keep, heads).await {
            return (done, Some(error));
        }
        if done.len() < BATCH && opened.elapsed() < BATCH_AGE {
            next = jobs.try_recv().ok();
        }
    }
    (done, None)
}

async fn close_savepoint(session: &Arc<Mutex<Session>>, keep: bool, heads: usize) -> Result<(), StoreError> {
    if !keep {
        savepoint(session, "rollback to work").await?;
        let mut session = session.try_lock().map_err(|_| kept())?;
        session.heads.truncate(heads);
        session.touches.clear();
    }
    savepoint(session, "release work").await?;
    Ok(())
}

fn kept() -> StoreError {
    StoreError::Busy("a transaction was kept beyond its work".into())
}

/// Sends a savepoint statement; returns how many heads were announced so far.
async fn savepoint(session: &Arc<Mutex<Session>>, statement: &'static str) -> Result<usize, StoreError> {
    let mut session = session.try_lock().map_err(|_| kept())?;
    let Session {
        conn: Conn::Sqlite(tx),
        heads,
        ..
    } = &mut *session
    else {
        return Ok(0);
    };
    sqlx::query::<sqlx::Sqlite>(statement).execute(&mut **tx).await?;
    Ok(heads.len())
}

/// One work, one transaction, in a task of its own so that a caller who goes away does not cut it in half.
pub(super) async fn run_on_postgres<T, E, F, Fut>(pool: PgPool, after: Arc<After>, work: F) -> Result<T, E>
where
    F: FnOnce(Tx) -> Fut + Send + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let task = tokio::spawn(async move {
        let tx = pool.begin().await.map_err(StoreError::from)?;
        let session = Session::shared(Conn::Postgres(tx), Arc::clone(&after));
        let value = match attempt(work, &session).await {
            Ok(result) => result?,
            Err(panic) => resume_unwind(panic),
        };
        let session = Arc::try_unwrap(session).map_err(|_| kept())?.into_inner();
        let heads = session.commit().await?;
        after.committed(&heads);
        Ok(value)
    });
    match task.await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_cancelled) => Err(StoreError::Stopping.into()),
        },
    }
}

//! The only place that knows which database is behind the server.
//!
//! A door asks for one of two things: [`Db::read`], a snapshot that cannot change anything, or [`Db::write`],
//! a piece of work that becomes true as a whole or not at all. Inside, statements are sent with [`sql!`]: one
//! text for both engines. Nobody outside this folder may name an sqlx driver type, open a connection,
//! or tell a caller "done" before the commit.
//!
//! Rules for statements (each one is prepared on both engines by a test):
//! - `$1` placeholders, each used in order of binding; ids, times and randomness come from the program.
//! - Integers are `i64` and `BIGINT`/`INTEGER`; money is minor units; times are microseconds UTC.
//! - `sum(…)` of a PostgreSQL bigint is numeric: write `cast(sum(…) as bigint)`, which both engines understand.
//! - What differs is written `{for_update}` and so on: see [`dialect`].
//! - A constraint that fails ends the work: PostgreSQL does not let a transaction go on. Where a clash is expected,
//!   say `on conflict … do nothing` and look at the number of rows.
//! - Rows that will be changed are read with `{for_update}`, in the order: order, payment, delivery, ticket, driver,
//!   then scopes by name. The same order everywhere is what keeps PostgreSQL from deadlocks.

pub mod dialect;
mod error;
pub mod migrate;
mod open;
#[cfg(feature = "testing")]
mod solo;
mod tx;
mod writer;

pub use dialect::Engine;
pub use error::StoreError;
pub use open::{Open, may_be_read_on_its_way};
#[cfg(feature = "testing")]
pub use solo::{Doom, Solo};
pub use tx::{Both, Head, Part, Tx};

use std::future::Future;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use sqlx::{PgPool, SqlitePool};
use tokio::sync::Notify;

use tx::{Conn, Session};
use writer::Writer;

use crate::sealed::Sealer;

/// Told of the heads that moved, after the commit that moved them.
type Listener = Box<dyn Fn(&[Head]) + Send + Sync>;

/// The database, whichever it is. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// One file: one connection that writes, a few that read.
    Sqlite {
        /// Runs all writes, several to a commit.
        writer: Writer,
        /// Connections that cannot write.
        readers: SqlitePool,
        /// What happens after a commit.
        after: Arc<After>,
    },
    /// A PostgreSQL server.
    Postgres {
        /// All connections.
        pool: PgPool,
        /// What happens after a commit.
        after: Arc<After>,
    },
    /// One file on one connection, for the simulator.
    #[cfg(feature = "testing")]
    Solo {
        /// The connection.
        solo: Solo,
        /// What happens after a commit.
        after: Arc<After>,
    },
}

/// What a commit sets off, and what every transaction carries.
#[derive(Default)]
pub struct After {
    listeners: RwLock<Vec<Listener>>,
    written: Notify,
    sealer: OnceLock<Arc<Sealer>>,
}

impl After {
    fn committed(&self, heads: &[Head]) {
        if !heads.is_empty() {
            let listeners = self.listeners.read().unwrap_or_else(PoisonError::into_inner);
            for listener in listeners.iter() {
                listener(heads);
            }
        }
        self.written.notify_one();
    }
}

/// Begins a snapshot in a task of its own: a caller that leaves in the middle of `begin` must not send a connection
/// back to the pool that is inside a transaction nobody knows of. Begun and not wanted, it is rolled back.
async fn whole<T: Send + 'static>(
    begin: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::spawn(begin).await {
        Ok(begun) => Ok(begun?),
        Err(_) => Err(StoreError::Stopping),
    }
}

impl Db {
    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres { .. } => Engine::Postgres,
            #[cfg(feature = "testing")]
            Self::Solo { .. } => Engine::Sqlite,
        }
    }

    fn after(&self) -> &Arc<After> {
        match self {
            Self::Sqlite { after, .. } | Self::Postgres { after, .. } => after,
            #[cfg(feature = "testing")]
            Self::Solo { after, .. } => after,
        }
    }

    /// Registers one more who is told of moved heads after each commit, in order of registration and before the
    /// writer is answered. A listener must be quick and must not write.
    pub fn on_commit(&self, listener: impl Fn(&[Head]) + Send + Sync + 'static) {
        let mut listeners = self
            .after()
            .listeners
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        listeners.push(Box::new(listener));
    }

    /// Gives every transaction from now on what seals and opens. The first one given stays.
    pub fn seal_with(&self, sealer: Arc<Sealer>) {
        let _ = self.after().sealer.set(sealer);
    }

    /// What seals and opens, if it was given.
    pub fn sealer(&self) -> Option<&Arc<Sealer>> {
        self.after().sealer.get()
    }

    /// Resolves after a commit that happened since the last call. For one waiter: the worker.
    pub async fn written(&self) {
        self.after().written.notified().await;
    }

    /// A snapshot to read from: everything read through one `Tx` is from the same moment. It ends when dropped.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        let conn = match self {
            Self::Sqlite { readers, .. } => {
                let readers = readers.clone();
                Conn::Sqlite(whole(async move { readers.begin().await }).await?)
            }
            Self::Postgres { pool, .. } => {
                let pool = pool.clone();
                let begin = async move {
                    pool.begin_with("begin isolation level repeatable read read only")
                        .await
                };
                Conn::Postgres(whole(begin).await?)
            }
            #[cfg(feature = "testing")]
            Self::Solo { solo, after } => return solo.read(after).await,
        };
        Session::lend(&Session::shared(conn, Arc::clone(self.after())))
    }

    /// Runs `work` in a transaction and answers when it is committed. An `Err` from `work` undoes all it did.
    ///
    /// The work belongs to the server once it is handed over: a caller that goes away does not stop it half-way.
    /// On SQLite several works share one commit, each inside its own savepoint, so that the disk is asked to
    /// sync once for all of them; nobody is answered before that.
    ///
    /// Nothing slow or external may be awaited inside: other writers wait.
    pub async fn write<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match self {
            Self::Sqlite { writer, .. } => writer.run(work).await,
            Self::Postgres { pool, after } => {
                writer::run_on_postgres(pool.clone(), Arc::clone(after), work).await
            }
            #[cfg(feature = "testing")]
            Self::Solo { solo, after } => solo.run(after, work).await,
        }
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut tx = self.read().await?;
        let (_one,): (i64,) = sql!(&mut tx, fetch_one as (i64,), "select cast(1 as bigint)")?;
        Ok(())
    }

    /// Lets what was handed over finish, then closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                writer.stop().await;
                readers.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
            #[cfg(feature = "testing")]
            Self::Solo { solo, .. } => solo.close().await,
        }
    }
}

/// Sends one statement text to whichever database `tx` is on.
///
/// ```ignore
/// let row = sql!(tx, fetch_optional as OrderRow, "select * from orders where id = $1 {for_update}", id)?;
/// let rows: Vec<(i64,)> = sql!(tx, fetch_all as (i64,), "select seq from sync_head where scope = $1", scope)?;
/// let changed: u64 = sql!(tx, execute, "update orders set status = $1 where id = $2", status, id)?;
/// ```
///
/// `tx` is a `&mut Tx`; arguments are evaluated once and bound in order; the result is `Result<_, StoreError>`.
#[macro_export]
macro_rules! sql {
    ($tx:expr, execute, $text:literal $(, $arg:expr)* $(,)?) => {
        $crate::sql!(@run $tx, $text, [$($arg),*], query, [],
            execute, |done| done.rows_affected())
    };
    ($tx:expr, $fetch:ident as $row:ty, $text:literal $(, $arg:expr)* $(,)?) => {
        $crate::sql!(@run $tx, $text, [$($arg),*], query_as, [, $row], $fetch, |rows| rows)
    };
    (@run $tx:expr, $text:literal, [$($arg:expr),*], $query:ident, [$($row:tt)*], $fetch:ident, |$r:ident| $map:expr) => {{
        static TEXTS: std::sync::LazyLock<$crate::store::dialect::Texts> =
            std::sync::LazyLock::new(|| $crate::store::dialect::Texts::of($text));
        match $crate::store::Tx::both($tx) {
            $crate::store::Both::Sqlite(conn) => {
                sqlx::$query::<sqlx::Sqlite $($row)*>(TEXTS.sqlite.as_str())
                    $(.bind($arg))*.$fetch(conn).await.map(|$r| $map)
            }
            $crate::store::Both::Postgres(conn) => {
                sqlx::$query::<sqlx::Postgres $($row)*>(TEXTS.postgres.as_str())
                    $(.bind($arg))*.$fetch(conn).await.map(|$r| $map)
            }
        }
        .map_err($crate::store::StoreError::from)
    }};
}
pub use crate::sql;

//! A whole SQLite database on one connection, for the simulator: no pool, no task of its own and no real time, so that a
//! run is the same every time. Crashes are asked for: the transaction is gone, as if the process had died before the
//! commit. Durability is simulated too: files are copied and put back, nothing is synced. Never used by the server.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::error::StoreError;
use super::tx::{Conn, Session, Tx};
use super::{After, Db};
use crate::sealed::Sealer;

/// Counts down commits to the one before which the server dies.
#[derive(Clone, Default)]
pub struct Doom(Arc<AtomicU32>);

/// The count of a server that has died.
const STRUCK: u32 = u32::MAX;

impl Doom {
    /// The server dies before the `n`-th commit from now: 1 is the next.
    pub fn before_commit(&self, n: u32) {
        self.0.store(n, Ordering::Relaxed);
    }

    /// Nothing is going to happen.
    pub fn lift(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Whether it has happened. From then on nothing is committed.
    pub fn struck(&self) -> bool {
        self.0.load(Ordering::Relaxed) == STRUCK
    }

    fn strikes(&self) -> bool {
        match self.0.load(Ordering::Relaxed) {
            0 => false,
            1 | STRUCK => {
                self.0.store(STRUCK, Ordering::Relaxed);
                true
            }
            left => {
                self.0.store(left - 1, Ordering::Relaxed);
                false
            }
        }
    }
}

/// The one connection.
#[derive(Clone)]
pub struct Solo {
    line: Arc<Mutex<Line>>,
    doom: Doom,
}

/// The connection, and whether it is inside a transaction nobody has ended.
pub(super) struct Line {
    pub conn: SqliteConnection,
    open: bool,
}

impl Line {
    async fn send(&mut self, statement: &'static str) -> Result<(), StoreError> {
        sqlx::query::<sqlx::Sqlite>(statement)
            .execute(&mut self.conn)
            .await?;
        Ok(())
    }

    async fn roll_back(&mut self) -> Result<(), StoreError> {
        if std::mem::take(&mut self.open) {
            self.send("rollback").await?;
        }
        Ok(())
    }

    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        self.send("commit").await?;
        self.open = false;
        Ok(())
    }
}

impl Db {
    /// Opens `file` on one connection. What is written is not synced, and one file holds all of it between two
    /// transactions.
    pub async fn solo(file: &Path) -> Result<(Self, Doom), StoreError> {
        let conn = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(true)
            .statement_cache_capacity(1024)
            .journal_mode(SqliteJournalMode::Memory)
            .locking_mode(SqliteLockingMode::Exclusive)
            .synchronous(SqliteSynchronous::Off)
            .pragma("temp_store", "memory")
            .connect()
            .await?;
        let doom = Doom::default();
        let solo = Solo {
            line: Arc::new(Mutex::new(Line { conn, open: false })),
            doom: doom.clone(),
        };
        let db = Self::Solo {
            solo,
            after: Arc::new(After::default()),
        };
        db.seal_with(Sealer::for_tests());
        Ok((db, doom))
    }

    /// Waits until nobody is inside a transaction of the one connection.
    pub async fn idle(&self) {
        if let Self::Solo { solo, .. } = self {
            drop(solo.line.lock().await);
        }
    }

    /// Whether somebody is inside a transaction of the one connection.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Solo { solo, .. } if solo.line.try_lock().is_err())
    }
}

impl Solo {
    /// The line, outside of any transaction.
    async fn line(&self) -> Result<OwnedMutexGuard<Line>, StoreError> {
        // Whoever was woken before gets in line before: who is next must not follow from how fast the file answered.
        tokio::task::yield_now().await;
        let mut line = Arc::clone(&self.line).lock_owned().await;
        line.roll_back().await?;
        Ok(line)
    }

    /// Nobody writes while it is read: it is the only connection.
    pub(super) async fn read(&self, after: &Arc<After>) -> Result<Tx, StoreError> {
        let conn = Conn::Solo(self.line().await?);
        Session::lend(&Session::shared(conn, Arc::clone(after)))
    }

    pub(super) async fn run<T, E, F, Fut>(&self, after: &Arc<After>, work: F) -> Result<T, E>
    where
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<StoreError>,
    {
        let mut line = self.line().await?;
        line.send("begin immediate").await?;
        line.open = true;
        let session = Session::shared(Conn::Solo(line), Arc::clone(after));
        let value = work(Session::lend(&session)?).await?;
        crate::sync::flush(&mut Session::lend(&session)?).await?;
        if self.doom.strikes() {
            return Err(StoreError::Stopping.into());
        }
        let session = Arc::try_unwrap(session)
            .map_err(|_| StoreError::Busy("a transaction was kept beyond its work".into()))?;
        let heads = session.into_inner().commit().await?;
        after.committed(&heads);
        Ok(value)
    }

    pub(super) async fn close(&self) {
        let mut line = self.line.lock().await;
        let _ = line.roll_back().await;
        let Ok(spare) = SqliteConnectOptions::new().in_memory(true).connect().await else {
            return;
        };
        let conn = std::mem::replace(&mut line.conn, spare);
        let _ = conn.close().await;
    }
}

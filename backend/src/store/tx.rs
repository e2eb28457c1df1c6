//! A transaction as modules see it: something to send statements through. It cannot be committed from here.

use std::sync::Arc;

use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::After;
use super::error::StoreError;
use crate::sealed::Sealer;
use crate::sync::Touch;

/// The newest number of a feed: what is told to those who listen to `scope` once the commit is through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The feed, for example `restaurant:…`.
    pub scope: String,
    /// Its newest sequence number.
    pub head: i64,
}

/// A transaction in progress. Functions of modules take `&mut Tx`.
pub struct Tx(OwnedMutexGuard<Session>);

/// A part of a work, see [`Tx::part`].
#[must_use = "a part is kept or undone"]
pub struct Part {
    heads: usize,
    touches: usize,
}

/// The typed connection behind a [`Tx`]: for [`sql!`](crate::sql) alone.
pub enum Both<'t> {
    /// On SQLite.
    Sqlite(&'t mut SqliteConnection),
    /// On PostgreSQL.
    Postgres(&'t mut PgConnection),
}

pub(super) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
    #[cfg(feature = "testing")]
    Solo(OwnedMutexGuard<super::solo::Line>),
}

/// An open transaction and what was announced in it. Lent to work as a [`Tx`], kept by whoever commits.
pub(super) struct Session {
    pub conn: Conn,
    after: Arc<After>,
    pub heads: Vec<Head>,
    /// What the work at hand changed and has not numbered yet.
    pub touches: Vec<Touch>,
}

impl Session {
    pub fn shared(conn: Conn, after: Arc<After>) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self {
            conn,
            after,
            heads: Vec::new(),
            touches: Vec::new(),
        }))
    }

    /// Lends the session out. Fails when an earlier borrower still holds it: work must not outlive its own end.
    pub fn lend(session: &Arc<Mutex<Self>>) -> Result<Tx, StoreError> {
        Arc::clone(session)
            .try_lock_owned()
            .map(Tx)
            .map_err(|_| StoreError::Busy("a transaction was kept beyond its work".into()))
    }

    pub async fn commit(self) -> Result<Vec<Head>, StoreError> {
        match self.conn {
            Conn::Sqlite(tx) => tx.commit().await?,
            Conn::Postgres(tx) => tx.commit().await?,
            #[cfg(feature = "testing")]
            Conn::Solo(mut line) => line.commit().await?,
        }
        Ok(self.heads)
    }
}

impl Tx {
    /// The typed connection: for [`sql!`](crate::sql) alone.
    pub fn both(&mut self) -> Both<'_> {
        match &mut self.0.conn {
            Conn::Sqlite(tx) => Both::Sqlite(tx),
            Conn::Postgres(tx) => Both::Postgres(tx),
            #[cfg(feature = "testing")]
            Conn::Solo(line) => Both::Sqlite(&mut line.conn),
        }
    }

    /// What seals and opens, if this database was given one: for [`crate::sealed`] alone.
    pub(crate) fn sealer(&self) -> Option<Arc<Sealer>> {
        self.0.after.sealer.get().cloned()
    }

    /// Has `head` told to the listeners of `scope` after the commit, and only then.
    pub fn announce(&mut self, scope: impl Into<String>, head: i64) {
        self.0.heads.push(Head {
            scope: scope.into(),
            head,
        });
    }

    /// Keeps a change in mind, to be numbered when the work is done.
    pub(crate) fn touch(&mut self, touch: Touch) {
        self.0.touches.push(touch);
    }

    /// Begins a part of the work that can be undone without the rest. Ended by [`Tx::keep`] or [`Tx::undo`].
    pub async fn part(&mut self) -> Result<Part, StoreError> {
        self.send("savepoint part").await?;
        Ok(Part {
            heads: self.0.heads.len(),
            touches: self.0.touches.len(),
        })
    }

    /// Ends a part; what it did goes on as the rest of the work does.
    pub async fn keep(&mut self, _part: Part) -> Result<(), StoreError> {
        self.send("release savepoint part").await
    }

    /// Ends a part as if it had never begun, also after one of its statements failed.
    pub async fn undo(&mut self, part: Part) -> Result<(), StoreError> {
        self.send("rollback to savepoint part").await?;
        self.0.heads.truncate(part.heads);
        self.0.touches.truncate(part.touches);
        self.send("release savepoint part").await
    }

    async fn send(&mut self, statement: &'static str) -> Result<(), StoreError> {
        match self.both() {
            Both::Sqlite(conn) => sqlx::query::<Sqlite>(statement).execute(conn).await.map(drop),
            Both::Postgres(conn) => sqlx::query::<Postgres>(statement).execute(conn).await.map(drop),
        }
        .map_err(StoreError::from)
    }

    /// What the work changed so far, leaving nothing.
    pub(crate) fn take_touches(&mut self) -> Vec<Touch> {
        std::mem::take(&mut self.0.touches)
    }
}

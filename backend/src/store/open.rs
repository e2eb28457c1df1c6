//! Opening the database: which one, with which settings. A connection opened elsewhere would lack them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::writer::Writer;
use super::{After, Db, StoreError};

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct Open<'a> {
    /// `sqlite:<path>` or `postgres://…`.
    pub url: &'a str,
    /// Connections that read, on SQLite.
    pub readers: u32,
    /// All connections, on PostgreSQL.
    pub connections: u32,
}

impl Open<'_> {
    /// Connects. Creates the SQLite file if there is none; runs no migrations.
    pub async fn connect(&self) -> Result<Db, StoreError> {
        match self.url.strip_prefix("sqlite:") {
            Some(path) => self.sqlite(Path::new(path.trim_start_matches("//"))).await,
            None => self.postgres().await,
        }
    }

    async fn sqlite(&self, path: &Path) -> Result<Db, StoreError> {
        let common = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .statement_cache_capacity(512);
        let writing = common
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An answer is a promise: it survives a power cut. Group commit pays for it.
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", "4000")
            // What is overwritten or deleted is zeroed where its page is written anyhow: a dropped key is gone.
            .pragma("secure_delete", "fast")
            .pragma("temp_store", "memory");
        // Connections live for ever: nothing on the way to a local file breaks them.
        let pool = || {
            SqlitePoolOptions::new()
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
        };
        let writer = pool().max_connections(1).connect_with(writing).await?;
        let readers = pool()
            .max_connections(self.readers.max(1))
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(common.read_only(true).pragma("temp_store", "memory"))
            .await?;
        let after = Arc::new(After::default());
        Ok(Db::Sqlite {
            writer: Writer::start(writer, Arc::clone(&after)),
            readers,
            after,
        })
    }

    async fn postgres(&self) -> Result<Db, StoreError> {
        let options: PgConnectOptions = self.url.parse().map_err(StoreError::from)?;
        let options = options
            .statement_cache_capacity(512)
            .application_name("momfood")
            // A lock waited for longer than this is a fault elsewhere: give way and let the caller try again.
            .options([("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "30s")]);
        let pool = PgPoolOptions::new()
            .max_connections(self.connections.max(2))
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await?;
        Ok(Db::Postgres {
            pool,
            after: Arc::new(After::default()),
        })
    }
}

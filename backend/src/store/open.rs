//! Opening the database: which one, with which settings. A connection opened elsewhere would lack them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::writer::Writer;
use super::{After, Db, StoreError};
use crate::config::is_this_machine;

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

/// Whether what is said to the database at `url` may be read, or answered by others, on its way: it is on another machine,
/// and neither encrypted nor sure of whom it speaks to.
pub fn may_be_read_on_its_way(url: &str) -> bool {
    let Ok(options) = url.parse::<PgConnectOptions>() else {
        return false;
    };
    let host = options.get_host();
    let here = options.get_socket().is_some() || host.starts_with('/') || is_this_machine(host);
    !here && !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn a_database_that_is_to_be_encrypted_is_told_nothing_in_the_clear() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        // A server, or whoever is between, that says it has no TLS.
        let heard = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = [0; 8];
            socket.read_exact(&mut request).await.unwrap();
            socket.write_all(b"N").await.unwrap();
            let mut rest = Vec::new();
            let _ = socket.read_to_end(&mut rest).await;
            (request, rest)
        });
        let url = format!("postgres://momfood:hunter2@localhost:{port}/momfood?sslmode=verify-full");
        let options: PgConnectOptions = url.parse().unwrap();
        let pool = PgPoolOptions::new().max_connections(1).connect_with(options);
        let refused = pool.await.expect_err("no TLS, no connection").to_string();
        assert!(refused.contains("TLS"), "{refused}");
        let (request, rest) = heard.await.unwrap();
        assert_eq!(request[4..], 80_877_103_u32.to_be_bytes(), "it asks for TLS");
        assert_eq!(rest, b"", "and says nothing without");
    }
}

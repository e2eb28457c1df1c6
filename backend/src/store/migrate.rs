//! The schema's history: numbered files, embedded in the binary, applied in order, each in a transaction with its
//! checksum recorded. A file that changed after it was applied, or a database newer than the program, is refused.
//! The rules for writing one are in `migrations/README.md`.

use sqlx::migrate::{MigrateError, Migrator};

use super::{Db, Engine, StoreError};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The database was last used by a newer program.
    #[error(
        "the database is from a newer version of the program: it has migration {0}, which this one does not know"
    )]
    FromTheFuture(i64),
    /// A file was edited after it had been applied.
    #[error("migration {0} was changed after it had been applied to this database")]
    Changed(i64),
    /// A migration failed; nothing of it remains.
    #[error("migration failed: {0}")]
    Failed(#[from] MigrateError),
    /// The database could not be reached.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a database stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Migrations recorded in the database.
    pub applied: usize,
    /// Migrations this program knows.
    pub known: usize,
}

fn migrator(engine: Engine) -> &'static Migrator {
    match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    }
}

/// The names of the migrations of one engine, in order: `0001_first`.
pub fn names(engine: Engine) -> Vec<String> {
    migrator(engine)
        .iter()
        .map(|m| format!("{:04}_{}", m.version, m.description.replace(' ', "_")))
        .collect()
}

impl Db {
    /// Applies what is missing. Safe to call at every start, from several processes.
    pub async fn migrate(&self) -> Result<(), SchemaError> {
        let outcome = match self {
            Self::Sqlite { writer, .. } => writer.migrate(&SQLITE).await,
            Self::Postgres { pool, .. } => POSTGRES.run(pool).await,
            #[cfg(feature = "testing")]
            // A copy of a file that was migrated.
            Self::Solo { .. } => Ok(()),
        };
        outcome.map_err(|error| match error {
            MigrateError::VersionMissing(version) => SchemaError::FromTheFuture(version),
            MigrateError::VersionMismatch(version) => SchemaError::Changed(version),
            other => SchemaError::Failed(other),
        })
    }

    /// How far the database is, without changing it.
    pub async fn standing(&self) -> Result<Standing, SchemaError> {
        let known = migrator(self.engine()).iter().count();
        let mut tx = self.read().await?;
        let applied = match crate::sql!(
            &mut tx,
            fetch_one as (i64,),
            "select count(*) from _sqlx_migrations"
        ) {
            Ok((applied,)) => usize::try_from(applied).unwrap_or(0),
            // A database nobody has migrated has no such table.
            Err(StoreError::Database(error)) if error.as_database_error().is_some() => 0,
            Err(error) => return Err(error.into()),
        };
        Ok(Standing { applied, known })
    }
}

//! What can go wrong between the program and its database. It never carries a statement's arguments.

use std::sync::Arc;

/// A failed read or write. Nothing of a failed write remains.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Others were in the way (a lock, a deadlock, a full queue, no free connection): the same request may succeed now.
    #[error("the database is busy: {0}")]
    Busy(Arc<str>),
    /// A uniqueness rule of the schema refused the row. Holds the name of the constraint, index or columns.
    #[error("already there: {0}")]
    Duplicate(Arc<str>),
    /// The server is stopping and takes no more work.
    #[error("the server is stopping")]
    Stopping,
    /// What is sealed could not be sealed or opened.
    #[error(transparent)]
    Sealed(#[from] crate::sealed::Fault),
    /// Anything else: a bug, or a database that is gone.
    #[error(transparent)]
    Database(Arc<sqlx::Error>),
}

impl StoreError {
    /// Whether sending the same request again may succeed.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Busy(_) | Self::Stopping => true,
            Self::Duplicate(_) => false,
            Self::Sealed(fault) => fault.is_temporary(),
            Self::Database(error) => {
                matches!(
                    **error,
                    sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::PoolTimedOut
                )
            }
        }
    }
}

impl StoreError {
    /// Whether the same statements would fail the same way again, however often they are sent: a constraint, a value
    /// that does not fit, a row of another shape. A database that is gone, full, damaged or in a hurry is none of these.
    pub fn is_deterministic(&self) -> bool {
        let error = match self {
            Self::Busy(_) | Self::Stopping => return false,
            Self::Duplicate(_) => return true,
            Self::Sealed(fault) => return !fault.is_temporary(),
            Self::Database(error) => error,
        };
        if let Some(db) = error.as_database_error() {
            let code = db.code().unwrap_or_default();
            return match code.parse::<u32>() {
                // SQLite: error, constraint, mismatch, too big, out of range.
                Ok(number) if code.len() < 5 => matches!(number & 0xff, 1 | 18 | 19 | 20 | 25),
                // PostgreSQL: feature not supported, data exception, integrity constraint, syntax or access rule.
                _ => ["0A", "22", "23", "42"]
                    .iter()
                    .any(|class| code.starts_with(class)),
            };
        }
        matches!(
            **error,
            sqlx::Error::RowNotFound
                | sqlx::Error::TypeNotFound { .. }
                | sqlx::Error::ColumnIndexOutOfBounds { .. }
                | sqlx::Error::ColumnNotFound(_)
                | sqlx::Error::ColumnDecode { .. }
                | sqlx::Error::Encode(_)
                | sqlx::Error::Decode(_)
        )
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::PoolTimedOut = error {
            return Self::Busy("no free connection".into());
        }
        if let Some(db) = error.as_database_error() {
            if db.is_unique_violation() {
                return Self::Duplicate(db.constraint().unwrap_or_else(|| db.message()).into());
            }
            // SQLite: primary codes 5 (busy) and 6 (locked) with any extension.
            // PostgreSQL: serialization failure, deadlock, lock timeout, too many connections, shutting down.
            let code = db.code().unwrap_or_default();
            let busy = match code.parse::<u32>() {
                Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6),
                _ => matches!(&*code, "40001" | "40P01" | "55P03" | "53300" | "57P01" | "57P03"),
            };
            if busy {
                return Self::Busy(db.message().into());
            }
        }
        Self::Database(Arc::new(error))
    }
}

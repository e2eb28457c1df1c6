//! What can go wrong with what a device keeps. Every error leaves the file as it was before the call.

/// Why something was not kept, or not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The device is full. Nothing was written; the person must be told, because what was tapped is not kept.
    #[error("the device is full")]
    Full,
    /// The disk does not obey. What was to be written may or may not be there after a restart; a mutation tried again
    /// under its uid is there once.
    #[error("the disk failed: {0}")]
    Disk(String),
    /// Another engine has the file open.
    #[error("the file is in use elsewhere")]
    InUse,
    /// A cache that cannot be read: [`crate::store::Store::rebuild_cache`].
    #[error("the file is damaged")]
    Damaged,
    /// A vault that cannot be read. It stays where it is, untouched; `copy` names the file beside it that is meant for
    /// support. The next [`crate::store::Store::vault`] begins a new one.
    #[error("the vault is damaged; a copy is kept as {copy}")]
    DamagedVault {
        /// Name of the copy.
        copy: String,
    },
    /// A vault written by a newer program. Nothing is written into it; [`crate::store::Store::export_vault`] reads it.
    #[error("the vault is of version {found}, this program knows {known}")]
    NewerVault {
        /// Its version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// More than may be kept.
    #[error("{size} bytes are more than {limit}")]
    TooLarge {
        /// How much it is.
        size: u64,
        /// How much it may be.
        limit: u64,
    },
    /// Something else was queued under that uid.
    #[error("another mutation has this uid")]
    UidTaken,
    /// A mutation names bytes that were never handed over.
    #[error("the bytes it names are not here")]
    NoSuchBlob,
    /// A mistake in this program.
    #[error("{0}")]
    Internal(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
                Self::Disk(error.to_string())
            }
            Some(
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed,
            ) => Self::InUse,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Internal(error.to_string()),
        }
    }
}

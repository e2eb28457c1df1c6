//! Pictures on their way: handed over once as bytes, named by their hash, sent in parts that go on where they stopped.
//!
//! Bytes go out once a mutation names them, and stay as long as it does: a server that lost them gets them again.

use core::fmt::Write as _;

use momfood_domain::time::Timestamp;
use momfood_protocol::engine::BlobRef;
use momfood_protocol::sync::MAX_BLOB;
use rusqlite::{OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::Vault;
use crate::store::error::StoreError;

/// Bytes that are to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Their name: SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// How many they are.
    pub size: u64,
    /// How many the server is known to have.
    pub sent: u64,
}

impl Vault {
    /// Takes bytes, and names them. The same bytes are kept once. When nothing names them for a day, they go.
    pub fn put_blob(&self, bytes: &[u8], now: Timestamp) -> Result<BlobRef, StoreError> {
        let size = bytes.len() as u64;
        if size > MAX_BLOB {
            return Err(StoreError::TooLarge {
                size,
                limit: MAX_BLOB,
            });
        }
        let sha256 = name(bytes);
        self.write(|writing| {
            writing.execute(
                "INSERT INTO blob (sha256, size, sent, state, at, bytes) VALUES (?1, ?2, 0, 'waiting', ?3, ?4)
                 ON CONFLICT (sha256) DO UPDATE SET at = excluded.at",
                params![sha256, size.cast_signed(), now.0, bytes],
            )?;
            Ok(())
        })?;
        Ok(BlobRef { sha256, size })
    }

    /// The bytes of that name.
    pub fn blob(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached("SELECT bytes FROM blob WHERE sha256 = ?1")?;
        Ok(statement.query_row([sha256], |row| row.get(0)).optional()?)
    }

    /// At most `most` bytes of that name, from `offset` on.
    pub fn blob_part(&self, sha256: &str, offset: u64, most: usize) -> Result<Option<Vec<u8>>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let connection = self.connection.borrow();
        let mut statement =
            connection.prepare_cached("SELECT substr(bytes, ?2, ?3) FROM blob WHERE sha256 = ?1")?;
        let first = offset.cast_signed().saturating_add(1);
        let part = statement.query_row(params![sha256, first, most], |row| row.get(0));
        Ok(part.optional()?)
    }

    /// Everything that is named and not known to be whole on the server, in the order in which it was handed over.
    pub fn uploads(&self) -> Result<Vec<Upload>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(
            "SELECT sha256, size, sent FROM blob
             WHERE state = 'waiting' AND sha256 IN (SELECT sha256 FROM blob_of) ORDER BY at, sha256",
        )?;
        let uploads = statement.query_map([], |row| {
            Ok(Upload {
                sha256: row.get(0)?,
                size: row.get::<_, i64>(1)?.cast_unsigned(),
                sent: row.get::<_, i64>(2)?.cast_unsigned(),
            })
        })?;
        Ok(uploads.collect::<Result<_, _>>()?)
    }

    /// What to send next.
    pub fn next_upload(&self) -> Result<Option<Upload>, StoreError> {
        Ok(self.uploads()?.into_iter().next())
    }

    /// The server has the first `sent` bytes; less than before when it has lost some.
    pub fn advance_upload(&self, sha256: &str, sent: u64) -> Result<(), StoreError> {
        self.write(|writing| {
            writing.execute(
                "UPDATE blob SET sent = min(?2, size) WHERE sha256 = ?1",
                params![sha256, sent.cast_signed()],
            )?;
            Ok(())
        })
    }

    /// The server has them whole.
    pub fn finish_upload(&self, sha256: &str) -> Result<(), StoreError> {
        self.write(|writing| {
            writing.execute(
                "UPDATE blob SET state = 'done', sent = size WHERE sha256 = ?1",
                [sha256],
            )?;
            Ok(())
        })
    }
}

fn name(bytes: &[u8]) -> String {
    let mut name = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing into a String cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

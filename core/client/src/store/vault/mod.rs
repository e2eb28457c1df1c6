//! `vault-<user>.db`: what a person tapped on this device, until it is known to be done, and long enough afterwards to
//! repair a server that lost it.
//!
//! An answer of this module is a promise: what it has taken survives the loss of power. It is never wiped, by no reset,
//! no new version and no sign-out; a file it cannot read is copied and left alone.

mod blobs;
mod export;
mod outbox;
mod results;

use std::cell::RefCell;

use momfood_domain::time::{DAY, MINUTE, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde_json::Value;
use uuid::Uuid;

pub use blobs::Upload;
pub use outbox::{NewMutation, Queued, Standing, State, Tapped, Waiting};
pub use results::{Cash, Settled};

use super::disk::{Disk, Promise, look_for_damage, trust};
use super::error::StoreError;

/// For how long what is done is kept, microseconds: a server restored from a copy not older than this is repaired.
pub const JOURNAL: i64 = 72 * 60 * MINUTE;

/// For how long cash is remembered after the server has heard of it.
const CASH_FOR: i64 = 30 * DAY;
/// For how long an acknowledged alert is remembered.
const ACKS_FOR: i64 = 30 * DAY;
/// For how long bytes wait for a mutation that names them.
const UNNAMED_FOR: i64 = DAY;

/// What takes a vault from the version before to its own. Only ever added to; a step never drops what a person did.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE identity (
        only INTEGER PRIMARY KEY CHECK (only = 1), device BLOB NOT NULL, push_key TEXT NOT NULL,
        next_mid INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE former (device BLOB PRIMARY KEY, push_key TEXT NOT NULL, next_mid INTEGER NOT NULL) STRICT;
    CREATE TABLE tap (
        no INTEGER PRIMARY KEY AUTOINCREMENT, device BLOB NOT NULL, mid INTEGER NOT NULL, uid BLOB NOT NULL UNIQUE,
        name TEXT NOT NULL, ver INTEGER NOT NULL, args TEXT NOT NULL, occurred_at INTEGER NOT NULL,
        valid_until INTEGER, enqueued_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'settled')), UNIQUE (device, mid)
    ) STRICT;
    CREATE INDEX tap_waiting ON tap (mid) WHERE state = 'waiting';
    CREATE TABLE result (
        no INTEGER PRIMARY KEY REFERENCES tap (no) ON DELETE CASCADE, status TEXT NOT NULL, review INTEGER NOT NULL,
        code TEXT, details TEXT, at INTEGER NOT NULL, seen INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE cash (
        uid BLOB PRIMARY KEY, order_id BLOB, amount INTEGER NOT NULL, at INTEGER NOT NULL, settled_at INTEGER
    ) STRICT;
    CREATE TABLE blob (
        sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, sent INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'done')), at INTEGER NOT NULL, bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE blob_of (
        no INTEGER NOT NULL REFERENCES tap (no) ON DELETE CASCADE, sha256 TEXT NOT NULL REFERENCES blob (sha256),
        PRIMARY KEY (no, sha256)
    ) STRICT;
    CREATE INDEX blob_of_blob ON blob_of (sha256);
    CREATE TABLE ack (key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
"];

/// What a device calls itself to the server: one for each installation and person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its name.
    pub device: Uuid,
    /// The secret with which it may hand in what waits after its person has signed out. At least 128 random bits.
    pub push_key: String,
}

/// See the module.
pub struct Vault {
    connection: RefCell<Connection>,
}

impl Vault {
    pub(super) fn open(disk: &Disk, name: &str, fresh: &dyn Fn() -> Identity) -> Result<Self, StoreError> {
        let connection = disk.open(name, Promise::Kept)?;
        let known = newest();
        let found = version(&connection)?;
        if found > known {
            return Err(StoreError::NewerVault { found, known });
        }
        if found > 0 {
            look_for_damage(&connection)?;
        }
        migrate(&connection, found, fresh)?;
        trust(&connection)?;
        Ok(Self {
            connection: RefCell::new(connection),
        })
    }

    /// Everything in a vault's file, whatever its version and as far as it can be read.
    pub(super) fn export_file(disk: &Disk, name: &str) -> Result<Value, StoreError> {
        export::everything(&disk.open_to_read(name)?)
    }

    /// Everything in it, for support: no secret, and of pictures only their names.
    pub fn export(&self) -> Result<Value, StoreError> {
        export::everything(&self.connection.borrow())
    }

    /// What this device calls itself now.
    pub fn identity(&self) -> Result<Identity, StoreError> {
        Ok(identity(&self.connection.borrow())?.0)
    }

    /// What this device called itself before, newest first.
    pub fn former_names(&self) -> Result<Vec<Uuid>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached("SELECT device FROM former ORDER BY rowid DESC")?;
        let names = statement.query_map([], |row| Ok(Uuid::from_bytes(row.get(0)?)))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// The server knows this device's numbers for something else: it is a copy, or was restored. From here on it is
    /// `new`; what waits is queued again under `new`'s numbers, in its order and with its uids.
    pub fn re_identify(&self, new: &Identity) -> Result<(), StoreError> {
        self.write(|writing| {
            let (old, next) = identity(writing)?;
            writing.execute(
                "INSERT OR REPLACE INTO former (device, push_key, next_mid) VALUES (?1, ?2, ?3)",
                params![old.device.as_bytes(), old.push_key, next],
            )?;
            set_identity(writing, new, 1)?;
            outbox::renumber(writing, new.device, "state = 'waiting'")
        })
    }

    /// An alert with that key was acknowledged here.
    pub fn acknowledge(&self, key: &str, at: Timestamp) -> Result<(), StoreError> {
        self.write(|writing| {
            writing.execute(
                "INSERT OR IGNORE INTO ack (key, at) VALUES (?1, ?2)",
                params![key, at.0],
            )?;
            Ok(())
        })
    }

    /// Keys of all alerts acknowledged here.
    pub fn acknowledged(&self) -> Result<Vec<String>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached("SELECT key FROM ack ORDER BY at, key")?;
        let keys = statement.query_map([], |row| row.get(0))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }

    /// When the server last answered here, by its clock.
    pub fn latest_answer(&self) -> Result<Option<Timestamp>, StoreError> {
        let connection = self.connection.borrow();
        let latest = connection.query_row("SELECT max(at) FROM result", [], |row| {
            row.get::<_, Option<i64>>(0)
        })?;
        Ok(latest.map(Timestamp))
    }

    /// Lets go of what has been kept long enough: what was done and, if it was refused, looked at, more than
    /// [`JOURNAL`] ago; bytes nothing names; old cash and acknowledged alerts. Says how many mutations went.
    pub fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        let gone = self.write(|writing| {
            let gone = writing.execute(
                "DELETE FROM tap WHERE state = 'settled' AND no IN (SELECT no FROM result WHERE seen = 1 AND at <= ?1)",
                [now.plus(-JOURNAL).0],
            )?;
            writing.execute(
                "DELETE FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM blob_of) AND at <= ?1",
                [now.plus(-UNNAMED_FOR).0],
            )?;
            writing.execute("DELETE FROM cash WHERE settled_at <= ?1", [now.plus(-CASH_FOR).0])?;
            writing.execute("DELETE FROM ack WHERE at <= ?1", [now.plus(-ACKS_FOR).0])?;
            Ok(gone)
        })?;
        // Gives the device the room back. That it fails costs nothing but room.
        let _ = self
            .connection
            .borrow()
            .execute_batch("PRAGMA incremental_vacuum");
        Ok(gone)
    }

    /// Does `work` whole or not at all. When it answers, it is on the disk.
    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.borrow_mut();
        let writing = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let done = work(&writing)?;
        writing.commit()?;
        Ok(done)
    }

    /// Lets a test fill it up: no more than `pages` pages.
    #[cfg(any(test, feature = "store-suite"))]
    pub(super) fn limit_pages(&self, pages: i64) -> Result<(), StoreError> {
        let connection = self.connection.borrow();
        connection.pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0))?;
        Ok(())
    }
}

/// The version of the vaults this program writes.
fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Takes the file to the newest version, all steps or none.
fn migrate(connection: &Connection, found: i64, fresh: &dyn Fn() -> Identity) -> Result<(), StoreError> {
    let writing = connection.unchecked_transaction()?;
    let done = usize::try_from(found).map_err(|_| StoreError::Damaged)?;
    for step in MIGRATIONS.iter().skip(done) {
        writing.execute_batch(step)?;
    }
    writing.pragma_update(None, "user_version", newest())?;
    let named = writing
        .query_row("SELECT 1 FROM identity", [], |_| Ok(()))
        .optional()?;
    if named.is_none() {
        set_identity(&writing, &fresh(), 1)?;
    }
    Ok(writing.commit()?)
}

/// The identity, and the number its next mutation gets.
fn identity(connection: &Connection) -> Result<(Identity, i64), StoreError> {
    let mut statement = connection.prepare_cached("SELECT device, push_key, next_mid FROM identity")?;
    let identity = statement.query_row([], |row| {
        let identity = Identity {
            device: Uuid::from_bytes(row.get(0)?),
            push_key: row.get(1)?,
        };
        Ok((identity, row.get(2)?))
    })?;
    Ok(identity)
}

fn set_identity(writing: &Transaction<'_>, identity: &Identity, next_mid: i64) -> Result<(), StoreError> {
    writing.execute(
        "INSERT OR REPLACE INTO identity (only, device, push_key, next_mid) VALUES (1, ?1, ?2, ?3)",
        params![identity.device.as_bytes(), identity.push_key, next_mid],
    )?;
    Ok(())
}

//! `spool.db`: the printers of this installation, what they have to print, and what may be on paper already. One for
//! everybody who signs in here: the paper belongs to the kitchen.
//!
//! An answer of this module is a promise, as one of the vault is: what it has taken survives the loss of power. Which
//! states there are, and why, is told in `printing`. It must never let two sheets of one order that are not
//! marked COPY go out on one printer ([`Spool::begin`] is the one gate), and never forget that something may be on paper.

mod jobs;

use std::cell::RefCell;
use std::collections::BTreeSet;

use momfood_domain::id::OrderId;
use momfood_domain::time::{DAY, MINUTE, Timestamp};
use momfood_protocol::engine::Printer;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

pub use jobs::{Ended, Job, NewJob, Settling};

use super::disk::{Disk, Promise, look_for_damage, trust};
use super::error::StoreError;

/// Its file's name.
pub const SPOOL: &str = "spool.db";
/// For how long what is printed, or not needed, is listed.
const DONE_FOR: i64 = 72 * 60 * MINUTE;
/// For how long it is remembered which orders a printer has had.
const SHEETS_FOR: i64 = 30 * DAY;

/// What takes a spool from the version before to its own. Only ever added to.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE printer (id BLOB PRIMARY KEY, body TEXT NOT NULL, automatic_since INTEGER) STRICT;
    CREATE TABLE job (
        no INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, printer BLOB NOT NULL REFERENCES printer (id)
        ON DELETE CASCADE, order_id BLOB, number TEXT, content TEXT,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'unsure', 'printed', 'settled')),
        copy INTEGER NOT NULL, torn INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 1,
        forced INTEGER NOT NULL, place INTEGER, attempts INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL,
        done_at INTEGER
    ) STRICT;
    CREATE INDEX job_open ON job (printer) WHERE state IN ('waiting', 'sending', 'unsure');
    CREATE INDEX job_done ON job (done_at) WHERE state IN ('printed', 'settled');
    CREATE INDEX job_order ON job (printer, order_id);
    CREATE TABLE sheet (
        printer BLOB NOT NULL, order_id BLOB NOT NULL, decided INTEGER NOT NULL, sent INTEGER NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (printer, order_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE loss (at INTEGER NOT NULL) STRICT;
"];

/// A printer, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPrinter {
    /// The printer.
    pub printer: Printer,
    /// What was accepted before this is none of its business, if it was not known when the printer was added.
    pub automatic_since: Option<Timestamp>,
}

/// Whether an order that is accepted is printed by itself on a printer. Decided once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// On which printer.
    pub printer: Uuid,
    /// Which order.
    pub order: OrderId,
    /// The ticket; without one there is nothing of it to print there.
    pub job: Option<NewJob>,
}

/// See the module.
pub struct Spool {
    connection: RefCell<Connection>,
}

impl Spool {
    /// Opens it. What was being sent when the program ended may be on paper: it is unsure now, and its COPY is queued
    /// under an id that `mint` makes. `after_loss`: a damaged one was set aside.
    pub(super) fn open(
        disk: &Disk,
        mint: &dyn Fn() -> Uuid,
        now: Timestamp,
        after_loss: bool,
    ) -> Result<Self, StoreError> {
        let connection = disk.open(SPOOL, Promise::Kept)?;
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found > known {
            return Err(StoreError::NewerVault { found, known });
        }
        if found > 0 {
            look_for_damage(&connection)?;
        }
        migrate(&connection, found, known, after_loss.then_some(now))?;
        trust(&connection)?;
        let spool = Self {
            connection: RefCell::new(connection),
        };
        spool.write(|writing| jobs::found_sending(writing, mint))?;
        Ok(spool)
    }

    /// Whether an earlier file could not be read, and no printer was saved since.
    pub fn was_lost(&self) -> Result<bool, StoreError> {
        let connection = self.connection.borrow();
        Ok(connection.query_row("SELECT EXISTS (SELECT 1 FROM loss)", [], |row| row.get(0))?)
    }

    /// All printers this program can read, in order of names.
    pub fn printers(&self) -> Result<Vec<KeptPrinter>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached("SELECT body, automatic_since FROM printer")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?))
        })?;
        let mut printers = Vec::new();
        for row in rows {
            let (body, since) = row?;
            if let Ok(printer) = serde_json::from_str(&body) {
                printers.push(KeptPrinter {
                    printer,
                    automatic_since: since.map(Timestamp),
                });
            }
        }
        printers.sort_by(|a, b| (&a.printer.name, a.printer.id).cmp(&(&b.printer.name, b.printer.id)));
        Ok(printers)
    }

    /// Adds a printer, or changes the one of that id. `passed_by` was accepted before it printed by itself, and is not
    /// printed by itself any more.
    pub fn save_printer(
        &self,
        kept: &KeptPrinter,
        passed_by: &[OrderId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let body =
            serde_json::to_string(&kept.printer).map_err(|error| StoreError::Internal(error.to_string()))?;
        let id = kept.printer.id;
        self.write(|writing| {
            writing.execute(
                "INSERT INTO printer (id, body, automatic_since) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE
                 SET body = excluded.body, automatic_since = excluded.automatic_since",
                params![id.as_bytes(), body, kept.automatic_since.map(|since| since.0)],
            )?;
            for order in passed_by {
                decided_now(writing, id, *order, now)?;
            }
            writing.execute("DELETE FROM loss", [])?;
            Ok(())
        })
    }

    /// Forgets a printer and its jobs; not which orders it may have printed: it may be added again.
    pub fn remove_printer(&self, id: Uuid) -> Result<(), StoreError> {
        self.write(|writing| {
            writing.execute("DELETE FROM printer WHERE id = ?1", [id.as_bytes()])?;
            Ok(())
        })
    }

    /// For which orders and printers it is decided whether they are printed by themselves.
    pub fn decided(&self) -> Result<BTreeSet<(Uuid, OrderId)>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement =
            connection.prepare_cached("SELECT printer, order_id FROM sheet WHERE decided = 1")?;
        let pairs = statement.query_map([], |row| {
            Ok((
                Uuid::from_bytes(row.get(0)?),
                OrderId(Uuid::from_bytes(row.get(1)?)),
            ))
        })?;
        Ok(pairs.collect::<Result<_, _>>()?)
    }

    /// Writes decisions down with their jobs, all of them or none. What was decided before stays as it was.
    pub fn decide(&self, decisions: &[Decision], now: Timestamp) -> Result<(), StoreError> {
        self.write(|writing| {
            for decision in decisions {
                if decided_now(writing, decision.printer, decision.order, now)?
                    && let Some(job) = &decision.job
                {
                    jobs::queue(writing, job)?;
                }
            }
            Ok(())
        })
    }

    /// Lets go of what has been done for long enough, and of orders nobody shows any more. `now` is the server's time: a
    /// device's own clock may jump, and must not make it forget what is on paper.
    pub fn prune(&self, now: Timestamp, is_shown: impl Fn(OrderId) -> bool) -> Result<(), StoreError> {
        self.write(|writing| {
            writing.execute(
                "DELETE FROM job WHERE state IN ('printed', 'settled') AND done_at <= ?1",
                [now.plus(-DONE_FOR).0],
            )?;
            let old: Vec<([u8; 16], [u8; 16])> = writing
                .prepare_cached(
                    "SELECT printer, order_id FROM sheet AS s WHERE at <= ?1 AND NOT EXISTS
                     (SELECT 1 FROM job WHERE job.printer = s.printer AND job.order_id = s.order_id)",
                )?
                .query_map([now.plus(-SHEETS_FOR).0], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            for (printer, order) in old {
                if !is_shown(OrderId(Uuid::from_bytes(order))) {
                    writing.execute(
                        "DELETE FROM sheet WHERE printer = ?1 AND order_id = ?2",
                        params![printer, order],
                    )?;
                }
            }
            Ok(())
        })
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
}

/// Takes the file to the newest version, all steps or none. `lost`: when one that could not be read was set aside.
fn migrate(
    connection: &Connection,
    found: i64,
    known: i64,
    lost: Option<Timestamp>,
) -> Result<(), StoreError> {
    if found == known {
        return Ok(());
    }
    let writing = connection.unchecked_transaction()?;
    let done = usize::try_from(found).map_err(|_| StoreError::Damaged)?;
    for step in MIGRATIONS.iter().skip(done) {
        writing.execute_batch(step)?;
    }
    writing.pragma_update(None, "user_version", known)?;
    if let (0, Some(at)) = (found, lost) {
        writing.execute("INSERT INTO loss (at) VALUES (?1)", [at.0])?;
    }
    Ok(writing.commit()?)
}

/// Remembers that it is decided; whether it was not before.
fn decided_now(
    writing: &Transaction<'_>,
    printer: Uuid,
    order: OrderId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = writing
        .prepare_cached(
            "INSERT INTO sheet (printer, order_id, decided, sent, at) VALUES (?1, ?2, 1, 0, ?3)
             ON CONFLICT (printer, order_id) DO UPDATE SET decided = 1 WHERE decided = 0",
        )?
        .execute(params![printer.as_bytes(), order.0.as_bytes(), now.0])?;
    Ok(changed > 0)
}

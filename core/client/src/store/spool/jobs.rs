//! The jobs of a spool: queued, sent, unsure, printed, settled. Each change is one transaction.

use std::collections::BTreeSet;

use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{PrintJob, PrintState};
use rusqlite::{OptionalExtension as _, Row, ToSql, Transaction, params};
use uuid::Uuid;

use super::Spool;
use crate::store::error::StoreError;

/// How much of what is done is listed.
const MOST_DONE: i64 = 100;

/// What may be sent: what waits, and a COPY that broke off. A sheet that broke off and was no COPY never is again.
const TO_SEND: &str = "(wanted = 1 AND (state = 'waiting' OR (state = 'unsure' AND copy = 1)))";

const COLUMNS: &str = "id, printer, order_id, number, state, copy, attempts, at, content, forced";

/// A job, before it is queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its name.
    pub id: Uuid,
    /// On which printer.
    pub printer: Uuid,
    /// Of which order; `None`: a test page.
    pub order: Option<OrderId>,
    /// That order's number.
    pub number: Option<String>,
    /// What is printed.
    pub content: Option<String>,
    /// Whether it is printed although its order was called off.
    pub forced: bool,
    /// When it was asked for.
    pub at: Timestamp,
}

/// A job in the spool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// As screens see it.
    pub job: PrintJob,
    /// What is printed.
    pub content: Option<String>,
    /// Whether it is printed although its order was called off.
    pub forced: bool,
}

/// How the sending of a sheet ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every byte was taken.
    Taken,
    /// No byte went out.
    Unsent,
    /// Some bytes went out, or may have.
    Torn,
}

/// What somebody says who looked at a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// It is there, or not needed.
    Done,
    /// It is to be printed (again).
    Again {
        /// Name of the job, if there has to be a new one.
        id: Uuid,
        /// Although its order was called off.
        forced: bool,
    },
}

impl Spool {
    /// Queues a job, unless one of the same is on its way already. Whether it was queued.
    pub fn enqueue(&self, new: &NewJob) -> Result<bool, StoreError> {
        self.write(|writing| queue(writing, new))
    }

    /// What is to be sent next to `printer`, as `pick` takes it: what it cannot read is left for a program that can.
    pub fn next<T>(
        &self,
        printer: Uuid,
        pick: impl Fn(&Job) -> Option<T>,
    ) -> Result<Option<(Job, T)>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM job WHERE printer = ?1 AND {TO_SEND} ORDER BY coalesce(place, no), no"
        ))?;
        let mut rows = statement.query([printer.as_bytes()])?;
        while let Some(row) = rows.next()? {
            let job = read_job(row)?;
            if let Some(picked) = pick(&job) {
                return Ok(Some((job, picked)));
            }
        }
        Ok(None)
    }

    /// From here on bytes of it may be on paper. Whether it has to be marked COPY; `None`: it is not to be sent (any more),
    /// and no byte of it may go out.
    pub fn begin(&self, id: Uuid, now: Timestamp) -> Result<Option<bool>, StoreError> {
        self.write(|writing| {
            let begin = format!(
                "UPDATE job SET state = 'sending', attempts = attempts + 1, copy = max(copy, coalesce(
                 (SELECT sent FROM sheet WHERE sheet.printer = job.printer AND sheet.order_id = job.order_id), 0))
                 WHERE id = ?1 AND {TO_SEND} RETURNING copy"
            );
            let copy: Option<bool> = writing
                .prepare_cached(&begin)?
                .query_row([id.as_bytes()], |row| row.get(0))
                .optional()?;
            if copy.is_some() {
                writing
                    .prepare_cached(
                        "INSERT INTO sheet (printer, order_id, decided, sent, at)
                         SELECT printer, order_id, 0, 1, ?2 FROM job WHERE id = ?1 AND order_id IS NOT NULL
                         ON CONFLICT (printer, order_id) DO UPDATE SET sent = 1",
                    )?
                    .execute(params![id.as_bytes(), now.0])?;
            }
            Ok(copy)
        })
    }

    /// What became of a job that was being sent. One that broke off is unsure, and its COPY is queued in its place, under
    /// an id that `mint` makes.
    pub fn end(
        &self,
        id: Uuid,
        ended: Ended,
        mint: &dyn Fn() -> Uuid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|writing| match ended {
            Ended::Taken => {
                let printed = writing.execute(
                    "UPDATE job SET state = 'printed', done_at = ?2 WHERE id = ?1 AND state = 'sending'",
                    params![id.as_bytes(), now.0],
                )?;
                if printed > 0 {
                    // Whatever came of the earlier ones: this one is there.
                    of_same(writing, id, "state = 'settled', done_at = ?2", "state = 'unsure'", &[&now.0])?;
                }
                Ok(())
            }
            Ended::Unsent => {
                // Only the first sheet of an order is no COPY: before it, nothing was on paper.
                writing.execute(
                    "UPDATE sheet SET sent = 0 FROM job WHERE job.id = ?1 AND job.state = 'sending' AND job.copy = 0
                     AND sheet.printer = job.printer AND sheet.order_id = job.order_id",
                    [id.as_bytes()],
                )?;
                writing.execute(
                    "UPDATE job SET state = CASE WHEN torn THEN 'unsure' WHEN wanted THEN 'waiting' ELSE 'settled' END,
                     done_at = CASE WHEN torn OR wanted THEN NULL ELSE ?2 END WHERE id = ?1 AND state = 'sending'",
                    params![id.as_bytes(), now.0],
                )?;
                Ok(())
            }
            Ended::Torn => torn(writing, id, mint()),
        })
    }

    /// Orders with something still to be printed that is not wanted once they are called off.
    pub fn pending_orders(&self) -> Result<BTreeSet<OrderId>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(
            "SELECT DISTINCT order_id FROM job WHERE order_id IS NOT NULL AND forced = 0 AND wanted = 1
             AND state IN ('waiting', 'sending', 'unsure')",
        )?;
        let orders = statement.query_map([], |row| Ok(OrderId(Uuid::from_bytes(row.get(0)?))))?;
        Ok(orders.collect::<Result<_, _>>()?)
    }

    /// These orders were called off: what waits is dropped, what may be on paper stays listed and is not printed again.
    /// Where that changed something, it is open again whether the order is printed by itself: should it not be called off
    /// after all, it is decided anew.
    pub fn call_off(
        &self,
        orders: &[OrderId],
        now: Timestamp,
    ) -> Result<BTreeSet<(Uuid, OrderId)>, StoreError> {
        self.write(|writing| {
            let mut reopened = BTreeSet::new();
            for order in orders {
                let called_off = writing
                    .prepare_cached(
                        "UPDATE job SET wanted = 0, state = CASE state WHEN 'waiting' THEN 'settled' ELSE state END,
                         done_at = CASE state WHEN 'waiting' THEN ?2 END WHERE order_id = ?1 AND forced = 0
                         AND wanted = 1 AND state IN ('waiting', 'sending', 'unsure') RETURNING printer",
                    )?
                    .query_map(params![order.0.as_bytes(), now.0], |row| row.get(0))?
                    .collect::<Result<Vec<[u8; 16]>, _>>()?;
                for printer in called_off {
                    writing.execute(
                        "UPDATE sheet SET decided = 0 WHERE printer = ?1 AND order_id = ?2",
                        params![printer, order.0.as_bytes()],
                    )?;
                    reopened.insert((Uuid::from_bytes(printer), *order));
                }
            }
            Ok(reopened)
        })
    }

    /// Somebody looked at a ticket; what is said of it is said of all jobs of the same.
    pub fn settle(&self, job: &Job, settling: Settling, now: Timestamp) -> Result<(), StoreError> {
        let id = job.job.id;
        let is_open = matches!(
            job.job.state,
            PrintState::Waiting | PrintState::Sending | PrintState::Unsure
        );
        self.write(|writing| match settling {
            Settling::Done if is_open => {
                let open = "state IN ('waiting', 'unsure')";
                of_same(writing, id, "state = 'settled', done_at = ?2", open, &[&now.0])?;
                of_same(writing, id, "wanted = 0", "state = 'sending'", &[])?;
                Ok(())
            }
            Settling::Done => Ok(()),
            Settling::Again { id: fresh, forced } => {
                let sendable = "state = 'sending' OR state = 'waiting' OR (state = 'unsure' AND copy = 1)";
                let there = of_same(writing, id, "wanted = 1, forced = max(forced, ?2)", sendable, &[&forced])?;
                if there == 0 {
                    writing.execute(
                        "INSERT INTO job (id, printer, order_id, number, content, state, copy, forced, at)
                         SELECT ?2, printer, order_id, number, content, 'waiting', torn OR state = 'printed', ?3, ?4
                         FROM job WHERE id = ?1",
                        params![id.as_bytes(), fresh.as_bytes(), forced, now.0],
                    )?;
                    mark_copy(writing, fresh)?;
                }
                let looked_at = "state = 'unsure' AND copy = 0";
                of_same(writing, id, "state = 'settled', done_at = ?2", looked_at, &[&now.0])?;
                Ok(())
            }
        })
    }

    /// The job of that id.
    pub fn job(&self, id: Uuid) -> Result<Option<Job>, StoreError> {
        Ok(self.jobs("id = ?1", &[id.as_bytes()])?.pop())
    }

    /// What is not certainly on paper, oldest first.
    pub fn open_jobs(&self) -> Result<Vec<Job>, StoreError> {
        self.jobs(
            "state IN ('waiting', 'sending', 'unsure') ORDER BY at, coalesce(place, no), no",
            &[],
        )
    }

    /// What was printed or settled lately, newest first.
    pub fn done_jobs(&self) -> Result<Vec<Job>, StoreError> {
        self.jobs(
            "state IN ('printed', 'settled') ORDER BY done_at DESC, no DESC LIMIT ?1",
            &[&MOST_DONE],
        )
    }

    fn jobs(&self, of: &str, params: &[&dyn ToSql]) -> Result<Vec<Job>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM job WHERE {of}"))?;
        let jobs = statement.query_map(params, read_job)?;
        Ok(jobs.collect::<Result<_, _>>()?)
    }
}

/// Queues `new`, unless one of the same is on its way already. Whether it was queued.
pub(super) fn queue(writing: &Transaction<'_>, new: &NewJob) -> Result<bool, StoreError> {
    let order = new.order.map(|order| order.0.into_bytes());
    let same = params![new.printer.as_bytes(), order];
    let is_sent = writing
        .prepare_cached(
            "UPDATE job SET wanted = 1 WHERE printer = ?1 AND order_id IS ?2 AND state = 'sending'",
        )?
        .execute(same)?
        > 0;
    let waits = format!("SELECT 1 FROM job WHERE printer = ?1 AND order_id IS ?2 AND {TO_SEND}");
    if is_sent || writing.prepare_cached(&waits)?.exists(same)? {
        return Ok(false);
    }
    insert(writing, new)?;
    Ok(true)
}

/// Queues `new`, marked COPY where a sheet of the same may be on paper.
fn insert(writing: &Transaction<'_>, new: &NewJob) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "INSERT INTO job (id, printer, order_id, number, content, state, copy, forced, at)
             VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', 0, ?6, ?7)",
        )?
        .execute(params![
            new.id.as_bytes(),
            new.printer.as_bytes(),
            new.order.map(|order| order.0.into_bytes()),
            new.number,
            new.content,
            new.forced,
            new.at.0,
        ])?;
    mark_copy(writing, new.id)
}

/// Says so in advance where a job will be a COPY; [`Spool::begin`] decides.
fn mark_copy(writing: &Transaction<'_>, id: Uuid) -> Result<(), StoreError> {
    writing.execute(
        "UPDATE job SET copy = 1 WHERE id = ?1 AND EXISTS (SELECT 1 FROM sheet
         WHERE sheet.printer = job.printer AND sheet.order_id = job.order_id AND sent = 1)",
        [id.as_bytes()],
    )?;
    Ok(())
}

/// What was being sent when the program ended broke off there.
pub(super) fn found_sending(writing: &Transaction<'_>, mint: &dyn Fn() -> Uuid) -> Result<(), StoreError> {
    let found: Vec<[u8; 16]> = writing
        .prepare("SELECT id FROM job WHERE state = 'sending' ORDER BY no")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in found {
        torn(writing, Uuid::from_bytes(id), mint())?;
    }
    Ok(())
}

/// It broke off. A COPY is sent again itself; of what was none, a COPY follows.
fn torn(writing: &Transaction<'_>, id: Uuid, fresh: Uuid) -> Result<(), StoreError> {
    let follows: Option<bool> = writing
        .prepare_cached(
            "UPDATE job SET state = 'unsure', torn = 1 WHERE id = ?1 AND state = 'sending'
             RETURNING wanted AND NOT copy",
        )?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?;
    if follows == Some(true) {
        writing
            .prepare_cached(
                "INSERT INTO job (id, printer, order_id, number, content, state, copy, forced, place, at)
                 SELECT ?2, printer, order_id, number, content, 'waiting', 1, forced, coalesce(place, no), at
                 FROM job WHERE id = ?1",
            )?
            .execute(params![id.as_bytes(), fresh.as_bytes()])?;
    }
    Ok(())
}

/// Changes all jobs of the same order (or test pages) on the same printer as `id` that are `of`. How many there were.
fn of_same(
    writing: &Transaction<'_>,
    id: Uuid,
    set: &str,
    of: &str,
    values: &[&dyn ToSql],
) -> Result<usize, StoreError> {
    let sql = format!(
        "UPDATE job SET {set} WHERE ({of}) AND printer = (SELECT printer FROM job WHERE id = ?1)
         AND order_id IS (SELECT order_id FROM job WHERE id = ?1)"
    );
    let id = id.as_bytes();
    let mut all: Vec<&dyn ToSql> = vec![&id];
    all.extend(values);
    Ok(writing.prepare_cached(&sql)?.execute(all.as_slice())?)
}

fn read_job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let state: String = row.get(4)?;
    let order: Option<[u8; 16]> = row.get(2)?;
    Ok(Job {
        job: PrintJob {
            id: Uuid::from_bytes(row.get(0)?),
            printer: Uuid::from_bytes(row.get(1)?),
            order_id: order.map(|order| OrderId(Uuid::from_bytes(order))),
            number: row.get(3)?,
            state: match state.as_str() {
                "waiting" => PrintState::Waiting,
                "sending" => PrintState::Sending,
                "unsure" => PrintState::Unsure,
                "printed" => PrintState::Printed,
                _ => PrintState::Settled,
            },
            copy: row.get(5)?,
            attempts: row.get(6)?,
            at: Timestamp(row.get(7)?),
        },
        content: row.get(8)?,
        forced: row.get(9)?,
    })
}

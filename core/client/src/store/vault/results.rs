//! How what was tapped has ended, what nobody has looked at yet, and the cash that was taken.

use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::error::ErrorCode;
use momfood_protocol::sync::{MutationResult, MutationStatus};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::outbox::Tapped;
use super::{Vault, identity};
use crate::store::error::StoreError;

/// How a mutation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// How.
    pub status: MutationStatus,
    /// Whether people look at it because it no longer fits.
    pub review: bool,
    /// Why, if not simply done; `None` too for a code of a newer server.
    pub code: Option<ErrorCode>,
    /// What the code says it holds.
    pub details: Value,
    /// When that was heard.
    pub at: Timestamp,
    /// Whether the person has looked at it. What was simply done needs no look.
    pub seen: bool,
}

/// Money taken from somebody's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cash {
    /// By which mutation.
    pub uid: Uuid,
    /// For which order.
    pub order: Option<OrderId>,
    /// How much, minor units.
    pub amount: i64,
    /// When.
    pub at: Timestamp,
    /// Whether the server has heard of it.
    pub settled: bool,
}

impl Vault {
    /// Writes down what the server said became of mutations of this identity: each result and its mutation's end are one
    /// transaction. A deferred one goes on waiting; of one that has ended, the first end stays. Says which ended now.
    pub fn settle(&self, results: &[MutationResult], at: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        self.write(|writing| {
            let (identity, _) = identity(writing)?;
            let mut ended = Vec::new();
            for result in results.iter().filter(|result| result.status.is_final()) {
                ended.extend(end(writing, identity.device, result, at)?);
            }
            Ok(ended)
        })
    }

    /// What was refused, set aside or stored for review, and not looked at; newest first.
    pub fn unseen(&self) -> Result<Vec<Tapped>, StoreError> {
        self.taps(
            "t.state = 'settled' AND r.seen = 0 ORDER BY r.at DESC, t.no DESC",
            &[],
        )
    }

    /// The person has looked at what became of it.
    pub fn mark_seen(&self, uid: Uuid) -> Result<(), StoreError> {
        self.write(|writing| {
            writing.execute(
                "UPDATE result SET seen = 1 WHERE no = (SELECT no FROM tap WHERE uid = ?1)",
                [uid.as_bytes()],
            )?;
            Ok(())
        })
    }

    /// Cash taken at or after `since`, oldest first.
    pub fn cash(&self, since: Timestamp) -> Result<Vec<Cash>, StoreError> {
        let connection = self.connection.borrow();
        let mut statement = connection.prepare_cached(
            "SELECT uid, order_id, amount, at, settled_at IS NOT NULL FROM cash WHERE at >= ?1 ORDER BY at, uid",
        )?;
        let cash = statement.query_map([since.0], |row| {
            Ok(Cash {
                uid: Uuid::from_bytes(row.get(0)?),
                order: row
                    .get::<_, Option<[u8; 16]>>(1)?
                    .map(|id| OrderId(Uuid::from_bytes(id))),
                amount: row.get(2)?,
                at: Timestamp(row.get(3)?),
                settled: row.get(4)?,
            })
        })?;
        Ok(cash.collect::<Result<_, _>>()?)
    }
}

/// Ends the mutation a result is about, if it is one that waits.
fn end(
    writing: &Transaction<'_>,
    device: Uuid,
    result: &MutationResult,
    at: Timestamp,
) -> Result<Option<Uuid>, StoreError> {
    let waiting = writing
        .prepare_cached("SELECT no, uid FROM tap WHERE device = ?1 AND mid = ?2 AND state = 'waiting'")?
        .query_row(params![device.as_bytes(), result.mid], |row| {
            Ok((row.get::<_, i64>(0)?, Uuid::from_bytes(row.get(1)?)))
        })
        .optional()?;
    let Some((no, uid)) = waiting else {
        return Ok(None);
    };
    let status = text(&result.status);
    let code = result.code.map(|code| text(&code));
    let details = (!result.details.is_null()).then(|| result.details.to_string());
    let plain = result.status == MutationStatus::Applied && !result.review;
    // Told again, after the server had lost it, the same end needs no second look.
    writing
        .prepare_cached(
            "INSERT INTO result (no, status, review, code, details, at, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (no) DO UPDATE SET
                seen = excluded.seen OR (result.seen AND result.status = excluded.status
                    AND result.review = excluded.review AND result.code IS excluded.code),
                status = excluded.status, review = excluded.review, code = excluded.code,
                details = excluded.details, at = excluded.at",
        )?
        .execute(params![no, status, result.review, code, details, at.0, plain])?;
    writing
        .prepare_cached("UPDATE tap SET state = 'settled' WHERE no = ?1")?
        .execute([no])?;
    writing
        .prepare_cached("UPDATE cash SET settled_at = ?2 WHERE uid = ?1")?
        .execute(params![uid.as_bytes(), at.0])?;
    Ok(Some(uid))
}

/// The result in the columns from `first` on.
pub(super) fn read_result(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Settled>> {
    let Some(status) = row.get::<_, Option<String>>(first)? else {
        return Ok(None);
    };
    Ok(Some(Settled {
        // Only final ones are written; one this program cannot name was set aside by a newer one.
        status: read(status).unwrap_or(MutationStatus::Quarantined),
        review: row.get(first + 1)?,
        code: row.get::<_, Option<String>>(first + 2)?.and_then(read),
        details: row
            .get::<_, Option<String>>(first + 3)?
            .and_then(|details| serde_json::from_str(&details).ok())
            .unwrap_or_default(),
        at: Timestamp(row.get(first + 4)?),
        seen: row.get(first + 5)?,
    }))
}

/// A name as it is on the wire.
fn text(name: &impl Serialize) -> String {
    match serde_json::to_value(name) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

fn read<T: DeserializeOwned>(text: String) -> Option<T> {
    serde_json::from_value(Value::String(text)).ok()
}

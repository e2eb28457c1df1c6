//! Up to which mutation of a device the shown rows hold their effects.
//!
//! A snapshot of the server names it, together with the heads of that snapshot. It counts only once the cursor of every
//! one of those scopes has reached its head: until then it is a promise. Counted too early, the prediction of a mutation
//! would go before its effects are there, and a screen would fall back for a moment.
//!
//! Between two pages a cursor says less: a row that moved on since the heads were named is on a later page, with a higher
//! number. So a scope counts as having reached a head only while it stands at the head its own last page named, too.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use crate::store::error::StoreError;

/// Promises kept for a device. A newer one waits for higher heads: the older ones must not starve behind it.
const MOST: i64 = 8;

/// Takes note of `last_mids` of a snapshot with `heads`, and counts what has become true.
pub fn hear(
    writing: &Transaction<'_>,
    epoch: Uuid,
    schema: u32,
    heads: &[(&str, i64)],
    last_mids: &BTreeMap<Uuid, i64>,
) -> Result<(), StoreError> {
    // Without scopes nothing is said about rows.
    if !heads.is_empty() {
        for (device, mid) in last_mids {
            note(writing, epoch, *device, *mid, heads)?;
        }
    }
    count(writing, epoch, schema)
}

fn note(
    writing: &Transaction<'_>,
    epoch: Uuid,
    device: Uuid,
    mid: i64,
    heads: &[(&str, i64)],
) -> Result<(), StoreError> {
    let known = writing
        .prepare_cached(
            "SELECT 1 FROM last_mid WHERE device = ?1 AND epoch = ?2 AND mid >= ?3
             UNION ALL SELECT 1 FROM promise WHERE device = ?1 AND mid = ?3 LIMIT 1",
        )?
        .exists(params![device.as_bytes(), epoch.as_bytes(), mid])?;
    if known {
        return Ok(());
    }
    let promise = writing
        .prepare_cached("INSERT INTO promise (device, mid) VALUES (?1, ?2)")?
        .insert(params![device.as_bytes(), mid])?;
    let mut statement =
        writing.prepare_cached("INSERT INTO promise_head (promise, scope, head) VALUES (?1, ?2, ?3)")?;
    for (scope, head) in heads {
        statement.execute(params![promise, scope, head])?;
    }
    Ok(())
}

/// Counts every promise that has become true.
pub fn count(writing: &Transaction<'_>, epoch: Uuid, schema: u32) -> Result<(), StoreError> {
    if !writing
        .prepare_cached("SELECT 1 FROM promise LIMIT 1")?
        .exists([])?
    {
        return Ok(());
    }
    writing
        .prepare_cached(
            "DELETE FROM promise_head WHERE EXISTS (
                SELECT 1 FROM fill f WHERE f.scope = promise_head.scope AND f.shown = 1
                    AND f.epoch = ?1 AND f.schema = ?2 AND f.seq >= promise_head.head AND f.seq >= f.head)",
        )?
        .execute(params![epoch.as_bytes(), schema])?;
    // Of another epoch, the number may be lower: that server knows less.
    writing
        .prepare_cached(
            "INSERT INTO last_mid (device, epoch, mid)
             SELECT device, ?1, max(mid) FROM promise p
             WHERE NOT EXISTS (SELECT 1 FROM promise_head h WHERE h.promise = p.promise) GROUP BY device
             ON CONFLICT (device) DO UPDATE SET epoch = excluded.epoch,
                mid = CASE WHEN last_mid.epoch = excluded.epoch THEN max(last_mid.mid, excluded.mid) ELSE excluded.mid END",
        )?
        .execute([epoch.as_bytes()])?;
    writing
        .prepare_cached(
            "DELETE FROM promise WHERE NOT EXISTS (SELECT 1 FROM promise_head h WHERE h.promise = promise.promise)
             OR EXISTS (SELECT 1 FROM last_mid l WHERE l.device = promise.device AND l.epoch = ?1 AND l.mid >= promise.mid)
             OR (SELECT count(*) FROM promise older WHERE older.device = promise.device
                    AND older.promise < promise.promise) >= ?2",
        )?
        .execute(params![epoch.as_bytes(), MOST])?;
    writing
        .prepare_cached("DELETE FROM promise_head WHERE promise NOT IN (SELECT promise FROM promise)")?
        .execute([])?;
    Ok(())
}

/// See [`super::Cache::heard_mid`].
pub fn heard(connection: &Connection, device: Uuid) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT mid FROM last_mid WHERE device = ?1")?;
    let mid = statement.query_row([device.as_bytes()], |row| row.get(0));
    Ok(mid.optional()?)
}

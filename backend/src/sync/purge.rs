//! What is forgotten, and when: orders that ended long ago leave the scopes, tombstones nobody needs any more go, and so
//! do the details of old answers. Never a `last_mid`, never the `uid` and the hash of a result, never what is in quarantine.

use std::sync::{Mutex, PoisonError};

use momfood_domain::id::OrderId;
use momfood_domain::time::{DAY, MINUTE, Timestamp};
use momfood_protocol::feed::{Entity, Scope};
use uuid::Uuid;

use super::heads::touch;
use crate::ordering;
use crate::store::{Db, StoreError, Tx, sql};

/// Looked for so often, in each process.
const EVERY: i64 = 10 * MINUTE;
/// How long a tombstone is kept: a device that was away for longer fills its scope anew.
const TOMBSTONES: i64 = 30 * DAY;
/// How long a key keeps its answer.
const UIDS: i64 = 90 * DAY;
/// How long the details of a result are kept.
const DETAILS: i64 = 30 * DAY;
/// How long half a picture is kept.
const UPLOADS: i64 = 7 * DAY;
/// Rows dealt with in one transaction.
const ROUND: i64 = 200;

/// When this process last looked.
#[derive(Default)]
pub struct Broom(Mutex<Option<Timestamp>>);

impl Broom {
    /// Whether it is time to look; then it counts as done.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| now.since(last) >= EVERY || now < last);
        if due {
            *last = Some(now);
        }
        due
    }
}

/// Forgets what is old enough at `now`.
pub async fn purge(db: &Db, now: Timestamp) -> Result<(), StoreError> {
    let mut after = Timestamp(i64::MIN);
    while let Some(reached) = let_go(db, after, now).await? {
        after = reached;
    }
    while forget_tombstones(db, now).await? {}
    while db
        .write(async move |mut tx| forget_answers(&mut tx, now).await)
        .await?
    {}
    Ok(())
}

/// Takes orders that ended long ago out of the scopes they are still in, those that changed after `after` first.
/// Returns from where to go on, if there is more.
async fn let_go(db: &Db, after: Timestamp, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let mut tx = db.read().await?;
    let rows = sql!(
        &mut tx,
        fetch_all as (String, Uuid, Timestamp),
        "select scope, id, at from sync_head where entity = 'order' and deleted = FALSE and at > $1 and at <= $2
         order by at limit $3",
        after,
        now.plus(-ordering::KEPT),
        ROUND
    )?;
    drop(tx);
    let Some(reached) = rows.last().map(|(_, _, at)| *at) else {
        return Ok(None);
    };
    let mut old: Vec<(OrderId, Scope)> = Vec::new();
    for (scope, id, _) in rows {
        // A driver has an order for as long as it is in hand, however long that is.
        match scope.parse() {
            Ok(Scope::Driver(_)) | Err(_) => {}
            Ok(scope) => old.push((OrderId(id), scope)),
        }
    }
    // Locks are taken in one order by everyone.
    old.sort_unstable();
    db.write(async move |mut tx| {
        for (id, scope) in old {
            if let Some(rev) = ordering::long_over(&mut tx, id, now).await? {
                touch(&mut tx, scope, Entity::Order, id.0, rev, true, now);
            }
        }
        Ok::<_, StoreError>(())
    })
    .await?;
    Ok(Some(reached))
}

/// Removes old tombstones and notes up to where they are gone. Whether there may be more.
async fn forget_tombstones(db: &Db, now: Timestamp) -> Result<bool, StoreError> {
    let before = now.plus(-TOMBSTONES);
    let mut tx = db.read().await?;
    let rows = sql!(
        &mut tx,
        fetch_all as (String, i64),
        "select scope, max(seq) from sync_head where deleted = TRUE and at <= $1 group by scope limit $2",
        before,
        ROUND
    )?;
    drop(tx);
    let more = rows.len() >= usize::try_from(ROUND).unwrap_or(usize::MAX);
    for (scope, seq) in rows {
        // One scope at a time: nobody waits for one while they keep others waiting for another.
        db.write(async move |mut tx| forget_tombstones_of(&mut tx, &scope, seq, before).await)
            .await?;
    }
    Ok(more)
}

/// Removes the tombstones of one scope up to `seq`.
async fn forget_tombstones_of(
    tx: &mut Tx,
    scope: &str,
    seq: i64,
    before: Timestamp,
) -> Result<(), StoreError> {
    // The scope first: who numbers a change holds its row before they write the change.
    sql!(
        tx,
        execute,
        "update sync_scope set horizon = case when horizon < $1 then $2 else horizon end where scope = $3",
        seq,
        seq,
        scope
    )?;
    sql!(
        tx,
        execute,
        "delete from sync_head where scope = $1 and deleted = TRUE and at <= $2 and seq <= $3",
        scope,
        before,
        seq
    )?;
    Ok(())
}

/// Removes old answers and half pictures. Whether there may be more.
async fn forget_answers(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let uids = sql!(
        tx,
        execute,
        "delete from sync_uid where (actor, uid) in (select actor, uid from sync_uid where at <= $1 limit $2)",
        now.plus(-UIDS),
        ROUND
    )?;
    let details = sql!(
        tx,
        execute,
        "update sync_result set detail = null where (device, mid) in (select device, mid from sync_result
            where detail is not null and at <= $1 limit $2)",
        now.plus(-DETAILS),
        ROUND
    )?;
    // Attempts at what was done in the end.
    sql!(
        tx,
        execute,
        "delete from sync_quarantine where quarantined_at is null and at <= $1",
        now.plus(-DETAILS)
    )?;
    let halves = sql!(
        tx,
        fetch_all as (Vec<u8>, Uuid),
        "select sha256, person from blob_upload where received < length and at <= $1 limit $2",
        now.plus(-UPLOADS),
        ROUND
    )?;
    for (name, person) in &halves {
        sql!(
            tx,
            execute,
            "delete from blob_part where sha256 = $1 and person = $2",
            name,
            *person
        )?;
        sql!(
            tx,
            execute,
            "delete from blob_upload where sha256 = $1 and person = $2",
            name,
            *person
        )?;
    }
    let full = |rows: u64| rows >= u64::try_from(ROUND).unwrap_or(u64::MAX);
    Ok(full(uids) || full(details) || full(u64::try_from(halves.len()).unwrap_or(0)))
}

//! Numbers changes. A number is given only by [`flush`], last in its transaction, under the scope's row lock: never
//! by a sequence or a clock, whose order is not the order of commits.

use std::collections::BTreeMap;

use momfood_domain::actor::Actor;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_protocol::feed::{Entity, Scope};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit;
use crate::store::{Db, StoreError, Tx, sql};

/// Something that changed in a scope and has no number yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// For whom it changed.
    pub scope: Scope,
    /// What kind of thing.
    pub entity: Entity,
    /// Which one.
    pub id: Uuid,
    /// Grows with every change of the thing.
    pub rev: i64,
    /// Whether it has left the scope.
    pub deleted: bool,
    /// When.
    pub at: Timestamp,
}

/// Says that a thing changed in `scope`: those who listen to it are told once the transaction is committed.
pub fn touch(tx: &mut Tx, scope: Scope, entity: Entity, id: Uuid, rev: i64, deleted: bool, now: Timestamp) {
    tx.touch(Touch {
        scope,
        entity,
        id,
        rev,
        deleted,
        at: now,
    });
}

/// The word an entity is stored under.
pub(super) const fn word(entity: Entity) -> &'static str {
    match entity {
        Entity::Order => "order",
        Entity::Restaurant => "restaurant",
        Entity::Menu => "menu",
        Entity::Driver => "driver",
    }
}

/// The entity stored under a word.
pub(super) fn entity(word: &str) -> Option<Entity> {
    [Entity::Order, Entity::Restaurant, Entity::Menu, Entity::Driver]
        .into_iter()
        .find(|entity| self::word(*entity) == word)
}

/// Numbers what the transaction has touched. Called by the store as the last thing before a commit: the row locks
/// of the scopes, taken in one order by everyone, are held no longer than that.
pub async fn flush(tx: &mut Tx) -> Result<(), StoreError> {
    let mut scopes: BTreeMap<Scope, BTreeMap<(Entity, Uuid), Touch>> = BTreeMap::new();
    for touch in tx.take_touches() {
        // Of several touches of one thing the last says how it is now.
        scopes
            .entry(touch.scope)
            .or_default()
            .insert((touch.entity, touch.id), touch);
    }
    let steps: Vec<(String, i64)> = scopes
        .iter()
        .map(|(scope, touches)| {
            (
                scope.to_string(),
                i64::try_from(touches.len()).unwrap_or(i64::MAX),
            )
        })
        .collect();
    let mut heads = BTreeMap::new();
    for several in steps.chunks(2) {
        heads.extend(advance(tx, several).await?);
    }
    let mut numbered = Vec::new();
    for ((name, steps), touches) in steps.into_iter().zip(scopes.into_values()) {
        let head = heads.get(&name).copied().ok_or(sqlx::Error::RowNotFound)?;
        numbered.extend((head - steps + 1..).zip(touches.into_values()));
        tx.announce(name, head);
    }
    #[cfg(feature = "faults")]
    let numbered = crate::faults::late(numbered);
    for several in numbered.chunks(2) {
        note(tx, several).await?;
    }
    Ok(())
}

/// Moves one scope or two on by so many steps each, and says where they stand then. Both engines take the rows of
/// `values` one after the other as they are written, so the rows are locked in the order of `steps`.
async fn advance(tx: &mut Tx, steps: &[(String, i64)]) -> Result<Vec<(String, i64)>, StoreError> {
    match steps {
        [(one, by), (other, other_by), ..] => sql!(
            tx,
            fetch_all as (String, i64),
            "insert into sync_scope (scope, head, horizon) values ($1, $2, 0), ($3, $4, 0)
             on conflict (scope) do update set head = sync_scope.head + excluded.head
             returning scope, head",
            one,
            *by,
            other,
            *other_by
        ),
        [(one, by)] => sql!(
            tx,
            fetch_all as (String, i64),
            "insert into sync_scope (scope, head, horizon) values ($1, $2, 0)
             on conflict (scope) do update set head = sync_scope.head + excluded.head
             returning scope, head",
            one,
            *by
        ),
        [] => Ok(Vec::new()),
    }
}

/// Writes one numbered change or two, in scopes whose rows are locked.
async fn note(tx: &mut Tx, numbered: &[(i64, Touch)]) -> Result<(), StoreError> {
    match numbered {
        [(seq, one), (other_seq, other), ..] => sql!(
            tx,
            execute,
            "insert into sync_head (scope, entity, id, seq, deleted, rev, at)
             values ($1, $2, $3, $4, $5, $6, $7), ($8, $9, $10, $11, $12, $13, $14)
             on conflict (scope, entity, id) do update
             set seq = excluded.seq, deleted = excluded.deleted, rev = excluded.rev, at = excluded.at",
            one.scope.to_string(),
            word(one.entity),
            one.id,
            *seq,
            one.deleted,
            one.rev,
            one.at,
            other.scope.to_string(),
            word(other.entity),
            other.id,
            *other_seq,
            other.deleted,
            other.rev,
            other.at
        )?,
        [(seq, one)] => sql!(
            tx,
            execute,
            "insert into sync_head (scope, entity, id, seq, deleted, rev, at)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (scope, entity, id) do update
             set seq = excluded.seq, deleted = excluded.deleted, rev = excluded.rev, at = excluded.at",
            one.scope.to_string(),
            word(one.entity),
            one.id,
            *seq,
            one.deleted,
            one.rev,
            one.at
        )?,
        [] => 0,
    };
    Ok(())
}

/// Where a scope stands, and the number of its newest forgotten tombstone; zeros when nothing ever happened in it.
pub(super) async fn standing_of(tx: &mut Tx, scope: Scope) -> Result<(i64, i64), StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64, i64),
        "select head, horizon from sync_scope where scope = $1",
        scope.to_string()
    )?;
    Ok(row.unwrap_or_default())
}

/// Where a scope stands; 0 when nothing ever happened in it.
pub async fn head_of(tx: &mut Tx, scope: Scope) -> Result<i64, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select head from sync_scope where scope = $1",
        scope.to_string()
    )?;
    Ok(row.map_or(0, |(head,)| head))
}

/// Gives the database its epoch, `fresh`, unless it has one.
pub async fn begin(db: &Db, fresh: Uuid) -> Result<(), StoreError> {
    db.write(async move |mut tx| {
        sql!(
            &mut tx,
            execute,
            "insert into sync_epoch (id, epoch) values (1, $1) on conflict (id) do nothing",
            fresh
        )
        .map(|_rows| ())
    })
    .await
}

/// The database's epoch: names one unbroken history.
pub async fn epoch(tx: &mut Tx) -> Result<Uuid, StoreError> {
    let (epoch,) = sql!(
        tx,
        fetch_one as (Uuid,),
        "select epoch from sync_epoch where id = 1"
    )?;
    Ok(epoch)
}

/// A history is broken off at most once in this long because a device says so; whoever restores the database may at
/// any time.
const BETWEEN_ROTATIONS: i64 = 60 * MINUTE;

/// Begins another history, `fresh`: every cursor is worth nothing from now on, and devices hand in again what this
/// database does not have. For who has put back an older copy.
pub async fn rotate(tx: &mut Tx, fresh: Uuid, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update sync_epoch set epoch = $1, rotated_at = $2 where id = 1",
        fresh,
        now
    )?;
    note_rotation(tx, fresh, json!({ "why": "asked for" }), now).await
}

/// The same because somebody has read further in `scope` than it reaches, unless that was done already. A device is not
/// believed twice in a row: it could make all others start over again and again.
pub async fn rotate_once(
    tx: &mut Tx,
    (known, fresh): (Uuid, Uuid),
    scope: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rotated = sql!(
        tx,
        execute,
        "update sync_epoch set epoch = $1, rotated_at = $2 where id = 1 and epoch = $3 and rotated_at <= $4",
        fresh,
        now,
        known,
        now.plus(-BETWEEN_ROTATIONS)
    )?;
    if rotated == 1 {
        note_rotation(
            tx,
            fresh,
            json!({ "why": "a cursor above the head", "scope": scope }),
            now,
        )
        .await?;
    }
    Ok(rotated == 1)
}

async fn note_rotation(tx: &mut Tx, fresh: Uuid, detail: Value, at: Timestamp) -> Result<(), StoreError> {
    let entry = audit::Entry {
        id: fresh,
        at,
        action: "sync.epoch_rotated",
        subject: "epoch",
        subject_id: Some(fresh),
        detail,
    };
    audit::record(tx, &Actor::SYSTEM, entry).await
}

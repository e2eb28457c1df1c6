//! The table of keys: one for each person, and two of the server's own. A dropped key leaves its row, empty, so that none is
//! ever made again for the same person.

use momfood_domain::id::UserId;
use sqlx::types::Json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::envelope::KEY;
use super::{Fault, INDEX, SERVER, Sealer, Wrapped};
use crate::store::{Db, StoreError, Tx, sql};

/// Keys wrapped anew in one transaction.
const AT_ONCE: i64 = 200;

async fn row(tx: &mut Tx, owner: Uuid) -> Result<Option<Wrapped>, StoreError> {
    sql!(
        tx,
        fetch_optional as Wrapped,
        "select wrapped, master from person_keys where person = $1",
        owner
    )
}

/// The key of `owner`, made and kept if there is none yet. Others who make it at the same moment get the same.
pub(super) async fn key_for(
    tx: &mut Tx,
    sealer: &Sealer,
    owner: Uuid,
) -> Result<Zeroizing<[u8; KEY]>, StoreError> {
    let mut found = row(tx, owner).await?;
    if found.is_none() {
        let (key, wrapped) = sealer.make(owner)?;
        let made = sql!(
            tx,
            execute,
            "insert into person_keys (person, wrapped, master, made_at) values ($1, $2, $3, $4) on conflict do nothing",
            owner,
            &wrapped.wrapped,
            &wrapped.master,
            sealer.now()
        )?;
        if made == 1 {
            return Ok(key);
        }
        found = row(tx, owner).await?;
    }
    let found = found.ok_or(Fault::NoKeys)?;
    Ok(sealer.unwrap(owner, &found)?.ok_or(Fault::Erased)?)
}

/// Drops the key of `person`: what was sealed under it is unreadable from this commit on, here and everywhere.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<(), StoreError> {
    let now = tx.sealer().ok_or(Fault::NoKeys)?.now();
    let nothing: &[u8] = &[];
    sql!(
        tx,
        execute,
        "insert into person_keys (person, wrapped, master, made_at) values ($1, $2, '', $3)
         on conflict (person) do update set wrapped = excluded.wrapped, master = excluded.master",
        person,
        nothing,
        now
    )?;
    Ok(())
}

/// Whether the key of `person` was dropped.
pub async fn is_forgotten(tx: &mut Tx, person: UserId) -> Result<bool, StoreError> {
    let row = row(tx, person.0).await?;
    Ok(row.is_some_and(|row| row.is_dropped()))
}

/// Makes the server's own keys where there are none yet.
pub async fn begin(db: &Db) -> Result<(), StoreError> {
    db.write(async move |mut tx| {
        let sealer = tx.sealer().ok_or(Fault::NoKeys)?;
        for own in [SERVER, INDEX] {
            key_for(&mut tx, &sealer, own).await?;
        }
        Ok(())
    })
    .await
}

/// The name of a master key that wraps something here and is not among `known`, if there is one.
pub async fn unknown_master(tx: &mut Tx, known: &[&str]) -> Result<Option<String>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (String,),
        "select master from person_keys where master <> '' and master not in {texts($1)} limit 1",
        Json(known)
    )?;
    Ok(row.map(|(master,)| master))
}

/// How many keys another master key than `current` wraps.
pub async fn left_to_rewrap(tx: &mut Tx, current: &str) -> Result<i64, StoreError> {
    let (left,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from person_keys where master <> $1 and master <> ''",
        current
    )?;
    Ok(left)
}

/// How many keys each master key wraps.
pub async fn wrapped_by(tx: &mut Tx) -> Result<Vec<(String, i64)>, StoreError> {
    sql!(
        tx,
        fetch_all as (String, i64),
        "select master, count(*) from person_keys where master <> '' group by master"
    )
}

/// Wraps some keys anew under the current master key; how many it were. Zero when none was left.
pub async fn rewrap_some(tx: &mut Tx) -> Result<usize, StoreError> {
    let sealer = tx.sealer().ok_or(Fault::NoKeys)?;
    let ring = sealer.ring();
    let current = ring.current(sealer.now()).ok_or(Fault::NoKeys)?.id();
    let rows = sql!(
        tx,
        fetch_all as (Uuid, Vec<u8>, String),
        "select person, wrapped, master from person_keys where master <> $1 and master <> ''
         order by person limit $2 {for_update}",
        current,
        AT_ONCE
    )?;
    let found = rows.len();
    for (person, wrapped, master) in rows {
        let Some(anew) = sealer.rewrap(person, &Wrapped { wrapped, master })? else {
            continue;
        };
        sql!(
            tx,
            execute,
            "update person_keys set wrapped = $1, master = $2 where person = $3",
            anew.wrapped,
            anew.master,
            person
        )?;
    }
    Ok(found)
}

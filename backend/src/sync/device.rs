//! Devices: one installation of one person, acting in one role. A device belongs to who used it first, and hands in
//! only as them; the secret it was given then lets it do so after they have signed out. The secret itself is never kept.

use std::collections::BTreeMap;

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::error::{ApiError, ErrorCode};
use crate::identity;
use crate::store::{StoreError, Tx, sql};

/// Lengths of a push key, bytes.
const KEY: std::ops::RangeInclusive<usize> = 16..=200;
/// Devices of one person. A browser that forgets everything becomes a new one each time.
const MOST_OF_A_PERSON: i64 = 1_000;

/// A device that may hand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: Uuid,
    /// As whom it acts.
    pub actor: Actor,
    /// Whose it is: `actor.user`, known to be there.
    pub user: UserId,
    /// Whether they may still act: not suspended, still in their role. If not, only facts are taken in, for review.
    pub may_act: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    actor: UserId,
    role: Role,
    restaurant_id: Option<RestaurantId>,
    push_key_hash: Option<Vec<u8>>,
}

impl Row {
    fn actor(&self) -> Actor {
        Actor {
            user: Some(self.actor),
            role: self.role,
            restaurant: self.restaurant_id,
        }
    }
}

async fn row(tx: &mut Tx, id: Uuid) -> Result<Option<Row>, StoreError> {
    sql!(
        tx,
        fetch_optional as Row,
        "select actor, role, restaurant_id, push_key_hash from sync_device where device = $1",
        id
    )
}

async fn device(tx: &mut Tx, id: Uuid, row: &Row) -> Result<Device, StoreError> {
    let actor = row.actor();
    Ok(Device {
        id,
        actor,
        user: row.actor,
        may_act: identity::may_act(tx, &actor).await?,
    })
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key).into()
}

/// What is known of a device somebody signed in speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is theirs.
    Theirs(Device),
    /// Nobody has used it yet, or its secret is to be kept: see [`bind`].
    New,
}

/// The device of `actor`, who is signed in. One that belongs to somebody else, or to another role of theirs, is
/// refused (`forbidden`): nothing of its queue is looked at.
pub async fn of_actor(tx: &mut Tx, id: Uuid, actor: &Actor, key: Option<&str>) -> Result<Known, ApiError> {
    match row(tx, id).await? {
        Some(row) if row.actor() != *actor => Err(ApiError::new(ErrorCode::Forbidden)),
        Some(row) if row.push_key_hash.is_some() || key.is_none() => {
            Ok(Known::Theirs(device(tx, id, &row).await?))
        }
        _ => Ok(Known::New),
    }
}

/// Gives the device to `actor`, unless it is somebody's, and keeps the hash of its first secret.
pub async fn bind(
    tx: &mut Tx,
    id: Uuid,
    actor: &Actor,
    key: Option<&str>,
    now: Timestamp,
) -> Result<Device, ApiError> {
    if key.is_some_and(|key| !KEY.contains(&key.len())) {
        return Err(ApiError::new(ErrorCode::InvalidInput).with("field", "pushKey"));
    }
    let (many,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from sync_device where actor = $1",
        actor.user
    )?;
    if many >= MOST_OF_A_PERSON && row(tx, id).await?.is_none() {
        return Err(ApiError::new(ErrorCode::QuotaExceeded));
    }
    let hash = key.map(|key| hash(key).to_vec());
    sql!(
        tx,
        execute,
        "insert into sync_device (device, actor, role, restaurant_id, push_key_hash, last_mid, created_at, seen_at)
         values ($1, $2, $3, $4, $5, 0, $6, $7)
         on conflict (device) do nothing",
        id,
        actor.user,
        actor.role,
        actor.restaurant,
        hash.as_deref(),
        now,
        now
    )?;
    if let Some(hash) = &hash {
        sql!(
            tx,
            execute,
            "update sync_device set push_key_hash = $1 where device = $2 and push_key_hash is null and actor = $3",
            hash,
            id,
            actor.user
        )?;
    }
    match of_actor(tx, id, actor, None).await? {
        Known::Theirs(device) => Ok(device),
        Known::New => Err(StoreError::from(sqlx::Error::RowNotFound).into()),
    }
}

/// The device that shows its secret. A wrong one, and a device nobody knows, are `token_invalid`.
pub async fn of_key(tx: &mut Tx, id: Uuid, key: &str) -> Result<Device, ApiError> {
    let row = row(tx, id).await?;
    let stored = row.as_ref().and_then(|row| row.push_key_hash.as_deref());
    let right = bool::from(stored.unwrap_or(&[0; 32]).ct_eq(&hash(key))) && stored.is_some();
    match row.filter(|_| right) {
        Some(row) => Ok(device(tx, id, &row).await?),
        None => Err(ApiError::new(ErrorCode::TokenInvalid)),
    }
}

/// The last mutation of a device whose effects are there. 0 when there is none.
pub async fn last_mid(tx: &mut Tx, id: Uuid) -> Result<i64, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select last_mid from sync_device where device = $1",
        id
    )?;
    Ok(row.map_or(0, |(last,)| last))
}

/// The same of several devices, of those that are known, with whose they are.
pub(super) async fn last_mids(
    tx: &mut Tx,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, (UserId, i64)>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = sql!(
        tx,
        fetch_all as (Uuid, UserId, i64),
        "select device, actor, last_mid from sync_device where device in {uuids($1)}",
        Json(ids)
    )?;
    Ok(rows
        .into_iter()
        .map(|(device, actor, last)| (device, (actor, last)))
        .collect())
}

/// The last mutation of a device of `user`'s; `None` when it is not theirs.
pub(super) async fn last_mid_of(tx: &mut Tx, id: Uuid, user: UserId) -> Result<Option<i64>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select last_mid from sync_device where device = $1 and actor = $2",
        id,
        user
    )?;
    Ok(row.map(|(last,)| last))
}

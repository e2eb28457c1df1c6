//! What changed, with what it is now: the bodies of changes, each from the module that owns the thing.

use std::collections::{BTreeMap, HashMap};

use momfood_domain::id::{OrderId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Change, Entity, Scope, Snapshot};
use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::device::last_mid_of;
use super::grants::{view_of, viewer_of};
use super::heads::{entity, epoch, head_of};
use crate::store::{StoreError, Tx, sql};
use crate::{catalog, delivery, ordering};

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    entity: String,
    id: Uuid,
    rev: i64,
    deleted: bool,
}

/// What changed in `scope` after `from` up to `to`, which must be its head in the same transaction. `None` when that
/// is more than `most` things.
pub(super) async fn changes(
    tx: &mut Tx,
    scope: Scope,
    (from, to): (i64, i64),
    most: usize,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, StoreError> {
    let rows = rows(tx, scope, (from, to), most).await?;
    if rows.len() > most {
        return Ok(None);
    }
    with_bodies(tx, scope, rows, now).await.map(Some)
}

/// The first `most` changes of `scope` after `from` up to `to`, which must be its head in the same transaction; how far
/// they reach; and whether there are more.
pub(super) async fn page(
    tx: &mut Tx,
    scope: Scope,
    (from, to): (i64, i64),
    most: usize,
    now: Timestamp,
) -> Result<(Vec<Change>, i64, bool), StoreError> {
    let mut rows = rows(tx, scope, (from, to), most).await?;
    let more = rows.len() > most;
    #[cfg(feature = "faults")]
    let more = more
        && !(crate::faults::is(crate::faults::Fault::NoMoreAtLimit)
            && rows.get(most).is_some_and(|last| last.seq == to));
    rows.truncate(most);
    let reached = match rows.last() {
        Some(last) if more => last.seq,
        None if more => from,
        _ => to,
    };
    Ok((with_bodies(tx, scope, rows, now).await?, reached, more))
}

/// What changed after `from` up to `to`: at most one more than `most`, so that one sees whether there are more.
async fn rows(
    tx: &mut Tx,
    scope: Scope,
    (from, to): (i64, i64),
    most: usize,
) -> Result<Vec<Row>, StoreError> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX - 1) + 1;
    sql!(
        tx,
        fetch_all as Row,
        "select seq, entity, id, rev, deleted from sync_head where scope = $1 and seq > $2 and seq <= $3
         order by seq limit $4",
        scope.to_string(),
        from,
        to,
        limit
    )
}

async fn with_bodies(
    tx: &mut Tx,
    scope: Scope,
    rows: Vec<Row>,
    now: Timestamp,
) -> Result<Vec<Change>, StoreError> {
    let named: Vec<(Row, Entity)> = rows
        .into_iter()
        .filter_map(|row| entity(&row.entity).map(|entity| (row, entity)))
        .collect();
    let orders: Vec<OrderId> = named
        .iter()
        .filter(|(row, entity)| *entity == Entity::Order && !row.deleted)
        .map(|(row, _)| OrderId(row.id))
        .collect();
    let mut orders = orders_of(tx, scope, &orders, now).await?;
    let mut changes = Vec::with_capacity(named.len());
    for (row, entity) in named {
        let body = match entity {
            _ if row.deleted => None,
            Entity::Order => orders.remove(&row.id),
            other => body(tx, scope, other, row.id, now).await?,
        };
        changes.push(Change {
            seq: row.seq,
            entity,
            id: row.id,
            rev: row.rev,
            body,
        });
    }
    Ok(changes)
}

/// `scope` whole, as its viewer may see it, with how far a device of its person's has come in it. `None` when there is
/// no such thing.
pub async fn snapshot(
    tx: &mut Tx,
    scope: Scope,
    device: Option<(Uuid, UserId)>,
    now: Timestamp,
) -> Result<Option<Snapshot>, StoreError> {
    let seq = head_of(tx, scope).await?;
    let epoch = epoch(tx).await?;
    let mut bodies: Vec<(Entity, Uuid, Value)> = Vec::new();
    for (entity, id) in fixtures(scope) {
        match body(tx, scope, entity, id, now).await? {
            Some(body) => bodies.push((entity, id, body)),
            None => return Ok(None),
        }
    }
    let ids = ordering::ids_in_scope(tx, scope, now).await?;
    let mut orders = orders_of(tx, scope, &ids, now).await?;
    for OrderId(id) in ids {
        bodies.extend(orders.remove(&id).map(|body| (Entity::Order, id, body)));
    }
    let mut numbers = numbers(tx, scope, &bodies).await?;
    let changes = bodies.into_iter().map(|(entity, id, body)| {
        let (seq, rev) = numbers.remove(&(entity, id)).unwrap_or_default();
        Change {
            seq,
            entity,
            id,
            rev,
            body: Some(body),
        }
    });
    let mut last_mids = BTreeMap::new();
    if let Some((device, user)) = device
        && let Some(last_mid) = last_mid_of(tx, device, user).await?
    {
        last_mids.insert(device, last_mid);
    }
    Ok(Some(Snapshot {
        epoch,
        scope: scope.to_string(),
        view: view_of(scope).to_owned(),
        last_mids,
        seq,
        time: now,
        changes: changes.collect(),
    }))
}

/// What a scope always holds, orders aside.
fn fixtures(scope: Scope) -> Vec<(Entity, Uuid)> {
    match scope {
        Scope::Customer(_) => vec![],
        Scope::Restaurant(id) => vec![(Entity::Restaurant, id.0), (Entity::Menu, id.0)],
        Scope::Driver(id) => vec![(Entity::Driver, id.0)],
        Scope::Menu(id) => vec![(Entity::Menu, id.0)],
    }
}

/// The number and revision under which each thing was last changed in the scope.
async fn numbers(
    tx: &mut Tx,
    scope: Scope,
    bodies: &[(Entity, Uuid, Value)],
) -> Result<BTreeMap<(Entity, Uuid), (i64, i64)>, StoreError> {
    let ids: Vec<Uuid> = bodies.iter().map(|(_, id, _)| *id).collect();
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select seq, entity, id, rev, deleted from sync_head where scope = $1 and id in {uuids($2)}",
        scope.to_string(),
        Json(ids)
    )?;
    let numbered = rows
        .into_iter()
        .filter_map(|row| entity(&row.entity).map(|entity| ((entity, row.id), (row.seq, row.rev))));
    Ok(numbered.collect())
}

async fn orders_of(
    tx: &mut Tx,
    scope: Scope,
    ids: &[OrderId],
    now: Timestamp,
) -> Result<HashMap<Uuid, Value>, StoreError> {
    let views = ordering::in_scope(tx, scope, &viewer_of(scope), ids, now).await?;
    Ok(views
        .iter()
        .filter_map(|view| json(view).map(|body| (view.id.0, body)))
        .collect())
}

async fn body(
    tx: &mut Tx,
    scope: Scope,
    entity: Entity,
    id: Uuid,
    now: Timestamp,
) -> Result<Option<Value>, StoreError> {
    Ok(match (scope, entity) {
        (Scope::Restaurant(restaurant), Entity::Restaurant) => catalog::kitchen_settings(tx, restaurant)
            .await?
            .and_then(|settings| json(&settings)),
        (Scope::Restaurant(restaurant), Entity::Menu) => catalog::owner_menu(tx, restaurant)
            .await?
            .and_then(|menu| json(&menu)),
        (Scope::Menu(restaurant), Entity::Menu) => catalog::public_menu(tx, restaurant)
            .await?
            .and_then(|menu| json(&menu)),
        (Scope::Driver(_), Entity::Driver) => json(&delivery::driver_day(tx, UserId(id), now).await?),
        _ => None,
    })
}

fn json(thing: &impl Serialize) -> Option<Value> {
    let body = serde_json::to_value(thing).ok();
    #[cfg(feature = "faults")]
    let body = body.map(crate::faults::seen);
    body
}

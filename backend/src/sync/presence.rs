//! When a device was last heard of. A line that is open says nothing: a device speaks for itself, every 20 seconds.

use std::collections::HashMap;

use momfood_domain::actor::Actor;
use momfood_domain::id::RestaurantId;
use momfood_domain::time::Timestamp;
use momfood_protocol::sync::Presence;

use crate::error::{ApiError, ErrorCode};
use crate::store::{StoreError, Tx, sql};

/// Notes that a device of `actor` is there. One that was heard as somebody else's is refused (`forbidden`).
pub async fn hear(tx: &mut Tx, actor: &Actor, presence: &Presence, now: Timestamp) -> Result<(), ApiError> {
    let heard = sql!(
        tx,
        execute,
        "insert into presence (device, actor, restaurant_id, foreground, heard_at) values ($1, $2, $3, $4, $5)
         on conflict (device) do update set restaurant_id = excluded.restaurant_id,
            foreground = excluded.foreground, heard_at = excluded.heard_at
         where presence.actor = excluded.actor",
        presence.device,
        actor.user,
        actor.restaurant,
        presence.foreground,
        now
    )?;
    if heard == 0 {
        return Err(ApiError::new(ErrorCode::Forbidden));
    }
    Ok(())
}

/// When any device of the restaurant's kitchen was last heard of; `None` when it has never had one.
pub async fn kitchen_heard_at(
    tx: &mut Tx,
    restaurant: RestaurantId,
) -> Result<Option<Timestamp>, StoreError> {
    let (heard,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select max(heard_at) from presence where restaurant_id = $1",
        restaurant
    )?;
    Ok(heard)
}

/// The same of every kitchen that was ever heard of.
pub async fn kitchens_heard(tx: &mut Tx) -> Result<HashMap<RestaurantId, Timestamp>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (RestaurantId, Timestamp),
        "select restaurant_id, max(heard_at) from presence where restaurant_id is not null group by restaurant_id"
    )?;
    Ok(rows.into_iter().collect())
}

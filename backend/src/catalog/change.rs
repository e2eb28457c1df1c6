//! What a kitchen changes about its restaurant, and how others hear of any change: the kitchen's own screens through
//! the restaurant's scope, customers who look at it through its menu's.

use momfood_domain::actor::Actor;
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::RestaurantId;
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Entity, Scope};
use momfood_protocol::mutation::Pause;
use momfood_protocol::rest::UpdateRestaurant;
use momfood_protocol::view::KitchenSettings;
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::error::CatalogError;
use super::restaurant::{self, Restaurant, UNTIL_RESUMED};
use crate::audit;
use crate::store::{StoreError, Tx, sql};
use crate::sync;

/// Highest minimum order and delivery fee, in minor units.
pub const MOST_CHARGE: i64 = 100_000;
/// Most periods in a week of opening hours.
const MOST_PERIODS: usize = 50;
/// Longest pause that ends by itself.
const LONGEST_PAUSE: u32 = 24 * 60;

/// An audit row to be.
pub(super) struct Note {
    pub id: Uuid,
    pub at: Timestamp,
    pub action: &'static str,
    pub detail: Value,
}

async fn note(tx: &mut Tx, actor: &Actor, id: RestaurantId, note: Note) -> Result<(), StoreError> {
    let entry = audit::Entry {
        id: note.id,
        at: note.at,
        action: note.action,
        subject: "restaurant",
        subject_id: Some(id.0),
        detail: note.detail,
    };
    audit::record(tx, actor, entry).await
}

/// Writes down and tells that a menu is at `rev` now.
pub(super) async fn menu_changed(
    tx: &mut Tx,
    actor: &Actor,
    id: RestaurantId,
    rev: i64,
    why: Note,
) -> Result<(), StoreError> {
    let at = why.at;
    note(tx, actor, id, why).await?;
    sync::touch(tx, Scope::Restaurant(id), Entity::Menu, id.0, rev, false, at);
    sync::touch(tx, Scope::Menu(id), Entity::Menu, id.0, rev, false, at);
    Ok(())
}

/// Tells that a restaurant is at `rev` now. Its menu's scope moves too, though the menu stays as it is: whoever looks
/// at the menu looks at whether the restaurant takes orders.
async fn tell(tx: &mut Tx, id: RestaurantId, rev: i64, at: Timestamp) -> Result<(), StoreError> {
    sync::touch(
        tx,
        Scope::Restaurant(id),
        Entity::Restaurant,
        id.0,
        rev,
        false,
        at,
    );
    if let Some(menu) = super::menu::rev(tx, id).await? {
        sync::touch(tx, Scope::Menu(id), Entity::Menu, id.0, menu, false, at);
    }
    Ok(())
}

/// The restaurant, held against other writers until the commit.
async fn held(tx: &mut Tx, id: RestaurantId) -> Result<Restaurant, CatalogError> {
    let locked = sql!(
        tx,
        fetch_optional as (i64,),
        "select rev from restaurants where id = $1 {for_update}",
        id
    )?;
    locked.ok_or(CatalogError::NotFound)?;
    restaurant::restaurant(tx, id)
        .await?
        .ok_or(CatalogError::NotFound)
}

/// Changes what `change` names of a restaurant's settings.
pub async fn update(
    tx: &mut Tx,
    actor: &Actor,
    id: RestaurantId,
    change: UpdateRestaurant,
    (audit_id, now): (Uuid, Timestamp),
) -> Result<KitchenSettings, CatalogError> {
    let before = held(tx, id).await?;
    let mut after = before.clone();
    if let Some(minutes) = change.preparation_minutes {
        after.preparation_minutes = within(minutes, 1, 180, "preparationMinutes")?;
    }
    if let Some(seconds) = change.accept_limit_seconds {
        after.accept_limit_seconds = within(seconds, 10, 1800, "acceptLimitSeconds")?;
    }
    if let Some(amount) = change.minimum_order {
        after.terms.minimum_order = within(amount, 0, MOST_CHARGE, "minimumOrder")?;
    }
    if let Some(amount) = change.delivery_fee {
        after.terms.delivery_fee = within(amount, 0, MOST_CHARGE, "deliveryFee")?;
    }
    if let Some(hours) = change.hours {
        after.hours = checked(hours, &before)?;
    }
    if after == before {
        return Ok(before.settings());
    }
    after.rev += 1;
    sql!(
        tx,
        execute,
        "update restaurants set preparation_time = $1, accept_limit_seconds = $2, minimum_order = $3, \
         delivery_fee = $4, hours = $5, rev = $6, updated_at = $7 where id = $8",
        i64::from(after.preparation_minutes),
        after.accept_limit_seconds,
        after.terms.minimum_order,
        after.terms.delivery_fee,
        Json(&after.hours),
        after.rev,
        now,
        id
    )?;
    let why = Note {
        id: audit_id,
        at: now,
        action: "restaurant.settings",
        detail: json!({
            "preparationMinutes": after.preparation_minutes, "acceptLimitSeconds": after.accept_limit_seconds,
            "minimumOrder": after.terms.minimum_order, "deliveryFee": after.terms.delivery_fee,
        }),
    };
    note(tx, actor, id, why).await?;
    tell(tx, id, after.rev, now).await?;
    Ok(after.settings())
}

/// Stops taking new orders for a while, counted from when it was `asked` for, or takes them again. A while that is over
/// already changes nothing.
pub async fn pause(
    tx: &mut Tx,
    actor: &Actor,
    id: RestaurantId,
    (pause, asked): (Pause, Timestamp),
    (audit_id, now): (Uuid, Timestamp),
) -> Result<KitchenSettings, CatalogError> {
    let mut restaurant = held(tx, id).await?;
    let until = match pause.minutes {
        None => Some(UNTIL_RESUMED),
        Some(0) => None,
        Some(minutes @ 1..=LONGEST_PAUSE) => Some(asked.plus_minutes(i64::from(minutes))),
        Some(_) => return Err(CatalogError::Invalid("minutes")),
    };
    if restaurant.paused_until == until || until.is_some_and(|until| until <= now) {
        return Ok(restaurant.settings());
    }
    restaurant.paused_until = until;
    restaurant.rev += 1;
    sql!(
        tx,
        execute,
        "update restaurants set paused_until = $1, rev = $2, updated_at = $3 where id = $4",
        until,
        restaurant.rev,
        now,
        id
    )?;
    let (action, detail) = match until {
        Some(until) => ("restaurant.paused", json!({ "until": until })),
        None => ("restaurant.resumed", json!({})),
    };
    let why = Note {
        id: audit_id,
        at: now,
        action,
        detail,
    };
    note(tx, actor, id, why).await?;
    tell(tx, id, restaurant.rev, now).await?;
    Ok(restaurant.settings())
}

/// A customer gave the restaurant so many stars. Its rating is what was given in all over how often.
pub async fn rated(tx: &mut Tx, id: RestaurantId, stars: u8, now: Timestamp) -> Result<(), StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64, i64, Option<i64>, i64),
        "select rating, total_reviews, tenths_given, rev from restaurants where id = $1 {for_update}",
        id
    )?;
    let Some((rating, reviews, given, rev)) = row else {
        return Ok(());
    };
    let given = given.unwrap_or(rating * reviews) + 10 * i64::from(stars);
    let (reviews, rev) = (reviews + 1, rev + 1);
    sql!(
        tx,
        execute,
        "update restaurants set rating = $1, total_reviews = $2, tenths_given = $3, rev = $4, updated_at = $5
         where id = $6",
        (2 * given + reviews).div_euclid(2 * reviews),
        reviews,
        given,
        rev,
        now,
        id
    )?;
    tell(tx, id, rev, now).await
}

fn within<T: PartialOrd>(value: T, least: T, most: T, field: &'static str) -> Result<T, CatalogError> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(CatalogError::Invalid(field))
    }
}

/// Hours of real days in the restaurant's own offset: a restaurant does not move to another time zone.
fn checked(hours: OpeningHours, restaurant: &Restaurant) -> Result<OpeningHours, CatalogError> {
    let fits = hours.utc_offset_minutes == restaurant.hours.utc_offset_minutes
        && hours.periods.len() <= MOST_PERIODS
        && hours.periods.iter().all(|period| period.is_valid());
    if fits {
        Ok(hours)
    } else {
        Err(CatalogError::Invalid("hours"))
    }
}

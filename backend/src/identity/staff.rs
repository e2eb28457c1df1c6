//! Who works for which restaurant, and who drives. The only place that writes `restaurant_staff` and
//! `driver_profiles`. A restaurant always has an owner.

use std::collections::HashMap;

use momfood_domain::actor::Role;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{RestaurantId, SessionId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::onboarding::StaffMember;
use sqlx::types::Json;

use super::error::Refusal;
use super::people::{self, Vehicle};
use super::session::{self, Which};
use super::{joining, standing};
use crate::store::{StoreError, Tx, sql};

/// Puts a person on a restaurant's staff. Who works there already stays, and is an owner if either says so.
pub async fn employ(
    tx: &mut Tx,
    user: UserId,
    restaurant: RestaurantId,
    is_owner: bool,
) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "insert into restaurant_staff (restaurant_id, user_id, is_owner) values ($1, $2, $3) \
         on conflict (restaurant_id, user_id) do update set is_owner = restaurant_staff.is_owner or excluded.is_owner",
        restaurant,
        user,
        is_owner
    )?;
    Ok(())
}

/// Whether the person owns the restaurant; `None` when they do not work there.
pub async fn is_owner(
    tx: &mut Tx,
    restaurant: RestaurantId,
    user: UserId,
) -> Result<Option<bool>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (bool,),
        "select is_owner from restaurant_staff where restaurant_id = $1 and user_id = $2",
        restaurant,
        user
    )?;
    Ok(row.map(|(is_owner,)| is_owner))
}

/// A restaurant's people, owners first.
pub async fn staff(tx: &mut Tx, restaurant: RestaurantId) -> Result<Vec<StaffMember>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (UserId, bool),
        "select user_id, is_owner from restaurant_staff where restaurant_id = $1 order by is_owner desc, user_id",
        restaurant
    )?;
    let ids: Vec<UserId> = rows.iter().map(|(id, _)| *id).collect();
    let mut names: HashMap<UserId, people::Person> = people::people(tx, &ids).await?;
    let member = |(id, owner)| {
        let person = names.remove(&id)?;
        Some(StaffMember {
            id,
            first_name: person.first_name,
            last_name: person.last_name,
            owner,
        })
    };
    Ok(rows.into_iter().filter_map(member).collect())
}

/// Takes a person off a restaurant's staff and ends what sessions they had for it: those are given back. Who works
/// nowhere any more no longer holds the role.
pub async fn dismiss(
    tx: &mut Tx,
    restaurant: RestaurantId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<SessionId>, Refusal> {
    // All of them, in order: two owners who dismiss each other at once must not both succeed.
    let rows = sql!(
        tx,
        fetch_all as (UserId, bool),
        "select user_id, is_owner from restaurant_staff where restaurant_id = $1 order by user_id {for_update}",
        restaurant
    )?;
    let (_, was_owner) = rows
        .iter()
        .find(|(one, _)| *one == user)
        .ok_or(Refusal::NotFound)?;
    if *was_owner && rows.iter().filter(|(_, owner)| *owner).count() < 2 {
        return Err(Refusal::LastOwner);
    }
    sql!(
        tx,
        execute,
        "delete from restaurant_staff where restaurant_id = $1 and user_id = $2",
        restaurant,
        user
    )?;
    if people::workplace(tx, user, None).await?.is_none() {
        standing::no_longer(tx, user, Role::Restaurant, now).await?;
    }
    Ok(session::end_those(tx, user, Which::For(restaurant), now).await?)
}

/// Makes a person a driver, or changes what a driver drives and where their day begins.
pub async fn make_driver(
    tx: &mut Tx,
    user: UserId,
    vehicle: &Vehicle,
    home: GeoPoint,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "insert into driver_profiles (user_id, vehicle, home_lat, home_lng) values ($1, $2, $3, $4) \
         on conflict (user_id) do update set vehicle = excluded.vehicle, home_lat = excluded.home_lat, \
         home_lng = excluded.home_lng",
        user,
        Json(vehicle),
        home.lat,
        home.lng
    )?;
    joining::grant(tx, user, Role::Driver, now).await
}

/// Whether somebody was made a driver once.
pub(super) async fn is_known_driver(tx: &mut Tx, user: UserId) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select cast(1 as bigint) from driver_profiles where user_id = $1",
        user
    )?;
    Ok(row.is_some())
}

//! Asks drivers. Level-triggered: each round looks at which deliveries wait now, so a restart forgets nothing and a
//! driver who comes on duty is found by the next round.
//!
//! A round reads first and writes only where somebody can be asked: a round that finds nobody leaves no commit behind,
//! and so does not wake itself. Two servers may run rounds at once: the order's row and the driver's shift are locked
//! before the offer is made, so a driver is never asked for two things and no constraint is ever run into.

use std::collections::BTreeSet;

use momfood_domain::actor::Actor;
use momfood_domain::dispatch::{Candidate, OFFER_RADIUS_M, OFFER_SECONDS, choose};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::order::Command;
use momfood_domain::time::Timestamp;

use crate::app::App;
use crate::ordering::{self, OrderingError};
use crate::store::{StoreError, Tx, sql};

/// A driver seen within this time is asked before those who are quiet.
pub const SEEN_MINUTES: i64 = 10;
/// How long a driver is left alone with a delivery they did not take.
pub const OFFER_PAUSE_SECONDS: i64 = 60;
/// How soon a delivery nobody could be asked for is looked at again.
const AGAIN_SECONDS: i64 = 10;
/// Deliveries and offers seen to in one round; the rest in the next.
const AT_ONCE: i64 = 100;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

/// Withdraws the offers nobody answered, and asks a driver for each delivery that waits for one. Returns when to look
/// again, if anything is to be expected.
pub async fn dispatch_due(app: &App, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    // The snapshot ends before anything is written.
    let overdue = overdue(&mut app.db.read().await?, now).await?;
    for (order, attempt) in overdue {
        let attempt = u32::try_from(attempt).unwrap_or(0);
        withdraw(app, order, attempt, now).await?;
    }
    let waiting = waiting(&mut app.db.read().await?, now).await?;
    let mut left_waiting = false;
    for (order, restaurant) in waiting {
        let found = {
            let mut tx = app.db.read().await?;
            let candidates = candidates(&mut tx, order, restaurant, now).await?;
            pick(&candidates, restaurant, now).is_some()
        };
        let asked = found && ask(app, order, restaurant, now).await?;
        left_waiting |= !asked;
    }
    let next = next_due(&mut app.db.read().await?, now).await?;
    let again = left_waiting.then(|| now.plus_seconds(AGAIN_SECONDS));
    Ok([next, again].into_iter().flatten().min())
}

async fn overdue(tx: &mut Tx, now: Timestamp) -> Result<Vec<(OrderId, i64)>, StoreError> {
    sql!(
        tx,
        fetch_all as (OrderId, i64),
        "select order_id, attempt from assignments where status = 'offered' and expires_at <= $1 \
         order by expires_at, order_id limit $2",
        now,
        AT_ONCE
    )
}

async fn withdraw(app: &App, order: OrderId, attempt: u32, now: Timestamp) -> Result<(), StoreError> {
    let work = async move |mut tx: Tx| {
        let command = Command::ExpireOffer { attempt };
        ordering::command(&mut tx, &Actor::SYSTEM, order, &command, now).await
    };
    match app.db.write(work).await {
        Ok(_) => Ok(()),
        Err(OrderingError::Store(error)) => Err(error),
        Err(error) => {
            // One order's fault does not stop the others.
            tracing::error!(%order, attempt, %error, "an offer could not be withdrawn");
            Ok(())
        }
    }
}

/// The deliveries to ask for, longest waiting first, each with the place of its restaurant.
async fn waiting(tx: &mut Tx, now: Timestamp) -> Result<Vec<(OrderId, GeoPoint)>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (OrderId, f64, f64),
        "select d.order_id, r.lat, r.lng from deliveries d join orders o on o.id = d.order_id \
         join restaurants r on r.id = o.restaurant_id \
         where d.status = 'waiting' and d.dispatch_at <= $1 and not exists (select 1 from assignments a \
             where a.order_id = d.order_id and a.status in ('offered', 'accepted')) \
         order by d.dispatch_at, d.order_id limit $2",
        now,
        AT_ONCE
    )?;
    let place = |(order, lat, lng)| (order, GeoPoint { lat, lng });
    Ok(rows.into_iter().map(place).collect())
}

/// When the next offer runs out, or the next delivery is to be asked for.
async fn next_due(tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let (offer,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select min(expires_at) from assignments where status = 'offered'"
    )?;
    let (delivery,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select min(dispatch_at) from deliveries where status = 'waiting' and dispatch_at > $1",
        now
    )?;
    Ok([offer, delivery].into_iter().flatten().min())
}

#[derive(sqlx::FromRow)]
struct Row {
    driver_id: UserId,
    lat: f64,
    lng: f64,
    at: Timestamp,
    times_asked: i64,
    asked_until: Option<Timestamp>,
}

/// The drivers on duty near the restaurant who have nothing in hand and were not asked for this a moment ago.
async fn candidates(
    tx: &mut Tx,
    order: OrderId,
    restaurant: GeoPoint,
    now: Timestamp,
) -> Result<Vec<Candidate>, StoreError> {
    // A box around the circle; the circle itself is the domain's.
    let high = f64::from(OFFER_RADIUS_M) / DEGREE_M * 1.01;
    let wide = high / restaurant.lat.to_radians().cos().max(0.01);
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select s.driver_id, p.lat, p.lng, p.at, \
             (select count(*) from assignments a where a.order_id = $1 and a.driver_id = s.driver_id) as times_asked, \
             (select max(coalesce(a.ended_at, a.expires_at)) from assignments a \
                 where a.order_id = $1 and a.driver_id = s.driver_id) as asked_until \
         from shifts s join driver_positions p on p.driver_id = s.driver_id \
         where s.ended_at is null and p.lat between $2 and $3 and p.lng between $4 and $5 \
         and not exists (select 1 from assignments a \
             where a.driver_id = s.driver_id and a.status in ('offered', 'accepted'))",
        order,
        restaurant.lat - high,
        restaurant.lat + high,
        restaurant.lng - wide,
        restaurant.lng + wide
    )?;
    let rested = |row: &Row| {
        row.asked_until
            .is_none_or(|until| until.plus_seconds(OFFER_PAUSE_SECONDS) <= now)
    };
    let candidate = |row: Row| Candidate {
        driver_id: row.driver_id,
        point: GeoPoint {
            lat: row.lat,
            lng: row.lng,
        },
        seen_at: row.at,
        times_asked: u32::try_from(row.times_asked).unwrap_or(u32::MAX),
    };
    Ok(rows.into_iter().filter(rested).map(candidate).collect())
}

/// Whom to ask: of those seen lately; only when there is none of those, of the quiet ones.
fn pick(candidates: &[Candidate], restaurant: GeoPoint, now: Timestamp) -> Option<Candidate> {
    let (lately, quiet): (Vec<Candidate>, Vec<Candidate>) = candidates
        .iter()
        .partition(|candidate| candidate.seen_at.plus_minutes(SEEN_MINUTES) >= now);
    choose(&lately, restaurant)
        .or_else(|| choose(&quiet, restaurant))
        .copied()
}

/// Asks the driver to ask next. `false` when someone else was faster, at the delivery or at every driver.
async fn ask(app: &App, order: OrderId, restaurant: GeoPoint, now: Timestamp) -> Result<bool, StoreError> {
    let work = async move |mut tx: Tx| offer(&mut tx, order, restaurant, now).await;
    match app.db.write(work).await {
        Ok(asked) => Ok(asked),
        Err(OrderingError::Store(error)) => Err(error),
        // Its order ended, or its driver found other work, in the meantime.
        Err(OrderingError::Rejected(_) | OrderingError::DriverBusy) => Ok(false),
        Err(error) => {
            tracing::error!(%order, %error, "no driver could be asked");
            Ok(false)
        }
    }
}

async fn offer(
    tx: &mut Tx,
    order: OrderId,
    restaurant: GeoPoint,
    now: Timestamp,
) -> Result<bool, OrderingError> {
    // Whoever holds the order is changing it; its commit starts another round.
    let ours = sql!(
        tx,
        fetch_optional as (OrderId,),
        "select id from orders where id = $1 {skip_locked}",
        order
    )?;
    if ours.is_none() {
        return Ok(false);
    }
    let mut taken = BTreeSet::new();
    loop {
        let mut free = candidates(tx, order, restaurant, now).await?;
        free.retain(|candidate| !taken.contains(&candidate.driver_id));
        let Some(Candidate { driver_id, .. }) = pick(&free, restaurant, now) else {
            return Ok(false);
        };
        if !reserve(tx, driver_id).await? {
            taken.insert(driver_id);
            continue;
        }
        let command = Command::Offer {
            driver_id,
            expires_at: now.plus_seconds(OFFER_SECONDS),
        };
        ordering::command(tx, &Actor::SYSTEM, order, &command, now).await?;
        return Ok(true);
    }
}

/// Locks the driver's shift, if they are still on duty, free, and nobody else is reserving them.
async fn reserve(tx: &mut Tx, driver: UserId) -> Result<bool, StoreError> {
    let shift = sql!(
        tx,
        fetch_optional as (UserId,),
        "select driver_id from shifts where driver_id = $1 and ended_at is null {skip_locked}",
        driver
    )?;
    let open = sql!(
        tx,
        fetch_optional as (OrderId,),
        "select order_id from assignments where driver_id = $1 and status in ('offered', 'accepted')",
        driver
    )?;
    Ok(shift.is_some() && open.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::time::MINUTE;
    use uuid::Uuid;

    #[test]
    fn a_quiet_driver_is_asked_only_when_no_other_is_near() {
        let restaurant = GeoPoint { lat: 24.7, lng: 46.7 };
        let now = Timestamp(100 * MINUTE);
        let driver = |id, lat, minutes_ago: i64| Candidate {
            driver_id: UserId(Uuid::from_u128(id)),
            point: GeoPoint { lat, lng: 46.7 },
            seen_at: now.plus_minutes(-minutes_ago),
            times_asked: 0,
        };
        let (quiet, seen) = (driver(1, 24.7, 11), driver(2, 24.75, 10));
        assert_eq!(pick(&[quiet, seen], restaurant, now), Some(seen));
        assert_eq!(pick(&[quiet], restaurant, now), Some(quiet));
    }
}

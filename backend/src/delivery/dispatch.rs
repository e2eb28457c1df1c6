//! Asks drivers. Level-triggered: each round looks at which deliveries wait now, so a restart forgets nothing and a
//! driver who comes on duty is found by the next round.
//!
//! A round reads first and writes only where somebody can be asked: a round that finds nobody leaves no commit behind,
//! and so does not wake itself. Two servers may run rounds at once: the order's row, the driver's shift and the order
//! the driver has in hand are locked before the offer is made, so a driver is never asked for two things, never sent to
//! a second restaurant after leaving the first, and no constraint is ever run into. The constraints are there all the
//! same: one offer and two slots a driver.

use std::collections::{BTreeSet, HashMap};

use momfood_domain::actor::Actor;
use momfood_domain::delivery::{AssignmentStatus, DeliveryStatus};
use momfood_domain::dispatch::{
    Candidate, Errand, InHand, Job, OFFER_RADIUS_M, OFFER_SECONDS, SAME_PLACE_M, choose,
};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::order::Command;
use momfood_domain::time::Timestamp;
use sqlx::types::Json;

use crate::app::App;
use crate::ordering::{self, KeptAddress, OrderingError};
use crate::sealed::Opener;
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
    for (order, errand) in waiting {
        let found = {
            let mut tx = app.db.read().await?;
            let candidates = candidates(&mut tx, order, errand.from, now).await?;
            pick(&candidates, &errand, now).is_some()
        };
        let asked = found && ask(app, order, errand, now).await?;
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

/// The deliveries to ask for, longest waiting first, each with its way.
async fn waiting(tx: &mut Tx, now: Timestamp) -> Result<Vec<(OrderId, Errand)>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as Way,
        "select d.order_id, r.lat, r.lng, o.customer_id, o.delivery_address, k.wrapped, k.master \
         from deliveries d join orders o on o.id = d.order_id join restaurants r on r.id = o.restaurant_id \
         left join person_keys k on k.person = o.customer_id \
         where d.status = 'waiting' and d.dispatch_at <= $1 and not exists (select 1 from assignments a \
             where a.order_id = d.order_id and a.status in ('offered', 'accepted')) \
         order by d.dispatch_at, d.order_id limit $2",
        now,
        AT_ONCE
    )?;
    let mut opener = Opener::empty(tx)?;
    let way = |way: Way| Ok((way.order_id, way.errand(&mut opener)?));
    rows.into_iter().map(way).collect()
}

/// Of an order: where from and where to.
#[derive(sqlx::FromRow)]
struct Way {
    order_id: OrderId,
    lat: f64,
    lng: f64,
    #[sqlx(flatten)]
    address: KeptAddress,
}

impl Way {
    fn errand(self, opener: &mut Opener) -> Result<Errand, StoreError> {
        let (lat, lng) = (self.lat, self.lng);
        let address = self.address.open(self.order_id, opener)?;
        Ok(Errand {
            from: GeoPoint { lat, lng },
            to: address.map(|address| address.point),
        })
    }
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

/// Half the height and width, in degrees, of a box around a circle of so many metres. The circle itself is the domain's.
fn around(point: GeoPoint, metres: u32) -> (f64, f64) {
    let high = f64::from(metres) / DEGREE_M * 1.01;
    (high, high / point.lat.to_radians().cos().max(0.01))
}

/// The drivers on duty near the restaurant who were not asked for this a moment ago, with what they have in hand. Those
/// who have an offer, or something of a restaurant elsewhere, are left out: there is no room.
async fn candidates(
    tx: &mut Tx,
    order: OrderId,
    restaurant: GeoPoint,
    now: Timestamp,
) -> Result<Vec<Candidate>, StoreError> {
    let (high, wide) = around(restaurant, OFFER_RADIUS_M);
    let (beside, across) = around(restaurant, SAME_PLACE_M);
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select s.driver_id, p.lat, p.lng, p.at, \
             (select count(*) from assignments a where a.order_id = $1 and a.driver_id = s.driver_id) as times_asked, \
             (select max(coalesce(a.ended_at, a.expires_at)) from assignments a \
                 where a.order_id = $1 and a.driver_id = s.driver_id) as asked_until \
         from shifts s join driver_positions p on p.driver_id = s.driver_id \
         where s.ended_at is null and p.lat between $2 and $3 and p.lng between $4 and $5 \
         and not exists (select 1 from assignments a join orders o on o.id = a.order_id \
             join restaurants r on r.id = o.restaurant_id \
             where a.driver_id = s.driver_id and a.status in ('offered', 'accepted') and (a.status = 'offered' \
                 or r.lat not between $6 and $7 or r.lng not between $8 and $9))",
        order,
        restaurant.lat - high,
        restaurant.lat + high,
        restaurant.lng - wide,
        restaurant.lng + wide,
        restaurant.lat - beside,
        restaurant.lat + beside,
        restaurant.lng - across,
        restaurant.lng + across
    )?;
    let rested = |row: &Row| {
        row.asked_until
            .is_none_or(|until| until.plus_seconds(OFFER_PAUSE_SECONDS) <= now)
    };
    let rows: Vec<Row> = rows.into_iter().filter(rested).collect();
    let drivers: Vec<UserId> = rows.iter().map(|row| row.driver_id).collect();
    let mut held = in_hand(tx, &drivers).await?;
    let candidate = |row: Row| Candidate {
        driver_id: row.driver_id,
        point: GeoPoint {
            lat: row.lat,
            lng: row.lng,
        },
        seen_at: row.at,
        times_asked: u32::try_from(row.times_asked).unwrap_or(u32::MAX),
        in_hand: held.remove(&row.driver_id).unwrap_or(InHand::Nothing),
    };
    Ok(rows.into_iter().map(candidate).collect())
}

#[derive(sqlx::FromRow)]
struct Held {
    driver_id: UserId,
    assignment: AssignmentStatus,
    delivery: DeliveryStatus,
    #[sqlx(flatten)]
    way: Way,
}

/// What those of `drivers` have in hand who have anything.
async fn in_hand(tx: &mut Tx, drivers: &[UserId]) -> Result<HashMap<UserId, InHand>, StoreError> {
    if drivers.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql!(
        tx,
        fetch_all as Held,
        "select a.driver_id, a.status as assignment, d.status as delivery, a.order_id, r.lat, r.lng, o.customer_id, \
             o.delivery_address, k.wrapped, k.master \
         from assignments a join deliveries d on d.order_id = a.order_id join orders o on o.id = a.order_id \
         join restaurants r on r.id = o.restaurant_id left join person_keys k on k.person = o.customer_id \
         where a.driver_id in {uuids($1)} and a.status in ('offered', 'accepted')",
        Json(drivers)
    )?;
    let mut opener = Opener::empty(tx)?;
    let mut held: HashMap<UserId, (usize, Vec<Job>)> = HashMap::new();
    for row in rows {
        let (offers, jobs) = held.entry(row.driver_id).or_default();
        if row.assignment == AssignmentStatus::Accepted {
            jobs.push(Job {
                errand: row.way.errand(&mut opener)?,
                picked_up: !row.delivery.is_before_pick_up(),
            });
        } else {
            *offers += 1;
        }
    }
    let in_hand = |(driver, (offers, jobs)): (UserId, (usize, Vec<Job>))| (driver, InHand::of(offers, &jobs));
    Ok(held.into_iter().map(in_hand).collect())
}

/// Whom to ask: of those seen lately; only when there is none of those, of the quiet ones.
fn pick(candidates: &[Candidate], errand: &Errand, now: Timestamp) -> Option<Candidate> {
    let (lately, quiet): (Vec<Candidate>, Vec<Candidate>) = candidates
        .iter()
        .partition(|candidate| candidate.seen_at.plus_minutes(SEEN_MINUTES) >= now);
    choose(&lately, errand)
        .or_else(|| choose(&quiet, errand))
        .copied()
}

/// Asks the driver to ask next. `false` when someone else was faster, at the delivery or at every driver.
async fn ask(app: &App, order: OrderId, errand: Errand, now: Timestamp) -> Result<bool, StoreError> {
    let work = async move |mut tx: Tx| offer(&mut tx, order, &errand, now).await;
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

async fn offer(tx: &mut Tx, order: OrderId, errand: &Errand, now: Timestamp) -> Result<bool, OrderingError> {
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
        let mut others = candidates(tx, order, errand.from, now).await?;
        others.retain(|candidate| !taken.contains(&candidate.driver_id));
        let Some(Candidate { driver_id, .. }) = pick(&others, errand, now) else {
            return Ok(false);
        };
        if !reserve(tx, driver_id, errand).await? {
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

/// Locks the driver's shift and what they have in hand, if they are still on duty, have room for `errand`, and nobody
/// else is reserving them. With a job in hand they may be taking its food at this very moment: then they are left alone.
async fn reserve(tx: &mut Tx, driver: UserId, errand: &Errand) -> Result<bool, StoreError> {
    let shift = sql!(
        tx,
        fetch_optional as (UserId,),
        "select driver_id from shifts where driver_id = $1 and ended_at is null {skip_locked}",
        driver
    )?;
    if shift.is_none() {
        return Ok(false);
    }
    let locked = sql!(
        tx,
        fetch_all as (OrderId,),
        "select id from orders where id in (select order_id from assignments \
             where driver_id = $1 and status in ('offered', 'accepted')) order by id {skip_locked}",
        driver
    )?;
    let held = in_hand(tx, &[driver]).await?.remove(&driver);
    Ok(match held {
        None => true,
        Some(held) => locked.len() == 1 && held.has_room_for(errand),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::time::MINUTE;
    use uuid::Uuid;

    #[test]
    fn a_quiet_driver_is_asked_only_when_no_other_is_near() {
        let from = GeoPoint { lat: 24.7, lng: 46.7 };
        let errand = Errand { from, to: None };
        let now = Timestamp(100 * MINUTE);
        let driver = |id, lat, minutes_ago: i64| Candidate {
            driver_id: UserId(Uuid::from_u128(id)),
            point: GeoPoint { lat, lng: 46.7 },
            seen_at: now.plus_minutes(-minutes_ago),
            times_asked: 0,
            in_hand: InHand::Nothing,
        };
        let (quiet, seen) = (driver(1, 24.7, 11), driver(2, 24.75, 10));
        assert_eq!(pick(&[quiet, seen], &errand, now), Some(seen));
        assert_eq!(pick(&[quiet], &errand, now), Some(quiet));
    }
}

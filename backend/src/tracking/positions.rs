//! The latest position of each driver as a row, and who may see it.

use momfood_domain::actor::Actor;
use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{OrderId, ShiftId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::{Ping, Pings};
use momfood_protocol::view::Position;
use uuid::Uuid;

use super::TrackingError;
use crate::store::{StoreError, Tx, sql};
use crate::{delivery, ordering};

/// An older position says nothing any more and is shown to nobody.
pub const HIDDEN_AFTER_MINUTES: i64 = 30;
/// Positions in one request at most.
const MOST_PINGS: usize = 50;
/// A position is taken to be no older than this, whatever the device says.
const OLDEST_MS: u64 = 3_600_000;

/// Whether a driver can be there: (0, 0) is what a device says that does not know where it is.
pub fn is_place(point: GeoPoint) -> bool {
    point.is_valid() && (point.lat.abs() > f64::EPSILON || point.lng.abs() > f64::EPSILON)
}

/// Where a shift began is where its driver was seen first.
pub async fn begin(
    tx: &mut Tx,
    driver: UserId,
    shift: ShiftId,
    point: GeoPoint,
    now: Timestamp,
) -> Result<(), StoreError> {
    let position = Position {
        point,
        at: now,
        heading: None,
    };
    save(tx, driver, shift.0, 0, &position).await.map(|_stored| ())
}

/// Takes a driver's positions and keeps the newest. Returns it, unless a newer one is known.
pub async fn record(
    tx: &mut Tx,
    driver: UserId,
    pings: &Pings,
    now: Timestamp,
) -> Result<Option<Position>, TrackingError> {
    let (n, newest) = newest(pings)?;
    if !delivery::is_on_shift(tx, driver).await? {
        return Err(TrackingError::OffShift);
    }
    let age = i64::try_from(newest.age_ms.min(OLDEST_MS)).unwrap_or(0);
    let position = Position {
        point: newest.point,
        at: now.plus(-age * 1_000),
        heading: newest.heading,
    };
    let stored = save(tx, driver, pings.session, n, &position).await?;
    Ok(stored.then_some(position))
}

/// The newest of a request by its number, once all of them make sense.
fn newest(pings: &Pings) -> Result<(i64, &Ping), TrackingError> {
    if pings.pings.len() > MOST_PINGS {
        return Err(TrackingError::Invalid("pings"));
    }
    let mut newest = None;
    for ping in &pings.pings {
        if !is_place(ping.point) {
            return Err(TrackingError::Invalid("point"));
        }
        if ping.heading.is_some_and(|heading| heading > 360) {
            return Err(TrackingError::Invalid("heading"));
        }
        let n = i64::try_from(ping.n).map_err(|_| TrackingError::Invalid("n"))?;
        if newest.is_none_or(|(most, _)| n > most) {
            newest = Some((n, ping));
        }
    }
    newest.ok_or(TrackingError::Invalid("pings"))
}

/// Keeps the position if it is the newest: by number within a run of the app. Another run replaces the one before,
/// unless what it brings was measured earlier: a batch that was long on its way.
async fn save(
    tx: &mut Tx,
    driver: UserId,
    session: Uuid,
    n: i64,
    position: &Position,
) -> Result<bool, StoreError> {
    let stored = sql!(
        tx,
        execute,
        "insert into driver_positions (driver_id, session, n, lat, lng, heading, at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (driver_id) do update set session = excluded.session, \
         n = excluded.n, lat = excluded.lat, lng = excluded.lng, heading = excluded.heading, at = excluded.at \
         where (driver_positions.session = excluded.session and driver_positions.n < excluded.n) \
         or (driver_positions.session <> excluded.session and driver_positions.at <= excluded.at)",
        driver,
        session,
        n,
        position.point.lat,
        position.point.lng,
        position.heading.map(i64::from),
        position.at
    )?;
    Ok(stored == 1)
}

/// The orders `driver` is at work on, each with its customer: those who may follow them.
pub async fn work_in_hand(tx: &mut Tx, driver: UserId) -> Result<Vec<(OrderId, UserId)>, StoreError> {
    sql!(
        tx,
        fetch_all as (OrderId, UserId),
        "select o.id, o.customer_id from assignments a join orders o on o.id = a.order_id \
         where a.driver_id = $1 and a.status = 'accepted'",
        driver
    )
}

/// Where the driver of an order is, to someone who may see the order; out of reach is not found. Nobody is told where
/// a driver is who is not, or no longer, at work on that order.
pub async fn of_order(
    tx: &mut Tx,
    actor: &Actor,
    order: OrderId,
    now: Timestamp,
) -> Result<Option<Position>, TrackingError> {
    let view = ordering::view(tx, actor, order, now).await?;
    let at_work = view.delivery.filter(|delivery| {
        matches!(
            delivery.status,
            DeliveryStatus::Assigned
                | DeliveryStatus::AtRestaurant
                | DeliveryStatus::PickedUp
                | DeliveryStatus::AtCustomer
        )
    });
    let Some(driver) = at_work.and_then(|delivery| delivery.driver) else {
        return Ok(None);
    };
    Ok(latest(tx, driver.id, now).await?)
}

#[derive(sqlx::FromRow)]
struct Row {
    lat: f64,
    lng: f64,
    heading: Option<i64>,
    at: Timestamp,
}

async fn latest(tx: &mut Tx, driver: UserId, now: Timestamp) -> Result<Option<Position>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select lat, lng, heading, at from driver_positions where driver_id = $1 and at >= $2",
        driver,
        now.plus_minutes(-HIDDEN_AFTER_MINUTES)
    )?;
    Ok(row.map(|row| Position {
        point: GeoPoint {
            lat: row.lat,
            lng: row.lng,
        },
        at: row.at,
        heading: row.heading.and_then(|heading| u16::try_from(heading).ok()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ping(n: u64, lat: f64) -> Ping {
        let point = GeoPoint { lat, lng: 46.7 };
        Ping {
            n,
            point,
            age_ms: 0,
            heading: None,
        }
    }

    fn pings(pings: Vec<Ping>) -> Pings {
        let session = Uuid::nil();
        Pings { session, pings }
    }

    #[test]
    fn the_newest_is_the_one_with_the_highest_number() {
        let batch = pings(vec![ping(2, 24.1), ping(9, 24.2), ping(4, 24.3)]);
        let (n, newest) = newest(&batch).unwrap();
        assert_eq!((n, newest.point.lat), (9, 24.2));
    }

    #[test]
    fn one_bad_position_refuses_the_whole_batch() {
        for bad in [f64::NAN, 91.0, f64::INFINITY] {
            assert!(
                newest(&pings(vec![ping(1, 24.0), ping(2, bad)])).is_err(),
                "{bad}"
            );
        }
        assert!(!is_place(GeoPoint { lat: 0.0, lng: -0.0 }));
        assert!(newest(&pings(vec![])).is_err());
        assert!(newest(&pings(vec![ping(1, 24.0); 51])).is_err());
        assert!(newest(&pings(vec![ping(u64::MAX, 24.0)])).is_err());
    }
}

//! On and off duty. A driver has one open shift at most, and none goes off with a job in hand, let alone two.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::delivery::AssignmentStatus;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{OrderId, ShiftId, UserId};
use momfood_domain::order::{Command, OrderStatus};
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::SetShift;

use super::{DeliveryError, day_changed};
use crate::ordering::{self, OrderingError};
use crate::store::{StoreError, Tx, sql};
use crate::tracking;

/// Whether the driver is on duty.
pub async fn is_on_shift(tx: &mut Tx, driver: UserId) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (ShiftId,),
        "select id from shifts where driver_id = $1 and ended_at is null",
        driver
    )?;
    Ok(row.is_some())
}

/// Takes the driver on or off duty. Asked for what is so already, nothing changes.
///
/// `id` names the shift if one begins.
pub async fn set_shift(
    tx: &mut Tx,
    driver: UserId,
    wish: &SetShift,
    id: ShiftId,
    now: Timestamp,
) -> Result<(), DeliveryError> {
    let changed = if wish.on {
        let point = wish.point.filter(|point| tracking::is_place(*point));
        begin(tx, driver, point.ok_or(DeliveryError::NoPlace)?, id, now).await?
    } else {
        end(tx, driver, now).await?
    };
    if changed {
        day_changed(tx, driver, now).await?;
    }
    Ok(())
}

async fn begin(
    tx: &mut Tx,
    driver: UserId,
    point: GeoPoint,
    id: ShiftId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let begun = sql!(
        tx,
        execute,
        "insert into shifts (id, driver_id, started_at) values ($1, $2, $3) on conflict do nothing",
        id,
        driver,
        now
    )?;
    if begun == 1 {
        tracking::begin(tx, driver, id, point, now).await?;
    }
    Ok(begun == 1)
}

/// The driver's own shift row is locked first: from then on nobody offers them anything. A job comes before an offer: it
/// alone keeps them on duty.
async fn end(tx: &mut Tx, driver: UserId, now: Timestamp) -> Result<bool, DeliveryError> {
    let shift = sql!(
        tx,
        fetch_optional as (ShiftId,),
        "select id from shifts where driver_id = $1 and ended_at is null {for_update}",
        driver
    )?;
    let Some((shift,)) = shift else {
        return Ok(false);
    };
    let open = sql!(
        tx,
        fetch_optional as (OrderId, i64, AssignmentStatus, OrderStatus),
        "select a.order_id, a.attempt, a.status, o.status from assignments a join orders o on o.id = a.order_id \
         where a.driver_id = $1 and a.status in ('offered', 'accepted') \
         order by case a.status when 'accepted' then 0 else 1 end, a.offered_at limit 1",
        driver
    )?;
    match open {
        Some((_, _, AssignmentStatus::Accepted, status)) => return Err(DeliveryError::AtWork(status)),
        Some((order, attempt, ..)) => {
            let attempt = u32::try_from(attempt).unwrap_or(0);
            let actor = Actor::person(driver, Role::Driver);
            match ordering::command(tx, &actor, order, &Command::DeclineOffer { attempt }, now).await {
                // Withdrawn and given to someone else at this very moment.
                Ok(_) | Err(OrderingError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        None => {}
    }
    sql!(
        tx,
        execute,
        "update shifts set ended_at = $1 where id = $2",
        now,
        shift
    )?;
    Ok(true)
}

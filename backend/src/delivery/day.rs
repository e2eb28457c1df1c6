//! A driver's day: what they did since midnight, what it paid, and the cash they carry. Reads what orders and
//! assignments say, and the ledger of cash where a fact did not fit; keeps nothing but a revision.

use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::id::{OrderId, ShiftId, UserId};
use momfood_domain::money::Currency;
use momfood_domain::payment::PaymentMethod;
use momfood_domain::text::LocalizedText;
use momfood_domain::time::{DAY, MINUTE, Timestamp};
use momfood_protocol::feed::{Entity, Scope};
use momfood_protocol::view::{DriverDay, ShiftView, TripView};

use crate::store::{StoreError, Tx, sql};
use crate::sync;

/// Riyadh's offset from UTC. The Gulf keeps no summer time.
const LOCAL: i64 = 3 * 60 * MINUTE;

#[derive(sqlx::FromRow)]
struct Row {
    order_id: OrderId,
    order_number: String,
    name: Option<String>,
    name_ar: Option<String>,
    ended_at: Timestamp,
    pay: i64,
    tip: i64,
    status: DeliveryStatus,
    method: PaymentMethod,
    captured: i64,
}

impl Row {
    const fn delivered(&self) -> bool {
        matches!(self.status, DeliveryStatus::Delivered)
    }

    /// A tip is for food that arrived.
    const fn tip(&self) -> i64 {
        if self.delivered() { self.tip } else { 0 }
    }

    const fn pay(&self) -> i64 {
        self.pay - self.tip + self.tip()
    }

    fn trip(self) -> TripView {
        let (pay, delivered) = (self.pay(), self.delivered());
        let cash = match self.method {
            PaymentMethod::Cash => self.captured,
            PaymentMethod::Card => 0,
        };
        TripView {
            order_id: self.order_id,
            restaurant: LocalizedText::new(self.name_ar, self.name)
                .unwrap_or_else(|_| LocalizedText::both(&self.order_number, &self.order_number)),
            number: self.order_number,
            at: self.ended_at,
            pay,
            cash,
            delivered,
        }
    }
}

/// The local day around `now`: when it began.
const fn midnight(now: Timestamp) -> Timestamp {
    Timestamp((now.0 + LOCAL).div_euclid(DAY) * DAY - LOCAL)
}

/// The day of `driver` as of `now`.
pub async fn driver_day(tx: &mut Tx, driver: UserId, now: Timestamp) -> Result<DriverDay, StoreError> {
    let shift = sql!(
        tx,
        fetch_optional as (ShiftId, Timestamp),
        "select id, started_at from shifts where driver_id = $1 and ended_at is null",
        driver
    )?;
    let today = midnight(now);
    // A job is done within two days of its offer: the index needs look no further back.
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select a.order_id, o.order_number, r.name, r.name_ar, a.ended_at, d.pay, o.tip, d.status, p.method, p.captured \
         from assignments a join orders o on o.id = a.order_id join restaurants r on r.id = o.restaurant_id \
         join deliveries d on d.order_id = a.order_id join payments p on p.order_id = a.order_id \
         where a.driver_id = $1 and a.offered_at >= $2 and a.status = 'completed' and a.ended_at >= $3 \
         order by a.ended_at desc, a.order_id",
        driver,
        today.plus(-2 * DAY),
        today
    )?;
    let (in_the_books,) = sql!(
        tx,
        fetch_one as (i64,),
        "select coalesce(cast(sum(p.captured) as bigint), 0) from assignments a \
         join payments p on p.order_id = a.order_id where a.driver_id = $1 and a.status = 'completed' \
         and p.method = 'cash' and p.status = 'collected'",
        driver
    )?;
    let (under_review,) = sql!(
        tx,
        fetch_one as (i64,),
        "select coalesce(cast(sum(c.amount) as bigint), 0) from cash_entries c \
         join facts f on f.actor = c.actor and f.uid = c.uid where c.actor = $1 and c.role = 'driver' \
         and c.disposition = 'review' and c.amount > 0 and f.disposition = 'review'",
        driver
    )?;
    let tips = rows.iter().map(Row::tip).sum();
    let done: Vec<TripView> = rows.into_iter().map(Row::trip).collect();
    Ok(DriverDay {
        shift: shift.map(|(id, since)| ShiftView { id, since }),
        currency: Currency::Sar,
        trips: u32::try_from(done.iter().filter(|trip| trip.delivered).count()).unwrap_or(u32::MAX),
        earned: done.iter().map(|trip| trip.pay).sum(),
        tips,
        cash_in_hand: in_the_books.saturating_add(under_review),
        done,
    })
}

/// The revision of a driver's day; 0 before anything happened.
pub async fn day_rev(tx: &mut Tx, driver: UserId) -> Result<i64, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select rev from driver_days where driver_id = $1",
        driver
    )?;
    Ok(row.map_or(0, |(rev,)| rev))
}

/// Says that a driver's day changed: a shift, a trip, cash handed in.
pub async fn day_changed(tx: &mut Tx, driver: UserId, now: Timestamp) -> Result<(), StoreError> {
    let (rev,) = sql!(
        tx,
        fetch_one as (i64,),
        "insert into driver_days (driver_id, rev) values ($1, 1) \
         on conflict (driver_id) do update set rev = driver_days.rev + 1 returning rev",
        driver
    )?;
    sync::touch(
        tx,
        Scope::Driver(driver),
        Entity::Driver,
        driver.0,
        rev,
        false,
        now,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_riyadh() {
        // 2026-03-01T12:00+03:00
        let noon = Timestamp(1_772_355_600_000_000);
        let began = midnight(noon);
        assert_eq!(noon.since(began), DAY / 2);
        assert_eq!(midnight(began), began);
        assert_eq!(midnight(began.plus(-1)), began.plus(-DAY));
    }
}

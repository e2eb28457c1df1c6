//! Orders as the database keeps them: read whole, several at once. The order's row is the lock of everything that
//! belongs to it: payment, delivery, assignments, events. Nothing is written here.

use std::collections::HashMap;

use momfood_domain::address::Address;
use momfood_domain::delivery::{Assignment, AssignmentStatus, Delivery, DeliveryStatus};
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::money::Currency;
use momfood_domain::order::{Event, Order, OrderStatus, Reason};
use momfood_domain::payment::{Owed, Payment, PaymentMethod, PaymentStatus};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::Timestamp;
use sqlx::types::Json;

use super::address;
use crate::sealed::Opener;
use crate::store::{StoreError, Tx, sql};

/// An order with everything that is kept about it, but for its lines and events.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// What decisions need.
    pub order: Order,
    /// Grows by one with every command that did something.
    pub rev: i64,
    /// The number people say.
    pub number: String,
    /// Minor units.
    pub subtotal: i64,
    /// Minor units.
    pub delivery_fee: i64,
    /// Minor units.
    pub service_fee: i64,
    /// Minor units.
    pub discount: i64,
    /// Minor units.
    pub tip: i64,
    /// Minor units.
    pub tax_amount: i64,
    /// For the kitchen.
    pub note: Option<String>,
    /// Where to.
    pub address: Option<Address>,
    /// Straight line, metres.
    pub distance_m: u32,
    /// When the customer can expect it.
    pub estimated_at: Option<Timestamp>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What carrying it pays, minor units.
    pub pay: i64,
    /// What the customer tells the driver; an order from before there were codes has none.
    pub handover_code: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: OrderId,
    customer_id: UserId,
    restaurant_id: RestaurantId,
    order_number: String,
    rev: i64,
    status: OrderStatus,
    fulfilment: Fulfilment,
    currency: Currency,
    subtotal: i64,
    delivery_fee: i64,
    service_fee: i64,
    discount: i64,
    tip: i64,
    tax_amount: i64,
    total_amount: i64,
    cancel_fee: i64,
    special_instructions: Option<String>,
    #[sqlx(flatten)]
    address: address::Kept,
    distance_m: Option<i64>,
    accept_limit_seconds: i64,
    accept_by: Option<Timestamp>,
    ready_by: Option<Timestamp>,
    estimated_delivery_time: Option<Timestamp>,
    reason: Option<Reason>,
    created_at: Timestamp,
    method: PaymentMethod,
    payment: PaymentStatus,
    authorized: i64,
    captured: i64,
    refunded: i64,
    owed: Option<Json<Owed>>,
    delivery: Option<DeliveryStatus>,
    attempt: Option<i64>,
    pay: Option<i64>,
    driver_id: Option<UserId>,
    assignment: Option<AssignmentStatus>,
    expires_at: Option<Timestamp>,
    let_go: Option<UserId>,
    handover_code: Option<String>,
}

/// What the columns hold is what this program put there; a number out of range cannot come out of it.
fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Row {
    fn record(self, opener: &mut Opener) -> Result<Record, StoreError> {
        let row = self;
        let assignment = match (row.driver_id, row.assignment, row.expires_at) {
            (Some(driver_id), Some(status), Some(expires_at)) => Some(Assignment {
                driver_id,
                status,
                expires_at,
            }),
            _ => None,
        };
        let delivery = row.delivery.map(|status| Delivery {
            status,
            attempt: small(row.attempt.unwrap_or(1)),
            assignment,
            let_go: row.let_go.filter(|_| assignment.is_none()),
        });
        Ok(Record {
            order: Order {
                id: row.id,
                customer_id: row.customer_id,
                restaurant_id: row.restaurant_id,
                fulfilment: row.fulfilment,
                status: row.status,
                currency: row.currency,
                total: row.total_amount,
                cancel_fee: row.cancel_fee,
                accept_limit_seconds: row.accept_limit_seconds,
                accept_by: row.accept_by,
                ready_by: row.ready_by,
                reason: row.reason,
                payment: Payment {
                    method: row.method,
                    status: row.payment,
                    authorized: row.authorized,
                    captured: row.captured,
                    refunded: row.refunded,
                    owed: row.owed.map(|Json(owed)| owed),
                },
                delivery,
            },
            rev: row.rev,
            number: row.order_number,
            subtotal: row.subtotal,
            delivery_fee: row.delivery_fee,
            service_fee: row.service_fee,
            discount: row.discount,
            tip: row.tip,
            tax_amount: row.tax_amount,
            note: row.special_instructions,
            address: row.address.open(row.id, opener)?,
            distance_m: small(row.distance_m.unwrap_or(0)),
            estimated_at: row.estimated_delivery_time,
            placed_at: row.created_at,
            pay: row.pay.unwrap_or(0),
            handover_code: row.handover_code,
        })
    }
}

/// Waits until nobody else changes the order, and keeps others waiting until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, id: OrderId) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (OrderId,),
        "select id from orders where id = $1 {for_update}",
        id
    )?;
    Ok(row.is_some())
}

/// Reads orders, in the order asked for; unknown ids are left out.
pub(super) async fn load(tx: &mut Tx, ids: &[OrderId]) -> Result<Vec<Record>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select o.id, o.customer_id, o.restaurant_id, o.order_number, o.rev, o.status, o.fulfilment,
            o.currency, o.subtotal, o.delivery_fee, o.service_fee, o.discount, o.tip, o.tax_amount, o.total_amount,
            o.cancel_fee, o.special_instructions, o.delivery_address, o.distance_m, o.accept_limit_seconds,
            o.accept_by, o.ready_by, o.estimated_delivery_time, o.reason, o.created_at, o.handover_code,
            p.method, p.status as payment, p.authorized, p.captured, p.refunded, p.owed,
            d.status as delivery, d.attempt, d.pay,
            a.driver_id, a.status as assignment, a.expires_at, l.driver_id as let_go, k.wrapped, k.master
         from orders o
         join payments p on p.order_id = o.id
         left join person_keys k on k.person = o.customer_id
         left join deliveries d on d.order_id = o.id
         left join assignments a on a.order_id = o.id and a.attempt = d.attempt
         left join assignments l on l.order_id = o.id and l.attempt = d.attempt - 1 and l.status = 'released'
         where o.id in {uuids($1)}",
        Json(ids)
    )?;
    let mut opener = Opener::empty(tx)?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        found.insert(row.id, row.record(&mut opener)?);
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// An order's events with their times, for several orders at once, oldest first.
pub(super) async fn events(
    tx: &mut Tx,
    ids: &[OrderId],
) -> Result<Vec<(OrderId, Timestamp, Event)>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (OrderId, Timestamp, Json<Event>),
        "select order_id, at, event from order_events where order_id in {uuids($1)} order by order_id, number",
        Json(ids)
    )?;
    Ok(rows
        .into_iter()
        .map(|(id, at, Json(event))| (id, at, event))
        .collect())
}

//! Orders as the database keeps them: the only place that reads and writes their rows.
//!
//! Every change of a row goes through [`write`], after [`lock`]; the order's row is the lock of everything that
//! belongs to it: payment, delivery, assignments, events.

use std::collections::HashMap;

use momfood_domain::actor::Actor;
use momfood_domain::address::Address;
use momfood_domain::delivery::{Assignment, AssignmentStatus, Delivery, DeliveryStatus, driver_pay};
use momfood_domain::dispatch::{dispatch_from, estimated_delivery};
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::money::Currency;
use momfood_domain::order::{Event, Order, OrderStatus, Reason};
use momfood_domain::payment::{Owed, Payment, PaymentMethod, PaymentStatus};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use super::OrderingError;
use crate::audit;
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
    delivery_address: Option<Json<Address>>,
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
}

/// What the columns hold is what this program put there; a number out of range cannot come out of it.
fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl From<Row> for Record {
    fn from(row: Row) -> Self {
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
        Self {
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
            address: row.delivery_address.map(|Json(address)| address),
            distance_m: small(row.distance_m.unwrap_or(0)),
            estimated_at: row.estimated_delivery_time,
            placed_at: row.created_at,
            pay: row.pay.unwrap_or(0),
        }
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
            o.accept_by, o.ready_by, o.estimated_delivery_time, o.reason, o.created_at,
            p.method, p.status as payment, p.authorized, p.captured, p.refunded, p.owed,
            d.status as delivery, d.attempt, d.pay,
            a.driver_id, a.status as assignment, a.expires_at, l.driver_id as let_go
         from orders o
         join payments p on p.order_id = o.id
         left join deliveries d on d.order_id = o.id
         left join assignments a on a.order_id = o.id and a.attempt = d.attempt
         left join assignments l on l.order_id = o.id and l.attempt = d.attempt - 1 and l.status = 'released'
         where o.id in {uuids($1)}",
        Json(ids)
    )?;
    let mut found: HashMap<OrderId, Record> = rows.into_iter().map(|row| (row.id, row.into())).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Writes what `events` made of the order, and that they happened. Touches nothing that stayed as it was.
pub(super) async fn write(
    tx: &mut Tx,
    before: &Record,
    after: &Order,
    events: &[Event],
    actor: &Actor,
    now: Timestamp,
) -> Result<(), OrderingError> {
    write_order(tx, before, after, events, now).await?;
    if before.order.payment != after.payment {
        write_payment(tx, after, now).await?;
    }
    if before.order.delivery != after.delivery {
        write_delivery(tx, before, after, now).await?;
        write_assignments(tx, &before.order, after, events, now).await?;
    }
    append(tx, after.id, events, actor, now).await?;
    Ok(())
}

async fn write_order(
    tx: &mut Tx,
    before: &Record,
    after: &Order,
    events: &[Event],
    now: Timestamp,
) -> Result<(), StoreError> {
    let delivered = events.iter().any(|event| matches!(event, Event::Delivered));
    sql!(
        tx,
        execute,
        "update orders set rev = $1, status = $2, driver_id = $3, payment_status = $4, accept_by = $5, ready_by = $6,
            estimated_delivery_time = $7, actual_delivery_time = coalesce($8, actual_delivery_time), reason = $9,
            updated_at = $10
         where id = $11",
        before.rev + 1,
        after.status,
        after.delivery.and_then(|delivery| delivery.driver()),
        after.payment.status,
        after.accept_by,
        after.ready_by,
        estimate(before, after, events, now),
        delivered.then_some(now),
        after.reason,
        now,
        after.id
    )?;
    Ok(())
}

/// When the customer can expect the order, by what is known after `events`.
fn estimate(before: &Record, after: &Order, events: &[Event], now: Timestamp) -> Option<Timestamp> {
    let mut estimated = before.estimated_at;
    for event in events {
        let from = match event {
            Event::Accepted { .. } | Event::Ready { .. } => after.ready_by,
            Event::PickedUp => Some(now),
            _ => None,
        };
        if let Some(from) = from {
            estimated = Some(match after.fulfilment {
                Fulfilment::Delivery => estimated_delivery(from, before.distance_m),
                Fulfilment::Pickup => from,
            });
        }
    }
    estimated
}

async fn write_payment(tx: &mut Tx, after: &Order, now: Timestamp) -> Result<(), StoreError> {
    let payment = &after.payment;
    sql!(
        tx,
        execute,
        "update payments set status = $1, authorized = $2, captured = $3, refunded = $4, owed = $5, updated_at = $6
         where order_id = $7",
        payment.status,
        payment.authorized,
        payment.captured,
        payment.refunded,
        payment.owed.map(Json),
        now,
        after.id
    )
    .map(|_rows| ())
}

async fn write_delivery(
    tx: &mut Tx,
    before: &Record,
    after: &Order,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(delivery) = after.delivery else {
        return Ok(());
    };
    // Drivers are asked at once for food that is ready or was let go of; else some minutes before it will be.
    let from = after.ready_by.map_or(now, dispatch_from);
    match before.order.delivery {
        None => sql!(
            tx,
            execute,
            "insert into deliveries (order_id, status, attempt, pay, dispatch_at, updated_at)
             values ($1, $2, $3, $4, $5, $6)",
            after.id,
            delivery.status,
            i64::from(delivery.attempt),
            driver_pay(before.distance_m, before.tip),
            if from > now { from } else { now },
            now
        )?,
        Some(_) => sql!(
            tx,
            execute,
            "update deliveries set status = $1, attempt = $2, updated_at = $3 where order_id = $4",
            delivery.status,
            i64::from(delivery.attempt),
            now,
            after.id
        )?,
    };
    Ok(())
}

async fn write_assignments(
    tx: &mut Tx,
    before: &Order,
    after: &Order,
    events: &[Event],
    now: Timestamp,
) -> Result<(), OrderingError> {
    if let Some((delivery, held)) = before.delivery.and_then(|d| d.assignment.map(|a| (d, a))) {
        let let_go = events
            .iter()
            .any(|event| matches!(event, Event::Released { attempt, .. } if *attempt == delivery.attempt));
        let status = match after.delivery {
            _ if let_go => AssignmentStatus::Released,
            Some(then) if then.attempt == delivery.attempt => then.assignment.map_or(held.status, |a| a.status),
            _ => held.status,
        };
        if status != held.status {
            sql!(
                tx,
                execute,
                "update assignments set status = $1, ended_at = $2 where order_id = $3 and attempt = $4",
                status,
                (!status.is_open()).then_some(now),
                after.id,
                i64::from(delivery.attempt)
            )?;
        }
    }
    for event in events {
        if let Event::Offered {
            attempt,
            driver_id,
            expires_at,
        } = event
        {
            let made = sql!(
                tx,
                execute,
                "insert into assignments (order_id, attempt, driver_id, status, offered_at, expires_at)
                 values ($1, $2, $3, 'offered', $4, $5) on conflict do nothing",
                after.id,
                i64::from(*attempt),
                *driver_id,
                now,
                *expires_at
            )?;
            if made == 0 {
                return Err(OrderingError::DriverBusy);
            }
        }
    }
    Ok(())
}

/// Writes down that `events` happened, numbered after those that happened before.
pub(super) async fn append(
    tx: &mut Tx,
    id: OrderId,
    events: &[Event],
    actor: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (last,) = sql!(
        tx,
        fetch_one as (i64,),
        "select coalesce(max(number), 0) from order_events where order_id = $1",
        id
    )?;
    for (number, event) in (last + 1..).zip(events) {
        sql!(
            tx,
            execute,
            "insert into order_events (order_id, number, at, actor, role, event) values ($1, $2, $3, $4, $5, $6)",
            id,
            number,
            now,
            actor.user,
            actor.role,
            Json(event)
        )?;
    }
    Ok(())
}

/// Moves the moment from which drivers are asked to `now`: there is food, and nobody to carry it.
pub(super) async fn dispatch_now(tx: &mut Tx, id: OrderId, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update deliveries set dispatch_at = $1, updated_at = $2 where order_id = $3 and dispatch_at > $4",
        now,
        now,
        id,
        now
    )
    .map(|_rows| ())
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
    Ok(rows.into_iter().map(|(id, at, Json(event))| (id, at, event)).collect())
}

/// The audit row of a change. Its id follows from the change, so that nothing is drawn here.
pub(super) async fn audit(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    (id, rev): (OrderId, i64),
    detail: serde_json::Value,
    now: Timestamp,
) -> Result<(), StoreError> {
    let entry = audit::Entry {
        id: audit_id(id, rev, now),
        at: now,
        action: &format!("order.{action}"),
        subject: "order",
        subject_id: Some(id.0),
        detail,
    };
    audit::record(tx, actor, entry).await
}

fn audit_id(id: OrderId, rev: i64, now: Timestamp) -> Uuid {
    use sha2::{Digest as _, Sha256};
    let hash = Sha256::new()
        .chain_update(id.0.as_bytes())
        .chain_update(rev.to_be_bytes())
        .finalize();
    let mut tail = [0; 10];
    tail.copy_from_slice(&hash[..10]);
    let millis = u64::try_from(now.0 / 1000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

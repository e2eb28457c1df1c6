//! What happened to an order, written down: its rows, its events, its line in the record of who did what. Only the one
//! command handler and placing write here, after the order was locked or made.

use momfood_domain::actor::Actor;
use momfood_domain::delivery::{AssignmentStatus, driver_pay};
use momfood_domain::dispatch::{dispatch_from, estimated_delivery};
use momfood_domain::id::OrderId;
use momfood_domain::order::{Event, Order};
use momfood_domain::pricing::{Fulfilment, OrderLine};
use momfood_domain::time::Timestamp;
use sqlx::types::Json;
use uuid::Uuid;

use super::OrderingError;
use super::command::Moment;
use super::record::Record;
use crate::audit;
use crate::store::{StoreError, Tx, sql};

/// Writes what `events` made of the order, and that they happened. Touches nothing that stayed as it was.
pub(super) async fn changes(
    tx: &mut Tx,
    before: &Record,
    after: &Order,
    events: &[Event],
    actor: &Actor,
    moment: Moment,
) -> Result<(), OrderingError> {
    let now = moment.now;
    write_order(tx, before, after, events, now).await?;
    if before.order.payment != after.payment {
        write_payment(tx, after, now).await?;
    }
    if before.order.delivery != after.delivery {
        write_delivery(tx, before, after, now).await?;
        write_assignments(tx, &before.order, after, events, now).await?;
    }
    append(tx, after.id, events, actor, moment).await?;
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
            Some(then) if then.attempt == delivery.attempt => {
                then.assignment.map_or(held.status, |a| a.status)
            }
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
            // The free one of a driver's two slots: with both taken, or an offer standing, the schema refuses it.
            let made = sql!(
                tx,
                execute,
                "insert into assignments (order_id, attempt, driver_id, status, offered_at, expires_at, slot)
                 values ($1, $2, $3, 'offered', $4, $5, case when exists (select 1 from assignments
                     where driver_id = $3 and slot = 1 and status in ('offered', 'accepted')) then 2 else 1 end)
                 on conflict do nothing",
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

/// Writes down that `events` happened, numbered after those that happened before: the order's row is locked.
pub(super) async fn append(
    tx: &mut Tx,
    id: OrderId,
    events: &[Event],
    actor: &Actor,
    moment: Moment,
) -> Result<(), StoreError> {
    for event in events {
        sql!(
            tx,
            execute,
            "insert into order_events (order_id, number, at, actor, role, event, occurred_at, skewed)
             select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7 from order_events where order_id = $8",
            id,
            moment.now,
            actor.user,
            actor.role,
            Json(event),
            moment.told.map(|told| told.at),
            moment.told.is_some_and(|told| told.skewed),
            id
        )?;
    }
    Ok(())
}

/// Carries the arguments of one to four lines to their statement.
macro_rules! lines_sql {
    ($tx:expr, $id:expr, $text:literal, $($line:expr),+) => {
        sql!(
            $tx,
            execute,
            $text,
            $(
                $id,
                $line.0,
                $line.1.item_id,
                Json(&$line.1.name),
                i64::from($line.1.quantity),
                $line.1.unit_price,
                $line.1.total,
                Json(&$line.1.options),
                $line.1.note.as_ref(),
                Json(&$line.1.allergens)
            ),+
        )?
    };
}

/// Writes a new order's lines, four to a statement.
pub(super) async fn lines(tx: &mut Tx, id: OrderId, lines: &[OrderLine]) -> Result<(), StoreError> {
    let numbered: Vec<(i64, &OrderLine)> = (1..).zip(lines).collect();
    for several in numbered.chunks(4) {
        match several {
            [one, two, three, four, ..] => lines_sql!(
                tx,
                id,
                "insert into order_lines (order_id, position, item_id, name, quantity, unit_price, total, options,
                    note, allergens)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10),
                    ($11, $12, $13, $14, $15, $16, $17, $18, $19, $20),
                    ($21, $22, $23, $24, $25, $26, $27, $28, $29, $30),
                    ($31, $32, $33, $34, $35, $36, $37, $38, $39, $40)",
                one,
                two,
                three,
                four
            ),
            [one, two, three] => lines_sql!(
                tx,
                id,
                "insert into order_lines (order_id, position, item_id, name, quantity, unit_price, total, options,
                    note, allergens)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10),
                    ($11, $12, $13, $14, $15, $16, $17, $18, $19, $20),
                    ($21, $22, $23, $24, $25, $26, $27, $28, $29, $30)",
                one,
                two,
                three
            ),
            [one, two] => lines_sql!(
                tx,
                id,
                "insert into order_lines (order_id, position, item_id, name, quantity, unit_price, total, options,
                    note, allergens)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10),
                    ($11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
                one,
                two
            ),
            [one] => lines_sql!(
                tx,
                id,
                "insert into order_lines (order_id, position, item_id, name, quantity, unit_price, total, options,
                    note, allergens)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                one
            ),
            [] => 0,
        };
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

//! Orders as their viewers may see them: a fixed number of statements, however many orders.

use std::collections::HashMap;

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{MenuItemId, OrderId, UserId};
use momfood_domain::order::{Event, party};
use momfood_domain::pricing::{Bill, LineOption, OrderLine};
use momfood_domain::text::LocalizedText;
use momfood_domain::time::{DAY, Timestamp};
use momfood_protocol::feed::Scope;
use momfood_protocol::project::{Someone, Whole, project};
use momfood_protocol::rest::OrderPage;
use momfood_protocol::view::OrderView;
use sqlx::types::Json;

use super::OrderingError;
use super::beside::Beside;
use super::command::{in_hand_of, is_seen_by_kitchen};
use super::people::Names;
use super::record::{self, Record};
use crate::identity::Person;
use crate::store::{StoreError, Tx, sql};

/// Orders that have ended stay in a customer's and a restaurant's scope for so long.
pub const KEPT: i64 = 2 * DAY;
/// Most orders in a customer's scope.
const MOST_OF_A_CUSTOMER: i64 = 50;
/// Most orders on a page, and how many unless asked.
const PAGE: (i64, i64) = (50, 20);

/// The order as `actor` may see it; out of reach is not found.
pub async fn view(
    tx: &mut Tx,
    actor: &Actor,
    id: OrderId,
    now: Timestamp,
) -> Result<OrderView, OrderingError> {
    let mut found = views(tx, actor, &[id], now).await?;
    found.pop().ok_or(OrderingError::NotFound)
}

/// An order as it has just been placed: everything there is to see of it, but for names.
pub struct Fresh {
    pub(super) record: Record,
    pub(super) lines: Vec<OrderLine>,
    pub(super) events: Vec<(Timestamp, Event)>,
}

/// The same as [`view`] of an order that was placed in this transaction, without reading back what was just written.
pub async fn view_fresh(
    tx: &mut Tx,
    actor: &Actor,
    fresh: Fresh,
    now: Timestamp,
) -> Result<OrderView, OrderingError> {
    let Fresh {
        record,
        lines,
        events,
    } = fresh;
    let names = Names::of(tx, std::slice::from_ref(&record)).await?;
    let seen = Seen {
        record: &record,
        lines,
        events: &events,
    };
    see(seen, &names, &Beside::default(), actor, now).ok_or(OrderingError::NotFound)
}

/// Several orders as `actor` may see them, in the order asked for. Those out of reach are left out.
pub async fn views(
    tx: &mut Tx,
    actor: &Actor,
    ids: &[OrderId],
    now: Timestamp,
) -> Result<Vec<OrderView>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut records = record::load(tx, ids).await?;
    records.retain(|record| party(&record.order, actor).is_some());
    show(tx, actor, records, now).await
}

/// Of `ids`, the orders that are in `scope` now, as its viewer may see them.
pub async fn in_scope(
    tx: &mut Tx,
    scope: Scope,
    viewer: &Actor,
    ids: &[OrderId],
    now: Timestamp,
) -> Result<Vec<OrderView>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut records = record::load(tx, ids).await?;
    records.retain(|record| match scope {
        Scope::Customer(customer) => record.order.customer_id == customer,
        Scope::Restaurant(restaurant) => {
            record.order.restaurant_id == restaurant && is_seen_by_kitchen(&record.order)
        }
        Scope::Driver(driver) => in_hand_of(&record.order) == Some(driver),
        Scope::Menu(_) => false,
    });
    show(tx, viewer, records, now).await
}

/// The ids of the orders that fill `scope` for somebody who knows nothing of it yet.
pub async fn ids_in_scope(tx: &mut Tx, scope: Scope, now: Timestamp) -> Result<Vec<OrderId>, StoreError> {
    let since = now.plus(-KEPT);
    let rows = match scope {
        Scope::Customer(customer) => sql!(
            tx,
            fetch_all as (OrderId,),
            "select id from orders where customer_id = $1 and (updated_at > $2 or status not in
                ('delivered', 'cancelled', 'rejected', 'expired', 'failed'))
             order by created_at desc limit $3",
            customer,
            since,
            MOST_OF_A_CUSTOMER
        )?,
        Scope::Restaurant(restaurant) => sql!(
            tx,
            fetch_all as (OrderId,),
            "select id from orders where restaurant_id = $1 and accept_by is not null and (updated_at > $2
                or status not in ('delivered', 'cancelled', 'rejected', 'expired', 'failed'))
             order by created_at",
            restaurant,
            since
        )?,
        // The newest attempts are enough: a driver has two things in hand at most, and brings back what failed.
        Scope::Driver(driver) => sql!(
            tx,
            fetch_all as (OrderId,),
            "select a.order_id from assignments a join deliveries d on d.order_id = a.order_id
                and d.attempt = a.attempt
             where a.driver_id = $1 and (a.status in ('offered', 'accepted') or d.status = 'failed')
             order by a.offered_at",
            driver
        )?,
        Scope::Menu(_) => Vec::new(),
    };
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The revision of an order that ended so long ago that it is in nobody's scope any more. It is locked.
pub async fn long_over(tx: &mut Tx, id: OrderId, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select rev from orders where id = $1 and updated_at <= $2
            and status in ('delivered', 'cancelled', 'rejected', 'expired', 'failed') {for_update}",
        id,
        now.plus(-KEPT)
    )?;
    Ok(row.map(|(rev,)| rev))
}

/// A page of the actor's own orders, newest first: a customer's, or a restaurant's.
pub async fn list(
    tx: &mut Tx,
    actor: &Actor,
    before: Option<Timestamp>,
    limit: Option<u32>,
    now: Timestamp,
) -> Result<OrderPage, OrderingError> {
    let limit = limit.map_or(PAGE.1, i64::from).clamp(1, PAGE.0);
    let before = before.unwrap_or(Timestamp(i64::MAX));
    let rows = match (actor.role, actor.user, actor.restaurant) {
        (Role::Customer, Some(customer), _) => sql!(
            tx,
            fetch_all as (OrderId, Timestamp),
            "select id, created_at from orders where customer_id = $1 and created_at < $2
             order by created_at desc limit $3",
            customer,
            before,
            limit + 1
        )?,
        (Role::Restaurant, _, Some(restaurant)) => sql!(
            tx,
            fetch_all as (OrderId, Timestamp),
            "select id, created_at from orders where restaurant_id = $1 and created_at < $2
                and accept_by is not null order by created_at desc limit $3",
            restaurant,
            before,
            limit + 1
        )?,
        _ => return Err(OrderingError::Forbidden),
    };
    let page = usize::try_from(limit).unwrap_or(rows.len()).min(rows.len());
    let next = (rows.len() > page).then(|| rows[page - 1].1);
    let ids: Vec<OrderId> = rows[..page].iter().map(|(id, _)| *id).collect();
    let orders = views(tx, actor, &ids, now).await?;
    Ok(OrderPage { orders, next })
}

#[derive(sqlx::FromRow)]
struct LineRow {
    order_id: OrderId,
    item_id: MenuItemId,
    name: Json<LocalizedText>,
    quantity: i64,
    unit_price: i64,
    total: i64,
    options: Json<Vec<LineOption>>,
    note: Option<String>,
    allergens: Json<Vec<String>>,
}

async fn lines(tx: &mut Tx, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<OrderLine>>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as LineRow,
        "select order_id, item_id, name, quantity, unit_price, total, options, note, allergens
         from order_lines where order_id in {uuids($1)} order by order_id, position",
        Json(ids)
    )?;
    let mut lines: HashMap<OrderId, Vec<OrderLine>> = HashMap::new();
    for row in rows {
        lines.entry(row.order_id).or_default().push(OrderLine {
            item_id: row.item_id,
            name: row.name.0,
            quantity: u32::try_from(row.quantity).unwrap_or(u32::MAX),
            unit_price: row.unit_price,
            total: row.total,
            options: row.options.0,
            note: row.note,
            allergens: row.allergens.0,
        });
    }
    Ok(lines)
}

async fn show(
    tx: &mut Tx,
    viewer: &Actor,
    records: Vec<Record>,
    now: Timestamp,
) -> Result<Vec<OrderView>, StoreError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<OrderId> = records.iter().map(|record| record.order.id).collect();
    let mut lines = lines(tx, &ids).await?;
    let mut events: HashMap<OrderId, Vec<(Timestamp, Event)>> = HashMap::new();
    for (id, at, event) in record::events(tx, &ids).await? {
        events.entry(id).or_default().push((at, event));
    }
    let names = Names::of(tx, &records).await?;
    let beside = Beside::of(tx, &records, viewer).await?;
    let shown = records.iter().filter_map(|record| {
        let id = &record.order.id;
        let seen = Seen {
            record,
            lines: lines.remove(id).unwrap_or_default(),
            events: events.get(id).map_or(&[][..], Vec::as_slice),
        };
        see(seen, &names, &beside, viewer, now)
    });
    Ok(shown.collect())
}

/// An order as it was read.
struct Seen<'a> {
    record: &'a Record,
    lines: Vec<OrderLine>,
    events: &'a [(Timestamp, Event)],
}

/// The order as `viewer` may see it, if they may.
fn see(
    Seen {
        record,
        lines,
        events,
    }: Seen<'_>,
    names: &Names,
    beside: &Beside,
    viewer: &Actor,
    now: Timestamp,
) -> Option<OrderView> {
    let order = &record.order;
    let driver: Option<UserId> = order.delivery.and_then(|delivery| delivery.driver());
    let whole = Whole {
        order,
        rev: record.rev,
        number: &record.number,
        bill: Bill {
            currency: order.currency,
            lines,
            subtotal: record.subtotal,
            delivery_fee: record.delivery_fee,
            service_fee: record.service_fee,
            discount: record.discount,
            tip: record.tip,
            tax_amount: record.tax_amount,
            total_amount: order.total,
        },
        note: record.note.as_deref(),
        address: record.address.as_ref(),
        distance_m: record.distance_m,
        estimated_at: record.estimated_at,
        placed_at: record.placed_at,
        pay: record.pay,
        handover_code: record.handover_code.as_deref(),
        events,
        restaurant: names.restaurant(order.restaurant_id)?,
        customer: names.person(order.customer_id).map(someone)?,
        driver: driver.and_then(|driver| names.person(driver)).map(someone),
        tickets: beside.tickets(order.id),
        rating: beside.rating(order.id),
        proof: beside.proof(order.id),
    };
    Some(project(whole, party(order, viewer)?, viewer, now))
}

fn someone(person: &Person) -> Someone<'_> {
    Someone {
        id: person.id,
        first_name: &person.first_name,
        last_name: &person.last_name,
        phone: person.phone.as_deref(),
        vehicle: person.vehicle.as_ref(),
    }
}

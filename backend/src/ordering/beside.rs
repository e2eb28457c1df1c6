//! What is kept beside an order and belongs to it: its kitchen's tickets, its customer's rating, the proofs of its
//! handing over. None of it moves the order; who can see it is told all the same.

use std::collections::HashMap;

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::OrderId;
use momfood_domain::order::{Event, Order, OrderStatus, Party, Rejection, party};
use momfood_domain::rating;
use momfood_domain::ticket::{Ticket, TicketCommand};
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Entity, Scope};
use momfood_protocol::mutation::{AtStation, Proof, Rate};
use momfood_protocol::view::{ProofKind, ProofView, TicketView};
use serde_json::json;
use sqlx::types::Json;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::OrderingError;
use super::command::{in_hand_of, reach};
use super::record::{self, Record};
use super::write;
use crate::hex::hex;
use crate::store::{StoreError, Tx, sql};
use crate::{catalog, sync};

/// What stands beside some orders, as far as their viewer may see it.
#[derive(Default)]
pub(super) struct Beside {
    tickets: HashMap<OrderId, Vec<TicketView>>,
    ratings: HashMap<OrderId, u8>,
    proofs: HashMap<OrderId, ProofView>,
}

impl Beside {
    /// Reads it for `records`: only what `viewer` may see, only of orders that can have it.
    pub(super) async fn of(tx: &mut Tx, records: &[Record], viewer: &Actor) -> Result<Self, StoreError> {
        let those = |wanted: &dyn Fn(&Order) -> bool| -> Vec<OrderId> {
            let wanted = records.iter().filter(|record| wanted(&record.order));
            wanted.map(|record| record.order.id).collect()
        };
        let mut found = Self::default();
        if viewer.role == Role::Restaurant {
            let cooked = those(&|order| order.ready_by.is_some());
            found.tickets = tickets(tx, &cooked).await?;
        }
        if viewer.role == Role::Customer {
            let eaten = those(&|order| order.status == OrderStatus::Delivered);
            found.ratings = ratings(tx, &eaten).await?;
        }
        if matches!(viewer.role, Role::Customer | Role::Driver) {
            let brought = those(&|order| order.status.is_end() && order.delivery.is_some());
            found.proofs = proofs(tx, &brought).await?;
        }
        Ok(found)
    }

    /// What its stations have done of it, by name.
    pub(super) fn tickets(&self, id: OrderId) -> &[TicketView] {
        self.tickets.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The stars it has.
    pub(super) fn rating(&self, id: OrderId) -> Option<u8> {
        self.ratings.get(&id).copied()
    }

    /// What shows how it ended.
    pub(super) fn proof(&self, id: OrderId) -> Option<&ProofView> {
        self.proofs.get(&id)
    }
}

async fn tickets(tx: &mut Tx, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<TicketView>>, StoreError> {
    let mut found: HashMap<OrderId, Vec<TicketView>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows = sql!(
        tx,
        fetch_all as (OrderId, String, Option<Timestamp>),
        "select order_id, station, done_at from tickets where order_id in {uuids($1)}",
        Json(ids)
    )?;
    for (id, station, done_at) in rows {
        found.entry(id).or_default().push(TicketView { station, done_at });
    }
    // By bytes, whatever order a database keeps texts in: a device sorts them the same way.
    for tickets in found.values_mut() {
        tickets.sort_by(|one, other| one.station.cmp(&other.station));
    }
    Ok(found)
}

async fn ratings(tx: &mut Tx, ids: &[OrderId]) -> Result<HashMap<OrderId, u8>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql!(
        tx,
        fetch_all as (OrderId, i64),
        "select order_id, stars from ratings where order_id in {uuids($1)}",
        Json(ids)
    )?;
    let stars = |(id, stars)| (id, u8::try_from(stars).unwrap_or(u8::MAX));
    Ok(rows.into_iter().map(stars).collect())
}

async fn proofs(tx: &mut Tx, ids: &[OrderId]) -> Result<HashMap<OrderId, ProofView>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sql!(
        tx,
        fetch_all as (OrderId, String, Option<Vec<u8>>, Timestamp),
        "select order_id, kind, sha256, occurred_at from proofs where order_id in {uuids($1)} and counts",
        Json(ids)
    )?;
    let seen = |(id, kind, sha256, at): (OrderId, String, Option<Vec<u8>>, Timestamp)| {
        let kind = ALL_KINDS.into_iter().find(|known| word(*known) == kind)?;
        let sha256 = sha256.map(|bytes| hex(&bytes));
        Some((id, ProofView { kind, sha256, at }))
    };
    Ok(rows.into_iter().filter_map(seen).collect())
}

const ALL_KINDS: [ProofKind; 3] = [ProofKind::Photo, ProofKind::Code, ProofKind::Signature];

const fn word(kind: ProofKind) -> &'static str {
    match kind {
        ProofKind::Photo => "photo",
        ProofKind::Code => "code",
        ProofKind::Signature => "signature",
    }
}

/// Bumps or recalls a station's ticket. On an order the kitchen has no work on, or repeated, nothing changes.
pub async fn ticket(
    tx: &mut Tx,
    actor: &Actor,
    at: &AtStation,
    command: TicketCommand,
    now: Timestamp,
) -> Result<(), OrderingError> {
    let record = reach(tx, actor, at.order_id).await?;
    let order = &record.order;
    if party(order, actor) != Some(Party::Kitchen) {
        return Err(Rejection::Forbidden.into());
    }
    if !order.status.is_in_kitchen() {
        return Ok(());
    }
    let row = sql!(
        tx,
        fetch_optional as (Option<Timestamp>,),
        "select done_at from tickets where order_id = $1 and station = $2",
        order.id,
        &at.station
    )?;
    let mut ticket = Ticket::open(order.id, at.station.clone());
    ticket.done_at = row.and_then(|(done_at,)| done_at);
    let Some(event) = ticket.decide(command, now) else {
        return Ok(());
    };
    ticket.apply(event);
    sql!(
        tx,
        execute,
        "insert into tickets (order_id, station, done_at) values ($1, $2, $3)
         on conflict (order_id, station) do update set done_at = excluded.done_at",
        order.id,
        &ticket.station,
        ticket.done_at
    )?;
    let action = match command {
        TicketCommand::Bump => "ticket_bumped",
        TicketCommand::Recall => "ticket_recalled",
    };
    let detail = json!({ "station": ticket.station });
    moved(tx, actor, &record, (action, detail), now).await?;
    touch(tx, &record, Scope::Restaurant(order.restaurant_id), now);
    Ok(())
}

/// Rates a delivered order, once, and with it its restaurant.
pub async fn rate(tx: &mut Tx, actor: &Actor, rate: &Rate, now: Timestamp) -> Result<(), OrderingError> {
    let record = reach(tx, actor, rate.order_id).await?;
    let id = record.order.id;
    let given = ratings(tx, &[id]).await?.remove(&id);
    let delivered_at = delivered_at(&record::events(tx, &[id]).await?);
    if !rating::rate(&record.order, actor, (delivered_at, given), rate.stars, now)? {
        return Ok(());
    }
    let comment = rate.comment.as_ref().map(|text| text.trim());
    sql!(
        tx,
        execute,
        "insert into ratings (order_id, stars, comment, at) values ($1, $2, $3, $4)",
        id,
        i64::from(rate.stars),
        comment.filter(|text| !text.is_empty()),
        now
    )?;
    catalog::change::rated(tx, record.order.restaurant_id, rate.stars, now).await?;
    moved(tx, actor, &record, ("rated", json!({ "stars": rate.stars })), now).await?;
    touch(tx, &record, Scope::Customer(record.order.customer_id), now);
    Ok(())
}

fn delivered_at(events: &[(OrderId, Timestamp, Event)]) -> Option<Timestamp> {
    let last = events
        .iter()
        .rev()
        .find(|(_, _, event)| matches!(event, Event::Delivered));
    last.map(|(_, at, _)| *at)
}

/// When and how a proof came.
#[derive(Clone, Copy, Debug)]
pub struct Proven {
    /// Of the mutation it came with.
    pub uid: Uuid,
    /// The server's time.
    pub now: Timestamp,
    /// The device's time.
    pub occurred_at: Timestamp,
    /// Whether the step it came with was taken.
    pub fits: bool,
}

/// Whether two codes are the same, in a time that does not tell where they differ.
fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Writes a proof down, once for each uid. `false` when it is a code that is not the customer's.
pub async fn prove(
    tx: &mut Tx,
    actor: &Actor,
    id: OrderId,
    proof: &Proof,
    proven: Proven,
) -> Result<bool, StoreError> {
    let Some(person) = actor.user else {
        return Ok(true);
    };
    let (own, placed_at) = code_of(tx, id).await?;
    let code_ok = match proof {
        Proof::Code { code } => Some(own.is_some_and(|own| is_same(&own, code.trim()))),
        Proof::Photo { .. } | Proof::Signature { .. } => None,
    };
    // The first one that fits is the one that is shown, whenever others come: the order's row is locked.
    let fits = proven.fits && code_ok != Some(false);
    let counts = fits && proofs(tx, &[id]).await?.is_empty();
    let written = sql!(
        tx,
        execute,
        "insert into proofs (actor, uid, order_id, kind, sha256, code_ok, counts, at, occurred_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (actor, uid) do nothing",
        person,
        proven.uid,
        id,
        word(proof.kind()),
        proof.digest().map(Vec::from),
        code_ok,
        counts,
        proven.now,
        placed_at.map_or(proven.occurred_at, |at| proven.occurred_at.max(at))
    )?;
    if written == 1 && counts {
        show_proof(tx, id, proven.now).await?;
    }
    Ok(code_ok != Some(false))
}

/// The code its customer was shown, and when it was placed: nothing shows of it before. An order from before there were
/// codes has none.
async fn code_of(tx: &mut Tx, id: OrderId) -> Result<(Option<String>, Option<Timestamp>), StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (Option<String>, Timestamp),
        "select handover_code, created_at from orders where id = $1",
        id
    )?;
    Ok(row.map_or((None, None), |(code, at)| (code, Some(at))))
}

/// The first proof of an order has come: its customer and its driver see it. It may come with the step it proves, or
/// with one that repeats it.
async fn show_proof(tx: &mut Tx, id: OrderId, now: Timestamp) -> Result<(), StoreError> {
    let Some(record) = record::load(tx, &[id]).await?.pop() else {
        return Ok(());
    };
    next_rev(tx, &record, now).await?;
    touch(tx, &record, Scope::Customer(record.order.customer_id), now);
    if let Some(driver) = in_hand_of(&record.order) {
        touch(tx, &record, Scope::Driver(driver), now);
    }
    Ok(())
}

/// Counts a change of what is beside the order, and writes it in the record of who did what.
async fn moved(
    tx: &mut Tx,
    actor: &Actor,
    record: &Record,
    (action, detail): (&str, serde_json::Value),
    now: Timestamp,
) -> Result<(), StoreError> {
    next_rev(tx, record, now).await?;
    write::audit(tx, actor, action, (record.order.id, record.rev + 1), detail, now).await
}

async fn next_rev(tx: &mut Tx, record: &Record, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update orders set rev = $1, updated_at = $2 where id = $3",
        record.rev + 1,
        now,
        record.order.id
    )
    .map(|_rows| ())
}

fn touch(tx: &mut Tx, record: &Record, scope: Scope, now: Timestamp) {
    let (id, rev) = (record.order.id.0, record.rev + 1);
    sync::touch(tx, scope, Entity::Order, id, rev, false, now);
}

//! Facts that do not fit: kept as they were told, with what can still be recorded of them, until somebody of support
//! has looked at them. Nothing is ever removed.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::money::Currency;
use momfood_domain::time::Timestamp;
use momfood_protocol::error::ErrorCode;
use momfood_protocol::mutation::{MOST_CASH, Mutation};
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::{Review, ReviewList};
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Done, MutationError, Performed, When, cash};
use crate::clock::Clock;
use crate::ordering::{self, OrderingError, Proven};
use crate::store::{StoreError, Tx, sql};
use crate::{audit, delivery};

/// Most facts on one page.
const PAGE: i64 = 100;

/// Keeps a fact that cannot be done, because of `problem`, for people to look at, with its cash and its proof: what was
/// acknowledged to a person is never lost. Also for one whose actor may no longer act.
pub async fn set_aside(
    tx: &mut Tx,
    actor: &Actor,
    mutation: &Mutation,
    when: &When,
    clock: &Clock,
    problem: Problem,
) -> Result<Performed, MutationError> {
    let order = mutation.order_id().ok_or(OrderingError::NotFound)?;
    let amount = mutation
        .cash()
        .filter(|amount| (-MOST_CASH..=MOST_CASH).contains(amount));
    if let Some(amount) = amount {
        let currency = currency_of(tx, order).await?;
        cash::write(
            tx,
            actor,
            (order, amount, currency),
            cash::Disposition::Review,
            when,
        )
        .await?;
    }
    if let Some(proof) = mutation.proof() {
        let proven = Proven {
            uid: when.uid,
            now: when.now,
            occurred_at: when.occurred_at,
            fits: false,
        };
        ordering::prove(tx, actor, order, proof, proven).await?;
    }
    keep(tx, actor, mutation, when, clock, (&problem, false)).await?;
    Ok(Performed {
        done: Done::Order(order),
        applied: false,
        review: Some(problem),
    })
}

async fn currency_of(tx: &mut Tx, order: OrderId) -> Result<Currency, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (Currency,),
        "select currency from orders where id = $1",
        order
    )?;
    Ok(row.map_or(Currency::Sar, |(currency,)| currency))
}

/// Writes a fact down as it was told. `applied` says whether it was done all the same.
pub(super) async fn keep(
    tx: &mut Tx,
    actor: &Actor,
    mutation: &Mutation,
    when: &When,
    clock: &Clock,
    (problem, applied): (&Problem, bool),
) -> Result<(), MutationError> {
    let person = actor.user.ok_or(OrderingError::Forbidden)?;
    sql!(
        tx,
        execute,
        "insert into facts (id, actor, role, restaurant_id, uid, name, ver, args, order_id, at, occurred_at, skewed,
            disposition, applied, code, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'review', $13, $14, $15)
         on conflict (actor, uid) do nothing",
        clock.uuid(),
        person,
        actor.role,
        actor.restaurant,
        when.uid,
        mutation.name(),
        i64::from(mutation.ver()),
        mutation.args().to_string(),
        mutation.order_id(),
        when.now,
        when.occurred_at,
        when.skewed,
        applied,
        code_word(problem.code),
        Json(&problem.details)
    )?;
    Ok(())
}

fn code_word(code: ErrorCode) -> String {
    let word = serde_json::to_value(code).unwrap_or_default();
    word.as_str().unwrap_or("internal").to_owned()
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    actor: UserId,
    role: Role,
    restaurant_id: Option<RestaurantId>,
    uid: Uuid,
    name: String,
    args: String,
    order_id: Option<OrderId>,
    order_number: Option<String>,
    amount: Option<i64>,
    at: Timestamp,
    occurred_at: Timestamp,
    skewed: bool,
    applied: bool,
    code: String,
    detail: Json<Value>,
}

impl From<Row> for Review {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            actor: row.actor,
            role: row.role,
            restaurant_id: row.restaurant_id,
            uid: row.uid,
            name: row.name,
            args: serde_json::from_str(&row.args).unwrap_or_default(),
            order_id: row.order_id,
            order_number: row.order_number,
            cash: row.amount,
            at: row.at,
            occurred_at: row.occurred_at,
            skewed: row.skewed,
            applied: row.applied,
            code: serde_json::from_value(Value::String(row.code)).unwrap_or(ErrorCode::Internal),
            details: row.detail.0,
        }
    }
}

/// What people are to look at, oldest first. `after` is where the page before ended.
pub(super) async fn open(tx: &mut Tx, after: Option<Timestamp>) -> Result<ReviewList, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select f.id, f.actor, f.role, f.restaurant_id, f.uid, f.name, f.args, f.order_id, o.order_number, c.amount,
            f.at, f.occurred_at, f.skewed, f.applied, f.code, f.detail
         from facts f left join orders o on o.id = f.order_id
         left join cash_entries c on c.actor = f.actor and c.uid = f.uid
         where f.disposition = 'review' and f.at >= $1 order by f.at, f.id limit $2",
        after.unwrap_or(Timestamp(i64::MIN)),
        PAGE
    )?;
    Ok(ReviewList {
        reviews: rows.into_iter().map(Review::from).collect(),
    })
}

/// Somebody has looked at it, and says what came of it. Closed before, nothing changes. `false` when there is none.
pub(super) async fn close(
    tx: &mut Tx,
    actor: &Actor,
    id: Uuid,
    note: &str,
    (audit_id, now): (Uuid, Timestamp),
) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (UserId, Role, Uuid, String),
        "select actor, role, uid, disposition from facts where id = $1 {for_update}",
        id
    )?;
    let Some((person, role, uid, disposition)) = row else {
        return Ok(false);
    };
    if disposition != "review" {
        return Ok(true);
    }
    sql!(
        tx,
        execute,
        "update facts set disposition = 'closed', closed_at = $1, closed_by = $2, note = $3 where id = $4",
        now,
        actor.user,
        note,
        id
    )?;
    let entry = audit::Entry {
        id: audit_id,
        at: now,
        action: "fact.closed",
        subject: "fact",
        subject_id: Some(id),
        detail: json!({ "uid": uid }),
    };
    audit::record(tx, actor, entry).await?;
    if role == Role::Driver {
        delivery::day_changed(tx, person, now).await?;
    }
    Ok(true)
}

//! What becomes due of orders: kitchens that do not answer, cards that never come through. Every round looks at what
//! is due now, so a restart forgets nothing.

use momfood_domain::actor::Actor;
use momfood_domain::id::OrderId;
use momfood_domain::order::{Command, Reason};
use momfood_domain::time::{DAY, MINUTE, Timestamp};

use super::{OrderingError, command, quote};
use crate::app::App;
use crate::store::{StoreError, Tx, sql};

/// How long an order waits for its card.
pub const UNPAID_MINUTES: i64 = 15;
/// Orders dealt with in one round; the next follows at once.
const ROUND: i64 = 50;
/// How long a quote that became no order is kept after it ended.
const QUOTES_KEPT: i64 = DAY;

/// Expires orders nobody accepted in time, calls off those whose card was never authorised, forgets old quotes.
/// Returns when the next is due, if one is known.
pub async fn expire_due(app: &App, now: Timestamp) -> Result<Option<Timestamp>, OrderingError> {
    let mut tx = app.db.read().await?;
    let silent = unanswered(&mut tx, now).await?;
    let unpaid = unpaid(&mut tx, now).await?;
    let next = next_due(&mut tx, now).await?;
    let old = old_quotes(&mut tx, now).await?;
    drop(tx);
    let timed_out = Command::Cancel {
        reason: Reason::PaymentTimedOut,
    };
    let due = silent
        .iter()
        .map(|id| (*id, Command::Expire))
        .chain(unpaid.iter().map(|id| (*id, timed_out.clone())));
    for (id, wanted) in due {
        let done = app
            .db
            .write(async move |mut tx| command(&mut tx, &Actor::SYSTEM, id, &wanted, now).await);
        match done.await {
            // Something else happened to it since it was read.
            Ok(_) | Err(OrderingError::Rejected(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if old {
        app.db
            .write(async move |mut tx| quote::forget(&mut tx, now.plus(-QUOTES_KEPT)).await)
            .await?;
    }
    let full = |found: &[OrderId]| found.len() >= usize::try_from(ROUND).unwrap_or(usize::MAX);
    Ok(if full(&silent) || full(&unpaid) {
        Some(now)
    } else {
        next
    })
}

async fn unanswered(tx: &mut Tx, now: Timestamp) -> Result<Vec<OrderId>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (OrderId,),
        "select id from orders where status = 'pending' and accept_by <= $1 order by accept_by limit $2",
        now,
        ROUND
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn unpaid(tx: &mut Tx, now: Timestamp) -> Result<Vec<OrderId>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (OrderId,),
        "select id from orders where status = 'awaiting_payment' and created_at <= $1 order by created_at limit $2",
        now.plus_minutes(-UNPAID_MINUTES),
        ROUND
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn next_due(tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let (answer,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select min(accept_by) from orders where status = 'pending' and accept_by > $1",
        now
    )?;
    let (placed,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select min(created_at) from orders where status = 'awaiting_payment' and created_at > $1",
        now.plus_minutes(-UNPAID_MINUTES)
    )?;
    let paid = placed.map(|at| at.plus(UNPAID_MINUTES * MINUTE));
    Ok([answer, paid].into_iter().flatten().min())
}

async fn old_quotes(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select cast(1 as bigint) from quotes where expires_at < $1 limit 1",
        now.plus(-QUOTES_KEPT)
    )?;
    Ok(row.is_some())
}

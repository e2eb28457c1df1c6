//! Questions to the gateway as rows: written down before they are asked, answered in the same transaction as what the
//! answer changes. What cannot happen: two different questions under one number, or one question under two numbers
//! while the first has no answer.

use momfood_domain::id::OrderId;
use momfood_domain::money::{Currency, Money};
use momfood_domain::payment::{Owed, Payment, PaymentMethod, PaymentStatus};
use momfood_domain::time::{SECOND, Timestamp};
use sqlx::types::Json;

use super::gateway::Request;
use crate::store::{StoreError, Tx, sql};

/// How long whoever asks has the question to themselves.
pub const LEASE_SECONDS: i64 = 30;
/// First and longest rest after a question without an answer.
const REST: (i64, i64) = (2 * SECOND, 300 * SECOND);

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Ask {
    /// Hold the amount.
    Authorize,
    /// Take it.
    Capture,
    /// Let go of it.
    Void,
    /// Give it back.
    Refund,
}

impl From<Owed> for Ask {
    fn from(owed: Owed) -> Self {
        match owed {
            Owed::Authorize => Self::Authorize,
            Owed::Capture => Self::Capture,
            Owed::Void => Self::Void,
            Owed::Refund { .. } => Self::Refund,
        }
    }
}

/// A question that is ours to ask until `lease` is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What.
    pub ask: Ask,
    /// Under which number, and how much.
    pub request: Request,
    /// What was given back before, when it was first asked.
    pub given_back: i64,
    /// The card's token, for an authorisation.
    pub card: Option<String>,
    /// Whether it was asked before and has no answer yet.
    pub again: bool,
}

/// What there is to do about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing is owed.
    Nothing,
    /// Someone is asking, or it rests: not before then.
    NotBefore(Timestamp),
    /// Ask this.
    Ask(Question),
}

#[derive(sqlx::FromRow)]
struct Row {
    method: PaymentMethod,
    status: PaymentStatus,
    authorized: i64,
    captured: i64,
    refunded: i64,
    owed: Option<Json<Owed>>,
    card_token: Option<String>,
    asked: i64,
    try_at: Option<Timestamp>,
}

impl Row {
    fn payment(&self) -> Payment {
        Payment {
            method: self.method,
            status: self.status,
            authorized: self.authorized,
            captured: self.captured,
            refunded: self.refunded,
            owed: self.owed.as_ref().map(|owed| owed.0),
        }
    }
}

/// Takes the question a payment has for the gateway, under a lease. Locks the payment only.
pub async fn take(tx: &mut Tx, order: OrderId, now: Timestamp) -> Result<Next, StoreError> {
    let sums = sql!(
        tx,
        fetch_optional as (Currency, i64),
        "select currency, total_amount from orders where id = $1",
        order
    )?;
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select method, status, authorized, captured, refunded, owed, card_token, asked, try_at from payments \
         where order_id = $1 {for_update}",
        order
    )?;
    let (Some((currency, total)), Some(row)) = (sums, row) else {
        return Ok(Next::Nothing);
    };
    let Some(owed) = row.payment().ask() else {
        return Ok(Next::Nothing);
    };
    if let Some(at) = row.try_at.filter(|at| *at > now) {
        return Ok(Next::NotBefore(at));
    }
    let ask = Ask::from(owed);
    let open = sql!(
        tx,
        fetch_optional as (i64, i64),
        "select number, amount from payment_questions \
         where order_id = $1 and ask = $2 and given_back = $3 and answer is null order by number limit 1",
        order,
        ask,
        row.refunded
    )?;
    let again = open.is_some();
    let (number, amount) = open.unwrap_or((
        row.asked + 1,
        match owed {
            Owed::Authorize => total,
            Owed::Capture | Owed::Void => row.authorized,
            Owed::Refund { amount } => amount,
        },
    ));
    if !again {
        sql!(
            tx,
            execute,
            "insert into payment_questions (order_id, number, ask, amount, given_back, asked_at) \
             values ($1, $2, $3, $4, $5, $6)",
            order,
            number,
            ask,
            amount,
            row.refunded,
            now
        )?;
    }
    sql!(
        tx,
        execute,
        "update payments set asked = $1, tries = tries + 1, try_at = $2 where order_id = $3",
        number.max(row.asked),
        now.plus_seconds(LEASE_SECONDS),
        order
    )?;
    let amount = Money::new(amount, currency);
    Ok(Next::Ask(Question {
        ask,
        request: Request {
            order,
            number,
            amount,
        },
        given_back: row.refunded,
        card: row.card_token,
        again,
    }))
}

/// Writes the answer down; the next question may be asked at once. A card that has been asked is needed no more.
pub async fn answered(
    tx: &mut Tx,
    question: &Question,
    answer: &'static str,
    now: Timestamp,
) -> Result<(), StoreError> {
    close(tx, question, answer, now).await?;
    sql!(
        tx,
        execute,
        "update payments set tries = 0, try_at = null, \
         card_token = case when $1 = 'authorize' then null else card_token end where order_id = $2",
        question.ask,
        question.request.order
    )?;
    Ok(())
}

/// Writes down that the gateway would not: the same is asked again later as a new question.
pub async fn refused(
    tx: &mut Tx,
    question: &Question,
    now: Timestamp,
    chance: u32,
) -> Result<Option<Timestamp>, StoreError> {
    close(tx, question, "refused", now).await?;
    rest(tx, question, now, chance).await
}

async fn close(
    tx: &mut Tx,
    question: &Question,
    answer: &'static str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update payment_questions set answer = $1, answered_at = $2 where order_id = $3 and number = $4 \
         and answer is null",
        answer,
        now,
        question.request.order,
        question.request.number
    )?;
    Ok(())
}

/// Lets the payment rest, longer with each try, and never two payments in step: `chance` spreads them.
pub async fn rest(
    tx: &mut Tx,
    question: &Question,
    now: Timestamp,
    chance: u32,
) -> Result<Option<Timestamp>, StoreError> {
    let order = question.request.order;
    let tries = sql!(
        tx,
        fetch_optional as (i64,),
        "select tries from payments where order_id = $1 {for_update}",
        order
    )?;
    let Some((tries,)) = tries else { return Ok(None) };
    let until = now.plus(pause(tries, chance));
    sql!(
        tx,
        execute,
        "update payments set try_at = $1 where order_id = $2",
        until,
        order
    )?;
    Ok(Some(until))
}

/// Half the doubled rest for certain, the other half by chance.
fn pause(tries: i64, chance: u32) -> i64 {
    let doublings = u32::try_from(tries.clamp(1, 9) - 1).unwrap_or(0);
    let longest = (REST.0 << doublings).min(REST.1);
    longest / 2 + (longest / 2) * i64::from(chance) / i64::from(u32::MAX)
}

/// The payments whose time has come, and when the next one's will.
pub async fn due(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<(Vec<OrderId>, Option<Timestamp>), StoreError> {
    let due = sql!(
        tx,
        fetch_all as (OrderId,),
        "select order_id from payments where owed is not null and (try_at is null or try_at <= $1) \
         order by updated_at, order_id limit $2",
        now,
        limit
    )?;
    let (next,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select min(try_at) from payments where owed is not null and try_at > $1",
        now
    )?;
    Ok((due.into_iter().map(|(order,)| order).collect(), next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_stay_bounded_and_differ_by_chance() {
        assert_eq!((pause(1, 0), pause(1, u32::MAX)), (SECOND, 2 * SECOND));
        assert_eq!(pause(4, 0), 8 * SECOND);
        for tries in [9, 50, i64::MAX] {
            assert_eq!(pause(tries, u32::MAX), 300 * SECOND);
        }
        assert!(pause(3, 1 << 30) < pause(3, 1 << 31));
    }
}

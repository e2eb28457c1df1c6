//! The built-in card gateway: behaves like a real one without touching a card. Keeps books of its own, which outlive
//! a restart, answers the same key the same again, and takes every number it is given seriously. It must never be
//! asked inside one of our transactions, and nobody else may read its books.
//!
//! | token | what happens |
//! |---|---|
//! | `sandbox:4242424242424242` | approved |
//! | `sandbox:…0002` | declined |
//! | `sandbox:…9995` | declined: insufficient funds |
//! | `sandbox:…0119` | approved, but the answer is lost the first time |
//! | `sandbox:…0341` | approved; the first capture is refused, the next one works |
//! | anything else | declined: unknown card |

use futures::FutureExt;
use futures::future::BoxFuture;
use momfood_domain::id::OrderId;
use momfood_domain::money::{Currency, Money};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::types::Json;

use super::gateway::{
    Authorised, Captured, Charge, ChargeStatus, Decline, Fault, Gateway, Refunded, Request, Voided,
};
use crate::clock::Clock;
use crate::store::{Db, StoreError, Tx, sql};

/// The gateway.
#[derive(Clone)]
pub struct Sandbox {
    db: Db,
    clock: Clock,
}

/// What a card does when it is asked for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Card {
    Approves,
    Declines(Decline),
    LosesTheAnswer,
    FailsFirstCapture,
}

impl Card {
    fn of(token: &str) -> Self {
        let digits = token
            .strip_prefix("sandbox:")
            .filter(|digits| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        match digits.map(|digits| digits.split_at(12)) {
            Some(("424242424242", "4242")) => Self::Approves,
            Some((_, "0002")) => Self::Declines(Decline::Declined),
            Some((_, "9995")) => Self::Declines(Decline::InsufficientFunds),
            Some((_, "0119")) => Self::LosesTheAnswer,
            Some((_, "0341")) => Self::FailsFirstCapture,
            _ => Self::Declines(Decline::UnknownCard),
        }
    }
}

/// A row of the books.
#[derive(sqlx::FromRow)]
struct Row {
    card: String,
    currency: Currency,
    status: ChargeStatus,
    held: i64,
    captured: i64,
    refunded: i64,
    refused: i64,
}

impl Row {
    fn money(&self, amount: i64) -> Money {
        Money::new(amount, self.currency)
    }
}

/// An answer, and whether it was found under its key.
struct Told<T> {
    answer: T,
    again: bool,
}

impl Sandbox {
    /// The gateway, with its books in `db`.
    pub const fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Does `work` once for each key and remembers the answer.
    async fn once<T, F>(&self, request: &Request, operation: &'static str, work: F) -> Result<Told<T>, Fault>
    where
        T: Serialize + DeserializeOwned + Send + Unpin + 'static,
        F: for<'t> FnOnce(&'t mut Tx, Request, i64) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        let (request, now) = (*request, self.clock.now().0);
        let told = self.db.write(async move |mut tx| {
            let tx = &mut tx;
            let (key, amount, currency) = (request.key(), request.amount.amount, request.amount.currency);
            let claimed = sql!(
                tx,
                execute,
                "insert into sandbox_answers (key, reference, operation, amount, currency, at) \
                 values ($1, $2, $3, $4, $5, $6) on conflict (key) do nothing",
                &key,
                request.order,
                operation,
                amount,
                currency,
                now
            )?;
            if claimed == 0 {
                let (Json(answer),) = sql!(
                    tx,
                    fetch_one as (Json<T>,),
                    "select answer from sandbox_answers where key = $1",
                    &key
                )?;
                return Ok(Told { answer, again: true });
            }
            let answer = work(tx, request, now).await?;
            sql!(
                tx,
                execute,
                "update sandbox_answers set answer = $1 where key = $2",
                Json(&answer),
                &key
            )?;
            Ok::<_, StoreError>(Told { answer, again: false })
        });
        told.await.map_err(|error| Fault::Unavailable(error.to_string()))
    }
}

async fn charge(tx: &mut Tx, order: OrderId) -> Result<Option<Row>, StoreError> {
    sql!(
        tx,
        fetch_optional as Row,
        "select card, currency, status, held, captured, refunded, refused from sandbox_charges \
         where reference = $1 {for_update}",
        order
    )
}

async fn save(tx: &mut Tx, order: OrderId, row: &Row, now: i64) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "insert into sandbox_charges (reference, card, currency, status, held, captured, refunded, refused, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (reference) do update set card = excluded.card, \
         currency = excluded.currency, status = excluded.status, held = excluded.held, captured = excluded.captured, \
         refunded = excluded.refunded, refused = excluded.refused, updated_at = excluded.updated_at",
        order,
        &row.card,
        row.currency,
        row.status,
        row.held,
        row.captured,
        row.refunded,
        row.refused,
        now
    )?;
    Ok(())
}

/// Holds the amount. Asked twice under two keys it holds twice, as any bank would: the books would show it.
async fn authorise(tx: &mut Tx, request: Request, card: String, now: i64) -> Result<Authorised, StoreError> {
    let before = charge(tx, request.order).await?;
    if before
        .as_ref()
        .is_some_and(|row| row.status == ChargeStatus::Released)
    {
        return Ok(Authorised::Declined(Decline::Declined));
    }
    let held = before.map_or(0, |row| row.held);
    let (status, holds, answer) = match Card::of(&card) {
        Card::Declines(why) => (ChargeStatus::Declined, 0, Authorised::Declined(why)),
        _ => (
            ChargeStatus::Held,
            request.amount.amount,
            Authorised::Held(request.amount),
        ),
    };
    let row = Row {
        card,
        currency: request.amount.currency,
        status,
        held: held + holds,
        captured: 0,
        refunded: 0,
        refused: 0,
    };
    save(tx, request.order, &row, now).await?;
    Ok(answer)
}

async fn capture(tx: &mut Tx, request: Request, now: i64) -> Result<Captured, StoreError> {
    let Some(mut row) = charge(tx, request.order).await? else {
        return Ok(Captured::NothingHeld);
    };
    match row.status {
        ChargeStatus::Declined | ChargeStatus::Released => return Ok(Captured::NothingHeld),
        ChargeStatus::Captured => return Ok(Captured::Taken(row.money(row.captured))),
        ChargeStatus::Held => {}
    }
    if request.amount.currency != row.currency || !(1..=row.held).contains(&request.amount.amount) {
        return Ok(Captured::Refused);
    }
    if Card::of(&row.card) == Card::FailsFirstCapture && row.refused == 0 {
        row.refused = 1;
        save(tx, request.order, &row, now).await?;
        return Ok(Captured::Refused);
    }
    row.status = ChargeStatus::Captured;
    row.captured = request.amount.amount;
    save(tx, request.order, &row, now).await?;
    Ok(Captured::Taken(request.amount))
}

/// An order it has never heard of is remembered as let go of, so that a hold that was overtaken by its own release
/// is declined when it arrives.
async fn void(tx: &mut Tx, request: Request, now: i64) -> Result<Voided, StoreError> {
    let row = match charge(tx, request.order).await? {
        Some(row) if row.status == ChargeStatus::Captured => {
            return Ok(Voided::Taken(row.money(row.captured)));
        }
        Some(row) if row.status == ChargeStatus::Declined => return Ok(Voided::Released),
        Some(row) => Row {
            status: ChargeStatus::Released,
            ..row
        },
        None => Row {
            card: String::new(),
            currency: request.amount.currency,
            status: ChargeStatus::Released,
            held: 0,
            captured: 0,
            refunded: 0,
            refused: 0,
        },
    };
    save(tx, request.order, &row, now).await?;
    Ok(Voided::Released)
}

async fn refund(tx: &mut Tx, request: Request, now: i64) -> Result<Refunded, StoreError> {
    let Some(mut row) = charge(tx, request.order).await? else {
        return Ok(Refunded::Refused);
    };
    let left = row.captured - row.refunded;
    if request.amount.currency != row.currency || !(1..=left).contains(&request.amount.amount) {
        return Ok(Refunded::Refused);
    }
    row.refunded += request.amount.amount;
    save(tx, request.order, &row, now).await?;
    Ok(Refunded::Given(request.amount))
}

impl Gateway for Sandbox {
    fn authorise<'a>(
        &'a self,
        request: &'a Request,
        card: &'a str,
    ) -> BoxFuture<'a, Result<Authorised, Fault>> {
        async move {
            let token = card.to_owned();
            let told = self
                .once(request, "authorize", move |tx, request, now| {
                    authorise(tx, request, token, now).boxed()
                })
                .await?;
            if Card::of(card) == Card::LosesTheAnswer && !told.again {
                return Err(Fault::NoAnswer);
            }
            Ok(told.answer)
        }
        .boxed()
    }

    fn capture<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Captured, Fault>> {
        async move {
            let told = self.once(request, "capture", |tx, request, now| {
                capture(tx, request, now).boxed()
            });
            Ok(told.await?.answer)
        }
        .boxed()
    }

    fn void<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Voided, Fault>> {
        async move {
            let told = self.once(request, "void", |tx, request, now| void(tx, request, now).boxed());
            Ok(told.await?.answer)
        }
        .boxed()
    }

    fn refund<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Refunded, Fault>> {
        async move {
            let told = self.once(request, "refund", |tx, request, now| {
                refund(tx, request, now).boxed()
            });
            Ok(told.await?.answer)
        }
        .boxed()
    }

    fn fetch(&self, order: OrderId) -> BoxFuture<'_, Result<Option<Charge>, Fault>> {
        async move {
            let fault = |error: StoreError| Fault::Unavailable(error.to_string());
            let mut tx = self.db.read().await.map_err(fault)?;
            let row = sql!(
                &mut tx,
                fetch_optional as Row,
                "select card, currency, status, held, captured, refunded, refused from sandbox_charges \
                 where reference = $1",
                order
            );
            Ok(row.map_err(fault)?.map(|row| Charge {
                status: row.status,
                held: row.money(row.held),
                captured: row.money(row.captured),
                refunded: row.money(row.refunded),
            }))
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_what_its_card_does_and_what_is_no_token_is_declined() {
        assert_eq!(Card::of("sandbox:4242424242424242"), Card::Approves);
        assert_eq!(
            Card::of("sandbox:4000000000000002"),
            Card::Declines(Decline::Declined)
        );
        assert_eq!(
            Card::of("sandbox:4000000000009995"),
            Card::Declines(Decline::InsufficientFunds)
        );
        assert_eq!(Card::of("sandbox:4000000000000119"), Card::LosesTheAnswer);
        assert_eq!(Card::of("sandbox:4000000000000341"), Card::FailsFirstCapture);
        for unknown in [
            "",
            "4242424242424242",
            "sandbox:42",
            "sandbox:4242424242424243",
            "sandbox:٤٢٤٢٤٢٤٢",
        ] {
            assert_eq!(
                Card::of(unknown),
                Card::Declines(Decline::UnknownCard),
                "{unknown}"
            );
        }
    }
}

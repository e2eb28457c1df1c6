//! Asks the gateway what a payment owes, in three phases: a question is written down under a lease; it is asked,
//! outside any transaction; its answer becomes a command on the order, in one transaction with the note that it was
//! answered. A crash between any two of them asks the same again under the same key: never a second charge, never a
//! second refund. Nothing here decides what is owed: the order does.

use std::sync::Arc;

use futures::future::BoxFuture;
use momfood_domain::actor::Actor;
use momfood_domain::id::OrderId;
use momfood_domain::money::Money;
use momfood_domain::order::Command;
use momfood_domain::time::{SECOND, Timestamp};

use super::gateway::{Authorised, Captured, Charge, ChargeStatus, Fault, Gateway, Refunded, Voided};
use super::questions::{self, Ask, Next, Question};
use crate::app::App;
use crate::ordering::{self, OrderingError};
use crate::store::StoreError;

/// Questions one call asks at most: an order's whole life needs fewer.
const ROUNDS: usize = 8;
/// How long the gateway may think.
const ANSWER_LIMIT: i64 = 7 * SECOND;
/// How long it may take to say how a charge stands.
const LOOK_LIMIT: i64 = 2 * SECOND;
/// How long a customer waits for their card before the order is shown as awaiting payment.
const PATIENCE: i64 = 10 * SECOND;
/// Payments settled at once.
const AT_ONCE: i64 = 64;
/// How long a background round waits for the gateway; slower answers are heard beside it.
const ROUND_LIMIT: i64 = SECOND;

/// How a payment stands after its gateway was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is owed.
    Settled,
    /// Something is still owed: someone else is asking, or the gateway did not answer. Not before then.
    Later(Timestamp),
}

/// Why a payment could not be settled now. What is owed stays written down.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SettleError {
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The order would not take the answer.
    #[error("the order would not take the gateway's answer: {0}")]
    Ordering(Arc<OrderingError>),
}

impl From<OrderingError> for SettleError {
    fn from(error: OrderingError) -> Self {
        Self::Ordering(Arc::new(error))
    }
}

/// What the gateway said, in our words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    Held(Money),
    Declined,
    Taken(Money),
    NothingHeld,
    Given(Money),
    Refused,
}

impl Heard {
    const fn word(self) -> &'static str {
        match self {
            Self::Held(_) => "authorized",
            Self::Declined => "declined",
            Self::Taken(_) => "captured",
            Self::NothingHeld => "voided",
            Self::Given(_) => "refunded",
            Self::Refused => "refused",
        }
    }

    /// The amount it speaks of, if it speaks of one.
    const fn amount(self) -> Option<Money> {
        match self {
            Self::Held(amount) | Self::Taken(amount) | Self::Given(amount) => Some(amount),
            Self::Declined | Self::NothingHeld | Self::Refused => None,
        }
    }

    const fn command(self, question: &Question) -> Option<Command> {
        match self {
            Self::Held(Money { amount, .. }) => Some(Command::Authorized { amount }),
            Self::Declined => Some(Command::Declined),
            Self::Taken(Money { amount, .. }) => Some(Command::Captured { amount }),
            Self::NothingHeld => Some(Command::Voided),
            Self::Given(Money { amount, .. }) => Some(Command::Refunded {
                amount,
                before: question.given_back,
            }),
            Self::Refused => None,
        }
    }
}

/// Why a question stays open.
#[derive(Clone, Debug, thiserror::Error)]
enum Unheard {
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Other money than was asked about. It must not enter the books: a person has to look.
    #[error("asked about {asked:?}, the gateway speaks of {told:?}")]
    OtherMoney { asked: Money, told: Money },
}

/// Asks the platform's gateway until nothing is owed for `order`, or it has to wait.
pub async fn settle(app: &App, order: OrderId) -> Result<Standing, SettleError> {
    settle_with(app, &*app.gateway, order).await
}

/// The same while somebody waits for the answer: returns after ten seconds at the latest, and asking goes on without
/// them, also when they go away.
pub async fn settle_while_waiting(app: &App, order: OrderId) {
    settle_while_waiting_with(app, &app.gateway, order).await;
}

/// [`settle_while_waiting`] with a gateway of the caller's.
pub async fn settle_while_waiting_with(app: &App, gateway: &Arc<dyn Gateway>, order: OrderId) {
    let asking = {
        let (app, gateway) = (app.clone(), Arc::clone(gateway));
        app.tasks
            .clone()
            .spawn(async move { report(order, settle_with(&app, &*gateway, order).await) })
    };
    let limit = app.clock.now().plus(PATIENCE);
    tokio::select! {
        _ = asking => {}
        () = app.clock.sleep_until(limit) => {}
    }
}

/// Asks every gateway question whose time has come. Returns when the next one's will.
pub async fn settle_due(app: &App, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    settle_due_with(app, &app.gateway, now).await
}

/// [`settle_due`] with a gateway of the caller's.
pub async fn settle_due_with(
    app: &App,
    gateway: &Arc<dyn Gateway>,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let (due, next) = questions::due(&mut app.db.read().await?, now, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(next);
    }
    // Tasks of their own: a slow gateway holds up neither the round nor, thanks to the lease, anything else.
    let asking = due.into_iter().map(|order| {
        let (app, gateway) = (app.clone(), Arc::clone(gateway));
        app.tasks
            .clone()
            .spawn(async move { report(order, settle_with(&app, &*gateway, order).await) })
    });
    let asking = futures::future::join_all(asking);
    let limit = app.clock.now().plus(ROUND_LIMIT);
    tokio::select! {
        _ = asking => {}
        () = app.clock.sleep_until(limit) => {}
    }
    let (due, next) = questions::due(&mut app.db.read().await?, app.clock.now(), 1).await?;
    Ok(if due.is_empty() {
        next
    } else {
        Some(now.plus(SECOND))
    })
}

fn report(order: OrderId, outcome: Result<Standing, SettleError>) {
    if let Err(error) = outcome {
        tracing::error!(%order, %error, "a payment could not be settled; it will be tried again");
    }
}

/// [`settle`] with a gateway of the caller's.
pub async fn settle_with(app: &App, gateway: &dyn Gateway, order: OrderId) -> Result<Standing, SettleError> {
    let mut last = None;
    for round in 0..ROUNDS {
        let now = app.clock.now();
        if round > 0 && app.stopping.is_cancelled() {
            return Ok(Standing::Later(now));
        }
        let next = app
            .db
            .write(async move |mut tx| questions::take(&mut tx, order, now).await)
            .await?;
        let question = match next {
            Next::Nothing => return Ok(Standing::Settled),
            Next::NotBefore(at) => return Ok(Standing::Later(at)),
            Next::Ask(question) => question,
        };
        let heard = match hear(app, gateway, &question).await {
            Ok(heard) => heard,
            Err(error) => {
                match &error {
                    Unheard::Fault(_) => {
                        tracing::warn!(%order, ?question.ask, %error, "no answer from the gateway");
                    }
                    Unheard::OtherMoney { .. } => {
                        tracing::error!(%order, ?question.ask, %error, "not believed");
                    }
                }
                return rest(app, question, None).await;
            }
        };
        tracing::info!(%order, ?question.ask, answer = heard.word(), "the gateway answered");
        match heard.command(&question) {
            Some(command) => {
                if !record(app, question.clone(), heard, command).await? {
                    return Ok(Standing::Settled);
                }
            }
            None => return rest(app, question, Some(heard)).await,
        }
        last = Some(question);
    }
    // The gateway answers, yet something is owed each time: not in a hot loop.
    tracing::error!(%order, "a payment does not come to rest");
    match last {
        Some(question) => rest(app, question, None).await,
        None => Ok(Standing::Settled),
    }
}

/// Writes the answer and what it changes. Returns whether something else is to be asked now.
async fn record(app: &App, question: Question, heard: Heard, command: Command) -> Result<bool, SettleError> {
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| {
            let tx = &mut tx;
            let done = ordering::command(tx, &Actor::SYSTEM, question.request.order, &command, now).await?;
            questions::answered(tx, &question, heard.word(), now).await?;
            Ok(done.after.payment.ask().is_some())
        })
        .await
}

async fn rest(app: &App, question: Question, refused: Option<Heard>) -> Result<Standing, SettleError> {
    let (now, chance) = (app.clock.now(), u32::from_le_bytes(app.clock.bytes()));
    let until = app
        .db
        .write(async move |mut tx| match refused {
            Some(_) => questions::refused(&mut tx, &question, now, chance).await,
            None => questions::rest(&mut tx, &question, now, chance).await,
        })
        .await?;
    Ok(until.map_or(Standing::Settled, Standing::Later))
}

/// Gets the answer to a question. One that may have been done already is not asked again before looking.
async fn hear(app: &App, gateway: &dyn Gateway, question: &Question) -> Result<Heard, Unheard> {
    if question.again
        && let Some(heard) = look(app, gateway, question).await?
    {
        return believe(heard, question);
    }
    let heard = match within(app, ANSWER_LIMIT, put(gateway, question)).await {
        Err(Fault::NoAnswer) => look(app, gateway, question).await?.ok_or(Fault::NoAnswer)?,
        answer => answer?,
    };
    believe(heard, question)
}

async fn within<T>(
    app: &App,
    limit: i64,
    answer: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let limit = app.clock.now().plus(limit);
    tokio::select! {
        answer = answer => answer,
        () = app.clock.sleep_until(limit) => Err(Fault::NoAnswer),
    }
}

fn put<'a>(gateway: &'a dyn Gateway, question: &'a Question) -> BoxFuture<'a, Result<Heard, Fault>> {
    let request = &question.request;
    Box::pin(async move {
        Ok(match question.ask {
            Ask::Authorize => {
                let card = question.card.as_deref().unwrap_or_default();
                match gateway.authorise(request, card).await? {
                    Authorised::Held(amount) => Heard::Held(amount),
                    Authorised::Declined(why) => {
                        tracing::info!(order = %request.order, ?why, "a card was declined");
                        Heard::Declined
                    }
                }
            }
            Ask::Capture => match gateway.capture(request).await? {
                Captured::Taken(amount) => Heard::Taken(amount),
                Captured::NothingHeld => Heard::NothingHeld,
                Captured::Refused => Heard::Refused,
            },
            Ask::Void => match gateway.void(request).await? {
                Voided::Released => Heard::NothingHeld,
                Voided::Taken(amount) => Heard::Taken(amount),
            },
            Ask::Refund => match gateway.refund(request).await? {
                Refunded::Given(amount) => Heard::Given(amount),
                Refunded::Refused => Heard::Refused,
            },
        })
    })
}

/// What the charge as it stands says to the question; nothing when it was not done yet.
async fn look(app: &App, gateway: &dyn Gateway, question: &Question) -> Result<Option<Heard>, Fault> {
    let order = question.request.order;
    let charge = within(app, LOOK_LIMIT, gateway.fetch(order)).await?;
    Ok(charge.and_then(|charge| told_by(&charge, question)))
}

fn told_by(charge: &Charge, question: &Question) -> Option<Heard> {
    match (question.ask, charge.status) {
        (Ask::Authorize, ChargeStatus::Declined) => Some(Heard::Declined),
        (Ask::Authorize, ChargeStatus::Held | ChargeStatus::Captured) => Some(Heard::Held(charge.held)),
        (Ask::Capture | Ask::Void, ChargeStatus::Captured) => Some(Heard::Taken(charge.captured)),
        (Ask::Authorize | Ask::Capture | Ask::Void, ChargeStatus::Released)
        | (Ask::Capture | Ask::Void, ChargeStatus::Declined) => Some(Heard::NothingHeld),
        (Ask::Capture | Ask::Void, ChargeStatus::Held) => None,
        (Ask::Refund, _) => {
            let given = charge.refunded.amount - question.given_back;
            (given > 0).then(|| Heard::Given(Money::new(given, charge.refunded.currency)))
        }
    }
}

/// An answer about other money than was asked about is no answer.
fn believe(heard: Heard, question: &Question) -> Result<Heard, Unheard> {
    let asked = question.request.amount;
    // Letting go speaks of no amount of its own.
    let most = if question.ask == Ask::Void {
        i64::MAX
    } else {
        asked.amount
    };
    match heard.amount() {
        Some(told) if told.currency != asked.currency || !(0..=most).contains(&told.amount) => {
            Err(Unheard::OtherMoney { asked, told })
        }
        _ => Ok(heard),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::gateway::Request;
    use momfood_domain::money::Currency;

    const fn riyals(amount: i64) -> Money {
        Money::new(amount * 100, Currency::Sar)
    }

    fn question(ask: Ask, amount: Money, given_back: i64) -> Question {
        let request = Request {
            order: OrderId(uuid::Uuid::nil()),
            number: 1,
            amount,
        };
        Question {
            ask,
            request,
            given_back,
            card: None,
            again: true,
        }
    }

    fn charge(status: ChargeStatus, captured: Money, refunded: Money) -> Charge {
        let held = riyals(50);
        Charge {
            status,
            held,
            captured,
            refunded,
        }
    }

    #[test]
    fn a_lost_answer_is_read_from_the_charge() {
        let held = charge(ChargeStatus::Held, riyals(0), riyals(0));
        let taken = charge(ChargeStatus::Captured, riyals(50), riyals(20));
        let ask = |ask| question(ask, riyals(50), 0);
        assert_eq!(
            told_by(&held, &ask(Ask::Authorize)),
            Some(Heard::Held(riyals(50)))
        );
        assert_eq!(told_by(&held, &ask(Ask::Capture)), None);
        assert_eq!(told_by(&taken, &ask(Ask::Void)), Some(Heard::Taken(riyals(50))));
        assert_eq!(told_by(&taken, &ask(Ask::Refund)), Some(Heard::Given(riyals(20))));
        // The second refund has not happened: what is given back is the first.
        assert_eq!(told_by(&taken, &question(Ask::Refund, riyals(20), 2_000)), None);
    }

    #[test]
    fn other_money_than_was_asked_about_is_not_believed() {
        let asked = question(Ask::Capture, riyals(50), 0);
        assert!(believe(Heard::Taken(riyals(50)), &asked).is_ok());
        assert!(believe(Heard::Taken(riyals(49)), &asked).is_ok());
        for told in [riyals(51), riyals(-1), Money::new(5_000, Currency::Kwd)] {
            assert!(believe(Heard::Taken(told), &asked).is_err(), "{told:?}");
        }
    }
}

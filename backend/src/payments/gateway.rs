//! What the platform asks of a card gateway, and what it may be answered. A gateway knows nothing of our database and
//! is never asked inside one of our transactions.

use futures::future::BoxFuture;
use momfood_domain::id::OrderId;
use momfood_domain::money::Money;
use serde::{Deserialize, Serialize};

/// A company that moves money on cards, or the built-in [`super::Sandbox`].
///
/// Every request carries a key. A gateway that is asked again under a key answers what it answered the first time and
/// moves nothing. A charge is named by the order it belongs to.
pub trait Gateway: Send + Sync {
    /// Holds the amount on the card behind `card`, a token from the card's own form.
    fn authorise<'a>(
        &'a self,
        request: &'a Request,
        card: &'a str,
    ) -> BoxFuture<'a, Result<Authorised, Fault>>;

    /// Takes the amount that is held.
    fn capture<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Captured, Fault>>;

    /// Lets go of what is held.
    fn void<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Voided, Fault>>;

    /// Gives an amount back.
    fn refund<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Refunded, Fault>>;

    /// How the order's charge stands; `None` when the gateway has never heard of it. Asks for nothing.
    fn fetch(&self, order: OrderId) -> BoxFuture<'_, Result<Option<Charge>, Fault>>;
}

/// What every request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Names the charge.
    pub order: OrderId,
    /// Number of the question within the order. The same question has the same number however often it is asked.
    pub number: i64,
    /// How much.
    pub amount: Money,
}

impl Request {
    /// The idempotency key.
    pub fn key(&self) -> String {
        format!("{}-{}", self.order, self.number)
    }
}

/// Answer to an authorisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authorised {
    /// So much is held.
    Held(Money),
    /// The card's bank said no.
    Declined(Decline),
}

/// Why a card's bank says no. For logs and support; a customer is told only that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decline {
    /// Without a reason.
    Declined,
    /// Not enough money on it.
    InsufficientFunds,
    /// No such card.
    UnknownCard,
}

/// Answer to a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Captured {
    /// So much was taken, now or before.
    Taken(Money),
    /// Nothing is held any more.
    NothingHeld,
    /// Not now. A new question may be answered better.
    Refused,
}

/// Answer to a void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voided {
    /// Nothing is held.
    Released,
    /// Too late: so much is taken already.
    Taken(Money),
}

/// Answer to a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refunded {
    /// So much was given back.
    Given(Money),
    /// Not now. A new question may be answered better.
    Refused,
}

/// How a charge stands at the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Where it stands.
    pub status: ChargeStatus,
    /// What was held at first.
    pub held: Money,
    /// What was taken.
    pub captured: Money,
    /// What was given back, in all.
    pub refunded: Money,
}

/// Where a charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ChargeStatus {
    /// The bank said no.
    Declined,
    /// Held, not taken.
    Held,
    /// Taken.
    Captured,
    /// Let go of.
    Released,
}

/// No answer. The question stays open and is asked again under its key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The gateway was not reached, or answered that it cannot work now: nothing has happened.
    #[error("the gateway is not available: {0}")]
    Unavailable(String),
    /// The line broke after the question went out: it may have been done.
    #[error("the gateway's answer was lost")]
    NoAnswer,
}

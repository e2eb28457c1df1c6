//! The payment of one order.
//!
//! Card: `pending → authorized → captured → partially_refunded → refunded`, `captured → refunded`,
//! `pending → failed | voided`, `authorized → voided`. Cash: `due → collected → reconciled`, `due → voided`.
//!
//! What must still be asked of the card gateway is written down in [`Payment::owed`] by the same change that
//! makes it necessary; a worker asks, outside any transaction, and comes back with a command. So a crash
//! between the two forgets nothing and asks nothing twice.

use serde::{Deserialize, Serialize};

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// To the driver, or over the counter.
    Cash,
    /// By card, through the gateway.
    Card,
}

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Card: the gateway has not answered yet.
    Pending,
    /// Card: the amount is held.
    Authorized,
    /// Card: the amount is taken.
    Captured,
    /// Card: part of it was given back.
    PartiallyRefunded,
    /// Card: all of it was given back.
    Refunded,
    /// Card: declined.
    Failed,
    /// Nothing was or will be taken.
    Voided,
    /// Cash: to be collected.
    Due,
    /// Cash: the driver or the counter has it.
    Collected,
    /// Cash: handed in and counted.
    Reconciled,
}

impl PaymentStatus {
    /// Steps from the beginning; a payment's rank never falls.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Pending | Self::Due => 0,
            Self::Authorized | Self::Collected => 1,
            Self::Captured | Self::Reconciled => 2,
            Self::PartiallyRefunded => 3,
            Self::Refunded | Self::Failed | Self::Voided => 4,
        }
    }
}

/// What must still be asked of the card gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Owed {
    /// Hold the order's total.
    Authorize,
    /// Take what is held.
    Capture,
    /// Let go of what is held, and hold nothing from now on, should the request to hold come later still. A
    /// gateway that has taken the amount already answers that it is captured.
    Void,
    /// Give back `amount` minor units. Asked once under the sum given back before: asked again under the same
    /// sum, a gateway answers with what it gave back then.
    Refund {
        /// Minor units.
        amount: i64,
    },
}

/// The payment of one order. Amounts are minor units in the order's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Cash or card.
    pub method: PaymentMethod,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Held by the card's bank.
    pub authorized: i64,
    /// Taken, by card or in cash.
    pub captured: i64,
    /// Given back.
    pub refunded: i64,
    /// What must still be asked of the gateway.
    pub owed: Option<Owed>,
}

impl Payment {
    /// The payment of a new order.
    pub const fn new(method: PaymentMethod) -> Self {
        let (status, owed) = match method {
            PaymentMethod::Cash => (PaymentStatus::Due, None),
            PaymentMethod::Card => (PaymentStatus::Pending, Some(Owed::Authorize)),
        };
        Self {
            method,
            status,
            authorized: 0,
            captured: 0,
            refunded: 0,
            owed,
        }
    }

    /// What to ask the gateway for now. Where only part of what is held is to be kept, all of it is taken
    /// before the rest is given back.
    pub fn ask(&self) -> Option<Owed> {
        match (self.status, self.owed) {
            (PaymentStatus::Authorized, Some(Owed::Refund { .. })) => Some(Owed::Capture),
            (_, owed) => owed,
        }
    }

    /// What remains with the platform.
    pub const fn kept(&self) -> i64 {
        self.captured - self.refunded
    }
}

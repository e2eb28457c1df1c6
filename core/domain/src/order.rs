//! The order: its own state, its payment and its delivery, moved by one set of events.
//!
//! Status: `awaiting_payment → pending → accepted → preparing → ready → picked_up → delivered`; cash starts at
//! `pending`; `accepted → ready` may skip `preparing`; a pick-up order ends `ready → delivered`.
//! Ends: `awaiting_payment | pending | accepted | preparing | ready → cancelled`; `pending → rejected |
//! expired`; `picked_up → failed`.
//!
//! [`decide()`] says what a command does, [`Order::apply`] does it. A late or repeated command gives no events
//! and is no error; a status never goes back; no end is ever left. The laws are property tests in
//! `tests/order_laws`.

use serde::{Deserialize, Serialize};

use crate::delivery::{AssignmentStatus, Delivery, DeliveryStatus};
use crate::id::{OrderId, RestaurantId, UserId};
use crate::money::Currency;
use crate::payment::{Payment, PaymentMethod};
use crate::pricing::Fulfilment;
use crate::time::Timestamp;

mod command;
mod decide;
mod event;
mod money;

pub use command::{Command, Rejection};
pub use decide::{Party, decide, party};
pub use event::Event;

/// Shortest and longest preparation a kitchen may promise, in minutes.
pub const PREP_MINUTES: core::ops::RangeInclusive<u32> = 1..=180;
/// Seconds a kitchen has to answer an order unless the restaurant says otherwise.
pub const ACCEPT_LIMIT_SECONDS: i64 = 300;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// The card has not been authorised yet. No kitchen sees it.
    AwaitingPayment,
    /// Waits for the kitchen's answer.
    Pending,
    /// The kitchen said yes.
    Accepted,
    /// Being cooked.
    Preparing,
    /// Waits to be fetched.
    Ready,
    /// With the driver.
    PickedUp,
    /// With the customer. An end.
    Delivered,
    /// Called off. An end.
    Cancelled,
    /// The kitchen said no. An end.
    Rejected,
    /// The kitchen said nothing in time. An end.
    Expired,
    /// Could not be handed over. An end.
    Failed,
}

impl OrderStatus {
    /// Every status.
    pub const ALL: [Self; 11] = [
        Self::AwaitingPayment,
        Self::Pending,
        Self::Accepted,
        Self::Preparing,
        Self::Ready,
        Self::PickedUp,
        Self::Delivered,
        Self::Cancelled,
        Self::Rejected,
        Self::Expired,
        Self::Failed,
    ];

    /// Steps from the beginning; an order's rank never falls.
    pub const fn rank(self) -> u8 {
        match self {
            Self::AwaitingPayment => 0,
            Self::Pending => 1,
            Self::Accepted => 2,
            Self::Preparing => 3,
            Self::Ready => 4,
            Self::PickedUp => 5,
            Self::Delivered | Self::Cancelled | Self::Rejected | Self::Expired | Self::Failed => 6,
        }
    }

    /// Whether it is an end.
    pub const fn is_end(self) -> bool {
        self.rank() == 6
    }

    /// Whether it ended without the food reaching the customer.
    pub const fn is_called_off(self) -> bool {
        matches!(self, Self::Cancelled | Self::Rejected | Self::Expired)
    }

    /// Whether the kitchen has work on it.
    pub const fn is_in_kitchen(self) -> bool {
        matches!(self, Self::Accepted | Self::Preparing | Self::Ready)
    }
}

/// Why a kitchen refuses an order or calls one off, why a customer does, why a delivery failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Kitchen: more orders than hands.
    TooBusy,
    /// Kitchen: something is sold out.
    OutOfStock,
    /// Kitchen: closing.
    Closing,
    /// Customer: changed their mind.
    ChangedMind,
    /// Customer: takes too long.
    TakesTooLong,
    /// Customer: wrong address or items.
    OrderedByMistake,
    /// The card was declined.
    PaymentDeclined,
    /// The card was not authorised in time.
    PaymentTimedOut,
    /// Driver: the customer could not be reached.
    CustomerUnreachable,
    /// Driver: the address is wrong.
    WrongAddress,
    /// Driver: vehicle or accident.
    VehicleProblem,
    /// Something else; see the note.
    Other,
}

/// An order's state, as far as decisions need it. Amounts are minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Which.
    pub id: OrderId,
    /// Whose.
    pub customer_id: UserId,
    /// Who cooks.
    pub restaurant_id: RestaurantId,
    /// Brought or fetched.
    pub fulfilment: Fulfilment,
    /// Where it stands.
    pub status: OrderStatus,
    /// Currency of every amount.
    pub currency: Currency,
    /// What is paid.
    pub total: i64,
    /// What a customer who cancels after the kitchen accepted still pays by card.
    pub cancel_fee: i64,
    /// Seconds the kitchen has to answer.
    pub accept_limit_seconds: i64,
    /// Until when it may answer; set once `pending`.
    pub accept_by: Option<Timestamp>,
    /// When the kitchen promised it; set once accepted, and when it really was ready.
    pub ready_by: Option<Timestamp>,
    /// Why it ended, if it ended badly.
    pub reason: Option<Reason>,
    /// Its payment.
    pub payment: Payment,
    /// Its delivery; from acceptance on, when a driver brings it.
    pub delivery: Option<Delivery>,
}

impl Order {
    /// What the customer still pays who cancels now, minor units: nothing before the kitchen accepted, and
    /// nothing of an order to be paid in cash, because there is no honest way to collect it.
    pub fn fee_to_cancel(&self) -> i64 {
        match (self.payment.method, self.status) {
            (PaymentMethod::Card, OrderStatus::Accepted) => self.cancel_fee.clamp(0, self.total),
            _ => 0,
        }
    }

    /// A cash order is due, a card order awaits its card.
    pub const fn first_status(method: PaymentMethod) -> OrderStatus {
        match method {
            PaymentMethod::Cash => OrderStatus::Pending,
            PaymentMethod::Card => OrderStatus::AwaitingPayment,
        }
    }

    fn end(&mut self, status: OrderStatus, reason: Option<Reason>) {
        self.status = status;
        self.reason = reason;
    }

    fn move_delivery(&mut self, status: DeliveryStatus) {
        if let Some(delivery) = &mut self.delivery {
            delivery.status = status;
        }
    }

    fn end_assignment(&mut self, status: AssignmentStatus) {
        if let Some(assignment) = self.delivery.as_mut().and_then(|d| d.assignment.as_mut()) {
            assignment.status = status;
        }
    }
}

//! The order: its own state, its payment and its delivery, moved by one set of events.
//!
//! Status: `awaiting_payment → pending → accepted → preparing → ready → picked_up → delivered`; cash starts at
//! `pending`; `accepted → ready` may skip `preparing`; a pick-up order ends `ready → delivered`.
//! Ends: `awaiting_payment | pending | accepted | preparing | ready → cancelled`; `pending → rejected |
//! expired`; `picked_up → failed`.
//!
//! [`decide`] says what a command does, [`Order::apply`] does it. A late or repeated command gives no events
//! and is no error; a status never goes back; no end is ever left. The laws are property tests in
//! `tests/order_laws.rs`.

use serde::{Deserialize, Serialize};

use crate::actor::Role;
use crate::delivery::{Assignment, AssignmentStatus, Delivery, DeliveryStatus};
use crate::id::{OrderId, RestaurantId, UserId};
use crate::money::Currency;
use crate::payment::{Owed, Payment, PaymentMethod, PaymentStatus};
use crate::pricing::Fulfilment;
use crate::time::Timestamp;

mod decide;
pub use decide::{Party, decide, party};

/// Shortest and longest preparation a kitchen may promise, in minutes.
pub const PREP_MINUTES: core::ops::RangeInclusive<u32> = 1..=180;
/// Seconds a kitchen has to answer an order unless the restaurant says otherwise.
pub const ACCEPT_LIMIT_SECONDS: i64 = 300;
/// Longest reason, in characters.
pub const MAX_REASON: usize = 300;

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

/// What someone wants of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Gateway: the card's amount is held.
    Authorized {
        /// Minor units held.
        amount: i64,
    },
    /// Gateway: the card was declined.
    Declined,
    /// Gateway: the amount was taken.
    Captured {
        /// Minor units taken.
        amount: i64,
    },
    /// Gateway: nothing is held any more.
    Voided,
    /// Gateway: an amount was given back.
    Refunded {
        /// Minor units given back.
        amount: i64,
    },
    /// Kitchen: yes, in so many minutes.
    Accept {
        /// Minutes until ready.
        prep_minutes: u32,
    },
    /// Kitchen: no.
    Reject {
        /// Why.
        reason: Reason,
    },
    /// Kitchen: cooking.
    StartPreparing,
    /// Kitchen: it can be fetched.
    MarkReady,
    /// Kitchen: the customer has fetched it (pick-up orders).
    HandOver {
        /// Cash taken over the counter, minor units.
        cash: Option<i64>,
    },
    /// Customer, kitchen or support: call it off.
    Cancel {
        /// Why.
        reason: Reason,
    },
    /// Worker: the kitchen did not answer in time.
    Expire,
    /// Worker: ask a driver.
    Offer {
        /// Whom.
        driver_id: UserId,
        /// Until when the offer stands.
        expires_at: Timestamp,
    },
    /// Worker: the driver did not answer in time.
    ExpireOffer {
        /// Of which attempt.
        attempt: u32,
    },
    /// Driver: yes.
    AcceptOffer {
        /// To which attempt.
        attempt: u32,
    },
    /// Driver: no.
    DeclineOffer {
        /// To which attempt.
        attempt: u32,
    },
    /// Driver or support: let go before pick-up.
    Release {
        /// Of which attempt.
        attempt: u32,
        /// Why.
        reason: Reason,
    },
    /// Driver: at the restaurant.
    ArriveAtRestaurant,
    /// Driver: has the food.
    PickUp,
    /// Driver: at the customer's.
    ArriveAtCustomer,
    /// Driver: handed over.
    Deliver {
        /// Cash taken, minor units; needed when cash is due.
        cash: Option<i64>,
    },
    /// Driver: could not hand it over.
    FailDelivery {
        /// Why.
        reason: Reason,
    },
    /// Driver: brought back.
    ReturnFood,
    /// Support: give money back.
    Refund {
        /// Minor units.
        amount: i64,
    },
    /// Support: the driver handed the cash in.
    ReconcileCash,
}

/// What happened to an order. Each is written down with its time, its actor and a number within the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The card's amount is held.
    Authorized {
        /// Minor units.
        amount: i64,
    },
    /// The card was declined.
    PaymentFailed,
    /// The kitchen can see it and must answer by then.
    Submitted {
        /// Deadline.
        accept_by: Timestamp,
    },
    /// The kitchen said yes.
    Accepted {
        /// Promised time.
        ready_by: Timestamp,
    },
    /// The kitchen said no.
    Rejected {
        /// Why.
        reason: Reason,
    },
    /// The kitchen said nothing in time.
    Expired,
    /// Being cooked.
    Preparing,
    /// Can be fetched.
    Ready {
        /// Since when.
        at: Timestamp,
    },
    /// With the driver.
    PickedUp,
    /// With the customer.
    Delivered,
    /// Called off.
    Cancelled {
        /// Who called it off.
        by: Role,
        /// Why.
        reason: Reason,
        /// What the customer still pays, minor units.
        fee: i64,
    },
    /// Could not be handed over.
    Failed {
        /// Why.
        reason: Reason,
    },
    /// Something must be asked of the gateway (or no longer).
    Owes {
        /// What.
        owed: Option<Owed>,
    },
    /// The amount was taken from the card.
    Captured {
        /// Minor units.
        amount: i64,
    },
    /// Nothing is held or due any more.
    Voided,
    /// Money was given back.
    Refunded {
        /// Minor units.
        amount: i64,
    },
    /// Cash was taken from the customer.
    CashCollected {
        /// Minor units.
        amount: i64,
    },
    /// The cash was handed in.
    CashReconciled,
    /// A driver was asked.
    Offered {
        /// Number of the attempt.
        attempt: u32,
        /// Who.
        driver_id: UserId,
        /// Until when.
        expires_at: Timestamp,
    },
    /// The driver said yes.
    OfferAccepted {
        /// Number of the attempt.
        attempt: u32,
    },
    /// The driver said no.
    OfferDeclined {
        /// Number of the attempt.
        attempt: u32,
    },
    /// The driver said nothing in time, or the order ended first.
    OfferExpired {
        /// Number of the attempt.
        attempt: u32,
    },
    /// The driver was let go.
    Released {
        /// Number of the attempt.
        attempt: u32,
        /// Why.
        reason: Reason,
    },
    /// The driver is at the restaurant.
    ArrivedAtRestaurant,
    /// The driver is at the customer's.
    ArrivedAtCustomer,
    /// The food came back.
    FoodReturned,
}

/// Why a command does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The actor may not know that it exists.
    #[error("not found")]
    NotFound,
    /// The actor may see it, but not do this.
    #[error("forbidden")]
    Forbidden,
    /// It can no longer be done, or not yet.
    #[error("not possible while the order is {0:?}")]
    WrongState(OrderStatus),
    /// The offer was withdrawn, or its time is over.
    #[error("the offer is over")]
    OfferOver,
    /// Cash is due and was not named.
    #[error("say how much cash was taken")]
    CashNeeded,
    /// An amount below zero, or more than there is.
    #[error("the amount is out of range")]
    Amount,
    /// Outside [`PREP_MINUTES`].
    #[error("preparation takes 1 to 180 minutes")]
    PrepMinutes,
}

impl Order {
    /// Changes the state by what happened. Never fails: [`decide`] gives only events that fit.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Authorized { amount } => {
                self.payment.status = PaymentStatus::Authorized;
                self.payment.authorized = *amount;
                self.payment.owed = None;
            }
            Event::PaymentFailed => {
                self.payment.status = PaymentStatus::Failed;
                self.payment.owed = None;
            }
            Event::Submitted { accept_by } => {
                self.status = OrderStatus::Pending;
                self.accept_by = Some(*accept_by);
            }
            Event::Accepted { ready_by } => {
                self.status = OrderStatus::Accepted;
                self.ready_by = Some(*ready_by);
                if self.fulfilment == Fulfilment::Delivery {
                    self.delivery = Some(Delivery::new());
                }
            }
            Event::Rejected { reason } => self.end(OrderStatus::Rejected, Some(*reason)),
            Event::Expired => self.end(OrderStatus::Expired, None),
            Event::Preparing => self.status = OrderStatus::Preparing,
            Event::Ready { at } => {
                self.status = OrderStatus::Ready;
                self.ready_by = Some(*at);
            }
            Event::PickedUp => {
                self.status = OrderStatus::PickedUp;
                self.move_delivery(DeliveryStatus::PickedUp);
            }
            Event::Delivered => {
                self.end(OrderStatus::Delivered, None);
                self.move_delivery(DeliveryStatus::Delivered);
                self.end_assignment(AssignmentStatus::Completed);
            }
            Event::Cancelled { reason, .. } => {
                self.end(OrderStatus::Cancelled, Some(*reason));
                self.move_delivery(DeliveryStatus::Cancelled);
                match self.delivery.and_then(|d| d.assignment).map(|a| a.status) {
                    Some(AssignmentStatus::Offered) => self.end_assignment(AssignmentStatus::Expired),
                    Some(AssignmentStatus::Accepted) => self.end_assignment(AssignmentStatus::Released),
                    _ => {}
                }
            }
            Event::Failed { reason } => {
                self.end(OrderStatus::Failed, Some(*reason));
                self.move_delivery(DeliveryStatus::Failed);
                self.end_assignment(AssignmentStatus::Completed);
            }
            Event::Owes { owed } => self.payment.owed = *owed,
            Event::Captured { amount } => {
                self.payment.status = PaymentStatus::Captured;
                self.payment.captured = *amount;
                self.payment.owed = None;
            }
            Event::Voided => {
                self.payment.status = PaymentStatus::Voided;
                self.payment.owed = None;
            }
            Event::Refunded { amount } => {
                self.payment.refunded += amount;
                self.payment.owed = None;
                self.payment.status = if self.payment.kept() == 0 {
                    PaymentStatus::Refunded
                } else {
                    PaymentStatus::PartiallyRefunded
                };
            }
            Event::CashCollected { amount } => {
                self.payment.status = PaymentStatus::Collected;
                self.payment.captured = *amount;
            }
            Event::CashReconciled => self.payment.status = PaymentStatus::Reconciled,
            Event::Offered {
                attempt,
                driver_id,
                expires_at,
            } => {
                if let Some(delivery) = &mut self.delivery {
                    let (driver_id, expires_at) = (*driver_id, *expires_at);
                    delivery.attempt = *attempt;
                    delivery.assignment = Some(Assignment {
                        driver_id,
                        status: AssignmentStatus::Offered,
                        expires_at,
                    });
                }
            }
            Event::OfferAccepted { .. } => {
                self.end_assignment(AssignmentStatus::Accepted);
                self.move_delivery(DeliveryStatus::Assigned);
            }
            Event::OfferDeclined { .. } => self.end_assignment(AssignmentStatus::Declined),
            Event::OfferExpired { .. } => self.end_assignment(AssignmentStatus::Expired),
            Event::Released { attempt, .. } => {
                if let Some(delivery) = &mut self.delivery {
                    *delivery = Delivery {
                        attempt: attempt + 1,
                        ..Delivery::new()
                    };
                }
            }
            Event::ArrivedAtRestaurant => self.move_delivery(DeliveryStatus::AtRestaurant),
            Event::ArrivedAtCustomer => self.move_delivery(DeliveryStatus::AtCustomer),
            Event::FoodReturned => self.move_delivery(DeliveryStatus::Returned),
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

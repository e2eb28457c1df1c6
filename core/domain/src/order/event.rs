//! What happened to an order, and how that changes it.

use serde::{Deserialize, Serialize};

use super::{Order, OrderStatus, Reason};
use crate::actor::Role;
use crate::delivery::{Assignment, AssignmentStatus, Delivery, DeliveryStatus};
use crate::id::UserId;
use crate::payment::{Owed, PaymentStatus};
use crate::pricing::Fulfilment;
use crate::time::Timestamp;

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

impl Order {
    /// Changes the state by what happened. Never fails: [`decide`](super::decide()) gives only events that fit.
    #[expect(clippy::too_many_lines, reason = "one arm for each event")]
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
                    delivery.let_go = None;
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
                        let_go: delivery.driver(),
                        ..Delivery::new()
                    };
                }
            }
            Event::ArrivedAtRestaurant => self.move_delivery(DeliveryStatus::AtRestaurant),
            Event::ArrivedAtCustomer => self.move_delivery(DeliveryStatus::AtCustomer),
            Event::FoodReturned => self.move_delivery(DeliveryStatus::Returned),
        }
    }
}

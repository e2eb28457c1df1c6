//! The delivery of one order, and a driver's attempts at it.
//!
//! Delivery: `waiting → assigned → at_restaurant → picked_up → at_customer → delivered`;
//! `picked_up | at_customer → failed → returned`; anything before `picked_up` → `cancelled`.
//! Assignment: `offered → accepted → completed`, `offered → declined | expired`, `accepted → released`
//! before pick-up, which puts the delivery back to `waiting` under the next attempt number.

use serde::{Deserialize, Serialize};

use crate::geo::street_distance_m;
use crate::id::UserId;
use crate::time::Timestamp;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// No driver yet.
    Waiting,
    /// A driver is on the way to the restaurant.
    Assigned,
    /// The driver waits at the restaurant.
    AtRestaurant,
    /// The driver has the order.
    PickedUp,
    /// The driver is at the customer's.
    AtCustomer,
    /// Handed over.
    Delivered,
    /// Could not be handed over.
    Failed,
    /// Brought back after it failed.
    Returned,
    /// Called off before pick-up.
    Cancelled,
}

impl DeliveryStatus {
    /// Steps from the beginning. A delivery's rank is (attempt, this), and never falls.
    pub const fn rank(self) -> u8 {
        match self {
            Self::Waiting => 0,
            Self::Assigned => 1,
            Self::AtRestaurant => 2,
            Self::PickedUp => 3,
            Self::AtCustomer => 4,
            Self::Delivered | Self::Failed => 5,
            Self::Returned | Self::Cancelled => 6,
        }
    }

    /// Whether the food is still at the restaurant and the delivery is on.
    pub const fn is_before_pick_up(self) -> bool {
        matches!(self, Self::Waiting | Self::Assigned | Self::AtRestaurant)
    }

    /// Whether the driver carries the food.
    pub const fn is_carried(self) -> bool {
        matches!(self, Self::PickedUp | Self::AtCustomer)
    }
}

/// Where one driver's attempt at a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AssignmentStatus {
    /// Proposed, with a deadline.
    Offered,
    /// The driver does it.
    Accepted,
    /// The driver did it, or tried and failed at the door.
    Completed,
    /// The driver said no.
    Declined,
    /// The driver said nothing in time, or the order ended first.
    Expired,
    /// The driver was let go before pick-up.
    Released,
}

impl AssignmentStatus {
    /// Whether the attempt is still on: an offer standing, or a driver at work.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }
}

/// One driver's attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Assignment {
    /// Who.
    pub driver_id: UserId,
    /// Where it stands.
    pub status: AssignmentStatus,
    /// Until when the offer stands.
    pub expires_at: Timestamp,
}

/// The delivery of one order. An order has at most one open assignment; older ones are kept by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Delivery {
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Number of the current or next attempt, from 1.
    pub attempt: u32,
    /// The current attempt, if one was made under this number.
    pub assignment: Option<Assignment>,
    /// Who was let go under the number before, while nobody was asked under this one: they may repeat it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub let_go: Option<UserId>,
}

impl Delivery {
    /// A delivery nobody has been asked for yet.
    pub const fn new() -> Self {
        Self {
            status: DeliveryStatus::Waiting,
            attempt: 1,
            assignment: None,
            let_go: None,
        }
    }

    /// The driver at work on it, if one accepted.
    pub fn driver(&self) -> Option<UserId> {
        self.assignment
            .filter(|a| matches!(a.status, AssignmentStatus::Accepted | AssignmentStatus::Completed))
            .map(|a| a.driver_id)
    }
}

impl Default for Delivery {
    fn default() -> Self {
        Self::new()
    }
}

/// What a delivery pays the driver, in minor units of a two-digit currency: 8.00 and 1.50 for each street
/// kilometre begun, plus the customer's whole tip.
pub fn driver_pay(straight_m: u32, tip: i64) -> i64 {
    800 + 150 * i64::from(street_distance_m(straight_m).div_ceil(1_000)) + tip
}

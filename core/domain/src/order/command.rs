//! What people, the gateway and the platform's worker want of an order, and who may want it.

use serde::{Deserialize, Serialize};

use super::{OrderStatus, Party, Reason};
use crate::id::UserId;
use crate::time::Timestamp;

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
    /// Gateway: nothing is held any more: it was let go of, or the hold lapsed before it was taken.
    Voided,
    /// Gateway: an amount was given back.
    Refunded {
        /// Minor units given back.
        amount: i64,
        /// Minor units given back before, as they stood when this was asked: tells a repeated answer from
        /// the answer to a second refund of the same amount.
        before: i64,
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

impl Command {
    /// Whether `party` may give this command at all.
    pub(super) const fn is_for(&self, party: Party) -> bool {
        use Party::{Customer, Driver, Kitchen, Staff, System};
        match self {
            Self::Authorized { .. }
            | Self::Declined
            | Self::Captured { .. }
            | Self::Voided
            | Self::Refunded { .. }
            | Self::Expire
            | Self::Offer { .. }
            | Self::ExpireOffer { .. } => matches!(party, System),
            Self::Accept { .. }
            | Self::Reject { .. }
            | Self::StartPreparing
            | Self::MarkReady
            | Self::HandOver { .. } => matches!(party, Kitchen),
            Self::Cancel { .. } => matches!(party, Customer | Kitchen | Staff | System),
            Self::Release { .. } => matches!(party, Driver | Staff),
            Self::AcceptOffer { .. }
            | Self::DeclineOffer { .. }
            | Self::ArriveAtRestaurant
            | Self::PickUp
            | Self::ArriveAtCustomer
            | Self::Deliver { .. }
            | Self::FailDelivery { .. }
            | Self::ReturnFood => matches!(party, Driver),
            Self::Refund { .. } | Self::ReconcileCash => matches!(party, Staff),
        }
    }
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
    /// Outside [`PREP_MINUTES`](super::PREP_MINUTES).
    #[error("preparation takes 1 to 180 minutes")]
    PrepMinutes,
    /// It could have been done, but not any more.
    #[error("too late")]
    TooLate,
}

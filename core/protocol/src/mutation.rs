//! Mutations: everything a person changes, by one name, version and shape, whether it comes by REST or out of the outbox
//! of a device that was offline for hours.
//!
//! An **intent** asks for something and may be refused. A **fact** tells what has happened in the world (food handed
//! over, cash taken): it is always stored, and reviewed by people when it no longer fits.
//!
//! A name's version grows when its arguments change; [`Mutation::read`] goes on reading the older ones, because a device
//! may have tapped weeks ago.

use momfood_domain::id::{MenuItemId, OrderId};
use momfood_domain::menu::Availability;
use momfood_domain::order::{Command, Reason};
use momfood_domain::rating::{MAX_COMMENT, STARS};
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ErrorCode;
use crate::problem::Problem;
use crate::reading;
use crate::rest::{PlaceOrder, SetShift};
use crate::view::ProofKind;

/// Longest arguments of a mutation, in bytes of JSON; checked where it is queued, and again by the server.
pub const MAX_ARGS: usize = 64 * 1024;

/// Most cash taken at one door, minor units.
pub const MOST_CASH: i64 = 100_000_000;
pub use momfood_domain::menu::MAX_STATION;
/// Longest code a customer is asked for, in characters.
pub const MAX_CODE: usize = 16;

/// Whether a mutation may be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Asks for something: may be refused, and may come too late.
    Intent,
    /// Tells what has happened: always stored.
    Fact,
}

/// Why a mutation cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No mutation of that name, or none of that version: it comes from a newer program.
    #[error("unknown name or version")]
    Unknown,
    /// Its arguments are not of the shape its name and version say.
    #[error("arguments of another shape")]
    Args,
}

macro_rules! mutations {
    ($($(#[$doc:meta])* $variant:ident($args:ty) = $name:literal, $ver:literal, $kind:ident;)+) => {
        /// Something a person changes.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Mutation { $($(#[$doc])* $variant($args),)+ }

        impl Mutation {
            /// Every name, with the version this program writes.
            pub const NAMES: &'static [(&'static str, u32)] = &[$(($name, $ver),)+];

            /// Its name on the wire.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)+ }
            }

            /// The version of its arguments.
            pub const fn ver(&self) -> u32 {
                match self { $(Self::$variant(_) => $ver,)+ }
            }

            /// Whether it may be refused.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant(_) => Kind::$kind,)+ }
            }

            /// Its arguments on the wire.
            pub fn args(&self) -> Value {
                // Arguments are plain data: there is nothing in them that JSON cannot say.
                match self { $(Self::$variant(args) => serde_json::to_value(args).unwrap_or_default(),)+ }
            }

            /// Reads what was written under `name` in version `ver` or an older one. A shape only grows: what an older
            /// version did not say is absent in it.
            pub fn read(name: &str, ver: u32, args: Value) -> Result<Self, Unreadable> {
                match name {
                    $($name if (1..=$ver).contains(&ver) => {
                        reading::read(args).map(Self::$variant).map_err(|_| Unreadable::Args)
                    })+
                    _ => Err(Unreadable::Unknown),
                }
            }
        }
    };
}

mutations! {
    /// Customer: order what was quoted.
    PlaceOrder(PlaceOrder) = "order.place", 1, Intent;
    /// Customer, kitchen, support: call an order off.
    CancelOrder(Because) = "order.cancel", 1, Intent;
    /// Customer: say how it was.
    RateOrder(Rate) = "order.rate", 1, Intent;
    /// Kitchen: yes.
    AcceptOrder(Accept) = "order.accept", 1, Intent;
    /// Kitchen: no.
    RejectOrder(Because) = "order.reject", 1, Intent;
    /// Kitchen: cooking.
    StartPreparing(Of) = "order.prepare", 1, Fact;
    /// Kitchen: it can be fetched.
    MarkReady(Of) = "order.ready", 1, Fact;
    /// Kitchen: the customer has fetched it.
    HandOver(HandOver) = "order.hand_over", 1, Fact;
    /// Kitchen: a station has done its part.
    BumpTicket(AtStation) = "ticket.bump", 1, Fact;
    /// Kitchen: not done after all.
    RecallTicket(AtStation) = "ticket.recall", 1, Fact;
    /// Kitchen: sold out, back, or hidden.
    SetAvailability(SetAvailability) = "menu.availability", 1, Intent;
    /// Kitchen: take no new orders for a while.
    Pause(Pause) = "restaurant.pause", 1, Intent;
    /// Driver: on or off duty.
    SetShift(SetShift) = "shift.set", 1, Intent;
    /// Driver: yes to an offer.
    AcceptOffer(Attempt) = "offer.accept", 1, Intent;
    /// Driver: no to an offer.
    DeclineOffer(Attempt) = "offer.decline", 1, Intent;
    /// Driver: let go before pick-up.
    Release(Release) = "delivery.release", 1, Intent;
    /// Driver: at the restaurant.
    ArriveAtRestaurant(Of) = "delivery.arrive_restaurant", 1, Fact;
    /// Driver: has the food.
    PickUp(Of) = "delivery.pick_up", 1, Fact;
    /// Driver: at the customer's.
    ArriveAtCustomer(Of) = "delivery.arrive_customer", 1, Fact;
    /// Driver: handed over, perhaps against cash, with proof. Version 1 had no proof.
    Deliver(Deliver) = "delivery.deliver", 2, Fact;
    /// Driver: could not hand it over. Version 1 had no proof.
    FailDelivery(Fail) = "delivery.fail", 2, Fact;
    /// Driver: brought back.
    ReturnFood(Of) = "delivery.return", 1, Fact;
}

/// Of which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Of {
    /// Which.
    pub order_id: OrderId,
}

/// An end, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Because {
    /// Which order.
    pub order_id: OrderId,
    /// Why.
    pub reason: Reason,
}

/// How it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rate {
    /// Which order.
    pub order_id: OrderId,
    /// 1 to 5.
    pub stars: u8,
    /// In the customer's words, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The kitchen's yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accept {
    /// Which order.
    pub order_id: OrderId,
    /// Minutes until ready.
    pub prep_minutes: u32,
}

/// Handed over the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HandOver {
    /// Which order.
    pub order_id: OrderId,
    /// Cash taken, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<i64>,
}

/// One station's work on an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AtStation {
    /// Which order.
    pub order_id: OrderId,
    /// Which station; a kitchen with one is `kitchen`.
    pub station: String,
}

/// Sold out, back, or hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetAvailability {
    /// Which item.
    pub item_id: MenuItemId,
    /// Whether it can be had.
    pub availability: Availability,
}

/// A break, counted from when it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    /// How long; 0 resumes, absent means until resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
}

/// An answer to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Of which order.
    pub order_id: OrderId,
    /// Which attempt.
    pub attempt: u32,
}

/// Let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Which order.
    pub order_id: OrderId,
    /// Which attempt.
    pub attempt: u32,
    /// Why.
    pub reason: Reason,
}

/// Handed to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deliver {
    /// Which order.
    pub order_id: OrderId,
    /// Cash taken, minor units; needed when cash is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<i64>,
    /// What shows that it was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// Could not be handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fail {
    /// Which order.
    pub order_id: OrderId,
    /// Why.
    pub reason: Reason,
    /// What shows that the driver was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// What shows that food was handed over. Pictures travel apart, as blobs named by the SHA-256 of their bytes: the proof
/// names its own, so two deliveries can never share one by accident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proof {
    /// A photo.
    Photo {
        /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
        sha256: String,
    },
    /// The code the customer was shown.
    Code {
        /// As typed.
        code: String,
    },
    /// A signature drawn on the screen.
    Signature {
        /// SHA-256 of the picture's bytes.
        sha256: String,
    },
}

/// Short enough, and something a database takes.
fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.contains('\0')
}

impl Proof {
    /// What kind it is.
    pub const fn kind(&self) -> ProofKind {
        match self {
            Self::Photo { .. } => ProofKind::Photo,
            Self::Code { .. } => ProofKind::Code,
            Self::Signature { .. } => ProofKind::Signature,
        }
    }

    /// The bytes of the name of its blob, if that is a name.
    pub fn digest(&self) -> Option<[u8; 32]> {
        let name = self.sha256()?.as_bytes();
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        if name.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(name.chunks(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(bytes)
    }

    fn check(&self) -> Result<(), Problem> {
        let right = match self {
            Self::Photo { .. } | Self::Signature { .. } => self.digest().is_some(),
            Self::Code { code } => fits(code, MAX_CODE),
        };
        if right {
            Ok(())
        } else {
            Err(Problem::invalid("proof"))
        }
    }

    /// The blob it names.
    pub fn sha256(&self) -> Option<&str> {
        match self {
            Self::Photo { sha256 } | Self::Signature { sha256 } => Some(sha256),
            Self::Code { .. } => None,
        }
    }
}

impl Mutation {
    /// The order it is about, if it is about one that exists already.
    pub fn order_id(&self) -> Option<OrderId> {
        match self {
            Self::CancelOrder(Because { order_id, .. })
            | Self::RejectOrder(Because { order_id, .. })
            | Self::RateOrder(Rate { order_id, .. })
            | Self::AcceptOrder(Accept { order_id, .. })
            | Self::StartPreparing(Of { order_id })
            | Self::MarkReady(Of { order_id })
            | Self::HandOver(HandOver { order_id, .. })
            | Self::BumpTicket(AtStation { order_id, .. })
            | Self::RecallTicket(AtStation { order_id, .. })
            | Self::AcceptOffer(Attempt { order_id, .. })
            | Self::DeclineOffer(Attempt { order_id, .. })
            | Self::Release(Release { order_id, .. })
            | Self::ArriveAtRestaurant(Of { order_id })
            | Self::PickUp(Of { order_id })
            | Self::ArriveAtCustomer(Of { order_id })
            | Self::Deliver(Deliver { order_id, .. })
            | Self::FailDelivery(Fail { order_id, .. })
            | Self::ReturnFood(Of { order_id }) => Some(*order_id),
            Self::PlaceOrder(_) | Self::SetAvailability(_) | Self::Pause(_) | Self::SetShift(_) => None,
        }
    }

    /// What it wants of the order, in the domain's words: what the server decides and a device predicts.
    pub fn command(&self) -> Option<Command> {
        Some(match self {
            Self::CancelOrder(args) => Command::Cancel { reason: args.reason },
            Self::AcceptOrder(args) => Command::Accept {
                prep_minutes: args.prep_minutes,
            },
            Self::RejectOrder(args) => Command::Reject { reason: args.reason },
            Self::StartPreparing(_) => Command::StartPreparing,
            Self::MarkReady(_) => Command::MarkReady,
            Self::HandOver(args) => Command::HandOver { cash: args.cash },
            Self::AcceptOffer(args) => Command::AcceptOffer {
                attempt: args.attempt,
            },
            Self::DeclineOffer(args) => Command::DeclineOffer {
                attempt: args.attempt,
            },
            Self::Release(args) => Command::Release {
                attempt: args.attempt,
                reason: args.reason,
            },
            Self::ArriveAtRestaurant(_) => Command::ArriveAtRestaurant,
            Self::PickUp(_) => Command::PickUp,
            Self::ArriveAtCustomer(_) => Command::ArriveAtCustomer,
            Self::Deliver(args) => Command::Deliver { cash: args.cash },
            Self::FailDelivery(args) => Command::FailDelivery { reason: args.reason },
            Self::ReturnFood(_) => Command::ReturnFood,
            Self::PlaceOrder(_)
            | Self::RateOrder(_)
            | Self::BumpTicket(_)
            | Self::RecallTicket(_)
            | Self::SetAvailability(_)
            | Self::Pause(_)
            | Self::SetShift(_) => return None,
        })
    }

    /// Cash it says was taken, minor units.
    pub const fn cash(&self) -> Option<i64> {
        match self {
            Self::HandOver(args) => args.cash,
            Self::Deliver(args) => args.cash,
            _ => None,
        }
    }

    /// The proof it carries.
    pub const fn proof(&self) -> Option<&Proof> {
        match self {
            Self::Deliver(args) => args.proof.as_ref(),
            Self::FailDelivery(args) => args.proof.as_ref(),
            _ => None,
        }
    }

    /// Whether its arguments are within bounds, whatever they are about. Checked where it is queued, and again by the
    /// server.
    pub fn check(&self) -> Result<(), Problem> {
        if self
            .cash()
            .is_some_and(|amount| !(-MOST_CASH..=MOST_CASH).contains(&amount))
        {
            return Err(Problem::plain(ErrorCode::BadAmount));
        }
        if let Some(proof) = self.proof() {
            return proof.check();
        }
        match self {
            Self::RateOrder(rate) if !STARS.contains(&rate.stars) => Err(Problem::invalid("stars")),
            Self::RateOrder(Rate {
                comment: Some(text), ..
            }) if !fits(text, MAX_COMMENT) => Err(Problem::invalid("comment")),
            Self::BumpTicket(at) | Self::RecallTicket(at)
                if at.station.trim().is_empty()
                    || at.station.contains(char::is_control)
                    || !fits(&at.station, MAX_STATION) =>
            {
                Err(Problem::invalid("station"))
            }
            _ => Ok(()),
        }
    }

    /// The text that says what is asked, the same whichever way it came: compared when a key is seen again.
    pub fn canonical(&self) -> String {
        // The keys of a `Value` are sorted.
        format!("{}@{}\n{}", self.name(), self.ver(), self.args())
    }

    /// For how long an intent is worth doing after it was made, microseconds. An order queued at noon is not placed at
    /// six; a fact is told whenever it can be.
    pub const fn validity(&self) -> Option<i64> {
        use momfood_domain::time::MINUTE;
        match self {
            Self::PlaceOrder(_) | Self::AcceptOffer(_) | Self::DeclineOffer(_) => Some(2 * MINUTE),
            Self::AcceptOrder(_) | Self::RejectOrder(_) => Some(15 * MINUTE),
            _ => None,
        }
    }

    /// [`Mutation::validity`] counted from `at`.
    pub fn valid_until(&self, at: Timestamp) -> Option<Timestamp> {
        self.validity().map(|micros| at.plus(micros))
    }
}

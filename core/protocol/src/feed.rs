//! The change feed: scopes, snapshots of them, and the changes that follow, gap-free.
//!
//! A client fills a scope from `GET /scopes/{scope}/snapshot`, remembers its `seq` as the cursor, opens
//! `GET /sync/stream` and applies each [`Delta`] whose `from` equals the cursor. Anything else (a delta that does
//! not fit, a [`Heads`] ahead of the cursor, `resync`) means: take the snapshot again. A client that has lost
//! the stream has lost nothing but time.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::view::Position;

/// Something whose changes are numbered together, and that is granted or not as a whole.
/// On the wire: `customer:{uuid}`, `restaurant:{uuid}`, `driver:{uuid}`, `menu:{uuid}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Scope {
    /// A customer's orders.
    Customer(UserId),
    /// A restaurant's open orders, settings and menu.
    Restaurant(RestaurantId),
    /// A driver's day, offers and jobs.
    Driver(UserId),
    /// A restaurant's public menu.
    Menu(RestaurantId),
}

/// The text names no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a scope")]
pub struct NotAScope;

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(f, "customer:{id}"),
            Self::Restaurant(id) => write!(f, "restaurant:{id}"),
            Self::Driver(id) => write!(f, "driver:{id}"),
            Self::Menu(id) => write!(f, "menu:{id}"),
        }
    }
}

impl FromStr for Scope {
    type Err = NotAScope;
    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let (kind, id) = text.split_once(':').ok_or(NotAScope)?;
        let id = Uuid::parse_str(id).map_err(|_| NotAScope)?;
        match kind {
            "customer" => Ok(Self::Customer(UserId(id))),
            "restaurant" => Ok(Self::Restaurant(RestaurantId(id))),
            "driver" => Ok(Self::Driver(UserId(id))),
            "menu" => Ok(Self::Menu(RestaurantId(id))),
            _ => Err(NotAScope),
        }
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl TryFrom<String> for Scope {
    type Error = NotAScope;
    fn try_from(text: String) -> Result<Self, NotAScope> {
        text.parse()
    }
}

/// What kind of thing a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// [`crate::view::OrderView`].
    Order,
    /// [`crate::view::KitchenSettings`].
    Restaurant,
    /// [`crate::rest::OwnerMenu`] in a restaurant's scope, the public menu in a menu's.
    Menu,
    /// [`crate::view::DriverDay`].
    Driver,
}

/// One entity as it is now in a scope. `body` is absent when it has left the scope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Its number within the scope.
    pub seq: i64,
    /// What kind of thing.
    pub entity: Entity,
    /// Which one.
    pub id: Uuid,
    /// Grows with every change of the thing.
    pub rev: i64,
    /// The thing, as the scope's viewer may see it; `null` when it is gone from the scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// Answer of `GET /scopes/{scope}/snapshot`: the scope whole, as of `seq`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Names one unbroken history of the server's data.
    pub epoch: Uuid,
    /// Which scope, in its text form.
    pub scope: String,
    /// Through whose eyes it is shown; a cursor belongs to (epoch, scope, view).
    #[serde(default)]
    pub view: String,
    /// The cursor to go on from.
    pub seq: i64,
    /// The last mutation of the asking device whose effects are in it, by device.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub last_mids: BTreeMap<Uuid, i64>,
    /// The server's time.
    pub time: Timestamp,
    /// Everything in the scope.
    pub changes: Vec<Change>,
}

/// An event of `GET /sync/stream`. The SSE `event:` field is the variant's name, `data:` its JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StreamEvent {
    /// First, and every 20 s: where every granted scope stands. Its absence for 45 s means the line is dead.
    Heads(Heads),
    /// Changes that follow `from`, small enough to carry (≤ 4 KB).
    Delta(Delta),
    /// The scope moved, and the changes were too large to carry: read them.
    Head(Head),
    /// A driver of one of the customer's orders moved. Not part of the feed: only the latest matters.
    Position(OrderPosition),
    /// This subscriber was too slow, or its grants changed: take snapshots again.
    Resync,
}

/// See [`StreamEvent::Heads`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heads {
    /// Names one unbroken history; another than before means: forget every cursor.
    pub epoch: Uuid,
    /// The server's time.
    pub time: Timestamp,
    /// Head of every granted scope, by its text form.
    pub heads: BTreeMap<String, i64>,
}

/// See [`StreamEvent::Delta`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delta {
    /// Which scope, in its text form.
    pub scope: String,
    /// Applies only to this cursor.
    pub from: i64,
    /// The cursor afterwards.
    pub to: i64,
    /// In order of `seq`.
    pub changes: Vec<Change>,
}

/// See [`StreamEvent::Head`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// Which scope, in its text form.
    pub scope: String,
    /// Where it stands.
    pub head: i64,
}

/// See [`StreamEvent::Position`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderPosition {
    /// Whose driver.
    pub order_id: OrderId,
    /// Where.
    pub position: Position,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_read_as_it_is_written() {
        let id = Uuid::from_u128(7);
        for scope in [
            Scope::Customer(UserId(id)),
            Scope::Restaurant(RestaurantId(id)),
            Scope::Driver(UserId(id)),
            Scope::Menu(RestaurantId(id)),
        ] {
            assert_eq!(scope.to_string().parse(), Ok(scope));
        }
        for wrong in [
            "",
            "customer",
            "customer:",
            "admin:00000000-0000-0000-0000-000000000007",
            "customer:7:8",
        ] {
            assert_eq!(wrong.parse::<Scope>(), Err(NotAScope), "{wrong}");
        }
    }
}

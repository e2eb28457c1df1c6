//! Identifiers: `UUIDv7`, minted where the thing is created, each of its own type so that one cannot be
//! taken for another.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A person who can sign in.
    UserId;
    /// A restaurant: the business.
    RestaurantId;
    /// A category of a menu.
    CategoryId;
    /// An item on a menu.
    MenuItemId;
    /// A group of options of an item.
    OptionGroupId;
    /// One option in a group.
    OptionId;
    /// A server-priced offer to a customer, which expires.
    QuoteId;
    /// An order. Minted by the client that places it.
    OrderId;
    /// A saved address of a customer.
    AddressId;
    /// A driver's time on duty.
    ShiftId;
    /// One sign-in on one device: a family of refresh tokens.
    SessionId;
}

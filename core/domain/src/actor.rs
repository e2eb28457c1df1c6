//! Who acts: a person in one of their roles.

use serde::{Deserialize, Serialize};

use crate::id::{RestaurantId, UserId};

/// What a person may be; one may be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Orders food.
    Customer,
    /// Owner or staff of given restaurants.
    Restaurant,
    /// Brings orders.
    Driver,
    /// Helps people.
    Support,
    /// Runs the platform.
    Admin,
    /// The platform's own worker. Never granted to a person.
    System,
}

/// Who acts: the person, the role used now, and the restaurant acted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The person; `None` only for [`Role::System`].
    pub user: Option<UserId>,
    /// The role used now.
    pub role: Role,
    /// The restaurant acted for, when the role is [`Role::Restaurant`].
    pub restaurant: Option<RestaurantId>,
}

impl Actor {
    /// The platform's own worker.
    pub const SYSTEM: Self = Self {
        user: None,
        role: Role::System,
        restaurant: None,
    };

    /// A person acting as `role`, for no restaurant.
    pub const fn person(user: UserId, role: Role) -> Self {
        Self {
            user: Some(user),
            role,
            restaurant: None,
        }
    }

    /// A person acting for a restaurant.
    pub const fn staff(user: UserId, restaurant: RestaurantId) -> Self {
        Self {
            user: Some(user),
            role: Role::Restaurant,
            restaurant: Some(restaurant),
        }
    }
}

impl Role {
    /// Every role a person can hold.
    pub const ALL: [Self; 5] = [
        Self::Customer,
        Self::Restaurant,
        Self::Driver,
        Self::Support,
        Self::Admin,
    ];
}

//! Carts: what a customer has picked, before anyone has priced it.

use serde::{Deserialize, Serialize};

use crate::id::{MenuItemId, OptionId, RestaurantId};

/// Most of one line.
pub const MAX_QUANTITY: u32 = 99;
/// Most lines in a cart.
pub const MAX_LINES: usize = 60;
/// Longest note of a line or order, in characters.
pub const MAX_NOTE: usize = 300;

/// A customer's picks from one restaurant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cart {
    /// Where from.
    pub restaurant_id: RestaurantId,
    /// In the order picked.
    pub lines: Vec<CartLine>,
    /// For the driver, in minor units.
    #[serde(default)]
    pub tip: i64,
}

/// Some of one item, with the same options and note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CartLine {
    /// Which item.
    pub item_id: MenuItemId,
    /// How many, 1 to 99.
    pub quantity: u32,
    /// Which options, each at most once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub option_ids: Vec<OptionId>,
    /// For the kitchen: "no onions".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Cart {
    /// An empty cart.
    pub const fn new(restaurant_id: RestaurantId) -> Self {
        Self {
            restaurant_id,
            lines: Vec::new(),
            tip: 0,
        }
    }

    /// Adds a line; a line with the same item, options and note grows instead.
    pub fn add(&mut self, line: CartLine) {
        let mut wanted = line.option_ids.clone();
        wanted.sort_unstable();
        let twin = self.lines.iter_mut().find(|have| {
            let mut options = have.option_ids.clone();
            options.sort_unstable();
            have.item_id == line.item_id && options == wanted && have.note == line.note
        });
        match twin {
            Some(have) => have.quantity = have.quantity.saturating_add(line.quantity).min(MAX_QUANTITY),
            None => self.lines.push(line),
        }
    }

    /// How many items in all.
    pub fn count(&self) -> u32 {
        self.lines
            .iter()
            .fold(0, |sum, line| sum.saturating_add(line.quantity))
    }
}

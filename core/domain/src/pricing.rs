//! The one function that prices a cart. Client and server run it; the server's answer wins.
//!
//! `(item + options) × quantity` per line → subtotal; + delivery fee + service fee − discount + tip → total.
//! Menu prices include VAT; `tax_amount` is the part included, rounded half-up per line.

use serde::{Deserialize, Serialize};

use crate::cart::{Cart, CartLine, MAX_LINES, MAX_NOTE, MAX_QUANTITY};
use crate::geo::street_distance_m;
use crate::id::{MenuItemId, OptionGroupId, OptionId};
use crate::menu::{Menu, MenuItem};
use crate::money::{Currency, scale_half_up};
use crate::text::LocalizedText;
use crate::time::Timestamp;

/// VAT in Saudi Arabia, in basis points.
pub const SAUDI_VAT_BP: i64 = 1_500;
/// The platform's service fee on the subtotal, in basis points.
pub const SERVICE_FEE_BP: i64 = 300;
/// Metres (as the crow flies) within which a restaurant delivers unless it says otherwise.
pub const DELIVERY_RADIUS_M: u32 = 12_000;

/// What a restaurant and the platform charge beside the food.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// Smallest subtotal the restaurant accepts, in minor units.
    pub minimum_order: i64,
    /// Fee for the first [`Terms::INCLUDED_M`] metres of street, in minor units.
    pub delivery_fee: i64,
    /// Fee for each further kilometre begun, in minor units.
    pub delivery_fee_per_km: i64,
    /// Furthest delivery, metres as the crow flies.
    pub delivery_radius_m: u32,
    /// Service fee on the subtotal, basis points.
    pub service_fee_bp: i64,
    /// VAT included in every price and fee, basis points.
    pub vat_bp: i64,
    /// Taken off the subtotal, in minor units; never more than the subtotal.
    pub discount: i64,
}

impl Terms {
    /// Street metres the base delivery fee covers.
    pub const INCLUDED_M: u32 = 4_000;

    /// Whether no amount is below zero or implausibly large, and no rate above the whole. A cart is priced
    /// under no others.
    pub fn is_valid(&self) -> bool {
        let amounts = [
            self.minimum_order,
            self.delivery_fee,
            self.delivery_fee_per_km,
            self.discount,
        ];
        let rates = [self.service_fee_bp, self.vat_bp];
        amounts.iter().all(|amount| (0..=MAX_TOTAL).contains(amount))
            && rates.iter().all(|rate| (0..=10_000).contains(rate))
    }

    /// The delivery fee for a straight line of `straight_m` metres; `None` beyond the radius.
    pub fn delivery_fee_for(&self, straight_m: u32) -> Option<i64> {
        if straight_m > self.delivery_radius_m {
            return None;
        }
        let extra_km = street_distance_m(straight_m)
            .saturating_sub(Self::INCLUDED_M)
            .div_ceil(1_000);
        self.delivery_fee_per_km
            .checked_mul(i64::from(extra_km))?
            .checked_add(self.delivery_fee)
    }
}

/// How the order reaches the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "snake_case")
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    /// A driver brings it.
    Delivery,
    /// The customer fetches it.
    Pickup,
}

/// A priced cart. Every amount is in minor units of `currency`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Bill {
    /// Currency of every amount.
    pub currency: Currency,
    /// The lines, frozen: names, options and prices as they were.
    pub lines: Vec<OrderLine>,
    /// Sum of the lines.
    pub subtotal: i64,
    /// For bringing it.
    pub delivery_fee: i64,
    /// For the platform.
    pub service_fee: i64,
    /// Taken off.
    pub discount: i64,
    /// For the driver.
    pub tip: i64,
    /// VAT included in the total.
    pub tax_amount: i64,
    /// What is paid.
    pub total_amount: i64,
}

/// A line of an order: a frozen copy of name, price and options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    /// Which item it was.
    pub item_id: MenuItemId,
    /// Its name then.
    pub name: LocalizedText,
    /// How many.
    pub quantity: u32,
    /// Price of one with its options, in minor units.
    pub unit_price: i64,
    /// `unit_price × quantity`.
    pub total: i64,
    /// The options picked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<LineOption>,
    /// For the kitchen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Allergens of the item, for the kitchen's eye.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allergens: Vec<String>,
}

/// An option of an [`OrderLine`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineOption {
    /// Which option it was.
    pub id: OptionId,
    /// Its name then.
    pub name: LocalizedText,
    /// What it added to the price of one.
    pub price: i64,
}

/// Why a cart cannot be priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CartProblem {
    /// Nothing in it.
    #[error("the cart is empty")]
    Empty,
    /// More than [`MAX_LINES`] lines.
    #[error("too many lines")]
    TooManyLines,
    /// A quantity below 1 or above [`MAX_QUANTITY`].
    #[error("the quantity must be 1 to {MAX_QUANTITY}")]
    Quantity(MenuItemId),
    /// A note longer than [`MAX_NOTE`] characters.
    #[error("a note is too long")]
    NoteTooLong,
    /// A tip below zero or above what is plausible.
    #[error("the tip is out of range")]
    Tip,
    /// Not on this menu.
    #[error("unknown item {0}")]
    UnknownItem(MenuItemId),
    /// On the menu, but not to be had now.
    #[error("item {0} is not available")]
    ItemUnavailable(MenuItemId),
    /// Not an option of that item.
    #[error("unknown option {0}")]
    UnknownOption(OptionId),
    /// The same option twice.
    #[error("option {0} is picked twice")]
    RepeatedOption(OptionId),
    /// The option is not to be had now.
    #[error("option {0} is not available")]
    OptionUnavailable(OptionId),
    /// Fewer picks in a group than it asks for.
    #[error("pick at least {min} in group {group}")]
    TooFewOptions {
        /// The group.
        group: OptionGroupId,
        /// Its minimum.
        min: u32,
    },
    /// More picks in a group than it allows.
    #[error("pick at most {max} in group {group}")]
    TooManyOptions {
        /// The group.
        group: OptionGroupId,
        /// Its maximum.
        max: u32,
    },
    /// The restaurant does not deliver that far.
    #[error("too far to deliver")]
    OutOfRange,
    /// The subtotal is below the restaurant's minimum.
    #[error("{missing} minor units below the minimum")]
    BelowMinimum {
        /// Missing amount, in minor units.
        missing: i64,
        /// The minimum, in minor units.
        minimum: i64,
    },
    /// A sum, or one of the [`Terms`], that is no plausible amount.
    #[error("the amount is out of range")]
    TooLarge,
}

/// Largest total of an order, in minor units; what is above is a mistake or an attack.
const MAX_TOTAL: i64 = 1_000_000_000;

/// Prices `cart` from `menu` under `terms` at `at`. `distance_m` is the straight line to the customer, or
/// `None` when the customer fetches the order.
pub fn price(
    menu: &Menu,
    cart: &Cart,
    terms: &Terms,
    distance_m: Option<u32>,
    at: Timestamp,
) -> Result<Bill, CartProblem> {
    if cart.lines.is_empty() {
        return Err(CartProblem::Empty);
    }
    if cart.lines.len() > MAX_LINES {
        return Err(CartProblem::TooManyLines);
    }
    if !terms.is_valid() {
        return Err(CartProblem::TooLarge);
    }
    let lines = cart
        .lines
        .iter()
        .map(|line| price_line(menu, line, at))
        .collect::<Result<Vec<_>, _>>()?;
    let subtotal = sum(lines.iter().map(|line| line.total))?;
    if !(0..=subtotal.max(10_000)).contains(&cart.tip) {
        return Err(CartProblem::Tip);
    }
    let delivery_fee = match distance_m {
        Some(metres) => terms.delivery_fee_for(metres).ok_or(CartProblem::OutOfRange)?,
        None => 0,
    };
    if subtotal < terms.minimum_order {
        let missing = terms.minimum_order - subtotal;
        return Err(CartProblem::BelowMinimum {
            missing,
            minimum: terms.minimum_order,
        });
    }
    let service_fee = scale_half_up(subtotal, terms.service_fee_bp, 10_000).ok_or(CartProblem::TooLarge)?;
    let discount = terms.discount.clamp(0, subtotal);
    let included =
        |gross: i64| scale_half_up(gross, terms.vat_bp, 10_000 + terms.vat_bp).ok_or(CartProblem::TooLarge);
    let total_amount = sum([subtotal, delivery_fee, service_fee, -discount, cart.tip].into_iter())?;
    let mut tax = included(delivery_fee)? + included(service_fee)? - included(discount)?;
    for line in &lines {
        tax += included(line.total)?;
    }
    // Each line is rounded by itself, the discount as a whole: on tiny prices the two may miss each other.
    let tax_amount = tax.clamp(0, total_amount - cart.tip);
    Ok(Bill {
        currency: menu.currency,
        lines,
        subtotal,
        delivery_fee,
        service_fee,
        discount,
        tip: cart.tip,
        tax_amount,
        total_amount,
    })
}

fn sum(mut amounts: impl Iterator<Item = i64>) -> Result<i64, CartProblem> {
    amounts
        .try_fold(0_i64, i64::checked_add)
        .filter(|total| *total <= MAX_TOTAL)
        .ok_or(CartProblem::TooLarge)
}

fn price_line(menu: &Menu, line: &CartLine, at: Timestamp) -> Result<OrderLine, CartProblem> {
    if !(1..=MAX_QUANTITY).contains(&line.quantity) {
        return Err(CartProblem::Quantity(line.item_id));
    }
    if line
        .note
        .as_ref()
        .is_some_and(|note| note.chars().count() > MAX_NOTE)
    {
        return Err(CartProblem::NoteTooLong);
    }
    let item = menu
        .item(line.item_id)
        .ok_or(CartProblem::UnknownItem(line.item_id))?;
    if !item.is_orderable(at, menu.utc_offset_minutes) {
        return Err(CartProblem::ItemUnavailable(item.id));
    }
    let options = pick_options(item, &line.option_ids)?;
    let unit_price =
        sum(std::iter::once(item.price).chain(options.iter().map(|option| option.price)))?.max(0);
    let total = unit_price
        .checked_mul(i64::from(line.quantity))
        .ok_or(CartProblem::TooLarge)?;
    Ok(OrderLine {
        item_id: item.id,
        name: item.name.clone(),
        quantity: line.quantity,
        unit_price,
        total,
        options,
        note: line.note.clone().filter(|note| !note.trim().is_empty()),
        allergens: item.allergens.clone(),
    })
}

fn pick_options(item: &MenuItem, picked: &[OptionId]) -> Result<Vec<LineOption>, CartProblem> {
    for (i, id) in picked.iter().enumerate() {
        if picked[..i].contains(id) {
            return Err(CartProblem::RepeatedOption(*id));
        }
        if !item
            .option_groups
            .iter()
            .flat_map(|group| &group.options)
            .any(|option| option.id == *id)
        {
            return Err(CartProblem::UnknownOption(*id));
        }
    }
    let mut options = Vec::with_capacity(picked.len());
    for group in &item.option_groups {
        let mut picks = 0;
        for option in group.options.iter().filter(|option| picked.contains(&option.id)) {
            if !option.available {
                return Err(CartProblem::OptionUnavailable(option.id));
            }
            picks += 1;
            options.push(LineOption {
                id: option.id,
                name: option.name.clone(),
                price: option.price,
            });
        }
        if picks < group.min {
            return Err(CartProblem::TooFewOptions {
                group: group.id,
                min: group.min,
            });
        }
        if picks > group.max {
            return Err(CartProblem::TooManyOptions {
                group: group.id,
                max: group.max,
            });
        }
    }
    Ok(options)
}

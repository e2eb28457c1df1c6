//! Menus: what a restaurant sells, in which forms, and whether it can be had now.

use serde::{Deserialize, Serialize};

use crate::hours::minute_of_day;
use crate::id::{CategoryId, MenuItemId, OptionGroupId, OptionId};
use crate::money::Currency;
use crate::text::LocalizedText;
use crate::time::Timestamp;

/// Everything a restaurant sells. Prices are minor units of `currency` and include VAT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Menu {
    /// Currency of every price on the menu.
    pub currency: Currency,
    /// Minutes east of UTC in which dayparts are meant.
    pub utc_offset_minutes: i16,
    /// In the order shown.
    pub categories: Vec<Category>,
}

/// A heading of a menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// Its name.
    pub name: LocalizedText,
    /// Which station of the kitchen makes what stands under it; absent: any. Of no concern to customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<String>,
    /// In the order shown.
    pub items: Vec<MenuItem>,
}

/// Something one can order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MenuItem {
    /// Its id.
    pub id: MenuItemId,
    /// Its name.
    pub name: LocalizedText,
    /// What is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<LocalizedText>,
    /// Price of one without options, in minor units, VAT included.
    pub price: i64,
    /// Path of its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Whether it can be had.
    pub availability: Availability,
    /// Times of day at which it is sold; empty means always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dayparts: Vec<Daypart>,
    /// Allergens it contains, as lower-case words: `nuts`, `dairy`, `gluten`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allergens: Vec<String>,
    /// Kilocalories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calories: Option<u32>,
    /// Choices to make.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub option_groups: Vec<OptionGroup>,
}

/// Whether an item can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Availability {
    /// Yes.
    Available,
    /// Not until then; without a time, until someone says otherwise.
    SoldOut {
        /// When it can be had again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Not shown at all.
    Hidden,
}

/// A time of day, in the restaurant's local minutes after midnight; `close` over 1440 runs past midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Daypart {
    /// First minute.
    pub open: u16,
    /// First minute after.
    pub close: u16,
}

/// A choice between options: pick at least `min`, at most `max`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OptionGroup {
    /// Its id.
    pub id: OptionGroupId,
    /// Its name.
    pub name: LocalizedText,
    /// Fewest picks.
    pub min: u32,
    /// Most picks.
    pub max: u32,
    /// In the order shown.
    pub options: Vec<MenuOption>,
}

/// An option of a group. (`Option` in the product's words; the name is taken in Rust.)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MenuOption {
    /// Its id.
    pub id: OptionId,
    /// Its name.
    pub name: LocalizedText,
    /// What it adds to the price of one, in minor units; may be negative.
    pub price: i64,
    /// Whether it can be had.
    #[serde(default = "yes")]
    pub available: bool,
}

const fn yes() -> bool {
    true
}

impl Availability {
    /// Whether it can be had at `at`. A sold-out item comes back by itself when its time has come.
    pub fn is_available(self, at: Timestamp) -> bool {
        match self {
            Self::Available => true,
            Self::SoldOut { until } => until.is_some_and(|until| at >= until),
            Self::Hidden => false,
        }
    }
}

impl Menu {
    /// Every item, in order.
    pub fn items(&self) -> impl Iterator<Item = &MenuItem> {
        self.categories.iter().flat_map(|category| &category.items)
    }

    /// The item of that id.
    pub fn item(&self, id: MenuItemId) -> Option<&MenuItem> {
        self.items().find(|item| item.id == id)
    }

    /// The item of that id, to change.
    pub fn item_mut(&mut self, id: MenuItemId) -> Option<&mut MenuItem> {
        self.categories
            .iter_mut()
            .flat_map(|category| &mut category.items)
            .find(|item| item.id == id)
    }

    /// The station that makes an item; none where any does, and for an item that is not on the menu any more.
    pub fn station_of(&self, item: MenuItemId) -> Option<&str> {
        let made_here = |category: &&Category| category.items.iter().any(|one| one.id == item);
        self.categories.iter().find(made_here)?.station.as_deref()
    }

    /// Every station, in the order the menu names them.
    pub fn stations(&self) -> Vec<&str> {
        let mut all = Vec::new();
        for station in self
            .categories
            .iter()
            .filter_map(|category| category.station.as_deref())
        {
            if !all.contains(&station) {
                all.push(station);
            }
        }
        all
    }

    /// The menu as customers see it: without stations, hidden items and the headings they leave empty.
    #[must_use]
    pub fn public(&self) -> Self {
        let mut menu = self.clone();
        for category in &mut menu.categories {
            category.station = None;
            category
                .items
                .retain(|item| item.availability != Availability::Hidden);
        }
        menu.categories.retain(|category| !category.items.is_empty());
        menu
    }

    /// What is wrong with the menu as an owner wrote it, if anything.
    pub fn fault(&self) -> Option<MenuFault> {
        let mut ids = std::collections::BTreeSet::new();
        let mut fresh = |id: uuid::Uuid| ids.insert(id);
        if self.categories.len() > MAX_CATEGORIES || self.items().count() > MAX_ITEMS {
            return Some(MenuFault::TooLarge);
        }
        for category in &self.categories {
            if !fresh(category.id.0) {
                return Some(MenuFault::RepeatedId);
            }
            if category
                .station
                .as_deref()
                .is_some_and(|name| !is_station(name) || name == WHOLE_KITCHEN)
            {
                return Some(MenuFault::Station(category.id));
            }
            for item in &category.items {
                if !fresh(item.id.0) {
                    return Some(MenuFault::RepeatedId);
                }
                if !(0..=MAX_PRICE).contains(&item.price) {
                    return Some(MenuFault::Price(item.id));
                }
                if item
                    .dayparts
                    .iter()
                    .any(|d| d.open >= 1440 || d.close <= d.open || d.close > 2880)
                {
                    return Some(MenuFault::Daypart(item.id));
                }
                for group in &item.option_groups {
                    let most = u32::try_from(group.options.len()).unwrap_or(u32::MAX);
                    if group.min > group.max || group.max == 0 || group.min > most {
                        return Some(MenuFault::Group(group.id));
                    }
                    if !fresh(group.id.0) || group.options.iter().any(|option| !fresh(option.id.0)) {
                        return Some(MenuFault::RepeatedId);
                    }
                    if group
                        .options
                        .iter()
                        .any(|o| !(-MAX_PRICE..=MAX_PRICE).contains(&o.price))
                    {
                        return Some(MenuFault::Price(item.id));
                    }
                }
            }
        }
        None
    }
}

/// Longest name of a station, in characters.
pub const MAX_STATION: usize = 40;
/// The station that stands for a kitchen as a whole: what it has bumped, it has bumped altogether. No part of a kitchen
/// can have that name.
pub const WHOLE_KITCHEN: &str = "kitchen";

/// Whether a station can be called that: something, without blanks around it, and not too long.
pub fn is_station(name: &str) -> bool {
    !name.is_empty()
        && name.trim() == name
        && !name.contains(char::is_control)
        && name.chars().count() <= MAX_STATION
}

/// Highest price of an item or option, in minor units.
pub const MAX_PRICE: i64 = 100_000_000;
/// Most categories on a menu.
pub const MAX_CATEGORIES: usize = 60;
/// Most items on a menu.
pub const MAX_ITEMS: usize = 600;

/// Why a menu cannot be kept as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MenuFault {
    /// An id stands twice.
    #[error("an id is used twice")]
    RepeatedId,
    /// A price below zero or above [`MAX_PRICE`].
    #[error("item {0}: a price is out of range")]
    Price(MenuItemId),
    /// A time of day that does not end after it begins.
    #[error("item {0}: a daypart is out of range")]
    Daypart(MenuItemId),
    /// A group nobody can satisfy.
    #[error("group {0}: min and max cannot be satisfied")]
    Group(OptionGroupId),
    /// A station that cannot be called that, see [`is_station`] and [`WHOLE_KITCHEN`].
    #[error("category {0}: a station cannot be called that")]
    Station(CategoryId),
    /// Too many categories or items.
    #[error("the menu is too large")]
    TooLarge,
}

impl MenuItem {
    /// Whether it can be ordered at `at`: available, and within its dayparts if it has any.
    pub fn is_orderable(&self, at: Timestamp, utc_offset_minutes: i16) -> bool {
        let minute = minute_of_day(at, utc_offset_minutes);
        let within =
            |d: &Daypart| (d.open..d.close).contains(&minute) || (d.open..d.close).contains(&(minute + 1440));
        self.availability.is_available(at) && (self.dayparts.is_empty() || self.dayparts.iter().any(within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }

    fn item(n: u128) -> MenuItem {
        MenuItem {
            id: MenuItemId(id(n)),
            name: LocalizedText::both("طبق", "dish"),
            description: None,
            price: 1_000,
            picture: None,
            availability: Availability::Available,
            dayparts: vec![],
            allergens: vec![],
            calories: None,
            option_groups: vec![],
        }
    }

    fn category(n: u128, station: Option<&str>, items: &[u128]) -> Category {
        Category {
            id: CategoryId(id(n)),
            name: LocalizedText::both("قسم", "heading"),
            station: station.map(str::to_owned),
            items: items.iter().map(|n| item(*n)).collect(),
        }
    }

    fn menu(categories: Vec<Category>) -> Menu {
        Menu {
            currency: Currency::Sar,
            utc_offset_minutes: 180,
            categories,
        }
    }

    #[test]
    fn an_item_is_made_where_its_heading_says_and_anywhere_when_it_says_nothing() {
        let menu = menu(vec![
            category(1, Some("grill"), &[11, 12]),
            category(2, None, &[21]),
            category(3, Some("grill"), &[31]),
            category(4, Some("cold"), &[41]),
        ]);
        let station = |n| menu.station_of(MenuItemId(id(n)));
        assert_eq!(
            [station(12), station(31), station(41)],
            [Some("grill"), Some("grill"), Some("cold")]
        );
        assert_eq!(station(21), None);
        assert_eq!(station(99), None, "not on the menu any more");
        assert_eq!(menu.stations(), ["grill", "cold"]);
    }

    #[test]
    fn a_station_has_a_name_that_can_be_bumped_with_and_never_that_of_the_whole_kitchen() {
        let fault = |name: &str| menu(vec![category(1, Some(name), &[11])]).fault();
        for name in ["grill", "الشواية", &"م".repeat(MAX_STATION)] {
            assert_eq!(fault(name), None, "{name}");
        }
        let long = "م".repeat(MAX_STATION + 1);
        for name in ["", " ", " grill", "grill\n", WHOLE_KITCHEN, &long] {
            assert_eq!(
                fault(name),
                Some(MenuFault::Station(CategoryId(id(1)))),
                "{name:?}"
            );
        }
    }

    #[test]
    fn customers_do_not_hear_of_stations() {
        let menu = menu(vec![category(1, Some("grill"), &[11])]);
        assert_eq!(menu.public().categories[0].station, None);
    }

    #[test]
    fn a_menu_written_before_there_were_stations_can_still_be_read() {
        let json = r#"{"id":"00000000-0000-0000-0000-000000000001","name":{"en":"All"},"items":[]}"#;
        let category: Category = serde_json::from_str(json).unwrap();
        assert_eq!(category.station, None);
        assert!(!serde_json::to_string(&category).unwrap().contains("station"));
    }
}

//! The demo city's file, as it is written, and what it becomes. Ids follow from names, so that links to a demo's
//! restaurants and orders stay the same on every machine.

use momfood_domain::address::{Address, ShortAddress};
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::{OpeningHours, OpeningPeriod};
use momfood_domain::menu::{Availability, Category, Daypart, Menu, MenuItem, MenuOption, OptionGroup};
use momfood_domain::money::Currency;
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, LocalizedText};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const FILE: &str = include_str!("../../demo/city.json");

/// The whole city.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct City {
    #[serde(rename = "city")]
    #[expect(dead_code, reason = "for whoever reads the file")]
    name: LocalizedText,
    #[expect(dead_code, reason = "for whoever reads the file")]
    center: GeoPoint,
    pub utc_offset_minutes: i16,
    pub currency: Currency,
    pub addresses: Vec<Place>,
    pub restaurants: Vec<Kitchen>,
    pub people: People,
}

/// An address people in the demo live at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Place {
    label: LocalizedText,
    short_address: ShortAddress,
    pub point: GeoPoint,
    district: LocalizedText,
    street: LocalizedText,
    landmark: String,
    note: String,
}

/// A restaurant.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Kitchen {
    pub slug: String,
    pub name: LocalizedText,
    pub description: LocalizedText,
    pub cuisines: Vec<String>,
    pub district: LocalizedText,
    pub point: GeoPoint,
    pub phone: Phone,
    pub rating: u32,
    pub reviews: u32,
    pub featured: bool,
    pub delivery_fee: i64,
    pub minimum_order: i64,
    pub preparation_minutes: u32,
    hours: Vec<Hours>,
    pub picture: String,
    menu: Dishes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    days: Vec<String>,
    open: String,
    close: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dishes {
    categories: Vec<Heading>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    id: String,
    name: LocalizedText,
    station: Option<String>,
    items: Vec<Dish>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Dish {
    id: String,
    name: LocalizedText,
    description: Option<LocalizedText>,
    price: i64,
    picture: Option<String>,
    availability: Stock,
    #[serde(default)]
    dayparts: Vec<Part>,
    #[serde(default)]
    allergens: Vec<String>,
    calories: Option<u32>,
    #[serde(default)]
    option_groups: Vec<Choice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stock {
    Available,
    SoldOut,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    open: String,
    close: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    id: String,
    name: LocalizedText,
    min: u32,
    max: u32,
    options: Vec<Pick>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pick {
    id: String,
    name: LocalizedText,
    price: i64,
}

/// Everybody who can sign in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub customers: Vec<Someone>,
    pub owners: Vec<Someone>,
    pub drivers: Vec<Someone>,
    pub admins: Vec<Someone>,
    pub support: Vec<Someone>,
}

/// A person.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Someone {
    pub email: String,
    pub phone: Phone,
    pub first_name: LocalizedText,
    pub last_name: LocalizedText,
    pub language: Lang,
    /// Of an owner: the slug of what they own.
    pub restaurant: Option<String>,
    /// Of a driver: what they drive.
    pub vehicle: Option<Wheels>,
    /// Of a driver: where their day begins.
    pub point: Option<GeoPoint>,
}

/// What a driver drives.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wheels {
    kind: String,
    plate: String,
    color: LocalizedText,
}

/// The file says something it must not.
#[derive(Debug, thiserror::Error)]
#[error("the demo city: {0}")]
pub struct Fault(pub String);

/// The id of what `name` names: always the same.
pub fn id<T: From<Uuid>>(name: &str) -> T {
    let digest = Sha256::digest(["momfood demo/", name].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    T::from(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl City {
    /// Reads the city.
    pub fn read() -> Result<Self, Fault> {
        serde_json::from_str(FILE).map_err(|error| Fault(error.to_string()))
    }
}

impl Place {
    /// As somebody who speaks `lang` saves it.
    pub fn address(&self, lang: Lang) -> Address {
        let comma = match lang {
            Lang::Ar => "، ",
            Lang::En => ", ",
        };
        Address {
            label: self.label.get(lang).to_owned(),
            point: self.point,
            short_address: Some(self.short_address.clone()),
            line: [self.district.get(lang), self.street.get(lang)].join(comma),
            landmark: Some(self.landmark.clone()),
            note: Some(self.note.clone()),
        }
    }
}

impl Wheels {
    /// As it is kept.
    pub fn vehicle(&self) -> Result<crate::identity::Vehicle, Fault> {
        let kind = match self.kind.as_str() {
            "motorbike" => LocalizedText::both("دراجة نارية", "motorbike"),
            "car" => LocalizedText::both("سيارة", "car"),
            other => return Err(Fault(format!("a driver drives a {other}"))),
        };
        let (ar, en) = self.plate.split_once(" / ").unwrap_or((&self.plate, &self.plate));
        Ok(crate::identity::Vehicle {
            kind,
            plate: LocalizedText::both(ar, en),
            color: self.color.clone(),
        })
    }
}

impl Kitchen {
    /// Its week.
    pub fn hours(&self, utc_offset_minutes: i16) -> Result<OpeningHours, Fault> {
        let mut periods = Vec::new();
        for hours in &self.hours {
            let (open, close) = span(&hours.open, &hours.close)?;
            for day in &hours.days {
                let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
                let day = (0_u8..)
                    .zip(names)
                    .find_map(|(number, name)| (name == day).then_some(number))
                    .ok_or_else(|| Fault(format!("{} opens on {day}", self.slug)))?;
                periods.push(OpeningPeriod { day, open, close });
            }
        }
        Ok(OpeningHours {
            utc_offset_minutes,
            periods,
        })
    }

    /// Whether it never closes.
    pub fn is_always_open(&self) -> bool {
        self.hours
            .iter()
            .any(|hours| hours.days.len() == 7 && hours.open == "00:00" && hours.close == "24:00")
    }

    /// Its menu. What is wrong with it, if anything, is told by [`Menu::fault`].
    pub fn menu(&self, currency: Currency, utc_offset_minutes: i16) -> Result<Menu, Fault> {
        let categories = self.menu.categories.iter().map(|heading| {
            let path = [&self.slug, "/", &heading.id].concat();
            Ok(Category {
                id: id(&path),
                name: heading.name.clone(),
                station: heading.station.clone(),
                items: heading
                    .items
                    .iter()
                    .map(|dish| dish.item(&path))
                    .collect::<Result<_, Fault>>()?,
            })
        });
        let menu = Menu {
            currency,
            utc_offset_minutes,
            categories: categories.collect::<Result<_, Fault>>()?,
        };
        match menu.fault() {
            Some(fault) => Err(Fault(format!("{}: {fault}", self.slug))),
            None => Ok(menu),
        }
    }
}

impl Dish {
    fn item(&self, heading: &str) -> Result<MenuItem, Fault> {
        let path = [heading, "/", &self.id].concat();
        let part = |part: &Part| {
            let (open, close) = span(&part.open, &part.close)?;
            Ok(Daypart { open, close })
        };
        Ok(MenuItem {
            id: id(&path),
            name: self.name.clone(),
            description: self.description.clone(),
            price: self.price,
            picture: self.picture.clone(),
            availability: match self.availability {
                Stock::Available => Availability::Available,
                Stock::SoldOut => Availability::SoldOut { until: None },
            },
            dayparts: self.dayparts.iter().map(part).collect::<Result<_, Fault>>()?,
            allergens: self.allergens.clone(),
            calories: self.calories,
            option_groups: self
                .option_groups
                .iter()
                .map(|choice| choice.group(&path))
                .collect(),
        })
    }
}

impl Choice {
    fn group(&self, dish: &str) -> OptionGroup {
        let path = [dish, "/", &self.id].concat();
        let option = |pick: &Pick| MenuOption {
            id: id(&[&path, "/", &pick.id].concat()),
            name: pick.name.clone(),
            price: pick.price,
            available: true,
        };
        OptionGroup {
            id: id(&path),
            name: self.name.clone(),
            min: self.min,
            max: self.max,
            options: self.options.iter().map(option).collect(),
        }
    }
}

/// Minutes after midnight; a time of closing that is not after the opening is the next day's.
fn span(open: &str, close: &str) -> Result<(u16, u16), Fault> {
    let (open, close) = (minutes(open)?, minutes(close)?);
    Ok((open, if close <= open { close + 1440 } else { close }))
}

fn minutes(text: &str) -> Result<u16, Fault> {
    let fault = || Fault(format!("{text} is no time of day"));
    let (hours, minutes) = text.split_once(':').ok_or_else(fault)?;
    let number = |text: &str| text.parse::<u16>().map_err(|_| fault());
    match (number(hours)?, number(minutes)?) {
        (hours @ 0..=23, minutes @ 0..=59) => Ok(hours * 60 + minutes),
        (24, 0) => Ok(1440),
        _ => Err(fault()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::id::RestaurantId;

    #[test]
    fn every_menu_and_week_of_the_city_is_in_order() {
        let city = City::read().unwrap();
        assert!(city.restaurants.len() >= 20);
        for kitchen in &city.restaurants {
            kitchen.menu(city.currency, city.utc_offset_minutes).unwrap();
            let hours = kitchen.hours(city.utc_offset_minutes).unwrap();
            assert!(
                hours.periods.iter().all(|period| period.is_valid()),
                "{}",
                kitchen.slug
            );
            for cuisine in &kitchen.cuisines {
                assert!(
                    momfood_protocol::rest::CUISINES.contains(&cuisine.as_str()),
                    "{cuisine}"
                );
            }
        }
        for driver in &city.people.drivers {
            driver.vehicle.as_ref().unwrap().vehicle().unwrap();
            assert!(driver.point.unwrap().is_valid());
        }
    }

    #[test]
    fn ids_follow_from_names() {
        let one: RestaurantId = id("garage-burger");
        assert_eq!(one, id("garage-burger"));
        assert_ne!(one, id("lahab-burger"));
        assert_eq!(one.0.get_version_num(), 8);
    }

    #[test]
    fn closing_after_midnight_is_the_next_day() {
        assert_eq!(span("17:00", "01:30").unwrap(), (1020, 1530));
        assert_eq!(span("00:00", "24:00").unwrap(), (0, 1440));
        assert!(span("25:00", "26:00").is_err());
        assert!(span("noon", "one").is_err());
    }
}

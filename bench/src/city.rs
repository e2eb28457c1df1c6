//! Who lives in the demo city: its accounts are public, for people and for programs.

use anyhow::Result;
use momfood_domain::geo::GeoPoint;
use momfood_domain::text::LocalizedText;
use serde::Deserialize;

/// Everybody's password.
pub const PASSWORD: &str = "momfood-demo";

/// The demo's own file, as far as it matters here.
#[derive(Deserialize)]
pub struct City {
    pub addresses: Vec<Place>,
    restaurants: Vec<Restaurant>,
    pub people: People,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub point: GeoPoint,
    pub district: LocalizedText,
    pub street: LocalizedText,
}

#[derive(Deserialize)]
struct Restaurant {
    slug: String,
    point: GeoPoint,
    #[serde(default)]
    featured: bool,
    hours: Vec<Hours>,
}

#[derive(Deserialize)]
struct Hours {
    days: Vec<String>,
    open: String,
    close: String,
}

#[derive(Deserialize)]
pub struct People {
    pub customers: Vec<Someone>,
    pub owners: Vec<Someone>,
    pub drivers: Vec<Someone>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Someone {
    pub email: String,
    pub first_name: LocalizedText,
    /// An owner's, by its short name.
    #[serde(default)]
    pub restaurant: Option<String>,
    /// Where a driver begins.
    #[serde(default)]
    pub point: Option<GeoPoint>,
}

impl City {
    /// The owner whose sign-in the demo prints, by their email: of the featured restaurants that never close the one
    /// nearest to the first address.
    pub fn reserved_kitchen(&self) -> Option<&str> {
        let home = self.addresses.first()?.point;
        let always = |hours: &Hours| hours.days.len() == 7 && hours.open == "00:00" && hours.close == "24:00";
        let nearest = self
            .restaurants
            .iter()
            .filter(|restaurant| restaurant.featured && restaurant.hours.iter().any(always))
            .min_by_key(|restaurant| home.distance_m(restaurant.point))?;
        let mut owners = self.people.owners.iter();
        let owner = owners.find(|owner| owner.restaurant.as_deref() == Some(&nearest.slug))?;
        Some(&owner.email)
    }

    pub fn read() -> Result<Self> {
        Ok(serde_json::from_str(include_str!(
            "../../backend/demo/city.json"
        ))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_city_has_people_for_every_app_and_places_to_bring_food_to() {
        let city = City::read().unwrap();
        assert!(city.people.customers.len() >= 2 && city.people.drivers.len() >= 2);
        assert!(city.people.owners.iter().all(|owner| owner.restaurant.is_some()));
        assert!(city.people.drivers.iter().all(|driver| driver.point.is_some()));
        assert_eq!(city.reserved_kitchen(), Some("saj@demo.momfood.test"));
        assert!(city.addresses.iter().all(|place| place.point.is_valid()));
    }
}

//! The demo: a city's restaurants, menus, drivers and people, written into a database that may hold anything already.
//! Running it again changes nothing. It must never run by itself: its passwords are public.

mod applicants;
mod city;
mod papers;

use std::path::Path;

use include_dir::{Dir, include_dir};
use momfood_domain::actor::Role;
use momfood_domain::id::{AddressId, RestaurantId, UserId};
use momfood_domain::pricing::{DELIVERY_RADIUS_M, SAUDI_VAT_BP, SERVICE_FEE_BP, Terms};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use serde::Serialize;

use self::city::{City, Kitchen, Someone};
pub use self::city::{Fault, id};
use crate::catalog::{self, NewRestaurant};
use crate::clock::Clock;
use crate::identity::{self, Enrolment, Refusal};
use crate::store::{Db, StoreError, Tx};

/// Everybody's password.
pub const PASSWORD: &str = "momfood-demo";

static ART: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/demo/art");

/// Minor units for each kilometre beyond the base.
const FEE_PER_KM: i64 = 150;

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The file says something it must not.
    #[error(transparent)]
    City(#[from] Fault),
    /// An account of the demo clashes with one that is there.
    #[error("{0}: {1}")]
    Person(String, Refusal),
    /// An application of the demo is not taken.
    #[error(transparent)]
    Application(#[from] crate::onboarding::OnboardingError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Pictures cannot be written.
    #[error("{0}: {1}")]
    Art(String, std::io::Error),
}

/// Somebody to sign in as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The app that is theirs: `customer`, `kitchen`, `driver`, `admin`.
    pub app: &'static str,
    /// The role to act in.
    pub role: Role,
    /// Sign-in name.
    pub email: String,
    /// Password.
    pub password: &'static str,
    /// Who they are.
    pub name: LocalizedText,
    /// Their restaurant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restaurant: Option<LocalizedText>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
}

/// What seeding did, and whom to sign in as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seeded {
    /// False when everything was there already.
    pub changed: bool,
    /// How many restaurants the city has.
    pub restaurants: usize,
    /// How many people.
    pub people: usize,
    /// For a first look: a customer, the kitchen near them, a driver, and those who look after them.
    pub sign_ins: Vec<SignIn>,
}

/// Writes the demo city, with its pictures below `media`.
pub async fn demo(db: &Db, clock: &Clock, media: &Path) -> Result<Seeded, SeedError> {
    art(media)?;
    let salt = clock.bytes();
    city(db, clock, move || identity::hash_now(PASSWORD, &salt)).await
}

/// Writes the demo city. The password is hashed only when there is somebody to write.
pub async fn city(
    db: &Db,
    clock: &Clock,
    hash: impl FnOnce() -> Result<String, Refusal>,
) -> Result<Seeded, SeedError> {
    let city = City::read()?;
    let changed = !is_there(db, &city).await?;
    let seeded = seeded(&city, changed);
    if changed {
        let hash = hash().map_err(|refusal| SeedError::Person("the password".to_owned(), refusal))?;
        let clock = clock.clone();
        db.write(async move |mut tx| {
            write(&mut tx, &city, &hash, clock.now()).await?;
            applicants::write(&mut tx, &clock, &city).await
        })
        .await?;
    }
    Ok(seeded)
}

async fn is_there(db: &Db, city: &City) -> Result<bool, StoreError> {
    let people: Vec<UserId> = everybody(city).map(|(_, person)| id(&person.email)).collect();
    let restaurants: Vec<RestaurantId> = city.restaurants.iter().map(|kitchen| id(&kitchen.slug)).collect();
    let mut tx = db.read().await?;
    let there = (
        identity::how_many(&mut tx, &people).await?,
        catalog::how_many(&mut tx, &restaurants).await?,
    );
    Ok(usize::try_from(there.0) == Ok(people.len()) && usize::try_from(there.1) == Ok(restaurants.len()))
}

fn everybody(city: &City) -> impl Iterator<Item = (Role, &Someone)> {
    let people = &city.people;
    [
        (Role::Customer, &people.customers),
        (Role::Restaurant, &people.owners),
        (Role::Driver, &people.drivers),
        (Role::Admin, &people.admins),
        (Role::Support, &people.support),
    ]
    .into_iter()
    .flat_map(|(role, people)| people.iter().map(move |person| (role, person)))
}

async fn write(tx: &mut Tx, city: &City, hash: &str, now: Timestamp) -> Result<(), SeedError> {
    for (role, person) in everybody(city) {
        let driver = match (&person.vehicle, person.point) {
            (Some(wheels), Some(point)) => Some((wheels.vehicle()?, point)),
            _ => None,
        };
        let enrolment = Enrolment {
            id: id(&person.email),
            email: person.email.clone(),
            phone: person.phone.clone(),
            password_hash: hash.to_owned(),
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            language: person.language,
            role,
            driver,
        };
        identity::enroll(tx, &enrolment, now)
            .await
            .map_err(|refusal| SeedError::Person(person.email.clone(), refusal))?;
    }
    for (number, person) in city.people.customers.iter().enumerate() {
        // Two places each, the first customer's in the middle of the city.
        for (nth, place) in city.addresses.iter().cycle().skip(number).take(2).enumerate() {
            let address: AddressId = id(&format!("{}/address/{nth}", person.email));
            let at = now.plus(i64::try_from(nth).unwrap_or(0));
            identity::addresses::save(tx, id(&person.email), address, place.address(person.language), at)
                .await
                .map_err(|refusal| SeedError::Person(person.email.clone(), refusal))?;
        }
    }
    for kitchen in &city.restaurants {
        let owner = owner(city, kitchen)?;
        let menu = kitchen.menu(city.currency, city.utc_offset_minutes)?;
        catalog::establish(tx, &restaurant(city, kitchen, owner)?, &menu, now).await?;
        identity::employ(tx, id(&owner.email), id(&kitchen.slug), true).await?;
    }
    Ok(())
}

fn owner<'a>(city: &'a City, kitchen: &Kitchen) -> Result<&'a Someone, Fault> {
    let mut owners = city.people.owners.iter();
    owners
        .find(|owner| owner.restaurant.as_deref() == Some(&kitchen.slug))
        .ok_or_else(|| Fault(format!("nobody owns {}", kitchen.slug)))
}

fn restaurant(city: &City, kitchen: &Kitchen, owner: &Someone) -> Result<NewRestaurant, Fault> {
    Ok(NewRestaurant {
        id: id(&kitchen.slug),
        owner: id(&owner.email),
        slug: kitchen.slug.clone(),
        name: kitchen.name.clone(),
        description: Some(kitchen.description.clone()),
        cuisines: kitchen.cuisines.clone(),
        district: kitchen.district.clone(),
        point: kitchen.point,
        phone: kitchen.phone.as_str().to_owned(),
        email: owner.email.clone(),
        business_license: None,
        vat_number: None,
        rating: (kitchen.rating, kitchen.reviews),
        currency: city.currency,
        terms: Terms {
            minimum_order: kitchen.minimum_order,
            delivery_fee: kitchen.delivery_fee,
            delivery_fee_per_km: FEE_PER_KM,
            delivery_radius_m: DELIVERY_RADIUS_M,
            service_fee_bp: SERVICE_FEE_BP,
            vat_bp: SAUDI_VAT_BP,
            discount: 0,
        },
        preparation_minutes: kitchen.preparation_minutes,
        hours: kitchen.hours(city.utc_offset_minutes)?,
        picture: Some(kitchen.picture.clone()),
        featured: kitchen.featured,
    })
}

/// Whom to sign in as for a first look: the first of each kind, and the kitchen that never closes, is featured and is
/// nearest to the first customer.
fn seeded(city: &City, changed: bool) -> Seeded {
    let home = city.addresses.first().map(|place| place.point);
    let nearest = city
        .restaurants
        .iter()
        .filter(|kitchen| kitchen.is_always_open() && kitchen.featured)
        .min_by_key(|kitchen| home.map_or(0, |home| home.distance_m(kitchen.point)));
    let mut sign_ins = Vec::new();
    let mut show = |app, role, person: Option<&Someone>, kitchen: Option<&Kitchen>| {
        sign_ins.extend(person.map(|person| SignIn {
            app,
            role,
            email: person.email.clone(),
            password: PASSWORD,
            name: full_name(person),
            restaurant: kitchen.map(|kitchen| kitchen.name.clone()),
            restaurant_id: kitchen.map(|kitchen| id(&kitchen.slug)),
        }));
    };
    let people = &city.people;
    show("customer", Role::Customer, people.customers.first(), None);
    if let Some(kitchen) = nearest {
        show(
            "kitchen",
            Role::Restaurant,
            owner(city, kitchen).ok(),
            Some(kitchen),
        );
    }
    show("driver", Role::Driver, people.drivers.first(), None);
    show("admin", Role::Admin, people.admins.first(), None);
    show("admin", Role::Support, people.support.first(), None);
    Seeded {
        changed,
        restaurants: city.restaurants.len(),
        people: everybody(city).count(),
        sign_ins,
    }
}

fn full_name(person: &Someone) -> LocalizedText {
    let name = |lang| format!("{} {}", person.first_name.get(lang), person.last_name.get(lang));
    LocalizedText::both(name(Lang::Ar), name(Lang::En))
}

impl std::fmt::Display for Seeded {
    /// For eyes.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.changed {
            "The demo city is ready"
        } else {
            "The demo city was there already"
        };
        writeln!(
            f,
            "{state}: {} restaurants, {} people.",
            self.restaurants, self.people
        )?;
        writeln!(f, "Sign in (everybody's password is {PASSWORD}):")?;
        let widest = self.sign_ins.iter().map(|sign_in| sign_in.email.len()).max();
        for sign_in in &self.sign_ins {
            let role = format!("{:?}", sign_in.role).to_lowercase();
            let width = widest.unwrap_or(0);
            write!(
                f,
                "  {role:<10} {:<width$}  {}",
                sign_in.email,
                sign_in.name.get(Lang::En)
            )?;
            if let Some(restaurant) = &sign_in.restaurant {
                write!(
                    f,
                    " · {} ({})",
                    restaurant.get(Lang::En),
                    restaurant.get(Lang::Ar)
                )?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// Writes the pictures below `media`; those that are there with the same bytes are left alone.
fn art(media: &Path) -> Result<(), SeedError> {
    let mut folders = vec![&ART];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let path = media.join(file.path());
            if std::fs::read(&path).is_ok_and(|bytes| bytes == file.contents()) {
                continue;
            }
            let parent = path.parent().unwrap_or(media);
            std::fs::create_dir_all(parent)
                .and_then(|()| std::fs::write(&path, file.contents()))
                .map_err(|error| SeedError::Art(path.display().to_string(), error))?;
        }
    }
    Ok(())
}

//! The town of every run: two kitchens with their people, drivers, customers. Written once into a file that each run
//! copies. It knows who is who; it does nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use momfood_backend::catalog::{self, NewRestaurant};
use momfood_backend::clock::Clock;
use momfood_backend::identity::entry::{FirstFactor, How, Origin};
use momfood_backend::identity::session::{self, Wish};
use momfood_backend::identity::{self, Enrolment, Vehicle};
use momfood_backend::sealed::Sealer;
use momfood_backend::store::{Db, Open, StoreError, Tx};
use momfood_backend::{seed, sync};
use momfood_domain::actor::Role;
use momfood_domain::address::Address;
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::{CategoryId, MenuItemId, RestaurantId, SessionId, UserId};
use momfood_domain::menu::{Availability, Category, Menu, MenuItem};
use momfood_domain::money::Currency;
use momfood_domain::phone::Phone;
use momfood_domain::pricing::Terms;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use uuid::Uuid;

/// When every run begins: Sunday 1 March 2026, noon in Riyadh.
pub const NOON: Timestamp = Timestamp(1_772_355_600_000_000);
/// Where the town is.
pub const MIDDLE: GeoPoint = GeoPoint {
    lat: 24.7136,
    lng: 46.6753,
};

/// Somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they are called.
    pub name: &'static str,
    /// What they do.
    pub role: Role,
    /// For which kitchen, by its place in [`KITCHENS`].
    pub kitchen: Option<usize>,
}

const fn person(name: &'static str, role: Role, kitchen: Option<usize>) -> Person {
    Person { name, role, kitchen }
}

/// The kitchens.
pub const KITCHENS: [&str; 2] = ["mandi", "falafel"];

/// Everybody.
pub const PEOPLE: [Person; 11] = [
    person("hind", Role::Customer, None),
    person("omar", Role::Customer, None),
    person("lina", Role::Customer, None),
    person("cook-m1", Role::Restaurant, Some(0)),
    person("cook-m2", Role::Restaurant, Some(0)),
    person("cook-m3", Role::Restaurant, Some(0)),
    person("cook-f1", Role::Restaurant, Some(1)),
    person("cook-f2", Role::Restaurant, Some(1)),
    person("fahad", Role::Driver, None),
    person("saad", Role::Driver, None),
    person("nasser", Role::Driver, None),
];

/// How many dishes a kitchen has.
pub const DISHES: usize = 4;

impl Person {
    /// Their id.
    pub fn id(self) -> UserId {
        seed::id(self.name)
    }

    /// Their kitchen's.
    pub fn restaurant(self) -> Option<RestaurantId> {
        self.kitchen.map(restaurant)
    }

    /// Their sign-in.
    pub fn session(self) -> SessionId {
        seed::id(&format!("{}/session", self.name))
    }
}

/// A kitchen's id.
pub fn restaurant(kitchen: usize) -> RestaurantId {
    seed::id(KITCHENS[kitchen % KITCHENS.len()])
}

/// A dish's id.
pub fn dish(kitchen: usize, nth: usize) -> MenuItemId {
    seed::id(&format!("{}/dish/{nth}", KITCHENS[kitchen % KITCHENS.len()]))
}

/// Where a customer lives.
pub fn home(name: &str) -> Address {
    let off = name.bytes().map(f64::from).sum::<f64>() / 1e6;
    Address {
        label: "Home".to_owned(),
        point: GeoPoint {
            lat: MIDDLE.lat + off,
            lng: MIDDLE.lng - off,
        },
        short_address: None,
        line: format!("{name}'s street"),
        landmark: None,
        note: Some(format!("{name}'s door")),
    }
}

/// Writes the town's file into `folder`, and says where it is.
pub async fn found(folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join("town.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("town.db{suffix}")));
    }
    let url = format!("sqlite:{}", file.display());
    let db = Open {
        url: &url,
        readers: 1,
        connections: 1,
    }
    .connect()
    .await
    .context("the town's file")?;
    db.seal_with(Sealer::for_tests());
    db.migrate().await.context("migrations")?;
    let clock = Clock::manual(NOON, 0);
    sync::begin(&db, clock.uuid()).await?;
    settle(&db, clock).await?;
    db.close().await;
    Ok(file)
}

async fn settle(db: &Db, clock: Clock) -> Result<()> {
    let now = clock.now();
    db.write::<_, Fault, _, _>(async move |mut tx: Tx| {
        for (number, person) in PEOPLE.iter().enumerate() {
            enroll(&mut tx, *person, number, now).await?;
        }
        for (kitchen, name) in KITCHENS.iter().enumerate() {
            let staff: Vec<&Person> = PEOPLE.iter().filter(|p| p.kitchen == Some(kitchen)).collect();
            let owner = staff
                .first()
                .ok_or(Fault("a kitchen without people".to_owned()))?;
            catalog::establish(
                &mut tx,
                &kitchen_named(kitchen, name, owner.id()),
                &menu(kitchen),
                now,
            )
            .await?;
            for (nth, person) in staff.iter().enumerate() {
                identity::employ(&mut tx, person.id(), restaurant(kitchen), nth == 0).await?;
            }
        }
        for person in PEOPLE {
            let wish = Wish {
                role: Some(person.role),
                restaurant: person.restaurant(),
            };
            let ids = (person.session(), clock.uuid());
            session::begin(
                &mut tx,
                person.id(),
                wish,
                How::by(FirstFactor::Password),
                &Origin::default(),
                ids,
                now,
            )
            .await?;
        }
        Ok(())
    })
    .await?;
    Ok(())
}

/// Why there is no town.
#[derive(Debug)]
struct Fault(String);

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<identity::Refusal> for Fault {
    fn from(refusal: identity::Refusal) -> Self {
        Self(refusal.to_string())
    }
}

async fn enroll(tx: &mut Tx, person: Person, number: usize, now: Timestamp) -> Result<(), Fault> {
    let phone = Phone::parse(&format!("+96650000{number:04}")).map_err(|_| Fault("a phone".to_owned()))?;
    let text = |text: &str| LocalizedText::both(text, text);
    let vehicle = Vehicle {
        kind: text("motorbike"),
        plate: text("ABC 1"),
        color: text("white"),
    };
    let enrolment = Enrolment {
        id: person.id(),
        email: format!("{}@town.example", person.name),
        phone,
        password_hash: "nobody signs in here by password".to_owned(),
        first_name: text(person.name),
        last_name: text("Town"),
        language: Lang::Ar,
        role: person.role,
        driver: (person.role == Role::Driver).then_some((vehicle, MIDDLE)),
    };
    Ok(identity::enroll(tx, &enrolment, now).await?)
}

fn kitchen_named(kitchen: usize, name: &str, owner: UserId) -> NewRestaurant {
    NewRestaurant {
        id: restaurant(kitchen),
        owner,
        slug: name.to_owned(),
        name: LocalizedText::both(name, name),
        description: Some(LocalizedText::both(name, name)),
        cuisines: vec!["local".to_owned()],
        district: LocalizedText::both("الوسط", "Middle"),
        point: MIDDLE,
        phone: "+966500000000".to_owned(),
        email: format!("{name}@town.example"),
        business_license: None,
        vat_number: None,
        rating: (45, 10),
        currency: Currency::Sar,
        terms: Terms {
            minimum_order: 0,
            delivery_fee: 1_000,
            delivery_fee_per_km: 150,
            delivery_radius_m: 12_000,
            service_fee_bp: 300,
            vat_bp: 1_500,
            discount: 0,
        },
        preparation_minutes: 10,
        hours: OpeningHours::always(180),
        picture: None,
        featured: false,
    }
}

fn menu(kitchen: usize) -> Menu {
    let item = |nth: usize| MenuItem {
        id: dish(kitchen, nth),
        name: LocalizedText::both(format!("طبق {nth}"), format!("Dish {nth}")),
        description: None,
        price: 1_000 + i64::try_from(nth).unwrap_or(0) * 250,
        picture: None,
        availability: Availability::Available,
        dayparts: vec![],
        allergens: vec![],
        calories: None,
        option_groups: vec![],
    };
    let category: CategoryId = seed::id(&format!("{}/food", KITCHENS[kitchen % KITCHENS.len()]));
    Menu {
        currency: Currency::Sar,
        utc_offset_minutes: 180,
        categories: vec![Category {
            id: category,
            name: LocalizedText::both("أكل", "Food"),
            station: None,
            items: (0..DISHES).map(item).collect(),
        }],
    }
}

/// Who has this id.
pub fn name_of(id: Uuid) -> &'static str {
    PEOPLE
        .iter()
        .find(|person| person.id().0 == id)
        .map_or("nobody", |person| person.name)
}

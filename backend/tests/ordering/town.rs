//! A small town for tests that go through the API: a kitchen that is always open, its menu, and people with sessions.
#![allow(dead_code, reason = "each test program uses its own part")]

use http::Method;
use momfood_backend::identity::Bearer;
use momfood_backend::store::{StoreError, sql};
use momfood_backend::testing::{Answer, TestApp, give_phone};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::{OrderId, RestaurantId, SessionId, UserId};
use momfood_domain::time::Timestamp;
use serde_json::{Value, json};
use sqlx::types::Json;
use uuid::Uuid;

/// The kitchen's place, in Olaya.
pub const KITCHEN: GeoPoint = GeoPoint {
    lat: 24.6911,
    lng: 46.6853,
};
/// The customer's door, some two kilometres away.
pub const DOOR: GeoPoint = GeoPoint {
    lat: 24.7091,
    lng: 46.6853,
};

/// Ids on the menu.
pub const KABSA: Uuid = Uuid::from_u128(0x10);
pub const SIZE: Uuid = Uuid::from_u128(0x11);
pub const REGULAR: Uuid = Uuid::from_u128(0x12);
pub const LARGE: Uuid = Uuid::from_u128(0x13);
pub const EXTRAS: Uuid = Uuid::from_u128(0x14);
pub const SALAD: Uuid = Uuid::from_u128(0x15);
pub const NUTS: Uuid = Uuid::from_u128(0x16);
pub const RAISINS: Uuid = Uuid::from_u128(0x17);
pub const JUICE: Uuid = Uuid::from_u128(0x20);
pub const SOLD_OUT: Uuid = Uuid::from_u128(0x21);
pub const BREAKFAST: Uuid = Uuid::from_u128(0x22);

/// Someone signed in.
#[derive(Clone, Debug)]
pub struct Someone {
    pub actor: Actor,
    pub id: UserId,
    pub session: SessionId,
    pub token: String,
}

/// The town.
pub struct Town {
    pub restaurant: RestaurantId,
    pub sara: Someone,
    pub kitchen: Someone,
}

impl Town {
    pub async fn build(app: &TestApp) -> Self {
        let sara = person(app, "Sara", Role::Customer, None).await;
        let owner = person(app, "Hamad", Role::Restaurant, None).await;
        let restaurant = restaurant(app, owner.id).await;
        let kitchen = staff(app, restaurant).await;
        Self {
            restaurant,
            sara,
            kitchen,
        }
    }

    /// A cart of one large kabsa with salad and two juices: 2500 + 800 + 300 + 2 × 700 = 5000.
    pub fn cart(&self) -> Value {
        json!({ "restaurantId": self.restaurant, "tip": 500, "lines": [
            { "itemId": KABSA, "quantity": 1, "optionIds": [LARGE, SALAD], "note": "بدون بصل" },
            { "itemId": JUICE, "quantity": 2 },
        ] })
    }

    /// Asks for a quote of the usual cart, brought to the door.
    pub fn quote_request(&self) -> Value {
        json!({ "cart": self.cart(), "fulfilment": "delivery", "point": DOOR })
    }

    pub async fn quote(&self, app: &TestApp, who: &Someone) -> Value {
        post(app, who, "/api/v1/quotes", &self.quote_request())
            .await
            .data()
    }

    /// What placing needs, for a quote of the usual cart.
    pub async fn placing(&self, app: &TestApp, who: &Someone) -> Value {
        let quote = self.quote(app, who).await;
        let id: OrderId = app.clock.id();
        json!({ "id": id, "quoteId": quote["id"], "paymentMethod": "cash", "address": address(), "note": "بسرعة" })
    }

    /// Places the usual order in cash.
    pub async fn order(&self, app: &TestApp) -> OrderId {
        let request = self.placing(app, &self.sara).await;
        let order = place(app, &self.sara, &request).await.data();
        assert_eq!(order["status"], "pending");
        id_of(&order)
    }

    /// Places the usual order and has the kitchen accept it.
    pub async fn accepted(&self, app: &TestApp) -> OrderId {
        let id = self.order(app).await;
        step(app, &self.kitchen, id, "accept", &json!({ "prepMinutes": 20 }))
            .await
            .data();
        id
    }
}

pub fn address() -> Value {
    json!({ "label": "البيت", "point": DOOR, "shortAddress": "RAHA3443", "line": "حي العليا",
        "landmark": "مقابل المسجد", "note": "الدور الثالث" })
}

pub fn id_of(order: &Value) -> OrderId {
    order["id"].as_str().unwrap().parse().unwrap()
}

/// Sends a POST as someone.
pub async fn post(app: &TestApp, who: &Someone, path: &str, body: &Value) -> Answer {
    app.request(Method::POST, path)
        .bearer(&who.token)
        .json(body)
        .send()
        .await
}

/// Sends a GET as someone.
pub async fn get(app: &TestApp, who: &Someone, path: &str) -> Answer {
    app.request(Method::GET, path).bearer(&who.token).send().await
}

/// Places an order under a fresh key.
pub async fn place(app: &TestApp, who: &Someone, request: &Value) -> Answer {
    place_with(app, who, request, app.clock.uuid()).await
}

/// Places an order under a key.
pub async fn place_with(app: &TestApp, who: &Someone, request: &Value, key: Uuid) -> Answer {
    app.request(Method::POST, "/api/v1/orders")
        .bearer(&who.token)
        .header("idempotency-key", &key.to_string())
        .json(request)
        .send()
        .await
}

/// Takes a step of an order. Steps that need no body get none.
pub async fn step(app: &TestApp, who: &Someone, id: OrderId, step: &str, body: &Value) -> Answer {
    let request = app
        .request(Method::POST, &format!("/api/v1/orders/{id}/{step}"))
        .bearer(&who.token);
    let request = if body.is_null() {
        request
    } else {
        request.json(body)
    };
    request.send().await
}

/// The order as someone sees it.
pub async fn look(app: &TestApp, who: &Someone, id: OrderId) -> Value {
    get(app, who, &format!("/api/v1/orders/{id}")).await.data()
}

/// Someone new, with one role and a session.
pub async fn person(app: &TestApp, name: &str, role: Role, restaurant: Option<RestaurantId>) -> Someone {
    let id: UserId = app.clock.id();
    let (name, now) = (name.to_owned(), app.clock.now());
    let phone = format!("+9665{:08}", id.0.as_u128() % 100_000_000);
    app.db
        .write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "insert into users (id, email, password_hash, role, created_at, updated_at)
                 values ($1, $2, '-', $3, $4, $4)",
                id,
                format!("{id}@example.sa"),
                role,
                now
            )?;
            give_phone(&mut tx, id, &phone).await?;
            sql!(
                &mut tx,
                execute,
                "insert into user_roles (user_id, role, granted_at) values ($1, $2, $3)",
                id,
                role,
                now
            )?;
            sql!(
                &mut tx,
                execute,
                "insert into customer_profiles (user_id, first_name, last_name, dietary_preferences, allergies)
                 values ($1, $2, 'Alharbi', $3, $3)",
                id,
                name,
                Json(Vec::<String>::new())
            )?;
            if role == Role::Driver {
                let both = |ar: &str, en: &str| json!({ "ar": ar, "en": en });
                sql!(
                    &mut tx,
                    execute,
                    "insert into driver_profiles (user_id, vehicle, home_lat, home_lng) values ($1, $2, 24.7, 46.7)",
                    id,
                    Json(json!({ "kind": both("دراجة", "motorbike"), "plate": both("أ ب ج ١٢٣٤", "ABC 1234"),
                        "color": both("بيضاء", "White") }))
                )?;
            }
            if let Some(restaurant) = restaurant {
                sql!(
                    &mut tx,
                    execute,
                    "insert into restaurant_staff (restaurant_id, user_id, is_owner) values ($1, $2, false)",
                    restaurant,
                    id
                )?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    sign_in(app, id, role, restaurant).await
}

/// Another session of a person.
pub async fn sign_in(app: &TestApp, id: UserId, role: Role, restaurant: Option<RestaurantId>) -> Someone {
    let session: SessionId = app.clock.id();
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "insert into sessions (id, user_id, role, restaurant_id, generation, user_agent, created_at,
                    refreshed_at, authenticated_at, expires_at) values ($1, $2, $3, $4, 1, 'test', $5, $5, $5, $6)",
                session,
                id,
                role,
                restaurant,
                now,
                now.plus_minutes(7 * 24 * 60)
            )
        })
        .await
        .unwrap();
    let token = Bearer::sign(&app.keys, id, role, restaurant, session, false, now)
        .unwrap()
        .text;
    let actor = match restaurant {
        Some(restaurant) => Actor::staff(id, restaurant),
        None => Actor::person(id, role),
    };
    Someone {
        actor,
        id,
        session,
        token,
    }
}

pub async fn staff(app: &TestApp, restaurant: RestaurantId) -> Someone {
    person(app, "Noura", Role::Restaurant, Some(restaurant)).await
}

/// A kitchen that is always open, with the menu of this town.
pub async fn restaurant(app: &TestApp, owner: UserId) -> RestaurantId {
    let id: RestaurantId = app.clock.id();
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "insert into restaurants (id, owner_id, slug, name, name_ar, cuisine_type, district, district_ar, lat,
                    lng, phone, email, status, currency, delivery_fee, delivery_fee_per_km, delivery_radius_m,
                    minimum_order, preparation_time, hours, created_at, updated_at)
                 values ($1, $2, $3, 'Kabsa House', 'بيت الكبسة', $4, 'Olaya', 'العليا', $5, $6, '+966500000000',
                    'k@example.sa', 'approved', 'SAR', 500, 100, 12000, 2000, 25, $7, $8, $8)",
                id,
                owner,
                id.to_string(),
                Json(vec!["saudi"]),
                KITCHEN.lat,
                KITCHEN.lng,
                Json(OpeningHours::always(180)),
                now
            )?;
            sql!(
                &mut tx,
                execute,
                "insert into menus (restaurant_id, menu, rev, updated_at) values ($1, $2, 1, $3)",
                id,
                Json(menu()),
                now
            )
        })
        .await
        .unwrap();
    id
}

fn menu() -> Value {
    let text = |ar: &str, en: &str| json!({ "ar": ar, "en": en });
    let option = |id: Uuid, en: &str, price: i64, available: bool| json!({ "id": id, "name": text(en, en), "price": price, "available": available });
    let available = json!({ "state": "available" });
    json!({ "currency": "SAR", "utcOffsetMinutes": 180, "categories": [
        { "id": Uuid::from_u128(1), "name": text("أطباق", "Dishes"), "items": [
            { "id": KABSA, "name": text("كبسة", "Kabsa"), "price": 2500, "availability": available,
                "allergens": ["nuts"], "optionGroups": [
                { "id": SIZE, "name": text("الحجم", "Size"), "min": 1, "max": 1,
                    "options": [option(REGULAR, "Regular", 0, true), option(LARGE, "Large", 800, true)] },
                { "id": EXTRAS, "name": text("إضافات", "Extras"), "min": 0, "max": 1,
                    "options": [option(SALAD, "Salad", 300, true), option(NUTS, "Nuts", 200, false),
                        option(RAISINS, "Raisins", 100, true)] } ] },
            { "id": JUICE, "name": text("عصير", "Juice"), "price": 700, "availability": available },
            { "id": SOLD_OUT, "name": text("مندي", "Mandi"), "price": 3000,
                "availability": { "state": "sold_out" } },
            { "id": BREAKFAST, "name": text("فول", "Foul"), "price": 2000, "availability": available,
                "dayparts": [{ "open": 300, "close": 600 }] },
        ] } ] })
}

/// Changes rows behind the server's back.
#[macro_export]
macro_rules! change {
    ($app:expr, $text:literal, $($arg:expr),+ $(,)?) => {
        $app.db
            .write(async move |mut tx| {
                momfood_backend::store::sql!(&mut tx, execute, $text, $($arg),+)
            })
            .await
            .unwrap()
    };
}

/// The price of an item from now on.
pub async fn set_price(app: &TestApp, restaurant: RestaurantId, item: Uuid, price: i64) {
    edit_menu(app, restaurant, item, |item| item["price"] = price.into()).await;
}

/// Changes an item of the stored menu.
pub async fn edit_menu(app: &TestApp, restaurant: RestaurantId, item: Uuid, edit: impl Fn(&mut Value)) {
    let mut tx = app.db.read().await.unwrap();
    let found = sql!(
        &mut tx,
        fetch_one as (Json<Value>,),
        "select menu from menus where restaurant_id = $1",
        restaurant
    );
    let (Json(mut menu),) = found.unwrap();
    drop(tx);
    for found in menu["categories"][0]["items"].as_array_mut().unwrap() {
        if found["id"] == item.to_string() {
            edit(found);
        }
    }
    app.db
        .write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "update menus set menu = $1, rev = rev + 1 where restaurant_id = $2",
                Json(menu),
                restaurant
            )
        })
        .await
        .unwrap();
}

/// How many rows a table has.
#[macro_export]
macro_rules! count {
    ($app:expr, $text:literal $(, $arg:expr)*) => {{
        let mut tx = $app.db.read().await.unwrap();
        let (count,) = momfood_backend::store::sql!(&mut tx, fetch_one as (i64,), $text $(, $arg)*).unwrap();
        count
    }};
}

/// Has a driver asked for an order, as dispatch would.
pub async fn offer(app: &TestApp, id: OrderId, driver: &Someone) {
    use momfood_domain::order::Command;
    let (driver_id, now) = (driver.id, app.clock.now());
    let wanted = Command::Offer {
        driver_id,
        expires_at: now.plus_seconds(45),
    };
    app.db
        .write(async move |mut tx| {
            momfood_backend::ordering::command(&mut tx, &Actor::SYSTEM, id, &wanted, now).await
        })
        .await
        .unwrap();
}

/// A time as JSON shows it.
pub fn time(value: &Value) -> Timestamp {
    Timestamp(value.as_i64().unwrap())
}

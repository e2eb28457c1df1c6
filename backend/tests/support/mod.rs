//! A small city for tests that begin with an order already placed: written straight into the tables, so that they
//! need neither a menu nor a quote.
#![allow(dead_code, reason = "each test program uses its own part")]

use momfood_backend::identity::Bearer;
use momfood_backend::ordering::{self, Executed, OrderingError};
use momfood_backend::store::sql;
use momfood_backend::testing::{TestApp, give_phone};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{OrderId, QuoteId, RestaurantId, SessionId, UserId};
use momfood_domain::order::{Command, OrderStatus};
use momfood_domain::payment::{Owed, PaymentMethod};
use momfood_domain::time::Timestamp;
use sqlx::types::Json;

/// The restaurant's place, in Olaya.
pub const KITCHEN: GeoPoint = GeoPoint {
    lat: 24.6911,
    lng: 46.6853,
};
/// What an order costs.
pub const TOTAL: i64 = 5_000;
/// What of it is the driver's tip.
pub const TIP: i64 = 500;
/// What a customer pays who cancels late.
pub const FEE: i64 = 1_000;

/// A customer, a restaurant, and who runs it.
#[derive(Clone, Copy, Debug)]
pub struct City {
    pub customer: UserId,
    pub owner: UserId,
    pub restaurant: RestaurantId,
}

impl City {
    pub async fn build(app: &TestApp) -> Self {
        let customer = person(app, Role::Customer).await;
        let owner = person(app, Role::Restaurant).await;
        let restaurant: RestaurantId = app.clock.id();
        let now = app.clock.now();
        app.db
            .write(async move |mut tx| {
                sql!(
                    &mut tx,
                    execute,
                    "insert into restaurants (id, owner_id, slug, name, name_ar, cuisine_type, district, district_ar, \
                     lat, lng, phone, email, status, currency, delivery_fee, delivery_fee_per_km, delivery_radius_m, \
                     minimum_order, hours, created_at, updated_at) values ($1, $2, $3, 'Kabsa House', 'بيت الكبسة', $4, \
                     'Olaya', 'العليا', $5, $6, '+966500000000', 'k@example.sa', 'approved', 'SAR', 500, 100, 15000, 0, $7, \
                     $8, $8)",
                    restaurant,
                    owner,
                    restaurant.to_string(),
                    Json(vec!["saudi"]),
                    KITCHEN.lat,
                    KITCHEN.lng,
                    Json(serde_json::json!({ "utcOffsetMinutes": 180, "periods": [] })),
                    now
                )
            })
            .await
            .unwrap();
        Self {
            customer,
            owner,
            restaurant,
        }
    }

    pub fn kitchen(&self) -> Actor {
        Actor::staff(self.owner, self.restaurant)
    }

    pub fn eater(&self) -> Actor {
        Actor::person(self.customer, Role::Customer)
    }

    /// An order as it stands right after placing; with a card token it is paid by card.
    pub async fn order(&self, app: &TestApp, card: Option<&str>) -> OrderId {
        let (id, quote): (OrderId, QuoteId) = (app.clock.id(), app.clock.id());
        let (city, now, card) = (*self, app.clock.now(), card.map(str::to_owned));
        let (method, status, payment, owed, accept_by) = match card {
            Some(_) => (
                PaymentMethod::Card,
                OrderStatus::AwaitingPayment,
                "pending",
                Some(Json(Owed::Authorize)),
                None,
            ),
            None => (
                PaymentMethod::Cash,
                OrderStatus::Pending,
                "due",
                None,
                Some(now.plus_seconds(300)),
            ),
        };
        app.db
            .write(async move |mut tx| {
                sql!(
                    &mut tx,
                    execute,
                    "insert into orders (id, customer_id, restaurant_id, quote_id, order_number, rev, status, fulfilment, \
                     currency, subtotal, delivery_fee, service_fee, discount, tip, tax_amount, total_amount, cancel_fee, \
                     payment_method, payment_status, distance_m, accept_limit_seconds, accept_by, created_at, updated_at) \
                     values ($1, $2, $3, $4, $5, 1, $6, 'delivery', 'SAR', 3500, 1000, 0, 0, $7, 587, $8, $9, $10, $11, \
                     2000, 300, $12, $13, $13)",
                    id,
                    city.customer,
                    city.restaurant,
                    quote,
                    id.to_string(),
                    status,
                    TIP,
                    TOTAL,
                    FEE,
                    method,
                    payment,
                    accept_by,
                    now
                )?;
                sql!(
                    &mut tx,
                    execute,
                    "insert into payments (order_id, method, status, authorized, captured, refunded, owed, card_token, \
                     asked, tries, updated_at) values ($1, $2, $3, 0, 0, 0, $4, $5, 0, 0, $6)",
                    id,
                    method,
                    payment,
                    owed,
                    card,
                    now
                )
            })
            .await
            .unwrap();
        id
    }
}

/// Someone with one role.
pub async fn person(app: &TestApp, role: Role) -> UserId {
    let id: UserId = app.clock.id();
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "insert into users (id, email, password_hash, role, created_at, updated_at) \
                 values ($1, $2, '-', $3, $4, $4)",
                id,
                format!("{id}@example.sa"),
                role,
                now
            )?;
            let phone = format!("+9665{:08}", id.0.as_u128() % 100_000_000);
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
                "insert into customer_profiles (user_id, first_name, dietary_preferences, allergies) \
                 values ($1, 'Sara', $2, $2)",
                id,
                Json(Vec::<String>::new())
            )?;
            if role == Role::Driver {
                sql!(
                    &mut tx,
                    execute,
                    "insert into driver_profiles (user_id, vehicle, home_lat, home_lng) values ($1, $2, 24.7, 46.7)",
                    id,
                    Json(serde_json::json!({ "kind": { "ar": "دراجة" }, "plate": { "en": "ABJ 1234" }, "color": { "ar": "أحمر", "en": "Red" } }))
                )?;
            }
            Ok::<_, momfood_backend::store::StoreError>(())
        })
        .await
        .unwrap();
    id
}

/// An access token.
pub fn token(app: &TestApp, user: UserId, role: Role, restaurant: Option<RestaurantId>) -> String {
    let session = app.clock.id();
    let token = Bearer::sign(&app.keys, user, role, restaurant, session, false, app.clock.now());
    token.unwrap().text
}

/// An access token of a session that is written down: what a stream needs.
pub async fn live_token(app: &TestApp, user: UserId, role: Role) -> String {
    let session: SessionId = app.clock.id();
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "insert into sessions (id, user_id, role, generation, user_agent, created_at, refreshed_at, expires_at) \
                 values ($1, $2, $3, 1, '-', $4, $4, $5)",
                session,
                user,
                role,
                now,
                now.plus_minutes(60)
            )
        })
        .await
        .unwrap();
    Bearer::sign(&app.keys, user, role, None, session, false, now)
        .unwrap()
        .text
}

/// Gives a command, now.
pub async fn command(
    app: &TestApp,
    actor: Actor,
    order: OrderId,
    command: Command,
) -> Result<Executed, OrderingError> {
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| ordering::command(&mut tx, &actor, order, &command, now).await)
        .await
}

/// Where the order stands.
pub async fn status(app: &TestApp, order: OrderId) -> OrderStatus {
    let mut tx = app.db.read().await.unwrap();
    let row = sql!(
        &mut tx,
        fetch_one as (OrderStatus,),
        "select status from orders where id = $1",
        order
    );
    row.unwrap().0
}

/// A point so many metres north of the restaurant.
pub fn north(metres: f64) -> GeoPoint {
    GeoPoint {
        lat: KITCHEN.lat + metres / 111_195.0,
        lng: KITCHEN.lng,
    }
}

/// Whole seconds after a time.
pub fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.since(from) / 1_000_000
}

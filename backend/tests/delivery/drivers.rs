//! Drivers on the streets of the test city.

use momfood_backend::delivery::{DeliveryError, dispatch_due, set_shift};
use momfood_backend::sealed::{self, Field};
use momfood_backend::store::{StoreError, sql};
use momfood_backend::testing::TestApp;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::address::Address;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{OrderId, ShiftId, UserId};
use momfood_domain::order::Command;
use momfood_protocol::rest::SetShift;
use sqlx::types::Json;

use crate::support::{City, command, north, person};

/// A driver on duty, there.
pub async fn driver_at(app: &TestApp, point: GeoPoint) -> UserId {
    let driver = person(app, Role::Driver).await;
    on(app, driver, point).await.unwrap();
    driver
}

pub async fn on(app: &TestApp, driver: UserId, point: GeoPoint) -> Result<(), DeliveryError> {
    shift(
        app,
        driver,
        SetShift {
            on: true,
            point: Some(point),
        },
    )
    .await
}

pub async fn off(app: &TestApp, driver: UserId) -> Result<(), DeliveryError> {
    shift(
        app,
        driver,
        SetShift {
            on: false,
            point: None,
        },
    )
    .await
}

pub async fn shift(app: &TestApp, driver: UserId, wish: SetShift) -> Result<(), DeliveryError> {
    let (id, now): (ShiftId, _) = (app.clock.id(), app.clock.now());
    app.db
        .write(async move |mut tx| set_shift(&mut tx, driver, &wish, id, now).await)
        .await
}

/// A cash order whose food is ready: a driver is wanted now. It goes two kilometres north.
pub async fn ready(app: &TestApp, city: &City) -> OrderId {
    ready_for(app, city, north(2_000.0)).await
}

/// The same, for a customer there.
pub async fn ready_for(app: &TestApp, city: &City, point: GeoPoint) -> OrderId {
    let order = city.order(app, None).await;
    let address = Address {
        label: "Home".into(),
        point,
        short_address: None,
        line: String::new(),
        landmark: None,
        note: None,
    };
    app.db
        .write(async move |mut tx| {
            let customer = sql!(
                &mut tx,
                fetch_one as (UserId,),
                "select customer_id from orders where id = $1",
                order
            )?;
            let field = Field::new("orders", "delivery_address");
            let sealed = sealed::seal_json(&mut tx, customer.0, field, order.0.as_bytes(), &address).await?;
            sql!(
                &mut tx,
                execute,
                "update orders set delivery_address = $1 where id = $2",
                Json(sealed),
                order
            )
        })
        .await
        .unwrap();
    command(app, city.kitchen(), order, Command::Accept { prep_minutes: 20 })
        .await
        .unwrap();
    command(app, city.kitchen(), order, Command::MarkReady)
        .await
        .unwrap();
    order
}

pub async fn dispatch(app: &TestApp) -> Result<Option<i64>, StoreError> {
    let now = app.clock.now();
    let next = dispatch_due(app, now).await?;
    Ok(next.map(|next| crate::support::seconds(now, next)))
}

/// The attempts at a delivery, in order: who, and where it stands.
pub async fn attempts(app: &TestApp, order: OrderId) -> Vec<(UserId, String)> {
    let mut tx = app.db.read().await.unwrap();
    let rows = sql!(
        &mut tx,
        fetch_all as (UserId, String),
        "select driver_id, status from assignments where order_id = $1 order by attempt",
        order
    );
    rows.unwrap()
}

/// Who is asked for it now.
pub async fn asked(app: &TestApp, order: OrderId) -> Option<UserId> {
    let last = attempts(app, order).await.pop();
    last.filter(|(_, status)| status == "offered")
        .map(|(driver, _)| driver)
}

/// The newest attempt's number.
pub async fn attempt(app: &TestApp, order: OrderId) -> u32 {
    u32::try_from(attempts(app, order).await.len()).unwrap()
}

/// What the driver does with the newest offer or job.
pub async fn does(app: &TestApp, driver: UserId, order: OrderId, wish: Command) {
    command(app, Actor::person(driver, Role::Driver), order, wish)
        .await
        .unwrap();
}

pub async fn accepts(app: &TestApp, driver: UserId, order: OrderId) {
    let attempt = attempt(app, order).await;
    does(app, driver, order, Command::AcceptOffer { attempt }).await;
}

pub async fn declines(app: &TestApp, driver: UserId, order: OrderId) {
    let attempt = attempt(app, order).await;
    does(app, driver, order, Command::DeclineOffer { attempt }).await;
}

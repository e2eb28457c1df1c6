//! `/driver`: a driver's day and shift.

use axum::extract::State;
use http::HeaderMap;
use momfood_domain::access::Permission;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::rest::SetShift;
use momfood_protocol::view::DriverDay;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::driver_day;
use crate::app::App;
use crate::error::ApiError;
use crate::identity::SignedIn;
use crate::mutations::{self, Asked, MutationError};
use crate::request::{Body, Reply};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(day)).routes(routes!(shift))
}

/// The driver's day: shift, trips, earnings, cash to hand in. The day is Riyadh's.
///
/// Role: driver.
#[utoipa::path(get, path = "/api/v1/driver/day", tag = "delivery", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<DriverDay>, example = json!({ "success": true, "data": {
            "shift": { "id": "019cb5a1-3c00-7000-8000-000000000001", "since": 1_772_355_600_000_000_i64 },
            "currency": "SAR", "trips": 1, "earned": 1550, "tips": 500, "cashInHand": 6400, "done": [{
                "orderId": "019cb5a1-3c00-7000-8000-000000000002", "number": "4821-1234",
                "restaurant": { "ar": "بيت الكبسة", "en": "Kabsa House" }, "at": 1_772_359_200_000_000_i64,
                "pay": 1550, "cash": 6400, "delivered": true }] } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not a driver"),
    ))]
async fn day(State(app): State<App>, caller: SignedIn) -> Result<Reply<DriverDay>, ApiError> {
    caller.may(Permission::Drive)?;
    let now = app.clock.now();
    Ok(Reply(
        driver_day(&mut app.db.read().await?, caller.user, now).await?,
    ))
}

/// Goes on or off duty. Asked for what is so already, nothing changes. An offer that stands is declined by going off.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/driver/shift", tag = "delivery", security(("bearer" = [])),
    params(("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = SetShift, example = json!({ "on": true, "point": { "lat": 24.6911, "lng": 46.6853 } })),
    responses(
        (status = 200, body = Success<DriverDay>, example = json!({ "success": true, "data": {
            "shift": { "id": "019cb5a1-3c00-7000-8000-000000000001", "since": 1_772_355_600_000_000_i64 },
            "currency": "SAR", "trips": 0, "earned": 0, "tips": 0, "cashInHand": 0, "done": [] } })),
        (status = 400, body = Failed, description = "`malformed_json`, or `key_missing`: the `Idempotency-Key` is no UUID"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not a driver"),
        (status = 409, body = Failed, description = "`wrong_state`: a job is not finished; `details.status` is its order's. `key_reused`"),
        (status = 422, body = Failed, description = "`invalid_input`: going on needs a `point` on Earth"),
    ))]
async fn shift(
    State(app): State<App>,
    caller: SignedIn,
    headers: HeaderMap,
    body: Body<SetShift>,
) -> Result<Reply<DriverDay>, ApiError> {
    caller.may(Permission::Drive)?;
    let driver = caller.user;
    let asked = Asked::of(&headers, caller.actor, driver, Mutation::SetShift(body.value))?;
    let clock = app.clock.clone();
    let day = app
        .db
        .write(async move |mut tx| {
            mutations::once(&mut tx, &asked, &clock).await?;
            Ok::<_, MutationError>(driver_day(&mut tx, driver, clock.now()).await?)
        })
        .await?;
    Ok(Reply(day))
}

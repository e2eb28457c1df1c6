//! `/pings` and `/orders/{id}/position`: positions in, and out to those who may know.

use axum::extract::State;
use momfood_domain::access::Permission;
use momfood_domain::id::OrderId;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::feed::OrderPosition;
use momfood_protocol::rest::{Pings, PositionAnswer};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{TrackingError, of_order, record, work_in_hand};
use crate::app::App;
use crate::audit;
use crate::error::ApiError;
use crate::identity::SignedIn;
use crate::request::{Body, Path, Reply};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pings))
        .routes(routes!(position))
}

/// A driver's positions since the last request, at most 50. The newest by `n` counts; nothing else is kept.
///
/// Role: driver, on duty.
#[utoipa::path(post, path = "/api/v1/pings", tag = "tracking", security(("bearer" = [])),
    request_body(content = Pings, example = json!({ "session": "019cb5a1-3c00-7000-8000-000000000009", "pings": [
        { "n": 41, "point": { "lat": 24.6911, "lng": 46.6853 }, "ageMs": 4000, "heading": 90 },
        { "n": 42, "point": { "lat": 24.6915, "lng": 46.6861 }, "ageMs": 0, "heading": 85 }] })),
    responses(
        (status = 200, body = Success<serde_json::Value>, description = "Taken", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not a driver"),
        (status = 409, body = Failed, description = "`wrong_state`: off duty"),
        (status = 422, body = Failed, description = "`invalid_input`: `details.field` is `pings` (none, or over 50), \
            `point` (not on Earth, or 0, 0), `heading` or `n`; nothing of the request was taken"),
    ))]
async fn pings(State(app): State<App>, caller: SignedIn, body: Body<Pings>) -> Result<Reply<()>, ApiError> {
    caller.may(Permission::Drive)?;
    let (driver, pings, now) = (caller.user, body.value, app.clock.now());
    let followed = app
        .db
        .write(async move |mut tx| {
            let Some(position) = record(&mut tx, driver, &pings, now).await? else {
                return Ok(Vec::new());
            };
            let work = work_in_hand(&mut tx, driver).await?;
            let follow = |(order_id, customer)| (customer, OrderPosition { order_id, position });
            Ok::<_, TrackingError>(work.into_iter().map(follow).collect())
        })
        .await?;
    for (customer, position) in followed {
        app.hub.position(customer, position);
    }
    Ok(Reply(()))
}

/// Where the driver of an order is; absent while no driver is at work on it, and when nothing was heard for 30 minutes.
/// `at` says how old it is.
///
/// Roles: customer, restaurant and driver of the order; support. To all others the order does not exist.
#[utoipa::path(get, path = "/api/v1/orders/{id}/position", tag = "tracking", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, body = Success<PositionAnswer>, example = json!({ "success": true, "data": { "position": {
            "point": { "lat": 24.6915, "lng": 46.6861 }, "at": 1_772_355_600_000_000_i64, "heading": 85 } } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`"),
    ))]
async fn position(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
) -> Result<Reply<PositionAnswer>, ApiError> {
    let now = app.clock.now();
    let position = of_order(&mut app.db.read().await?, &caller.actor, id, now).await?;
    audit::seen(&app, &caller, "position", id.0).await?;
    Ok(Reply(PositionAnswer { position }))
}

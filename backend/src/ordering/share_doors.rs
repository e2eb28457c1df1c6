//! The routes of links to orders: made, shown, looked through and taken back. No rule lives here.

use axum::extract::State;
use http::{HeaderMap, header};
use momfood_domain::id::OrderId;
use momfood_protocol::device::ShareLink;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::SharedOrder;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::share::{self, Link};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::identity::{SignedIn, is_this_machine};
use crate::request::{Nothing, Path, Reply};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(share_order, read_link, stop_sharing))
        .routes(routes!(look))
}

/// The address people reach this server at, without a slash at its end.
fn origin(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let scheme = if is_this_machine(headers) { "http" } else { "https" };
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

fn shown(app: &App, headers: &HeaderMap, Link { token, until }: Link) -> ShareLink {
    ShareLink {
        url: format!("{}/s/{token}", origin(app, headers)),
        until,
    }
}

/// Make a link by which anybody can see how far an order is, until two hours after its end and for a day at most. Asked
/// again, it is the same link, as long as it leads somewhere.
///
/// Role: the order's customer.
#[utoipa::path(post, path = "/api/v1/orders/{id}/share", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, body = Success<ShareLink>, description = "The link", example = json!({ "success": true, "data": {
            "url": "https://momfood.example/s/4Qy7Jw2mT9kX1bVn0ZcRpAaB", "until": 1_795_416_000_000_000_i64 } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: the caller may see the order, but is not its customer"),
        (status = 404, body = Failed, description = "`not_found`: to the caller there is no such order"),
        (status = 409, body = Failed, description = "`wrong_state`: it ended over two hours ago"),
    ))]
async fn share_order(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<ShareLink>, ApiError> {
    let (state, nonce, now) = (app.clone(), app.clock.bytes(), app.clock.now());
    let link = app
        .db
        .write(async move |mut tx| share::share(&mut tx, &state.keys, &caller.actor, id, (nonce, now)).await)
        .await?;
    Ok(Reply(shown(&app, &headers, link)))
}

/// The link to an order, if there is one that leads somewhere.
///
/// Role: the order's customer.
#[utoipa::path(get, path = "/api/v1/orders/{id}/share", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, body = Success<Option<ShareLink>>, description = "The link, or `null`",
            example = json!({ "success": true, "data": {
                "url": "https://momfood.example/s/4Qy7Jw2mT9kX1bVn0ZcRpAaB", "until": 1_795_416_000_000_000_i64 } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: the caller may see the order, but is not its customer"),
        (status = 404, body = Failed, description = "`not_found`: to the caller there is no such order"),
    ))]
async fn read_link(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<Option<ShareLink>>, ApiError> {
    let mut tx = app.db.read().await?;
    let link = share::shared_by(&mut tx, &app.keys, &caller.actor, id, app.clock.now()).await?;
    Ok(Reply(link.map(|link| shown(&app, &headers, link))))
}

/// Let the link to an order lead nowhere from now on. The next one is another.
///
/// Role: the order's customer.
#[utoipa::path(delete, path = "/api/v1/orders/{id}/share", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, body = Success<Nothing>, description = "It leads nowhere, or there was none",
            example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: the caller may see the order, but is not its customer"),
        (status = 404, body = Failed, description = "`not_found`: to the caller there is no such order"),
    ))]
async fn stop_sharing(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
) -> Result<Reply<Nothing>, ApiError> {
    app.db
        .write(async move |mut tx| share::stop(&mut tx, &caller.actor, id).await)
        .await?;
    Ok(Reply(Nothing))
}

/// How far an order is that somebody shared: the restaurant, where the order stands, what happened when, when it can be
/// expected, and whether a driver is on the way. Nothing about people, items or money, and no position: a driver's would
/// end at the door of whoever ordered.
///
/// Anybody who has the link, until two hours after the order's end and for a day at most, or until its customer stops
/// sharing it; then there is no such link. So many looks a minute from one address.
#[utoipa::path(get, path = "/api/v1/shared/{token}", tag = "ordering", security(()),
    params(("token" = String, Path, description = "The last part of the link", example = "4Qy7Jw2mT9kX1bVn0ZcRpAaB")),
    responses(
        (status = 200, body = Success<SharedOrder>, description = "How far it is", example = json!({ "success": true,
            "data": { "restaurant": { "name": { "ar": "بيت الكبسة", "en": "Kabsa House" }, "picture": "najd-kitchen.svg" },
                "status": "picked_up", "fulfilment": "delivery",
                "timeline": [{ "kind": "placed", "at": 1_795_329_600_000_000_i64 },
                    { "kind": "picked_up", "at": 1_795_331_100_000_000_i64 }],
                "estimatedAt": 1_795_332_000_000_000_i64, "onTheWay": true, "asOf": 1_795_331_160_000_000_i64,
                "until": 1_795_416_000_000_000_i64 } })),
        (status = 404, body = Failed, description = "`not_found`: the link leads nowhere, or no longer"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
    ))]
async fn look(State(app): State<App>, Path(token): Path<String>) -> Result<Reply<SharedOrder>, ApiError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let order = share::shared(&mut tx, &token, now).await?;
    order.map(Reply).ok_or(ApiError::new(ErrorCode::NotFound))
}

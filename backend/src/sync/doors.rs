//! `/scopes/{scope}/snapshot` and `/sync/stream`: how a client fills what it keeps, and hears what changes.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, header};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::feed::{Scope, Snapshot};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::grants::is_granted;
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::request::{Path, Reply};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(snapshot))
        .routes(routes!(stream))
}

/// A scope whole, as of its `seq`: the cursor to go on from.
///
/// `customer:{id}`: the orders that are live or ended within 48 hours, at most the last 50. `restaurant:{id}`: settings,
/// the owner's menu, the orders that are open or ended within 48 hours. `driver:{id}`: the day, and the order that is
/// offered or being carried. `menu:{restaurant}`: the public menu.
///
/// Roles: whoever the scope is granted to; a menu's, all. To all others the scope does not exist.
#[utoipa::path(get, path = "/api/v1/scopes/{scope}/snapshot", tag = "sync", security(("bearer" = [])),
    params(("scope" = String, Path, description = "The scope",
        example = "customer:019cb5a1-3c00-7000-8000-000000000001")),
    responses(
        (status = 200, body = Success<Snapshot>, example = json!({ "success": true, "data": {
            "epoch": "019cb5a1-3c00-7000-8000-0000000000ee",
            "scope": "customer:019cb5a1-3c00-7000-8000-000000000001",
            "seq": 41, "time": 1_772_355_600_000_000_i64, "changes": [] } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`: no such scope for the caller"),
    ))]
async fn snapshot(
    State(app): State<App>,
    caller: SignedIn,
    Path(scope): Path<String>,
) -> Result<Reply<Snapshot>, ApiError> {
    let unknown = || ApiError::new(ErrorCode::NotFound);
    let scope: Scope = scope.parse().map_err(|_| unknown())?;
    if !is_granted(&caller.actor, scope) {
        return Err(unknown());
    }
    let mut tx = app.db.read().await?;
    let found = super::snapshot(&mut tx, scope, app.clock.now()).await?;
    found.map(Reply).ok_or_else(unknown)
}

/// What happens in the caller's scopes, as server-sent events. Each `data:` is one JSON object whose `event` names it:
/// `heads` first and every 20 seconds (where every scope stands, and the server's time), `delta` (changes that follow
/// `from`), `head` (the scope moved; read it), `position` (the driver of an order moved), `resync` (take snapshots
/// again). Ends with the access token, with the session, and when the server stops: connect again.
///
/// Roles: all.
#[utoipa::path(get, path = "/api/v1/sync/stream", tag = "sync", security(("bearer" = [])),
    responses(
        (status = 200, body = String, content_type = "text/event-stream",
            example = "event: heads\ndata: {\"event\":\"heads\",\"epoch\":\"019cb5a1-3c00-7000-8000-0000000000ee\",\"time\":1772355600000000,\"heads\":{\"customer:019cb5a1-3c00-7000-8000-000000000001\":41}}\n\n"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
    ))]
async fn stream(State(app): State<App>, caller: SignedIn) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects before it sends would make the stream useless.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(super::stream::stream(app, caller))).into_response()
}

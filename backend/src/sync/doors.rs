//! `/sync`, `/sync/stream`, `/scopes/{scope}/snapshot` and `/presence`: how a client hands in what was done on it, fills
//! what it keeps, and hears what changes.

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::feed::{Scope, Snapshot};
use momfood_protocol::sync::{Presence, SyncAnswer, SyncRequest};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::exchange::{Desk, Sender};
use super::grants::is_granted;
use super::sender::{Parcel, SYNC_LIMIT};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::request::{Body, Path, Query, Reply};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(
            OpenApiRouter::new()
                .routes(routes!(exchange))
                .layer(DefaultBodyLimit::max(SYNC_LIMIT)),
        )
        .routes(routes!(snapshot))
        .routes(routes!(stream))
        .routes(routes!(presence))
        .merge(super::blob_doors::routes())
}

/// Hands in what was done on a device, in its order and exactly once, and reads on.
///
/// Mutations are done in order of `mid`, each in a transaction of its own. One is answered `applied`, `rejected` or
/// `quarantined`: its number is spent, and sent again it is answered alike (`replayed`). `deferred` leaves the number
/// unspent. Fewer results than mutations: the rest is to be sent again. `expectedMid` is the number the server goes on
/// from; a device that no longer has it declares a `gap`.
///
/// Then the scopes named are read on in one snapshot: a page applies where its `from` is the reader's cursor. `lastMids`
/// says of that snapshot which mutations of the device are in it, and counts once every cursor has reached its heads.
///
/// With `Authorization: Device {device}:{pushKey}` a device hands in as its own person, also after they have signed out,
/// and reads nothing.
///
/// Roles: all; a device is its first user's. At most 100 mutations and 2 MiB; the arguments of one at most 64 KiB.
#[utoipa::path(post, path = "/api/v1/sync", tag = "sync", security(("bearer" = []), ("device" = [])),
    request_body(content = SyncRequest, example = json!({
        "proto": 1, "schema": 1, "device": "019cb5a1-3c00-7000-8000-0000000000dd",
        "epoch": "019cb5a1-3c00-7000-8000-0000000000ee",
        "mutations": [{ "mid": 7, "uid": "019cb5a1-3c00-7000-8000-0000000000aa", "name": "order.accept", "ver": 1,
            "args": { "orderId": "019cb5a1-3c00-7000-8000-000000000005", "prepMinutes": 20 },
            "occurredAt": 1_772_355_600_000_000_i64, "validUntil": 1_772_356_500_000_000_i64 }],
        "scopes": { "restaurant:019cb5a1-3c00-7000-8000-000000000002": { "view": "kitchen@1", "seq": 41 } },
        "limit": 500 })),
    responses(
        (status = 200, body = Success<SyncAnswer>, example = json!({ "success": true, "data": {
            "epoch": "019cb5a1-3c00-7000-8000-0000000000ee", "time": 1_772_355_600_000_000_i64, "expectedMid": 8,
            "results": [{ "mid": 7, "status": "applied", "replayed": false, "review": false }],
            "scopes": { "restaurant:019cb5a1-3c00-7000-8000-000000000002": { "view": "kitchen@1", "from": 41, "to": 41,
                "head": 41, "more": false, "reset": false, "revoked": false, "changes": [] } },
            "lastMids": { "019cb5a1-3c00-7000-8000-0000000000dd": 7 },
            "grants": [{ "scope": "restaurant:019cb5a1-3c00-7000-8000-000000000002", "view": "kitchen@1" }] } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid` (also a wrong \
            device key), `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: the device is somebody else's, or of another role; \
            nothing of its queue was looked at"),
        (status = 409, body = Failed, description = "`identity_fork`: a number was used for something else; take a new \
            device identity and queue again"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
        (status = 422, body = Failed, description = "`invalid_input` (`details.field`: `mutations`, `pushKey`)"),
        (status = 426, body = Failed, description = "`protocol_unsupported` (`details.proto`, `details.schema`)"),
        (status = 429, body = Failed, description = "`quota_exceeded`: too many devices"),
        (status = 503, body = Failed, description = "`try_again`"),
    ))]
async fn exchange(
    State(app): State<App>,
    sender: Sender,
    Parcel(request): Parcel,
) -> Result<Reply<SyncAnswer>, ApiError> {
    let desk = Desk {
        db: &app.db,
        clock: &app.clock,
        pace: Some(&app.pace),
        handler: super::handle,
    };
    super::exchange(&desk, &sender, request).await.map(Reply)
}

/// Says that a device is there, and whether somebody looks at it. Sent every 20 seconds: a kitchen of which nothing was
/// heard for a minute gets no new orders.
///
/// Roles: all.
#[utoipa::path(post, path = "/api/v1/presence", tag = "sync", security(("bearer" = [])),
    request_body(content = Presence, example = json!({
        "device": "019cb5a1-3c00-7000-8000-0000000000dd", "foreground": true })),
    responses(
        (status = 204, description = "Heard"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: the device is somebody else's"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
    ))]
async fn presence(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<Presence>,
) -> Result<StatusCode, ApiError> {
    let now = app.clock.now();
    app.db
        .write(async move |mut tx| super::presence::hear(&mut tx, &caller.actor, &body.value, now).await)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose `lastMid` is to be told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The caller's device.
    #[serde(default)]
    device: Option<Uuid>,
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
        example = "customer:019cb5a1-3c00-7000-8000-000000000001"), Of),
    responses(
        (status = 200, body = Success<Snapshot>, example = json!({ "success": true, "data": {
            "epoch": "019cb5a1-3c00-7000-8000-0000000000ee",
            "scope": "customer:019cb5a1-3c00-7000-8000-000000000001", "view": "customer@1",
            "seq": 41, "time": 1_772_355_600_000_000_i64, "changes": [] } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`: no such scope for the caller"),
        (status = 422, body = Failed, description = "`invalid_input`: `device` is no UUID"),
    ))]
async fn snapshot(
    State(app): State<App>,
    caller: SignedIn,
    Path(scope): Path<String>,
    Query(of): Query<Of>,
) -> Result<Reply<Snapshot>, ApiError> {
    let unknown = || ApiError::new(ErrorCode::NotFound);
    let scope: Scope = scope.parse().map_err(|_| unknown())?;
    if !is_granted(&caller.actor, scope) {
        return Err(unknown());
    }
    let mut tx = app.db.read().await?;
    let found = super::snapshot(
        &mut tx,
        scope,
        of.device.map(|device| (device, caller.user)),
        app.clock.now(),
    )
    .await?;
    found.map(Reply).ok_or_else(unknown)
}

/// What happens in the caller's scopes, as server-sent events. Each `data:` is one JSON object whose `event` names it:
/// `heads` first and every 20 seconds (where every scope stands, and the server's time), `delta` (changes that follow
/// `from`), `head` (the scope moved; read it), `position` (the driver of an order moved), `resync` (take snapshots
/// again). With `?device=` the `id:` of `heads` and `delta` is that device's `lastMid` in the snapshot they were read in.
/// Ends with the access token, with the session, and when the server stops: connect again.
///
/// Roles: all.
#[utoipa::path(get, path = "/api/v1/sync/stream", tag = "sync", security(("bearer" = [])), params(Of),
    responses(
        (status = 200, body = String, content_type = "text/event-stream",
            example = "event: heads\ndata: {\"event\":\"heads\",\"epoch\":\"019cb5a1-3c00-7000-8000-0000000000ee\",\"time\":1772355600000000,\"heads\":{\"customer:019cb5a1-3c00-7000-8000-000000000001\":41}}\n\n"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 422, body = Failed, description = "`invalid_input`: `device` is no UUID"),
    ))]
async fn stream(State(app): State<App>, caller: SignedIn, Query(of): Query<Of>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects before it sends would make the stream useless.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (
        headers,
        axum::body::Body::from_stream(super::stream::stream(app, caller, of.device)),
    )
        .into_response()
}

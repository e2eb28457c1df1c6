//! `/support/reviews`: the facts that people must look at.

use axum::extract::State;
use momfood_domain::access::Permission;
use momfood_domain::time::Timestamp;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::{CloseReview, MAX_REVIEW_NOTE, ReviewList};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{MutationError, facts};
use crate::app::App;
use crate::audit;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::request::{Body, Path, Query, Reply};
use crate::store::StoreError;

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(reviews))
        .routes(routes!(close))
}

/// Which page of reviews.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only those that came then or later: `at` of the last one of the page before, which is on this page again.
    #[serde(default)]
    after: Option<Timestamp>,
}

/// What happened and does not fit what is written down: facts told by devices, oldest first, at most 100.
///
/// Roles: support, admin.
#[utoipa::path(get, path = "/api/v1/support/reviews", tag = "support", security(("bearer" = [])), params(Page),
    responses(
        (status = 200, body = Success<ReviewList>, description = "Those nobody has closed", example = json!({
            "success": true, "data": { "reviews": [{
                "id": "019cb5a1-3c00-7000-8000-000000000001", "actor": "019cb5a1-3c00-7000-8000-000000000002",
                "role": "driver", "uid": "019cb5a1-3c00-7000-8000-000000000003", "name": "delivery.deliver",
                "args": { "orderId": "019cb5a1-3c00-7000-8000-000000000004", "cash": 6400 },
                "orderId": "019cb5a1-3c00-7000-8000-000000000004", "orderNumber": "4821-1234", "cash": 6400,
                "at": 1_772_359_200_000_000_i64, "occurredAt": 1_772_355_600_000_000_i64, "skewed": false,
                "applied": false, "code": "wrong_state", "details": { "status": "cancelled" } }] } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: neither support nor admin"),
        (status = 422, body = Failed, description = "`invalid_input`"),
    ))]
async fn reviews(
    State(app): State<App>,
    caller: SignedIn,
    Query(Page { after }): Query<Page>,
) -> Result<Reply<ReviewList>, ApiError> {
    caller.may(Permission::Settle)?;
    audit::seen_together(&app, &caller, "reviews").await?;
    Ok(Reply(facts::open(&mut app.db.read().await?, after).await?))
}

/// Somebody has looked at it. Cash that came with it no longer counts as in its driver's hand. Closed before, nothing
/// changes.
///
/// Roles: support, admin.
#[utoipa::path(post, path = "/api/v1/support/reviews/{id}/close", tag = "support", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which: `id` of the review")),
    request_body(content = CloseReview, example = json!({ "note": "Cash handed in and counted." })),
    responses(
        (status = 200, body = Success<ReviewList>, description = "What is still open, as `GET /support/reviews` says",
            example = json!({ "success": true, "data": { "reviews": [] } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: neither support nor admin"),
        (status = 404, body = Failed, description = "`not_found`"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
        (status = 422, body = Failed, description = "`invalid_input`: an empty or endless `note`"),
    ))]
async fn close(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
    body: Body<CloseReview>,
) -> Result<Reply<ReviewList>, ApiError> {
    caller.may(Permission::Settle)?;
    let note = body.value.note.trim().to_owned();
    if note.is_empty() || note.chars().count() > MAX_REVIEW_NOTE {
        return Err(MutationError::from(Problem::invalid("note")).into());
    }
    let audit = (app.clock.uuid(), app.clock.now());
    let rest = app
        .db
        .write(async move |mut tx| {
            let found = facts::close(&mut tx, &caller.actor, id, &note, audit).await?;
            let rest = facts::open(&mut tx, None).await?;
            Ok::<_, StoreError>(found.then_some(rest))
        })
        .await?;
    Ok(Reply(rest.ok_or(ApiError::new(ErrorCode::NotFound))?))
}

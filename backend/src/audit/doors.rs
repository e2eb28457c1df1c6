//! `/admin/audit`: the log as admins read it. Reading it is itself in it.

use axum::extract::State;
use momfood_domain::access::Permission;
use momfood_protocol::admin::{AuditPage, AuditQuery, AuditSeal};
use momfood_protocol::error::{Failed, Success};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{looks, read};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::request::{Query, Reply};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(standing))
}

/// Who saw and did what, newest first, at most 100 lines. An action that ends in a point finds all that begin so:
/// `identity.`. A line holds ids, never a name, a phone, an email or an address. That it was searched, and for what, is
/// written down.
///
/// Role: admin.
#[utoipa::path(get, path = "/api/v1/admin/audit", operation_id = "search_audit", tag = "admin",
    security(("bearer" = [])), params(AuditQuery),
    responses(
        (status = 200, body = Success<AuditPage>, description = "A page", example = json!({ "success": true, "data": {
            "lines": [{ "id": "019cb5a1-3c00-7000-8000-000000000001", "at": 1_772_355_600_000_000_i64,
                "actor": "019cb5a1-3c00-7000-8000-000000000002", "role": "support", "action": "order.seen",
                "subject": "order", "subjectId": "019cb5a1-3c00-7000-8000-000000000003", "detail": {},
                "number": 4821 }] } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not an admin"),
        (status = 422, body = Failed, description = "`invalid_input` (`details.field`: `action`)"),
    ))]
async fn search(
    State(app): State<App>,
    caller: SignedIn,
    Query(query): Query<AuditQuery>,
) -> Result<Reply<AuditPage>, ApiError> {
    caller.may(Permission::ReadAudit)?;
    if query
        .action
        .as_deref()
        .is_some_and(|action| !read::is_action(action))
    {
        return Err(ApiError::new(ErrorCode::InvalidInput).with("field", "action"));
    }
    let asked = json!({ "actor": query.actor, "action": query.action, "subject": query.subject,
        "from": query.from, "to": query.to });
    let digest: [u8; 32] = Sha256::digest(asked.to_string()).into();
    let (head, _) = digest.split_at(16);
    let key = Uuid::from_slice(head).unwrap_or_default();
    looks::look(&app, &caller, ("audit", None, key), asked).await?;
    let mut tx = app.db.read().await?;
    Ok(Reply(read::page(&mut tx, &query).await?))
}

/// How the chain over the audit log stands. `number` and `hash`, written down elsewhere, make it impossible to rewrite
/// the past unseen: `momfood audit verify --against NUMBER:HASH`. The server reads the chain again piece by piece, and
/// tells in `brokenAt` what it found.
///
/// Role: admin.
#[utoipa::path(get, path = "/api/v1/admin/audit/seal", operation_id = "audit_seal", tag = "admin",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Success<AuditSeal>, description = "The chain", example = json!({ "success": true, "data": {
            "number": 4821, "hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "at": 1_772_355_600_000_000_i64, "waiting": 0 } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not an admin"),
    ))]
async fn standing(State(app): State<App>, caller: SignedIn) -> Result<Reply<AuditSeal>, ApiError> {
    caller.may(Permission::ReadAudit)?;
    let mut tx = app.db.read().await?;
    Ok(Reply(read::standing(&mut tx, app.sealing.broken_at()).await?))
}

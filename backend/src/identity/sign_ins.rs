//! The routes of a person's own sign-ins: which there are, and ending them.

use axum::extract::State;
use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::account::SignIn;
use momfood_protocol::error::{Failed, Success};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::error::Refusal;
use super::session::{self, Which};
use super::signed_in::{Oneself, SignedIn};
use super::{device, factor};
use crate::app::App;
use crate::error::ApiError;
use crate::request::{Nothing, Path, Reply};
use crate::store::{StoreError, Tx, sql};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions, end_other_sessions))
        .routes(routes!(end_session))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: SessionId,
    role: Role,
    user_agent: String,
    address: String,
    method: String,
    second_factor: bool,
    created_at: Timestamp,
    refreshed_at: Timestamp,
    expires_at: Timestamp,
}

/// The live sign-ins of `person`, last seen first; `current` is the one that asks.
pub async fn sign_ins(
    tx: &mut Tx,
    person: UserId,
    current: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SignIn>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select id, role, user_agent, address, method, second_factor, created_at, refreshed_at, expires_at \
         from sessions where user_id = $1 and ended_at is null and expires_at > $2 \
         order by refreshed_at desc, id desc",
        person,
        now
    )?;
    let sign_in = |row: Row| SignIn {
        id: row.id,
        current: current == Some(row.id),
        role: row.role,
        device: device::words(&row.user_agent),
        address: row.address,
        method: row.method,
        second_factor: row.second_factor,
        created_at: row.created_at,
        seen_at: row.refreshed_at,
        expires_at: row.expires_at,
    };
    Ok(rows.into_iter().map(sign_in).collect())
}

/// Where I am signed in.
///
/// Any signed-in person; their own. Last seen first. `device` is what the program says of itself, in words; empty when that
/// is nothing we know.
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Vec<SignIn>>, description = "Those that live", example = json!({
            "success": true, "data": [{ "id": "019a9d3e-6a00-7000-8000-0000000000aa", "current": true,
                "role": "customer", "device": "Chrome · Android", "address": "203.0.113.7", "method": "password",
                "secondFactor": false, "createdAt": 1_795_329_600_000_000_i64,
                "seenAt": 1_795_330_500_000_000_i64, "expiresAt": 1_795_935_300_000_000_i64 }] })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn list_sessions(
    State(app): State<App>,
    Oneself(caller): Oneself,
) -> Result<Reply<Vec<SignIn>>, ApiError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    Ok(Reply(
        sign_ins(&mut tx, caller.user, Some(caller.session), now).await?,
    ))
}

/// Ends those of the caller's sign-ins; how many.
async fn end(app: &App, caller: SignedIn, which: Which) -> Result<usize, ApiError> {
    let (state, now) = (app.clone(), app.clock.now());
    let ended = app
        .db
        .write(async move |mut tx| {
            let tx = &mut tx;
            // One's own may be ended as one may sign out.
            if which != Which::One(caller.session) {
                caller.recently_confirmed(tx, now).await?;
            }
            let ended = session::end_those(tx, caller.user, which, now).await?;
            if !ended.is_empty() {
                let detail = json!({ "sessions": ended });
                factor::record(&state, tx, caller.user, "identity.sessions_ended", detail).await?;
            }
            Ok::<_, Refusal>(ended)
        })
        .await?;
    app.gate.end_all(&ended, now);
    Ok(ended.len())
}

/// End one of my sign-ins.
///
/// Any signed-in person; their own. Another than the one that asks: who showed who they are in the last ten minutes. Its
/// refresh tokens are worth nothing from that moment, its streams end with their next event, and its access tokens are
/// believed by no server five seconds later.
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "identity", security(("bearer" = [])),
    params(("id" = SessionId, Path, description = "Which")),
    responses(
        (status = 200, body = Success<Nothing>, description = "Ended", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: over, or not theirs"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn end_session(
    State(app): State<App>,
    Oneself(caller): Oneself,
    Path(id): Path<SessionId>,
) -> Result<Reply<Nothing>, ApiError> {
    match end(&app, caller, Which::One(id)).await? {
        0 => Err(Refusal::NotFound.into()),
        _ => Ok(Reply(Nothing)),
    }
}

/// End all my other sign-ins.
///
/// Any signed-in person who showed who they are in the last ten minutes.
#[utoipa::path(delete, path = "/api/v1/me/sessions", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Nothing>, description = "Ended", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn end_other_sessions(
    State(app): State<App>,
    Oneself(caller): Oneself,
) -> Result<Reply<Nothing>, ApiError> {
    end(&app, caller, Which::Others(caller.session)).await?;
    Ok(Reply(Nothing))
}

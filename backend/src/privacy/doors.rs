//! `/me/export`, `/me/erase`, `/me/consents`: a person's own say over what is kept of them.

use axum::body::Body as Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use momfood_domain::time::Timestamp;
use momfood_protocol::account::{Consent, Erase};
use momfood_protocol::error::{Failed, Success};
use serde_json::json;
use tokio_util::io::ReaderStream;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::consents::{self, NoConsent};
use super::erase::{Erasure, NotErased, erase as forget};
use super::export::{NoArchive, gather};
use crate::app::App;
use crate::audit;
use crate::error::{ApiError, ErrorCode};
use crate::identity::{Oneself, SignedIn};
use crate::limits::{Class, Who};
use crate::messages::{self, Text};
use crate::request::{Body, Nothing, Reply};

/// What somebody types who means it.
const WORD: &str = "erase";
/// What is read of an archive at once, bytes.
const PIECE: usize = 64 * 1024;

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export))
        .routes(routes!(erase))
        .routes(routes!(list_consents, put_consent))
}

/// Everything that is kept about me, as one ZIP archive: JSON, my pictures, my documents, and a `README.txt` in both
/// languages. Of other people it holds ids only. It takes a sign-in of the last ten minutes, or `POST /auth/confirm`. A
/// few a day.
///
/// Any signed-in person; their own.
#[utoipa::path(get, path = "/api/v1/me/export", tag = "privacy", security(("bearer" = [])),
    responses(
        (status = 200, description = "The archive", body = Vec<u8>, content_type = "application/zip",
            example = json!("(the bytes)")),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`, `second_factor_needed`"),
        (status = 429, body = Failed, description = "`rate_limited`: `details.retryAfter` in seconds"),
        (status = 503, body = Failed, description = "`try_again`: others are having theirs written"),
    ))]
async fn export(State(app): State<App>, caller: SignedIn) -> Result<Response, ApiError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    caller.recently_confirmed(&mut tx, now).await?;
    drop(tx);
    let _turn = app
        .exports
        .0
        .try_acquire()
        .map_err(|_| ApiError::new(ErrorCode::TryAgain))?;
    let whose = Who::Person(caller.user);
    app.limits.take(Class::Archives, whose, now).await?;
    note(&app, &caller, now).await?;
    let gathered = gather(&app.db, &app.config.data_dir, caller.user, now).await;
    let file = gathered.map_err(|error| match error {
        NoArchive::Store(error) => error.into(),
        NoArchive::File(error) => ApiError::internal(&error),
    })?;
    let length = file.metadata().map_err(|error| ApiError::internal(&error))?.len();
    let stream = ReaderStream::with_capacity(tokio::fs::File::from_std(file), PIECE);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"momfood-export.zip\""),
        ),
        (header::CONTENT_LENGTH, HeaderValue::from(length)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Bytes::from_stream(stream)).into_response())
}

/// Writes down that an archive was asked for, before it is given.
async fn note(app: &App, caller: &SignedIn, now: Timestamp) -> Result<(), ApiError> {
    let (id, actor, person) = (app.clock.uuid(), caller.actor, caller.user);
    app.db
        .write(async move |mut tx| {
            let entry = audit::Entry {
                id,
                at: now,
                action: "identity.exported",
                subject: "user",
                subject_id: Some(person.0),
                detail: json!({}),
            };
            audit::record(&mut tx, &actor, entry).await
        })
        .await?;
    Ok(())
}

/// Deletes my account: name, contact, addresses, ways to sign in, and the key under which the rest was sealed. Every
/// sign-in ends. Orders stay without me, and so does the money in the books. It cannot be undone. It takes a sign-in of
/// the last ten minutes, or `POST /auth/confirm`.
///
/// Not while something is open: an order, a payment, a delivery, a shift, cash in hand, a restaurant without another
/// owner, the platform without another admin.
///
/// Any signed-in person; their own.
#[utoipa::path(post, path = "/api/v1/me/erase", tag = "privacy", security(("bearer" = [])),
    request_body(content = Erase, example = json!({ "confirm": "erase" })),
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`, `second_factor_needed`"),
        (status = 404, body = Failed, description = "`not_found`: it is gone, or suspended"),
        (status = 409, body = Failed, description = "`still_open`: `details.what` is `order`, `payment`, `delivery`, \
            `shift`, `cash`, `restaurant` or `admin`"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
        (status = 422, body = Failed, description = "`invalid_input` (`details.field`: `confirm`): it must say `erase`"),
    ))]
async fn erase(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<Erase>,
) -> Result<Reply<Nothing>, ApiError> {
    if body.value.confirm != WORD {
        return Err(ApiError::new(ErrorCode::InvalidInput).with("field", "confirm"));
    }
    let now = app.clock.now();
    let letter: Uuid = app.clock.uuid();
    let erasure = Erasure {
        person: caller.user,
        actor: caller.actor,
        audit: app.clock.uuid(),
        now,
    };
    let ended = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, now).await?;
            // Written while it is still known where to; it goes out after the commit.
            messages::tell(&mut tx, caller.user, &Text::Erased, (letter, now)).await?;
            forget(&mut tx, erasure).await.map_err(|error| match error {
                NotErased::NotThere => ApiError::new(ErrorCode::NotFound),
                other => other.into(),
            })
        })
        .await?;
    app.gate.end_all(&ended, now);
    Ok(Reply(Nothing))
}

/// What I agreed to, and to which text of it: the newest word of mine on each. News and offers: no, until I say yes.
///
/// Any signed-in person; their own.
#[utoipa::path(get, path = "/api/v1/me/consents", tag = "privacy", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Vec<Consent>>, description = "One of each kind", example = json!({
            "success": true, "data": [
                { "kind": "terms", "version": "2026-11-01", "given": true, "at": 1_772_355_600_000_000_i64 },
                { "kind": "privacy", "version": "2026-11-01", "given": true, "at": 1_772_355_600_000_000_i64 },
                { "kind": "marketing", "version": "2026-11-01", "given": false }] })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
    ))]
async fn list_consents(
    State(app): State<App>,
    Oneself(caller): Oneself,
) -> Result<Reply<Vec<Consent>>, ApiError> {
    let mut tx = app.db.read().await?;
    Ok(Reply(consents::of(&mut tx, caller.user).await?))
}

/// Agree, or take it back: each time is kept, the newest counts. The text must be the one in force. The terms and the
/// privacy notice are taken back by deleting the account.
///
/// Any signed-in person; their own.
#[utoipa::path(put, path = "/api/v1/me/consents", tag = "privacy", security(("bearer" = [])),
    request_body(content = Consent, example = json!({ "kind": "marketing", "version": "2026-11-01", "given": true })),
    responses(
        (status = 200, body = Success<Vec<Consent>>, description = "As they stand now", example = json!({
            "success": true, "data": [
                { "kind": "terms", "version": "2026-11-01", "given": true, "at": 1_772_355_600_000_000_i64 },
                { "kind": "privacy", "version": "2026-11-01", "given": true, "at": 1_772_355_600_000_000_i64 },
                { "kind": "marketing", "version": "2026-11-01", "given": true, "at": 1_772_355_700_000_000_i64 }] })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
        (status = 422, body = Failed, description = "`invalid_input` (`details.field`: `version`, `given`)"),
    ))]
async fn put_consent(
    State(app): State<App>,
    Oneself(caller): Oneself,
    body: Body<Consent>,
) -> Result<Reply<Vec<Consent>>, ApiError> {
    let clock = app.clock.clone();
    let standing = app
        .db
        .write(async move |mut tx| {
            let put = consents::put(&mut tx, &caller.actor, caller.user, &body.value, &clock).await;
            put.map_err(|error| match error {
                NoConsent::Version => ApiError::new(ErrorCode::InvalidInput).with("field", "version"),
                NoConsent::Required => ApiError::new(ErrorCode::InvalidInput).with("field", "given"),
                NoConsent::Store(error) => error.into(),
            })?;
            Ok::<_, ApiError>(consents::of(&mut tx, caller.user).await?)
        })
        .await?;
    Ok(Reply(standing))
}

//! `/blobs/{sha256}`: how a picture comes in part by part, and how it is looked at. No rule lives here.

use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::head;
use http::{HeaderMap, HeaderName, HeaderValue};
use momfood_domain::id::UserId;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::sync::{BlobState, LENGTH_HEADER, MAX_PART, OFFSET_HEADER};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::blobs::{self, Name, Part};
use super::device;
use super::exchange::Sender;
use crate::app::App;
use crate::audit;
use crate::content;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::request::{Path, Reply, some_bytes};

/// The routes of this file. HEAD has one of its own: that of GET would answer it otherwise.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(put, picture))
        .route("/api/v1/blobs/{sha256}", head(standing))
}

fn name_of(text: &str) -> Result<Name, ApiError> {
    Name::read(text).ok_or(ApiError::new(ErrorCode::NotFound))
}

/// As whom a picture is sent: also by a device whose person has signed out.
async fn person(app: &App, sender: &Sender) -> Result<UserId, ApiError> {
    match sender {
        Sender::SignedIn(caller) => Ok(caller.user),
        Sender::Device { device, key } => {
            let mut tx = app.db.read().await?;
            Ok(device::of_key(&mut tx, *device, key).await?.user)
        }
    }
}

/// How far a picture of the caller's has come. It has no body, and so no code to tell, and no place in the document.
async fn standing(
    State(app): State<App>,
    sender: Sender,
    Path(sha256): Path<String>,
) -> Result<Response, ApiError> {
    let name = name_of(&sha256)?;
    let person = person(&app, &sender).await?;
    let mut tx = app.db.read().await?;
    let state = blobs::standing(&mut tx, name, person).await?;
    let state = state.ok_or(ApiError::new(ErrorCode::NotFound))?;
    let headers = [
        (
            HeaderName::from_static(OFFSET_HEADER),
            HeaderValue::from(state.offset),
        ),
        (
            HeaderName::from_static(LENGTH_HEADER),
            HeaderValue::from(state.length),
        ),
        (
            HeaderName::from_static("upload-complete"),
            HeaderValue::from(u16::from(state.complete)),
        ),
    ];
    Ok((http::StatusCode::NO_CONTENT, headers).into_response())
}

/// Sends a part of a picture: `upload-offset` says from which byte on, `upload-length` how long the whole is. A part is at
/// most 256 KiB, a picture at most 4 MiB of JPEG, PNG or WebP. What was sent before need not be sent again: `HEAD` of the
/// same path says in `upload-offset` how far it is, in `upload-length` how long it will be, and `upload-complete: 1` once
/// its bytes are found to have the name they bear; 404 when the caller has sent nothing of it.
///
/// Roles: all; also a device with its secret. At most 64 MiB a day.
#[utoipa::path(put, path = "/api/v1/blobs/{sha256}", tag = "sync", security(("bearer" = []), ("device" = [])),
    params(("sha256" = String, Path, description = "SHA-256 of the bytes, in lower-case hexadecimal",
            example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("upload-offset" = Option<u64>, Header, description = "The part's first byte; 0 when absent"),
        ("upload-length" = u64, Header, description = "Bytes of the whole")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The part"),
    responses(
        (status = 200, body = Success<BlobState>, example = json!({ "success": true, "data": {
            "offset": 262_144, "length": 700_000, "complete": false } })),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`: that is no name"),
        (status = 409, body = Failed, description = "`offset_mismatch`: go on from `details.offset`"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`: not a picture, or not only \
            one: `details.why`"),
        (status = 422, body = Failed, description = "`digest_mismatch`: begin anew; `invalid_input` (`details.field`: \
            `upload-offset`, `upload-length`, `body`)"),
        (status = 429, body = Failed, description = "`quota_exceeded`"),
        (status = 503, body = Failed, description = "`try_again`"),
    ))]
async fn put(
    State(app): State<App>,
    sender: Sender,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    PartBytes(bytes): PartBytes,
) -> Result<Reply<BlobState>, ApiError> {
    let name = name_of(&sha256)?;
    let part = Part {
        offset: number(&headers, OFFSET_HEADER, Some(0))?,
        length: number(&headers, LENGTH_HEADER, None)?,
        bytes,
    };
    let person = person(&app, &sender).await?;
    blobs::put(&app.db, name, person, part, app.clock.now())
        .await
        .map(Reply)
}

/// The body of a part.
struct PartBytes(Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for PartBytes {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Ok(Self(some_bytes(request, state, MAX_PART).await?.to_vec()))
    }
}

fn number(headers: &HeaderMap, name: &'static str, absent: Option<i64>) -> Result<i64, ApiError> {
    let read = match headers.get(name) {
        None => absent,
        Some(value) => value.to_str().ok().and_then(|text| text.parse().ok()),
    };
    read.filter(|number| *number >= 0)
        .ok_or(ApiError::new(ErrorCode::InvalidInput).with("field", name))
}

/// A picture.
///
/// Roles: who sent it; whoever may see an order that it proves something of.
#[utoipa::path(get, path = "/api/v1/blobs/{sha256}", tag = "sync", security(("bearer" = [])),
    params(("sha256" = String, Path, description = "SHA-256 of the bytes, in lower-case hexadecimal",
        example = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
    responses(
        (status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg",
            example = json!("(the bytes)")),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`: to the caller there is no such picture"),
    ))]
async fn picture(
    State(app): State<App>,
    caller: SignedIn,
    Path(sha256): Path<String>,
) -> Result<Response, ApiError> {
    let name = name_of(&sha256)?;
    let mut tx = app.db.read().await?;
    let found = blobs::picture(&mut tx, &caller.actor, name, app.clock.now()).await?;
    drop(tx);
    let (kind, bytes) = found.ok_or(ApiError::new(ErrorCode::NotFound))?;
    audit::seen(&app, &caller, "picture", name.short()).await?;
    Ok(content::serve(kind, bytes, &sha256))
}

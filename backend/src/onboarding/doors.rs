//! The routes of applications: read the request, call the module, shape the answer. No rule lives here.

use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::response::Response;
use http::{HeaderValue, header};
use momfood_domain::access::Permission;
use momfood_domain::application::DocumentKind;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::onboarding::{Application, Document, SaveApplication};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::documents::{HandedIn, LONGEST};
use super::{applications, documents, staff_doors};
use crate::app::App;
use crate::content;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::request::{Body, Nothing, Path, Reply, some_bytes};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_applications))
        .routes(routes!(read_application, save_application))
        .routes(routes!(submit_application))
        .routes(routes!(withdraw_application))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(put_document))
                .layer(DefaultBodyLimit::max(LONGEST)),
        )
        .routes(routes!(read_document, delete_document))
        .merge(staff_doors::routes())
}

/// My applications.
///
/// Roles `customer`, `restaurant`, `driver`; their own, newest first.
#[utoipa::path(get, path = "/api/v1/applications", tag = "onboarding", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Vec<Application>>, description = "Newest first"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role")))]
async fn list_applications(
    State(app): State<App>,
    caller: SignedIn,
) -> Result<Reply<Vec<Application>>, ApiError> {
    caller.may(Permission::Apply)?;
    let mut tx = app.db.read().await?;
    let own = applications::own(&mut tx, caller.user, app.clock.now()).await?;
    Ok(Reply(own))
}

/// An application of mine.
///
/// Roles `customer`, `restaurant`, `driver`; their own. `missing` says what is still to be done before it can be
/// submitted, `reason` why it was refused.
#[utoipa::path(get, path = "/api/v1/applications/{id}", tag = "onboarding", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which")),
    responses(
        (status = 200, body = Success<Application>, description = "As it stands"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: not there, or another person's")))]
async fn read_application(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Reply<Application>, ApiError> {
    caller.may(Permission::Apply)?;
    let mut tx = app.db.read().await?;
    let (application, _) = applications::read(&mut tx, &caller.actor, id, app.clock.now()).await?;
    Ok(Reply(application))
}

/// Begin an application, or change one of mine.
///
/// Roles `customer`, `restaurant`, `driver`. The client mints the id: the same request again changes nothing. A draft may
/// be incomplete; what was refused or taken back becomes a draft again. At most five that were not approved.
#[utoipa::path(put, path = "/api/v1/applications/{id}", tag = "onboarding", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Minted by the client")), request_body = SaveApplication,
    responses(
        (status = 200, body = Success<Application>, description = "As it is kept"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: no id, or another person's"),
        (status = 409, body = Failed, description = "`application_state`: it waits for an answer, or was approved"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`; `applications` when there are \
            five already, `kind` when it was begun as something else")))]
async fn save_application(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
    body: Body<SaveApplication>,
) -> Result<Reply<Application>, ApiError> {
    caller.may(Permission::Apply)?;
    let (clock, asked) = (app.clock.clone(), (id, body.value.form));
    let saved = app
        .db
        .write(async move |mut tx| applications::save(&mut tx, &clock, &caller.actor, asked).await)
        .await?;
    Ok(Reply(saved))
}

/// Hand an application in.
///
/// Roles `customer`, `restaurant`, `driver`; their own draft, when nothing is missing. It then waits for an answer and
/// cannot be changed. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/applications/{id}/submit", tag = "onboarding", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which")),
    responses(
        (status = 200, body = Success<Application>, description = "It waits"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: not there, or another person's"),
        (status = 409, body = Failed, description = "`application_state`: it is no draft"),
        (status = 422, body = Failed, description = "`application_incomplete` with `details.missing`")))]
async fn submit_application(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Reply<Application>, ApiError> {
    caller.may(Permission::Apply)?;
    let clock = app.clock.clone();
    let submitted = app
        .db
        .write(async move |mut tx| applications::submit(&mut tx, &clock, &caller.actor, id).await)
        .await?;
    Ok(Reply(submitted))
}

/// Take an application back.
///
/// Roles `customer`, `restaurant`, `driver`; their own, unless it was approved. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/applications/{id}/withdraw", tag = "onboarding", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which")),
    responses(
        (status = 200, body = Success<Application>, description = "Taken back"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: not there, or another person's"),
        (status = 409, body = Failed, description = "`application_state`: it was approved")))]
async fn withdraw_application(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Reply<Application>, ApiError> {
    caller.may(Permission::Apply)?;
    let clock = app.clock.clone();
    let withdrawn = app
        .db
        .write(async move |mut tx| applications::withdraw(&mut tx, &clock, &caller.actor, id).await)
        .await?;
    Ok(Reply(withdrawn))
}

/// The body of a document.
struct DocumentBytes(Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for DocumentBytes {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Ok(Self(some_bytes(request, state, LONGEST).await?.to_vec()))
    }
}

/// Hand in a document.
///
/// Roles `customer`, `restaurant`, `driver`; with their own application, as long as it can be changed. Its bytes as they
/// are: JPEG, PNG, WebP or PDF, at most 5 MiB. In place of the one of its kind, if there is one.
#[utoipa::path(put, path = "/api/v1/applications/{id}/documents/{doc}", tag = "onboarding", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The application"), ("doc" = DocumentKind, Path, description = "What it shows")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The document"),
    responses(
        (status = 200, body = Success<Document>, description = "As it is kept", example = json!({
            "success": true, "data": { "id": "019a9d3e-6a00-7000-8000-0000000000d1", "kind": "iban_letter",
                "contentType": "application/pdf", "length": 48_213, "at": 1_795_329_600_000_000_i64 } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: no such application or kind, or another person's"),
        (status = 409, body = Failed, description = "`application_state`: it waits for an answer, or was approved"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 422, body = Failed, description = "`content_refused` with `details.why`; `invalid_input` (`kind`): this \
            application asks for no such document")))]
async fn put_document(
    State(app): State<App>,
    caller: SignedIn,
    Path((id, kind)): Path<(Uuid, DocumentKind)>,
    DocumentBytes(bytes): DocumentBytes,
) -> Result<Reply<Document>, ApiError> {
    caller.may(Permission::Apply)?;
    let checked = content::document(&bytes)
        .map_err(|unfit| ApiError::new(ErrorCode::ContentRefused).with("why", unfit.to_string()))?;
    let document = HandedIn {
        kind,
        found: checked.kind,
        bytes: checked.bytes.to_vec(),
    };
    let clock = app.clock.clone();
    let kept = app
        .db
        .write(async move |mut tx| documents::put(&mut tx, &clock, &caller.actor, id, document).await)
        .await?;
    Ok(Reply(kept))
}

/// A document's answer: as what it was found to be, and kept by no cache.
pub(crate) fn shown((kind, found, bytes): (DocumentKind, content::Kind, Vec<u8>)) -> Response {
    let mut answer = content::serve(found, bytes, kind.name());
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// A document of mine.
///
/// Roles `customer`, `restaurant`, `driver`; handed in with their own application.
#[utoipa::path(get, path = "/api/v1/applications/{id}/documents/{doc}", tag = "onboarding", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The application"), ("doc" = Uuid, Path, description = "The document")),
    responses(
        (status = 200, description = "The document", body = Vec<u8>, content_type = "application/octet-stream",
            example = json!("(the bytes)")),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: not there, or another person's")))]
async fn read_document(
    State(app): State<App>,
    caller: SignedIn,
    Path(ids): Path<(Uuid, Uuid)>,
) -> Result<Response, ApiError> {
    caller.may(Permission::Apply)?;
    let mut tx = app.db.read().await?;
    Ok(shown(documents::look(&mut tx, &caller.actor, ids).await?))
}

/// Take a document out again.
///
/// Roles `customer`, `restaurant`, `driver`; of their own application, as long as it can be changed.
#[utoipa::path(delete, path = "/api/v1/applications/{id}/documents/{doc}", tag = "onboarding",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The application"), ("doc" = Uuid, Path, description = "The document")),
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: not there, or another person's"),
        (status = 409, body = Failed, description = "`application_state`: it waits for an answer, or was approved")))]
async fn delete_document(
    State(app): State<App>,
    caller: SignedIn,
    Path(ids): Path<(Uuid, Uuid)>,
) -> Result<Reply<Nothing>, ApiError> {
    caller.may(Permission::Apply)?;
    let clock = app.clock.clone();
    app.db
        .write(async move |mut tx| documents::remove(&mut tx, &clock, &caller.actor, ids).await)
        .await?;
    Ok(Reply(Nothing))
}

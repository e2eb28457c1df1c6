//! The routes of deciding on applications. No rule lives here.

use axum::extract::State;
use axum::response::Response;
use momfood_domain::access::Permission;
use momfood_domain::application::ApplicationStatus;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::admin::{ApplicationCase, ApplicationQuery, Approve, WithReason};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::onboarding::Application;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::audit;
use crate::error::ApiError;
use crate::identity::{self, SignedIn};
use crate::onboarding::doors::shown;
use crate::onboarding::{OnboardingError, applications, approval, documents};
use crate::request::{Body, Path, Query, Reply};
use crate::store::Tx;

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_cases))
        .routes(routes!(read_case))
        .routes(routes!(look_at_document))
        .routes(routes!(approve))
        .routes(routes!(refuse))
}

async fn case(
    tx: &mut Tx,
    (application, person): (Application, UserId),
) -> Result<ApplicationCase, OnboardingError> {
    let person = identity::lines(tx, &[person]).await?.pop();
    Ok(ApplicationCase {
        application,
        person: person.ok_or(OnboardingError::NotFound)?,
    })
}

/// Applications.
///
/// Role `admin`. Those that wait, the longest waiting first, or those that stand elsewhere; drafts are their persons'
/// alone. At most 200. The look is in the audit log.
#[utoipa::path(get, path = "/api/v1/admin/applications", tag = "admin", security(("bearer" = [])),
    params(ApplicationQuery),
    responses(
        (status = 200, body = Success<Vec<ApplicationCase>>, description = "The longest waiting first"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 422, body = Failed, description = "`invalid_input`: no such status")))]
async fn list_cases(
    State(app): State<App>,
    caller: SignedIn,
    Query(query): Query<ApplicationQuery>,
) -> Result<Reply<Vec<ApplicationCase>>, ApiError> {
    caller.may(Permission::DecideApplications)?;
    let status = query.status.unwrap_or(ApplicationStatus::Submitted);
    audit::seen_together(&app, &caller, "application").await?;
    let mut tx = app.db.read().await?;
    let found = applications::at(&mut tx, status, app.clock.now()).await?;
    let people: Vec<UserId> = found.iter().map(|(person, _)| *person).collect();
    let lines = identity::lines(&mut tx, &people).await?;
    let case = |(person, application)| {
        let person = lines.iter().find(|line| line.id == person)?.clone();
        Some(ApplicationCase { application, person })
    };
    let cases = found.into_iter().filter_map(case).collect();
    Ok(Reply(cases))
}

/// An application.
///
/// Role `admin`. The look is in the audit log.
#[utoipa::path(get, path = "/api/v1/admin/applications/{id}", tag = "admin", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which")),
    responses(
        (status = 200, body = Success<ApplicationCase>, description = "As it stands"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: not there, or not handed in")))]
async fn read_case(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Reply<ApplicationCase>, ApiError> {
    caller.may(Permission::DecideApplications)?;
    let mut tx = app.db.read().await?;
    let found = applications::read(&mut tx, &caller.actor, id, app.clock.now()).await?;
    let case = case(&mut tx, found).await?;
    drop(tx);
    audit::seen(&app, &caller, "application", id).await?;
    Ok(Reply(case))
}

/// A document of an application.
///
/// Role `admin`. The look is in the audit log.
#[utoipa::path(get, path = "/api/v1/admin/applications/{id}/documents/{doc}", tag = "admin",
    security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "The application"), ("doc" = Uuid, Path, description = "The document")),
    responses(
        (status = 200, description = "The document", body = Vec<u8>, content_type = "application/octet-stream",
            example = json!("(the bytes)")),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: not there, or not handed in")))]
async fn look_at_document(
    State(app): State<App>,
    caller: SignedIn,
    Path(ids): Path<(Uuid, Uuid)>,
) -> Result<Response, ApiError> {
    caller.may(Permission::DecideApplications)?;
    let mut tx = app.db.read().await?;
    let found = documents::look(&mut tx, &caller.actor, ids).await?;
    drop(tx);
    audit::seen(&app, &caller, "document", ids.1).await?;
    Ok(shown(found))
}

/// Approve an application.
///
/// Role `admin`; never one's own. `submittedAt` says which submission was looked at. In one step the restaurant is there,
/// with its owner and without menu and hours, or the driver is; the person is told. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/admin/applications/{id}/approve", tag = "admin", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which")), request_body = Approve,
    responses(
        (status = 200, body = Success<ApplicationCase>, description = "Approved"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role, or one's own application; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: not there, or not handed in"),
        (status = 409, body = Failed,
            description = "`application_state`: it does not wait, or was submitted again since"),
        (status = 422, body = Failed,
            description = "`application_incomplete` with `details.missing`: something ran out while it waited")))]
async fn approve(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
    body: Body<Approve>,
) -> Result<Reply<ApplicationCase>, ApiError> {
    caller.may(Permission::DecideApplications)?;
    let clock = app.clock.clone();
    let which = (id, body.value.submitted_at);
    let case = app
        .db
        .write(async move |mut tx| {
            still_decides(&mut tx, &caller, clock.now()).await?;
            let found = approval::approve(&mut tx, &clock, &caller.actor, which).await?;
            Ok::<_, ApiError>(case(&mut tx, found).await?)
        })
        .await?;
    Ok(Reply(case))
}

/// Refuse an application.
///
/// Role `admin`; never one's own. The person is told why, may correct it and submit it again. Repeating it is no error:
/// the first reason stands.
#[utoipa::path(post, path = "/api/v1/admin/applications/{id}/refuse", tag = "admin", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which")), request_body = WithReason,
    responses(
        (status = 200, body = Success<ApplicationCase>, description = "Refused"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role, or one's own application; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: not there, or not handed in"),
        (status = 409, body = Failed, description = "`application_state`: it does not wait"),
        (status = 422, body = Failed, description = "`invalid_input`: `reason`")))]
async fn refuse(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
    body: Body<WithReason>,
) -> Result<Reply<ApplicationCase>, ApiError> {
    caller.may(Permission::DecideApplications)?;
    let clock = app.clock.clone();
    let reason = super::reason(&body.value.reason)?;
    let case = app
        .db
        .write(async move |mut tx| {
            still_decides(&mut tx, &caller, clock.now()).await?;
            let found = approval::refuse(&mut tx, &clock, &caller.actor, (id, &reason)).await?;
            Ok::<_, ApiError>(case(&mut tx, found).await?)
        })
        .await?;
    Ok(Reply(case))
}

/// A token outlives by moments what it was given for, and a session the hand that began it: who decides is asked for
/// again where it counts.
async fn still_decides(tx: &mut Tx, caller: &SignedIn, now: Timestamp) -> Result<(), ApiError> {
    if !identity::may_act(tx, &caller.actor).await? {
        return Err(OnboardingError::Forbidden.into());
    }
    Ok(caller.recently_confirmed(tx, now).await?)
}

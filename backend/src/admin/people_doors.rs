//! The routes of looking after people's accounts. No rule lives here.

use axum::extract::State;
use momfood_domain::access::Permission;
use momfood_domain::id::{SessionId, UserId};
use momfood_protocol::admin::{ChangeRole, People, PeopleQuery, PersonPage, WithReason};
use momfood_protocol::error::{Failed, Success};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::people;
use crate::app::App;
use crate::audit;
use crate::error::ApiError;
use crate::identity::{self, Deed, SignedIn};
use crate::request::{Body, Path, Query, Reply};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(find_people))
        .routes(routes!(read_person))
        .routes(routes!(suspend))
        .routes(routes!(reinstate))
        .routes(routes!(change_role))
        .routes(routes!(end_session))
        .routes(routes!(remove_factor))
}

/// Find people.
///
/// Roles `support`, `admin`. By email, phone, id, or the beginning of a name; newest first, 50 to a page. The middle of
/// phones is hidden. The look is in the audit log.
#[utoipa::path(get, path = "/api/v1/admin/people", tag = "admin", security(("bearer" = [])), params(PeopleQuery),
    responses(
        (status = 200, body = Success<People>, description = "Newest first", example = json!({
            "success": true, "data": { "people": [{ "id": "019a9d3e-6a00-7000-8000-000000000001",
                "firstName": "سارة", "lastName": "القحطاني", "email": "sara@example.com", "phone": "+9665••••••78",
                "roles": ["customer"], "standing": "active", "createdAt": 1_795_329_600_000_000_i64 }] } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 422, body = Failed, description = "`invalid_input`: `q`, or no such role")))]
async fn find_people(
    State(app): State<App>,
    caller: SignedIn,
    Query(query): Query<PeopleQuery>,
) -> Result<Reply<People>, ApiError> {
    caller.may(Permission::SeePeople)?;
    let clock = app.clock.clone();
    let found = app
        .db
        .write(async move |mut tx| people::find(&mut tx, &clock, &caller.actor, &query).await)
        .await?;
    Ok(Reply(found))
}

/// A person.
///
/// Roles `support`, `admin`. The look is in the audit log.
#[utoipa::path(get, path = "/api/v1/admin/people/{id}", tag = "admin", security(("bearer" = [])),
    params(("id" = UserId, Path, description = "Whom")),
    responses(
        (status = 200, body = Success<PersonPage>, description = "As the account stands"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`")))]
async fn read_person(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<UserId>,
) -> Result<Reply<PersonPage>, ApiError> {
    caller.may(Permission::SeePeople)?;
    let mut tx = app.db.read().await?;
    let page = people::page(&mut tx, id, app.clock.now()).await?;
    drop(tx);
    audit::seen(&app, &caller, "user", id.0).await?;
    Ok(Reply(page))
}

/// Suspend a person.
///
/// Role `admin`. Ends all their sessions and signs them in no more; a driver goes off duty unless a job is in hand. They
/// are told why. Repeating it is no error. The last admin stays.
#[utoipa::path(post, path = "/api/v1/admin/people/{id}/suspend", tag = "admin", security(("bearer" = [])),
    params(("id" = UserId, Path, description = "Whom")), request_body = WithReason,
    responses(
        (status = 200, body = Success<PersonPage>, description = "Suspended"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: nobody, or erased"),
        (status = 409, body = Failed, description = "`last_admin`"),
        (status = 422, body = Failed, description = "`invalid_input`: `reason`")))]
async fn suspend(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<UserId>,
    body: Body<WithReason>,
) -> Result<Reply<PersonPage>, ApiError> {
    caller.may(Permission::ManagePeople)?;
    let reason = super::reason(&body.value.reason)?;
    let clock = app.clock.clone();
    let (page, over) = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, clock.now()).await?;
            let deed = Deed {
                actor: &caller.actor,
                user: id,
                reason: &reason,
                now: clock.now(),
            };
            people::suspend(&mut tx, &clock, &deed).await
        })
        .await?;
    app.gate.end_all(&over, app.clock.now());
    Ok(Reply(page))
}

/// Let a suspended person in again.
///
/// Role `admin`. They are told. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/admin/people/{id}/reinstate", tag = "admin", security(("bearer" = [])),
    params(("id" = UserId, Path, description = "Whom")), request_body = WithReason,
    responses(
        (status = 200, body = Success<PersonPage>, description = "Not suspended"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: nobody, or erased"),
        (status = 422, body = Failed, description = "`invalid_input`: `reason`")))]
async fn reinstate(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<UserId>,
    body: Body<WithReason>,
) -> Result<Reply<PersonPage>, ApiError> {
    caller.may(Permission::ManagePeople)?;
    let reason = super::reason(&body.value.reason)?;
    let clock = app.clock.clone();
    let page = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, clock.now()).await?;
            let deed = Deed {
                actor: &caller.actor,
                user: id,
                reason: &reason,
                now: clock.now(),
            };
            people::reinstate(&mut tx, &clock, &deed).await
        })
        .await?;
    Ok(Reply(page))
}

/// Give a person a role, or take it.
///
/// Role `admin`. `restaurant` and `driver` come with an approved application or an invitation: here they can be taken, and
/// given back to who drives or works somewhere still. Sessions in a role that is taken end. Whoever holds no other role
/// is a customer. The last admin stays. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/admin/people/{id}/roles", tag = "admin", security(("bearer" = [])),
    params(("id" = UserId, Path, description = "Whom")), request_body = ChangeRole,
    responses(
        (status = 200, body = Success<PersonPage>, description = "As the account stands now"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: nobody, or erased"),
        (status = 409, body = Failed, description = "`last_admin`"),
        (status = 422, body = Failed, description = "`invalid_input`: `reason`; `role`: not to be given here")))]
async fn change_role(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<UserId>,
    body: Body<ChangeRole>,
) -> Result<Reply<PersonPage>, ApiError> {
    caller.may(Permission::GrantRoles)?;
    let ChangeRole { role, held, reason } = body.value;
    let reason = super::reason(&reason)?;
    let clock = app.clock.clone();
    let (page, over) = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, clock.now()).await?;
            let deed = Deed {
                actor: &caller.actor,
                user: id,
                reason: &reason,
                now: clock.now(),
            };
            let over = identity::change_role(&mut tx, &deed, (role, held), clock.uuid()).await?;
            let page = people::page(&mut tx, id, clock.now()).await?;
            Ok::<_, ApiError>((page, over))
        })
        .await?;
    app.gate.end_all(&over, app.clock.now());
    Ok(Reply(page))
}

/// Why a session is ended.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Why {
    /// 3 to 500 characters.
    reason: String,
}

/// End a session of a person's.
///
/// Role `admin`.
#[utoipa::path(delete, path = "/api/v1/admin/people/{id}/sessions/{session}",
    operation_id = "end_session_of_person", tag = "admin",
    security(("bearer" = [])),
    params(("id" = UserId, Path, description = "Whose"), ("session" = SessionId, Path, description = "Which"), Why),
    responses(
        (status = 200, body = Success<PersonPage>, description = "Over"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: not there, over, or another person's"),
        (status = 422, body = Failed, description = "`invalid_input`: `reason`")))]
async fn end_session(
    State(app): State<App>,
    caller: SignedIn,
    Path((id, session)): Path<(UserId, SessionId)>,
    Query(why): Query<Why>,
) -> Result<Reply<PersonPage>, ApiError> {
    caller.may(Permission::ManagePeople)?;
    let reason = super::reason(&why.reason)?;
    let clock = app.clock.clone();
    let (page, over) = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, clock.now()).await?;
            let deed = Deed {
                actor: &caller.actor,
                user: id,
                reason: &reason,
                now: clock.now(),
            };
            let over = identity::end_session(&mut tx, &deed, session, clock.uuid()).await?;
            let page = people::page(&mut tx, id, clock.now()).await?;
            Ok::<_, ApiError>((page, over))
        })
        .await?;
    app.gate.end_all(&over, app.clock.now());
    Ok(Reply(page))
}

/// Take a lost second factor off a person's account.
///
/// Role `admin`, who showed who they are in the last ten minutes; for others, not for themselves. The authenticator app
/// and its recovery codes are gone, and passkeys and linked accounts where there is a password to come in by; all the
/// person's sessions end, and they are told. Who holds a role that needs a second
/// factor gets no further than setting up another. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/admin/people/{id}/remove-factor", operation_id = "remove_factor_of_person",
    tag = "admin", security(("bearer" = [])),
    params(("id" = UserId, Path, description = "Whose")), request_body = WithReason,
    responses(
        (status = 200, body = Success<PersonPage>, description = "Asked for no longer"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role, or one's own; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: nobody, or erased"),
        (status = 422, body = Failed, description = "`invalid_input`: `reason`")))]
async fn remove_factor(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<UserId>,
    body: Body<WithReason>,
) -> Result<Reply<PersonPage>, ApiError> {
    caller.may(Permission::ManagePeople)?;
    let reason = super::reason(&body.value.reason)?;
    let clock = app.clock.clone();
    let (page, over) = app
        .db
        .write(async move |mut tx| {
            let now = clock.now();
            caller.recently_confirmed(&mut tx, now).await?;
            let deed = Deed {
                actor: &caller.actor,
                user: id,
                reason: &reason,
                now,
            };
            let over = people::remove_factor(&mut tx, &clock, &deed).await?;
            let page = people::page(&mut tx, id, now).await?;
            Ok::<_, ApiError>((page, over))
        })
        .await?;
    app.gate.end_all(&over.unwrap_or_default(), app.clock.now());
    Ok(Reply(page))
}

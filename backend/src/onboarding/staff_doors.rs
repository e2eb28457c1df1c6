//! The routes of a restaurant's people: who works there, who is asked to, who no longer does. No rule lives here.

use axum::extract::State;
use momfood_domain::access::Permission;
use momfood_domain::id::UserId;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::onboarding::{AcceptInvitation, Invitation, Invite, Joined, Staff};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::invitations::{self, Letterhead};
use crate::app::App;
use crate::error::ApiError;
use crate::identity::SignedIn;
use crate::request::{Body, Language, Nothing, Path, Reply};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_staff))
        .routes(routes!(dismiss_staff))
        .routes(routes!(invite_staff))
        .routes(routes!(revoke_invitation))
        .routes(routes!(accept_invitation))
}

/// My restaurant's people.
///
/// Role `restaurant`; the restaurant of the session. Its owners also see who was asked to join.
#[utoipa::path(get, path = "/api/v1/kitchen/staff", tag = "onboarding", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Staff>, description = "Owners first", example = json!({
            "success": true, "data": {
                "people": [{ "id": "019a9d3e-6a00-7000-8000-000000000001", "firstName": "نورة", "lastName": "الحربي",
                    "owner": true }],
                "invitations": [{ "id": "019a9d3e-6a00-7000-8000-0000000000b1", "email": "cook@example.com",
                    "owner": false, "madeAt": 1_795_329_600_000_000_i64,
                    "expiresAt": 1_795_934_400_000_000_i64 }] } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role")))]
async fn list_staff(State(app): State<App>, caller: SignedIn) -> Result<Reply<Staff>, ApiError> {
    caller.may(Permission::SeeStaff)?;
    let restaurant = caller.restaurant()?;
    let mut tx = app.db.read().await?;
    let staff = invitations::staff(&mut tx, &caller.actor, restaurant, app.clock.now()).await?;
    Ok(Reply(staff))
}

/// Take somebody off my restaurant's staff.
///
/// Role `restaurant`; its owners. Ends what sessions they have for the restaurant, and the invitations they sent. The last
/// owner stays.
#[utoipa::path(delete, path = "/api/v1/kitchen/staff/{id}", tag = "onboarding", security(("bearer" = [])),
    params(("id" = UserId, Path, description = "Whom")),
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role, or no owner; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: works elsewhere, or nowhere"),
        (status = 409, body = Failed, description = "`last_owner`")))]
async fn dismiss_staff(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<UserId>,
) -> Result<Reply<Nothing>, ApiError> {
    caller.may(Permission::SeeStaff)?;
    let whom = (caller.restaurant()?, id);
    let clock = app.clock.clone();
    let ended = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, clock.now()).await?;
            Ok::<_, ApiError>(invitations::dismiss(&mut tx, &clock, &caller.actor, whom).await?)
        })
        .await?;
    app.gate.end_all(&ended, app.clock.now());
    Ok(Reply(Nothing))
}

/// Ask somebody to join my restaurant.
///
/// Role `restaurant`; its owners. A link is sent to the email; it works once, for seven days, for who is signed in with
/// that very email. The client mints the id: the same request again sends nothing again. Answered alike whether or not
/// the email has an account.
#[utoipa::path(post, path = "/api/v1/kitchen/invitations", tag = "onboarding", security(("bearer" = [])),
    request_body = Invite,
    responses(
        (status = 200, body = Success<Invitation>, description = "On its way", example = json!({
            "success": true, "data": { "id": "019a9d3e-6a00-7000-8000-0000000000b1", "email": "cook@example.com",
                "owner": false, "madeAt": 1_795_329_600_000_000_i64, "expiresAt": 1_795_934_400_000_000_i64 } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role, or no owner; `confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: the id is another invitation's"),
        (status = 422, body = Failed, description = "`invalid_input`: `email`; `invitations` when 20 wait already, or 50 \
            were sent in a day")))]
async fn invite_staff(
    State(app): State<App>,
    caller: SignedIn,
    Language(lang): Language,
    body: Body<Invite>,
) -> Result<Reply<Invitation>, ApiError> {
    caller.may(Permission::SeeStaff)?;
    let restaurant = caller.restaurant()?;
    // Never by what the request says of its host: the link goes to somebody else.
    let here = || format!("http://{}", app.config.listen);
    let origin = app
        .site
        .as_ref()
        .map_or_else(here, |site| site.origin().to_owned());
    let letterhead = Letterhead { origin, lang };
    let clock = app.clock.clone();
    let sent = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, clock.now()).await?;
            let (actor, wish) = (&caller.actor, &body.value);
            Ok::<_, ApiError>(
                invitations::invite(&mut tx, &clock, actor, restaurant, wish, &letterhead).await?,
            )
        })
        .await?;
    Ok(Reply(sent))
}

/// Take an invitation back.
///
/// Role `restaurant`; its owners.
#[utoipa::path(delete, path = "/api/v1/kitchen/invitations/{id}", tag = "onboarding", security(("bearer" = [])),
    params(("id" = Uuid, Path, description = "Which")),
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role, or no owner"),
        (status = 404, body = Failed, description = "`not_found`: not there, answered, or another restaurant's")))]
async fn revoke_invitation(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Reply<Nothing>, ApiError> {
    caller.may(Permission::SeeStaff)?;
    let which = (caller.restaurant()?, id);
    let clock = app.clock.clone();
    app.db
        .write(async move |mut tx| invitations::revoke(&mut tx, &clock, &caller.actor, which).await)
        .await?;
    Ok(Reply(Nothing))
}

/// Join a restaurant's staff.
///
/// Any signed-in person whose verified email the invitation was sent to. They then sign in again to act for the
/// restaurant. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/invitations/accept", tag = "onboarding", security(("bearer" = [])),
    request_body = AcceptInvitation,
    responses(
        (status = 200, body = Success<Joined>, description = "Joined", example = json!({
            "success": true, "data": { "restaurantId": "f0a1c2d3-0000-8000-8000-000000000001",
                "name": { "ar": "برجر القراج", "en": "Garage Burger" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed,
            description = "`not_found`: no such invitation, over, answered, or sent to another email")))]
async fn accept_invitation(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<AcceptInvitation>,
) -> Result<Reply<Joined>, ApiError> {
    let clock = app.clock.clone();
    let joined = app
        .db
        .write(async move |mut tx| {
            invitations::accept(&mut tx, &clock, &caller.actor, &body.value.token).await
        })
        .await?;
    Ok(Reply(joined))
}

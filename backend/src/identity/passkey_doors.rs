//! The routes of passkeys: shown to sign in, made, named and removed. No rule lives here.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use momfood_protocol::account::{AddPasskey, EnterByPasskey, Passkey, PasskeyAsk};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::Session;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cookie::Cookies;
use super::entry::{self, FirstFactor, How, Origin};
use super::error::Refusal;
use super::failures::{self, Method, Why};
use super::passkeys;
use super::session::Wish;
use super::signed_in::Oneself;
use crate::app::App;
use crate::error::ApiError;
use crate::request::{Body, Nothing, Path, Reply};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ask))
        .routes(routes!(enter))
        .routes(routes!(begin))
        .routes(routes!(list, add))
        .routes(routes!(remove))
}

/// Begin to sign in with a passkey.
///
/// Open to everyone, and nobody is named: the device offers the passkeys it has for this site. `options` go to
/// `navigator.credentials.get` (`PublicKeyCredential.parseRequestOptionsFromJSON`). Also for `POST /auth/confirm`.
#[utoipa::path(post, path = "/api/v1/auth/passkeys/begin", operation_id = "ask_passkey", tag = "identity", security(()),
    responses(
        (status = 200, body = Success<PasskeyAsk>, description = "What to ask the device", example = json!({
            "success": true, "data": { "ticket": "AZn4…", "options": { "challenge": "WzX8…", "timeout": 300_000,
                "rpId": "momfood.example", "allowCredentials": [], "userVerification": "required" } } })),
        (status = 404, body = Failed, description = "`not_found`: browsers allow no passkeys under this server's address"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn ask(State(app): State<App>) -> Result<Reply<PasskeyAsk>, ApiError> {
    Ok(Reply(passkeys::ask(&app).await?))
}

/// Sign in with a passkey.
///
/// Open to everyone. The device has verified its person, so a passkey is both factors at once. The ticket works once.
#[utoipa::path(post, path = "/api/v1/auth/passkeys/finish", operation_id = "enter_by_passkey", tag = "identity",
    security(()), request_body = EnterByPasskey,
    responses(
        (status = 200, body = Success<Session>, description = "Signed in", example = json!({
            "success": true, "data": {
                "accessToken": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "expiresAt": 1_795_330_500_000_000_i64,
                "now": 1_795_329_600_000_000_i64, "refreshToken": "AZn4…",
                "user": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "sara@example.com",
                    "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                    "roles": ["customer"], "role": "customer" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`ticket_invalid`; `passkey_invalid`: whatever is wrong with it"),
        (status = 403, body = Failed, description = "`role_not_held`; `forbidden`: suspended, of no restaurant, or \
            cookie mode asked for by another site's page"),
        (status = 422, body = Failed, description = "`invalid_input`: an unknown app in `x-momfood-cookie`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn enter(
    State(app): State<App>,
    Cookies(cookie): Cookies,
    origin: Origin,
    body: Body<EnterByPasskey>,
) -> Result<Response, ApiError> {
    let EnterByPasskey {
        ticket,
        credential,
        role,
        restaurant_id,
    } = body.value;
    let shown = passkeys::person(&app, ticket, credential).await;
    let person = shown.inspect_err(|refusal| {
        if matches!(refusal, Refusal::PasskeyInvalid) {
            failures::log(None, Method::Passkey, Why::Wrong, origin.address);
        }
    })?;
    let wish = Wish {
        role,
        restaurant: restaurant_id,
    };
    let how = How {
        method: FirstFactor::Passkey,
        second_factor: true,
    };
    entry::enter(&app, person, how, wish, origin, cookie, StatusCode::OK).await
}

/// Begin to make a passkey.
///
/// Any signed-in person who showed who they are within ten minutes. `options` go to `navigator.credentials.create`
/// (`PublicKeyCredential.parseCreationOptionsFromJSON`).
#[utoipa::path(post, path = "/api/v1/me/passkeys/begin", operation_id = "begin_passkey", tag = "identity",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Success<PasskeyAsk>, description = "What to ask the device", example = json!({
            "success": true, "data": { "ticket": "AZn4…", "options": { "rp": { "name": "MomFood",
                "id": "momfood.example" }, "user": { "id": "AZqdPmoAcACAAAAAAAAAAQ", "name": "sara@example.com",
                "displayName": "سارة القحطاني" }, "challenge": "WzX8…",
                "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }] } } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: browsers allow no passkeys under this server's address"),
        (status = 422, body = Failed, description = "`invalid_input`: `passkeys` when there are 20 already")))]
async fn begin(State(app): State<App>, Oneself(caller): Oneself) -> Result<Reply<PasskeyAsk>, ApiError> {
    Ok(Reply(passkeys::begin(&app, caller).await?))
}

/// My passkeys.
///
/// Any signed-in person; their own.
#[utoipa::path(get, path = "/api/v1/me/passkeys", operation_id = "list_passkeys", tag = "identity",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Vec<Passkey>>, description = "First made first", example = json!({
            "success": true, "data": [{ "id": "c2FyYQ", "name": "هاتفي", "madeAt": 1_795_329_600_000_000_i64 }] })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`")))]
async fn list(State(app): State<App>, Oneself(caller): Oneself) -> Result<Reply<Vec<Passkey>>, ApiError> {
    let mut tx = app.db.read().await?;
    Ok(Reply(passkeys::list(&mut tx, caller.user).await?))
}

/// Keep a passkey that was made.
///
/// The signed-in person who began it. The ticket works once.
#[utoipa::path(post, path = "/api/v1/me/passkeys", operation_id = "add_passkey", tag = "identity",
    security(("bearer" = [])), request_body = AddPasskey,
    responses(
        (status = 201, body = Success<Passkey>, description = "Kept", example = json!({ "success": true, "data": {
            "id": "c2FyYQ", "name": "هاتفي", "madeAt": 1_795_329_600_000_000_i64 } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`ticket_invalid`, `passkey_invalid`; `unauthenticated`, \
            `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 422, body = Failed, description = "`invalid_input`: `name` of 1 to 60 characters; `passkeys` when \
            there are 20 already")))]
async fn add(
    State(app): State<App>,
    Oneself(caller): Oneself,
    body: Body<AddPasskey>,
) -> Result<(StatusCode, Reply<Passkey>), ApiError> {
    let AddPasskey {
        ticket,
        credential,
        name,
    } = body.value;
    let kept = passkeys::add(&app, caller, ticket, credential, &name).await?;
    Ok((StatusCode::CREATED, Reply(kept)))
}

/// Remove a passkey.
///
/// Any signed-in person who showed who they are within ten minutes; their own.
#[utoipa::path(delete, path = "/api/v1/me/passkeys/{id}", operation_id = "remove_passkey", tag = "identity",
    security(("bearer" = [])), params(("id" = String, Path, description = "Its id, base64url")),
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: no passkey, or another person's"),
        (status = 409, body = Failed, description = "`last_way_in`")))]
async fn remove(
    State(app): State<App>,
    Oneself(caller): Oneself,
    Path(id): Path<String>,
) -> Result<Reply<Nothing>, ApiError> {
    passkeys::remove(&app, caller, &id).await?;
    Ok(Reply(Nothing))
}

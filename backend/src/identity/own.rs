//! The routes of what is a person's own: their details and addresses.

use axum::extract::State;
use momfood_domain::address::Address;
use momfood_domain::id::AddressId;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::{Me, SavedAddress, UpdateMe};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::signed_in::{Oneself, SignedIn};
use super::{addresses, people};
use crate::app::App;
use crate::error::ApiError;
use crate::request::{Body, Nothing, Path, Reply};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read_me, update_me))
        .routes(routes!(list_addresses))
        .routes(routes!(save_address, delete_address))
}

/// Who am I.
///
/// Any signed-in person.
#[utoipa::path(get, path = "/api/v1/me", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Me>, description = "The signed-in person", example = json!({
            "success": true, "data": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "sara@example.com",
                "phone": "+966512345678", "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                "roles": ["customer"], "role": "customer" } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`")))]
async fn read_me(State(app): State<App>, Oneself(caller): Oneself) -> Result<Reply<Me>, ApiError> {
    let mut tx = app.db.read().await?;
    let actor = caller.actor;
    Ok(Reply(
        people::me(&mut tx, caller.user, actor.role, actor.restaurant).await?,
    ))
}

/// Change my names, phone or language.
///
/// Any signed-in person. What is absent stays. A new phone counts as not verified: it signs
/// nobody in, and several may say that it is theirs.
#[utoipa::path(patch, path = "/api/v1/me", tag = "identity", security(("bearer" = [])), request_body = UpdateMe,
    responses(
        (status = 200, body = Success<Me>, description = "As it is now", example = json!({
            "success": true, "data": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "sara@example.com",
                "firstName": "Sara", "lastName": "Al Qahtani", "language": "en",
                "roles": ["customer"], "role": "customer" } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`")))]
async fn update_me(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<UpdateMe>,
) -> Result<Reply<Me>, ApiError> {
    let now = app.clock.now();
    let me = app
        .db
        .write(async move |mut tx| {
            people::update(&mut tx, caller.user, &body.value, now).await?;
            people::me(&mut tx, caller.user, caller.actor.role, caller.actor.restaurant).await
        })
        .await?;
    Ok(Reply(me))
}

/// My addresses.
///
/// Any signed-in person; their own.
#[utoipa::path(get, path = "/api/v1/me/addresses", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Vec<SavedAddress>>, description = "First saved first", example = json!({
            "success": true, "data": [{ "id": "019a9d3e-6a00-7000-8000-00000000000a", "label": "البيت",
                "point": { "lat": 24.71845, "lng": 46.68492 }, "shortAddress": "RHWA3443",
                "line": "الورود، شارع العروبة", "landmark": "مقابل الحديقة", "note": "الدور الثاني" }] })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`")))]
async fn list_addresses(
    State(app): State<App>,
    caller: SignedIn,
) -> Result<Reply<Vec<SavedAddress>>, ApiError> {
    let mut tx = app.db.read().await?;
    Ok(Reply(addresses::list(&mut tx, caller.user).await?))
}

/// Save an address.
///
/// Any signed-in person. The client mints the id: the same request again changes nothing. At most 30 addresses.
#[utoipa::path(put, path = "/api/v1/me/addresses/{id}", tag = "identity", security(("bearer" = [])),
    params(("id" = AddressId, Path, description = "Minted by the client")), request_body = Address,
    responses(
        (status = 200, body = Success<SavedAddress>, description = "As it is kept", example = json!({
            "success": true, "data": { "id": "019a9d3e-6a00-7000-8000-00000000000a", "label": "البيت",
                "point": { "lat": 24.71845, "lng": 46.68492 }, "shortAddress": "RHWA3443",
                "line": "الورود، شارع العروبة" } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`: no id, or another person's"),
        (status = 422, body = Failed,
            description = "`invalid_input` with `details.field`; `addresses` when there are 30 already")))]
async fn save_address(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<AddressId>,
    body: Body<Address>,
) -> Result<Reply<SavedAddress>, ApiError> {
    let now = app.clock.now();
    let saved = app
        .db
        .write(async move |mut tx| addresses::save(&mut tx, caller.user, id, body.value, now).await)
        .await?;
    Ok(Reply(saved))
}

/// Forget an address.
///
/// Any signed-in person; their own. Orders keep their own copy.
#[utoipa::path(delete, path = "/api/v1/me/addresses/{id}", tag = "identity", security(("bearer" = [])),
    params(("id" = AddressId, Path, description = "Which")),
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`: not there, or another person's")))]
async fn delete_address(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<AddressId>,
) -> Result<Reply<Nothing>, ApiError> {
    app.db
        .write(async move |mut tx| addresses::delete(&mut tx, caller.user, id).await)
        .await?;
    Ok(Reply(Nothing))
}

//! The routes of signing in elsewhere: there, back, and the end; and of linking accounts. No rule lives here.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use momfood_protocol::account::{BeginOauth, FinishOauth, GoTo, LinkAccount, Linked, Provider};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::Session;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::linked;
use super::trip::{self, Back, Departure};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::identity::Oneself;
use crate::identity::cookie::Cookies;
use crate::identity::entry::{self, Origin};
use crate::identity::session::Wish;
use crate::request::{Body, Nothing, Path, Query, Reply, some_bytes};

/// The largest form a provider sends back.
const FORM_LIMIT: usize = 32 * 1024;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(come_back, come_back_by_form))
        .routes(routes!(finish))
        .routes(routes!(list, link))
        .routes(routes!(begin_to_link))
        .routes(routes!(unlink))
}

fn depart(departure: Departure) -> Response {
    let mut headers = HeaderMap::new();
    headers.extend(departure.cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    (headers, Reply(GoTo { url: departure.url })).into_response()
}

/// A redirect to one of our own pages; its address holds a ticket, which is nobody else's business.
fn see((address, cookie): (String, Option<HeaderValue>)) -> Result<Response, ApiError> {
    let location = HeaderValue::from_str(&address).map_err(|error| ApiError::internal(&error))?;
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Begin to sign in with an account elsewhere.
///
/// Open to everyone. Go to the address; the provider sends the browser back to us, and we to the app's own page
/// `…/signed-in?ticket=…` (a program's `momfood://signed-in?ticket=…`), or with `?error=` and a code when it did not
/// work. The app then shows the ticket and the secret behind `challenge`. The answer sets a cookie, without which
/// the browser's return is not taken; a program (`native`) needs none.
#[utoipa::path(post, path = "/api/v1/auth/oauth/{provider}/begin", operation_id = "begin_oauth", tag = "identity",
    security(()), params(("provider" = Provider, Path, description = "Which")), request_body = BeginOauth,
    responses(
        (status = 200, body = Success<GoTo>, description = "Where to go", example = json!({ "success": true, "data": {
            "url": "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…&state=…" } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 404, body = Failed, description = "`not_found`: the provider is not set up here"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`"),
        (status = 503, body = Failed, description = "`try_again`: the provider does not answer")))]
async fn begin(
    State(app): State<App>,
    Path(provider): Path<Provider>,
    headers: HeaderMap,
    body: Body<BeginOauth>,
) -> Result<Response, ApiError> {
    Ok(depart(
        trip::begin(&app, provider, &body.value, None, &headers).await?,
    ))
}

/// Where a provider sends browsers back to.
///
/// Open to everyone; for browsers. Leads on to a page of ours, whatever happened: with `?ticket=`, or with `?error=`
/// and `ticket_invalid`, `provider_refused` or `try_again`. Each `state` works once, in the browser that left with it.
#[utoipa::path(get, path = "/api/v1/auth/oauth/{provider}/callback", operation_id = "oauth_callback",
    tag = "identity", security(()),
    params(("provider" = Provider, Path, description = "Which"),
        ("state" = Option<String>, Query, description = "What it was sent there with"),
        ("code" = Option<String>, Query, description = "What the provider hands out"),
        ("error" = Option<String>, Query, description = "Why it hands out nothing")),
    responses(
        (status = 303, description = "To a page of ours"),
        (status = 404, body = Failed, description = "`not_found`: no provider of that name"),
        (status = 422, body = Failed, description = "`invalid_input`: unreadable parameters")))]
async fn come_back(
    State(app): State<App>,
    Path(provider): Path<Provider>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, ApiError> {
    see(trip::back(&app, provider, back, &headers).await)
}

/// Where a provider sends browsers back to with a form.
///
/// Open to everyone; for browsers that come from Apple. As with `GET`.
#[utoipa::path(post, path = "/api/v1/auth/oauth/{provider}/callback", operation_id = "oauth_callback_form",
    tag = "identity", security(()), params(("provider" = Provider, Path, description = "Which")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded",
        description = "`state`, `code`, `user` or `error`"),
    responses(
        (status = 303, description = "To a page of ours"),
        (status = 404, body = Failed, description = "`not_found`: no provider of that name"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`: no form"),
        (status = 422, body = Failed, description = "`invalid_input`: an unreadable form")))]
async fn come_back_by_form(
    State(app): State<App>,
    Path(provider): Path<Provider>,
    request: Request,
) -> Result<Response, ApiError> {
    let headers = request.headers().clone();
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or("").trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType));
    }
    let bytes = some_bytes(request, &app, FORM_LIMIT).await?;
    // What was sent without saying how much it is.
    if bytes.len() > FORM_LIMIT {
        return Err(ApiError::new(ErrorCode::BodyTooLarge).with("limit", FORM_LIMIT));
    }
    see(trip::back(&app, provider, read_form(&bytes)?, &headers).await)
}

fn read_form(bytes: &[u8]) -> Result<Back, ApiError> {
    let mut back = Back::default();
    for (name, value) in openidconnect::url::form_urlencoded::parse(bytes) {
        let value = value.into_owned();
        let again = match name.as_ref() {
            "code" => back.code.replace(value).is_some(),
            "error" => back.error.replace(value).is_some(),
            "user" => back.user.replace(value).is_some(),
            "state" => !std::mem::replace(&mut back.state, value).is_empty(),
            _ => false,
        };
        // Two of one are somebody's attempt to be read in two ways.
        if again {
            return Err(ApiError::new(ErrorCode::InvalidInput).with("field", name.as_ref()));
        }
    }
    Ok(back)
}

/// Finish signing in with an account elsewhere.
///
/// Open to whoever shows the ticket from the address and the secret whose hash began it. An account that is linked to
/// somebody signs them in. One that is nobody's opens a registration; it is never linked because emails are alike.
#[utoipa::path(post, path = "/api/v1/auth/oauth/finish", operation_id = "finish_oauth", tag = "identity",
    security(()), request_body = FinishOauth,
    responses(
        (status = 200, body = Success<Session>, description = "Signed in", example = json!({
            "success": true, "data": {
                "accessToken": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "expiresAt": 1_795_330_500_000_000_i64,
                "now": 1_795_329_600_000_000_i64, "refreshToken": "AZn4…",
                "user": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "sara@example.com",
                    "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                    "roles": ["customer"], "role": "customer" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`ticket_invalid`; `second_factor_required` with a `NextFactor`"),
        (status = 403, body = Failed, description = "`role_not_held`; `forbidden`: suspended, of no restaurant, or \
            cookie mode asked for by another site's page"),
        (status = 409, body = Failed, description = "`registration_required` with an `Unregistered`; `already_linked`: \
            its email has an account here; sign in and link it"),
        (status = 422, body = Failed, description = "`invalid_input`: an unknown app in `x-momfood-cookie`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn finish(
    State(app): State<App>,
    Cookies(cookie): Cookies,
    origin: Origin,
    body: Body<FinishOauth>,
) -> Result<Response, ApiError> {
    let FinishOauth {
        ticket,
        verifier,
        role,
        restaurant_id,
    } = body.value;
    let wish = Wish {
        role,
        restaurant: restaurant_id,
    };
    let entered = trip::enter(&app, (ticket, verifier), wish, origin).await?;
    entry::answer(&app, entered, cookie, StatusCode::OK)
}

/// Accounts elsewhere that sign me in.
///
/// Any signed-in person; their own.
#[utoipa::path(get, path = "/api/v1/me/linked", operation_id = "list_linked", tag = "identity",
    security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Vec<Linked>>, description = "First linked first", example = json!({
            "success": true, "data": [{ "provider": "google", "madeAt": 1_795_329_600_000_000_i64 }] })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`")))]
async fn list(State(app): State<App>, Oneself(caller): Oneself) -> Result<Reply<Vec<Linked>>, ApiError> {
    let mut tx = app.db.read().await?;
    Ok(Reply(linked::list(&mut tx, caller.user).await?))
}

/// Begin to link an account elsewhere.
///
/// Any signed-in person who showed who they are within ten minutes. As for signing in; the app's page is given
/// `&for=link` with the ticket, to be shown to `POST /me/linked`.
#[utoipa::path(post, path = "/api/v1/me/linked/{provider}/begin", operation_id = "begin_to_link", tag = "identity",
    security(("bearer" = [])), params(("provider" = Provider, Path, description = "Which")),
    request_body = BeginOauth,
    responses(
        (status = 200, body = Success<GoTo>, description = "Where to go", example = json!({ "success": true, "data": {
            "url": "https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…&state=…" } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: the provider is not set up here"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`"),
        (status = 503, body = Failed, description = "`try_again`: the provider does not answer")))]
async fn begin_to_link(
    State(app): State<App>,
    Oneself(caller): Oneself,
    Path(provider): Path<Provider>,
    headers: HeaderMap,
    body: Body<BeginOauth>,
) -> Result<Response, ApiError> {
    let now = app.clock.now();
    {
        let mut tx = app.db.read().await?;
        caller.recently_confirmed(&mut tx, now).await?;
    }
    let departure = trip::begin(&app, provider, &body.value, Some(caller.user), &headers).await?;
    Ok(depart(departure))
}

/// Link an account elsewhere.
///
/// The signed-in person who began it.
#[utoipa::path(post, path = "/api/v1/me/linked", operation_id = "link_account", tag = "identity",
    security(("bearer" = [])), request_body = LinkAccount,
    responses(
        (status = 200, body = Success<Linked>, description = "Linked", example = json!({
            "success": true, "data": { "provider": "google", "madeAt": 1_795_329_600_000_000_i64 } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`ticket_invalid`; `unauthenticated`, `token_expired`, \
            `token_invalid`, `session_revoked`"),
        (status = 409, body = Failed, description = "`already_linked`: to somebody else, or another of this provider is \
            linked")))]
async fn link(
    State(app): State<App>,
    Oneself(caller): Oneself,
    body: Body<LinkAccount>,
) -> Result<Reply<Linked>, ApiError> {
    let LinkAccount { ticket, verifier } = body.value;
    Ok(Reply(trip::link(&app, caller, (ticket, verifier)).await?))
}

/// Forget an account elsewhere.
///
/// Any signed-in person who showed who they are within ten minutes; their own.
#[utoipa::path(delete, path = "/api/v1/me/linked/{provider}", operation_id = "unlink_account", tag = "identity",
    security(("bearer" = [])), params(("provider" = Provider, Path, description = "Which")),
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: none is linked"),
        (status = 409, body = Failed, description = "`last_way_in`")))]
async fn unlink(
    State(app): State<App>,
    Oneself(caller): Oneself,
    Path(provider): Path<Provider>,
) -> Result<Reply<Nothing>, ApiError> {
    linked::unlink(&app, caller, provider).await?;
    Ok(Reply(Nothing))
}

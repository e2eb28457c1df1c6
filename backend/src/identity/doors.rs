//! The routes of signing in and out: read the request, call the module, shape the answer. No rule lives here.

use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use momfood_domain::id::UserId;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::{Login, Me, Refresh, Register, Session};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attempt::Attempt;
use super::cookie::{CookieMode, Cookies};
use super::elsewhere;
use super::entry::{self, FirstFactor, How, Origin};
use super::error::Refusal;
use super::failures::{self, Method, Why};
use super::joining::{self, Newcomer};
use super::known::Devices;
use super::registration::Proven;
use super::renewal::Renewal;
use super::session::{self, Live, Renewed, Wish};
use super::{challenge, code_doors, factor_doors, own, passkey_doors, people, security, sign_ins, ways};
use crate::address::Address;
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::request::{Body, Nothing, Reply};
use crate::store::sql;

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .merge(code_doors::routes())
        .merge(factor_doors::routes())
        .merge(security::routes())
        .merge(sign_ins::routes())
        .merge(own::routes())
        .merge(ways::routes())
        .merge(passkey_doors::routes())
        .merge(elsewhere::doors::routes())
}

/// A refresh token shown: in the cookie when the request asks for cookie mode, else in the body.
struct Shown {
    token: Option<String>,
    cookie: Option<CookieMode>,
}

impl FromRequest<App> for Shown {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Cookies(cookie) = Cookies::from_request_parts(&mut parts, app).await?;
        let token = if let Some(mode) = cookie {
            mode.token(&parts.headers)
        } else {
            let request = Request::from_parts(parts, body);
            Body::<Refresh>::from_request(request, app)
                .await?
                .value
                .refresh_token
        };
        Ok(Self { token, cookie })
    }
}

/// `answer`, and the browser forgets its refresh token.
fn forgetting(cookie: Option<CookieMode>, answer: impl IntoResponse) -> Response {
    let forget = cookie.and_then(CookieMode::forget);
    let headers: HeaderMap = forget
        .map(|value| (header::SET_COOKIE, value))
        .into_iter()
        .collect();
    (headers, answer).into_response()
}

/// Become a customer.
///
/// Open to whoever holds a ticket of `registration_required`: the email or phone shown there is theirs, and counts as
/// verified. Who shows an email chooses a password; who shows a phone may. The answer is a session as of signing in.
/// With `x-momfood-cookie: <app>` the refresh token comes as an `HttpOnly` cookie instead. A refusal leaves the ticket
/// working.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "identity", security(()), request_body = Register,
    responses(
        (status = 201, body = Success<Session>, description = "Registered and signed in", example = json!({
            "success": true, "data": {
                "accessToken": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "expiresAt": 1_795_330_500_000_000_i64,
                "now": 1_795_329_600_000_000_i64, "refreshToken": "AZn4…",
                "user": { "id": "019a9d3e-6a00-7000-8000-000000000001", "phone": "+966512345678",
                    "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                    "roles": ["customer"], "role": "customer" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`ticket_invalid`"),
        (status = 403, body = Failed, description = "`forbidden`: cookie mode, asked for by another site's page"),
        (status = 409, body = Failed, description = "`email_taken`, `phone_taken`: by an account opened since"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`; `password_weak`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn register(
    State(app): State<App>,
    Cookies(cookie): Cookies,
    origin: Origin,
    body: Body<Register>,
) -> Result<Response, ApiError> {
    let newcomer = Newcomer::check(body.value)?;
    let hash = match newcomer.password.clone() {
        Some(password) => Some(app.gate.hashing.hash(password, app.clock.bytes()).await?),
        None => None,
    };
    let state = app.clone();
    let entered = app
        .db
        .write(async move |mut tx| {
            let (tx, now) = (&mut tx, state.clock.now());
            let kind = challenge::Kind::Registration;
            let found = challenge::take::<Proven>(tx, &state.keys, kind, &newcomer.ticket, now).await?;
            let id = state.clock.id();
            let who = (&newcomer, &found.state);
            joining::register(tx, id, who, hash.as_deref(), &state.clock).await?;
            let method = match &found.state.account {
                Some(_) => FirstFactor::Oauth,
                None => FirstFactor::Code,
            };
            let how = How::by(method);
            entry::admit(&state, tx, id, how, Wish::default(), &origin).await
        })
        .await?;
    entry::answer(&app, entered, cookie, StatusCode::CREATED)
}

/// Sign in.
///
/// Open to everyone. `role` is the role to act in; the person must hold it. For `restaurant`, `restaurantId` picks
/// one of the restaurants worked for. With `x-momfood-cookie: <app>` the refresh token comes as an `HttpOnly` cookie.
/// Wrong emails and wrong passwords are answered alike, in the same time.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "identity", security(()), request_body = Login,
    responses(
        (status = 200, body = Success<Session>, description = "Signed in", example = json!({
            "success": true, "data": {
                "accessToken": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "expiresAt": 1_795_330_500_000_000_i64,
                "now": 1_795_329_600_000_000_i64, "refreshToken": "AZn4…",
                "user": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "sara@example.com",
                    "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                    "roles": ["customer"], "role": "customer" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`invalid_credentials`; `second_factor_required` with \
            a `NextFactor`"),
        (status = 403, body = Failed, description = "`role_not_held`; `forbidden`: suspended, or of no restaurant"),
        (status = 422, body = Failed, description = "`invalid_input`: an unknown app in `x-momfood-cookie`"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn login(
    State(app): State<App>,
    Cookies(cookie): Cookies,
    Devices(devices): Devices,
    origin: Origin,
    body: Body<Login>,
) -> Result<Response, ApiError> {
    let Login {
        email,
        password,
        role,
        restaurant_id,
    } = body.value;
    // What cannot be an email is tried under what was typed: it has no account, and takes as long to say so.
    let email = joining::email(&email).unwrap_or_else(|| email.chars().take(254).collect());
    let found = people::by_email(&mut app.db.read().await?, &email).await?;
    let (user, hash) = found.unzip();
    let began = Attempt::begin(&app, &email, user, Address(origin.address), &devices).await;
    let attempt = began.inspect_err(|refusal| {
        if matches!(refusal, Refusal::RateLimited { .. }) {
            failures::log(user, Method::Password, Why::Limited, origin.address);
        }
    })?;
    // More than anybody's password: not worth the hashing, and no account has it.
    let hash = hash
        .flatten()
        .filter(|_| password.len() <= 4 * super::password::LONGEST);
    let password: String = password.chars().take(super::password::LONGEST + 1).collect();
    let outdated = hash.clone().filter(|hash| super::password::is_outdated(hash));
    let renewable = password.clone();
    let right = app.gate.hashing.is_right(password, hash).await?;
    let (Some(user), true) = (user, right) else {
        attempt.failed().await;
        failures::password(&app, (&email, user), origin.address);
        return Err(Refusal::Credentials.into());
    };
    attempt.succeeded().await;
    if let Some(outdated) = outdated {
        renew_hash(&app, user, (renewable, outdated)).await;
    }
    let wish = Wish {
        role,
        restaurant: restaurant_id,
    };
    let how = How::by(FirstFactor::Password);
    entry::enter(&app, user, how, wish, origin, cookie, StatusCode::OK).await
}

/// Hashes a password that was right anew, as today's are. Nobody is kept waiting for it: when the line is full, next time.
async fn renew_hash(app: &App, user: UserId, (password, outdated): (String, String)) {
    let Ok(hash) = app.gate.hashing.hash(password, app.clock.bytes()).await else {
        return;
    };
    let renewed = app.db.write(async move |mut tx| {
        sql!(
            &mut tx,
            execute,
            "update users set password_hash = $1 where id = $2 and password_hash = $3",
            hash,
            user,
            outdated
        )
    });
    if let Err(error) = renewed.await {
        tracing::warn!(%error, "a password's hash could not be renewed");
    }
}

/// Renew the session.
///
/// Open to whoever shows a refresh token: in the body, or in the app's cookie when `x-momfood-cookie` names it.
/// The token works once; showing it again before its successor was used repeats the answer, so a lost answer or
/// two tabs do no harm. Showing an older one ends the session.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "identity", security(()), request_body = Refresh,
    responses(
        (status = 200, body = Success<Session>, description = "Renewed", example = json!({
            "success": true, "data": {
                "accessToken": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "expiresAt": 1_795_331_400_000_000_i64,
                "now": 1_795_330_500_000_000_i64, "refreshToken": "AZn5…",
                "user": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "sara@example.com",
                    "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                    "roles": ["customer"], "role": "customer" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`: none shown; `token_invalid`: not ours; `session_revoked`: over"),
        (status = 403, body = Failed, description = "`forbidden`: cookie mode, asked for by another site's page"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn refresh(State(app): State<App>, shown: Shown) -> Result<Response, ApiError> {
    let Some(token) = shown.token else {
        return Err(ApiError::new(ErrorCode::Unauthenticated));
    };
    let refuse = |refusal: Refusal| Ok(forgetting(shown.cookie, ApiError::from(refusal)));
    let Some(renewal) = Renewal::read(&app.keys, &token) else {
        return refuse(Refusal::TokenInvalid);
    };
    let state = app.clone();
    let outcome: Option<(Live, Me)> = app
        .db
        .write(async move |mut tx| {
            let ids = (state.clock.uuid(), state.clock.uuid());
            match session::renew(&mut tx, renewal, ids, state.clock.now()).await? {
                Renewed::Over => Ok::<_, Refusal>(None),
                Renewed::Live(live) => {
                    let me = people::me(&mut tx, live.user, live.role, live.restaurant).await?;
                    Ok(Some((live, me)))
                }
            }
        })
        .await?;
    let Some((live, me)) = outcome else {
        app.gate.end(renewal.session, app.clock.now());
        return refuse(Refusal::Revoked);
    };
    entry::hand_out(&app, live, me, shown.cookie, StatusCode::OK)
}

/// Sign out.
///
/// Open to whoever shows a refresh token, in the body or in the app's cookie. Ends the session: its refresh tokens
/// at once, its streams with their next event or heartbeat (20 s at most), its access token within 15 minutes at the
/// latest. Repeating it is no error.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "identity", security(()), request_body = Refresh,
    responses(
        (status = 200, body = Success<Nothing>, description = "Signed out", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 403, body = Failed, description = "`forbidden`: cookie mode, asked for by another site's page"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn logout(State(app): State<App>, shown: Shown) -> Result<Response, ApiError> {
    let renewal = shown.token.and_then(|token| Renewal::read(&app.keys, &token));
    if let Some(renewal) = renewal {
        let note = (app.clock.uuid(), app.clock.now());
        app.db
            .write(async move |mut tx| session::end(&mut tx, renewal, note).await)
            .await?;
        app.gate.end(renewal.session, app.clock.now());
    }
    Ok(forgetting(shown.cookie, Reply(Nothing)))
}

//! The routes of second factors: showing one to sign in, and keeping an authenticator app and its recovery codes.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use momfood_protocol::account::{
    CodeSent, FactorMethod, RecoveryCodes, ShowFactor, Ticket, TotpCode, TotpSetup,
};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::Session;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::cookie::Cookies;
use super::entry::{self, Origin};
use super::error::Refusal;
use super::factor::{self, Outcome};
use super::session::{self, Which};
use super::signed_in::Oneself;
use super::totp::{self, Place, Tried};
use super::{codes, people, recovery_codes};
use crate::app::App;
use crate::config::StaffFactor;
use crate::error::ApiError;
use crate::messages::Text;
use crate::request::{Body, Nothing, Reply};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_factor))
        .routes(routes!(send_factor))
        .routes(routes!(set_up_totp, remove_totp))
        .routes(routes!(confirm_totp))
        .routes(routes!(renew_recovery_codes))
}

/// Show the second factor.
///
/// Open to whoever holds a ticket from `second_factor_required`. `method` is one of those named there. Five tries; then the
/// ticket is over, and signing in begins again. A code of the authenticator app works once. After many wrong codes of
/// an app from places its owner is not signed in at, further ones from such places wait; recovery codes and places the
/// owner is signed in at do not.
#[utoipa::path(post, path = "/api/v1/auth/second-factor", tag = "identity", security(()), request_body = ShowFactor,
    responses(
        (status = 200, body = Success<Session>, description = "Signed in", example = json!({
            "success": true, "data": {
                "accessToken": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "expiresAt": 1_795_330_500_000_000_i64,
                "now": 1_795_329_600_000_000_i64, "refreshToken": "AZn4…",
                "user": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "admin@example.com",
                    "firstName": "نورة", "lastName": "العتيبي", "language": "ar",
                    "roles": ["admin"], "role": "admin" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`code_invalid` with `details.triesLeft`; `ticket_invalid`"),
        (status = 403, body = Failed, description = "`role_not_held`; `forbidden`: suspended since, or of no restaurant"),
        (status = 422, body = Failed, description = "`invalid_input`: `method`, when it is none of those named"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn show_factor(
    State(app): State<App>,
    Cookies(cookie): Cookies,
    origin: Origin,
    body: Body<ShowFactor>,
) -> Result<Response, ApiError> {
    let state = app.clone();
    let entered = app
        .db
        .write(async move |mut tx| {
            let ShowFactor { ticket, method, code } = &body.value;
            factor::show(&state, &mut tx, (ticket, *method, code), &origin).await
        })
        .await?
        .settled()?;
    entry::answer(&app, entered, cookie, StatusCode::OK)
}

/// Have digits sent as a second factor.
///
/// Open to whoever holds a ticket from `second_factor_required` that names `sms`. They go to the person's verified phone,
/// and are shown with `POST /auth/second-factor` under the same ticket; `challenge` is not asked for there. Another may be
/// asked for after 30 seconds, and ends the one before.
#[utoipa::path(post, path = "/api/v1/auth/second-factor/sms", tag = "identity", security(()), request_body = Ticket,
    responses(
        (status = 200, body = Success<CodeSent>, description = "On their way", example = json!({
            "success": true, "data": { "challenge": "019a9d3e-6a00-7000-8000-0000000000c0", "digits": 6,
                "expiresAt": 1_795_330_200_000_000_i64, "resendAt": 1_795_329_630_000_000_i64,
                "now": 1_795_329_600_000_000_i64 } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`ticket_invalid`"),
        (status = 422, body = Failed, description = "`invalid_input`: `ticket`, when it does not name `sms`"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn send_factor(
    State(app): State<App>,
    origin: Origin,
    body: Body<Ticket>,
) -> Result<Reply<CodeSent>, ApiError> {
    codes::spend(&app, origin.address).await?;
    let state = app.clone();
    let sent = app
        .db
        .write(async move |mut tx| factor::send(&state, &mut tx, &body.value.ticket).await)
        .await?;
    Ok(Reply(sent))
}

/// Set up an authenticator app.
///
/// Any signed-in person who showed who they are in the last ten minutes. It is asked for once `POST /me/totp/confirm` shows
/// that the app has the secret, within 30 minutes; until then one that is in force stays in force.
#[utoipa::path(post, path = "/api/v1/me/totp", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<TotpSetup>, description = "What the app is to be given", example = json!({
            "success": true, "data": { "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                "uri": "otpauth://totp/MomFood:sara%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=MomFood",
                "qr": "<svg …" } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn set_up_totp(State(app): State<App>, Oneself(caller): Oneself) -> Result<Reply<TotpSetup>, ApiError> {
    let (secret, now) = (app.clock.bytes(), app.clock.now());
    let account = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, now).await?;
            // Whoever has a factor replaces it only from a session that has shown it.
            if factor::asked_of(&mut tx, caller.user).await?.is_some() && !caller.second_factor {
                return Err(Refusal::ConfirmIdentity);
            }
            totp::propose(&mut tx, caller.user, &secret, now).await?;
            let actor = caller.actor;
            let me = people::me(&mut tx, caller.user, actor.role, actor.restaurant).await?;
            Ok::<_, Refusal>(me.email.or(me.phone).unwrap_or(me.first_name))
        })
        .await?;
    let totp::Shown { secret, uri, qr } = totp::show(&secret, &account)?;
    Ok(Reply(TotpSetup { secret, uri, qr }))
}

/// Confirm the authenticator app.
///
/// Any signed-in person who began with `POST /me/totp`. From now on a second factor is asked for. Answers ten recovery codes
/// that are shown this once and replace earlier ones. This session counts as having shown the factor (renew it to have
/// an access token that says so); the person's sessions that have shown none end.
#[utoipa::path(post, path = "/api/v1/me/totp/confirm", tag = "identity", security(("bearer" = [])), request_body = TotpCode,
    responses(
        (status = 200, body = Success<RecoveryCodes>, description = "Asked for from now on", example = json!({
            "success": true, "data": { "codes": ["8F3K-Q2ZD-1M7V-CX0P"] } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`; `code_invalid`"),
        (status = 404, body = Failed, description = "`not_found`: none is being set up, or too long ago"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn confirm_totp(
    State(app): State<App>,
    Oneself(caller): Oneself,
    body: Body<TotpCode>,
) -> Result<Reply<RecoveryCodes>, ApiError> {
    let (state, now) = (app.clone(), app.clock.now());
    let (codes, ended) = app
        .db
        .write(async move |mut tx| {
            let tx = &mut tx;
            let (person, place) = (caller.user, Place::Session(caller.session));
            match totp::confirm(tx, person, place, &body.value.code, now).await? {
                Tried::Right => {}
                other => return refused(&state, tx, person, other).await,
            }
            let codes = recovery_codes::renew(tx, person, &state.clock).await?;
            session::factor_shown(tx, caller.session, now).await?;
            let ended = session::end_those(tx, person, Which::OthersWithout(caller.session), now).await?;
            let detail = json!({ "ended": ended.len() });
            factor::record(&state, tx, person, "identity.second_factor_on", detail).await?;
            factor::tell(&state, tx, person, &Text::SecondFactor { on: true }).await?;
            Ok(Outcome::Done((codes, ended)))
        })
        .await?
        .settled()?;
    app.gate.end_all(&ended, now);
    Ok(Reply(RecoveryCodes { codes }))
}

/// What is answered to a code that is not right.
async fn refused<T>(
    app: &App,
    tx: &mut crate::store::Tx,
    person: momfood_domain::id::UserId,
    tried: Tried,
) -> Result<Outcome<T>, Refusal> {
    match tried {
        Tried::Wait(retry_after) => Err(Refusal::RateLimited { retry_after }),
        Tried::None => Err(Refusal::NotFound),
        Tried::Right => Err(Refusal::Broken("a right code refused".to_owned())),
        Tried::Wrong { last } => {
            factor::failed(app, tx, person, FactorMethod::Totp, last).await?;
            Ok(Outcome::Refused(Refusal::CodeInvalid { tries_left: None }))
        }
    }
}

/// Ask for no second factor any more.
///
/// Any signed-in person who has one and showed who they are in the last ten minutes; `code` is the app's, or one of the
/// recovery codes. Both are gone then. Who holds a role that needs a second factor sets up another app instead.
#[utoipa::path(delete, path = "/api/v1/me/totp", tag = "identity", security(("bearer" = [])), request_body = TotpCode,
    responses(
        (status = 200, body = Success<Nothing>, description = "Gone", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`; `code_invalid`"),
        (status = 403, body = Failed, description = "`confirm_identity`; `second_factor_needed`: a role needs it"),
        (status = 404, body = Failed, description = "`not_found`: there is none"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn remove_totp(
    State(app): State<App>,
    Oneself(caller): Oneself,
    body: Body<TotpCode>,
) -> Result<Reply<Nothing>, ApiError> {
    let (state, now) = (app.clone(), app.clock.now());
    app.db
        .write(async move |mut tx| {
            let tx = &mut tx;
            caller.recently_confirmed(tx, now).await?;
            let person = caller.user;
            let required = state.config.staff_second_factor == StaffFactor::Required;
            if required && factor::needed_by(tx, person).await? {
                return Err(Refusal::SecondFactorNeeded);
            }
            let place = Place::Session(caller.session);
            match factor::either(&state, tx, person, place, &body.value.code).await? {
                Tried::Right => {}
                other => return refused(&state, tx, person, other).await,
            }
            factor::remove(tx, person).await?;
            factor::record(&state, tx, person, "identity.second_factor_off", json!({})).await?;
            factor::tell(&state, tx, person, &Text::SecondFactor { on: false }).await?;
            Ok(Outcome::Done(()))
        })
        .await?
        .settled()?;
    Ok(Reply(Nothing))
}

/// Make new recovery codes.
///
/// Any signed-in person who has an authenticator app and showed who they are in the last ten minutes. The earlier ones no
/// longer work. Shown this once.
#[utoipa::path(post, path = "/api/v1/me/recovery-codes", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<RecoveryCodes>, description = "Ten new ones", example = json!({
            "success": true, "data": { "codes": ["8F3K-Q2ZD-1M7V-CX0P"] } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 404, body = Failed, description = "`not_found`: there is no authenticator app"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn renew_recovery_codes(
    State(app): State<App>,
    Oneself(caller): Oneself,
) -> Result<Reply<RecoveryCodes>, ApiError> {
    let (state, now) = (app.clone(), app.clock.now());
    let codes = app
        .db
        .write(async move |mut tx| {
            let tx = &mut tx;
            caller.recently_confirmed(tx, now).await?;
            if factor::asked_of(tx, caller.user).await?.is_none() {
                return Err(Refusal::NotFound);
            }
            let codes = recovery_codes::renew(tx, caller.user, &state.clock).await?;
            factor::record(
                &state,
                tx,
                caller.user,
                "identity.recovery_codes_renewed",
                json!({}),
            )
            .await?;
            factor::tell(&state, tx, caller.user, &Text::RecoveryCodesRenewed).await?;
            Ok(codes)
        })
        .await?;
    Ok(Reply(RecoveryCodes { codes }))
}

//! The routes of how a person's account is kept: an overview, showing again who one is, and the password.

use axum::extract::State;
use momfood_domain::id::UserId;
use momfood_protocol::account::{ChangePassword, Confirm, FactorMethod, Security};
use momfood_protocol::error::{Failed, Success};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::elsewhere::linked;
use super::error::Refusal;
use super::factor::{self, Outcome};
use super::session::{self, Which};
use super::signed_in::{Oneself, SignedIn};
use super::totp::{self, Place, Tried};
use super::{codes, passkeys, people, policy, recovery_codes};
use crate::app::App;
use crate::error::ApiError;
use crate::limits::{Class, Who};
use crate::messages::Text;
use crate::request::{Body, Nothing, Reply};
use crate::store::{Tx, sql};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read_security))
        .routes(routes!(confirm_identity))
        .routes(routes!(change_password))
}

#[derive(sqlx::FromRow)]
struct Kept {
    email_verified: bool,
    phone_verified: bool,
    password_hash: Option<String>,
}

async fn kept(tx: &mut Tx, person: UserId) -> Result<Kept, Refusal> {
    let row = sql!(
        tx,
        fetch_optional as Kept,
        "select email_verified, phone_verified, password_hash from users where id = $1",
        person
    )?;
    row.ok_or(Refusal::NotFound)
}

/// How my account is kept.
///
/// Any signed-in person; also who still has to set up the second factor their role needs.
#[utoipa::path(get, path = "/api/v1/me/security", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<Security>, description = "As it is now", example = json!({
            "success": true, "data": { "email": "sara@example.com", "emailVerified": true, "phoneVerified": false,
                "password": true, "totp": true, "secondFactorNeeded": false, "recoveryCodes": 10, "passkeys": [],
                "linked": [{ "provider": "google", "madeAt": 1_795_329_600_000_000_i64 }] } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn read_security(
    State(app): State<App>,
    Oneself(caller): Oneself,
) -> Result<Reply<Security>, ApiError> {
    let mut tx = app.db.read().await?;
    let (tx, person, actor) = (&mut tx, caller.user, caller.actor);
    let me = people::me(tx, person, actor.role, actor.restaurant).await?;
    let kept = kept(tx, person).await?;
    Ok(Reply(Security {
        email: me.email,
        email_verified: kept.email_verified,
        phone: me.phone,
        phone_verified: kept.phone_verified,
        password: kept.password_hash.is_some(),
        totp: factor::asked_of(tx, person).await?.is_some(),
        second_factor_needed: caller.lacks_factor(&app),
        recovery_codes: recovery_codes::left(tx, person).await?,
        passkeys: passkeys::list(tx, person).await?,
        linked: linked::list(tx, person).await?,
    }))
}

/// Whether `password` is the caller's. Slowed down like signing in, for this session alone: a stolen one uses up no tries
/// of the owner's, whatever addresses it is used from.
async fn is_password(app: &App, caller: SignedIn, password: String) -> Result<bool, ApiError> {
    let account = caller.user.to_string();
    let who = Who::AccountOn(&account, caller.session.0);
    app.limits.take(Class::Tries, who, app.clock.now()).await?;
    let hash = kept(&mut app.db.read().await?, caller.user).await?.password_hash;
    let fits = password.chars().count() <= super::password::LONGEST;
    let right = app.gate.hashing.is_right(password, hash.filter(|_| fits)).await?;
    if right {
        app.limits.forgive(Class::Tries, who).await;
    }
    Ok(right)
}

/// Show again who I am.
///
/// Any signed-in person, for a door that answered `confirm_identity`; the ten minutes are this session's alone. Exactly one
/// of the fields.
#[utoipa::path(post, path = "/api/v1/auth/confirm", tag = "identity", security(("bearer" = [])), request_body = Confirm,
    responses(
        (status = 200, body = Success<Nothing>, description = "For ten minutes", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`; \
                `invalid_credentials`: not the password; `code_invalid`; `passkey_invalid`, `ticket_invalid`"),
        (status = 422, body = Failed, description = "`invalid_input`: none of the fields, or several"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn confirm_identity(
    State(app): State<App>,
    Oneself(caller): Oneself,
    body: Body<Confirm>,
) -> Result<Reply<Nothing>, ApiError> {
    let (state, now) = (app.clone(), app.clock.now());
    match body.value {
        Confirm {
            password: Some(password),
            totp: None,
            code: None,
            passkey: None,
        } => {
            let right = is_password(&app, caller, password).await?;
            app.db
                .write(async move |mut tx| confirmed(&state, &mut tx, caller, "password", right).await)
                .await?;
            if !right {
                return Err(Refusal::Credentials.into());
            }
        }
        Confirm {
            password: None,
            totp: Some(code),
            code: None,
            passkey: None,
        } => {
            app.db
                .write(async move |mut tx| {
                    let tx = &mut tx;
                    let place = Place::Session(caller.session);
                    let tried = totp::check(tx, caller.user, place, &code, now).await?;
                    let outcome = match tried {
                        Tried::Right => Outcome::Done(()),
                        Tried::Wrong { last } => {
                            factor::failed(&state, tx, caller.user, FactorMethod::Totp, last).await?;
                            Outcome::Refused(Refusal::CodeInvalid { tries_left: None })
                        }
                        Tried::None => return Err(Refusal::CodeInvalid { tries_left: None }),
                        Tried::Wait(retry_after) => return Err(Refusal::RateLimited { retry_after }),
                    };
                    let right = tried == Tried::Right;
                    confirmed(&state, tx, caller, "totp", right).await?;
                    Ok::<_, Refusal>(outcome)
                })
                .await?
                .settled()?;
        }
        Confirm {
            password: None,
            totp: None,
            code: Some(shown),
            passkey: None,
        } => {
            app.db
                .write(async move |mut tx| {
                    let tx = &mut tx;
                    let code = (shown.challenge, shown.code.as_str());
                    let purposes = [codes::Purpose::Confirm];
                    let outcome =
                        codes::verify(tx, &state.keys, &purposes, Some(caller.user), code, now).await?;
                    let right = matches!(outcome, Outcome::Done(_));
                    confirmed(&state, tx, caller, "code", right).await?;
                    Ok::<_, Refusal>(outcome)
                })
                .await?
                .settled()?;
        }
        Confirm {
            password: None,
            totp: None,
            code: None,
            passkey: Some(shown),
        } => {
            let shown = passkeys::confirm(&app, caller.user, shown).await;
            let right = shown.is_ok();
            app.db
                .write(async move |mut tx| confirmed(&state, &mut tx, caller, "passkey", right).await)
                .await?;
            shown?;
        }
        _ => return Err(Refusal::Invalid("password").into()),
    }
    Ok(Reply(Nothing))
}

/// Writes down that the caller showed again who they are, or failed to.
async fn confirmed(app: &App, tx: &mut Tx, caller: SignedIn, by: &str, right: bool) -> Result<(), Refusal> {
    let action = if right {
        session::confirmed(tx, caller.session, app.clock.now()).await?;
        "identity.confirmed"
    } else {
        "identity.confirm_failed"
    };
    factor::record(app, tx, caller.user, action, json!({ "by": by })).await?;
    Ok(())
}

/// Change my password.
///
/// Any signed-in person: with the current password, or without it who showed who they are in the last ten minutes. Ends
/// every other session of theirs.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "identity", security(("bearer" = [])), request_body = ChangePassword,
    responses(
        (status = 200, body = Success<Nothing>, description = "Changed", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`; \
                `invalid_credentials`: not the current one"),
        (status = 403, body = Failed, description = "`confirm_identity`: without `current`"),
        (status = 422, body = Failed, description = "`invalid_input`: `password`; `password_weak`"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn change_password(
    State(app): State<App>,
    Oneself(caller): Oneself,
    body: Body<ChangePassword>,
) -> Result<Reply<Nothing>, ApiError> {
    let ChangePassword { current, password } = body.value;
    let actor = caller.actor;
    let me = people::me(
        &mut app.db.read().await?,
        caller.user,
        actor.role,
        actor.restaurant,
    )
    .await?;
    let email = me.email.as_deref().unwrap_or_default();
    policy::check(&password, &[email, &me.first_name, &me.last_name])?;
    let now = app.clock.now();
    match current {
        Some(current) => {
            if !is_password(&app, caller, current).await? {
                return Err(Refusal::Credentials.into());
            }
        }
        None => caller.recently_confirmed(&mut app.db.read().await?, now).await?,
    }
    let hash = app.gate.hashing.hash(password, app.clock.bytes()).await?;
    let state = app.clone();
    let ended = app
        .db
        .write(async move |mut tx| {
            let tx = &mut tx;
            sql!(
                tx,
                execute,
                "update users set password_hash = $1, updated_at = $2 where id = $3",
                hash,
                now,
                caller.user
            )?;
            let ended = session::end_those(tx, caller.user, Which::Others(caller.session), now).await?;
            let detail = json!({ "ended": ended.len() });
            factor::record(&state, tx, caller.user, "identity.password_changed", detail).await?;
            factor::tell(&state, tx, caller.user, &Text::PasswordChanged).await?;
            Ok::<_, Refusal>(ended)
        })
        .await?;
    app.gate.end_all(&ended, now);
    Ok(Reply(Nothing))
}

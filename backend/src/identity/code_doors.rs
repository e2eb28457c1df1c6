//! The routes of one-time codes: signing in and up with one, choosing a new password, showing that an email or a phone is
//! one's own, and showing again who one is.

use std::net::IpAddr;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use momfood_domain::phone::Phone;
use momfood_domain::text::Lang;
use momfood_protocol::account::{AskCode, CheckCode, CodePurpose, CodeSent, NewContact, Recover, ShownCode};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::rest::{Me, Session};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::codes::{self, Ask, Purpose, Reach};
use super::cookie::Cookies;
use super::entry::{self, Entered, FirstFactor, How, Origin};
use super::error::Refusal;
use super::factor::{self, Outcome};
use super::registration::{self, Proven};
use super::session::Wish;
use super::signed_in::{Oneself, SignedIn};
use super::{failures, joining, people, phones, policy, recovery};
use crate::app::App;
use crate::error::ApiError;
use crate::messages::Target;
use crate::request::{Body, Nothing, Reply};
use crate::store::Tx;

/// The routes of this file.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ask_code))
        .routes(routes!(check_code))
        .routes(routes!(recover))
        .routes(routes!(add_contact))
        .routes(routes!(check_contact))
        .routes(routes!(ask_confirming_code))
}

/// Exactly one of the two, which this server can write to.
fn target(app: &App, email: Option<&str>, phone: Option<Phone>) -> Result<Target, Refusal> {
    match (email, phone) {
        (Some(email), None) => {
            let email = joining::email(email).filter(|_| app.carriers.mail.is_some());
            email.map(Target::Email).ok_or(Refusal::Invalid("email"))
        }
        (None, Some(phone)) if app.carriers.sms.is_some() => Ok(Target::Phone(phone)),
        (None, Some(_)) => Err(Refusal::Invalid("phone")),
        _ => Err(Refusal::Invalid("email")),
    }
}

/// What becomes of a code that somebody who is not signed in asks for, and whose it will be.
async fn reach(
    tx: &mut Tx,
    purpose: Purpose,
    target: &Target,
) -> Result<(Reach, Option<momfood_domain::id::UserId>), Refusal> {
    // The same statement whatever it is for.
    let holder = match target {
        Target::Email(email) => people::by_email(tx, email).await?.map(|(id, _)| id),
        Target::Phone(phone) => phones::holder(tx, phone).await?,
    };
    Ok(match (purpose, holder) {
        (Purpose::SignUp, Some(_)) => (Reach::AlreadyThere, None),
        (Purpose::Recover, Some(person)) => (Reach::Sent, Some(person)),
        (Purpose::Recover, None) => (Reach::Nowhere, None),
        _ => (Reach::Sent, None),
    })
}

/// Ask for a one-time code.
///
/// Open to everyone. `sign_in` goes to a phone, `sign_up` to an email, `recover` to either; exactly one of `email` and
/// `phone`. The code has six digits, works once, for ten minutes and five tries, and ends the one before. Another may be
/// asked for after 30 seconds; five in a row, afterwards one in ten minutes. Answered alike whether or not there is such an
/// account; to an email that has one, `sign_up` writes so, and no code works.
#[utoipa::path(post, path = "/api/v1/auth/codes", tag = "identity", security(()), request_body = AskCode,
    responses(
        (status = 200, body = Success<CodeSent>, description = "On its way, if it is to be", example = json!({
            "success": true, "data": { "challenge": "019a9d3e-6a00-7000-8000-0000000000c0", "digits": 6,
                "expiresAt": 1_795_330_200_000_000_i64, "resendAt": 1_795_329_630_000_000_i64,
                "now": 1_795_329_600_000_000_i64 } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`: not an email, not what this \
            purpose is sent to, or this server sends nothing there"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn ask_code(
    State(app): State<App>,
    origin: Origin,
    body: Body<AskCode>,
) -> Result<Reply<CodeSent>, ApiError> {
    let asked = body.value;
    let target = target(&app, asked.email.as_deref(), asked.phone)?;
    let purpose = match (asked.purpose, &target) {
        (CodePurpose::SignIn, Target::Phone(_)) => Purpose::SignIn,
        (CodePurpose::SignIn, Target::Email(_)) => return Err(Refusal::Invalid("phone").into()),
        (CodePurpose::SignUp, Target::Email(_)) => Purpose::SignUp,
        (CodePurpose::SignUp, Target::Phone(_)) => return Err(Refusal::Invalid("email").into()),
        (CodePurpose::Recover, _) => Purpose::Recover,
    };
    codes::spend(&app, origin.address).await?;
    let state = app.clone();
    let sent = app
        .db
        .write(async move |mut tx| {
            let (reach, person) = reach(&mut tx, purpose, &target).await?;
            let ask = Ask {
                purpose,
                target: &target,
                person,
                lang: asked.language,
                reach,
            };
            codes::send(&state, &mut tx, ask).await
        })
        .await?;
    Ok(Reply(sent))
}

/// What a right code of signing in or up leads to.
enum Next {
    Entered(Entered),
    Unregistered(momfood_protocol::account::Unregistered),
}

/// Show a one-time code.
///
/// Open to everyone: shows the code of purpose `sign_in` or `sign_up`. Who has an account with that verified phone is
/// signed in, perhaps after a second factor; for everybody else `registration_required` brings the ticket of
/// `POST /auth/register`. `role` and `restaurantId` as for signing in: a refused role does not use the code up.
#[utoipa::path(post, path = "/api/v1/auth/codes/check", tag = "identity", security(()), request_body = CheckCode,
    responses(
        (status = 200, body = Success<Session>, description = "Signed in", example = json!({
            "success": true, "data": {
                "accessToken": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "expiresAt": 1_795_330_500_000_000_i64,
                "now": 1_795_329_600_000_000_i64, "refreshToken": "AZn4…",
                "user": { "id": "019a9d3e-6a00-7000-8000-000000000001", "phone": "+966512345678",
                    "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                    "roles": ["customer"], "role": "customer" } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`code_invalid`, with `details.triesLeft` when it is only wrong; \
            `second_factor_required` with a `NextFactor`"),
        (status = 403, body = Failed, description = "`role_not_held`; `forbidden`: suspended, of no restaurant, or cookie \
            mode asked for by another site's page"),
        (status = 409, body = Failed, description = "`registration_required` with an `Unregistered`; `email_taken` since"),
        (status = 422, body = Failed, description = "`invalid_input`: an unknown app in `x-momfood-cookie`"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn check_code(
    State(app): State<App>,
    Cookies(cookie): Cookies,
    origin: Origin,
    body: Body<CheckCode>,
) -> Result<Response, ApiError> {
    let (state, challenge, address) = (app.clone(), body.value.challenge, origin.address);
    let next = app
        .db
        .write(async move |mut tx| {
            let tx = &mut tx;
            let now = state.clock.now();
            let shown = body.value;
            let purposes = [Purpose::SignIn, Purpose::SignUp];
            let code = (shown.challenge, shown.code.as_str());
            let proof = match codes::verify(tx, &state.keys, &purposes, None, code, now).await? {
                Outcome::Done(proof) => proof,
                Outcome::Refused(refusal) => return Ok(Outcome::Refused(refusal)),
            };
            let (email, phone) = match proof.target {
                Target::Email(email) => (Some(email), None),
                Target::Phone(phone) => (None, Some(phone)),
            };
            if let Some(email) = &email
                && people::by_email(tx, email).await?.is_some()
            {
                return Err(Refusal::EmailTaken);
            }
            let holder = match &phone {
                Some(phone) => phones::holder(tx, phone).await?,
                None => None,
            };
            if let Some(person) = holder {
                let wish = Wish {
                    role: shown.role,
                    restaurant: shown.restaurant_id,
                };
                let how = How::by(FirstFactor::Code);
                let entered = entry::admit(&state, tx, person, how, wish, &origin).await?;
                return Ok(Outcome::Done(Next::Entered(entered)));
            }
            let proven = Proven {
                email,
                phone: phone.map(|phone| phone.as_str().to_owned()),
                first_name: None,
                last_name: None,
                account: None,
            };
            let made = (state.clock.uuid(), now);
            let unregistered = registration::begin(tx, &state.keys, proven, made).await?;
            Ok(Outcome::Done(Next::Unregistered(unregistered)))
        })
        .await?
        .settled()
        .inspect_err(|refusal| failed(&app, refusal, challenge, address))?;
    match next {
        Next::Entered(entered) => entry::answer(&app, entered, cookie, StatusCode::OK),
        Next::Unregistered(unregistered) => Err(Refusal::RegistrationRequired(Box::new(unregistered)).into()),
    }
}

/// Says of a code that was refused that it was.
fn failed(app: &App, refusal: &Refusal, challenge: Uuid, address: Option<IpAddr>) {
    if matches!(refusal, Refusal::CodeInvalid { .. }) {
        failures::code(app, challenge, address);
    }
}

/// Choose a new password.
///
/// Open to whoever shows the code of purpose `recover`. Ends every session of the account and signs nobody in; a second
/// factor is asked for as before. The email or phone that the code went to counts as verified.
#[utoipa::path(post, path = "/api/v1/auth/recovery", tag = "identity", security(()), request_body = Recover,
    responses(
        (status = 200, body = Success<Nothing>, description = "Changed", example = json!({ "success": true, "data": null })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`code_invalid`, with `details.triesLeft` when it is only wrong"),
        (status = 403, body = Failed, description = "`forbidden`: suspended"),
        (status = 422, body = Failed, description = "`invalid_input`; `password_weak`: the code goes on working"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn recover(
    State(app): State<App>,
    origin: Origin,
    body: Body<Recover>,
) -> Result<Reply<Nothing>, ApiError> {
    let Recover {
        challenge,
        code,
        password,
    } = body.value;
    policy::check(&password, &[])?;
    // Hashed before anything is known of the code: right or wrong, the answer takes as long.
    let hash = app.gate.hashing.hash(password.clone(), app.clock.bytes()).await?;
    let state = app.clone();
    let ended = app
        .db
        .write(async move |mut tx| {
            recovery::recover(&state, &mut tx, (challenge, &code), (&password, &hash)).await
        })
        .await?
        .settled()
        .inspect_err(|refusal| failed(&app, refusal, challenge, origin.address))?;
    app.gate.end_all(&ended, app.clock.now());
    Ok(Reply(Nothing))
}

/// Add an email or a phone.
///
/// Any signed-in person who showed who they are in the last ten minutes. Sends a code to it, as `POST /auth/codes` does;
/// `POST /me/contacts/check` makes it theirs. Exactly one of `email` and `phone`.
#[utoipa::path(post, path = "/api/v1/me/contacts", tag = "identity", security(("bearer" = [])), request_body = NewContact,
    responses(
        (status = 200, body = Success<CodeSent>, description = "On its way", example = json!({
            "success": true, "data": { "challenge": "019a9d3e-6a00-7000-8000-0000000000c0", "digits": 6,
                "expiresAt": 1_795_330_200_000_000_i64, "resendAt": 1_795_329_630_000_000_i64,
                "now": 1_795_329_600_000_000_i64 } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`confirm_identity`"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn add_contact(
    State(app): State<App>,
    caller: SignedIn,
    origin: Origin,
    body: Body<NewContact>,
) -> Result<Reply<CodeSent>, ApiError> {
    let target = target(&app, body.value.email.as_deref(), body.value.phone)?;
    codes::spend(&app, origin.address).await?;
    let state = app.clone();
    let sent = app
        .db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, state.clock.now()).await?;
            let lang = language(&mut tx, caller.user).await?;
            // Sent also where it is somebody else's: only who has it learns so, by showing the code.
            let ask = Ask {
                purpose: Purpose::Verify,
                target: &target,
                person: Some(caller.user),
                lang,
                reach: Reach::Sent,
            };
            codes::send(&state, &mut tx, ask).await
        })
        .await?;
    Ok(Reply(sent))
}

async fn language(tx: &mut Tx, person: momfood_domain::id::UserId) -> Result<Lang, Refusal> {
    let contacts = people::contacts(tx, person).await?;
    Ok(contacts.map(|contacts| contacts.language).unwrap_or_default())
}

/// Show that an email or a phone is mine.
///
/// Any signed-in person, with the code of their own `POST /me/contacts`. It takes the place of the one they had, which is
/// written to. A phone that somebody else said is theirs, and did not show, is theirs no more.
#[utoipa::path(post, path = "/api/v1/me/contacts/check", tag = "identity", security(("bearer" = [])),
    request_body = ShownCode, responses(
        (status = 200, body = Success<Me>, description = "As it is now", example = json!({
            "success": true, "data": { "id": "019a9d3e-6a00-7000-8000-000000000001", "email": "sara@example.com",
                "phone": "+966512345678", "firstName": "سارة", "lastName": "القحطاني", "language": "ar",
                "roles": ["customer"], "role": "customer" } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`; `code_invalid`, with \
            `details.triesLeft` when it is only wrong"),
        (status = 409, body = Failed, description = "`email_taken`, `phone_taken`: another account showed that it is theirs"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn check_contact(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<ShownCode>,
) -> Result<Reply<Me>, ApiError> {
    let state = app.clone();
    let me = app
        .db
        .write(async move |mut tx| {
            let tx = &mut tx;
            let now = state.clock.now();
            let code = (body.value.challenge, body.value.code.as_str());
            let person = Some(caller.user);
            let shown = codes::verify(tx, &state.keys, &[Purpose::Verify], person, code, now).await?;
            let proof = match shown {
                Outcome::Done(proof) => proof,
                Outcome::Refused(refusal) => return Ok(Outcome::Refused(refusal)),
            };
            recovery::own(&state, tx, caller.user, &proof.target).await?;
            let me = people::me(tx, caller.user, caller.actor.role, caller.actor.restaurant).await?;
            Ok::<_, Refusal>(Outcome::Done(me))
        })
        .await?
        .settled()?;
    Ok(Reply(me))
}

/// Ask for a code to confirm that it is me.
///
/// Any signed-in person. It goes to their verified email, or else their verified phone, and is shown to
/// `POST /auth/confirm`. For whoever has no authenticator app.
#[utoipa::path(post, path = "/api/v1/auth/confirm/code", tag = "identity", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<CodeSent>, description = "On its way", example = json!({
            "success": true, "data": { "challenge": "019a9d3e-6a00-7000-8000-0000000000c0", "digits": 6,
                "expiresAt": 1_795_330_200_000_000_i64, "resendAt": 1_795_329_630_000_000_i64,
                "now": 1_795_329_600_000_000_i64 } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`: neither is verified, or there is an authenticator app"),
        (status = 429, body = Failed, description = "`rate_limited` with `details.retryAfter` seconds"),
        (status = 503, body = Failed, description = "`try_again`")))]
async fn ask_confirming_code(
    State(app): State<App>,
    Oneself(caller): Oneself,
    origin: Origin,
) -> Result<Reply<CodeSent>, ApiError> {
    codes::spend(&app, origin.address).await?;
    let state = app.clone();
    let sent = app
        .db
        .write(async move |mut tx| {
            // Whoever has an authenticator app shows that: somebody else may read their messages.
            if factor::asked_of(&mut tx, caller.user).await?.is_some() {
                return Err(Refusal::NotFound);
            }
            let contacts = people::contacts(&mut tx, caller.user).await?;
            let contacts = contacts.ok_or(Refusal::NotFound)?;
            let target = contacts.verified().ok_or(Refusal::NotFound)?;
            let ask = Ask {
                purpose: Purpose::Confirm,
                target: &target,
                person: Some(caller.user),
                lang: contacts.language,
                reach: Reach::Sent,
            };
            codes::send(&state, &mut tx, ask).await
        })
        .await?;
    Ok(Reply(sent))
}

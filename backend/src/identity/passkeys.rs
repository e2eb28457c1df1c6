//! Passkeys: made, shown and removed. A passkey is found by its own device (nobody names an account to sign in), is good
//! for this site alone, and only counts when its device verified its person by finger, face or PIN, so that it is both
//! factors at once. Every ceremony's challenge works once. It must never tell an unknown passkey from a wrong answer.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use momfood_domain::actor::Actor;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::account::{Passkey, PasskeyAsk, PasskeyShown};
use serde_json::{Value, json};
use sqlx::types::Json;
use webauthn_rs::Webauthn;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};

use super::challenge::{self, Found, Kind};
use super::error::Refusal;
use super::people;
use super::signed_in::SignedIn;
use super::ways;
use crate::app::App;
use crate::audit;
use crate::store::{StoreError, Tx, sql};

/// Passkeys of one person at most.
const MOST: usize = 20;
/// Longest name of a passkey, in characters.
const LONGEST_NAME: usize = 60;

fn webauthn(app: &App) -> Result<&Webauthn, Refusal> {
    let site = app.site.as_ref();
    site.and_then(|site| site.webauthn()).ok_or(Refusal::NotFound)
}

/// The part of the library's answer that the browser's own function takes.
fn options(ask: &impl serde::Serialize) -> Result<Value, Refusal> {
    let mut ask = serde_json::to_value(ask).map_err(|error| Refusal::Broken(error.to_string()))?;
    Ok(ask["publicKey"].take())
}

/// What a failed ceremony is answered with, whatever failed.
fn refused(error: &WebauthnError) -> Refusal {
    tracing::info!(%error, "a passkey was not taken");
    Refusal::PasskeyInvalid
}

/// Asks whatever passkey there is to show itself. The answer tells nothing of anybody.
pub(super) async fn ask(app: &App) -> Result<PasskeyAsk, Refusal> {
    let broken = |error: WebauthnError| Refusal::Broken(error.to_string());
    let (ask, state) = webauthn(app)?
        .start_discoverable_authentication()
        .map_err(broken)?;
    let options = options(&ask)?;
    let made = (app.clock.uuid(), app.clock.now());
    let state_of = app.clone();
    let (ticket, _) = app
        .db
        .write(async move |mut tx| {
            challenge::begin(&mut tx, &state_of.keys, Kind::PasskeyEnter, None, &state, made).await
        })
        .await?;
    Ok(PasskeyAsk { ticket, options })
}

/// Whose passkey answered `ticket`'s question with `credential`. Refuses (`passkey_invalid`) everything that is not quite
/// right; the ticket is used up either way.
pub(super) async fn person(app: &App, ticket: String, credential: Value) -> Result<UserId, Refusal> {
    let found: Found<DiscoverableAuthentication> = take(app, Kind::PasskeyEnter, ticket).await?;
    let shown: PublicKeyCredential =
        serde_json::from_value(credential).map_err(|_| Refusal::PasskeyInvalid)?;
    let state = app.clone();
    let outcome = app
        .db
        .write(async move |mut tx| check(&state, &mut tx, found.state, &shown).await)
        .await?;
    outcome.ok_or(Refusal::PasskeyInvalid)
}

/// Whether `shown` is a passkey of `person`, who is signed in: they show again who they are.
pub async fn confirm(app: &App, caller: UserId, shown: PasskeyShown) -> Result<(), Refusal> {
    let person = person(app, shown.ticket, shown.credential).await?;
    if person == caller {
        Ok(())
    } else {
        Err(Refusal::PasskeyInvalid)
    }
}

/// Takes the ticket in a transaction of its own: what follows may fail, and the ticket is used all the same.
async fn take<S: serde::de::DeserializeOwned + Send + 'static>(
    app: &App,
    kind: Kind,
    ticket: String,
) -> Result<Found<S>, Refusal> {
    let (state, now) = (app.clone(), app.clock.now());
    app.db
        .write(async move |mut tx| challenge::take(&mut tx, &state.keys, kind, &ticket, now).await)
        .await
}

/// `None` when it is not right: an outcome, not an error, so that what was noted of it is kept.
async fn check(
    app: &App,
    tx: &mut Tx,
    asked: DiscoverableAuthentication,
    shown: &PublicKeyCredential,
) -> Result<Option<UserId>, Refusal> {
    let now = app.clock.now();
    let id = shown.get_credential_id();
    let row = sql!(
        tx,
        fetch_optional as (UserId, Json<Credential>),
        "select person, credential from passkeys where id = $1 {for_update}",
        id
    )?;
    let Some((person, Json(mut credential))) = row else {
        tracing::info!("a passkey nobody has was shown");
        return Ok(None);
    };
    // The device names its person; it must be whom we know it to be of.
    if shown.get_user_unique_id() != Some(person.0.as_bytes().as_slice()) {
        tracing::info!("a passkey was shown as another person's");
        return Ok(None);
    }
    let webauthn = webauthn(app)?;
    let result = match webauthn.finish_discoverable_authentication_v2(shown, asked, &credential) {
        Ok(result) => result,
        Err(error) => {
            if matches!(error, WebauthnError::CredentialPossibleCompromise) {
                let why = json!({ "why": "its counter went back: there may be a copy" });
                note(app, tx, Actor::SYSTEM, person, "identity.passkey_doubted", why).await?;
            }
            refused(&error);
            return Ok(None);
        }
    };
    if !result.user_verified() {
        return Ok(None);
    }
    credential.update_credential(&result);
    sql!(
        tx,
        execute,
        "update passkeys set credential = $1, used_at = $2 where id = $3",
        Json(&credential),
        now,
        id
    )?;
    Ok(Some(person))
}

/// Begins to make a passkey of the caller's.
pub(super) async fn begin(app: &App, caller: SignedIn) -> Result<PasskeyAsk, Refusal> {
    let state = app.clone();
    app.db
        .write(async move |mut tx| {
            let now = state.clock.now();
            caller.recently_confirmed(&mut tx, now).await?;
            let have = ids(&mut tx, caller.user).await?;
            if have.len() >= MOST {
                return Err(Refusal::Invalid("passkeys"));
            }
            let actor = caller.actor;
            let me = people::me(&mut tx, caller.user, actor.role, actor.restaurant).await?;
            let shown = format!("{} {}", me.first_name, me.last_name);
            let name = me.email.or(me.phone).unwrap_or_else(|| shown.clone());
            let (ask, kept) = webauthn(&state)?
                .start_passkey_registration(caller.user.0, &name, shown.trim(), Some(have))
                .map_err(|error| Refusal::Broken(error.to_string()))?;
            let mut options = options(&ask)?;
            // One that its device can find by itself: nobody types a name to sign in.
            let selection = &mut options["authenticatorSelection"];
            selection["residentKey"] = json!("required");
            selection["requireResidentKey"] = json!(true);
            let made = (state.clock.uuid(), now);
            let (ticket, _) = challenge::begin(
                &mut tx,
                &state.keys,
                Kind::PasskeyAdd,
                Some(caller.user),
                &kept,
                made,
            )
            .await?;
            Ok(PasskeyAsk { ticket, options })
        })
        .await
}

/// Keeps the passkey that was made.
pub(super) async fn add(
    app: &App,
    caller: SignedIn,
    ticket: String,
    credential: Value,
    name: &str,
) -> Result<Passkey, Refusal> {
    let name = name.trim().to_owned();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.contains(char::is_control) {
        return Err(Refusal::Invalid("name"));
    }
    let found: Found<PasskeyRegistration> = take(app, Kind::PasskeyAdd, ticket).await?;
    if found.person != Some(caller.user) {
        return Err(Refusal::TicketInvalid);
    }
    let made: RegisterPublicKeyCredential =
        serde_json::from_value(credential).map_err(|_| Refusal::PasskeyInvalid)?;
    let credential = webauthn(app)?
        .finish_passkey_registration(&made, &found.state)
        .map_err(|error| refused(&error))?;
    let id = credential.cred_id().clone();
    let shown = Passkey {
        id: BASE64_URL_SAFE_NO_PAD.encode(&id),
        name: name.clone(),
        made_at: app.clock.now(),
        used_at: None,
    };
    let (state, made_at) = (app.clone(), shown.made_at);
    app.db
        .write(async move |mut tx| {
            // One at a time, so that nobody has more than they may.
            people::standing(&mut tx, caller.user).await?;
            if ids(&mut tx, caller.user).await?.len() >= MOST {
                return Err(Refusal::Invalid("passkeys"));
            }
            let kept = sql!(
                &mut tx,
                execute,
                "insert into passkeys (id, person, name, credential, made_at) values ($1, $2, $3, $4, $5) \
                 on conflict (id) do nothing",
                id,
                caller.user,
                name,
                Json(&credential),
                made_at
            )?;
            if kept == 0 {
                return Err(Refusal::PasskeyInvalid);
            }
            note(
                &state,
                &mut tx,
                caller.actor,
                caller.user,
                "identity.passkey_added",
                json!({}),
            )
            .await
        })
        .await?;
    Ok(shown)
}

/// The person's passkeys, first made first.
pub async fn list(tx: &mut Tx, person: UserId) -> Result<Vec<Passkey>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (Vec<u8>, String, Timestamp, Option<Timestamp>),
        "select id, name, made_at, used_at from passkeys where person = $1 order by made_at, id",
        person
    )?;
    let shown = |(id, name, made_at, used_at)| Passkey {
        id: BASE64_URL_SAFE_NO_PAD.encode::<Vec<u8>>(id),
        name,
        made_at,
        used_at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Removes a passkey of the caller's, unless it is their last way in.
pub(super) async fn remove(app: &App, caller: SignedIn, id: &str) -> Result<(), Refusal> {
    let id = BASE64_URL_SAFE_NO_PAD.decode(id).map_err(|_| Refusal::NotFound)?;
    let state = app.clone();
    app.db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, state.clock.now()).await?;
            people::standing(&mut tx, caller.user).await?;
            let gone = sql!(
                &mut tx,
                execute,
                "delete from passkeys where id = $1 and person = $2",
                id,
                caller.user
            )?;
            if gone == 0 {
                return Err(Refusal::NotFound);
            }
            ways::are_left(&state, &mut tx, caller.user).await?;
            note(
                &state,
                &mut tx,
                caller.actor,
                caller.user,
                "identity.passkey_removed",
                json!({}),
            )
            .await
        })
        .await
}

/// Takes all passkeys away from `person`; says how many.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<u64, StoreError> {
    sql!(tx, execute, "delete from passkeys where person = $1", person)
}

async fn ids(tx: &mut Tx, person: UserId) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (Vec<u8>,),
        "select id from passkeys where person = $1",
        person
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn note(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    person: UserId,
    action: &str,
    detail: Value,
) -> Result<(), Refusal> {
    let entry = audit::Entry {
        id: app.clock.uuid(),
        at: app.clock.now(),
        action,
        subject: "user",
        subject_id: Some(person.0),
        detail,
    };
    Ok(audit::record(tx, &actor, entry).await?)
}

//! Whose account elsewhere is whose. An id there is kept as a blind index: nobody who reads the database learns it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::account::{Linked, Provider};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{named, word};
use crate::app::App;
use crate::audit;
use crate::identity::SignedIn;
use crate::identity::error::Refusal;
use crate::identity::{people, ways};
use crate::sealed;
use crate::store::{StoreError, Tx, sql};

/// An account at a provider: its blind index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Where.
    pub provider: Provider,
    /// Base64url.
    index: String,
}

impl Subject {
    /// Of the account's id at the provider.
    pub(super) async fn of(tx: &mut Tx, provider: Provider, id: &str) -> Result<Self, StoreError> {
        let purpose = format!("linked_accounts.subject {}", word(provider));
        let index = sealed::blind(tx, &purpose, id).await?;
        let index = BASE64_URL_SAFE_NO_PAD.encode(index);
        Ok(Self { provider, index })
    }

    fn bytes(&self) -> Vec<u8> {
        BASE64_URL_SAFE_NO_PAD.decode(&self.index).unwrap_or_default()
    }
}

/// Whose it is.
pub(super) async fn owner(tx: &mut Tx, subject: &Subject) -> Result<Option<UserId>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (UserId,),
        "select person from linked_accounts where provider = $1 and subject_index = $2 {for_update}",
        word(subject.provider),
        subject.bytes()
    )?;
    Ok(row.map(|(person,)| person))
}

/// It was used to sign in.
pub(super) async fn used(tx: &mut Tx, subject: &Subject, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update linked_accounts set used_at = $1 where provider = $2 and subject_index = $3",
        now,
        word(subject.provider),
        subject.bytes()
    )?;
    Ok(())
}

/// Makes it `person`'s. Refuses (`already_linked`) when it is somebody else's, or they have another there.
pub async fn keep(tx: &mut Tx, person: UserId, subject: &Subject, now: Timestamp) -> Result<(), Refusal> {
    let kept = sql!(
        tx,
        execute,
        "insert into linked_accounts (provider, subject_index, person, made_at, used_at) \
         values ($1, $2, $3, $4, $5) on conflict do nothing",
        word(subject.provider),
        subject.bytes(),
        person,
        now,
        now
    )?;
    if kept == 0 {
        return Err(Refusal::AlreadyLinked(subject.provider));
    }
    Ok(())
}

/// Links an account to the caller, noted in the record. Linking it again changes nothing.
pub(super) async fn link(
    app: &App,
    caller: SignedIn,
    provider: Provider,
    id: String,
) -> Result<Linked, Refusal> {
    let state = app.clone();
    app.db
        .write(async move |mut tx| {
            let now = state.clock.now();
            let subject = Subject::of(&mut tx, provider, &id).await?;
            if owner(&mut tx, &subject).await? != Some(caller.user) {
                keep(&mut tx, caller.user, &subject, now).await?;
                note(&state, &mut tx, caller, "identity.account_linked", provider).await?;
            }
            let all = list(&mut tx, caller.user).await?;
            let linked = all.into_iter().find(|linked| linked.provider == provider);
            linked.ok_or(Refusal::NotFound)
        })
        .await
}

/// The person's accounts elsewhere, first linked first.
pub async fn list(tx: &mut Tx, person: UserId) -> Result<Vec<Linked>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (String, Timestamp),
        "select provider, made_at from linked_accounts where person = $1 order by made_at, provider",
        person
    )?;
    let linked = |(provider, made_at): (String, Timestamp)| {
        let provider = named(&provider)?;
        Some(Linked { provider, made_at })
    };
    Ok(rows.into_iter().filter_map(linked).collect())
}

/// Forgets the caller's account at `provider`, unless it is their last way in.
pub(super) async fn unlink(app: &App, caller: SignedIn, provider: Provider) -> Result<(), Refusal> {
    let state = app.clone();
    app.db
        .write(async move |mut tx| {
            caller.recently_confirmed(&mut tx, state.clock.now()).await?;
            people::standing(&mut tx, caller.user).await?;
            let gone = sql!(
                &mut tx,
                execute,
                "delete from linked_accounts where person = $1 and provider = $2",
                caller.user,
                word(provider)
            )?;
            if gone == 0 {
                return Err(Refusal::NotFound);
            }
            ways::are_left(&state, &mut tx, caller.user).await?;
            note(&state, &mut tx, caller, "identity.account_unlinked", provider).await?;
            Ok(())
        })
        .await
}

/// Forgets every account of `person`'s elsewhere; says how many.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<u64, StoreError> {
    sql!(
        tx,
        execute,
        "delete from linked_accounts where person = $1",
        person
    )
}

async fn note(
    app: &App,
    tx: &mut Tx,
    caller: SignedIn,
    action: &str,
    provider: Provider,
) -> Result<(), StoreError> {
    let entry = audit::Entry {
        id: app.clock.uuid(),
        at: app.clock.now(),
        action,
        subject: "user",
        subject_id: Some(caller.user.0),
        detail: json!({ "provider": word(provider) }),
    };
    audit::record(tx, &caller.actor, entry).await
}

//! What people agreed to, and took back: one row each time, never changed; the newest counts. Nobody has agreed to news
//! and offers until they say so.

use momfood_domain::actor::Actor;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::account::{Consent, ConsentKind};
use serde_json::json;
use uuid::Uuid;

use crate::audit;
use crate::clock::Clock;
use crate::store::{StoreError, Tx, sql};

/// What can be agreed to.
const KINDS: [ConsentKind; 3] = [ConsentKind::Terms, ConsentKind::Privacy, ConsentKind::Marketing];

/// Whether somebody who said this may have an account: yes to the terms and to the privacy notice, each thing once, and
/// of nothing but the texts in force.
pub fn suffice(said: &[Consent]) -> bool {
    let of = |kind| said.iter().filter(move |consent| consent.kind == kind);
    let once = KINDS.into_iter().all(|kind| of(kind).count() <= 1);
    let in_force = said
        .iter()
        .all(|consent| consent.version == consent.kind.in_force());
    let agreed = [ConsentKind::Terms, ConsentKind::Privacy]
        .into_iter()
        .all(|kind| of(kind).any(|consent| consent.given));
    once && in_force && agreed
}

const fn word(kind: ConsentKind) -> &'static str {
    match kind {
        ConsentKind::Terms => "terms",
        ConsentKind::Privacy => "privacy",
        ConsentKind::Marketing => "marketing",
    }
}

/// Why a consent is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NoConsent {
    /// Not the text in force.
    #[error("not the text in force")]
    Version,
    /// Who takes back the terms or the privacy notice deletes their account.
    #[error("it goes with the account")]
    Required,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How each consent of `person` stands: the newest of each kind; of the text in force and not given where there is none.
pub async fn of(tx: &mut Tx, person: UserId) -> Result<Vec<Consent>, StoreError> {
    let mut standing = Vec::new();
    for kind in KINDS {
        let newest = newest(tx, person, kind).await?;
        standing.push(newest.unwrap_or(Consent {
            kind,
            version: kind.in_force().to_owned(),
            given: false,
            at: None,
        }));
    }
    Ok(standing)
}

/// Whether `person` wants news and offers: nothing of the kind goes out to anybody else.
pub async fn wants_news(tx: &mut Tx, person: UserId) -> Result<bool, StoreError> {
    let newest = newest(tx, person, ConsentKind::Marketing).await?;
    Ok(newest.is_some_and(|consent| consent.given))
}

async fn newest(tx: &mut Tx, person: UserId, kind: ConsentKind) -> Result<Option<Consent>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (String, bool, Timestamp),
        "select version, given, at from consents where person = $1 and kind = $2 order by at desc, id desc limit 1",
        person,
        word(kind)
    )?;
    Ok(row.map(|(version, given, at)| Consent {
        kind,
        version,
        given,
        at: Some(at),
    }))
}

/// Every consent there was, oldest first.
pub(super) async fn all(
    tx: &mut Tx,
    person: UserId,
) -> Result<Vec<(String, String, bool, Timestamp)>, StoreError> {
    sql!(
        tx,
        fetch_all as (String, String, bool, Timestamp),
        "select kind, version, given, at from consents where person = $1 order by at, id",
        person
    )
}

/// Writes down that `actor` agreed, or no longer does. What stands already is not written again.
pub async fn put(
    tx: &mut Tx,
    actor: &Actor,
    person: UserId,
    consent: &Consent,
    clock: &Clock,
) -> Result<(), NoConsent> {
    let Consent { kind, given, .. } = *consent;
    if consent.version != kind.in_force() {
        return Err(NoConsent::Version);
    }
    if !given && kind != ConsentKind::Marketing {
        return Err(NoConsent::Required);
    }
    let newest = newest(tx, person, kind).await?;
    let stands = newest.map_or(!given, |newest| {
        newest.given == given && newest.version == consent.version
    });
    if stands {
        return Ok(());
    }
    let now = clock.now();
    keep(tx, person, consent, (clock.uuid(), now)).await?;
    let entry = audit::Entry {
        id: clock.uuid(),
        at: now,
        action: if given {
            "consent.given"
        } else {
            "consent.taken_back"
        },
        subject: "user",
        subject_id: Some(person.0),
        detail: json!({ "kind": kind, "version": consent.version }),
    };
    audit::record(tx, actor, entry).await?;
    Ok(())
}

/// Writes down what was said, whatever it is. A registration, which has no earlier word to compare it with, says all of
/// its own at once.
pub(crate) async fn keep(
    tx: &mut Tx,
    person: UserId,
    consent: &Consent,
    (id, now): (Uuid, Timestamp),
) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "insert into consents (id, person, kind, version, given, at) values ($1, $2, $3, $4, $5, $6)",
        id,
        person,
        word(consent.kind),
        &consent.version,
        consent.given,
        now
    )
    .map(drop)
}

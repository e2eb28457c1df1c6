//! Tickets: something begun and to be finished once, within ten minutes, by whoever was handed the ticket. A ticket is
//! the row's id and a code only this server can compute over its kind and id: nothing that opens anything is kept.
//! A ticket of one kind never works as another.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use momfood_domain::id::UserId;
use momfood_domain::time::{MINUTE, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::error::Refusal;
use crate::keys::Keys;
use crate::sealed::{self, Field, Owner};
use crate::store::{StoreError, Tx, sql};

/// How long a ticket works.
pub const TICKET_MINUTES: i64 = 10;
/// Wrong answers a ticket bears; the last one ends it.
pub const TRIES: i64 = 5;

/// What a ticket carries on, sealed under the server's own key.
const STATE: Field = Field::new("challenges", "state");
/// What the code of a ticket is for.
const PURPOSE: &str = "ticket";

const ID: usize = 16;
const CODE: usize = 32;

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Signing in: the first factor was right.
    SecondFactor,
    /// Becoming a customer: an email, a phone or an account elsewhere was shown to be theirs.
    Registration,
    /// Making a passkey.
    PasskeyAdd,
    /// Signing in with a passkey.
    PasskeyEnter,
    /// Off to another provider.
    Oauth,
    /// Back from another provider.
    OauthDone,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::Registration => "registration",
            Self::PasskeyAdd => "passkey_add",
            Self::PasskeyEnter => "passkey_enter",
            Self::Oauth => "oauth",
            Self::OauthDone => "oauth_done",
        }
    }
}

/// What a ticket was handed out for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<S> {
    /// The challenge.
    pub id: Uuid,
    /// Whose it is, if that is known already.
    pub person: Option<UserId>,
    /// What was kept for the end.
    pub state: S,
}

/// Begins something of `kind`; the answer is the ticket and when it ends.
pub async fn begin(
    tx: &mut Tx,
    keys: &Keys,
    kind: Kind,
    person: Option<UserId>,
    state: &(impl Serialize + Sync),
    (id, now): (Uuid, Timestamp),
) -> Result<(String, Timestamp), Refusal> {
    let expires_at = now.plus(TICKET_MINUTES * MINUTE);
    let state = sealed::seal_json(tx, Owner::Server, STATE, id.as_bytes(), state).await?;
    sql!(
        tx,
        execute,
        "insert into challenges (id, kind, person, state, tries, made_at, expires_at) \
         values ($1, $2, $3, $4, 0, $5, $6)",
        id,
        kind.word(),
        person,
        state,
        now,
        expires_at
    )?;
    Ok((ticket(keys, kind, id), expires_at))
}

/// What `ticket` is for, while it works. It goes on working.
pub async fn look<S: DeserializeOwned>(
    tx: &mut Tx,
    keys: &Keys,
    kind: Kind,
    ticket: &str,
    now: Timestamp,
) -> Result<Found<S>, Refusal> {
    let id = read(keys, kind, ticket).ok_or(Refusal::TicketInvalid)?;
    let row = sql!(
        tx,
        fetch_optional as (Option<UserId>, String),
        "select person, state from challenges \
         where id = $1 and kind = $2 and used_at is null and expires_at > $3 and tries < $4 {for_update}",
        id,
        kind.word(),
        now,
        TRIES
    )?;
    let (person, state) = row.ok_or(Refusal::TicketInvalid)?;
    let state = sealed::open(tx, Owner::Server, STATE, id.as_bytes(), &state).await?;
    let state = state
        .json()
        .ok_or_else(|| Refusal::Broken("what a ticket carries".to_owned()))?;
    Ok(Found { id, person, state })
}

/// What `ticket` is for, once: it no longer works.
pub async fn take<S: DeserializeOwned>(
    tx: &mut Tx,
    keys: &Keys,
    kind: Kind,
    ticket: &str,
    now: Timestamp,
) -> Result<Found<S>, Refusal> {
    let found = look(tx, keys, kind, ticket, now).await?;
    finish(tx, found.id, now).await?;
    Ok(found)
}

/// Uses up a ticket that was [looked](look) at in this transaction.
pub async fn finish(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update challenges set used_at = $1 where id = $2",
        now,
        id
    )?;
    Ok(())
}

/// Has a ticket that was [looked](look) at in this transaction carry `state` from now on.
pub async fn keep(tx: &mut Tx, id: Uuid, state: &(impl Serialize + Sync)) -> Result<(), Refusal> {
    let state = sealed::seal_json(tx, Owner::Server, STATE, id.as_bytes(), state).await?;
    sql!(
        tx,
        execute,
        "update challenges set state = $1 where id = $2",
        state,
        id
    )?;
    Ok(())
}

/// Counts one wrong answer; says how many are left. The transaction must be committed for it to count.
pub async fn miss(tx: &mut Tx, id: Uuid) -> Result<i64, StoreError> {
    sql!(
        tx,
        execute,
        "update challenges set tries = tries + 1 where id = $1",
        id
    )?;
    let (tries,) = sql!(
        tx,
        fetch_one as (i64,),
        "select cast(tries as bigint) from challenges where id = $1",
        id
    )?;
    Ok((TRIES - tries).max(0))
}

fn ticket(keys: &Keys, kind: Kind, id: Uuid) -> String {
    let code = keys.mac(PURPOSE, &named(kind, id));
    BASE64_URL_SAFE_NO_PAD.encode([id.as_bytes(), &code[..]].concat())
}

/// The challenge that `ticket` names, if it is one of ours and of `kind`.
fn read(keys: &Keys, kind: Kind, ticket: &str) -> Option<Uuid> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(ticket).ok()?;
    if bytes.len() != ID + CODE {
        return None;
    }
    let (id, sent) = bytes.split_at(ID);
    let id = Uuid::from_slice(id).ok()?;
    keys.vouches(PURPOSE, &named(kind, id), sent).then_some(id)
}

fn named(kind: Kind, id: Uuid) -> Vec<u8> {
    [kind.word().as_bytes(), b"\0", id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_believed_whole_of_its_kind_and_by_its_own_server_only() {
        let ours = Keys::from_seed(&[1; 32]).unwrap();
        let theirs = Keys::from_seed(&[2; 32]).unwrap();
        let id = Uuid::from_u128(7);
        let text = ticket(&ours, Kind::SecondFactor, id);
        assert_eq!(read(&ours, Kind::SecondFactor, &text), Some(id));
        assert_eq!(read(&ours, Kind::Registration, &text), None);
        assert_eq!(read(&theirs, Kind::SecondFactor, &text), None);
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&text).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            let changed = BASE64_URL_SAFE_NO_PAD.encode(&bytes);
            assert_eq!(read(&ours, Kind::SecondFactor, &changed), None);
            bytes[at] ^= 1;
        }
        assert_eq!(read(&ours, Kind::SecondFactor, ""), None);
    }
}

//! Where a person's apps are found by the push services. A token belongs to one sign-in, and a sign-in has one: who signs
//! in on another's device takes its token over, and what ends a sign-in ends its token. Tokens are sealed under the key
//! of their person, and found by what stands for them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::device::PushPlatform;

use uuid::Uuid;

use crate::sealed::{self, Field, Opener};
use crate::store::{StoreError, Tx, sql};

/// Messages go to so many of a person's devices at most, those named last.
const MOST: i64 = 10;

const TOKEN: Field = Field::new("push_token", "sealed");

/// A token, opened.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub platform: Platform,
    /// What stands for it, by which it is kept.
    index: String,
    pub token: String,
    pub session: SessionId,
    pub at: Timestamp,
}

/// A platform, as its column writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Platform(pub PushPlatform);

impl Platform {
    pub const fn name(self) -> &'static str {
        match self.0 {
            PushPlatform::Apns => "apns",
            PushPlatform::Fcm => "fcm",
        }
    }
}

impl TryFrom<String> for Platform {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match name.as_str() {
            "apns" => Ok(Self(PushPlatform::Apns)),
            "fcm" => Ok(Self(PushPlatform::Fcm)),
            _ => Err(name),
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(try_from = "String")]
    platform: Platform,
    token: String,
    sealed: Option<String>,
    session: SessionId,
    at: Timestamp,
}

/// What stands for a token: one app on one device, whoever is signed in there.
async fn index(tx: &mut Tx, platform: Platform, token: &str) -> Result<String, StoreError> {
    let named = format!("{} {token}", platform.name());
    let index = sealed::blind(tx, "push_token.token", &named).await?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(index))
}

/// The token of `session`, from now on this one.
pub(super) async fn keep(
    tx: &mut Tx,
    (person, session): (UserId, SessionId),
    (platform, token): (Platform, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let index = index(tx, platform, token).await?;
    let sealed = sealed::seal(tx, person, TOKEN, index.as_bytes(), token.as_bytes()).await?;
    sql!(
        tx,
        execute,
        "delete from push_token where session = $1 and not (platform = $2 and token = $3)",
        session,
        platform.name(),
        &index
    )?;
    sql!(
        tx,
        execute,
        "insert into push_token (platform, token, sealed, app, person, session, at)
         values ($1, $2, $3, 'customer', $4, $5, $6)
         on conflict (platform, token) do update set sealed = excluded.sealed, app = excluded.app,
            person = excluded.person, session = excluded.session, at = excluded.at",
        platform.name(),
        &index,
        sealed,
        person,
        session,
        now
    )?;
    Ok(())
}

/// Forgets where the app of a sign-in is found.
pub(crate) async fn forget_session(tx: &mut Tx, session: SessionId) -> Result<(), StoreError> {
    sql!(tx, execute, "delete from push_token where session = $1", session)?;
    Ok(())
}

/// Forgets a token of which the service says that it leads nowhere, unless it was named again meanwhile.
pub(super) async fn forget(tx: &mut Tx, gone: &Known) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from push_token where platform = $1 and token = $2 and at = $3",
        gone.platform.name(),
        &gone.index,
        gone.at
    )?;
    Ok(())
}

/// Where `person` is found: only where they are still signed in.
pub(super) async fn of(tx: &mut Tx, person: UserId, now: Timestamp) -> Result<Vec<Known>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as Row,
        "select p.platform, p.token, p.sealed, p.session, p.at from push_token p join sessions s on s.id = p.session
         where p.person = $1 and p.app = 'customer' and s.user_id = $2 and s.ended_at is null and s.expires_at > $3
         order by p.at desc limit $4",
        person,
        person,
        now,
        MOST
    )?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let opener = Opener::of(tx, [person]).await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(sealed) = row.sealed else { continue };
        let opened = opener.open(person, TOKEN, row.token.as_bytes(), &sealed)?;
        known.extend(opened.text().map(|token| Known {
            platform: row.platform,
            index: row.token,
            token,
            session: row.session,
            at: row.at,
        }));
    }
    Ok(known)
}

/// Seals some tokens of a database from before tokens were sealed, of persons from `last` on; where to go on.
pub(crate) async fn adopt_some(tx: &mut Tx, last: Uuid, at_once: i64) -> Result<Option<Uuid>, StoreError> {
    // From a person on, not after them: they may have more than fit into one round. What is sealed is not found again.
    let rows = sql!(
        tx,
        fetch_all as (String, String, UserId),
        "select platform, token, person from push_token where person >= $1 and sealed is null
         order by person limit $2 {for_update}",
        last,
        at_once
    )?;
    let next = rows.last().map(|(_, _, person)| person.0);
    for (platform, token, person) in rows {
        let platform = Platform::try_from(platform).map_err(|name| sqlx::Error::Decode(name.into()))?;
        let index = index(tx, platform, &token).await?;
        let sealed = sealed::seal(tx, person, TOKEN, index.as_bytes(), token.as_bytes()).await?;
        sql!(
            tx,
            execute,
            "update push_token set token = $1, sealed = $2 where platform = $3 and token = $4",
            index,
            sealed,
            platform.name(),
            token
        )?;
    }
    Ok(next)
}

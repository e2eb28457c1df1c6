//! Where a person's apps are found by the push services. A token belongs to one sign-in, and a sign-in has one: who signs
//! in on another's device takes its token over, and what ends a sign-in ends its token.

use momfood_domain::id::{SessionId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::device::PushPlatform;

use crate::store::{StoreError, Tx, sql};

/// Messages go to so many of a person's devices at most, those named last.
const MOST: i64 = 10;

/// A token, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Known {
    #[sqlx(try_from = "String")]
    pub platform: Platform,
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

/// The token of `session`, from now on this one.
pub(super) async fn keep(
    tx: &mut Tx,
    (person, session): (UserId, SessionId),
    (platform, token): (Platform, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from push_token where session = $1 and not (platform = $2 and token = $3)",
        session,
        platform.name(),
        token
    )?;
    sql!(
        tx,
        execute,
        "insert into push_token (platform, token, app, person, session, at) values ($1, $2, 'customer', $3, $4, $5)
         on conflict (platform, token) do update set app = excluded.app, person = excluded.person,
            session = excluded.session, at = excluded.at",
        platform.name(),
        token,
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
        &gone.token,
        gone.at
    )?;
    Ok(())
}

/// Where `person` is found: only where they are still signed in.
pub(super) async fn of(tx: &mut Tx, person: UserId, now: Timestamp) -> Result<Vec<Known>, StoreError> {
    sql!(
        tx,
        fetch_all as Known,
        "select p.platform, p.token, p.session, p.at from push_token p join sessions s on s.id = p.session
         where p.person = $1 and p.app = 'customer' and s.user_id = $2 and s.ended_at is null and s.expires_at > $3
         order by p.at desc limit $4",
        person,
        person,
        now,
        MOST
    )
}

//! Sign-ins: how one begins, is renewed and ends. A session's refresh tokens are generations of one family: the newest
//! renews; the one before it only says the newest again (an answer was lost, or several tabs asked at once); any
//! other has been used by somebody else, and the session ends.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{RestaurantId, SessionId, UserId};
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::entry::{How, Origin};
use super::error::Refusal;
use super::people;
use super::renewal::Renewal;
use crate::audit;
use crate::messages::{self, Text};
use crate::notify;
use crate::store::{StoreError, Tx, sql};

const LONGEST_AGENT: usize = 200;

/// Until when a session begun at `began` lives if it is not renewed after `now`.
fn lives_until(role: Role, began: Timestamp, now: Timestamp) -> Timestamp {
    let lifetime = role.lifetime();
    now.plus(lifetime.idle).min(began.plus(lifetime.longest))
}

/// A live session, as far as its tokens need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Live {
    /// The newest refresh token.
    pub renewal: Renewal,
    /// Whose it is.
    pub user: UserId,
    /// The role it acts in.
    pub role: Role,
    /// The restaurant it acts for.
    pub restaurant: Option<RestaurantId>,
    /// Whether a second factor was shown.
    pub second_factor: bool,
}

impl Live {
    fn actor(&self) -> Actor {
        Actor {
            user: Some(self.user),
            role: self.role,
            restaurant: self.restaurant,
        }
    }
}

/// What a person asks for when signing in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The role to act in; the person's first when absent.
    pub role: Option<Role>,
    /// The restaurant to act for; their first when absent.
    pub restaurant: Option<RestaurantId>,
}

/// As what and for which restaurant `user` would act. Refuses who may not sign in, or not as they wish.
pub(super) async fn place(
    tx: &mut Tx,
    user: UserId,
    wish: Wish,
) -> Result<(Role, Option<RestaurantId>), Refusal> {
    let (active, first) = people::standing(tx, user).await?.ok_or(Refusal::Credentials)?;
    if !active {
        return Err(Refusal::Forbidden);
    }
    let role = wish.role.unwrap_or(first);
    if !people::roles(tx, user).await?.contains(&role) {
        return Err(Refusal::RoleNotHeld);
    }
    let restaurant = match role {
        Role::Restaurant => {
            let place = people::workplace(tx, user, wish.restaurant).await?;
            Some(place.ok_or(Refusal::Forbidden)?)
        }
        _ => None,
    };
    Ok((role, restaurant))
}

/// Begins a session of `user`, who showed who they are. Ids are the session's and the audit row's. Doors go through
/// [`entry`](super::entry), which asks for a second factor where there is one.
pub async fn begin(
    tx: &mut Tx,
    user: UserId,
    wish: Wish,
    how: How,
    origin: &Origin,
    (id, audit_id): (SessionId, Uuid),
    now: Timestamp,
) -> Result<Live, Refusal> {
    let (role, restaurant) = place(tx, user, wish).await?;
    let agent: String = origin.agent.chars().take(LONGEST_AGENT).collect();
    let address = origin
        .address
        .map(|address| address.to_string())
        .unwrap_or_default();
    sql!(
        tx,
        execute,
        "insert into sessions (id, user_id, role, restaurant_id, generation, user_agent, created_at, refreshed_at, \
         expires_at, method, second_factor, address, authenticated_at) \
         values ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $11, $12)",
        id,
        user,
        role,
        restaurant,
        &agent,
        now,
        now,
        lives_until(role, now, now),
        how.method.word(),
        how.second_factor,
        address,
        now
    )?;
    let live = Live {
        renewal: Renewal {
            session: id,
            generation: 1,
        },
        user,
        role,
        restaurant,
        second_factor: how.second_factor,
    };
    note(
        tx,
        &live,
        "identity.signed_in",
        json!({ "method": how.method.word(), "secondFactor": how.second_factor }),
        (audit_id, now),
    )
    .await?;
    Ok(live)
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    user_id: UserId,
    role: Role,
    restaurant_id: Option<RestaurantId>,
    generation: i64,
    second_factor: bool,
    created_at: Timestamp,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl SessionRow {
    fn live(&self, session: SessionId) -> Live {
        Live {
            renewal: Renewal {
                session,
                generation: self.generation,
            },
            user: self.user_id,
            role: self.role,
            restaurant: self.restaurant_id,
            second_factor: self.second_factor,
        }
    }
}

async fn row(tx: &mut Tx, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
    sql!(
        tx,
        fetch_optional as SessionRow,
        "select user_id, role, restaurant_id, generation, second_factor, created_at, expires_at, ended_at from sessions \
         where id = $1 {for_update}",
        id
    )
}

/// What became of an attempt to renew. An ended session is an outcome, not an error: the ending must be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// It goes on.
    Live(Live),
    /// It is over.
    Over,
}

/// Renews the session of `shown`. Ids are the audit row's and the message's, should it have to end: an older token than
/// the last is shown by whoever copied it or by whom it was copied from, and its person is told.
pub async fn renew(
    tx: &mut Tx,
    shown: Renewal,
    (audit_id, message_id): (Uuid, Uuid),
    now: Timestamp,
) -> Result<Renewed, StoreError> {
    let Some(row) = row(tx, shown.session).await? else {
        return Ok(Renewed::Over);
    };
    if row.ended_at.is_some() || row.expires_at <= now {
        return Ok(Renewed::Over);
    }
    let mut live = row.live(shown.session);
    let fault = if !still_allowed(tx, &live).await? {
        Some("no longer allowed")
    } else if shown.generation == row.generation {
        live.renewal.generation += 1;
        sql!(
            tx,
            execute,
            "update sessions set generation = $1, refreshed_at = $2, expires_at = $3 where id = $4",
            live.renewal.generation,
            now,
            lives_until(row.role, row.created_at, now),
            shown.session
        )?;
        None
    } else if shown.generation == row.generation - 1 {
        // Its successor was never shown: whoever asks did not get it, or asks twice at once.
        None
    } else if shown.generation > row.generation {
        // One of ours, from after the moment to which the database was brought back.
        Some("a refresh token from after a restore")
    } else {
        messages::tell(tx, row.user_id, &Text::SessionCopied, (message_id, now)).await?;
        Some("an old refresh token was used")
    };
    match fault {
        None => Ok(Renewed::Live(live)),
        Some(why) => {
            close(tx, shown.session, now).await?;
            note(
                tx,
                &live,
                "identity.session_revoked",
                json!({ "why": why }),
                (audit_id, now),
            )
            .await?;
            Ok(Renewed::Over)
        }
    }
}

/// Ends the session of `shown`, if it lives.
pub async fn end(tx: &mut Tx, shown: Renewal, (audit_id, now): (Uuid, Timestamp)) -> Result<(), StoreError> {
    if let Some(row) = row(tx, shown.session).await?
        && row.ended_at.is_none()
    {
        close(tx, shown.session, now).await?;
        let live = row.live(shown.session);
        note(tx, &live, "identity.signed_out", json!({}), (audit_id, now)).await?;
    }
    Ok(())
}

/// Which of a person's sign-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// That one.
    One(SessionId),
    /// All of them.
    All,
    /// All but that one.
    Others(SessionId),
    /// All but that one that have shown no second factor.
    OthersWithout(SessionId),
    /// Those in a role that was taken.
    In(Role),
    /// Those for a restaurant they no longer work for.
    For(RestaurantId),
}

/// Ends sign-ins of `person`: their refresh tokens at once, their streams with their next event, their access tokens as
/// soon as each server has [learnt](super::Gate::learn) of it. Returns them: tell the gate after the commit, and this
/// server believes none of their tokens from that moment. The caller audits why.
pub async fn end_those(
    tx: &mut Tx,
    person: UserId,
    which: Which,
    now: Timestamp,
) -> Result<Vec<SessionId>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (SessionId, Role, Option<RestaurantId>, bool),
        "select id, role, restaurant_id, second_factor from sessions \
         where user_id = $1 and ended_at is null order by id {for_update}",
        person
    )?;
    let named = |(id, role, place, factor): (SessionId, Role, Option<RestaurantId>, bool)| {
        let is_one = match which {
            Which::One(one) => id == one,
            Which::All => true,
            Which::Others(one) => id != one,
            Which::OthersWithout(one) => id != one && !factor,
            Which::In(taken) => role == taken,
            Which::For(left) => place == Some(left),
        };
        is_one.then_some(id)
    };
    let ended: Vec<SessionId> = rows.into_iter().filter_map(named).collect();
    for id in &ended {
        close(tx, *id, now).await?;
    }
    Ok(ended)
}

/// The person of `session` showed again who they are.
pub(super) async fn confirmed(tx: &mut Tx, session: SessionId, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update sessions set authenticated_at = $1 where id = $2",
        now,
        session
    )?;
    Ok(())
}

/// The person of `session` showed a second factor in it.
pub(super) async fn factor_shown(tx: &mut Tx, session: SessionId, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update sessions set second_factor = true, authenticated_at = $1 where id = $2",
        now,
        session
    )?;
    Ok(())
}

/// The sign-ins that ended after `since`.
pub(super) async fn ended_since(
    tx: &mut Tx,
    since: Timestamp,
) -> Result<Vec<(SessionId, Timestamp)>, StoreError> {
    sql!(
        tx,
        fetch_all as (SessionId, Timestamp),
        "select id, ended_at from sessions where ended_at > $1",
        since
    )
}

async fn still_allowed(tx: &mut Tx, live: &Live) -> Result<bool, StoreError> {
    let active = people::standing(tx, live.user)
        .await?
        .is_some_and(|(active, _)| active);
    let holds = people::roles(tx, live.user).await?.contains(&live.role);
    let works = match live.restaurant {
        Some(place) => people::workplace(tx, live.user, Some(place)).await?.is_some(),
        None => true,
    };
    Ok(active && holds && works)
}

async fn close(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update sessions set ended_at = $1 where id = $2 and ended_at is null",
        now,
        id
    )?;
    notify::forget_session(tx, id).await
}

async fn note(
    tx: &mut Tx,
    live: &Live,
    action: &str,
    detail: Value,
    (id, at): (Uuid, Timestamp),
) -> Result<(), StoreError> {
    let entry = audit::Entry {
        id,
        at,
        action,
        subject: "session",
        subject_id: Some(live.renewal.session.0),
        detail,
    };
    audit::record(tx, &live.actor(), entry).await
}

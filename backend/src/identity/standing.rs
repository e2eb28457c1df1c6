//! How an account stands: suspended or not, which roles it holds, and whether its lost second factor is asked for. Only
//! admins change any of it, and one of them is always left. What an account may no longer do ends at once: the sessions
//! given back are to be ended at the [`Gate`](super::Gate) after the commit.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::elsewhere::linked;
use super::error::Refusal;
use super::session::{self, Which};
use super::{factor, joining, passkeys, people, signed_in, staff, ways};
use crate::audit;
use crate::store::{StoreError, Tx, sql};

/// What an admin does to somebody, and why.
pub struct Deed<'a> {
    /// Who does it.
    pub actor: &'a Actor,
    /// To whom.
    pub user: UserId,
    /// Why: at most 500 characters, as it is kept.
    pub reason: &'a str,
    /// When.
    pub now: Timestamp,
}

impl Deed<'_> {
    async fn note(&self, tx: &mut Tx, id: Uuid, action: &str, mut detail: Value) -> Result<(), StoreError> {
        detail["reason"] = json!(self.reason);
        let entry = audit::Entry {
            id,
            at: self.now,
            action,
            subject: "user",
            subject_id: Some(self.user.0),
            detail,
        };
        audit::record(tx, self.actor, entry).await
    }
}

/// Locks all admins, so that no two of them undo each other at once, and refuses who is none any more.
async fn among_admins(tx: &mut Tx, actor: &Actor) -> Result<Vec<UserId>, Refusal> {
    let rows = sql!(
        tx,
        fetch_all as (UserId,),
        "select r.user_id from user_roles r join users u on u.id = r.user_id \
         where r.role = 'admin' and u.status = 'active' order by r.user_id {for_update}"
    )?;
    // Read again behind the lock: the one waited for may have taken this admin's role.
    if signed_in::may_act(tx, actor).await? {
        Ok(rows.into_iter().map(|(id,)| id).collect())
    } else {
        Err(Refusal::Forbidden)
    }
}

/// The standing of somebody whose account can still be changed.
async fn changeable(tx: &mut Tx, user: UserId) -> Result<String, Refusal> {
    let row = sql!(
        tx,
        fetch_optional as (String,),
        "select status from users where id = $1 {for_update}",
        user
    )?;
    match row {
        Some((status,)) if status != "erased" => Ok(status),
        _ => Err(Refusal::NotFound),
    }
}

/// Closes an account: its person signs in no more, and every session of theirs ends. Nothing when it is closed already.
pub async fn suspend(tx: &mut Tx, deed: &Deed<'_>, note: Uuid) -> Result<Option<Vec<SessionId>>, Refusal> {
    let admins = among_admins(tx, deed.actor).await?;
    if changeable(tx, deed.user).await? == "suspended" {
        return Ok(None);
    }
    if admins == [deed.user] {
        return Err(Refusal::LastAdmin);
    }
    sql!(
        tx,
        execute,
        "update users set status = 'suspended', updated_at = $1 where id = $2",
        deed.now,
        deed.user
    )?;
    let ended = session::end_those(tx, deed.user, Which::All, deed.now).await?;
    deed.note(tx, note, "people.suspended", json!({ "sessions": ended }))
        .await?;
    Ok(Some(ended))
}

/// Opens a closed account again. False when it is open.
pub async fn reinstate(tx: &mut Tx, deed: &Deed<'_>, note: Uuid) -> Result<bool, Refusal> {
    among_admins(tx, deed.actor).await?;
    if changeable(tx, deed.user).await? != "suspended" {
        return Ok(false);
    }
    sql!(
        tx,
        execute,
        "update users set status = 'active', updated_at = $1 where id = $2",
        deed.now,
        deed.user
    )?;
    deed.note(tx, note, "people.reinstated", json!({})).await?;
    Ok(true)
}

/// Gives somebody a role, or takes it; sessions in a role that is taken end. `restaurant` and `driver` come with an
/// approved application or an invitation: here they can be taken, and given back to who has them still.
pub async fn change_role(
    tx: &mut Tx,
    deed: &Deed<'_>,
    (role, held): (Role, bool),
    note: Uuid,
) -> Result<Vec<SessionId>, Refusal> {
    let admins = among_admins(tx, deed.actor).await?;
    changeable(tx, deed.user).await?;
    let roles = people::roles(tx, deed.user).await?;
    if roles.contains(&role) == held {
        return Ok(Vec::new());
    }
    if held {
        let earned = match role {
            Role::Customer | Role::Support | Role::Admin => true,
            Role::Driver => staff::is_known_driver(tx, deed.user).await?,
            Role::Restaurant => people::workplace(tx, deed.user, None).await?.is_some(),
            Role::System => false,
        };
        if !earned {
            return Err(Refusal::Invalid("role"));
        }
        joining::grant(tx, deed.user, role, deed.now).await?;
        deed.note(tx, note, "people.role_given", json!({ "role": role }))
            .await?;
        return Ok(Vec::new());
    }
    if role == Role::Admin && admins == [deed.user] {
        return Err(Refusal::LastAdmin);
    }
    no_longer(tx, deed.user, role, deed.now).await?;
    let ended = session::end_those(tx, deed.user, Which::In(role), deed.now).await?;
    let detail = json!({ "role": role, "sessions": ended });
    deed.note(tx, note, "people.role_taken", detail).await?;
    Ok(ended)
}

/// Ends one session of somebody's. Not found when it is another's, or over.
pub async fn end_session(
    tx: &mut Tx,
    deed: &Deed<'_>,
    session: SessionId,
    note: Uuid,
) -> Result<Vec<SessionId>, Refusal> {
    among_admins(tx, deed.actor).await?;
    let ended = session::end_those(tx, deed.user, Which::One(session), deed.now).await?;
    if ended.is_empty() {
        return Err(Refusal::NotFound);
    }
    deed.note(tx, note, "people.session_ended", json!({ "session": session }))
        .await?;
    Ok(ended)
}

/// Takes the second factor off the account of somebody who lost it, and ends every session of theirs. Passkeys and linked
/// accounts go with it, which a thief may have added, unless there is no password to come in by instead. Nothing when
/// there is none of them. An admin does it for others alone: a borrowed session must not rid itself of what keeps it out.
/// The platform itself needs no admin for it: it is asked by whoever runs the machine.
pub async fn remove_factor(
    tx: &mut Tx,
    deed: &Deed<'_>,
    note: Uuid,
) -> Result<Option<Vec<SessionId>>, Refusal> {
    if deed.actor.role != Role::System {
        among_admins(tx, deed.actor).await?;
        if deed.actor.user == Some(deed.user) {
            return Err(Refusal::Forbidden);
        }
    }
    changeable(tx, deed.user).await?;
    let had = factor::asked_of(tx, deed.user).await?.is_some();
    let (mut passkeys, mut links) = (0, 0);
    if ways::has_password(tx, deed.user).await? {
        passkeys = passkeys::forget(tx, deed.user).await?;
        links = linked::forget(tx, deed.user).await?;
    }
    if !had && passkeys + links == 0 {
        return Ok(None);
    }
    // Before the sessions: one that shows the factor at this moment begins before, and ends, or finds none.
    factor::remove(tx, deed.user).await?;
    let ended = session::end_those(tx, deed.user, Which::All, deed.now).await?;
    let detail = json!({ "sessions": ended, "passkeys": passkeys, "links": links });
    deed.note(tx, note, "people.factor_removed", detail).await?;
    Ok(Some(ended))
}

/// Takes a role. Whoever holds no other is a customer, as everybody may be: an account without a role could not be
/// signed in to.
pub(super) async fn no_longer(
    tx: &mut Tx,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from user_roles where user_id = $1 and role = $2",
        user,
        role
    )?;
    let left = people::roles(tx, user).await?;
    let first = left.first().copied().unwrap_or(Role::Customer);
    if left.is_empty() {
        joining::grant(tx, user, first, now).await?;
    }
    sql!(
        tx,
        execute,
        "update users set role = $1, updated_at = $2 where id = $3 and role = $4",
        first,
        now,
        user,
        role
    )?;
    Ok(())
}

//! How an admin comes to be without another: by a command on the machine, for whoever can read the server's own key
//! anyway. It must never be reachable by a request.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::UserId;
use momfood_protocol::admin::{PeopleQuery, PersonLine};
use serde_json::json;

use crate::audit;
use crate::clock::Clock;
use crate::identity::{self, Refusal};
use crate::store::Tx;

/// Who becomes an admin.
pub struct Appointment {
    /// Sign-in name, as [`identity::email`] gives it.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What their password hashes to, if the account has to be made.
    pub password_hash: String,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appointed {
    /// There is a new account, with that password.
    New(UserId),
    /// The account was there already, and is an admin's now; its password is what it was.
    Known(UserId),
    /// They are one already.
    Already(UserId),
}

/// Makes somebody an admin.
pub async fn appoint(tx: &mut Tx, clock: &Clock, who: &Appointment) -> Result<Appointed, Refusal> {
    let now = clock.now();
    let known = identity::id_of_email(tx, &who.email).await?;
    let appointed = match known {
        Some(id) if identity::roles(tx, id).await?.contains(&Role::Admin) => {
            return Ok(Appointed::Already(id));
        }
        Some(id) => {
            identity::grant(tx, id, Role::Admin, now).await?;
            Appointed::Known(id)
        }
        None => {
            let id = clock.id();
            identity::appoint(tx, id, (&who.email, &who.name), &who.password_hash, now).await?;
            Appointed::New(id)
        }
    };
    let (Appointed::New(id) | Appointed::Known(id) | Appointed::Already(id)) = appointed;
    let entry = audit::Entry {
        id: clock.uuid(),
        at: now,
        action: "people.admin_appointed",
        subject: "user",
        subject_id: Some(id.0),
        detail: json!({ "new": matches!(appointed, Appointed::New(_)) }),
    };
    audit::record(tx, &Actor::SYSTEM, entry).await?;
    Ok(appointed)
}

/// All admins, newest first, each with whether they have an authenticator app.
pub async fn admins(tx: &mut Tx) -> Result<Vec<(PersonLine, bool)>, Refusal> {
    let mut query = PeopleQuery {
        role: Some(Role::Admin),
        ..PeopleQuery::default()
    };
    let mut all = Vec::new();
    loop {
        let (people, next) = identity::find(tx, &identity::By::All, &query).await?;
        for person in people {
            let account = identity::account(tx, person.id).await?;
            all.push((person, account.is_some_and(|account| account.totp)));
        }
        match next {
            Some(next) => query.after = Some(next),
            None => return Ok(all),
        }
    }
}

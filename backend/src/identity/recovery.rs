//! What a code that was right changes about an account: a new password, or an email or a phone that is now known to be
//! theirs. The second factor is never touched.

use momfood_domain::id::{SessionId, UserId};
use serde_json::json;
use uuid::Uuid;

use super::codes::{self, Purpose};
use super::error::Refusal;
use super::factor::{self, Outcome};
use super::session::{self, Which};
use super::{people, phones, policy};
use crate::app::App;
use crate::messages::{self, Target, Text};
use crate::store::{StoreError, Tx, sql};

/// Gives the account that `code` of `challenge` recovers this password and ends its sessions, which are returned: tell
/// the gate after the commit. A weak password leaves the code working.
pub(super) async fn recover(
    app: &App,
    tx: &mut Tx,
    (challenge, code): (Uuid, &str),
    (password, hash): (&str, &str),
) -> Result<Outcome<Vec<SessionId>>, Refusal> {
    let now = app.clock.now();
    let shown = codes::verify(tx, &app.keys, &[Purpose::Recover], None, (challenge, code), now).await?;
    let proof = match shown {
        Outcome::Done(proof) => proof,
        Outcome::Refused(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    let Some(person) = proof.person else {
        return Err(Refusal::Broken("a code of recovery without a person".to_owned()));
    };
    let (active, role) = people::standing(tx, person).await?.ok_or(Refusal::Forbidden)?;
    if !active {
        return Err(Refusal::Forbidden);
    }
    let me = people::me(tx, person, role, None).await?;
    // Whoever gave the email or the phone away meanwhile cannot be taken over by who has it now.
    let is_theirs = match &proof.target {
        Target::Email(email) => me.email.as_ref() == Some(email),
        Target::Phone(phone) => phones::holder(tx, phone).await? == Some(person),
    };
    if !is_theirs {
        return Ok(Outcome::Refused(Refusal::CodeInvalid { tries_left: None }));
    }
    let email = me.email.as_deref().unwrap_or_default();
    policy::check(password, &[email, &me.first_name, &me.last_name])?;
    sql!(
        tx,
        execute,
        "update users set password_hash = $1, updated_at = $2 where id = $3",
        hash,
        now,
        person
    )?;
    if let Target::Email(_) = proof.target {
        sql!(
            tx,
            execute,
            "update users set email_verified = true where id = $1",
            person
        )?;
    }
    let ended = session::end_those(tx, person, Which::All, now).await?;
    let detail = json!({ "channel": proof.target.channel(), "ended": ended.len() });
    factor::record(app, tx, person, "identity.password_recovered", detail).await?;
    messages::tell(tx, person, &Text::PasswordChanged, (app.clock.uuid(), now)).await?;
    Ok(Outcome::Done(ended))
}

/// Makes `target` `person`'s, who showed that it is theirs, in the place of the one they had.
pub(super) async fn own(app: &App, tx: &mut Tx, person: UserId, target: &Target) -> Result<(), Refusal> {
    let now = app.clock.now();
    let before = people::contacts(tx, person).await?.ok_or(Refusal::NotFound)?;
    match target {
        Target::Email(email) => {
            let holder = people::by_email(tx, email).await?;
            if holder.is_some_and(|(holder, _)| holder != person) {
                return Err(Refusal::EmailTaken);
            }
            let changed = sql!(
                tx,
                execute,
                "update users set email = $1, email_verified = true, updated_at = $2 where id = $3",
                email,
                now,
                person
            );
            match changed {
                Err(StoreError::Duplicate(_)) => return Err(Refusal::EmailTaken),
                changed => changed?,
            };
        }
        Target::Phone(phone) => phones::verified(tx, person, phone, now).await?,
    }
    let detail = json!({ "channel": target.channel() });
    factor::record(app, tx, person, "identity.contact_verified", detail).await?;
    // Whoever could be written to before hears of it there: it may not have been them.
    let told = before.verified().filter(|told| told != target);
    if let Some(told) = told {
        let made = (app.clock.uuid(), now);
        messages::queue(tx, &told, &Text::ContactChanged, before.language, made).await?;
    }
    Ok(())
}

//! `momfood admin …`, for who runs the machine. A password is printed once, when it was made up here, and goes nowhere
//! else.

use std::io::Write;

use anyhow::{Context as _, bail};
use momfood_domain::actor::Actor;

use super::appoint::{Appointed, Appointment, admins, appoint};
use super::people;
use crate::clock::Clock;
use crate::identity::{self, Deed, Refusal};
use crate::store::Db;

/// Characters of a password that is made up, of 32 that are not taken for one another: 120 bits.
const LENGTH: usize = 24;
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Fewest characters of a password somebody chose for an admin.
const SHORTEST: usize = 12;

/// Makes `(email, name)` an admin and says so. Without a password one is made up.
pub async fn create(
    db: &Db,
    clock: &Clock,
    (email, name): (&str, &str),
    password: Option<String>,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let email = identity::email(email).context("that is no email")?;
    let made_up = password.is_none();
    let password = password.unwrap_or_else(|| {
        let chosen = clock
            .bytes::<LENGTH>()
            .map(|byte| LETTERS[usize::from(byte % 32)]);
        chosen.iter().map(|letter| char::from(*letter)).collect()
    });
    if !(SHORTEST..=identity::LONGEST_PASSWORD).contains(&password.chars().count()) {
        bail!("an admin's password has at least {SHORTEST} characters");
    }
    let who = Appointment {
        password_hash: identity::hash_now(&password, &clock.bytes())?,
        email,
        name: name.to_owned(),
    };
    let (tell, at) = (who.email.clone(), clock.clone());
    let appointed = db
        .write(async move |mut tx| appoint(&mut tx, &at, &who).await)
        .await?;
    match appointed {
        Appointed::New(_) if made_up => {
            writeln!(
                out,
                "{tell} is an admin. Their password, shown this once: {password}"
            )?;
        }
        Appointed::New(_) => writeln!(out, "{tell} is an admin, with the password you gave")?,
        Appointed::Known(_) => writeln!(
            out,
            "{tell} had an account, and is an admin now; the password is theirs"
        )?,
        Appointed::Already(_) => writeln!(out, "{tell} is an admin already; nothing changed")?,
    }
    Ok(())
}

/// Takes second factor, passkeys and linked accounts off the account with `email`, whose person lost them, and says so: for when no admin can do it.
/// Fails where there is no such account.
pub async fn remove_factor(
    db: &Db,
    clock: &Clock,
    email: &str,
    out: &mut (dyn Write + Send),
) -> anyhow::Result<()> {
    let email = identity::email(email).context("that is no email")?;
    let (whom, clock) = (email.clone(), clock.clone());
    let ended = db
        .write(async move |mut tx| {
            let found = identity::id_of_email(&mut tx, &whom).await?;
            let deed = Deed {
                actor: &Actor::SYSTEM,
                user: found.ok_or(Refusal::NotFound)?,
                reason: "by whoever runs the machine",
                now: clock.now(),
            };
            people::remove_factor(&mut tx, &clock, &deed).await
        })
        .await;
    match ended {
        Ok(Some(ended)) => writeln!(
            out,
            "{email} signs in with the password alone; sessions ended: {}",
            ended.len()
        )?,
        Ok(None) => writeln!(
            out,
            "{email} has no second factor and no passkey; nothing changed"
        )?,
        Err(Refusal::NotFound) => bail!("nobody has that email"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Says who is an admin.
pub async fn list(db: &Db, out: &mut (dyn Write + Send)) -> anyhow::Result<()> {
    let found = admins(&mut db.read().await?).await?;
    if found.is_empty() {
        writeln!(out, "nobody: `momfood admin create --email …`")?;
    }
    for (person, totp) in found {
        let standing = serde_json::to_value(person.standing)?;
        let factor = if totp { "second factor" } else { "no second factor" };
        writeln!(
            out,
            "{}  {}  {factor}  {}",
            person.email.as_deref().unwrap_or("-"),
            standing.as_str().unwrap_or("-"),
            person.first_name
        )?;
    }
    Ok(())
}

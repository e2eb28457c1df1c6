//! How an account comes to be: a customer registers, or the platform takes somebody on. Emails, names and passwords
//! are checked here and nowhere else.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::UserId;
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::account::Consent;
use momfood_protocol::rest::Register;
use serde_json::json;
use sqlx::types::Json;

use super::error::Refusal;
use super::people::{Vehicle, by_email};
use super::registration::Proven;
use super::staff;
use super::{elsewhere, phones, policy};
use crate::audit;
use crate::clock::Clock;
use crate::privacy::consents;
use crate::store::{StoreError, Tx, sql};

/// Most characters of a name.
const LONGEST_NAME: usize = 60;

/// An email as it is kept and compared: trimmed and in lower case. `None` when it cannot be one.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = text.len() <= 254 && text.bytes().all(|b| b.is_ascii_graphic());
    let local_fits =
        (1..=64).contains(&local.len()) && !local.contains(['@', '"', '(', ')', ',', ':', ';', '<', '>']);
    let domain_fits = domain.contains('.')
        && domain
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    (plain && local_fits && domain_fits).then_some(text)
}

/// A new customer, as far as they said it themselves, checked.
pub struct Newcomer {
    first_name: String,
    last_name: String,
    language: Lang,
    consents: Vec<Consent>,
    /// Of what was shown to be theirs.
    pub ticket: String,
    /// What they chose, if they did.
    pub password: Option<String>,
}

impl Newcomer {
    /// Checks what was sent.
    pub fn check(sent: Register) -> Result<Self, Refusal> {
        let newcomer = Self {
            first_name: name(&sent.first_name, 1).ok_or(Refusal::Invalid("firstName"))?,
            last_name: name(&sent.last_name, 0).ok_or(Refusal::Invalid("lastName"))?,
            language: sent.language,
            consents: sent.consents,
            ticket: sent.ticket,
            password: sent.password,
        };
        if !consents::suffice(&newcomer.consents) {
            return Err(Refusal::Invalid("consents"));
        }
        newcomer.check_password(None)?;
        Ok(newcomer)
    }

    /// Whether the password may be theirs, whose email this is.
    pub fn check_password(&self, email: Option<&str>) -> Result<(), Refusal> {
        let own = [email.unwrap_or_default(), &self.first_name, &self.last_name];
        match &self.password {
            Some(password) => policy::check(password, &own),
            None => Ok(()),
        }
    }
}

/// A name as it is kept: trimmed, of `fewest` to 60 characters, without line breaks.
pub(super) fn name(text: &str, fewest: usize) -> Option<String> {
    let text = text.trim();
    let fits = (fewest..=LONGEST_NAME).contains(&text.chars().count()) && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

/// Makes the account of a new customer, to whom what is `proven` belongs.
pub async fn register(
    tx: &mut Tx,
    id: UserId,
    (newcomer, proven): (&Newcomer, &Proven),
    password_hash: Option<&str>,
    clock: &Clock,
) -> Result<(), Refusal> {
    let now = clock.now();
    if proven.phone.is_none() && proven.account.is_none() && password_hash.is_none() {
        return Err(Refusal::Invalid("password"));
    }
    newcomer.check_password(proven.email.as_deref())?;
    let made = sql!(
        tx,
        execute,
        "insert into users (id, email, password_hash, role, status, email_verified, phone_verified, created_at, \
         updated_at) values ($1, $2, $3, 'customer', 'active', $4, false, $5, $6) on conflict do nothing",
        id,
        &proven.email,
        password_hash,
        proven.email.is_some(),
        now,
        now
    )?;
    if made == 0 {
        return Err(Refusal::EmailTaken);
    }
    if let Some(phone) = &proven.phone {
        let phone = Phone::parse(phone).map_err(|_| Refusal::Broken("a phone that is none".to_owned()))?;
        phones::verified(tx, id, &phone, now).await?;
    }
    if let Some(account) = &proven.account {
        elsewhere::linked::keep(tx, id, account, now).await?;
    }
    grant(tx, id, Role::Customer, now).await?;
    sql!(
        tx,
        execute,
        "insert into customer_profiles (user_id, first_name, last_name, dietary_preferences, allergies, \
         preferred_language) values ($1, $2, $3, $4, $5, $6)",
        id,
        &newcomer.first_name,
        &newcomer.last_name,
        Json(json!([])),
        Json(json!([])),
        newcomer.language
    )?;
    for consent in &newcomer.consents {
        consents::keep(tx, id, consent, (clock.uuid(), now)).await?;
    }
    let entry = audit::Entry {
        id: clock.uuid(),
        at: now,
        action: "identity.registered",
        subject: "user",
        subject_id: Some(id.0),
        detail: json!({}),
    };
    audit::record(tx, &Actor::person(id, Role::Customer), entry).await?;
    Ok(())
}

/// Gives a person a role; one already held stays as it is.
pub async fn grant(tx: &mut Tx, id: UserId, role: Role, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "insert into user_roles (user_id, role, granted_at) values ($1, $2, $3) on conflict do nothing",
        id,
        role,
        now
    )?;
    Ok(())
}

/// Somebody the platform itself takes on: staff, drivers, the people of a demo.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Their id.
    pub id: UserId,
    /// Sign-in name, as [`email`] gives it.
    pub email: String,
    /// Mobile.
    pub phone: Phone,
    /// What their password hashes to.
    pub password_hash: String,
    /// First name.
    pub first_name: LocalizedText,
    /// Family name.
    pub last_name: LocalizedText,
    /// Preferred language.
    pub language: Lang,
    /// Their first role.
    pub role: Role,
    /// Of a driver: what they drive and where their day begins.
    pub driver: Option<(Vehicle, GeoPoint)>,
}

/// Makes an account, whatever its role. One that is there already stays exactly as it is.
pub async fn enroll(tx: &mut Tx, person: &Enrolment, now: Timestamp) -> Result<(), Refusal> {
    let kept = phones::kept(tx, person.id, &person.phone).await?;
    let made = sql!(
        tx,
        execute,
        "insert into users (id, email, phone, phone_index, password_hash, role, status, email_verified, \
         phone_verified, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, 'active', true, true, $7, $8) \
         on conflict do nothing",
        person.id,
        &person.email,
        kept.phone,
        kept.index,
        &person.password_hash,
        person.role,
        now,
        now
    )?;
    if made == 0 {
        return match by_email(tx, &person.email).await? {
            Some((id, _)) if id == person.id => Ok(()),
            Some(_) => Err(Refusal::EmailTaken),
            None => Err(Refusal::PhoneTaken),
        };
    }
    grant(tx, person.id, person.role, now).await?;
    sql!(
        tx,
        execute,
        "insert into customer_profiles (user_id, first_name, last_name, first_name_ar, last_name_ar, \
         dietary_preferences, allergies, preferred_language) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        person.id,
        person.first_name.get(Lang::En),
        person.last_name.get(Lang::En),
        person.first_name.get(Lang::Ar),
        person.last_name.get(Lang::Ar),
        Json(json!([])),
        Json(json!([])),
        person.language
    )?;
    if let Some((vehicle, home)) = &person.driver {
        staff::make_driver(tx, person.id, vehicle, *home, now).await?;
    }
    Ok(())
}

/// Makes the account of somebody who runs the platform, named by whoever has the machine: `(email, name)`.
pub async fn appoint(
    tx: &mut Tx,
    id: UserId,
    (email, called): (&str, &str),
    password_hash: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let called = name(called, 1).ok_or(Refusal::Invalid("name"))?;
    let made = sql!(
        tx,
        execute,
        "insert into users (id, email, password_hash, role, status, email_verified, phone_verified, created_at, \
         updated_at) values ($1, $2, $3, 'admin', 'active', true, false, $4, $5) on conflict do nothing",
        id,
        email,
        password_hash,
        now,
        now
    )?;
    if made == 0 {
        return Err(Refusal::EmailTaken);
    }
    grant(tx, id, Role::Admin, now).await?;
    sql!(
        tx,
        execute,
        "insert into customer_profiles (user_id, first_name, last_name, dietary_preferences, allergies, \
         preferred_language) values ($1, $2, '', $3, $4, $5)",
        id,
        called,
        Json(json!([])),
        Json(json!([])),
        Lang::default()
    )?;
    Ok(())
}

/// How many of `ids` have an account.
pub async fn how_many(tx: &mut Tx, ids: &[UserId]) -> Result<i64, StoreError> {
    let (count,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from users where id in {uuids($1)}",
        Json(ids)
    )?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_compared_without_case_and_blanks() {
        assert_eq!(email("  Sara@Example.COM ").as_deref(), Some("sara@example.com"));
        assert_eq!(
            email("s.a+food@mail.example.sa").as_deref(),
            Some("s.a+food@mail.example.sa")
        );
        for wrong in [
            "",
            "sara",
            "sara@",
            "@example.com",
            "sara@example",
            "sa ra@example.com",
            "a@b@c.com",
            "sara@.com",
            "sara@exa_mple.com",
            "سارة@example.com",
            "<script>@example.com",
            "sara@example..com",
        ] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
        assert_eq!(email(&format!("{}@example.com", "a".repeat(65))), None);
    }

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(name("  سارة ", 1).as_deref(), Some("سارة"));
        assert_eq!(name("   ", 1), None);
        assert_eq!(name("", 0).as_deref(), Some(""));
        assert_eq!(name("a\nb", 1), None);
        assert_eq!(name(&"a".repeat(61), 1), None);
    }
}

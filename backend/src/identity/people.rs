//! People: registering, who they are, what they may be, how to reach them. The only place that reads and writes
//! `users`, `user_roles` and the profiles.

use std::collections::HashMap;

use momfood_domain::actor::{Actor, Role};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::{Me, Register, UpdateMe};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::error::Refusal;
use super::password::{LONGEST, SHORTEST};
use crate::audit;
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

/// A new customer, checked.
pub struct Newcomer {
    email: String,
    first_name: String,
    last_name: String,
    phone: Option<Phone>,
    language: Lang,
}

impl Newcomer {
    /// Checks what was sent; the password beside it too.
    pub fn check(sent: Register) -> Result<(Self, String), Refusal> {
        let email = email(&sent.email).ok_or(Refusal::Invalid("email"))?;
        if !(SHORTEST..=LONGEST).contains(&sent.password.chars().count()) {
            return Err(Refusal::Invalid("password"));
        }
        let newcomer = Self {
            email,
            first_name: name(&sent.first_name, 1).ok_or(Refusal::Invalid("firstName"))?,
            last_name: name(&sent.last_name, 0).ok_or(Refusal::Invalid("lastName"))?,
            phone: sent.phone,
            language: sent.language,
        };
        Ok((newcomer, sent.password))
    }
}

fn name(text: &str, fewest: usize) -> Option<String> {
    let text = text.trim();
    let fits = (fewest..=LONGEST_NAME).contains(&text.chars().count()) && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

/// Makes the account of a new customer.
pub async fn register(
    tx: &mut Tx,
    id: UserId,
    newcomer: &Newcomer,
    password_hash: &str,
    (audit_id, now): (Uuid, Timestamp),
) -> Result<(), Refusal> {
    let phone = newcomer.phone.as_ref().map(Phone::as_str);
    let made = sql!(
        tx,
        execute,
        "insert into users (id, email, phone, password_hash, role, status, email_verified, phone_verified, \
         created_at, updated_at) values ($1, $2, $3, $4, 'customer', 'active', false, false, $5, $6) \
         on conflict do nothing",
        id,
        &newcomer.email,
        phone,
        password_hash,
        now,
        now
    )?;
    if made == 0 {
        return Err(if by_email(tx, &newcomer.email).await?.is_some() {
            Refusal::EmailTaken
        } else {
            Refusal::PhoneTaken
        });
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
    let entry = audit::Entry {
        id: audit_id,
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

/// Who has that email, and what their password is compared with.
pub(super) async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<(UserId, String)>, StoreError> {
    sql!(
        tx,
        fetch_optional as (UserId, String),
        "select id, password_hash from users where email = $1",
        email
    )
}

/// Whether the person may sign in at all, and the first role given to them.
pub(super) async fn standing(tx: &mut Tx, id: UserId) -> Result<Option<(bool, Role)>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (String, Role),
        "select status, role from users where id = $1 {for_update}",
        id
    )?;
    Ok(row.map(|(status, role)| (status == "active", role)))
}

/// The roles held, first given first.
pub async fn roles(tx: &mut Tx, id: UserId) -> Result<Vec<Role>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (Role,),
        "select role from user_roles where user_id = $1 order by granted_at, role",
        id
    )?;
    Ok(rows.into_iter().map(|(role,)| role).collect())
}

/// The restaurant a person works for: the one asked about, or else their own before others'.
pub(super) async fn workplace(
    tx: &mut Tx,
    id: UserId,
    asked: Option<RestaurantId>,
) -> Result<Option<RestaurantId>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (RestaurantId,),
        "select restaurant_id from restaurant_staff where user_id = $1 order by is_owner desc, restaurant_id",
        id
    )?;
    let mut places = rows.into_iter().map(|(place,)| place);
    Ok(match asked {
        Some(asked) => places.find(|place| *place == asked),
        None => places.next(),
    })
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    email: String,
    phone: Option<String>,
    first_name: String,
    last_name: String,
    first_name_ar: Option<String>,
    last_name_ar: Option<String>,
    preferred_language: Lang,
}

impl PersonRow {
    /// The name in the person's own language, when it is known in it.
    fn names(self) -> (String, String) {
        match (self.preferred_language, self.first_name_ar) {
            (Lang::Ar, Some(first)) => (first, self.last_name_ar.unwrap_or(self.last_name)),
            _ => (self.first_name, self.last_name),
        }
    }
}

async fn row(tx: &mut Tx, id: UserId) -> Result<Option<PersonRow>, StoreError> {
    sql!(
        tx,
        fetch_optional as PersonRow,
        "select u.email, u.phone, p.first_name, p.last_name, p.first_name_ar, p.last_name_ar, \
         p.preferred_language from users u join customer_profiles p on p.user_id = u.id where u.id = $1",
        id
    )
}

/// A person as they see themselves, acting as `role` for `restaurant_id`.
pub async fn me(
    tx: &mut Tx,
    id: UserId,
    role: Role,
    restaurant_id: Option<RestaurantId>,
) -> Result<Me, Refusal> {
    let row = row(tx, id).await?.ok_or(Refusal::NotFound)?;
    let roles = roles(tx, id).await?;
    let (email, phone, language) = (row.email.clone(), row.phone.clone(), row.preferred_language);
    let (first_name, last_name) = row.names();
    Ok(Me {
        id,
        email,
        phone,
        first_name,
        last_name,
        language,
        roles,
        role,
        restaurant_id,
    })
}

/// Changes what `change` names of a person.
pub async fn update(tx: &mut Tx, id: UserId, change: &UpdateMe, now: Timestamp) -> Result<(), Refusal> {
    if let Some(first) = &change.first_name {
        let first = name(first, 1).ok_or(Refusal::Invalid("firstName"))?;
        sql!(
            tx,
            execute,
            "update customer_profiles set first_name = $1, first_name_ar = null where user_id = $2",
            first,
            id
        )?;
    }
    if let Some(last) = &change.last_name {
        let last = name(last, 0).ok_or(Refusal::Invalid("lastName"))?;
        sql!(
            tx,
            execute,
            "update customer_profiles set last_name = $1, last_name_ar = null where user_id = $2",
            last,
            id
        )?;
    }
    if let Some(language) = change.language {
        sql!(
            tx,
            execute,
            "update customer_profiles set preferred_language = $1 where user_id = $2",
            language,
            id
        )?;
    }
    if let Some(phone) = &change.phone {
        let outcome = sql!(
            tx,
            execute,
            "update users set phone = $1, phone_verified = false, updated_at = $2 \
             where id = $3 and (phone is null or phone <> $4)",
            phone.as_str(),
            now,
            id,
            phone.as_str()
        );
        match outcome {
            Err(StoreError::Duplicate(_)) => return Err(Refusal::PhoneTaken),
            outcome => outcome?,
        };
    }
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
    let made = sql!(
        tx,
        execute,
        "insert into users (id, email, phone, password_hash, role, status, email_verified, phone_verified, \
         created_at, updated_at) values ($1, $2, $3, $4, $5, 'active', true, true, $6, $7) on conflict do nothing",
        person.id,
        &person.email,
        person.phone.as_str(),
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
        sql!(
            tx,
            execute,
            "insert into driver_profiles (user_id, vehicle, home_lat, home_lng) values ($1, $2, $3, $4)",
            person.id,
            Json(vehicle),
            home.lat,
            home.lng
        )?;
    }
    Ok(())
}

/// Puts a person on a restaurant's staff.
pub async fn employ(
    tx: &mut Tx,
    user: UserId,
    restaurant: RestaurantId,
    is_owner: bool,
) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "insert into restaurant_staff (restaurant_id, user_id, is_owner) values ($1, $2, $3) on conflict do nothing",
        restaurant,
        user,
        is_owner
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

/// A person as the others of an order may need to name and reach them.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// First name, in their own language when it is known in it.
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
    /// Mobile, E.164.
    pub phone: Option<String>,
    /// Of a driver, what to look out for: "White motorbike, ABC 1234".
    pub vehicle: Option<LocalizedText>,
}

#[derive(sqlx::FromRow)]
struct OtherRow {
    id: UserId,
    #[sqlx(flatten)]
    person: PersonRow,
    vehicle: Option<Json<Vehicle>>,
}

/// Those of `ids` who exist.
pub async fn people(tx: &mut Tx, ids: &[UserId]) -> Result<HashMap<UserId, Person>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as OtherRow,
        "select u.id, u.email, u.phone, p.first_name, p.last_name, p.first_name_ar, p.last_name_ar, \
         p.preferred_language, d.vehicle from users u join customer_profiles p on p.user_id = u.id \
         left join driver_profiles d on d.user_id = u.id where u.id in {uuids($1)}",
        Json(ids)
    )?;
    let person = |row: OtherRow| {
        let phone = row.person.phone.clone();
        let (first_name, last_name) = row.person.names();
        let vehicle = row.vehicle.map(|Json(vehicle)| vehicle.describe());
        let id = row.id;
        (
            id,
            Person {
                id,
                first_name,
                last_name,
                phone,
                vehicle,
            },
        )
    };
    Ok(rows.into_iter().map(person).collect())
}

/// What a driver drives. `driver_profiles.vehicle` holds its JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vehicle {
    /// `motorbike` or `car`.
    pub kind: LocalizedText,
    /// The plate's letters and digits.
    pub plate: LocalizedText,
    /// Its colour.
    pub color: LocalizedText,
}

impl Vehicle {
    /// What to look out for: "White motorbike, ABC 1234".
    pub fn describe(&self) -> LocalizedText {
        let (kind, plate, color) = (&self.kind, &self.plate, &self.color);
        LocalizedText::both(
            format!(
                "{} · {} · {}",
                kind.get(Lang::Ar),
                color.get(Lang::Ar),
                plate.get(Lang::Ar)
            ),
            format!(
                "{} {}, {}",
                color.get(Lang::En),
                kind.get(Lang::En),
                plate.get(Lang::En)
            ),
        )
    }
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

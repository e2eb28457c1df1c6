//! People: who they are, what they may be, how to name and reach them.

use std::collections::HashMap;

use momfood_domain::actor::Role;
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::phone::Phone;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::{Me, UpdateMe};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::error::Refusal;
use super::joining::name;
use super::phones::{self, PHONE};
use crate::messages::Target;
use crate::sealed::Opener;
use crate::store::{StoreError, Tx, sql};

/// Who has that email, and what their password is compared with, if they have one.
pub(super) async fn by_email(
    tx: &mut Tx,
    email: &str,
) -> Result<Option<(UserId, Option<String>)>, StoreError> {
    sql!(
        tx,
        fetch_optional as (UserId, Option<String>),
        "select id, password_hash from users where email = $1",
        email
    )
}

/// Who has that email.
pub async fn id_of_email(tx: &mut Tx, email: &str) -> Result<Option<UserId>, StoreError> {
    Ok(by_email(tx, email).await?.map(|(id, _)| id))
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

/// The restaurants a person works for, and whether they own each.
pub async fn workplaces(tx: &mut Tx, id: UserId) -> Result<Vec<(RestaurantId, bool)>, StoreError> {
    sql!(
        tx,
        fetch_all as (RestaurantId, bool),
        "select restaurant_id, is_owner from restaurant_staff where user_id = $1 order by is_owner desc, restaurant_id",
        id
    )
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
    email: Option<String>,
    phone: Option<String>,
    wrapped: Option<Vec<u8>>,
    master: Option<String>,
    first_name: String,
    last_name: String,
    first_name_ar: Option<String>,
    last_name_ar: Option<String>,
    preferred_language: Lang,
}

impl PersonRow {
    /// The phone of `id`, whose row this is; nothing of somebody erased.
    fn phone(&mut self, id: UserId, opener: &mut Opener) -> Result<Option<String>, StoreError> {
        let Some(phone) = self.phone.take() else {
            return Ok(None);
        };
        opener.add(id, (self.wrapped.take(), self.master.take()))?;
        Ok(opener.open(id, PHONE, id.0.as_bytes(), &phone)?.text())
    }

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
        "select u.email, u.phone, k.wrapped, k.master, p.first_name, p.last_name, p.first_name_ar, p.last_name_ar, \
         p.preferred_language from users u join customer_profiles p on p.user_id = u.id \
         left join person_keys k on k.person = u.id where u.id = $1",
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
    let mut row = row(tx, id).await?.ok_or(Refusal::NotFound)?;
    let roles = roles(tx, id).await?;
    let phone = row.phone(id, &mut Opener::empty(tx)?)?;
    let (email, language) = (row.email.clone(), row.preferred_language);
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
        phones::said(tx, id, phone, now).await?;
    }
    Ok(())
}

/// How a person can be written to.
#[derive(Clone, PartialEq, Eq)]
pub struct Contacts {
    /// Sign-in name.
    pub email: Option<String>,
    /// Whether it was shown to be theirs.
    pub email_verified: bool,
    /// Mobile.
    pub phone: Option<Phone>,
    /// Whether it was shown to be theirs.
    pub phone_verified: bool,
    /// In which language.
    pub language: Lang,
}

impl Contacts {
    /// Where they are sure to be: their verified email, or else their verified phone.
    pub fn verified(&self) -> Option<Target> {
        let email = self.email.clone().filter(|_| self.email_verified);
        let phone = self.phone.clone().filter(|_| self.phone_verified);
        email.map(Target::Email).or(phone.map(Target::Phone))
    }
}

/// How `id` can be written to.
pub async fn contacts(tx: &mut Tx, id: UserId) -> Result<Option<Contacts>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (Option<String>, bool, bool, Lang),
        "select u.email, u.email_verified, u.phone_verified, p.preferred_language \
         from users u join customer_profiles p on p.user_id = u.id where u.id = $1",
        id
    )?;
    let Some((email, email_verified, phone_verified, language)) = row else {
        return Ok(None);
    };
    Ok(Some(Contacts {
        email,
        email_verified,
        phone: phones::of(tx, id).await?,
        phone_verified,
        language,
    }))
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
        "select u.id, u.email, u.phone, k.wrapped, k.master, p.first_name, p.last_name, p.first_name_ar, p.last_name_ar, \
         p.preferred_language, d.vehicle from users u join customer_profiles p on p.user_id = u.id \
         left join driver_profiles d on d.user_id = u.id left join person_keys k on k.person = u.id \
         where u.id in {uuids($1)}",
        Json(ids)
    )?;
    let mut opener = Opener::empty(tx)?;
    let person = |mut row: OtherRow| {
        let phone = row.person.phone(row.id, &mut opener)?;
        let (first_name, last_name) = row.person.names();
        let vehicle = row.vehicle.map(|Json(vehicle)| vehicle.describe());
        let id = row.id;
        let person = Person {
            id,
            first_name,
            last_name,
            phone,
            vehicle,
        };
        Ok((id, person))
    };
    rows.into_iter().map(person).collect()
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

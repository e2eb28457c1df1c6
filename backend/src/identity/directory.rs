//! People as those who run the platform see them: found, and looked at. A phone's middle is hidden from them. Every look
//! is noted by the door that lets them look; nothing here changes anything.

use std::collections::HashMap;

use momfood_domain::actor::Role;
use momfood_domain::id::UserId;
use momfood_domain::phone::Phone;
use momfood_domain::text::Lang;
use momfood_domain::time::Timestamp;
use momfood_protocol::admin::{PeopleQuery, PersonLine, Standing};
use sqlx::types::Json;
use uuid::Uuid;

use super::error::Refusal;
use super::joining::email;
use super::phones::{self, PHONE};
use crate::sealed::Opener;
use crate::store::{StoreError, Tx, sql};

/// People on one page.
const PAGE: usize = 50;
/// Longest question, in characters.
const LONGEST: usize = 254;

/// By what somebody is looked for.
#[derive(Debug, PartialEq, Eq)]
pub enum By {
    /// Everybody.
    All,
    /// Their id.
    Id(UserId),
    /// Their whole email.
    Email(String),
    /// Their phone.
    Phone(Phone),
    /// How a name of theirs begins.
    Name(String),
}

impl By {
    /// What a question asks for.
    pub fn of(q: Option<&str>) -> Result<Self, Refusal> {
        let q = q.unwrap_or_default().trim();
        if q.chars().count() > LONGEST || q.contains(char::is_control) {
            return Err(Refusal::Invalid("q"));
        }
        Ok(if q.is_empty() {
            Self::All
        } else if let Ok(id) = q.parse() {
            Self::Id(id)
        } else if let Some(email) = email(q) {
            Self::Email(email)
        } else if let Ok(phone) = Phone::parse(q) {
            Self::Phone(phone)
        } else {
            Self::Name(q.to_lowercase())
        })
    }

    /// What it is called where looks are noted; the question itself may be an email or a phone.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Id(_) => "id",
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
            Self::Name(_) => "name",
        }
    }
}

/// One page of those who are looked for, newest first, and the last of it when there are more.
pub async fn find(
    tx: &mut Tx,
    by: &By,
    query: &PeopleQuery,
) -> Result<(Vec<PersonLine>, Option<UserId>), StoreError> {
    let ids = match by {
        By::All => several(tx, None, query).await?,
        By::Name(beginning) => several(tx, Some(beginning), query).await?,
        By::Id(id) => vec![*id],
        By::Email(email) => super::people::by_email(tx, email)
            .await?
            .map(|(id, _)| id)
            .into_iter()
            .collect(),
        By::Phone(phone) => phones::holder(tx, phone).await?.into_iter().collect(),
    };
    let more = ids.len() > PAGE;
    let mut people = lines(tx, &ids[..ids.len().min(PAGE)]).await?;
    let next = people.last().map(|person| person.id).filter(|_| more);
    people.retain(|person| query.role.is_none_or(|role| person.roles.contains(&role)));
    Ok((people, next))
}

async fn several(
    tx: &mut Tx,
    beginning: Option<&str>,
    query: &PeopleQuery,
) -> Result<Vec<UserId>, StoreError> {
    let role = query.role.map(role_word).unwrap_or_default();
    let last = match query.after {
        Some(after) => sql!(
            tx,
            fetch_optional as (Timestamp, UserId),
            "select created_at, id from users where id = $1",
            after
        )?,
        None => None,
    };
    let (made_at, id) = last.unwrap_or((Timestamp(i64::MAX), UserId(Uuid::max())));
    let like = beginning.map(|text| {
        let mut pattern = String::with_capacity(text.len() + 1);
        for c in text.chars() {
            if matches!(c, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(c);
        }
        pattern.push('%');
        pattern
    });
    let like = like.unwrap_or_else(|| "%".to_owned());
    let rows = sql!(
        tx,
        fetch_all as (UserId,),
        "select u.id from users u join customer_profiles p on p.user_id = u.id \
         where (u.created_at < $1 or (u.created_at = $2 and u.id < $3)) \
         and ($4 = '' or exists (select 1 from user_roles r where r.user_id = u.id and r.role = $5)) \
         and (lower(p.first_name) like $6 escape '!' or lower(p.last_name) like $7 escape '!' \
              or p.first_name_ar like $8 escape '!' or p.last_name_ar like $9 escape '!') \
         order by u.created_at desc, u.id desc limit $10",
        made_at,
        made_at,
        id,
        role,
        role,
        &like,
        &like,
        &like,
        &like,
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Customer => "customer",
        Role::Restaurant => "restaurant",
        Role::Driver => "driver",
        Role::Support => "support",
        Role::Admin => "admin",
        Role::System => "system",
    }
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: UserId,
    email: Option<String>,
    phone: Option<String>,
    status: String,
    created_at: Timestamp,
    first_name: String,
    last_name: String,
    first_name_ar: Option<String>,
    last_name_ar: Option<String>,
    preferred_language: Lang,
}

/// Those of `ids` who exist, in that order.
pub async fn lines(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<PersonLine>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as LineRow,
        "select u.id, u.email, u.phone, u.status, u.created_at, p.first_name, p.last_name, p.first_name_ar, \
         p.last_name_ar, p.preferred_language from users u join customer_profiles p on p.user_id = u.id \
         where u.id in {uuids($1)}",
        Json(ids)
    )?;
    let held = sql!(
        tx,
        fetch_all as (UserId, Role),
        "select user_id, role from user_roles where user_id in {uuids($1)} order by granted_at, role",
        Json(ids)
    )?;
    let mut roles: HashMap<UserId, Vec<Role>> = HashMap::new();
    for (id, role) in held {
        roles.entry(id).or_default().push(role);
    }
    let opener = Opener::of(tx, rows.iter().map(|row| row.id)).await?;
    let mut lines: HashMap<UserId, PersonLine> = HashMap::with_capacity(rows.len());
    for row in rows {
        let phone = match &row.phone {
            Some(sealed) => opener.open(row.id, PHONE, row.id.0.as_bytes(), sealed)?.text(),
            None => None,
        };
        let (first_name, last_name) = match (row.preferred_language, row.first_name_ar) {
            (Lang::Ar, Some(first)) => (first, row.last_name_ar.unwrap_or(row.last_name)),
            _ => (row.first_name, row.last_name),
        };
        let line = PersonLine {
            id: row.id,
            first_name,
            last_name,
            email: row.email,
            phone: phone.as_deref().map(mask),
            roles: roles.remove(&row.id).unwrap_or_default(),
            standing: match row.status.as_str() {
                "active" => Standing::Active,
                "erased" => Standing::Erased,
                _ => Standing::Suspended,
            },
            created_at: row.created_at,
        };
        lines.insert(row.id, line);
    }
    Ok(ids.iter().filter_map(|id| lines.remove(id)).collect())
}

/// A phone with its middle hidden: `+9665•••••78`.
fn mask(phone: &str) -> String {
    let length = phone.chars().count();
    let hidden = |(at, c)| if at >= 5 && at + 2 < length { '•' } else { c };
    phone.chars().enumerate().map(hidden).collect()
}

/// What of a person's account is not in its line.
#[derive(sqlx::FromRow)]
pub struct Account {
    /// Preferred language.
    pub language: Lang,
    /// Whether the email was shown to be theirs.
    pub email_verified: bool,
    /// Whether the phone was shown to be theirs.
    pub phone_verified: bool,
    /// Whether an authenticator app is asked for.
    pub totp: bool,
    /// How many passkeys there are.
    pub passkeys: i64,
    /// How many orders were placed.
    pub orders: i64,
}

/// A person's account.
pub async fn account(tx: &mut Tx, id: UserId) -> Result<Option<Account>, StoreError> {
    sql!(
        tx,
        fetch_optional as Account,
        "select p.preferred_language as language, u.email_verified, u.phone_verified, \
         exists (select 1 from totp t where t.person = u.id and t.confirmed_at is not null) as totp, \
         (select count(*) from passkeys k where k.person = u.id) as passkeys, \
         (select count(*) from orders o where o.customer_id = u.id) as orders \
         from users u join customer_profiles p on p.user_id = u.id where u.id = $1",
        id
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_phone_is_hidden() {
        assert_eq!(mask("+966512345678"), "+9665••••••78");
        assert_eq!(mask("+1415"), "+1415");
    }

    #[test]
    fn a_question_is_understood_as_what_it_looks_like() {
        let by = |q| By::of(Some(q)).unwrap();
        assert_eq!(by("  "), By::All);
        assert_eq!(by("Sara@Example.com"), By::Email("sara@example.com".into()));
        assert_eq!(
            by("0512345678"),
            By::Phone(Phone::parse("+966512345678").unwrap())
        );
        assert_eq!(by("سا"), By::Name("سا".into()));
        assert_eq!(by("Al_"), By::Name("al_".into()));
        assert!(matches!(by("019a9d3e-6a00-7000-8000-000000000001"), By::Id(_)));
        assert!(By::of(Some("a\u{1}")).is_err());
    }
}

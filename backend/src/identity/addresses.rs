//! Saved addresses. Everybody reaches their own and no others; another's id reads as not found.

use momfood_domain::address::Address;
use momfood_domain::id::{AddressId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::SavedAddress;
use sqlx::types::Json;

use super::error::Refusal;
use crate::sealed::{self, Field, Opener};
use crate::store::{StoreError, Tx, sql};

/// Sealed under the key of whose it is; the column holds a JSON string.
const ADDRESS: Field = Field::new("addresses", "address");

/// Most addresses of one person.
pub const MOST: i64 = 30;

/// A person's addresses, first saved first.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<SavedAddress>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (AddressId, Json<String>),
        "select id, address from addresses where user_id = $1 order by created_at, id",
        user
    )?;
    let opener = Opener::of(tx, [user]).await?;
    let mut saved = Vec::with_capacity(rows.len());
    for (id, Json(sealed)) in rows {
        let opened = opener.open(user, ADDRESS, id.0.as_bytes(), &sealed)?;
        saved.extend(opened.json().map(|address| SavedAddress { id, address }));
    }
    Ok(saved)
}

/// Saves an address under an id of the caller's making: a new one, or one of their own changed.
pub async fn save(
    tx: &mut Tx,
    user: UserId,
    id: AddressId,
    address: Address,
    now: Timestamp,
) -> Result<SavedAddress, Refusal> {
    let address = checked(address)?;
    let sealed = Json(sealed::seal_json(tx, user, ADDRESS, id.0.as_bytes(), &address).await?);
    let changed = sql!(
        tx,
        execute,
        "update addresses set address = $1 where id = $2 and user_id = $3",
        &sealed,
        id,
        user
    )?;
    if changed == 0 {
        let (others,) = sql!(
            tx,
            fetch_one as (i64,),
            "select count(*) from addresses where user_id = $1",
            user
        )?;
        if others >= MOST {
            return Err(Refusal::Invalid("addresses"));
        }
        let made = sql!(
            tx,
            execute,
            "insert into addresses (id, user_id, address, created_at) values ($1, $2, $3, $4) on conflict do nothing",
            id,
            user,
            &sealed,
            now
        )?;
        if made == 0 {
            return Err(Refusal::NotFound);
        }
    }
    Ok(SavedAddress { id, address })
}

/// Forgets one.
pub async fn delete(tx: &mut Tx, user: UserId, id: AddressId) -> Result<(), Refusal> {
    let gone = sql!(
        tx,
        execute,
        "delete from addresses where id = $1 and user_id = $2",
        id,
        user
    )?;
    if gone == 0 { Err(Refusal::NotFound) } else { Ok(()) }
}

/// Seals some addresses of a database from before addresses were sealed, beginning after `last`; where to go on.
pub(crate) async fn adopt_some(
    tx: &mut Tx,
    last: uuid::Uuid,
    at_once: i64,
) -> Result<Option<uuid::Uuid>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (AddressId, UserId, Json<Address>),
        "select id, user_id, address from addresses where id > $1 and cast(address as text) not like '\"%'
         order by id limit $2 {for_update}",
        last,
        at_once
    )?;
    let next = rows.last().map(|(id, _, _)| id.0);
    for (id, user, Json(address)) in rows {
        let sealed = sealed::seal_json(tx, user, ADDRESS, id.0.as_bytes(), &address).await?;
        sql!(
            tx,
            execute,
            "update addresses set address = $1 where id = $2",
            Json(sealed),
            id
        )?;
    }
    Ok(next)
}

/// The address as it is kept: trimmed, bounded, on the Earth.
fn checked(address: Address) -> Result<Address, Refusal> {
    if !address.point.is_valid() {
        return Err(Refusal::Invalid("point"));
    }
    let optional = |text: Option<String>, field, most| -> Result<Option<String>, Refusal> {
        let text = text.map(|text| bounded(&text, field, most)).transpose()?;
        Ok(text.filter(|text| !text.is_empty()))
    };
    let label = bounded(&address.label, "label", 60)?;
    if label.is_empty() {
        return Err(Refusal::Invalid("label"));
    }
    Ok(Address {
        label,
        point: address.point,
        short_address: address.short_address,
        line: bounded(&address.line, "line", 200)?,
        landmark: optional(address.landmark, "landmark", 200)?,
        note: optional(address.note, "note", 300)?,
    })
}

fn bounded(text: &str, field: &'static str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Refusal::Invalid(field));
    }
    Ok(text.to_owned())
}

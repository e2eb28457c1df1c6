//! Phones of people: sealed under their own key, found and kept one person's only by a blind index beside it. Nobody else
//! writes or reads `users.phone`.

use momfood_domain::id::UserId;
use momfood_domain::phone::Phone;
use momfood_domain::time::Timestamp;

use super::error::Refusal;
use crate::sealed::{self, Field};
use crate::store::{StoreError, Tx, sql};

pub(super) const PHONE: Field = Field::new("users", "phone");
/// What the index is for.
const PURPOSE: &str = "users.phone";

/// A phone as its two columns hold it.
pub(super) struct Kept {
    /// `users.phone`.
    pub phone: String,
    /// `users.phone_index`.
    pub index: Vec<u8>,
}

/// What a phone is found by.
pub(super) async fn index(tx: &mut Tx, phone: &Phone) -> Result<Vec<u8>, StoreError> {
    Ok(sealed::blind(tx, PURPOSE, phone.as_str()).await?.to_vec())
}

/// The phone of `id`, to be written into their row.
pub(super) async fn kept(tx: &mut Tx, id: UserId, phone: &Phone) -> Result<Kept, StoreError> {
    kept_text(tx, id, phone.as_str()).await
}

async fn kept_text(tx: &mut Tx, id: UserId, phone: &str) -> Result<Kept, StoreError> {
    Ok(Kept {
        phone: sealed::seal(tx, id, PHONE, id.0.as_bytes(), phone.as_bytes()).await?,
        index: sealed::blind(tx, PURPOSE, phone).await?.to_vec(),
    })
}

/// The phone of `id`; nothing of somebody erased.
pub(super) async fn of(tx: &mut Tx, id: UserId) -> Result<Option<Phone>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (Option<String>,),
        "select phone from users where id = $1",
        id
    )?;
    let Some((Some(sealed),)) = row else {
        return Ok(None);
    };
    let opened = sealed::open(tx, id, PHONE, id.0.as_bytes(), &sealed).await?;
    Ok(opened.text().and_then(|text| Phone::parse(&text).ok()))
}

/// Who has that phone.
pub(super) async fn holder(tx: &mut Tx, phone: &Phone) -> Result<Option<UserId>, StoreError> {
    let index = index(tx, phone).await?;
    let row = sql!(
        tx,
        fetch_optional as (UserId,),
        "select id from users where phone_index = $1",
        index
    )?;
    Ok(row.map(|(id,)| id))
}

/// Gives `id` this phone, from now on verified or not. The one they have already stays as it is; another's is refused.
pub(crate) async fn set(
    tx: &mut Tx,
    id: UserId,
    phone: &Phone,
    verified: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    let kept = kept(tx, id, phone).await?;
    let outcome = sql!(
        tx,
        execute,
        "update users set phone = $1, phone_index = $2, phone_verified = $3, updated_at = $4
         where id = $5 and (phone_index is null or phone_index <> $6)",
        kept.phone,
        &kept.index,
        verified,
        now,
        id,
        &kept.index
    );
    match outcome {
        Err(StoreError::Duplicate(_)) => Err(Refusal::PhoneTaken),
        outcome => Ok(outcome.map(drop)?),
    }
}

/// Seals some phones of a database from before phones were sealed, beginning after `last`; where to go on.
pub(crate) async fn adopt_some(
    tx: &mut Tx,
    last: uuid::Uuid,
    at_once: i64,
) -> Result<Option<uuid::Uuid>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (UserId, String),
        "select id, phone from users where id > $1 and phone is not null and phone_index is null
         order by id limit $2 {for_update}",
        last,
        at_once
    )?;
    let next = rows.last().map(|(id, _)| id.0);
    for (id, text) in rows {
        let kept = kept_text(tx, id, &text).await?;
        sql!(
            tx,
            execute,
            "update users set phone = $1, phone_index = $2 where id = $3",
            kept.phone,
            kept.index,
            id
        )?;
    }
    Ok(next)
}

//! Phones of people: sealed under their own key. One that was shown to be somebody's is theirs alone: it has a blind index
//! beside it, by which it is found. One that somebody only says is theirs has none: it signs nobody in, is nobody's to be
//! found by, and keeps it from nobody. Nobody else writes or reads `users.phone`.

use momfood_domain::id::UserId;
use momfood_domain::phone::Phone;
use momfood_domain::time::Timestamp;

use super::error::Refusal;
use crate::sealed::{self, Field};
use crate::store::{StoreError, Tx, sql};

pub(super) const PHONE: Field = Field::new("users", "phone");
/// What the index is for.
const PURPOSE: &str = "users.phone";

/// A verified phone as its two columns hold it.
pub(super) struct Kept {
    /// `users.phone`.
    pub phone: String,
    /// `users.phone_index`.
    pub index: Vec<u8>,
}

async fn index(tx: &mut Tx, phone: &str) -> Result<Vec<u8>, StoreError> {
    Ok(sealed::blind(tx, PURPOSE, phone).await?.to_vec())
}

async fn seal(tx: &mut Tx, id: UserId, phone: &str) -> Result<String, StoreError> {
    sealed::seal(tx, id, PHONE, id.0.as_bytes(), phone.as_bytes()).await
}

/// The verified phone of `id`, to be written into their row.
pub(super) async fn kept(tx: &mut Tx, id: UserId, phone: &Phone) -> Result<Kept, StoreError> {
    Ok(Kept {
        phone: seal(tx, id, phone.as_str()).await?,
        index: index(tx, phone.as_str()).await?,
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

/// Who showed that the phone is theirs.
pub(super) async fn holder(tx: &mut Tx, phone: &Phone) -> Result<Option<UserId>, StoreError> {
    let index = index(tx, phone.as_str()).await?;
    let row = sql!(
        tx,
        fetch_optional as (UserId,),
        "select id from users where phone_index = $1 and phone_verified",
        index
    )?;
    Ok(row.map(|(id,)| id))
}

/// `id` says that this phone is theirs. The verified one they have already stays verified.
pub(crate) async fn said(tx: &mut Tx, id: UserId, phone: &Phone, now: Timestamp) -> Result<(), StoreError> {
    if holder(tx, phone).await? == Some(id) {
        return Ok(());
    }
    let sealed = seal(tx, id, phone.as_str()).await?;
    sql!(
        tx,
        execute,
        "update users set phone = $1, phone_index = null, phone_verified = false, updated_at = $2 where id = $3",
        sealed,
        now,
        id
    )
    .map(drop)
}

/// `id` showed that this phone is theirs. Refuses (`phone_taken`) what another account showed before.
pub(super) async fn verified(tx: &mut Tx, id: UserId, phone: &Phone, now: Timestamp) -> Result<(), Refusal> {
    if holder(tx, phone).await?.is_some_and(|holder| holder != id) {
        return Err(Refusal::PhoneTaken);
    }
    let kept = kept(tx, id, phone).await?;
    let outcome = sql!(
        tx,
        execute,
        "update users set phone = $1, phone_index = $2, phone_verified = true, updated_at = $3 where id = $4",
        kept.phone,
        kept.index,
        now,
        id
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
        fetch_all as (UserId, String, bool),
        "select id, phone, phone_verified from users where id > $1 and phone is not null
         and phone not like 's1.%' order by id limit $2 {for_update}",
        last,
        at_once
    )?;
    let next = rows.last().map(|(id, ..)| id.0);
    for (id, text, is_verified) in rows {
        let sealed = seal(tx, id, &text).await?;
        let index = if is_verified {
            Some(index(tx, &text).await?)
        } else {
            None
        };
        sql!(
            tx,
            execute,
            "update users set phone = $1, phone_index = $2 where id = $3",
            sealed,
            index,
            id
        )?;
    }
    Ok(next)
}

//! Pictures that prove something, named by the SHA-256 of their bytes. They come in parts, resumed where they stopped, and
//! count only once their bytes have the name they bear. Nobody learns from here that a picture of somebody else's exists.

use momfood_domain::actor::Actor;
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::time::{DAY, Timestamp};
use momfood_protocol::sync::{BlobState, MAX_BLOB};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::content::{self, Kind};
use crate::error::{ApiError, ErrorCode};
use crate::ordering;
use crate::store::{Db, StoreError, Tx, sql};

/// Most bytes of one person in a day.
const DAILY: i64 = 64 * 1024 * 1024;
/// How much of a picture tells what it claims to be.
const MAGIC: usize = 12;

/// The name of a picture: the SHA-256 of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name([u8; 32]);

impl Name {
    /// Reads 64 lower-case hexadecimal digits.
    pub fn read(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let digits: Vec<u8> = text.bytes().map(digit).collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits
            .chunks_exact(2)
            .map(|pair| (pair[0] << 4) | pair[1])
            .collect();
        (digits.len() == 64).then_some(())?;
        bytes.try_into().ok().map(Self)
    }

    /// The beginning of the name, for the record of who saw it.
    pub fn short(self) -> Uuid {
        let (head, _) = self.0.split_at(16);
        Uuid::from_slice(head).unwrap_or_default()
    }

    /// The name of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

#[derive(Clone, Copy, sqlx::FromRow)]
struct Upload {
    length: i64,
    received: i64,
}

async fn upload(tx: &mut Tx, name: Name, person: UserId) -> Result<Option<Upload>, StoreError> {
    let name: &[u8] = &name.0;
    sql!(
        tx,
        fetch_optional as Upload,
        "select length, received from blob_upload where sha256 = $1 and person = $2 {for_update}",
        name,
        person
    )
}

async fn kind_of(tx: &mut Tx, name: Name) -> Result<Option<String>, StoreError> {
    let name: &[u8] = &name.0;
    let row = sql!(
        tx,
        fetch_optional as (String,),
        "select kind from blob where sha256 = $1",
        name
    )?;
    Ok(row.map(|(kind,)| kind))
}

fn state(upload: Upload, complete: bool) -> BlobState {
    let bytes = |number: i64| u64::try_from(number).unwrap_or(0);
    BlobState {
        offset: bytes(upload.received),
        length: bytes(upload.length),
        complete,
    }
}

/// How far `person` is with sending a picture; `None` when they have not begun.
pub async fn standing(tx: &mut Tx, name: Name, person: UserId) -> Result<Option<BlobState>, StoreError> {
    let name_bytes: &[u8] = &name.0;
    let row = sql!(
        tx,
        fetch_optional as Upload,
        "select length, received from blob_upload where sha256 = $1 and person = $2",
        name_bytes,
        person
    )?;
    let Some(upload) = row else { return Ok(None) };
    let complete = upload.received == upload.length && kind_of(tx, name).await?.is_some();
    Ok(Some(state(upload, complete)))
}

/// A part of a picture.
#[derive(Clone, Debug)]
pub struct Part {
    /// From which byte on.
    pub offset: i64,
    /// How long the whole is.
    pub length: i64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

fn begins_as_a_picture(bytes: &[u8]) -> bool {
    matches!(Kind::claimed(bytes), Some(Kind::Jpeg | Kind::Png | Kind::Webp))
}

/// Takes a part of `person`'s picture in. With the last one its bytes are compared with its name,
/// and looked at: see [`content::picture`].
pub async fn put(
    db: &Db,
    name: Name,
    person: UserId,
    part: Part,
    now: Timestamp,
) -> Result<BlobState, ApiError> {
    let taken = db
        .write(async move |mut tx| take(&mut tx, name, person, &part, now).await)
        .await?;
    if taken.complete || taken.offset < taken.length {
        return Ok(taken);
    }
    // Read and compared outside of any write: others need not wait for it.
    let mut tx = db.read().await?;
    let bytes = bytes(&mut tx, name, person).await?;
    drop(tx);
    let found = if Name::of(&bytes) == name {
        content::picture(&bytes).map_err(ApiError::from)
    } else {
        Err(ApiError::new(ErrorCode::DigestMismatch))
    };
    let kind = found.as_ref().ok().copied();
    db.write(async move |mut tx| finish(&mut tx, name, person, kind, now).await)
        .await?;
    found.map(|_| BlobState {
        complete: true,
        ..taken
    })
}

async fn take(
    tx: &mut Tx,
    name: Name,
    person: UserId,
    part: &Part,
    now: Timestamp,
) -> Result<BlobState, ApiError> {
    let invalid = |field: &str| ApiError::new(ErrorCode::InvalidInput).with("field", field);
    if i64::try_from(MAX_BLOB).is_ok_and(|most| part.length > most) {
        return Err(ApiError::new(ErrorCode::BodyTooLarge).with("limit", MAX_BLOB));
    }
    if part.length < 1 {
        return Err(invalid("upload-length"));
    }
    let there = match upload(tx, name, person).await? {
        Some(there) => there,
        None => begin(tx, name, person, part, now).await?,
    };
    if there.length != part.length {
        return Err(invalid("upload-length"));
    }
    if there.received == there.length {
        return Ok(state(there, kind_of(tx, name).await?.is_some()));
    }
    if part.offset != there.received {
        return Err(ApiError::new(ErrorCode::OffsetMismatch).with("offset", there.received));
    }
    let more = i64::try_from(part.bytes.len()).unwrap_or(i64::MAX);
    if more < 1 || more > there.length - there.received {
        return Err(invalid("body"));
    }
    if part.offset == 0 && part.bytes.len() >= MAGIC && !begins_as_a_picture(&part.bytes) {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType));
    }
    let name: &[u8] = &name.0;
    sql!(
        tx,
        execute,
        "insert into blob_part (sha256, person, position, bytes) values ($1, $2, $3, $4)",
        name,
        person,
        part.offset,
        &part.bytes
    )?;
    let received = there.received + more;
    sql!(
        tx,
        execute,
        "update blob_upload set received = $1, at = $2 where sha256 = $3 and person = $4",
        received,
        now,
        name,
        person
    )?;
    Ok(state(Upload { received, ..there }, false))
}

/// Begins to take a picture in, unless the person has sent enough today.
async fn begin(
    tx: &mut Tx,
    name: Name,
    person: UserId,
    part: &Part,
    now: Timestamp,
) -> Result<Upload, ApiError> {
    if part.offset != 0 {
        return Err(ApiError::new(ErrorCode::OffsetMismatch).with("offset", 0));
    }
    let (today,) = sql!(
        tx,
        fetch_one as (i64,),
        "select cast(coalesce(sum(length), 0) as bigint) from blob_upload where person = $1 and at > $2",
        person,
        now.plus(-DAY)
    )?;
    if today + part.length > DAILY {
        return Err(ApiError::new(ErrorCode::QuotaExceeded));
    }
    let name: &[u8] = &name.0;
    let begun = sql!(
        tx,
        execute,
        "insert into blob_upload (sha256, person, length, received, at) values ($1, $2, $3, 0, $4)
         on conflict (sha256, person) do nothing",
        name,
        person,
        part.length,
        now
    )?;
    if begun == 0 {
        // The same person's other request was quicker.
        return Err(ApiError::new(ErrorCode::TryAgain));
    }
    Ok(Upload {
        length: part.length,
        received: 0,
    })
}

/// Keeps a picture that is what its name says, `found`, once for all who sent it; forgets one that is not.
async fn finish(
    tx: &mut Tx,
    name: Name,
    person: UserId,
    found: Option<Kind>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(there) = upload(tx, name, person).await? else {
        return Ok(());
    };
    let name: &[u8] = &name.0;
    let kept = match found {
        Some(kind) => sql!(
            tx,
            execute,
            "insert into blob (sha256, holder, length, kind, at) values ($1, $2, $3, $4, $5)
             on conflict (sha256) do nothing",
            name,
            person,
            there.length,
            kind.content_type(),
            now
        )?,
        None => 0,
    };
    if kept == 1 {
        return Ok(());
    }
    // Another's parts hold the same bytes, or these are not what they should be. A holder's own parts stay.
    sql!(
        tx,
        execute,
        "delete from blob_part where sha256 = $1 and person = $2
            and not exists (select 1 from blob b where b.sha256 = $3 and b.holder = $4)",
        name,
        person,
        name,
        person
    )?;
    if found.is_none() {
        sql!(
            tx,
            execute,
            "delete from blob_upload where sha256 = $1 and person = $2",
            name,
            person
        )?;
    }
    Ok(())
}

async fn bytes(tx: &mut Tx, name: Name, holder: UserId) -> Result<Vec<u8>, StoreError> {
    let name: &[u8] = &name.0;
    let parts = sql!(
        tx,
        fetch_all as (Vec<u8>,),
        "select bytes from blob_part where sha256 = $1 and person = $2 order by position",
        name,
        holder
    )?;
    Ok(parts.into_iter().flat_map(|(bytes,)| bytes).collect())
}

/// A picture and its kind, for who sent it or may see an order that it proves something of.
pub async fn picture(
    tx: &mut Tx,
    actor: &Actor,
    name: Name,
    now: Timestamp,
) -> Result<Option<(Kind, Vec<u8>)>, StoreError> {
    let name_bytes: &[u8] = &name.0;
    let row = sql!(
        tx,
        fetch_optional as (UserId, String),
        "select holder, kind from blob where sha256 = $1",
        name_bytes
    )?;
    let found = row.and_then(|(holder, kind)| Kind::of_type(&kind).map(|kind| (holder, kind)));
    let Some((holder, kind)) = found else {
        return Ok(None);
    };
    if !may_see(tx, actor, name, now).await? {
        return Ok(None);
    }
    Ok(Some((kind, bytes(tx, name, holder).await?)))
}

async fn may_see(tx: &mut Tx, actor: &Actor, name: Name, now: Timestamp) -> Result<bool, StoreError> {
    let name: &[u8] = &name.0;
    let sent = sql!(
        tx,
        fetch_optional as (i64,),
        "select cast(1 as bigint) from blob_upload where sha256 = $1 and person = $2 and received = length",
        name,
        actor.user
    )?;
    if sent.is_some() {
        return Ok(true);
    }
    // What was set aside shows nothing yet to those it may be about.
    let proven = sql!(
        tx,
        fetch_all as (OrderId,),
        "select distinct order_id from proofs where sha256 = $1 and counts limit 20",
        name
    )?;
    let orders: Vec<OrderId> = proven.into_iter().map(|(order,)| order).collect();
    Ok(!ordering::views(tx, actor, &orders, now).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_64_lower_case_digits() {
        let name = "0123456789abcdef".repeat(4);
        assert!(Name::read(&name).is_some());
        for wrong in [
            String::new(),
            name.to_uppercase(),
            name[1..].to_owned(),
            format!("{name}00"),
            name.replace('a', "g"),
        ] {
            assert_eq!(Name::read(&wrong), None, "{wrong}");
        }
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Name::read(empty), Some(Name::of(b"")));
    }
}

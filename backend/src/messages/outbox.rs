//! Messages still to be sent, as rows: written with what they tell of, taken by one sender at a time, gone when sent or
//! over. What is sealed is the person's address or number and the words.

use momfood_domain::id::UserId;
use momfood_domain::phone::Phone;
use momfood_domain::text::Lang;
use momfood_domain::time::{DAY, MINUTE, SECOND, Timestamp};
use uuid::Uuid;

use super::words::{Letter, Text};
use crate::backoff::Backoff;
use crate::identity;
use crate::sealed::{self, Field, Opener, Owner};
use crate::store::{StoreError, Tx, sql};

/// How long a code is worth sending: as long as it works.
const CODE_LIVES: i64 = 10 * MINUTE;
/// How long anything else is.
const LIVES: i64 = DAY;
/// How long whoever sends a message has it to themselves. Longer than a carrier may take.
const LEASE: i64 = 60 * SECOND;
/// First and longest rest after "not now".
const REST: Backoff = Backoff {
    first: 2 * SECOND,
    longest: 5 * MINUTE,
};

const TARGET: Field = Field::new("messages", "target");
const BODY: Field = Field::new("messages", "body");

/// Where a message goes.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// By email, to an address as [`identity::email`] gives it.
    Email(String),
    /// By SMS.
    Phone(Phone),
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.channel())
    }
}

impl Target {
    /// `email` or `sms`, as the tables have it.
    pub const fn channel(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "sms",
        }
    }

    /// The address or number itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email,
            Self::Phone(phone) => phone.as_str(),
        }
    }

    /// What [`Target::channel`] and [`Target::as_str`] said.
    pub(crate) fn read(channel: &str, text: String) -> Option<Self> {
        match channel {
            "email" => Some(Self::Email(text)),
            "sms" => Phone::parse(&text).ok().map(Self::Phone),
            _ => None,
        }
    }
}

/// Has `text` sent to `target` in `lang` once this transaction is committed.
pub async fn queue(
    tx: &mut Tx,
    target: &Target,
    text: &Text,
    lang: Lang,
    (id, now): (Uuid, Timestamp),
) -> Result<(), StoreError> {
    let lives = if text.is_code() { CODE_LIVES } else { LIVES };
    write(tx, target, text, lang, (id, now, now.plus(lives))).await
}

/// Does the work of [`queue`] for a message that is over before it is sent: for doors that must not show whether there is
/// anybody to write to.
pub async fn pretend(
    tx: &mut Tx,
    target: &Target,
    text: &Text,
    lang: Lang,
    (id, now): (Uuid, Timestamp),
) -> Result<(), StoreError> {
    write(tx, target, text, lang, (id, now, now)).await
}

/// Has `text` sent to `person`, in their language: to their verified email, or else their verified phone. Who has
/// neither cannot be told.
pub async fn tell(
    tx: &mut Tx,
    person: UserId,
    text: &Text,
    made: (Uuid, Timestamp),
) -> Result<(), StoreError> {
    if let Some(contacts) = identity::contacts(tx, person).await?
        && let Some(target) = contacts.verified()
    {
        queue(tx, &target, text, contacts.language, made).await?;
    }
    Ok(())
}

async fn write(
    tx: &mut Tx,
    target: &Target,
    text: &Text,
    lang: Lang,
    (id, now, until): (Uuid, Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let to = target.as_str().as_bytes();
    let to = sealed::seal(tx, Owner::Server, TARGET, id.as_bytes(), to).await?;
    let body = sealed::seal_json(tx, Owner::Server, BODY, id.as_bytes(), &text.letter(lang)).await?;
    sql!(
        tx,
        execute,
        "insert into messages (id, channel, target, body, made_at, expires_at, tries, try_at) \
         values ($1, $2, $3, $4, $5, $6, 0, $7)",
        id,
        target.channel(),
        to,
        body,
        now,
        until,
        now
    )
    .map(drop)
}

async fn open(
    tx: &mut Tx,
    id: Uuid,
    (channel, to, body): (&str, &str, &str),
) -> Result<Option<(Target, Letter)>, StoreError> {
    let opener = Opener::of(tx, [Owner::Server]).await?;
    let to = opener.open(Owner::Server, TARGET, id.as_bytes(), to)?.text();
    let letter = opener.open(Owner::Server, BODY, id.as_bytes(), body)?.json();
    Ok(to.and_then(|to| Target::read(channel, to)).zip(letter))
}

/// What is due at `now`, and when the next will be.
pub(super) async fn due(
    tx: &mut Tx,
    now: Timestamp,
    most: i64,
) -> Result<(Vec<Uuid>, Option<Timestamp>), StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (Uuid,),
        "select id from messages where try_at <= $1 order by try_at, id limit $2",
        now,
        most
    )?;
    let (next,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select min(try_at) from messages where try_at > $1",
        now
    )?;
    Ok((rows.into_iter().map(|(id,)| id).collect(), next))
}

/// A message that is ours to send until `lease`.
pub(super) struct Taken {
    pub id: Uuid,
    pub target: Target,
    pub letter: Letter,
    pub tries: i64,
    pub lease: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    channel: String,
    target: String,
    body: String,
    expires_at: Timestamp,
    tries: i64,
    try_at: Timestamp,
}

/// Takes what is due, unless somebody else has. What is over is dropped.
pub(super) async fn take(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<Option<Taken>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select channel, target, body, expires_at, tries, try_at from messages where id = $1 {for_update}",
        id
    )?;
    let Some(row) = row.filter(|row| row.try_at <= now) else {
        return Ok(None);
    };
    if row.expires_at <= now {
        if row.tries > 0 {
            tracing::error!(message = %id, tries = row.tries, "a message could not be sent while it was of use");
        }
        drop_it(tx, id).await?;
        return Ok(None);
    }
    let Some((target, letter)) = open(tx, id, (&row.channel, &row.target, &row.body)).await? else {
        tracing::error!(message = %id, "a message cannot be read");
        drop_it(tx, id).await?;
        return Ok(None);
    };
    let lease = now.plus(LEASE);
    sql!(
        tx,
        execute,
        "update messages set tries = tries + 1, try_at = $1 where id = $2",
        lease,
        id
    )?;
    Ok(Some(Taken {
        id,
        target,
        letter,
        tries: row.tries + 1,
        lease,
    }))
}

async fn drop_it(tx: &mut Tx, id: Uuid) -> Result<(), StoreError> {
    sql!(tx, execute, "delete from messages where id = $1", id).map(drop)
}

/// The message is sent, or never will be. Whose lease ran out says nothing any more.
pub(super) async fn done(tx: &mut Tx, id: Uuid, lease: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from messages where id = $1 and try_at = $2",
        id,
        lease
    )
    .map(drop)
}

/// The message is to be sent later.
pub(super) async fn later(
    tx: &mut Tx,
    taken: &Taken,
    asked: Option<i64>,
    (now, chance): (Timestamp, u32),
) -> Result<(), StoreError> {
    let again = now
        .plus(REST.rest(taken.tries, chance))
        .max(now.plus_seconds(asked.unwrap_or(0)));
    sql!(
        tx,
        execute,
        "update messages set try_at = $1 where id = $2 and try_at = $3",
        again,
        taken.id,
        taken.lease
    )
    .map(drop)
}

//! One-time codes: six digits sent to an email or a phone, to be shown once within ten minutes, in at most five tries.
//! A new code ends the older ones of its target and purpose. Of a code only a keyed hash is kept.
//!
//! Asking for a code leaves the same rows behind whether or not anybody has the target, and how often one may be asked
//! for depends on the target and on who asks, never on whether there is an account.

use std::net::IpAddr;

use momfood_domain::id::UserId;
use momfood_domain::text::Lang;
use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use momfood_protocol::account::CodeSent;
use uuid::Uuid;

use super::digits::digits;
use super::error::Refusal;
use super::factor::Outcome;
use super::{people, phones};
use crate::address::Address;
use crate::app::App;
use crate::keys::Keys;
use crate::limits::{Class, Who};
use crate::messages::{self, CodeFor, Target, Text};
use crate::sealed::{self, Field, Owner};
use crate::store::{StoreError, Tx, sql};

/// Digits of a code.
pub const DIGITS: u8 = 6;
/// How long a code works.
const LIVES: i64 = 10 * MINUTE;
/// Wrong answers a code bears; the last one ends it.
const TRIES: i64 = 5;
/// After this another may be asked for.
const RESEND: i64 = 30 * SECOND;
/// Codes to one target: so many in a row, and afterwards one in so long.
const BURST: i64 = 5;
const EVERY: i64 = 10 * MINUTE;

/// What the code's hash is for.
const MAC: &str = "one-time code";
/// What the target's index is for.
const INDEX: &str = "one_time_codes.target";
const TARGET: Field = Field::new("one_time_codes", "target");

/// What a code is for. One of a purpose never works for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in by phone, or becoming a customer by it.
    SignIn,
    /// Becoming a customer by email.
    SignUp,
    /// Choosing a new password.
    Recover,
    /// Showing that an email or a phone is theirs.
    Verify,
    /// Showing again who they are.
    Confirm,
    /// The second factor.
    SecondFactor,
}

impl Purpose {
    const ALL: [Self; 6] = [
        Self::SignIn,
        Self::SignUp,
        Self::Recover,
        Self::Verify,
        Self::Confirm,
        Self::SecondFactor,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignUp => "sign_up",
            Self::Recover => "recover",
            Self::Verify => "verify",
            Self::Confirm => "confirm",
            Self::SecondFactor => "second_factor",
        }
    }

    const fn told(self) -> CodeFor {
        match self {
            Self::SignIn => CodeFor::SignIn,
            Self::SignUp => CodeFor::SignUp,
            Self::Recover => CodeFor::Recover,
            Self::Verify => CodeFor::Verify,
            Self::Confirm => CodeFor::Confirm,
            Self::SecondFactor => CodeFor::SecondFactor,
        }
    }
}

/// What becomes of a code that is asked for. Nobody who asks can tell one from the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is sent.
    Sent,
    /// None that works, and a message that they have an account already.
    AlreadyThere,
    /// None that works, and no message.
    Nowhere,
}

/// A code to be sent.
pub struct Ask<'a> {
    /// What for.
    pub purpose: Purpose,
    /// Where to.
    pub target: &'a Target,
    /// Whose it is, when it is only theirs to show.
    pub person: Option<UserId>,
    /// The language to write in.
    pub lang: Lang,
    /// What becomes of it.
    pub reach: Reach,
}

/// Takes one code from the budget of an address. Codes cost money: nobody has many sent from one place.
pub async fn spend(app: &App, address: Option<IpAddr>) -> Result<(), Refusal> {
    let who = Who::At(Address(address));
    Ok(app.limits.take(Class::CodesFrom, who, app.clock.now()).await?)
}

/// Has a code sent, which [came](spend) out of the budget of who asks. Refuses (`rate_limited`) what comes too soon after the one before, or is too many.
pub async fn send(app: &App, tx: &mut Tx, ask: Ask<'_>) -> Result<CodeSent, Refusal> {
    let now = app.clock.now();
    let Ask { purpose, target, .. } = ask;
    let index = sealed::blind(tx, INDEX, target.as_str()).await?.to_vec();
    budget(tx, &index, now).await?;
    sql!(
        tx,
        execute,
        "update one_time_codes set used_at = $1 where target_index = $2 and purpose = $3 and used_at is null",
        now,
        &index,
        purpose.word()
    )?;
    let id = app.clock.uuid();
    let code = fresh(app);
    // A code that no message tells is not one that six digits could be.
    let kept = match ask.reach {
        Reach::Sent => app.keys.mac(MAC, &said(id, &code)),
        Reach::AlreadyThere | Reach::Nowhere => app.clock.bytes(),
    };
    let (made, expires_at) = ((app.clock.uuid(), now), now.plus(LIVES));
    let sealed = sealed::seal(
        tx,
        Owner::Server,
        TARGET,
        id.as_bytes(),
        target.as_str().as_bytes(),
    )
    .await?;
    sql!(
        tx,
        execute,
        "insert into one_time_codes (id, purpose, channel, target, target_index, person, code_hash, tries, made_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
        id,
        purpose.word(),
        target.channel(),
        sealed,
        &index,
        ask.person,
        &kept[..],
        now,
        expires_at
    )?;
    let what = purpose.told();
    let text = Text::Code { what, code };
    match ask.reach {
        Reach::Sent => messages::queue(tx, target, &text, ask.lang, made).await?,
        Reach::AlreadyThere => messages::queue(tx, target, &Text::AlreadyThere, ask.lang, made).await?,
        Reach::Nowhere => messages::pretend(tx, target, &text, ask.lang, made).await?,
    }
    Ok(CodeSent {
        challenge: id,
        digits: DIGITS,
        expires_at,
        resend_at: now.plus(RESEND),
        now,
    })
}

/// Six digits, each as likely as any other.
fn fresh(app: &App) -> String {
    // 2^64 is so much more than a million that no digit is likelier by anything that could be told.
    let number = u64::from_le_bytes(app.clock.bytes()) % 1_000_000;
    format!("{number:06}")
}

fn said(id: Uuid, code: &str) -> Vec<u8> {
    [id.as_bytes(), code.as_bytes()].concat()
}

/// Takes one code from a target's budget. The row is locked: many who ask at once get as few as one after the other.
async fn budget(tx: &mut Tx, index: &[u8], now: Timestamp) -> Result<(), Refusal> {
    let never = Timestamp(0);
    sql!(
        tx,
        execute,
        "insert into code_budgets (target_index, last_at, full_at) values ($1, $2, $3) on conflict do nothing",
        index,
        never,
        never
    )?;
    let (last, full_at) = sql!(
        tx,
        fetch_one as (Timestamp, Timestamp),
        "select last_at, full_at from code_budgets where target_index = $1 {for_update}",
        index
    )?;
    let after = full_at.max(now).plus(EVERY);
    let next = last.plus(RESEND).max(after.plus(-BURST * EVERY));
    if next > now {
        let retry_after = now.seconds_until(next).max(1);
        return Err(Refusal::RateLimited { retry_after });
    }
    sql!(
        tx,
        execute,
        "update code_budgets set last_at = $1, full_at = $2 where target_index = $3",
        now,
        after,
        index
    )?;
    Ok(())
}

/// What a right code shows.
pub struct Proof {
    /// Where it was sent to: theirs, who showed it.
    pub target: Target,
    /// Whose it was to show, if only theirs.
    pub person: Option<UserId>,
}

/// Shows the code of `challenge`, for one of `purposes`; `person` shows it, when it is only theirs to show. A wrong one is
/// counted: commit the transaction, then ask what came of it.
pub async fn verify(
    tx: &mut Tx,
    keys: &Keys,
    purposes: &[Purpose],
    person: Option<UserId>,
    (challenge, typed): (Uuid, &str),
    now: Timestamp,
) -> Result<Outcome<Proof>, Refusal> {
    #[derive(sqlx::FromRow)]
    struct Row {
        purpose: String,
        channel: String,
        target: String,
        person: Option<UserId>,
        code_hash: Vec<u8>,
        tries: i64,
        expires_at: Timestamp,
        used_at: Option<Timestamp>,
    }
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select purpose, channel, target, person, code_hash, tries, expires_at, used_at from one_time_codes \
         where id = $1 {for_update}",
        challenge
    )?;
    let over = || Ok(Outcome::Refused(Refusal::CodeInvalid { tries_left: None }));
    let Some(row) = row else { return over() };
    let purpose = Purpose::ALL
        .into_iter()
        .find(|purpose| purpose.word() == row.purpose);
    if !purpose.is_some_and(|purpose| purposes.contains(&purpose)) {
        return over();
    }
    // A code of recovery belongs to a person, and is shown by somebody not signed in.
    let is_theirs = person.is_none() || row.person == person;
    if !is_theirs || row.used_at.is_some() || row.expires_at <= now || row.tries >= TRIES {
        return over();
    }
    let typed = digits(typed).unwrap_or_default();
    if !keys.vouches(MAC, &said(challenge, &typed), &row.code_hash) {
        sql!(
            tx,
            execute,
            "update one_time_codes set tries = tries + 1 where id = $1",
            challenge
        )?;
        let tries_left = Some(TRIES - row.tries - 1);
        return Ok(Outcome::Refused(Refusal::CodeInvalid { tries_left }));
    }
    sql!(
        tx,
        execute,
        "update one_time_codes set used_at = $1 where id = $2",
        now,
        challenge
    )?;
    let target = sealed::open(tx, Owner::Server, TARGET, challenge.as_bytes(), &row.target).await?;
    let target = target.text().and_then(|text| Target::read(&row.channel, text));
    let target = target.ok_or_else(|| Refusal::Broken("where a code was sent".to_owned()))?;
    let person = row.person;
    Ok(Outcome::Done(Proof { target, person }))
}

/// Whose code `challenge` was: the person it was for, or who has the email or phone that it went to. `None` when nobody
/// has, or there is no such code.
pub async fn holder(tx: &mut Tx, challenge: Uuid) -> Result<Option<UserId>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (String, String, Option<UserId>),
        "select channel, target, person from one_time_codes where id = $1",
        challenge
    )?;
    let Some((channel, target, person)) = row else {
        return Ok(None);
    };
    if person.is_some() {
        return Ok(person);
    }
    let target = sealed::open(tx, Owner::Server, TARGET, challenge.as_bytes(), &target).await?;
    match target.text().and_then(|text| Target::read(&channel, text)) {
        Some(Target::Email(email)) => people::id_of_email(tx, &email).await,
        Some(Target::Phone(phone)) => phones::holder(tx, &phone).await,
        None => Ok(None),
    }
}

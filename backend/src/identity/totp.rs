//! Authenticator apps (RFC 6238: six digits, thirty seconds, SHA-1): a secret shared once, and the codes that follow from
//! it. A code counts once, and never one older than the last that counted. What is wrong is counted by where it comes
//! from, so that whoever guesses from elsewhere cannot shut the owner out of their own places.

use std::net::IpAddr;

use momfood_domain::id::{SessionId, UserId};
use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use super::digits::digits;
use super::error::Refusal;
use super::known;
use crate::address::Address;
use crate::hex::hex;
use crate::sealed::{self, Field};
use crate::store::{StoreError, Tx, sql};

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
pub const LENGTH: usize = 20;
const SECRET: Field = Field::new("totp", "secret");
const NEXT_SECRET: Field = Field::new("totp", "next_secret");
const ISSUER: &str = "MomFood";
/// Steps before and after the current one whose codes count: clocks differ, and people type slowly.
const SKEW: u16 = 1;
const DIGITS: usize = 6;
/// Wrong codes in a row from one place, afterwards one in so many microseconds. Three of a million codes are right at
/// any moment: guessing at this pace takes years.
const BURST: i64 = 10;
const EVERY: i64 = 10 * MINUTE;

/// Where a code is tried from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By whoever has this session.
    Session(SessionId),
    /// Before there is a session, from this address.
    Address(Option<IpAddr>),
}

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is right, and will not be again.
    Right,
    /// It is wrong, over, or was used.
    Wrong {
        /// Whether it was the last that may be tried from there for a while.
        last: bool,
    },
    /// Too many wrong ones came from there; seconds until the next may.
    Wait(i64),
    /// There is no authenticator app.
    None,
}

/// What is shown of a secret when an app is set up: for typing, as an address, as a picture.
pub struct Shown {
    /// Base32.
    pub secret: String,
    /// `otpauth://totp/…`.
    pub uri: String,
    /// An SVG.
    pub qr: String,
}

fn app_of(secret: &[u8], account: &str) -> Result<Totp, Refusal> {
    let broken =
        |error: &dyn std::fmt::Display| Refusal::Broken(format!("an authenticator's secret: {error}"));
    let bytes: [u8; LENGTH] = secret.try_into().map_err(|error| broken(&error))?;
    Builder::new()
        .with_secret(Secret::new_stack(bytes))
        .with_skew(SKEW)
        .with_issuer(Some(ISSUER))
        // The label's own separator.
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(|error| broken(&error))
}

/// Shows a secret to its owner, who calls the account `account`.
pub fn show(secret: &[u8; LENGTH], account: &str) -> Result<Shown, Refusal> {
    let app = app_of(secret, account)?;
    let uri = app.to_url().map_err(|error| Refusal::Broken(error.to_string()))?;
    let code = QrCode::with_error_correction_level(&uri, EcLevel::M)
        .map_err(|error| Refusal::Broken(error.to_string()))?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    // Into a page, where a declaration in the middle is an error.
    let qr = picture.find("<svg").map_or("", |at| &picture[at..]).to_owned();
    let secret = app.secret().to_base32();
    Ok(Shown { secret, uri, qr })
}

/// The time step whose code `text` is at `now`, if it is one of those that count.
fn step_of(secret: &[u8], text: &str, now: Timestamp) -> Result<Option<i64>, Refusal> {
    let Some(code) = digits(text).filter(|code| code.len() == DIGITS) else {
        return Ok(None);
    };
    let seconds = u64::try_from(now.0.div_euclid(SECOND)).unwrap_or(0);
    let step = app_of(secret, "-")?.check(&code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Keeps `secret` as the app `person` is setting up, in place of another that was not confirmed. The one in force, if
/// any, stays in force.
pub async fn propose(
    tx: &mut Tx,
    person: UserId,
    secret: &[u8; LENGTH],
    now: Timestamp,
) -> Result<(), StoreError> {
    let secret = sealed::seal(tx, person, NEXT_SECRET, person.0.as_bytes(), secret).await?;
    sql!(
        tx,
        execute,
        "insert into totp (person, last_step, next_secret, made_at) values ($1, 0, $2, $3) \
         on conflict (person) do update set next_secret = excluded.next_secret, made_at = excluded.made_at",
        person,
        secret,
        now
    )?;
    Ok(())
}

/// Puts the proposed app in force if `code` is its. Where none is proposed: [`Tried::None`].
pub async fn confirm(
    tx: &mut Tx,
    person: UserId,
    place: Place,
    code: &str,
    now: Timestamp,
) -> Result<Tried, Refusal> {
    let row = sql!(
        tx,
        fetch_optional as (Option<String>,),
        "select next_secret from totp where person = $1 and made_at > $2 {for_update}",
        person,
        now.plus_minutes(-SETUP_MINUTES)
    )?;
    let Some((Some(sealed),)) = row else {
        return Ok(Tried::None);
    };
    let place = place_of(tx, person, place, now).await?;
    if let Some(wait) = wait(tx, person, &place, now).await? {
        return Ok(Tried::Wait(wait));
    }
    let secret = Zeroizing::new(open(tx, person, NEXT_SECRET, &sealed).await?);
    let Some(step) = step_of(&secret, code, now)? else {
        return Ok(miss(tx, person, &place, now).await?);
    };
    let sealed = sealed::seal(tx, person, SECRET, person.0.as_bytes(), &secret).await?;
    sql!(
        tx,
        execute,
        "update totp set secret = $1, next_secret = null, last_step = $2, confirmed_at = $3 where person = $4",
        sealed,
        step,
        now,
        person
    )?;
    Ok(Tried::Right)
}

/// How long an app that was shown may be confirmed.
const SETUP_MINUTES: i64 = 30;

/// Tries `code` at the app in force.
pub async fn check(
    tx: &mut Tx,
    person: UserId,
    place: Place,
    code: &str,
    now: Timestamp,
) -> Result<Tried, Refusal> {
    let row = sql!(
        tx,
        fetch_optional as (Option<String>, i64),
        "select secret, last_step from totp where person = $1 and confirmed_at is not null {for_update}",
        person
    )?;
    let Some((Some(sealed), last_step)) = row else {
        return Ok(Tried::None);
    };
    let place = place_of(tx, person, place, now).await?;
    if let Some(wait) = wait(tx, person, &place, now).await? {
        return Ok(Tried::Wait(wait));
    }
    let secret = Zeroizing::new(open(tx, person, SECRET, &sealed).await?);
    match step_of(&secret, code, now)? {
        Some(step) if step > last_step => {
            sql!(
                tx,
                execute,
                "update totp set last_step = $1 where person = $2",
                step,
                person
            )?;
            Ok(Tried::Right)
        }
        // Read over a shoulder, or typed twice: as wrong as any other.
        _ => Ok(miss(tx, person, &place, now).await?),
    }
}

/// Asks `person` for no authenticator app any more.
pub async fn remove(tx: &mut Tx, person: UserId) -> Result<(), StoreError> {
    sql!(tx, execute, "delete from totp where person = $1", person)?;
    sql!(tx, execute, "delete from totp_misses where person = $1", person)?;
    Ok(())
}

/// What tries are counted under: each session of the person's and each network they have been signed in from lately has a
/// count of its own; everywhere else has one together, which is all that a stranger can use up.
async fn place_of(tx: &mut Tx, person: UserId, place: Place, now: Timestamp) -> Result<String, StoreError> {
    let address = match place {
        Place::Session(session) => return Ok(session.to_string()),
        Place::Address(address) => Address(address),
    };
    Ok(if known::at(tx, person, address, now).await? {
        hex(&address.network())
    } else {
        String::new()
    })
}

/// Seconds until a code may be tried from `place` again, when that is not now.
async fn wait(tx: &mut Tx, person: UserId, place: &str, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (Timestamp,),
        "select full_at from totp_misses where person = $1 and place = $2",
        person,
        place
    )?;
    let earliest = row.map_or(now, |(full_at,)| full_at.plus(-(BURST - 1) * EVERY));
    Ok((earliest > now).then(|| now.seconds_until(earliest)))
}

/// Counts a wrong code from `place`.
async fn miss(tx: &mut Tx, person: UserId, place: &str, now: Timestamp) -> Result<Tried, StoreError> {
    sql!(
        tx,
        execute,
        "delete from totp_misses where person = $1 and full_at <= $2",
        person,
        now
    )?;
    sql!(
        tx,
        execute,
        "insert into totp_misses (person, place, full_at) values ($1, $2, $3) \
         on conflict (person, place) do update set full_at = totp_misses.full_at + $4",
        person,
        place,
        now.plus(EVERY),
        EVERY
    )?;
    let last = wait(tx, person, place, now).await?.is_some();
    Ok(Tried::Wrong { last })
}

async fn open(tx: &mut Tx, person: UserId, field: Field, text: &str) -> Result<Vec<u8>, Refusal> {
    let opened = sealed::open(tx, person, field, person.0.as_bytes(), text).await?;
    opened
        .bytes()
        .ok_or_else(|| Refusal::Broken("the authenticator of somebody erased".to_owned()))
}

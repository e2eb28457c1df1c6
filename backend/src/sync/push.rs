//! Handing in: one mutation of a device, in its order, exactly once. What it did, the numbers of what changed, its result
//! and the device's `last_mid` are one transaction; of one that is refused only the result and the number remain.
//!
//! Nothing a device sends may block what it sends next: whatever is wrong with a mutation for good spends its number.
//! Only what may pass (a database that is away, a limit) leaves the number unspent.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::mutation::{Kind, MAX_ARGS, Mutation};
use momfood_protocol::sync::{Envelope, Gap, MutationResult, MutationStatus};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

use super::device::{Device, last_mid};
use super::once::{Claim, Key, Outcome, digest_of};
use crate::clock::Clock;
use crate::error::{ApiError, ErrorCode};
use crate::store::{StoreError, Tx, sql};

/// A mutation that has broken the server so often is set aside.
const ATTEMPTS: i64 = 5;
/// Most numbers in one gap.
const WIDEST_GAP: i64 = 10_000_000;

/// What handing one in came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Pushed {
    /// It has ended, now or before.
    Ended(MutationResult),
    /// Its number is not the next: the device must go on from this one.
    Expected(i64),
}

/// Why one was not handed in. Nothing of it remains, and its number is not spent.
#[derive(Clone, Debug)]
pub enum NotPushed {
    /// Its number was used for something else: the device is a copy, or was restored.
    Fork,
    /// The database cannot be used now. The transaction is to be given up.
    Outage(StoreError),
    /// It broke the program, and will again: to be counted by [`blame`] in a transaction of its own.
    Fault(String),
}

impl From<StoreError> for NotPushed {
    fn from(error: StoreError) -> Self {
        if error.is_deterministic() {
            Self::Fault(error.to_string())
        } else {
            Self::Outage(error)
        }
    }
}

/// Why a handler did not do it.
#[derive(Debug)]
pub enum Refusal {
    /// For good.
    Refused(ApiError),
    /// The database.
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What does mutations: the program's own handler, or a test's.
pub type Handler = for<'a> fn(
    &'a mut Tx,
    &'a Device,
    &'a Mutation,
    &'a Envelope,
    &'a Clock,
) -> BoxFuture<'a, Result<Outcome, Refusal>>;

/// A mutation as it came, and what it says.
struct Sent<'a> {
    envelope: &'a Envelope,
    /// Of its bytes: compared when its number is seen again.
    hash: [u8; 32],
    read: Result<Mutation, ErrorCode>,
}

impl<'a> Sent<'a> {
    fn read(envelope: &'a Envelope) -> Self {
        // The keys of a `Value` are sorted: the same arguments are the same text.
        let args = envelope.args.to_string();
        let hash = Sha256::new()
            .chain_update(&envelope.name)
            .chain_update([0])
            .chain_update(envelope.ver.to_be_bytes())
            .chain_update(&args)
            .finalize()
            .into();
        let read = if args.len() + envelope.name.len() > MAX_ARGS {
            Err(ErrorCode::BodyTooLarge)
        } else if args.contains("\\u0000") {
            // PostgreSQL keeps no such text, and nobody means it.
            Err(ErrorCode::Unreadable)
        } else {
            Mutation::read(&envelope.name, envelope.ver, envelope.args.clone())
                .map_err(|_| ErrorCode::Unreadable)
        };
        Self { envelope, hash, read }
    }

    fn key(&self, device: &Device) -> Key {
        let request = self.read.as_ref().map_or(self.hash, digest_of);
        Key::new(device.user, self.envelope.uid, request)
    }

    /// How it ends without being tried, if it does.
    fn verdict(&self, device: &Device, now: Timestamp) -> Option<Outcome> {
        let mutation = match &self.read {
            Ok(mutation) => mutation,
            Err(ErrorCode::Unreadable) => return Some(Outcome::quarantined(ErrorCode::Unreadable)),
            Err(code) => return Some(Outcome::rejected(&ApiError::new(*code).with("limit", MAX_ARGS))),
        };
        let is_intent = mutation.kind() == Kind::Intent;
        let late = self.envelope.valid_until.is_some_and(|until| now > until);
        let code = match (is_intent, device.may_act) {
            (true, false) => ErrorCode::Forbidden,
            (true, true) if late => ErrorCode::TooLate,
            _ => return None,
        };
        Some(Outcome::rejected(&ApiError::new(code)))
    }

    fn result(&self, outcome: Outcome, replayed: bool) -> MutationResult {
        MutationResult {
            mid: self.envelope.mid,
            status: outcome.status,
            replayed,
            review: outcome.review,
            code: outcome.code,
            details: outcome.details,
            retry_at: None,
        }
    }
}

/// A mutation whose time has not come.
pub(super) const fn deferred(mid: i64, code: ErrorCode, retry_at: Timestamp) -> MutationResult {
    MutationResult {
        mid,
        status: MutationStatus::Deferred,
        replayed: false,
        review: false,
        code: Some(code),
        details: Value::Null,
        retry_at: Some(retry_at),
    }
}

/// Hands one in, whole: also when it is refused, what remains is in this transaction. After [`NotPushed::Fault`] and
/// [`NotPushed::Fork`] the transaction can go on, without it.
pub async fn push_one(
    tx: &mut Tx,
    device: &Device,
    envelope: &Envelope,
    clock: &Clock,
    handler: Handler,
) -> Result<Pushed, NotPushed> {
    let sent = Sent::read(envelope);
    let part = tx.part().await?;
    match attempt(tx, device, &sent, clock, handler).await {
        Ok(Attempt::Ended(pushed)) => {
            tx.keep(part).await?;
            Ok(pushed)
        }
        Ok(Attempt::Refused(outcome)) => {
            tx.undo(part).await?;
            record(tx, device, &sent, outcome, clock.now()).await
        }
        Err(NotPushed::Outage(error)) => Err(NotPushed::Outage(error)),
        Err(other) => {
            tx.undo(part).await.map_err(NotPushed::Outage)?;
            Err(other)
        }
    }
}

/// What trying one in a transaction of its own came to.
pub(super) enum Alone {
    /// The transaction holds it.
    Ended(Pushed),
    /// The transaction is to be given up, and this kept by [`refuse`] in another.
    Refused(Outcome),
}

/// Hands one in as all of a transaction: saves marking where it began.
pub(super) async fn push_alone(
    tx: &mut Tx,
    device: &Device,
    envelope: &Envelope,
    clock: &Clock,
    handler: Handler,
) -> Result<Alone, NotPushed> {
    match attempt(tx, device, &Sent::read(envelope), clock, handler).await? {
        Attempt::Ended(pushed) => Ok(Alone::Ended(pushed)),
        Attempt::Refused(outcome) => Ok(Alone::Refused(outcome)),
    }
}

/// Keeps that one was refused, unless its number was spent meanwhile.
pub(super) async fn refuse(
    tx: &mut Tx,
    device: &Device,
    envelope: &Envelope,
    outcome: Outcome,
    now: Timestamp,
) -> Result<Pushed, NotPushed> {
    record(tx, device, &Sent::read(envelope), outcome, now).await
}

enum Attempt {
    Ended(Pushed),
    /// Everything done so far must be undone.
    Refused(Outcome),
}

async fn attempt(
    tx: &mut Tx,
    device: &Device,
    sent: &Sent<'_>,
    clock: &Clock,
    handler: Handler,
) -> Result<Attempt, NotPushed> {
    let now = clock.now();
    let mutation = match (sent.verdict(device, now), &sent.read) {
        (None, Ok(mutation)) => mutation,
        (verdict, _) => {
            let outcome = verdict.unwrap_or(Outcome::quarantined(ErrorCode::Unreadable));
            return record(tx, device, sent, outcome, now).await.map(Attempt::Ended);
        }
    };
    if !advance(tx, device, sent, now).await? {
        return look_back(tx, device, sent).await.map(Attempt::Ended);
    }
    let key = sent.key(device);
    let applied = Outcome::applied();
    if let Some((outcome, replayed)) = before(key.claim_as(tx, &applied, now).await?) {
        return end(tx, device, sent, outcome, replayed, now)
            .await
            .map(Attempt::Ended);
    }
    let doing = handler(tx, device, mutation, sent.envelope, clock);
    let done = match AssertUnwindSafe(doing).catch_unwind().await {
        Ok(done) => done,
        Err(panic) => return Err(NotPushed::Fault(words(&*panic))),
    };
    let outcome = match done {
        Ok(outcome) => outcome,
        Err(Refusal::Refused(refusal)) => return Ok(Attempt::Refused(Outcome::rejected(&refusal))),
        Err(Refusal::Store(error)) => return Err(error.into()),
    };
    if outcome != applied {
        key.end_as(tx, &outcome).await?;
    }
    end(tx, device, sent, outcome, false, now)
        .await
        .map(Attempt::Ended)
}

/// Spends the number for `outcome`, of which there is nothing else to write.
async fn record(
    tx: &mut Tx,
    device: &Device,
    sent: &Sent<'_>,
    outcome: Outcome,
    now: Timestamp,
) -> Result<Pushed, NotPushed> {
    if !advance(tx, device, sent, now).await? {
        return look_back(tx, device, sent).await;
    }
    let claim = sent.key(device).claim_as(tx, &outcome, now).await?;
    if let Some((outcome, replayed)) = before(claim) {
        return end(tx, device, sent, outcome, replayed, now).await;
    }
    if outcome.status == MutationStatus::Quarantined {
        let code = outcome.code.unwrap_or(ErrorCode::Internal);
        set_aside(tx, device, sent.envelope, &format!("{code:?}"), now).await?;
    }
    end(tx, device, sent, outcome, false, now).await
}

/// How a key that was claimed before makes its mutation end, and whether that is how it ended then.
fn before(claim: Claim) -> Option<(Outcome, bool)> {
    #[cfg(feature = "faults")]
    if crate::faults::is(crate::faults::Fault::NoUidGuard) {
        return None;
    }
    match claim {
        Claim::First => None,
        Claim::Ended(outcome) => Some((outcome, true)),
        Claim::Another => Some((Outcome::rejected(&ApiError::new(ErrorCode::KeyReused)), false)),
    }
}

/// Takes the number if it is the next, and keeps others of the device waiting until the transaction ends.
async fn advance(tx: &mut Tx, device: &Device, sent: &Sent<'_>, now: Timestamp) -> Result<bool, StoreError> {
    let mid = sent.envelope.mid;
    let rows = sql!(
        tx,
        execute,
        "update sync_device set last_mid = $1, seen_at = $2 where device = $3 and last_mid = $4",
        mid,
        now,
        device.id,
        mid.saturating_sub(1)
    )?;
    Ok(rows == 1)
}

#[derive(sqlx::FromRow)]
struct ResultRow {
    uid: Uuid,
    request_hash: Vec<u8>,
    status: String,
    disposition: String,
    code: Option<String>,
    detail: Option<Json<Value>>,
}

/// What became of a number that is not the next.
async fn look_back(tx: &mut Tx, device: &Device, sent: &Sent<'_>) -> Result<Pushed, NotPushed> {
    let last = last_mid(tx, device.id).await?;
    let mid = sent.envelope.mid;
    if mid > last {
        return Ok(Pushed::Expected(last.saturating_add(1)));
    }
    let row = sql!(
        tx,
        fetch_optional as ResultRow,
        "select uid, request_hash, status, disposition, code, detail from sync_result where device = $1 and mid = $2",
        device.id,
        mid
    )?;
    let same = |row: &ResultRow| row.uid == sent.envelope.uid && row.request_hash == sent.hash;
    let row = row.filter(same).ok_or(NotPushed::Fork)?;
    let outcome = Outcome {
        status: serde_json::from_value(row.status.into()).unwrap_or(MutationStatus::Quarantined),
        review: row.disposition == "review",
        code: row.code.and_then(|code| serde_json::from_value(code.into()).ok()),
        details: row.detail.map_or(Value::Null, |Json(detail)| detail),
    };
    Ok(Pushed::Ended(sent.result(outcome, true)))
}

/// Keeps how it ended.
async fn end(
    tx: &mut Tx,
    device: &Device,
    sent: &Sent<'_>,
    outcome: Outcome,
    replayed: bool,
    now: Timestamp,
) -> Result<Pushed, NotPushed> {
    let hash: &[u8] = &sent.hash;
    let status = match outcome.status {
        MutationStatus::Applied | MutationStatus::Deferred => "applied",
        MutationStatus::Rejected => "rejected",
        MutationStatus::Quarantined => "quarantined",
    };
    let code = outcome.code.and_then(|code| match serde_json::to_value(code) {
        Ok(Value::String(code)) => Some(code),
        _ => None,
    });
    let detail = Some(&outcome.details).filter(|details| !details.is_null());
    sql!(
        tx,
        execute,
        "insert into sync_result (device, mid, uid, request_hash, status, disposition, code, detail, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        device.id,
        sent.envelope.mid,
        sent.envelope.uid,
        hash,
        status,
        if outcome.review { "review" } else { "none" },
        code.as_deref(),
        detail.map(Json),
        now
    )?;
    Ok(Pushed::Ended(sent.result(outcome, replayed)))
}

/// Counts that a mutation broke the program. Once it has done so five times it is set aside and its number is
/// spent; until then, when to try it again.
pub async fn blame(
    tx: &mut Tx,
    device: &Device,
    envelope: &Envelope,
    error: &str,
    clock: &Clock,
) -> Result<Pushed, NotPushed> {
    let now = clock.now();
    let attempts = set_aside(tx, device, envelope, error, now).await?;
    if attempts < ATTEMPTS {
        let retry_at = now.plus(SECOND << attempts.clamp(0, 5));
        let again = deferred(envelope.mid, ErrorCode::Internal, retry_at);
        return Ok(Pushed::Ended(again));
    }
    sql!(
        tx,
        execute,
        "update sync_quarantine set quarantined_at = $1 where device = $2 and mid = $3",
        now,
        device.id,
        envelope.mid
    )?;
    let sent = Sent::read(envelope);
    if !advance(tx, device, &sent, now).await? {
        return look_back(tx, device, &sent).await;
    }
    let outcome = Outcome::quarantined(ErrorCode::Internal);
    if let Some((outcome, replayed)) = before(sent.key(device).claim_as(tx, &outcome, now).await?) {
        return end(tx, device, &sent, outcome, replayed, now).await;
    }
    end(tx, device, &sent, outcome, false, now).await
}

/// Keeps a mutation whole and counts how often it has failed. One that nobody can read fails once.
async fn set_aside(
    tx: &mut Tx,
    device: &Device,
    envelope: &Envelope,
    error: &str,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let unread = Sent::read(envelope).read.is_err();
    let (attempts,) = sql!(
        tx,
        fetch_one as (i64,),
        "insert into sync_quarantine (device, mid, uid, actor, name, ver, args, occurred_at, attempts, error, at,
            quarantined_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11)
         on conflict (device, mid) do update set
            attempts = case when sync_quarantine.uid = excluded.uid then sync_quarantine.attempts + 1 else 1 end,
            uid = excluded.uid, name = excluded.name, ver = excluded.ver, args = excluded.args,
            error = excluded.error, at = excluded.at
         returning attempts",
        device.id,
        envelope.mid,
        envelope.uid,
        device.user,
        envelope.name.replace('\0', "\u{fffd}"),
        i64::from(envelope.ver),
        envelope.args.to_string(),
        envelope.occurred_at,
        error.replace('\0', "\u{fffd}"),
        now,
        Some(now).filter(|_| unread)
    )?;
    Ok(attempts)
}

/// Writes down that the device no longer has the mutations of `gap`, and goes on behind it. A gap that does not begin
/// at the expected number changes nothing.
pub async fn declare_gap(tx: &mut Tx, device: &Device, gap: Gap, now: Timestamp) -> Result<bool, StoreError> {
    if gap.from < 1 || gap.to < gap.from || gap.to - gap.from >= WIDEST_GAP {
        return Ok(false);
    }
    let moved = sql!(
        tx,
        execute,
        "update sync_device set last_mid = $1, seen_at = $2 where device = $3 and last_mid = $4",
        gap.to,
        now,
        device.id,
        gap.from - 1
    )?;
    if moved == 1 {
        sql!(
            tx,
            execute,
            "insert into sync_gap (device, from_mid, to_mid, at) values ($1, $2, $3, $4)",
            device.id,
            gap.from,
            gap.to,
            now
        )?;
    }
    Ok(moved == 1)
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("panicked: {}", text.unwrap_or("(no message)"))
}

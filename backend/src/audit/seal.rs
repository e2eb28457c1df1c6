//! Seals entries: appends each to the chain, once, in the order in which it is found. A transaction that began earlier may
//! commit later; its entries get later numbers, and the chain holds whatever the order of commits. Found by what the entry
//! left in `audit_waiting`, in its own transaction. However many processes: who appends holds the one row of
//! `audit_chain`.
//!
//! Between rounds, the chain is read again a piece at a time, so that what was changed is noticed without anybody asking.

use std::sync::{Mutex, PoisonError};

use momfood_domain::time::{SECOND, Timestamp};
use sqlx::types::Json;
use uuid::Uuid;

use super::chain::{self, Hash, Line, START};
use super::verify::{self, Check};
use crate::app::App;
use crate::store::{Db, StoreError, Tx, sql};

/// Sealed so often, in each process.
const EVERY: i64 = 5 * SECOND;
/// Entries sealed in one transaction.
const ROUND: i64 = 200;
/// Rounds in a row at most: the rest is sealed the next time.
const ROUNDS: usize = 50;
/// Entries read again each time.
const AGAIN: i64 = 500;

/// What sealing keeps in memory of this process.
#[derive(Default)]
pub struct Sealing(Mutex<State>);

#[derive(Default)]
struct State {
    last: Option<Timestamp>,
    /// How far the chain has been read again, and what was found on the way.
    check: Check,
    /// The first number that was found not to follow.
    broken_at: Option<i64>,
}

impl Sealing {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When it is time again, if it is not time now; else it counts as done.
    fn not_before(&self, now: Timestamp) -> Option<Timestamp> {
        let mut state = self.state();
        match state.last {
            Some(last) if now >= last && now.since(last) < EVERY => Some(last.plus(EVERY)),
            _ => {
                state.last = Some(now);
                None
            }
        }
    }

    /// The first number that was found not to follow from the one before it, since the chain was last read in whole.
    pub fn broken_at(&self) -> Option<i64> {
        self.state().broken_at
    }
}

/// Seals what waits, if it is time to. Returns when it will be.
pub async fn seal_due(app: &App, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    if let Some(next) = app.sealing.not_before(now) {
        return Ok(Some(next));
    }
    for _ in 0..ROUNDS {
        if seal(&app.db, now).await? < ROUND {
            break;
        }
    }
    read_again(app).await?;
    Ok(None)
}

/// Seals the next entries that wait; says how many. None when another process is at it.
pub async fn seal(db: &Db, now: Timestamp) -> Result<i64, StoreError> {
    let mut tx = db.read().await?;
    let waits = sql!(
        &mut tx,
        fetch_optional as (Uuid,),
        "select entry from audit_waiting limit 1"
    )?;
    drop(tx);
    if waits.is_none() {
        return Ok(0);
    }
    db.write(async move |mut tx| append(&mut tx, now).await).await
}

async fn append(tx: &mut Tx, now: Timestamp) -> Result<i64, StoreError> {
    let end = sql!(
        tx,
        fetch_optional as (i64, Vec<u8>),
        "select number, hash from audit_chain where id = 1 {skip_locked}"
    )?;
    let Some((mut number, hash)) = end else {
        return Ok(0);
    };
    // An end that is no hash was written by somebody else: the chain goes on, and does not verify.
    let mut hash: Hash = chain::read(&hash).unwrap_or(START);
    let lines = sql!(
        tx,
        fetch_all as Line,
        "select a.id, a.at, a.actor, a.role, a.action, a.subject, a.subject_id, cast(a.detail as text) as detail
         from audit_waiting w join audit_log a on a.id = w.entry order by a.at, a.id limit $1",
        ROUND
    )?;
    for line in &lines {
        number += 1;
        hash = chain::next(&hash, number, line);
        sql!(
            tx,
            execute,
            "insert into audit_seal (number, entry, hash, at) values ($1, $2, $3, $4)",
            number,
            line.id,
            hash.as_slice(),
            now
        )?;
    }
    let sealed: Vec<Uuid> = lines.iter().map(|line| line.id).collect();
    sql!(
        tx,
        execute,
        "delete from audit_waiting where entry in {uuids($1)}",
        Json(&sealed)
    )?;
    sql!(
        tx,
        execute,
        "update audit_chain set number = $1, hash = $2 where id = 1",
        number,
        hash.as_slice()
    )?;
    Ok(i64::try_from(sealed.len()).unwrap_or(i64::MAX))
}

/// Reads the next piece of the chain again; from the beginning once it was read to its end.
async fn read_again(app: &App) -> Result<(), StoreError> {
    let mut check = std::mem::take(&mut app.sealing.state().check);
    let mut tx = app.db.read().await?;
    let more = verify::piece(&mut tx, &mut check, AGAIN).await?;
    drop(tx);
    let mut state = app.sealing.state();
    let found = check.first();
    if let Some(number) = found.filter(|_| state.broken_at != found) {
        tracing::error!(
            number,
            "the audit log was changed behind the server's back: run `momfood audit verify`"
        );
    }
    if more {
        state.broken_at = state.broken_at.or(found);
        state.check = check;
    } else {
        state.broken_at = found;
        state.check = Check::default();
    }
    Ok(())
}

//! `POST /sync` without HTTP: who is it, what do they hand in, what have they not read. Drives transactions; what happens
//! inside of them is in [`push`](mod@super::push) and [`pull`](mod@super::pull). Reading never waits for handing in.

use std::collections::BTreeMap;
use std::sync::Arc;

use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::PROTO;
use momfood_protocol::sync::{Envelope, MOST_MUTATIONS, MutationResult, SCHEMA, SyncAnswer, SyncRequest};
use uuid::Uuid;

use super::device::{self, Device, Known};
use super::heads::{epoch, rotate_once};
use super::once::Outcome;
use super::pace::Pace;
use super::pull::{Pulled, Reader, pull};
use super::push::{self, Alone, Handler, NotPushed, Pushed};
use crate::clock::Clock;
use crate::error::{ApiError, ErrorCode};
use crate::identity::{self, SignedIn};
use crate::store::{Db, Engine, StoreError, Tx, sql};

/// The oldest [`PROTO`] that is still spoken.
const OLDEST: u32 = 1;
/// Mutations that share a transaction on SQLite, where transactions share a commit anyway.
const TOGETHER: usize = 16;
/// How often one is tried when others were in the way.
const TRIES: usize = 3;
/// After an outage a device comes back in this long.
const AFTER_OUTAGE: i64 = 2 * SECOND;

/// Who hands in, and how they show it.
#[derive(Clone, Debug)]
pub enum Sender {
    /// Somebody with a session: may read, too.
    SignedIn(SignedIn),
    /// A device with its secret: may hand in what waits, and nothing else.
    Device {
        /// Which.
        device: Uuid,
        /// Its secret.
        key: String,
    },
}

/// What an exchange works with.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The database.
    pub db: &'a Db,
    /// Time and ids.
    pub clock: &'a Clock,
    /// How fast a device may go; as fast as it can when absent.
    pub pace: Option<&'a Pace>,
    /// What does mutations.
    pub handler: Handler,
}

/// Refuses a program that is newer than this one, or too old for it.
pub fn check_protocol(proto: u32, schema: u32) -> Result<(), ApiError> {
    if (OLDEST..=PROTO).contains(&proto) && (1..=SCHEMA).contains(&schema) {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::ProtocolUnsupported)
        .with("proto", PROTO)
        .with("schema", SCHEMA))
}

/// Takes in what a device hands in, and reads on for who is signed in.
pub async fn exchange(
    desk: &Desk<'_>,
    sender: &Sender,
    request: SyncRequest,
) -> Result<SyncAnswer, ApiError> {
    check_protocol(request.proto, request.schema)?;
    if request.mutations.iter().any(|sent| sent.mid < 1) {
        return Err(ApiError::new(ErrorCode::InvalidInput).with("field", "mutations"));
    }
    let (device, paused_until) = introduce(desk, sender, &request).await?;
    // What it hands in, it numbered in another history, where it may have been done already: it is to hear of this one first,
    // and then hands in what this one lacks. Else a copy of an old request could be done here and be refused, while its
    // person was told that it was done.
    let is_of_here = is_of_here(desk, request.epoch).await?;
    if let Some(gap) = request.gap.filter(|_| is_of_here) {
        let now = desk.clock.now();
        desk.db
            .write(async move |mut tx| push::declare_gap(&mut tx, &device, gap, now).await)
            .await?;
    }
    let mut results = Vec::new();
    if is_of_here && !request.mutations.is_empty() {
        let now = desk.clock.now();
        match paused_until.filter(|until| *until > now) {
            Some(until) => {
                let first = request.mutations[0].mid;
                results.push(push::deferred(first, ErrorCode::TryAgain, until));
            }
            None => hand_in(desk, device, request.mutations, &mut results).await?,
        }
    }
    let reading = Reading {
        device: request.device,
        epoch: request.epoch,
        cursors: request.scopes,
        limit: request.limit,
    };
    let pulled = read_on(desk, sender, reading).await?;
    Ok(SyncAnswer {
        epoch: pulled.epoch,
        time: desk.clock.now(),
        expected_mid: pulled.last_mid.saturating_add(1),
        results,
        scopes: pulled.scopes,
        last_mids: BTreeMap::from([(request.device, pulled.last_mid)]),
        grants: pulled.grants,
    })
}

/// Learns which device it is and that it is the sender's, and until when the server takes in nothing.
async fn introduce(
    desk: &Desk<'_>,
    sender: &Sender,
    request: &SyncRequest,
) -> Result<(Device, Option<Timestamp>), ApiError> {
    let now = desk.clock.now();
    let id = request.device;
    let mut tx = desk.db.read().await?;
    let paused_until = paused_until(&mut tx).await?;
    let caller = match sender {
        Sender::Device { device, key } => {
            if *device != id {
                return Err(ApiError::new(ErrorCode::Forbidden));
            }
            return Ok((device::of_key(&mut tx, id, key).await?, paused_until));
        }
        Sender::SignedIn(caller) => *caller,
    };
    let key = request.push_key.as_deref();
    match device::of_actor(&mut tx, id, &caller.actor, key).await? {
        Known::Theirs(device) => return Ok((device, paused_until)),
        // Nobody who has just been signed out takes a device.
        Known::New if !identity::is_alive(&mut tx, caller.session, now).await? => {
            return Err(ApiError::new(ErrorCode::SessionRevoked));
        }
        Known::New => {}
    }
    drop(tx);
    let key = request.push_key.clone();
    let device = desk
        .db
        .write(async move |mut tx| device::bind(&mut tx, id, &caller.actor, key.as_deref(), now).await)
        .await?;
    Ok((device, paused_until))
}

/// Whether a device that knows the history `known` speaks of this one, as far as it says.
async fn is_of_here(desk: &Desk<'_>, known: Option<Uuid>) -> Result<bool, StoreError> {
    #[cfg(feature = "faults")]
    if crate::faults::is(crate::faults::Fault::OldHistory) {
        return Ok(true);
    }
    let Some(known) = known else {
        return Ok(true);
    };
    Ok(epoch(&mut desk.db.read().await?).await? == known)
}

/// Until when mutations are deferred, if ever they were.
async fn paused_until(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (Timestamp,),
        "select until from sync_pause where id = 1"
    )?;
    Ok(row.map(|(until,)| until))
}

/// Has mutations deferred until `until`: for maintenance.
pub async fn pause(tx: &mut Tx, until: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "insert into sync_pause (id, until) values (1, $1) on conflict (id) do update set until = excluded.until",
        until
    )
    .map(|_rows| ())
}

/// Takes mutations in, one after the other, until one cannot be. Says what became of each.
async fn hand_in(
    desk: &Desk<'_>,
    device: Device,
    mut mutations: Vec<Envelope>,
    results: &mut Vec<MutationResult>,
) -> Result<(), ApiError> {
    mutations.truncate(MOST_MUTATIONS);
    let now = desk.clock.now();
    let (allowed, next) = match desk.pace {
        Some(pace) => pace.take(device.id, mutations.len(), now),
        None => (mutations.len(), now),
    };
    let mutations: Arc<[Envelope]> = mutations.into();
    let mut at = 0;
    let mut together = match desk.db.engine() {
        Engine::Sqlite => TOGETHER,
        // There a commit is shared with whoever else commits, and a lock is better held shortly.
        Engine::Postgres => 1,
    };
    while at < allowed {
        let end = (at + together).min(allowed);
        let done = match end - at {
            1 => one(desk, device, &mutations, at).await,
            _ => several(desk, device, &mutations, (at, end)).await,
        };
        match done {
            Ok(Several { ended, stopped }) => {
                at += ended.len();
                results.extend(ended);
                match stopped {
                    None => {}
                    Some(Stop::Expected) => return Ok(()),
                    Some(Stop::Fork) => return Err(ApiError::new(ErrorCode::IdentityFork)),
                    Some(Stop::Fault(error)) => {
                        let result = blamed(desk, device, &mutations, at, error).await;
                        let goes_on = result.status.is_final();
                        results.push(result);
                        if !goes_on {
                            return Ok(());
                        }
                        at += 1;
                    }
                }
            }
            // Perhaps because of one of them: the others need not suffer for it.
            Err(_) if end - at > 1 => together = 1,
            Err(error) => {
                tracing::warn!(%error, "a mutation could not be taken in now");
                results.push(outage(&mutations[at], desk.clock.now()));
                return Ok(());
            }
        }
    }
    if let Some(next_one) = mutations.get(allowed) {
        results.push(push::deferred(next_one.mid, ErrorCode::RateLimited, next));
    }
    Ok(())
}

fn outage(envelope: &Envelope, now: Timestamp) -> MutationResult {
    push::deferred(envelope.mid, ErrorCode::TryAgain, now.plus(AFTER_OUTAGE))
}

/// What became of some, and why the next could not be taken in.
#[derive(Default)]
struct Several {
    ended: Vec<MutationResult>,
    stopped: Option<Stop>,
}

enum Stop {
    Expected,
    Fork,
    Fault(String),
}

impl Several {
    /// Takes note of one; whether to go on with the next.
    fn note(&mut self, done: Result<Pushed, NotPushed>) -> Result<bool, StoreError> {
        self.stopped = match done {
            Ok(Pushed::Ended(result)) => {
                self.ended.push(result);
                None
            }
            Ok(Pushed::Expected(_)) => Some(Stop::Expected),
            Err(NotPushed::Fork) => Some(Stop::Fork),
            Err(NotPushed::Fault(error)) => Some(Stop::Fault(error)),
            Err(NotPushed::Outage(error)) => return Err(error),
        };
        Ok(self.stopped.is_none())
    }
}

/// Some in one transaction.
async fn several(
    desk: &Desk<'_>,
    device: Device,
    mutations: &Arc<[Envelope]>,
    (from, to): (usize, usize),
) -> Result<Several, StoreError> {
    let (mutations, clock, handler) = (Arc::clone(mutations), desk.clock.clone(), desk.handler);
    let work = desk.db.write(async move |mut tx| {
        let mut several = Several::default();
        for envelope in &mutations[from..to] {
            let done = push::push_one(&mut tx, &device, envelope, &clock, handler).await;
            if !several.note(done)? {
                break;
            }
        }
        Ok(several)
    });
    work.await
}

/// What giving a transaction up leaves to be done.
enum GivenUp {
    Refused(Outcome),
    NotPushed(NotPushed),
}

impl From<StoreError> for GivenUp {
    fn from(error: StoreError) -> Self {
        Self::NotPushed(error.into())
    }
}

/// One in a transaction of its own, and what remains of a refused one in another.
async fn one(
    desk: &Desk<'_>,
    device: Device,
    mutations: &Arc<[Envelope]>,
    at: usize,
) -> Result<Several, StoreError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let mut several = Several::default();
        let done = alone(desk, device, mutations, at).await;
        match several.note(done) {
            Ok(_) => return Ok(several),
            Err(StoreError::Busy(_)) if tries < TRIES => {}
            Err(error) => return Err(error),
        }
    }
}

async fn alone(
    desk: &Desk<'_>,
    device: Device,
    mutations: &Arc<[Envelope]>,
    at: usize,
) -> Result<Pushed, NotPushed> {
    let (sent, clock, handler) = (Arc::clone(mutations), desk.clock.clone(), desk.handler);
    let work = desk.db.write(async move |mut tx| {
        match push::push_alone(&mut tx, &device, &sent[at], &clock, handler).await {
            Ok(Alone::Ended(pushed)) => Ok(pushed),
            Ok(Alone::Refused(outcome)) => Err(GivenUp::Refused(outcome)),
            Err(error) => Err(GivenUp::NotPushed(error)),
        }
    });
    let outcome = match work.await {
        Ok(pushed) => return Ok(pushed),
        Err(GivenUp::NotPushed(error)) => return Err(error),
        Err(GivenUp::Refused(outcome)) => outcome,
    };
    let (sent, now) = (Arc::clone(mutations), desk.clock.now());
    let work = desk.db.write(async move |mut tx| {
        let refused = push::refuse(&mut tx, &device, &sent[at], outcome, now).await;
        refused.map_err(GivenUp::NotPushed)
    });
    match work.await {
        Ok(pushed) => Ok(pushed),
        Err(GivenUp::NotPushed(error)) => Err(error),
        Err(GivenUp::Refused(outcome)) => Err(NotPushed::Fault(format!("{outcome:?}"))),
    }
}

/// Counts that one broke the program, in a transaction of its own.
async fn blamed(
    desk: &Desk<'_>,
    device: Device,
    mutations: &Arc<[Envelope]>,
    at: usize,
    error: String,
) -> MutationResult {
    tracing::error!(name = mutations[at].name, error, "a mutation broke its handler");
    let (sent, clock) = (Arc::clone(mutations), desk.clock.clone());
    let work = desk.db.write(async move |mut tx| {
        let counted = push::blame(&mut tx, &device, &sent[at], &error, &clock).await;
        counted.map_err(GivenUp::NotPushed)
    });
    match work.await {
        Ok(Pushed::Ended(result)) => result,
        _ => outage(&mutations[at], desk.clock.now()),
    }
}

/// What a request asks to read.
struct Reading {
    device: Uuid,
    epoch: Option<Uuid>,
    cursors: BTreeMap<String, momfood_protocol::sync::Cursor>,
    limit: u32,
}

/// Reads on in one snapshot; in another one of a new history when it turns out that data was lost.
async fn read_on(desk: &Desk<'_>, sender: &Sender, reading: Reading) -> Result<Pulled, ApiError> {
    let pulled = read_once(desk, sender, &reading).await?;
    let Some(scope) = pulled.lost else {
        return Ok(pulled);
    };
    let (ids, now) = ((pulled.epoch, desk.clock.uuid()), desk.clock.now());
    let rotated = desk
        .db
        .write(async move |mut tx| rotate_once(&mut tx, ids, &scope.to_string(), now).await)
        .await?;
    if !rotated {
        return Ok(pulled);
    }
    tracing::error!("a device knows more than the database: data was lost, and a new history begins");
    read_once(desk, sender, &reading).await
}

async fn read_once(desk: &Desk<'_>, sender: &Sender, reading: &Reading) -> Result<Pulled, ApiError> {
    let now = desk.clock.now();
    let mut tx = desk.db.read().await?;
    let nothing = BTreeMap::new();
    let (actor, cursors) = match sender {
        Sender::SignedIn(caller) => {
            let alive = identity::is_alive(&mut tx, caller.session, now).await?;
            (Some(caller.actor).filter(|_| alive), &reading.cursors)
        }
        // Its secret is for handing in.
        Sender::Device { .. } => (None, &nothing),
    };
    let reader = Reader {
        actor,
        device: reading.device,
        epoch: reading.epoch,
        cursors,
        limit: reading.limit,
    };
    Ok(pull(&mut tx, &reader, now).await?)
}

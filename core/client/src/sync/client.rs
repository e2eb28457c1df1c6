//! The machine over its store. Takes inputs, and does the acts that follow one by one: each writes at most one
//! transaction of one file, and the program may end between any two.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use momfood_domain::actor::Actor;
use momfood_domain::id::UserId;
use momfood_domain::order::Rejection;
use momfood_domain::time::Timestamp;
use momfood_protocol::PROTO;
use momfood_protocol::engine::Line;
use momfood_protocol::error::Failure;
use momfood_protocol::feed::{Change, OrderPosition, Scope};
use momfood_protocol::mutation::{Kind, Mutation};
use momfood_protocol::problem::Problem;
use momfood_protocol::sync::{
    MAX_PART, MOST_CHANGES, MutationResult, MutationStatus, Presence, SCHEMA, SyncRequest,
};
use uuid::Uuid;

use super::Faults;
use super::machine::{Act, Answer, Beginning, By, Input, Machine};
use super::pull::Standing as ScopeStanding;
use super::shown::{Changed, Shown};
use crate::store::{Applied, Identity, NewMutation, Queued, Standing, Store, StoreError, Tapped, Vault};

/// Most bytes of arguments in one request; a single mutation always fits.
const MOST_BYTES: usize = 1024 * 1024;

/// What a step leaves to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open the stream, under this number; the one before is given up.
    Open {
        /// Under this number.
        number: u32,
        /// As which device.
        device: Uuid,
    },
    /// Give the stream up.
    Close,
    /// Send this, and give the answer back as [`Input::Answer`].
    Send(Outgoing),
    /// These are shown differently now.
    Changed(BTreeSet<Changed>),
    /// It is known what became of these mutations of `user`.
    Settled {
        /// Whose.
        user: Uuid,
        /// Which, by their uids.
        uids: Vec<Uuid>,
    },
    /// What waits, or was refused, is other than before.
    Outbox,
    /// A scope that was never filled could not be filled now.
    Unfilled,
    /// A driver moved.
    Moved(OrderPosition),
    /// What the server's clock says at this moment.
    ServerTime(Timestamp),
    /// The line is now so.
    Line(Line),
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// To be named with its answer.
    pub number: u32,
    /// In whose name.
    pub signed: Signed,
    /// What is asked.
    pub ask: Ask,
}

/// How a request shows whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// By the access token of who is signed in.
    Session,
    /// `Authorization: Device <device>:<push key>`.
    Device {
        /// The device.
        device: Uuid,
        /// Its secret.
        push_key: String,
    },
}

/// What a request asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// `POST /sync`.
    Sync(Box<SyncRequest>),
    /// `GET /scopes/{scope}/snapshot?device={device}`.
    Snapshot {
        /// Which scope.
        scope: Scope,
        /// For which device.
        device: Uuid,
    },
    /// `POST /presence`.
    Presence(Presence),
    /// `HEAD /blobs/{sha256}`.
    BlobState {
        /// Which bytes.
        sha256: String,
    },
    /// `PUT /blobs/{sha256}`: a part of them.
    BlobPart {
        /// Which bytes.
        sha256: String,
        /// From where on.
        offset: u64,
        /// How many there are in all.
        length: u64,
        /// The part.
        bytes: Vec<u8>,
    },
}

/// Why a tap was not taken. Nothing was written down.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotTaken {
    /// Nobody is signed in, or their vault cannot be opened.
    #[error("there is no vault")]
    NoVault,
    /// The server would refuse it.
    #[error("{0:?}")]
    Refused(Problem),
    /// It could not be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who is signed in, and their vault.
struct Own {
    user: Uuid,
    vault: Rc<Vault>,
    identity: Identity,
    scopes: Vec<Scope>,
    /// Its former names, newest first.
    former: Vec<Uuid>,
    /// Above which number of which name the rows do not hold what was tapped, newest name first.
    above: Vec<(Uuid, i64)>,
}

/// Names a device, as often as it is asked to.
pub type Fresh = dyn Fn() -> Identity;

/// See the module.
pub struct Client {
    machine: Machine,
    store: Store,
    shown: Shown,
    own: Option<Own>,
    acts: VecDeque<Act>,
    /// Bytes asked about, by the request's number.
    blobs: BTreeMap<u32, String>,
    fresh: Box<Fresh>,
    /// Add to the device's clock to get the server's.
    offset: i64,
    foreground: bool,
    faults: Faults,
}

impl Client {
    /// Over what `store` holds, with nobody signed in: what others left in their vaults goes on being handed in.
    /// `fresh` mints the identity of a device.
    pub fn new(store: Store, now: Timestamp, chance: u32, fresh: Box<Fresh>) -> Self {
        Self::with_faults(store, now, chance, fresh, Faults::NONE)
    }

    /// As [`Client::new`], with mistakes that tests must catch.
    pub fn with_faults(store: Store, now: Timestamp, chance: u32, fresh: Box<Fresh>, faults: Faults) -> Self {
        let mut client = Self {
            machine: Machine::new(faults),
            store,
            shown: Shown::default(),
            own: None,
            acts: VecDeque::new(),
            blobs: BTreeMap::new(),
            fresh,
            offset: 0,
            foreground: true,
            faults,
        };
        for user in client.store.vaults() {
            // One that cannot be opened now is tried again with the next start; nothing of it is lost.
            if let Ok(Some(vault)) = client.store.existing_vault(user, &*client.fresh, now) {
                client.count(now, chance, user, &vault, false);
            }
        }
        client
    }

    /// What is shown.
    pub const fn shown(&self) -> &Shown {
        &self.shown
    }

    /// As [`Client::shown`], to put what was looked at beside it.
    pub const fn shown_mut(&mut self) -> &mut Shown {
        &mut self.shown
    }

    /// What is kept.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// What is kept, for the next one: this one is over.
    pub fn into_store(self) -> Store {
        self.store
    }

    /// How things stand with the server.
    pub const fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The vault of who is signed in.
    pub fn vault(&self) -> Option<Rc<Vault>> {
        self.own.as_ref().map(|own| Rc::clone(&own.vault))
    }

    /// Whose vault that is.
    pub fn user(&self) -> Option<Uuid> {
        self.own.as_ref().map(|own| own.user)
    }

    /// The name of the device of who is signed in.
    pub fn device(&self) -> Option<Uuid> {
        self.own.as_ref().map(|own| own.identity.device)
    }

    /// What is to be done next, and after that.
    pub const fn acts(&self) -> &VecDeque<Act> {
        &self.acts
    }

    /// What to add to the device's clock to get the server's.
    pub fn set_offset(&mut self, offset: i64) {
        self.offset = offset;
    }

    /// Whether somebody looks at the screen.
    pub const fn set_foreground(&mut self, foreground: bool) {
        self.foreground = foreground;
    }

    /// When to call [`Client::handle`] with [`Input::Tick`] at the latest.
    pub fn next_tick(&self) -> Option<Timestamp> {
        self.machine.next_tick()
    }

    /// `actor` is signed in, and may follow `scopes`. What the cache holds of them is shown at once; what it holds of
    /// anybody else is forgotten. `is_awaited`: others want to know that this device is there.
    ///
    /// When their vault cannot be opened, an error says why; what is shown is followed all the same, and nothing can be
    /// tapped. After [`StoreError::DamagedVault`] it can, in a new one.
    pub fn begin(
        &mut self,
        now: Timestamp,
        chance: u32,
        actor: Actor,
        scopes: Vec<Scope>,
        is_awaited: bool,
    ) -> Result<(), StoreError> {
        let user = actor.user.map_or_else(Uuid::nil, |UserId(id)| id);
        let opened = self.store.vault(user, &*self.fresh, now);
        let (opened, trouble) = match opened {
            Err(damaged @ StoreError::DamagedVault { .. }) => {
                (self.store.vault(user, &*self.fresh, now), Some(damaged))
            }
            opened => (opened, None),
        };
        self.forget_others(&scopes)?;
        self.shown.clear();
        self.shown.act_as(Some(actor));
        let opened = opened.and_then(|vault| {
            let identity = vault.identity()?;
            // By the server's time, as its answers gave it: a device whose clock jumps a year lets go of nothing. And a
            // device that is full must still be able to send.
            if let Ok(Some(answered)) = vault.latest_answer() {
                let _ = vault.prune(answered);
            }
            let former = vault.former_names()?;
            Ok((vault, identity, former))
        });
        let (identity, trouble) = match opened {
            Ok((vault, identity, former)) => {
                self.own = Some(Own {
                    user,
                    vault: Rc::clone(&vault),
                    identity: identity.clone(),
                    scopes: scopes.clone(),
                    former,
                    above: vec![(identity.device, 0)],
                });
                (identity, trouble)
            }
            Err(error) => {
                self.own = None;
                ((self.fresh)(), Some(error))
            }
        };
        let standing = self.standing(&scopes);
        let (epoch, standing) = self.cached(standing);
        let mut rows = Vec::new();
        for scope in &scopes {
            rows.extend(self.store.cache().rows(&scope.to_string()).unwrap_or_default());
        }
        self.shown.load(rows);
        let scopes = scopes
            .into_iter()
            .map(|scope| (scope, standing.get(&scope).cloned().unwrap_or_default()));
        let beginning = Beginning {
            user,
            device: identity.device,
            scopes: scopes.collect(),
            epoch,
            is_awaited,
        };
        let acts = self.machine.begin(now, chance, beginning);
        self.acts.extend(acts);
        self.retap();
        if let Some(own) = &self.own {
            let vault = Rc::clone(&own.vault);
            self.count(now, chance, user, &vault, false);
        }
        match trouble {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Nobody is signed in any more. What the cache holds of them is forgotten; their vault stays, and goes on being
    /// handed in. What was shown and is not any more.
    pub fn end(&mut self, now: Timestamp, chance: u32) -> BTreeSet<Changed> {
        let acts = self.machine.end(now, chance);
        self.acts.clear();
        self.acts.extend(acts);
        self.own = None;
        // What could not be forgotten now is when the next person begins.
        let _ = self.forget_others(&[]);
        self.shown.act_as(None);
        self.shown.clear()
    }

    fn forget_others(&self, scopes: &[Scope]) -> Result<(), StoreError> {
        let kept: Vec<String> = scopes.iter().map(Scope::to_string).collect();
        for scope in self.store.cache().scopes_held()? {
            if !kept.contains(&scope) {
                self.store.cache().purge(&scope)?;
            }
        }
        Ok(())
    }

    /// What the cache says of the scopes; when it cannot be read, it is begun anew.
    fn standing(&self, scopes: &[Scope]) -> Result<BTreeMap<Scope, ScopeStanding>, StoreError> {
        let states = self.store.cache().scopes()?;
        let held = self.store.cache().scopes_held()?;
        let mut standing = BTreeMap::new();
        for scope in scopes {
            let text = scope.to_string();
            let state = states.get(&text);
            let cursor = state.map(|state| momfood_protocol::sync::Cursor {
                view: state.view.clone(),
                seq: state.seq,
            });
            let of = ScopeStanding {
                cursor,
                current: state.is_some_and(|state| state.current),
                filled: held.contains(&text),
            };
            standing.insert(*scope, of);
        }
        Ok(standing)
    }

    fn cached(
        &self,
        standing: Result<BTreeMap<Scope, ScopeStanding>, StoreError>,
    ) -> (Option<Uuid>, BTreeMap<Scope, ScopeStanding>) {
        let epoch = self.store.cache().epoch();
        match (epoch, standing) {
            (Ok(epoch), Ok(standing)) => (epoch, standing),
            _ => (None, BTreeMap::new()),
        }
    }

    /// Takes `input` at `now`; [`Client::step`] does what follows. `chance` spreads the waits of many clients.
    pub fn handle(&mut self, now: Timestamp, chance: u32, input: Input) {
        if let Input::Answer(number, answer) = &input
            && let Some(sha256) = self.blobs.remove(number)
        {
            let answer = match answer {
                Ok(Answer::Blob(state)) => Ok(*state),
                Ok(_) => return,
                Err(failure) => Err(failure),
            };
            let acts = self.machine.blob(now, chance, *number, &sha256, answer);
            self.acts.extend(acts);
            return;
        }
        let acts = self.machine.handle(now, chance, input);
        self.acts.extend(acts);
    }

    /// Does the next act; `None` when there is none.
    pub fn step(&mut self, now: Timestamp, chance: u32) -> Option<Vec<Effect>> {
        let act = self.acts.pop_front()?;
        Some(self.execute(now, chance, act))
    }

    /// Does every act there is.
    pub fn run(&mut self, now: Timestamp, chance: u32) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some(more) = self.step(now, chance) {
            effects.extend(more);
        }
        effects
    }

    /// What was tapped: refused when the server would refuse it, else written down. When this has answered, it is a
    /// promise, and it is shown. The same `uid` again is the same tap.
    pub fn tap(
        &mut self,
        now: Timestamp,
        chance: u32,
        uid: Uuid,
        mutation: Mutation,
    ) -> Result<(Queued, BTreeSet<Changed>), NotTaken> {
        let own = self.own.as_ref().ok_or(NotTaken::NoVault)?;
        mutation.check().map_err(NotTaken::Refused)?;
        let server_now = now.plus(self.offset);
        if let Err(rejection) = self.shown.predict(&mutation, server_now) {
            // What has happened has happened, whatever state the order is thought to be in.
            let is_moot = matches!(
                rejection,
                Rejection::WrongState(_) | Rejection::TooLate | Rejection::OfferOver | Rejection::NotFound
            );
            if mutation.kind() == Kind::Intent || !is_moot {
                return Err(NotTaken::Refused(Problem::from(rejection)));
            }
        }
        let mut new = NewMutation::of(uid, &mutation, now);
        new.valid_until = match &mutation {
            Mutation::PlaceOrder(order) => order.valid_until,
            _ => mutation.valid_until(server_now),
        };
        let (user, vault) = (own.user, Rc::clone(&own.vault));
        let queued = vault.enqueue(&new)?;
        let changed = if queued.again {
            BTreeSet::new()
        } else {
            self.shown.tap(uid, mutation, server_now)
        };
        self.count(now, chance, user, &vault, true);
        Ok((queued, changed))
    }

    /// Tells the machine how much waits in a vault.
    fn count(&mut self, now: Timestamp, chance: u32, user: Uuid, vault: &Vault, fresh: bool) {
        // A vault that cannot be read just now is asked again before long: something waits until it says otherwise.
        let waiting = vault.waiting_count().map_or(1, |waiting| waiting.count);
        let uploads = vault.next_upload().is_ok_and(|next| next.is_some());
        let acts = self.machine.waits(now, chance, user, waiting, uploads, fresh);
        self.acts.extend(acts);
    }

    /// Replays what the rows do not hold. What is shown differently.
    fn retap(&mut self) -> BTreeSet<Changed> {
        let above = self.above();
        let Some(own) = &mut self.own else {
            return BTreeSet::new();
        };
        if let Ok(above) = above {
            own.above = above;
        }
        let mut taps = Vec::new();
        for (device, mid) in own.above.iter().rev() {
            match own.vault.above_as(*device, *mid) {
                Ok(more) => taps.extend(more),
                Err(_) => return BTreeSet::new(),
            }
        }
        self.shown.tapped(&taps, self.offset)
    }

    /// Above which number of which name the rows do not hold what was tapped, newest name first. What was done under a
    /// former name may be on its way still when the device takes another; a snapshot that knows the newer name holds it.
    fn above(&self) -> Result<Vec<(Uuid, i64)>, StoreError> {
        let mut above = Vec::new();
        let Some(own) = &self.own else { return Ok(above) };
        for device in std::iter::once(&own.identity.device).chain(&own.former) {
            let heard = self.store.cache().heard_mid(*device)?;
            above.push((*device, heard.unwrap_or(0)));
            if heard.is_some() {
                break;
            }
        }
        Ok(above)
    }

    /// As [`Client::retap`], when the rows hold more of our mutations than before.
    fn retap_if_moved(&mut self) -> BTreeSet<Changed> {
        let above = self.above();
        let moved = self
            .own
            .as_ref()
            .is_some_and(|own| above.is_ok_and(|above| above != own.above));
        if moved { self.retap() } else { BTreeSet::new() }
    }

    fn execute(&mut self, now: Timestamp, chance: u32, act: Act) -> Vec<Effect> {
        match act {
            Act::Open(number) => {
                let device = self.device().unwrap_or_default();
                vec![Effect::Open { number, device }]
            }
            Act::Close => vec![Effect::Close],
            Act::Unfilled => vec![Effect::Unfilled],
            Act::Moved(position) => vec![Effect::Moved(position)],
            Act::ServerTime(time) => vec![Effect::ServerTime(time)],
            Act::Line(line) => vec![Effect::Line(line)],
            Act::Fetch(..)
            | Act::Pull(_)
            | Act::Push { .. }
            | Act::AskBlob { .. }
            | Act::SendPart { .. }
            | Act::BePresent(_) => self.outgoing(now, chance, act).into_iter().collect(),
            Act::Epoch(_)
            | Act::Fill { .. }
            | Act::Pages { .. }
            | Act::Delta { .. }
            | Act::Hear { .. }
            | Act::Purge(_) => match self.commit(act) {
                Ok(Some(changed)) if changed.is_empty() => vec![],
                Ok(Some(changed)) => vec![Effect::Changed(changed)],
                Ok(None) => self.recover(now, None),
                Err(error) => self.recover(now, Some(&error)),
            },
            Act::Settle { .. }
            | Act::Reopen { .. }
            | Act::ReIdentify { .. }
            | Act::Uploaded { .. }
            | Act::DropSettled { .. } => self.settle(now, chance, act),
        }
    }

    /// What to send for an act that asks the server.
    fn outgoing(&mut self, now: Timestamp, chance: u32, act: Act) -> Option<Effect> {
        let device = self.device().unwrap_or_default();
        let (number, signed, ask) = match act {
            Act::Fetch(number, scope) => (number, Signed::Session, Ask::Snapshot { scope, device }),
            Act::Pull(number) => {
                let request = SyncRequest {
                    epoch: self.machine.epoch(),
                    scopes: self.machine.cursors(),
                    ..request(device)
                };
                (number, Signed::Session, Ask::Sync(Box::new(request)))
            }
            Act::BePresent(number) => {
                let presence = Presence {
                    device,
                    foreground: self.foreground,
                };
                (number, Signed::Session, Ask::Presence(presence))
            }
            Act::Push {
                number,
                user,
                by,
                most,
                gap,
            } => {
                let (vault, identity) = self.vault_of(user, now)?;
                let mut request = request(identity.device);
                if by == By::Session {
                    request.push_key = Some(identity.push_key.clone());
                }
                request.epoch = self.machine.epoch();
                request.gap = gap;
                request.mutations = batch(&vault, most).unwrap_or_default();
                (number, signed(by, identity), Ask::Sync(Box::new(request)))
            }
            Act::AskBlob { number, user, by } => {
                let (vault, identity) = self.vault_of(user, now)?;
                let Some(next) = vault.next_upload().ok()? else {
                    self.count(now, chance, user, &vault, false);
                    return None;
                };
                self.blobs.insert(number, next.sha256.clone());
                let ask = Ask::BlobState { sha256: next.sha256 };
                (number, signed(by, identity), ask)
            }
            Act::SendPart {
                number,
                user,
                by,
                sha256,
                offset,
            } => {
                let (vault, identity) = self.vault_of(user, now)?;
                let uploads = vault.uploads().ok()?;
                let length = uploads.iter().find(|upload| upload.sha256 == sha256)?.size;
                let bytes = vault.blob_part(&sha256, offset, MAX_PART).ok()??;
                self.blobs.insert(number, sha256.clone());
                let ask = Ask::BlobPart {
                    sha256,
                    offset,
                    length,
                    bytes,
                };
                (number, signed(by, identity), ask)
            }
            _ => return None,
        };
        Some(Effect::Send(Outgoing { number, signed, ask }))
    }

    fn vault_of(&self, user: Uuid, now: Timestamp) -> Option<(Rc<Vault>, Identity)> {
        if let Some(own) = self.own.as_ref().filter(|own| own.user == user) {
            return Some((Rc::clone(&own.vault), own.identity.clone()));
        }
        let vault = self.store.existing_vault(user, &*self.fresh, now).ok()??;
        let identity = vault.identity().ok()?;
        Some((vault, identity))
    }

    /// Writes into the cache. `None`: it would not have that.
    fn commit(&mut self, act: Act) -> Result<Option<BTreeSet<Changed>>, StoreError> {
        let cache = self.store.cache();
        let mut changed = match act {
            Act::Epoch(epoch) => {
                cache.reset_cursors(epoch)?;
                // Its revisions are of the other history.
                self.shown.forget_aside();
                BTreeSet::new()
            }
            Act::Fill { snapshot, last_mids } => {
                if cache.fill(&snapshot, &last_mids)? != Applied::Swapped {
                    return Ok(None);
                }
                if self.own.as_ref().is_some_and(|own| own.scopes.len() > 1) {
                    self.load()?
                } else {
                    self.shown.fill(snapshot.changes)
                }
            }
            Act::Pages {
                epoch,
                pages,
                last_mids,
            } => {
                let outcome = cache.apply(epoch, &pages, &last_mids)?;
                if outcome.values().any(|applied| *applied == Applied::Discarded) {
                    return Ok(None);
                }
                if outcome.values().all(|applied| *applied == Applied::Shown) {
                    let changes = pages.into_values().flat_map(|page| page.changes);
                    self.shown.apply(changes.collect::<Vec<Change>>())
                } else {
                    self.load()?
                }
            }
            Act::Delta { delta, last_mids } => {
                if cache.apply_delta(&delta, &last_mids)? != Applied::Shown {
                    return Ok(None);
                }
                self.shown.apply(delta.changes)
            }
            Act::Hear {
                epoch,
                heads,
                last_mids,
            } => {
                cache.hear(epoch, &heads, &last_mids)?;
                BTreeSet::new()
            }
            Act::Purge(scope) => {
                cache.purge(&scope.to_string())?;
                self.load()?
            }
            _ => return Ok(Some(BTreeSet::new())),
        };
        changed.extend(self.retap_if_moved());
        Ok(Some(changed))
    }

    /// Shows what the cache holds.
    fn load(&mut self) -> Result<BTreeSet<Changed>, StoreError> {
        let mut rows = Vec::new();
        for scope in self.own.iter().flat_map(|own| &own.scopes) {
            rows.extend(self.store.cache().rows(&scope.to_string())?);
        }
        Ok(self.shown.load(rows))
    }

    /// The cache is not as was thought: goes on from what it says.
    fn recover(&mut self, now: Timestamp, error: Option<&StoreError>) -> Vec<Effect> {
        if error == Some(&StoreError::Damaged) {
            // If even that fails, it is tried again with the next answer.
            let _ = self.store.rebuild_cache();
        }
        // What was to be put in after it would not fit any more.
        self.acts.retain(|act| {
            !matches!(
                act,
                Act::Fill { .. } | Act::Pages { .. } | Act::Delta { .. } | Act::Hear { .. } | Act::Epoch(_)
            )
        });
        let scopes: Vec<Scope> = self
            .own
            .iter()
            .flat_map(|own| own.scopes.iter().copied())
            .collect();
        let (epoch, standing) = self.cached(self.standing(&scopes));
        self.machine.recover(now, epoch, standing);
        let mut changed = self.load().unwrap_or_default();
        changed.extend(self.retap());
        vec![Effect::Changed(changed)]
    }

    /// Writes into a vault.
    fn settle(&mut self, now: Timestamp, chance: u32, act: Act) -> Vec<Effect> {
        let user = match &act {
            Act::Settle { user, .. }
            | Act::Reopen { user, .. }
            | Act::ReIdentify { user }
            | Act::Uploaded { user, .. }
            | Act::DropSettled { user, .. } => *user,
            _ => return vec![],
        };
        let Some((vault, _)) = self.vault_of(user, now) else {
            return vec![];
        };
        let Ok(uids) = self.write(now, chance, user, &vault, act) else {
            // It was answered, and will be answered again.
            self.machine.stumble(now, chance, user);
            return vec![];
        };
        let mut effects = Vec::new();
        if self.user() == Some(user) {
            let changed = self.retap();
            if !changed.is_empty() {
                effects.push(Effect::Changed(changed));
            }
        }
        if !uids.is_empty() {
            effects.push(Effect::Settled { user, uids });
        }
        effects.push(Effect::Outbox);
        self.count(now, chance, user, &vault, false);
        effects
    }

    fn write(
        &mut self,
        now: Timestamp,
        chance: u32,
        user: Uuid,
        vault: &Vault,
        act: Act,
    ) -> Result<Vec<Uuid>, StoreError> {
        match act {
            Act::Settle {
                results,
                expected_mid,
                ..
            } => {
                if self.faults.result_not_stored()
                    && let Some(first) = results.first()
                {
                    vault.reopen(first.mid)?;
                }
                let ended = vault.settle(&results, now.plus(self.offset))?;
                match vault.compare(expected_mid)? {
                    Standing::InStep => {}
                    Standing::Lost { from } => self.acts.push_front(Act::Reopen { user, from }),
                    Standing::Missing(gap) => self.machine.declare(now, user, gap),
                    Standing::Forked => self.acts.push_front(Act::ReIdentify { user }),
                }
                Ok(ended)
            }
            Act::Reopen { from, .. } => vault.reopen(from).map(|_| vec![]),
            Act::ReIdentify { .. } => {
                let new = (self.fresh)();
                vault.re_identify(&new)?;
                let acts = self.machine.rename(now, chance, user, new.device);
                self.acts.extend(acts);
                if let Some(own) = self.own.as_mut().filter(|own| own.user == user) {
                    own.former.insert(0, own.identity.device);
                    own.above.insert(0, (new.device, 0));
                    own.identity = new;
                }
                Ok(vec![])
            }
            Act::Uploaded { sha256, state, .. } => {
                if state.complete {
                    vault.finish_upload(&sha256)?;
                } else {
                    vault.advance_upload(&sha256, state.offset)?;
                }
                Ok(vec![])
            }
            Act::DropSettled { results, .. } => {
                let gone = |result: &MutationResult| MutationResult {
                    status: MutationStatus::Applied,
                    code: None,
                    review: false,
                    ..result.clone()
                };
                let finals = results.iter().filter(|result| result.status.is_final());
                vault.settle(&finals.map(gone).collect::<Vec<_>>(), now)?;
                Ok(vec![])
            }
            _ => Ok(vec![]),
        }
    }

    /// What of the vault of who is signed in waits or was refused; with the waiting of others.
    pub fn waiting(&self) -> Result<Vec<(Uuid, Tapped)>, StoreError> {
        let mut all = Vec::new();
        for user in self.store.vaults() {
            if let Some((vault, _)) = self.vault_of(user, Timestamp(0)) {
                all.extend(vault.waiting(usize::MAX)?.into_iter().map(|tap| (user, tap)));
            }
        }
        Ok(all)
    }
}

/// A request of a device that asks nothing yet.
fn request(device: Uuid) -> SyncRequest {
    SyncRequest {
        proto: PROTO,
        schema: SCHEMA,
        device,
        push_key: None,
        epoch: None,
        mutations: Vec::new(),
        gap: None,
        scopes: BTreeMap::new(),
        limit: MOST_CHANGES,
    }
}

fn signed(by: By, identity: Identity) -> Signed {
    match by {
        By::Session => Signed::Session,
        By::Key => Signed::Device {
            device: identity.device,
            push_key: identity.push_key,
        },
    }
}

/// What waits, as much of it as one request may carry.
fn batch(vault: &Vault, most: usize) -> Result<Vec<momfood_protocol::sync::Envelope>, StoreError> {
    let mut bytes = 0;
    let fits = |tap: &Tapped| {
        let first = bytes == 0;
        bytes += tap.args.to_string().len();
        first || bytes <= MOST_BYTES
    };
    let waiting = vault.waiting(most)?;
    Ok(waiting
        .into_iter()
        .take_while(fits)
        .map(|tap| tap.envelope())
        .collect())
}

/// No answer, in the words of a failure: for those who drive a [`Client`] without an engine.
pub fn no_answer() -> Failure {
    use momfood_domain::text::Lang;
    use momfood_protocol::error::ErrorCode;
    Failure::new(ErrorCode::Offline, Lang::default())
}

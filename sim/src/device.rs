//! A device of a run: the real sync client over its real files, with a clock that may be wrong, a program that may die,
//! and a disk that may forget what it was not asked to keep. What is looked at here are the laws a device must hold by
//! itself.

mod laws;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use momfood_backend::faults::BREAKS;
use momfood_client::store::{Identity, NewMutation, Place, Store};
use momfood_client::sync::{Client, Effect, Faults, Input, Outgoing, Signed};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::OrderId;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_protocol::engine::Line;
use momfood_protocol::feed::{Entity, Scope};
use momfood_protocol::mutation::{Mutation, Rate};
use momfood_protocol::reading;
use momfood_protocol::view::{DriverDay, OrderView};
use serde_json::json;
use uuid::Uuid;

use crate::chance::Chance;
use crate::laws::{Law, Promise, Violation, broken};
use crate::plan::{Plan, Trouble};
use crate::server::Shown;
use crate::town::{self, Person};
use crate::wire::Question;

/// However long a server asks to be left alone, something that waits is tried again after this.
const LONGEST_WAIT: i64 = 11 * MINUTE;

/// What a step asks of the world.
pub enum Did {
    /// To send this.
    Send(Sending),
    /// To open the stream of that number, at that path, as that person.
    Open(u32, String, Person),
    /// To give the stream up.
    Close,
    /// Nothing: it has written into a vault.
    Wrote,
}

/// A request on its way out.
pub struct Sending {
    /// To be named with its answer.
    pub number: u32,
    /// What is asked.
    pub question: Question,
    /// In whose name.
    pub shown: Shown,
}

/// What somebody sees.
pub struct Screen {
    /// Orders, as predicted.
    pub orders: Vec<OrderView>,
    /// Of a driver: whether they are on duty.
    pub on_shift: Option<bool>,
}

/// What was seen of a scope, which must never go back.
#[derive(Clone, Debug, Default)]
struct Seen {
    epoch: Option<Uuid>,
    view: String,
    seq: i64,
    revs: BTreeMap<(Entity, Uuid), i64>,
    ranks: BTreeMap<Uuid, u8>,
}

/// See the module.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own about the device"
)]
pub struct Device {
    /// Which.
    pub number: usize,
    /// Who uses it.
    pub home: Vec<Person>,
    /// Who is signed in.
    pub user: Option<Person>,
    /// Counts how often its program began.
    pub life: u32,
    /// What its clock shows more than the server's.
    pub skew: i64,
    /// Whether it has no network.
    pub is_cut: bool,
    /// Since when nothing has stood in its way, or it was live.
    pub fine_since: Timestamp,
    /// When its timer goes off, by the server's clock.
    pub timer: Option<Timestamp>,
    folder: PathBuf,
    on_files: bool,
    keeps_copies: bool,
    prunes: bool,
    faults: Faults,
    /// Changes on a page.
    page: u32,
    client: Option<Client>,
    chance: Chance,
    seen: BTreeMap<String, Seen>,
    shown: BTreeMap<OrderId, u8>,
    shown_of: Option<Uuid>,
    /// Which history of the server it has last heard of, and since when on its own clock, if it knew one before.
    history: Option<Uuid>,
    results_from: Option<Timestamp>,
    dirty: bool,
    copied: bool,
}

impl Device {
    /// One that was never used.
    pub fn new(number: usize, home: Vec<Person>, folder: PathBuf, plan: &Plan, chance: Chance) -> Self {
        Self {
            number,
            user: home.first().copied(),
            home,
            life: 0,
            skew: 0,
            is_cut: false,
            fine_since: town::NOON,
            timer: None,
            folder,
            on_files: [Trouble::Crash, Trouble::Clone, Trouble::View]
                .iter()
                .any(|trouble| plan.has(*trouble)),
            keeps_copies: plan.has(Trouble::Forget),
            prunes: plan.has(Trouble::Skew),
            faults: plan.device_faults(),
            page: plan.page,
            client: None,
            chance,
            seen: BTreeMap::new(),
            shown: BTreeMap::new(),
            shown_of: None,
            history: None,
            results_from: None,
            dirty: false,
            copied: false,
        }
    }

    /// Whether its program runs.
    pub const fn is_up(&self) -> bool {
        self.client.is_some()
    }

    fn clock(&self, now: Timestamp) -> Timestamp {
        now.plus(self.skew)
    }

    fn dice(&mut self) -> u32 {
        u32::try_from(self.chance.bits() >> 40).unwrap_or(0)
    }

    fn client(&self) -> Result<&Client> {
        self.client.as_ref().context("a device that runs")
    }

    /// Its program begins, over the files that are there.
    pub fn boot(&mut self, now: Timestamp, promises: &BTreeMap<Uuid, Promise>) -> Result<(), Stopped> {
        let at = self.clock(now);
        let place = if self.on_files {
            Place::Files {
                folder: self.folder.clone(),
            }
        } else {
            Place::Memory
        };
        let store = Store::open(place, "sim")?;
        let ids = std::cell::RefCell::new(Chance::of(self.chance.bits(), "identity"));
        let fresh = move || {
            let mut ids = ids.borrow_mut();
            Identity {
                device: ids.uuid(),
                push_key: ids.uuid().to_string(),
            }
        };
        let dice = self.dice();
        self.life += 1;
        self.timer = None;
        self.fine_since = now;
        self.client = Some(Client::with_faults(store, at, dice, Box::new(fresh), self.faults));
        self.kept(promises)?;
        if let Some(person) = self.user {
            self.sign_in(now, person)?;
        }
        Ok(())
    }

    /// What was acknowledged here is still in its vault.
    fn kept(&self, promises: &BTreeMap<Uuid, Promise>) -> Result<(), Stopped> {
        for promise in promises.values() {
            if promise.device != self.number || !promise.queued || self.prunes {
                continue;
            }
            let store = self.client()?.store();
            let fresh = || Identity {
                device: Uuid::nil(),
                push_key: String::new(),
            };
            let vault = store.existing_vault(promise.user.0, fresh, promise.at)?;
            let there = match vault {
                Some(vault) => vault.find(promise.uid)?.is_some(),
                None => false,
            };
            if !there {
                broken(
                    Law::NothingIsLost,
                    format!(
                        "device {} has no {} any more: {:?}",
                        self.number, promise.uid, promise.mutation
                    ),
                )?;
            }
        }
        Ok(())
    }

    /// The program dies, and takes what was only in memory with it. `forget`: the disk has not kept the last commits of
    /// the cache. `damage`: it has not kept the cache whole.
    pub fn die(&mut self, mut chance: Chance, forget: bool, damage: bool) {
        self.client = None;
        self.timer = None;
        self.life += 1;
        self.shown.clear();
        let folder = self.folder.join("sim");
        let file = folder.join("cache.db");
        if forget && self.copied && chance.hits(600) {
            for suffix in ["", "-wal"] {
                let old = folder.join(format!("synced-cache{suffix}"));
                let new = folder.join(format!("cache.db{suffix}"));
                let _ = std::fs::remove_file(&new);
                if old.is_file() {
                    let _ = std::fs::copy(old, new);
                }
            }
            self.seen.clear();
        }
        if damage && chance.hits(500) {
            if let Ok(mut bytes) = std::fs::read(&file) {
                let page = 4096;
                match chance.below(3) {
                    0 => bytes.truncate(bytes.len() / 2 + 100),
                    1 => bytes.iter_mut().take(100).for_each(|byte| *byte = 0x5a),
                    _ => {
                        let from = usize::try_from(chance.between(1, 4)).unwrap_or(1) * page;
                        bytes.iter_mut().skip(from).take(page).for_each(|byte| *byte = 0);
                    }
                }
                let _ = std::fs::write(&file, bytes);
            }
            self.seen.clear();
        }
    }

    /// Another device that begins with a copy of this one's files. This one must not run.
    pub fn copy(&self, number: usize, folder: PathBuf, chance: Chance) -> Result<Self> {
        let (from, to) = (self.folder.join("sim"), folder.join("sim"));
        std::fs::create_dir_all(&to)?;
        for file in std::fs::read_dir(&from)? {
            let file = file?;
            std::fs::copy(file.path(), to.join(file.file_name()))?;
        }
        Ok(Self {
            number,
            home: self.home.clone(),
            user: self.user,
            life: 0,
            skew: self.skew,
            is_cut: false,
            fine_since: town::NOON,
            timer: None,
            folder,
            client: None,
            chance,
            seen: BTreeMap::new(),
            shown: BTreeMap::new(),
            shown_of: None,
            history: None,
            results_from: None,
            dirty: false,
            copied: false,
            ..*self
        })
    }

    /// `person` signs in.
    pub fn sign_in(&mut self, now: Timestamp, person: Person) -> Result<(), Stopped> {
        let (at, dice) = (self.clock(now), self.dice());
        let actor = match person.restaurant() {
            Some(place) => Actor::staff(person.id(), place),
            None => Actor::person(person.id(), person.role),
        };
        self.user = Some(person);
        self.shown.clear();
        self.dirty = true;
        let client = self.client.as_mut().context("a device that runs")?;
        client.begin(
            at,
            dice,
            actor,
            vec![scope_of(person)],
            person.role == Role::Restaurant,
        )?;
        Ok(())
    }

    /// Whoever is signed in signs out.
    pub fn sign_out(&mut self, now: Timestamp) -> Result<(), Stopped> {
        let (at, dice) = (self.clock(now), self.dice());
        self.user = None;
        self.shown.clear();
        self.seen.clear();
        self.client.as_mut().context("a device that runs")?.end(at, dice);
        Ok(())
    }

    /// Somebody taps; `None` is something nobody can read, with something behind it that breaks the server's handler.
    /// Whether it was taken.
    pub fn tap(
        &mut self,
        now: Timestamp,
        uid: Uuid,
        mutation: Option<&Mutation>,
        picture: Option<&[u8]>,
    ) -> Result<bool, Stopped> {
        let (at, dice) = (self.clock(now), self.dice());
        let poison = Uuid::from_u128(uid.as_u128() ^ 1);
        let client = self.client.as_mut().context("a device that runs")?;
        let Some(vault) = client.vault() else {
            return Ok(false);
        };
        if let Some(bytes) = picture {
            vault.put_blob(bytes, at)?;
        }
        let Some(mutation) = mutation else {
            vault.enqueue(&NewMutation {
                uid,
                name: "order.dance".to_owned(),
                ver: 1,
                args: json!({ "steps": 3 }),
                occurred_at: at,
                valid_until: None,
                order: None,
                cash: None,
                blobs: vec![],
            })?;
            let breaks = Mutation::RateOrder(Rate {
                order_id: OrderId(uid),
                stars: 1,
                comment: Some(BREAKS.to_owned()),
            });
            return Ok(client.tap(at, dice, poison, breaks).is_ok());
        };
        match client.tap(at, dice, uid, mutation.clone()) {
            Ok(_) => {
                self.dirty = true;
                Ok(true)
            }
            Err(momfood_client::sync::NotTaken::Store(error)) => Err(error.into()),
            Err(_) => Ok(false),
        }
    }

    /// Something comes in.
    pub fn take(&mut self, now: Timestamp, input: Input) {
        let (at, dice) = (self.clock(now), self.dice());
        if let Some(client) = &mut self.client {
            client.handle(at, dice, input);
        }
    }

    /// Does one act. `None` when there is none to do.
    pub fn step(&mut self, now: Timestamp) -> Result<Option<Vec<Did>>, Stopped> {
        let (at, dice) = (self.clock(now), self.dice());
        let client = self.client.as_mut().context("a device that runs")?;
        let Some(effects) = client.step(at, dice) else {
            return Ok(None);
        };
        let mut did = Vec::new();
        for effect in effects {
            match effect {
                Effect::ServerTime(time) => client.set_offset(time.since(at)),
                Effect::Changed(_) | Effect::Settled { .. } => self.dirty = true,
                Effect::Outbox => {
                    self.dirty = true;
                    did.push(Did::Wrote);
                }
                Effect::Unfilled | Effect::Moved(_) | Effect::Line(_) => {}
                Effect::Close => did.push(Did::Close),
                Effect::Open { number, device } => {
                    if let Some(person) = self.user {
                        did.push(Did::Open(
                            number,
                            format!("/api/v1/sync/stream?device={device}"),
                            person,
                        ));
                    }
                }
                Effect::Send(outgoing) => did.push(Did::Send(sending(outgoing, self.user, self.page))),
            }
        }
        if self.keeps_copies && self.on_files && self.chance.hits(60) {
            self.copied = true;
            let folder = self.folder.join("sim");
            for suffix in ["", "-wal"] {
                let (from, to) = (
                    folder.join(format!("cache.db{suffix}")),
                    folder.join(format!("synced-cache{suffix}")),
                );
                let _ = std::fs::remove_file(&to);
                if from.is_file() {
                    std::fs::copy(from, to).context("a copy of the cache")?;
                }
            }
        }
        Ok(Some(did))
    }

    /// When it must be woken, by the server's clock.
    pub fn next_tick(&self) -> Option<Timestamp> {
        let next = self.client.as_ref()?.next_tick()?;
        Some(next.plus(-self.skew))
    }

    /// What is on the screen.
    pub fn screen(&self) -> Result<Screen> {
        let shown = self.client()?.shown();
        let day = shown.document(Entity::Driver).cloned();
        let day: Option<DriverDay> = day.and_then(|day| reading::read(day).ok());
        Ok(Screen {
            orders: shown.scoped().cloned().collect(),
            on_shift: day.map(|day| day.shift.is_some()),
        })
    }

    /// What it follows.
    pub fn scopes(&self) -> Vec<Scope> {
        self.user.map(scope_of).into_iter().collect()
    }

    /// The server's history is broken off: what was seen of the one before says nothing of the next.
    pub fn history_broke(&mut self) {
        self.shown.clear();
    }

    /// Whose vault here holds what cannot go out without them.
    pub fn left_behind(&self) -> Result<Option<Person>> {
        let waiting = self.client()?.waiting()?;
        let left = waiting
            .iter()
            .map(|(user, _)| *user)
            .find(|user| Some(*user) != self.user.map(|p| p.id().0));
        Ok(left.and_then(|user| town::PEOPLE.iter().copied().find(|person| person.id().0 == user)))
    }

    /// Whether nothing waits here and everything is read.
    pub fn is_at_rest(&self) -> Result<bool> {
        let client = self.client()?;
        Ok(self.is_live() && client.waiting()?.is_empty() && self.uploads()?.is_empty())
    }

    fn uploads(&self) -> Result<Vec<String>> {
        let Some(vault) = self.client()?.vault() else {
            return Ok(vec![]);
        };
        Ok(vault.uploads()?.into_iter().map(|upload| upload.sha256).collect())
    }

    /// Whether everything is read, and goes on being told.
    pub fn is_live(&self) -> bool {
        self.user.is_none()
            || self
                .client
                .as_ref()
                .is_some_and(|client| client.machine().line() == Line::Live)
    }

    /// What keeps it from rest, in words.
    pub fn unrest(&self) -> String {
        let Ok(client) = self.client() else {
            return format!("device {} does not run", self.number);
        };
        let waiting = client.waiting().map_or_else(
            |error| error.to_string(),
            |waiting| {
                let taps: Vec<String> = waiting
                    .iter()
                    .map(|(user, tap)| format!("{}'s {} {}", town::name_of(*user), tap.mid, tap.name))
                    .collect();
                format!("{taps:?}")
            },
        );
        format!(
            "device {} ({}) is {:?}, waiting {waiting}, uploads {}",
            self.number,
            self.user.map_or("nobody", |person| person.name),
            client.machine().line(),
            self.uploads().map_or(0, |uploads| uploads.len())
        )
    }
}

/// Why a device could not go on.
pub enum Stopped {
    /// A law is broken.
    Law(Violation),
    /// Something else.
    Fault(anyhow::Error),
}

impl From<Violation> for Stopped {
    fn from(violation: Violation) -> Self {
        Self::Law(violation)
    }
}

impl From<anyhow::Error> for Stopped {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<momfood_client::store::StoreError> for Stopped {
    fn from(error: momfood_client::store::StoreError) -> Self {
        Self::Law(Violation {
            law: Law::Sound,
            how: format!("a device's store: {error}"),
        })
    }
}

fn scope_of(person: Person) -> Scope {
    match (person.role, person.restaurant()) {
        (Role::Restaurant, Some(place)) => Scope::Restaurant(place),
        (Role::Driver, _) => Scope::Driver(person.id()),
        _ => Scope::Customer(person.id()),
    }
}

fn sending(outgoing: Outgoing, user: Option<Person>, page: u32) -> Sending {
    use momfood_client::sync::Ask;
    let shown = match (outgoing.signed, user) {
        (Signed::Session, Some(person)) => Shown::As(person),
        (Signed::Session, None) => Shown::Nothing,
        (Signed::Device { device, push_key }, _) => Shown::Header(format!("Device {device}:{push_key}")),
    };
    let question = match outgoing.ask {
        Ask::Sync(mut request) => {
            request.limit = page;
            Question::Sync(*request)
        }
        Ask::Snapshot { scope, device } => Question::Snapshot(scope, device),
        Ask::Presence(presence) => Question::Presence(presence),
        Ask::BlobState { sha256 } => Question::HasBlob(sha256),
        Ask::BlobPart {
            sha256,
            offset,
            length,
            bytes,
        } => Question::PutBlob {
            sha256,
            offset,
            length,
            bytes,
        },
    };
    Sending {
        number: outgoing.number,
        question,
        shown,
    }
}

//! A client over its store, a small server that keeps the promises of the real one, and a network between them that
//! keeps none unless it is told to. One thread, virtual time, chance from a seed: every run repeats.

use std::collections::{BTreeMap, BTreeSet};

use momfood_domain::actor::Actor;
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::text::Lang;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::{Change, Delta, Entity, Head, Heads, Scope, Snapshot, StreamEvent};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::sync::{
    BlobState, Envelope, MutationResult, MutationStatus, Page, SyncAnswer, SyncRequest,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{KITCHEN, order};
use crate::store::{Identity, Place, Store};
use crate::sync::{Answer, Ask, Client, Effect, Faults, Input, NotTaken, Outgoing, Signed, no_answer};

pub const T0: Timestamp = Timestamp(1_795_300_000_000_000);
pub const COOK: UserId = UserId(Uuid::from_u128(70));
pub const OTHER_COOK: UserId = UserId(Uuid::from_u128(71));
pub const SCOPE: Scope = Scope::Restaurant(KITCHEN);
/// How long anything travels one way, microseconds.
const TRAVEL: i64 = 20_000;

/// What the server knows of a device.
#[derive(Clone, Debug, Default)]
pub struct Device {
    pub user: Option<UserId>,
    pub key: Option<String>,
    pub last_mid: i64,
    results: BTreeMap<i64, (Uuid, MutationResult)>,
    pub gaps: Vec<(i64, i64)>,
}

/// The server.
#[derive(Clone, Debug)]
pub struct Server {
    pub epoch: Uuid,
    pub head: i64,
    pub view: String,
    pub granted: bool,
    pub rows: BTreeMap<(Entity, Uuid), Change>,
    pub devices: BTreeMap<Uuid, Device>,
    /// What became of each mutation, by its uid.
    pub uids: BTreeMap<Uuid, MutationResult>,
    /// The uids of what was done, in the order in which it was, and by whom.
    pub performed: Vec<(Uuid, UserId)>,
    /// Refuses these names.
    pub poisoned: BTreeSet<&'static str>,
    pub deferred_until: Option<Timestamp>,
    /// Answers every request so.
    pub refuse_all: Option<ErrorCode>,
    /// Refuses sessions.
    pub session_over: bool,
    pub page_limit: usize,
    pub blobs: BTreeMap<String, Vec<u8>>,
}

impl Server {
    fn new() -> Self {
        Self {
            epoch: Uuid::from_u128(77),
            head: 0,
            view: "kitchen".into(),
            granted: true,
            rows: BTreeMap::new(),
            devices: BTreeMap::new(),
            uids: BTreeMap::new(),
            performed: vec![],
            poisoned: BTreeSet::new(),
            deferred_until: None,
            refuse_all: None,
            session_over: false,
            page_limit: 1_000,
            blobs: BTreeMap::new(),
        }
    }

    fn change(&mut self, entity: Entity, id: Uuid, rev: i64, body: Option<Value>) -> Delta {
        let from = self.head;
        self.head += 1;
        let change = Change {
            seq: self.head,
            entity,
            id,
            rev,
            body,
        };
        self.rows.insert((entity, id), change.clone());
        Delta {
            scope: SCOPE.to_string(),
            from,
            to: self.head,
            changes: vec![change],
        }
    }

    pub fn status(&self, id: OrderId) -> Option<String> {
        let body = self.rows.get(&(Entity::Order, id.0))?.body.as_ref()?;
        Some(body["status"].as_str()?.to_owned())
    }

    pub fn rev(&self, id: OrderId) -> i64 {
        self.rows.get(&(Entity::Order, id.0)).map_or(0, |row| row.rev)
    }

    /// Everything is numbered anew, as for other eyes.
    pub fn reseen(&mut self) {
        for row in self.rows.values_mut() {
            self.head += 1;
            row.seq = self.head;
        }
    }

    /// A number of a device is spent for something else.
    pub fn spend(&mut self, device: Uuid, mid: i64, uid: Uuid) {
        let device = self.devices.get_mut(&device).unwrap();
        let result = MutationResult {
            mid,
            status: MutationStatus::Applied,
            replayed: false,
            review: false,
            code: None,
            details: Value::Null,
            retry_at: None,
        };
        device.results.insert(mid, (uid, result));
        device.last_mid = mid;
    }

    fn perform(&mut self, envelope: &Envelope, now: Timestamp) -> (MutationResult, Option<Delta>) {
        let mut result = MutationResult {
            mid: envelope.mid,
            status: MutationStatus::Applied,
            replayed: false,
            review: false,
            code: None,
            details: Value::Null,
            retry_at: None,
        };
        let reject = |mut result: MutationResult, code| {
            result.status = MutationStatus::Rejected;
            result.code = Some(code);
            (result, None)
        };
        if envelope.valid_until.is_some_and(|until| now > until) {
            return reject(result, ErrorCode::TooLate);
        }
        if self.poisoned.contains(envelope.name.as_str()) {
            result.status = MutationStatus::Quarantined;
            result.code = Some(ErrorCode::Unreadable);
            return (result, None);
        }
        let Ok(mutation) = Mutation::read(&envelope.name, envelope.ver, envelope.args.clone()) else {
            result.status = MutationStatus::Quarantined;
            return (result, None);
        };
        let Some(id) = mutation.order_id() else {
            return (result, None);
        };
        let Some(mut body) = self
            .rows
            .get(&(Entity::Order, id.0))
            .and_then(|row| row.body.clone())
        else {
            return reject(result, ErrorCode::NotFound);
        };
        let status = body["status"].as_str().unwrap_or_default().to_owned();
        let next = match (&mutation, status.as_str()) {
            (Mutation::AcceptOrder(_), "pending") => "accepted",
            (Mutation::StartPreparing(_), "accepted") => "preparing",
            (Mutation::MarkReady(_), "accepted" | "preparing") => "ready",
            (Mutation::AcceptOrder(_), "accepted" | "preparing" | "ready")
            | (Mutation::StartPreparing(_), "preparing" | "ready")
            | (Mutation::MarkReady(_), "ready") => return (result, None),
            (Mutation::AcceptOrder(_), _) => {
                result.details = json!({ "status": status });
                return reject(result, ErrorCode::WrongState);
            }
            _ => {
                result.review = true;
                return (result, None);
            }
        };
        body["status"] = json!(next);
        let rev = body["rev"].as_i64().unwrap_or(0) + 1;
        body["rev"] = json!(rev);
        (result, Some(self.change(Entity::Order, id.0, rev, Some(body))))
    }

    /// `Err`: the request is refused whole. Deltas are for the stream, with the device's last number after each.
    #[expect(
        clippy::too_many_lines,
        reason = "a server's answer, whole, as a test needs it"
    )]
    fn sync(
        &mut self,
        signed: &Signed,
        user: UserId,
        request: &SyncRequest,
        now: Timestamp,
    ) -> Result<(SyncAnswer, Vec<(Delta, i64)>), Failure> {
        let fail = |code| Err(Failure::new(code, Lang::En));
        let id = request.device;
        match signed {
            Signed::Session => {
                if self.session_over {
                    return fail(ErrorCode::SessionRevoked);
                }
                let device = self.devices.entry(id).or_default();
                if *device.user.get_or_insert(user) != user {
                    return fail(ErrorCode::Forbidden);
                }
                device.key = device.key.take().or_else(|| request.push_key.clone());
            }
            Signed::Device { device, push_key } => {
                let known = self.devices.get(device);
                if *device != id || known.and_then(|known| known.key.as_ref()) != Some(push_key) {
                    return fail(ErrorCode::TokenInvalid);
                }
                assert!(request.scopes.is_empty(), "a device's key reads nothing");
            }
        }
        let mut deltas = Vec::new();
        let mut results = Vec::new();
        let device = self.devices.get_mut(&id).unwrap();
        let owner = device.user.unwrap();
        let of_here = request.epoch.is_none_or(|known| known == self.epoch);
        if let Some(gap) = request.gap
            && of_here
            && gap.from == device.last_mid + 1
        {
            device.gaps.push((gap.from, gap.to));
            device.last_mid = gap.to;
        }
        for envelope in request.mutations.iter().filter(|_| of_here) {
            if let Some(until) = self.deferred_until.filter(|until| *until > now) {
                results.push(MutationResult {
                    mid: envelope.mid,
                    status: MutationStatus::Deferred,
                    replayed: false,
                    review: false,
                    code: Some(ErrorCode::TryAgain),
                    details: Value::Null,
                    retry_at: Some(until),
                });
                break;
            }
            let device = self.devices.get_mut(&id).unwrap();
            if envelope.mid <= device.last_mid {
                match device.results.get(&envelope.mid) {
                    Some((uid, result)) if *uid == envelope.uid => {
                        results.push(MutationResult {
                            replayed: true,
                            ..result.clone()
                        });
                        continue;
                    }
                    _ => return fail(ErrorCode::IdentityFork),
                }
            }
            if envelope.mid > device.last_mid + 1 {
                break;
            }
            let result = if let Some(known) = self.uids.get(&envelope.uid) {
                MutationResult {
                    mid: envelope.mid,
                    replayed: true,
                    ..known.clone()
                }
            } else {
                let (result, delta) = self.perform(envelope, now);
                self.performed.push((envelope.uid, owner));
                self.uids.insert(envelope.uid, result.clone());
                deltas.extend(delta.map(|delta| (delta, envelope.mid)));
                result
            };
            let device = self.devices.get_mut(&id).unwrap();
            device.last_mid = envelope.mid;
            device
                .results
                .insert(envelope.mid, (envelope.uid, result.clone()));
            results.push(result);
        }
        let last_mid = self.devices[&id].last_mid;
        let scopes = request.scopes.iter().map(|(scope, cursor)| {
            let of_here = request.epoch == Some(self.epoch) && cursor.view == self.view;
            let page = if !self.granted {
                Page {
                    view: String::new(),
                    from: cursor.seq,
                    to: cursor.seq,
                    head: 0,
                    more: false,
                    reset: false,
                    revoked: true,
                    changes: vec![],
                }
            } else if !of_here || cursor.seq > self.head {
                Page {
                    view: self.view.clone(),
                    from: 0,
                    to: 0,
                    head: self.head,
                    more: self.head > 0,
                    reset: true,
                    revoked: false,
                    changes: vec![],
                }
            } else {
                self.page(cursor.seq, self.page_limit)
            };
            (scope.clone(), page)
        });
        let answer = SyncAnswer {
            epoch: self.epoch,
            time: now,
            expected_mid: last_mid + 1,
            results,
            scopes: scopes.collect(),
            last_mids: BTreeMap::from([(id, last_mid)]),
            grants: vec![],
        };
        Ok((answer, deltas))
    }

    fn page(&self, from: i64, limit: usize) -> Page {
        let mut changes: Vec<Change> = self.rows.values().filter(|row| row.seq > from).cloned().collect();
        changes.sort_by_key(|change| change.seq);
        let more = changes.len() > limit;
        changes.truncate(limit);
        let to = if more {
            changes.last().unwrap().seq
        } else {
            self.head
        };
        Page {
            view: self.view.clone(),
            from,
            to,
            head: self.head,
            more,
            reset: false,
            revoked: false,
            changes,
        }
    }

    fn snapshot(&self, device: Uuid, now: Timestamp) -> Result<Snapshot, Failure> {
        if !self.granted {
            return Err(Failure::new(ErrorCode::NotFound, Lang::En));
        }
        let last_mid = self.devices.get(&device).map_or(0, |device| device.last_mid);
        Ok(Snapshot {
            epoch: self.epoch,
            scope: SCOPE.to_string(),
            view: self.view.clone(),
            seq: self.head,
            last_mids: BTreeMap::from([(device, last_mid)]),
            time: now,
            changes: self
                .rows
                .values()
                .filter(|row| row.body.is_some())
                .cloned()
                .collect(),
        })
    }
}

enum Parcel {
    Request(Outgoing, UserId),
    Answer(u32, Box<Result<Answer, Failure>>),
    Opening(u32, Uuid),
    Event(u32, Box<StreamEvent>, Option<i64>),
    Broken(u32),
}

/// What may go wrong with a parcel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    /// Of a hundred requests so many are lost, and as many answers.
    pub lost: u32,
    /// Of a hundred requests so many arrive twice.
    pub doubled: u32,
    /// Of a hundred parcels so many are late, by up to ten seconds.
    pub late: u32,
    /// Of a hundred deltas so many are lost.
    pub deltas_lost: u32,
}

/// See the module.
pub struct Peer {
    pub server: Server,
    pub client: Client,
    pub now: Timestamp,
    pub up: bool,
    pub weather: Weather,
    pub settled: Vec<Uuid>,
    pub lines: Vec<momfood_protocol::engine::Line>,
    /// The program ends after so many more steps.
    pub crash_in: Option<u32>,
    pub crashes: u32,
    signed_in: Option<UserId>,
    faults: Faults,
    parcels: Vec<(Timestamp, u64, Parcel)>,
    sent: u64,
    stream: Option<(u32, Uuid)>,
    next_beat: Timestamp,
    dice: u64,
    pub requests: Vec<Outgoing>,
}

fn identities(seed: u64) -> Box<dyn Fn() -> Identity> {
    let minted = std::cell::Cell::new(seed << 16);
    Box::new(move || {
        minted.set(minted.get() + 1);
        Identity {
            device: Uuid::from_u128(u128::from(minted.get()) << 32),
            push_key: format!("key-of-device-{}", minted.get()),
        }
    })
}

impl Peer {
    pub fn with(seed: u64, faults: Faults) -> Self {
        let store = Store::open(Place::Memory, "kitchen").unwrap();
        Self {
            server: Server::new(),
            client: Client::with_faults(store, T0, 0, identities(1), faults),
            now: T0,
            up: true,
            weather: Weather::default(),
            settled: vec![],
            lines: vec![],
            crash_in: None,
            crashes: 0,
            signed_in: None,
            faults,
            parcels: vec![],
            sent: 0,
            stream: None,
            next_beat: T0,
            dice: seed,
            requests: vec![],
        }
    }

    pub fn roll(&mut self) -> u32 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.dice >> 33).unwrap()
    }

    fn hit(&mut self, of_a_hundred: u32) -> bool {
        of_a_hundred > 0 && self.roll() % 100 < of_a_hundred
    }

    /// Somebody signs in.
    pub fn sign_in(&mut self, user: UserId) {
        self.signed_in = Some(user);
        let chance = self.roll();
        let actor = Actor::staff(user, KITCHEN);
        self.client
            .begin(self.now, chance, actor, vec![SCOPE], true)
            .unwrap();
        self.work();
    }

    pub fn sign_out(&mut self) {
        self.signed_in = None;
        let chance = self.roll();
        self.client.end(self.now, chance);
        self.work();
    }

    /// The program ends and begins anew over the same store.
    pub fn restart(&mut self) {
        let placeholder = Store::open(Place::Memory, "kitchen").unwrap();
        let client = std::mem::replace(
            &mut self.client,
            Client::new(placeholder, self.now, 0, identities(0)),
        );
        let seed = u64::from(self.roll());
        self.stream = None;
        self.parcels
            .retain(|(_, _, parcel)| matches!(parcel, Parcel::Request(..)));
        self.client = Client::with_faults(client.into_store(), self.now, 0, identities(seed), self.faults);
        if let Some(user) = self.signed_in {
            self.sign_in(user);
        }
    }

    pub fn tap(&mut self, uid: u128, mutation: Mutation) -> Result<(), NotTaken> {
        let chance = self.roll();
        self.client
            .tap(self.now, chance, Uuid::from_u128(uid), mutation)?;
        self.work();
        Ok(())
    }

    pub fn give(&mut self, input: Input) {
        let chance = self.roll();
        self.client.handle(self.now, chance, input);
        self.work();
    }

    /// Does every act there is, unless the program ends first.
    fn work(&mut self) {
        loop {
            if self.crash_in == Some(0) {
                self.crash_in = None;
                self.crashes += 1;
                self.restart();
                return;
            }
            let chance = self.roll();
            let Some(effects) = self.client.step(self.now, chance) else {
                return;
            };
            self.crash_in = self.crash_in.map(|left| left - 1);
            for effect in effects {
                self.effect(effect);
            }
        }
    }

    fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Open { number, device } => {
                self.stream = None;
                self.post(TRAVEL, Parcel::Opening(number, device));
            }
            Effect::Close => self.stream = None,
            Effect::Send(outgoing) => {
                self.requests.push(outgoing.clone());
                let user = self.signed_in.unwrap_or(COOK);
                let delay = self.travel();
                if self.hit(self.weather.doubled) {
                    self.post(delay + TRAVEL, Parcel::Request(outgoing.clone(), user));
                }
                self.post(delay, Parcel::Request(outgoing, user));
            }
            Effect::Settled { uids, .. } => self.settled.extend(uids),
            Effect::Line(line) => self.lines.push(line),
            _ => {}
        }
    }

    fn travel(&mut self) -> i64 {
        if self.hit(self.weather.late) {
            TRAVEL + i64::from(self.roll()) % (10 * SECOND)
        } else {
            TRAVEL
        }
    }

    fn post(&mut self, delay: i64, parcel: Parcel) {
        self.sent += 1;
        self.parcels.push((self.now.plus(delay), self.sent, parcel));
    }

    /// Changes an order on the server, and tells the stream.
    pub fn put(&mut self, body: Value) {
        let id: Uuid = serde_json::from_value(body["id"].clone()).unwrap();
        let rev = body["rev"].as_i64().unwrap();
        let delta = self.server.change(Entity::Order, id, rev, Some(body));
        self.tell(delta, None);
    }

    fn tell(&mut self, delta: Delta, mid: Option<i64>) {
        let Some((number, device)) = self.stream else {
            return;
        };
        if self.hit(self.weather.deltas_lost) {
            return;
        }
        let mid = mid.or_else(|| self.server.devices.get(&device).map(|device| device.last_mid));
        let event = if self.hit(self.weather.deltas_lost) {
            StreamEvent::Head(Head {
                scope: delta.scope,
                head: delta.to,
            })
        } else {
            StreamEvent::Delta(delta)
        };
        self.post(TRAVEL, Parcel::Event(number, Box::new(event), mid));
    }

    fn heads(&self) -> StreamEvent {
        StreamEvent::Heads(Heads {
            epoch: self.server.epoch,
            time: self.now,
            heads: self
                .server
                .granted
                .then(|| (SCOPE.to_string(), self.server.head))
                .into_iter()
                .collect(),
        })
    }

    /// The network is gone, and the stream with it.
    pub fn cut(&mut self) {
        if let Some((number, _)) = self.stream.take() {
            self.post(0, Parcel::Broken(number));
        }
    }

    /// The server loses everything since `backup` was made, and says so.
    pub fn restore(&mut self, backup: Server) {
        let epoch = Uuid::from_u128(self.server.epoch.as_u128() + 1);
        self.server = Server { epoch, ..backup };
        self.cut();
    }

    /// The device's clock, and with it all there is here, is set back.
    pub fn set_back(&mut self, micros: i64) {
        let back = |at: Timestamp| at.plus(-micros);
        self.now = back(self.now);
        self.next_beat = back(self.next_beat);
        for (at, ..) in &mut self.parcels {
            *at = back(*at);
        }
    }

    /// Lets so many microseconds pass.
    pub fn pass(&mut self, micros: i64) {
        let end = self.now.plus(micros);
        let (mut at_once, mut before) = (0, self.now);
        loop {
            at_once = if before == self.now { at_once + 1 } else { 0 };
            before = self.now;
            assert!(at_once < 1_000, "busy at one moment: {:?}", self.client.machine());
            let parcel = self.parcels.iter().map(|(at, n, _)| (*at, *n)).min();
            let tick = self.client.next_tick().unwrap_or(Timestamp(i64::MAX));
            let next = [Some(tick), parcel.map(|(at, _)| at), Some(self.next_beat)];
            let at = next.into_iter().flatten().min().unwrap().max(self.now);
            if at > end {
                self.now = end;
                return;
            }
            self.now = at;
            if self.next_beat <= at {
                self.next_beat = at.plus(20 * SECOND);
                if let (Some((number, device)), true) = (self.stream, self.up) {
                    let mid = self
                        .server
                        .devices
                        .get(&device)
                        .map_or(0, |device| device.last_mid);
                    let heads = self.heads();
                    self.post(TRAVEL, Parcel::Event(number, Box::new(heads), Some(mid)));
                }
            } else if let Some((_, n)) = parcel.filter(|(when, _)| *when <= at) {
                let place = self
                    .parcels
                    .iter()
                    .position(|(_, number, _)| *number == n)
                    .unwrap();
                let (_, _, parcel) = self.parcels.remove(place);
                self.deliver(parcel);
            } else {
                self.give(Input::Tick);
            }
        }
    }

    fn deliver(&mut self, parcel: Parcel) {
        match parcel {
            Parcel::Request(outgoing, user) => self.receive(&outgoing, user),
            Parcel::Answer(number, answer) => self.give(Input::Answer(number, *answer)),
            Parcel::Opening(number, _) if !self.up || self.server.session_over => {
                self.give(Input::Closed(number));
            }
            Parcel::Opening(number, device) => {
                self.stream = Some((number, device));
                self.give(Input::Opened(number));
                let mid = self
                    .server
                    .devices
                    .get(&device)
                    .map_or(0, |device| device.last_mid);
                let heads = self.heads();
                self.post(TRAVEL, Parcel::Event(number, Box::new(heads), Some(mid)));
            }
            Parcel::Event(number, event, mid) => {
                if self.up && self.stream.is_some_and(|(open, _)| open == number) {
                    self.give(Input::Heard(number, *event, mid));
                }
            }
            Parcel::Broken(number) => self.give(Input::Closed(number)),
        }
    }

    fn receive(&mut self, outgoing: &Outgoing, user: UserId) {
        let number = outgoing.number;
        if !self.up || self.hit(self.weather.lost) {
            self.post(15 * SECOND, Parcel::Answer(number, Box::new(Err(no_answer()))));
            return;
        }
        let now = self.now;
        let answer = match self.server.refuse_all {
            Some(code) => Err(Failure::new(code, Lang::En)),
            None => match &outgoing.ask {
                Ask::Sync(request) => {
                    let answer = self.server.sync(&outgoing.signed, user, request, now);
                    answer.map(|(answer, deltas)| {
                        for (delta, mid) in deltas {
                            self.tell(delta, Some(mid));
                        }
                        Answer::Sync(answer)
                    })
                }
                Ask::Snapshot { device, .. } => self.server.snapshot(*device, now).map(Answer::Snapshot),
                Ask::Presence(_) => Ok(Answer::Noted),
                Ask::BlobState { sha256 } => match self.server.blobs.get(sha256) {
                    None => Err(Failure::new(ErrorCode::NotFound, Lang::En)),
                    Some(bytes) => Ok(Answer::Blob(BlobState {
                        offset: bytes.len() as u64,
                        length: bytes.len() as u64 + 1,
                        complete: false,
                    })),
                },
                Ask::BlobPart {
                    sha256,
                    offset,
                    length,
                    bytes,
                } => {
                    let there = self.server.blobs.entry(sha256.clone()).or_default();
                    if there.len() as u64 == *offset {
                        there.extend(bytes);
                    }
                    Ok(Answer::Blob(BlobState {
                        offset: there.len() as u64,
                        length: *length,
                        complete: there.len() as u64 == *length,
                    }))
                }
            },
        };
        if self.hit(self.weather.lost) {
            self.post(15 * SECOND, Parcel::Answer(number, Box::new(Err(no_answer()))));
        } else {
            let delay = self.travel();
            self.post(delay, Parcel::Answer(number, Box::new(answer)));
        }
    }

    /// Fair weather for long enough that everything must be done.
    pub fn heal(&mut self) {
        self.weather = Weather::default();
        self.crash_in = None;
        self.up = true;
        self.pass(180 * SECOND);
    }

    /// How an order is shown.
    pub fn shown(&self, id: OrderId) -> Option<(String, bool)> {
        let view = self.client.shown().order(id)?;
        let status = serde_json::to_value(view.status).unwrap();
        Some((status.as_str().unwrap().to_owned(), view.unconfirmed))
    }

    /// How many mutations wait, of all vaults.
    pub fn waiting(&self) -> usize {
        self.client.waiting().unwrap().len()
    }
}

pub fn row(id: OrderId, rev: i64, status: &str) -> Value {
    order(id, rev, status)
}

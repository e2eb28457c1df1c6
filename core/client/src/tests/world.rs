//! A world of its own for an engine: virtual time, a network that loses what a test tells it to, and a small server
//! that keeps the promises of the real one (keys, tokens that end, a gap-free feed).

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::{mpsc, oneshot};
use futures::executor::{LocalPool, LocalSpawner};
use futures::task::LocalSpawnExt as _;
use momfood_domain::actor::Role;
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::text::Lang;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{AnyReply, Call, Event};
use momfood_protocol::error::{ErrorCode, Failed, Failure};
use momfood_protocol::feed::{Change, Delta, Entity, Heads, Snapshot, StreamEvent};
use momfood_protocol::online::{self, OnlineCall, Passage};
use momfood_protocol::rest::{Me, Session};
use momfood_protocol::sync::{
    Cursor, Envelope, MutationResult, MutationStatus, Page, SyncAnswer, SyncRequest,
};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::net::memory::MemoryKeep;
use crate::port::{Host, Keep, LocalBoxFuture, Net, NetError, Opened, Ports, Request, Response};
use crate::store::{Place, Store};
use crate::{App, Engine, EngineConfig};

pub const START: Timestamp = Timestamp(1_795_300_000_000_000);
pub const ME: UserId = UserId(Uuid::from_u128(1));
pub const KITCHEN: RestaurantId = RestaurantId(Uuid::from_u128(2));
/// How long anything travels one way, milliseconds.
const TRAVEL: u64 = 20;

/// Virtual time and the tasks that live in it.
struct Time {
    now: Cell<i64>,
    timers: RefCell<Vec<(i64, oneshot::Sender<()>)>>,
    spawner: LocalSpawner,
    drawn: Cell<u128>,
}

#[derive(Clone)]
struct FakeHost(Rc<Time>);

impl Host for FakeHost {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now.get())
    }

    fn sleep(&self, millis: u64) -> LocalBoxFuture<'static, ()> {
        let (ring, rung) = oneshot::channel();
        let at = self.0.now.get() + i64::try_from(millis).unwrap() * 1_000;
        self.0.timers.borrow_mut().push((at, ring));
        Box::pin(async move {
            let _ = rung.await;
        })
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        self.0.spawner.spawn_local(task).unwrap();
    }

    fn random(&self) -> u128 {
        // A fixed walk through all numbers: chance that every run repeats.
        let drawn = self
            .0
            .drawn
            .get()
            .wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645)
            .wrapping_add(0x5851_F42D);
        self.0.drawn.set(drawn);
        drawn ^ (drawn >> 64)
    }
}

/// What the network does with the next request to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It never arrives.
    LoseRequest,
    /// It is carried out; the answer never arrives.
    LoseAnswer,
    /// It arrives this many milliseconds late.
    Late(u64),
}

/// An open stream's end at the server.
type Line = mpsc::UnboundedSender<Result<Vec<u8>, NetError>>;

/// A server, as far as an engine can tell.
pub struct Server {
    pub up: bool,
    pub requests: Vec<Request>,
    faults: Vec<(String, Fault)>,
    /// Answers by method and path, used before the built-in ones; the last of a path repeats.
    pub scripted: BTreeMap<String, Vec<Result<Value, Failure>>>,
    pub me: Me,
    token: u32,
    refresh: u32,
    pub token_lives: i64,
    issued: BTreeMap<String, i64>,
    pub refuse_refresh: Option<ErrorCode>,
    pub refreshes: u32,
    pub epoch: Uuid,
    pub head: i64,
    entities: BTreeMap<(Entity, Uuid), Change>,
    streams: Vec<(Uuid, Line)>,
    /// The last mutation of each device, and what became of all of them.
    pub devices: BTreeMap<Uuid, (i64, Vec<MutationResult>)>,
    /// What was handed in, in its order: each once.
    pub handed_in: Vec<Envelope>,
    /// Files, as far as they are there.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Orders placed, by key.
    pub placed: BTreeMap<OrderId, u32>,
    keys: BTreeMap<String, (String, Value)>,
    /// Whether deltas reach the streams.
    pub deltas_lost: bool,
    pub opened: u32,
    skew: i64,
}

impl Server {
    fn scope(&self) -> String {
        match self.me.role {
            Role::Customer => format!("customer:{}", self.me.id),
            Role::Driver => format!("driver:{}", self.me.id),
            _ => format!("restaurant:{KITCHEN}"),
        }
    }

    /// Changes (or, without a body, takes out) one thing, and tells the streams.
    pub fn change(&mut self, entity: Entity, id: Uuid, rev: i64, body: Option<Value>) {
        let from = self.head;
        self.head += 1;
        let change = Change {
            seq: self.head,
            entity,
            id,
            rev,
            body,
        };
        self.entities.insert((entity, id), change.clone());
        let delta = Delta {
            scope: self.scope(),
            from,
            to: self.head,
            changes: vec![change],
        };
        if !self.deltas_lost {
            self.send(&StreamEvent::Delta(delta));
        }
    }

    pub fn put_order(&mut self, order: &Value) {
        let id: Uuid = serde_json::from_value(order["id"].clone()).unwrap();
        self.change(
            Entity::Order,
            id,
            order["rev"].as_i64().unwrap(),
            Some(order.clone()),
        );
    }

    pub fn order(&self, id: OrderId) -> Option<Value> {
        self.entities
            .get(&(Entity::Order, id.0))
            .and_then(|change| change.body.clone())
    }

    /// Loses everything, as a restore from an old backup does.
    pub fn rotate_epoch(&mut self, head: i64) {
        self.epoch = Uuid::from_u128(self.epoch.as_u128() + 1);
        self.head = head;
        self.streams.clear();
    }

    pub fn send(&mut self, event: &StreamEvent) {
        let name = serde_json::to_value(event).unwrap()["event"]
            .as_str()
            .unwrap()
            .to_owned();
        let data = serde_json::to_string(event).unwrap();
        let devices = &self.devices;
        self.streams.retain(|(device, stream)| {
            let mid = devices.get(device).map_or(0, |(mid, _)| *mid);
            let text = format!("event: {name}\nid: {mid}\ndata: {data}\n\n");
            stream.unbounded_send(Ok(text.into_bytes())).is_ok()
        });
    }

    pub fn heads(&mut self, now: i64) {
        let heads = BTreeMap::from([(self.scope(), self.head)]);
        let event = Heads {
            epoch: self.epoch,
            time: Timestamp(now + self.skew),
            heads,
        };
        self.send(&StreamEvent::Heads(event));
    }

    /// Ends every stream.
    pub fn cut(&mut self) {
        self.streams.clear();
    }

    pub fn session(&mut self, now: i64) -> Value {
        self.token += 1;
        let token = format!("token-{}", self.token);
        self.issued.insert(token.clone(), now + self.token_lives);
        let session = Session {
            access_token: token,
            expires_at: Timestamp(now + self.token_lives),
            now: Timestamp(now + self.skew),
            refresh_token: Some(format!("refresh-{}", self.refresh)),
            user: self.me.clone(),
        };
        serde_json::to_value(session).unwrap()
    }

    fn check(&self, request: &Request, now: i64) -> Result<(), Failure> {
        let token = request
            .headers
            .iter()
            .find(|(name, _)| *name == "authorization")
            .map(|(_, value)| value);
        let by_key = token.is_some_and(|token| token.starts_with("Device "));
        if by_key && (request.url.ends_with("/sync") || request.url.contains("/blobs/")) {
            return Ok(());
        }
        let code = match token.and_then(|bearer| self.issued.get(bearer.trim_start_matches("Bearer "))) {
            None if token.is_none() => ErrorCode::Unauthenticated,
            None => ErrorCode::TokenInvalid,
            Some(until) if now >= *until => ErrorCode::TokenExpired,
            Some(_) => return Ok(()),
        };
        Err(Failure::new(code, Lang::En))
    }

    fn answer(&mut self, request: &Request, now: i64) -> Result<Value, Failure> {
        let path = path_of(request);
        let named = format!("{} {path}", request.method.as_str());
        let door = OnlineCall::NAMES.iter().filter_map(|name| online::door(name));
        let passage = { door }.find(|door| door.path == path).map(|door| door.passage);
        if path == "auth/register" || matches!(passage, Some(Passage::Enters | Passage::EntersAs)) {
            if let Some(scripted) = self.script(&named) {
                return scripted;
            }
            self.refresh += 1;
            return Ok(self.session(now));
        }
        if path == "auth/refresh" {
            self.refreshes += 1;
            if let Some(code) = self.refuse_refresh {
                return Err(Failure::new(code, Lang::En));
            }
            return Ok(self.session(now));
        }
        if passage != Some(Passage::Anyone)
            && !path.starts_with("restaurants")
            && !path.starts_with("shared/")
            && path != "auth/logout"
        {
            self.check(request, now)?;
        }
        // As the real one: a request that was refused leaves no trace under its key.
        let key = request
            .headers
            .iter()
            .find(|(name, _)| *name == "idempotency-key")
            .map(|(_, key)| key.clone());
        if let Some((body, answer)) = key.as_ref().and_then(|key| self.keys.get(key)) {
            return if Some(body) == request.body.as_ref() {
                Ok(answer.clone())
            } else {
                Err(Failure::new(ErrorCode::KeyReused, Lang::En))
            };
        }
        let answer = self.fresh(&named, &path, request, now)?;
        if let (Some(key), Some(body)) = (key, &request.body) {
            self.keys.insert(key, (body.clone(), answer.clone()));
        }
        Ok(answer)
    }

    fn fresh(&mut self, named: &str, path: &str, request: &Request, now: i64) -> Result<Value, Failure> {
        if let Some(scripted) = self.script(named) {
            return scripted;
        }
        if path.starts_with("scopes/") {
            let device = device_of(request);
            let mid = self.devices.get(&device).map_or(0, |(mid, _)| *mid);
            let snapshot = Snapshot {
                view: String::new(),
                last_mids: BTreeMap::from([(device, mid)]),
                epoch: self.epoch,
                scope: self.scope(),
                seq: self.head,
                time: Timestamp(now + self.skew),
                changes: self
                    .entities
                    .values()
                    .filter(|change| change.body.is_some())
                    .cloned()
                    .collect(),
            };
            return Ok(serde_json::to_value(snapshot).unwrap());
        }
        if named == "POST sync" {
            let request = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
            let answer = self.sync(&request, now);
            return Ok(serde_json::to_value(answer).unwrap());
        }
        if let Some(name) = path.strip_prefix("blobs/") {
            let there = self.files.entry(name.to_owned()).or_default();
            let length = if let Some(bytes) = &request.bytes {
                let header = |name| {
                    request
                        .headers
                        .iter()
                        .find(|(n, _)| *n == name)
                        .unwrap()
                        .1
                        .parse()
                };
                let offset: usize = header("upload-offset").unwrap();
                assert_eq!(offset, there.len(), "parts follow each other");
                there.extend(bytes);
                header("upload-length").unwrap()
            } else if there.is_empty() {
                return Err(Failure::new(ErrorCode::NotFound, Lang::En));
            } else {
                there.len() + 1
            };
            let (offset, length) = (there.len() as u64, length as u64);
            return Ok(json!({ "offset": offset, "length": length, "complete": offset == length }));
        }
        if let Some(id) = path
            .strip_prefix("orders/")
            .and_then(|id| id.parse::<OrderId>().ok())
            && let Some(order) = self.order(id)
        {
            return Ok(order);
        }
        if path == "presence" || path == "pings" || path == "auth/logout" || path == "me" {
            return Ok(Value::Null);
        }
        Err(Failure::new(ErrorCode::NotFound, Lang::En))
    }

    fn sync(&mut self, request: &SyncRequest, now: i64) -> SyncAnswer {
        let device = request.device;
        let mut results = Vec::new();
        let of_here = request.epoch.is_none_or(|known| known == self.epoch);
        for envelope in request.mutations.iter().filter(|_| of_here) {
            let (last, known) = self.devices.entry(device).or_default().clone();
            if envelope.mid <= last {
                let known = known.iter().find(|known| known.mid == envelope.mid).unwrap();
                results.push(known.clone());
                continue;
            }
            assert_eq!(envelope.mid, last + 1, "in order, and without gaps");
            // A number is spent with what it does, and known in the frames that tell it.
            self.devices.get_mut(&device).unwrap().0 = envelope.mid;
            let was_done = self.handed_in.iter().any(|other| other.uid == envelope.uid);
            let answer = if was_done {
                Ok(())
            } else {
                self.perform(envelope, now)
            };
            if answer.is_ok() && !was_done {
                self.handed_in.push(envelope.clone());
            }
            let (status, failure) = match answer {
                Ok(()) => (MutationStatus::Applied, None),
                Err(failure) => (MutationStatus::Rejected, Some(failure)),
            };
            let result = MutationResult {
                mid: envelope.mid,
                status,
                replayed: false,
                review: false,
                code: failure.as_ref().map(|failure| failure.code),
                details: failure.map_or(Value::Null, |failure| failure.details),
                retry_at: None,
            };
            self.devices.get_mut(&device).unwrap().1.push(result.clone());
            results.push(result);
        }
        let last = self.devices.entry(device).or_default().0;
        let page = |cursor: &Cursor| {
            let fits = request.epoch == Some(self.epoch) && cursor.seq <= self.head;
            let mut changes: Vec<Change> = self.entities.values().cloned().collect();
            changes.retain(|change| fits && change.seq > cursor.seq);
            changes.sort_by_key(|change| change.seq);
            Page {
                view: String::new(),
                from: if fits { cursor.seq } else { 0 },
                to: if fits { self.head } else { 0 },
                head: self.head,
                more: !fits,
                reset: !fits,
                revoked: false,
                changes,
            }
        };
        let pages = request
            .scopes
            .iter()
            .map(|(scope, cursor)| (scope.clone(), page(cursor)));
        SyncAnswer {
            epoch: self.epoch,
            time: Timestamp(now + self.skew),
            expected_mid: last + 1,
            results,
            scopes: pages.collect(),
            last_mids: BTreeMap::from([(device, last)]),
            grants: vec![],
        }
    }

    /// Does a mutation: as a script by its name says (an order to put, or a refusal), else the obvious.
    fn perform(&mut self, envelope: &Envelope, now: i64) -> Result<(), Failure> {
        if envelope
            .valid_until
            .is_some_and(|until| now + self.skew > until.0)
        {
            return Err(Failure::new(ErrorCode::TooLate, Lang::En));
        }
        if let Some(scripted) = self.script(&envelope.name) {
            let order = scripted?;
            if order.is_object() {
                self.put_order(&order);
            }
            return Ok(());
        }
        if envelope.name == "order.place" {
            let id: OrderId = serde_json::from_value(envelope.args["id"].clone()).unwrap();
            *self.placed.entry(id).or_default() += 1;
            self.put_order(&order(id, 1, "pending"));
            return Ok(());
        }
        let id = envelope.args["orderId"].as_str().and_then(|id| id.parse().ok());
        let Some(mut order) = id.and_then(|id| self.order(id)) else {
            return Ok(());
        };
        let status = order["status"].as_str().unwrap();
        let next = match (envelope.name.as_str(), status) {
            ("order.accept", "pending") => "accepted",
            ("order.ready", "accepted" | "preparing") => "ready",
            ("order.cancel", "pending" | "accepted") => "cancelled",
            ("delivery.deliver", "picked_up") => "delivered",
            _ => return Ok(()),
        };
        order["status"] = json!(next);
        order["rev"] = json!(order["rev"].as_i64().unwrap() + 1);
        self.put_order(&order);
        Ok(())
    }

    fn script(&mut self, named: &str) -> Option<Result<Value, Failure>> {
        let answers = self.scripted.get_mut(named)?;
        if answers.len() > 1 {
            Some(answers.remove(0))
        } else {
            answers.first().cloned()
        }
    }

    /// Says what `named` (`GET restaurants`, without a query) is answered from now on.
    pub fn say(&mut self, named: &str, answer: impl Serialize) {
        self.scripted
            .insert(named.to_owned(), vec![Ok(serde_json::to_value(answer).unwrap())]);
    }

    /// Says what `named` is refused with.
    pub fn refuse(&mut self, named: &str, code: ErrorCode, details: Value) {
        self.scripted.insert(
            named.to_owned(),
            vec![Err(Failure::new(code, Lang::En).with(details))],
        );
    }

    /// What the network does with the next request whose path begins so.
    pub fn fault(&mut self, path: &str, fault: Fault) {
        self.faults.push((path.to_owned(), fault));
    }

    /// How often `named` was asked.
    pub fn asked(&self, named: &str) -> usize {
        let is = |request: &&Request| format!("{} {}", request.method.as_str(), path_of(request)) == named;
        self.requests.iter().filter(is).count()
    }

    /// The bodies `named` was asked with.
    pub fn bodies(&self, named: &str) -> Vec<Value> {
        let is = |request: &&Request| format!("{} {}", request.method.as_str(), path_of(request)) == named;
        let body = |request: &Request| serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        self.requests.iter().filter(is).map(body).collect()
    }
}

fn device_of(request: &Request) -> Uuid {
    let query = request.url.split("device=").nth(1);
    query.map_or(Uuid::nil(), |device| device.parse().unwrap())
}

fn path_of(request: &Request) -> String {
    let path = request.url.trim_start_matches("https://server/api/v1/");
    path.split('?').next().unwrap().to_owned()
}

struct FakeNet {
    host: FakeHost,
    server: Rc<RefCell<Server>>,
}

impl Net for FakeNet {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, NetError>> {
        let (host, server) = (self.host.clone(), Rc::clone(&self.server));
        Box::pin(async move {
            let path = path_of(&request);
            let fault = {
                let faults = &mut server.borrow_mut().faults;
                let found = faults
                    .iter()
                    .position(|(prefix, _)| path.starts_with(prefix.as_str()));
                found.map(|i| faults.remove(i).1)
            };
            let travel = if let Some(Fault::Late(millis)) = fault {
                millis
            } else {
                TRAVEL
            };
            host.sleep(travel).await;
            if !server.borrow().up || fault == Some(Fault::LoseRequest) {
                return Err(NetError);
            }
            let answer = {
                let server = &mut *server.borrow_mut();
                server.requests.push(request.clone());
                server.answer(&request, host.now().0)
            };
            host.sleep(TRAVEL).await;
            if !server.borrow().up || fault == Some(Fault::LoseAnswer) {
                return Err(NetError);
            }
            let (status, body) = match answer {
                Ok(data) => (200, json!({ "success": true, "data": data }).to_string()),
                Err(error) => (
                    error.code.status(),
                    serde_json::to_string(&Failed {
                        success: false,
                        error,
                    })
                    .unwrap(),
                ),
            };
            Ok(Response {
                status,
                upload: None,
                body: body.into_bytes(),
            })
        })
    }

    fn open(&self, request: Request) -> LocalBoxFuture<'static, Result<Opened, NetError>> {
        let (host, server) = (self.host.clone(), Rc::clone(&self.server));
        Box::pin(async move {
            host.sleep(TRAVEL).await;
            let server = &mut *server.borrow_mut();
            if !server.up {
                return Err(NetError);
            }
            server.requests.push(request.clone());
            let now = host.now().0;
            if let Err(error) = server.check(&request, now) {
                let status = error.code.status();
                let body = serde_json::to_vec(&Failed {
                    success: false,
                    error,
                })
                .unwrap();
                let body = futures::stream::iter([Ok(body)]).boxed_local();
                return Ok(Opened { status, body });
            }
            let (tell, told) = mpsc::unbounded();
            server.streams.push((device_of(&request), tell));
            server.opened += 1;
            server.heads(now);
            Ok(Opened {
                status: 200,
                body: told.boxed_local(),
            })
        })
    }
}

/// Where an answer will be.
pub type Slot = Rc<RefCell<Option<AnyReply>>>;

/// An engine in a world of its own.
pub struct World {
    pool: LocalPool,
    time: Rc<Time>,
    pub server: Rc<RefCell<Server>>,
    pub keep: Rc<MemoryKeep>,
    pub engine: Engine,
    /// Where what is tapped outlives the engine, if it does.
    folder: Option<Folder>,
    app: App,
    heard: mpsc::UnboundedReceiver<Event>,
    next_beat: i64,
}

impl World {
    /// `app`'s engine, with nobody signed in, and nothing that outlives it but a few small texts.
    pub fn new(app: App) -> Self {
        Self::over(app, None)
    }

    /// As [`World::signed_in`], with files.
    pub fn durable(app: App) -> Self {
        Self::with_somebody(Self::over(app, Some(Folder::new())))
    }

    fn over(app: App, folder: Option<Folder>) -> Self {
        let pool = LocalPool::new();
        let time = Rc::new(Time {
            now: Cell::new(START.0),
            timers: RefCell::default(),
            spawner: pool.spawner(),
            drawn: Cell::new(42),
        });
        let role = match app.kind() {
            crate::AppKind::Customer => Role::Customer,
            crate::AppKind::Kitchen => Role::Restaurant,
            crate::AppKind::Driver => Role::Driver,
            crate::AppKind::Admin => Role::Admin,
        };
        let server = Rc::new(RefCell::new(Server {
            up: true,
            requests: vec![],
            faults: vec![],
            scripted: BTreeMap::new(),
            me: me(role),
            token: 0,
            refresh: 0,
            token_lives: 900_000_000,
            issued: BTreeMap::new(),
            refuse_refresh: None,
            refreshes: 0,
            epoch: Uuid::from_u128(77),
            head: 10,
            entities: BTreeMap::new(),
            streams: vec![],
            devices: BTreeMap::new(),
            handed_in: vec![],
            files: BTreeMap::new(),
            placed: BTreeMap::new(),
            keys: BTreeMap::new(),
            deltas_lost: false,
            opened: 0,
            skew: 3_000_000,
        }));
        let keep = Rc::new(MemoryKeep::default());
        let engine = engine(app, &time, &server, &keep, folder.as_ref());
        let heard = engine.subscribe();
        Self {
            folder,
            pool,
            time,
            server,
            keep,
            engine,
            app,
            heard,
            next_beat: START.0,
        }
    }

    /// The same, with somebody signed in and the line live.
    pub fn signed_in(app: App) -> Self {
        Self::with_somebody(Self::new(app))
    }

    fn with_somebody(mut world: Self) -> Self {
        let app = world.app;
        if app.kind() == crate::AppKind::Kitchen {
            world
                .server
                .borrow_mut()
                .change(Entity::Restaurant, KITCHEN.0, 1, Some(settings()));
        }
        if app.kind() == crate::AppKind::Driver {
            world
                .server
                .borrow_mut()
                .change(Entity::Driver, ME.0, 1, Some(day(true)));
        }
        let call = momfood_protocol::engine::SignIn {
            email: "a@b.c".into(),
            password: "password".into(),
        };
        world.ask(call).unwrap();
        world.pass(1_000);
        world.events();
        world
    }

    /// The app is closed and opened again: only what was kept remains.
    pub fn restart(&mut self) {
        self.end();
        self.start();
    }

    fn end(&mut self) {
        self.server.borrow_mut().cut();
        self.pool = LocalPool::new();
        let time = Time {
            now: Cell::new(self.time.now.get()),
            timers: RefCell::default(),
            spawner: self.pool.spawner(),
            drawn: Cell::new(self.time.drawn.get() + 1),
        };
        self.time = Rc::new(time);
        // Its files are let go of before the next one opens them: for a moment there is one of nowhere.
        let nowhere = Rc::new(Time {
            now: Cell::new(self.time.now.get()),
            timers: RefCell::default(),
            spawner: LocalPool::new().spawner(),
            drawn: Cell::new(0),
        });
        self.engine = engine(
            self.app,
            &nowhere,
            &self.server,
            &Rc::new(MemoryKeep::default()),
            None,
        );
        let (_, nothing) = mpsc::unbounded();
        self.heard = nothing;
    }

    fn start(&mut self) {
        self.engine = engine(
            self.app,
            &self.time,
            &self.server,
            &self.keep,
            self.folder.as_ref(),
        );
        self.heard = self.engine.subscribe();
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.time.now.get())
    }

    /// The app ends, and starts again so many milliseconds later.
    pub fn restart_later(&mut self, millis: i64) {
        self.end();
        self.time.now.set(self.time.now.get() + millis * 1_000);
        self.start();
    }

    /// The app ends; what `meanwhile` does to its files is done before it starts again.
    pub fn restart_after(&mut self, meanwhile: impl FnOnce(&std::path::Path)) {
        self.end();
        if let Some(folder) = &self.folder {
            meanwhile(&folder.0.join(self.app.kind().id()));
        }
        self.start();
    }

    /// Lets so many milliseconds pass. The server's heart beats every 20 s.
    pub fn pass(&mut self, millis: i64) {
        let end = self.time.now.get() + millis * 1_000;
        self.run_until(end, || false);
    }

    fn run_until(&mut self, end: i64, done: impl Fn() -> bool) {
        self.pool.run_until_stalled();
        while !done() {
            let next = self
                .time
                .timers
                .borrow()
                .iter()
                .map(|(at, _)| *at)
                .min()
                .unwrap_or(i64::MAX);
            let at = next.min(self.next_beat.max(self.time.now.get()));
            if at > end {
                self.time.now.set(end.max(self.time.now.get()));
                return;
            }
            self.time.now.set(at.max(self.time.now.get()));
            if self.next_beat <= at {
                self.next_beat = at + 20_000_000;
                let server = &mut *self.server.borrow_mut();
                if server.up {
                    server.heads(at);
                }
            }
            let due: Vec<_> = {
                let timers = &mut *self.time.timers.borrow_mut();
                let (due, later) = timers.drain(..).partition(|(when, _)| *when <= at);
                *timers = later;
                due
            };
            for (_, ring) in due {
                let _ = ring.send(());
            }
            self.pool.run_until_stalled();
        }
    }

    /// Asks, and lets time pass until the answer is there (a minute at most).
    pub fn ask<C: Call + 'static>(&mut self, call: C) -> Result<C::Reply, Failure> {
        let answer = self.begin(call);
        self.wait(answer)
    }

    /// Asks, and goes on.
    #[expect(clippy::needless_pass_by_value, reason = "as screens ask")]
    pub fn begin<C: Call>(&mut self, call: C) -> Slot
    where
        C::Reply: 'static,
    {
        let slot = Rc::new(RefCell::new(None));
        let (answer, filled) = (
            self.engine.call(C::NAME, serde_json::to_value(&call).unwrap()),
            Rc::clone(&slot),
        );
        let task = async move { *filled.borrow_mut() = Some(answer.await) };
        self.pool.spawner().spawn_local(task).unwrap();
        self.pool.run_until_stalled();
        slot
    }

    #[expect(clippy::needless_pass_by_value, reason = "an answer is taken once")]
    pub fn wait<R: serde::de::DeserializeOwned>(&mut self, slot: Slot) -> Result<R, Failure> {
        let end = self.time.now.get() + 60_000_000;
        let there = Rc::clone(&slot);
        self.run_until(end, move || there.borrow().is_some());
        match slot.borrow_mut().take().expect("an answer within a minute") {
            AnyReply::Ok(value) => Ok(serde_json::from_value(value).unwrap()),
            AnyReply::Err(failure) => Err(failure),
        }
    }

    /// What was told since the last time.
    pub fn events(&mut self) -> Vec<Event> {
        self.pool.run_until_stalled();
        let mut events = Vec::new();
        while let Ok(event) = self.heard.try_recv() {
            events.push(event);
        }
        events
    }
}

/// A folder that goes with its world.
pub struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> Self {
        static MADE: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let n = MADE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("momfood-client-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn engine(
    app: App,
    time: &Rc<Time>,
    server: &Rc<RefCell<Server>>,
    keep: &Rc<MemoryKeep>,
    folder: Option<&Folder>,
) -> Engine {
    let place = match folder {
        Some(folder) => Place::Files {
            folder: folder.0.clone(),
        },
        None => Place::Memory,
    };
    let store = Store::open(place, app.kind().id()).unwrap();
    let host = FakeHost(Rc::clone(time));
    let net = FakeNet {
        host: host.clone(),
        server: Rc::clone(server),
    };
    let keep: Rc<dyn Keep> = Rc::clone(keep) as _;
    let ports = Ports {
        net: Rc::new(net),
        keep,
        host: Rc::new(host),
    };
    Engine::new(
        ports,
        store,
        EngineConfig {
            app,
            base_url: "https://server".into(),
            cookie_mode: false,
        },
    )
}

fn me(role: Role) -> Me {
    Me {
        id: ME,
        email: Some("a@b.c".into()),
        phone: None,
        first_name: "Sara".into(),
        last_name: String::new(),
        language: Lang::Ar,
        roles: vec![role],
        role,
        restaurant_id: (role == Role::Restaurant).then_some(KITCHEN),
    }
}

pub fn order(id: OrderId, rev: i64, status: &str) -> Value {
    json!({
        "id": id, "number": "4821", "rev": rev, "status": status, "fulfilment": "delivery",
        "restaurant": { "id": KITCHEN, "name": { "en": "Kabsa House" }, "point": { "lat": 24.7, "lng": 46.7 },
            "district": { "en": "Olaya" } },
        "customer": { "name": "Sara" },
        "bill": { "currency": "SAR", "lines": [], "subtotal": 0, "deliveryFee": 0, "serviceFee": 0, "discount": 0,
            "tip": 0, "taxAmount": 0, "totalAmount": 0 },
        "payment": { "method": "cash", "status": "due", "refunded": 0, "cashDue": 0 },
        "placedAt": START, "acceptBy": START.plus_minutes(60 * 24), "timeline": [], "may": []
    })
}

pub fn settings() -> Value {
    json!({
        "id": KITCHEN, "name": { "en": "Kabsa House" }, "point": { "lat": 24.7, "lng": 46.7 },
        "hours": { "utcOffsetMinutes": 180, "periods": [] }, "preparationMinutes": 20, "acceptLimitSeconds": 300,
        "terms": terms(), "currency": "SAR"
    })
}

pub fn terms() -> Value {
    json!({ "minimumOrder": 2_500, "deliveryFee": 900, "deliveryFeePerKm": 150, "deliveryRadiusM": 12_000,
        "serviceFeeBp": 300, "vatBp": 1_500, "discount": 0 })
}

pub fn day(on: bool) -> Value {
    let mut day =
        json!({ "currency": "SAR", "trips": 0, "earned": 0, "tips": 0, "cashInHand": 0, "done": [] });
    if on {
        day["shift"] = json!({ "id": Uuid::from_u128(5), "since": START });
    }
    day
}

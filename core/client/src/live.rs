//! Does what the sync machine says: opens the stream, sends requests, keeps its timer, and tells the screens what
//! changed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::oneshot;
use futures::future::{AbortHandle, abortable, select};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{Event, Line};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::{Delta, Head, Heads, OrderPosition, Scope, Snapshot, StreamEvent};
use momfood_protocol::rest::Me;
use momfood_protocol::sync::SyncAnswer;
use momfood_protocol::view::Position;
use serde_json::Value;
use uuid::Uuid;

use crate::app::AppKind;
use crate::core::{Core, read_text};
use crate::http::{Access, Patience, Spec, TIMEOUT_MS};
use crate::port::Method;
use crate::sse::{SseEvent, SseParser};
use crate::sync::{Answer, Ask, Changed, Effect, Input, Outgoing, Signed};

/// What runs for the machine, and what it does not keep.
#[derive(Default)]
pub(crate) struct Live {
    stream: Option<AbortHandle>,
    /// When the timer that runs will go off.
    armed: Option<Timestamp>,
    /// Who waits for the first fill.
    waiting: Vec<oneshot::Sender<()>>,
    /// Where drivers were last.
    positions: BTreeMap<OrderId, Position>,
    /// New orders the kitchen was told of.
    announced: BTreeSet<OrderId>,
    /// When the server last said where things stand, by its clock; also before the engine started.
    heard: Option<Timestamp>,
}

/// Where [`Live::heard`] is kept.
const HEARD: &str = "heard";

impl Live {
    /// The last position of an order's driver.
    pub fn position(&self, id: OrderId) -> Option<Position> {
        self.positions.get(&id).copied()
    }

    /// As of when what is shown was current, by the server's clock.
    pub const fn heard(&self) -> Option<Timestamp> {
        self.heard
    }

    /// Forgets what was of somebody who is no longer signed in.
    pub fn forget(&mut self) {
        self.heard = None;
        self.positions.clear();
        self.announced.clear();
    }
}

/// The scopes `me` is granted.
fn scopes_of(me: &Me) -> Vec<Scope> {
    match me.role {
        Role::Customer => vec![Scope::Customer(me.id)],
        Role::Restaurant => me.restaurant_id.map(Scope::Restaurant).into_iter().collect(),
        Role::Driver => vec![Scope::Driver(me.id)],
        Role::Support | Role::Admin | Role::System => vec![],
    }
}

impl Core {
    /// Follows what `me` is granted, and takes up their vault.
    pub fn follow(self: &Rc<Self>, me: &Me) {
        let actor = Actor {
            user: Some(me.id),
            role: me.role,
            restaurant: me.restaurant_id,
        };
        // A kitchen that is not heard of gets no orders; a driver is asked only while there.
        let is_awaited = matches!(me.role, Role::Restaurant | Role::Driver);
        let (now, chance) = (self.ports.host.now(), self.chance());
        let heard = self.kept::<Timestamp>(HEARD);
        self.state.borrow_mut().live.heard = heard;
        // What went wrong with the vault, the state of the storage tells, and the first tap.
        let _ = self
            .sync
            .borrow_mut()
            .begin(now, chance, actor, scopes_of(me), is_awaited);
        self.count_taps();
        (self.config.app.followed)(self);
        self.announce();
        #[cfg(feature = "printing")]
        if self.config.app.kind() == AppKind::Kitchen {
            crate::printing::review(self, None);
        }
        self.work();
    }

    /// Follows nothing, and shows nothing of what was followed.
    pub fn unfollow(self: &Rc<Self>) {
        let (now, chance) = (self.ports.host.now(), self.chance());
        self.sync.borrow_mut().end(now, chance);
        self.state.borrow_mut().live.forget();
        self.keep::<Timestamp>(HEARD, None);
        self.stop_waiting();
        self.count_taps();
        self.work();
    }

    /// Lets the machine take `input`, and does what it says.
    pub fn feed(self: &Rc<Self>, input: Input) {
        let (now, chance) = (self.ports.host.now(), self.chance());
        self.sync.borrow_mut().handle(now, chance, input);
        self.work();
    }

    /// Does every act there is.
    pub fn work(self: &Rc<Self>) {
        loop {
            let (now, chance) = (self.ports.host.now(), self.chance());
            let Some(effects) = self.sync.borrow_mut().step(now, chance) else {
                break;
            };
            for effect in effects {
                self.effect(effect);
            }
        }
        self.arm();
    }

    fn effect(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Open { number, device } => self.open_stream(number, device),
            Effect::Close => self.close_stream(),
            Effect::Send(outgoing) => self.send(outgoing),
            Effect::Changed(changed) => {
                self.changed(&changed);
                self.stop_waiting_if_filled();
            }
            Effect::Settled { user, uids } => crate::taps::settled(self, user, &uids),
            Effect::Outbox => {
                self.count_taps();
                self.tell(&Event::Outbox {});
                self.tell_connection();
            }
            Effect::Unfilled => self.stop_waiting(),
            Effect::Moved(moved) => self.moved(moved),
            Effect::ServerTime(time) => {
                self.server_said(time);
                self.state.borrow_mut().live.heard = Some(time);
                self.keep(HEARD, Some(&time));
            }
            Effect::Line(line) => {
                self.stop_waiting_if_filled();
                self.tell_connection();
                if line == Line::Live {
                    (self.config.app.live)(self);
                }
            }
        }
    }

    /// A driver moved; only the latest counts.
    fn moved(&self, moved: OrderPosition) {
        let OrderPosition {
            order_id: id,
            position,
        } = moved;
        let newer = {
            let positions = &mut self.state.borrow_mut().live.positions;
            let newer = positions.get(&id).is_none_or(|have| have.at < position.at);
            if newer {
                positions.insert(id, position);
            }
            newer
        };
        if newer {
            self.tell(&Event::Position { id, position });
        }
    }

    /// Tells the screens what is shown differently.
    pub fn changed(self: &Rc<Self>, changed: &BTreeSet<Changed>) {
        for what in changed {
            let event = match what {
                Changed::Order(id) => {
                    let sync = self.sync.borrow();
                    if sync.shown().order(*id).is_none_or(|view| view.status.is_end()) {
                        self.state.borrow_mut().live.positions.remove(id);
                    }
                    Event::Order { id: *id }
                }
                Changed::Restaurant => Event::Restaurant {},
                Changed::Menu => Event::Menu {},
                Changed::Driver => Event::Driver {},
            };
            self.tell(&event);
        }
        if changed.is_empty() {
            return;
        }
        match self.config.app.kind() {
            AppKind::Kitchen => {
                self.announce();
                #[cfg(feature = "printing")]
                crate::printing::review(self, Some(changed));
            }
            AppKind::Driver => {
                if !changed.contains(&Changed::Driver) {
                    self.tell(&Event::Driver {});
                }
                #[cfg(feature = "driver")]
                crate::track::look(self);
            }
            AppKind::Customer | AppKind::Admin => {}
        }
    }

    /// Tells the kitchen of pending orders it was not told of yet.
    fn announce(&self) {
        if self.config.app.kind() != AppKind::Kitchen {
            return;
        }
        let pending: Vec<OrderId> = {
            let sync = self.sync.borrow();
            let live = &mut self.state.borrow_mut().live;
            live.announced.retain(|id| sync.shown().follows(*id));
            let pending = sync.shown().scoped();
            let pending = pending.filter(|view| view.status == OrderStatus::Pending);
            pending
                .map(|view| view.id)
                .filter(|id| live.announced.insert(*id))
                .collect()
        };
        for id in pending {
            self.tell(&Event::NewOrder { id });
        }
    }

    /// Waits until there is something of everything to show.
    pub async fn filled(self: &Rc<Self>) -> Result<(), Failure> {
        if self.state.borrow().session.user.is_none() {
            return Err(self.failure(ErrorCode::Unauthenticated));
        }
        if self.sync.borrow().machine().is_filled() {
            return Ok(());
        }
        let (tell, told) = oneshot::channel();
        self.state.borrow_mut().live.waiting.push(tell);
        let late = self.ports.host.sleep(TIMEOUT_MS);
        // Whatever ended the waiting: is it there now?
        let _ = select(told, late).await;
        let signed_in = self.state.borrow().session.user.is_some();
        if signed_in && self.sync.borrow().machine().is_filled() {
            Ok(())
        } else {
            Err(self.failure(ErrorCode::Offline))
        }
    }

    fn stop_waiting_if_filled(&self) {
        if self.sync.borrow().machine().is_filled() {
            self.stop_waiting();
        }
    }

    fn stop_waiting(&self) {
        let waiting = std::mem::take(&mut self.state.borrow_mut().live.waiting);
        for tell in waiting {
            // Who no longer waits need not hear.
            let _ = tell.send(());
        }
    }

    fn open_stream(self: &Rc<Self>, number: u32, device: Uuid) {
        self.close_stream();
        let core = Rc::clone(self);
        let (task, handle) = abortable(async move {
            core.read_stream(number, device).await;
            core.feed(Input::Closed(number));
        });
        self.state.borrow_mut().live.stream = Some(handle);
        self.spawn(async move {
            // Given up: the machine said so itself.
            let _ = task.await;
        });
    }

    fn close_stream(&self) {
        if let Some(handle) = self.state.borrow_mut().live.stream.take() {
            handle.abort();
        }
    }

    async fn read_stream(self: &Rc<Self>, number: u32, device: Uuid) {
        // Twice: the first time the token may be over.
        for _ in 0..2 {
            let Ok((request, token)) = self.stream_request(device).await else {
                return;
            };
            let Ok(mut opened) = self.ports.net.open(request).await else {
                return;
            };
            if opened.status != 200 {
                let mut body = Vec::new();
                while let Some(Ok(bytes)) = opened.body.next().await {
                    body.extend(bytes);
                    if body.len() > 64 * 1024 {
                        break;
                    }
                }
                if self.after_stream_refusal(opened.status, &body, &token).await {
                    continue;
                }
                return;
            }
            self.feed(Input::Opened(number));
            let mut parser = SseParser::default();
            while let Some(Ok(bytes)) = opened.body.next().await {
                let events = parser.feed(&bytes);
                if events.is_empty() {
                    self.feed(Input::Alive(number));
                }
                for event in events {
                    self.feed(match stream_event(&event) {
                        Some(said) => Input::Heard(number, said, event.id.parse().ok()),
                        None => Input::Alive(number),
                    });
                }
            }
            return;
        }
    }

    fn send(self: &Rc<Self>, outgoing: Outgoing) {
        let core = Rc::clone(self);
        self.spawn(async move {
            let number = outgoing.number;
            let answer = core.exchange(outgoing).await;
            core.feed(Input::Answer(number, answer));
        });
    }

    async fn exchange(self: &Rc<Self>, outgoing: Outgoing) -> Result<Answer, Failure> {
        let access = match outgoing.signed {
            Signed::Session => Access::SignedIn,
            Signed::Device { device, push_key } => Access::Device(format!("{device}:{push_key}")),
        };
        let once = |spec: Spec| spec.patience(Patience::Once).access(access);
        match outgoing.ask {
            Ask::Sync(request) => {
                let spec = once(Spec::send(Method::Post, "sync", &request));
                self.server::<SyncAnswer>(spec).await.map(Answer::Sync)
            }
            Ask::Snapshot { scope, device } => {
                let spec = once(Spec::get(format!("scopes/{scope}/snapshot?device={device}")));
                self.server::<Snapshot>(spec).await.map(Answer::Snapshot)
            }
            Ask::Presence(presence) => {
                let spec = once(Spec::send(Method::Post, "presence", &presence));
                self.request(spec).await.map(|_| Answer::Noted)
            }
            Ask::BlobState { sha256 } => {
                let mut spec = once(Spec::get(format!("blobs/{sha256}")));
                spec.method = Method::Head;
                self.file(&spec).await.map(Answer::Blob)
            }
            Ask::BlobPart {
                sha256,
                offset,
                length,
                bytes,
            } => {
                let mut spec = once(Spec::get(format!("blobs/{sha256}")));
                spec.method = Method::Put;
                spec.part = Some((bytes, offset, length));
                self.file(&spec).await.map(Answer::Blob)
            }
        }
    }

    /// Sees to it that the machine is asked again when it wants to be.
    fn arm(self: &Rc<Self>) {
        let Some(at) = self.sync.borrow().next_tick() else {
            return;
        };
        {
            let live = &mut self.state.borrow_mut().live;
            if live.armed.is_some_and(|armed| armed <= at) {
                return;
            }
            live.armed = Some(at);
        }
        let core = Rc::clone(self);
        self.spawn(async move {
            // What is due was done at once; whatever it is, the thread has other things to do in between.
            core.sleep_micros(at.since(core.ports.host.now()).max(1_000))
                .await;
            let mine = {
                let armed = &mut core.state.borrow_mut().live.armed;
                let mine = *armed == Some(at);
                if mine {
                    *armed = None;
                }
                mine
            };
            if mine {
                core.feed(Input::Tick);
            }
        });
    }
}

/// What `event` says; `None` when this version does not know it.
fn stream_event(event: &SseEvent) -> Option<StreamEvent> {
    let data = event.data.as_str();
    match event.event.as_str() {
        "heads" => read_text::<Heads>(data).map(StreamEvent::Heads),
        "delta" => read_text::<Delta>(data).map(StreamEvent::Delta),
        "head" => read_text::<Head>(data).map(StreamEvent::Head),
        "position" => read_text::<OrderPosition>(data).map(StreamEvent::Position),
        "resync" => Some(StreamEvent::Resync),
        "" | "message" => {
            // Without a name of its own: the data names it.
            let name = read_text::<Value>(data)?.get("event")?.as_str()?.to_owned();
            let named = SseEvent {
                event: name,
                ..event.clone()
            };
            if named.event.is_empty() || named.event == "message" {
                None
            } else {
                stream_event(&named)
            }
        }
        _ => None,
    }
}

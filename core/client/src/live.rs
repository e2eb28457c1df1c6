//! Does what the feed's state machine says: opens the stream, fetches snapshots, keeps its timer, and tells the
//! screens what changed.

use std::rc::Rc;

use futures::StreamExt as _;
use futures::channel::oneshot;
use futures::future::{AbortHandle, abortable, select};
use momfood_domain::actor::Role;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{Event, Line};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::{Delta, Head, Heads, OrderPosition, Scope, Snapshot, StreamEvent};
use momfood_protocol::rest::Me;
use serde_json::Value;

use crate::app::AppKind;
use crate::core::{Core, read_text};
use crate::feed::{Act, Feed, Input, NoSnapshot};
use crate::http::{Patience, Spec, TIMEOUT_MS};
use crate::sse::{SseEvent, SseParser};

/// The feed, and what runs for it.
#[derive(Default)]
pub(crate) struct Live {
    pub feed: Feed,
    stream: Option<AbortHandle>,
    /// When the timer that runs will go off.
    armed: Option<Timestamp>,
    /// Fetches under way: their number, and the replica's moment when they began.
    fetches: Vec<(u32, u64)>,
    /// Who waits for the first fill.
    waiting: Vec<oneshot::Sender<()>>,
}

/// The scopes `me` is granted.
pub(crate) fn scopes_of(me: &Me) -> Vec<Scope> {
    match me.role {
        Role::Customer => vec![Scope::Customer(me.id)],
        Role::Restaurant => me.restaurant_id.map(Scope::Restaurant).into_iter().collect(),
        Role::Driver => vec![Scope::Driver(me.id)],
        Role::Support | Role::Admin | Role::System => vec![],
    }
}

impl Core {
    /// Lets the feed take `input`, and does what it says.
    pub fn feed(self: &Rc<Self>, input: Input) {
        let now = self.ports.host.now();
        let chance = self.chance();
        let acts = self.state.borrow_mut().live.feed.handle(now, chance, input);
        for act in acts {
            self.act(act);
        }
        self.arm();
    }

    fn act(self: &Rc<Self>, act: Act) {
        match act {
            Act::Open(number) => self.open_stream(number),
            Act::Close => self.close_stream(),
            Act::Fetch(number, scope) => self.fetch(number, scope),
            Act::Fill {
                number,
                new_epoch,
                changes,
                ..
            } => {
                let events = {
                    let state = &mut *self.state.borrow_mut();
                    let since = state
                        .live
                        .fetches
                        .iter()
                        .find(|(n, _)| *n == number)
                        .map_or(0, |(_, m)| *m);
                    state.live.fetches.retain(|(n, _)| *n > number);
                    state.replica.fill(changes, since, new_epoch)
                };
                self.changed(events);
                self.stop_waiting();
            }
            Act::Apply(_, changes) => {
                let events = self.state.borrow_mut().replica.apply(changes);
                self.changed(events);
            }
            Act::Purge(_) => {
                let events = self.state.borrow_mut().replica.fill(vec![], u64::MAX, true);
                self.changed(events);
                self.stop_waiting();
            }
            Act::Unfilled(_) => self.stop_waiting(),
            Act::Moved(position) => {
                let event = self.state.borrow_mut().replica.moved(&position);
                if let Some(event) = event {
                    self.tell(&event);
                }
            }
            Act::ServerTime(time) => self.server_said(time),
            Act::Line(line) => {
                self.tell_connection();
                if line == Line::Live {
                    (self.config.app.live)(self);
                }
            }
        }
    }

    /// Tells the screens what the replica says has changed.
    pub fn changed(&self, mut events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        match self.config.app.kind() {
            AppKind::Kitchen => events.extend(self.state.borrow_mut().replica.announce()),
            AppKind::Driver => events.push(Event::Driver {}),
            AppKind::Customer => {}
        }
        let mut told: Vec<Event> = Vec::new();
        for event in events {
            if !told.contains(&event) {
                self.tell(&event);
                told.push(event);
            }
        }
    }

    /// Waits until the feed has brought everything once.
    pub async fn filled(self: &Rc<Self>) -> Result<(), Failure> {
        let told = {
            let state = &mut *self.state.borrow_mut();
            let Some(me) = &state.session.user else {
                return Err(Failure::new(ErrorCode::Unauthenticated, state.lang));
            };
            if scopes_of(me)
                .into_iter()
                .all(|scope| state.live.feed.is_filled(scope))
            {
                return Ok(());
            }
            let (tell, told) = oneshot::channel();
            state.live.waiting.push(tell);
            told
        };
        let late = self.ports.host.sleep(TIMEOUT_MS);
        // Whatever ended the waiting: is it there now?
        let _ = select(told, late).await;
        let state = self.state.borrow();
        let me = state.session.user.as_ref();
        if me.is_some_and(|me| {
            scopes_of(me)
                .into_iter()
                .all(|scope| state.live.feed.is_filled(scope))
        }) {
            Ok(())
        } else {
            Err(Failure::new(ErrorCode::Offline, state.lang))
        }
    }

    fn stop_waiting(&self) {
        let waiting = std::mem::take(&mut self.state.borrow_mut().live.waiting);
        for tell in waiting {
            // Who no longer waits need not hear.
            let _ = tell.send(());
        }
    }

    fn open_stream(self: &Rc<Self>, number: u32) {
        self.close_stream();
        let core = Rc::clone(self);
        let (task, handle) = abortable(async move {
            core.read_stream(number).await;
            core.feed(Input::Closed(number));
        });
        self.state.borrow_mut().live.stream = Some(handle);
        self.spawn(async move {
            // Given up: the feed said so itself.
            let _ = task.await;
        });
    }

    fn close_stream(&self) {
        if let Some(handle) = self.state.borrow_mut().live.stream.take() {
            handle.abort();
        }
    }

    async fn read_stream(self: &Rc<Self>, number: u32) {
        // Twice: the first time the token may be over.
        for _ in 0..2 {
            let Ok((request, token)) = self.stream_request().await else {
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
                        Some(event) => Input::Heard(number, event),
                        None => Input::Alive(number),
                    });
                }
            }
            return;
        }
    }

    fn fetch(self: &Rc<Self>, number: u32, scope: Scope) {
        {
            let state = &mut *self.state.borrow_mut();
            let moment = state.replica.moment();
            state.live.fetches.push((number, moment));
        }
        let core = Rc::clone(self);
        self.spawn(async move {
            let spec = Spec::get(format!("scopes/{scope}/snapshot")).patience(Patience::Once);
            let answer = core
                .server::<Snapshot>(spec)
                .await
                .map_err(|failure| match failure.code {
                    ErrorCode::NotFound | ErrorCode::Forbidden => NoSnapshot::Refused,
                    _ => NoSnapshot::Later,
                });
            core.feed(Input::Snapshot(number, scope, answer));
        });
    }

    /// Sees to it that the feed is asked again when it wants to be.
    fn arm(self: &Rc<Self>) {
        let at = {
            let live = &mut self.state.borrow_mut().live;
            let Some(at) = live.feed.next_tick() else { return };
            if live.armed.is_some_and(|armed| armed <= at) {
                return;
            }
            live.armed = Some(at);
            at
        };
        let core = Rc::clone(self);
        self.spawn(async move {
            core.sleep_micros(at.since(core.ports.host.now())).await;
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
                data: event.data.clone(),
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

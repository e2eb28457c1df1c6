//! The engine, as screens use it: ask, watch, command, hear.
//!
//! A screen shows what the engine answered and sends what was tapped. It computes no price, no state and no
//! permission, and holds nothing longer than it is shown.
//!
//! **Start**: once, in the app's root component, above the router.
//! ```ignore
//! use momfood_kit::engine::*;
//!
//! #[component]
//! fn App() -> Element {
//!     use_page_engine();
//!     rsx! { AppFrame { Router::<Route> {} } }
//! }
//! ```
//!
//! **Who is signed in** ([`use_session`]):
//! ```ignore
//! let session = use_session();
//! match &*session.read() {
//!     Session::Unknown => rsx! { Splash {} },     // the kept session is being renewed
//!     Session::Nobody => rsx! { SignInScreen {} },
//!     Session::User(me) => rsx! { "{me.first_name}" },
//! }
//! ```
//!
//! **Something to show** ([`use_query`]): asked at once, again whenever one of the Events comes, and again when
//! the Call differs from the one of the last render (so arguments may come from props and signals alike). While
//! it is asked again the old data stays. To never show another thing's data, give the component a `key`.
//! ```ignore
//! let track = use_query(move || GetOrder { id }, &[EventKind::Order(id), EventKind::Position(id)]);
//! match &*track.read() {
//!     Answer::Loading => rsx! { Skeleton {} },
//!     Answer::Ready(track, _refreshing) => rsx! { Timeline { order: track.order.clone() } },
//!     Answer::Failed(failure, None) => rsx! { ErrorState { onretry: move |_| track.again() } },
//!     Answer::Failed(_, Some(track)) => rsx! { Timeline { order: track.order.clone() } },
//! }
//! // or, when only the data matters:  if let Some(track) = &track.data() { … }
//! ```
//!
//! **A button** ([`use_command`]): one at a time (taps while busy are ignored), with a busy state; a failure is
//! shown as a toast. The closure gets the Reply.
//! ```ignore
//! let accept = use_command(move |_order: OrderView| toast(t!("accepted")));
//! rsx! { Button { busy: accept.busy(), onclick: move |_| accept.run(AcceptOrder { id, prep_minutes: 20 }), "…" } }
//! ```
//! [`use_command_result`] gets the whole `Result` and shows no toast: for forms, and for `price_changed`.
//! ```ignore
//! let place = use_command_result(move |placed: Result<OrderView, Failure>| match placed {
//!     Ok(order) => { navigator.push(Route::Track { id: order.id }); }
//!     Err(failure) if failure.code == ErrorCode::PriceChanged => show_new_price(failure.details),
//!     Err(failure) => toast_error(failure.message),
//! });
//! ```
//!
//! **Anything else**: [`use_engine`] gives a `Copy` handle; `engine.ask(call).await` in any task:
//! `spawn(async move { match engine.ask(NewOrderId {}).await { Ok(new) => …, Err(failure) => … } })`.
//!
//! **Hear an Event** ([`use_event`]), such as the bell of a new order:
//! ```ignore
//! use_event(&[EventKind::NewOrder], move |_event| BELL.ring());
//! ```
//!
//! **The line** ([`use_connection`]): how the engine stands to the server. The kit's connection band and pill are
//! fed from here already, and so is the kit's clock.

mod command;
mod query;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dioxus::prelude::*;
use futures::StreamExt as _;
use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{
    AnyReply, Call, Event as EngineEvent, GetConnection, GetSession, SetLanguage,
};
use momfood_protocol::reading;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use command::{Command, use_command, use_command_result};
pub use momfood_protocol::engine::{BlobRef, Connection as LineState, Line, Storage};
pub use momfood_protocol::error::{ErrorCode, Failure};
pub use momfood_protocol::rest::Me;
pub use query::{Answer, Query, use_query};

use crate::transport::{Subscription, Transport, unreadable};
use crate::{connection, lang, time};

/// Which Events are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Someone signed in or out.
    Session,
    /// The line changed.
    Connection,
    /// Any order changed.
    Orders,
    /// This order changed.
    Order(OrderId),
    /// A new order waits for the kitchen.
    NewOrder,
    /// The board's restaurant changed.
    Restaurant,
    /// The restaurant's own menu changed.
    Menu,
    /// The driver's day, offer or job changed.
    Driver,
    /// The cart changed.
    Cart,
    /// Something was tapped, confirmed, refused or looked at.
    Outbox,
    /// What the device does changed.
    Device,
    /// A printer, or what is to be printed, changed.
    Printing,
    /// The device should say where it is more or less often.
    Pace,
    /// This device said where its driver is.
    Here,
    /// The app is to show a place.
    Open,
    /// The driver of this order moved.
    Position(OrderId),
}

impl EventKind {
    /// Whether `event` is of this kind.
    pub fn includes(self, event: &EngineEvent) -> bool {
        match (self, event) {
            (Self::Session, EngineEvent::Session(_))
            | (Self::Connection, EngineEvent::Connection(_))
            | (Self::Orders, EngineEvent::Order { .. } | EngineEvent::NewOrder { .. })
            | (Self::NewOrder, EngineEvent::NewOrder { .. })
            | (Self::Restaurant, EngineEvent::Restaurant {})
            | (Self::Menu, EngineEvent::Menu {})
            | (Self::Driver, EngineEvent::Driver {})
            | (Self::Cart, EngineEvent::Cart {})
            | (Self::Outbox, EngineEvent::Outbox {})
            | (Self::Device, EngineEvent::Device {})
            | (Self::Printing, EngineEvent::Printing {})
            | (Self::Pace, EngineEvent::Pace(_))
            | (Self::Here, EngineEvent::Here { .. })
            | (Self::Open, EngineEvent::Open { .. }) => true,
            (Self::Order(mine), EngineEvent::Order { id } | EngineEvent::NewOrder { id })
            | (Self::Position(mine), EngineEvent::Position { id, .. }) => mine == *id,
            _ => false,
        }
    }
}

/// Who is signed in, as far as is known yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Session {
    /// The session kept from last time is being renewed.
    #[default]
    Unknown,
    /// Nobody.
    Nobody,
    /// This person.
    User(Me),
}

impl From<Option<Me>> for Session {
    fn from(user: Option<Me>) -> Self {
        user.map_or(Self::Nobody, Self::User)
    }
}

type Hearer = (u32, Vec<EventKind>, Callback<EngineEvent>);
type Sending = Callback<Result<Question, Failure>>;

struct Shared {
    transport: Rc<dyn Transport>,
    hearers: RefCell<Vec<Hearer>>,
    next: Cell<u32>,
    _subscription: Subscription,
}

/// A handle to the engine; `Copy`, and good as long as the app runs.
#[derive(Clone, Copy)]
pub struct Engine {
    shared: CopyValue<Rc<Shared>>,
    session: Signal<Session>,
    line: Signal<LineState>,
}

impl Engine {
    /// Asks. The answer comes even when the screen has gone; it is only not heard.
    #[expect(clippy::needless_pass_by_value, reason = "a question is asked and gone")]
    pub fn ask<C: Call>(&self, call: C) -> impl Future<Output = Result<C::Reply, Failure>> + use<C> {
        let answer = self.call(Question::of(&call));
        async move { answer.await.and_then(read) }
    }

    /// Asks, and tells `done` the answer even when the screen that asked has gone.
    #[expect(clippy::needless_pass_by_value, reason = "a question is asked and gone")]
    pub fn ask_then<C: Call>(&self, call: C, done: impl FnOnce(Result<C::Reply, Failure>) + 'static) {
        self.call_then(
            Question::of(&call),
            Box::new(move |answer| done(answer.and_then(read))),
        );
    }

    /// The part of it that is the same whatever is asked.
    fn call_then(&self, question: Result<Question, Failure>, done: Box<dyn FnOnce(Result<Value, Failure>)>) {
        let answer = self.call(question);
        dioxus::core::spawn_forever(async move { done(answer.await) });
    }

    /// Hands bytes to the engine, which writes them down and sends them up when it can: a photo, a signature. A
    /// mutation then names them by their hash. The engine takes the buffer over; it is empty afterwards.
    pub fn post_blob(
        &self,
        bytes: js_sys::ArrayBuffer,
    ) -> impl Future<Output = Result<BlobRef, Failure>> + use<> {
        let answer = self.shared.read().transport.post_blob(bytes);
        async move {
            match answer.await {
                AnyReply::Ok(value) => read(value),
                AnyReply::Err(failure) => Err(failure),
            }
        }
    }

    fn call(
        &self,
        question: Result<Question, Failure>,
    ) -> impl Future<Output = Result<Value, Failure>> + use<> {
        let transport = Rc::clone(&self.shared.read().transport);
        async move {
            let Question { name, args } = question?;
            match transport.call(name, args).await {
                AnyReply::Ok(value) => Ok(value),
                AnyReply::Err(failure) => Err(failure),
            }
        }
    }

    fn hear(&self, kinds: Vec<EventKind>, callback: Callback<EngineEvent>) -> u32 {
        let shared = Rc::clone(&self.shared.read());
        let id = shared.next.replace(shared.next.get().wrapping_add(1));
        shared.hearers.borrow_mut().push((id, kinds, callback));
        id
    }

    fn unhear(&self, id: u32) {
        self.shared
            .read()
            .hearers
            .borrow_mut()
            .retain(|(other, ..)| *other != id);
    }

    fn spread(mut self, event: &EngineEvent) {
        match event {
            EngineEvent::Session(state) => self.session.set(state.user.clone().into()),
            EngineEvent::Connection(line) => self.show_line(*line),
            _ => {}
        }
        let shared = Rc::clone(&self.shared.read());
        let mut callbacks = Vec::new();
        for (_, kinds, callback) in shared.hearers.borrow().iter() {
            if kinds.iter().any(|kind| kind.includes(event)) {
                callbacks.push(*callback);
            }
        }
        for callback in callbacks {
            callback.call(event.clone());
        }
    }

    fn show_line(mut self, line: LineState) {
        self.line.set(line);
        time::set_server_time(time::device_now().plus(line.clock_offset));
        let since = line
            .heard_at
            .map_or_else(time::now, |at| at.plus(line.clock_offset));
        *connection::CONNECTION.write() = match line.line {
            Line::Idle => connection::Connection::Starting,
            Line::Live => connection::Connection::Live,
            Line::Connecting if line.heard_at.is_none() => connection::Connection::Starting,
            Line::Connecting => connection::Connection::Reconnecting { since },
            Line::Offline => connection::Connection::Offline { since },
        };
        connection::show_kept(connection::Kept::of(line));
    }
}

/// A Call as it crosses the wire. Everything crosses as [`Value`]: each shape is then read and written by one piece
/// of code, which is what keeps the apps small.
#[derive(Clone, PartialEq)]
struct Question {
    name: &'static str,
    args: Value,
}

impl Question {
    fn of<C: Call>(call: &C) -> Result<Self, Failure> {
        let args = serde_json::to_value(call).map_err(|_| unreadable())?;
        Ok(Self { name: C::NAME, args })
    }
}

fn read<R: DeserializeOwned>(value: Value) -> Result<R, Failure> {
    reading::read(value).map_err(|_| unreadable())
}

/// Gives every component below the engine of this page, which its boot script started. Call it once, in the root.
#[cfg(target_arch = "wasm32")]
pub fn use_page_engine() -> Engine {
    use_engine_over(|| Rc::new(crate::transport::PageTransport::start()))
}

/// Gives every component below the engine of this page. Call it once, in the root.
///
/// Screens run in a browser only; elsewhere (a host test) there is no page that has an engine, and every Call
/// is answered `offline`. Tests use [`use_engine_over`] with a fake.
#[cfg(not(target_arch = "wasm32"))]
pub fn use_page_engine() -> Engine {
    use_engine_over(|| {
        let failure = Failure::new(ErrorCode::Offline, lang::lang());
        Rc::new(crate::transport::FakeTransport::new(move |_| {
            AnyReply::Err(failure.clone())
        }))
    })
}

/// Gives every component below the engine that `transport` leads to. Call it once, in the root.
pub fn use_engine_over(transport: impl FnOnce() -> Rc<dyn Transport>) -> Engine {
    let engine = use_root_context(move || {
        let transport = transport();
        // Events come from outside; screens may only be touched from inside Dioxus. The channel is the door.
        let (tell, mut told) = futures::channel::mpsc::unbounded();
        let subscription = transport.subscribe(Box::new(move |event| {
            // Fails only when the app is gone.
            let _ = tell.unbounded_send(event);
        }));
        let shared = Shared {
            transport,
            hearers: RefCell::default(),
            next: Cell::new(0),
            _subscription: subscription,
        };
        let idle = LineState {
            line: Line::Idle,
            heard_at: None,
            clock_offset: 0,
            waiting: 0,
            oldest: None,
            refused: 0,
            storage: momfood_protocol::engine::Storage::Durable,
            outdated: false,
        };
        let engine = Engine {
            shared: CopyValue::new_in_scope(Rc::new(shared), ScopeId::ROOT),
            session: Signal::new_in_scope(Session::Unknown, ScopeId::ROOT),
            line: Signal::new_in_scope(idle, ScopeId::ROOT),
        };
        dioxus::core::spawn_forever(async move {
            while let Some(event) = told.next().await {
                engine.spread(&event);
            }
        });
        dioxus::core::spawn_forever(async move {
            // What waits from last time is said at once, not with the first change of the line.
            if let Ok(line) = engine.ask(GetConnection {}).await
                && connection::KEPT.peek().storage.is_none()
            {
                engine.show_line(line);
            }
        });
        dioxus::core::spawn_forever(async move {
            let answer = engine.ask(GetSession {}).await;
            let mut session = engine.session;
            // An Event may have said it already, and later.
            if *session.peek() == Session::Unknown {
                session.set(answer.ok().and_then(|state| state.user).into());
            }
        });
        engine
    });
    use_effect(move || {
        let lang = lang::lang();
        dioxus::core::spawn_forever(async move {
            // Only says in which language to answer; the screen has switched already.
            let _ = engine.ask(SetLanguage { lang }).await;
        });
    });
    engine
}

/// The engine.
pub fn use_engine() -> Engine {
    use_context::<Engine>()
}

/// Who is signed in.
pub fn use_session() -> ReadSignal<Session> {
    use_engine().session.into()
}

/// How the line to the server is.
pub fn use_connection() -> ReadSignal<LineState> {
    use_engine().line.into()
}

/// Calls `hear` with every Event of `kinds` while the component is shown.
pub fn use_event(kinds: &[EventKind], hear: impl FnMut(EngineEvent) + 'static) {
    hear_while_shown(kinds, use_callback(hear));
}

fn hear_while_shown(kinds: &[EventKind], callback: Callback<EngineEvent>) {
    let engine = use_engine();
    let registered = use_hook(|| {
        Rc::new(RefCell::new((
            engine.hear(kinds.to_vec(), callback),
            kinds.to_vec(),
        )))
    });
    {
        let mut registered = registered.borrow_mut();
        if registered.1 != kinds {
            engine.unhear(registered.0);
            *registered = (engine.hear(kinds.to_vec(), callback), kinds.to_vec());
        }
    }
    use_drop(move || engine.unhear(registered.borrow().0));
}

/// Seconds from the server's now to `later`: what a countdown shows. Reads the clock of
/// [`time::use_now`], so it moves on by itself.
pub fn use_countdown(later: Timestamp) -> i64 {
    time::use_now()().seconds_until(later)
}

#[cfg(test)]
mod tests;

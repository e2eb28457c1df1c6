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

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dioxus::prelude::*;
use futures::StreamExt as _;
use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{AnyReply, Call, Event as EngineEvent, GetSession, SetLanguage};
use momfood_protocol::reading;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use momfood_protocol::engine::{BlobRef, Connection as LineState, Line, Storage};
pub use momfood_protocol::error::{ErrorCode, Failure};
pub use momfood_protocol::rest::Me;

use crate::transport::{Subscription, Transport, unreadable};
use crate::{connection, lang, time, toasts};

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
            | (Self::Outbox, EngineEvent::Outbox {}) => true,
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
    use_engine_over(|| Rc::new(crate::transport::WorkerTransport::start()))
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

/// What a query has brought so far.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer<R> {
    /// Nothing yet.
    Loading,
    /// The answer, and whether a newer one is being asked for.
    Ready(R, bool),
    /// The last time it was asked it failed; with the answer from before, if there was one.
    Failed(Failure, Option<R>),
}

impl<R> Answer<R> {
    /// The newest answer there is.
    pub const fn data(&self) -> Option<&R> {
        match self {
            Self::Ready(data, _) | Self::Failed(_, Some(data)) => Some(data),
            Self::Loading | Self::Failed(_, None) => None,
        }
    }

    /// The newest answer there is, taken out.
    fn take(&mut self) -> Option<R> {
        match std::mem::replace(self, Self::Loading) {
            Self::Ready(data, _) | Self::Failed(_, Some(data)) => Some(data),
            Self::Loading | Self::Failed(_, None) => None,
        }
    }
}

/// Something shown that keeps itself current; made by [`use_query`].
pub struct Query<R: 'static> {
    answer: Signal<Answer<R>>,
    again: Callback<()>,
}

impl<R> Clone for Query<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Query<R> {}

impl<R> PartialEq for Query<R> {
    fn eq(&self, other: &Self) -> bool {
        self.answer == other.answer
    }
}

impl<R: Clone + 'static> Query<R> {
    /// What it has brought so far; re-renders the reader when that changes.
    pub fn read(&self) -> ReadableRef<'static, Signal<Answer<R>>> {
        self.answer.read_unchecked()
    }

    /// The newest answer there is, cloned.
    pub fn data(&self) -> Option<R> {
        self.answer.read().data().cloned()
    }

    /// Asks again ("try again", pull to refresh).
    pub fn again(&self) {
        self.again.call(());
    }
}

/// What is asked, and whether it must be asked once more. One question is under way at a time: an Event during
/// it asks again after it, so a busy feed never starves the screen; other arguments overtake it.
#[derive(Default)]
struct Flight {
    wanted: RefCell<Option<Result<Question, Failure>>>,
    /// The last answer, to know whether the next one says anything new.
    known: RefCell<Option<Value>>,
    version: Cell<u32>,
    under_way: Cell<bool>,
    once_more: Cell<bool>,
}

/// News of a question for the screen that asked it.
enum News {
    /// It is asked again.
    Asking,
    /// The answer is what it was.
    Same,
    /// The answer.
    Settled(Result<Value, Failure>),
}

/// Asks `call`, and again on each Event of `again_on` and whenever `call` gives other arguments.
pub fn use_query<C: Call + 'static>(mut call: impl FnMut() -> C, again_on: &[EventKind]) -> Query<C::Reply> {
    let mut answer = use_signal(|| Answer::<C::Reply>::Loading);
    let tell = use_callback(move |news: News| {
        let shows = match &*answer.peek() {
            Answer::Ready(_, refreshing) => Some(*refreshing),
            Answer::Loading if matches!(news, News::Asking) => return,
            Answer::Loading | Answer::Failed(..) => None,
        };
        match (&news, shows) {
            (News::Asking, Some(true)) | (News::Same, Some(false)) => return,
            _ => {}
        }
        let mut answer = answer.write();
        let old = answer.take();
        *answer = match (news, old) {
            (News::Asking, Some(data)) => Answer::Ready(data, true),
            (News::Same, Some(data)) => Answer::Ready(data, false),
            (News::Asking | News::Same, None) => Answer::Loading,
            (News::Settled(value), old) => match value.and_then(read) {
                Ok(data) => Answer::Ready(data, false),
                Err(failure) => Answer::Failed(failure, old),
            },
        };
    });
    let again = use_flight(Question::of(&call()), again_on, tell);
    Query { answer, again }
}

/// The part of a query that is the same whatever is asked.
fn use_flight(
    wanted: Result<Question, Failure>,
    again_on: &[EventKind],
    tell: Callback<News>,
) -> Callback<()> {
    let engine = use_engine();
    let flight = use_hook(|| Rc::new(Flight::default()));
    let ask = {
        let flight = Rc::clone(&flight);
        use_callback(move |()| {
            if flight.under_way.replace(true) {
                flight.once_more.set(true);
            } else {
                spawn(fly(engine, Rc::clone(&flight), tell));
            }
        })
    };
    if flight.wanted.borrow().as_ref() != Some(&wanted) {
        *flight.wanted.borrow_mut() = Some(wanted);
        flight.version.set(flight.version.get().wrapping_add(1));
        flight.once_more.set(false);
        flight.under_way.set(true);
        spawn(fly(engine, flight, tell));
    }
    use_event(again_on, move |_| ask.call(()));
    ask
}

async fn fly(engine: Engine, flight: Rc<Flight>, tell: Callback<News>) {
    let version = flight.version.get();
    loop {
        let Some(question) = flight.wanted.borrow().clone() else {
            return;
        };
        tell.call(News::Asking);
        let answer = engine.call(question).await;
        if flight.version.get() != version {
            return;
        }
        let same = matches!(&answer, Ok(value) if flight.known.borrow().as_ref() == Some(value));
        if !same {
            *flight.known.borrow_mut() = answer.as_ref().ok().cloned();
        }
        tell.call(if same { News::Same } else { News::Settled(answer) });
        if !flight.once_more.replace(false) {
            flight.under_way.set(false);
            return;
        }
    }
}

/// A Call made by a tap; made by [`use_command`] and [`use_command_result`].
pub struct Command<C: Call + 'static> {
    busy: Signal<bool>,
    run: Callback<C>,
}

impl<C: Call + 'static> Clone for Command<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Call + 'static> Copy for Command<C> {}

impl<C: Call + 'static> PartialEq for Command<C> {
    fn eq(&self, other: &Self) -> bool {
        self.busy == other.busy
    }
}

impl<C: Call + 'static> Command<C> {
    /// Whether the answer is still awaited; re-renders the reader when that changes.
    pub fn busy(&self) -> bool {
        *self.busy.read()
    }

    /// Sends the Call, unless one is awaited already: one tap is one order.
    pub fn run(&self, call: C) {
        if !*self.busy.peek() {
            self.run.call(call);
        }
    }
}

/// A button's Call: `done` gets the Reply, a failure becomes a toast. The type of the Call is inferred from
/// `run`, or named: `use_command::<AcceptOrder>(…)`.
pub fn use_command<C: Call + 'static>(mut done: impl FnMut(C::Reply) + 'static) -> Command<C> {
    use_command_result(move |result| match result {
        Ok(reply) => done(reply),
        Err(failure) => toasts::toast_error(failure.message),
    })
}

/// A button's Call whose failure the screen shows itself.
pub fn use_command_result<C: Call + 'static>(
    done: impl FnMut(Result<C::Reply, Failure>) + 'static,
) -> Command<C> {
    let mut done = done;
    let told = use_callback(move |answer: Result<Value, Failure>| done(answer.and_then(read)));
    let (busy, send) = use_sending(told);
    let run = use_callback(move |call: C| send.call(Question::of(&call)));
    Command { busy, run }
}

/// The part of a command that is the same whatever is sent.
fn use_sending(told: Callback<Result<Value, Failure>>) -> (Signal<bool>, Sending) {
    let engine = use_engine();
    let mut busy = use_signal(|| false);
    let send = use_callback(move |question: Result<Question, Failure>| {
        busy.set(true);
        let answer = engine.call(question);
        spawn(async move {
            let answer = answer.await;
            busy.set(false);
            told.call(answer);
        });
    });
    (busy, send)
}

/// Seconds from the server's now to `later`: what a countdown shows. Reads the clock of
/// [`time::use_now`], so it moves on by itself.
pub fn use_countdown(later: Timestamp) -> i64 {
    time::use_now()().seconds_until(later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{FakeTransport, ok};
    use momfood_protocol::engine::{AnyCall, Done, NewId, NewOrderId, SetLanguage as Language, SetTip};
    use std::future::Future as _;
    use std::pin::pin;
    use std::task::{Context, Waker};
    use uuid::Uuid;

    thread_local! {
        static FAKE: RefCell<Option<FakeTransport>> = const { RefCell::new(None) };
        static SHOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
        static TAP: Cell<Option<Command<NewOrderId>>> = const { Cell::new(None) };
        static TIP: Cell<Option<Signal<i64>>> = const { Cell::new(None) };
    }

    fn show(what: impl Into<String>) {
        SHOWN.with_borrow_mut(|shown| shown.push(what.into()));
    }

    fn shown() -> Vec<String> {
        SHOWN.take()
    }

    #[component]
    fn Root() -> Element {
        use_engine_over(|| Rc::new(FAKE.with_borrow(|fake| fake.clone().unwrap())));
        rsx! { Screen {} }
    }

    #[component]
    fn Screen() -> Element {
        let tip = use_signal(|| 1_i64);
        TIP.set(Some(tip));
        // A stand-in for a question with arguments: the reply is whatever the fake makes of it.
        let query = use_query(move || SetTip { tip: tip() }, &[EventKind::Cart]);
        match &*query.read() {
            Answer::Loading => show("loading"),
            Answer::Ready(cart, refreshing) => show(format!("{} {refreshing}", cart.count)),
            Answer::Failed(failure, last) => show(format!("{:?} {}", failure.code, last.is_some())),
        }
        let tap = use_command(|new: NewId| show(format!("minted {}", new.id)));
        TAP.set(Some(tap));
        rsx! {}
    }

    fn cart(count: u32) -> AnyReply {
        let view = serde_json::json!({ "cart": null, "restaurant": null, "picture": null, "count": count,
            "fulfilment": "delivery", "bill": null, "problem": null, "conflict": null });
        AnyReply::Ok(view)
    }

    /// Lets everything that can happen, happen.
    fn settle(dom: &mut VirtualDom) {
        for _ in 0..20 {
            let mut context = Context::from_waker(Waker::noop());
            let _ = pin!(dom.wait_for_work()).poll(&mut context);
            dom.render_immediate(&mut dioxus::core::NoOpMutations);
        }
    }

    fn start(answer: impl Fn(AnyCall) -> Option<AnyReply> + 'static) -> (VirtualDom, FakeTransport) {
        let fake = FakeTransport::new(move |call| match call {
            AnyCall::GetSession(_) => AnyReply::Ok(serde_json::json!({ "user": null })),
            AnyCall::SetLanguage(Language { .. }) => ok(&Done {}),
            other => answer(other).unwrap(),
        });
        FAKE.set(Some(fake.clone()));
        let mut dom = VirtualDom::new(Root);
        dom.rebuild_in_place();
        settle(&mut dom);
        (dom, fake)
    }

    fn asked(fake: &FakeTransport, is: impl Fn(&AnyCall) -> bool) -> usize {
        fake.calls().iter().filter(|call| is(call)).count()
    }

    #[test]
    fn a_query_asks_at_once_and_again_when_told_or_when_its_arguments_change() {
        let (mut dom, fake) = start(|call| match call {
            AnyCall::SetTip(call) => Some(cart(u32::try_from(call.tip).unwrap())),
            _ => None,
        });
        assert_eq!(shown(), ["loading", "1 false"]);
        fake.tell(&EngineEvent::Cart {});
        settle(&mut dom);
        assert_eq!(asked(&fake, |call| matches!(call, AnyCall::SetTip(_))), 2);
        assert_eq!(shown().last().map(String::as_str), Some("1 false"));
        fake.tell(&EngineEvent::Menu {});
        settle(&mut dom);
        assert_eq!(
            asked(&fake, |call| matches!(call, AnyCall::SetTip(_))),
            2,
            "not what it waits for"
        );
        dom.in_runtime(|| TIP.get().unwrap().set(7));
        settle(&mut dom);
        assert_eq!(shown().last().map(String::as_str), Some("7 false"));
    }

    #[test]
    fn a_failure_keeps_what_was_shown() {
        let broken = Rc::new(Cell::new(false));
        let now = Rc::clone(&broken);
        let (mut dom, fake) = start(move |_| {
            let failure = Failure::new(ErrorCode::Offline, lang::Lang::En);
            Some(if now.get() {
                AnyReply::Err(failure)
            } else {
                cart(3)
            })
        });
        broken.set(true);
        fake.tell(&EngineEvent::Cart {});
        settle(&mut dom);
        assert_eq!(shown().last().map(String::as_str), Some("Offline true"));
        broken.set(false);
        fake.tell(&EngineEvent::Cart {});
        settle(&mut dom);
        assert_eq!(shown().last().map(String::as_str), Some("3 false"));
    }

    #[test]
    fn a_command_is_sent_once_and_its_reply_is_given() {
        let id = OrderId(Uuid::from_u128(9));
        let (mut dom, fake) = start(move |call| match call {
            AnyCall::NewOrderId(_) => Some(ok(&NewId { id })),
            _ => Some(cart(0)),
        });
        shown();
        dom.in_runtime(|| {
            let tap = TAP.get().unwrap();
            tap.run(NewOrderId {});
            tap.run(NewOrderId {});
        });
        settle(&mut dom);
        assert_eq!(asked(&fake, |call| matches!(call, AnyCall::NewOrderId(_))), 1);
        assert!(shown().contains(&format!("minted {id}")));
        dom.in_runtime(|| TAP.get().unwrap().run(NewOrderId {}));
        settle(&mut dom);
        assert_eq!(asked(&fake, |call| matches!(call, AnyCall::NewOrderId(_))), 2);
    }

    #[test]
    fn kinds_of_events_are_told_apart() {
        let (mine, other) = (OrderId(Uuid::from_u128(1)), OrderId(Uuid::from_u128(2)));
        let order = EngineEvent::Order { id: mine };
        assert!(EventKind::Order(mine).includes(&order) && EventKind::Orders.includes(&order));
        assert!(!EventKind::Order(other).includes(&order) && !EventKind::NewOrder.includes(&order));
        assert!(EventKind::Orders.includes(&EngineEvent::NewOrder { id: mine }));
    }
}

//! Something to show that keeps itself current.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dioxus::prelude::*;
use momfood_protocol::engine::Call;
use serde_json::Value;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

use super::{Engine, EventKind, Failure, Question, read, use_engine, use_event};

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
        let name = question.as_ref().map_or("", |question| question.name);
        let answer = engine.call(question).await;
        if flight.version.get() != version {
            return;
        }
        let same = matches!(&answer, Ok(value) if flight.known.borrow().as_ref() == Some(value));
        if !same {
            *flight.known.borrow_mut() = answer.as_ref().ok().cloned();
        }
        if !same && answer.is_ok() {
            note_painted(name);
        }
        tell.call(if same { News::Same } else { News::Settled(answer) });
        if !flight.once_more.replace(false) {
            flight.under_way.set(false);
            return;
        }
    }
}

/// Writes down among the page's own measurements when the answer of a Call was first painted, as `momfood-<Call>`: the
/// second frame after it is here. It is read where starts are measured.
fn note_painted(name: &'static str) {
    thread_local!(static NOTED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });
    let Some(window) = crate::dom::window() else {
        return;
    };
    if NOTED.with_borrow(|noted| noted.contains(&name)) {
        return;
    }
    NOTED.with_borrow_mut(|noted| noted.push(name));
    let mark = Closure::once_into_js(move || {
        let performance = crate::dom::window().and_then(|window| window.performance());
        if let Some(performance) = performance {
            // Where it cannot be written down, nothing is measured.
            let _ = performance.mark(&["momfood-", name].concat());
        }
    });
    let next = window.clone();
    let second = Closure::once_into_js(move || {
        let _ = next.request_animation_frame(mark.unchecked_ref());
    });
    let _ = window.request_animation_frame(second.unchecked_ref());
}

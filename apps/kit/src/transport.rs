//! How a screen reaches its engine: Calls over, Replies and Events back, always as JSON, so that it makes no
//! difference whether the engine lives in the page, in a worker or in the app's native process.
//!
//! A transport carries; it never looks inside what it carries.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use momfood_protocol::engine::{AnyCall, AnyReply, BlobRef, Event};
use momfood_protocol::error::{ErrorCode, Failure};
use serde::Serialize;
use serde_json::{Value, json};

#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
pub use page::PageTransport;

/// An answer on its way.
pub type Answer<T> = Pin<Box<dyn Future<Output = T>>>;

/// The way between a screen and its engine.
pub trait Transport {
    /// Carries the Call of that name over, with its arguments as they cross the wire. The engine carries it out even when nobody waits for the answer any more.
    fn call(&self, name: &'static str, args: Value) -> Answer<AnyReply>;

    /// Carries bytes over; the Reply is a `BlobRef`.
    fn post_blob(&self, bytes: ArrayBuffer) -> Answer<AnyReply>;

    /// Hears every Event from now on, until the subscription is dropped.
    fn subscribe(&self, hear: Box<dyn Fn(Event)>) -> Subscription;
}

/// Ends its subscription when dropped.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription(Option<Box<dyn FnOnce()>>);

impl Subscription {
    /// A subscription that `end` ends.
    pub fn new(end: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(end)))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            end();
        }
    }
}

type Hear = Rc<dyn Fn(Event)>;

/// Who hears Events.
#[derive(Clone, Default)]
struct Hearers(Rc<RefCell<Vec<(u32, Hear)>>>);

impl Hearers {
    fn tell(&self, event: &Event) {
        let hearers = self.0.borrow().clone();
        for (_, hear) in hearers {
            hear(event.clone());
        }
    }

    fn add(&self, hear: Box<dyn Fn(Event)>) -> Subscription {
        let id = {
            let mut hearers = self.0.borrow_mut();
            let id = hearers.last().map_or(0, |(id, _)| id + 1);
            hearers.push((id, Rc::from(hear)));
            id
        };
        let hearers = Self::clone(self);
        Subscription::new(move || hearers.0.borrow_mut().retain(|(other, _)| *other != id))
    }
}

/// An engine that says what a test tells it to.
///
/// ```
/// use momfood_kit::transport::{FakeTransport, ok};
/// use momfood_protocol::engine::{AnyCall, SessionState};
///
/// let fake = FakeTransport::new(|call| match call {
///     AnyCall::GetSession(_) => ok(&SessionState { user: None }),
///     other => panic!("the screen asked for {other:?}"),
/// });
/// ```
#[derive(Clone)]
pub struct FakeTransport {
    answer: Rc<dyn Fn(AnyCall) -> AnyReply>,
    calls: Rc<RefCell<Vec<AnyCall>>>,
    hearers: Hearers,
}

impl FakeTransport {
    /// Answers every Call with what `answer` makes of it.
    pub fn new(answer: impl Fn(AnyCall) -> AnyReply + 'static) -> Self {
        Self {
            answer: Rc::new(answer),
            calls: Rc::default(),
            hearers: Hearers::default(),
        }
    }

    /// Tells the screens that something happened.
    pub fn tell(&self, event: &Event) {
        self.hearers.tell(event);
    }

    /// Every Call so far.
    pub fn calls(&self) -> Vec<AnyCall> {
        self.calls.borrow().clone()
    }
}

impl Transport for FakeTransport {
    fn call(&self, name: &'static str, args: Value) -> Answer<AnyReply> {
        let Ok(call) = serde_json::from_value::<AnyCall>(json!({ "call": name, "args": args })) else {
            return Box::pin(std::future::ready(AnyReply::Err(unreadable())));
        };
        self.calls.borrow_mut().push(call.clone());
        let reply = (self.answer)(call);
        Box::pin(std::future::ready(reply))
    }

    /// Names every blob by its number of bytes, padded to the length of a hash.
    fn post_blob(&self, bytes: ArrayBuffer) -> Answer<AnyReply> {
        let size = u64::from(bytes.byte_length());
        let sha256 = format!("{size:064x}");
        Box::pin(std::future::ready(ok(&BlobRef { sha256, size })))
    }

    fn subscribe(&self, hear: Box<dyn Fn(Event)>) -> Subscription {
        self.hearers.add(hear)
    }
}

/// A Reply as it crosses the wire.
pub fn ok<T: Serialize>(reply: &T) -> AnyReply {
    match serde_json::to_value(reply) {
        Ok(value) => AnyReply::Ok(value),
        Err(_) => AnyReply::Err(unreadable()),
    }
}

/// What crossed the wire was not what this version speaks.
pub(crate) fn unreadable() -> Failure {
    Failure::new(ErrorCode::Protocol, crate::lang::Lang::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_dropped_subscription_hears_nothing_more() {
        let fake = FakeTransport::new(|_| AnyReply::Err(unreadable()));
        let heard = Rc::new(Cell::new(0));
        let counter = Rc::clone(&heard);
        let subscription = fake.subscribe(Box::new(move |_| counter.set(counter.get() + 1)));
        fake.tell(&Event::Cart {});
        drop(subscription);
        fake.tell(&Event::Cart {});
        assert_eq!(heard.get(), 1);
    }
}

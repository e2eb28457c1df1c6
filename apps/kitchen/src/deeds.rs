//! What a tap does to an order: one at a time per button, and told when it is done even if its ticket has moved
//! on meanwhile.

use dioxus::prelude::*;
use momfood_kit::engine::{Engine, use_engine};
use momfood_kit::prelude::*;
use momfood_protocol::engine::Call;

/// A button's Calls.
#[derive(Clone, Copy, PartialEq)]
pub struct Deeds {
    engine: EngineHandle,
    busy: Signal<bool>,
    failure: Signal<Option<String>>,
}

/// The engine, which is the same one all along.
#[derive(Clone, Copy)]
struct EngineHandle(Engine);

impl PartialEq for EngineHandle {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Calls of one button.
pub fn use_deeds() -> Deeds {
    let engine = EngineHandle(use_engine());
    let busy = use_signal(|| false);
    let failure = use_signal(|| None);
    Deeds {
        engine,
        busy,
        failure,
    }
}

impl Deeds {
    /// Whether an answer is awaited.
    pub fn busy(self) -> bool {
        *self.busy.read()
    }

    /// Why the last Call failed, until the next.
    pub fn failure(self) -> Option<String> {
        self.failure.read().clone()
    }

    /// Sends `call`, unless an answer is awaited; `done` hears the Reply. A failure is kept to be shown beside the
    /// button; where the button is gone by then, it becomes a toast.
    pub fn run<C: Call + 'static>(mut self, call: C, done: impl FnOnce(C::Reply) + 'static) {
        if *self.busy.peek() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        self.engine.0.ask_then(call, move |answer| {
            self.is_done();
            match answer {
                Ok(reply) => done(reply),
                Err(failure) => self.failed(failure.message),
            }
        });
    }

    fn is_done(mut self) {
        // The button is gone when the order has moved on.
        if let Ok(mut busy) = self.busy.try_write() {
            *busy = false;
        }
    }

    fn failed(mut self, why: String) {
        match self.failure.try_write() {
            Ok(mut kept) => {
                announce_now(why.clone());
                *kept = Some(why);
            }
            Err(_) => toast_error(why),
        }
    }
}

/// Why the last Call failed, beside its button, for as long as that is so.
#[component]
pub fn WhyNot(deeds: Deeds) -> Element {
    match deeds.failure() {
        Some(words) => rsx! {
            p { class: "t-failed", "data-testid": "failed",
                IconView { icon: Icon::Alert }
                span { "{words}" }
            }
        },
        None => rsx! {},
    }
}

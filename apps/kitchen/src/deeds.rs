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
    Deeds { engine, busy }
}

impl Deeds {
    /// Whether an answer is awaited.
    pub fn busy(self) -> bool {
        *self.busy.read()
    }

    /// Sends `call`, unless an answer is awaited; `done` hears the Reply, a failure becomes a toast.
    pub fn run<C: Call + 'static>(mut self, call: C, done: impl FnOnce(C::Reply) + 'static) {
        if *self.busy.peek() {
            return;
        }
        self.busy.set(true);
        dioxus::core::spawn_forever(async move {
            let answer = self.engine.0.ask(call).await;
            // The button is gone when the order has moved on.
            if let Ok(mut busy) = self.busy.try_write() {
                *busy = false;
            }
            match answer {
                Ok(reply) => done(reply),
                Err(failure) => toast_error(failure.message),
            }
        });
    }
}

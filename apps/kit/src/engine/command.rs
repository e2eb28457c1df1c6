//! A Call made by a tap.

use dioxus::prelude::*;
use momfood_protocol::engine::Call;
use serde_json::Value;

use super::{Failure, Question, Sending, read, use_engine};
use crate::toasts;

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

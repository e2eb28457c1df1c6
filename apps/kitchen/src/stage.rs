//! A component over an engine that says what a test tells it to.

use std::cell::RefCell;
use std::future::Future as _;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use dioxus::prelude::*;
use momfood_kit::transport::{FakeTransport, Transport, ok};
use momfood_protocol::engine::{AnyCall, AnyReply, Done};
use momfood_protocol::error::{ErrorCode, Failure};

thread_local! {
    static FAKE: RefCell<Option<FakeTransport>> = const { RefCell::new(None) };
}

/// The engine of the stage that was set last, for `use_engine_over`.
pub fn engine() -> Rc<dyn Transport> {
    Rc::new(FAKE.with_borrow(|fake| fake.clone().unwrap()))
}

/// A component and the engine below it.
pub struct Stage {
    dom: VirtualDom,
    fake: FakeTransport,
}

impl Stage {
    /// Sets `root` over an engine that answers with what `answer` makes of a Call.
    pub fn set(root: fn() -> Element, answer: impl Fn(AnyCall) -> Option<AnyReply> + 'static) -> Self {
        let fake = FakeTransport::new(move |call| match call {
            AnyCall::SetLanguage(_) => ok(&Done {}),
            call => {
                let nothing = || AnyReply::Err(Failure::new(ErrorCode::Offline, momfood_kit::lang::Lang::En));
                answer(call).unwrap_or_else(nothing)
            }
        });
        FAKE.set(Some(fake.clone()));
        let mut dom = VirtualDom::new(root);
        dom.rebuild_in_place();
        let mut stage = Self { dom, fake };
        stage.settle();
        stage
    }

    /// Does what a person would do, then lets everything that follows happen.
    pub fn act<T>(&mut self, what: impl FnOnce() -> T) -> T {
        let done = self.dom.in_scope(ScopeId::ROOT, what);
        self.settle();
        done
    }

    /// What the engine was asked so far, as far as `pick` cares.
    pub fn asked<T>(&self, pick: impl Fn(AnyCall) -> Option<T>) -> Vec<T> {
        self.fake.calls().into_iter().filter_map(pick).collect()
    }

    fn settle(&mut self) {
        for _ in 0..20 {
            let mut context = Context::from_waker(Waker::noop());
            let _ = pin!(self.dom.wait_for_work()).poll(&mut context);
            self.dom.render_immediate(&mut dioxus::core::NoOpMutations);
        }
    }
}

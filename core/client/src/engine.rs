//! The engine: Calls in, Replies and Events out.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::{mpsc, oneshot};
use momfood_protocol::engine::{AnyCall, AnyReply, Call, Event};
use momfood_protocol::error::{ErrorCode, Failure};
use serde_json::Value;

use crate::app::App;
use crate::core::{Core, State};
use crate::feed::Input;
use crate::port::{LocalBoxFuture, Ports};
use crate::session;

/// For whom, and where the server is.
#[derive(Clone)]
pub struct EngineConfig {
    /// The app served.
    pub app: App,
    /// Where the server is, without a slash at its end (`https://…`); empty in a browser: the page's own origin.
    pub base_url: String,
    /// Whether the refresh token lives in a cookie (browsers) or in the engine's hands.
    pub cookie_mode: bool,
}

/// A running engine. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    core: Rc<Core>,
}

impl Engine {
    /// Starts an engine, which takes up the session of last time and follows the feed by itself.
    pub fn new(ports: Ports, config: EngineConfig) -> Self {
        let core = Rc::new(Core {
            ports,
            config,
            state: RefCell::new(State::default()),
            hearers: RefCell::default(),
        });
        session::resume(&core);
        (core.config.app.resume)(&core);
        session::begin_resumed(&core);
        Self { core }
    }

    /// Answers a Call. It is carried out to its end even when the answer is no longer waited for.
    pub fn call(&self, call: AnyCall) -> LocalBoxFuture<'static, AnyReply> {
        let (tell, told) = oneshot::channel();
        let core = Rc::clone(&self.core);
        self.core.spawn(async move {
            let work = (core.config.app.call)(Rc::clone(&core), call);
            let reply = match work.await {
                Ok(value) => AnyReply::Ok(value),
                Err(failure) => AnyReply::Err(failure),
            };
            // Who no longer waits need not hear.
            let _ = tell.send(reply);
        });
        let ended = self.core.failure(ErrorCode::Internal);
        Box::pin(async move { told.await.unwrap_or(AnyReply::Err(ended)) })
    }

    /// Answers a Call that crossed a boundary as JSON.
    pub fn call_json(&self, call: &str) -> LocalBoxFuture<'static, String> {
        let protocol = self.core.failure(ErrorCode::Protocol);
        let reply = match serde_json::from_str::<AnyCall>(call) {
            Ok(call) => self.call(call),
            Err(_) => Box::pin(std::future::ready(AnyReply::Err(protocol))),
        };
        Box::pin(async move {
            // A reply is a Value or plain data: there is nothing in it that JSON cannot say.
            serde_json::to_string(&reply.await).unwrap_or_default()
        })
    }

    /// Answers a Call with its Reply: for those who live beside the engine.
    pub async fn ask<C: Call>(&self, call: C) -> Result<C::Reply, Failure> {
        match self.call(call.into()).await {
            AnyReply::Ok(value) => self.read::<C>(value),
            AnyReply::Err(failure) => Err(failure),
        }
    }

    fn read<C: Call>(&self, value: Value) -> Result<C::Reply, Failure> {
        serde_json::from_value(value).map_err(|_| self.core.failure(ErrorCode::Protocol))
    }

    /// Every Event from now on.
    pub fn subscribe(&self) -> mpsc::UnboundedReceiver<Event> {
        let (tell, told) = mpsc::unbounded();
        self.core.hearers.borrow_mut().push(tell);
        told
    }

    /// The device came back: the network is there again, or the app is in front again.
    pub fn wake(&self) {
        self.core.feed(Input::Wake);
    }
}

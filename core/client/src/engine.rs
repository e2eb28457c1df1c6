//! The engine: Calls in, Replies and Events out.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::{mpsc, oneshot};
use momfood_protocol::engine::{AnyReply, BlobRef, Call, Event};
use momfood_protocol::error::{ErrorCode, Failure};
use serde_json::Value;

use crate::app::App;
use crate::core::{Core, State};
use crate::port::{Attached, LocalBoxFuture, Ports, mint};
use crate::session;
use crate::store::{Identity, Store};
use crate::sync::{Client, Input};

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
    /// Starts an engine over what `store` keeps. It takes up the session of last time, hands in what was tapped and
    /// follows what changes by itself.
    pub fn new(ports: Ports, store: Store, config: EngineConfig) -> Self {
        let host = Rc::clone(&ports.host);
        let fresh = move || Identity {
            device: mint(&*host),
            push_key: format!("{:032x}{:032x}", host.random(), host.random()),
        };
        let sync = Client::new(store, ports.host.now(), 0, Box::new(fresh));
        let core = Rc::new(Core {
            ports,
            config,
            sync: RefCell::new(sync),
            state: RefCell::new(State::default()),
            hearers: RefCell::default(),
            attached: RefCell::default(),
        });
        session::resume(&core);
        (core.config.app.resume)(&core);
        session::begin_resumed(&core);
        core.work();
        Self { core }
    }

    /// Keeps the bytes of a photo or signature, and names them: a mutation that names them sends them on their way.
    pub fn put_blob(&self, bytes: &[u8]) -> Result<BlobRef, Failure> {
        crate::taps::put_blob(&self.core, bytes)
    }

    /// Answers the Call of that name. It is carried out to its end even when the answer is no longer waited for.
    pub fn call(&self, name: &str, args: Value) -> LocalBoxFuture<'static, AnyReply> {
        let (tell, told) = oneshot::channel();
        let work = (self.core.config.app.call)(Rc::clone(&self.core), name, args);
        self.core.spawn(async move {
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

    /// Answers a Call that crossed a boundary as JSON: `{"call": …, "args": …}`.
    pub fn call_json(&self, call: &str) -> LocalBoxFuture<'static, String> {
        let mut call = serde_json::from_str::<Value>(call).unwrap_or_default();
        let args = call.get_mut("args").map(Value::take).unwrap_or_default();
        let reply = self.call(call.get("call").and_then(Value::as_str).unwrap_or_default(), args);
        // A reply is a Value or plain data: there is nothing in it that JSON cannot say.
        Box::pin(async move { serde_json::to_value(&reply.await).unwrap_or_default().to_string() })
    }

    /// Answers a Call with its Reply: for those who live beside the engine.
    pub async fn ask<C: Call>(&self, call: C) -> Result<C::Reply, Failure> {
        let protocol = |_| self.core.failure(ErrorCode::Protocol);
        let args = serde_json::to_value(&call).map_err(protocol)?;
        match self.call(C::NAME, args).await {
            AnyReply::Ok(value) => serde_json::from_value(value).map_err(protocol),
            AnyReply::Err(failure) => Err(failure),
        }
    }

    /// Every Event from now on.
    pub fn subscribe(&self) -> mpsc::UnboundedReceiver<Event> {
        let (tell, told) = mpsc::unbounded();
        self.core.hearers.borrow_mut().push(tell);
        told
    }

    /// Lets the program around the engine join it, and its printers.
    pub fn attach(&self, attached: Attached) {
        *self.core.attached.borrow_mut() = attached;
        self.core.tell(&Event::Device {});
        #[cfg(feature = "printing")]
        if self.core.config.app.kind() == crate::app::AppKind::Kitchen {
            crate::printing::attached(&self.core);
        }
    }

    /// Tells the screens something that the program around the engine has to say.
    pub fn tell(&self, event: &Event) {
        self.core.tell(event);
    }

    /// The device came back: the network is there again, or the app is in front again.
    pub fn wake(&self) {
        self.core.feed(Input::Wake);
    }

    /// The device says that its network is gone. Whether that is true is found out at once.
    pub fn lose_network(&self) {
        self.core.feed(Input::Lost);
    }
}

//! The engine in this page. Everything crosses as JSON text all the same: the day it moves into a worker, only this
//! file changes.

use std::rc::Rc;

use futures::StreamExt as _;
use futures::future::{AbortHandle, abortable};
use momfood_client::net::web::{WebHost, WebNet};
use momfood_client::port::{Keep, Ports};
use momfood_client::{App, Engine, EngineConfig};
use momfood_protocol::engine::{AnyReply, Event};
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

use super::{Answer, Subscription, Transport, unreadable};
use crate::{dom, storage};

/// See the module.
pub struct LocalTransport {
    engine: Engine,
}

/// The page's own storage, under the engine's names.
struct PageKeep;

impl Keep for PageKeep {
    fn get(&self, key: &str) -> Option<String> {
        storage::get(&["engine.", key].concat())
    }

    fn set(&self, key: &str, value: Option<&str>) {
        storage::set(&["engine.", key].concat(), value);
    }
}

impl LocalTransport {
    /// Starts an engine for `app`.
    pub fn start(app: App) -> Self {
        let ports = Ports { net: Rc::new(WebNet), keep: Rc::new(PageKeep), host: Rc::new(WebHost) };
        let config = EngineConfig { app, base_url: String::new(), cookie_mode: true };
        let engine = Engine::new(ports, config);
        wake_with_the_page(&engine);
        Self { engine }
    }
}

/// Tells the engine when the network is back and when the page is in front again.
fn wake_with_the_page(engine: &Engine) {
    let Some(window) = dom::window() else { return };
    let listen = |target: &web_sys::EventTarget, name: &str| {
        let engine = engine.clone();
        let wake = Closure::<dyn FnMut()>::new(move || engine.wake());
        // As long as the page.
        let _ = target.add_event_listener_with_callback(name, wake.as_ref().unchecked_ref());
        wake.forget();
    };
    listen(&window, "online");
    if let Some(document) = window.document() {
        listen(&document, "visibilitychange");
    }
}

impl Transport for LocalTransport {
    fn call(&self, name: &'static str, args: Value) -> Answer<AnyReply> {
        let reply = self.engine.call_json(&json!({ "call": name, "args": args }).to_string());
        Box::pin(async move {
            let reply = serde_json::from_str::<Value>(&reply.await);
            reply.and_then(serde_json::from_value).unwrap_or_else(|_| AnyReply::Err(unreadable()))
        })
    }

    fn subscribe(&self, hear: Box<dyn Fn(Event)>) -> Subscription {
        let mut events = self.engine.subscribe();
        let (task, handle): (_, AbortHandle) = abortable(async move {
            while let Some(event) = events.next().await {
                let text = serde_json::to_value(&event).map(|event| event.to_string());
                let crossed = text.and_then(|text| serde_json::from_str::<Value>(&text));
                if let Ok(event) = crossed.and_then(serde_json::from_value) {
                    hear(event);
                }
            }
        });
        spawn_local(async move {
            // Ended by the subscription.
            let _ = task.await;
        });
        Subscription::new(move || handle.abort())
    }
}

//! The worker's end of the line to the page.

use std::cell::RefCell;
use std::rc::Rc;

use futures::StreamExt as _;
use js_sys::{Array, Function, Reflect};
use momfood_client::net::web::{WebHost, WebNet};
use momfood_client::port::Ports;
use momfood_client::{Engine, EngineConfig, customer, driver, kitchen};
use serde_json::{Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use crate::keep::PageKeep;

thread_local!(static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) });

/// Lets the worker's script hand over what the page says, as `self.hear(text)`.
pub fn open() {
    let hear = Closure::<dyn Fn(String)>::new(|text: String| hear(&text));
    // Setting a new property of one's own global cannot fail.
    let _ = Reflect::set(&js_sys::global(), &JsValue::from_str("hear"), hear.as_ref());
    // As long as the worker.
    hear.forget();
}

/// Sends `message` to the page.
pub fn post(message: &JsValue) {
    let global = js_sys::global();
    let post = Reflect::get(&global, &JsValue::from_str("postMessage"));
    if let Ok(post) = post.and_then(JsCast::dyn_into::<Function>) {
        // Text and lists of text can always be sent.
        let _ = post.call1(&global, message);
    }
}

fn say(message: &Value) {
    post(&JsValue::from_str(&message.to_string()));
}

fn hear(text: &str) {
    let Ok(mut message) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let mut part = |name: &str| message.get_mut(name).map(Value::take).unwrap_or_default();
    let engine = ENGINE.with_borrow(Clone::clone);
    match (part("start"), engine) {
        (Value::Object(mut how), None) => {
            let kept = how.remove("kept");
            if let Some(app) = how.get("app").and_then(Value::as_str) {
                start(app, kept.unwrap_or_default());
            }
        }
        (_, Some(engine)) if part("wake") == true => engine.wake(),
        (_, Some(engine)) if part("lost") == true => engine.lose_network(),
        (_, Some(engine)) => {
            let id = part("id");
            let reply = engine.call(part("call").as_str().unwrap_or_default(), part("args"));
            spawn_local(async move {
                // A reply is a Value or plain data: there is nothing in it that JSON cannot say.
                let reply = serde_json::to_value(&reply.await).unwrap_or_default();
                say(&json!({ "id": id, "reply": reply }));
            });
        }
        (_, None) => {}
    }
}

fn start(app: &str, kept: Value) {
    let app = match app {
        "customer" => customer(),
        "kitchen" => kitchen(),
        "driver" => driver(),
        _ => return,
    };
    let kept = match kept {
        Value::Object(kept) => kept,
        _ => serde_json::Map::new(),
    };
    let ports = Ports {
        net: Rc::new(WebNet),
        keep: Rc::new(PageKeep::holding(kept)),
        host: Rc::new(WebHost),
    };
    let config = EngineConfig {
        app,
        base_url: String::new(),
        cookie_mode: true,
    };
    let engine = Engine::new(ports, config);
    let mut events = engine.subscribe();
    spawn_local(async move {
        while let Some(event) = events.next().await {
            if let Ok(event) = serde_json::to_value(&event) {
                say(&json!({ "event": event }));
            }
        }
    });
    ENGINE.set(Some(engine));
    post(&Array::of1(&JsValue::from_str("ready")));
}

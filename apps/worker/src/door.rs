//! The worker's end of the line to the pages: its own, and those of other tabs, whose workers pass on what they say.

use std::cell::RefCell;
use std::rc::Rc;

use futures::StreamExt as _;
use js_sys::{Array, Function, Reflect, Uint8Array};
use momfood_client::net::web::{WebHost, WebNet};
use momfood_client::port::Ports;
use momfood_client::store::browser::Pool;
use momfood_client::store::{Place, Store, StoreError};
use momfood_client::{Engine, EngineConfig, admin, customer, driver, kitchen};
use serde_json::{Map, Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use crate::keep::PageKeep;

thread_local!(static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) });

/// Lets the worker's script hand over what a page says, as `self.hear(message, from)`.
pub fn open() {
    let hear =
        Closure::<dyn Fn(JsValue, JsValue)>::new(|message: JsValue, from: JsValue| hear(&message, from));
    // Setting a new property of one's own global cannot fail.
    let _ = Reflect::set(&js_sys::global(), &JsValue::from_str("hear"), hear.as_ref());
    // As long as the worker.
    hear.forget();
}

/// Sends `message` to the tab `to`; to all of them, and to this worker's own page what is for a page itself, if `to` is
/// undefined.
pub fn tell(message: &JsValue, to: &JsValue) {
    let global = js_sys::global();
    let tell = Reflect::get(&global, &JsValue::from_str("tell"));
    if let Ok(tell) = tell.and_then(JsCast::dyn_into::<Function>) {
        // Text and lists of text can always be sent.
        let _ = tell.call2(&global, message, to);
    }
}

fn say(message: &Value, to: &JsValue) {
    tell(&JsValue::from_str(&message.to_string()), to);
}

fn hear(message: &JsValue, from: JsValue) {
    let engine = ENGINE.with_borrow(Clone::clone);
    let Some(text) = message.as_string() else {
        if let Some(engine) = engine {
            take_bytes(&engine, message, &from);
        }
        return;
    };
    let Ok(mut message) = serde_json::from_str::<Value>(&text) else {
        return;
    };
    let mut part = |name: &str| message.get_mut(name).map(Value::take).unwrap_or_default();
    match (part("start"), engine) {
        (Value::Object(how), None) => spawn_local(start(how)),
        (_, Some(engine)) if part("wake") == true => engine.wake(),
        (_, Some(engine)) if part("lost") == true => engine.lose_network(),
        (_, Some(engine)) => {
            let id = part("id");
            let reply = engine.call(part("call").as_str().unwrap_or_default(), part("args"));
            spawn_local(async move {
                // A reply is a Value or plain data: there is nothing in it that JSON cannot say.
                let reply = serde_json::to_value(&reply.await).unwrap_or_default();
                say(&json!({ "id": id, "reply": reply }), &from);
            });
        }
        (_, None) => {}
    }
}

/// Takes `["blob", id, bytes]` and answers with their name.
fn take_bytes(engine: &Engine, message: &JsValue, from: &JsValue) {
    let Some(list) = message.dyn_ref::<Array>().filter(|list| list.get(0) == "blob") else {
        return;
    };
    let bytes = Uint8Array::new(&list.get(2)).to_vec();
    let reply = match engine.put_blob(&bytes) {
        Ok(named) => json!({ "ok": named }),
        Err(failure) => json!({ "err": failure }),
    };
    // Whole, as it was asked: `7.0` is not the `7` a page waits for.
    let id = list
        .get(1)
        .as_f64()
        .and_then(|id| id.to_string().parse::<u32>().ok());
    say(&json!({ "id": id, "reply": reply }), from);
}

/// Opens what the app keeps and starts its engine on it. The script holds back what is said meanwhile.
async fn start(mut how: Map<String, Value>) {
    let kept = match how.remove("kept") {
        Some(Value::Object(kept)) => kept,
        _ => Map::new(),
    };
    let name = how.get("app").and_then(Value::as_str).unwrap_or_default();
    let app = match name {
        "customer" => customer(),
        "kitchen" => kitchen(),
        "driver" => driver(),
        "admin" => admin(),
        _ => return,
    };
    let files = how.get("files") == Some(&Value::Bool(true));
    let Ok(store) = open_store(name, files).await else {
        // Not even memory: the page hears that the worker ended.
        wasm_bindgen::throw_str("no store");
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
    let engine = Engine::new(ports, store, config);
    let mut events = engine.subscribe();
    spawn_local(async move {
        while let Some(event) = events.next().await {
            if let Ok(event) = serde_json::to_value(&event) {
                say(&json!({ "event": event }), &JsValue::UNDEFINED);
            }
        }
    });
    ENGINE.set(Some(engine));
    tell(&Array::of1(&JsValue::from_str("ready")), &JsValue::UNDEFINED);
}

/// The origin's files, if this worker may have them and the browser gives them; otherwise memory, which the engine says.
async fn open_store(app: &str, files: bool) -> Result<Store, StoreError> {
    if files
        && let Ok(pool) = Pool::acquire(app).await
        && let Ok(store) = Store::open(Place::Browser(pool), app)
    {
        return Ok(store);
    }
    Store::open(Place::Memory, app)
}

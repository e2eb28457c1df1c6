//! The way to the engine of this page, by the line that `xtask/assets/engine-page.js` holds: to a worker, whose end is
//! `apps/worker` and says what is spoken on it, or to the program around the page, whose end is `apps/shell`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Array, ArrayBuffer, Function, Reflect};
use momfood_protocol::engine::{AnyReply, Event};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::reading;
use serde_json::{Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::{Answer, Hearers, Subscription, Transport, unreadable};
use crate::lang;

/// See the module.
pub struct PageTransport {
    /// The page's end of the line: `post(text)`, `postBlob(id, bytes)` and `listen(hear)`.
    line: JsValue,
    desk: Rc<Desk>,
}

/// Who waits for what.
#[derive(Default)]
struct Desk {
    next: Cell<u32>,
    asked: RefCell<Vec<(u32, oneshot::Sender<AnyReply>)>>,
    hearers: Hearers,
}

impl PageTransport {
    /// Takes up the line of this page.
    pub fn start() -> Self {
        let line = Reflect::get(&js_sys::global(), &JsValue::from_str("momfoodEngine")).unwrap_or_default();
        let desk = Rc::new(Desk::default());
        let reader = Rc::clone(&desk);
        let hear = Closure::<dyn Fn(String)>::new(move |text: String| reader.hear(&text));
        send(&line, "listen", &Array::of1(hear.as_ref()));
        // As long as the page.
        hear.forget();
        Self { line, desk }
    }
}

/// Whether the page's end took it.
fn send(line: &JsValue, how: &str, what: &Array) -> bool {
    let method = Reflect::get(line, &JsValue::from_str(how)).and_then(JsCast::dyn_into::<Function>);
    method.and_then(|method| method.apply(line, what)).is_ok()
}

impl Desk {
    fn hear(&self, text: &str) {
        let Ok(mut said) = serde_json::from_str::<Value>(text) else {
            return;
        };
        let mut part = |name: &str| said.get_mut(name).map(Value::take);
        if let Some(event) = part("event") {
            if let Ok(event) = reading::event(event) {
                self.hearers.tell(&event);
            }
        } else if let Some(reply) = part("reply") {
            let id = part("id").and_then(|id| id.as_u64());
            let waiting = {
                let asked = &mut *self.asked.borrow_mut();
                let place = asked.iter().position(|(asked, _)| Some(u64::from(*asked)) == id);
                place.map(|place| asked.swap_remove(place).1)
            };
            if let Some(waiting) = waiting {
                let reply = reading::reply(reply).unwrap_or_else(|_| AnyReply::Err(unreadable()));
                // Who no longer waits need not hear.
                let _ = waiting.send(reply);
            }
        } else if part("ended").is_some() {
            // Whoever waits hears that nothing comes; the next Call starts a new engine.
            self.asked.take();
        }
    }
}

impl PageTransport {
    fn next_id(&self) -> u32 {
        let id = self.desk.next.get();
        self.desk.next.set(id.wrapping_add(1));
        id
    }

    /// The reply to `id`, if the page's end took what asks for it.
    fn wait(&self, id: u32, taken: bool) -> Answer<AnyReply> {
        let (tell, told) = oneshot::channel();
        if taken {
            self.desk.asked.borrow_mut().push((id, tell));
        }
        Box::pin(async move {
            let nobody = |_| AnyReply::Err(Failure::new(ErrorCode::Offline, lang::lang()));
            told.await.unwrap_or_else(nobody)
        })
    }
}

impl Transport for PageTransport {
    fn call(&self, name: &'static str, args: Value) -> Answer<AnyReply> {
        let id = self.next_id();
        let text = json!({ "id": id, "call": name, "args": args }).to_string();
        let taken = send(&self.line, "post", &Array::of1(&JsValue::from_str(&text)));
        self.wait(id, taken)
    }

    fn post_blob(&self, bytes: ArrayBuffer) -> Answer<AnyReply> {
        let id = self.next_id();
        let taken = send(&self.line, "postBlob", &Array::of2(&id.into(), &bytes));
        self.wait(id, taken)
    }

    fn subscribe(&self, hear: Box<dyn Fn(Event)>) -> Subscription {
        self.desk.hearers.add(hear)
    }
}

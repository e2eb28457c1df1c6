//! The two commands, which are all that a page can ask of the program: `call` and `subscribe`.
//!
//! `call` takes `{"text": "…"}`, where the text is what a page also says to an engine in a worker: a Call with its
//! arguments, `{"wake": true}` or `{"lost": true}`; it answers with the Reply as text. Bytes as the body of `call`
//! (a list of numbers where a webview cannot send bytes) are kept and named. `subscribe` takes `{"channel": …}` and
//! sends every Event from then on. What a page says is looked at before it is believed: it may be anything.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures::StreamExt as _;
use momfood_client::net::native::Handle;
use momfood_domain::text::Lang;
use momfood_protocol::engine::{AnyReply, Event};
use momfood_protocol::error::{ErrorCode, Failure};
use serde::Deserialize;
use serde_json::{Value, json};
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, InvokeBody, Request};
use tauri::{Runtime, State, Webview};

/// The longest text a page may say.
pub(crate) const LONGEST_TEXT: usize = 1 << 20;

/// The program's end of the line: the engine, and who hears its Events.
pub struct Line {
    engine: Handle,
    hearing: Mutex<Hearing>,
}

#[derive(Default)]
struct Hearing {
    /// What tells each webview's page, by the webview's label.
    subscribers: HashMap<String, JoinHandle<()>>,
    /// The place a link named while no page was there to be told.
    place: Option<String>,
}

impl Line {
    /// A line to `engine` on which nobody listens yet.
    pub fn to(engine: Handle) -> Self {
        Self {
            engine,
            hearing: Mutex::default(),
        }
    }

    /// The engine.
    pub const fn engine(&self) -> &Handle {
        &self.engine
    }

    /// Tells the pages to show `path`; the first that comes, if none is there.
    pub fn show(&self, path: String) {
        let mut hearing = self.hearing.lock().unwrap_or_else(PoisonError::into_inner);
        hearing.forget_the_gone();
        if hearing.subscribers.is_empty() {
            hearing.place = Some(path);
        } else {
            self.engine.tell(Event::Open { path });
        }
    }

    /// Sends Events to `channel` until it takes no more. A page that was loaded again takes the place of the one before.
    pub(crate) fn subscribe(&self, webview: &str, channel: Channel<Event>) {
        let mut events = self.engine.subscribe();
        let mut hearing = self.hearing.lock().unwrap_or_else(PoisonError::into_inner);
        let place = hearing.place.take();
        let telling = tauri::async_runtime::spawn(async move {
            let first = place.map(|path| Event::Open { path });
            let mut events = futures::stream::iter(first).chain(&mut events);
            while let Some(event) = events.next().await {
                if channel.send(event).is_err() {
                    return;
                }
            }
        });
        if let Some(before) = hearing.subscribers.insert(webview.to_owned(), telling) {
            before.abort();
        }
    }

    /// Tells that webview's page nothing any more.
    pub(crate) fn forget(&self, webview: &str) {
        let mut hearing = self.hearing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(telling) = hearing.subscribers.remove(webview) {
            telling.abort();
        }
    }

    /// How many pages are told.
    #[cfg(test)]
    pub(crate) fn subscribers(&self) -> usize {
        let mut hearing = self.hearing.lock().unwrap_or_else(PoisonError::into_inner);
        hearing.forget_the_gone();
        hearing.subscribers.len()
    }
}

impl Hearing {
    fn forget_the_gone(&mut self) {
        self.subscribers
            .retain(|_, telling| !telling.inner().is_finished());
    }
}

/// See the module.
#[tauri::command]
pub async fn call(request: Request<'_>, line: State<'_, Line>) -> Result<String, ()> {
    let reply = match request.body() {
        InvokeBody::Raw(bytes) => keep(&line.engine, bytes.clone()).await,
        InvokeBody::Json(Value::Array(numbers)) => match bytes_of(numbers) {
            Some(bytes) => keep(&line.engine, bytes).await,
            None => refuse(ErrorCode::MalformedJson),
        },
        InvokeBody::Json(body) => match body.get("text").and_then(Value::as_str) {
            Some(text) => answer(&line.engine, text).await,
            None => refuse(ErrorCode::MalformedJson),
        },
    };
    // A reply is a Value or plain data: there is nothing in it that JSON cannot say.
    Ok(serde_json::to_string(&reply).unwrap_or_default())
}

/// See the module.
#[tauri::command]
pub async fn subscribe<R: Runtime>(
    webview: Webview<R>,
    channel: Channel<Event>,
    line: State<'_, Line>,
) -> Result<(), ()> {
    line.subscribe(webview.label(), channel);
    Ok(())
}

/// What a page says.
#[derive(Deserialize)]
struct Said {
    call: Option<String>,
    #[serde(default)]
    args: Value,
    #[serde(default)]
    wake: bool,
    #[serde(default)]
    lost: bool,
}

async fn answer(engine: &Handle, text: &str) -> AnyReply {
    if text.len() > LONGEST_TEXT {
        let details = json!({ "size": text.len(), "limit": LONGEST_TEXT });
        return AnyReply::Err(Failure::new(ErrorCode::TooLarge, Lang::default()).with(details));
    }
    let Ok(said) = serde_json::from_str::<Said>(text) else {
        return refuse(ErrorCode::MalformedJson);
    };
    if let Some(name) = said.call {
        return engine.call(&name, said.args).await;
    }
    match (said.wake, said.lost) {
        (true, false) => engine.wake(),
        (false, true) => engine.lose_network(),
        _ => return refuse(ErrorCode::MalformedJson),
    }
    AnyReply::Ok(Value::Null)
}

async fn keep(engine: &Handle, bytes: Vec<u8>) -> AnyReply {
    match engine.put_blob(bytes).await {
        Ok(named) => AnyReply::Ok(json!(named)),
        Err(failure) => AnyReply::Err(failure),
    }
}

fn bytes_of(numbers: &[Value]) -> Option<Vec<u8>> {
    let byte = |number: &Value| u8::try_from(number.as_u64()?).ok();
    numbers.iter().map(byte).collect()
}

fn refuse(code: ErrorCode) -> AnyReply {
    AnyReply::Err(Failure::new(code, Lang::default()))
}

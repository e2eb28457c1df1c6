//! Calls that need the server now: one way through for all of them. What is asked and what comes back crosses as it is;
//! only a session is taken up, and let go of.
//!
//! It must never send anything twice, and never keep what it carries.

use std::rc::Rc;

use momfood_domain::actor::Role;
use momfood_domain::time::Timestamp;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::{Door, Passage, Verb};
use momfood_protocol::rest::Session;
use serde_json::{Map, Value, json};

use crate::core::Core;
use crate::http::{Access, Patience, Spec, encode};
use crate::port::Method;
use crate::session;

/// Milliseconds after which a file is given up.
const FILE_TIMEOUT_MS: u64 = 120_000;

/// Carries a Call through its door.
pub(crate) async fn pass(core: Rc<Core>, door: Door, args: Value) -> Result<Value, Failure> {
    let Value::Object(mut args) = args else {
        return Err(core.failure(ErrorCode::Protocol));
    };
    let mut spec = Spec::get(path_of(door.path, &mut args)).patience(Patience::Once);
    spec.method = match door.verb {
        Verb::Get => Method::Get,
        Verb::Post => Method::Post,
        Verb::Put => Method::Put,
        Verb::Delete => Method::Delete,
    };
    match door.passage {
        Passage::Anyone | Passage::Enters => spec.access = Access::Anyone,
        Passage::EntersAs => {
            spec.access = Access::Anyone;
            args.entry("role").or_insert_with(|| json!(roles(&core)[0]));
        }
        Passage::Sends => spec.file = Some(bytes_of(&core, &mut args)?),
        Passage::Person | Passage::Leaves | Passage::Renames | Passage::Fetches => {}
    }
    if door.verb == Verb::Get {
        spec.patience = Patience::Short;
        spec.path += &query_of(&args);
    } else if spec.file.is_none() {
        spec.body = Some(Value::Object(args).to_string());
    }
    if matches!(door.passage, Passage::Sends | Passage::Fetches) {
        spec.timeout_ms = FILE_TIMEOUT_MS;
    }
    match door.passage {
        Passage::Fetches => {
            let bytes = core.request(spec).await?;
            Ok(json!({ "address": crate::bytes::address_of(&bytes) }))
        }
        Passage::Enters | Passage::EntersAs => {
            let session = enter(&core, door, spec).await?;
            Ok(json!({ "user": session::begin(&core, session).user }))
        }
        Passage::Anyone | Passage::Person | Passage::Sends => answer(&core, spec).await,
        Passage::Renames => {
            let said = answer(&core, spec).await?;
            session::is_now(&core, said.clone());
            Ok(said)
        }
        Passage::Leaves => {
            let said = answer(&core, spec).await?;
            session::end(&core);
            Ok(said)
        }
    }
}

const fn roles(core: &Core) -> &'static [Role] {
    session::roles_of(core.config.app.kind())
}

/// Signs in. An app that serves two roles asks for the second when the person does not hold the first; who asks has
/// shown the same, which a refusal has not used up.
async fn enter(core: &Rc<Core>, door: Door, spec: Spec) -> Result<Session, Failure> {
    let mut answer = core.server::<Session>(spec.clone()).await;
    let others = roles(core).iter().skip(1);
    for role in others.filter(|_| door.passage == Passage::EntersAs) {
        let Err(Failure {
            code: ErrorCode::RoleNotHeld,
            ..
        }) = answer
        else {
            break;
        };
        let body = spec.body.as_deref().unwrap_or_default();
        let mut body = serde_json::from_str::<Value>(body).unwrap_or_default();
        body["role"] = json!(role);
        let body = Some(body.to_string());
        answer = core.server(Spec { body, ..spec.clone() }).await;
    }
    answer
}

/// What the server said; something even when it had nothing to say.
async fn answer(core: &Rc<Core>, spec: Spec) -> Result<Value, Failure> {
    let said = core.server::<Value>(spec).await?;
    if let Some(now) = said.get("now").and_then(Value::as_i64) {
        // What counts down on the screen counts by this clock.
        core.server_said(Timestamp(now));
    }
    Ok(if said.is_null() { json!({}) } else { said })
}

/// `pattern` with the arguments it names in their places, which are taken out of `args`.
fn path_of(pattern: &str, args: &mut Map<String, Value>) -> String {
    let mut path = String::new();
    for piece in pattern.split('{') {
        match piece.split_once('}') {
            Some((name, rest)) => {
                path += &encode(&text_of(&args.remove(name).unwrap_or_default()));
                path += rest;
            }
            None => path += piece,
        }
    }
    path
}

/// What is left of the arguments, as a query.
fn query_of(args: &Map<String, Value>) -> String {
    let mut query = String::new();
    for (name, value) in args.iter().filter(|(_, value)| !value.is_null()) {
        query.push(if query.is_empty() { '?' } else { '&' });
        query += name;
        query.push('=');
        query += &encode(&text_of(value));
    }
    query
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The bytes that were handed over under the name the arguments say.
fn bytes_of(core: &Core, args: &mut Map<String, Value>) -> Result<Vec<u8>, Failure> {
    let name = text_of(&args.remove("sha256").unwrap_or_default());
    let vault = core.sync.borrow().vault();
    let bytes = vault.and_then(|vault| vault.blob(&name).ok()?);
    bytes.ok_or_else(|| core.failure(ErrorCode::NotFound))
}

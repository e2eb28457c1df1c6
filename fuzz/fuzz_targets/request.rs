//! Any request to the whole server, as anybody: every parser behind every door. An answer may refuse; it may not be
//! our fault, and nothing may panic.
#![no_main]

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use momfood_backend::router;
use momfood_backend::store::Engine;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The city, and somebody of each role.
struct Town {
    runtime: Runtime,
    app: TestApp,
    tokens: Vec<String>,
    operations: Vec<Operation>,
    ids: Vec<String>,
}

struct Operation {
    method: String,
    path: String,
    body: Option<Value>,
    /// A stream has no end.
    endless: bool,
}

static TOWN: LazyLock<Town> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("a runtime");
    let (app, tokens) = runtime.block_on(async {
        let app = TestApp::start(Engine::Sqlite).await;
        app.seed().await;
        let mut tokens = Vec::new();
        for (name, role) in [
            ("sara", Role::Customer),
            ("saj", Role::Restaurant),
            ("fahad", Role::Driver),
            ("support", Role::Support),
            ("admin", Role::Admin),
        ] {
            tokens.push(app.token(name, role).await);
        }
        (app, tokens)
    });
    let document: Value = serde_json::from_str(&router::document().to_json().expect("a document")).expect("JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                body: example(&document, operation),
                endless: path.ends_with("/stream"),
            });
        }
    }
    let ids = ["najd-kitchen", "sara@demo.momfood.test"]
        .map(|name| momfood_backend::seed::id::<momfood_domain::id::RestaurantId>(name).to_string());
    Town {
        runtime,
        app,
        tokens,
        operations,
        ids: ids.to_vec(),
    }
});

/// A body to begin with: every field of the operation's schema, some of them right.
fn example(document: &Value, operation: &Value) -> Option<Value> {
    let schema = operation.pointer("/requestBody/content/application~1json/schema")?;
    Some(sample(document, schema, 0))
}

fn sample(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > 6 {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return document
            .pointer(pointer)
            .map_or(Value::Null, |schema| sample(document, schema, depth + 1));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|all| all.last()) {
            return sample(document, first, depth + 1);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().cloned().unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("object") => {
            let fields = schema["properties"].as_object();
            let fields = fields.into_iter().flatten();
            Value::Object(
                fields
                    .map(|(name, schema)| (name.clone(), sample(document, schema, depth + 1)))
                    .collect(),
            )
        }
        Some("array") => json!([sample(document, &schema["items"], depth + 1)]),
        Some("integer") => json!(1),
        Some("number") => json!(24.7),
        Some("boolean") => json!(true),
        _ if schema["format"] == "uuid" => json!("019a9d3e-6a00-7000-8000-000000000001"),
        _ => json!("text"),
    }
}

/// A text for a path or a header: one of ours, or anything.
fn word(bytes: &mut Unstructured<'_>, ids: &[String]) -> arbitrary::Result<String> {
    Ok(match u8::arbitrary(bytes)? % 4 {
        0 => ids[bytes.choose_index(ids.len())?].clone(),
        1 => "019a9d3e-6a00-7000-8000-000000000001".to_owned(),
        _ => String::arbitrary(bytes)?.chars().take(64).collect(),
    })
}

/// Changes some leaf of a body.
fn spoil(bytes: &mut Unstructured<'_>, value: &mut Value, ids: &[String]) -> arbitrary::Result<()> {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let at = bytes.choose_index(fields.len())?;
            let name = fields.keys().nth(at).cloned().unwrap_or_default();
            if u8::arbitrary(bytes)? % 8 == 0 {
                fields.remove(&name);
            } else if let Some(field) = fields.get_mut(&name) {
                spoil(bytes, field, ids)?;
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = bytes.choose_index(items.len())?;
            spoil(bytes, &mut items[at], ids)?;
        }
        leaf => {
            *leaf = match u8::arbitrary(bytes)? % 8 {
                0 => Value::Null,
                1 => json!(i64::arbitrary(bytes)?),
                2 => json!(f64::arbitrary(bytes)?),
                3 => json!(bool::arbitrary(bytes)?),
                4 => json!([[[]]]),
                5 => json!({ "a": {} }),
                _ => json!(word(bytes, ids)?),
            };
        }
    }
    Ok(())
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

fn ask(bytes: &mut Unstructured<'_>, town: &Town) -> arbitrary::Result<()> {
    let operation = &town.operations[bytes.choose_index(town.operations.len())?];
    if operation.endless {
        return Ok(());
    }
    let mut path = String::new();
    for (at, part) in operation.path.split('/').enumerate() {
        if at > 0 {
            path.push('/');
        }
        if part.starts_with('{') {
            path.push_str(&encode(&word(bytes, &town.ids)?));
        } else {
            path.push_str(part);
        }
    }
    if u8::arbitrary(bytes)? % 4 == 0 {
        path.push('?');
        path.push_str(&encode(&word(bytes, &town.ids)?));
        path.push('=');
        path.push_str(&encode(&word(bytes, &town.ids)?));
    }
    let method = operation.method.parse().expect("a method of the document");
    let mut request = town.app.request(method, &path);
    let who = bytes.choose_index(town.tokens.len() + 1)?;
    if let Some(token) = town.tokens.get(who) {
        request = request.bearer(token);
    }
    for name in ["idempotency-key", "accept-language", "x-momfood-cookie", "cookie", "range", "x-forwarded-for"] {
        if u8::arbitrary(bytes)? % 8 == 0 {
            let value: String = word(bytes, &town.ids)?
                .chars()
                .filter(|letter| letter.is_ascii_graphic())
                .collect();
            request = request.header(name, &value);
        }
    }
    if operation.method != "GET" {
        if let (Some(body), true) = (&operation.body, u8::arbitrary(bytes)? % 8 > 0) {
            let mut body = body.clone();
            for _ in 0..u8::arbitrary(bytes)? % 5 {
                spoil(bytes, &mut body, &town.ids)?;
            }
            request = request.json(&body);
        } else {
            let raw = Vec::<u8>::arbitrary(bytes)?;
            let kind = *bytes.choose(&["application/json", "image/jpeg", "application/octet-stream"])?;
            request = request.raw(kind, raw);
        }
    }
    let answer = town.runtime.block_on(request.send());
    let status = answer.status.as_u16();
    assert!(status < 500 || status == 503, "{} {path}: {status} {}", operation.method, answer.text());
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    // Bytes that end too early say nothing.
    let _ = ask(&mut Unstructured::new(bytes), &TOWN);
});

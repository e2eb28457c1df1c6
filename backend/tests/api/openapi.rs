//! The API's document says of every operation what it is, who may call it, how it fails, and what it looks like.

use momfood_backend::router;
use momfood_protocol::error::ErrorCode;
use momfood_protocol::online::{OnlineCall, door};
use serde_json::Value;

fn operations() -> Vec<(String, Value)> {
    let document: Value = serde_json::from_str(&router::document().to_json().unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push((format!("{method} {path}"), operation.clone()));
        }
    }
    found
}

/// Successes of an operation.
fn successes(operation: &Value) -> Vec<&Value> {
    let responses = operation["responses"].as_object().unwrap();
    responses
        .iter()
        // A browser that is led on is answered as well as it can be.
        .filter(|(status, _)| status.starts_with('2') || *status == "303")
        .map(|(_, response)| response)
        .collect()
}

fn has_example(content: &Value) -> bool {
    content.as_object().is_some_and(|kinds| {
        kinds
            .values()
            .all(|kind| kind.get("example").is_some() || kind.get("examples").is_some())
    })
}

#[test]
fn every_operation_says_what_it_does_who_may_how_it_fails_and_what_it_looks_like() {
    let operations = operations();
    assert!(operations.len() > 15, "{}", operations.len());
    let mut faults = Vec::new();
    for (name, operation) in &operations {
        let mut fault = |what: &str| faults.push(format!("{name}: {what}"));
        if operation["summary"].as_str().unwrap_or("").len() < 5 {
            fault("no summary");
        }
        if operation["tags"].as_array().is_none_or(Vec::is_empty) {
            fault("no tag");
        }
        // Nothing but what tells whether the server lives is outside the API's own rules.
        if name.contains("/health/") {
            continue;
        }
        match operation.get("security").and_then(Value::as_array) {
            None => fault("says neither that it is open to everyone nor whom it asks to sign in"),
            Some(security) => {
                let protected = security.iter().any(|one| one.get("bearer").is_some());
                if protected && operation["responses"].get("401").is_none() {
                    fault("asks to sign in and has no 401");
                }
                if operation["description"].as_str().unwrap_or("").is_empty() {
                    fault("does not say who may");
                }
            }
        }
        let failures: Vec<&Value> = operation["responses"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(status, _)| status.starts_with('4') || status.starts_with('5'))
            .map(|(_, response)| response)
            .collect();
        if failures.is_empty() {
            fault("never fails");
        }
        for failure in failures {
            let description = failure["description"].as_str().unwrap_or("");
            let codes: Vec<&str> = description.split('`').skip(1).step_by(2).collect();
            let known = |code: &str| {
                ErrorCode::ALL
                    .iter()
                    .any(|known| serde_json::json!(known) == *code)
            };
            if !codes.iter().any(|code| known(code)) {
                fault(&format!("a failure without a code: {description}"));
            }
        }
        let successes = successes(operation);
        if successes.is_empty() {
            fault("never succeeds");
        }
        // Neither has anything to show.
        let empty = ["204", "303"]
            .iter()
            .any(|status| operation["responses"].get(status).is_some());
        for success in successes.into_iter().filter(|_| !empty) {
            let content = success.get("content").unwrap_or(&Value::Null);
            if !has_example(content) {
                fault("no example of a success");
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn operation_ids_are_unique() {
    let mut ids: Vec<String> = operations()
        .iter()
        .map(|(_, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn every_call_that_is_passed_through_has_its_door_here() {
    let operations = operations();
    // The names of parameters are each side's own.
    let plain = |path: &str| -> String {
        let parts = path
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let ours: Vec<String> = operations.iter().map(|(name, _)| plain(name)).collect();
    let missing: Vec<String> = OnlineCall::NAMES
        .iter()
        .map(|name| {
            let door = door(name).expect("a door for every Call");
            let verb = format!("{:?}", door.verb).to_lowercase();
            (name, plain(&format!("{verb} /api/v1/{}", door.path)))
        })
        .filter(|(_, wanted)| !ours.contains(wanted))
        .map(|(name, wanted)| format!("{name}: {wanted}"))
        .collect();
    assert!(
        missing.is_empty(),
        "calls that lead nowhere:\n{}",
        missing.join("\n")
    );
}

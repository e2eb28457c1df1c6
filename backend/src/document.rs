//! What is true of every operation and is said by none of them: the failures any request may meet. Put into the API's
//! document once, here.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Failures any operation below `/api` may answer.
const ANY: [(&str, &str); 2] = [
    ("429", "`rate_limited` with `details.retryAfter` seconds"),
    ("503", "`try_again`: busy, or about to stop"),
];
/// Failures of operations that take a body.
const WITH_BODY: [(&str, &str); 3] = [
    ("400", "`malformed_json`"),
    ("413", "`body_too_large` with `details.limit` bytes"),
    ("415", "`unsupported_media_type`"),
];

/// Adds what operations have in common; what one says itself stays as it says it.
pub fn finish(document: &mut OpenApi) {
    let paths = document.paths.paths.iter_mut();
    for (_, path) in paths.filter(|(path, _)| path.starts_with("/api/")) {
        operations(path).for_each(complete);
    }
}

fn complete(operation: &mut Operation) {
    let with_body = if operation.request_body.is_some() {
        &WITH_BODY[..]
    } else {
        &[]
    };
    for (status, words) in ANY.iter().chain(with_body) {
        let responses = &mut operation.responses.responses;
        responses
            .entry((*status).to_owned())
            .or_insert_with(|| RefOr::T(failed(words)));
    }
}

fn failed(words: &str) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Failed")))
        .build();
    ResponseBuilder::new()
        .description(words)
        .content("application/json", content)
        .build()
}

/// Every operation of a path.
pub fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut path.get,
        &mut path.put,
        &mut path.post,
        &mut path.patch,
        &mut path.delete,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    #[test]
    fn every_operation_says_what_any_request_may_meet() {
        let document: Value = serde_json::to_value(crate::router::document()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        for (path, item) in paths.iter().filter(|(path, _)| path.starts_with("/api/")) {
            for (method, operation) in item.as_object().unwrap() {
                let said = |status: &str| !operation["responses"][status].is_null();
                assert!(said("429") && said("503"), "{method} {path}");
                let has_body = !operation["requestBody"].is_null();
                assert!(!has_body || said("413") && said("415"), "{method} {path}");
            }
        }
    }

    #[test]
    fn everything_the_document_refers_to_is_in_it() {
        let document: Value = serde_json::to_value(crate::router::document()).unwrap();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(references.len() > 100);
        for reference in references {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn a_parameter_in_the_path_is_one_of_the_path() {
        let document: Value = serde_json::to_value(crate::router::document()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    let named = path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap()));
                    assert_eq!(parameter["in"] == "path", named, "{method} {path} {parameter}");
                }
            }
        }
    }

    fn collect(value: &Value, references: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    references.push(reference.clone());
                }
                fields.values().for_each(|value| collect(value, references));
            }
            Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
            _ => {}
        }
    }
}

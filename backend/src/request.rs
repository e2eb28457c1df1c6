//! Reading requests: bodies, paths, queries and the caller's language. Everything that cannot be read is answered
//! with a code; no handler sees a half-understood request.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use momfood_domain::text::Lang;
use momfood_protocol::error::Success;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, ErrorCode};
use crate::router::BODY_LIMIT;

/// How long a client may take to send a body.
const BODY_WAIT: Duration = Duration::from_secs(20);

/// Levels of lists and objects in a body. The deepest that means something has 10.
const DEEPEST: usize = 32;
/// A body may have one part for each so many bytes of its limit.
const BYTES_OF_A_PART: usize = 8;

/// The language to answer in: the best match for `Accept-Language`; Arabic when nothing we speak is preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language(pub Lang);

impl Language {
    /// Reads it from a request's headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let asked = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        Self(Lang::from_preferences(asked).unwrap_or_default())
    }
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

/// A request body in JSON. Its exact bytes are kept beside it, for whoever compares repeated requests.
pub struct Body<T> {
    /// What the bytes say.
    pub value: T,
    /// The bytes as they came.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = json_bytes(request, state, BODY_LIMIT).await?;
        let value = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
        // PostgreSQL keeps no such text, and nobody means it.
        if has_nul(&bytes) {
            return Err(malformed("U+0000 in a text"));
        }
        Ok(Self { value, bytes })
    }
}

/// The bytes of a body that says it is JSON and looks like an object, at most `limit` of them. The route's own limit is
/// to be the same.
pub async fn json_bytes<S: Send + Sync>(
    request: Request,
    state: &S,
    limit: usize,
) -> Result<Bytes, ApiError> {
    if !is_json(request.headers()) {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType));
    }
    let bytes = some_bytes(request, state, limit).await?;
    // Every body is an object. serde would take a list of its fields' values too.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(malformed("not an object"));
    }
    within_bounds(&bytes, limit / BYTES_OF_A_PART).map_err(malformed)?;
    Ok(bytes)
}

/// The bytes of a body, at most `limit` of them. The route's own limit is to be the same.
pub async fn some_bytes<S: Send + Sync>(
    request: Request,
    state: &S,
    limit: usize,
) -> Result<Bytes, ApiError> {
    // Nothing here unpacks: what is small packed may be anything.
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType));
    }
    // Nobody waits for a body that is refused however it ends.
    if announces_too_much(request.headers(), limit) {
        return Err(too_large(limit));
    }
    in_time(BODY_WAIT, request, state, limit).await
}

/// The bytes of a body whose sender does not take longer than `wait` over it.
async fn in_time<S: Send + Sync>(
    wait: Duration,
    request: Request,
    state: &S,
    limit: usize,
) -> Result<Bytes, ApiError> {
    tokio::time::timeout(wait, Bytes::from_request(request, state))
        .await
        .map_err(|_| ApiError::new(ErrorCode::TryAgain))?
        .map_err(|rejection| unreadable(&rejection, limit))
}

/// Whether this JSON is no deeper and has no more parts (items of lists, fields of objects) than anybody means. One pass
/// that keeps nothing, before anything is made of it: serde stops at 128 levels by itself, but skips what it does not
/// know to any depth, and makes of two bytes a value of thirty.
fn within_bounds(json: &[u8], most: usize) -> Result<(), &'static str> {
    let (mut depth, mut parts, mut quoted, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in json {
        if quoted {
            quoted = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => {
                depth += 1;
                parts += 1;
                if depth > DEEPEST {
                    return Err("nested too deep");
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => parts += 1,
            _ => {}
        }
        if parts > most {
            return Err("too many parts");
        }
    }
    Ok(())
}

/// Whether a text in this JSON has the character U+0000. Unescaped it would be no JSON.
fn has_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let escape = &rest[at + 1..];
        if escape.starts_with(b"u0000") {
            return true;
        }
        rest = escape.get(1..).unwrap_or_default();
    }
    false
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    kind.split(';')
        .next()
        .unwrap_or("")
        .trim()
        .eq_ignore_ascii_case("application/json")
}

fn announces_too_much(headers: &HeaderMap, limit: usize) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    let length: Option<usize> = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.is_some_and(|length| length > limit)
}

fn too_large(limit: usize) -> ApiError {
    ApiError::new(ErrorCode::BodyTooLarge).with("limit", limit)
}

fn unreadable(rejection: &BytesRejection, limit: usize) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large(limit)
    } else {
        ApiError::new(ErrorCode::MalformedJson)
    }
}

/// A body that is no JSON of the right shape.
pub fn malformed(reason: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::MalformedJson).with("reason", reason.into())
}

/// Parameters in the path. What is not an id of ours names nothing: `not_found`.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(ApiError::new(ErrorCode::NotFound)),
        }
    }
}

/// Parameters in the query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(error) => Err(ApiError::new(ErrorCode::InvalidInput).with("reason", error.body_text())),
        }
    }
}

/// Nothing more to say: `data` is `null`.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct Nothing;

/// A success: `{"success":true,"data":…}`.
pub struct Reply<T>(pub T);

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        axum::Json(Success {
            success: true,
            data: self.0,
        })
        .into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &'static str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, http::HeaderValue::from_static(text));
        Language::of(&headers).0
    }

    #[test]
    fn arabic_unless_english_is_preferred() {
        assert_eq!(Language::of(&HeaderMap::new()).0, Lang::Ar);
        assert_eq!(language("fr-FR, de"), Lang::Ar);
        assert_eq!(language("en"), Lang::En);
        assert_eq!(language("en-GB, ar;q=0.7"), Lang::En);
        assert_eq!(language("fr, ar-SA;q=0.9, en;q=0.4"), Lang::Ar);
    }

    #[tokio::test]
    async fn whoever_never_ends_a_body_is_sent_away() {
        let begun = futures::stream::once(async { Ok::<_, std::convert::Infallible>("{") });
        let endless = futures::StreamExt::chain(begun, futures::stream::pending());
        let request = Request::new(axum::body::Body::from_stream(endless));
        let answer = in_time(Duration::from_millis(5), request, &(), BODY_LIMIT).await;
        assert_eq!(answer.unwrap_err().code(), ErrorCode::TryAgain);
    }

    #[test]
    fn depth_and_parts_are_bounded_and_what_stands_in_texts_does_not_count() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(within_bounds(nested(DEEPEST).as_bytes(), 100), Ok(()));
        assert!(within_bounds(nested(DEEPEST + 1).as_bytes(), 100).is_err());
        assert!(within_bounds("[".repeat(100_000).as_bytes(), usize::MAX).is_err());
        assert!(within_bounds(br#"{"a":[0,0,0,0,0]}"#, 5).is_err());
        assert_eq!(within_bounds(br#"{"a":[0,0,0,0,0]}"#, 6), Ok(()));
        let text = format!(r#"{{"a\"[[":"{}\\"}}"#, "[,{".repeat(100));
        assert_eq!(within_bounds(text.as_bytes(), 5), Ok(()));
        assert_eq!(
            within_bounds(&"]".repeat(9).into_bytes(), 5),
            Ok(()),
            "no JSON at all: others say so"
        );
    }

    #[test]
    fn only_an_escaped_nul_is_a_nul() {
        for (json, has) in [
            (r#"{"a":"\u0000"}"#, true),
            (r#"{"a\u0000":1}"#, true),
            (r#"{"a":"\\\u0000"}"#, true),
            (r#"{"a":"\\u0000"}"#, false),
            (r#"{"a":"u0000","b":"\u0001"}"#, false),
            ("", false),
            ("\\", false),
        ] {
            assert_eq!(has_nul(json.as_bytes()), has, "{json}");
        }
    }
}

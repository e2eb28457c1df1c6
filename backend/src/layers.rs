//! What wraps every request: an id, one log line, an answer even to a panic, errors in the caller's language, and the
//! headers that tell browsers what this server's pages may do. Never logs a body, a query string or a token.

use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use tokio::time::Instant;
use tracing::Instrument;

use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::request::Language;

/// The request's id, in logs and in the answer's header.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a page of ours may load and do. `wasm-unsafe-eval` compiles the apps; inline styles are how screens move.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
];

/// Gives the request an id and writes one line about it when its answer begins.
pub async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = app.clock.uuid().simple().to_string();
    let method = request.method().clone();
    // The pattern, never the path: ids of people and orders stay out of logs and of metric labels.
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(files)", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", id, %method, path);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let ms = started.elapsed().as_secs_f64() * 1000.0;
    let code = response
        .extensions()
        .get::<ApiError>()
        .map(|error| tracing::field::debug(error.code()));
    span.in_scope(|| match status {
        500.. => tracing::error!(status, ms, code, "failed"),
        400..=499 => tracing::info!(status, ms, code, "refused"),
        // Reads are many and change nothing.
        _ if method == Method::GET || path == "(files)" => tracing::debug!(status, ms, "answered"),
        _ => tracing::info!(status, ms, "answered"),
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Turns panics into answers, writes errors in the caller's language, adds the security headers.
pub async fn answer(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("(no message)");
            tracing::error!(panic = text, "a handler panicked");
            ApiError::new(ErrorCode::Internal).into_response()
        }
    };
    if let Some(error) = response.extensions().get::<ApiError>().cloned() {
        let headers = std::mem::take(response.headers_mut());
        response = error.written_in(language.0);
        // What the handler set beside the error stays: cookies it clears, a time to come back.
        for (name, value) in &headers {
            if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
                response.headers_mut().append(name, value.clone());
            }
        }
    } else if response.status() == StatusCode::NOT_FOUND {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // Answers of the API are somebody's own unless their door says otherwise.
    if is_json(&response) {
        response
            .headers_mut()
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

fn is_json(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

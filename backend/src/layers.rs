//! What wraps every request: an id, one log line, an answer even to a panic, errors in the caller's language, and the
//! headers that tell browsers what this server's pages may do. Never logs a body, a query string or a token.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use tokio::time::Instant;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tracing::Instrument;

use crate::app::App;
use crate::config::Config;
use crate::error::{ApiError, ErrorCode};
use crate::request::Language;

/// The request's id, in logs and in the answer's header.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What a page of ours may load and do. `wasm-unsafe-eval` compiles the apps; inline styles are how screens move.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'";

/// What an answer of the API may, should a browser ever be made to show it: nothing.
const ANSWER_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// For this long browsers speak to us over HTTPS only, two years.
const HTTPS_ONLY: &str = "max-age=63072000; includeSubDomains";

/// On every answer, unless its door says otherwise.
const HEADERS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
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

/// Which other sites' pages may ask, and how: with a token in `Authorization`, never with cookies, and only those the
/// settings name. `None` when there is none: then nothing is said to any, and browsers keep them out.
pub fn other_sites(config: &Config) -> Option<CorsLayer> {
    let origins = config.allowed_origins.iter();
    let origins: Vec<HeaderValue> = origins
        .filter_map(|origin| HeaderValue::from_str(origin).ok())
        .collect();
    if origins.is_empty() {
        return None;
    }
    let headers = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::ACCEPT_LANGUAGE,
        HeaderName::from_static(momfood_protocol::rest::KEY_HEADER),
        HeaderName::from_static(momfood_protocol::sync::OFFSET_HEADER),
        HeaderName::from_static(momfood_protocol::sync::LENGTH_HEADER),
    ];
    let methods = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ];
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods(methods)
            .allow_headers(headers)
            .expose_headers([REQUEST_ID, header::RETRY_AFTER])
            .max_age(Duration::from_mins(10)),
    )
}

/// Tells browsers to come by HTTPS only, where people reach this server by it.
pub fn https_only(config: &Config) -> Option<SetResponseHeaderLayer<HeaderValue>> {
    let secure = config
        .public_url
        .as_deref()
        .is_some_and(|url| url.starts_with("https://"));
    secure.then(|| {
        SetResponseHeaderLayer::overriding(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static(HTTPS_ONLY),
        )
    })
}

/// Turns panics into answers, writes errors in the caller's language, adds the security headers.
pub async fn answer(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    // Pictures of restaurants are for everybody's pages; all else is for ours.
    let public = request.uri().path().starts_with("/media/");
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
            let of_body = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::RETRY_AFTER];
            if !of_body.contains(name) {
                response.headers_mut().append(name, value.clone());
            }
        }
    } else if response.status() == StatusCode::NOT_FOUND {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let of_api = is_json(&response);
    let mut add = |name: HeaderName, value: &'static str| {
        let entry = response.headers_mut().entry(name);
        entry.or_insert(HeaderValue::from_static(value));
    };
    if of_api {
        // Somebody's own unless their door says otherwise.
        add(header::CACHE_CONTROL, "no-store");
        add(header::CONTENT_SECURITY_POLICY, ANSWER_POLICY);
        add(header::REFERRER_POLICY, "no-referrer");
    } else {
        add(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
        // The address of a page may be a link to somebody's order.
        add(header::REFERRER_POLICY, "same-origin");
    }
    add(
        HeaderName::from_static("cross-origin-resource-policy"),
        if public { "cross-origin" } else { "same-origin" },
    );
    for (name, value) in HEADERS {
        add(name, value);
    }
    response
}

fn is_json(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

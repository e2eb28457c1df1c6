//! `GET /dev/messages`: what would have been sent, for development. Not there unless `dev_messages` is on, and only for
//! callers on this machine who ask it by its own name: behind a proxy, or from another site's page, there is nothing.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, header};
use momfood_domain::time::SECOND;

use super::shown::ShownMessage;
use crate::app::App;
use crate::config::is_this_machine;
use crate::error::{ApiError, ErrorCode};
use crate::request::Reply;

/// The route of this file. It is no part of the API's document.
pub fn routes() -> Router<App> {
    Router::new().route("/dev/messages", get(messages))
}

async fn messages(
    State(app): State<App>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let near = peer.is_some_and(|peer| peer.0.0.ip().to_canonical().is_loopback()) && asks_here(&headers);
    let shown = app.carriers.shown.as_ref().filter(|_| near);
    let messages = shown.ok_or(ApiError::new(ErrorCode::NotFound))?.all();
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("application/json")) {
        return Ok(Reply(messages).into_response());
    }
    let mut page = Html(page(&messages, app.clock.now().0 / SECOND)).into_response();
    page.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    Ok(page)
}

/// Whether the request names this machine, and nobody passed it on.
fn asks_here(headers: &HeaderMap) -> bool {
    let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<http::uri::Authority>().ok());
    host.is_some_and(|host| is_this_machine(host.host()))
        && passed_on.iter().all(|name| !headers.contains_key(*name))
}

fn page(messages: &[ShownMessage], now: i64) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"ar\" dir=\"rtl\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"3\"><title>رسائل · Messages</title><style>\
         body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222;\
         background:#faf8f5}h1{font-size:1.3rem}article{background:#fff;border-radius:12px;padding:.8rem 1rem;\
         margin:.8rem 0;box-shadow:0 1px 3px #0002}header{display:flex;gap:1rem;color:#777;font-size:.85rem}\
         b.code{font:600 1.6rem ui-monospace,monospace;letter-spacing:.15em;direction:ltr;unicode-bidi:isolate}\
         p{white-space:pre-wrap;margin:.4rem 0}bdi{direction:ltr}</style><h1>رسائل لم تُرسل: للتطوير فقط<br>\
         <bdi>Messages that were not sent: for development only</bdi></h1>",
    );
    if messages.is_empty() {
        page.push_str("<p>لا رسائل بعد. <bdi>None yet.</bdi></p>");
    }
    for message in messages {
        let ago = (now - message.at.0 / SECOND).max(0);
        let kind = if message.channel == "sms" { "SMS" } else { "✉" };
        let to = escaped(&message.to);
        // Writing into a string does not fail.
        let _ = write!(
            page,
            "<article><header><span>{kind}</span><bdi>{to}</bdi><span>قبل {ago} ث · {ago} s ago</span></header>"
        );
        if let Some(code) = &message.code {
            let _ = write!(page, "<b class=\"code\">{}</b>", escaped(code));
        }
        if !message.subject.is_empty() {
            let _ = write!(page, "<p dir=\"auto\"><b>{}</b></p>", escaped(&message.subject));
        }
        let _ = write!(page, "<p dir=\"auto\">{}</p></article>", escaped(&message.text));
    }
    page
}

/// A text as a page shows it.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

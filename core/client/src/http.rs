//! Requests to the server: addressed, signed, timed, repeated where that is safe, and their answers unwrapped.
//!
//! A request that must happen once carries a key; whatever is repeated, is repeated with the same key and the same
//! bytes. A session is renewed by one request however many calls wait for it.

use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, LocalBoxFuture, select};
use momfood_domain::time::SECOND;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::reading;
use momfood_protocol::rest::{COOKIE_HEADER, KEY_HEADER, Refresh, Session};
use momfood_protocol::sync::{BlobState, LENGTH_HEADER, OFFSET_HEADER};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::bytes::kind_of;
use crate::core::Core;
use crate::port::{Method, Request, Response};
use crate::session;
use crate::sync::back_off;

/// Milliseconds after which a request is given up.
pub const TIMEOUT_MS: u64 = 15_000;

/// For how long a request that got no answer, or "not now", is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Sent once: it may have happened, and must not happen twice.
    Once,
    /// Reads, which have a stale answer to fall back on.
    Short,
    /// A tap that someone waits for.
    Tap,
}

impl Patience {
    const fn micros(self) -> i64 {
        match self {
            Self::Once => 0,
            Self::Short => 4 * SECOND,
            Self::Tap => 12 * SECOND,
        }
    }
}

/// What to ask of the server.
#[derive(Clone, Debug)]
pub struct Spec {
    /// How.
    pub method: Method,
    /// Below `/api/v1/`, with its query.
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// A part of a file, with where it begins and how long the whole is.
    pub part: Option<(Vec<u8>, u64, u64)>,
    /// A whole file, in place of a body.
    pub file: Option<Vec<u8>>,
    /// Milliseconds after which it is given up.
    pub timeout_ms: u64,
    /// The idempotency key.
    pub key: Option<Uuid>,
    /// For how long to try.
    pub patience: Patience,
    /// Whether it takes a session.
    pub access: Access,
}

/// Who may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone; a session is not told.
    Anyone,
    /// Only someone signed in.
    SignedIn,
    /// A device by its own secret: `{device}:{push key}`.
    Device(String),
}

impl Spec {
    /// Read `path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::Get,
            path: path.into(),
            body: None,
            part: None,
            file: None,
            timeout_ms: TIMEOUT_MS,
            key: None,
            patience: Patience::Short,
            access: Access::SignedIn,
        }
    }

    /// Send `body` to `path`, where doing it twice is no different from once.
    pub fn send(method: Method, path: impl Into<String>, body: &impl Serialize) -> Self {
        // Bodies are plain data: the only failure serde_json knows for them is a map with keys that are no text.
        let body = serde_json::to_value(body).unwrap_or_default().to_string();
        Self {
            method,
            body: Some(body),
            patience: Patience::Tap,
            ..Self::get(path)
        }
    }

    /// The same under this idempotency key.
    pub const fn keyed(mut self, key: Uuid) -> Self {
        self.key = Some(key);
        self
    }

    /// The same, tried for so long.
    pub const fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The same, for these.
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }
}

impl Core {
    /// Asks the server and reads its answer.
    pub async fn server<T: DeserializeOwned>(self: &Rc<Self>, spec: Spec) -> Result<T, Failure> {
        let body = self.request(spec).await?;
        match Self::data_of(&body) {
            Some(data) => reading::read(data).map_err(|_| self.failure(ErrorCode::Protocol)),
            None => Err(self.misread(&body)),
        }
    }

    /// The `data` of a success.
    fn data_of(body: &[u8]) -> Option<Value> {
        let mut answer = serde_json::from_slice::<Value>(body).ok()?;
        answer.get_mut("data").map(Value::take)
    }

    /// Asks the server for as long as the request has patience.
    pub fn request(self: &Rc<Self>, spec: Spec) -> LocalBoxFuture<'static, Result<Vec<u8>, Failure>> {
        let core = Rc::clone(self);
        Box::pin(async move {
            let begun = core.ports.host.now();
            let mut attempt = 0;
            loop {
                let failure = match core.signed(&spec).await {
                    Ok(body) => return Ok(body),
                    Err(failure) => failure,
                };
                attempt += 1;
                let asked = failure
                    .details
                    .get("retryAfter")
                    .and_then(Value::as_i64)
                    .unwrap_or(0);
                let wait = back_off(attempt, core.chance()).max(asked.saturating_mul(SECOND));
                let spent = core.ports.host.now().since(begun);
                // A tap someone waits for is tried to the end; of the rest, what is known to be futile is not.
                let futile = spec.patience == Patience::Short && core.is_offline();
                if !failure.code.is_temporary()
                    || futile
                    || spent.saturating_add(wait) > spec.patience.micros()
                {
                    return Err(failure);
                }
                core.sleep_micros(wait).await;
            }
        })
    }

    /// Sends `spec` in the name of who is signed in, renewing the session when it must be.
    async fn signed(self: &Rc<Self>, spec: &Spec) -> Result<Vec<u8>, Failure> {
        Ok(self.answered(spec).await?.body)
    }

    async fn answered(self: &Rc<Self>, spec: &Spec) -> Result<Response, Failure> {
        let token = self.token(&spec.access).await?;
        let failure = match self.once(spec, token.as_deref()).await {
            Ok(body) => return Ok(body),
            Err(failure) => failure,
        };
        let Some(token) = token else { return Err(failure) };
        self.after_refusal(failure, &token).await?;
        let token = self.token(&spec.access).await?;
        let answer = self.once(spec, token.as_deref()).await;
        if let (Err(failure), Some(token)) = (&answer, &token)
            && is_about_session(failure.code)
        {
            // Renewed a moment ago and refused all the same.
            session::end_if(self, token);
        }
        answer
    }

    /// The access token to send, renewed first when there is none yet.
    async fn token(self: &Rc<Self>, access: &Access) -> Result<Option<String>, Failure> {
        if *access != Access::SignedIn {
            return Ok(None);
        }
        let (token, can_renew) = {
            let state = self.state.borrow();
            (state.session.access.clone(), state.session.can_renew())
        };
        match token {
            Some(token) => Ok(Some(token)),
            None if can_renew => {
                self.renew().await?;
                Ok(self.state.borrow().session.access.clone())
            }
            None => Err(self.failure(ErrorCode::Unauthenticated)),
        }
    }

    /// What to do about `failure` of a request that was sent with `token`: `Ok` when it may be sent again.
    async fn after_refusal(self: &Rc<Self>, failure: Failure, token: &str) -> Result<(), Failure> {
        match failure.code {
            ErrorCode::TokenExpired | ErrorCode::TokenInvalid => {
                let renewed_meanwhile = {
                    let state = self.state.borrow();
                    state.session.access.as_deref().is_some_and(|now| now != token)
                };
                if renewed_meanwhile {
                    Ok(())
                } else {
                    self.renew().await
                }
            }
            ErrorCode::SessionRevoked | ErrorCode::Unauthenticated => {
                session::end_if(self, token);
                Err(failure)
            }
            _ => Err(failure),
        }
    }

    /// Renews the session. However many ask at once, one request is sent; it goes on when nobody waits any more,
    /// since a refresh token works once and its answer must not be lost.
    pub fn renew(self: &Rc<Self>) -> LocalBoxFuture<'static, Result<(), Failure>> {
        let (tell, told) = oneshot::channel();
        let first = {
            let waiting = &mut self.state.borrow_mut().session.renewing;
            let first = waiting.is_none();
            waiting.get_or_insert_default().push(tell);
            first
        };
        if first {
            let core = Rc::clone(self);
            self.ports.host.spawn(Box::pin(async move {
                let result = core.renew_now().await;
                let waiting = core.state.borrow_mut().session.renewing.take();
                for tell in waiting.into_iter().flatten() {
                    // Who no longer waits need not hear.
                    let _ = tell.send(result.clone());
                }
            }));
        }
        let offline = self.failure(ErrorCode::Offline);
        Box::pin(async move { told.await.unwrap_or(Err(offline)) })
    }

    async fn renew_now(self: &Rc<Self>) -> Result<(), Failure> {
        let (refresh_token, generation) = {
            let state = self.state.borrow();
            (state.session.refresh.clone(), state.session.generation)
        };
        let spec =
            Spec::send(Method::Post, "auth/refresh", &Refresh { refresh_token }).access(Access::Anyone);
        let answer = self.server::<Session>(spec.patience(Patience::Short)).await;
        if self.state.borrow().session.generation != generation {
            // Someone signed in or out meanwhile: this answer is about nobody.
            return Err(self.failure(ErrorCode::Unauthenticated));
        }
        match answer {
            Ok(renewed) => {
                session::renewed(self, renewed);
                Ok(())
            }
            Err(failure) => {
                if is_about_session(failure.code) || failure.code == ErrorCode::RoleNotHeld {
                    session::end(self);
                }
                Err(failure)
            }
        }
    }

    /// Sends once and reads the envelope of a refusal.
    async fn once(&self, spec: &Spec, token: Option<&str>) -> Result<Response, Failure> {
        let request = self.address(spec, token);
        let sent = self.ports.net.send(request);
        let late = self.ports.host.sleep(spec.timeout_ms);
        let answer = match select(sent, late).await {
            Either::Left((answer, _)) => answer.ok(),
            Either::Right(_) => None,
        };
        match answer {
            None => Err(self.failure(ErrorCode::Offline)),
            Some(response) if (200..=299).contains(&response.status) => Ok(response),
            // An answer to this has no body to say so.
            Some(Response { status: 404, .. }) if spec.method == Method::Head => {
                Err(self.failure(ErrorCode::NotFound))
            }
            Some(Response { status, body, .. }) => Err(self.refusal(status, &body)),
        }
    }

    /// `spec` as it is sent.
    pub fn address(&self, spec: &Spec, token: Option<&str>) -> Request {
        let mut headers = vec![("accept-language", self.lang().tag().to_owned())];
        if spec.body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        if let Some(token) = token {
            headers.push(("authorization", ["Bearer ", token].concat()));
        } else if let Access::Device(key) = &spec.access {
            headers.push(("authorization", ["Device ", key].concat()));
        }
        if let Some((_, offset, length)) = &spec.part {
            headers.push(("content-type", "application/octet-stream".to_owned()));
            headers.push((OFFSET_HEADER, offset.to_string()));
            headers.push((LENGTH_HEADER, length.to_string()));
        }
        if let Some(file) = &spec.file {
            let kind = kind_of(file).unwrap_or("application/octet-stream");
            headers.push(("content-type", kind.to_owned()));
        }
        if let Some(key) = spec.key {
            headers.push((KEY_HEADER, key.to_string()));
        }
        if self.config.cookie_mode && spec.path.starts_with("auth/") {
            headers.push((COOKIE_HEADER, self.config.app.kind().id().to_owned()));
        }
        Request {
            method: spec.method,
            url: [&self.config.base_url, "/api/v1/", &spec.path].concat(),
            headers,
            body: spec.body.clone(),
            bytes: spec
                .part
                .as_ref()
                .map(|(bytes, ..)| bytes)
                .or(spec.file.as_ref())
                .cloned(),
        }
    }

    /// What a refusal with `status` and `body` means.
    pub fn refusal(&self, status: u16, body: &[u8]) -> Failure {
        let error = serde_json::from_slice::<Value>(body).ok();
        let error = error.and_then(|mut body| body.get_mut("error").map(Value::take));
        if let Some(failure) = error.and_then(|error| reading::read::<Failure>(error).ok()) {
            return failure;
        }
        let code = match status {
            401 => ErrorCode::Unauthenticated,
            // Something on the way answered: a proxy whose server is gone, or overrun.
            408 | 425 | 429 | 500..=599 => ErrorCode::TryAgain,
            _ => ErrorCode::Protocol,
        };
        self.failure(code)
    }

    /// What a success that cannot be read means: a page of someone in between, or another version.
    fn misread(&self, body: &[u8]) -> Failure {
        let is_json = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        self.failure(if is_json {
            ErrorCode::Protocol
        } else {
            ErrorCode::Offline
        })
    }

    /// Asks about a file, or sends a part of one.
    pub async fn file(self: &Rc<Self>, spec: &Spec) -> Result<BlobState, Failure> {
        let Response { upload, body, .. } = self.answered(spec).await?;
        let told = Self::data_of(&body).and_then(|data| reading::read(data).ok());
        told.or(upload).ok_or_else(|| self.misread(&body))
    }

    /// The request of the live stream of `device`, with the token it is sent with.
    pub async fn stream_request(self: &Rc<Self>, device: Uuid) -> Result<(Request, String), Failure> {
        let token = self
            .token(&Access::SignedIn)
            .await?
            .ok_or_else(|| self.failure(ErrorCode::Unauthenticated))?;
        let mut request = self.address(&Spec::get(format!("sync/stream?device={device}")), Some(&token));
        request.headers.push(("accept", "text/event-stream".to_owned()));
        Ok((request, token))
    }

    /// Whether a stream refused so may be opened again at once.
    pub async fn after_stream_refusal(self: &Rc<Self>, status: u16, body: &[u8], token: &str) -> bool {
        let failure = self.refusal(status, body);
        self.after_refusal(failure, token).await.is_ok()
    }
}

/// Whether `code` says that the session is no good.
const fn is_about_session(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Unauthenticated
            | ErrorCode::TokenExpired
            | ErrorCode::TokenInvalid
            | ErrorCode::SessionRevoked
            | ErrorCode::InvalidCredentials
    )
}

/// `text` as it may stand in a query.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                for nibble in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
                }
            }
        }
    }
    out
}

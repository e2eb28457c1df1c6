//! What travels between a device and the server, and how an answer is read: what `momfood_client::http` does, without
//! sockets.

use http::StatusCode;
use momfood_client::sync::Answer;
use momfood_domain::text::Lang;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::{Scope, StreamEvent};
use momfood_protocol::reading;
use momfood_protocol::sync::{BlobState, LENGTH_HEADER, OFFSET_HEADER, Presence, SyncRequest};
use serde_json::Value;
use uuid::Uuid;

use crate::server::{Ask, Sent, Shown, Told};

/// What a device asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// `POST /sync`.
    Sync(SyncRequest),
    /// `GET /scopes/{scope}/snapshot`.
    Snapshot(Scope, Uuid),
    /// `HEAD /blobs/{sha256}`.
    HasBlob(String),
    /// `PUT /blobs/{sha256}`.
    PutBlob {
        /// Its name.
        sha256: String,
        /// From where on.
        offset: u64,
        /// How long the whole is.
        length: u64,
        /// The part.
        bytes: Vec<u8>,
    },
    /// `POST /presence`.
    Presence(Presence),
}

impl Question {
    /// As it is put to the server.
    pub fn ask(&self, shown: Shown) -> Ask {
        use http::Method;
        let json = |value: Result<String, _>| Sent::Json(value.unwrap_or_default());
        let (method, path, body, headers) = match self {
            Self::Sync(request) => (
                Method::POST,
                "/api/v1/sync".to_owned(),
                json(serde_json::to_string(request)),
                vec![],
            ),
            Self::Snapshot(scope, device) => (
                Method::GET,
                format!("/api/v1/scopes/{scope}/snapshot?device={device}"),
                Sent::Nothing,
                vec![],
            ),
            Self::HasBlob(sha256) => (
                Method::HEAD,
                format!("/api/v1/blobs/{sha256}"),
                Sent::Nothing,
                vec![],
            ),
            Self::PutBlob {
                sha256,
                offset,
                length,
                bytes,
            } => (
                Method::PUT,
                format!("/api/v1/blobs/{sha256}"),
                Sent::Bytes(bytes.clone()),
                vec![
                    (OFFSET_HEADER.to_owned(), offset.to_string()),
                    (LENGTH_HEADER.to_owned(), length.to_string()),
                ],
            ),
            Self::Presence(presence) => (
                Method::POST,
                "/api/v1/presence".to_owned(),
                json(serde_json::to_string(presence)),
                vec![],
            ),
        };
        Ask {
            method,
            path,
            shown,
            key: None,
            body,
            headers,
        }
    }

    /// What the server said to it.
    pub fn read(&self, told: &Told) -> Result<Answer, Failure> {
        if !told.status.is_success() {
            return Err(failure(told));
        }
        let data = || told.body.get("data").cloned().unwrap_or_default();
        let unreadable = |_| Failure::new(ErrorCode::Protocol, Lang::En);
        match self {
            Self::Sync(_) => reading::read(data()).map(Answer::Sync).map_err(unreadable),
            Self::Snapshot(..) => reading::read(data()).map(Answer::Snapshot).map_err(unreadable),
            Self::Presence(_) => Ok(Answer::Noted),
            Self::HasBlob(_) | Self::PutBlob { .. } => blob(told).map(Answer::Blob),
        }
    }
}

fn blob(told: &Told) -> Result<BlobState, Failure> {
    if let Some(data) = told.body.get("data")
        && let Ok(state) = reading::read(data.clone())
    {
        return Ok(state);
    }
    let number = |name: &str| told.headers.get(name).and_then(|text| text.parse::<u64>().ok());
    let (Some(offset), Some(length)) = (number(OFFSET_HEADER), number(LENGTH_HEADER)) else {
        return Err(Failure::new(ErrorCode::Protocol, Lang::En));
    };
    Ok(BlobState {
        offset,
        length,
        complete: told.status == StatusCode::OK && offset == length,
    })
}

/// Why the server refused.
pub fn failure(told: &Told) -> Failure {
    let code = told.code.unwrap_or(ErrorCode::Internal);
    let details = told
        .body
        .get("error")
        .and_then(|error| error.get("details"))
        .cloned()
        .unwrap_or(Value::Null);
    Failure::new(code, Lang::En).with(details)
}

/// No answer.
pub fn offline() -> Failure {
    Failure::new(ErrorCode::Offline, Lang::En)
}

/// What a stream said: each event with the `lastMid` its frame carried; `None` is a comment, or something newer.
pub fn events(bytes: &[u8]) -> Vec<(Option<StreamEvent>, Option<i64>)> {
    let text = String::from_utf8_lossy(bytes);
    let frames = text.split("\n\n").filter(|frame| !frame.trim().is_empty());
    frames
        .map(|frame| {
            let (mut data, mut id) = (String::new(), None);
            for line in frame.lines() {
                if let Some(rest) = line.strip_prefix("data:") {
                    data.push_str(rest.trim_start());
                } else if let Some(rest) = line.strip_prefix("id:") {
                    id = rest.trim().parse().ok();
                }
            }
            let value: Value = serde_json::from_str(&data).unwrap_or_default();
            (reading::read(value).ok(), id)
        })
        .collect()
}

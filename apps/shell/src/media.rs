//! Pictures: `media://localhost/<path>` is the server's `/media/<path>`, with a copy kept on the device, so that a menu
//! has its pictures without a network.
//!
//! It must never hand out anything but a picture, and nothing from outside its own folder.

mod shelf;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use momfood_client::net::native::{NativeNet, NoNet};
use percent_encoding::percent_decode_str;
use tauri::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use tauri::http::{Method, Request, Response, StatusCode};

use crate::home::Home;
use shelf::Shelf;

/// The scheme's name.
pub const SCHEME: &str = "media";
/// Bytes of copies on the device.
const ROOM: u64 = 60_000_000;
/// Bytes of one picture.
const LARGEST: usize = 8_000_000;
/// For so long a copy is as good as the server's.
const FRESH: Duration = Duration::from_hours(24);
/// How long a picture may take to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a picture may be, by the end of its name.
const KINDS: [(&str, &str); 7] = [
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("gif", "image/gif"),
];

/// The pictures of one server.
#[derive(Clone)]
pub struct Pictures {
    server: Arc<str>,
    client: reqwest::Client,
    shelf: Arc<Shelf>,
}

/// A picture's name, checked: `dishes/kabsa.svg`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    path: String,
    kind: &'static str,
}

impl Name {
    /// Of the path of a request; none for what is no picture or leaves the folder.
    fn of(path: &str) -> Option<Self> {
        let path = percent_decode_str(path.strip_prefix('/')?).decode_utf8().ok()?;
        let sound = |part: &str| {
            !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '%', '?', '#'])
        };
        if path.chars().any(char::is_control) || !path.split('/').all(sound) {
            return None;
        }
        let (_, end) = path.rsplit_once('.')?;
        let kind = KINDS.iter().find(|(known, _)| end.eq_ignore_ascii_case(known))?.1;
        Some(Self {
            path: path.into_owned(),
            kind,
        })
    }

    /// As a part of an address.
    fn encoded(&self) -> String {
        use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
        const PATH: &AsciiSet = &CONTROLS
            .add(b' ')
            .add(b'"')
            .add(b'<')
            .add(b'>')
            .add(b'`')
            .add(b'{')
            .add(b'}');
        utf8_percent_encode(&self.path, PATH).to_string()
    }
}

/// What came of asking the server.
enum Came {
    Picture(Vec<u8>),
    /// There is none, or none that may be shown.
    None,
    /// No answer, or not now.
    NoAnswer,
}

impl Pictures {
    /// Of the home's server, with copies in the home's folder.
    pub fn of(home: &Home) -> Result<Self, NoNet> {
        // Chooses the process's TLS, if nobody has yet.
        NativeNet::new()?;
        let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build()?;
        Ok(Self {
            server: home.server.as_str().into(),
            client,
            shelf: Arc::new(Shelf::in_folder(home.folder.join("pictures"), ROOM)),
        })
    }

    /// Answers a page.
    pub async fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        if request.method() != Method::GET {
            return Self::refusal(StatusCode::METHOD_NOT_ALLOWED);
        }
        let Some(name) = Name::of(request.uri().path()) else {
            return Self::refusal(StatusCode::NOT_FOUND);
        };
        match self.picture(&name).await {
            Came::Picture(bytes) => shown(&name, bytes),
            Came::None => Self::refusal(StatusCode::NOT_FOUND),
            Came::NoAnswer => Self::refusal(StatusCode::GATEWAY_TIMEOUT),
        }
    }

    async fn picture(&self, name: &Name) -> Came {
        #[expect(
            clippy::disallowed_methods,
            reason = "the age of a copy; nothing depends on it but when it is asked for again"
        )]
        let now = SystemTime::now();
        let key = [&*self.server, "/", &name.path].concat();
        if let Some(copy) = self.shelf.take(&key, now) {
            if now.duration_since(copy.since).is_ok_and(|age| age > FRESH) {
                let (pictures, name) = (self.clone(), name.clone());
                tauri::async_runtime::spawn(async move {
                    if let Came::Picture(bytes) = pictures.fetch(&name).await {
                        pictures.shelf.put(&key, &bytes, now);
                    }
                });
            }
            return Came::Picture(copy.bytes);
        }
        let came = self.fetch(name).await;
        if let Came::Picture(bytes) = &came {
            self.shelf.put(&key, bytes, now);
        }
        came
    }

    async fn fetch(&self, name: &Name) -> Came {
        let address = format!("{}/media/{}", self.server, name.encoded());
        let Ok(mut response) = self.client.get(address).send().await else {
            return Came::NoAnswer;
        };
        match response.status().as_u16() {
            200 => {}
            400..=499 => return Came::None,
            _ => return Came::NoAnswer,
        }
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(piece)) if bytes.len() + piece.len() <= LARGEST => bytes.extend_from_slice(&piece),
                Ok(Some(_)) => return Came::None,
                Ok(None) => return Came::Picture(bytes),
                Err(_) => return Came::NoAnswer,
            }
        }
    }

    /// An answer without a picture.
    pub(crate) fn refusal(status: StatusCode) -> Response<Vec<u8>> {
        let mut response = Response::new(Vec::new());
        *response.status_mut() = status;
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response
                .headers_mut()
                .insert(ALLOW, tauri::http::HeaderValue::from_static("GET"));
        }
        response
    }
}

fn shown(name: &Name, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let response = Response::builder()
        .header(CONTENT_TYPE, name.kind)
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(CACHE_CONTROL, "max-age=3600")
        // A drawing may carry scripts: they shall not run, should anyone open it as a page.
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .body(bytes);
    response.unwrap_or_else(|_| Pictures::refusal(StatusCode::INTERNAL_SERVER_ERROR))
}

#[cfg(test)]
mod tests;

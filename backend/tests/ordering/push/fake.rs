//! A push service made up: Apple's and Google's doors on one socket. It notes what it hears, answers what it is told to,
//! and holds a request where a test wants it held.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, Uri, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use momfood_backend::clock::Clock;
use momfood_backend::notify::{Account, Apns, ApnsKey, Fcm, Services};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// The customer's app.
pub const TOPIC: &str = "sa.momfood.customer";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Heard {
    pub method: String,
    pub path: String,
    pub http2: bool,
    headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

struct Script {
    /// Only for paths that end so.
    path: String,
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Value,
}

#[derive(Default)]
struct Inside {
    heard: Mutex<Vec<Heard>>,
    scripts: Mutex<VecDeque<Script>>,
    gate: Mutex<Option<Gate>>,
    granted: Mutex<u32>,
}

/// Holds the next request.
#[derive(Clone, Default)]
pub struct Gate {
    reached: Arc<Notify>,
    open: Arc<Notify>,
}

impl Gate {
    /// When the request is there.
    pub async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets it be answered.
    pub fn open(&self) {
        self.open.notify_one();
    }
}

/// The service.
pub struct Fake {
    pub url: String,
    inside: Arc<Inside>,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let inside = Arc::<Inside>::default();
        let router = axum::Router::new().fallback(hear).with_state(Arc::clone(&inside));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let service = TowerToHyperService::new(router.clone());
                tokio::spawn(async move {
                    let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                    // Ends when the client does.
                    let _ = server.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { url, inside }
    }

    /// Both services, as a server with keys for them has them.
    pub fn services(&self, clock: &Clock) -> Services {
        let key = ApnsKey {
            pem: include_bytes!("apns.p8").to_vec(),
            id: "KEY1234567".into(),
            team: "TEAM123456".into(),
            topic: TOPIC.into(),
        };
        let account = Account {
            project_id: "momfood-test".into(),
            client_email: "push@momfood-test.example".into(),
            private_key: include_str!("fcm.pem").into(),
            token_uri: format!("{}/token", self.url),
        };
        Services {
            apns: Some(Arc::new(Apns::new(key, &self.url, clock.clone()).unwrap())),
            fcm: Some(Arc::new(Fcm::new(account, &self.url, clock.clone()).unwrap())),
        }
    }

    pub fn heard(&self) -> Vec<Heard> {
        self.inside.heard.lock().unwrap().clone()
    }

    /// Answers the next message so.
    pub fn answer(&self, status: u16, headers: &[(&'static str, &'static str)], body: Value) {
        self.answer_to("", status, headers, body);
    }

    /// Answers the next message to a path that ends so.
    pub fn answer_to(&self, path: &str, status: u16, headers: &[(&'static str, &'static str)], body: Value) {
        self.inside.scripts.lock().unwrap().push_back(Script {
            path: path.to_owned(),
            status,
            headers: headers.to_vec(),
            body,
        });
    }

    /// Holds the next message after it was heard.
    pub fn hold(&self) -> Gate {
        let gate = Gate::default();
        *self.inside.gate.lock().unwrap() = Some(gate.clone());
        gate
    }
}

async fn hear(
    State(inside): State<Arc<Inside>>,
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let text = String::from_utf8(body.to_vec()).unwrap();
    inside.heard.lock().unwrap().push(Heard {
        method: method.to_string(),
        path: path.clone(),
        http2: version == Version::HTTP_2,
        headers,
        body: serde_json::from_str(&text).unwrap_or_default(),
        text,
    });
    if path == "/token" {
        let mut granted = inside.granted.lock().unwrap();
        *granted += 1;
        let token = format!("access-{granted}");
        return axum::Json(json!({ "access_token": token, "expires_in": 3_600, "token_type": "Bearer" }))
            .into_response();
    }
    let gate = inside.gate.lock().unwrap().take();
    if let Some(gate) = gate {
        gate.reached.notify_one();
        gate.open.notified().await;
    }
    let script = {
        let mut scripts = inside.scripts.lock().unwrap();
        let at = scripts.iter().position(|script| path.ends_with(&script.path));
        at.and_then(|at| scripts.remove(at))
    };
    let Some(script) = script else {
        return axum::Json(json!({ "name": "sent" })).into_response();
    };
    let mut response = axum::Json(script.body).into_response();
    *response.status_mut() = StatusCode::from_u16(script.status).unwrap();
    for (name, value) in script.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

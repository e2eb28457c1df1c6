//! Outside a browser: reqwest with rustls and `ring`, tokio's timers and tasks, and an engine on a thread of its own.
//!
//! [`NativeNet`] and [`NativeHost`] serve an engine on a current-thread runtime with a `LocalSet`. [`Handle`] is for
//! everyone else: it may be sent anywhere, and speaks to an engine it keeps on its own thread.

use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::StreamExt as _;
use futures::channel::{mpsc, oneshot};
use momfood_domain::text::Lang;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{AnyReply, BlobRef, Call, Event};
use momfood_protocol::error::{ErrorCode, Failure};
use serde_json::Value;

use crate::engine::{Engine, EngineConfig};
use crate::net::memory::MemoryKeep;
use crate::port::{
    Attached, Host, Keep, LocalBoxFuture, Method, Net, NetError, Opened, Ports, Request, Response, upload_of,
};
use crate::store::{Place, Store, StoreError};

/// How long a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(10);

/// What its owner calls this machine's system: shown to them in the list of where they are signed in.
const fn system() -> &'static str {
    if cfg!(target_os = "android") {
        "Android"
    } else if cfg!(target_os = "ios") {
        "iOS"
    } else if cfg!(target_os = "macos") {
        "macOS"
    } else if cfg!(target_os = "windows") {
        "Windows"
    } else {
        "Linux"
    }
}

/// Requests by reqwest. Clones share their connections; many engines may share one.
#[derive(Clone, Debug)]
pub struct NativeNet {
    client: reqwest::Client,
}

/// The TLS of this machine cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("no network client can be made here")]
pub struct NoNet(#[from] reqwest::Error);

impl NativeNet {
    /// A client with its own pool of connections.
    pub fn new() -> Result<Self, NoNet> {
        static PROVIDER: OnceLock<()> = OnceLock::new();
        PROVIDER.get_or_init(|| {
            // Fails only when the program has chosen one already, which is as good.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECTING)
            .user_agent(format!("MomFood/{} ({})", env!("CARGO_PKG_VERSION"), system()))
            .no_proxy();
        // The system's own verifier can only be asked through Java, by whoever came with a window; a service comes without.
        #[cfg(target_os = "android")]
        let client = client.tls_certs_only(
            webpki_root_certs::TLS_SERVER_ROOT_CERTS
                .iter()
                .filter_map(|root| reqwest::Certificate::from_der(root).ok()),
        );
        let client = client.build()?;
        Ok(Self { client })
    }

    fn request(&self, request: Request) -> reqwest::RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
            Method::Head => reqwest::Method::HEAD,
        };
        let mut builder = self.client.request(method, request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        match (request.body, request.bytes) {
            (Some(body), _) => builder.body(body),
            (None, Some(bytes)) => builder.body(bytes),
            (None, None) => builder,
        }
    }
}

impl Net for NativeNet {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, NetError>> {
        let sent = self.request(request).send();
        Box::pin(async move {
            let response = sent.await.map_err(|_| NetError)?;
            let status = response.status().as_u16();
            let upload = upload_of(|name| Some(response.headers().get(name)?.to_str().ok()?.to_owned()));
            let body = response.bytes().await.map_err(|_| NetError)?;
            Ok(Response {
                status,
                upload,
                body: body.to_vec(),
            })
        })
    }

    fn open(&self, request: Request) -> LocalBoxFuture<'static, Result<Opened, NetError>> {
        let sent = self.request(request).send();
        Box::pin(async move {
            let response = sent.await.map_err(|_| NetError)?;
            let status = response.status().as_u16();
            let body = response
                .bytes_stream()
                .map(|piece| piece.map(|bytes| bytes.to_vec()).map_err(|_| NetError));
            Ok(Opened {
                status,
                body: body.boxed_local(),
            })
        })
    }
}

/// The machine's clock and chance, tokio's timers and tasks. Tasks need a `LocalSet`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeHost;

impl Host for NativeHost {
    #[expect(clippy::disallowed_methods, reason = "the one clock of a native engine")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
    }

    fn sleep(&self, millis: u64) -> LocalBoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(millis)))
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        tokio::task::spawn_local(task);
    }

    fn random(&self) -> u128 {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // Without the system's chance the clock is what there is: ids stay apart, if not secret.
            bytes = self
                .now()
                .0
                .unsigned_abs()
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .to_le_bytes()
                .repeat(2)
                .try_into()
                .unwrap_or([0; 16]);
        }
        u128::from_le_bytes(bytes)
    }
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Another engine has the files open. Two of them would hand in everything twice and end each other's session.
    #[error("another engine has the files open")]
    InUse,
    /// This machine gives no thread or no network.
    #[error("this machine cannot run an engine: {0}")]
    Machine(#[from] std::io::Error),
}

/// Ports of this machine that keep nothing: for tests, simulated people and benches.
pub fn fleeting_ports(net: NativeNet) -> Ports {
    Ports {
        net: Rc::new(net),
        keep: Rc::new(MemoryKeep::default()),
        host: Rc::new(NativeHost),
    }
}

enum Word {
    Call(String, Value, oneshot::Sender<AnyReply>),
    Blob(Vec<u8>, oneshot::Sender<Result<BlobRef, Failure>>),
    Subscribe(mpsc::UnboundedSender<Event>),
    Attach(Attached),
    Tell(Event),
    Wake,
    Lost,
}

/// An engine on its own thread. Clones speak to the same engine; it ends with the last of them.
#[derive(Clone)]
pub struct Handle {
    words: Arc<mpsc::UnboundedSender<Word>>,
}

impl Handle {
    /// Starts an engine on a thread of its own, with what `keep` makes there, over what is kept where `place` says. Waits
    /// until the files are open, not for what is kept.
    pub fn start(
        config: EngineConfig,
        place: impl FnOnce() -> Place + Send + 'static,
        keep: impl FnOnce() -> Rc<dyn Keep> + Send + 'static,
    ) -> Result<Self, NotStarted> {
        let (words, mut heard) = mpsc::unbounded();
        let (tell, opened) = std::sync::mpsc::sync_channel(1);
        let net = NativeNet::new().map_err(std::io::Error::other)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        std::thread::Builder::new()
            .name("momfood-engine".to_owned())
            .spawn(move || {
                let local = tokio::task::LocalSet::new();
                local.block_on(&runtime, async move {
                    let app = config.app.kind().id();
                    let store = match Store::open(place(), app) {
                        // Without files nothing outlives the engine, and it says so.
                        Err(error) if error != StoreError::InUse => Store::open(Place::Memory, app),
                        opened => opened,
                    };
                    let store = match store {
                        Ok(store) => store,
                        Err(error) => {
                            let _ = tell.send(Err(match error {
                                StoreError::InUse => NotStarted::InUse,
                                error => NotStarted::Machine(std::io::Error::other(error)),
                            }));
                            return;
                        }
                    };
                    let _ = tell.send(Ok(()));
                    let ports = Ports {
                        net: Rc::new(net),
                        keep: keep(),
                        host: Rc::new(NativeHost),
                    };
                    let engine = Engine::new(ports, store, config);
                    while let Some(word) = heard.next().await {
                        match word {
                            Word::Wake => engine.wake(),
                            Word::Lost => engine.lose_network(),
                            Word::Attach(attached) => engine.attach(attached),
                            Word::Tell(event) => engine.tell(&event),
                            Word::Blob(bytes, tell) => {
                                // Who no longer waits need not hear.
                                let _ = tell.send(engine.put_blob(&bytes));
                            }
                            Word::Call(name, args, tell) => {
                                let reply = engine.call(&name, args);
                                tokio::task::spawn_local(async move {
                                    // Who no longer waits need not hear.
                                    let _ = tell.send(reply.await);
                                });
                            }
                            Word::Subscribe(tell) => {
                                let mut events = engine.subscribe();
                                tokio::task::spawn_local(async move {
                                    while let Some(event) = events.next().await {
                                        if tell.unbounded_send(event).is_err() {
                                            return;
                                        }
                                    }
                                });
                            }
                        }
                    }
                });
            })?;
        // A thread that says nothing is gone.
        let gone = |_| NotStarted::Machine(std::io::Error::other("the engine's thread is gone"));
        opened.recv().map_err(gone)??;
        Ok(Self {
            words: Arc::new(words),
        })
    }

    /// Answers the Call of that name.
    pub async fn call(&self, name: &str, args: Value) -> AnyReply {
        let (tell, told) = oneshot::channel();
        // A word that cannot be said is heard as no answer.
        let _ = self.words.unbounded_send(Word::Call(name.to_owned(), args, tell));
        told.await
            .unwrap_or_else(|_| AnyReply::Err(Failure::new(ErrorCode::Internal, Lang::default())))
    }

    /// Answers a Call with its Reply.
    pub async fn ask<C: Call>(&self, call: C) -> Result<C::Reply, Failure> {
        let protocol = |_| Failure::new(ErrorCode::Protocol, Lang::default());
        let args = serde_json::to_value(&call).map_err(protocol)?;
        match self.call(C::NAME, args).await {
            AnyReply::Ok(value) => serde_json::from_value(value).map_err(protocol),
            AnyReply::Err(failure) => Err(failure),
        }
    }

    /// Keeps bytes, and names them: see [`Engine::put_blob`].
    pub async fn put_blob(&self, bytes: Vec<u8>) -> Result<BlobRef, Failure> {
        let (tell, told) = oneshot::channel();
        let _ = self.words.unbounded_send(Word::Blob(bytes, tell));
        told.await
            .unwrap_or_else(|_| Err(Failure::new(ErrorCode::Internal, Lang::default())))
    }

    /// Every Event from now on.
    pub fn subscribe(&self) -> mpsc::UnboundedReceiver<Event> {
        let (tell, told) = mpsc::unbounded();
        let _ = self.words.unbounded_send(Word::Subscribe(tell));
        told
    }

    /// See [`Engine::attach`].
    pub fn attach(&self, attached: Attached) {
        let _ = self.words.unbounded_send(Word::Attach(attached));
    }

    /// See [`Engine::tell`].
    pub fn tell(&self, event: Event) {
        let _ = self.words.unbounded_send(Word::Tell(event));
    }

    /// The device came back.
    pub fn wake(&self) {
        let _ = self.words.unbounded_send(Word::Wake);
    }

    /// The device says that its network is gone.
    pub fn lose_network(&self) {
        let _ = self.words.unbounded_send(Word::Lost);
    }
}

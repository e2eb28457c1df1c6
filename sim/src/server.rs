//! The server of a run: the real doors over a real SQLite file on one connection, under a clock that is turned by hand.
//! It can die before a commit, and come back with an older copy of its file. It never learns that it is simulated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::body::{Body, Bytes};
use futures::future::{Either, select};
use futures::{Stream, StreamExt as _};
use http::{Method, Request, StatusCode, header};
use momfood_backend::app::App;
use momfood_backend::clock::Clock;
use momfood_backend::config::Config;
use momfood_backend::error::ApiError;
use momfood_backend::identity::entry::{FirstFactor, How, Origin};
use momfood_backend::identity::session::{self, Wish};
use momfood_backend::identity::{self, AccessToken, Bearer, Renewal};
use momfood_backend::keys::Keys;
use momfood_backend::limits::Budgets;
use momfood_backend::store::{Db, Doom, StoreError, Tx, sql};
use momfood_backend::{catalog, delivery, layers, ordering, sync, tracking, worker};
use momfood_domain::id::SessionId;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_protocol::error::ErrorCode;
use serde_json::Value;

use crate::town::{self, Person};

/// How a caller shows who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Signed in.
    As(Person),
    /// Whatever the header says.
    Header(String),
    /// Nothing.
    Nothing,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `GET`, `POST`, …
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Who asks.
    pub shown: Shown,
    /// Under which key, if it names one.
    pub key: Option<uuid::Uuid>,
    /// The body, JSON or bytes.
    pub body: Sent,
    /// Other headers.
    pub headers: Vec<(String, String)>,
}

/// A body.
#[derive(Clone, Debug)]
pub enum Sent {
    /// None.
    Nothing,
    /// JSON.
    Json(String),
    /// Anything else.
    Bytes(Vec<u8>),
}

/// What the server says to a request.
#[derive(Clone, Debug)]
pub struct Told {
    /// HTTP status.
    pub status: StatusCode,
    /// The refusal, if it is one.
    pub code: Option<ErrorCode>,
    /// The whole body.
    pub body: Value,
    /// Headers of the answer.
    pub headers: BTreeMap<String, String>,
}

/// What a stream brought.
#[derive(Clone, Debug)]
pub enum Heard {
    /// The next bytes.
    Bytes(Bytes),
    /// It ended.
    End,
}

type Line = Pin<Box<dyn Stream<Item = Result<Bytes, axum::Error>> + Send>>;

/// Everything of the server that is the same in all runs of a thread.
#[derive(Clone)]
pub struct Works {
    routes: Router<App>,
    keys: Arc<dyn Fn() -> Option<Keys> + Send + Sync>,
    template: PathBuf,
}

impl Works {
    /// The doors a device uses, over copies of the town's file `template`.
    pub fn over(template: PathBuf) -> Self {
        let (routes, _document) = sync::routes()
            .merge(ordering::routes())
            .merge(delivery::doors::routes())
            .merge(tracking::doors::routes())
            .merge(catalog::doors::routes())
            .split_for_parts();
        Self {
            routes: routes.layer(axum::middleware::from_fn(layers::answer)),
            keys: Arc::new(|| Keys::from_seed(&[7; 32])),
            template,
        }
    }
}

/// See the module.
pub struct Server {
    works: Works,
    folder: PathBuf,
    running: Running,
    clock: Clock,
    copies: Vec<(Timestamp, PathBuf)>,
    sessions: BTreeMap<&'static str, SessionId>,
    tokens: BTreeMap<&'static str, AccessToken>,
    lines: BTreeMap<u64, Line>,
}

struct Running {
    app: App,
    router: Router,
    doom: Doom,
}

impl Server {
    /// Opens for the first time, with a fresh copy of the town in `folder`.
    pub async fn open(works: Works, folder: &Path, clock: Clock) -> Result<Self> {
        std::fs::copy(&works.template, folder.join("server.db")).context("a copy of the town")?;
        let running = start(&works, folder, &clock).await?;
        let sessions = town::PEOPLE.iter().map(|person| (person.name, person.session()));
        Ok(Self {
            works,
            folder: folder.to_owned(),
            running,
            clock,
            copies: Vec::new(),
            sessions: sessions.collect(),
            tokens: BTreeMap::new(),
            lines: BTreeMap::new(),
        })
    }

    /// The parts of the program.
    pub fn app(&self) -> &App {
        &self.running.app
    }

    /// Has it die before the `n`-th commit from now.
    pub fn doom(&self, n: u32) {
        self.running.doom.before_commit(n);
    }

    /// It will not die after all.
    pub fn undo_doom(&self) {
        self.running.doom.lift();
    }

    /// The run is over.
    pub async fn close(&mut self) {
        self.lines.clear();
        self.stop().await;
    }

    /// Puts a request to it. `None` when it died over it: nobody is answered.
    pub async fn ask(&mut self, ask: &Ask) -> Result<Option<Told>> {
        let mut request = Request::builder().method(&ask.method).uri(&ask.path);
        if let Some(text) = self.authorization(&ask.shown)? {
            request = request.header(header::AUTHORIZATION, text);
        }
        if let Some(key) = ask.key {
            request = request.header("idempotency-key", key.to_string());
        }
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let body = match &ask.body {
            Sent::Nothing => Body::empty(),
            Sent::Json(text) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(text.clone())
            }
            Sent::Bytes(bytes) => {
                request = request.header(header::CONTENT_TYPE, "application/octet-stream");
                Body::from(bytes.clone())
            }
        };
        let request = request.body(body)?;
        let response = tower::ServiceExt::oneshot(self.running.router.clone(), request).await?;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await?;
        if self.running.doom.struck() {
            return Ok(None);
        }
        let headers = parts.headers.iter();
        Ok(Some(Told {
            status: parts.status,
            code: parts.extensions.get::<ApiError>().map(ApiError::code),
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
                .collect(),
        }))
    }

    /// Whether it has died since it was started.
    pub fn is_dead(&self) -> bool {
        self.running.doom.struck()
    }

    /// Opens a stream as `person`; `line` names it from now on. The refusal if it is refused.
    pub async fn listen(&mut self, line: u64, path: &str, shown: &Shown) -> Result<Option<Told>> {
        let mut request = Request::builder().method(Method::GET).uri(path);
        if let Some(text) = self.authorization(shown)? {
            request = request.header(header::AUTHORIZATION, text);
        }
        let request = request.body(Body::empty())?;
        let response = tower::ServiceExt::oneshot(self.running.router.clone(), request).await?;
        let (parts, body) = response.into_parts();
        if parts.status == StatusCode::OK {
            self.lines.insert(line, Box::pin(body.into_data_stream()));
            return Ok(None);
        }
        Ok(Some(Told {
            status: parts.status,
            code: parts.extensions.get::<ApiError>().map(ApiError::code),
            body: Value::Null,
            headers: BTreeMap::new(),
        }))
    }

    /// A listener has hung up.
    pub fn hang_up(&mut self, line: u64) {
        self.lines.remove(&line);
    }

    /// Everything that is to be heard on the streams now.
    pub async fn heard(&mut self) -> Vec<(u64, Heard)> {
        let mut heard = Vec::new();
        loop {
            self.rest().await;
            let mut moved = false;
            let mut ended = Vec::new();
            for (number, line) in &mut self.lines {
                loop {
                    let said = match futures::poll!(line.next()) {
                        Poll::Ready(said) => said,
                        // It waits for the database, or for something to happen.
                        Poll::Pending if self.running.app.db.is_busy() => {
                            match select(line.next(), pin!(self.running.app.db.idle())).await {
                                Either::Left((said, _)) => said,
                                Either::Right(_) => continue,
                            }
                        }
                        Poll::Pending => break,
                    };
                    moved = true;
                    if let Some(Ok(bytes)) = said {
                        heard.push((*number, Heard::Bytes(bytes)));
                    } else {
                        ended.push(*number);
                        heard.push((*number, Heard::End));
                        break;
                    }
                }
            }
            for number in ended {
                self.lines.remove(&number);
            }
            if !moved && self.running.app.tasks.is_empty() {
                return heard;
            }
        }
    }

    /// Waits until nothing of the server is at work.
    async fn rest(&self) {
        let tasks = &self.running.app.tasks;
        if !tasks.is_empty() {
            tasks.close();
            tasks.wait().await;
            tasks.reopen();
        }
    }

    /// Does what is due without anybody asking. Errors of a dying server are nobody's concern.
    pub async fn tick(&mut self) -> Result<Option<Timestamp>> {
        match worker::tick(&self.running.app, self.clock.now()).await {
            Ok(next) => Ok(next),
            Err(_) if self.is_dead() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The process ends and begins again with the same file. Every stream ends.
    pub async fn restart(&mut self) -> Result<Vec<u64>> {
        let lines = std::mem::take(&mut self.lines).into_keys().collect();
        self.stop().await;
        self.running = start(&self.works, &self.folder, &self.clock).await?;
        Ok(lines)
    }

    async fn stop(&mut self) {
        self.rest().await;
        self.running.app.stopping.cancel();
        self.running.app.db.close().await;
    }

    /// Copies the file, as an operator's backup does.
    pub fn back_up(&mut self) -> Result<()> {
        let to = self.folder.join(format!("backup-{}.db", self.copies.len()));
        std::fs::copy(self.folder.join("server.db"), &to)?;
        self.copies.push((self.clock.now(), to));
        Ok(())
    }

    /// Brings the newest copy that is older than `at` back, as an operator does after a disaster: what came later is
    /// gone, and the history is broken off. `None` when there is no copy.
    pub async fn restore(&mut self) -> Result<Option<(Timestamp, Vec<u64>)>> {
        let Some((at, copy)) = self.copies.last().cloned() else {
            return Ok(None);
        };
        let lines = std::mem::take(&mut self.lines).into_keys().collect();
        self.stop().await;
        std::fs::copy(copy, self.folder.join("server.db"))?;
        self.running = start(&self.works, &self.folder, &self.clock).await?;
        let (fresh, now) = (self.clock.uuid(), self.clock.now());
        self.running
            .app
            .db
            .write(async move |mut tx: Tx| {
                sql!(
                    &mut tx,
                    execute,
                    "update sync_epoch set epoch = $1, rotated_at = $2 where id = 1",
                    fresh,
                    now
                )
            })
            .await
            .map_err(|error: StoreError| error)?;
        Ok(Some((at, lines)))
    }

    fn authorization(&mut self, shown: &Shown) -> Result<Option<String>> {
        Ok(match shown {
            Shown::Nothing => None,
            Shown::Header(text) => Some(text.clone()),
            Shown::As(person) => Some(format!("Bearer {}", self.token(*person)?)),
        })
    }

    /// An access token of `person`'s session, which may have ended.
    pub fn token(&mut self, person: Person) -> Result<String> {
        let now = self.clock.now();
        if let Some(token) = self.tokens.get(person.name)
            && token.expires_at > now.plus(MINUTE)
        {
            return Ok(token.text.clone());
        }
        let session = self
            .sessions
            .get(person.name)
            .copied()
            .unwrap_or(person.session());
        let keys = &self.running.app.keys;
        let token = Bearer::sign(
            keys,
            person.id(),
            person.role,
            person.restaurant(),
            session,
            false,
            now,
        )?;
        let text = token.text.clone();
        self.tokens.insert(person.name, token);
        Ok(text)
    }

    /// Ends the session of `person`.
    pub async fn sign_out(&mut self, person: Person) -> Result<()> {
        let session = self
            .sessions
            .get(person.name)
            .copied()
            .unwrap_or(person.session());
        let (audit, now) = (self.clock.uuid(), self.clock.now());
        self.change(async move |mut tx: Tx| {
            let shown = Renewal {
                session,
                generation: 1,
            };
            session::end(&mut tx, shown, (audit, now)).await?;
            Ok(1)
        })
        .await?;
        self.running.app.gate.end(session, now);
        self.tokens.remove(person.name);
        Ok(())
    }

    /// Whether the session of `person` still holds. One that began after the copy that was brought back is unknown to the
    /// server, and nobody but the person can begin another.
    pub async fn knows(&self, person: Person) -> Result<bool> {
        let session = self
            .sessions
            .get(person.name)
            .copied()
            .unwrap_or(person.session());
        let mut tx = self.running.app.db.read().await?;
        Ok(identity::is_alive(&mut tx, session, self.clock.now()).await?)
    }

    /// Begins a session of `person`; `false` when they may not.
    pub async fn sign_in(&mut self, person: Person) -> Result<bool> {
        let ids = (self.clock.id(), self.clock.uuid());
        let now = self.clock.now();
        let begun = self
            .running
            .app
            .db
            .write(async move |mut tx: Tx| {
                let wish = Wish {
                    role: Some(person.role),
                    restaurant: person.restaurant(),
                };
                session::begin(
                    &mut tx,
                    person.id(),
                    wish,
                    How::by(FirstFactor::Password),
                    &Origin::default(),
                    ids,
                    now,
                )
                .await
            })
            .await;
        self.tokens.remove(person.name);
        if begun.is_ok() {
            self.sessions.insert(person.name, ids.0);
        }
        Ok(begun.is_ok())
    }

    /// Suspends an account, or lets it act again.
    pub async fn suspend(&mut self, person: Person, suspended: bool) -> Result<()> {
        let status = if suspended { "suspended" } else { "active" };
        self.change(async move |mut tx: Tx| {
            sql!(
                &mut tx,
                execute,
                "update users set status = $1 where id = $2",
                status,
                person.id()
            )
        })
        .await
    }

    /// Takes `person` off the staff of their kitchen, or back on.
    pub async fn employ(&mut self, person: Person, employed: bool) -> Result<()> {
        let Some(place) = person.restaurant() else {
            bail!("{} works nowhere", person.name);
        };
        self.change(async move |mut tx: Tx| {
            if employed {
                momfood_backend::identity::employ(&mut tx, person.id(), place, false).await?;
                Ok(1)
            } else {
                sql!(
                    &mut tx,
                    execute,
                    "delete from restaurant_staff where user_id = $1",
                    person.id()
                )
            }
        })
        .await
    }

    async fn change<F, Fut>(&self, work: F) -> Result<()>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<u64, StoreError>> + Send + 'static,
    {
        match self.running.app.db.write(work).await {
            Ok(_) => Ok(()),
            Err(_) if self.is_dead() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn start(works: &Works, folder: &Path, clock: &Clock) -> Result<Running> {
    let (db, doom) = Db::solo(&folder.join("server.db")).await?;
    let config = Config {
        data_dir: folder.to_owned(),
        // A device here stands for many, and hours go by in a moment.
        limits: Budgets::none(),
        ..Config::default()
    };
    let keys = (works.keys)().context("any 32 bytes are a key")?;
    let app = App::new(config, clock.clone(), db, keys);
    let router = works.routes.clone().with_state(app.clone());
    Ok(Running { app, router, doom })
}

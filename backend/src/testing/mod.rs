//! The test bench: a whole server in the test's own process, on a private database of either engine, under a clock
//! the test turns by hand. Requests go through the real router; nothing opens a socket.
//!
//! ```ignore
//! both! {
//!     async fn an_unknown_path_is_answered_with_a_code(app: TestApp) {
//!         let answer = app.get("/api/v1/nowhere").await;
//!         assert_eq!(answer.code(), "not_found");
//!     }
//! }
//! ```
//! makes the tests `sqlite::an_unknown…` and `postgres::an_unknown…`. Where PostgreSQL is not installed the second
//! fails and says what to install.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a bench: a fault in it is a failed test"
)]

mod folder;
mod postgres;

pub use folder::Folder;

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::LazyLock;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, Method, Request, StatusCode, header};
use momfood_domain::actor::Role;
use momfood_domain::id::UserId;
use momfood_domain::phone::Phone;
use momfood_domain::time::Timestamp;
use momfood_protocol::account::Consent;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, StaffFactor};
use crate::identity::entry::{FirstFactor, How, Origin};
use crate::identity::session::{self, Wish};
use crate::identity::{self, Bearer};
use crate::keys::Keys;
use crate::limits::{Budgets, Class};
use crate::messages::{self, ShownMessage};
use crate::sealed::Sealer;
use crate::store::{Db, Engine, Open, StoreError, Tx};
use crate::{router, seed, sync, worker};

/// When tests begin: Sunday 1 March 2026, noon in Riyadh.
pub const NOON: Timestamp = Timestamp(1_772_355_600_000_000);

/// A server under test.
pub struct TestApp {
    app: App,
    router: axum::Router,
    /// Its files; gone with it.
    pub folder: Folder,
    _database: Option<postgres::Database>,
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

/// A private, migrated database. Dropped with the value.
pub struct TestDb {
    /// The database.
    pub db: Db,
    /// How to reach it from elsewhere.
    pub url: String,
    folder: Folder,
    database: Option<postgres::Database>,
}

impl TestDb {
    /// Makes one.
    pub async fn new(engine: Engine) -> Self {
        let folder = Folder::new("momfood-test");
        let (url, database) = match engine {
            Engine::Sqlite => (
                format!("sqlite:{}", folder.path().join("momfood.db").display()),
                None,
            ),
            Engine::Postgres => {
                let database = postgres::Database::new().await;
                (database.url(), Some(database))
            }
        };
        let db = Open {
            url: &url,
            readers: 3,
            connections: 6,
        }
        .connect()
        .await
        .expect("a database to test on");
        db.seal_with(Sealer::for_tests());
        db.migrate().await.expect("migrations");
        Self {
            db,
            url,
            folder,
            database,
        }
    }
}

impl TestApp {
    /// Starts one at [`NOON`].
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |_| {}).await
    }

    /// Starts one with other settings.
    pub async fn start_with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        let TestDb {
            db,
            url,
            folder,
            database,
        } = TestDb::new(engine).await;
        let mut config = Config {
            data_dir: folder.path().to_owned(),
            database_url: Some(url.into()),
            staff_second_factor: StaffFactor::Optional,
            // Everybody comes from nowhere, at noon: whoever is about budgets sets them.
            limits: Budgets::none()
                .with(Class::Looks, Some(Class::Looks.usual()))
                .with(Class::Tries, Some(Class::Tries.usual()))
                .with(Class::Strangers, Some(Class::Strangers.usual()))
                .with(Class::Siege, Some(Class::Siege.usual()))
                .with(Class::Archives, Some(Class::Archives.usual())),
            // The one provider that is asked nothing before somebody comes back from it.
            facebook_app_id: Some("momfood-test".to_owned()),
            facebook_app_secret: Some("no secret".to_owned().into()),
            ..Config::default()
        };
        change(&mut config);
        let clock = Clock::manual(NOON, 1);
        let keys = Keys::from_seed(&[7; 32])
            .expect("any 32 bytes are a key")
            .on(&clock);
        sync::begin(&db, clock.uuid()).await.expect("a change feed");
        let app = App::new(config, clock, db, keys);
        let router = router::router(app.clone());
        Self {
            app,
            router,
            folder,
            _database: database,
        }
    }

    /// Stops it and starts it again on another file of SQLite's: an older copy that was put back.
    pub async fn put_back(&mut self, copy: &std::path::Path) {
        let keys = Keys::from_seed(&[7; 32]).expect("any 32 bytes are a key");
        self.begin_again(format!("sqlite:{}", copy.display()), keys).await;
    }

    /// Stops it and starts it again with other keys: nothing that was in memory is left.
    pub async fn restart(&mut self, keys: Keys) {
        let url = self.app.config.database();
        self.begin_again(url, keys).await;
    }

    async fn begin_again(&mut self, url: String, keys: Keys) {
        self.app.stop().await;
        let (readers, connections) = (3, 6);
        let open = Open {
            url: &url,
            readers,
            connections,
        };
        let db = open.connect().await.expect("the database");
        db.seal_with(Sealer::for_tests());
        let config = Config {
            database_url: Some(url.clone().into()),
            ..self.app.config.clone()
        };
        self.app = App::new(config, self.app.clock.clone(), db, keys);
        self.router = router::router(self.app.clone());
    }

    /// Fills it with the demo city: `sara@demo.momfood.test` orders, `saj@…` cooks, `fahad@…` drives. The first
    /// restaurant's id is `seed::id("najd-kitchen")`.
    pub async fn seed(&self) {
        static HASH: LazyLock<String> =
            LazyLock::new(|| identity::hash_now(seed::PASSWORD, &[1; 16]).expect("a password's hash"));
        seed::city(&self.db, &self.clock, || Ok(HASH.clone()))
            .await
            .expect("the demo city");
    }

    /// Begins a session for somebody of the demo city and returns its access token, without the cost of a password
    /// check. `name` is what stands before `@demo.momfood.test`.
    pub async fn token(&self, name: &str, role: Role) -> String {
        let user = seed::id(&format!("{name}@demo.momfood.test"));
        self.token_of(user, role).await
    }

    /// The same for anybody.
    pub async fn token_of(&self, user: UserId, role: Role) -> String {
        let ids = (self.clock.id(), self.clock.uuid());
        let now = self.clock.now();
        let live = self
            .db
            .write(async move |mut tx| {
                let wish = Wish {
                    role: Some(role),
                    restaurant: None,
                };
                let how = How::by(FirstFactor::Password);
                session::begin(&mut tx, user, wish, how, &Origin::default(), ids, now).await
            })
            .await
            .expect("somebody who may sign in");
        let (restaurant, session) = (live.restaurant, live.renewal.session);
        Bearer::sign(&self.keys, user, role, restaurant, session, false, now)
            .expect("a token")
            .text
    }

    /// Moves the clock and does what became due, as the background worker would.
    pub async fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.tick().await;
    }

    /// Does what is due now.
    pub async fn tick(&self) {
        worker::tick(&self.app, self.clock.now())
            .await
            .expect("a background round");
    }

    /// Sends what is due, and returns what was sent to `target`, oldest first.
    pub async fn messages_to(&self, target: &str) -> Vec<ShownMessage> {
        messages::send_due(&self.app, self.clock.now())
            .await
            .expect("messages to be sent");
        let shown = self.carriers.shown.as_ref().expect("a list of messages");
        let mut sent = shown.all();
        sent.reverse();
        sent.retain(|message| message.to == target);
        sent
    }

    /// The newest code sent to `target`.
    pub async fn code_to(&self, target: &str) -> String {
        let sent = self.messages_to(target).await;
        let code = sent.into_iter().rev().find_map(|message| message.code);
        code.expect("a code was sent")
    }

    /// Asks for a code to sign up with `target` (an email, or a phone in E.164), and shows it: the ticket to register with.
    pub async fn ticket(&self, target: &str) -> String {
        let ask = if target.contains('@') {
            json!({ "purpose": "sign_up", "email": target })
        } else {
            json!({ "purpose": "sign_in", "phone": target })
        };
        let sent = self.post("/api/v1/auth/codes", &ask).await.data();
        let shown = json!({ "challenge": sent["challenge"], "code": self.code_to(target).await });
        let answer = self.post("/api/v1/auth/codes/check", &shown).await.json();
        let ticket = answer["error"]["details"]["ticket"].as_str();
        ticket
            .unwrap_or_else(|| panic!("a ticket to register with: {answer}"))
            .to_owned()
    }

    /// Opens an account with `target` and a password.
    pub async fn register(&self, target: &str, password: &str, first_name: &str) -> Answer {
        let ticket = self.ticket(target).await;
        let body = json!({ "ticket": ticket, "password": password, "firstName": first_name,
            "consents": Consent::of_a_newcomer(false) });
        self.post("/api/v1/auth/register", &body).await
    }

    /// Starts a request.
    pub fn request(&self, method: Method, path: &str) -> Asking<'_> {
        Asking {
            app: self,
            request: Request::builder().method(method).uri(path),
            body: Body::empty(),
        }
    }

    /// Sends a plain GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    /// Sends a POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }
}

/// Gives somebody a phone, not verified, as their account keeps it.
pub async fn give_phone(tx: &mut Tx, id: UserId, phone: &str) -> Result<(), StoreError> {
    let phone = Phone::parse(phone).expect("a phone");
    identity::said_phone(tx, id, &phone, NOON).await
}

/// A request being put together.
pub struct Asking<'a> {
    app: &'a TestApp,
    request: http::request::Builder,
    body: Body,
}

impl Asking<'_> {
    /// As the holder of an access token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header(header::AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// From this address.
    #[must_use]
    pub fn from(mut self, address: &str) -> Self {
        let address: SocketAddr = address.parse().expect("an address");
        self.request = self.request.extension(ConnectInfo(address));
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// With any body.
    #[must_use]
    pub fn raw(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        self.request = self.request.header(header::CONTENT_TYPE, content_type);
        self.body = body.into();
        self
    }

    /// Sends it and reads the whole answer.
    pub async fn send(self) -> Answer {
        let (status, headers, body) = self.open().await;
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status,
            headers,
            bytes: bytes.to_vec(),
        }
    }

    /// Sends it and leaves the body unread: for streams.
    pub async fn open(self) -> (StatusCode, HeaderMap, Body) {
        let request = self.request.body(self.body).expect("a well-formed request");
        let answer = self
            .app
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        let (parts, body) = answer.into_parts();
        (parts.status, parts.headers, body)
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {} {}", self.status, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What a success brought. Fails the test on a failure.
    pub fn data(&self) -> Value {
        let json = self.json();
        assert_eq!(json["success"], true, "{} {json}", self.status);
        json["data"].clone()
    }

    /// The code of a refusal. Fails the test on a success.
    pub fn code(&self) -> String {
        let json = self.json();
        assert_eq!(json["success"], false, "{} {json}", self.status);
        json["error"]["code"].as_str().expect("a code").to_owned()
    }

    /// A header's text, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }
}

/// Makes each test twice: `sqlite::name` and `postgres::name`. One `both!` per module.
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: $kind:ty) $body:block)+) => {
        $($(#[$meta])* async fn $name($app: $kind) $body)+
        $crate::both!(@engine sqlite, Sqlite, $($name)+);
        $crate::both!(@engine postgres, Postgres, $($name)+);
    };
    (@engine $module:ident, $engine:ident, $($name:ident)+) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $name() {
                    $crate::testing::on($crate::store::Engine::$engine, super::$name).await;
                }
            )+
        }
    };
}

/// What a test in [`both!`](crate::both) may ask for.
pub trait FromEngine: Sized {
    /// Makes it on `engine`.
    fn from_engine(engine: Engine) -> impl Future<Output = Self> + Send;
}

/// Runs a story on `engine`.
pub async fn on<T: FromEngine, F: Future<Output = ()>>(engine: Engine, story: impl FnOnce(T) -> F) {
    story(T::from_engine(engine).await).await;
}

impl FromEngine for TestApp {
    async fn from_engine(engine: Engine) -> Self {
        Self::start(engine).await
    }
}

impl FromEngine for TestDb {
    async fn from_engine(engine: Engine) -> Self {
        Self::new(engine).await
    }
}

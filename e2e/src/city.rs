//! A city of a story's own: the real server on a fresh database with the demo city, on a port of its own.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use momfood_backend::store::Engine;
use momfood_backend::testing::{Folder, TestDb};
use momfood_domain::actor::Role;
use momfood_domain::id::RestaurantId;
use serde::Deserialize;
use serde_json::Value;

use crate::api::Api;
use crate::setup::setup;

const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody to sign in as.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The app that is theirs.
    pub app: String,
    /// The role to act in.
    pub role: Role,
    /// Sign-in name.
    pub email: String,
    /// Password.
    pub password: String,
    /// Their restaurant.
    pub restaurant_id: Option<RestaurantId>,
}

/// A running server and what it keeps.
pub struct City {
    /// Where it is served: `http://127.0.0.1:…`.
    pub base: String,
    /// Whom to sign in as for a first look.
    pub sign_ins: Vec<SignIn>,
    engine: Engine,
    server: Option<Child>,
    listen: SocketAddr,
    starts: u32,
    /// Seconds its clock is ahead of the machine's.
    ahead: u32,
    folder: Folder,
    database: Option<TestDb>,
    /// Its own copy of the web apps, if it has one.
    apps: Option<PathBuf>,
}

impl City {
    /// Founds a city and opens it.
    pub async fn found(engine: Engine) -> Self {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(TestDb::new(engine).await),
        };
        let mut city = Self {
            base: String::new(),
            sign_ins: Vec::new(),
            engine,
            server: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            starts: 0,
            ahead: 0,
            folder: Folder::new("momfood-e2e"),
            database,
            apps: None,
        };
        city.sign_ins = city.settle();
        city.start().await;
        city
    }

    /// On which database.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The public API, as nobody.
    pub fn api(&self) -> Api {
        Api::new(&self.base)
    }

    /// The first one of those whom the seed names for an app.
    pub fn someone(&self, role: Role) -> &SignIn {
        self.sign_ins
            .iter()
            .find(|someone| someone.role == role)
            .expect("the demo city has everybody")
    }

    /// The restaurant of the owner whom the seed names: it never closes.
    pub fn restaurant(&self) -> RestaurantId {
        let owner = self.someone(Role::Restaurant);
        owner.restaurant_id.expect("an owner's restaurant")
    }

    /// Starts the server; afterwards it answers. Always on the port it had first.
    pub async fn start(&mut self) {
        self.starts += 1;
        let path = self.log_path();
        let log = File::create(&path).expect("a log");
        let child = self
            .command()
            .args(["serve", "--log-format", "json"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the server can be started");
        self.server = Some(child);
        let begun = Instant::now();
        loop {
            if let Some(address) = serving_at(&path) {
                self.listen = address;
                self.base = format!("http://{address}");
                return;
            }
            let ended = self
                .server
                .as_mut()
                .and_then(|server| server.try_wait().ok().flatten());
            assert!(
                ended.is_none() && begun.elapsed() < PATIENCE,
                "the server does not serve ({ended:?}):\n{}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends the server at once, as a power cut would: `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().expect("a running server");
            server.wait().expect("an ended server");
        }
    }

    /// Ends the server and starts it again with a copy of the web apps, which a story may change; answers where it is.
    pub async fn copy_apps(&mut self) -> PathBuf {
        let copy = self.folder.path().join("apps");
        for app in std::fs::read_dir(&setup().apps).expect("the web apps").flatten() {
            let folder = copy.join(app.file_name());
            std::fs::create_dir_all(&folder).expect("a folder");
            // What stands in folders below is for the native apps.
            let files = std::fs::read_dir(app.path()).into_iter().flatten().flatten();
            for file in files.filter(|file| file.path().is_file()) {
                std::fs::copy(file.path(), folder.join(file.file_name())).expect("a copy");
            }
        }
        self.kill();
        self.apps = Some(copy.clone());
        self.start().await;
        copy
    }

    /// Ends the server, lets time pass, and starts it again: to everybody in the city it is `seconds` later.
    pub async fn let_pass(&mut self, seconds: u32) {
        self.kill();
        self.ahead += seconds;
        self.start().await;
    }

    /// What the server logged, over all its starts.
    pub fn log(&self) -> String {
        (1..=self.starts)
            .filter_map(|start| std::fs::read_to_string(self.log_of(start)).ok())
            .collect::<Vec<_>>()
            .join("\n--- started again ---\n")
    }

    fn log_path(&self) -> PathBuf {
        self.log_of(self.starts)
    }

    fn log_of(&self, start: u32) -> PathBuf {
        self.folder.path().join(format!("server-{start}.log"))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&setup().server);
        let database = match &self.database {
            Some(database) => database.url.clone(),
            None => format!("sqlite:{}", self.folder.path().join("momfood.db").display()),
        };
        command
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .env("MOMFOOD_STAFF_SECOND_FACTOR", "optional")
            .env("MOMFOOD_DEV_MESSAGES", "true")
            .env("MOMFOOD_CLOCK_AHEAD_SECONDS", self.ahead.to_string())
            .arg("--data-dir")
            .arg(self.folder.path())
            .args(["--database-url", &database])
            .arg("--web-dir")
            .arg(self.apps.as_ref().unwrap_or(&setup().apps))
            .args(["--listen", &self.listen.to_string()])
            .args(["--log-filter", "info,sqlx=warn"]);
        command
    }

    /// Writes the demo city.
    fn settle(&self) -> Vec<SignIn> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Seeded {
            sign_ins: Vec<SignIn>,
        }
        let output = self
            .command()
            .args(["seed", "demo", "--json"])
            .output()
            .expect("the server can be started");
        assert!(
            output.status.success(),
            "seeding failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let seeded: Seeded = serde_json::from_slice(&output.stdout).expect("whom to sign in as");
        seeded.sign_ins
    }
}

impl Drop for City {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The address in the log's line that says it is served.
fn serving_at(log: &Path) -> Option<SocketAddr> {
    let text = std::fs::read_to_string(log).ok()?;
    text.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|line| line["message"] == "serving")?["address"]
        .as_str()?
        .parse()
        .ok()
}

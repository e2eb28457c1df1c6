//! A browser with a fresh profile, or in its place the native apps of one person's machine. The only place that knows
//! which it is: Chromium through `ChromeDriver`, or an [`App`] for each window.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use momfood_backend::testing::Folder;
use serde_json::{Value, json};
use url::Url;

use crate::app::{self, App};
use crate::screen::{Screen, Size, Turn};

/// What Chromium is started with: no network of its own, and windows nobody looks at run at full speed.
const FLAGS: [&str; 16] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--force-color-profile=srgb",
    // A phone's bars do not take room.
    "--hide-scrollbars",
    // The names of the accessibility tree, as `Element.computedName`.
    "--enable-blink-features=ComputedAccessibilityInfo",
    "--autoplay-policy=no-user-gesture-required",
];

/// Where a story is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In Chromium.
    Web,
    /// In the native apps.
    Apps,
}

/// A browser and its windows, which share one profile; or a machine with the native apps, each with one window.
pub struct Browser {
    base: String,
    way: Way,
    screens: Mutex<Vec<Screen>>,
}

enum Way {
    Web(Chromium),
    Apps {
        data: PathBuf,
        running: Mutex<Vec<App>>,
        _folder: Option<Folder>,
    },
}

struct Chromium {
    client: Client,
    turn: Turn,
    /// The browser's own process.
    process: Option<u64>,
    chromedriver: Child,
}

impl Browser {
    /// Starts one for what is served at `base`. What it keeps is in `profile`, which outlives it, or is forgotten.
    pub async fn start(kind: Kind, base: &str, profile: Option<&Path>) -> Self {
        let way = match kind {
            Kind::Web => Way::Web(Chromium::start(profile).await),
            Kind::Apps => {
                let folder = profile.is_none().then(|| Folder::new("momfood-e2e-apps"));
                let data = profile.or(folder.as_ref().map(Folder::path));
                Way::Apps {
                    data: data.expect("one of the two").to_owned(),
                    running: Mutex::default(),
                    _folder: folder,
                }
            }
        };
        Self {
            base: base.to_owned(),
            way,
            screens: Mutex::default(),
        }
    }

    /// Opens a window on `path`. `name` is who sits in front of it.
    pub async fn open(&self, name: &str, size: Size, path: &str) -> Screen {
        let screen = match &self.way {
            Way::Web(chromium) => self.open_window(chromium, name).await,
            Way::Apps { data, running, .. } => {
                let nth = running.lock().expect("no panic while held").len();
                let program = App::of_path(path);
                // Each window is a machine's own, and the first is the same one after a restart.
                let app = App::start(program, &self.base, &data.join(format!("{program}-{nth}"))).await;
                let window = app.client.window().await.expect("the app's window");
                let turn = Turn::default();
                let screen = Screen::new(name, app.client.clone(), window, turn, app::BASE, Kind::Apps);
                running.lock().expect("no panic while held").push(app);
                screen
            }
        };
        let kept = screen.clone();
        self.screens.lock().expect("no panic while held").push(kept);
        screen.resize(size).await;
        screen.goto(path).await;
        screen
    }

    async fn open_window(&self, chromium: &Chromium, name: &str) -> Screen {
        let mut turn = chromium.turn.lock().await;
        let first = self.screens.lock().expect("no panic while held").is_empty();
        let window = if first {
            chromium.client.window().await.expect("the first window")
        } else {
            let opened = chromium.client.new_window(false).await;
            opened.expect("a new window").handle
        };
        let switched = chromium.client.switch_to_window(window.clone()).await;
        switched.expect("the window");
        *turn = Some(window.clone());
        drop(turn);
        let turn = Arc::clone(&chromium.turn);
        let screen = Screen::new(name, chromium.client.clone(), window, turn, &self.base, Kind::Web);
        // May a page ask where it is? A test says where; see `Screen::stand_at`.
        let grant = json!({ "origin": self.base, "permissions": ["geolocation"] });
        screen.devtools("Browser.grantPermissions", grant).await;
        screen
    }

    /// The windows opened so far; none when it was killed.
    pub fn screens(&self) -> Vec<Screen> {
        self.screens.lock().expect("no panic while held").clone()
    }

    /// Ends it as a power cut would: `kill -9` of the browser, or of every app, and everything they started.
    pub fn kill(&self) {
        match &self.way {
            Way::Web(chromium) => {
                let browser = chromium.process.expect("the browser's process").to_string();
                // Its helpers end with it: they lose the pipe to it.
                let killed = Command::new("kill").args(["-9", &browser]).status();
                assert!(
                    killed.is_ok_and(|status| status.success()),
                    "the browser was killed"
                );
            }
            Way::Apps { running, .. } => {
                let killed = std::mem::take(&mut *running.lock().expect("no panic while held"));
                for app in killed {
                    app.kill();
                }
            }
        }
        self.screens.lock().expect("no panic while held").clear();
    }

    /// Closes all windows.
    pub async fn close(&self) {
        match &self.way {
            // Its end is awaited by nobody; what it leaves is removed with the test's folder.
            Way::Web(chromium) => {
                let _ = chromium.client.clone().close().await;
            }
            Way::Apps { running, .. } => {
                running.lock().expect("no panic while held").clear();
            }
        }
    }
}

impl Chromium {
    async fn start(profile: Option<&Path>) -> Self {
        let (chromedriver, port) = chromedriver();
        let profile = profile.map(|folder| format!("--user-data-dir={}", folder.display()));
        let args: Vec<String> = FLAGS.iter().map(ToString::to_string).chain(profile).collect();
        let options = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let capabilities: Capabilities = serde_json::from_value(options).expect("an object");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a browser");
        let process = client
            .capabilities()
            .and_then(|got| got.get("goog:processID")?.as_u64());
        Self {
            client,
            turn: Turn::default(),
            process,
            chromedriver,
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.chromedriver.kill();
        let _ = self.chromedriver.wait();
    }
}

fn chromedriver() -> (Child, u16) {
    let mut said = String::new();
    // It chooses a port that is free on one of the two loopback addresses, and gives up when the other's is taken.
    for _ in 0..5 {
        if let Some(running) = try_chromedriver(&mut said) {
            return running;
        }
    }
    panic!("chromedriver does not start: {said}");
}

fn try_chromedriver(said: &mut String) -> Option<(Child, u16)> {
    let mut child = Command::new("chromedriver")
        .args(["--port=0", "--log-level=SEVERE"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver: install the package `chromium-driver`");
    let mut output = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    while output.read_line(&mut line).is_ok_and(|read| read > 0) {
        if let Some((_, port)) = line.trim().rsplit_once(" successfully on port ") {
            let port = port.trim_end_matches('.').parse().expect("a port");
            // Whatever else it says must not fill the pipe.
            std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
            return Some((child, port));
        }
        said.push_str(&line);
        line.clear();
    }
    child.wait().expect("an ended chromedriver");
    None
}

/// A command of `ChromeDriver` beyond the standard: `POST /session/{id}/{path}`.
#[derive(Debug)]
pub(crate) struct Beyond {
    pub path: &'static str,
    pub body: Value,
}

impl WebDriverCompatibleCommand for Beyond {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

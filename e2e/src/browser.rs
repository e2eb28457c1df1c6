//! A browser with a fresh profile. The only place that knows which browser it is: Chromium, through `ChromeDriver`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

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

/// A browser and its windows, which share one profile.
pub struct Browser {
    client: Client,
    turn: Turn,
    base: String,
    screens: std::sync::Mutex<Vec<Screen>>,
    /// The browser's own process.
    process: Option<u64>,
    chromedriver: Child,
}

impl Browser {
    /// Starts one for what is served at `base`.
    pub async fn start(base: &str) -> Self {
        Self::start_with(base, None).await
    }

    /// Starts one with the profile in `folder`, which outlives it.
    pub async fn with_profile(base: &str, folder: &Path) -> Self {
        Self::start_with(base, Some(folder)).await
    }

    async fn start_with(base: &str, profile: Option<&Path>) -> Self {
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
            process,
            client,
            turn: Arc::new(Mutex::new(None)),
            base: base.to_owned(),
            screens: std::sync::Mutex::default(),
            chromedriver,
        }
    }

    /// Opens a window on `path`. `name` is who sits in front of it.
    pub async fn open(&self, name: &str, size: Size, path: &str) -> Screen {
        let mut turn = self.turn.lock().await;
        let first = self.screens.lock().expect("no panic while held").is_empty();
        let window = if first {
            self.client.window().await.expect("the first window")
        } else {
            self.client.new_window(false).await.expect("a new window").handle
        };
        self.client
            .switch_to_window(window.clone())
            .await
            .expect("the window");
        *turn = Some(window.clone());
        drop(turn);
        let screen = Screen::new(
            name,
            self.client.clone(),
            window,
            Arc::clone(&self.turn),
            &self.base,
        );
        self.screens
            .lock()
            .expect("no panic while held")
            .push(screen.clone());
        // May a page ask where it is? A test says where; see `Screen::stand_at`.
        let grant = json!({ "origin": self.base, "permissions": ["geolocation"] });
        screen.devtools("Browser.grantPermissions", grant).await;
        screen.resize(size).await;
        screen.goto(path).await;
        screen
    }

    /// The windows opened so far; none when it was killed.
    pub fn screens(&self) -> Vec<Screen> {
        self.screens.lock().expect("no panic while held").clone()
    }

    /// Ends it as a power cut would: `kill -9` of the browser and everything it started.
    pub fn kill(&self) {
        let browser = self.process.expect("the browser's process").to_string();
        // Its helpers end with it: they lose the pipe to it.
        let killed = Command::new("kill").args(["-9", &browser]).status();
        assert!(
            killed.is_ok_and(|status| status.success()),
            "the browser was killed"
        );
        self.screens.lock().expect("no panic while held").clear();
    }

    /// Closes all windows.
    pub async fn close(&self) {
        // Its end is awaited by nobody; what it leaves is removed with the test's folder.
        let _ = self.client.clone().close().await;
    }
}

impl Drop for Browser {
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

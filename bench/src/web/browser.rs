//! Chromium, spoken to through ChromeDriver by plain HTTP.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::keeper::{self, Kept};
use crate::webdriver::{self, Session};

const SCRIPT: &str = r#"
"$1" --port="$2" >"$dir/driver.log" 2>&1 </dev/null &
program=$!
"#;

/// ChromeDriver.
pub struct Driver {
    kept: Kept,
    browser: std::path::PathBuf,
    address: SocketAddr,
}

/// A browser with a profile; closed when dropped.
pub struct Browser {
    pub session: Session,
    pub version: String,
}

/// A line to the server, as seen by the browser.
#[derive(Clone, Copy)]
pub struct Line {
    pub megabits: f64,
    pub round_trip_ms: u32,
}

impl Driver {
    pub fn start() -> Result<Self> {
        let driver = keeper::on_path(&["chromedriver"]).context("install the package `chromium-driver`")?;
        let browser = keeper::on_path(&["chromium", "chromium-browser", "google-chrome"])
            .context("install the package `chromium`")?;
        let port = keeper::free_port()?;
        let args = [&driver.display().to_string(), &port.to_string()];
        let kept = keeper::keep("ChromeDriver", SCRIPT, &args.map(String::as_str), None)?;
        let driver = Self {
            kept,
            browser,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        };
        webdriver::wait_for_driver(driver.address, "ChromeDriver")?;
        Ok(driver)
    }

    /// Where browsers may keep profiles; removed in the end.
    pub fn folder(&self) -> &Path {
        &self.kept.folder
    }

    /// Opens a browser of a phone's size whose profile is `profile`.
    pub fn open(&self, profile: &Path) -> Result<Browser> {
        let mut args = vec![
            "--headless=new".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--window-size=412,915".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        if rustix::process::geteuid().is_root() {
            args.push("--no-sandbox".to_owned());
        }
        let wanted = json!({
            "browserName": "chrome",
            "pageLoadStrategy": "none",
            "goog:chromeOptions": { "binary": self.browser, "args": args },
        });
        let session = Session::begin(self.address, &wanted)?;
        let version = session.capabilities["browserVersion"].as_str();
        Ok(Browser {
            version: version.unwrap_or_default().to_owned(),
            session,
        })
    }
}

impl Browser {
    fn devtools(&mut self, name: &str, params: &Value) -> Result<()> {
        self.session
            .post("goog/cdp/execute", &json!({ "cmd": name, "params": params }))
            .with_context(|| name.to_owned())
            .map(|_| ())
    }

    /// From now on the pages of this browser are behind `line`.
    pub fn connect_by(&mut self, line: Line) -> Result<()> {
        let bytes_per_second = line.megabits * 1e6 / 8.0;
        self.devtools("Network.enable", &json!({}))?;
        let conditions = json!({
            "offline": false,
            "latency": line.round_trip_ms,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        });
        self.devtools("Network.emulateNetworkConditions", &conditions)
    }

    /// Service workers are not asked from now on.
    pub fn pass_service_workers(&mut self) -> Result<()> {
        self.devtools("Network.setBypassServiceWorker", &json!({ "bypass": true }))
    }

    /// Every page runs `script` before its own.
    pub fn run_first(&mut self, script: &str) -> Result<()> {
        self.devtools("Page.enable", &json!({}))?;
        self.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": script }),
        )
    }

    /// Goes there; does not wait.
    pub fn go(&mut self, url: &str) -> Result<()> {
        self.session.post("url", &json!({ "url": url })).map(|_| ())
    }
}

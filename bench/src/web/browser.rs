//! Chromium, spoken to through ChromeDriver by plain HTTP.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::http::{Ask, Connection};
use crate::keeper::{self, Kept};

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
    connection: Connection,
    session: String,
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
        let began = Instant::now();
        while Connection::new(driver.address)
            .send(&Ask::get("/status"))
            .is_err()
        {
            if began.elapsed() > Duration::from_secs(20) {
                bail!("ChromeDriver does not answer");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
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
        let body = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "pageLoadStrategy": "none",
            "goog:chromeOptions": { "binary": self.browser, "args": args },
        } } });
        let mut connection = Connection::new(self.address);
        let answer = command(&mut connection, &Ask::post("/session", &body)?)?;
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        Ok(Browser {
            connection,
            session: text(&answer["sessionId"]).context("a session without a name")?,
            version: text(&answer["capabilities"]["browserVersion"]).unwrap_or_default(),
        })
    }
}

/// Sends a WebDriver command; the `value` of its answer.
fn command(connection: &mut Connection, ask: &Ask<'_>) -> Result<Value> {
    let answer = connection.send(ask)?;
    let mut body: Value = serde_json::from_slice(&answer.body)?;
    if !answer.is_success() {
        let message = body["value"]["message"].as_str().unwrap_or("?");
        bail!("the browser: {}", message.lines().next().unwrap_or_default());
    }
    Ok(body["value"].take())
}

impl Browser {
    fn post(&mut self, what: &str, body: &Value) -> Result<Value> {
        let ask = Ask::post(format!("/session/{}/{what}", self.session), body)?;
        command(&mut self.connection, &ask)
    }

    fn devtools(&mut self, name: &str, params: &Value) -> Result<()> {
        self.post("goog/cdp/execute", &json!({ "cmd": name, "params": params }))
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
        self.post("url", &json!({ "url": url })).map(|_| ())
    }

    /// What `script` returns.
    pub fn ask(&mut self, script: &str) -> Result<Value> {
        self.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What `script` returns as soon as it is neither null nor false.
    pub fn wait_for(&mut self, what: &str, script: &str, patience: Duration) -> Result<Value> {
        let began = Instant::now();
        loop {
            // While one page gives way to another there may be nobody to ask.
            match self.ask(script) {
                Ok(Value::Null | Value::Bool(false)) | Err(_) if began.elapsed() < patience => {}
                Ok(Value::Null | Value::Bool(false)) => bail!("{what} did not come within {patience:?}"),
                other => return other,
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self
            .connection
            .send(&Ask::delete(format!("/session/{}", self.session)));
    }
}

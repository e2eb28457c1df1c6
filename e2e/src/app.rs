//! A native app in a test: the real program on a screen nobody sees, driven through `WebKitWebDriver`. Each has a bus, a
//! data folder and a driver of its own, as on a machine of its own.
//!
//! It never knows what the screens show: that is [`crate::screen`]'s.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::setup::setup;

/// Where an app's screens are.
pub const BASE: &str = "tauri://localhost";
/// For how long a driver may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(20);

/// The one screen of all apps of this test program. It ends with the program.
static DISPLAY: LazyLock<String> = LazyLock::new(|| {
    let (said, heard) = std::sync::mpsc::channel();
    // A process ends with the thread that started it, and this thread does not end.
    std::thread::spawn(move || {
        let mut server = Command::new("Xvfb");
        server.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1600x1000x24",
            "-nolisten",
            "tcp",
        ]);
        let mut server = until_we_end(&server)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb: install the package `xvfb`");
        let mut number = String::new();
        let output = server.stdout.take().expect("piped");
        BufReader::new(output)
            .read_line(&mut number)
            .expect("the screen's number");
        said.send(format!(":{}", number.trim())).expect("a listener");
        let _ = server.wait();
    });
    heard.recv().expect("a screen")
});

/// A running app.
pub struct App {
    /// The way to its window.
    pub client: Client,
    /// Its own process.
    process: u32,
    driver: Child,
}

impl App {
    /// Which program shows that path.
    pub fn of_path(path: &str) -> &'static str {
        match path.split('/').nth(1) {
            Some("kitchen") => "momfood-kitchen",
            Some("driver") => "momfood-driver",
            _ => "momfood-customer",
        }
    }

    /// Starts `program` for the server at `server`, with its data in `data`.
    pub async fn start(program: &str, server: &str, data: &Path) -> Self {
        let binary = setup().programs().join(program);
        let port = free_port();
        let mut driver = Command::new("dbus-run-session");
        driver
            .args(["--", "WebKitWebDriver", &format!("--port={port}")])
            .env("DISPLAY", &*DISPLAY)
            .env("MOMFOOD_SERVER", server)
            .env("MOMFOOD_DATA", data)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("NO_AT_BRIDGE", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        let driver = until_we_end(&driver)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-run-session: install the package `dbus-daemon`");
        let options = json!({ "webkitgtk:browserOptions": { "binary": binary, "args": [] } });
        let capabilities: Capabilities = serde_json::from_value(options).expect("an object");
        let begun = Instant::now();
        let client = loop {
            let connected = ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities.clone())
                .connect(&format!("http://127.0.0.1:{port}"))
                .await;
            match connected {
                Ok(client) => break client,
                Err(error) => assert!(
                    begun.elapsed() < PATIENCE,
                    "{program} does not start, or not its driver (package `webkit2gtk-driver`): {error}"
                ),
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        };
        let process = below(driver.id())
            .into_iter()
            .find(|process| runs(*process, &binary))
            .expect("the app's process");
        Self {
            client,
            process,
            driver,
        }
    }

    /// What is on the one screen of all apps, as PNG: the driver sees only what is inside of a window that answers.
    pub fn display() -> Option<Vec<u8>> {
        let mut look = Command::new("import");
        look.args(["-display", &DISPLAY, "-window", "root", "png:-"]);
        let seen = until_we_end(&look).stderr(Stdio::null()).output().ok()?;
        seen.status.success().then_some(seen.stdout)
    }

    /// Ends it as a power cut would.
    pub fn kill(&self) {
        let killed = Command::new("kill")
            .args(["-9", &self.process.to_string()])
            .status();
        assert!(killed.is_ok_and(|status| status.success()), "the app was killed");
    }
}

impl Drop for App {
    fn drop(&mut self) {
        for process in below(self.driver.id()) {
            let _ = Command::new("kill")
                .args(["-9", &process.to_string()])
                .stderr(Stdio::null())
                .status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A command that ends with the thread's process, however that ends.
fn until_we_end(command: &Command) -> Command {
    let mut words = Command::new("setpriv");
    words
        .args(["--pdeathsig", "KILL", "--"])
        .arg(command.get_program());
    words.args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.env(name, value);
        }
    }
    words
}

fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    socket.local_addr().expect("an address").port()
}

/// Everything a process has started, and what that has started.
fn below(process: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut next = vec![process];
    while let Some(process) = next.pop() {
        let threads = std::fs::read_dir(format!("/proc/{process}/task"));
        for thread in threads.into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            next.extend(
                children
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
        }
        found.push(process);
    }
    found.remove(0);
    found
}

fn runs(process: u32, binary: &Path) -> bool {
    let runs = std::fs::read_link(format!("/proc/{process}/exe"));
    runs.is_ok_and(|runs| binary.canonicalize().is_ok_and(|binary| binary == runs))
}

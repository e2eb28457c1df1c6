//! The store's tests in a real browser: SQLite as wasm, in memory and on the files of an origin, with its worker ended in
//! the middle of things, and one engine shared by several tabs. The page is served, and its verdict heard, by a few lines
//! here: it needs no driver and no server of ours.

use crate::needs;
use crate::process;
use crate::wasm_toolchain::{TARGET, WasmToolchain};
use crate::web::{bindgen, page};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

const PAGE: &str = "<!doctype html><meta charset=utf-8><script type=module src=suite.js></script>";
/// What a tab is to the engine; the page puts several into frames.
const TAB: &str = r#"<!doctype html><meta charset=utf-8>
<script src="engine-page.js" data-app="customer" data-engine="engine.js"></script>"#;
const SUITE: &str = include_str!("../../assets/store-suite.js");
const WORKER: &str = include_str!("../../assets/store-suite-worker.js");

/// How long it may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs all of it and says how many cases passed.
pub fn run(workspace: &Workspace, release: bool) -> Result<u32> {
    let folder = build(workspace, if release { "web" } else { "web-dev" })?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = format!("http://{}/", listener.local_addr()?);
    let profile = folder.join("profile");
    let mut browser = open(&profile, &address)?;
    let verdict = serve(&listener, &folder, &mut browser);
    let _ = browser.kill();
    let _ = browser.wait();
    let verdict: serde_json::Value = serde_json::from_str(&verdict?)?;
    if let Some(failure) = verdict["failed"].as_str() {
        bail!("{failure}");
    }
    println!("  {}", verdict["said"].as_str().unwrap_or_default());
    let passed = verdict["passed"].as_u64().context("the page says nothing")?;
    Ok(u32::try_from(passed)?)
}

fn build(workspace: &Workspace, profile: &str) -> Result<std::path::PathBuf> {
    let toolchain = WasmToolchain::ensure(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--target", TARGET, "--profile", profile]);
    cargo.args([
        "--package",
        "momfood-worker",
        "--features",
        "momfood-worker/self-test",
    ]);
    let target = toolchain.apply(&mut cargo, workspace);
    process::run(&mut cargo)?;
    let module = target.join(TARGET).join(profile).join("momfood-worker.wasm");
    let folder = workspace.target.join("xtask-web").join("store-suite");
    let bound = bindgen::bind(&module, &folder)?;
    let engine = bound.js.clone() + &page::engine_worker("app_bg.wasm");
    std::fs::write(folder.join("engine.js"), engine)?;
    std::fs::write(folder.join("engine-page.js"), page::ENGINE_PAGE)?;
    std::fs::write(folder.join("tab.html"), TAB)?;
    std::fs::write(folder.join("worker.js"), bound.js + WORKER)?;
    std::fs::write(folder.join("suite.js"), SUITE)?;
    std::fs::write(folder.join("index.html"), PAGE)?;
    Ok(folder)
}

fn open(profile: &Path, address: &str) -> Result<Child> {
    let chromium = (needs::CHROMIUM.find)().context("Chromium is missing")?;
    let mut browser = Command::new(chromium);
    browser.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
    ]);
    browser.args([
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]);
    browser
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(address);
    browser.stdout(Stdio::null()).stderr(Stdio::null());
    browser.spawn().context("Chromium cannot be started")
}

/// Hands out the files of `folder` until the page says how it went.
fn serve(listener: &TcpListener, folder: &Path, browser: &mut Child) -> Result<String> {
    let begun = Instant::now();
    let (tell, verdict) = mpsc::channel();
    loop {
        while let Ok((stream, _)) = listener.accept() {
            let (tell, folder) = (tell.clone(), folder.to_owned());
            std::thread::spawn(move || {
                // A browser opens lines it does not use, and drops those of a worker that was ended.
                if let Ok(Some(verdict)) = answer(stream, &folder) {
                    let _ = tell.send(verdict);
                }
            });
        }
        if let Ok(verdict) = verdict.recv_timeout(Duration::from_millis(2)) {
            return Ok(verdict);
        }
        if let Some(status) = browser.try_wait()? {
            bail!("Chromium ended: {status}");
        }
        if begun.elapsed() > PATIENCE {
            bail!("no verdict after {} s", PATIENCE.as_secs());
        }
    }
}

/// Answers one request; `Some` is the verdict.
fn answer(mut stream: TcpStream, folder: &Path) -> Result<Option<String>> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? <= 2 {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if path.starts_with("/api/") {
        // A server that takes its time, and then has none.
        std::thread::sleep(Duration::from_millis(1_500));
        stream.write_all(
            b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        )?;
        return Ok(None);
    }
    if method == "POST" {
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")?;
        return Ok(Some(String::from_utf8(body)?));
    }
    let name = path.trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    let (kind, known) = match name.rsplit_once('.') {
        Some((_, "html")) => ("text/html", true),
        Some((_, "js")) => ("text/javascript", true),
        Some((_, "wasm")) => ("application/wasm", true),
        _ => ("", false),
    };
    let content = (known && !name.contains("..")).then(|| std::fs::read(folder.join(name)));
    if let Some(Ok(content)) = content {
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            content.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&content)?;
    } else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    }
    Ok(None)
}

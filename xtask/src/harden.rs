//! `cargo xtask harden`: what takes long and is not part of every test. Requests made from the API's own document,
//! bytes made to break parsers, and known faults of what comes from outside. What it found is told in
//! `docs/security.md`.
//!
//! Speaks to servers on this machine only, and ends them. Its tools are fetched the first time.

mod seeds;

use crate::needs;
use crate::process::{self, output_of};
use crate::steps::Steps;
use crate::test;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const CARGO_FUZZ: &str = "0.13.2";
const SCHEMATHESIS: &str = "4.32.5";
/// What `fuzz/` holds, easiest first.
const TARGETS: &[&str] = &[
    "typed", "stream", "wire", "pricing", "tokens", "content", "ticket", "request",
];
/// How long a server may take from its start to its first answer.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(clap::Args)]
pub struct Options {
    /// Only this; without it, all three.
    #[arg(value_enum)]
    only: Vec<Part>,
    /// How long each fuzz target runs, seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only these fuzz targets.
    #[arg(long)]
    target: Vec<String>,
    /// Requests of each kind for each operation and person.
    #[arg(long, default_value_t = 30)]
    examples: u32,
    /// Which random requests; the same number is the same requests.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Known faults of the crates that are used.
    Advisories,
    /// Requests made from the API's document.
    Requests,
    /// Fuzz targets.
    Fuzz,
}

/// Runs what is wanted; one failure does not hide the next.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let wanted = |part| options.only.is_empty() || options.only.contains(&part);
    let targets: Vec<&str> = TARGETS
        .iter()
        .copied()
        .filter(|target| options.target.is_empty() || options.target.iter().any(|name| name == target))
        .collect();
    let count = usize::from(wanted(Part::Advisories))
        + usize::from(wanted(Part::Requests))
        + if wanted(Part::Fuzz) { targets.len() + 1 } else { 0 };
    let mut steps = Steps::new(count);
    if wanted(Part::Advisories) {
        steps.independent("Advisories", || advisories(workspace));
    }
    if wanted(Part::Requests) {
        steps.independent("Requests from the document", || requests(workspace, options));
    }
    if wanted(Part::Fuzz) {
        let ready = steps.step("Fuzz targets, instrumented", || build(workspace));
        if ready.is_ok() {
            for target in targets {
                steps.independent(target, || fuzz(workspace, target, options.seconds));
            }
        }
    }
    steps.print_table();
    steps.verdict()
}

/// The database has to be fetched; where it cannot be, that is said, and is no failure.
fn advisories(workspace: &Workspace) -> Result<()> {
    let deny = test::ensure_cargo_deny(workspace)?;
    let run = |words: &[&str]| {
        let mut command = Command::new(&deny);
        command.current_dir(&workspace.root).args(words);
        process::run(&mut command)
    };
    if run(&["fetch", "db"]).is_err() {
        println!("  the advisory database cannot be fetched here: not checked");
        return Ok(());
    }
    run(&["check", "advisories"])
}

fn requests(workspace: &Workspace, options: &Options) -> Result<()> {
    needs::ensure(&[&needs::C_COMPILER, &needs::PYTHON])?;
    let python = schemathesis(workspace)?;
    process::run(
        workspace
            .cargo()
            .args(["build", "--release", "--package", "momfood-backend"]),
    )?;
    let folder = workspace.target.join("harden");
    let server = Server::start(workspace, &folder.join("server"))?;
    let mut command = Command::new(python);
    command
        .arg(workspace.root.join("xtask/assets/schemathesis.py"))
        .arg(server.url())
        .args([options.examples.to_string(), options.seed.to_string()])
        .arg(folder.join("reports"));
    process::run(&mut command)
}

/// Schemathesis in an environment of its own; names its Python.
fn schemathesis(workspace: &Workspace) -> Result<PathBuf> {
    let home = workspace.target.join("tools").join("schemathesis");
    let python = home.join("bin/python3");
    let version = || output_of(home.join("bin/st"), &["--version"]);
    if version().is_some_and(|version| version.contains(SCHEMATHESIS)) {
        return Ok(python);
    }
    println!("  installing schemathesis {SCHEMATHESIS} (once)");
    if process::run(Command::new("python3").args(["-m", "venv"]).arg(&home)).is_err() {
        needs::install(&["python3-venv"])?;
        process::run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    }
    let wish = format!("schemathesis=={SCHEMATHESIS}");
    process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", &wish]))?;
    Ok(python)
}

fn build(workspace: &Workspace) -> Result<()> {
    needs::ensure(&[&needs::C_COMPILER])?;
    if !cargo_fuzz(workspace).is_file() {
        println!("  building cargo-fuzz {CARGO_FUZZ} (once, about a minute)");
        let mut command = workspace.cargo();
        command
            .args(["install", "--locked", "--root"])
            .arg(workspace.target.join("tools"));
        command.env("CARGO_TARGET_DIR", workspace.target.join("tools-build"));
        process::run(command.arg(format!("cargo-fuzz@{CARGO_FUZZ}")))?;
    }
    process::run(fuzzing(workspace, "build").args(["--fuzz-dir", "."]))
}

fn cargo_fuzz(workspace: &Workspace) -> PathBuf {
    workspace.target.join("tools").join("bin").join("cargo-fuzz")
}

/// Instrumentation is an unstable option of the compiler, whichever compiler it is.
fn fuzzing(workspace: &Workspace, word: &str) -> Command {
    let mut command = Command::new(cargo_fuzz(workspace));
    command
        .arg(word)
        .current_dir(workspace.root.join("fuzz"))
        .env("RUSTC_BOOTSTRAP", "1")
        // SQLite has two constants of one name, each its own file's.
        .env("ASAN_OPTIONS", "detect_odr_violation=0")
        .env("CARGO_TARGET_DIR", workspace.target.join("fuzz"));
    command
}

fn fuzz(workspace: &Workspace, target: &str, seconds: u64) -> Result<()> {
    let corpus = workspace.target.join("fuzz").join("corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    for (number, seed) in seeds::of(target, &workspace.root)?.iter().enumerate() {
        std::fs::write(corpus.join(format!("seed-{number}")), seed)?;
    }
    process::run(
        fuzzing(workspace, "run")
            .args(["--fuzz-dir", ".", target])
            .arg(&corpus)
            .args(["--", "-print_final_stats=1", "-rss_limit_mb=4096", "-timeout=20"])
            .arg(format!("-max_total_time={seconds}")),
    )
}

/// A server with the demo city on a free port. Killed when dropped: it keeps nothing anybody wants.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(workspace: &Workspace, folder: &Path) -> Result<Self> {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder)?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let command = |words: &[&str]| {
            let mut command = Command::new(workspace.release_binary("momfood"));
            command
                .args(words)
                .arg("--data-dir")
                .arg(folder)
                .arg("--database-url")
                .arg(format!("sqlite:{}", folder.join("momfood.db").display()))
                .args(["--listen", &address.to_string(), "--log-filter", "warn"])
                // One address asks as fast as it can here, as every person in turn.
                .env("MOMFOOD_LIMITS", "none")
                .env("MOMFOOD_STAFF_SECOND_FACTOR", "optional");
            command
        };
        process::run(command(&["seed", "demo"]).stdout(std::process::Stdio::null()))?;
        let log = std::fs::File::create(folder.join("server.log"))?;
        let mut serve = command(&["serve"]);
        serve
            .stdin(std::process::Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let child = serve.spawn().context("cannot start the server")?;
        let server = Self { child, address };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            if began.elapsed() > PATIENCE {
                bail!(
                    "the server does not answer: see {}",
                    folder.join("server.log").display()
                );
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

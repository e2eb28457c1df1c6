//! `cargo xtask demo`: from a checkout to a city one can order food in, by one command.
//!
//! Everything it keeps is in `.momfood/demo`; it touches no database of anybody else.

use crate::needs;
use crate::process::{self, Company, Part};
use crate::steps::{Steps, human};
use crate::web;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long a server may take from its start to its first answer.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(clap::Args)]
pub struct Options {
    /// Let simulated customers, kitchens and drivers live in the city, through the public API only.
    #[arg(long)]
    simulate: bool,
    /// Forget what the demo kept and start over.
    #[arg(long)]
    fresh: bool,
    /// The port everything is served on.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// Builds, fills and serves until Ctrl-C.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let began = Instant::now();
    port_is_free(options.port)?;
    let folder = workspace.root.join(".momfood").join("demo");
    if options.fresh && folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)?;
    let server = Server {
        workspace,
        folder,
        port: options.port,
    };

    println!("MomFood demo. The first build takes several minutes; a second run starts in seconds.");
    let mut steps = Steps::new(4);
    steps.step("What this machine needs", || needs::ensure(&[&needs::C_COMPILER]))?;
    steps.step("Web apps", || web::run(workspace, &web::Options::default()))?;
    steps.step("Server", || build(workspace, options.simulate))?;
    let sign_ins = steps.step("Demo city", || server.seed())?;

    let mut company = Company::new()?;
    company.start("server", Part::Vital, &mut server.command(&["serve"]))?;
    server.wait_until_ready(&mut company)?;
    if options.simulate {
        let mut simulation = Command::new(workspace.release_binary("momfood-bench"));
        company.start(
            "simulation",
            Part::Guest,
            simulation.args(["simulate", "--base", &server.url()]),
        )?;
    }
    server.print_welcome(&sign_ins, began.elapsed());
    company.wait()?;
    println!("Stopped. The city is kept in .momfood/demo.");
    Ok(())
}

fn build(workspace: &Workspace, with_simulation: bool) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release", "--package", "momfood-backend"]);
    if with_simulation {
        cargo.args(["--package", "momfood-bench"]);
    }
    process::run(&mut cargo)
}

fn port_is_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "port {port} cannot be used ({error}); try --port {}",
            port.wrapping_add(1)
        ),
    }
}

/// The demo's server and where it keeps things.
struct Server<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
    port: u16,
}

impl Server<'_> {
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.workspace.release_binary("momfood"));
        command
            .current_dir(&self.workspace.root)
            // Everybody's password is public here.
            .env("MOMFOOD_STAFF_SECOND_FACTOR", "optional")
            .args(words)
            .arg("--data-dir")
            .arg(&self.folder)
            .arg("--database-url")
            .arg(format!("sqlite:{}", self.folder.join("momfood.db").display()))
            .arg("--web-dir")
            .arg(self.workspace.dist())
            .args(["--listen", &self.address().to_string()])
            // Flags win over a settings file and the environment: the demo is the same everywhere. Its own log
            // holds what went wrong, not every request, so that the links stay in sight.
            .args(["--log-filter", "warn"])
            // Codes are shown, and nothing is sent to anybody.
            .env("MOMFOOD_DEV_MESSAGES", "true")
            .env_remove("MOMFOOD_PUBLIC_URL");
        command
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Fills the city if it is empty; returns what the server says about signing in.
    fn seed(&self) -> Result<String> {
        let mut command = self.command(&["seed", "demo"]);
        let output = command
            .stderr(std::process::Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start `{}`", process::line(&command)))?;
        let said = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        if !output.status.success() {
            bail!("`{}` failed ({}): {said}", process::line(&command), output.status);
        }
        Ok(said)
    }

    fn wait_until_ready(&self, company: &mut Company) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            company.check()?;
            if company.stop_asked() || self.answers().unwrap_or(false) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!(
            "the server does not answer on {} after {}",
            self.url(),
            human(PATIENCE)
        )
    }

    /// Whether the start page is served.
    fn answers(&self) -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&self.address(), Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b" 200"))
    }

    fn print_welcome(&self, sign_ins: &str, took: Duration) {
        // By name: browsers make no passkeys for a bare address.
        let url = format!("http://localhost:{}", self.port);
        println!("\nMomFood is open, {} after the command.\n", human(took));
        println!("  customer   {url}/");
        println!("  kitchen    {url}/kitchen/");
        println!("  driver     {url}/driver/");
        println!("  admin      {url}/admin/");
        println!("  API        {url}/api/docs");
        println!("  messages   {url}/dev/messages   (codes by SMS and email; nothing is really sent)\n");
        for line in sign_ins.lines() {
            println!("  {line}");
        }
        println!("\nOpen the links side by side and order something. Ctrl-C stops.");
    }
}

//! The real server, release build, on a database of its own with the demo city in it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::http::{Ask, Connection};
use crate::keeper::{self, Kept};
use crate::postgres::Postgres;
use crate::usage;

/// Which database is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Databases {
    Sqlite,
    Postgres,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Databases {
    pub const fn engines(self) -> &'static [Engine] {
        match self {
            Self::Sqlite => &[Engine::Sqlite],
            Self::Postgres => &[Engine::Postgres],
            Self::Both => &[Engine::Sqlite, Engine::Postgres],
        }
    }
}

/// `$1` the server, `$2` where to listen, `$3` the database or nothing, `$4` the web apps or nothing.
const SCRIPT: &str = r#"
binary=$1 listen=$2 database=$3 web=$4
unset MOMFOOD_CONFIG MOMFOOD_SQLITE_READERS MOMFOOD_POSTGRES_CONNECTIONS MOMFOOD_SOCKET_BUFFER MOMFOOD_MAX_CONNECTIONS MOMFOOD_REDIS_URL
# A device here stands for many.
export MOMFOOD_DEVICE_RATE=1000000
# And all of them come from one address.
export MOMFOOD_LIMITS=none
# New customers read their codes there.
export MOMFOOD_DEV_MESSAGES=true
ulimit -n "$(ulimit -H -n)"
set -- --listen "$listen" --data-dir "$dir" --database-url "${database:-sqlite:$dir/momfood.db}" --log-filter warn
if [ -n "$web" ]; then set -- "$@" --web-dir "$web"; fi
"$binary" seed demo "$@" >"$dir/seed.log" 2>&1 || fail
"$binary" serve "$@" >"$dir/server.log" 2>&1 </dev/null &
program=$!
"#;

/// Ends when dropped.
pub struct Server {
    // Ended before the database it writes to.
    kept: Kept,
    postgres: Option<Postgres>,
    pub address: SocketAddr,
}

/// Processor time so far, seconds.
#[derive(Clone, Copy)]
pub struct Used {
    pub server: f64,
    pub database: f64,
    pub bench: f64,
}

impl Server {
    pub fn start(engine: Engine, web: Option<&Path>) -> Result<Self> {
        let binary = binary()?;
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Postgres::start()?),
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, keeper::free_port()?));
        let url = postgres.as_ref().map(Postgres::url).unwrap_or_default();
        let web = web.map(|web| web.display().to_string()).unwrap_or_default();
        let args = [&binary.display().to_string(), &address.to_string(), &url, &web];
        let kept = keeper::keep("the server", SCRIPT, &args.map(String::as_str), None)?;
        let server = Self {
            kept,
            postgres,
            address,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&self) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(30) {
            let answer = Connection::new(self.address).send(&Ask::get("/health/ready"));
            if answer.is_ok_and(|answer| answer.is_success()) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the server does not answer: {}", self.complaints())
    }

    pub fn database(&self) -> String {
        match &self.postgres {
            None => "SQLite (WAL, synchronous FULL)".to_owned(),
            Some(postgres) => format!("{} (fsync on)", postgres.version),
        }
    }

    /// What it wrote to its log: only warnings and errors.
    pub fn complaints(&self) -> String {
        self.kept.read("server.log").unwrap_or_default()
    }

    pub fn used(&self) -> Used {
        Used {
            server: usage::cpu_seconds(self.kept.pid),
            database: self
                .postgres
                .as_ref()
                .map_or(0.0, |postgres| usage::cpu_seconds_of_family(postgres.pid())),
            bench: usage::cpu_seconds(std::process::id()),
        }
    }

    /// Memory now and at most so far, bytes.
    pub fn memory(&self) -> (u64, u64) {
        usage::memory(self.kept.pid)
    }
}

impl std::ops::Sub for Used {
    type Output = Self;
    fn sub(self, before: Self) -> Self {
        Self {
            server: self.server - before.server,
            database: self.database - before.database,
            bench: self.bench - before.bench,
        }
    }
}

fn binary() -> Result<PathBuf> {
    named("MOMFOOD_BINARY", "the release build of the server")
}

/// The built web apps.
pub fn dist() -> Result<PathBuf> {
    named("MOMFOOD_DIST", "the folder of the built web apps")
}

/// What the environment variable names.
pub fn named(variable: &str, what: &str) -> Result<PathBuf> {
    let path = std::env::var_os(variable)
        .with_context(|| format!("{variable} must name {what} (`cargo xtask bench` sets it)"))?;
    Path::new(&path)
        .canonicalize()
        .with_context(|| format!("{variable}: {}", Path::new(&path).display()))
}

/// Lets this process have as many open sockets as it may.
pub fn many_sockets() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Refused: what is asked for later fails by itself, and says so.
    let _ = setrlimit(Resource::Nofile, limit);
}

//! A PostgreSQL of the test process's own: on a unix socket in a temporary folder, without a port, without fsync.
//! One server per process, one database per test, copied from a migrated template. Never touches an installed one.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::OnceCell;

use crate::store::Open;

/// Runs as the user who owns the server. It prints the socket's folder when the server answers, and ends the server
/// and removes the folder when its input closes: however the test process ends, the kernel closes that pipe.
const KEEPER: &str = r#"
set -eu
bin=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/momfood-pg.XXXXXX")
trap 'rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U momfood -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c synchronous_commit=off -c shared_buffers=64MB -c max_connections=200 >"$dir/server.log" 2>&1 </dev/null &
server=$!
tries=0
until "$bin/pg_isready" -q -h "$dir" -U momfood; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! kill -0 $server 2>/dev/null; then cat "$dir/server.log" >&2; exit 1; fi
    sleep 0.1
done
echo "$dir"
cat >/dev/null || true
kill -QUIT $server
wait $server || true
"#;

/// What must be said when the programs are not here.
const MISSING: &str = "PostgreSQL is needed for this test: install the package `postgresql` \
    (its initdb and postgres are looked for on PATH and in /usr/lib/postgresql/*/bin)";

struct Server {
    socket: PathBuf,
    /// Open as long as this process lives.
    _input: ChildStdin,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();
static MADE: AtomicU32 = AtomicU32::new(0);
const TEMPLATE: &str = "momfood_template";

/// The database of one test.
pub struct Database {
    name: String,
    socket: PathBuf,
}

impl Database {
    /// Makes one from the template; starts the server first when this is the first test.
    pub async fn new() -> Self {
        let server = SERVER.get_or_init(start).await;
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        make(server, &name, Some(TEMPLATE)).await;
        Self {
            name,
            socket: server.socket.clone(),
        }
    }

    /// Its address.
    pub fn url(&self) -> String {
        url(&self.socket, &self.name)
    }
}

fn url(socket: &std::path::Path, name: &str) -> String {
    format!("postgres://momfood@localhost/{name}?host={}", socket.display())
}

async fn make(server: &Server, name: &str, template: Option<&str>) {
    let mut admin = PgConnection::connect(&url(&server.socket, "postgres"))
        .await
        .expect("the private PostgreSQL");
    let template = template
        .map(|template| format!(" template {template}"))
        .unwrap_or_default();
    // Names made of our own letters and numbers.
    admin
        .execute(AssertSqlSafe(format!("create database {name}{template}")))
        .await
        .expect("a database");
    admin.close().await.expect("a goodbye");
}

async fn start() -> Server {
    let server = tokio::task::spawn_blocking(launch)
        .await
        .expect("a started PostgreSQL");
    make(&server, TEMPLATE, None).await;
    let db = Open {
        url: &url(&server.socket, TEMPLATE),
        readers: 1,
        connections: 2,
    }
    .connect()
    .await;
    let db = db.expect("the template database");
    db.migrate().await.expect("migrations");
    db.close().await;
    server
}

fn launch() -> Server {
    let bin = binaries().expect(MISSING);
    let root = std::process::Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout == b"0\n");
    let mut keeper = if root {
        // PostgreSQL refuses to run as root.
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    keeper
        .args(["-c", KEEPER, "momfood-test-postgres"])
        .arg(bin)
        .current_dir("/");
    // A group of its own: Ctrl-C in the terminal must not reach it before the pipe closes.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut keeper, 0);
    #[expect(clippy::zombie_processes, reason = "it lives exactly as long as this process")]
    let mut child = keeper
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut line = String::new();
    let _ = BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line);
    if line.trim().is_empty() {
        let mut why = String::new();
        let _ = child.stderr.take().expect("piped").read_to_string(&mut why);
        panic!("the private PostgreSQL did not start: {why}");
    }
    Server {
        socket: PathBuf::from(line.trim()),
        _input: child.stdin.take().expect("piped"),
    }
}

fn binaries() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut installed: Vec<PathBuf> = installed.map(|entry| entry.path().join("bin")).collect();
    installed.sort();
    installed
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&on_path))
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
}

//! A private PostgreSQL for measuring: as it is shipped, with fsync, on a unix socket in a temporary folder, without a
//! port. Never touches an installed one.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::keeper::{self, Kept};

/// Only what must differ from the defaults to live beside another server is set; durability is left as shipped.
const SCRIPT: &str = r#"
bin=$1
"$bin/initdb" -D "$dir/data" -U momfood -A trust -E UTF8 --locale=C >"$dir/initdb.log" 2>&1 || fail
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c max_connections=100 >"$dir/server.log" 2>&1 </dev/null &
program=$!
tries=0
until "$bin/pg_isready" -q -h "$dir" -U momfood; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! kill -0 $program 2>/dev/null; then fail; fi
    sleep 0.1
done
"$bin/createdb" -h "$dir" -U momfood momfood >"$dir/createdb.log" 2>&1 || fail
"#;

pub struct Postgres {
    kept: Kept,
    /// For example `PostgreSQL 17.2`.
    pub version: String,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        let bin = binaries().context(
            "PostgreSQL is needed: install the package `postgresql` \
             (initdb and postgres are looked for in /usr/lib/postgresql/*/bin and on PATH)",
        )?;
        let said = std::process::Command::new(bin.join("postgres"))
            .arg("--version")
            .output()?;
        let version = String::from_utf8_lossy(&said.stdout);
        let version = version.split_whitespace().nth(2).unwrap_or("?");
        // PostgreSQL refuses to run as root.
        let kept = keeper::keep(
            "PostgreSQL",
            SCRIPT,
            &[&bin.display().to_string()],
            Some("postgres"),
        )?;
        Ok(Self {
            kept,
            version: format!("PostgreSQL {version}"),
        })
    }

    pub fn url(&self) -> String {
        format!(
            "postgres://momfood@localhost/momfood?host={}",
            self.kept.folder.display()
        )
    }

    pub const fn pid(&self) -> u32 {
        self.kept.pid
    }
}

fn binaries() -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut installed: Vec<PathBuf> = installed
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    installed.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    installed
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&on_path))
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
}

//! Says whether the server could run here, and why not; and what should be otherwise before others reach it. Changes
//! nothing, shows no secret.

mod earnest;

use std::io::{self, Write};
use std::path::Path;

use crate::clock::Clock;
use crate::config::{Config, Loaded};
use crate::keys::file;
use crate::sealed::{self, sources};
use crate::{app, audit};

struct Report<'w> {
    out: &'w mut dyn Write,
    healthy: bool,
}

impl Report<'_> {
    fn line(&mut self, good: bool, what: &str, text: &str) -> io::Result<()> {
        self.healthy &= good;
        writeln!(
            self.out,
            "  {} {what:<12} {text}",
            if good { "ok  " } else { "FAIL" }
        )
    }

    /// What should be otherwise, though the server runs.
    fn advice(&mut self, what: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "  WARN {what:<12} {text}")
    }
}

/// Writes the settings, the checks, and what should be otherwise; `true` when the server could run.
pub async fn examine(loaded: &Loaded, out: &mut dyn Write) -> io::Result<bool> {
    writeln!(out, "Settings")?;
    let settings = loaded.settings();
    let width = settings
        .iter()
        .map(|setting| setting.value.chars().count())
        .max()
        .unwrap_or(0)
        .min(48);
    for setting in settings {
        writeln!(
            out,
            "  {:<21} {:<width$}  ({})",
            setting.name, setting.value, setting.source
        )?;
    }
    writeln!(out, "\nChecks")?;
    let mut report = Report { out, healthy: true };
    folder(&loaded.config, &mut report)?;
    database(&loaded.config, &mut report).await?;
    key(&loaded.config, &mut report)?;
    master(&loaded.config, &mut report).await?;
    apps(&loaded.config, &mut report)?;
    writeln!(report.out, "\nBefore others reach it")?;
    earnest(loaded, &mut report).await?;
    Ok(report.healthy)
}

/// What is to be otherwise for others than this machine.
async fn earnest(loaded: &Loaded, report: &mut Report<'_>) -> io::Result<()> {
    let config = &loaded.config;
    if config.is_on_this_machine() {
        let text =
            "by its settings only this machine reaches this server: set `public_url`, and they are judged";
        return report.line(true, "settings", text);
    }
    let mut all = earnest::settings(loaded);
    // A database that cannot be reached was told of above.
    if !is_to_be_made(config)
        && let Ok(db) = app::open(config).await
    {
        if db.standing().await.is_ok_and(|at| at.applied == at.known) {
            let now = Clock::system().now();
            let said = earnest::contents(&db, now).await;
            all.extend(said.map_err(io::Error::other)?);
        }
        db.close().await;
    }
    for (what, text) in &all {
        report.advice(what, text)?;
    }
    if all.is_empty() {
        report.line(true, "settings", "nothing to be said against them")?;
    }
    Ok(())
}

/// Whether the database is a file that is not there yet.
fn is_to_be_made(config: &Config) -> bool {
    let url = config.database();
    let file = url.strip_prefix("sqlite:");
    file.is_some_and(|file| !Path::new(file.trim_start_matches("//")).exists())
}

fn folder(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let path = &config.data_dir;
    match std::fs::metadata(path) {
        Ok(about) if !about.is_dir() => report.line(
            false,
            "data folder",
            &format!("{} is not a folder", path.display()),
        ),
        Ok(about) if about.permissions().readonly() => report.line(
            false,
            "data folder",
            &format!("{} cannot be written to", path.display()),
        ),
        Ok(_) => report.line(true, "data folder", &path.display().to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => report.line(
            true,
            "data folder",
            &format!("{} will be made on the first start", path.display()),
        ),
        Err(error) => report.line(false, "data folder", &format!("{}: {error}", path.display())),
    }
}

async fn database(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    if is_to_be_made(config) {
        return report.line(
            true,
            "database",
            "a new SQLite file will be made on the first start",
        );
    }
    let db = match app::open(config).await {
        Ok(db) => db,
        Err(error) => return report.line(false, "database", &format!("cannot be reached: {error}")),
    };
    let engine = db.engine().name();
    match db.ping().await {
        Ok(()) => report.line(true, "database", &format!("{engine} answers"))?,
        Err(error) => report.line(false, "database", &format!("{engine}: {error}"))?,
    }
    match db.standing().await {
        Ok(at) if at.applied > at.known => {
            let text = format!(
                "{} applied, but this program knows only {}: it is too old",
                at.applied, at.known
            );
            report.line(false, "schema", &text)?;
        }
        Ok(at) if at.applied < at.known => {
            let text = format!(
                "{} of {} applied; `momfood migrate` or a start does the rest",
                at.applied, at.known
            );
            report.line(true, "schema", &text)?;
        }
        Ok(at) => {
            report.line(true, "schema", &format!("up to date ({} migrations)", at.applied))?;
            match audit::command::summary(&db).await {
                Ok((whole, text)) => report.line(whole, "audit log", &text)?,
                Err(error) => report.line(false, "audit log", &error.to_string())?,
            }
        }
        Err(error) => report.line(false, "schema", &error.to_string())?,
    }
    db.close().await;
    Ok(())
}

fn key(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let path = config.key_file();
    if !path.exists() {
        return report.line(true, "signing keys", "will be made on the first start");
    }
    if let Some(text) = read_by_others(&path) {
        return report.line(false, "signing keys", &text);
    }
    match file::load(&path) {
        Ok(keys) => report.line(
            true,
            "signing keys",
            &format!("{} (keys: {})", path.display(), keys.len()),
        ),
        Err(error) => report.line(false, "signing keys", &error.to_string()),
    }
}

/// What is wrong with a file of secrets that others may read.
fn read_by_others(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Some(format!(
                "{} may be read by others (mode {mode:o}); `chmod 600` it",
                path.display()
            ));
        }
    }
    let _ = path;
    None
}

/// Whether there are master keys, and they are this database's.
async fn master(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let what = "master keys";
    if config.master_key.is_none()
        && let Some(text) = read_by_others(&config.master_key_file())
    {
        return report.line(false, what, &text);
    }
    let place = match sources::from_config(config) {
        Ok(place) => place,
        Err(error) => return report.line(false, what, &format!("{error:#}")),
    };
    let ring = match place.load().await {
        Ok(ring) => ring,
        Err(error) => return report.line(false, what, &error.to_string()),
    };
    // A database that cannot be reached was told of above; one without a schema has nothing sealed.
    if !is_to_be_made(config)
        && let Ok(db) = app::open(config).await
    {
        let current = db.standing().await.is_ok_and(|at| at.applied == at.known);
        let checked = if current {
            sealed::check(&db, &ring, &place.place()).await
        } else {
            Ok(())
        };
        db.close().await;
        if let Err(error) = checked {
            return report.line(false, what, &format!("{error:#}"));
        }
    }
    if ring.is_empty() {
        return report.line(true, what, "the first one will be made on the first start");
    }
    report.line(true, what, &format!("{}: {}", place.place(), ring.names()))
}

fn apps(config: &Config, report: &mut Report<'_>) -> io::Result<()> {
    let Some(root) = &config.web_dir else {
        return report.line(true, "web apps", "none configured: only the API is served");
    };
    let missing: Vec<&str> = ["customer", "kitchen", "driver"]
        .into_iter()
        .filter(|app| !root.join(app).join("index.html").is_file())
        .collect();
    if missing.is_empty() {
        report.line(true, "web apps", &root.display().to_string())
    } else {
        let text = format!(
            "{} lacks {}: build them with `cargo xtask web`",
            root.display(),
            missing.join(", ")
        );
        report.line(false, "web apps", &text)
    }
}

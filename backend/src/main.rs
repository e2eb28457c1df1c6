//! The `momfood` command.
#![allow(
    clippy::doc_markdown,
    reason = "doc comments of commands are what `--help` prints"
)]

use std::io::{Write as _, stdout};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

use momfood_backend::admin::command;
use momfood_backend::app::{self, App};
use momfood_backend::audit::command::{self as audit, Mark};
use momfood_backend::clock::Clock;
use momfood_backend::config::{Config, Flags, LogFormat};
use momfood_backend::privacy::Erasure;
use momfood_backend::{doctor, keys, privacy, router, seed, server, sync};
use momfood_domain::actor::Actor;

/// The MomFood server.
#[derive(Parser)]
#[command(name = "momfood", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, the live streams and the web apps
    Serve,
    /// Bring the database's schema up to date
    Migrate,
    /// Fill the database
    Seed {
        #[command(subcommand)]
        what: Seed,
    },
    /// Who runs the platform: for the first admin, and when none can sign in any more
    Admin {
        #[command(subcommand)]
        what: Admin,
    },
    /// Print the OpenAPI document
    Openapi,
    /// Name the history of the database
    Epoch {
        #[command(subcommand)]
        what: Epoch,
    },
    /// Take nothing in from devices for so many minutes; 0 goes on at once. What they hold waits on them
    Maintenance {
        /// How long
        minutes: u32,
    },
    /// Erase people once more, by id: after an older copy of the database was put back, before serving it
    Erase {
        /// Who
        #[arg(required = true)]
        people: Vec<uuid::Uuid>,
    },
    /// The chain over the record of who saw and did what
    Audit {
        #[command(subcommand)]
        what: Audit,
    },
    /// See to the keys that sign and seal
    Keys {
        #[command(subcommand)]
        what: keys::command::Keys,
    },
    /// Show the settings in effect and whether the server could run
    Doctor,
}

#[derive(Subcommand)]
enum Audit {
    /// Read the whole chain and say what was changed behind the server's back; fails if anything was
    Verify {
        /// NUMBER:HASH that `momfood audit seal` printed before: finds a chain that was rewritten as a whole
        #[arg(long)]
        against: Option<Mark>,
    },
    /// Seal what waits and print NUMBER:HASH, to be written down elsewhere
    Seal,
}

#[derive(Subcommand)]
enum Admin {
    /// Make somebody an admin. Whoever has no account gets one, with a password that is made up and printed once
    Create {
        /// Whom
        #[arg(long)]
        email: String,
        /// What they are called
        #[arg(long, default_value = "Admin")]
        name: String,
        /// Read the password from the first line of standard input instead
        #[arg(long)]
        password_stdin: bool,
    },
    /// Who is an admin
    List,
    /// Take the second factor off an account whose person lost it. Their sessions end, and they are told
    RemoveFactor {
        /// The account's email
        email: String,
    },
}

#[derive(Subcommand)]
enum Epoch {
    /// Begin another history: to be done after an older copy of the database was put back, before serving it.
    /// Devices then read everything anew, and hand in again what the copy does not have
    Rotate,
}

#[derive(Subcommand)]
enum Seed {
    /// A city to look at: restaurants, menus, drivers and people, all with one public password.
    /// Running it again changes nothing.
    Demo {
        /// Print whom to sign in as in JSON
        #[arg(long)]
        json: bool,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(run(cli));
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    outcome
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let loaded = Config::load(&cli.flags).map_err(|error| anyhow::anyhow!("settings: {error}"))?;
    match cli.command {
        Command::Serve => serve(loaded.config).await?,
        Command::Migrate => {
            std::fs::create_dir_all(&loaded.config.data_dir).context("cannot make the data folder")?;
            let db = app::open(&loaded.config)
                .await
                .context("cannot open the database")?;
            db.migrate().await?;
            let standing = db.standing().await?;
            db.close().await;
            writeln!(
                stdout(),
                "{}: {} migrations applied",
                db.engine().name(),
                standing.applied
            )?;
        }
        Command::Seed {
            what: Seed::Demo { json },
        } => seed_demo(loaded.config, json).await?,
        Command::Admin { what } => admins(loaded.config, what).await?,
        Command::Epoch { what: Epoch::Rotate } => {
            let epoch = rotate_epoch(&loaded.config).await?;
            writeln!(stdout(), "{epoch}")?;
        }
        Command::Maintenance { minutes } => pause(&loaded.config, minutes).await?,
        Command::Openapi => writeln!(stdout(), "{}", router::document().to_pretty_json()?)?,
        Command::Erase { people } => erase(loaded.config, people).await?,
        Command::Audit { what } => return audit_log(&loaded.config, what).await,
        Command::Keys { what } => {
            keys::command::run(&what, &loaded.config, &Clock::system(), &mut stdout()).await?;
        }
        Command::Doctor => {
            let healthy = doctor::examine(&loaded, &mut stdout()).await?;
            return Ok(if healthy {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn seed_demo(config: Config, json: bool) -> anyhow::Result<()> {
    let media = config.media();
    let clock = Clock::system();
    let app = App::start(config, clock.clone()).await?;
    let seeded = seed::demo(&app.db, &clock, &media).await;
    app.stop().await;
    let seeded = seeded.context("cannot write the demo city")?;
    if json {
        writeln!(stdout(), "{}", serde_json::to_string_pretty(&seeded)?)?;
    } else {
        write!(stdout(), "{seeded}")?;
    }
    Ok(())
}

async fn admins(config: Config, what: Admin) -> anyhow::Result<()> {
    let clock = Clock::system();
    let app = App::start(config, clock.clone()).await?;
    let outcome = match what {
        Admin::Create {
            email,
            name,
            password_stdin,
        } => {
            let typed = if password_stdin {
                let mut line = String::new();
                std::io::stdin()
                    .read_line(&mut line)
                    .context("no password came")?;
                Some(line.trim_end_matches(['\r', '\n']).to_owned())
            } else {
                None
            };
            command::create(&app.db, &clock, (&email, &name), typed, &mut stdout()).await
        }
        Admin::List => command::list(&app.db, &mut stdout()).await,
        Admin::RemoveFactor { email } => command::remove_factor(&app.db, &clock, &email, &mut stdout()).await,
    };
    app.stop().await;
    outcome
}

async fn rotate_epoch(config: &Config) -> anyhow::Result<uuid::Uuid> {
    let db = app::open(config).await.context("cannot open the database")?;
    db.migrate().await?;
    let clock = Clock::system();
    let (epoch, now) = (clock.uuid(), clock.now());
    sync::begin(&db, epoch).await?;
    let rotated = db.write(async move |mut tx| sync::rotate(&mut tx, epoch, now).await);
    rotated.await.context("cannot begin another history")?;
    db.close().await;
    Ok(epoch)
}

async fn erase(config: Config, people: Vec<uuid::Uuid>) -> anyhow::Result<()> {
    let clock = Clock::system();
    let app = App::start(config, clock.clone()).await?;
    let mut outcome = Ok(());
    for person in people {
        let erasure = Erasure {
            person: person.into(),
            actor: Actor::SYSTEM,
            audit: clock.uuid(),
            now: clock.now(),
        };
        let erased = app
            .db
            .write(async move |mut tx| privacy::erase(&mut tx, erasure).await)
            .await;
        match erased {
            Ok(_ended) => writeln!(stdout(), "{person}: erased")?,
            Err(error) => {
                writeln!(stdout(), "{person}: {error}")?;
                outcome = Err(anyhow::anyhow!("not everybody was erased"));
            }
        }
    }
    app.stop().await;
    outcome
}

async fn audit_log(config: &Config, what: Audit) -> anyhow::Result<ExitCode> {
    let db = app::open(config).await.context("cannot open the database")?;
    let whole = match what {
        Audit::Seal => {
            audit::seal_all(&db, Clock::system().now(), &mut stdout()).await?;
            true
        }
        Audit::Verify { against } => audit::verify_all(&db, against, &mut stdout()).await?,
    };
    db.close().await;
    Ok(if whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn pause(config: &Config, minutes: u32) -> anyhow::Result<()> {
    let db = app::open(config).await.context("cannot open the database")?;
    let until = Clock::system().now().plus_minutes(minutes.into());
    let paused = db.write(async move |mut tx| sync::pause(&mut tx, until).await);
    paused.await.context("cannot write it down")?;
    db.close().await;
    Ok(())
}

async fn serve(config: Config) -> anyhow::Result<()> {
    start_logging(&config)?;
    // Listening for the signal before anything else: a stop asked for during the start is not lost.
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        server::asked_to_stop().await;
        asked.cancel();
    });
    let clock = Clock::ahead(config.clock_ahead_seconds);
    let app = App::start(config, clock).await?;
    let listener = server::listen(&app).with_context(|| format!("cannot listen on {}", app.config.listen))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, database = app.db.engine().name(), "serving");
    server::serve(app, listener, stop).await;
    tracing::info!("stopped");
    Ok(())
}

fn start_logging(config: &Config) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log_filter).context("log_filter")?;
    let logging = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Pretty => logging.with_target(false).init(),
        LogFormat::Json => logging.json().flatten_event(true).init(),
    }
    Ok(())
}

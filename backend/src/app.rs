//! What every request, stream and background task can reach. Made once, cheap to clone, never global.

use std::ops::Deref;
use std::sync::Arc;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::{Looks, Sealing};
use crate::catalog::Shelf;
use crate::clock::Clock;
use crate::config::Config;
use crate::identity::elsewhere::Providers;
use crate::identity::{self, Gate, Site};
use crate::keys::Keys;
use crate::limits::Limits;
use crate::messages::Carriers;
use crate::notify::Services;
use crate::payments::{Gateway, Sandbox};
use crate::privacy::Exports;
use crate::sealed;
use crate::store::{Db, Open};
use crate::sync::{self, Broom, Hub, Pace};

/// The running program's parts, shared.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Time, randomness, ids.
    pub clock: Clock,
    /// Settings.
    pub config: Config,
    /// The keys of access tokens.
    pub keys: Keys,
    /// What signing in keeps in memory.
    pub gate: Gate,
    /// Restaurants and menus, ready to be shown.
    pub shelf: Arc<Shelf>,
    /// Moves money on cards.
    pub gateway: Arc<dyn Gateway>,
    /// Tells people who are not looking.
    pub push: Services,
    /// Carry messages by SMS and email.
    pub carriers: Carriers,
    /// How often who may do what.
    pub limits: Limits,
    /// The address people know it by, if they were told one.
    pub site: Option<Site>,
    /// Other providers whose accounts sign in here.
    pub elsewhere: Providers,
    /// Who listens to what happens.
    pub hub: Hub,
    /// How fast devices hand in.
    pub pace: Pace,
    /// When what is old was last looked for.
    pub broom: Broom,
    /// Who of the platform looked at what lately.
    pub looks_at_people: Looks,
    /// Turns to write an archive of what is kept about somebody.
    pub exports: Exports,
    /// How far the audit log is sealed and read again.
    pub sealing: Sealing,
    /// Cancelled when the server begins to stop: streams end, background tasks return.
    pub stopping: CancellationToken,
    /// Live streams and background tasks: waited for when stopping.
    pub tasks: TaskTracker,
}

/// What leads out of this server.
struct Beyond {
    push: Services,
    carriers: Carriers,
    site: Option<Site>,
    elsewhere: Providers,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Makes the data folder, opens the database, brings its schema up to date and loads the keys.
    pub async fn start(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let folder = &config.data_dir;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let db = open(&config).await.context("cannot open the database")?;
        db.migrate()
            .await
            .context("cannot bring the database's schema up to date")?;
        let place = sealed::sources::from_config(&config).context("cannot use the master keys")?;
        sealed::start(&db, &*place, &clock)
            .await
            .context("cannot use the master keys")?;
        sync::begin(&db, clock.uuid())
            .await
            .context("cannot begin the change feed")?;
        let keys = Keys::load_or_create(&config.key_file(), &clock).context("cannot use the signing key")?;
        let push = Services::from_config(&config, &clock).context("cannot use the push services")?;
        let limits =
            Limits::new(&config, secret_of_limits(&keys)).context("`redis_url` is no address of Redis")?;
        limits.join().await;
        let beyond = Beyond {
            carriers: Carriers::from_config(&config, &clock).context("cannot send messages")?,
            site: Site::from_config(&config).context("cannot use public_url")?,
            elsewhere: Providers::from_config(&config, &clock)
                .context("cannot let people in with other providers")?,
            push,
        };
        let app = Self::with(config, clock, db, keys, limits, beyond);
        // Before the first request: a token whose session ended a moment ago is not to be believed after a restart.
        identity::learn_due(&app, app.clock.now())
            .await
            .context("cannot read which sessions ended")?;
        Ok(app)
    }

    /// Puts the parts together, without push services; messages are shown and not sent.
    pub fn new(config: Config, clock: Clock, db: Db, keys: Keys) -> Self {
        let secret = secret_of_limits(&keys);
        let limits = Limits::new(&config, secret).unwrap_or_else(|error| {
            tracing::error!(kind = ?error.kind(), "`redis_url` is no address of Redis");
            Limits::alone(&config, secret)
        });
        let beyond = Beyond {
            push: Services::default(),
            carriers: Carriers::shown(&clock),
            // A bench without them shows what is missing by itself.
            site: Site::from_config(&config).unwrap_or_default(),
            elsewhere: Providers::from_config(&config, &clock).unwrap_or_default(),
        };
        Self::with(config, clock, db, keys, limits, beyond)
    }

    fn with(config: Config, clock: Clock, db: Db, keys: Keys, limits: Limits, beyond: Beyond) -> Self {
        let Beyond {
            push,
            carriers,
            site,
            elsewhere,
        } = beyond;
        let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
        // Hears of a commit before the hub does: whoever is told of a change and asks at once sees it.
        let shelf = Shelf::on(&db);
        let hub = Hub::new(&db, &clock, &stopping, &tasks);
        let pace = Pace::new(config.device_rate);
        let gateway = Arc::new(Sandbox::new(db.clone(), clock.clone()));
        Self(Arc::new(Parts {
            db,
            clock,
            config,
            keys,
            gate: Gate::default(),
            shelf,
            gateway,
            push,
            carriers,
            limits,
            site,
            elsewhere,
            hub,
            pace,
            broom: Broom::default(),
            looks_at_people: Looks::default(),
            sealing: Sealing::default(),
            exports: Exports::default(),
            stopping,
            tasks,
        }))
    }

    /// Ends streams and background tasks, finishes accepted writes, closes the database.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.db.close().await;
    }
}

/// Names callers in limits: the same on all servers, and after a rotation of the keys as well.
fn secret_of_limits(keys: &Keys) -> [u8; 32] {
    let believed = keys.believed();
    let oldest = believed.first().map_or([0; 32], |key| key.renewal);
    Sha256::new()
        .chain_update(b"momfood limits\0")
        .chain_update(oldest)
        .finalize()
        .into()
}

/// Opens the database of `config`.
pub async fn open(config: &Config) -> Result<Db, crate::store::StoreError> {
    let (readers, connections) = (config.sqlite_readers, config.postgres_connections);
    Open {
        url: &config.database(),
        readers,
        connections,
    }
    .connect()
    .await
}

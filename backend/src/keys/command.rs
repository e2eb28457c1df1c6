//! What `momfood keys …` does: says which keys there are, makes new ones, takes old ones out. Works while servers run, and
//! goes on where it was cut off. Never prints a secret.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context as _, bail, ensure};
use clap::Subcommand;
use momfood_domain::actor::Role;
use momfood_domain::time::{SECOND, Timestamp};

use super::watch::NOTICE_SECONDS;
use super::{Key, file};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::sealed::master::{MasterKey, MasterKeys, MasterRing};
use crate::sealed::{self, Sealer, sources};
use crate::store::Db;

/// What is to be done with keys.
#[derive(Clone, Debug, Subcommand)]
pub enum Keys {
    /// Say which keys there are, which are in use, and what still needs the older ones
    Status,
    /// Make a new key that signs access tokens; older ones stay believed, nobody is signed out
    RotateSigning {
        /// Seconds until it signs: every server reads it before
        #[arg(long, default_value_t = NOTICE_SECONDS)]
        after: u32,
    },
    /// Make a new master key and wrap every person's key anew under it; what was begun before is finished first
    RotateMaster {
        /// Seconds until it wraps: every server reads it before
        #[arg(long, default_value_t = NOTICE_SECONDS)]
        after: u32,
    },
    /// Take an old key out, of either kind
    Retire {
        /// Its name, as `status` says it
        id: String,
        /// A signing key that sessions may still rest on: whoever has not been here since it was replaced is signed out
        #[arg(long)]
        sign_out: bool,
    },
}

/// Does it.
pub async fn run(what: &Keys, config: &Config, clock: &Clock, out: &mut dyn Write) -> anyhow::Result<()> {
    let _alone = match what {
        Keys::Status => None,
        _ => Some(file::lock(&config.data_dir)?),
    };
    match what {
        Keys::Status => status(config, clock, out).await,
        Keys::RotateSigning { after } => rotate_signing(config, clock, *after, out),
        Keys::RotateMaster { after } => rotate_master(config, clock, *after, out).await,
        Keys::Retire { id, sign_out } => retire(config, clock, (id, *sign_out), out).await,
    }
}

/// The database, with the master keys that belong to it, and where those are.
struct Vaulted {
    db: Db,
    place: Box<dyn MasterKeys>,
}

async fn open(config: &Config, clock: &Clock) -> anyhow::Result<Vaulted> {
    let place = sources::from_config(config)?;
    let ring = place.load().await?;
    ensure!(
        !ring.is_empty(),
        "there are no master keys in {}: the first start makes them",
        place.place()
    );
    let db = app::open(config).await.context("cannot open the database")?;
    let standing = db.standing().await?;
    ensure!(
        standing.applied == standing.known,
        "the database's schema is not up to date: `momfood migrate` first"
    );
    sealed::check(&db, &ring, &place.place()).await?;
    db.seal_with(Sealer::new(ring, clock.clone()));
    Ok(Vaulted { db, place })
}

fn begun(from: Timestamp, now: Timestamp) -> String {
    match from.since(now) {
        left if left > 0 => format!("begins in {} s", left.div_euclid(SECOND) + 1),
        _ if from.0 <= 0 => "from the beginning".to_owned(),
        past => {
            let minutes = -past / (60 * SECOND);
            format!(
                "since {} d {} h {} min",
                minutes / 1_440,
                minutes / 60 % 24,
                minutes % 60
            )
        }
    }
}

async fn status(config: &Config, clock: &Clock, out: &mut dyn Write) -> anyhow::Result<()> {
    let (path, now) = (config.key_file(), clock.now());
    writeln!(out, "Signing keys in {}", path.display())?;
    let keys = file::load(&path).context("cannot read them; the first start makes them")?;
    let current = current(&keys, now);
    for (at, key) in keys.iter().enumerate() {
        let state = if key.id == current {
            "signs".to_owned()
        } else if key.from > now {
            "is believed".to_owned()
        } else {
            format!("is believed; {}", retirable(&keys, at, now))
        };
        writeln!(out, "  {}  {state}, {}", key.id, begun(key.from, now))?;
    }
    let Vaulted { db, place } = open(config, clock).await?;
    writeln!(out, "Master keys in {}", place.place())?;
    let ring = place.load().await?;
    let current = ring.current(now).map_or("", MasterKey::id).to_owned();
    let wraps: BTreeMap<String, i64> = sealed::wrapped_by(&mut db.read().await?)
        .await?
        .into_iter()
        .collect();
    for key in ring.iter() {
        let state = if key.id() == current {
            "wraps new keys"
        } else {
            "unwraps"
        };
        let keys = wraps.get(key.id()).copied().unwrap_or(0);
        writeln!(
            out,
            "  {}  {state}, {}, {keys} keys of persons",
            key.id(),
            begun(key.from(), now)
        )?;
    }
    db.close().await;
    Ok(())
}

/// The name of the key that signs at `now`.
fn current(keys: &[std::sync::Arc<Key>], now: Timestamp) -> String {
    let begun = keys.iter().rev().find(|key| key.from <= now);
    begun
        .or(keys.first())
        .map_or_else(String::new, |key| key.id.clone())
}

/// When nothing rests on the key at `at` any more: the key after it vouches for every session that was renewed since that
/// one began, and no other still lives.
fn free_at(keys: &[std::sync::Arc<Key>], at: usize) -> Option<Timestamp> {
    let idle = Role::ALL.iter().map(|role| role.lifetime().idle).max()?;
    keys.get(at + 1).map(|next| next.from.plus(idle))
}

fn retirable(keys: &[std::sync::Arc<Key>], at: usize, now: Timestamp) -> String {
    match free_at(keys, at) {
        Some(free) if free <= now => "nothing rests on it any more: it may be retired".to_owned(),
        Some(free) => format!(
            "sessions may rest on it for {} h",
            free.since(now) / (3_600 * SECOND) + 1
        ),
        None => "is the newest".to_owned(),
    }
}

fn rotate_signing(config: &Config, clock: &Clock, after: u32, out: &mut dyn Write) -> anyhow::Result<()> {
    let path = config.key_file();
    let id = file::rotate(&path, clock, after)?;
    writeln!(
        out,
        "{}: the key {id} signs in {after} s; older ones stay believed until they are retired. Keep a copy of the file.",
        path.display()
    )?;
    Ok(())
}

async fn rotate_master(
    config: &Config,
    clock: &Clock,
    after: u32,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let Vaulted { db, place } = open(config, clock).await?;
    let mut ring = place.load().await?;
    let now = clock.now();
    let waits = ring.iter().any(|key| key.from() > now);
    let current = ring.current(now).map_or("", MasterKey::id).to_owned();
    let left = sealed::left_to_rewrap(&mut db.read().await?, &current).await?;
    if waits || left > 0 {
        writeln!(out, "Going on with what was begun before.")?;
    } else {
        let from = Timestamp((now.0 / SECOND + i64::from(after)) * SECOND);
        let key = MasterKey::new(clock.bytes(), from);
        place.add(&key).await?;
        writeln!(
            out,
            "{}: the new master key is {}. Keep a copy now.",
            place.place(),
            key.id()
        )?;
        ring = place.load().await?;
    }
    let newest = ring.iter().map(MasterKey::from).max().unwrap_or(now);
    if newest > now {
        writeln!(
            out,
            "Waiting {} s for every server to read it.",
            newest.since(now) / SECOND + 1
        )?;
        out.flush()?;
        clock.sleep_until(newest).await;
    }
    // What is kept there now, and nothing else, may wrap: a key that is only in memory would be lost with all it wraps.
    let wrapped = rewrap(&db, place.load().await?).await?;
    writeln!(out, "{wrapped} keys are wrapped anew.")?;
    db.close().await;
    Ok(())
}

/// Wraps every key anew under the current one of `ring`, a few in each transaction.
async fn rewrap(db: &Db, ring: MasterRing) -> anyhow::Result<usize> {
    let sealer = db.sealer().context("there are no master keys")?;
    sealer.use_ring(ring);
    let mut wrapped = 0;
    loop {
        let some = db
            .write(async move |mut tx| sealed::rewrap_some(&mut tx).await)
            .await?;
        if some == 0 {
            return Ok(wrapped);
        }
        wrapped += some;
    }
}

async fn retire(
    config: &Config,
    clock: &Clock,
    (id, sign_out): (&str, bool),
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let (path, now) = (config.key_file(), clock.now());
    let keys = file::load(&path)?;
    if let Some(at) = keys.iter().position(|key| key.id == id) {
        ensure!(current(&keys, now) != id, "{id} signs; rotate first");
        match free_at(&keys, at) {
            Some(free) if free > now && !sign_out => bail!(
                "sessions may rest on {id} for {} h; --sign-out ends them",
                free.since(now) / (3_600 * SECOND) + 1
            ),
            _ => file::retire(&path, id)?,
        }
        writeln!(out, "{}: {id} is believed no more.", path.display())?;
        return Ok(());
    }
    let Vaulted { db, place } = open(config, clock).await?;
    let ring = place.load().await?;
    ensure!(ring.get(id).is_some(), "no key is called {id}");
    ensure!(
        ring.current(now).map(MasterKey::id) != Some(id),
        "{id} wraps new keys; rotate first"
    );
    let wraps = sealed::wrapped_by(&mut db.read().await?).await?;
    let left = wraps
        .iter()
        .find(|(master, _)| master == id)
        .map_or(0, |(_, keys)| *keys);
    ensure!(
        left == 0,
        "{id} still wraps {left} keys: `momfood keys rotate-master` first"
    );
    place.remove(id).await?;
    writeln!(
        out,
        "{}: {id} is gone. Copies of the database from before it was replaced can be read with a copy of it only.",
        place.place()
    )?;
    db.close().await;
    Ok(())
}

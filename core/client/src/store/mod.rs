//! What outlives the engine: a few kinds of SQLite files, on one thread, without waiting for anything.
//!
//! - [`Cache`] (`cache.db`): what the server said. It can be lost and is then filled anew.
//! - [`Vault`] (`vault-<user>.db`, one for each person who ever signed in here): what was tapped and is not known to be
//!   done, its results, collected cash, pictures on their way, and the device's identity. Once [`Vault::enqueue`] has
//!   answered, the tap survives the loss of power. A vault is migrated, and never wiped, not even a damaged one.
//!
//! Where there are printers, there is a third, `Spool` (`spool.db`, one for everybody): what is to be printed.
//!
//! They never share a transaction and need not: the cache says up to which `mid` its rows hold a device's mutations
//! ([`Cache::last_mid`]), and what a screen shows is the cached rows with [`Vault::above`] that number replayed.
//!
//! Where to start: [`Store::open`] with a [`Place`]. All methods take `&self`, are synchronous, and are a transaction
//! each. A store belongs to one thread and one engine; a second one on the same files gets [`StoreError::InUse`].
//!
//! ```
//! # use momfood_client::store::{Identity, NewMutation, Place, Store, StoreError};
//! # use momfood_domain::{id::OrderId, time::Timestamp};
//! # use momfood_protocol::mutation::{Mutation, Of};
//! # use uuid::Uuid;
//! # fn main() -> Result<(), StoreError> {
//! # let (user, now) = (Uuid::from_u128(1), Timestamp(0));
//! let store = Store::open(Place::Memory, "driver")?;
//! let vault = store.vault(user, || Identity { device: Uuid::from_u128(2), push_key: "secret".into() }, now)?;
//! let tap = Mutation::PickUp(Of { order_id: OrderId(Uuid::from_u128(3)) });
//! vault.enqueue(&NewMutation::of(Uuid::from_u128(4), &tap, now))?; // From here on it is a promise.
//! let base = store.cache().last_mid(vault.identity()?.device)?;
//! assert_eq!(vault.above(base)?.len(), 1); // What the overlay replays.
//! assert_eq!(vault.waiting(100)?.len(), 1); // What goes out.
//! # Ok(())
//! # }
//! ```

#[cfg(target_arch = "wasm32")]
pub mod browser;
mod cache;
mod disk;
mod error;
#[cfg(feature = "printing")]
mod spool;
#[cfg(any(test, feature = "store-suite"))]
pub mod suite;
mod vault;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
#[cfg(not(target_arch = "wasm32"))]
use std::path::PathBuf;
use std::rc::Rc;

use momfood_domain::time::Timestamp;
use momfood_protocol::engine::Storage;
use momfood_protocol::sync::SCHEMA;
use serde_json::Value;
use uuid::Uuid;

pub use cache::{Applied, Cache, Kept, Row, ScopeState};
pub use disk::Files;
pub use error::StoreError;
#[cfg(feature = "printing")]
pub use spool::{Decision, Ended, Job, KeptPrinter, NewJob, Settling, Spool};
pub use vault::{
    Cash, Identity, JOURNAL, NewMutation, Queued, Settled, Standing, State, Tapped, Upload, Vault, Waiting,
};

use disk::{Disk, Promise};

/// Where files are kept.
#[derive(Clone)]
pub enum Place {
    /// Nowhere: everything is gone with the engine.
    Memory,
    /// In a folder of the file system; each app has one of its own in it.
    #[cfg(not(target_arch = "wasm32"))]
    Files {
        /// Which; created when it is not there.
        folder: PathBuf,
    },
    /// With the page's origin, see [`browser::Pool::acquire`].
    #[cfg(target_arch = "wasm32")]
    Browser(browser::Pool),
    /// On files of another kind, which are the app's own.
    Other(Rc<dyn Files>),
}

/// Everything an app keeps on this device.
pub struct Store {
    disk: Disk,
    cache: Cache,
    cache_was_lost: Cell<bool>,
    vaults: RefCell<BTreeMap<Uuid, Rc<Vault>>>,
    damage: Cell<bool>,
}

const CACHE: &str = "cache.db";

impl Store {
    /// Opens what `app` keeps. A cache that cannot be read is set aside, and an empty one begun.
    pub fn open(place: Place, app: &str) -> Result<Self, StoreError> {
        Self::open_as(place, app, SCHEMA)
    }

    /// As [`Store::open`], for a program whose rows are of another [`SCHEMA`].
    #[cfg_attr(
        target_arch = "wasm32",
        expect(unused_variables, reason = "there, the place is the app's own")
    )]
    pub fn open_as(place: Place, app: &str, schema: u32) -> Result<Self, StoreError> {
        let disk = match place {
            Place::Memory => Disk::Memory,
            #[cfg(not(target_arch = "wasm32"))]
            Place::Files { folder } => {
                let folder = folder.join(app);
                std::fs::create_dir_all(&folder).map_err(|error| disk::failed(&error))?;
                Disk::Folder(folder)
            }
            #[cfg(target_arch = "wasm32")]
            Place::Browser(pool) => Disk::Through(Rc::new(pool)),
            Place::Other(files) => Disk::Through(files),
        };
        Self::on(disk, schema)
    }

    fn on(disk: Disk, schema: u32) -> Result<Self, StoreError> {
        let (cache, lost) = match open_cache(&disk, schema) {
            Err(StoreError::Damaged) => {
                set_aside(&disk)?;
                (open_cache(&disk, schema)?, true)
            }
            opened => (opened?, false),
        };
        Ok(Self {
            disk,
            cache,
            cache_was_lost: Cell::new(lost),
            vaults: RefCell::default(),
            damage: Cell::new(false),
        })
    }

    /// Whether what is kept outlives the engine, and whether something kept earlier could not be read.
    pub fn storage(&self) -> Storage {
        match (self.disk.is_durable(), self.damage.get()) {
            (false, _) => Storage::Memory,
            (true, false) => Storage::Durable,
            (true, true) => Storage::Recovered,
        }
    }

    /// What the server said.
    pub const fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Whether the cache could not be read in this run and was begun anew.
    pub fn cache_was_lost(&self) -> bool {
        self.cache_was_lost.get()
    }

    /// Begins the cache anew, after a method of it has answered [`StoreError::Damaged`].
    pub fn rebuild_cache(&self) -> Result<(), StoreError> {
        self.cache.close()?;
        set_aside(&self.disk)?;
        self.cache.replace(open_cache(&self.disk, self.cache.schema())?);
        self.cache_was_lost.set(true);
        Ok(())
    }

    /// The vault of `user`, created with the identity `fresh` mints when there is none. The same one each time while the
    /// store is open. [`StoreError::DamagedVault`] is answered once: tell the person, and ask again for the new vault
    /// that was begun beside the damaged one. `now` names the copy.
    pub fn vault(
        &self,
        user: Uuid,
        fresh: impl Fn() -> Identity,
        now: Timestamp,
    ) -> Result<Rc<Vault>, StoreError> {
        if let Some(vault) = self.vaults.borrow().get(&user) {
            return Ok(Rc::clone(vault));
        }
        let generation = self.generation(user);
        let name = vault_name(user, generation.unwrap_or(0));
        let keep = |vault: Vault| {
            let vault = Rc::new(vault);
            self.vaults.borrow_mut().insert(user, Rc::clone(&vault));
            vault
        };
        match Vault::open(&self.disk, &name, &fresh) {
            Ok(vault) => {
                // A later generation than the first means that an earlier one is damaged.
                self.damage.set(self.damage.get() || generation.unwrap_or(0) > 0);
                Ok(keep(vault))
            }
            Err(StoreError::Damaged) => {
                self.damage.set(true);
                let copy = format!("damaged-{}-{name}", now.0);
                self.disk.copy(&name, &copy)?;
                let next = vault_name(user, generation.unwrap_or(0) + 1);
                keep(Vault::open(&self.disk, &next, &fresh)?);
                Err(StoreError::DamagedVault { copy })
            }
            Err(other) => Err(other),
        }
    }

    /// The vault of `user`, if there is one already: for handing in what somebody else has left behind.
    pub fn existing_vault(
        &self,
        user: Uuid,
        fresh: impl Fn() -> Identity,
        now: Timestamp,
    ) -> Result<Option<Rc<Vault>>, StoreError> {
        if self.vaults().contains(&user) {
            self.vault(user, fresh, now).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whose vaults there are.
    pub fn vaults(&self) -> Vec<Uuid> {
        let mut users: Vec<Uuid> = self.vaults.borrow().keys().copied().collect();
        users.extend(
            self.disk
                .list()
                .iter()
                .filter_map(|name| Some(read_name(name)?.0)),
        );
        users.sort_unstable();
        users.dedup();
        users
    }

    /// Closes the vault of `user`; what is in memory only stays. The next [`Store::vault`] opens it again.
    pub fn close_vault(&self, user: Uuid) {
        if self.disk.is_durable() {
            self.vaults.borrow_mut().remove(&user);
        }
    }

    /// The spool of this installation, opened anew with each call: its owner keeps it. One that cannot be read is copied
    /// aside, and an empty one begun, which says so ([`Spool::was_lost`]): printers can be added again, and tickets
    /// printed from the board. `now` names the copy.
    #[cfg(feature = "printing")]
    pub fn spool(&self, mint: &dyn Fn() -> Uuid, now: Timestamp) -> Result<Spool, StoreError> {
        let damaged = |name: &String| name.starts_with("damaged-") && name.ends_with(spool::SPOOL);
        let open = || Spool::open(&self.disk, mint, now, self.disk.list().iter().any(damaged));
        let opened = match open() {
            Err(StoreError::Damaged) => {
                let copy = format!("damaged-{}-{}", now.0, spool::SPOOL);
                self.disk.copy(spool::SPOOL, &copy)?;
                self.disk.remove(spool::SPOOL)?;
                open()?
            }
            opened => opened?,
        };
        if opened.was_lost()? {
            self.damage.set(true);
        }
        Ok(opened)
    }

    /// Everything in the newest vault file of `user`, also of one that cannot be opened for writing.
    pub fn export_vault(&self, user: Uuid) -> Result<Value, StoreError> {
        if let Some(vault) = self.vaults.borrow().get(&user) {
            return vault.export();
        }
        let Some(generation) = self.generation(user) else {
            return Ok(Value::Null);
        };
        Vault::export_file(&self.disk, &vault_name(user, generation))
    }

    fn generation(&self, user: Uuid) -> Option<u32> {
        let named = |name: &String| {
            read_name(name)
                .filter(|(owner, _)| *owner == user)
                .map(|(_, n)| n)
        };
        self.disk.list().iter().filter_map(named).max()
    }
}

fn open_cache(disk: &Disk, schema: u32) -> Result<Cache, StoreError> {
    Cache::open(disk.open(CACHE, Promise::Rebuildable)?, schema)
}

/// Keeps one copy of a cache that cannot be read, in case somebody asks why.
fn set_aside(disk: &Disk) -> Result<(), StoreError> {
    let aside = format!("damaged-{CACHE}");
    disk.remove(&aside)?;
    // A device that is full must still be able to begin anew.
    let _ = disk.copy(CACHE, &aside);
    disk.remove(CACHE)
}

fn vault_name(user: Uuid, generation: u32) -> String {
    match generation {
        0 => format!("vault-{user}.db"),
        _ => format!("vault-{user}.{generation}.db"),
    }
}

/// Whose vault a file is, and which of theirs.
fn read_name(name: &str) -> Option<(Uuid, u32)> {
    let stem = name.strip_prefix("vault-")?.strip_suffix(".db")?;
    match stem.split_once('.') {
        Some((user, generation)) => Some((user.parse().ok()?, generation.parse().ok()?)),
        None => Some((stem.parse().ok()?, 0)),
    }
}

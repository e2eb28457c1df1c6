//! What a server seals with: its master keys, and chance. Made at the start, carried by every transaction.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use momfood_domain::time::Timestamp;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Fault;
use super::envelope::{Cipher, KEY, NONCE};
use super::master::MasterRing;
use crate::clock::Clock;

/// See the module. Shows nothing of what it holds.
pub struct Sealer {
    ring: RwLock<Arc<MasterRing>>,
    clock: Clock,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

/// A person's key as its row holds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Wrapped {
    /// The wrapped key; empty when it was dropped.
    pub wrapped: Vec<u8>,
    /// The master key that wraps it; empty when it was dropped.
    pub master: String,
}

impl Wrapped {
    /// Whether the key was dropped: what it sealed is gone for good, and nothing new is sealed for its person.
    pub fn is_dropped(&self) -> bool {
        self.wrapped.is_empty()
    }
}

/// What is said of a wrapped key: whose it is.
fn said(owner: Uuid) -> Vec<u8> {
    [&b"person_keys\0wrapped\0"[..], owner.as_bytes()].concat()
}

impl Sealer {
    /// With these master keys.
    pub fn new(ring: MasterRing, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            ring: RwLock::new(Arc::new(ring)),
            clock,
        })
    }

    /// The same in every test.
    #[cfg(feature = "testing")]
    pub fn for_tests() -> Arc<Self> {
        let key = super::master::MasterKey::new([5; KEY], Timestamp(0));
        Self::new(MasterRing::of(vec![key]), Clock::manual(crate::testing::NOON, 5))
    }

    /// From now on with these.
    pub fn use_ring(&self, ring: MasterRing) {
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }

    /// The master keys.
    pub fn ring(&self) -> Arc<MasterRing> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The time, as far as keys go.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn nonce(&self) -> [u8; NONCE] {
        self.clock.bytes()
    }

    /// A new key for `owner`, and the same wrapped.
    pub(super) fn make(&self, owner: Uuid) -> Result<(Zeroizing<[u8; KEY]>, Wrapped), Fault> {
        let key = Zeroizing::new(self.clock.bytes::<KEY>());
        let wrapped = self.wrap(owner, &key)?;
        Ok((key, wrapped))
    }

    fn wrap(&self, owner: Uuid, key: &[u8; KEY]) -> Result<Wrapped, Fault> {
        let ring = self.ring();
        let master = ring.current(self.now()).ok_or(Fault::NoKeys)?;
        let wrapped = master.cipher().seal(self.nonce(), &said(owner), key);
        Ok(Wrapped {
            wrapped: wrapped.map_err(|_| Fault::NoKeys)?,
            master: master.id().to_owned(),
        })
    }

    /// The key of `owner`; nothing when it was dropped.
    pub(super) fn unwrap(&self, owner: Uuid, row: &Wrapped) -> Result<Option<Zeroizing<[u8; KEY]>>, Fault> {
        if row.is_dropped() {
            return Ok(None);
        }
        let ring = self.ring();
        let master = ring
            .get(&row.master)
            .ok_or_else(|| Fault::UnknownMaster(row.master.as_str().into()))?;
        let key = master.cipher().open(&said(owner), &row.wrapped);
        let key = key.and_then(|key| <[u8; KEY]>::try_from(key.as_slice()).ok());
        key.map(|key| Some(Zeroizing::new(key)))
            .ok_or(Fault::Broken("person_keys.wrapped"))
    }

    /// The same key under the current master key; nothing when it already is, or was dropped.
    pub(super) fn rewrap(&self, owner: Uuid, row: &Wrapped) -> Result<Option<Wrapped>, Fault> {
        let current = self.ring().current(self.now()).map(|key| key.id().to_owned());
        if current.as_deref() == Some(row.master.as_str()) {
            return Ok(None);
        }
        match self.unwrap(owner, row)? {
            None => Ok(None),
            Some(key) => Ok(Some(self.wrap(owner, &key)?)),
        }
    }

    pub(super) fn cipher(key: &[u8; KEY]) -> Cipher {
        Cipher::new(key)
    }
}

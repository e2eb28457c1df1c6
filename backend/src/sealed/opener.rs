//! Opening: the keys of several persons, read with one statement and gone with the read.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use sqlx::types::Json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::envelope::Cipher;
use super::{FORM, Fault, Field, Owner, Sealer, Wrapped};
use crate::store::{StoreError, Tx, sql};

/// What a sealed value turned out to be.
#[derive(Clone, PartialEq, Eq)]
pub enum Opened {
    /// What was sealed.
    Plain(Zeroizing<Vec<u8>>),
    /// Nothing any more: its person was erased.
    Erased,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain",
            Self::Erased => "Erased",
        })
    }
}

impl Opened {
    /// Its bytes; nothing of somebody erased.
    pub fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Plain(mut bytes) => Some(std::mem::take(&mut *bytes)),
            Self::Erased => None,
        }
    }

    /// Its text; nothing of somebody erased, or when it is none.
    pub fn text(self) -> Option<String> {
        self.bytes().and_then(|bytes| String::from_utf8(bytes).ok())
    }

    /// What its JSON says; nothing of somebody erased, or when it says something else.
    pub fn json<T: DeserializeOwned>(self) -> Option<T> {
        match self {
            Self::Plain(bytes) => serde_json::from_slice(&bytes).ok(),
            Self::Erased => None,
        }
    }
}

/// Opens what is sealed under the keys it was given. Lives as long as a read, so that erasing is immediate.
pub struct Opener {
    sealer: Arc<Sealer>,
    keys: HashMap<Uuid, Option<Cipher>>,
}

impl Opener {
    /// With the keys of `owners`: one statement.
    pub async fn of(
        tx: &mut Tx,
        owners: impl IntoIterator<Item = impl Into<Owner>>,
    ) -> Result<Self, StoreError> {
        let mut opener = Self::empty(tx)?;
        let mut owners: Vec<Uuid> = owners.into_iter().map(|owner| owner.into().row()).collect();
        owners.sort_unstable();
        owners.dedup();
        if owners.is_empty() {
            return Ok(opener);
        }
        let rows = sql!(
            tx,
            fetch_all as (Uuid, Vec<u8>, String),
            "select person, wrapped, master from person_keys where person in {uuids($1)}",
            Json(&owners)
        )?;
        for (owner, wrapped, master) in rows {
            opener.take(owner, &Wrapped { wrapped, master })?;
        }
        Ok(opener)
    }

    /// With none yet: they come with rows that were joined to `person_keys`, by [`Opener::add`].
    pub fn empty(tx: &Tx) -> Result<Self, StoreError> {
        Ok(Self {
            sealer: tx.sealer().ok_or(Fault::NoKeys)?,
            keys: HashMap::new(),
        })
    }

    /// Takes the key of `owner` from a row that was joined to `person_keys`; there is none where it is null.
    pub fn add(
        &mut self,
        owner: impl Into<Owner>,
        (wrapped, master): (Option<Vec<u8>>, Option<String>),
    ) -> Result<(), StoreError> {
        let owner = owner.into().row();
        if let (Some(wrapped), Some(master), false) = (wrapped, master, self.keys.contains_key(&owner)) {
            self.take(owner, &Wrapped { wrapped, master })?;
        }
        Ok(())
    }

    fn take(&mut self, owner: Uuid, row: &Wrapped) -> Result<(), Fault> {
        let key = self.sealer.unwrap(owner, row)?;
        self.keys.insert(owner, key.map(|key| Sealer::cipher(&key)));
        Ok(())
    }

    /// Opens a text of the column `field` in `row`.
    pub fn open(
        &self,
        owner: impl Into<Owner>,
        field: Field,
        row: &[u8],
        text: &str,
    ) -> Result<Opened, Fault> {
        let sealed = text.strip_prefix(FORM);
        let sealed = sealed.and_then(|text| BASE64_URL_SAFE_NO_PAD.decode(text).ok());
        self.open_bytes(owner, field, row, &sealed.ok_or(Fault::Broken(field.table))?)
    }

    /// Opens bytes of the column `field` in `row`.
    pub fn open_bytes(
        &self,
        owner: impl Into<Owner>,
        field: Field,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<Opened, Fault> {
        match self.keys.get(&owner.into().row()) {
            // Who has no key has nothing that could be opened: it was dropped, or a copy of the database lacks it.
            None | Some(None) => Ok(Opened::Erased),
            Some(Some(key)) => key
                .open(&field.said(row), sealed)
                .map(Opened::Plain)
                .ok_or(Fault::Broken(field.table)),
        }
    }
}

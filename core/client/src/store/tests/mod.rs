//! What only holds, or can only be shown, where there are real files: see also `store::suite`.
#![allow(clippy::unwrap_used, reason = "tests, and what they share")]

mod damage;
mod ends;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::suite::Ground;
use super::{Place, Store};

/// Nothing to keep.
pub struct Memory;

impl Ground for Memory {
    fn open(&self, schema: u32) -> Store {
        Store::open_as(Place::Memory, "kitchen", schema).unwrap()
    }

    fn reopen(&self, store: Store, _schema: u32) -> Store {
        store
    }

    fn clear(&self) {}
}

/// A folder of its own, removed at the end.
pub struct Files {
    pub folder: PathBuf,
}

impl Files {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let own = format!(
            "momfood-store-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(own);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    pub fn place(&self) -> Place {
        Place::Files {
            folder: self.folder.clone(),
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Ground for Files {
    fn open(&self, schema: u32) -> Store {
        Store::open_as(self.place(), "kitchen", schema).unwrap()
    }

    fn reopen(&self, store: Store, schema: u32) -> Store {
        drop(store);
        self.open(schema)
    }

    fn clear(&self) {
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

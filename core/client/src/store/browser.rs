//! Files of a page's origin, for a dedicated worker: a pool of access handles (OPFS) that SQLite writes through.
//!
//! The handles of a folder belong to one worker at a time; who may acquire them is settled before, by a lock.

use std::rc::Rc;

use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};

use super::error::StoreError;

/// Under which name SQLite knows the pool.
pub(super) const VFS: &str = "momfood";

/// Files there is always room for, beside those there are: a few more vaults, each with its journal, and a copy of a
/// damaged one. SQLite cannot wait for the browser to make one.
const SPARE: u32 = 24;

/// An app's files in the browser.
#[derive(Clone)]
pub struct Pool(Rc<OpfsSAHPoolUtil>);

impl Pool {
    /// Acquires the files of `app`. Fails where there is no OPFS, as in some private windows, and while another worker
    /// holds them.
    pub async fn acquire(app: &str) -> Result<Self, StoreError> {
        let how = OpfsSAHPoolCfgBuilder::new()
            .vfs_name(VFS)
            .directory(&format!("momfood-{app}"))
            .initial_capacity(SPARE)
            .build();
        let failed = |error: sqlite_wasm_vfs::sahpool::OpfsSAHError| StoreError::Disk(error.to_string());
        let pool = install::<WasmOsCallback>(&how, false).await.map_err(failed)?;
        let room = pool.count() + SPARE;
        pool.reserve_minimum_capacity(room).await.map_err(failed)?;
        Ok(Self(Rc::new(pool)))
    }

    /// Removes every file. All stores on it must be gone.
    #[cfg(feature = "store-suite")]
    pub fn clear(&self) {
        for name in self.list() {
            let _ = self.0.delete_db(&name);
        }
    }

    pub(super) fn list(&self) -> Vec<String> {
        let names = self.0.list().into_iter();
        names
            .map(|name| name.trim_start_matches('/').to_owned())
            .collect()
    }

    pub(super) fn copy(&self, from: &str, to: &str) -> Result<(), StoreError> {
        if let Some(from) = self.named(from) {
            let bytes = self
                .0
                .export_db(&from)
                .map_err(|error| StoreError::Disk(error.to_string()))?;
            self.0
                .import_db_unchecked(to, &bytes)
                .map_err(|error| StoreError::Disk(error.to_string()))?;
        }
        Ok(())
    }

    pub(super) fn remove(&self, name: &str) -> Result<(), StoreError> {
        if let Some(name) = self.named(name) {
            self.0
                .delete_db(&name)
                .map_err(|error| StoreError::Disk(error.to_string()))?;
        }
        Ok(())
    }

    /// The name by which the pool knows a file.
    fn named(&self, name: &str) -> Option<String> {
        self.0
            .list()
            .into_iter()
            .find(|known| known.trim_start_matches('/') == name)
    }
}

//! Files of a page's origin, for a dedicated worker: a pool of access handles (OPFS) that SQLite writes through.
//!
//! The handles of a folder belong to one worker at a time; who may acquire them is settled before, by a lock.

use std::rc::Rc;

use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{OpfsSAHError, OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};

use super::disk::Files;
use super::error::StoreError;

/// Files there is always room for, beside those there are: a few more vaults, each with its journal, and a copy of a
/// damaged one. SQLite cannot wait for the browser to make one.
const SPARE: u32 = 10;

/// An app's files in the browser.
#[derive(Clone)]
pub struct Pool {
    files: Rc<OpfsSAHPoolUtil>,
    /// Under which name SQLite knows it.
    name: Rc<str>,
}

impl Pool {
    /// Acquires the files of `app`. Fails where there is no OPFS, as in some private windows, and while another worker
    /// holds them.
    pub async fn acquire(app: &str) -> Result<Self, StoreError> {
        let name = format!("momfood-{app}");
        let how = OpfsSAHPoolCfgBuilder::new()
            .vfs_name(&name)
            .directory(&name)
            .initial_capacity(SPARE)
            .build();
        let files = install::<WasmOsCallback>(&how, false).await.map_err(failed)?;
        let room = files.count() + SPARE;
        files.reserve_minimum_capacity(room).await.map_err(failed)?;
        Ok(Self {
            files: Rc::new(files),
            name: name.into(),
        })
    }

    /// Removes every file. All stores on it must be gone.
    #[cfg(feature = "store-suite")]
    pub fn clear(&self) {
        for name in self.list() {
            let _ = self.files.delete_db(&name);
        }
    }
}

impl Files for Pool {
    fn vfs(&self) -> &str {
        &self.name
    }

    fn list(&self) -> Vec<String> {
        self.files.list()
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), StoreError> {
        if self.files.exists(from).map_err(failed)? {
            let bytes = self.files.export_db(from).map_err(failed)?;
            self.files.import_db_unchecked(to, &bytes).map_err(failed)?;
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.files.delete_db(name).map_err(failed)?;
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is used as it comes")]
fn failed(error: OpfsSAHError) -> StoreError {
    StoreError::Disk(error.to_string())
}

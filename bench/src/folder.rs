//! A folder that is gone with the value: what a measurement writes stays nowhere.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Below the machine's temporary folder, this process's own.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one; `purpose` tells it from the others of this process.
    pub fn new(purpose: &str) -> Result<Self> {
        let name = format!("momfood-bench-{purpose}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).context("a temporary folder")?;
        Ok(Self(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in a temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

//! Where the files lie, and how a database is opened on each kind of disk. Knows nothing of what is in them.

#[cfg(not(target_arch = "wasm32"))]
use std::path::PathBuf;
use std::rc::Rc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;

/// What SQLite writes beside a database.
const BESIDE: [&str; 3] = ["", "-wal", "-journal"];

/// A place for files.
#[derive(Clone)]
pub enum Disk {
    /// None: every database is in memory and gone with its connection.
    Memory,
    /// A folder of the file system.
    #[cfg(not(target_arch = "wasm32"))]
    Folder(PathBuf),
    /// Elsewhere.
    Through(Rc<dyn Files>),
}

/// Files SQLite reaches through a virtual file system that is not the machine's own: those of a page's origin, and those
/// of tests. They have names and no folders.
pub trait Files {
    /// Under which name SQLite knows the file system.
    fn vfs(&self) -> &str;

    /// Names of all files.
    fn list(&self) -> Vec<String>;

    /// Copies a file, if it is there.
    fn copy(&self, from: &str, to: &str) -> Result<(), StoreError>;

    /// Removes a file, if it is there.
    fn remove(&self, name: &str) -> Result<(), StoreError>;
}

/// How much a commit must outlive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// The end of the process. A loss of power may take the last commits, but never half of one.
    Rebuildable,
    /// The loss of power.
    Kept,
}

impl Disk {
    /// Whether what is written outlives the process.
    pub const fn is_durable(&self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// Opens or creates the database `name`, alone: nobody else can open it until this connection is closed.
    pub fn open(&self, name: &str, promise: Promise) -> Result<Connection, StoreError> {
        let connection = match self {
            Self::Memory => Connection::open_in_memory()?,
            #[cfg(not(target_arch = "wasm32"))]
            Self::Folder(folder) => Connection::open_with_flags(folder.join(name), FLAGS)?,
            Self::Through(files) => Connection::open_with_flags_and_vfs(name, FLAGS, files.vfs())?,
        };
        // Until it has been looked at, closing must not write what a damaged log says into a damaged file.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.set_prepared_statement_cache_capacity(64);
        if self.is_durable() {
            #[cfg(not(target_arch = "wasm32"))]
            connection.busy_timeout(std::time::Duration::from_millis(500))?;
            // Alone before the first look: this also does without a file of shared memory.
            connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            let synchronous = match promise {
                Promise::Rebuildable => "NORMAL",
                Promise::Kept => "FULL",
            };
            connection.pragma_update(None, "synchronous", synchronous)?;
            // Apple's disks keep what was only synced in a cache of their own. Elsewhere it changes nothing.
            connection.pragma_update(None, "fullfsync", promise == Promise::Kept)?;
            // Takes effect only in an empty file. Elsewhere it would write, and a full disk must not keep anything closed.
            let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            if pages == 0 {
                connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
            }
            // One sync for each commit. In a browser it is also the only journal that survives a crash: the pool says of
            // every file that somebody is writing it, and a rollback journal found beside such a file is left alone.
            let journal: String =
                connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
            if journal != "wal" {
                return Err(StoreError::Disk(format!("no write-ahead log: {journal}")));
            }
            connection
                .pragma_update_and_check(None, "journal_size_limit", 4 << 20, |row| row.get::<_, i64>(0))?;
            // Enough for a scope to be filled without writing a page twice, KiB.
            connection.pragma_update(None, "cache_size", -16_384)?;
            connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    }

    /// Opens the database `name` to be read only, sound or not.
    pub fn open_to_read(&self, name: &str) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self {
            Self::Memory => return Err(StoreError::Internal("nothing is kept".to_owned())),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Folder(folder) => Connection::open_with_flags(folder.join(name), flags)?,
            Self::Through(files) => Connection::open_with_flags_and_vfs(name, flags, files.vfs())?,
        };
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    /// Names of all files.
    pub fn list(&self) -> Vec<String> {
        match self {
            Self::Memory => Vec::new(),
            #[cfg(not(target_arch = "wasm32"))]
            Self::Folder(folder) => list_folder(folder),
            Self::Through(files) => files.list(),
        }
    }

    /// Copies the database `from`, byte for byte and with what SQLite keeps beside it. It must be closed.
    pub fn copy(&self, from: &str, to: &str) -> Result<(), StoreError> {
        for suffix in BESIDE {
            let (from, to) = (format!("{from}{suffix}"), format!("{to}{suffix}"));
            match self {
                Self::Memory => {}
                #[cfg(not(target_arch = "wasm32"))]
                Self::Folder(folder) => copy_file(folder, &from, &to)?,
                Self::Through(files) => files.copy(&from, &to)?,
            }
        }
        Ok(())
    }

    /// Removes the database `name` and what lies beside it. It must be closed.
    pub fn remove(&self, name: &str) -> Result<(), StoreError> {
        for suffix in BESIDE {
            let name = format!("{name}{suffix}");
            match self {
                Self::Memory => {}
                #[cfg(not(target_arch = "wasm32"))]
                Self::Folder(folder) => remove_file(folder, &name)?,
                Self::Through(files) => files.remove(&name)?,
            }
        }
        Ok(())
    }
}

const FLAGS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE
    .union(OpenFlags::SQLITE_OPEN_CREATE)
    .union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Says that a database was found sound: from now on closing it tidies its log up.
pub fn trust(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

/// Reads the whole file for damage.
pub fn look_for_damage(connection: &Connection) -> Result<(), StoreError> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn list_folder(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

#[cfg(not(target_arch = "wasm32"))]
fn copy_file(folder: &std::path::Path, from: &str, to: &str) -> Result<(), StoreError> {
    let from = folder.join(from);
    if from.is_file() {
        std::fs::copy(from, folder.join(to)).map_err(|error| failed(&error))?;
    }
    Ok(())
}

#[cfg(not(target_arch = "wasm32"))]
fn remove_file(folder: &std::path::Path, name: &str) -> Result<(), StoreError> {
    match std::fs::remove_file(folder.join(name)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&error)),
        _ => Ok(()),
    }
}

/// An error of the file system, in our words.
#[cfg(not(target_arch = "wasm32"))]
pub fn failed(error: &std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        StoreError::Full
    } else {
        StoreError::Disk(error.to_string())
    }
}

//! The one door to the process's engine. An app's files are open once, so there is one engine for each app, and whoever
//! comes first starts it: the window, or a service that runs without one.
//!
//! It must never start a second engine for an app, and never hand out one that was opened for other files or another server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use momfood_client::net::native::Handle;
use momfood_client::net::secrets::SecretKeep;
use momfood_client::store::Place;
use momfood_client::{App, EngineConfig, customer, driver, kitchen};
use momfood_protocol::engine::Secrets;

use crate::error::EngineError;

/// Which app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Enum)]
pub enum AppName {
    /// Orders food.
    Customer,
    /// Cooks it.
    Kitchen,
    /// Carries it.
    Driver,
}

impl AppName {
    fn app(self) -> App {
        match self {
            Self::Customer => customer(),
            Self::Kitchen => kitchen(),
            Self::Driver => driver(),
        }
    }
}

/// Whose engine, over which files, for which server.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct OpenConfig {
    /// Which app.
    pub app: AppName,
    /// Where what it keeps lies; created when it is not there. The app has a folder of its own in it.
    pub folder: String,
    /// Where the server is, `https://…`.
    pub server: String,
}

/// An engine that runs, and what it was opened for.
struct Running {
    folder: PathBuf,
    server: String,
    handle: Handle,
    secrets: Arc<OnceLock<SecretKeep>>,
}

static RUNNING: Mutex<BTreeMap<AppName, Running>> = Mutex::new(BTreeMap::new());

/// The process's engine of that app: started now, or the one that runs already. It ends with the process.
///
/// # Errors
/// [`EngineError::OTHER_ENGINE`] when it runs already over other files or for another server, [`EngineError::IN_USE`] when
/// another process has the files open, [`EngineError::CANNOT_OPEN`] when nothing can be opened there.
pub fn open(config: &OpenConfig) -> Result<Handle, EngineError> {
    let server = config.server.trim_end_matches('/').to_owned();
    // One folder has many spellings, and only one that is its own.
    let folder = std::fs::create_dir_all(&config.folder)
        .and_then(|()| std::fs::canonicalize(&config.folder))
        .map_err(|error| EngineError::cannot_open(&error))?;
    // Held until the engine runs: who comes second waits for it.
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(there) = running.get(&config.app) {
        return if there.folder == folder && there.server == server {
            Ok(there.handle.clone())
        } else {
            Err(EngineError::other_engine())
        };
    }
    let secrets = Arc::new(OnceLock::new());
    let handle = Handle::start(
        EngineConfig {
            app: config.app.app(),
            base_url: server.clone(),
            cookie_mode: false,
        },
        {
            let folder = folder.clone();
            move || Place::Files { folder }
        },
        {
            let (secrets, folder, app) = (Arc::clone(&secrets), folder.clone(), config.app.app().kind().id());
            move || {
                let keep = SecretKeep::open(app, &folder);
                Rc::new(secrets.get_or_init(|| keep).clone())
            }
        },
    )?;
    let there = Running {
        folder,
        server,
        handle: handle.clone(),
        secrets,
    };
    running.insert(config.app, there);
    Ok(handle)
}

/// Where the running engine of that app keeps the secret of who is signed in.
pub fn secrets(app: AppName) -> Secrets {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    let keep = running.get(&app).and_then(|running| running.secrets.get());
    keep.map_or(Secrets::Memory, SecretKeep::kind)
}

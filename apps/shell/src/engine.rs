//! The door to this process's engine.

use std::sync::Arc;

use momfood_client::AppKind;
use momfood_client::net::native::Handle;
use momfood_ffi::{AppName, OpenConfig};
use momfood_protocol::engine::Secrets;

use crate::home::Home;

/// An engine that runs, and where it keeps the sign-in's secret.
pub struct Opened {
    pub engine: Handle,
    pub secrets: Arc<dyn Fn() -> Secrets + Send + Sync>,
}

/// Starts the engine, or takes the one that a service of this process has started already.
pub fn open(kind: AppKind, home: &Home) -> Result<Opened, String> {
    let app = match kind {
        AppKind::Customer => AppName::Customer,
        AppKind::Kitchen => AppName::Kitchen,
        AppKind::Driver => AppName::Driver,
        AppKind::Admin => return Err("the admin app is a page".to_owned()),
    };
    let config = OpenConfig {
        app,
        folder: home
            .folder
            .to_str()
            .ok_or("the data's folder has no readable name")?
            .to_owned(),
        server: home.server.clone(),
    };
    let engine = momfood_ffi::open(&config).map_err(|error| error.to_string())?;
    Ok(Opened {
        engine,
        // It is known once the engine has looked.
        secrets: Arc::new(move || momfood_ffi::secrets(app)),
    })
}

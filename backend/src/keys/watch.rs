//! Keys change while servers run: each looks every few seconds whether the files of its keys have changed, and reads them
//! anew. A new key begins later than that, so that every server knows it before any uses it.

use std::path::Path;

use momfood_domain::time::SECOND;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::app::App;
use crate::sealed::master::MasterKeys;
use crate::sealed::sources;

/// How often a server looks.
pub const EVERY: i64 = 10 * SECOND;
/// How many seconds after it was made a new key begins, unless said otherwise: three looks.
pub const NOTICE_SECONDS: u32 = 30;

fn mark(path: &Path) -> Option<Vec<u8>> {
    let bytes = Zeroizing::new(std::fs::read(path).ok()?);
    Some(Sha256::digest(bytes.as_slice()).to_vec())
}

/// What a server has read of its keys.
pub struct Watch {
    app: App,
    place: Box<dyn MasterKeys>,
    signing: Option<Vec<u8>>,
    master: Option<Vec<u8>>,
}

impl Watch {
    /// Of a server that has read nothing since it started.
    pub fn of(app: &App) -> anyhow::Result<Self> {
        Ok(Self {
            place: sources::from_config(&app.config)?,
            app: app.clone(),
            signing: None,
            master: None,
        })
    }

    /// Reads what has changed since it was last read. What cannot be read changes nothing.
    pub async fn look(&mut self) {
        let path = self.app.config.key_file();
        let signing = mark(&path);
        if signing.is_some() && signing != self.signing {
            match self.app.keys.reload(&path) {
                Ok(()) => self.signing = signing,
                Err(error) => {
                    tracing::error!(%error, "the signing keys cannot be read; the old ones stay in use");
                }
            }
        }
        let master = self.place.mark();
        if master.is_some()
            && master != self.master
            && let Some(sealer) = self.app.db.sealer()
        {
            match self.place.load().await {
                Ok(ring) if !ring.is_empty() => {
                    sealer.use_ring(ring);
                    self.master = master;
                }
                Ok(_) => tracing::error!("there are no master keys any more; the old ones stay in use"),
                Err(error) => {
                    tracing::error!(%error, "the master keys cannot be read; the old ones stay in use");
                }
            }
        }
    }
}

/// Looks until the server stops.
pub async fn watch(app: App) {
    // The start has read the same settings.
    let Ok(mut watch) = Watch::of(&app) else { return };
    loop {
        watch.look().await;
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.clock.sleep_until(app.clock.now().plus(EVERY)) => {}
        }
    }
}

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

/// What was last read.
struct Seen {
    signing: Option<Vec<u8>>,
    master: Option<Vec<u8>>,
}

/// Looks until the server stops.
pub async fn watch(app: App) {
    let place = match sources::from_config(&app.config) {
        Ok(place) => place,
        // The start has said so already.
        Err(_) => return,
    };
    let mut seen = Seen {
        signing: mark(&app.config.key_file()),
        master: place.mark(),
    };
    // Whatever changed between the start and this line.
    look(&app, &*place, &mut seen, true).await;
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.clock.sleep_until(app.clock.now().plus(EVERY)) => {}
        }
        look(&app, &*place, &mut seen, false).await;
    }
}

async fn look(app: &App, place: &dyn MasterKeys, seen: &mut Seen, at_once: bool) {
    let path = app.config.key_file();
    let signing = mark(&path);
    if at_once || signing != seen.signing {
        match app.keys.reload(&path, &app.clock) {
            Ok(()) => {
                seen.signing = signing;
                let keys = app.keys.believed().len();
                tracing::info!(keys, "read the signing keys");
            }
            Err(error) => {
                tracing::error!(%error, "the signing keys cannot be read; the old ones stay in use")
            }
        }
    }
    let master = place.mark();
    if master.is_some()
        && (at_once || master != seen.master)
        && let Some(sealer) = app.db.sealer()
    {
        match place.load().await {
            Ok(ring) if !ring.is_empty() => {
                tracing::info!(keys = ring.names(), "read the master keys");
                sealer.use_ring(ring);
                seen.master = master;
            }
            Ok(_) => tracing::error!("there are no master keys any more; the old ones stay in use"),
            Err(error) => tracing::error!(%error, "the master keys cannot be read; the old ones stay in use"),
        }
    }
}

//! What becomes due without anybody asking: orders nobody accepted, offers nobody answered, news nobody was told. Level-triggered: each
//! round looks at what *is* due now, so nothing depends on a timer that a restart would lose.

use std::time::Duration;

use anyhow::Context as _;
use momfood_domain::time::{SECOND, Timestamp};

use crate::app::App;
use crate::{audit, delivery, identity, messages, notify, ordering, payments, privacy, sync};

/// Look again after this long even when nothing seems due: so long may another server's access tokens outlive what it
/// was told here.
const AT_LEAST_EVERY: i64 = 5 * SECOND;
/// Rest between two rounds, so that a busy hour does not become one long round.
const REST: Duration = Duration::from_millis(20);
/// Rest after a round that failed.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Does everything that is due at `now`; returns when the next thing will be, if one is known. What fails stops
/// nothing else.
///
/// Tests call it directly under a manual clock.
pub async fn tick(app: &App, now: Timestamp) -> Result<Option<Timestamp>, anyhow::Error> {
    identity::learn_due(app, now)
        .await
        .context("learning which sessions ended")?;
    // In this order: what ends an order may owe money back, and an order that ended needs no driver.
    let rounds = [
        ordering::expire_due(app, now).await.context("ending orders"),
        payments::settle_due(app, now).await.context("settling payments"),
        delivery::dispatch_due(app, now).await.context("asking drivers"),
        notify::tell_due(app, now).await.context("telling people"),
        messages::send_due(app, now).await.context("sending messages"),
        audit::seal_due(app, now).await.context("sealing the audit log"),
    ];
    let mut next: Option<Timestamp> = None;
    for round in rounds {
        let due = round?;
        next = [next, due].into_iter().flatten().min();
    }
    if app.broom.is_due(now) {
        sync::purge(&app.db, now)
            .await
            .context("forgetting what is old")?;
        privacy::purge(&app.db, now)
            .await
            .context("forgetting what is old of people")?;
    }
    Ok(next)
}

/// Rounds until the server stops.
pub async fn run(app: App) {
    loop {
        let now = app.clock.now();
        let (next, rest) = match tick(&app, now).await {
            Ok(next) => (
                next.unwrap_or(now.plus(AT_LEAST_EVERY))
                    .min(now.plus(AT_LEAST_EVERY)),
                REST,
            ),
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "a background round failed; it will be tried again"
                );
                (now, REST_AFTER_FAILURE)
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(rest) => {}
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = app.db.written() => {}
            () = app.clock.sleep_until(next) => {}
        }
    }
}

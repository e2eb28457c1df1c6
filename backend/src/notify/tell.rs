//! Tells what is due, in three phases like all that asks somebody outside: taken under a lease, told outside of any
//! transaction, and written down what came of it. A crash before the second tells it later; one between the second and
//! the third tells it again, in place of the first on the same screen.

use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::notice::notice;

use super::due::{self, Came, Due, Taken};
use super::push::{Message, Outcome, Services};
use super::tokens::Known;
use crate::app::App;
use crate::store::StoreError;

/// Told at once.
const AT_ONCE: i64 = 64;
/// How long a background round waits for the services; slower ones are heard beside it.
const ROUND_LIMIT: i64 = SECOND;

/// Tells everything that is due, by the services this server has. Returns when the next will be.
pub async fn tell_due(app: &App, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    tell_due_with(app, &app.push, now).await
}

/// [`tell_due`] by services of the caller's.
pub async fn tell_due_with(
    app: &App,
    services: &Services,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let (due, next) = due::due(&mut app.db.read().await?, now, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(next);
    }
    if services.is_off() {
        app.db
            .write(async move |mut tx| due::drop_old(&mut tx, now).await)
            .await?;
        return Ok(None);
    }
    // Tasks of their own: a slow service holds up neither the round nor, thanks to the lease, anything else.
    let telling = due.into_iter().map(|due| {
        let (app, services) = (app.clone(), services.clone());
        app.tasks.clone().spawn(async move {
            let order = due.order;
            if let Err(error) = tell(&app, &services, due).await {
                tracing::error!(%order, %error, "a push message could not be told; it will be tried again");
            }
        })
    });
    let telling = futures::future::join_all(telling);
    let limit = app.clock.now().plus(ROUND_LIMIT);
    tokio::select! {
        _ = telling => {}
        () = app.clock.sleep_until(limit) => {}
    }
    let (due, next) = due::due(&mut app.db.read().await?, now, 1).await?;
    Ok(if due.is_empty() {
        next
    } else {
        Some(now.plus(SECOND))
    })
}

async fn tell(app: &App, services: &Services, due: Due) -> Result<(), StoreError> {
    let now = app.clock.now();
    let taken = app
        .db
        .write(async move |mut tx| due::take(&mut tx, due, now).await)
        .await?;
    let Some(taken) = taken else { return Ok(()) };
    let message = Message {
        order: taken.order,
        notice: notice(&taken.news, &taken.restaurant, taken.lang),
        until: taken.until,
    };
    // Whoever was held up for as long as the lease has nothing to say any more: somebody else does.
    if app.clock.now() >= taken.lease {
        return Ok(());
    }
    let asked = taken.open.iter().map(|known| ask(services, known, &message));
    let outcomes = futures::future::join_all(asked).await;
    let came = came_of(&taken, outcomes);
    let (now, chance) = (app.clock.now(), u32::from_le_bytes(app.clock.bytes()));
    app.db
        .write(async move |mut tx| due::settle(&mut tx, taken, came, (now, chance)).await)
        .await
}

/// Nothing to say of a device whose platform has no service here.
async fn ask(services: &Services, known: &Known, message: &Message) -> Option<Outcome> {
    let service = services.of(known.platform.0)?;
    Some(service.send(&known.token, message).await)
}

fn came_of(taken: &Taken, outcomes: Vec<Option<Outcome>>) -> Came {
    let mut came = Came {
        told: Vec::new(),
        gone: Vec::new(),
        later: None,
    };
    for (known, outcome) in taken.open.iter().zip(outcomes) {
        let platform = known.platform.name();
        match outcome {
            None | Some(Outcome::Sent) => came.told.push(known.session),
            Some(Outcome::TokenGone) => {
                tracing::info!(platform, "a push token leads nowhere any more");
                came.gone.push(known.clone());
            }
            Some(Outcome::Refused(why)) => {
                tracing::error!(platform, why, order = %taken.order, "a push message was refused");
                came.told.push(known.session);
            }
            Some(Outcome::Later { retry_after }) => {
                came.later = came.later.max(Some(retry_after.unwrap_or(0)));
            }
        }
    }
    came
}

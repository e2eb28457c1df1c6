//! Sends what is due, in three phases like all that asks somebody outside: taken under a lease, sent outside of any
//! transaction, and written down what came of it. A crash between the second and the third sends it again.

use momfood_domain::time::{SECOND, Timestamp};
use uuid::Uuid;

use super::carrier::{Carriers, Outcome};
use super::outbox::{self, Taken, Target};
use crate::app::App;
use crate::store::StoreError;

/// Sent at once.
const AT_ONCE: i64 = 64;
/// How long a background round waits for the carriers; slower ones are heard beside it.
const ROUND_LIMIT: i64 = SECOND;

/// Sends everything that is due, by the carriers this server has. Returns when the next will be.
pub async fn send_due(app: &App, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    send_due_with(app, &app.carriers, now).await
}

/// [`send_due`] by carriers of the caller's.
pub async fn send_due_with(
    app: &App,
    carriers: &Carriers,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let (due, next) = outbox::due(&mut app.db.read().await?, now, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(next);
    }
    // Tasks of their own: a slow carrier holds up neither the round nor, thanks to the lease, anything else.
    let sending = due.into_iter().map(|id| {
        let (app, carriers) = (app.clone(), carriers.clone());
        app.tasks.clone().spawn(async move {
            if let Err(error) = send(&app, &carriers, id).await {
                tracing::error!(message = %id, %error, "a message could not be sent; it will be tried again");
            }
        })
    });
    let sending = futures::future::join_all(sending);
    let limit = app.clock.now().plus(ROUND_LIMIT);
    tokio::select! {
        _ = sending => {}
        () = app.clock.sleep_until(limit) => {}
    }
    let (due, next) = outbox::due(&mut app.db.read().await?, now, 1).await?;
    Ok(if due.is_empty() {
        next
    } else {
        Some(now.plus(SECOND))
    })
}

async fn send(app: &App, carriers: &Carriers, id: Uuid) -> Result<(), StoreError> {
    let now = app.clock.now();
    let taken = app
        .db
        .write(async move |mut tx| outbox::take(&mut tx, id, now).await)
        .await?;
    let Some(taken) = taken else { return Ok(()) };
    // Whoever was held up for as long as the lease has nothing to send any more: somebody else does.
    if app.clock.now() >= taken.lease {
        return Ok(());
    }
    let outcome = carry(carriers, &taken).await;
    let now = app.clock.now();
    let chance = u32::from_le_bytes(app.clock.bytes());
    app.db
        .write(async move |mut tx| match outcome {
            Outcome::Sent => outbox::done(&mut tx, id, taken.lease).await,
            Outcome::Refused(why) => {
                tracing::error!(message = %id, channel = taken.target.channel(), why, "a message was refused");
                outbox::done(&mut tx, id, taken.lease).await
            }
            Outcome::Later { retry_after } => {
                outbox::later(&mut tx, &taken, retry_after, (now, chance)).await
            }
        })
        .await
}

async fn carry(carriers: &Carriers, taken: &Taken) -> Outcome {
    let none = || Outcome::Refused("this server has nothing to send it by".to_owned());
    match &taken.target {
        Target::Email(to) => match &carriers.mail {
            Some(mail) => mail.send(taken.id, to, &taken.letter).await,
            None => none(),
        },
        Target::Phone(to) => match &carriers.sms {
            Some(sms) => sms.send(taken.id, to, &taken.letter.text).await,
            None => none(),
        },
    }
}

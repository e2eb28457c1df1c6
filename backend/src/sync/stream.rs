//! One listener's stream: heads first, then what happens, a heartbeat while nothing does. Before anything is sent, the
//! token and the session must still hold; when they do not, or the server stops, it ends. That a session holds is read
//! with the change itself, in one snapshot, and believed for less than a second; what ended in this process is known at
//! once.

use std::collections::BTreeMap;

use axum::body::Bytes;
use futures::Stream;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::feed::{Heads, Scope, StreamEvent};
use uuid::Uuid;

use super::device::last_mid_of;
use super::grants::scopes_of;
use super::heads::{epoch, head_of};
use super::hub::Subscription;
use super::mailbox::{Frame, Letters, mark, sse};
use crate::app::App;
use crate::identity::{self, SignedIn};
use crate::store::StoreError;

/// Heads are sent this long after heads were sent, whatever else is.
const HEARTBEAT: i64 = 20 * SECOND;

/// What keeps one stream going.
struct Listener {
    app: App,
    caller: SignedIn,
    scopes: Vec<Scope>,
    /// The device whose `lastMid` is to be told, if it is the caller's.
    device: Option<Uuid>,
    subscription: Subscription,
    /// How far the listener has been told of each scope.
    told: BTreeMap<Scope, i64>,
    /// When the next heartbeat is due; at first, at once.
    beat: Timestamp,
}

enum Next {
    Beat,
    Letters(Letters),
    End,
}

/// Everything `caller` may hear, until they may no longer. Of a device of theirs it is told how far its mutations are in
/// what is told.
pub(super) fn stream(
    app: App,
    caller: SignedIn,
    device: Option<Uuid>,
) -> impl Stream<Item = Result<Bytes, StoreError>> + Send {
    let scopes = scopes_of(&caller.actor);
    let listener = Listener {
        subscription: app.hub.subscribe(caller.session, device, &scopes),
        beat: app.clock.now(),
        told: BTreeMap::new(),
        app,
        caller,
        scopes,
        device,
    };
    futures::stream::unfold(listener, |mut listener| async move {
        let bytes = listener.next().await?;
        Some((bytes, listener))
    })
}

impl Listener {
    /// The next bytes to send; `None` ends the stream.
    async fn next(&mut self) -> Option<Result<Bytes, StoreError>> {
        loop {
            let next = self.wait().await;
            let now = self.app.clock.now();
            if matches!(next, Next::End) || now >= self.caller.expires_at {
                return None;
            }
            let sent = match self.write(next, now).await {
                Ok(sent) => sent?,
                Err(error) => return Some(Err(error)),
            };
            if !sent.is_empty() {
                return Some(Ok(sent));
            }
        }
    }

    async fn wait(&self) -> Next {
        let (app, mailbox) = (&self.app, &self.subscription.mailbox);
        tokio::select! {
            biased;
            () = app.stopping.cancelled() => Next::End,
            () = app.clock.sleep_until(self.caller.expires_at) => Next::End,
            () = app.clock.sleep_until(self.beat) => Next::Beat,
            letters = mailbox.take() => Next::Letters(letters),
        }
    }

    /// Writes what is to be sent, once it is certain that it may be. `None` when it may not.
    async fn write(&mut self, next: Next, now: Timestamp) -> Result<Option<Bytes>, StoreError> {
        if self.app.gate.has_ended(self.caller.session, now) {
            return Ok(None);
        }
        let mut heads = matches!(next, Next::Beat);
        let mut lives = None;
        if let Next::Letters(letters) = &next {
            heads |= letters.overflowed;
            let latest = letters.frames.back();
            lives = latest.and_then(|frame| frame.seen.lives(self.caller.session, now));
        }
        let mut tx = None;
        if heads || lives.is_none() {
            let tx = tx.insert(self.app.db.read().await?);
            lives = Some(identity::is_alive(tx, self.caller.session, now).await?);
        }
        if lives != Some(true) {
            return Ok(None);
        }
        let mut out: Vec<Bytes> = Vec::new();
        if let Next::Letters(letters) = next {
            if letters.overflowed {
                out.extend(sse(&StreamEvent::Resync));
            }
            for frame in letters.frames {
                self.fit(&frame, &mut out);
            }
            for position in letters.positions.into_values() {
                out.extend(sse(&StreamEvent::Position(position)));
            }
        }
        if heads && let Some(tx) = &mut tx {
            let mut standing = BTreeMap::new();
            for scope in &self.scopes {
                let head = head_of(tx, *scope).await?;
                self.app.hub.stands(*scope, head);
                self.told.insert(*scope, head);
                standing.insert(scope.to_string(), head);
            }
            let last_mid = match self.device {
                Some(device) => last_mid_of(tx, device, self.caller.user).await?,
                None => None,
            };
            out.extend(last_mid.map(mark));
            let heads = Heads {
                epoch: epoch(tx).await?,
                time: now,
                heads: standing,
            };
            out.extend(sse(&StreamEvent::Heads(heads)));
            self.beat = now.plus(HEARTBEAT);
        }
        Ok(Some(out.concat().into()))
    }

    /// The frame as this listener needs it: nothing when it knows already, the changes when they follow what it
    /// knows, else that the scope moved.
    fn fit(&mut self, frame: &Frame, out: &mut Vec<Bytes>) {
        let Some(told) = self.told.get_mut(&frame.scope) else {
            return;
        };
        if frame.to <= *told {
            return;
        }
        let follows = frame.from == *told;
        *told = frame.to;
        match &frame.delta {
            Some(delta) if follows => {
                let user = self.caller.user;
                let last_mid = self.device.and_then(|device| frame.seen.last_mid(device, user));
                out.extend(last_mid.map(mark));
                out.push(delta.clone());
            }
            _ => out.push(frame.head.clone()),
        }
    }
}

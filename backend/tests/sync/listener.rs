//! One who listens, as a client does: takes a snapshot, applies what follows its cursor, and starts over when told.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures::StreamExt as _;
use http::Method;
use momfood_backend::testing::TestApp;
use momfood_protocol::feed::{Change, Delta, Entity, Snapshot, StreamEvent};
use serde_json::Value;
use uuid::Uuid;

use crate::town::{Someone, get};

/// How long a test waits for an event that must come, by the machine's clock.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open stream.
pub struct Ears {
    stream: BodyDataStream,
    unread: String,
    /// The `id:` of the event that was read last.
    pub last_id: Option<i64>,
}

impl Ears {
    /// Opens the stream and reads nothing of it yet.
    pub async fn open(app: &TestApp, who: &Someone) -> Self {
        Self::open_as(app, who, None).await
    }

    /// The same on a device.
    pub async fn open_as(app: &TestApp, who: &Someone, device: Option<Uuid>) -> Self {
        let device = device
            .map(|device| format!("?device={device}"))
            .unwrap_or_default();
        let path = format!("/api/v1/sync/stream{device}");
        let request = app.request(Method::GET, &path).bearer(&who.token);
        let (status, headers, body): (_, _, Body) = request.open().await;
        assert_eq!(status, 200);
        assert_eq!(headers["content-type"], "text/event-stream");
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-accel-buffering"], "no");
        Self {
            stream: body.into_data_stream(),
            unread: String::new(),
            last_id: None,
        }
    }

    /// The next event; `None` when the stream has ended.
    pub async fn next(&mut self) -> Option<StreamEvent> {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let (id, event) = match event.strip_prefix("id: ") {
                    Some(event) => event.split_once('\n').unwrap(),
                    None => ("", event),
                };
                self.last_id = id.parse().ok();
                let (name, data) = event.split_once('\n').unwrap();
                let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
                assert_eq!(name, format!("event: {}", data["event"].as_str().unwrap()));
                let event = serde_json::from_value(data).unwrap();
                self.unread = rest.into();
                return Some(event);
            }
            let bytes = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            let bytes = bytes.unwrap()?.unwrap();
            self.unread.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The next event, which must be a delta.
    pub async fn delta(&mut self) -> Delta {
        match self.next().await {
            Some(StreamEvent::Delta(delta)) => delta,
            other => panic!("not a delta: {other:?}"),
        }
    }

    /// The next event, which must be heads.
    pub async fn heads(&mut self) -> momfood_protocol::feed::Heads {
        match self.next().await {
            Some(StreamEvent::Heads(heads)) => heads,
            other => panic!("not heads: {other:?}"),
        }
    }
}

/// A scope whole.
pub async fn snapshot(app: &TestApp, who: &Someone, scope: &str) -> Snapshot {
    let data = get(app, who, &format!("/api/v1/scopes/{scope}/snapshot"))
        .await
        .data();
    serde_json::from_value(data).unwrap()
}

/// What a client keeps of one scope.
pub struct Replica {
    scope: String,
    pub cursor: i64,
    pub things: BTreeMap<(Entity, Uuid), Value>,
    /// How many deltas it applied.
    pub applied: usize,
    /// How often it had to start over.
    pub restarts: usize,
}

impl Replica {
    pub async fn fill(app: &TestApp, who: &Someone, scope: &str) -> Self {
        let Snapshot { seq, changes, .. } = snapshot(app, who, scope).await;
        let mut replica = Self {
            scope: scope.to_owned(),
            cursor: seq,
            things: BTreeMap::new(),
            applied: 0,
            restarts: 0,
        };
        replica.put(changes);
        replica
    }

    fn put(&mut self, changes: Vec<Change>) {
        for Change { entity, id, body, .. } in changes {
            match body {
                Some(body) => self.things.insert((entity, id), body),
                None => self.things.remove(&(entity, id)),
            };
        }
    }

    /// Takes in an event; says whether it must start over.
    pub fn hear(&mut self, event: StreamEvent) -> bool {
        match event {
            StreamEvent::Delta(delta) if delta.scope == self.scope && delta.from == self.cursor => {
                let numbers: Vec<i64> = delta.changes.iter().map(|change| change.seq).collect();
                assert!(
                    numbers.is_sorted()
                        && numbers
                            .iter()
                            .all(|seq| (delta.from + 1..=delta.to).contains(seq))
                );
                self.cursor = delta.to;
                self.applied += 1;
                self.put(delta.changes);
                false
            }
            StreamEvent::Delta(delta) => delta.to > self.cursor,
            StreamEvent::Head(head) => head.head > self.cursor,
            StreamEvent::Heads(heads) => heads.heads[&self.scope] > self.cursor,
            StreamEvent::Position(_) => false,
            StreamEvent::Resync => true,
        }
    }

    /// Listens until it knows everything up to `head`, starting over where it has to.
    pub async fn follow(&mut self, app: &TestApp, who: &Someone, ears: &mut Ears, head: i64) {
        while self.cursor < head {
            let event = ears.next().await.unwrap();
            if self.hear(event) {
                let (scope, applied, restarts) = (self.scope.clone(), self.applied, self.restarts + 1);
                *self = Self::fill(app, who, &scope).await;
                self.applied = applied;
                self.restarts = restarts;
            }
        }
    }
}

//! A device as the server meets it: it numbers what was tapped, keeps it, and sends it as often as it has to.

use http::Method;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::sync::{Cursor, Envelope, Page, SyncAnswer, SyncRequest};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::town::Someone;

/// One installation of one person.
#[derive(Clone, Debug)]
pub struct Tablet {
    pub id: Uuid,
    pub key: String,
    pub mids: i64,
}

impl Tablet {
    pub fn new(app: &TestApp) -> Self {
        Self {
            id: app.clock.uuid(),
            key: app.clock.uuid().to_string(),
            mids: 0,
        }
    }

    /// A tap: the next mutation.
    pub fn tap(&mut self, app: &TestApp, name: &str, args: Value) -> Envelope {
        self.mids += 1;
        let ver = if name == "delivery.deliver" { 2 } else { 1 };
        Envelope {
            mid: self.mids,
            uid: app.clock.uuid(),
            name: name.to_owned(),
            ver,
            args,
            occurred_at: app.clock.now(),
            valid_until: None,
        }
    }

    /// A tap on an order without anything more to say.
    pub fn of(&mut self, app: &TestApp, name: &str, order: OrderId) -> Envelope {
        self.tap(app, name, json!({ "orderId": order }))
    }

    pub fn accept(&mut self, app: &TestApp, order: OrderId) -> Envelope {
        self.tap(
            app,
            "order.accept",
            json!({ "orderId": order, "prepMinutes": 20 }),
        )
    }

    pub fn request(&self, mutations: &[Envelope]) -> SyncRequest {
        SyncRequest {
            proto: momfood_protocol::PROTO,
            schema: momfood_protocol::sync::SCHEMA,
            device: self.id,
            push_key: Some(self.key.clone()),
            epoch: None,
            mutations: mutations.to_vec(),
            gap: None,
            scopes: [].into(),
            limit: 1_000,
        }
    }

    /// Hands in as somebody signed in.
    pub async fn push(&self, app: &TestApp, who: &Someone, mutations: &[Envelope]) -> SyncAnswer {
        self.send(app, who, &self.request(mutations)).await
    }

    /// Says something as somebody signed in.
    pub async fn send(&self, app: &TestApp, who: &Someone, request: &SyncRequest) -> SyncAnswer {
        ok(&send(app, &format!("Bearer {}", who.token), request).await)
    }

    /// The word each of `mutations` is answered with.
    pub async fn words(&self, app: &TestApp, who: &Someone, mutations: &[Envelope]) -> Vec<String> {
        words(&self.push(app, who, mutations).await)
    }

    /// Hands in with the device's own secret.
    pub async fn push_alone(&self, app: &TestApp, mutations: &[Envelope]) -> SyncAnswer {
        let credential = format!("Device {}:{}", self.id, self.key);
        ok(&send(app, &credential, &self.request(mutations)).await)
    }

    /// Reads one page of one scope.
    pub async fn page(
        &self,
        app: &TestApp,
        who: &Someone,
        (scope, epoch, cursor): (&str, Option<Uuid>, Cursor),
        limit: u32,
    ) -> (SyncAnswer, Page) {
        let request = SyncRequest {
            epoch,
            scopes: [(scope.to_owned(), cursor)].into(),
            limit,
            ..self.request(&[])
        };
        let answer = ok(&send(app, &format!("Bearer {}", who.token), &request).await);
        let page = answer.scopes[scope].clone();
        (answer, page)
    }
}

/// Sends a request under an `Authorization`.
pub async fn send(app: &TestApp, authorization: &str, request: &SyncRequest) -> Answer {
    send_raw(app, authorization, &serde_json::to_value(request).unwrap()).await
}

pub async fn send_raw(app: &TestApp, authorization: &str, request: &Value) -> Answer {
    app.request(Method::POST, "/api/v1/sync")
        .header("authorization", authorization)
        .json(request)
        .send()
        .await
}

pub fn ok(answer: &Answer) -> SyncAnswer {
    serde_json::from_value(answer.data()).unwrap()
}

/// `applied`, `applied?` (for review), `rejected:code`, `deferred:code`, `quarantined:code`; replayed ones end in `*`.
pub fn words(answer: &SyncAnswer) -> Vec<String> {
    let word = |thing: Value| thing.as_str().unwrap().to_owned();
    let one = |result: &momfood_protocol::sync::MutationResult| {
        let mut text = word(json!(result.status));
        if result.review {
            text += "?";
        }
        if let Some(code) = result.code {
            text = format!("{text}:{}", word(json!(code)));
        }
        if result.replayed {
            text += "*";
        }
        text
    };
    answer.results.iter().map(one).collect()
}

/// The cursor of one who knows nothing after `seq`.
pub fn at(view: &str, seq: i64) -> Cursor {
    Cursor {
        view: view.to_owned(),
        seq,
    }
}

/// The same mutation, meant only until then.
pub fn until(mut envelope: Envelope, valid_until: Timestamp) -> Envelope {
    envelope.valid_until = Some(valid_until);
    envelope
}

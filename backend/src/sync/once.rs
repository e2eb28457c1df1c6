//! Idempotency: a request that names a key happens once, whoever sends it how often. The key, what was asked (as
//! bytes) and what was answered are one transaction with what was done; a refused request leaves no trace.

use http::HeaderMap;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::mutation::Mutation;
use momfood_protocol::rest::KEY_HEADER;
use momfood_protocol::sync::MutationStatus;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::{ApiError, ErrorCode};
use crate::store::{StoreError, Tx, sql};

/// The key of a request, whose it is, and what it asks.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    actor: UserId,
    uid: Uuid,
    request: [u8; 32],
}

/// What a key says of its request.
#[derive(Clone, Debug, PartialEq)]
pub enum Once<T> {
    /// Never seen. It is ours until the transaction ends; others with the same key wait for that.
    First,
    /// This very request was answered before.
    Answered(T),
    /// The key was used for something else.
    Another,
}

/// How a mutation ended, by whichever door it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Never `deferred`.
    pub status: MutationStatus,
    /// Whether people are to look at it.
    #[serde(default)]
    pub review: bool,
    /// Why, if not simply applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// What the code says it holds.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

impl Outcome {
    /// Done, or nothing was left to do.
    pub const fn applied() -> Self {
        Self {
            status: MutationStatus::Applied,
            review: false,
            code: None,
            details: Value::Null,
        }
    }

    /// Stored, for people to look at because of `code`.
    pub const fn for_review(code: ErrorCode) -> Self {
        Self {
            status: MutationStatus::Applied,
            review: true,
            code: Some(code),
            details: Value::Null,
        }
    }

    /// Refused for good.
    pub fn rejected(refusal: &ApiError) -> Self {
        Self {
            status: MutationStatus::Rejected,
            review: false,
            code: Some(refusal.code()),
            details: refusal.details().clone(),
        }
    }

    /// Set aside.
    pub const fn quarantined(code: ErrorCode) -> Self {
        Self {
            status: MutationStatus::Quarantined,
            review: false,
            code: Some(code),
            details: Value::Null,
        }
    }

    /// What who asks by REST is told of one that was not done.
    pub fn refusal(&self) -> Option<ApiError> {
        if self.status == MutationStatus::Applied {
            return None;
        }
        let code = self.code.unwrap_or(ErrorCode::Internal);
        Some(ApiError::new(code).with_details(self.details.clone()))
    }

    /// The status under which it is kept: a success by REST, or the code's.
    fn number(&self) -> i64 {
        match (self.status, self.code) {
            (MutationStatus::Applied, _) => 200,
            (_, Some(code)) => i64::from(code.status()),
            (_, None) => 500,
        }
    }

    fn kept(&self) -> Value {
        json!({ "sync": self })
    }

    /// What a kept answer says. What REST answers is kept only of what was done.
    fn of(mut answer: Value) -> Self {
        let kept = answer.get_mut("sync").map(Value::take);
        kept.and_then(|kept| serde_json::from_value(kept).ok())
            .unwrap_or(Self::applied())
    }
}

/// What a key says of its mutation.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// Never seen. It is ours until the transaction ends.
    First,
    /// It came before, and ended like this.
    Ended(Outcome),
    /// The key was used for something else.
    Another,
}

/// What a mutation asks, as a number: the same by REST and out of an outbox.
pub fn digest_of(mutation: &Mutation) -> [u8; 32] {
    Sha256::digest(mutation.canonical()).into()
}

/// What a request asks, as a number: the same bytes to the same place are the same request.
pub fn digest(place: &str, body: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(place.as_bytes())
        .chain_update([0])
        .chain_update(body)
        .finalize()
        .into()
}

impl Key {
    /// The key `uid` of `actor`, for what asks `request`.
    pub const fn new(actor: UserId, uid: Uuid, request: [u8; 32]) -> Self {
        Self { actor, uid, request }
    }

    /// Its uid.
    pub const fn uid(&self) -> Uuid {
        self.uid
    }

    /// The key in a request's headers. One that is no UUID is refused (`key_missing`).
    pub fn of(headers: &HeaderMap, actor: UserId, request: [u8; 32]) -> Result<Option<Self>, ApiError> {
        let Some(header) = headers.get(KEY_HEADER) else {
            return Ok(None);
        };
        let uid = header
            .to_str()
            .ok()
            .and_then(|text| Uuid::parse_str(text.trim()).ok());
        match uid {
            Some(uid) => Ok(Some(Self { actor, uid, request })),
            None => Err(ApiError::new(ErrorCode::KeyMissing)),
        }
    }

    /// Takes the key, or learns what was answered under it. [`Key::answer`] follows when it was never seen.
    pub async fn claim<T: DeserializeOwned>(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> Result<Once<T>, StoreError> {
        self.take(tx, (0, Value::Null), now).await
    }

    /// Takes the key for an `answer` that is known before the work is done, or learns what was answered under it. If
    /// the work fails, the transaction takes the answer back with it.
    pub async fn claim_for<T: Serialize + DeserializeOwned + Sync>(
        &self,
        tx: &mut Tx,
        answer: &T,
        now: Timestamp,
    ) -> Result<Once<T>, StoreError> {
        let answer = serde_json::to_value(answer).unwrap_or_default();
        self.take(tx, (200, answer), now).await
    }

    /// Takes the key for a mutation that ends like `outcome`, or learns how it ended before.
    pub async fn claim_as(
        &self,
        tx: &mut Tx,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let kept = (outcome.number(), outcome.kept());
        Ok(match self.take::<Value>(tx, kept, now).await? {
            Once::First => Claim::First,
            Once::Answered(answer) => Claim::Ended(Outcome::of(answer)),
            Once::Another => Claim::Another,
        })
    }

    /// Says otherwise how the mutation of a claimed key ended.
    pub async fn end_as(&self, tx: &mut Tx, outcome: &Outcome) -> Result<(), StoreError> {
        self.put(tx, outcome.number(), outcome.kept()).await
    }

    async fn take<T: DeserializeOwned>(
        &self,
        tx: &mut Tx,
        (status, answer): (i64, Value),
        now: Timestamp,
    ) -> Result<Once<T>, StoreError> {
        let request: &[u8] = &self.request;
        let taken = sql!(
            tx,
            execute,
            "insert into sync_uid (actor, uid, request_hash, status, answer, at) values ($1, $2, $3, $4, $5, $6)
             on conflict (actor, uid) do nothing",
            self.actor,
            self.uid,
            request,
            status,
            Json(&answer),
            now
        )?;
        if taken == 1 {
            return Ok(Once::First);
        }
        let (before, Json(answer)) = sql!(
            tx,
            fetch_one as (Vec<u8>, Json<Value>),
            "select request_hash, answer from sync_uid where actor = $1 and uid = $2",
            self.actor,
            self.uid
        )?;
        if before != request {
            return Ok(Once::Another);
        }
        Ok(serde_json::from_value(answer).map_or(Once::Another, Once::Answered))
    }

    /// Keeps what is answered under the key.
    pub async fn answer<T: Serialize + Sync>(&self, tx: &mut Tx, answer: &T) -> Result<(), StoreError> {
        let answer = serde_json::to_value(answer).unwrap_or_default();
        self.put(tx, 200, answer).await
    }

    async fn put(&self, tx: &mut Tx, status: i64, answer: Value) -> Result<(), StoreError> {
        sql!(
            tx,
            execute,
            "update sync_uid set status = $1, answer = $2 where actor = $3 and uid = $4",
            status,
            Json(answer),
            self.actor,
            self.uid
        )
        .map(|_rows| ())
    }
}

//! Idempotency: a request that names a key happens once, whoever sends it how often. The key, what was asked (as
//! bytes) and what was answered are one transaction with what was done; a refused request leaves no trace.

use http::HeaderMap;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::rest::KEY_HEADER;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
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
        sql!(
            tx,
            execute,
            "update sync_uid set status = 200, answer = $1 where actor = $2 and uid = $3",
            Json(answer),
            self.actor,
            self.uid
        )
        .map(|_rows| ())
    }
}

//! How a mutation that comes by REST happens once: under the same claim of its uid as one out of an outbox, and with the
//! same handler. Who asks by REST is there to be told: a fact that cannot be done is refused, and nothing of it is kept.

use http::HeaderMap;
use momfood_domain::actor::Actor;
use momfood_domain::id::UserId;
use momfood_protocol::mutation::Mutation;
use momfood_protocol::problem::Problem;
use momfood_protocol::view::OrderView;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{MutationError, Performed, When, perform};
use crate::clock::Clock;
use crate::error::ApiError;
use crate::store::Tx;
use crate::sync::{Key, Once, Outcome, digest_of};

/// What is kept under a uid by REST: how it ended, and what was shown where that may be out of reach later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// How it ended, read by every door.
    #[serde(rename = "sync", default = "Outcome::applied")]
    pub outcome: Outcome,
    /// The order as it was shown, without anybody's address or phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Box<OrderView>>,
}

/// What became of a mutation by REST.
pub enum Taken {
    /// It was done now.
    Now(Box<Performed>),
    /// It was done before.
    Before(Box<Kept>),
}

/// A mutation as it came by REST: what, whose, under which key.
#[derive(Clone, Debug)]
pub struct Asked {
    actor: Actor,
    mutation: Mutation,
    key: Option<Key>,
    uid: Uuid,
}

impl Asked {
    /// Reads the key, if one is named. Without one the request itself is its uid: the same person asking for the very
    /// same again acknowledges no more cash than once.
    pub fn of(headers: &HeaderMap, actor: Actor, user: UserId, mutation: Mutation) -> Result<Self, ApiError> {
        let key = Key::of(headers, user, digest_of(&mutation))?;
        let uid = key.map_or_else(|| itself(user, &mutation), |key| key.uid());
        Ok(Self {
            actor,
            mutation,
            key,
            uid,
        })
    }

    /// Who asks.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether it names a key.
    pub const fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Keeps what was shown, for whoever asks again when it is out of their reach.
    pub async fn keep(
        &self,
        tx: &mut Tx,
        performed: &Performed,
        shown: OrderView,
    ) -> Result<(), MutationError> {
        if let Some(key) = &self.key {
            let kept = Kept {
                outcome: outcome(performed),
                order: Some(Box::new(shown)),
            };
            key.answer(tx, &kept).await?;
        }
        Ok(())
    }
}

fn outcome(performed: &Performed) -> Outcome {
    match &performed.review {
        None => Outcome::applied(),
        Some(problem) => Outcome {
            details: problem.details.clone(),
            ..Outcome::for_review(problem.code)
        },
    }
}

fn itself(user: UserId, mutation: &Mutation) -> Uuid {
    let hash = Sha256::new()
        .chain_update(user.0.as_bytes())
        .chain_update(digest_of(mutation))
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Does what is asked, or learns what became of it when its key came before, by this door or out of an outbox.
pub async fn once(tx: &mut Tx, asked: &Asked, clock: &Clock) -> Result<Taken, MutationError> {
    let now = clock.now();
    if let Some(key) = &asked.key {
        let applied = Kept {
            outcome: Outcome::applied(),
            order: None,
        };
        match key.claim_for::<Kept>(tx, &applied, now).await? {
            Once::Another => return Err(MutationError::KeyReused),
            Once::Answered(kept) => return before(kept),
            Once::First => {}
        }
    }
    let when = When::at_once(now, asked.uid);
    let performed = perform(tx, &asked.actor, &asked.mutation, &when, clock).await?;
    match &performed.review {
        // Whoever asked is told, and may put it right: the transaction takes it all back.
        Some(problem) if !performed.applied => return Err(problem.clone().into()),
        Some(_) => {
            if let Some(key) = &asked.key {
                let outcome = outcome(&performed);
                key.answer(tx, &Kept { outcome, order: None }).await?;
            }
        }
        None => {}
    }
    Ok(Taken::Now(Box::new(performed)))
}

/// What to answer to a mutation that came before.
fn before(kept: Kept) -> Result<Taken, MutationError> {
    match kept.outcome.refusal() {
        Some(refusal) => Err(MutationError::Problem(Problem {
            code: refusal.code(),
            details: refusal.details().clone(),
        })),
        None => Ok(Taken::Before(Box::new(kept))),
    }
}

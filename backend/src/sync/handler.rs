//! From an envelope to the one handler of mutations, and from its answer to an outcome. Decides nothing itself.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use momfood_protocol::mutation::Mutation;
use momfood_protocol::problem::Problem;
use momfood_protocol::sync::Envelope;

use super::device::Device;
use super::once::Outcome;
use super::push::Refusal;
use crate::clock::Clock;
use crate::error::{ApiError, ErrorCode};
use crate::mutations::{self, MutationError, When};
use crate::store::{StoreError, Tx};

/// The program's own handler. What is told for somebody who may no longer act is set aside for people to look at.
pub fn handle<'a>(
    tx: &'a mut Tx,
    device: &'a Device,
    mutation: &'a Mutation,
    envelope: &'a Envelope,
    clock: &'a Clock,
) -> BoxFuture<'a, Result<Outcome, Refusal>> {
    async move {
        #[cfg(feature = "faults")]
        crate::faults::break_over(&envelope.args);
        let when = When::told(
            clock.now(),
            envelope.occurred_at,
            envelope.valid_until,
            envelope.uid,
        );
        let done = if device.may_act {
            mutations::perform(tx, &device.actor, mutation, &when, clock).await
        } else {
            let problem = Problem {
                code: ErrorCode::Forbidden,
                details: serde_json::Value::Null,
            };
            mutations::set_aside(tx, &device.actor, mutation, &when, clock, problem).await
        };
        let done = done.map_err(refusal)?;
        Ok(match done.review {
            None => Outcome::applied(),
            Some(problem) => Outcome {
                details: problem.details,
                ..Outcome::for_review(problem.code)
            },
        })
    }
    .boxed()
}

fn refusal(error: MutationError) -> Refusal {
    match error.refusal() {
        Ok(problem) => Refusal::Refused(ApiError::new(problem.code).with_details(problem.details)),
        Err(MutationError::Store(error)) => Refusal::Store(error),
        Err(error) => Refusal::Store(StoreError::Busy(error.to_string().into())),
    }
}

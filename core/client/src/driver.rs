//! What a driver sees and does: the shift, an offer, the job. Where they are is `track`'s.

use std::rc::Rc;

use momfood_domain::delivery::AssignmentStatus;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{AcceptOffer, DeclineOffer, DriverHome, DriverStep, SetShift, TakeStep};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::Entity;
use momfood_protocol::mutation::{Attempt, Deliver, Fail, Mutation, Of, Release};
use momfood_protocol::reading;
use momfood_protocol::rest;
use momfood_protocol::view::{Action, DriverDay, OrderView};

use crate::core::Core;
use crate::session::signed_in;

/// `GetDriverHome`.
pub(crate) async fn home(core: &Rc<Core>) -> Result<DriverHome, Failure> {
    signed_in(core)?;
    core.filled().await?;
    home_now(core)
}

fn home_now(core: &Core) -> Result<DriverHome, Failure> {
    let now = core.now();
    let sync = core.sync.borrow();
    let body = sync.shown().document(Entity::Driver).cloned();
    let day = body.and_then(|body| reading::read::<DriverDay>(body).ok());
    let day = day.ok_or_else(|| core.failure(ErrorCode::Protocol))?;
    let in_order = |wanted: &dyn Fn(&OrderView) -> bool| {
        let mut found: Vec<OrderView> = sync
            .shown()
            .scoped()
            .filter(|order| wanted(order))
            .cloned()
            .collect();
        found.sort_by_key(|order| (order.placed_at, order.id));
        found
    };
    let mut jobs = in_order(&is_job);
    // What is in the bag is brought before more is fetched.
    jobs.sort_by_key(|order| order.status != OrderStatus::PickedUp);
    let mut jobs = jobs.into_iter();
    Ok(DriverHome {
        day,
        offer: in_order(&|order| is_offer(order, now)).into_iter().next(),
        job: jobs.next(),
        next: jobs.collect(),
        position: core.state.borrow().track.last(),
    })
}

fn is_offer(order: &OrderView, now: Timestamp) -> bool {
    let assignment = order.delivery.as_ref().and_then(|delivery| delivery.assignment);
    assignment.is_some_and(|a| a.status == AssignmentStatus::Offered && now < a.expires_at)
}

/// At work on it, or still to bring the food back.
pub(crate) fn is_job(order: &OrderView) -> bool {
    let assignment = order.delivery.as_ref().and_then(|delivery| delivery.assignment);
    order.may.contains(&Action::ReturnFood)
        || (!order.status.is_end() && assignment.is_some_and(|a| a.status == AssignmentStatus::Accepted))
}

/// `SetShift`.
pub(crate) async fn set_shift(core: &Rc<Core>, call: SetShift) -> Result<DriverHome, Failure> {
    let args = rest::SetShift {
        on: call.on,
        point: call.point,
    };
    done(core, Mutation::SetShift(args)).await
}

/// Does `mutation`, and shows what has come of it.
async fn done(core: &Rc<Core>, mutation: Mutation) -> Result<DriverHome, Failure> {
    core.mutate(mutation).await?;
    home(core).await
}

/// `AcceptOffer`.
pub(crate) async fn accept_offer(core: &Rc<Core>, call: AcceptOffer) -> Result<DriverHome, Failure> {
    let args = Attempt {
        order_id: call.id,
        attempt: call.attempt,
    };
    done(core, Mutation::AcceptOffer(args)).await
}

/// `DeclineOffer`.
pub(crate) async fn decline_offer(core: &Rc<Core>, call: DeclineOffer) -> Result<DriverHome, Failure> {
    let args = Attempt {
        order_id: call.id,
        attempt: call.attempt,
    };
    done(core, Mutation::DeclineOffer(args)).await
}

/// `TakeStep`.
pub(crate) async fn take_step(core: &Rc<Core>, call: TakeStep) -> Result<DriverHome, Failure> {
    let order_id = call.id;
    let of = Of { order_id };
    let mutation = match call.step {
        DriverStep::ArriveAtRestaurant => Mutation::ArriveAtRestaurant(of),
        DriverStep::PickUp => Mutation::PickUp(of),
        DriverStep::ArriveAtCustomer => Mutation::ArriveAtCustomer(of),
        DriverStep::Deliver { cash, proof } => Mutation::Deliver(Deliver {
            order_id,
            cash,
            proof,
        }),
        DriverStep::Fail { reason, proof } => Mutation::FailDelivery(Fail {
            order_id,
            reason,
            proof,
        }),
        DriverStep::ReturnFood => Mutation::ReturnFood(of),
        DriverStep::Release { reason, attempt } => Mutation::Release(Release {
            order_id,
            attempt,
            reason,
        }),
    };
    done(core, mutation).await
}

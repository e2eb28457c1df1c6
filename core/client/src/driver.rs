//! What a driver sees and does: the shift, an offer, the job, and where they are.

use std::collections::VecDeque;
use std::rc::Rc;

use momfood_domain::delivery::AssignmentStatus;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{
    AcceptOffer, DeclineOffer, Done, DriverHome, DriverStep, ReportPosition, SetShift, TakeStep,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::Entity;
use momfood_protocol::mutation::{Attempt, Deliver, Fail, Mutation, Of, Release};
use momfood_protocol::reading;
use momfood_protocol::rest::{self, Ping, Pings};
use momfood_protocol::view::{Action, DriverDay, OrderView, Position};
use uuid::Uuid;

use crate::core::Core;
use crate::http::{Patience, Spec};
use crate::port::Method;
use crate::session::signed_in;
use crate::sync::back_off;

/// Positions are this far apart in time (microseconds) or in space (metres).
const APART: i64 = 5 * SECOND;
const APART_M: u32 = 25;
/// Positions kept while they cannot be sent; only where the driver was lately is worth sending.
const MOST: usize = 50;

/// Where the driver was, and what of it the server does not know yet.
#[derive(Default)]
pub(crate) struct Track {
    /// Names this run of the engine and this sign-in.
    session: Option<Uuid>,
    n: u64,
    last: Option<Position>,
    /// When the last position that counts was measured, by the device's clock.
    counted: Option<(Timestamp, Position)>,
    waiting: VecDeque<(Timestamp, Ping)>,
    sending: bool,
}

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
        position: core.state.borrow().track.last,
    })
}

fn is_offer(order: &OrderView, now: Timestamp) -> bool {
    let assignment = order.delivery.as_ref().and_then(|delivery| delivery.assignment);
    assignment.is_some_and(|a| a.status == AssignmentStatus::Offered && now < a.expires_at)
}

/// At work on it, or still to bring the food back.
fn is_job(order: &OrderView) -> bool {
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

/// `ReportPosition`.
pub(crate) fn report(core: &Rc<Core>, call: &ReportPosition) -> Result<Done, Failure> {
    let generation = signed_in(core)?;
    if !call.point.is_valid() {
        return Err(momfood_protocol::problem::Problem::invalid("point").failure(core.lang()));
    }
    let device = core.ports.host.now();
    let position = Position {
        point: call.point,
        at: core.now(),
        heading: call.heading,
    };
    let session = core.mint();
    let off_duty = {
        let sync = core.sync.borrow();
        let day = sync.shown().document(Entity::Driver);
        day.is_some_and(|day| day.get("shift").is_none_or(serde_json::Value::is_null))
    };
    {
        let state = &mut *core.state.borrow_mut();
        let track = &mut state.track;
        track.last = Some(position);
        let counts = track.counted.is_none_or(|(at, last)| {
            device.since(at) >= APART || last.point.distance_m(call.point) >= APART_M
        });
        if off_duty || !counts {
            return Ok(Done {});
        }
        track.counted = Some((device, position));
        track.session.get_or_insert(session);
        track.n += 1;
        let ping = Ping {
            n: track.n,
            point: call.point,
            age_ms: 0,
            heading: call.heading,
        };
        if track.waiting.len() >= MOST {
            track.waiting.pop_front();
        }
        track.waiting.push_back((device, ping));
        if std::mem::replace(&mut track.sending, true) {
            return Ok(Done {});
        }
    }
    let task = Rc::clone(core);
    core.spawn(async move { send(&task, generation).await });
    Ok(Done {})
}

/// Sends what waits, until nothing does.
async fn send(core: &Rc<Core>, generation: u32) {
    let mut failures = 0;
    loop {
        let body = {
            let device = core.ports.host.now();
            let state = &mut *core.state.borrow_mut();
            if state.session.generation != generation {
                return;
            }
            let track = &mut state.track;
            let (Some(session), false) = (track.session, track.waiting.is_empty()) else {
                track.sending = false;
                return;
            };
            let aged = |(at, ping): &(Timestamp, Ping)| Ping {
                age_ms: u64::try_from(device.since(*at) / 1_000).unwrap_or(0),
                ..*ping
            };
            Pings {
                session,
                pings: track.waiting.iter().map(aged).collect(),
            }
        };
        let sent = body.pings.last().map_or(0, |ping| ping.n);
        let spec = Spec::send(Method::Post, "pings", &body).patience(Patience::Once);
        match core.request(spec).await {
            Err(failure) if failure.code.is_temporary() => {
                failures += 1;
                core.sleep_micros(back_off(failures, core.chance())).await;
            }
            // Taken, or refused for good (off duty): either way not to be sent again.
            _ => {
                failures = 0;
                core.state
                    .borrow_mut()
                    .track
                    .waiting
                    .retain(|(_, ping)| ping.n > sent);
            }
        }
    }
}

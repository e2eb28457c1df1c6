//! The one command handler. REST, the worker, the gateway's answers and dispatch all end here.

use momfood_domain::actor::Actor;
use momfood_domain::delivery::{AssignmentStatus, DeliveryStatus};
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::order::{Command, Event, Order, decide, party};
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_protocol::feed::{Entity, Scope};

use super::OrderingError;
use super::record::{self, Record};
use super::write;
use crate::store::Tx;
use crate::{delivery, notify, sync};

/// When something is done, and when it happened by the clock of who tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The server's time: the one that decides.
    pub now: Timestamp,
    /// The teller's time, where somebody tells it.
    pub told: Option<Told>,
}

/// A time by a device's clock, kept within what can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: Timestamp,
    /// Whether that clock was far off.
    pub skewed: bool,
}

/// How far a device's clock may be off before what it says is flagged, microseconds.
pub const SKEW: i64 = 5 * MINUTE;

impl From<Timestamp> for Moment {
    fn from(now: Timestamp) -> Self {
        Self { now, told: None }
    }
}

impl Moment {
    /// The same about something that did not exist before `began`.
    fn after(mut self, began: Timestamp) -> Self {
        if let Some(told) = &mut self.told {
            told.skewed |= told.at < began.plus(-SKEW);
            told.at = told.at.max(began);
        }
        self
    }
}

/// What a command did.
#[derive(Clone, Debug)]
pub struct Executed {
    /// The order as it was.
    pub before: Order,
    /// The order as it is.
    pub after: Order,
    /// What happened; empty when the command was late or repeated, and nothing was written.
    pub events: Vec<Event>,
    /// The order's revision now.
    pub rev: i64,
}

/// Does what `actor` wants of the order, if the order allows it: decides, applies, writes what changed, numbers
/// what happened, leaves an audit row and touches every scope that can see it. A late or repeated command writes
/// nothing and is no error. Out of the actor's reach is [`Rejection::NotFound`].
///
/// [`Rejection::NotFound`]: momfood_domain::order::Rejection::NotFound
pub async fn command(
    tx: &mut Tx,
    actor: &Actor,
    id: OrderId,
    command: &Command,
    moment: impl Into<Moment> + Send,
) -> Result<Executed, OrderingError> {
    let moment = moment.into();
    let now = moment.now;
    let record = reach(tx, actor, id).await?;
    let before = record.order.clone();
    let events = decide(&before, command, actor, now)?;
    let mut after = before.clone();
    if events.is_empty() {
        let rev = record.rev;
        return Ok(Executed {
            before,
            after,
            events,
            rev,
        });
    }
    for event in &events {
        after.apply(event);
    }
    let rev = record.rev + 1;
    write::changes(
        tx,
        &record,
        &after,
        &events,
        actor,
        moment.after(record.placed_at),
    )
    .await?;
    let at_once = |event: &Event| matches!(event, Event::Ready { .. } | Event::Released { .. });
    if events.iter().any(at_once) {
        write::dispatch_now(tx, id, now).await?;
    }
    let detail = serde_json::to_value(command).unwrap_or_default();
    let action = detail["command"].as_str().unwrap_or("command").to_owned();
    write::audit(tx, actor, &action, (id, rev), detail, now).await?;
    notify::note(tx, (&before, &after), &events, (record.distance_m, rev), now).await?;
    tell(tx, &before, &after, &events, rev, now).await?;
    Ok(Executed {
        before,
        after,
        events,
        rev,
    })
}

/// The order, locked, if the actor may know that it exists.
pub(super) async fn reach(tx: &mut Tx, actor: &Actor, id: OrderId) -> Result<Record, OrderingError> {
    if !record::lock(tx, id).await? {
        return Err(OrderingError::NotFound);
    }
    let record = record::load(tx, &[id]).await?.pop();
    record
        .filter(|record| party(&record.order, actor).is_some())
        .ok_or(OrderingError::NotFound)
}

/// Touches every scope in which the order changed, appeared or disappeared.
pub(super) async fn tell(
    tx: &mut Tx,
    before: &Order,
    after: &Order,
    events: &[Event],
    rev: i64,
    now: Timestamp,
) -> Result<(), OrderingError> {
    let mut touch = |scope, deleted| sync::touch(tx, scope, Entity::Order, after.id.0, rev, deleted, now);
    touch(Scope::Customer(after.customer_id), false);
    if is_seen_by_kitchen(after) {
        touch(Scope::Restaurant(after.restaurant_id), false);
    }
    let (had, has) = (in_hand_of(before), in_hand_of(after));
    if let Some(driver) = has {
        touch(Scope::Driver(driver), false);
    }
    if let Some(driver) = had.filter(|_| had != has) {
        touch(Scope::Driver(driver), true);
    }
    if let Some(driver) = day_of(before, after, events) {
        delivery::day_changed(tx, driver, now).await?;
    }
    Ok(())
}

/// Whether the order is in its restaurant's scope: a kitchen never sees one whose card is not authorised.
pub(super) const fn is_seen_by_kitchen(order: &Order) -> bool {
    order.accept_by.is_some()
}

/// The driver in whose scope the order is: who is asked, who is at work on it, who has to bring it back.
pub(super) fn in_hand_of(order: &Order) -> Option<UserId> {
    let delivery = order.delivery?;
    let assignment = delivery.assignment?;
    let open = assignment.status.is_open() || delivery.status == DeliveryStatus::Failed;
    open.then_some(assignment.driver_id)
}

/// The driver whose day changed: a trip was completed, or its cash handed in.
fn day_of(before: &Order, after: &Order, events: &[Event]) -> Option<UserId> {
    let completed = |order: &Order| {
        let assignment = order.delivery.and_then(|delivery| delivery.assignment);
        assignment
            .filter(|a| a.status == AssignmentStatus::Completed)
            .map(|a| a.driver_id)
    };
    let handed_in = events.iter().any(|event| matches!(event, Event::CashReconciled));
    completed(after).filter(|_| completed(before).is_none() || handed_in)
}

//! Everything a person changes, by whichever door it comes: the one handler of each mutation.
//!
//! [`perform`] does what a mutation says. It ends where REST has always ended: in [`ordering::command`],
//! [`ordering::place()`], the catalog and the shifts; nothing is decided here. An intent may be refused, and then
//! nothing of it remains. A fact never is: what no longer fits is written down in `facts` for people to look at, with
//! its cash and its proof, and [`Performed::review`] says why. An applied fact leaves no row there: its order's events
//! are its record.
//!
//! Whoever calls holds the uid's claim first (`sync::Key`), in the same transaction: [`once`] is how REST does it.

mod cash;
mod doors;
mod error;
mod facts;
mod rest;

pub use doors::routes;
pub use error::MutationError;
pub use facts::set_aside;
pub use rest::{Asked, Kept, Taken, once};

use momfood_domain::access::Permission;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::order::Command;
use momfood_domain::ticket::TicketCommand;
use momfood_domain::time::{DAY, Timestamp};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::mutation::{Kind, Mutation};
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::OwnerMenu;
use momfood_protocol::view::KitchenSettings;
use uuid::Uuid;

use crate::clock::Clock;
use crate::ordering::{Fresh, Moment, OrderingError, Proven, SKEW, Told};
use crate::store::Tx;
use crate::{catalog, delivery, ordering};

/// How long ago something may have happened that is told now, microseconds. A clock that says more is not believed.
const LONG_AGO: i64 = 30 * DAY;

/// When a mutation comes, when it was made, and what makes it happen once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The server's time: the one that decides.
    pub now: Timestamp,
    /// When it was made by the device's clock, kept within what can be believed: never in the future.
    pub occurred_at: Timestamp,
    /// Whether that clock is more than five minutes off, as far as anyone can tell.
    pub skewed: bool,
    /// Up to when an intent is worth doing.
    pub valid_until: Option<Timestamp>,
    /// What makes it happen once.
    pub uid: Uuid,
}

impl When {
    /// Of a mutation that was made at `occurred_at` by a device's clock.
    pub fn told(now: Timestamp, occurred_at: Timestamp, valid_until: Option<Timestamp>, uid: Uuid) -> Self {
        let earliest = now.plus(-LONG_AGO);
        Self {
            now,
            occurred_at: occurred_at.clamp(earliest, now),
            skewed: occurred_at > now.plus(SKEW) || occurred_at < earliest,
            valid_until,
            uid,
        }
    }

    /// Of a mutation that is made as it comes.
    pub const fn at_once(now: Timestamp, uid: Uuid) -> Self {
        Self {
            now,
            occurred_at: now,
            skewed: false,
            valid_until: None,
            uid,
        }
    }

    fn is_over(&self) -> bool {
        self.valid_until.is_some_and(|until| self.now > until)
    }

    fn moment(&self) -> Moment {
        let told = Told {
            at: self.occurred_at,
            skewed: self.skewed,
        };
        Moment {
            now: self.now,
            told: (self.skewed || self.occurred_at != self.now).then_some(told),
        }
    }
}

/// What a mutation did.
pub struct Performed {
    /// What is there to show now.
    pub done: Done,
    /// Whether it took effect, or nothing was left to do. `false`: it is kept for people to look at, and nothing else.
    pub applied: bool,
    /// Why people are to look at it, if they are.
    pub review: Option<Problem>,
}

/// What there is to show after a mutation.
pub enum Done {
    /// The order as it is now.
    Order(OrderId),
    /// A new order: everything there is to see of it, or nothing when it was there already.
    Placed(OrderId, Option<Box<Fresh>>),
    /// A menu as it is now.
    Menu(OwnerMenu),
    /// A restaurant's settings as they are now.
    Settings(Box<KitchenSettings>),
    /// A driver's day.
    Shift(UserId),
}

/// Does what `mutation` says, as `actor`. An error means that nothing of it remains, and the caller rolls back; a fact
/// gives one only when the database does, or when it is nobody's.
pub async fn perform(
    tx: &mut Tx,
    actor: &Actor,
    mutation: &Mutation,
    when: &When,
    clock: &Clock,
) -> Result<Performed, MutationError> {
    let done = match mutation.check() {
        Err(problem) => Err(problem.into()),
        Ok(()) if mutation.kind() == Kind::Intent && when.is_over() => Err(MutationError::TooLate),
        Ok(()) => act(tx, actor, mutation, when, clock).await,
    };
    match (mutation.kind(), done) {
        (Kind::Fact, Err(error)) => match error.refusal() {
            Ok(problem) => set_aside(tx, actor, mutation, when, clock, problem).await,
            Err(error) => Err(error),
        },
        (_, done) => done,
    }
}

async fn act(
    tx: &mut Tx,
    actor: &Actor,
    mutation: &Mutation,
    when: &When,
    clock: &Clock,
) -> Result<Performed, MutationError> {
    if let (Some(order), Some(command)) = (mutation.order_id(), mutation.command()) {
        return step(tx, actor, (order, &command), mutation, when, clock).await;
    }
    let now = when.now;
    let done = match mutation {
        Mutation::PlaceOrder(request) => {
            let customer = may(actor, Permission::PlaceOrder)?;
            let fresh = ordering::place(tx, customer, request, clock).await?;
            Done::Placed(request.id, fresh.map(Box::new))
        }
        Mutation::RateOrder(rate) => {
            ordering::rate(tx, actor, rate, now).await?;
            Done::Order(rate.order_id)
        }
        Mutation::BumpTicket(at) => {
            ordering::ticket(tx, actor, at, TicketCommand::Bump, now).await?;
            Done::Order(at.order_id)
        }
        Mutation::RecallTicket(at) => {
            ordering::ticket(tx, actor, at, TicketCommand::Recall, now).await?;
            Done::Order(at.order_id)
        }
        Mutation::SetAvailability(set) => {
            let (restaurant, note) = (kitchen(actor)?, (clock.uuid(), now));
            let (item, availability) = (set.item_id, set.availability);
            Done::Menu(
                catalog::menu::set_availability(tx, actor, restaurant, item, availability, note).await?,
            )
        }
        Mutation::Pause(pause) => {
            let (restaurant, note) = (kitchen(actor)?, (clock.uuid(), now));
            let asked = (*pause, when.occurred_at);
            Done::Settings(Box::new(
                catalog::change::pause(tx, actor, restaurant, asked, note).await?,
            ))
        }
        Mutation::SetShift(wish) => {
            let driver = may(actor, Permission::Drive)?;
            delivery::set_shift(tx, driver, wish, clock.id(), now).await?;
            Done::Shift(driver)
        }
        // All others are about an order and were done above.
        _ => return Err(OrderingError::NotFound.into()),
    };
    Ok(Performed {
        done,
        applied: true,
        review: None,
    })
}

/// A step of an order, and what came with it: cash, proof.
async fn step(
    tx: &mut Tx,
    actor: &Actor,
    (order, command): (OrderId, &Command),
    mutation: &Mutation,
    when: &When,
    clock: &Clock,
) -> Result<Performed, MutationError> {
    let done = ordering::command(tx, actor, order, command, when.moment()).await?;
    let mut review = None;
    if let Some(amount) = mutation.cash() {
        let disposition = cash::disposition(amount, &done);
        if disposition == cash::Disposition::Review {
            review = Some(Problem::plain(ErrorCode::BadAmount));
        }
        cash::write(tx, actor, (order, amount, done.after.currency), disposition, when).await?;
    }
    if let Some(proof) = mutation.proof() {
        let proven = Proven {
            uid: when.uid,
            now: when.now,
            occurred_at: when.occurred_at,
            fits: true,
        };
        if !ordering::prove(tx, actor, order, proof, proven).await? {
            review = Some(Problem::plain(ErrorCode::WrongCode));
        }
    }
    if let Some(problem) = &review {
        facts::keep(tx, actor, mutation, when, clock, (problem, true)).await?;
    }
    Ok(Performed {
        done: Done::Order(order),
        applied: true,
        review,
    })
}

fn may(actor: &Actor, permission: Permission) -> Result<UserId, OrderingError> {
    let person = actor.user.filter(|_| actor.role.may(permission));
    person.ok_or(OrderingError::Forbidden)
}

fn kitchen(actor: &Actor) -> Result<RestaurantId, OrderingError> {
    let restaurant = actor.restaurant.filter(|_| actor.role == Role::Restaurant);
    restaurant.ok_or(OrderingError::Forbidden)
}

//! Random histories of one order, played through `decide` and `apply`.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::money::Currency;
use momfood_domain::order::{Command, Event, Order, OrderStatus, Reason, Rejection, decide, party};
use momfood_domain::payment::{Payment, PaymentMethod};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::{SECOND, Timestamp};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use uuid::Uuid;

use crate::gateway::Gateway;

/// When every history begins.
pub const START: Timestamp = Timestamp(1_795_294_800_000_000);

/// Someone who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Customer,
    OtherCustomer,
    Kitchen,
    OtherKitchen,
    /// One of three drivers; whoever was asked is the right one.
    Driver(u8),
    Support,
    Admin,
    System,
}

impl Who {
    pub const ALL: [Self; 10] = [
        Self::Customer,
        Self::OtherCustomer,
        Self::Kitchen,
        Self::OtherKitchen,
        Self::Driver(0),
        Self::Driver(1),
        Self::Driver(2),
        Self::Support,
        Self::Admin,
        Self::System,
    ];

    pub fn actor(self) -> Actor {
        match self {
            Self::Customer => Actor::person(user(1), Role::Customer),
            Self::OtherCustomer => Actor::person(user(2), Role::Customer),
            Self::Kitchen => Actor::staff(user(3), RestaurantId(Uuid::from_u128(10))),
            Self::OtherKitchen => Actor::staff(user(4), RestaurantId(Uuid::from_u128(11))),
            Self::Driver(n) => Actor::person(driver(n), Role::Driver),
            Self::Support => Actor::person(user(5), Role::Support),
            Self::Admin => Actor::person(user(6), Role::Admin),
            Self::System => Actor::SYSTEM,
        }
    }
}

const fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

pub fn driver(n: u8) -> UserId {
    user(100 + u128::from(n))
}

/// An order as it is placed at [`START`].
pub fn placed(method: PaymentMethod, fulfilment: Fulfilment, total: i64, cancel_fee: i64) -> Order {
    let status = Order::first_status(method);
    Order {
        id: OrderId(Uuid::from_u128(1000)),
        customer_id: user(1),
        restaurant_id: RestaurantId(Uuid::from_u128(10)),
        fulfilment,
        status,
        currency: Currency::Sar,
        total,
        cancel_fee,
        accept_limit_seconds: 300,
        accept_by: (status == OrderStatus::Pending).then(|| START.plus_seconds(300)),
        ready_by: None,
        reason: None,
        payment: Payment::new(method),
        delivery: None,
    }
}

/// Every command once. `amount` is every amount in them, `driver_id` the driver offered.
pub fn commands(attempt: u32, amount: i64, driver_id: UserId, now: Timestamp) -> Vec<Command> {
    let reason = Reason::Other;
    vec![
        Command::Authorized { amount },
        Command::Declined,
        Command::Captured { amount },
        Command::Voided,
        Command::Refunded { amount, before: 0 },
        Command::Accept { prep_minutes: 20 },
        Command::Reject { reason },
        Command::StartPreparing,
        Command::MarkReady,
        Command::HandOver { cash: Some(amount) },
        Command::Cancel { reason },
        Command::Expire,
        Command::Offer {
            driver_id,
            expires_at: now.plus_seconds(45),
        },
        Command::ExpireOffer { attempt },
        Command::AcceptOffer { attempt },
        Command::DeclineOffer { attempt },
        Command::Release { attempt, reason },
        Command::ArriveAtRestaurant,
        Command::PickUp,
        Command::ArriveAtCustomer,
        Command::Deliver { cash: Some(amount) },
        Command::FailDelivery { reason },
        Command::ReturnFood,
        Command::Refund { amount },
        Command::ReconcileCash,
    ]
}

/// Whether only the gateway says this.
pub const fn is_answer(command: &Command) -> bool {
    matches!(
        command,
        Command::Authorized { .. }
            | Command::Declined
            | Command::Captured { .. }
            | Command::Voided
            | Command::Refunded { .. }
    )
}

const fn ends_badly(command: &Command) -> bool {
    matches!(
        command,
        Command::Cancel { .. } | Command::Reject { .. } | Command::Expire | Command::FailDelivery { .. }
    )
}

/// One thing that happens next.
#[derive(Clone, Debug)]
pub enum Move {
    /// Someone does something that is possible now and brings the order on.
    Onward(Index, Index),
    /// Someone does anything that is possible now.
    Possible(Index, Index),
    /// Anyone tries anything.
    Anything {
        who: Who,
        command: Index,
        attempt: u32,
        amount: Index,
    },
    /// The worker asks the gateway what is owed.
    Ask,
    /// A question reaches the gateway; it may reach it again later.
    Hear(Index),
    /// An answer reaches the order; it may reach it again later.
    Answer(Index),
}

/// A story to play: an order, a gateway, and what happens.
#[derive(Clone, Debug)]
pub struct Story {
    pub order: Order,
    pub gateway: Gateway,
    /// Whether only the gateway speaks for the gateway. If not, anything may come in its name.
    pub honest: bool,
    /// Each move and the microseconds before it.
    pub moves: Vec<(i64, Move)>,
}

/// One command given, and what came of it.
#[derive(Clone, Debug)]
pub struct Step {
    pub before: Order,
    pub who: Who,
    pub command: Command,
    pub now: Timestamp,
    pub outcome: Result<Vec<Event>, Rejection>,
    pub after: Order,
}

/// A played story.
pub struct History {
    pub order: Order,
    pub gateway: Gateway,
    pub now: Timestamp,
    pub steps: Vec<Step>,
}

impl History {
    pub fn new(order: Order, gateway: Gateway) -> Self {
        Self {
            order,
            gateway,
            now: START,
            steps: Vec::new(),
        }
    }

    /// Gives a command and writes down what came of it.
    pub fn give(&mut self, who: Who, command: Command) -> &Result<Vec<Event>, Rejection> {
        let before = self.order.clone();
        let outcome = decide(&self.order, &command, &who.actor(), self.now);
        for event in outcome.iter().flatten() {
            self.order.apply(event);
        }
        let index = self.steps.len();
        self.steps.push(Step {
            before,
            who,
            command,
            now: self.now,
            outcome,
            after: self.order.clone(),
        });
        &self.steps[index].outcome
    }

    fn attempt(&self) -> u32 {
        self.order.delivery.map_or(1, |delivery| delivery.attempt)
    }

    /// What would change something now: every right person with every fitting command.
    fn possible(&self, amount: i64, driver_id: UserId) -> Vec<(Who, Command)> {
        let commands = commands(self.attempt(), amount, driver_id, self.now);
        let people = |command: Command| Who::ALL.map(|who| (who, command.clone()));
        commands
            .into_iter()
            .filter(|command| !is_answer(command))
            .flat_map(people)
            .filter(|(who, command)| {
                decide(&self.order, command, &who.actor(), self.now).is_ok_and(|events| !events.is_empty())
            })
            .collect()
    }

    fn make(&mut self, next: &Move, honest: bool) {
        match next {
            Move::Onward(which, chance) | Move::Possible(which, chance) => {
                let total = self.order.total;
                let amount = *chance.get(&[total, total / 2, total.min(1)]);
                let mut choices = self.possible(amount, driver(*chance.get(&[0, 1, 2])));
                if matches!(next, Move::Onward(..)) {
                    choices.retain(|(_, command)| !ends_badly(command));
                }
                if !choices.is_empty() {
                    let (who, command) = which.get(&choices).clone();
                    self.give(who, command);
                }
            }
            Move::Anything {
                who,
                command,
                attempt,
                amount,
            } => {
                let total = self.order.total;
                let amounts = [i64::MIN, -1, 0, 1, total - 1, total, total + 1, i64::MAX];
                let all = commands(*attempt, *amount.get(&amounts), driver(1), self.now);
                let command = command.get(&all).clone();
                if !(honest && *who == Who::System && is_answer(&command)) {
                    self.give(*who, command);
                }
            }
            Move::Ask => self.gateway.ask(&self.order.payment),
            Move::Hear(which) => self.gateway.hear(*which, self.order.total),
            Move::Answer(which) => {
                if let Some(answer) = self.gateway.answer(*which) {
                    self.give(Who::System, answer);
                }
            }
        }
    }

    /// Lets the worker and the gateway finish what is owed, however long they take. Panics when they never
    /// do.
    pub fn settle(&mut self) {
        for _ in 0..20 {
            self.gateway.hear_all(self.order.total);
            for answer in self.gateway.answer_all() {
                self.give(Who::System, answer);
            }
            if self.order.payment.owed.is_none() && self.gateway.is_quiet() {
                return;
            }
            self.gateway.ask(&self.order.payment);
        }
        panic!("the gateway is asked for ever: {:?}", self.order.payment);
    }

    /// Whether `who` may know of the order now.
    pub fn knows(&self, who: Who) -> bool {
        party(&self.order, &who.actor()).is_some()
    }
}

impl Story {
    pub fn play(&self) -> History {
        let mut history = History::new(self.order.clone(), self.gateway.clone());
        for (wait, next) in &self.moves {
            history.now = history.now.plus(*wait);
            history.make(next, self.honest);
        }
        history
    }
}

fn any_move() -> impl Strategy<Value = Move> {
    let index = any::<Index>;
    prop_oneof![
        6 => (index(), index()).prop_map(|(which, chance)| Move::Onward(which, chance)),
        1 => (index(), index()).prop_map(|(which, chance)| Move::Possible(which, chance)),
        3 => (select(&Who::ALL[..]), index(), 0_u32..5, index())
            .prop_map(|(who, command, attempt, amount)| Move::Anything { who, command, attempt, amount }),
        3 => Just(Move::Ask),
        3 => index().prop_map(Move::Hear),
        3 => index().prop_map(Move::Answer),
    ]
}

/// Waits between moves: none, a moment, up to the kitchen's limit, and over it.
fn any_wait() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => Just(0),
        4 => 0..20 * SECOND,
        2 => 20 * SECOND..120 * SECOND,
        1 => 250 * SECOND..310 * SECOND,
    ]
}

fn stories_told(honest: impl Strategy<Value = bool>) -> impl Strategy<Value = Story> {
    let method = prop_oneof![1 => Just(PaymentMethod::Cash), 2 => Just(PaymentMethod::Card)];
    let fulfilment = prop_oneof![3 => Just(Fulfilment::Delivery), 1 => Just(Fulfilment::Pickup)];
    let total = prop_oneof![1 => Just(0_i64), 12 => 1_i64..50_000];
    let fee = prop_oneof![1 => Just(0_i64), 3 => 1_i64..30_000, 1 => Just(i64::MAX)];
    let moves = prop::collection::vec((any_wait(), any_move()), 0..70);
    (method, fulfilment, total, fee, Gateway::any(), honest, moves).prop_map(
        |(method, fulfilment, total, fee, gateway, honest, moves)| Story {
            order: placed(method, fulfilment, total, fee),
            gateway,
            honest,
            moves,
        },
    )
}

/// Histories in which the gateway may be impersonated.
pub fn stories() -> impl Strategy<Value = Story> {
    stories_told(any::<bool>())
}

/// Histories in which what the gateway is said to have done, it did.
pub fn honest_stories() -> impl Strategy<Value = Story> {
    stories_told(Just(true))
}

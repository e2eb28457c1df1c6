//! Random lives of card orders behind a bad line, with the server killed at any moment.

use std::time::Duration;

use momfood_backend::payments::{settle_due, settle_with};
use momfood_backend::store::Engine;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::OrderId;
use momfood_domain::order::{Command, OrderStatus, Reason};
use momfood_domain::payment::PaymentStatus;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::books::{agree, ours};
use crate::faults::GOOD;
use crate::support::{City, FEE, TOTAL, command, person, status};
use crate::troubled::{Trouble, Troubled};

#[derive(Clone, Debug)]
enum Step {
    Settle(Vec<Trouble>),
    Accept,
    CancelAsCustomer,
    CancelAsSupport,
    CancelAsKitchen,
    Reject,
    Ready,
    Refund(i64),
    Pass(u64),
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        3 => Just(Trouble::None),
        1 => Just(Trouble::Down),
        2 => Just(Trouble::Lost),
        2 => Just(Trouble::Silent),
        1 => Just(Trouble::Stuck),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec(trouble(), 0..4).prop_map(Step::Settle),
        3 => Just(Step::Accept),
        1 => Just(Step::CancelAsCustomer),
        1 => Just(Step::CancelAsSupport),
        1 => Just(Step::CancelAsKitchen),
        1 => Just(Step::Reject),
        1 => Just(Step::Ready),
        2 => (1..TOTAL).prop_map(Step::Refund),
        3 => (1_u64..60).prop_map(Step::Pass),
    ]
}

fn history() -> impl Strategy<Value = (&'static str, Vec<Step>)> {
    let card = prop_oneof![
        6 => Just(GOOD),
        2 => Just("sandbox:4000000000000119"),
        2 => Just("sandbox:4000000000000341"),
        1 => Just("sandbox:4000000000000002"),
    ];
    // Half of them begin well, so that enough get far enough for trouble later.
    let begin = prop_oneof![
        Just(vec![]),
        Just(vec![Step::Settle(vec![]), Step::Accept]),
        Just(vec![Step::Settle(vec![]), Step::Accept, Step::Settle(vec![])]),
    ];
    let life = (begin, prop::collection::vec(step(), 1..12)).prop_map(|(begin, rest)| [begin, rest].concat());
    (card, life)
}

struct World<'a> {
    app: &'a TestApp,
    city: City,
    support: Actor,
}

impl World<'_> {
    async fn take(&self, order: OrderId, step: &Step) {
        match step {
            Step::Settle(troubles) => {
                let gateway = Troubled::new(self.app, troubles.iter().copied());
                // A request without an answer is where the server is killed.
                tokio::select! {
                    standing = settle_with(self.app, &gateway, order) => drop(standing.unwrap()),
                    () = gateway.hangs.notified() => {}
                }
            }
            Step::Pass(seconds) => self.app.clock.advance(Duration::from_secs(*seconds)),
            wish => {
                let (actor, wish) = self.wish(wish);
                // What the order does not allow is refused; that is no matter here.
                let _refused = command(self.app, actor, order, wish).await;
            }
        }
    }

    /// Who wants what.
    fn wish(&self, step: &Step) -> (Actor, Command) {
        let (kitchen, reason) = (self.city.kitchen(), Reason::Other);
        match step {
            Step::Accept => (kitchen, Command::Accept { prep_minutes: 10 }),
            Step::CancelAsCustomer => (self.city.eater(), Command::Cancel { reason }),
            Step::CancelAsSupport => (self.support, Command::Cancel { reason }),
            Step::CancelAsKitchen => (kitchen, Command::Cancel { reason }),
            Step::Reject => (kitchen, Command::Reject { reason }),
            Step::Ready => (kitchen, Command::MarkReady),
            Step::Refund(amount) => (self.support, Command::Refund { amount: *amount }),
            Step::Settle(_) | Step::Pass(_) => unreachable!("nobody's wish"),
        }
    }

    /// The line is good again: everything comes to rest in bounded time.
    async fn heal(&self, order: OrderId) {
        for _ in 0..12 {
            settle_due(self.app, self.app.clock.now()).await.unwrap();
            if ours(self.app, order).await.owed.is_none() {
                return;
            }
            self.app.clock.advance(Duration::from_secs(301));
        }
        panic!("it does not come to rest: {:?}", ours(self.app, order).await);
    }
}

async fn histories(engine: Engine, count: u32, seed: u8) {
    let app = TestApp::start(engine).await;
    let world = World {
        app: &app,
        city: City::build(&app).await,
        support: Actor::person(person(&app, Role::Support).await, Role::Support),
    };
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), chance);
    let mut seen = Vec::new();
    for number in 0..count {
        let (card, steps) = history().new_tree(&mut runner).unwrap().current();
        eprintln!("history {number}: {card} {steps:?}");
        let order = world.city.order(&app, Some(card)).await;
        for step in &steps {
            world.take(order, step).await;
            agree(&app, order, TOTAL).await;
        }
        world.heal(order).await;
        agree(&app, order, TOTAL).await;
        let (standing, books) = (status(&app, order).await, ours(&app, order).await);
        let kept = books.captured - books.refunded;
        match standing {
            OrderStatus::Cancelled | OrderStatus::Rejected => {
                let ends = [
                    PaymentStatus::Voided,
                    PaymentStatus::Failed,
                    PaymentStatus::Refunded,
                    PaymentStatus::PartiallyRefunded,
                ];
                assert!(
                    ends.contains(&books.status) && kept <= FEE,
                    "{standing:?} {books:?}"
                );
            }
            OrderStatus::AwaitingPayment => panic!("asked, and not answered: {books:?}"),
            OrderStatus::Pending => assert_eq!(books.status, PaymentStatus::Authorized, "{books:?}"),
            _ => assert!(books.captured == TOTAL, "{standing:?} {books:?}"),
        }
        seen.push(books.status);
    }
    // The histories are worth something only if they go different ways.
    for status in [
        PaymentStatus::Authorized,
        PaymentStatus::Captured,
        PaymentStatus::Voided,
        PaymentStatus::Refunded,
        PaymentStatus::PartiallyRefunded,
        PaymentStatus::Failed,
    ] {
        assert!(seen.contains(&status), "no history ended {status:?}");
    }
    assert_eq!(
        settle_due(&app, app.clock.now()).await.unwrap(),
        None,
        "nothing is owed any more"
    );
}

#[tokio::test]
async fn whatever_breaks_money_adds_up_on_sqlite() {
    histories(Engine::Sqlite, 150, 1).await;
}

#[tokio::test]
async fn whatever_breaks_money_adds_up_on_postgres() {
    histories(Engine::Postgres, 150, 2).await;
}

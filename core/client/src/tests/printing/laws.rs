//! The laws of printing over random histories: printers come and go and jam, lines break, orders are called off, and the
//! program dies between any two steps.

use std::collections::{BTreeMap, BTreeSet};

use momfood_domain::id::OrderId;
use momfood_protocol::engine::{AcceptOrder, PrintJob, PrintOrder, PrintState, SettlePrint, TestPrinter};
use proptest::prelude::*;
use uuid::Uuid;

use super::press::{Mood, Printers};
use super::{COLD, HOT, attach, id, printer, printing, restart, save};
use crate::kitchen;
use crate::tests::world::{World, order};

const ORDERS: u128 = 4;
const PRINTERS: [Uuid; 2] = [HOT, COLD];

#[derive(Clone, Debug)]
enum Happens {
    /// An order comes in.
    Placed(u128),
    /// This device accepts it.
    Accepted(u128),
    /// Another screen does.
    AcceptedElsewhere(u128),
    CalledOff(u128),
    Mood(usize, Mood),
    /// The sheet on its way goes one step further.
    Step(usize),
    Passes(i64),
    Dies,
    Line(bool),
    Asked(u128),
    Tested(usize),
    Settled {
        which: usize,
        again: bool,
    },
}

fn happens() -> impl Strategy<Value = Happens> {
    let order = 0..ORDERS;
    let at = 0..PRINTERS.len();
    let mood = prop_oneof![3 => Just(Mood::Works), 1 => Just(Mood::Off), 1 => Just(Mood::Jams)];
    prop_oneof![
        3 => order.clone().prop_map(Happens::Placed),
        3 => order.clone().prop_map(Happens::Accepted),
        2 => order.clone().prop_map(Happens::AcceptedElsewhere),
        1 => order.clone().prop_map(Happens::CalledOff),
        2 => (at.clone(), mood).prop_map(|(at, mood)| Happens::Mood(at, mood)),
        12 => at.clone().prop_map(Happens::Step),
        3 => (0..20_000_i64).prop_map(Happens::Passes),
        3 => Just(Happens::Dies),
        1 => any::<bool>().prop_map(Happens::Line),
        1 => order.prop_map(Happens::Asked),
        1 => at.prop_map(Happens::Tested),
        1 => (0..4_usize, any::<bool>()).prop_map(|(which, again)| Happens::Settled { which, again }),
    ]
}

struct History {
    world: World,
    printers: Printers,
    /// How far each order is on the server.
    revs: BTreeMap<OrderId, i64>,
    /// What somebody has settled by hand: what it was about is in their hands.
    settled: BTreeSet<(Uuid, OrderId)>,
    /// On each printer, the jobs that are no COPY, in the order in which they were seen first.
    queued: BTreeMap<Uuid, Vec<(Uuid, Option<OrderId>)>>,
}

impl History {
    fn begin() -> Self {
        let mut world = World::durable(kitchen());
        let printers = Printers::default();
        printers.by_hand(true);
        attach(&mut world, &printers);
        for at in PRINTERS {
            save(&mut world, printer(at));
        }
        Self {
            world,
            printers,
            revs: BTreeMap::new(),
            settled: BTreeSet::new(),
            queued: BTreeMap::new(),
        }
    }

    fn status(&self, n: u128) -> Option<String> {
        let body = self.world.server.borrow().order(id(n))?;
        Some(body["status"].as_str()?.to_owned())
    }

    fn put(&mut self, n: u128, status: &str) {
        let now = self.world.server.borrow().order(id(n));
        let rev = now.map_or(0, |body| body["rev"].as_i64().unwrap()) + 1;
        self.revs.insert(id(n), rev);
        self.world
            .server
            .borrow_mut()
            .put_order(&order(id(n), rev, status));
        self.world.pass(50);
    }

    fn go(&mut self, what: &Happens) {
        match *what {
            Happens::Placed(n) if self.status(n).is_none() => self.put(n, "pending"),
            Happens::AcceptedElsewhere(n) if self.status(n).as_deref() == Some("pending") => {
                self.put(n, "accepted");
            }
            Happens::CalledOff(n) if self.status(n).is_some() => self.put(n, "cancelled"),
            Happens::Accepted(n) => {
                let call = AcceptOrder {
                    id: id(n),
                    prep_minutes: 20,
                };
                // It may not be there, or be over.
                let _ = self.world.ask(call);
            }
            Happens::Mood(at, mood) => self.printers.mood(PRINTERS[at], mood),
            Happens::Step(at) => self.printers.step(PRINTERS[at]),
            Happens::Passes(millis) => self.world.pass(millis),
            Happens::Dies => restart(&mut self.world, &self.printers),
            Happens::Line(up) => {
                self.world.server.borrow_mut().up = up;
                self.world.server.borrow_mut().cut();
            }
            Happens::Asked(n) => {
                let _ = self.world.ask(PrintOrder { id: id(n) });
            }
            Happens::Tested(at) => {
                self.world.ask(TestPrinter { id: PRINTERS[at] }).unwrap();
            }
            Happens::Settled { which, again } => {
                let jobs = printing(&mut self.world).jobs;
                if let Some(job) = jobs.get(which) {
                    self.settled
                        .extend(job.order_id.map(|order| (job.printer, order)));
                    self.world.ask(SettlePrint { job: job.id, again }).unwrap();
                }
            }
            Happens::Placed(_) | Happens::AcceptedElsewhere(_) | Happens::CalledOff(_) => {}
        }
        self.world.pass(0);
    }

    /// What must hold at every moment.
    fn check(&mut self) {
        let told = printing(&mut self.world);
        let all: Vec<&PrintJob> = told.jobs.iter().chain(&told.done).collect();
        for job in told.jobs.iter().filter(|job| !job.copy) {
            let queued = self.queued.entry(job.printer).or_default();
            if queued.iter().all(|(id, _)| *id != job.id) {
                queued.push((job.id, job.order_id));
            }
        }
        for job in told.jobs.iter().filter(|job| job.state == PrintState::Unsure) {
            let given = self.printers.given(job.printer);
            assert!(
                job.order_id.is_none_or(|order| given.contains(&order)),
                "{job:?} is doubted, and never came as far as the printer"
            );
        }
        for at in PRINTERS {
            let mut first = BTreeSet::new();
            let mut last = 0;
            for paper in self.printers.paper(at) {
                let Some(order) = paper.order else { continue };
                let same = |job: &&&PrintJob| {
                    job.printer == at && job.order_id == Some(order) && job.copy == paper.copy
                };
                let known: Vec<PrintState> = all.iter().filter(same).map(|job| job.state).collect();
                let is_honest = known.iter().any(|state| *state != PrintState::Waiting);
                assert!(is_honest, "of {paper:?} on {at} nothing is said: {known:?}");
                if paper.copy {
                    continue;
                }
                assert!(
                    first.insert(order),
                    "two sheets of {order} on {at}, and neither is a COPY"
                );
                if known == [PrintState::Settled] {
                    let is_there =
                        |other: &super::press::Paper| other.order == Some(order) && other.copy && other.whole;
                    let by_copy = self.printers.paper(at).iter().any(is_there);
                    assert!(
                        by_copy || self.settled.contains(&(at, order)),
                        "settled by nobody"
                    );
                }
                let queued = &self.queued[&at];
                let place = queued.iter().rposition(|(_, of)| *of == Some(order)).unwrap();
                assert!(place >= last, "{order} came too late on {at}");
                last = place;
            }
        }
    }

    /// Fair weather, until everything must be done.
    fn heal(&mut self) {
        for at in PRINTERS {
            self.printers.mood(at, Mood::Works);
        }
        self.go(&Happens::Line(true));
        for _ in 0..30 {
            self.world.pass(5_000);
            self.check();
            for at in PRINTERS {
                while self.printers.is_going(at) {
                    self.printers.step(at);
                    self.world.pass(0);
                }
            }
        }
    }

    /// What must hold once everything works.
    fn check_healed(&mut self) {
        self.check();
        for n in 0..ORDERS {
            let status = self.status(n);
            let is_accepted = status.as_deref() == Some("accepted");
            for at in PRINTERS {
                let is_whole = |paper: &super::press::Paper| paper.order == Some(id(n)) && paper.whole;
                let is_there = self.printers.paper(at).iter().any(is_whole);
                let is_settled = self.settled.contains(&(at, id(n)));
                assert!(
                    !is_accepted || is_there || is_settled,
                    "{n} is not on paper on {at}"
                );
            }
        }
        let left = printing(&mut self.world).jobs;
        let is_over = |job: &PrintJob| {
            let order = job.order_id.map(|order| order.0.as_u128() - 100);
            let called_off = order.and_then(|n| self.status(n)).as_deref() == Some("cancelled");
            let is_settled = job
                .order_id
                .is_none_or(|order| self.settled.contains(&(job.printer, order)));
            job.state == PrintState::Unsure && (called_off || is_settled)
        };
        assert!(left.iter().all(is_over), "{left:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_each_accepted_order_comes_to_paper_and_only_copies_come_twice(
        all in proptest::collection::vec(happens(), 1..60)
    ) {
        let mut history = History::begin();
        for what in &all {
            history.go(what);
            history.check();
        }
        history.heal();
        history.check_healed();
    }
}

//! Placing orders while menus are read, at rates settled beforehand, against the real server.
//!
//! Quotes come at the given rate; one second after each was due its order is due (a person reads the price, then taps).
//! Beside them menus are read, a third of the orders is accepted by its kitchen, and every customer and kitchen listens
//! to a live stream. Each kind of request has connections of its own.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{Builder, Scope};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use momfood_domain::id::{OrderId, QuoteId, RestaurantId};
use momfood_domain::payment::PaymentMethod;
use momfood_protocol::rest::{Accept, PlaceOrder, Quote};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde::de::IgnoredAny;

use crate::arrivals::{self, Timetable, Wall};
use crate::http::{Answer, Ask, Connection};
use crate::people::{self, Account, Offerings, Wish};
use crate::report::{Cell, LATENCY, Report, Table, latency, progress};
use crate::server::{Databases, Engine, Server};
use crate::stats::{Samples, Summary};
use crate::stream::{Cutter, Stream};

#[derive(clap::Args, Clone)]
pub struct Options {
    /// On which database
    #[arg(long, value_enum, default_value = "both")]
    pub database: Databases,
    /// Orders placed per second
    #[arg(long, default_value_t = 120.0)]
    orders: f64,
    /// Menus read per second
    #[arg(long, default_value_t = 2000.0)]
    menus: f64,
    /// Seconds that are measured, after some to warm up
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,
    /// Customers who order
    #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u16).range(1..=1000))]
    customers: u16,
    /// Which random load; the same number is the same load
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Not counted: connections are made, statements prepared, pages of the database read.
const WARM_UP: Duration = Duration::from_secs(3);
/// From a price shown to the tap.
const THINKING: Duration = Duration::from_secs(1);
/// From a new order to the kitchen's yes, and how many of how many get one.
const KITCHEN: Duration = Duration::from_millis(1500);
const ACCEPTED_OF: usize = 3;
/// Connections, each of a thread of its own: more than are ever busy at once while the server keeps up.
const QUOTING: usize = 48;
const PLACING: usize = 48;
const ACCEPTING: usize = 16;
const READING: usize = 48;

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    ensure!(
        options.orders >= 0.0 && options.menus >= 0.0 && options.orders + options.menus <= 50_000.0,
        "the rates must be plausible"
    );
    crate::server::many_sockets();
    for engine in options.database.engines() {
        on(*engine, options, report, None)?;
    }
    Ok(())
}

/// Answers to one kind of request.
#[derive(Default)]
struct Kind {
    counted: Samples,
    refused: Vec<String>,
    sent: Size,
    received: Size,
}

#[derive(Clone, Copy, Default)]
struct Size {
    sum: usize,
    most: usize,
    count: usize,
}

impl Size {
    fn add(&mut self, bytes: usize) {
        self.sum += bytes;
        self.most = self.most.max(bytes);
        self.count += 1;
    }

    fn mean(self) -> usize {
        self.sum.checked_div(self.count).unwrap_or(0)
    }
}

/// What one request came to: bytes sent, and the answer or why there is none.
struct Outcome {
    sent: usize,
    answer: Result<Answer, String>,
}

impl Outcome {
    fn of(connection: &mut Connection, ask: &Ask<'_>) -> Self {
        let answer = match connection.send(ask) {
            Ok(answer) if answer.is_success() => Ok(answer),
            Ok(answer) => Err(answer.complaint()),
            Err(error) => Err(format!("no answer: {error}")),
        };
        Self {
            sent: ask.size(),
            answer,
        }
    }

    const fn failed(why: String) -> Self {
        Self {
            sent: 0,
            answer: Err(why),
        }
    }
}

impl Kind {
    fn note(&mut self, is_counted: bool, latency: Duration, outcome: &Outcome) {
        match &outcome.answer {
            Ok(answer) => {
                self.sent.add(outcome.sent);
                self.received.add(answer.body.len());
            }
            Err(why) => self.refused.push(why.clone()),
        }
        if is_counted {
            self.counted.add(latency);
        }
    }

    fn join(&mut self, other: Self) {
        self.counted.extend(other.counted);
        self.refused.extend(other.refused);
        for (mine, theirs) in [(&mut self.sent, other.sent), (&mut self.received, other.received)] {
            mine.sum += theirs.sum;
            mine.count += theirs.count;
            mine.most = mine.most.max(theirs.most);
        }
    }
}

/// A kind of request under way: serves `timetable` on `connections` threads.
struct Lane<'a> {
    name: &'static str,
    timetable: &'a Timetable,
    connections: usize,
    /// Requests due before this moment warm up.
    counts_from: Duration,
    kind: &'a Mutex<Kind>,
}

impl<'a> Lane<'a> {
    fn start<'s>(
        self,
        scope: &'s Scope<'s, 'a>,
        address: SocketAddr,
        wall: Wall,
        work: &'a (impl Fn(&mut Connection, usize) -> Outcome + Sync),
    ) -> Result<()> {
        let Self {
            name,
            timetable,
            connections,
            counts_from,
            kind,
        } = self;
        for _ in 0..connections {
            // Small stacks: there are many of these threads, and they do little.
            Builder::new()
                .name(name.to_owned())
                .stack_size(256 * 1024)
                .spawn_scoped(scope, move || {
                    let mut connection = Connection::new(address);
                    let mut mine = Kind::default();
                    timetable.serve(
                        &wall,
                        |number| work(&mut connection, number),
                        |number, latency, outcome| {
                            let is_counted = timetable.moments()[number] >= counts_from;
                            mine.note(is_counted, latency, &outcome);
                        },
                    );
                    kind.lock().unwrap_or_else(PoisonError::into_inner).join(mine);
                })?;
        }
        Ok(())
    }
}

/// The orders of a load, as far as they have come.
struct Book {
    wishes: Vec<Wish>,
    ids: Vec<OrderId>,
    quotes: Vec<OnceLock<Option<QuoteId>>>,
    placed: Vec<OnceLock<bool>>,
}

impl Book {
    fn write(offerings: &Offerings, count: usize, seed: u64) -> Result<Self> {
        let mut chance = StdRng::seed_from_u64(seed);
        let now = people::now();
        let wishes = (0..count).map(|_| offerings.wish(now, &mut chance));
        Ok(Self {
            wishes: wishes.collect::<Result<_>>()?,
            ids: (0..count).map(|_| people::order_id(&mut chance)).collect(),
            quotes: (0..count).map(|_| OnceLock::new()).collect(),
            placed: (0..count).map(|_| OnceLock::new()).collect(),
        })
    }

    fn quote(&self, connection: &mut Connection, number: usize, customer: &Account) -> Outcome {
        let outcome = match Ask::post("/api/v1/quotes", &self.wishes[number].quote) {
            Ok(ask) => Outcome::of(connection, &ask.token(&customer.token)),
            Err(error) => Outcome::failed(error.to_string()),
        };
        let answer = outcome.answer.as_ref().ok();
        let quote = answer.and_then(|answer| answer.data::<Quote>().ok());
        let _ = self.quotes[number].set(quote.map(|quote| quote.id));
        outcome
    }

    fn place(&self, connection: &mut Connection, number: usize, customer: &Account) -> Outcome {
        let outcome = match *self.quotes[number].wait() {
            None => Outcome::failed("no price to agree to".to_owned()),
            Some(quote_id) => {
                let id = self.ids[number];
                let body = PlaceOrder {
                    id,
                    quote_id,
                    payment_method: PaymentMethod::Cash,
                    card_token: None,
                    address: Some(self.wishes[number].address.clone()),
                    note: None,
                    valid_until: None,
                };
                match Ask::post("/api/v1/orders", &body) {
                    Ok(ask) => Outcome::of(connection, &ask.token(&customer.token).key(id.0)),
                    Err(error) => Outcome::failed(error.to_string()),
                }
            }
        };
        let _ = self.placed[number].set(outcome.answer.is_ok());
        outcome
    }

    fn accept(&self, connection: &mut Connection, number: usize, kitchens: &[Account]) -> Outcome {
        let restaurant = self.wishes[number].quote.cart.restaurant_id;
        let kitchen = kitchens
            .iter()
            .find(|kitchen| kitchen.restaurant == Some(restaurant));
        let Some(kitchen) = kitchen.filter(|_| *self.placed[number].wait()) else {
            return Outcome::failed("nothing to accept".to_owned());
        };
        let path = format!("/api/v1/orders/{}/accept", self.ids[number]);
        match Ask::post(path, &Accept { prep_minutes: 30 }) {
            Ok(ask) => Outcome::of(connection, &ask.token(&kitchen.token)),
            Err(error) => Outcome::failed(error.to_string()),
        }
    }
}

/// What else goes on in the server until the flag is set.
pub type Beside<'a> = dyn Fn(SocketAddr, &AtomicBool) + Sync + 'a;

/// Everybody who listens while the load lasts.
struct Audience {
    ends: AtomicBool,
    cutters: Mutex<Vec<Cutter>>,
    events: Mutex<usize>,
}

impl Audience {
    fn listen<'s, 'a>(
        &'a self,
        scope: &'s Scope<'s, 'a>,
        address: SocketAddr,
        accounts: impl Iterator<Item = &'a Account>,
    ) -> Result<()> {
        for account in accounts {
            let mut stream = Stream::open(address, &account.token)?;
            let cutter = stream.cutter()?;
            self.cutters
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(cutter);
            Builder::new()
                .stack_size(256 * 1024)
                .spawn_scoped(scope, move || {
                    let mut heard = 0;
                    while let Ok(events) = stream.next() {
                        heard += events.len();
                        if self.ends.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                    *self.events.lock().unwrap_or_else(PoisonError::into_inner) += heard;
                })?;
        }
        Ok(())
    }

    fn end(&self) {
        self.ends.store(true, Ordering::Relaxed);
        for cutter in self
            .cutters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            cutter.cut();
        }
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "one measurement, told from its beginning to its end"
)]
pub fn on(engine: Engine, options: &Options, report: &mut Report, beside: Option<&Beside<'_>>) -> Result<()> {
    progress(format_args!(
        "{engine:?}: starting the server, filling the demo city"
    ));
    let server = Server::start(engine, None)?;
    let address = server.address;
    progress("registering customers");
    let customers = people::customers(address, options.customers.into())?;
    let kitchens = people::kitchens(address)?;
    let offerings = Offerings::read(address)?;
    let pages: Vec<String> = offerings.restaurants().iter().map(page).collect();

    let span = WARM_UP + Duration::from_secs(options.seconds);
    let due = arrivals::at_random(options.orders, span, options.seed);
    let later = |by: Duration| due.iter().map(|moment| *moment + by).collect();
    let quoting = Timetable::new(due.clone());
    let placing = Timetable::new(later(THINKING));
    let yes = due.iter().step_by(ACCEPTED_OF);
    let accepting = Timetable::new(yes.map(|moment| *moment + THINKING + KITCHEN).collect());
    let reading = Timetable::new(arrivals::at_random(options.menus, span, options.seed + 1));
    let book = Book::write(&offerings, due.len(), options.seed)?;
    let customer = |number: usize| &customers[number % customers.len()];

    let [quotes, places, accepts, menus] = [(); 4].map(|()| Mutex::new(Kind::default()));
    let quote = |connection: &mut Connection, number| book.quote(connection, number, customer(number));
    let place = |connection: &mut Connection, number| book.place(connection, number, customer(number));
    let accept =
        |connection: &mut Connection, number: usize| book.accept(connection, number * ACCEPTED_OF, &kitchens);
    let read = |connection: &mut Connection, number: usize| {
        Outcome::of(connection, &Ask::get(pages[number % pages.len()].as_str()))
    };
    let audience = Audience {
        ends: AtomicBool::new(false),
        cutters: Mutex::default(),
        events: Mutex::default(),
    };

    progress(format_args!(
        "{} orders and {} menus a second for {} s, after {} s to warm up",
        options.orders,
        options.menus,
        options.seconds,
        WARM_UP.as_secs()
    ));
    let before = server.used();
    let began = Instant::now();
    std::thread::scope(|scope| -> Result<()> {
        if let Err(error) = audience.listen(scope, address, customers.iter().chain(&kitchens)) {
            audience.end();
            return Err(error);
        }
        if let Some(beside) = beside {
            scope.spawn(|| beside(address, &audience.ends));
        }
        let wall = Wall {
            began: Instant::now() + Duration::from_millis(300),
        };
        // Ended together: a lane's threads are joined by a scope of their own, the listeners by this one.
        let done = std::thread::scope(|scope| -> Result<()> {
            let lane = |name, timetable, connections, later, kind| Lane {
                name,
                timetable,
                connections,
                counts_from: WARM_UP + later,
                kind,
            };
            let (tap, yes) = (THINKING, THINKING + KITCHEN);
            lane("quoting", &quoting, QUOTING, Duration::ZERO, &quotes)
                .start(scope, address, wall, &quote)?;
            lane("placing", &placing, PLACING, tap, &places).start(scope, address, wall, &place)?;
            lane("accepting", &accepting, ACCEPTING, yes, &accepts).start(scope, address, wall, &accept)?;
            lane("reading", &reading, READING, Duration::ZERO, &menus).start(scope, address, wall, &read)
        });
        audience.end();
        done
    })?;
    let took = began.elapsed();
    let used = server.used() - before;
    let (memory, peak) = server.memory();

    progress("reading back every order that was acknowledged");
    let lost = read_back(address, &book, customer)?;

    let [quotes, places, accepts, menus] = [quotes, places, accepts, menus]
        .map(|kind| kind.into_inner().unwrap_or_else(PoisonError::into_inner));
    let kinds = [
        ("placing (POST /orders)", &places, Some(20.0)),
        ("pricing (POST /quotes)", &quotes, None),
        ("accepting (POST /orders/…/accept)", &accepts, None),
        ("menu (GET /restaurants/…)", &menus, None),
    ];
    let mut table = Table::new(
        format!(
            "Load on {}: {} orders/s, {} menus/s, {} s, {} streams",
            server.database(),
            options.orders,
            options.menus,
            options.seconds,
            customers.len() + kitchens.len(),
        ),
        LATENCY,
    );
    for (name, kind, goal) in &kinds {
        let summary: Summary = kind.counted.summary();
        table.row(latency(*name, &summary, *goal, kind.refused.len()));
    }
    report.table(table);

    let mut sizes = Table::new("Bodies, bytes", ["", "sent", "received", "most received"]);
    for (name, kind, _) in &kinds {
        sizes.row(vec![
            (*name).into(),
            kind.sent.mean().into(),
            kind.received.mean().into(),
            kind.received.most.into(),
        ]);
    }
    report.table(sizes);

    let per_second = |seconds: f64| Cell::from(seconds / took.as_secs_f64());
    let mut cost = Table::new("Cost", ["", "CPU s", "cores busy", "RSS MiB", "most MiB"]);
    cost.row(vec![
        "server".into(),
        used.server.into(),
        per_second(used.server),
        mib(memory),
        mib(peak),
    ]);
    if engine == Engine::Postgres {
        cost.row(vec![
            "database".into(),
            used.database.into(),
            per_second(used.database),
            Cell::None,
            Cell::None,
        ]);
    }
    cost.row(vec![
        "this bench".into(),
        used.bench.into(),
        per_second(used.bench),
        Cell::None,
        Cell::None,
    ]);
    report.table(cost);
    let heard = audience
        .events
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    report.note(format!("{heard} events heard on the live streams"));

    for (name, kind, _) in &kinds {
        if let Some(first) = kind.refused.first() {
            report.fault(format!(
                "{name}: {} refused, the first with {first}",
                kind.refused.len()
            ));
        }
    }
    if lost > 0 {
        report.fault(format!("{lost} acknowledged orders cannot be read back"));
    }
    let complaints = server.complaints();
    if let Some(first) = complaints.lines().next() {
        report.note(format!(
            "the server complained {} times, first: {first}",
            complaints.lines().count()
        ));
    }
    Ok(())
}

fn page(id: &RestaurantId) -> String {
    format!("/api/v1/restaurants/{id}")
}

#[expect(clippy::cast_precision_loss, reason = "megabytes")]
pub fn mib(bytes: u64) -> Cell {
    (bytes as f64 / (1024.0 * 1024.0)).into()
}

/// How many of the orders that were acknowledged are not there.
fn read_back<'a>(address: SocketAddr, book: &Book, customer: impl Fn(usize) -> &'a Account) -> Result<usize> {
    let mut connection = Connection::new(address);
    let mut lost = 0;
    for (number, id) in book.ids.iter().enumerate() {
        if book.placed[number].get() == Some(&true) {
            let ask = Ask::get(format!("/api/v1/orders/{id}")).token(&customer(number).token);
            let answer = connection.send(&ask)?;
            lost += usize::from(answer.data::<IgnoredAny>().is_err());
        }
    }
    Ok(lost)
}

//! From a command to the other party's window: how long until the delta is there, while many listen; and what a stream
//! costs that nothing happens on.
//!
//! A customer orders and the kitchen hears it; the kitchen accepts and the customer hears it. Latency counts from the
//! moment the command was due, so a server that stalls is charged for it. What is too large for the stream (`head`) is
//! fetched, as the apps do, and counts until it is there.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::PaymentMethod;
use momfood_protocol::feed::{Change, Entity, Snapshot, StreamEvent};
use momfood_protocol::rest::{Accept, PlaceOrder, Quote};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::arrivals::{self, Clock as _, Timetable, Wall};
use crate::http::{Ask, Connection};
use crate::load::mib;
use crate::people::{self, Account, Offerings, Wish};
use crate::report::{Cell, LATENCY, Report, Table, latency, progress};
use crate::server::{Databases, Server};
use crate::stats::Samples;
use crate::stream::{Cutter, Stream};

#[derive(clap::Args, Clone)]
pub struct Options {
    /// On which database
    #[arg(long, value_enum, default_value = "both")]
    database: Databases,
    /// Windows that listen: customers and all kitchens
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(30..=2000))]
    windows: u16,
    /// Orders per second; each is placed, heard by its kitchen, accepted, and heard by its customer
    #[arg(long, default_value_t = 10.0)]
    orders: f64,
    /// Seconds that are measured
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,
    /// Streams opened to see what an idle one costs
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u16).range(1..=15000))]
    idle: u16,
}

impl Options {
    pub const fn of(database: Databases) -> Self {
        Self {
            database,
            windows: 200,
            orders: 10.0,
            seconds: 15,
            idle: 2000,
        }
    }
}

/// From a price to the tap.
const THINKING: Duration = Duration::from_millis(200);
/// How long the kitchen looks at an order before it accepts.
const KITCHEN: Duration = Duration::from_millis(300);
/// What is not heard after this is lost.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    ensure!(
        options.orders > 0.0 && options.orders <= 1000.0,
        "the rate must be plausible"
    );
    crate::server::many_sockets();
    for engine in options.database.engines() {
        progress(format_args!(
            "{engine:?}: starting the server, filling the demo city"
        ));
        let server = Server::start(*engine, None)?;
        progress("registering customers");
        let kitchens = people::kitchens(server.address)?;
        let count = usize::from(options.windows).saturating_sub(kitchens.len()).max(1);
        let customers = people::customers(server.address, count)?;
        let mut table = Table::new(
            format!(
                "Live on {}: command → the other window, {} windows, {} orders/s, {} s",
                server.database(),
                customers.len() + kitchens.len(),
                options.orders,
                options.seconds
            ),
            LATENCY,
        );
        let heard = watch(&server, options, &customers, &kitchens)?;
        table.row(latency(
            "placed → kitchen",
            &heard.placed.summary(),
            Some(200.0),
            0,
        ));
        table.row(latency(
            "accepted → customer",
            &heard.accepted.summary(),
            Some(200.0),
            0,
        ));
        report.table(table);
        if heard.fetched > 0 {
            report.note(format!(
                "{} of them were too large for the stream and fetched",
                heard.fetched
            ));
        }
        if heard.lost > 0 {
            report.fault(format!(
                "{} events were not heard within {PATIENCE:?}",
                heard.lost
            ));
        }
        if let Some(first) = heard.refused.first() {
            report.fault(format!(
                "{} commands refused, the first: {first}",
                heard.refused.len()
            ));
        }
        idle(&server, options, &customers, report)?;
    }
    Ok(())
}

/// When the command was due that brings an order to a status.
type Awaited = HashMap<(OrderId, OrderStatus), Instant>;

#[derive(Default)]
struct Heard {
    placed: Samples,
    accepted: Samples,
    fetched: usize,
    lost: usize,
    refused: Vec<String>,
}

/// What everybody shares while it lasts.
struct Scene<'a> {
    address: SocketAddr,
    wishes: Vec<Wish>,
    ids: Vec<OrderId>,
    customers: &'a [Account],
    kitchens: &'a [Account],
    awaited: Mutex<Awaited>,
    heard: Mutex<Heard>,
    fetched: AtomicUsize,
    ends: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What of an order matters here.
#[derive(Deserialize)]
struct Seen {
    id: OrderId,
    status: OrderStatus,
}

fn watch(server: &Server, options: &Options, customers: &[Account], kitchens: &[Account]) -> Result<Heard> {
    let due = arrivals::at_random(options.orders, Duration::from_secs(options.seconds), 1);
    let offerings = Offerings::read(server.address)?;
    let mut chance = StdRng::seed_from_u64(1);
    let now = people::now();
    let wishes = due.iter().map(|_| offerings.wish(now, &mut chance));
    let scene = Scene {
        address: server.address,
        wishes: wishes.collect::<Result<_>>()?,
        ids: due.iter().map(|_| people::order_id(&mut chance)).collect(),
        customers,
        kitchens,
        awaited: Mutex::default(),
        heard: Mutex::default(),
        fetched: AtomicUsize::new(0),
        ends: AtomicBool::new(false),
    };
    progress(format_args!("{} orders in {} s", due.len(), options.seconds));
    std::thread::scope(|scope| -> Result<()> {
        let mut cutters: Vec<Cutter> = Vec::new();
        let opened = (|| {
            for (account, theirs) in customers
                .iter()
                .map(|account| (account, OrderStatus::Accepted))
                .chain(kitchens.iter().map(|account| (account, OrderStatus::Pending)))
            {
                let stream = Stream::open(server.address, &account.token)?;
                cutters.push(stream.cutter()?);
                let scene = &scene;
                Builder::new()
                    .stack_size(256 * 1024)
                    .spawn_scoped(scope, move || scene.listen(stream, account, theirs))?;
            }
            Ok(())
        })();
        let wall = Wall {
            began: Instant::now() + Duration::from_millis(500),
        };
        let timetable = Timetable::new(due);
        if opened.is_ok() {
            std::thread::scope(|scope| {
                for _ in 0..64 {
                    scope.spawn(|| scene.act(&timetable, wall));
                }
            });
            scene.wait_for_the_last();
        }
        scene.ends.store(true, Ordering::Relaxed);
        cutters.iter().for_each(Cutter::cut);
        opened
    })?;
    let mut heard = scene.heard.into_inner().unwrap_or_else(PoisonError::into_inner);
    heard.lost = lock(&scene.awaited).len();
    heard.fetched = scene.fetched.load(Ordering::Relaxed);
    Ok(heard)
}

impl Scene<'_> {
    /// Orders and accepts, one order after another.
    fn act(&self, timetable: &Timetable, wall: Wall) {
        let mut connection = Connection::new(self.address);
        timetable.serve(
            &wall,
            |number| {
                if let Err(error) = self.one(&mut connection, number, wall) {
                    lock(&self.heard).refused.push(format!("{error:#}"));
                }
            },
            |_, _, ()| {},
        );
    }

    fn one(&self, connection: &mut Connection, number: usize, wall: Wall) -> Result<()> {
        let (wish, id) = (&self.wishes[number], self.ids[number]);
        let token = &self.customers[number % self.customers.len()].token;
        let restaurant = wish.quote.cart.restaurant_id;
        let kitchen = self
            .kitchens
            .iter()
            .find(|kitchen| kitchen.restaurant == Some(restaurant));
        let kitchen = kitchen.context("a restaurant without an owner")?;
        let quote: Quote = connection.fetch(&Ask::post("/api/v1/quotes", &wish.quote)?.token(token))?;
        let body = PlaceOrder {
            id,
            quote_id: quote.id,
            payment_method: PaymentMethod::Cash,
            card_token: None,
            address: Some(wish.address.clone()),
            note: None,
            valid_until: None,
        };
        let place = Ask::post("/api/v1/orders", &body)?.token(token).key(id.0);
        self.command(connection, wall, THINKING, (id, OrderStatus::Pending), &place)?;
        let accept = Ask::post(
            format!("/api/v1/orders/{id}/accept"),
            &Accept { prep_minutes: 30 },
        )?;
        let accept = accept.token(&kitchen.token);
        self.command(connection, wall, KITCHEN, (id, OrderStatus::Accepted), &accept)
    }

    /// Sends `ask` after `pause`; what it brings about is awaited from when it was due.
    fn command(
        &self,
        connection: &mut Connection,
        wall: Wall,
        pause: Duration,
        awaited: (OrderId, OrderStatus),
        ask: &Ask<'_>,
    ) -> Result<()> {
        let due = wall.now() + pause;
        wall.wait_until(due);
        lock(&self.awaited).insert(awaited, wall.began + due);
        let done = connection.fetch::<IgnoredAny>(ask);
        if done.is_err() {
            lock(&self.awaited).remove(&awaited);
        }
        done.map(|_| ())
    }

    /// Hears what the other party did until it ends.
    fn listen(&self, mut stream: Stream, account: &Account, theirs: OrderStatus) {
        let mut connection = Connection::new(self.address);
        loop {
            let events = match stream.next() {
                Ok(events) => events,
                Err(error) => {
                    if !self.ends.load(Ordering::Relaxed) {
                        lock(&self.heard)
                            .refused
                            .push(format!("a stream ended: {error:#}"));
                    }
                    return;
                }
            };
            for event in events {
                match event {
                    StreamEvent::Delta(delta) => self.see(&delta.changes, theirs),
                    StreamEvent::Head(head) => {
                        self.fetched.fetch_add(1, Ordering::Relaxed);
                        self.fetch(&mut connection, account, &head.scope, theirs);
                    }
                    StreamEvent::Resync => {
                        let scope = match account.restaurant {
                            Some(restaurant) => format!("restaurant:{restaurant}"),
                            None => format!("customer:{}", account.id),
                        };
                        self.fetch(&mut connection, account, &scope, theirs);
                    }
                    StreamEvent::Heads(_) | StreamEvent::Position(_) => {}
                }
            }
        }
    }

    fn fetch(&self, connection: &mut Connection, account: &Account, scope: &str, theirs: OrderStatus) {
        let ask = Ask::get(format!("/api/v1/scopes/{scope}/snapshot")).token(&account.token);
        match connection.fetch::<Snapshot>(&ask) {
            Ok(snapshot) => self.see(&snapshot.changes, theirs),
            Err(error) => lock(&self.heard).refused.push(format!("{error:#}")),
        }
    }

    fn see(&self, changes: &[Change], theirs: OrderStatus) {
        let orders = changes.iter().filter(|change| change.entity == Entity::Order);
        for body in orders.filter_map(|change| change.body.as_ref()) {
            let Ok(seen) = Seen::deserialize(body) else {
                lock(&self.heard)
                    .refused
                    .push("an order that cannot be read".to_owned());
                continue;
            };
            if seen.status != theirs {
                continue;
            }
            let due = lock(&self.awaited).remove(&(seen.id, seen.status));
            if let Some(due) = due {
                let heard = &mut *lock(&self.heard);
                match theirs {
                    OrderStatus::Pending => heard.placed.add(due.elapsed()),
                    _ => heard.accepted.add(due.elapsed()),
                }
            }
        }
    }

    fn wait_for_the_last(&self) {
        let began = Instant::now();
        while began.elapsed() < PATIENCE && !lock(&self.awaited).is_empty() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Opens many streams on which nothing happens.
#[expect(clippy::cast_precision_loss, reason = "kilobytes")]
fn idle(server: &Server, options: &Options, customers: &[Account], report: &mut Report) -> Result<()> {
    progress(format_args!("{} idle streams", options.idle));
    // What the load before it held on to is let go or not within this time; either way it is not counted below.
    std::thread::sleep(Duration::from_secs(2));
    let (before, _) = server.memory();
    let used = server.used();
    let mut open = Vec::new();
    for number in 0..usize::from(options.idle) {
        let mut stream = Stream::open(server.address, &customers[number % customers.len()].token)?;
        stream.next().context("a stream without a beginning")?;
        open.push(stream.into_socket());
    }
    let opening = server.used() - used;
    // A heartbeat of each is within.
    let used = server.used();
    let watched = Duration::from_secs(22);
    std::thread::sleep(watched);
    let beating = server.used() - used;
    let (after, _) = server.memory();
    let per_stream = after.saturating_sub(before) as f64 / 1024.0 / open.len().max(1) as f64;
    let mut table = Table::new(
        format!("{} idle streams on {}", open.len(), server.database()),
        [
            "",
            "RSS before MiB",
            "with them MiB",
            "KiB each",
            "CPU s to open",
            "cores busy idle",
        ],
    );
    table.row(vec![
        "server".into(),
        mib(before),
        mib(after),
        per_stream.into(),
        opening.server.into(),
        Cell::from(beating.server / watched.as_secs_f64()),
    ]);
    report.table(table);
    Ok(())
}

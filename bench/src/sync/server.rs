//! What the server does with devices' outboxes: mutations a second, how soon another device hears, bytes on the wire.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use momfood_domain::id::OrderId;
use momfood_domain::payment::PaymentMethod;
use momfood_protocol::PROTO;
use momfood_protocol::feed::StreamEvent;
use momfood_protocol::mutation::{AtStation, Mutation};
use momfood_protocol::rest::{Accept, PlaceOrder, Quote};
use momfood_protocol::sync::{
    Envelope, MOST_CHANGES, MOST_MUTATIONS, MutationStatus, SCHEMA, SyncAnswer, SyncRequest,
};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::Options;
use crate::arrivals::{self, Clock as _, Wall};
use crate::http::{Ask, Connection};
use crate::people::{self, Account, Offerings};
use crate::report::{Cell, LATENCY, Report, Table, latency, progress};
use crate::server::{Engine, Server};
use crate::stats::Samples;
use crate::stream::Stream;

/// An order whose ticket can be bumped and recalled for ever.
struct Dish<'a> {
    kitchen: &'a Account,
    order: OrderId,
}

/// A device and what it has handed in.
struct Device<'a> {
    dish: &'a Dish<'a>,
    id: Uuid,
    mid: i64,
    chance: StdRng,
}

impl Device<'_> {
    /// The next `count` taps: bump, recall, bump, …
    fn taps(&mut self, count: usize) -> SyncRequest {
        let mutations = (0..count).map(|_| {
            self.mid += 1;
            let at = AtStation {
                order_id: self.dish.order,
                station: "kitchen".to_owned(),
            };
            let tap = if self.mid % 2 == 1 {
                Mutation::BumpTicket(at)
            } else {
                Mutation::RecallTicket(at)
            };
            Envelope {
                mid: self.mid,
                uid: Uuid::from_u128(self.chance.random()),
                name: tap.name().to_owned(),
                ver: tap.ver(),
                args: tap.args(),
                occurred_at: people::now(),
                valid_until: None,
            }
        });
        SyncRequest {
            proto: PROTO,
            schema: SCHEMA,
            device: self.id,
            push_key: Some("a secret of the bench, long enough".to_owned()),
            epoch: None,
            mutations: mutations.collect(),
            gap: None,
            scopes: std::collections::BTreeMap::default(),
            limit: MOST_CHANGES,
        }
    }

    fn hand_in(&mut self, connection: &mut Connection, count: usize) -> Result<()> {
        let ask = Ask::post("/api/v1/sync", &self.taps(count))?.token(&self.dish.kitchen.token);
        let answer: SyncAnswer = connection.fetch(&ask)?;
        let applied = |status| status == MutationStatus::Applied;
        ensure!(
            answer.results.len() == count && answer.results.iter().all(|result| applied(result.status)),
            "not all of {count} taps were applied: {:?}",
            answer.results.iter().find(|result| !applied(result.status))
        );
        Ok(())
    }
}

pub fn run(options: &Options, engine: Engine, report: &mut Report) -> Result<()> {
    progress(format_args!(
        "{engine:?}: starting the server, filling the demo city"
    ));
    let server = Server::start(engine, None)?;
    let kitchens = people::kitchens(server.address)?;
    let dishes = serve_up(server.address, &kitchens, usize::from(options.devices))?;
    ingest(&server, options, &dishes, report);
    hear(&server, options, &dishes[0], report)
}

/// Accepted orders, spread over the kitchens.
fn serve_up(address: SocketAddr, kitchens: &[Account], count: usize) -> Result<Vec<Dish<'_>>> {
    let customer = people::customers(address, 1)?.pop().context("a customer")?;
    let offerings = Offerings::read(address)?;
    let mut chance = StdRng::seed_from_u64(7);
    let mut connection = Connection::new(address);
    let mut dishes = Vec::with_capacity(count);
    while dishes.len() < count {
        let wish = offerings.wish(people::now(), &mut chance)?;
        let quote: Quote =
            connection.fetch(&Ask::post("/api/v1/quotes", &wish.quote)?.token(&customer.token))?;
        let order = people::order_id(&mut chance);
        let body = PlaceOrder {
            id: order,
            quote_id: quote.id,
            payment_method: PaymentMethod::Cash,
            card_token: None,
            address: Some(wish.address.clone()),
            note: None,
            valid_until: None,
        };
        let place = Ask::post("/api/v1/orders", &body)?
            .token(&customer.token)
            .key(order.0);
        connection.fetch::<IgnoredAny>(&place)?;
        let restaurant = Some(wish.quote.cart.restaurant_id);
        let kitchen = kitchens.iter().find(|kitchen| kitchen.restaurant == restaurant);
        let kitchen = kitchen.context("a restaurant without an owner")?;
        let accept = Ask::post(
            format!("/api/v1/orders/{order}/accept"),
            &Accept { prep_minutes: 30 },
        )?;
        connection.fetch::<IgnoredAny>(&accept.token(&kitchen.token))?;
        dishes.push(Dish { kitchen, order });
    }
    Ok(dishes)
}

fn device<'a>(dish: &'a Dish<'a>, seed: u64) -> Device<'a> {
    let mut chance = StdRng::seed_from_u64(seed);
    Device {
        dish,
        id: Uuid::from_u128(chance.random()),
        mid: 0,
        chance,
    }
}

/// Every device empties an outbox that never ends.
fn ingest(server: &Server, options: &Options, dishes: &[Dish<'_>], report: &mut Report) {
    progress(format_args!(
        "{} devices hand in for {} s",
        dishes.len(),
        options.seconds
    ));
    let done = AtomicU64::new(0);
    let failed = Mutex::new(None);
    let span = Duration::from_secs(options.seconds);
    let before = server.used();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for (seed, dish) in (1..).zip(dishes) {
            let (done, failed) = (&done, &failed);
            scope.spawn(move || {
                let mut device = device(dish, seed);
                let mut connection = Connection::new(server.address);
                while began.elapsed() < span {
                    if let Err(error) = device.hand_in(&mut connection, MOST_MUTATIONS) {
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        return;
                    }
                    done.fetch_add(MOST_MUTATIONS as u64, Ordering::Relaxed);
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        report.fault(format!("{error:#}"));
    }
    let (took, used) = (began.elapsed().as_secs_f64(), server.used() - before);
    let count = done.load(Ordering::Relaxed);
    let mut table = Table::new(
        format!(
            "Outboxes on {}: {} devices, {MOST_MUTATIONS} taps a request",
            server.database(),
            dishes.len()
        ),
        [
            "",
            "taps",
            "taps/s",
            "server cores",
            "database cores",
            "bench cores",
        ],
    );
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    table.row(vec![
        "bump and recall, each a change of an order".into(),
        count.into(),
        Cell::from((count as f64 / took).round()),
        Cell::from(used.server / took),
        Cell::from(used.database / took),
        Cell::from(used.bench / took),
    ]);
    report.table(table);
}

/// One device taps, the other screen of the same kitchen hears it.
fn hear(server: &Server, options: &Options, dish: &Dish<'_>, report: &mut Report) -> Result<()> {
    progress("one taps, another hears");
    let mut stream = Stream::open(server.address, &dish.kitchen.token)?;
    stream.next().context("a stream without a beginning")?;
    let heard = AtomicU64::new(0);
    let mut connection = Connection::new(server.address);
    let mut device = device(dish, 1_000);
    // Its first request binds the device.
    device.hand_in(&mut connection, 1)?;
    let due = arrivals::at_random(options.taps, Duration::from_secs(options.seconds), 3);
    let mut samples = Samples::default();
    let mut sizes = Vec::new();
    std::thread::scope(|scope| -> Result<()> {
        let (tell, told) = std::sync::mpsc::channel();
        let order = dish.order.0;
        let heard = &heard;
        let cutter = stream.cutter()?;
        scope.spawn(move || {
            while let Ok(events) = stream.next() {
                for event in events {
                    let StreamEvent::Delta(delta) = event else {
                        continue;
                    };
                    if delta.changes.iter().any(|change| change.id == order) {
                        heard.fetch_add(1, Ordering::Relaxed);
                        let _ = tell.send((Instant::now(), delta));
                    }
                }
            }
        });
        // What the first tap caused.
        let _ = told.recv_timeout(Duration::from_secs(5));
        let wall = Wall {
            began: Instant::now() + Duration::from_millis(100),
        };
        for moment in due {
            wall.wait_until(moment);
            let began = Instant::now();
            device.hand_in(&mut connection, 1)?;
            let (at, delta) = told
                .recv_timeout(Duration::from_secs(5))
                .context("a tap nobody heard of")?;
            samples.add(at.duration_since(began));
            sizes.push(serde_json::to_string(&StreamEvent::Delta(delta))?);
        }
        cutter.cut();
        Ok(())
    })?;
    let mut table = Table::new(
        format!(
            "A tap → the other screen on {}, {} a second",
            server.database(),
            options.taps
        ),
        LATENCY,
    );
    let summary = samples.summary();
    table.row(latency("tap → other device", &summary, None, 0));
    report.table(table);
    report.note(format!("goal: p95 ≤ 5 ms; seen {:.1} ms", summary.p95));
    bytes(&sizes, report)
}

/// What the other screen's copy cost.
fn bytes(sizes: &[String], report: &mut Report) -> Result<()> {
    let text = sizes.last().context("nothing was heard")?;
    let head = serde_json::to_string(&StreamEvent::Head(momfood_protocol::feed::Head {
        scope: "restaurant:019cb5a1-3c00-7000-8000-000000000001".to_owned(),
        head: 123_456,
    }))?;
    let mut table = Table::new(
        "Bytes on the wire",
        ["", "as sent", "Brotli, alone", "Brotli, after the one before"],
    );
    let before = sizes
        .get(sizes.len().saturating_sub(2))
        .map_or("", String::as_str);
    let both = packed(&format!("{before}{text}"))?;
    table.row(vec![
        "a change of an order (the order whole)".into(),
        text.len().into(),
        packed(text)?.into(),
        both.saturating_sub(packed(before)?).into(),
    ]);
    table.row(vec![
        "a poke (too large to carry)".into(),
        head.len().into(),
        packed(&head)?.into(),
        Cell::None,
    ]);
    report.table(table);
    Ok(())
}

fn packed(text: &str) -> Result<usize> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 5,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut text.as_bytes(), &mut out, &parameters)?;
    Ok(out.len())
}

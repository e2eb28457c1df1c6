//! What signing in costs, and whom: sign-ins as fast as the server lets them in while orders are placed beside them, and
//! what believing a token and sealing an order's address take.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use momfood_backend::identity::{Bearer, Gate};
use momfood_backend::keys::Keys;
use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_protocol::rest::Login;
use uuid::Uuid;

use crate::city::{City, PASSWORD};
use crate::http::{Ask, Connection};
use crate::load;
use crate::people;
use crate::report::{Cell, LATENCY, Report, Table, latency};
use crate::sealing;
use crate::stats::Samples;

#[derive(clap::Args, Clone)]
pub struct Options {
    #[command(flatten)]
    load: load::Options,
    /// People who sign in again and again, each on a connection of their own
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=500))]
    signing_in: u16,
}

impl Options {
    pub fn of(load: &load::Options) -> Self {
        Self {
            load: load.clone(),
            signing_in: 24,
        }
    }
}

/// Tokens believed for the figure.
const TOKENS: usize = 50_000;
/// Sessions that ended within the life of an access token, remembered meanwhile.
const ENDED: u128 = 10_000;
/// What believing one may take, microseconds.
const TOKEN_GOAL: f64 = 50.0;

pub fn run(options: &Options, report: &mut Report) -> Result<()> {
    tokens(report)?;
    sealing::run(report)?;
    load::run(&options.load, report)?;
    let flood = Flood::new(options.signing_in)?;
    report.note(format!(
        "the same again, while {} people sign in as fast as they are let",
        options.signing_in
    ));
    for engine in options.load.database.engines() {
        load::on(
            *engine,
            &options.load,
            report,
            Some(&|address, ends| flood.run(address, ends)),
        )?;
        flood.tell(report);
    }
    Ok(())
}

/// How long a token takes to be believed: its signature and words, and that its session has not ended.
fn tokens(report: &mut Report) -> Result<()> {
    let keys = Keys::from_seed(&[7; 32]).context("keys")?;
    let now = people::now();
    let (user, session) = (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
    let token = Bearer::sign(&keys, user, Role::Customer, None, session, false, now)?.text;
    let gate = Gate::default();
    let ended: Vec<SessionId> = (0..ENDED)
        .map(|number| SessionId(Uuid::from_u128(100 + number)))
        .collect();
    gate.end_all(&ended, now);
    let mut samples = Samples::default();
    for _ in 0..TOKENS {
        let began = Instant::now();
        let believed = Bearer::read(&keys, &token, now);
        let ended = gate.has_ended(session, now);
        samples.add(began.elapsed());
        believed.map_err(|why| anyhow::anyhow!("a token of ours: {why}"))?;
        anyhow::ensure!(!ended, "a session that goes on");
    }
    report.table(micros(
        "Believing a token, in this process",
        "token check",
        &samples,
        TOKEN_GOAL,
    ));
    Ok(())
}

/// A table of what takes microseconds. The goal is for the mean.
fn micros(title: &str, name: &str, samples: &Samples, goal: f64) -> Table {
    let summary = samples.summary();
    let mean = samples.mean().as_secs_f64() * 1e6;
    let word = if mean <= goal { "met" } else { "missed" };
    let mut table = Table::new(title, ["", "number", "mean µs", "p50 µs", "p99 µs", "goal"]);
    table.row(vec![
        name.into(),
        summary.count.into(),
        mean.into(),
        (summary.p50 * 1e3).into(),
        (summary.p99 * 1e3).into(),
        format!("mean ≤ {goal:.0}: {word}").into(),
    ]);
    table
}

/// People who sign in again and again.
struct Flood {
    emails: Vec<String>,
    people: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    let_in: Samples,
    sent_away: usize,
    complaint: Option<String>,
    lasted: Duration,
}

impl Flood {
    fn new(people: u16) -> Result<Self> {
        let owners = City::read()?.people.owners;
        Ok(Self {
            emails: owners.into_iter().map(|owner| owner.email).collect(),
            people: people.into(),
            seen: Mutex::default(),
        })
    }

    fn run(&self, address: SocketAddr, ends: &AtomicBool) {
        let began = Instant::now();
        std::thread::scope(|scope| {
            for number in 0..self.people {
                scope.spawn(move || self.one(address, &self.emails[number % self.emails.len()], ends));
            }
        });
        self.seen().lasted = began.elapsed();
    }

    fn one(&self, address: SocketAddr, email: &str, ends: &AtomicBool) {
        let body = Login {
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            role: Some(Role::Restaurant),
            restaurant_id: None,
        };
        let mut connection = Connection::new(address);
        while !ends.load(Ordering::Relaxed) {
            let began = Instant::now();
            let answer = Ask::post("/api/v1/auth/login", &body).map(|ask| connection.send(&ask));
            let took = began.elapsed();
            match answer {
                Ok(Ok(answer)) if answer.is_success() => self.seen().let_in.add(took),
                Ok(Ok(answer)) => {
                    let mut seen = self.seen();
                    seen.sent_away += 1;
                    seen.complaint.get_or_insert_with(|| answer.complaint());
                    drop(seen);
                    // Sent away to come back: a program that is told so waits a moment.
                    std::thread::sleep(Duration::from_millis(20));
                }
                Ok(Err(error)) => {
                    self.seen()
                        .complaint
                        .get_or_insert_with(|| format!("no answer: {error}"));
                    std::thread::sleep(Duration::from_millis(100));
                }
                Err(error) => {
                    self.seen().complaint.get_or_insert_with(|| error.to_string());
                    return;
                }
            }
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, report: &mut Report) {
        let seen = std::mem::take(&mut *self.seen());
        let summary = seen.let_in.summary();
        let mut table = Table::new(format!("Signing in, {} people at once", self.people), LATENCY);
        table.row(latency("let in", &summary, None, seen.sent_away));
        report.table(table);
        let mut rate = Table::new("Sign-ins a second", ["", "let in", "sent away"]);
        let a_second = |count: usize| {
            #[expect(clippy::cast_precision_loss, reason = "a rate")]
            let rate = count as f64 / seen.lasted.as_secs_f64();
            Cell::from(rate)
        };
        rate.row(vec![
            "sign-ins/s".into(),
            a_second(summary.count),
            a_second(seen.sent_away),
        ]);
        report.table(rate);
        if let Some(first) = seen.complaint {
            report.note(format!("sent away, the first with {first}"));
        }
    }
}

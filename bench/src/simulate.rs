//! A city that lives: simulated customers, kitchens and drivers on a running server, at a pace one can watch and join.
//!
//! Each is the product's own engine, so they do what the apps do, through the public API. The customer, the kitchen and
//! the driver whose sign-ins the demo prints are never touched: they are for people. The simulated may well order from
//! that kitchen, cook for that customer, and leave work to that driver.

mod customer;
mod driver;
mod kitchen;
mod road;

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use momfood_client::net::native::{NativeNet, fleeting_ports};
use momfood_client::store::{Place, Store};
use momfood_client::{App, Engine, EngineConfig};
use momfood_domain::money::Currency;
use momfood_domain::text::Lang;
use momfood_protocol::engine::SignIn;
use momfood_protocol::error::{ErrorCode, Failure};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::sync::{Semaphore, watch};
use tokio::task::LocalSet;

use crate::city::City;
use crate::http::Connection;
use crate::people;

#[derive(clap::Args, Clone)]
pub struct Options {
    /// The server, for example http://127.0.0.1:8080
    #[arg(long)]
    base: String,
    /// End by itself after so many minutes
    #[arg(long)]
    minutes: Option<u64>,
    /// Seconds between orders, on average
    #[arg(long, default_value_t = 5.0)]
    every: f64,
    /// Customers who order
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=500))]
    customers: u16,
}

/// How long a driver may take to be signed off in the end.
const FAREWELL: Duration = Duration::from_secs(3);

pub fn run(options: &Options) -> Result<()> {
    ensure!(
        options.every >= 0.05 && options.every <= 3600.0,
        "between 0.05 and 3600 seconds between orders"
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // Engines live on one thread.
    LocalSet::new().block_on(&runtime, live(options))
}

/// What all simulated people share.
struct Town {
    base: String,
    net: NativeNet,
    city: City,
    /// A permit lets one customer begin to order.
    pace: Semaphore,
    began: Instant,
    /// Turns true when it is time to go home.
    closing: watch::Receiver<bool>,
}

async fn live(options: &Options) -> Result<()> {
    let (close, closing) = watch::channel(false);
    let town = Rc::new(Town {
        base: options.base.trim_end_matches('/').to_owned(),
        net: NativeNet::new()?,
        city: City::read()?,
        pace: Semaphore::new(1),
        began: Instant::now(),
        closing,
    });
    let reserved = town
        .city
        .reserved_kitchen()
        .context("the demo city has no kitchen for people")?;
    let mut chance = StdRng::seed_from_u64(u64::try_from(people::now().0).unwrap_or(1));
    town.say(format_args!(
        "the city wakes up; an order about every {} s, Ctrl-C ends it",
        options.every
    ));
    for owner in town
        .city
        .people
        .owners
        .iter()
        .filter(|owner| owner.email != reserved)
    {
        tokio::task::spawn_local(kitchen::live(Rc::clone(&town), owner.clone(), fork(&mut chance)));
    }
    let drivers: Vec<_> = town.city.people.drivers[1..]
        .iter()
        .map(|driver| {
            tokio::task::spawn_local(driver::live(Rc::clone(&town), driver.clone(), fork(&mut chance)))
        })
        .collect();
    for number in 0..usize::from(options.customers) {
        let who = customer::Who::of(&town.city, number);
        tokio::task::spawn_local(customer::live(Rc::clone(&town), who, fork(&mut chance)));
    }
    tokio::task::spawn_local(keep_pace(Rc::clone(&town), options.every, fork(&mut chance)));
    asked_to_end(options.minutes).await?;
    town.say("everybody goes home");
    let _ = close.send(true);
    let _ = tokio::time::timeout(FAREWELL, futures::future::join_all(drivers)).await;
    Ok(())
}

/// Lets one customer order, then the next after a random while.
async fn keep_pace(town: Rc<Town>, every: f64, mut chance: StdRng) {
    loop {
        // Exponential, but never so long that the city seems dead.
        let wait = (-every * (1.0 - chance.random::<f64>()).ln()).min(every * 3.0);
        tokio::time::sleep(Duration::from_secs_f64(wait)).await;
        if town.pace.available_permits() == 0 {
            town.pace.add_permits(1);
        }
    }
}

fn fork(chance: &mut StdRng) -> StdRng {
    StdRng::from_rng(chance)
}

/// Waits for Ctrl-C, a request to end, or the time to be over.
async fn asked_to_end(minutes: Option<u64>) -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let over = async {
        match minutes {
            Some(minutes) => tokio::time::sleep(Duration::from_secs(minutes * 60)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
        () = over => {}
    }
    Ok(())
}

impl Town {
    /// One line about something that happened.
    fn say(&self, what: impl std::fmt::Display) {
        let seconds = self.began.elapsed().as_secs();
        println!("{:02}:{:02}  {what}", seconds / 60, seconds % 60);
    }

    fn engine(&self, app: App) -> Option<Engine> {
        let config = EngineConfig {
            app,
            base_url: self.base.clone(),
            cookie_mode: false,
        };
        let store = Store::open(Place::Memory, app.kind().id()).ok()?;
        Some(Engine::new(fleeting_ports(self.net.clone()), store, config))
    }

    /// Signs in, as often as it takes; `None` when that is refused for good.
    /// The code that was sent to `email` last, where the server shows it.
    async fn code(&self, email: &str) -> Option<String> {
        let address: SocketAddr = self.base.strip_prefix("http://")?.parse().ok()?;
        let email = email.to_owned();
        let read = move || people::code(&mut Connection::new(address), &email);
        tokio::task::spawn_blocking(read).await.ok()?.ok()
    }

    async fn sign_in(&self, engine: &Engine, email: &str, chance: &mut StdRng) -> Option<()> {
        loop {
            let call = SignIn {
                email: email.to_owned(),
                password: customer::password(email).to_owned(),
            };
            match engine.ask(call).await {
                Ok(_) => return Some(()),
                Err(failure) if failure.code.is_temporary() => pause(chance, 1.0..4.0).await,
                Err(failure) => {
                    if failure.code != ErrorCode::InvalidCredentials {
                        self.say(format_args!("{email} cannot sign in: {}", failure.message));
                    }
                    return None;
                }
            }
        }
    }
}

/// Lets between `seconds` pass.
async fn pause(chance: &mut StdRng, seconds: std::ops::Range<f64>) {
    tokio::time::sleep(Duration::from_secs_f64(chance.random_range(seconds))).await;
}

/// What a person would read of a failure.
fn why(failure: &Failure) -> &'static str {
    failure.code.message(Lang::En)
}

/// "54.50 SAR"
fn money(minor: i64, currency: Currency) -> String {
    let digits = currency.exponent() as usize;
    let whole = 10_u64.pow(currency.exponent());
    let (sign, amount) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    format!(
        "{sign}{}.{:0digits$} {}",
        amount / whole,
        amount % whole,
        currency.code()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_told_with_the_digits_of_its_currency() {
        assert_eq!(money(5_450, Currency::Sar), "54.50 SAR");
        assert_eq!(money(5, Currency::Sar), "0.05 SAR");
        assert_eq!(money(-1_250, Currency::Kwd), "-1.250 KWD");
    }
}

//! People who are measured: customers registered for the purpose, the demo's kitchens, and what they order.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use momfood_domain::actor::Role;
use momfood_domain::address::Address;
use momfood_domain::cart::Cart;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{RestaurantId, UserId};
use momfood_domain::pricing::{DELIVERY_RADIUS_M, Fulfilment};
use momfood_domain::text::Lang;
use momfood_protocol::account::{AskCode, CheckCode, CodePurpose, CodeSent, Consent, Unregistered};
use momfood_protocol::error::Failed;
use momfood_protocol::rest::{Login, QuoteRequest, Register, RestaurantList, RestaurantPage, Session};
use momfood_protocol::view::Opening;
use rand::Rng;
use rand::seq::IndexedRandom as _;
use serde::Deserialize;

use crate::cart;
use crate::city::{City, PASSWORD};
use crate::http::{Ask, Connection};

/// Somebody signed in; the token lives longer than any measurement.
pub struct Account {
    pub token: String,
    pub id: UserId,
    pub restaurant: Option<RestaurantId>,
}

impl From<Session> for Account {
    fn from(session: Session) -> Self {
        Self {
            token: session.access_token,
            id: session.user.id,
            restaurant: session.user.restaurant_id,
        }
    }
}

/// Does `make` for every number below `count`, some at a time, and gives the results in order.
fn several<T: Send>(count: usize, make: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let made = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        let work = || -> Result<()> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok(());
                }
                let one = make(number)?;
                made.lock().map_err(|_| poisoned())?.push((number, one));
            }
        };
        let workers: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| poisoned())?)
    })?;
    let mut made = made.into_inner().map_err(|_| poisoned())?;
    made.sort_by_key(|(number, _)| *number);
    Ok(made.into_iter().map(|(_, one)| one).collect())
}

fn poisoned() -> anyhow::Error {
    anyhow::anyhow!("a thread of the bench failed")
}

/// What new customers choose.
pub const NEW_PASSWORD: &str = "a bench in the shade";

/// How long a code may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// A message that a server in development shows.
#[derive(Deserialize)]
struct Shown {
    to: String,
    code: Option<String>,
}

/// The code that was sent to `email` last.
pub fn code(connection: &mut Connection, email: &str) -> Result<String> {
    let ask = Ask::get("/dev/messages").accept("application/json");
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let shown: Vec<Shown> = connection.fetch(&ask)?;
        let theirs = shown.into_iter().find(|message| message.to == email);
        if let Some(code) = theirs.and_then(|message| message.code) {
            return Ok(code);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!("no code came for {email}")
}

/// What lets whoever has `email` open an account.
fn ticket(connection: &mut Connection, email: &str) -> Result<String> {
    let ask = AskCode {
        purpose: CodePurpose::SignUp,
        email: Some(email.to_owned()),
        phone: None,
        language: Lang::Ar,
    };
    let sent: CodeSent = connection.fetch(&Ask::post("/api/v1/auth/codes", &ask)?)?;
    let check = CheckCode {
        challenge: sent.challenge,
        code: code(connection, email)?,
        role: None,
        restaurant_id: None,
    };
    let answer = connection.send(&Ask::post("/api/v1/auth/codes/check", &check)?)?;
    let failed: Failed = serde_json::from_slice(&answer.body).context("a ticket to register with")?;
    let who: Unregistered = serde_json::from_value(failed.error.details)
        .with_context(|| format!("a ticket to register with: {}", answer.complaint()))?;
    Ok(who.ticket)
}

/// New customers.
pub fn customers(address: SocketAddr, count: usize) -> Result<Vec<Account>> {
    several(count, |number| {
        let mut connection = Connection::new(address);
        let body = Register {
            ticket: ticket(&mut connection, &format!("bench-{number}@bench.momfood.test"))?,
            password: Some(NEW_PASSWORD.to_owned()),
            first_name: format!("Customer {number}"),
            last_name: String::new(),
            language: Lang::Ar,
            consents: Consent::of_a_newcomer(false),
        };
        let session: Session = connection.fetch(&Ask::post("/api/v1/auth/register", &body)?)?;
        Ok(session.into())
    })
}

/// The owners of the demo's restaurants.
pub fn kitchens(address: SocketAddr) -> Result<Vec<Account>> {
    let owners = City::read()?.people.owners;
    several(owners.len(), |number| {
        let body = Login {
            email: owners[number].email.clone(),
            password: PASSWORD.to_owned(),
            role: Some(Role::Restaurant),
            restaurant_id: None,
        };
        let session: Session = Connection::new(address).fetch(&Ask::post("/api/v1/auth/login", &body)?)?;
        Ok(session.into())
    })
}

/// Restaurants that take orders now, and places they deliver to.
pub struct Offerings {
    pages: Vec<RestaurantPage>,
    places: Vec<GeoPoint>,
}

/// Something that can be ordered.
pub struct Wish {
    pub quote: QuoteRequest,
    pub address: Address,
}

impl Offerings {
    pub fn read(address: SocketAddr) -> Result<Self> {
        let mut connection = Connection::new(address);
        let list: RestaurantList = connection.fetch(&Ask::get("/api/v1/restaurants?open=true"))?;
        let open = list
            .restaurants
            .iter()
            .filter(|card| card.opening == Opening::Open);
        let pages = open
            .map(|card| connection.fetch(&Ask::get(format!("/api/v1/restaurants/{}", card.id))))
            .collect::<Result<Vec<RestaurantPage>>>()?;
        let places = City::read()?.addresses.iter().map(|place| place.point).collect();
        Ok(Self { pages, places })
    }

    pub fn restaurants(&self) -> Vec<RestaurantId> {
        self.pages.iter().map(|page| page.restaurant.id).collect()
    }

    /// A cart of any of the restaurants, to a place it delivers to.
    pub fn wish(&self, now: momfood_domain::time::Timestamp, chance: &mut impl Rng) -> Result<Wish> {
        (0..200)
            .find_map(|_| {
                let page = self.pages.choose(chance)?;
                let near = |place: &&GeoPoint| {
                    place.distance_m(page.restaurant.point)
                        < DELIVERY_RADIUS_M.min(page.restaurant.terms.delivery_radius_m)
                };
                let places: Vec<_> = self.places.iter().filter(near).collect();
                let point = **places.choose(chance)?;
                let lines = cart::fill(&page.menu, page.restaurant.terms.minimum_order, now, chance)?;
                let cart = Cart {
                    restaurant_id: page.restaurant.id,
                    lines,
                    tip: 0,
                };
                Some(Wish {
                    quote: QuoteRequest {
                        cart,
                        fulfilment: Fulfilment::Delivery,
                        point: Some(point),
                    },
                    address: Address {
                        label: "البيت".to_owned(),
                        point,
                        short_address: None,
                        line: "شارع العروبة، الورود".to_owned(),
                        landmark: None,
                        note: Some("الدور الثاني".to_owned()),
                    },
                })
            })
            .context("nothing can be ordered in the demo city now")
    }
}

/// The machine's clock, which is the server's too.
#[expect(clippy::disallowed_methods, reason = "the one clock of the bench")]
pub fn now() -> momfood_domain::time::Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    momfood_domain::time::Timestamp(
        since.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX)),
    )
}

/// A new order's id, as clients mint it.
pub fn order_id(chance: &mut impl Rng) -> momfood_domain::id::OrderId {
    let millis = u64::try_from(now().0 / 1_000).unwrap_or(0);
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &chance.random()).into_uuid();
    momfood_domain::id::OrderId(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    #[test]
    fn several_at_once_are_given_in_order_and_none_is_left_out() {
        assert_eq!(several(40, Ok).unwrap(), (0..40).collect::<Vec<_>>());
        assert!(
            several(40, |n| if n == 17 {
                Err(anyhow::anyhow!("no"))
            } else {
                Ok(n)
            })
            .is_err()
        );
    }

    #[test]
    fn an_order_id_tells_when_it_was_minted() {
        let before = now().0 / 1_000;
        let id = order_id(&mut rand::rngs::StdRng::seed_from_u64(1)).0;
        assert_eq!(id.get_version_num(), 7);
        let minted = i64::try_from(id.as_u128() >> 80).unwrap();
        assert!((before..=now().0 / 1_000).contains(&minted));
    }
}

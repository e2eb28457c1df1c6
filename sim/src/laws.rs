//! The laws of the protocol, as they can be looked at from outside: in the devices' files, and in the server's tables.
//! Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::Result;
use momfood_backend::store::{Db, sql};
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::mutation::Mutation;
use uuid::Uuid;

/// Which law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// What was acknowledged to a person is answered by the server, or waits in a vault.
    NothingIsLost,
    /// Each mutation takes effect once, whichever identity and door it came by.
    OnlyOnce,
    /// What one device did is done in its order.
    DeviceOrder,
    /// Cursors and revisions on a device never go back.
    NeverBack,
    /// No device holds a row its person may not see.
    OnlyGranted,
    /// Cash acknowledged on devices is the cash in the server's books.
    CashIsKept,
    /// An order's status never goes back.
    OneWay,
    /// After healing everything drains in bounded time.
    Drains,
    /// After healing all replicas equal the server's projection.
    Agree,
    /// After healing nothing is predicted any more.
    NoPredictions,
    /// What was refused can be seen by who tapped it.
    RefusalsAreSeen,
    /// Where something waits, a timer is armed.
    Armed,
    /// What waits to be handed in keeps nobody from reading.
    ReadsOn,
    /// A tap is shown until its effects are.
    TapsStayShown,
    /// What cannot happen did: a store failed, a machine gave up, an answer could not be read.
    Sound,
}

/// A law, and how it was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub law: Law,
    /// How.
    pub how: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.law, self.how)
    }
}

/// A violation as an early return.
pub fn broken<T>(law: Law, how: impl Into<String>) -> Result<T, Violation> {
    Err(Violation { law, how: how.into() })
}

/// A tap that was acknowledged to a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// Its key.
    pub uid: Uuid,
    /// Whose.
    pub user: UserId,
    /// On which device.
    pub device: usize,
    /// What; `None` for what nobody can read.
    pub mutation: Option<Mutation>,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Whether it is in a vault, and not only asked for by REST.
    pub queued: bool,
}

/// A result in the server's tables.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ended {
    /// Of which device.
    pub device: Uuid,
    /// Its number there.
    pub mid: i64,
    /// Its key.
    pub uid: Uuid,
    /// Of whom.
    pub actor: UserId,
    /// `applied`, `rejected`, `quarantined`.
    pub status: String,
    /// `none`, `review`.
    pub disposition: String,
}

/// What the server's tables say.
#[derive(Debug)]
pub struct Books {
    /// Every result.
    pub ended: Vec<Ended>,
    /// `last_mid` by device.
    pub last: BTreeMap<Uuid, i64>,
    /// Numbers declared lost, by device.
    pub gaps: Vec<(Uuid, i64, i64)>,
    /// Cash by person and key.
    pub cash: Vec<(UserId, Uuid, i64, String)>,
    /// Orders, with their customers and statuses.
    pub orders: Vec<(OrderId, UserId, String)>,
    /// How often each thing happened to each order, by the name of the event.
    pub events: Vec<(OrderId, String, i64)>,
    /// Facts people must look at.
    pub facts: BTreeSet<(UserId, Uuid)>,
}

impl Books {
    /// Reads them.
    pub async fn of(db: &Db) -> Result<Self> {
        let tx = &mut db.read().await?;
        let ended = sql!(
            tx,
            fetch_all as Ended,
            "select r.device, r.mid, r.uid, d.actor, r.status, r.disposition from sync_result r
             join sync_device d on d.device = r.device order by r.device, r.mid"
        )?;
        let last = sql!(
            tx,
            fetch_all as (Uuid, i64),
            "select device, last_mid from sync_device"
        )?;
        let gaps = sql!(
            tx,
            fetch_all as (Uuid, i64, i64),
            "select device, from_mid, to_mid from sync_gap order by device, from_mid"
        )?;
        let cash = sql!(
            tx,
            fetch_all as (UserId, Uuid, i64, String),
            "select actor, uid, amount, disposition from cash_entries order by actor, uid"
        )?;
        let orders = sql!(
            tx,
            fetch_all as (OrderId, UserId, String),
            "select id, customer_id, status from orders order by id"
        )?;
        let events = sql!(
            tx,
            fetch_all as (OrderId, String, i64),
            "select order_id, json_extract(event, '$.event') as name, count(*) from order_events
             group by order_id, name order by order_id, name"
        )?;
        let facts = sql!(tx, fetch_all as (UserId, Uuid), "select actor, uid from facts")?;
        Ok(Self {
            ended,
            last: last.into_iter().collect(),
            gaps,
            cash,
            orders,
            events,
            facts: facts.into_iter().collect(),
        })
    }

    /// Looks at what the server's tables say by themselves, and against what people were promised.
    pub fn check(&self, promises: &BTreeMap<Uuid, Promise>) -> Result<(), Violation> {
        self.in_order()?;
        self.once()?;
        self.of_all(promises)?;
        self.cash(promises)
    }

    /// Whether what `user` asked for under `uid` was refused, or set aside.
    pub fn refused(&self, user: UserId, uid: Uuid) -> bool {
        self.ended
            .iter()
            .filter(|ended| ended.actor == user && ended.uid == uid)
            .any(|ended| ended.status != "applied" || ended.disposition == "review")
    }

    /// Per device: numbers without holes, up to `last_mid`.
    fn in_order(&self) -> Result<(), Violation> {
        if let Some((device, from, to)) = self.gaps.first() {
            return broken(
                Law::NothingIsLost,
                format!("device {device} declared {from} to {to} lost"),
            );
        }
        let mut mids: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
        for ended in &self.ended {
            mids.entry(ended.device).or_default().push(ended.mid);
        }
        for (device, last) in &self.last {
            let had = mids.remove(device).unwrap_or_default();
            if had != (1..=*last).collect::<Vec<_>>() {
                return broken(
                    Law::DeviceOrder,
                    format!("device {device} stands at {last} and has results {had:?}"),
                );
            }
        }
        Ok(())
    }

    /// What can happen to an order once has happened once, and one key has ended in one way.
    fn once(&self) -> Result<(), Violation> {
        const SINGLE: [&str; 8] = [
            "submitted",
            "accepted",
            "rejected",
            "preparing",
            "picked_up",
            "delivered",
            "cancelled",
            "cash_collected",
        ];
        let twice = self
            .events
            .iter()
            .find(|(_, name, times)| *times > 1 && SINGLE.contains(&name.as_str()));
        if let Some((order, name, times)) = twice {
            return broken(Law::OnlyOnce, format!("{name} happened {times} times to {order}"));
        }
        let mut ends: BTreeMap<(UserId, Uuid), &Ended> = BTreeMap::new();
        for ended in &self.ended {
            let other = ends.entry((ended.actor, ended.uid)).or_insert(ended);
            if (&other.status, &other.disposition) != (&ended.status, &ended.disposition) {
                return broken(
                    Law::OnlyOnce,
                    format!(
                        "{} ended {} as {}/{} and {} as {}/{}",
                        ended.uid,
                        other.status,
                        other.device,
                        other.mid,
                        ended.status,
                        ended.device,
                        ended.mid
                    ),
                );
            }
        }
        Ok(())
    }

    /// Every promise has been answered, and orders are there exactly if they were placed.
    fn of_all(&self, promises: &BTreeMap<Uuid, Promise>) -> Result<(), Violation> {
        let ends: BTreeMap<(UserId, Uuid), &Ended> = self
            .ended
            .iter()
            .map(|ended| ((ended.actor, ended.uid), ended))
            .collect();
        let there: BTreeSet<OrderId> = self.orders.iter().map(|(id, ..)| *id).collect();
        for promise in promises.values().filter(|promise| promise.queued) {
            let Some(ended) = ends.get(&(promise.user, promise.uid)) else {
                return broken(
                    Law::NothingIsLost,
                    format!(
                        "the server has no result for {}: {:?}",
                        promise.uid, promise.mutation
                    ),
                );
            };
            if let Some(Mutation::PlaceOrder(place)) = &promise.mutation {
                let applied = ended.status == "applied";
                if applied != there.contains(&place.id) {
                    return broken(
                        Law::OnlyOnce,
                        format!(
                            "the order {} was {} and is {}there",
                            place.id,
                            ended.status,
                            if applied { "not " } else { "" }
                        ),
                    );
                }
            }
        }
        Ok(())
    }

    /// The sum of what was acknowledged is the sum of what is in the books, key by key.
    fn cash(&self, promises: &BTreeMap<Uuid, Promise>) -> Result<(), Violation> {
        let mut books: BTreeMap<(UserId, Uuid), i64> = BTreeMap::new();
        for (user, uid, amount, _) in &self.cash {
            *books.entry((*user, *uid)).or_default() += amount;
        }
        let mut taken = BTreeMap::new();
        for promise in promises.values() {
            if let Some(amount) = promise.mutation.as_ref().and_then(Mutation::cash)
                && promise.queued
            {
                taken.insert((promise.user, promise.uid), amount);
            }
        }
        if books == taken {
            return Ok(());
        }
        broken(
            Law::CashIsKept,
            format!(
                "{} acknowledged on devices, {} in the books: {taken:?} against {books:?}",
                taken.values().sum::<i64>(),
                books.values().sum::<i64>()
            ),
        )
    }
}

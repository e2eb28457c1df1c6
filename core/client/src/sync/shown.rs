//! What is shown: the rows the server gave, with what was tapped here and is not in them yet replayed over them, by the
//! code the server runs. A prediction that no longer applies is dropped alone.
//!
//! Orders looked at that are in no scope (history) are remembered beside them. A newer revision is never replaced by an
//! older one, whichever way it came.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use momfood_domain::actor::Actor;
use momfood_domain::id::OrderId;
use momfood_domain::order::Rejection;
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Change, Entity};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::predict::predict;
use momfood_protocol::reading;
use momfood_protocol::view::OrderView;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::store::{Row, State, Tapped};

/// Orders outside the scopes that are remembered.
const MOST_ASIDE: usize = 100;

/// Something that is shown differently now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    /// An order.
    Order(OrderId),
    /// The kitchen's restaurant.
    Restaurant,
    /// Its menu.
    Menu,
    /// The driver's day.
    Driver,
}

impl Changed {
    const fn of(entity: Entity, id: Uuid) -> Self {
        match entity {
            Entity::Order => Self::Order(OrderId(id)),
            Entity::Restaurant => Self::Restaurant,
            Entity::Menu => Self::Menu,
            Entity::Driver => Self::Driver,
        }
    }
}

/// A row, read when somebody looks at it.
struct Base {
    body: Value,
    view: OnceCell<Option<OrderView>>,
}

impl Base {
    const fn new(body: Value) -> Self {
        Self {
            body,
            view: OnceCell::new(),
        }
    }

    /// `None` when this program cannot read it: it comes from another version.
    fn view(&self) -> Option<&OrderView> {
        self.view
            .get_or_init(|| reading::read(self.body.clone()).ok())
            .as_ref()
    }
}

/// A tap that the rows may not hold yet.
struct Pending {
    uid: Uuid,
    mutation: Mutation,
    /// When it was tapped, by the server's clock as far as it is known.
    at: Timestamp,
    waiting: bool,
}

/// See the module.
#[derive(Default)]
pub struct Shown {
    actor: Option<Actor>,
    orders: BTreeMap<OrderId, Base>,
    /// With when each was put here.
    aside: BTreeMap<OrderId, (OrderView, u64)>,
    documents: BTreeMap<Entity, Value>,
    pending: Vec<Pending>,
    over: BTreeMap<OrderId, OrderView>,
    over_documents: BTreeMap<Entity, Value>,
    clock: u64,
}

impl Shown {
    /// As whom predictions are made.
    pub const fn act_as(&mut self, actor: Option<Actor>) {
        self.actor = actor;
    }

    /// One order.
    pub fn order(&self, id: OrderId) -> Option<&OrderView> {
        self.over.get(&id).or_else(|| self.base(id))
    }

    /// The order without what was tapped here.
    fn base(&self, id: OrderId) -> Option<&OrderView> {
        let row = self.orders.get(&id).and_then(Base::view);
        let aside = self.aside.get(&id).map(|(view, _)| view);
        match (row, aside) {
            (Some(row), Some(aside)) => Some(if aside.rev > row.rev { aside } else { row }),
            (row, aside) => row.or(aside),
        }
    }

    /// Whether a scope keeps this order current.
    pub fn follows(&self, id: OrderId) -> bool {
        self.orders.contains_key(&id)
    }

    /// Every order of the scopes.
    pub fn scoped(&self) -> impl Iterator<Item = &OrderView> {
        self.orders.keys().filter_map(|id| self.order(*id))
    }

    /// Every order known.
    pub fn known(&self) -> impl Iterator<Item = &OrderView> {
        let ids: BTreeSet<&OrderId> = self.orders.keys().chain(self.aside.keys()).collect();
        ids.into_iter().filter_map(|id| self.order(*id))
    }

    /// A thing that is no order.
    pub fn document(&self, entity: Entity) -> Option<&Value> {
        self.over_documents
            .get(&entity)
            .or_else(|| self.documents.get(&entity))
    }

    /// A thing that is no order, as the server answered it; its row comes by the feed, and counts. Whether it is news.
    pub fn put_document(&mut self, entity: Entity, body: Value) -> bool {
        let is_news = self.documents.get(&entity) != Some(&body);
        if is_news {
            self.documents.insert(entity, body);
            self.replay(None);
        }
        is_news
    }

    /// An order as the server answered it. Whether that is news.
    pub fn put_aside(&mut self, view: OrderView) -> bool {
        let id = view.id;
        if self.base(id).is_some_and(|known| known.rev >= view.rev) {
            return false;
        }
        if self.aside.len() >= MOST_ASIDE && !self.aside.contains_key(&id) {
            let oldest = self
                .aside
                .iter()
                .min_by_key(|(_, (_, at))| *at)
                .map(|(id, _)| *id);
            oldest.map(|oldest| self.aside.remove(&oldest));
        }
        self.clock += 1;
        self.aside.insert(id, (view, self.clock));
        self.replay(Some(&BTreeSet::from([Changed::Order(id)])));
        true
    }

    /// Everything the cache shows, in place of all rows. What changed.
    pub fn load(&mut self, rows: impl IntoIterator<Item = Row>) -> BTreeSet<Changed> {
        let rows = rows.into_iter().filter_map(|row| {
            let body = serde_json::from_str(&row.body).ok()?;
            Some((row.entity, row.id, body))
        });
        self.replace(rows)
    }

    /// A scope whole, in place of all rows: the session has this one scope. What changed.
    pub fn fill(&mut self, changes: Vec<Change>) -> BTreeSet<Changed> {
        let rows = changes.into_iter();
        self.replace(rows.filter_map(|change| Some((change.entity, change.id, change.body?))))
    }

    fn replace(&mut self, rows: impl Iterator<Item = (Entity, Uuid, Value)>) -> BTreeSet<Changed> {
        let mut orders = std::mem::take(&mut self.orders);
        let mut documents = std::mem::take(&mut self.documents);
        let mut changed = BTreeSet::new();
        for (entity, id, body) in rows {
            let what = Changed::of(entity, id);
            if let Changed::Order(id) = what {
                let old = orders.remove(&id);
                if old.is_none_or(|old| old.body != body) {
                    changed.insert(what);
                }
                self.orders.insert(id, Base::new(body));
            } else {
                if documents.remove(&entity).as_ref() != Some(&body) {
                    changed.insert(what);
                }
                self.documents.insert(entity, body);
            }
        }
        for id in orders.into_keys() {
            self.aside.remove(&id);
            changed.insert(Changed::Order(id));
        }
        changed.extend(
            documents
                .into_keys()
                .map(|entity| Changed::of(entity, Uuid::nil())),
        );
        self.drop_old_asides(&changed);
        self.replay(None);
        changed
    }

    /// Applies what the cache has applied. What changed.
    pub fn apply(&mut self, changes: Vec<Change>) -> BTreeSet<Changed> {
        let mut changed = BTreeSet::new();
        for change in changes {
            let what = Changed::of(change.entity, change.id);
            changed.insert(what);
            match (what, change.body) {
                (Changed::Order(id), Some(body)) => {
                    self.orders.insert(id, Base::new(body));
                }
                (Changed::Order(id), None) => {
                    self.orders.remove(&id);
                    if self
                        .aside
                        .get(&id)
                        .is_some_and(|(view, _)| view.rev <= change.rev)
                    {
                        self.aside.remove(&id);
                    }
                }
                (_, Some(body)) => {
                    self.documents.insert(change.entity, body);
                }
                (_, None) => {
                    self.documents.remove(&change.entity);
                }
            }
        }
        self.drop_old_asides(&changed);
        self.replay(Some(&changed));
        changed
    }

    /// Forgets the rows of the server's other history: their revisions mean nothing any more.
    pub fn forget_aside(&mut self) {
        self.aside.clear();
    }

    /// Forgets everything. What changed.
    pub fn clear(&mut self) -> BTreeSet<Changed> {
        let orders = self.orders.keys().chain(self.aside.keys());
        let orders = orders.map(|id| Changed::Order(*id));
        let documents = self
            .documents
            .keys()
            .map(|entity| Changed::of(*entity, Uuid::nil()));
        let changed = orders.chain(documents).collect();
        let actor = self.actor;
        *self = Self {
            actor,
            ..Self::default()
        };
        changed
    }

    fn drop_old_asides(&mut self, changed: &BTreeSet<Changed>) {
        for what in changed {
            if let Changed::Order(id) = what
                && let Some(rev) = self.orders.get(id).and_then(Base::view).map(|view| view.rev)
                && self.aside.get(id).is_some_and(|(view, _)| view.rev <= rev)
            {
                self.aside.remove(id);
            }
        }
    }

    /// What was tapped here and is not in the rows: the vault's mutations above the rows' `lastMid`. `offset` makes the
    /// device's time the server's. What is shown differently now.
    pub fn tapped(&mut self, taps: &[Tapped], offset: i64) -> BTreeSet<Changed> {
        let before = self.touched();
        let refused = |tap: &Tapped| {
            use momfood_protocol::sync::MutationStatus::Applied;
            let over = tap.state == State::Settled;
            over && tap.result.as_ref().is_some_and(|result| result.status != Applied)
        };
        // What is shown already was tapped when it was, whatever has happened to the device's clock since.
        let known: BTreeMap<Uuid, Timestamp> = self.pending.iter().map(|tap| (tap.uid, tap.at)).collect();
        let of = |tap: &Tapped| {
            let at = known.get(&tap.uid).copied();
            Some(Pending {
                uid: tap.uid,
                mutation: tap.mutation().ok()?,
                at: at.unwrap_or_else(|| tap.occurred_at.plus(offset)),
                waiting: tap.state == State::Waiting,
            })
        };
        self.pending = taps.iter().filter(|tap| !refused(tap)).filter_map(of).collect();
        let touched: BTreeSet<Changed> = before.union(&self.touched()).copied().collect();
        self.replay_changes(&touched)
    }

    /// One more tap, just taken. What is shown differently now.
    pub fn tap(&mut self, uid: Uuid, mutation: Mutation, at: Timestamp) -> BTreeSet<Changed> {
        let touched = touched_by(&mutation);
        self.pending.push(Pending {
            uid,
            mutation,
            at,
            waiting: true,
        });
        self.replay_changes(&touched)
    }

    fn touched(&self) -> BTreeSet<Changed> {
        self.pending
            .iter()
            .flat_map(|tap| touched_by(&tap.mutation))
            .collect()
    }

    /// What `mutation` would do now. `Ok(None)`: nothing, or nothing that can be said here.
    pub fn predict(&self, mutation: &Mutation, now: Timestamp) -> Result<Option<OrderView>, Rejection> {
        let actor = self.actor.as_ref().ok_or(Rejection::Forbidden)?;
        match mutation.order_id().and_then(|id| self.order(id)) {
            Some(view) => predict(view, mutation, actor, now),
            None => Ok(None),
        }
    }

    /// As [`Self::replay`]; says what of `touched` is shown differently afterwards.
    fn replay_changes(&mut self, touched: &BTreeSet<Changed>) -> BTreeSet<Changed> {
        let before = (self.over.clone(), self.over_documents.clone());
        self.replay(Some(touched));
        let differs = |what: &&Changed| match what {
            Changed::Order(id) => before.0.get(id) != self.over.get(id),
            other => {
                let entity = other.entity();
                before.1.get(&entity) != self.over_documents.get(&entity)
            }
        };
        touched.iter().filter(differs).copied().collect()
    }

    /// Predicts anew what `touched` names, or everything.
    fn replay(&mut self, touched: Option<&BTreeSet<Changed>>) {
        let all;
        let touched = if let Some(touched) = touched {
            touched
        } else {
            self.over.clear();
            self.over_documents.clear();
            all = self.touched();
            &all
        };
        for what in touched {
            match what {
                Changed::Order(id) => match self.predicted(*id) {
                    Some(view) => {
                        self.over.insert(*id, view);
                    }
                    None => {
                        self.over.remove(id);
                    }
                },
                other => {
                    let entity = other.entity();
                    match self.predicted_document(entity) {
                        Some(body) => {
                            self.over_documents.insert(entity, body);
                        }
                        None => {
                            self.over_documents.remove(&entity);
                        }
                    }
                }
            }
        }
    }

    fn predicted(&self, id: OrderId) -> Option<OrderView> {
        let actor = self.actor.as_ref()?;
        let base = self.base(id)?;
        let mut view: Option<OrderView> = None;
        let mut unconfirmed = false;
        for tap in self
            .pending
            .iter()
            .filter(|tap| tap.mutation.order_id() == Some(id))
        {
            let next = predict(view.as_ref().unwrap_or(base), &tap.mutation, actor, tap.at);
            // One that no longer applies is dropped, and only that one.
            if let Ok(Some(next)) = next {
                view = Some(next);
                unconfirmed |= tap.waiting;
            }
        }
        let mut view = view?;
        view.unconfirmed = unconfirmed;
        Some(view)
    }

    fn predicted_document(&self, entity: Entity) -> Option<Value> {
        let mut body = self.documents.get(&entity)?.clone();
        let mut changed = false;
        for tap in &self.pending {
            changed |= match (entity, &tap.mutation) {
                (Entity::Menu, Mutation::SetAvailability(args)) => {
                    let availability = serde_json::to_value(args.availability).unwrap_or_default();
                    set_availability(&mut body, &json!(args.item_id), &availability)
                }
                (Entity::Restaurant, Mutation::Pause(args)) => {
                    let until = match args.minutes {
                        Some(0) => Value::Null,
                        Some(minutes) => json!(tap.at.plus_minutes(i64::from(minutes))),
                        None => json!(Timestamp(i64::MAX)),
                    };
                    put(&mut body, "pausedUntil", until)
                }
                (Entity::Driver, Mutation::SetShift(args)) => {
                    let on = body.get("shift").is_some_and(|shift| !shift.is_null());
                    let shift = match (args.on, on) {
                        (true, true) => continue,
                        (true, false) => json!({ "id": tap.uid, "since": tap.at }),
                        (false, _) => Value::Null,
                    };
                    put(&mut body, "shift", shift)
                }
                (Entity::Driver, Mutation::Deliver(args)) => {
                    let order = self.order(args.order_id);
                    let done = order.is_some_and(|order| order.status.is_end());
                    done && self.delivered(&mut body, args.order_id, args.cash.unwrap_or(0), tap.at)
                }
                _ => false,
            };
        }
        changed.then_some(body)
    }

    /// The driver's day with one more trip in it.
    fn delivered(&self, day: &mut Value, id: OrderId, cash: i64, at: Timestamp) -> bool {
        let Some(order) = self.order(id) else { return false };
        let told = day
            .get("done")
            .and_then(Value::as_array)
            .is_some_and(|done| done.iter().any(|trip| trip.get("orderId") == Some(&json!(id))));
        if told {
            return false;
        }
        let assignment = order.delivery.as_ref().and_then(|delivery| delivery.assignment);
        let pay = assignment.map_or(0, |assignment| assignment.pay);
        for (name, more) in [("cashInHand", cash), ("earned", pay), ("trips", 1)] {
            let sum = day
                .get(name)
                .and_then(Value::as_i64)
                .unwrap_or(0)
                .saturating_add(more);
            put(day, name, json!(sum));
        }
        if let Some(done) = day.get_mut("done").and_then(Value::as_array_mut) {
            let trip = json!({ "orderId": id, "number": order.number, "restaurant": order.restaurant.name, "at": at,
                "pay": pay, "cash": cash, "delivered": true });
            done.insert(0, trip);
        }
        true
    }
}

impl Changed {
    const fn entity(self) -> Entity {
        match self {
            Self::Order(_) => Entity::Order,
            Self::Restaurant => Entity::Restaurant,
            Self::Menu => Entity::Menu,
            Self::Driver => Entity::Driver,
        }
    }
}

fn touched_by(mutation: &Mutation) -> BTreeSet<Changed> {
    let mut touched = BTreeSet::new();
    touched.extend(mutation.order_id().map(Changed::Order));
    match mutation {
        Mutation::SetAvailability(_) => touched.insert(Changed::Menu),
        Mutation::Pause(_) => touched.insert(Changed::Restaurant),
        Mutation::SetShift(_) | Mutation::Deliver(_) => touched.insert(Changed::Driver),
        _ => false,
    };
    touched
}

fn put(body: &mut Value, name: &str, value: Value) -> bool {
    let Some(body) = body.as_object_mut() else {
        return false;
    };
    if value.is_null() {
        body.remove(name);
    } else {
        body.insert(name.to_owned(), value);
    }
    true
}

/// Changes one item of an owner's menu.
fn set_availability(body: &mut Value, item: &Value, availability: &Value) -> bool {
    let categories = body.pointer_mut("/menu/categories").and_then(Value::as_array_mut);
    let items = categories
        .into_iter()
        .flatten()
        .filter_map(|category| category.get_mut("items")?.as_array_mut())
        .flatten();
    for found in items {
        if found.get("id") == Some(item) {
            return put(found, "availability", availability.clone());
        }
    }
    false
}

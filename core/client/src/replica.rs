//! What the engine knows of orders, the restaurant and the driver's day, from the feed and from answers to its own
//! commands. A newer revision is never replaced by an older one, whichever way it came.

use std::collections::{BTreeMap, BTreeSet};

use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_protocol::engine::Event;
use momfood_protocol::feed::{Change, Entity, OrderPosition};
use momfood_protocol::reading;
use momfood_protocol::view::{OrderView, Position};
use serde_json::Value;

/// Orders outside the scope that are remembered (history looked at).
const MOST_ASIDE: usize = 100;

struct Held {
    view: OrderView,
    /// Whether the feed keeps it current.
    scoped: bool,
    /// When it was put here by other means than the feed.
    touched: u64,
}

/// One body that is not an order, as the feed carried it; read by the subject that needs it.
#[derive(Default)]
pub(crate) struct Document {
    held: Option<(i64, Value)>,
    changes: u64,
}

impl Document {
    /// What is known.
    pub fn body(&self) -> Option<&Value> {
        self.held.as_ref().map(|(_, body)| body)
    }

    /// Takes `body` unless something as new is known.
    pub fn put(&mut self, rev: i64, body: Option<Value>) -> bool {
        if self.held.as_ref().is_some_and(|(have, _)| *have >= rev) {
            return false;
        }
        let changed = self.body() != body.as_ref();
        self.changes += 1;
        self.held = body.map(|body| (rev, body));
        changed
    }

    /// How often the feed changed it.
    pub const fn changes(&self) -> u64 {
        self.changes
    }

    /// Puts an answer that names no revision in place, unless the feed has spoken since the question was asked
    /// (`changes` then): it knows the answer's change already, or will tell it next.
    pub fn patch(&mut self, changes: u64, body: Value) -> bool {
        if self.changes != changes || self.body() == Some(&body) {
            return false;
        }
        let rev = self.held.take().map_or(i64::MIN, |(rev, _)| rev);
        self.held = Some((rev, body));
        true
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Replica {
    orders: BTreeMap<OrderId, Held>,
    positions: BTreeMap<OrderId, Position>,
    pub restaurant: Document,
    pub menu: Document,
    pub driver: Document,
    /// New orders the kitchen was told of.
    announced: BTreeSet<OrderId>,
    clock: u64,
}

impl Replica {
    /// One order.
    pub fn order(&self, id: OrderId) -> Option<&OrderView> {
        self.orders.get(&id).map(|held| &held.view)
    }

    /// Whether the feed keeps this order current.
    pub fn follows(&self, id: OrderId) -> bool {
        self.orders.get(&id).is_some_and(|held| held.scoped)
    }

    /// Every order the feed keeps current.
    pub fn scoped(&self) -> impl Iterator<Item = &OrderView> {
        self.orders
            .values()
            .filter(|held| held.scoped)
            .map(|held| &held.view)
    }

    /// Every order known.
    #[cfg(feature = "customer")]
    pub fn known(&self) -> impl Iterator<Item = &OrderView> {
        self.orders.values().map(|held| &held.view)
    }

    /// The last position of an order's driver.
    pub fn position(&self, id: OrderId) -> Option<Position> {
        self.positions.get(&id).copied()
    }

    /// A driver moved; only the latest counts.
    pub fn moved(&mut self, moved: &OrderPosition) -> Option<Event> {
        let OrderPosition {
            order_id: id,
            position,
        } = *moved;
        let newer = self.positions.get(&id).is_none_or(|have| have.at < position.at);
        newer.then(|| {
            self.positions.insert(id, position);
            Event::Position { id, position }
        })
    }

    /// A moment, to be given back to [`Replica::fill`].
    pub const fn moment(&self) -> u64 {
        self.clock
    }

    /// An order as the server answered it. `follow`: the feed will keep it current from now on.
    pub fn put(&mut self, view: OrderView, follow: bool) -> Option<Event> {
        self.clock += 1;
        let touched = self.clock;
        let id = view.id;
        if let Some(held) = self.orders.get_mut(&id) {
            held.touched = touched;
            held.scoped |= follow;
            if held.view.rev >= view.rev {
                return None;
            }
            held.view = view;
        } else {
            self.make_room();
            let scoped = follow;
            self.orders.insert(
                id,
                Held {
                    view,
                    scoped,
                    touched,
                },
            );
        }
        Some(Event::Order { id })
    }

    fn make_room(&mut self) {
        let aside = self.orders.values().filter(|held| !held.scoped);
        if aside.clone().count() >= MOST_ASIDE
            && let Some(oldest) = aside.min_by_key(|held| held.touched).map(|held| held.view.id)
        {
            self.orders.remove(&oldest);
        }
    }

    /// Puts a snapshot in place of what the feed brought before. What was learned by other means after `since`,
    /// the moment it was asked for, is newer and stays. With `new_epoch`, nothing known counts.
    pub fn fill(&mut self, changes: Vec<Change>, since: u64, new_epoch: bool) -> Vec<Event> {
        let mut events = Vec::new();
        if new_epoch {
            let announced = std::mem::take(&mut self.announced);
            let gone = std::mem::take(self);
            *self = Self {
                announced,
                clock: gone.clock,
                positions: gone.positions,
                ..Self::default()
            };
            let kept = |id: &OrderId| changes.iter().any(|change| change.id == id.0);
            events.extend(
                gone.orders
                    .into_keys()
                    .filter(|id| !kept(id))
                    .map(|id| Event::Order { id }),
            );
            events.extend([Event::Restaurant {}, Event::Menu {}, Event::Driver {}]);
        } else {
            let gone: Vec<OrderId> = self
                .orders
                .values()
                .filter(|held| held.scoped && held.touched <= since)
                .map(|held| held.view.id)
                .filter(|id| {
                    !changes
                        .iter()
                        .any(|change| change.entity == Entity::Order && change.id == id.0)
                })
                .collect();
            for id in gone {
                self.orders.remove(&id);
                self.positions.remove(&id);
                events.push(Event::Order { id });
            }
        }
        events.extend(self.apply(changes));
        events
    }

    /// Applies what the feed said.
    pub fn apply(&mut self, changes: Vec<Change>) -> Vec<Event> {
        let mut events = Vec::new();
        for change in changes {
            let Change {
                entity,
                id,
                rev,
                body,
                ..
            } = change;
            let (document, event) = match entity {
                Entity::Order => {
                    events.extend(self.apply_order(OrderId(id), rev, body));
                    continue;
                }
                Entity::Restaurant => (&mut self.restaurant, Event::Restaurant {}),
                Entity::Menu => (&mut self.menu, Event::Menu {}),
                Entity::Driver => (&mut self.driver, Event::Driver {}),
            };
            if document.put(rev, body) {
                events.push(event);
            }
        }
        events
    }

    fn apply_order(&mut self, id: OrderId, rev: i64, body: Option<Value>) -> Option<Event> {
        let known = self.orders.get(&id).map(|held| held.view.rev);
        match body {
            None if known.is_some_and(|known| known <= rev) => {
                self.orders.remove(&id);
                self.positions.remove(&id);
                Some(Event::Order { id })
            }
            None => None,
            Some(body) => {
                // A body of another version of the protocol cannot be shown.
                let view: OrderView = reading::read(body).ok()?;
                if view.status.is_end() {
                    self.positions.remove(&id);
                }
                let touched = self.orders.get(&id).map_or(0, |held| held.touched);
                if known.is_some_and(|known| known >= view.rev) {
                    if let Some(held) = self.orders.get_mut(&id) {
                        held.scoped = true;
                    }
                    return None;
                }
                self.orders.insert(
                    id,
                    Held {
                        view,
                        scoped: true,
                        touched,
                    },
                );
                Some(Event::Order { id })
            }
        }
    }

    /// Pending orders the kitchen was not told of yet; they count as told from now on.
    pub fn announce(&mut self) -> Vec<Event> {
        let new: Vec<OrderId> = self
            .scoped()
            .filter(|view| view.status == OrderStatus::Pending)
            .map(|view| view.id)
            .filter(|id| !self.announced.contains(id))
            .collect();
        self.announced.retain(|id| self.orders.contains_key(id));
        self.announced.extend(&new);
        new.into_iter().map(|id| Event::NewOrder { id }).collect()
    }
}

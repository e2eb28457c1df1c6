//! The laws a device must hold by itself: at any moment, and at rest. Nothing here does anything to it.

use std::collections::BTreeMap;

use anyhow::Context as _;
use momfood_client::store::{Identity, Settled, State, Tapped, Vault};
use momfood_domain::actor::Role;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Entity, Snapshot};
use momfood_protocol::sync::MutationStatus;
use momfood_protocol::view::OrderView;
use serde_json::Value;
use uuid::Uuid;

use super::{Device, LONGEST_WAIT, Seen, Stopped, scope_of};
use crate::laws::{Books, Law, Promise, broken};

impl Device {
    /// The laws a device must hold at any moment.
    pub fn check(&mut self, now: Timestamp) -> Result<(), Stopped> {
        if self.client.is_none() {
            return Ok(());
        }
        self.armed(now)?;
        if std::mem::take(&mut self.dirty) {
            self.never_back()?;
            self.taps_stay(now)?;
        }
        Ok(())
    }

    fn armed(&self, now: Timestamp) -> Result<(), Stopped> {
        let client = self.client()?;
        let tick = client.next_tick();
        let soon = self.clock(now).plus(LONGEST_WAIT);
        if tick.is_none_or(|tick| tick > soon) && !client.waiting()?.is_empty() {
            broken(
                Law::Armed,
                format!(
                    "something waits on device {}, and its timer says {tick:?}",
                    self.number
                ),
            )?;
        }
        Ok(())
    }

    fn never_back(&mut self) -> Result<(), Stopped> {
        let Some(person) = self.user else {
            return Ok(());
        };
        let own = scope_of(person).to_string();
        let client = self.client.as_ref().context("a device that runs")?;
        let cache = client.store().cache();
        for held in cache.scopes_held()? {
            if held != own {
                broken(
                    Law::OnlyGranted,
                    format!("device {} of {} holds {held}", self.number, person.name),
                )?;
            }
        }
        let epoch = cache.epoch()?;
        let states = cache.scopes()?;
        let Some(state) = states.get(&own).filter(|state| state.current) else {
            return Ok(());
        };
        let seen = self.seen.entry(own.clone()).or_default();
        if seen.epoch != epoch || seen.view != state.view {
            *seen = Seen {
                epoch,
                view: state.view.clone(),
                ..Seen::default()
            };
        }
        if state.seq < seen.seq {
            broken(
                Law::NeverBack,
                format!(
                    "device {}: the cursor of {own} went from {} to {}",
                    self.number, seen.seq, state.seq
                ),
            )?;
        }
        seen.seq = state.seq;
        for row in cache.rows(&own)? {
            let known = seen.revs.entry((row.entity, row.id)).or_insert(row.rev);
            if row.rev < *known {
                broken(
                    Law::NeverBack,
                    format!(
                        "device {}: {:?} {} went from rev {known} to {}",
                        self.number, row.entity, row.id, row.rev
                    ),
                )?;
            }
            *known = row.rev;
            if row.entity != Entity::Order {
                continue;
            }
            let Some(view) = row.read::<OrderView>() else {
                broken(
                    Law::Sound,
                    format!("device {} cannot read {}", self.number, row.body),
                )?;
                continue;
            };
            let rank = rank(view.status);
            let known = seen.ranks.entry(row.id).or_insert(rank);
            if rank < *known {
                broken(
                    Law::OneWay,
                    format!(
                        "device {}: {} went back to {:?}",
                        self.number, row.id, view.status
                    ),
                )?;
            }
            *known = rank;
            if person.role == Role::Driver && view.address.is_some() && !may_see_address(&view) {
                broken(
                    Law::OnlyGranted,
                    format!(
                        "{} sees the address of {}, which is not theirs to bring",
                        person.name, row.id
                    ),
                )?;
            }
        }
        Ok(())
    }

    /// What was tapped stays shown until its effects are there, or it is refused.
    fn taps_stay(&mut self, now: Timestamp) -> Result<(), Stopped> {
        let client = self.client.as_ref().context("a device that runs")?;
        // While a scope is filled anew, and over another history, what is shown says nothing of what was.
        let own = self
            .user
            .map(|person| scope_of(person).to_string())
            .unwrap_or_default();
        let cache = client.store().cache();
        let epoch = cache.epoch()?;
        if epoch.is_some() && self.history != epoch {
            self.results_from = self.history.and(Some(self.clock(now)));
            self.history = epoch;
        }
        if !cache.scopes()?.get(&own).is_some_and(|state| state.current) {
            self.shown_of = None;
            return Ok(());
        }
        if self.shown_of != epoch {
            self.shown.clear();
            self.shown_of = epoch;
        }
        let mut ranks = BTreeMap::new();
        for view in client.shown().scoped() {
            ranks.insert(view.id, rank(view.status));
        }
        for (id, before) in &self.shown {
            let Some(after) = ranks.get(id).filter(|after| *after < before) else {
                continue;
            };
            let refused = match client.vault() {
                Some(vault) => tapped(&vault)?.into_iter().any(|tap| {
                    let of = tap.mutation().ok().and_then(|mutation| mutation.order_id());
                    // How it ended in a history that is broken off says nothing of this one.
                    let of_this = |result: &&Settled| self.results_from.is_none_or(|from| result.at > from);
                    let gone = match tap.result.as_ref().filter(of_this) {
                        Some(result) => result.status != MutationStatus::Applied || result.review,
                        None => cache.heard_mid(tap.device).ok().flatten() < Some(tap.mid),
                    };
                    // One that still waits, or is about to again, may not fit any more what the server has said meanwhile.
                    of == Some(*id) && (tap.state == State::Waiting || gone)
                }),
                None => true,
            };
            if !refused {
                broken(
                    Law::TapsStayShown,
                    format!(
                        "device {}: the screen of {id} went from {before} back to {after}",
                        self.number
                    ),
                )?;
            }
        }
        self.shown = ranks;
        Ok(())
    }

    /// The laws of a device at rest: everything is settled, what was refused is in its person's inbox, and nothing is
    /// predicted.
    pub fn last_look(
        &self,
        now: Timestamp,
        promises: &BTreeMap<Uuid, Promise>,
        books: &Books,
    ) -> Result<(), Stopped> {
        let client = self.client()?;
        let fresh = || Identity {
            device: Uuid::nil(),
            push_key: String::new(),
        };
        for promise in promises
            .values()
            .filter(|promise| promise.device == self.number && promise.queued)
        {
            let Some(vault) = client.store().existing_vault(promise.user.0, fresh, now)? else {
                broken(
                    Law::NothingIsLost,
                    format!("device {} has no vault of {}", self.number, promise.user),
                )?;
                continue;
            };
            let Some(tap) = vault.find(promise.uid)? else {
                // Done, looked at and long ago; the server's books say whether that is true.
                continue;
            };
            let Some(result) = tap.result.filter(|_| tap.state == State::Settled) else {
                broken(
                    Law::NothingIsLost,
                    format!("device {}: {} has no result", self.number, promise.uid),
                )?;
                continue;
            };
            let plain = result.status == MutationStatus::Applied && !result.review;
            if plain && books.refused(promise.user, promise.uid) {
                broken(
                    Law::RefusalsAreSeen,
                    format!(
                        "device {}: {} was refused, and its person is told that it was done",
                        self.number, promise.uid
                    ),
                )?;
            }
            if !plain && !result.seen && !vault.unseen()?.iter().any(|tap| tap.uid == promise.uid) {
                broken(
                    Law::RefusalsAreSeen,
                    format!(
                        "device {}: {} was refused and is in no inbox",
                        self.number, promise.uid
                    ),
                )?;
            }
        }
        for view in client.shown().scoped() {
            if view.unconfirmed {
                broken(
                    Law::NoPredictions,
                    format!(
                        "device {} still predicts {} as {:?}",
                        self.number, view.id, view.status
                    ),
                )?;
            }
        }
        Ok(())
    }

    /// Whether what it holds of a scope is what the server shows of it.
    pub fn compare(&self, snapshot: &Snapshot) -> Result<(), Stopped> {
        let client = self.client()?;
        let cache = client.store().cache();
        let mut rows: BTreeMap<(Entity, Uuid), (i64, Value)> = BTreeMap::new();
        for row in cache.rows(&snapshot.scope)? {
            let body = serde_json::from_str(&row.body).unwrap_or_default();
            rows.insert((row.entity, row.id), (row.rev, timeless(body)));
        }
        for change in &snapshot.changes {
            let Some(body) = change.body.clone() else {
                continue;
            };
            let theirs = (change.rev, timeless(body));
            let ours = rows.remove(&(change.entity, change.id));
            if ours.as_ref() != Some(&theirs) {
                broken(
                    Law::Agree,
                    format!(
                        "device {}: {:?} {} of {} is {ours:?}, on the server {theirs:?}",
                        self.number, change.entity, change.id, snapshot.scope
                    ),
                )?;
            }
        }
        if let Some(((entity, id), _)) = rows.into_iter().next() {
            broken(
                Law::Agree,
                format!(
                    "device {} holds {entity:?} {id} of {}, which is not there",
                    self.number, snapshot.scope
                ),
            )?;
        }
        Ok(())
    }
}

/// Everything in a vault, under whichever name it counts.
fn tapped(vault: &Vault) -> Result<Vec<Tapped>, Stopped> {
    let mut taps = vault.above(0)?;
    for name in vault.former_names()? {
        taps.extend(vault.above_as(name, 0)?);
    }
    Ok(taps)
}

/// How far an order is; all ends are equally far.
const fn rank(status: OrderStatus) -> u8 {
    match status {
        OrderStatus::AwaitingPayment => 0,
        OrderStatus::Pending => 1,
        OrderStatus::Accepted => 2,
        OrderStatus::Preparing => 3,
        OrderStatus::Ready => 4,
        OrderStatus::PickedUp => 5,
        OrderStatus::Delivered
        | OrderStatus::Cancelled
        | OrderStatus::Rejected
        | OrderStatus::Expired
        | OrderStatus::Failed => 6,
    }
}

fn may_see_address(view: &OrderView) -> bool {
    use momfood_domain::delivery::AssignmentStatus::{Accepted, Completed};
    view.delivery
        .as_ref()
        .and_then(|delivery| delivery.assignment)
        .is_some_and(|assignment| matches!(assignment.status, Accepted | Completed))
}

/// A body without what follows from the moment it is looked at.
fn timeless(mut body: Value) -> Value {
    if let Some(body) = body.as_object_mut() {
        body.remove("may");
        body.remove("cancelFee");
        // A change that does not show in this scope, such as a station's tick, counts in it when there is another.
        body.remove("rev");
    }
    body
}

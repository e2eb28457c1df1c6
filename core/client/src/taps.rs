//! What a person taps: written down, shown, handed in, and what became of it. Where nothing outlives the engine, a tap
//! counts only once the server has answered.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::{Either, select};
use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{
    AcknowledgeAlert, BlobRef, Done, Event, Outbox, Refusal, SettleRefusal, Storage, Tap, VaultExport,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::sync::MutationStatus;
use momfood_protocol::view::{OrderView, StepKind};
use serde_json::json;
use uuid::Uuid;

use crate::core::Core;
use crate::session::signed_in;
use crate::store::{Settled, StoreError, Tapped};
use crate::sync::NotTaken;

/// For how long a tap waits for the server's answer where nothing outlives the engine, microseconds.
const PATIENCE: i64 = 12 * SECOND;

/// What is counted, and who waits.
#[derive(Default)]
pub(crate) struct Taps {
    pub waiting: u32,
    pub oldest: Option<Timestamp>,
    pub refused: u32,
    /// Who waits to hear what became of a tap.
    hearing: BTreeMap<Uuid, Vec<oneshot::Sender<()>>>,
}

impl Core {
    /// Whether a tap is kept before it is acknowledged.
    pub fn is_durable(&self) -> bool {
        self.sync.borrow().store().storage() != Storage::Memory
    }

    /// Counts what waits and what was refused.
    pub fn count_taps(&self) {
        let (waiting, oldest, refused) = {
            let sync = self.sync.borrow();
            let all = sync.waiting().unwrap_or_default();
            let oldest = all.iter().map(|(_, tap)| tap.occurred_at).min();
            let refused = sync
                .vault()
                .and_then(|vault| vault.unseen().ok())
                .unwrap_or_default();
            (all.len(), oldest, refused.len())
        };
        let state = &mut *self.state.borrow_mut();
        let offset = state.offset.unwrap_or(0);
        state.taps.waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        state.taps.refused = u32::try_from(refused).unwrap_or(u32::MAX);
        state.taps.oldest = oldest.map(|at| at.plus(offset));
    }

    /// Writes `mutation` down under `uid`, or says why not. It is shown, and on its way.
    pub fn take(self: &Rc<Self>, uid: Uuid, mutation: Mutation) -> Result<(), Failure> {
        let (now, chance) = (self.ports.host.now(), self.chance());
        let taken = self.sync.borrow_mut().tap(now, chance, uid, mutation);
        match taken {
            Ok((_, changed)) => {
                self.changed(&changed);
                self.count_taps();
                self.tell(&Event::Outbox {});
                self.tell_connection();
                self.work();
                Ok(())
            }
            Err(NotTaken::Refused(problem)) => Err(problem.failure(self.lang())),
            Err(NotTaken::Store(error)) => Err(self.not_kept(&error)),
            Err(NotTaken::NoVault) => Err(self.failure(ErrorCode::DeviceFull)),
        }
    }

    fn not_kept(&self, error: &StoreError) -> Failure {
        match error {
            StoreError::TooLarge { size, limit } => self
                .failure(ErrorCode::TooLarge)
                .with(json!({ "size": size, "limit": limit })),
            StoreError::NoSuchBlob => {
                momfood_protocol::problem::Problem::invalid("proof").failure(self.lang())
            }
            StoreError::UidTaken => self.failure(ErrorCode::KeyReused),
            // Whatever it was: it could not be written down, and room is the usual reason.
            _ => self.failure(ErrorCode::DeviceFull),
        }
    }

    /// Does what was tapped: at once where it is kept, else when the server has said what became of it.
    pub async fn mutate(self: &Rc<Self>, mutation: Mutation) -> Result<(), Failure> {
        signed_in(self)?;
        if let Some(id) = mutation.order_id() {
            self.known_order(id).await?;
        }
        let uid = self.mint();
        self.take(uid, mutation)?;
        if self.is_durable() {
            return Ok(());
        }
        match self.outcome(uid, PATIENCE).await {
            Some(settled) => {
                self.look_at(uid);
                self.judge(&settled)
            }
            None => Err(self.failure(ErrorCode::Offline).with(json!({ "unknown": true }))),
        }
    }

    /// The same, of an order, which is answered as it is shown then.
    pub async fn mutate_order(self: &Rc<Self>, mutation: Mutation) -> Result<OrderView, Failure> {
        let id = mutation.order_id();
        self.mutate(mutation).await?;
        let shown = id.and_then(|id| self.sync.borrow().shown().order(id).cloned());
        shown.ok_or_else(|| self.failure(ErrorCode::NotFound))
    }

    /// Sees to it that something is known of an order, to predict what becomes of it.
    async fn known_order(self: &Rc<Self>, id: OrderId) -> Result<(), Failure> {
        let is_known = self.sync.borrow().shown().order(id).is_some();
        if is_known {
            return Ok(());
        }
        self.order(id).await.map(|_| ())
    }

    /// What became of the mutation `uid`, when it is known within `patience` microseconds.
    pub async fn outcome(self: &Rc<Self>, uid: Uuid, patience: i64) -> Option<Settled> {
        let (tell, told) = oneshot::channel();
        if let Some(settled) = self.result(uid) {
            return Some(settled);
        }
        self.state
            .borrow_mut()
            .taps
            .hearing
            .entry(uid)
            .or_default()
            .push(tell);
        let late = Box::pin(self.sleep_micros(patience));
        match select(told, late).await {
            Either::Left(_) | Either::Right(_) => self.result(uid),
        }
    }

    /// What became of it, if that is known.
    pub fn result(&self, uid: Uuid) -> Option<Settled> {
        let vault = self.sync.borrow().vault()?;
        let tap = vault.find(uid).ok()??;
        tap.result.filter(|_| tap.state == crate::store::State::Settled)
    }

    /// A result as the answer of the Call that asked for it.
    pub fn judge(&self, settled: &Settled) -> Result<(), Failure> {
        if settled.status == MutationStatus::Applied {
            return Ok(());
        }
        Err(self.reason(settled))
    }

    fn reason(&self, settled: &Settled) -> Failure {
        let code = settled.code.unwrap_or(ErrorCode::Unreadable);
        self.failure(code).with(settled.details.clone())
    }

    /// Its person has heard what became of it.
    pub fn look_at(&self, uid: Uuid) {
        if let Some(vault) = self.sync.borrow().vault() {
            // If that is not kept, it is shown once more.
            let _ = vault.mark_seen(uid);
        }
        self.count_taps();
    }
}

/// It is known what became of these mutations.
pub(crate) fn settled(core: &Rc<Core>, user: Uuid, uids: &[Uuid]) {
    for uid in uids {
        let hearing = core
            .state
            .borrow_mut()
            .taps
            .hearing
            .remove(uid)
            .unwrap_or_default();
        let mut is_heard = false;
        for tell in hearing {
            // Who no longer waits does not hear.
            is_heard |= tell.send(()).is_ok();
        }
        if !is_heard && core.sync.borrow().user() == Some(user) {
            (core.config.app.settled)(core, *uid);
        }
    }
}

fn tap_of(core: &Core, tap: &Tapped, of_another: bool) -> Tap {
    let sync = core.sync.borrow();
    let mutation = tap.mutation().ok().filter(|_| !of_another);
    let placed = (tap.name == "order.place").then_some(OrderId(tap.uid));
    let order_id = mutation
        .as_ref()
        .and_then(|mutation| mutation.order_id().or(placed));
    let number = order_id.and_then(|id| Some(sync.shown().order(id)?.number.clone()));
    let offset = core.state.borrow().offset.unwrap_or(0);
    Tap {
        uid: tap.uid,
        name: tap.name.clone(),
        order_id,
        number,
        at: tap.occurred_at.plus(offset),
        cash: mutation.as_ref().and_then(Mutation::cash),
        of_another,
    }
}

/// `GetOutbox`.
pub(crate) fn outbox(core: &Core) -> Result<Outbox, Failure> {
    let unreadable = |_| core.failure(ErrorCode::Internal);
    let (own, waiting, vault) = {
        let sync = core.sync.borrow();
        (sync.user(), sync.waiting().map_err(unreadable)?, sync.vault())
    };
    let mut waiting: Vec<Tap> = waiting
        .iter()
        .map(|(user, tap)| tap_of(core, tap, Some(*user) != own))
        .collect();
    waiting.sort_by_key(|tap| (tap.at, tap.uid));
    let (refused, uploads) = match vault {
        Some(vault) => (
            vault.unseen().map_err(unreadable)?,
            vault.uploads().map_err(unreadable)?.len(),
        ),
        None => (vec![], 0),
    };
    Ok(Outbox {
        waiting,
        refused: refused.iter().filter_map(|tap| refusal(core, tap)).collect(),
        uploads: u32::try_from(uploads).unwrap_or(u32::MAX),
    })
}

fn refusal(core: &Core, tap: &Tapped) -> Option<Refusal> {
    let settled = tap.result.as_ref()?;
    let failure = core.reason(settled);
    // What the state of the order forbids, tapping again does not change; what was too late or too busy, it may.
    let can_repeat = settled.status == MutationStatus::Rejected
        && tap.mutation().is_ok()
        && tap.name != "order.place"
        && matches!(
            failure.code,
            ErrorCode::TooLate
                | ErrorCode::TryAgain
                | ErrorCode::RateLimited
                | ErrorCode::Internal
                | ErrorCode::KitchenUnreachable
        );
    Some(Refusal {
        tap: tap_of(core, tap, false),
        failure,
        review: settled.review || settled.status == MutationStatus::Quarantined,
        can_repeat,
    })
}

/// `SettleRefusal`.
pub(crate) async fn settle_refusal(core: &Rc<Core>, call: SettleRefusal) -> Result<Outbox, Failure> {
    signed_in(core)?;
    let vault = core.sync.borrow().vault();
    let vault = vault.ok_or_else(|| core.failure(ErrorCode::NotFound))?;
    let tap = vault.find(call.uid).map_err(|error| core.not_kept(&error))?;
    let tap = tap.ok_or_else(|| core.failure(ErrorCode::NotFound))?;
    if call.again {
        let mutation = tap.mutation().map_err(|_| core.failure(ErrorCode::Unreadable))?;
        core.mutate(mutation).await?;
    }
    vault.mark_seen(call.uid).map_err(|error| core.not_kept(&error))?;
    core.count_taps();
    core.tell(&Event::Outbox {});
    core.tell_connection();
    outbox(core)
}

/// `AcknowledgeAlert`.
pub(crate) fn acknowledge(core: &Rc<Core>, call: &AcknowledgeAlert) -> Result<Done, Failure> {
    signed_in(core)?;
    let vault = core.sync.borrow().vault();
    let vault = vault.ok_or_else(|| core.failure(ErrorCode::DeviceFull))?;
    vault
        .acknowledge(&alert_key(call.id), core.ports.host.now())
        .map_err(|error| core.not_kept(&error))?;
    core.tell(&Event::Order { id: call.id });
    Ok(Done {})
}

fn alert_key(id: OrderId) -> String {
    format!("called-off:{id}")
}

/// Orders that were called off by others after this kitchen had accepted them, or tapped that it does, until that is
/// acknowledged here.
pub(crate) fn alerts(core: &Core, orders: &[OrderView]) -> Vec<OrderId> {
    let Some(vault) = core.sync.borrow().vault() else {
        return vec![];
    };
    let seen = vault.acknowledged().unwrap_or_default();
    let accepted_here: Vec<OrderId> = vault
        .journal_above(0)
        .unwrap_or_default()
        .iter()
        .filter(|tap| tap.name == "order.accept")
        .filter_map(|tap| tap.mutation().ok()?.order_id())
        .collect();
    let is_alarming = |order: &&OrderView| {
        let by_others = !matches!(order.cancelled_by, Some(momfood_domain::actor::Role::Restaurant));
        let accepted = order.timeline.iter().any(|step| step.kind == StepKind::Accepted);
        matches!(order.status, OrderStatus::Cancelled | OrderStatus::Expired)
            && by_others
            && (accepted || accepted_here.contains(&order.id))
            && !seen.contains(&alert_key(order.id))
    };
    orders.iter().filter(is_alarming).map(|order| order.id).collect()
}

/// `ExportVault`.
pub(crate) fn export(core: &Core) -> Result<VaultExport, Failure> {
    signed_in(core)?;
    let me = core.state.borrow().session.user.as_ref().map(|me| me.id.0);
    let user = me.ok_or_else(|| core.failure(ErrorCode::Unauthenticated))?;
    let vault = core.sync.borrow().store().export_vault(user);
    let vault = vault.map_err(|_| core.failure(ErrorCode::Internal))?;
    let (at, app) = (core.ports.host.now(), core.config.app.kind().id());
    Ok(VaultExport {
        file_name: format!("momfood-{app}-{}.json", at.0 / 1_000_000),
        content: json!({ "at": at, "app": app, "user": user, "vault": vault }),
    })
}

/// See [`crate::Engine::put_blob`].
pub(crate) fn put_blob(core: &Rc<Core>, bytes: &[u8]) -> Result<BlobRef, Failure> {
    signed_in(core)?;
    let vault = core.sync.borrow().vault();
    let vault = vault.ok_or_else(|| core.failure(ErrorCode::DeviceFull))?;
    vault
        .put_blob(bytes, core.ports.host.now())
        .map_err(|error| core.not_kept(&error))
}

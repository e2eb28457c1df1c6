//! What must hold of a store, wherever its files lie. The same cases run in memory and on files, and in a browser's
//! worker in memory and with the page's origin (`apps/worker`, feature `self-test`).
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "these are tests, though a worker runs them without a harness; their names are their documentation"
)]

mod cache;
mod vault;

use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Change, Entity};
use momfood_protocol::mutation::{Mutation, Of};
use momfood_protocol::sync::{MutationResult, MutationStatus, Page};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Identity, NewMutation, Store};

/// A place where a case may keep what it likes; nothing is there when it begins.
pub trait Ground {
    /// Opens the store, as a program does whose rows are of `schema`.
    fn open(&self, schema: u32) -> Store;

    /// Ends the engine and starts it again.
    fn reopen(&self, store: Store, schema: u32) -> Store;

    /// Forgets everything, between two cases.
    fn clear(&self);
}

/// A case.
pub type Case = fn(&dyn Ground);

macro_rules! cases {
    ($($module:ident: $($name:ident)+;)+) => {
        /// All cases with their names.
        pub const CASES: &[(&str, Case)] = &[$($((stringify!($name), $module::$name),)+)+];

        #[cfg(all(test, not(target_arch = "wasm32")))]
        mod in_memory {
            $($(#[test] fn $name() { super::$module::$name(&crate::store::tests::Memory); })+)+
        }

        #[cfg(all(test, not(target_arch = "wasm32")))]
        mod on_files {
            $($(#[test] fn $name() { super::$module::$name(&crate::store::tests::Files::new()); })+)+
        }
    };
}

cases! {
    cache:
        a_page_applies_only_to_the_cursor_it_follows
        every_row_arrives_once_however_many_pages_there_are
        a_scope_filled_anew_is_shown_only_when_it_is_complete
        an_upgrade_without_a_network_shows_what_it_had
        other_eyes_see_nothing_of_what_the_old_ones_saw
        a_page_of_another_history_changes_nothing
        an_older_row_never_replaces_a_newer_one
        an_older_snapshot_never_replaces_a_newer_one
        a_mutation_counts_once_all_its_pages_are_here
        a_revoked_scope_is_forgotten_and_nothing_waits_for_it
        a_row_that_moved_on_takes_its_mutation_to_a_later_page
        a_number_does_not_outlive_the_rows_it_speaks_of
        of_a_new_history_the_number_may_be_lower
        a_promise_does_not_starve_behind_newer_ones
        a_delta_follows_what_is_shown_or_is_discarded
        documents_are_kept_and_the_oldest_let_go
        what_is_cached_outlives_the_engine;
    vault:
        what_was_tapped_outlives_the_engine_in_its_order
        a_tap_is_queued_once_under_its_uid
        another_tap_under_the_same_uid_is_refused
        what_is_too_large_is_refused_before_it_is_queued
        a_result_and_its_mutations_end_are_one
        a_deferred_mutation_goes_on_waiting
        a_refusal_stays_until_somebody_has_looked
        what_is_done_is_kept_for_three_days
        a_server_that_lost_data_gets_it_again_from_the_journal
        a_gap_is_declared_when_the_journal_is_too_short
        a_copied_device_takes_a_new_identity_and_loses_nothing
        cash_is_kept_with_the_tap_that_took_it
        a_picture_goes_out_once_it_is_named_and_goes_on_where_it_stopped
        a_tap_that_names_no_picture_here_is_refused_whole
        bytes_nothing_names_go_after_a_day
        a_full_device_takes_nothing_and_says_so
        an_acknowledged_alert_stays_acknowledged
        each_person_has_a_vault_and_an_identity_of_their_own
        an_export_shows_everything_but_the_secret;
}

pub const USER: Uuid = Uuid::from_u128(0xA);
pub const DEVICE: Uuid = Uuid::from_u128(0xD);
pub const EPOCH: Uuid = Uuid::from_u128(0xE);
pub const SCOPE: &str = "restaurant:00000000-0000-0000-0000-000000000001";
pub const NOW: Timestamp = Timestamp(1_000_000_000_000_000);

pub fn identity(device: u128) -> Identity {
    Identity {
        device: Uuid::from_u128(device),
        push_key: format!("secret {device}"),
    }
}

pub fn uid(n: u128) -> Uuid {
    Uuid::from_u128(0x1000 + n)
}

pub fn order(n: u128) -> OrderId {
    OrderId(Uuid::from_u128(n))
}

/// The `n`th tap.
pub fn tap(n: u128) -> NewMutation {
    NewMutation::of(uid(n), &Mutation::PickUp(Of { order_id: order(n) }), NOW)
}

pub fn done(mid: i64) -> MutationResult {
    result(mid, MutationStatus::Applied)
}

pub fn result(mid: i64, status: MutationStatus) -> MutationResult {
    MutationResult {
        mid,
        status,
        replayed: false,
        review: false,
        code: None,
        details: Value::Null,
        retry_at: None,
    }
}

/// Thing number `id`, in its state numbered `seq`.
pub fn change(seq: i64, id: u128) -> Change {
    Change {
        seq,
        entity: Entity::Order,
        id: Uuid::from_u128(id),
        rev: seq,
        body: Some(json!({ "seq": seq })),
    }
}

/// Thing number `id` has left the scope.
pub fn gone(seq: i64, id: u128) -> Change {
    Change {
        body: None,
        ..change(seq, id)
    }
}

/// A page of `changes` in a scope that stands at `head`.
pub fn page(from: i64, to: i64, head: i64, changes: Vec<Change>) -> Page {
    Page {
        view: "kitchen".to_owned(),
        from,
        to,
        head,
        more: to < head,
        reset: false,
        revoked: false,
        changes,
    }
}

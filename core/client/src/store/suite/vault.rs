//! The vault: what was tapped.

use std::rc::Rc;

use momfood_domain::time::{DAY, MINUTE};
use momfood_protocol::engine::Storage;
use momfood_protocol::error::ErrorCode;
use momfood_protocol::mutation::{Deliver, MAX_ARGS, Mutation, Proof};
use momfood_protocol::sync::{Gap, MutationResult, MutationStatus};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{DEVICE, Ground, NOW, USER, done, identity, order, result, tap, uid};
use crate::store::{JOURNAL, NewMutation, Standing, State, Store, StoreError, Tapped, Vault};

fn vault(store: &Store) -> Rc<Vault> {
    store.vault(USER, || identity(DEVICE.as_u128()), NOW).unwrap()
}

/// A vault with the taps 1 to `n`.
fn tapped(store: &Store, n: u128) -> Rc<Vault> {
    let vault = vault(store);
    for n in 1..=n {
        vault.enqueue(&tap(n)).unwrap();
    }
    vault
}

fn mids(taps: &[Tapped]) -> Vec<i64> {
    taps.iter().map(|tap| tap.mid).collect()
}

fn refused(mid: i64) -> MutationResult {
    MutationResult {
        code: Some(ErrorCode::TooLate),
        details: json!({ "by": 3 }),
        ..result(mid, MutationStatus::Rejected)
    }
}

pub fn what_was_tapped_outlives_the_engine_in_its_order(ground: &dyn Ground) {
    let store = ground.open(1);
    drop(tapped(&store, 5));
    let store = ground.reopen(store, 1);
    let vault = vault(&store);
    let waiting = vault.waiting(3).unwrap();
    assert_eq!(mids(&waiting), [1, 2, 3]);
    let first = &waiting[0];
    assert_eq!(
        (first.uid, first.device, first.state),
        (uid(1), DEVICE, State::Waiting)
    );
    assert_eq!(first.mutation().unwrap().order_id(), Some(order(1)));
    assert_eq!(first.envelope().mid, 1);
    assert_eq!(vault.waiting_count().unwrap().count, 5);
    assert_eq!(vault.waiting_count().unwrap().oldest, Some(NOW));
    assert_eq!(mids(&vault.above(3).unwrap()), [4, 5]);
    assert_eq!(vault.identity().unwrap(), identity(DEVICE.as_u128()));
}

pub fn a_tap_is_queued_once_under_its_uid(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = tapped(&store, 2);
    let again = vault.enqueue(&tap(1)).unwrap();
    assert_eq!((again.mid, again.again), (1, true));
    vault.settle(&[done(1), done(2)], NOW).unwrap();
    assert!(vault.enqueue(&tap(2)).unwrap().again, "also after it is done");
    assert_eq!(vault.enqueue(&tap(3)).unwrap().mid, 3, "no number is skipped");
}

pub fn another_tap_under_the_same_uid_is_refused(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = tapped(&store, 1);
    let other = NewMutation {
        uid: uid(1),
        ..tap(2)
    };
    assert_eq!(vault.enqueue(&other), Err(StoreError::UidTaken));
    assert_eq!(mids(&vault.waiting(9).unwrap()), [1]);
}

pub fn what_is_too_large_is_refused_before_it_is_queued(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = vault(&store);
    let sized = |size: usize| NewMutation {
        args: Value::from("x".repeat(size - 2)),
        ..tap(1)
    };
    let size = MAX_ARGS as u64 + 1;
    let limit = MAX_ARGS as u64;
    assert_eq!(
        vault.enqueue(&sized(MAX_ARGS + 1)),
        Err(StoreError::TooLarge { size, limit })
    );
    assert_eq!(vault.waiting_count().unwrap().count, 0);
    assert_eq!(vault.enqueue(&sized(MAX_ARGS)).unwrap().mid, 1);
}

pub fn a_result_and_its_mutations_end_are_one(ground: &dyn Ground) {
    let store = ground.open(1);
    let kept = tapped(&store, 3);
    assert_eq!(
        kept.settle(&[done(1), refused(2)], NOW).unwrap(),
        [uid(1), uid(2)]
    );
    assert!(
        kept.settle(&[refused(1)], NOW).unwrap().is_empty(),
        "the first end stays"
    );
    assert!(
        kept.settle(&[done(99)], NOW).unwrap().is_empty(),
        "of what is not here nothing ends"
    );
    drop(kept);
    let store = ground.reopen(store, 1);
    let vault = vault(&store);
    assert_eq!(mids(&vault.waiting(9).unwrap()), [3]);
    let all = vault.above(0).unwrap();
    assert_eq!(
        mids(&all),
        [1, 2, 3],
        "what is done is still replayed until the rows hold it"
    );
    assert_eq!(all[0].result.as_ref().unwrap().status, MutationStatus::Applied);
    let refusal = all[1].result.as_ref().unwrap();
    assert_eq!(
        (refusal.status, refusal.code),
        (MutationStatus::Rejected, Some(ErrorCode::TooLate))
    );
    assert_eq!(refusal.details, json!({ "by": 3 }));
    assert_eq!(all[2].result, None);
}

pub fn a_deferred_mutation_goes_on_waiting(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = tapped(&store, 1);
    assert!(
        vault
            .settle(&[result(1, MutationStatus::Deferred)], NOW)
            .unwrap()
            .is_empty()
    );
    assert_eq!(mids(&vault.waiting(9).unwrap()), [1]);
}

pub fn a_refusal_stays_until_somebody_has_looked(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = tapped(&store, 4);
    let review = MutationResult {
        review: true,
        ..done(3)
    };
    vault
        .settle(
            &[
                done(1),
                refused(2),
                review,
                result(4, MutationStatus::Quarantined),
            ],
            NOW,
        )
        .unwrap();
    assert_eq!(mids(&vault.unseen().unwrap()), [4, 3, 2]);
    assert_eq!(
        vault.prune(NOW.plus(2 * JOURNAL)).unwrap(),
        1,
        "only what needs no look goes"
    );
    vault.mark_seen(uid(2)).unwrap();
    assert_eq!(mids(&vault.unseen().unwrap()), [4, 3]);
    assert_eq!(vault.prune(NOW.plus(2 * JOURNAL)).unwrap(), 1);
}

pub fn what_is_done_is_kept_for_three_days(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = tapped(&store, 3);
    vault.settle(&[done(1)], NOW).unwrap();
    vault.settle(&[done(2)], NOW.plus(MINUTE)).unwrap();
    assert_eq!(vault.prune(NOW.plus(JOURNAL - 1)).unwrap(), 0);
    assert_eq!(mids(&vault.journal_above(0).unwrap()), [1, 2]);
    assert_eq!(mids(&vault.journal_above(1).unwrap()), [2]);
    assert_eq!(vault.prune(NOW.plus(JOURNAL)).unwrap(), 1);
    assert_eq!(mids(&vault.journal_above(0).unwrap()), [2]);
    vault.prune(NOW.plus(100 * DAY)).unwrap();
    assert_eq!(
        mids(&vault.waiting(9).unwrap()),
        [3],
        "what waits is never let go"
    );
}

pub fn a_server_that_lost_data_gets_it_again_from_the_journal(ground: &dyn Ground) {
    let store = ground.open(1);
    let kept = tapped(&store, 4);
    assert_eq!(kept.compare(1).unwrap(), Standing::InStep);
    assert_eq!(
        kept.compare(5).unwrap(),
        Standing::InStep,
        "it has done what it has not answered yet"
    );
    kept.settle(&[done(1), refused(2), done(3)], NOW).unwrap();
    kept.mark_seen(uid(2)).unwrap();
    assert_eq!(kept.compare(4).unwrap(), Standing::InStep);
    assert_eq!(kept.compare(2).unwrap(), Standing::Lost { from: 2 });
    assert_eq!(kept.reopen(2).unwrap(), 2);
    drop(kept);
    let store = ground.reopen(store, 1);
    let vault = vault(&store);
    assert_eq!(mids(&vault.waiting(9).unwrap()), [2, 3, 4]);
    assert_eq!(vault.compare(2).unwrap(), Standing::InStep);
    vault.settle(&[refused(2), refused(3)], NOW).unwrap();
    assert_eq!(
        mids(&vault.unseen().unwrap()),
        [3],
        "told the same again, nobody has to look again"
    );
}

pub fn a_gap_is_declared_when_the_journal_is_too_short(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = tapped(&store, 4);
    vault.settle(&[done(1), done(2)], NOW).unwrap();
    vault.settle(&[done(3)], NOW.plus(DAY)).unwrap();
    vault.prune(NOW.plus(JOURNAL)).unwrap();
    assert_eq!(
        vault.compare(1).unwrap(),
        Standing::Missing(Gap { from: 1, to: 2 })
    );
    assert_eq!(vault.compare(3).unwrap(), Standing::Lost { from: 3 });
    vault.settle(&[done(4)], NOW).unwrap();
    vault.prune(NOW.plus(100 * DAY)).unwrap();
    assert_eq!(
        vault.compare(2).unwrap(),
        Standing::Missing(Gap { from: 2, to: 4 })
    );
    assert_eq!(vault.compare(5).unwrap(), Standing::InStep);
}

pub fn a_copied_device_takes_a_new_identity_and_loses_nothing(ground: &dyn Ground) {
    let store = ground.open(1);
    let kept = tapped(&store, 4);
    kept.settle(&[done(1), done(2)], NOW).unwrap();
    assert_eq!(kept.compare(6).unwrap(), Standing::Forked);
    kept.re_identify(&identity(0xD2)).unwrap();
    drop(kept);
    let store = ground.reopen(store, 1);
    let vault = vault(&store);
    assert_eq!(vault.identity().unwrap(), identity(0xD2));
    let waiting = vault.waiting(9).unwrap();
    assert_eq!(mids(&waiting), [1, 2]);
    assert_eq!(
        [waiting[0].uid, waiting[1].uid],
        [uid(3), uid(4)],
        "the same taps in their order"
    );
    assert_eq!(vault.settle(&[done(1)], NOW).unwrap(), [uid(3)]);
    assert_eq!(vault.enqueue(&tap(5)).unwrap().mid, 3);
    assert_eq!(mids(&vault.journal_above(0).unwrap()), [1]);
    // What was done under the old name stays under it.
    assert_eq!(vault.former_names().unwrap(), [DEVICE]);
    assert_eq!(mids(&vault.above_as(DEVICE, 1).unwrap()), [2]);
    // A server that lost everything gets what was done under the old name as well, under the new one's numbers.
    assert_eq!(vault.compare(1).unwrap(), Standing::Lost { from: 1 });
    assert_eq!(vault.reopen(1).unwrap(), 3);
    let uids: Vec<Uuid> = vault.waiting(9).unwrap().iter().map(|tap| tap.uid).collect();
    assert_eq!(uids, [uid(3), uid(4), uid(5), uid(1), uid(2)]);
    assert_eq!(mids(&vault.waiting(9).unwrap()), [1, 2, 3, 4, 5]);
}

pub fn cash_is_kept_with_the_tap_that_took_it(ground: &dyn Ground) {
    let store = ground.open(1);
    let kept = vault(&store);
    for n in 1..=2 {
        let delivered = Mutation::Deliver(Deliver {
            order_id: order(n),
            cash: Some(4_500),
            proof: None,
        });
        let new = NewMutation::of(uid(n), &delivered, NOW);
        kept.enqueue(&new).unwrap();
        kept.enqueue(&new).unwrap();
    }
    kept.settle(&[done(1)], NOW).unwrap();
    drop(kept);
    let store = ground.reopen(store, 1);
    let vault = vault(&store);
    let cash = vault.cash(NOW).unwrap();
    assert_eq!(
        cash.iter().map(|cash| cash.amount).sum::<i64>(),
        9_000,
        "counted once each"
    );
    assert_eq!(
        cash.iter().map(|cash| cash.settled).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(cash[0].order, Some(order(1)));
    assert_eq!(vault.cash(NOW.plus(1)).unwrap(), []);
    vault.prune(NOW.plus(100 * DAY)).unwrap();
    let left: Vec<_> = vault.cash(NOW).unwrap().iter().map(|cash| cash.uid).collect();
    assert_eq!(left, [uid(2)], "what the server has not heard of is never let go");
}

fn with_photo(n: u128, sha256: &str) -> NewMutation {
    let proof = Proof::Photo {
        sha256: sha256.to_owned(),
    };
    let delivered = Mutation::Deliver(Deliver {
        order_id: order(n),
        cash: None,
        proof: Some(proof),
    });
    NewMutation::of(uid(n), &delivered, NOW)
}

pub fn a_picture_goes_out_once_it_is_named_and_goes_on_where_it_stopped(ground: &dyn Ground) {
    let store = ground.open(1);
    let kept = vault(&store);
    let bytes: Vec<u8> = (0..10_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let photo = kept.put_blob(&bytes, NOW).unwrap();
    assert_eq!(photo.size, 10_000);
    assert_eq!(kept.put_blob(b"abc", NOW).unwrap().sha256, ABC);
    assert_eq!(kept.next_upload().unwrap(), None, "nothing names it yet");
    kept.enqueue(&with_photo(1, &photo.sha256)).unwrap();
    kept.advance_upload(&photo.sha256, 4_000).unwrap();
    drop(kept);
    let store = ground.reopen(store, 1);
    let vault = vault(&store);
    let upload = vault.next_upload().unwrap().unwrap();
    assert_eq!(
        (upload.sha256.as_str(), upload.size, upload.sent),
        (photo.sha256.as_str(), 10_000, 4_000)
    );
    let part = vault
        .blob_part(&photo.sha256, upload.sent, 5_000)
        .unwrap()
        .unwrap();
    assert_eq!(part, bytes[4_000..9_000]);
    assert_eq!(
        vault.blob_part(&photo.sha256, 9_000, 5_000).unwrap().unwrap(),
        bytes[9_000..]
    );
    vault.finish_upload(&photo.sha256).unwrap();
    assert_eq!(vault.uploads().unwrap(), []);
    assert_eq!(
        vault.blob(&photo.sha256).unwrap().unwrap(),
        bytes,
        "kept while the journal names it"
    );
    vault.settle(&[done(1)], NOW).unwrap();
    vault.reopen(1).unwrap();
    assert_eq!(
        vault.next_upload().unwrap().unwrap().sent,
        0,
        "a server that lost it gets it again"
    );
}

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

pub fn a_tap_that_names_no_picture_here_is_refused_whole(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = vault(&store);
    assert_eq!(vault.enqueue(&with_photo(1, ABC)), Err(StoreError::NoSuchBlob));
    assert_eq!(vault.waiting_count().unwrap().count, 0);
    assert_eq!(vault.enqueue(&tap(2)).unwrap().mid, 1, "no number was spent");
}

pub fn bytes_nothing_names_go_after_a_day(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = vault(&store);
    vault.put_blob(b"abc", NOW).unwrap();
    let named = vault.put_blob(b"named", NOW).unwrap();
    vault.enqueue(&with_photo(1, &named.sha256)).unwrap();
    vault.prune(NOW.plus(DAY - 1)).unwrap();
    assert!(vault.blob(ABC).unwrap().is_some());
    vault.prune(NOW.plus(DAY)).unwrap();
    assert_eq!(vault.blob(ABC).unwrap(), None);
    vault.prune(NOW.plus(100 * DAY)).unwrap();
    assert!(vault.blob(&named.sha256).unwrap().is_some());
}

pub fn a_full_device_takes_nothing_and_says_so(ground: &dyn Ground) {
    let store = ground.open(1);
    let kept = tapped(&store, 3);
    kept.limit_pages(1).unwrap(); // Less than it has: not one page more.
    let photo = vec![7; 1 << 20];
    assert_eq!(kept.put_blob(&photo, NOW), Err(StoreError::Full));
    let mut queued = 3;
    let refusal = loop {
        let large = NewMutation {
            args: Value::from("x".repeat(9_000)),
            cash: Some(1),
            ..tap(queued + 1)
        };
        match kept.enqueue(&large) {
            Ok(_) => queued += 1,
            Err(error) => break error,
        }
        assert!(queued < 1_000, "it never fills");
    };
    assert_eq!(refusal, StoreError::Full);
    drop(kept);
    let store = ground.reopen(store, 1);
    let vault = vault(&store);
    vault.limit_pages(i64::from(u32::MAX) - 1).unwrap();
    assert_eq!(
        u128::from(vault.waiting_count().unwrap().count),
        queued,
        "what was acknowledged is there, and no more"
    );
    assert_eq!(vault.cash(NOW).unwrap().len() as u128, queued - 3);
    let next = vault.enqueue(&tap(queued + 1)).unwrap();
    assert_eq!(u128::try_from(next.mid).unwrap(), queued + 1);
}

pub fn an_acknowledged_alert_stays_acknowledged(ground: &dyn Ground) {
    let store = ground.open(1);
    vault(&store).acknowledge("order 7", NOW).unwrap();
    vault(&store).acknowledge("order 7", NOW).unwrap();
    let store = ground.reopen(store, 1);
    assert_eq!(vault(&store).acknowledged().unwrap(), ["order 7"]);
}

pub fn each_person_has_a_vault_and_an_identity_of_their_own(ground: &dyn Ground) {
    let store = ground.open(1);
    let other = Uuid::from_u128(0xB);
    drop(tapped(&store, 2));
    store
        .vault(other, || identity(0xD9), NOW)
        .unwrap()
        .enqueue(&tap(1))
        .unwrap();
    let store = ground.reopen(store, 1);
    assert_eq!(store.vaults(), [USER, other]);
    let none = || -> crate::store::Identity { unreachable!("there is one already") };
    let theirs = store.existing_vault(other, none, NOW).unwrap().unwrap();
    assert_eq!(theirs.identity().unwrap().device, Uuid::from_u128(0xD9));
    assert_eq!(theirs.waiting(9).unwrap().len(), 1);
    assert!(
        store
            .existing_vault(Uuid::from_u128(0xC), none, NOW)
            .unwrap()
            .is_none()
    );
    assert_eq!(vault(&store).waiting(9).unwrap().len(), 2);
    assert_ne!(store.storage(), Storage::Recovered);
}

pub fn an_export_shows_everything_but_the_secret(ground: &dyn Ground) {
    let store = ground.open(1);
    let vault = tapped(&store, 2);
    vault.put_blob(&[7; 1_000], NOW).unwrap();
    let export = store.export_vault(USER).unwrap();
    assert_eq!(export["tables"]["tap"][1]["name"], "delivery.pick_up");
    assert_eq!(
        export["tables"]["identity"][0]["device"],
        DEVICE.simple().to_string()
    );
    assert_eq!(export["tables"]["blob"][0]["bytes"], json!({ "bytes": 1_000 }));
    assert!(!export.to_string().contains("secret "), "{export}");
}

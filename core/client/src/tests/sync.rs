//! What was tapped arrives once, what changed is read, and a crash between any two steps loses nothing.

use std::collections::BTreeSet;

use momfood_domain::id::OrderId;
use momfood_domain::order::Reason;
use momfood_domain::time::SECOND;
use momfood_protocol::engine::Line;
use momfood_protocol::error::ErrorCode;
use momfood_protocol::mutation::{Accept, Fail, Mutation, Of, Proof};
use momfood_protocol::sync::MutationStatus;
use uuid::Uuid;

use super::peer::{COOK, OTHER_COOK, Peer, Weather, row};
use crate::store::NewMutation;
use crate::sync::{Ask, Faults};

const ID: OrderId = OrderId(Uuid::from_u128(100));

const fn accept() -> Mutation {
    Mutation::AcceptOrder(Accept {
        order_id: ID,
        prep_minutes: 20,
    })
}

/// A kitchen that is live, with one new order.
fn live() -> Peer {
    live_with(Faults::NONE)
}

fn live_with(faults: Faults) -> Peer {
    let mut peer = Peer::with(1, faults);
    peer.put(row(ID, 1, "pending"));
    peer.sign_in(COOK);
    peer.pass(SECOND);
    assert_eq!(peer.client.machine().line(), Line::Live);
    peer
}

fn shown(peer: &Peer) -> (String, bool) {
    peer.shown(ID).unwrap()
}

#[test]
fn an_order_accepted_without_a_network_is_shown_kept_sent_and_confirmed() {
    let mut peer = live();
    peer.up = false;
    peer.cut();
    peer.tap(1, accept()).unwrap();
    assert_eq!(shown(&peer), ("accepted".into(), true));
    peer.restart();
    assert_eq!(shown(&peer), ("accepted".into(), true));
    peer.pass(600 * SECOND);
    peer.up = true;
    peer.pass(60 * SECOND);
    assert_eq!(shown(&peer), ("accepted".into(), false));
    assert_eq!(peer.server.performed, [(Uuid::from_u128(1), COOK)]);
    assert_eq!(peer.settled, [Uuid::from_u128(1)]);
    assert_eq!(peer.waiting(), 0);
}

#[test]
fn a_line_that_is_down_never_stops_trying_and_never_by_more_than_half_a_minute() {
    let mut peer = live();
    peer.up = false;
    peer.cut();
    peer.tap(1, accept()).unwrap();
    let mut asked = peer.requests.len();
    for _ in 0..60 {
        peer.pass(60 * SECOND);
        assert!(peer.requests.len() > asked, "something waits, so it is tried");
        asked = peer.requests.len();
    }
    peer.up = true;
    peer.pass(46 * SECOND);
    assert_eq!(peer.waiting(), 0);
}

/// A kitchen that cannot hand in what was tapped: what others do is seen all the same.
fn reads_on_while_nothing_can_be_handed_in(faults: Faults) -> bool {
    let mut peer = live_with(faults);
    peer.server.deferred_until = Some(peer.now.plus(3_600 * SECOND));
    peer.tap(1, accept()).unwrap();
    peer.put(row(OrderId(Uuid::from_u128(101)), 1, "pending"));
    peer.cut();
    peer.put(row(OrderId(Uuid::from_u128(102)), 1, "pending"));
    peer.pass(60 * SECOND);
    let seen = |n| peer.shown(OrderId(Uuid::from_u128(n))).is_some();
    seen(101) && seen(102) && shown(&peer) == ("accepted".into(), true) && peer.waiting() == 1
}

#[test]
fn reading_goes_on_while_nothing_can_be_handed_in() {
    assert!(reads_on_while_nothing_can_be_handed_in(Faults::NONE));
    let broken = Faults {
        pull_waits_for_push: true,
        ..Faults::NONE
    };
    assert!(!reads_on_while_nothing_can_be_handed_in(broken));
}

/// A kitchen that comes back to many changes, page by page, in which its own comes last: what was tapped never looks
/// undone meanwhile.
fn never_goes_back_between_pages(faults: Faults) -> bool {
    let mut peer = live_with(faults);
    peer.up = false;
    peer.cut();
    for n in 0..5 {
        peer.put(row(OrderId(Uuid::from_u128(300 + n)), 1, "pending"));
    }
    peer.tap(1, accept()).unwrap();
    peer.server.page_limit = 2;
    peer.up = true;
    // The answer to what was handed in is lost; the pages that follow say that it was done.
    let mut seen = BTreeSet::new();
    for _ in 0..4_000 {
        peer.pass(SECOND / 100);
        seen.insert(shown(&peer).0);
    }
    assert_eq!(peer.waiting(), 0);
    seen == BTreeSet::from(["accepted".to_owned()])
}

#[test]
fn what_was_tapped_is_never_shown_undone_between_pages() {
    assert!(never_goes_back_between_pages(Faults::NONE));
    let broken = Faults {
        early_last_mid: true,
        ..Faults::NONE
    };
    assert!(!never_goes_back_between_pages(broken));
}

#[test]
fn what_is_deferred_waits_as_long_as_the_server_says_and_goes_then() {
    let mut peer = live();
    peer.server.deferred_until = Some(peer.now.plus(120 * SECOND));
    peer.tap(1, accept()).unwrap();
    peer.pass(SECOND);
    let asked = syncs(&peer);
    peer.pass(100 * SECOND);
    assert_eq!(syncs(&peer), asked, "not asked again before its time");
    peer.pass(60 * SECOND);
    assert_eq!(peer.waiting(), 0);
}

fn syncs(peer: &Peer) -> usize {
    let is_push = |outgoing: &&crate::sync::Outgoing| match &outgoing.ask {
        Ask::Sync(request) => !request.mutations.is_empty(),
        _ => false,
    };
    peer.requests.iter().filter(is_push).count()
}

#[test]
fn a_refused_mutation_leaves_the_screen_at_once_and_those_behind_it_go_on() {
    let mut peer = live();
    let other = OrderId(Uuid::from_u128(101));
    peer.put(row(other, 1, "accepted"));
    peer.pass(SECOND);
    peer.up = false;
    peer.cut();
    // Called off by the customer, unknown here.
    peer.tap(1, accept()).unwrap();
    peer.tap(2, Mutation::MarkReady(Of { order_id: other })).unwrap();
    peer.put(row(ID, 2, "cancelled"));
    peer.up = true;
    peer.pass(60 * SECOND);
    assert_eq!(shown(&peer), ("cancelled".into(), false));
    assert_eq!(peer.shown(other), Some(("ready".into(), false)));
    let unseen = peer.client.vault().unwrap().unseen().unwrap();
    assert_eq!(unseen.len(), 1);
    assert_eq!(
        unseen[0].result.as_ref().unwrap().code,
        Some(ErrorCode::WrongState)
    );
}

#[test]
fn a_mutation_that_breaks_the_server_is_set_aside_and_told() {
    let mut peer = live();
    peer.server.poisoned.insert("order.prepare");
    peer.tap(1, accept()).unwrap();
    peer.tap(2, Mutation::StartPreparing(Of { order_id: ID }))
        .unwrap();
    peer.tap(3, Mutation::MarkReady(Of { order_id: ID })).unwrap();
    peer.pass(10 * SECOND);
    assert_eq!(shown(&peer), ("ready".into(), false));
    assert_eq!(peer.waiting(), 0);
    assert_eq!(peer.client.vault().unwrap().unseen().unwrap().len(), 1);
}

#[test]
fn what_one_tapped_goes_out_as_theirs_after_another_signed_in() {
    let mut peer = live();
    let theirs = peer.client.device().unwrap();
    peer.up = false;
    peer.cut();
    peer.tap(1, accept()).unwrap();
    peer.sign_out();
    assert_eq!(peer.shown(ID), None, "nothing of theirs is shown any more");
    peer.sign_in(OTHER_COOK);
    assert_ne!(peer.client.device(), Some(theirs));
    peer.up = true;
    peer.pass(60 * SECOND);
    assert_eq!(peer.server.performed, [(Uuid::from_u128(1), COOK)]);
    assert_eq!(peer.waiting(), 0);
    assert_eq!(shown(&peer), ("accepted".into(), false));
}

#[test]
fn the_waiting_of_who_was_thrown_out_goes_by_the_devices_own_key() {
    let mut peer = live();
    peer.server.session_over = true;
    peer.cut();
    peer.tap(1, accept()).unwrap();
    peer.pass(60 * SECOND);
    assert_eq!(peer.server.performed, [(Uuid::from_u128(1), COOK)]);
}

#[test]
fn a_server_too_old_or_new_is_waited_for() {
    let mut peer = live();
    peer.server.refuse_all = Some(ErrorCode::ProtocolUnsupported);
    peer.tap(1, accept()).unwrap();
    peer.pass(600 * SECOND);
    assert!(peer.client.machine().is_outdated());
    assert_eq!(peer.waiting(), 1);
    peer.server.refuse_all = None;
    peer.pass(60 * SECOND);
    assert!(!peer.client.machine().is_outdated());
    assert_eq!(peer.waiting(), 0);
}

#[test]
fn a_restored_device_takes_a_new_name_and_nothing_happens_twice() {
    let mut peer = live();
    peer.tap(1, accept()).unwrap();
    peer.pass(10 * SECOND);
    // As if another copy of this device had gone on: its second number is spent for something else.
    let device = peer.client.device().unwrap();
    peer.server.spend(device, 2, Uuid::from_u128(999));
    peer.tap(2, Mutation::MarkReady(Of { order_id: ID })).unwrap();
    peer.pass(60 * SECOND);
    assert_ne!(peer.client.device(), Some(device));
    let done: Vec<_> = peer
        .server
        .performed
        .iter()
        .map(|(uid, _)| uid.as_u128())
        .collect();
    assert_eq!(done, [1, 2]);
    assert_eq!(shown(&peer), ("ready".into(), false));
    assert_eq!(peer.waiting(), 0);
}

#[test]
fn what_is_tapped_under_a_new_name_is_not_taken_for_what_the_old_one_did() {
    let mut peer = live();
    peer.tap(1, accept()).unwrap();
    peer.pass(10 * SECOND);
    let device = peer.client.device().unwrap();
    for mid in 2..6 {
        peer.server
            .spend(device, mid, Uuid::from_u128(997 + u128::try_from(mid).unwrap()));
    }
    peer.tap(2, Mutation::StartPreparing(Of { order_id: ID }))
        .unwrap();
    while peer.client.device() == Some(device) {
        peer.pass(SECOND / 1_000);
    }
    // Under the new name nothing gets through yet; the server goes on telling how far the old one is.
    peer.server.deferred_until = Some(peer.now.plus(90 * SECOND));
    peer.tap(3, Mutation::MarkReady(Of { order_id: ID })).unwrap();
    for _ in 0..180 {
        assert_eq!(shown(&peer).0, "ready");
        peer.pass(SECOND);
    }
    assert_eq!(shown(&peer), ("ready".into(), false));
    assert_eq!(peer.waiting(), 0);
}

#[test]
fn what_the_old_name_did_is_shown_until_its_pages_are_read_under_the_new_one() {
    let mut peer = live();
    peer.weather.deltas_lost = 100;
    for n in 0..6 {
        peer.put(row(OrderId(Uuid::from_u128(300 + n)), 1, "pending"));
    }
    peer.tap(1, accept()).unwrap();
    while peer.server.performed.is_empty() {
        peer.pass(SECOND / 1_000);
    }
    // The program ends before it hears so, and a copy of it goes on under its name.
    let device = peer.client.device().unwrap();
    peer.server.spend(device, 2, Uuid::from_u128(999));
    peer.server.page_limit = 1;
    peer.restart();
    let mut between = 0;
    for _ in 0..4_000 {
        assert_eq!(shown(&peer).0, "accepted");
        let is_read = peer.shown(OrderId(Uuid::from_u128(305))).is_some();
        let renamed = peer.client.device() != Some(device);
        between += usize::from(renamed && !is_read);
        peer.pass(SECOND / 1_000);
    }
    assert!(between > 0, "the new name was there before the pages were");
    assert_eq!(shown(&peer), ("accepted".into(), false));
    // Once they are read, nothing is predicted any more: whatever the server says is shown.
    peer.put(row(ID, 9, "pending"));
    peer.pass(60 * SECOND);
    assert_eq!(shown(&peer), ("pending".into(), false));
    // Nor after the program has begun anew.
    peer.restart();
    assert_eq!(shown(&peer), ("pending".into(), false));
}

#[test]
fn a_snapshot_asked_for_under_the_old_name_says_nothing_of_what_that_one_did() {
    let mut peer = live();
    peer.weather.deltas_lost = 100;
    // Other eyes: the scope is filled anew, and that snapshot is long on its way.
    peer.server.view = "cooks".into();
    peer.cut();
    let fetches = |peer: &Peer| {
        let is_fetch = |outgoing: &&crate::sync::Outgoing| matches!(outgoing.ask, Ask::Snapshot { .. });
        peer.requests.iter().filter(is_fetch).count()
    };
    let asked = fetches(&peer);
    while fetches(&peer) == asked {
        peer.pass(SECOND / 1_000);
    }
    peer.weather.late = 100;
    peer.pass(SECOND / 40);
    peer.weather.late = 0;
    // Meanwhile this device does something, and then finds that a copy of it has gone on under its name.
    peer.tap(1, accept()).unwrap();
    peer.pass(SECOND / 10);
    assert_eq!(peer.waiting(), 0);
    let device = peer.client.device().unwrap();
    peer.server.spend(device, 2, Uuid::from_u128(999));
    peer.tap(2, Mutation::StartPreparing(Of { order_id: ID }))
        .unwrap();
    let mut renamed = false;
    for _ in 0..20_000 {
        assert_eq!(shown(&peer).0, "preparing");
        renamed |= peer.client.device() != Some(device);
        peer.pass(SECOND / 1_000);
    }
    assert!(renamed);
    assert_eq!(shown(&peer), ("preparing".into(), false));
}

#[test]
fn what_was_tapped_is_shown_also_while_its_order_moves_on_between_pages() {
    let mut peer = live();
    peer.weather.deltas_lost = 100;
    peer.server.page_limit = 3;
    let other = |n| row(OrderId(Uuid::from_u128(n)), 1, "pending");
    peer.put(other(300));
    peer.put(other(301));
    peer.tap(1, accept()).unwrap();
    // The next beat names the accepting; pages are asked for.
    let asked = peer.requests.len();
    let is_pull = |outgoing: &crate::sync::Outgoing| match &outgoing.ask {
        Ask::Sync(request) => !request.scopes.is_empty(),
        _ => false,
    };
    while !peer.requests[asked..].iter().any(is_pull) {
        peer.pass(SECOND / 1_000);
    }
    // Before they are read, the order changes once more: it is on the second page.
    peer.put(other(302));
    peer.put(row(ID, 3, "accepted"));
    for _ in 0..1_000 {
        assert_eq!(shown(&peer).0, "accepted");
        peer.pass(SECOND / 1_000);
    }
    peer.pass(60 * SECOND);
    assert_eq!(shown(&peer), ("accepted".into(), false));
}

#[test]
fn what_may_be_seen_is_asked_for_as_soon_as_the_stream_is_back() {
    let mut peer = live();
    let view = |peer: &Peer| {
        let cursors = peer.client.store().cache().cursors().unwrap();
        cursors[&super::peer::SCOPE.to_string()].view.clone()
    };
    // Another program of the server shows the scope through other eyes, and no order has changed.
    peer.server.view = "cooks".into();
    peer.cut();
    peer.pass(3 * SECOND);
    assert_eq!(view(&peer), "cooks");
    assert_eq!(shown(&peer), ("pending".into(), false));
}

#[test]
fn a_server_that_lost_what_it_acknowledged_gets_it_again_from_the_device() {
    let mut peer = live();
    peer.tap(1, accept()).unwrap();
    peer.pass(10 * SECOND);
    let backup = peer.server.clone();
    peer.tap(2, Mutation::StartPreparing(Of { order_id: ID }))
        .unwrap();
    peer.tap(3, Mutation::MarkReady(Of { order_id: ID })).unwrap();
    peer.pass(10 * SECOND);
    assert_eq!(shown(&peer), ("ready".into(), false));
    peer.restore(backup);
    peer.pass(60 * SECOND);
    let done: Vec<_> = peer
        .server
        .performed
        .iter()
        .map(|(uid, _)| uid.as_u128())
        .collect();
    assert_eq!(done, [1, 2, 3]);
    assert_eq!(shown(&peer), ("ready".into(), false));
    assert_eq!(peer.client.machine().line(), Line::Live);
}

#[test]
fn an_answer_from_before_the_restore_does_not_pass_for_what_the_restored_server_says() {
    let mut peer = live();
    let backup = peer.server.clone();
    peer.tap(1, accept()).unwrap();
    while peer.settled.is_empty() {
        peer.pass(SECOND / 1_000);
    }
    // It asks once more, and that answer is long on its way. Meanwhile the server is restored.
    peer.weather.late = 100;
    peer.pass(SECOND / 40);
    peer.weather.late = 0;
    peer.restore(backup);
    peer.pass(60 * SECOND);
    assert_eq!(peer.server.performed, [(Uuid::from_u128(1), COOK)]);
    assert_eq!(peer.server.status(ID).as_deref(), Some("accepted"));
    assert_eq!(shown(&peer), ("accepted".into(), false));
    assert_eq!(peer.waiting(), 0);
}

#[test]
fn who_is_signed_out_hears_of_the_restore_by_handing_in() {
    let mut peer = live();
    let backup = peer.server.clone();
    peer.tap(1, accept()).unwrap();
    peer.pass(10 * SECOND);
    peer.up = false;
    peer.cut();
    peer.tap(2, Mutation::StartPreparing(Of { order_id: ID }))
        .unwrap();
    peer.sign_out();
    peer.restore(backup);
    peer.up = true;
    peer.pass(60 * SECOND);
    let done = [1, 2].map(|uid| (Uuid::from_u128(uid), COOK));
    assert_eq!(
        peer.server.performed, done,
        "what was acknowledged, and what was not"
    );
    assert_eq!(peer.server.status(ID).as_deref(), Some("preparing"));
}

#[test]
fn what_the_device_no_longer_has_is_declared_and_the_rest_goes_on() {
    let mut peer = live();
    peer.tap(1, accept()).unwrap();
    peer.pass(10 * SECOND);
    // The server has never heard of this device, and its journal is long gone.
    let device = peer.client.device().unwrap();
    peer.client
        .vault()
        .unwrap()
        .prune(peer.now.plus(80 * 3_600 * SECOND))
        .unwrap();
    peer.server.devices.get_mut(&device).unwrap().last_mid = 0;
    peer.tap(2, Mutation::MarkReady(Of { order_id: ID })).unwrap();
    peer.pass(60 * SECOND);
    assert_eq!(peer.server.devices[&device].gaps, [(1, 1)]);
    assert_eq!(shown(&peer), ("ready".into(), false));
}

/// What a person may see changes: what they saw before is gone, and what they may see is there.
fn another_view_is_read_anew(faults: Faults) -> bool {
    let mut peer = live_with(faults);
    peer.server.view = "waiter".into();
    peer.server.rows.clear();
    peer.put(row(OrderId(Uuid::from_u128(101)), 1, "ready"));
    peer.cut();
    peer.pass(60 * SECOND);
    peer.shown(ID).is_none() && peer.shown(OrderId(Uuid::from_u128(101))).is_some()
}

#[test]
fn a_cursor_is_not_kept_across_a_change_of_view() {
    assert!(another_view_is_read_anew(Faults::NONE));
    let broken = Faults {
        keep_cursor_across_views: true,
        ..Faults::NONE
    };
    assert!(!another_view_is_read_anew(broken));
}

#[test]
fn a_scope_that_is_no_longer_granted_is_forgotten() {
    let mut peer = live();
    peer.server.granted = false;
    peer.cut();
    peer.pass(120 * SECOND);
    assert_eq!(peer.client.shown().known().count(), 0);
    assert_eq!(
        peer.client.store().cache().scopes_held().unwrap(),
        [] as [String; 0]
    );
}

#[test]
fn a_clock_set_back_by_a_year_stops_nothing() {
    let mut peer = live();
    peer.up = false;
    peer.cut();
    peer.tap(1, accept()).unwrap();
    peer.pass(60 * SECOND);
    peer.up = true;
    peer.set_back(365 * 24 * 3_600 * SECOND);
    peer.pass(90 * SECOND);
    assert_eq!(peer.waiting(), 0);
    assert_eq!(peer.client.machine().line(), Line::Live);
}

#[test]
fn what_was_tapped_in_time_is_shown_though_the_clock_jumps_before_its_pages_are_read() {
    let mut peer = Peer::with(1, Faults::NONE);
    let mut new = row(ID, 1, "pending");
    new["acceptBy"] = serde_json::json!(peer.now.plus(300 * SECOND));
    peer.put(new);
    peer.sign_in(COOK);
    peer.pass(SECOND);
    peer.weather.deltas_lost = 100;
    peer.tap(1, accept()).unwrap();
    // The device's clock was set back by a day meanwhile; an answer of the server has just told so.
    peer.client.set_offset(86_400 * SECOND);
    for _ in 0..30_000 {
        assert_eq!(shown(&peer).0, "accepted");
        peer.pass(SECOND / 1_000);
    }
    assert_eq!(shown(&peer), ("accepted".into(), false));
    assert_eq!(peer.waiting(), 0);
}

#[test]
fn bytes_go_out_in_parts_beside_what_names_them_and_go_on_where_they_stopped() {
    let mut peer = live();
    let photo: Vec<u8> = (0..700_000_u32).map(|n| (n % 251).to_le_bytes()[0]).collect();
    let blob = peer.client.vault().unwrap().put_blob(&photo, peer.now).unwrap();
    let deliver = Mutation::FailDelivery(Fail {
        order_id: ID,
        reason: Reason::CustomerUnreachable,
        proof: Some(Proof::Photo {
            sha256: blob.sha256.clone(),
        }),
    });
    peer.weather.lost = 40;
    let new = NewMutation::of(Uuid::from_u128(1), &deliver, peer.now);
    peer.client.vault().unwrap().enqueue(&new).unwrap();
    peer.restart();
    peer.pass(30 * SECOND);
    peer.restart();
    peer.weather.lost = 0;
    peer.pass(120 * SECOND);
    assert_eq!(peer.server.blobs[&blob.sha256], photo);
    assert_eq!(peer.client.vault().unwrap().uploads().unwrap(), []);
    assert_eq!(peer.waiting(), 0);
}

/// A day at the stove, from a seed: taps, restarts, a network of every kind, a server that defers, and one that forgets.
/// Says what went wrong.
fn day(seed: u64, faults: Faults) -> Result<(), String> {
    let mut peer = Peer::with(seed, faults);
    let ids: Vec<OrderId> = (0..4).map(|n| OrderId(Uuid::from_u128(200 + n))).collect();
    for id in &ids {
        peer.put(row(*id, 1, "pending"));
    }
    peer.sign_in(COOK);
    peer.pass(2 * SECOND);
    let mut tapped: Vec<u128> = vec![];
    let mut backup = None;
    for uid in 1..=40_u128 {
        peer.weather = Weather {
            lost: peer.roll() % 40,
            doubled: peer.roll() % 20,
            late: peer.roll() % 30,
            deltas_lost: peer.roll() % 40,
        };
        match peer.roll() % 14 {
            0 => peer.up = !peer.up,
            1 => peer.cut(),
            2 => peer.restart(),
            3 => peer.server.deferred_until = Some(peer.now.plus(20 * SECOND)),
            4 => peer.crash_in = Some(peer.roll() % 30),
            5 => peer.server.page_limit = 1 + (peer.roll() % 3) as usize,
            6 if backup.is_none() => backup = Some(peer.server.clone()),
            7 if peer.roll().is_multiple_of(4) => {
                if let Some(backup) = backup.take() {
                    peer.restore(backup);
                }
            }
            8 => {
                // The customer calls one off.
                let id = ids[(peer.roll() % 4) as usize];
                if peer.server.status(id).as_deref() == Some("pending") {
                    let rev = peer.server.rev(id) + 1;
                    peer.put(row(id, rev, "cancelled"));
                }
            }
            9 => {
                // Somebody else looks through other eyes for a while.
                peer.server.view = format!("view-{}", peer.roll() % 2);
                peer.server.reseen();
            }
            _ => {
                let order_id = ids[(peer.roll() % 4) as usize];
                let mutation = match peer.roll() % 3 {
                    0 => Mutation::AcceptOrder(Accept {
                        order_id,
                        prep_minutes: 10,
                    }),
                    1 => Mutation::StartPreparing(Of { order_id }),
                    _ => Mutation::MarkReady(Of { order_id }),
                };
                if peer.tap(uid, mutation).is_ok() {
                    tapped.push(uid);
                }
            }
        }
        let pause = i64::from(peer.roll() % 15);
        peer.pass(pause * SECOND);
    }
    peer.heal();
    peer.pass(120 * SECOND);
    check(&peer, &tapped, &ids)
}

fn check(peer: &Peer, tapped: &[u128], ids: &[OrderId]) -> Result<(), String> {
    if peer.waiting() > 0 {
        return Err(format!("{} wait for ever", peer.waiting()));
    }
    if peer.client.machine().line() != Line::Live {
        return Err(format!("the line is {:?}", peer.client.machine().line()));
    }
    let mut done: Vec<u128> = peer
        .server
        .performed
        .iter()
        .map(|(uid, _)| uid.as_u128())
        .collect();
    let count = done.len();
    done.sort_unstable();
    done.dedup();
    if done.len() != count {
        return Err("something was done twice".into());
    }
    if let Some(lost) = tapped.iter().find(|uid| done.binary_search(uid).is_err()) {
        return Err(format!("{lost} was lost"));
    }
    for id in ids {
        let truth = peer.server.status(*id).map(|status| (status, false));
        if peer.shown(*id) != truth {
            return Err(format!("shown {:?}, true {truth:?}", peer.shown(*id)));
        }
    }
    let vault = peer.client.vault().unwrap();
    for (uid, result) in &peer.server.uids {
        if tapped.contains(&uid.as_u128()) && result.status != MutationStatus::Applied {
            let told = vault.find(*uid).unwrap().and_then(|tap| tap.result);
            if told.map(|told| told.status) != Some(result.status) {
                return Err(format!("that {uid} was refused is not known"));
            }
        }
    }
    Ok(())
}

#[test]
fn whatever_happens_in_a_day_nothing_is_lost_doubled_or_stuck() {
    for seed in 0..300 {
        if let Err(what) = day(seed, Faults::NONE) {
            panic!("seed {seed}: {what}");
        }
    }
}

#[test]
fn the_mistakes_such_a_day_must_show_are_shown() {
    let broken = [
        Faults {
            wedge_on_poisoned: true,
            ..Faults::NONE
        },
        Faults {
            edge_triggered_retry: true,
            ..Faults::NONE
        },
        Faults {
            result_not_stored: true,
            ..Faults::NONE
        },
    ];
    for faults in broken {
        assert!((0..300).any(|seed| day(seed, faults).is_err()), "{faults:?}");
    }
}

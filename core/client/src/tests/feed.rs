//! The feed's state machine against a server that keeps its promises and a network that keeps none.

use std::collections::BTreeMap;

use momfood_domain::id::RestaurantId;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::Line;
use momfood_protocol::feed::{Change, Delta, Entity, Head, Heads, Scope, Snapshot, StreamEvent};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::feed::{Act, CATCH_UP, Feed, Input, LONGEST_WAIT, NoSnapshot, SILENCE};

const SCOPE: Scope = Scope::Restaurant(RestaurantId(Uuid::from_u128(7)));
const T0: Timestamp = Timestamp(1_000_000_000);

fn change(seq: i64, id: u128, rev: i64) -> Change {
    Change {
        seq,
        entity: Entity::Order,
        id: Uuid::from_u128(id),
        rev,
        body: Some(json!(rev)),
    }
}

fn delta(from: i64, to: i64) -> StreamEvent {
    let changes = (from + 1..=to).map(|seq| change(seq, 1, seq)).collect();
    StreamEvent::Delta(Delta {
        scope: SCOPE.to_string(),
        from,
        to,
        changes,
    })
}

fn heads(epoch: u128, head: i64) -> StreamEvent {
    let heads = BTreeMap::from([(SCOPE.to_string(), head)]);
    StreamEvent::Heads(Heads {
        epoch: Uuid::from_u128(epoch),
        time: T0,
        heads,
    })
}

fn snapshot(epoch: u128, seq: i64) -> Snapshot {
    let changes = vec![change(seq, 1, seq)];
    Snapshot {
        view: String::new(),
        last_mids: std::collections::BTreeMap::new(),
        epoch: Uuid::from_u128(epoch),
        scope: SCOPE.to_string(),
        seq,
        time: T0,
        changes,
    }
}

/// A feed at cursor 5 of epoch 1, live, with the number of its stream.
fn live() -> (Feed, u32) {
    let mut feed = Feed::default();
    let acts = feed.handle(T0, 0, Input::Start(vec![SCOPE]));
    let [
        Act::Open(stream),
        Act::Fetch(fetch, SCOPE),
        Act::Line(Line::Connecting),
    ] = acts[..]
    else {
        panic!("{acts:?}")
    };
    feed.handle(T0, 0, Input::Opened(stream));
    feed.handle(T0, 0, Input::Heard(stream, heads(1, 5)));
    let acts = feed.handle(T0, 0, Input::Snapshot(fetch, SCOPE, Ok(snapshot(1, 5))));
    assert!(acts.contains(&Act::Line(Line::Live)), "{acts:?}");
    (feed, stream)
}

fn fetched(acts: &[Act]) -> Option<u32> {
    acts.iter().find_map(|act| match act {
        Act::Fetch(number, _) => Some(*number),
        _ => None,
    })
}

fn applied(acts: &[Act]) -> bool {
    acts.iter().any(|act| matches!(act, Act::Apply(..)))
}

#[test]
fn a_change_that_follows_is_applied_and_one_heard_twice_is_not() {
    let (mut feed, stream) = live();
    assert!(applied(&feed.handle(T0, 0, Input::Heard(stream, delta(5, 6)))));
    let again = feed.handle(T0, 0, Input::Heard(stream, delta(5, 6)));
    assert_eq!(again, [], "neither applied nor a reason to fetch");
    assert!(applied(&feed.handle(T0, 0, Input::Heard(stream, delta(6, 8)))));
}

#[test]
fn a_lost_change_is_noticed_and_fetched_and_what_came_meanwhile_is_not_lost() {
    let (mut feed, stream) = live();
    let acts = feed.handle(T0, 0, Input::Heard(stream, delta(6, 7)));
    assert!(!applied(&acts), "5 → 6 is missing");
    let fetch = fetched(&acts).expect("the gap is closed by a snapshot");
    // While it is under way more happens; the snapshot was taken between the two.
    assert_eq!(feed.handle(T0, 0, Input::Heard(stream, delta(7, 8))), []);
    assert_eq!(feed.handle(T0, 0, Input::Heard(stream, delta(8, 9))), []);
    let acts = feed.handle(T0, 0, Input::Snapshot(fetch, SCOPE, Ok(snapshot(1, 8))));
    assert!(matches!(acts[1], Act::Fill { .. }), "{acts:?}");
    assert!(applied(&acts), "8 → 9 follows the snapshot");
    assert_eq!(feed.line(), Line::Live);
    assert!(applied(&feed.handle(T0, 0, Input::Heard(stream, delta(9, 10)))));
}

#[test]
fn a_head_too_large_to_carry_is_read() {
    let (mut feed, stream) = live();
    let head = StreamEvent::Head(Head {
        scope: SCOPE.to_string(),
        head: 9,
    });
    let fetch = fetched(&feed.handle(T0, 0, Input::Heard(stream, head))).unwrap();
    assert_eq!(
        feed.line(),
        Line::Live,
        "a moment of catching up is not worth a word"
    );
    // The snapshot that comes is older than the head that was named: it is not enough.
    let acts = feed.handle(T0, 0, Input::Snapshot(fetch, SCOPE, Ok(snapshot(1, 8))));
    let fetch = fetched(&acts).unwrap();
    let acts = feed.handle(T0.plus(CATCH_UP), 0, Input::Tick);
    assert_eq!(acts, [Act::Line(Line::Connecting)], "by now it is");
    let acts = feed.handle(
        T0.plus(CATCH_UP),
        0,
        Input::Snapshot(fetch, SCOPE, Ok(snapshot(1, 9))),
    );
    assert!(acts.contains(&Act::Line(Line::Live)));
}

#[test]
fn reads_never_go_back_within_an_epoch() {
    let (mut feed, stream) = live();
    feed.handle(T0, 0, Input::Heard(stream, delta(5, 8)));
    let fetch = fetched(&feed.handle(T0, 0, Input::Heard(stream, StreamEvent::Resync))).unwrap();
    let acts = feed.handle(T0, 0, Input::Snapshot(fetch, SCOPE, Ok(snapshot(1, 6))));
    assert!(
        !acts.iter().any(|act| matches!(act, Act::Fill { .. })),
        "{acts:?}"
    );
    assert!(feed.next_tick().is_some(), "it is asked for again");
}

#[test]
fn another_epoch_is_another_history_and_is_read_whole() {
    let (mut feed, stream) = live();
    let fetch = fetched(&feed.handle(T0, 0, Input::Heard(stream, heads(2, 3)))).unwrap();
    let acts = feed.handle(T0, 0, Input::Snapshot(fetch, SCOPE, Ok(snapshot(2, 3))));
    assert!(
        acts.iter()
            .any(|act| matches!(act, Act::Fill { new_epoch: true, .. })),
        "{acts:?}"
    );
    assert!(applied(&feed.handle(T0, 0, Input::Heard(stream, delta(3, 4)))));
}

#[test]
fn an_answer_from_before_the_epoch_changed_is_nobodys() {
    let (mut feed, stream) = live();
    let old = fetched(&feed.handle(T0, 0, Input::Heard(stream, StreamEvent::Resync))).unwrap();
    feed.handle(T0, 0, Input::Heard(stream, heads(2, 3)));
    let acts = feed.handle(T0, 0, Input::Snapshot(old, SCOPE, Ok(snapshot(1, 9))));
    assert_eq!(acts, []);
}

#[test]
fn a_silent_line_is_dead_and_said_to_be() {
    let (mut feed, stream) = live();
    let before = T0.plus(SILENCE - 1);
    assert_eq!(feed.handle(before, 0, Input::Tick), []);
    assert_eq!(feed.next_tick(), Some(T0.plus(SILENCE)));
    let acts = feed.handle(T0.plus(SILENCE), 0, Input::Tick);
    assert_eq!(acts, [Act::Close, Act::Line(Line::Connecting)]);
    let at = feed.next_tick().unwrap();
    let acts = feed.handle(at, 0, Input::Tick);
    assert!(matches!(acts[..], [Act::Open(_)]), "{acts:?}");
    assert_eq!(
        feed.handle(at, 0, Input::Heard(stream, delta(5, 6))),
        [],
        "the old stream has nothing to say"
    );
}

#[test]
fn it_tries_for_ever_ever_more_slowly_and_says_that_it_is_offline() {
    let (mut feed, mut stream) = live();
    let mut now = T0;
    let (mut longest, mut polls) = (0, 0);
    for attempt in 0..20 {
        feed.handle(now, 1_023, Input::Closed(stream));
        assert_eq!(
            feed.line(),
            if attempt == 0 {
                Line::Connecting
            } else {
                Line::Offline
            }
        );
        let closed = now;
        stream = loop {
            let at = feed.next_tick().expect("an armed timer, whatever happens");
            now = at;
            let acts = feed.handle(now, 1_023, Input::Tick);
            // With the stream down for long, what changed is asked for all the same.
            if let Some(fetch) = fetched(&acts) {
                polls += 1;
                feed.handle(now, 1_023, Input::Snapshot(fetch, SCOPE, Err(NoSnapshot::Later)));
            }
            if let Some(number) = acts
                .iter()
                .find_map(|act| if let Act::Open(n) = act { Some(*n) } else { None })
            {
                break number;
            }
        };
        assert!(now.since(closed) <= LONGEST_WAIT);
        longest = longest.max(now.since(closed));
    }
    assert!(polls > 10);
    assert!(longest > LONGEST_WAIT / 2);
    // Back: at once live, since nothing had changed.
    feed.handle(now, 0, Input::Opened(stream));
    feed.handle(now, 0, Input::Heard(stream, heads(1, 5)));
    while feed.line() != Line::Live {
        now = feed.next_tick().unwrap();
        if let Some(fetch) = fetched(&feed.handle(now, 0, Input::Tick)) {
            feed.handle(now, 0, Input::Snapshot(fetch, SCOPE, Ok(snapshot(1, 5))));
        }
    }
}

#[test]
fn a_device_that_comes_back_does_not_wait() {
    let (mut feed, stream) = live();
    feed.handle(T0, 0, Input::Closed(stream));
    let acts = feed.handle(T0.plus(1), 0, Input::Wake);
    assert!(matches!(acts[..], [Act::Open(_)]), "{acts:?}");

    let (mut feed, _) = live();
    assert_eq!(
        feed.handle(T0.plus(10 * SECOND), 0, Input::Wake),
        [],
        "a line heard just now is good"
    );
    let acts = feed.handle(T0.plus(30 * SECOND), 0, Input::Wake);
    assert!(
        matches!(acts[..], [Act::Close, Act::Open(_), Act::Line(_)]),
        "{acts:?}"
    );
}

#[test]
fn a_device_without_a_network_is_believed_only_as_far_as_a_new_stream_shows() {
    let (mut feed, _) = live();
    let acts = feed.handle(T0.plus(1), 0, Input::Lost);
    let [Act::Close, Act::Open(stream), Act::Line(Line::Connecting)] = acts[..] else {
        panic!("{acts:?}")
    };
    feed.handle(T0.plus(2), 0, Input::Closed(stream));
    let again = feed.next_tick().expect("another attempt");
    let acts = feed.handle(again, 0, Input::Tick);
    let [Act::Open(stream)] = acts[..] else {
        panic!("{acts:?}")
    };
    feed.handle(again, 0, Input::Closed(stream));
    assert_eq!(
        feed.line(),
        Line::Offline,
        "seconds after it was lost, not a silence later"
    );
}

#[test]
fn a_scope_that_is_no_longer_granted_is_purged() {
    let (mut feed, stream) = live();
    let fetch = fetched(&feed.handle(T0, 0, Input::Heard(stream, StreamEvent::Resync))).unwrap();
    let acts = feed.handle(T0, 0, Input::Snapshot(fetch, SCOPE, Err(NoSnapshot::Refused)));
    assert!(acts.contains(&Act::Purge(SCOPE)));
    assert!(!feed.is_filled(SCOPE));
}

#[test]
fn stopped_means_silent() {
    let (mut feed, stream) = live();
    assert_eq!(
        feed.handle(T0, 0, Input::Stop),
        [Act::Close, Act::Line(Line::Idle)]
    );
    assert_eq!(feed.next_tick(), None);
    assert_eq!(feed.handle(T0, 0, Input::Heard(stream, delta(5, 6))), []);
}

/// What the network may do to one message of the stream.
#[derive(Clone, Copy, Debug)]
enum Luck {
    Arrives,
    Lost,
    Twice,
    /// After the next one.
    Swapped,
    /// As a head, without its changes.
    Shortened,
    /// The stream ends here.
    Cut,
    /// The server loses its newest changes and says so.
    Rotated,
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        6 => Just(Luck::Arrives),
        2 => Just(Luck::Lost),
        1 => Just(Luck::Twice),
        1 => Just(Luck::Swapped),
        1 => Just(Luck::Shortened),
        1 => Just(Luck::Cut),
        1 => Just(Luck::Rotated),
    ]
}

/// The server's truth and what the client made of it.
struct Both {
    feed: Feed,
    now: Timestamp,
    epoch: u128,
    head: i64,
    truth: BTreeMap<Uuid, i64>,
    shown: BTreeMap<Uuid, i64>,
    stream: Option<u32>,
    /// How far the stream has told it.
    told: i64,
    /// The truth at each head.
    history: BTreeMap<(u128, i64), BTreeMap<Uuid, i64>>,
    /// Snapshots asked for, answered later: number and truth at that time.
    fetches: Vec<(u32, Snapshot)>,
}

impl Both {
    fn give(&mut self, input: Input) {
        match &input {
            Input::Heard(_, StreamEvent::Heads(heads)) => self.told = heads.heads[&SCOPE.to_string()],
            Input::Heard(_, StreamEvent::Delta(delta)) => self.told = self.told.max(delta.to),
            Input::Heard(_, StreamEvent::Head(head)) => self.told = self.told.max(head.head),
            _ => {}
        }
        let acts = self.feed.handle(self.now, 512, input);
        for act in acts {
            match act {
                Act::Open(number) => self.stream = Some(number),
                Act::Close => self.stream = None,
                Act::Fetch(number, _) => {
                    let body = |(id, rev): (&Uuid, &i64)| Change {
                        seq: self.head,
                        entity: Entity::Order,
                        id: *id,
                        rev: *rev,
                        body: Some(json!(rev)),
                    };
                    let changes = self.truth.iter().map(body).collect();
                    let epoch = Uuid::from_u128(self.epoch);
                    let snapshot = Snapshot {
        view: String::new(),
        last_mids: std::collections::BTreeMap::new(),
                        epoch,
                        scope: SCOPE.to_string(),
                        seq: self.head,
                        time: T0,
                        changes,
                    };
                    self.fetches.push((number, snapshot));
                }
                Act::Fill {
                    changes, new_epoch, ..
                } => {
                    let next: BTreeMap<_, _> = changes.iter().map(|change| (change.id, change.rev)).collect();
                    for (id, rev) in &self.shown {
                        let goes_back = next.get(id).is_some_and(|new| new < rev);
                        assert!(new_epoch || !goes_back, "a read went back");
                    }
                    self.shown = next;
                }
                Act::Apply(_, changes) => {
                    for change in changes {
                        let old = self.shown.insert(change.id, change.rev);
                        assert!(
                            old.is_none_or(|old| old < change.rev),
                            "applied twice, or out of order"
                        );
                    }
                }
                Act::Line(Line::Live) => {
                    let known = self
                        .history
                        .range((self.epoch, self.told)..=(self.epoch, self.head));
                    let shown = &self.shown;
                    assert!(
                        known.map(|(_, truth)| truth).any(|truth| truth == shown),
                        "live is what it says"
                    );
                }
                _ => {}
            }
        }
    }

    fn open(&mut self) {
        if let Some(stream) = self.stream {
            self.give(Input::Opened(stream));
            let event = heads(self.epoch, self.head);
            self.give(Input::Heard(stream, event));
        }
    }

    fn answer(&mut self) {
        if !self.fetches.is_empty() {
            let (number, snapshot) = self.fetches.remove(0);
            self.give(Input::Snapshot(number, SCOPE, Ok(snapshot)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_the_network_does_what_is_shown_becomes_the_truth(
        steps in prop::collection::vec((luck(), 1_u128..4, any::<bool>()), 1..60)
    ) {
        let mut both = Both {
            feed: Feed::default(),
            now: T0,
            epoch: 1,
            head: 0,
            truth: BTreeMap::new(),
            shown: BTreeMap::new(),
            stream: None,
            told: 0,
            history: BTreeMap::from([((1, 0), BTreeMap::new())]),
            fetches: vec![],
        };
        both.give(Input::Start(vec![SCOPE]));
        both.open();
        let mut held: Option<StreamEvent> = None;
        for (luck, id, answered) in steps {
            both.now = both.now.plus(SECOND / 10);
            let id = Uuid::from_u128(id);
            let from = both.head;
            if matches!(luck, Luck::Rotated) {
                both.epoch += 1;
                both.head = both.head.saturating_sub(2).max(0);
                for rev in both.truth.values_mut() {
                    *rev = (*rev - 2).max(1);
                }
                both.history.insert((both.epoch, both.head), both.truth.clone());
                if let Some(stream) = both.stream.take() {
                    both.give(Input::Closed(stream));
                }
                held = None;
            } else {
                both.head += 1;
                let rev = both.truth.entry(id).or_default();
                *rev += 1;
                let change = Change { seq: both.head, entity: Entity::Order, id, rev: *rev, body: Some(json!(*rev)) };
                let delta = Delta { scope: SCOPE.to_string(), from, to: both.head, changes: vec![change] };
                let event = StreamEvent::Delta(delta);
                both.history.insert((both.epoch, both.head), both.truth.clone());
                let mut say = Vec::new();
                match luck {
                    Luck::Arrives => say.push(event),
                    Luck::Twice => say.extend([event.clone(), event]),
                    Luck::Shortened => say.push(StreamEvent::Head(Head { scope: SCOPE.to_string(), head: both.head })),
                    Luck::Swapped => say.extend(held.replace(event)),
                    Luck::Lost | Luck::Cut | Luck::Rotated => {}
                }
                if matches!(luck, Luck::Arrives) {
                    say.extend(held.take());
                }
                for event in say {
                    if let Some(stream) = both.stream {
                        both.give(Input::Heard(stream, event));
                    }
                }
                if let (Luck::Cut, Some(stream)) = (luck, both.stream) {
                    both.stream = None;
                    both.give(Input::Closed(stream));
                }
            }
            if answered {
                both.answer();
            }
            if both.feed.next_tick().is_some_and(|at| both.now >= at) {
                let before = both.stream;
                both.give(Input::Tick);
                if both.stream != before {
                    both.open();
                }
            }
        }
        // The network heals: within a bounded time everything is there, and said to be.
        let healed = both.now;
        let mut beat = both.now;
        while both.feed.line() != Line::Live || both.shown != both.truth {
            prop_assert!(both.now.since(healed) < 120 * SECOND, "it never recovered");
            both.answer();
            both.now = both.now.plus(SECOND / 2);
            let before = both.stream;
            both.give(Input::Tick);
            if both.stream != before {
                both.open();
            }
            if both.now >= beat {
                beat = both.now.plus(20 * SECOND);
                if let Some(stream) = both.stream {
                    let event = heads(both.epoch, both.head);
                    both.give(Input::Heard(stream, event));
                }
            }
        }
    }
}

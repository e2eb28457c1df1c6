//! The laws of an application, held against random histories: its person, another, and two who decide, giving any
//! command at any moment.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::application::{
    Application, ApplicationKind, ApplicationStatus as S, Command, DocumentKind, Event, Party, Rejection,
    decide, party,
};
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

const fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(n))
}

const HANAN: UserId = user(1);
const STRANGER: UserId = user(2);
const ROOT: UserId = user(3);
const OTHER_ROOT: UserId = user(4);

/// The machine as the product draws it, written down a second time.
const EDGES: &[(S, S)] = &[
    (S::Draft, S::Draft),
    (S::Draft, S::Submitted),
    (S::Draft, S::Withdrawn),
    (S::Submitted, S::Approved),
    (S::Submitted, S::Refused),
    (S::Submitted, S::Withdrawn),
    (S::Refused, S::Draft),
    (S::Refused, S::Withdrawn),
    (S::Withdrawn, S::Draft),
];

fn actors() -> impl Strategy<Value = Actor> {
    let people = prop::sample::select(vec![HANAN, STRANGER, ROOT, OTHER_ROOT]);
    (people, prop::sample::select(Role::ALL.to_vec())).prop_map(|(who, role)| Actor::person(who, role))
}

/// Those who have something to say come up more often than chance would have it.
fn moves() -> impl Strategy<Value = (Actor, Wish)> {
    let likely = prop_oneof![
        Just((Actor::person(HANAN, Role::Customer), Wish::Save)),
        Just((Actor::person(HANAN, Role::Driver), Wish::Submit(true))),
        Just((Actor::person(HANAN, Role::Customer), Wish::Withdraw)),
        Just((Actor::person(ROOT, Role::Admin), Wish::ApproveSeen)),
        Just((Actor::person(OTHER_ROOT, Role::Admin), Wish::Refuse)),
    ];
    let any = prop_oneof![
        Just(Wish::Save),
        any::<bool>().prop_map(Wish::Submit),
        Just(Wish::Withdraw),
        Just(Wish::ApproveSeen),
        Just(Wish::ApproveOld),
        Just(Wish::Refuse),
    ];
    prop_oneof![2 => likely, 1 => (actors(), any)]
}

#[derive(Clone, Copy, Debug)]
enum Wish {
    Save,
    Submit(bool),
    Withdraw,
    /// What stands there now.
    ApproveSeen,
    /// What stood there once.
    ApproveOld,
    Refuse,
}

fn command(wish: Wish, application: &Application) -> Command {
    let seen = application.submitted_at.unwrap_or_default();
    match wish {
        Wish::Save => Command::Save,
        Wish::Submit(complete) => Command::Submit { complete },
        Wish::Withdraw => Command::Withdraw,
        Wish::ApproveSeen => Command::Approve { submitted_at: seen },
        Wish::ApproveOld => Command::Approve {
            submitted_at: seen.plus(-1),
        },
        Wish::Refuse => Command::Refuse,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_history_leaves_the_drawn_way(history in prop::collection::vec(moves(), 1..30)) {
        let mut application = Application::begun(HANAN);
        let mut complete = false;
        for (at, (actor, wish)) in (1..).zip(history) {
            let now = Timestamp(at);
            let command = command(wish, &application);
            let before = application;
            let event = match decide(&application, &command, &actor, now) {
                Ok(Some(event)) => event,
                Err(Rejection::NotFound) => {
                    prop_assert_eq!(party(&application, &actor), None);
                    continue;
                }
                Ok(None) | Err(_) => continue,
            };
            application = application.apply(event);
            prop_assert!(EDGES.contains(&(before.status, application.status)), "{:?} → {:?}", before, application);
            prop_assert_eq!(application.rev, before.rev + 1);
            prop_assert_eq!(application.applicant, HANAN);
            match event {
                Event::Saved => complete = false,
                Event::Submitted { at } => {
                    complete = matches!(command, Command::Submit { complete: true });
                    prop_assert_eq!(application.submitted_at, Some(at));
                }
                Event::Approved { by, .. } => {
                    prop_assert!(complete, "approved, and something was missing");
                    prop_assert!(!matches!(wish, Wish::ApproveOld), "approved, and it was not what was looked at");
                    prop_assert_ne!(by, HANAN);
                }
                Event::Refused { by, .. } => prop_assert_ne!(by, HANAN),
                Event::Withdrawn => {}
            }
            let deciding = matches!(event, Event::Approved { .. } | Event::Refused { .. });
            prop_assert_eq!(actor.role == Role::Admin, deciding, "{:?} by {:?}", event, actor);
            prop_assert_eq!(actor.user == Some(HANAN), !deciding, "{:?} by {:?}", event, actor);
            // Once more changes nothing, except that every change of a draft is one.
            match decide(&application, &command, &actor, now.plus(1)) {
                Ok(None) => {}
                again => prop_assert!(
                    matches!(command, Command::Save) && again == Ok(Some(Event::Saved)),
                    "{:?} again: {:?}", command, again
                ),
            }
        }
    }

    #[test]
    fn what_is_approved_stays_approved(actor in actors(), complete in any::<bool>()) {
        let approved = Application { status: S::Approved, ..Application::begun(HANAN) };
        for wish in [
            Wish::Save,
            Wish::Submit(complete),
            Wish::Withdraw,
            Wish::ApproveSeen,
            Wish::ApproveOld,
            Wish::Refuse,
        ] {
            let command = command(wish, &approved);
            prop_assert!(!matches!(decide(&approved, &command, &actor, Timestamp(9)), Ok(Some(_))));
        }
    }
}

#[test]
fn a_draft_is_its_persons_alone_and_nobody_decides_on_their_own() {
    let draft = Application::begun(HANAN);
    let admin = Actor::person(ROOT, Role::Admin);
    assert_eq!(party(&draft, &admin), None);
    let submitted = draft.apply(Event::Submitted { at: Timestamp(5) });
    assert_eq!(party(&submitted, &admin), Some(Party::Decider(ROOT)));
    let approve = Command::Approve {
        submitted_at: Timestamp(5),
    };
    let own = decide(
        &submitted,
        &approve,
        &Actor::person(HANAN, Role::Admin),
        Timestamp(6),
    );
    assert_eq!(own, Err(Rejection::Forbidden));
    for role in [Role::Support, Role::Restaurant, Role::Driver, Role::Customer] {
        assert_eq!(
            party(&submitted, &Actor::person(STRANGER, role)),
            None,
            "{role:?}"
        );
    }
}

#[test]
fn every_edge_is_walked() {
    let hanan = Actor::person(HANAN, Role::Customer);
    let root = Actor::person(ROOT, Role::Admin);
    let mut walked = Vec::new();
    for status in S::ALL {
        let application = Application {
            status,
            submitted_at: Some(Timestamp(1)),
            ..Application::begun(HANAN)
        };
        for (wish, actor) in [
            (Wish::Save, hanan),
            (Wish::Submit(true), hanan),
            (Wish::Withdraw, hanan),
            (Wish::ApproveSeen, root),
            (Wish::Refuse, root),
        ] {
            if let Ok(Some(event)) = decide(&application, &command(wish, &application), &actor, Timestamp(2))
            {
                walked.push((status, application.apply(event).status));
            }
        }
    }
    assert_eq!(walked.len(), EDGES.len());
    assert!(walked.iter().all(|edge| EDGES.contains(edge)), "{walked:?}");
}

#[test]
fn every_document_is_asked_for_by_somebody_and_none_twice() {
    for kind in DocumentKind::ALL {
        let asked = [ApplicationKind::Restaurant, ApplicationKind::Driver]
            .iter()
            .filter(|application| application.documents().contains(&kind));
        assert!(asked.count() >= 1, "{kind:?}");
        let name = serde_json::to_value(kind).expect("a word");
        assert_eq!(name, kind.name());
    }
    for application in [ApplicationKind::Restaurant, ApplicationKind::Driver] {
        let documents = application.documents();
        for (at, kind) in documents.iter().enumerate() {
            assert!(!documents[..at].contains(kind), "{kind:?}");
        }
    }
}

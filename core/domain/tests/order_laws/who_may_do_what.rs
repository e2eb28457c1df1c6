//! Every status × every command × every party, written out: a change of who may do what and when shows as
//! a change of `snapshots/`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use momfood_domain::order::{Command, Event, OrderStatus, Party, Reason, Rejection, decide, party};
use momfood_domain::payment::PaymentMethod::{Card, Cash};
use momfood_domain::pricing::Fulfilment::{Delivery, Pickup};

use crate::gateway::Gateway;
use crate::history::{History, Who, commands, driver, placed};

const TOTAL: i64 = 5_000;

/// A point on an order's way: how it is come by.
struct Scene {
    name: &'static str,
    history: History,
}

const ACCEPT: Command = Command::Accept { prep_minutes: 20 };
const OTHER: Reason = Reason::Other;

fn offer(history: &History) -> Command {
    Command::Offer {
        driver_id: driver(0),
        expires_at: history.now.plus_seconds(45),
    }
}

/// Plays `way` on a new order. The gateway answers after every step when `settled`.
fn scene(name: &'static str, mut history: History, settled: bool, way: &[(Who, Command)]) -> Scene {
    if settled {
        history.settle();
    }
    for (who, command) in way {
        if *command == Command::Expire {
            history.now = history.order.accept_by.expect("a pending order has a deadline");
        }
        let outcome = history.give(*who, command.clone());
        assert!(
            outcome.as_ref().is_ok_and(|e| !e.is_empty()),
            "{name}: {command:?}: {outcome:?}"
        );
        if settled {
            history.settle();
        }
    }
    Scene { name, history }
}

#[expect(clippy::too_many_lines, reason = "one entry for each scene")]
fn scenes() -> Vec<Scene> {
    use Who::{Customer, Driver, Kitchen, System};
    let new = |method, fulfilment| History::new(placed(method, fulfilment, TOTAL, 1_000), Gateway::good());
    let card = || new(Card, Delivery);
    let cash = || new(Cash, Delivery);
    let attempt = 1;
    let accepted = [(Kitchen, ACCEPT)];
    let offered = [accepted.to_vec(), vec![(System, offer(&card()))]].concat();
    let assigned = [
        offered.clone(),
        vec![(Driver(0), Command::AcceptOffer { attempt })],
    ]
    .concat();
    let waits = [assigned.clone(), vec![(Driver(0), Command::ArriveAtRestaurant)]].concat();
    let preparing = [waits.clone(), vec![(Kitchen, Command::StartPreparing)]].concat();
    let ready = [preparing.clone(), vec![(Kitchen, Command::MarkReady)]].concat();
    let picked_up = [ready.clone(), vec![(Driver(0), Command::PickUp)]].concat();
    let at_customer = [picked_up.clone(), vec![(Driver(0), Command::ArriveAtCustomer)]].concat();
    let delivered = [
        at_customer.clone(),
        vec![(Driver(0), Command::Deliver { cash: Some(TOTAL) })],
    ]
    .concat();
    let failed = [
        at_customer.clone(),
        vec![(Driver(0), Command::FailDelivery { reason: OTHER })],
    ]
    .concat();
    let returned = [failed.clone(), vec![(Driver(0), Command::ReturnFood)]].concat();
    let fetched = [accepted.to_vec(), vec![(Kitchen, Command::MarkReady)]].concat();
    let handed_over = [
        fetched.clone(),
        vec![(Kitchen, Command::HandOver { cash: Some(TOTAL) })],
    ]
    .concat();
    let declined = [
        offered.clone(),
        vec![(Driver(0), Command::DeclineOffer { attempt })],
    ]
    .concat();
    let release = Command::Release {
        attempt,
        reason: OTHER,
    };
    let let_go = [assigned.clone(), vec![(Driver(0), release)]].concat();
    let cancelled = [
        assigned.clone(),
        vec![(Customer, Command::Cancel { reason: OTHER })],
    ]
    .concat();
    let reconciled = [delivered.clone(), vec![(Who::Support, Command::ReconcileCash)]].concat();
    let refunded = [
        delivered.clone(),
        vec![(Who::Support, Command::Refund { amount: 1_000 })],
    ]
    .concat();
    vec![
        scene("awaiting_payment, card", card(), false, &[]),
        scene("pending, card held", card(), true, &[]),
        scene("pending, cash", cash(), true, &[]),
        scene(
            "accepted, capture owed",
            card(),
            false,
            &[(System, Command::Authorized { amount: TOTAL }), (Kitchen, ACCEPT)],
        ),
        scene("accepted, no driver asked", card(), true, &accepted),
        scene("accepted, driver asked", card(), true, &offered),
        scene("accepted, driver said no", card(), true, &declined),
        scene("accepted, driver on the way", card(), true, &assigned),
        scene("accepted, driver let go", card(), true, &let_go),
        scene("preparing, driver waits", card(), true, &preparing),
        scene("ready, driver waits", card(), true, &ready),
        scene(
            "preparing, to be fetched, cash",
            new(Cash, Pickup),
            true,
            &[(Kitchen, ACCEPT), (Kitchen, Command::StartPreparing)],
        ),
        scene("ready, to be fetched, cash", new(Cash, Pickup), true, &fetched),
        scene("picked_up, card", card(), true, &picked_up),
        scene("picked_up, at the customer's, cash", cash(), true, &at_customer),
        scene("delivered, card", card(), true, &delivered),
        scene("delivered, part given back", card(), true, &refunded),
        scene("delivered, cash collected", cash(), true, &delivered),
        scene("delivered, cash handed in", cash(), true, &reconciled),
        scene(
            "delivered over the counter",
            new(Cash, Pickup),
            true,
            &handed_over,
        ),
        scene(
            "cancelled before the card was held",
            card(),
            false,
            &[(Customer, Command::Cancel { reason: OTHER })],
        ),
        scene("cancelled after acceptance, fee kept", card(), true, &cancelled),
        scene(
            "rejected",
            card(),
            true,
            &[(Kitchen, Command::Reject { reason: OTHER })],
        ),
        scene("expired", card(), true, &[(System, Command::Expire)]),
        scene("failed", card(), true, &failed),
        scene("failed, food returned", cash(), true, &returned),
    ]
}

fn name(command: &Command) -> String {
    let json = serde_json::to_value(command).expect("commands are plain data");
    json["command"].as_str().expect("commands are tagged").to_owned()
}

fn told(outcome: &Result<Vec<Event>, Rejection>) -> String {
    let word = |event: &Event| {
        let json = serde_json::to_value(event).expect("events are plain data");
        match event {
            Event::Owes { owed } => {
                let ask = owed.map(|owed| serde_json::to_value(owed).expect("plain data")["ask"].clone());
                format!(
                    "owes {}",
                    ask.as_ref().and_then(|ask| ask.as_str()).unwrap_or("nothing")
                )
            }
            _ => json["event"].as_str().expect("events are tagged").to_owned(),
        }
    };
    match outcome {
        Ok(events) if events.is_empty() => "nothing".into(),
        Ok(events) => events.iter().map(word).collect::<Vec<_>>().join(" + "),
        Err(Rejection::NotFound) => "not found".into(),
        Err(Rejection::Forbidden) => "forbidden".into(),
        Err(Rejection::WrongState(status)) => format!("wrong state {status:?}"),
        Err(Rejection::OfferOver) => "offer over".into(),
        Err(Rejection::CashNeeded) => "cash needed".into(),
        Err(Rejection::Amount) => "bad amount".into(),
        Err(Rejection::PrepMinutes) => "bad minutes".into(),
        Err(Rejection::TooLate) => "too late".into(),
    }
}

const COLUMNS: [(&str, Who); 5] = [
    ("customer", Who::Customer),
    ("kitchen", Who::Kitchen),
    ("driver", Who::Driver(0)),
    ("support, admin", Who::Support),
    ("platform", Who::System),
];

#[test]
fn who_may_do_what_when_is_as_agreed() {
    let mut statuses = Vec::new();
    let mut table =
        String::from("A party not named is forbidden. Nothing: late or repeated, no change and no error.\n");
    for Scene { name: scene, history } in scenes() {
        statuses.push(history.order.status);
        let known: Vec<_> = COLUMNS
            .into_iter()
            .filter(|(_, who)| history.knows(*who))
            .collect();
        let titles: Vec<_> = known.iter().map(|(title, _)| *title).collect();
        writeln!(table, "\n== {scene}\nknown to: {}", titles.join(" | ")).expect("a string takes it");
        let attempt = history.order.delivery.map_or(1, |d| d.attempt);
        for command in commands(attempt, TOTAL, driver(0), history.now) {
            let outcome = |who: Who| decide(&history.order, &command, &who.actor(), history.now);
            let strangers = COLUMNS
                .iter()
                .filter(|(_, who)| outcome(*who) == Err(Rejection::NotFound));
            assert_eq!(
                strangers.count(),
                COLUMNS.len() - known.len(),
                "{scene}: {command:?}"
            );
            let allowed: Vec<_> = known
                .iter()
                .map(|(title, who)| (title, outcome(*who)))
                .filter(|(_, outcome)| *outcome != Err(Rejection::Forbidden))
                .map(|(title, outcome)| format!("{title}: {}", told(&outcome)))
                .collect();
            let line = format!("{:<20} {}", name(&command), allowed.join(" | "));
            writeln!(table, "{}", line.trim_end()).expect("a string takes it");
        }
    }
    for status in OrderStatus::ALL {
        assert!(statuses.contains(&status), "{status:?} has no scene");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_command_and_every_party_is_in_the_table() {
    let all = commands(1, TOTAL, driver(0), crate::history::START);
    let names: BTreeSet<_> = all.iter().map(name).collect();
    assert_eq!(names.len(), all.len(), "each once");
    // A new command or party does not compile here until it is counted.
    for command in &all {
        match command {
            Command::Authorized { .. }
            | Command::Declined
            | Command::Captured { .. }
            | Command::Voided
            | Command::Refunded { .. }
            | Command::Accept { .. }
            | Command::Reject { .. }
            | Command::StartPreparing
            | Command::MarkReady
            | Command::HandOver { .. }
            | Command::Cancel { .. }
            | Command::Expire
            | Command::Offer { .. }
            | Command::ExpireOffer { .. }
            | Command::AcceptOffer { .. }
            | Command::DeclineOffer { .. }
            | Command::Release { .. }
            | Command::ArriveAtRestaurant
            | Command::PickUp
            | Command::ArriveAtCustomer
            | Command::Deliver { .. }
            | Command::FailDelivery { .. }
            | Command::ReturnFood
            | Command::Refund { .. }
            | Command::ReconcileCash => {}
        }
    }
    assert_eq!(all.len(), 25);
    let order = scenes().pop().expect("there are scenes").history.order;
    let parties = COLUMNS.map(
        |(_, who)| match party(&order, &who.actor()).expect("known to the order") {
            Party::Customer => 0,
            Party::Kitchen => 1,
            Party::Driver => 2,
            Party::Staff => 3,
            Party::System => 4,
        },
    );
    assert_eq!(parties, [0, 1, 2, 3, 4]);
}

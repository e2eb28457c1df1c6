//! Which orders become tickets, and what becomes of those.

use momfood_domain::order::{OrderStatus, Reason};
use momfood_protocol::engine::{
    AcceptOrder, CancelOrder, Event, GetConnection, PrintState, PrinterHealth, SignOut, Storage,
};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::feed::Entity;
use serde_json::json;
use uuid::Uuid;

use super::press::{Mood, Paper, Printers};
use super::{
    COLD, HOT, Printer, accepted, attach, done, id, jobs, printer, printing, put, restart, save, with_printer,
};
use crate::kitchen;
use crate::tests::world::{KITCHEN, World, order};

fn accept(n: u128) -> AcceptOrder {
    AcceptOrder {
        id: id(n),
        prep_minutes: 20,
    }
}

fn offline(world: &mut World) {
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    world.pass(60_000);
}

#[test]
fn an_order_accepted_here_is_printed_once_also_without_a_network() {
    let (mut world, printers) = with_printer();
    put(&mut world, 1, 1, "pending");
    assert_eq!(printers.orders(HOT), [], "nobody has said yes");
    offline(&mut world);
    world.ask(accept(1)).unwrap();
    world.pass(0);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
    assert_eq!(done(&mut world), [(Some(id(1)), PrintState::Printed, false)]);
    assert_eq!(printing(&mut world).printers[0].health, PrinterHealth::Ready);
    restart(&mut world, &printers);
    world.server.borrow_mut().up = true;
    world.pass(60_000);
    put(&mut world, 1, 5, "preparing");
    put(&mut world, 1, 6, "ready");
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn orders_accepted_elsewhere_are_printed_when_the_line_is_back_and_once_for_each_printer() {
    let (mut world, printers) = with_printer();
    save(&mut world, printer(COLD));
    put(&mut world, 1, 1, "pending");
    offline(&mut world);
    for n in [1, 2] {
        world
            .server
            .borrow_mut()
            .put_order(&order(id(n), 3, if n == 1 { "preparing" } else { "accepted" }));
    }
    world.pass(3 * 3_600_000);
    assert_eq!(printers.tries(HOT), 0);
    restart(&mut world, &printers);
    world.server.borrow_mut().up = true;
    world.pass(60_000);
    restart(&mut world, &printers);
    world.pass(60_000);
    for at in [HOT, COLD] {
        assert_eq!(printers.orders(at), [(id(1), false), (id(2), false)]);
    }
}

#[test]
fn what_was_over_or_on_its_way_or_accepted_before_there_was_a_printer_is_not_printed() {
    let (mut world, printers) = with_printer();
    for (n, status) in ["cancelled", "delivered", "picked_up", "expired"]
        .iter()
        .enumerate()
    {
        put(&mut world, n as u128, 3, status);
    }
    accepted(&mut world, 9);
    save(&mut world, printer(COLD));
    restart(&mut world, &printers);
    put(&mut world, 9, 3, "preparing");
    assert_eq!(printers.orders(HOT), [(id(9), false)]);
    assert_eq!(printers.orders(COLD), []);
    let by_hand = |automatic| Printer {
        automatic,
        ..printer(COLD)
    };
    save(&mut world, by_hand(false));
    accepted(&mut world, 10);
    save(&mut world, by_hand(true));
    accepted(&mut world, 11);
    assert_eq!(
        printers.orders(COLD),
        [(id(11), false)],
        "what passed by while it was off is past"
    );
}

#[test]
fn an_order_accepted_before_there_was_a_printer_is_not_printed_when_it_comes_to_light_later() {
    let mut world = World::durable(kitchen());
    let printers = Printers::default();
    attach(&mut world, &printers);
    let long_ago = world.now().plus(-3_600_000_000);
    let step = |at| json!([{ "kind": "accepted", "at": at }]);
    offline(&mut world);
    save(&mut world, printer(HOT));
    let mut earlier = order(id(1), 2, "accepted");
    earlier["timeline"] = step(long_ago);
    let mut later = order(id(2), 2, "accepted");
    later["timeline"] = step(world.now().plus(60_000_000));
    world.server.borrow_mut().put_order(&earlier);
    world.server.borrow_mut().put_order(&later);
    world.server.borrow_mut().up = true;
    world.pass(60_000);
    assert_eq!(printers.orders(HOT), [(id(2), false)]);
}

#[test]
fn nothing_is_forgotten_while_a_printer_is_off_and_it_is_tried_at_least_every_fifteen_seconds() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    for n in [3, 1, 2] {
        accepted(&mut world, n);
    }
    world.pass(3_600_000);
    assert!(
        (240..260).contains(&printers.tries(HOT)),
        "{}",
        printers.tries(HOT)
    );
    restart(&mut world, &printers);
    let waiting = |n| (Some(id(n)), PrintState::Waiting, false);
    assert_eq!(jobs(&mut world), [waiting(3), waiting(1), waiting(2)]);
    let state = printing(&mut world);
    assert_eq!(state.printers[0].health, PrinterHealth::Unreachable);
    assert!(state.printers[0].since.is_some());
    assert_eq!(state.jobs[0].attempts, 0, "nobody came as far as the printer");
    world.events();
    printers.mood(HOT, Mood::Works);
    world.pass(15_000);
    assert!(world.events().contains(&Event::Printing {}));
    assert_eq!(
        printers.orders(HOT),
        [(id(3), false), (id(1), false), (id(2), false)]
    );
    assert_eq!(jobs(&mut world), []);
}

#[test]
fn what_broke_off_is_unsure_and_comes_again_as_a_copy_before_all_others() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Jams);
    accepted(&mut world, 1);
    accepted(&mut world, 2);
    world.pass(3_600_000);
    let unsure = [
        (Some(id(1)), PrintState::Unsure, false),
        (Some(id(1)), PrintState::Unsure, true),
        (Some(id(2)), PrintState::Waiting, false),
    ];
    assert_eq!(
        jobs(&mut world),
        unsure,
        "an hour of jams leaves no more than this"
    );
    assert_eq!(printing(&mut world).printers[0].health, PrinterHealth::Stalled);
    assert!(
        printers.orders(HOT)[1..]
            .iter()
            .all(|sheet| *sheet == (id(1), true))
    );
    restart(&mut world, &printers);
    assert_eq!(jobs(&mut world), unsure);
    let spoilt = printers.paper(HOT).len();
    printers.mood(HOT, Mood::Works);
    world.pass(15_000);
    assert_eq!(printers.orders(HOT)[spoilt..], [(id(1), true), (id(2), false)]);
    assert_eq!(jobs(&mut world), []);
    let told = done(&mut world);
    assert!(
        told.contains(&(Some(id(1)), PrintState::Settled, false)),
        "{told:?}"
    );
    assert!(
        told.contains(&(Some(id(1)), PrintState::Printed, true)),
        "{told:?}"
    );
}

#[test]
fn a_program_that_dies_on_its_way_to_a_printer_has_nothing_on_paper_and_knows_it() {
    let (mut world, printers) = with_printer();
    printers.by_hand(true);
    accepted(&mut world, 1);
    let waiting = [(Some(id(1)), PrintState::Waiting, false)];
    assert_eq!(jobs(&mut world), waiting);
    restart(&mut world, &printers);
    assert_eq!(jobs(&mut world), waiting);
    for _ in 0..4 {
        printers.step(HOT);
        world.pass(0);
    }
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
    assert_eq!(jobs(&mut world), []);
}

#[test]
fn a_printer_that_goes_between_being_reached_and_the_first_byte_has_printed_nothing() {
    let (mut world, printers) = with_printer();
    printers.by_hand(true);
    accepted(&mut world, 1);
    printers.step(HOT);
    world.pass(0);
    assert_eq!(jobs(&mut world), [(Some(id(1)), PrintState::Sending, false)]);
    printers.mood(HOT, Mood::Off);
    printers.step(HOT);
    world.pass(0);
    assert_eq!(jobs(&mut world), [(Some(id(1)), PrintState::Waiting, false)]);
    printers.mood(HOT, Mood::Works);
    printers.by_hand(false);
    // The next try comes after a second, and was by hand no longer.
    world.pass(1_000);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn what_is_set_up_anew_while_it_is_being_reached_prints_as_it_is_now() {
    let (mut world, printers) = with_printer();
    printers.by_hand(true);
    accepted(&mut world, 1);
    save(
        &mut world,
        Printer {
            name: "Pass".into(),
            ..printer(HOT)
        },
    );
    for _ in 0..5 {
        printers.step(HOT);
        world.pass(0);
    }
    assert_eq!(printers.tries(HOT), 2, "the first was another one");
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
    assert_eq!(jobs(&mut world), []);
}

#[test]
fn a_program_that_dies_while_it_prints_finds_an_unsure_ticket_and_prints_its_copy() {
    for steps in 0..3 {
        let (mut world, printers) = with_printer();
        printers.by_hand(true);
        accepted(&mut world, 1);
        printers.step(HOT);
        world.pass(0);
        for _ in 0..steps {
            printers.step(HOT);
        }
        assert_eq!(jobs(&mut world), [(Some(id(1)), PrintState::Sending, false)]);
        // The last byte is out, and maybe the word of it is too, but nothing of that was written down.
        let torn: Vec<Paper> = printers.paper(HOT);
        restart(&mut world, &printers);
        printers.step(HOT);
        world.pass(0);
        assert_eq!(
            jobs(&mut world),
            [
                (Some(id(1)), PrintState::Unsure, false),
                (Some(id(1)), PrintState::Sending, true)
            ],
            "after {steps} steps"
        );
        for _ in 0..3 {
            printers.step(HOT);
            world.pass(0);
        }
        assert_eq!(jobs(&mut world), []);
        let paper = printers.paper(HOT);
        assert_eq!(paper.len(), torn.len() + 1);
        assert!(paper.last().unwrap().copy && paper.last().unwrap().whole);
    }
}

#[test]
fn a_printer_that_jams_holds_no_other_one_up() {
    let (mut world, printers) = with_printer();
    save(&mut world, printer(COLD));
    printers.by_hand(true);
    accepted(&mut world, 1);
    accepted(&mut world, 2);
    // The hot kitchen's printer has taken half a ticket, and goes on taking its time.
    for _ in 0..2 {
        printers.step(HOT);
        world.pass(0);
    }
    for _ in 0..8 {
        printers.step(COLD);
        world.pass(0);
    }
    assert_eq!(printers.orders(COLD), [(id(1), false), (id(2), false)]);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn an_order_called_off_takes_what_waits_with_it_and_what_may_be_on_paper_is_not_repeated() {
    let (mut world, printers) = with_printer();
    save(&mut world, printer(COLD));
    printers.mood(HOT, Mood::Off);
    printers.mood(COLD, Mood::Jams);
    accepted(&mut world, 1);
    accepted(&mut world, 2);
    world.pass(1_000);
    put(&mut world, 1, 7, "cancelled");
    printers.mood(HOT, Mood::Works);
    printers.mood(COLD, Mood::Works);
    let spoilt = printers.paper(COLD).len();
    world.pass(60_000);
    assert_eq!(printers.orders(HOT), [(id(2), false)]);
    assert_eq!(printers.orders(COLD)[spoilt..], [(id(2), false)]);
    let left = jobs(&mut world);
    assert!(
        left.contains(&(Some(id(1)), PrintState::Unsure, false)),
        "{left:?}"
    );
    assert!(left.iter().all(|job| job.1 == PrintState::Unsure), "{left:?}");
}

#[test]
fn an_order_that_could_not_be_called_off_is_printed_after_all() {
    let (mut world, printers) = with_printer();
    save(&mut world, printer(COLD));
    printers.mood(HOT, Mood::Off);
    printers.mood(COLD, Mood::Jams);
    accepted(&mut world, 1);
    world.pass(1_000);
    offline(&mut world);
    let cancel = CancelOrder {
        id: id(1),
        reason: Reason::TooBusy,
    };
    assert_eq!(world.ask(cancel).unwrap().status, OrderStatus::Cancelled);
    printers.mood(HOT, Mood::Works);
    printers.mood(COLD, Mood::Works);
    let spoilt = printers.paper(COLD).len();
    restart(&mut world, &printers);
    world.pass(60_000);
    assert_eq!(
        (printers.paper(HOT).len(), printers.paper(COLD).len()),
        (0, spoilt)
    );
    let refusal = json!({ "status": "picked_up" });
    world
        .server
        .borrow_mut()
        .refuse("order.cancel", ErrorCode::WrongState, refusal);
    world.server.borrow_mut().up = true;
    world.pass(60_000);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
    assert_eq!(printers.orders(COLD)[spoilt..], [(id(1), true)]);
    assert_eq!(jobs(&mut world), []);
}

#[test]
fn what_was_delivered_while_the_printer_was_off_is_printed_all_the_same() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    accepted(&mut world, 1);
    put(&mut world, 1, 7, "delivered");
    printers.mood(HOT, Mood::Works);
    world.pass(15_000);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn what_waits_is_printed_after_a_sign_out_too() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    accepted(&mut world, 1);
    world.ask(SignOut {}).unwrap();
    restart(&mut world, &printers);
    printers.mood(HOT, Mood::Works);
    world.pass(15_000);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn a_stations_printer_gets_that_stations_lines_and_what_is_of_no_station() {
    let (mut world, printers) = with_printer();
    let items = [Uuid::from_u128(61), Uuid::from_u128(62), Uuid::from_u128(63)];
    let category = |n: u128, station: Option<&str>| {
        let item = json!({ "id": items[usize::try_from(n).unwrap()], "name": { "en": "Dish" }, "price": 100,
            "availability": { "state": "available" } });
        let mut category =
            json!({ "id": Uuid::from_u128(70 + n), "name": { "en": "Heading" }, "items": [item] });
        if let Some(station) = station {
            category["station"] = json!(station);
        }
        category
    };
    let menu = json!({ "menu": { "currency": "SAR", "utcOffsetMinutes": 180,
        "categories": [category(0, Some("grill")), category(1, Some("drinks")), category(2, None)] }, "rev": 1 });
    world
        .server
        .borrow_mut()
        .change(Entity::Menu, KITCHEN.0, 1, Some(menu));
    let of = |at: Uuid, station: &str| Printer {
        stations: vec![station.into()],
        ..printer(at)
    };
    save(&mut world, of(HOT, "grill"));
    save(&mut world, of(COLD, "cold"));
    let line = |item: Uuid| json!({ "itemId": item, "name": { "en": "Dish" }, "quantity": 1, "unitPrice": 100, "total": 100 });
    let with_lines = |n: u128, lines: &[Uuid]| {
        let mut order = order(id(n), 2, "accepted");
        order["bill"]["lines"] = lines.iter().map(|item| line(*item)).collect();
        order
    };
    let gone = Uuid::from_u128(99);
    world
        .server
        .borrow_mut()
        .put_order(&with_lines(1, &[items[1], items[0], items[2], gone]));
    world.server.borrow_mut().put_order(&with_lines(2, &items[..2]));
    world.pass(100);
    let lines = |at| -> Vec<_> {
        let paper = printers.paper(at).into_iter();
        paper.map(|paper| (paper.order.unwrap(), paper.lines)).collect()
    };
    assert_eq!(lines(HOT), [(id(1), Some(vec![1, 2, 3])), (id(2), Some(vec![0]))]);
    assert_eq!(
        lines(COLD),
        [(id(1), Some(vec![2, 3]))],
        "nothing of the second is cold"
    );
}

#[test]
fn a_damaged_spool_is_set_aside_and_the_screens_hear_of_it_until_a_printer_is_there_again() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    accepted(&mut world, 1);
    world.restart_after(|folder| {
        for name in ["spool.db", "spool.db-wal"] {
            let file = folder.join(name);
            if file.exists() {
                std::fs::write(file, "not a database, not even a page of one".repeat(500)).unwrap();
            }
        }
    });
    attach(&mut world, &printers);
    let state = printing(&mut world);
    assert!(state.lost && state.printers.is_empty() && state.jobs.is_empty());
    assert_eq!(world.ask(GetConnection {}).unwrap().storage, Storage::Recovered);
    world.restart_after(|folder| {
        let mut names = std::fs::read_dir(folder).unwrap();
        let is_copy = |name: &str| name.starts_with("damaged-") && name.ends_with("-spool.db");
        assert!(names.any(|entry| is_copy(entry.unwrap().file_name().to_str().unwrap())));
    });
    attach(&mut world, &printers);
    assert!(printing(&mut world).lost, "until something was done about it");
    printers.mood(HOT, Mood::Works);
    assert!(!save(&mut world, printer(COLD)).lost);
    accepted(&mut world, 2);
    assert_eq!(printers.orders(COLD), [(id(2), false)]);
}

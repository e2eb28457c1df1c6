//! What screens ask of printing.

use momfood_protocol::engine::{
    GetPrinting, PrintOrder, PrintState, Printer, PrinterLine, RemovePrinter, SavePrinter, SettlePrint,
    SignOut, TestPrinter,
};
use momfood_protocol::error::ErrorCode;
use uuid::Uuid;

use super::press::Mood;
use super::{COLD, HOT, accepted, done, id, jobs, printer, printing, put, restart, save, with_printer};
use crate::kitchen;
use crate::tests::world::World;

/// The first job listed.
fn first(world: &mut World) -> Uuid {
    printing(world).jobs[0].id
}

#[test]
fn without_a_way_to_printers_all_of_it_is_not_on_this_device() {
    let mut world = World::durable(kitchen());
    let code = |failure: momfood_protocol::error::Failure| failure.code;
    let here = ErrorCode::NotOnThisDevice;
    assert_eq!(world.ask(GetPrinting {}).map_err(code), Err(here));
    let printer = printer(HOT);
    assert_eq!(world.ask(SavePrinter { printer }).map_err(code), Err(here));
    assert_eq!(world.ask(PrintOrder { id: id(1) }).map_err(code), Err(here));
    assert_eq!(world.ask(TestPrinter { id: HOT }).map_err(code), Err(here));
}

#[test]
fn nobody_who_is_not_signed_in_sees_a_ticket() {
    let (mut world, _) = with_printer();
    world.ask(SignOut {}).unwrap();
    let failure = world.ask(GetPrinting {}).unwrap_err();
    assert_eq!(failure.code, ErrorCode::Unauthenticated);
}

#[test]
fn a_printers_settings_are_kept_and_nonsense_is_refused() {
    let (mut world, printers) = with_printer();
    let network = |host: &str, port| PrinterLine::Network {
        host: host.into(),
        port,
    };
    let file = |path: &str| PrinterLine::File { path: path.into() };
    let serial = |path: &str, baud| PrinterLine::Serial {
        path: path.into(),
        baud,
    };
    let with_line = |line| Printer {
        line,
        ..printer(COLD)
    };
    let nonsense = [
        (
            Printer {
                name: " ".into(),
                ..printer(COLD)
            },
            "name",
        ),
        (
            Printer {
                copies: 0,
                ..printer(COLD)
            },
            "copies",
        ),
        (
            Printer {
                copies: 6,
                ..printer(COLD)
            },
            "copies",
        ),
        (
            Printer {
                stations: vec![String::new()],
                ..printer(COLD)
            },
            "stations",
        ),
        (with_line(network("", 9_100)), "host"),
        (with_line(network("a b", 9_100)), "host"),
        (with_line(network("printer/kitchen", 9_100)), "host"),
        (with_line(network("printer", 0)), "port"),
        (with_line(file("/home/cook/.profile")), "path"),
        (with_line(file("/dev/../home/cook/.profile")), "path"),
        (with_line(file("COM0")), "path"),
        (with_line(serial("ttyUSB0", 9_600)), "path"),
        (with_line(serial("/dev/ttyUSB0", 7)), "baud"),
    ];
    for (printer, field) in nonsense {
        let failure = world
            .ask(SavePrinter {
                printer: printer.clone(),
            })
            .unwrap_err();
        assert_eq!(failure.details["field"], field, "{printer:?}");
    }
    let sound = [
        network("fe80::1", 9_100),
        network("printer-1.kitchen", 9_100),
        file("/dev/usb/lp0"),
        serial("/dev/serial/by-id/usb-Star", 19_200),
        serial("com3", 9_600),
        file(r"\\.\LPT1"),
    ];
    for line in sound {
        save(&mut world, with_line(line.clone()));
        restart(&mut world, &printers);
        let kept = printing(&mut world).printers;
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[1].printer.line, line);
    }
    let trimmed = Printer {
        name: "  Bar ".into(),
        stations: vec![" bar ".into(), "bar".into()],
        ..printer(COLD)
    };
    let kept = save(&mut world, trimmed).printers.remove(0).printer;
    assert_eq!(
        (kept.name.as_str(), kept.stations.as_slice()),
        ("Bar", &["bar".to_owned()][..])
    );
}

#[test]
fn what_was_printed_or_may_have_been_is_printed_again_as_a_copy_and_what_waits_only_hurries() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    accepted(&mut world, 1);
    world.pass(60_000);
    printers.mood(HOT, Mood::Works);
    world.ask(PrintOrder { id: id(1) }).unwrap();
    world.pass(0);
    assert_eq!(printers.orders(HOT), [(id(1), false)], "at once, and once");
    let told = world.ask(PrintOrder { id: id(1) }).unwrap();
    assert_eq!((told.jobs.len(), told.jobs[0].copy), (1, true));
    world.pass(0);
    assert_eq!(printers.orders(HOT), [(id(1), false), (id(1), true)]);
    // Also after it was taken away and added again.
    world.ask(RemovePrinter { id: HOT }).unwrap();
    save(&mut world, printer(HOT));
    world.ask(PrintOrder { id: id(1) }).unwrap();
    world.pass(0);
    assert_eq!(printers.orders(HOT).last(), Some(&(id(1), true)));
}

#[test]
fn what_somebody_asks_for_is_printed_although_it_was_called_off() {
    let (mut world, printers) = with_printer();
    put(&mut world, 1, 3, "cancelled");
    printers.mood(HOT, Mood::Off);
    world.ask(PrintOrder { id: id(1) }).unwrap();
    put(&mut world, 1, 4, "cancelled");
    printers.mood(HOT, Mood::Works);
    world.pass(15_000);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn a_ticket_asked_for_before_its_order_is_accepted_is_not_queued_twice() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    put(&mut world, 1, 1, "pending");
    world.ask(PrintOrder { id: id(1) }).unwrap();
    put(&mut world, 1, 2, "accepted");
    printers.mood(HOT, Mood::Works);
    world.pass(15_000);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn without_a_printer_for_it_an_order_is_not_printed_and_that_is_said() {
    let (mut world, _) = with_printer();
    accepted(&mut world, 1);
    world.ask(RemovePrinter { id: HOT }).unwrap();
    let failure = world.ask(PrintOrder { id: id(1) }).unwrap_err();
    assert_eq!(failure.code, ErrorCode::NotOnThisDevice);
    let failure = world.ask(TestPrinter { id: HOT }).unwrap_err();
    assert_eq!(failure.code, ErrorCode::NotFound);
}

#[test]
fn a_test_page_is_printed_and_waits_like_any_other() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    world.ask(TestPrinter { id: HOT }).unwrap();
    world.ask(TestPrinter { id: HOT }).unwrap();
    world.pass(1_000);
    assert_eq!(jobs(&mut world), [(None, PrintState::Waiting, false)]);
    printers.mood(HOT, Mood::Works);
    world.ask(TestPrinter { id: HOT }).unwrap();
    world.pass(0);
    assert_eq!(printers.paper(HOT).len(), 1);
    assert_eq!(done(&mut world), [(None, PrintState::Printed, false)]);
}

#[test]
fn a_ticket_somebody_looked_at_is_settled_with_its_copy_and_the_next_one_has_its_turn() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Jams);
    accepted(&mut world, 1);
    accepted(&mut world, 2);
    world.pass(30_000);
    let spoilt = printers.paper(HOT).len();
    printers.mood(HOT, Mood::Works);
    let job = first(&mut world);
    world.ask(SettlePrint { job, again: false }).unwrap();
    world.pass(0);
    assert_eq!(printers.orders(HOT)[spoilt..], [(id(2), false)], "it was there");
    assert_eq!(jobs(&mut world), []);
    world.ask(SettlePrint { job, again: true }).unwrap();
    world.pass(0);
    assert_eq!(printers.orders(HOT).last(), Some(&(id(1), true)), "it was not");
    let failure = world
        .ask(SettlePrint {
            job: Uuid::nil(),
            again: true,
        })
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::NotFound);
}

#[test]
fn a_waiting_ticket_can_be_let_go_and_is_no_copy_when_it_is_asked_for_after_all() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    accepted(&mut world, 1);
    let job = first(&mut world);
    world.ask(SettlePrint { job, again: false }).unwrap();
    printers.mood(HOT, Mood::Works);
    put(&mut world, 1, 3, "preparing");
    world.pass(60_000);
    assert_eq!(printers.orders(HOT), []);
    world.ask(PrintOrder { id: id(1) }).unwrap();
    world.pass(0);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn a_ticket_settled_while_its_copy_goes_out_is_not_sent_again() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Jams);
    accepted(&mut world, 1);
    printers.by_hand(true);
    world.pass(2_000);
    for _ in 0..2 {
        printers.step(HOT);
        world.pass(0);
    }
    let job = first(&mut world);
    world.ask(SettlePrint { job, again: false }).unwrap();
    printers.step(HOT);
    world.pass(60_000);
    assert!(!printers.is_going(HOT));
    assert_eq!(
        jobs(&mut world),
        [(Some(id(1)), PrintState::Unsure, true)],
        "it may lie there"
    );
}

#[test]
fn a_removed_printer_is_forgotten_with_what_it_had_to_print() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    accepted(&mut world, 1);
    let left = world.ask(RemovePrinter { id: HOT }).unwrap();
    assert!(left.printers.is_empty() && left.jobs.is_empty());
    let tries = printers.tries(HOT);
    printers.mood(HOT, Mood::Works);
    world.pass(60_000);
    assert_eq!(printers.tries(HOT), tries);
}

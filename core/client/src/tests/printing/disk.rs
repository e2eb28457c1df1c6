//! A disk that takes nothing for a while, and a spool of a newer program.

use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{GetPrinting, PrintState};
use momfood_protocol::error::ErrorCode;

use super::press::{Mood, Printers};
use super::{HOT, accepted, attach, done, id, jobs, printing, restart, with_printer};
use crate::tests::world::World;

/// Changes the spool's file while the program does not run.
fn alter(world: &mut World, printers: &Printers, sql: &str) {
    world.restart_after(|folder| {
        let spool = rusqlite::Connection::open(folder.join("spool.db")).unwrap();
        spool.execute_batch(sql).unwrap();
        spool.close().unwrap();
    });
    attach(world, printers);
}

/// Until then a write of that kind fails.
fn fail_until(world: &mut World, printers: &Printers, what: &str, until: Timestamp) {
    let sql = format!(
        "CREATE TRIGGER fault BEFORE {what} < {} BEGIN SELECT raise(ABORT, 'the disk does not obey'); END",
        until.0
    );
    alter(world, printers, &sql);
    world.pass(1_000);
}

#[test]
fn what_cannot_be_written_down_does_not_go_out() {
    let (mut world, printers) = with_printer();
    let until = world.now().plus_minutes(10);
    fail_until(
        &mut world,
        &printers,
        "INSERT ON sheet WHEN NEW.sent = 1 AND NEW.at",
        until,
    );
    accepted(&mut world, 1);
    accepted(&mut world, 2);
    world.pass(9 * 60_000);
    assert_eq!(printers.orders(HOT), []);
    assert_eq!(jobs(&mut world)[0], (Some(id(1)), PrintState::Waiting, false));
    world.pass(2 * 60_000);
    assert_eq!(printers.orders(HOT), [(id(1), false), (id(2), false)]);
}

#[test]
fn an_order_that_could_not_be_queued_is_queued_once_the_disk_obeys() {
    let (mut world, printers) = with_printer();
    let until = world.now().plus_minutes(10);
    fail_until(
        &mut world,
        &printers,
        "INSERT ON sheet WHEN NEW.sent = 0 AND NEW.at",
        until,
    );
    accepted(&mut world, 1);
    world.pass(9 * 60_000);
    assert_eq!((printers.tries(HOT), jobs(&mut world).len()), (0, 0));
    world.pass(2 * 60_000);
    assert_eq!(printers.orders(HOT), [(id(1), false)]);
}

#[test]
fn until_it_is_written_down_that_a_ticket_was_printed_it_counts_as_being_sent() {
    for dies in [false, true] {
        let (mut world, printers) = with_printer();
        let until = world.now().plus_minutes(10);
        let what = "UPDATE ON job WHEN NEW.state = 'printed' AND NEW.done_at";
        fail_until(&mut world, &printers, what, until);
        accepted(&mut world, 1);
        accepted(&mut world, 2);
        assert_eq!(
            jobs(&mut world),
            [
                (Some(id(1)), PrintState::Sending, false),
                (Some(id(2)), PrintState::Waiting, false)
            ]
        );
        assert_eq!(
            printers.orders(HOT),
            [(id(1), false)],
            "the next one waits for it"
        );
        if dies {
            restart(&mut world, &printers);
        }
        world.pass(12 * 60_000);
        assert_eq!(jobs(&mut world), []);
        let copies = printers
            .orders(HOT)
            .iter()
            .filter(|(of, copy)| *of == id(1) && *copy)
            .count();
        assert_eq!(copies, usize::from(dies));
        assert_eq!(printers.orders(HOT).last(), Some(&(id(2), false)));
    }
}

#[test]
fn a_spool_of_a_newer_program_is_left_alone_and_read_again_by_that_one() {
    let (mut world, printers) = with_printer();
    printers.mood(HOT, Mood::Off);
    accepted(&mut world, 1);
    alter(&mut world, &printers, "PRAGMA user_version = 9");
    let failure = world.ask(GetPrinting {}).unwrap_err();
    assert_eq!(failure.code, ErrorCode::NotOnThisDevice);
    assert!(failure.details["why"].as_str().unwrap().contains('9'));
    accepted(&mut world, 2);
    world.pass(60_000);
    printers.mood(HOT, Mood::Works);
    alter(&mut world, &printers, "PRAGMA user_version = 1");
    world.pass(15_000);
    assert!(!printing(&mut world).lost);
    assert_eq!(printers.orders(HOT), [(id(1), false), (id(2), false)]);
    assert_eq!(done(&mut world).len(), 2);
}

#[test]
fn what_is_done_is_listed_for_three_days_and_its_order_is_remembered_for_longer() {
    let (mut world, printers) = with_printer();
    accepted(&mut world, 1);
    accepted(&mut world, 2);
    for (hours, listed) in [(71, 3), (2, 2), (69, 3), (24 * 60, 1)] {
        world.restart_later(hours * 3_600_000);
        attach(&mut world, &printers);
        world.pass(60_000);
        // What is old is let go of when something is printed.
        let next = 2 + printers.orders(HOT).len() as u128;
        accepted(&mut world, next);
        assert_eq!(done(&mut world).len(), listed, "{hours} hours later");
    }
    let copies = printers.orders(HOT).iter().filter(|(_, copy)| *copy).count();
    assert_eq!(
        (printers.orders(HOT).len(), copies),
        (6, 0),
        "all on the board still, and none printed again"
    );
}

//! The simulator itself: a run is the same every time, towns without trouble keep every law, and each wrong variant of
//! the protocol is caught.
#![allow(clippy::expect_used, reason = "a fault here is a failed test")]

use std::collections::BTreeSet;

use momfood_sim::campaign::{Bench, Stall};
use momfood_sim::laws::Law;
use momfood_sim::plan::{Broken, Cast, Plan, Trouble};

fn stall() -> (Bench, Stall) {
    let bench = Bench::set_up().expect("a town");
    let stall = bench.stall(0).expect("a place to run");
    (bench, stall)
}

#[test]
fn a_run_is_the_same_every_time() {
    let (_bench, stall) = stall();
    for seed in 1..=12 {
        let mut plan = Plan::of(seed);
        // The harder half of the seeds with everything at once.
        if seed > 6 {
            plan.troubles = Trouble::ALL.iter().copied().collect();
        }
        let one = stall.run(&plan, true).expect("a run");
        let other = stall.run(&plan, true).expect("a run");
        let differs = one
            .story
            .iter()
            .zip(&other.story)
            .find(|(one, other)| one != other);
        assert_eq!(differs, None, "{plan}");
        assert_eq!(
            (one.trace, one.story.len()),
            (other.trace, other.story.len()),
            "{plan}"
        );
    }
}

#[test]
fn a_town_without_trouble_keeps_every_law() {
    let (_bench, stall) = stall();
    for seed in 1..=40 {
        let plan = Plan {
            troubles: BTreeSet::new(),
            ..Plan::of(seed)
        };
        let outcome = stall.run(&plan, false).expect("a run");
        assert_eq!(outcome.broken, None, "{plan}");
        assert!(outcome.taps > 0, "people did nothing: {plan}");
    }
}

/// The town of a seed in which mistakes are looked for.
fn town(seed: u64, troubles: &[Trouble], page: u32, broken: Option<Broken>) -> Plan {
    Plan {
        steps: 60,
        cast: Cast {
            customers: 2,
            screens: 3,
            drivers: 2,
        },
        troubles: troubles.iter().copied().collect(),
        page,
        broken,
        ..Plan::of(seed)
    }
}

/// The mistake must be caught in one of so many towns by one of `laws`, and the same towns without it must break none.
/// Whatever else a mistake breaks on the way proves nothing here.
fn must_catch(broken: Broken, troubles: &[Trouble], page: u32, seeds: u64, laws: &[Law]) {
    let (_bench, stall) = stall();
    for seed in 1..=seeds {
        let right = town(seed, troubles, page, None);
        let outcome = stall.run(&right, false).expect("a run");
        assert_eq!(outcome.broken, None, "without the mistake: {right}");
        let wrong = town(seed, troubles, page, Some(broken));
        let outcome = stall.run(&wrong, false).expect("a run");
        if let Some(violation) = outcome.broken.filter(|violation| laws.contains(&violation.law)) {
            eprintln!("{}: in town {seed}, {violation}", broken.word());
            return;
        }
    }
    panic!("{} was not caught in {seeds} towns", broken.word());
}

#[test]
fn numbers_drawn_before_the_commit_are_caught() {
    must_catch(
        Broken::SequenceCursor,
        &[Trouble::Stream],
        1_000,
        20,
        &[Law::Agree, Law::Drains, Law::TapsStayShown],
    );
}

#[test]
fn pulling_that_waits_for_pushing_is_caught() {
    must_catch(
        Broken::PullWaits,
        &[Trouble::Pause, Trouble::Stream, Trouble::Poison],
        2,
        60,
        &[Law::ReadsOn],
    );
}

#[test]
fn a_queue_wedged_behind_a_poisoned_mutation_is_caught() {
    must_catch(
        Broken::Wedge,
        &[Trouble::Poison],
        1_000,
        20,
        &[Law::Drains, Law::NothingIsLost],
    );
}

#[test]
fn a_page_that_ends_one_too_early_is_caught() {
    must_catch(
        Broken::OffByOne,
        &[Trouble::Stream, Trouble::Partition],
        2,
        60,
        &[Law::Agree, Law::Drains, Law::TapsStayShown],
    );
}

#[test]
fn a_mutation_dropped_before_its_result_is_stored_is_caught() {
    must_catch(
        Broken::EarlyRemoval,
        &[Trouble::Crash, Trouble::Poison],
        1_000,
        200,
        &[Law::RefusalsAreSeen],
    );
}

#[test]
fn trying_again_only_when_something_is_tapped_is_caught() {
    must_catch(
        Broken::EdgeRetry,
        &[Trouble::Lost],
        1_000,
        20,
        &[Law::Armed, Law::Drains],
    );
}

#[test]
fn predictions_dropped_before_their_effects_came_are_caught() {
    must_catch(
        Broken::EarlyLastMid,
        &[Trouble::Late, Trouble::Stream],
        1,
        60,
        &[Law::TapsStayShown],
    );
}

#[test]
fn the_same_order_by_two_doors_is_caught() {
    must_catch(
        Broken::NoUidGuard,
        &[Trouble::Rest],
        1_000,
        30,
        &[Law::OnlyOnce, Law::NothingIsLost],
    );
}

#[test]
fn a_cursor_kept_across_a_change_of_view_is_caught() {
    must_catch(Broken::OldView, &[Trouble::View], 1_000, 60, &[Law::Agree]);
}

#[test]
fn mutations_taken_from_who_has_not_heard_of_the_restore_are_caught() {
    must_catch(
        Broken::OldHistory,
        &[Trouble::Doubled, Trouble::Late, Trouble::Restore],
        1_000,
        40,
        &[Law::RefusalsAreSeen],
    );
}

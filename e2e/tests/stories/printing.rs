//! The kitchen's app and its printer: paper comes once for every order accepted, whatever happens to the printer and to the
//! app; and where nobody can be sure, the board says so and a COPY comes.

use std::time::Duration;

use momfood_backend::store::Engine;
use momfood_domain::actor::Role;
use momfood_e2e::api::Api;
use momfood_e2e::kitchen::Kitchen;
use momfood_e2e::screen::{Screen, Size, id};
use momfood_e2e::stage::{Stage, tell_on};
use momfood_print::Raster;
use momfood_print::fake::{Fake, Mood};
use momfood_protocol::device::PrinterLine;

/// Longer than the app's longest wait between two tries, and a ticket's way.
const PATIENCE: Duration = Duration::from_secs(30);

/// Only a native app reaches a printer.
mod apps {
    use super::{Engine, tell_on};

    macro_rules! told {
        ($($story:ident),* $(,)?) => {
            $(#[test] fn $story() {
                tell_on(Engine::Sqlite, super::$story);
            })*
        };
    }

    told!(
        every_order_accepted_is_one_ticket_also_when_the_printer_was_off_and_the_app_was_killed,
        a_ticket_cut_off_in_the_middle_is_doubted_on_the_board_until_a_copy_has_come,
        a_ticket_that_somebody_found_is_not_printed_again,
    );
}

/// Adds the printer on the Printers screen, and goes back to the board.
async fn add_printer(screen: &Screen, printer: &Fake, name: &str) {
    let PrinterLine::Network { host, port } = printer.line() else {
        unreachable!("it is on the network");
    };
    screen.goto("/kitchen/account").await;
    screen.press(&id("printers")).await;
    screen.see(&id("printers-screen")).await;
    screen.press(&id("printer-add")).await;
    screen.write(&id("printer-name"), name).await;
    screen.write(&id("printer-host"), &host).await;
    screen.write(&id("printer-port"), &port.to_string()).await;
    let automatic = format!("{}:checked", id("printer-automatic"));
    if !screen.shows(&automatic).await {
        screen.press(&id("printer-automatic")).await;
    }
    screen.press(&id("printer-save")).await;
    screen.see(&id("printer")).await;
    screen.see_no(&id("printer-sheet")).await;
    screen.goto("/kitchen/").await;
    screen.see(&id("board")).await;
}

/// A customer orders, and the kitchen says yes.
async fn accept_one(stage: &Stage, kitchen: &Kitchen, customer: &Api) -> String {
    let order = customer.place(stage.city.restaurant()).await.id.to_string();
    kitchen.sees_new_order().await;
    kitchen.accept().await;
    kitchen.sees_ticket(&order, "accepted").await;
    order
}

/// Waits for the printer's `count`th ticket, which is its last so far.
fn tickets(printer: &Fake, count: usize) -> Vec<Raster> {
    let tickets = printer.wait_for(count, PATIENCE);
    assert_eq!(tickets.len(), count, "so many tickets were cut off");
    tickets
}

/// Whether there is something on it.
fn is_printed(ticket: &Raster) -> bool {
    ticket.rows().iter().any(|dots| *dots != 0)
}

/// Whether two orders' tickets are as high, to a millimetre: round digits of a number stand out by a dot, the bands of a COPY by
/// dozens.
const fn is_as_high(one: u32, other: u32) -> bool {
    one.abs_diff(other) < 8
}

/// Looks on the Printers screen until so many tickets are in `state` and none in another; goes back to the board.
async fn all_tickets_are(screen: &Screen, states: &[(&str, u64)]) {
    screen.goto("/kitchen/printers").await;
    let as_told = async || {
        let mut rest = screen.count(&id("print-job")).await;
        for (state, count) in states {
            let such = format!("{}[data-state=\"{state}\"]", id("print-job"));
            if screen.count(&such).await != *count {
                return None;
            }
            rest = rest.checked_sub(*count)?;
        }
        (rest == 0).then_some(())
    };
    screen.until(&format!("{states:?}"), as_told).await;
    screen.goto("/kitchen/").await;
    screen.see(&id("board")).await;
}

async fn every_order_accepted_is_one_ticket_also_when_the_printer_was_off_and_the_app_was_killed(
    stage: &mut Stage,
) {
    let printer = Fake::start().expect("a free port");
    let mut machine = stage.elsewhere().await;
    let kitchen = stage.kitchen_in(&machine.browser).await;
    add_printer(&kitchen.screen, &printer, "Pass").await;
    let customer = stage.api(Role::Customer).await;

    let first = accept_one(stage, &kitchen, &customer).await;
    let ticket = tickets(&printer, 1).remove(0);
    assert!(is_printed(&ticket));
    all_tickets_are(&kitchen.screen, &[("printed", 1)]).await;
    // More paper of it is there for the asking, and says on itself that it is a copy: in two bands.
    kitchen.look_at(&first).await;
    let print = format!("{}[data-copy=\"true\"]", id("print"));
    kitchen.screen.press(&print).await;
    let copy = tickets(&printer, 2).remove(1);
    assert!(copy.height() > ticket.height());
    // Until then it may still break off.
    all_tickets_are(&kitchen.screen, &[("printed", 2)]).await;

    printer.set(Mood::Off);
    accept_one(stage, &kitchen, &customer).await;
    kitchen.screen.see(&id("print-held")).await;

    machine.kill_and_reopen().await;
    let screen = machine.browser.open("kitchen", Size::DESK, "/kitchen/").await;
    let kitchen = Kitchen { screen };
    kitchen.screen.see(&id("print-held")).await;
    all_tickets_are(&kitchen.screen, &[("waiting", 1), ("printed", 2)]).await;
    kitchen.screen.goto("/kitchen/printers").await;
    let health = format!("{}[data-health=\"unreachable\"]", id("printer"));
    kitchen.screen.see(&health).await;
    kitchen.screen.goto("/kitchen/").await;
    assert_eq!(printer.tickets().len(), 2, "it is off");

    printer.set(Mood::Fine);
    let late = tickets(&printer, 3).remove(2);
    assert!(is_printed(&late));
    assert!(
        is_as_high(late.height(), ticket.height()),
        "nothing of it was on paper before: no copy"
    );
    kitchen.screen.see_no(&id("print-held")).await;

    // What comes next is the next order's ticket, and not the same one once more.
    accept_one(stage, &kitchen, &customer).await;
    let next = tickets(&printer, 4).remove(3);
    assert!(is_as_high(next.height(), ticket.height()));
    assert_ne!(next, late, "another number");
    all_tickets_are(&kitchen.screen, &[("printed", 4)]).await;
    assert_eq!(tickets(&printer, 4).len(), 4);
    assert_eq!(printer.garbage(), 0);
}

/// How high two pieces of paper are.
struct Paper {
    /// A ticket that was printed as it should be.
    ticket: u32,
    /// What was printed of the one that broke off. It hangs together with what comes next.
    torn: u32,
}

/// Prints a ticket as it should be, and has the next one break off. The printer is off afterwards.
async fn break_off(stage: &Stage, kitchen: &Kitchen, customer: &Api, printer: &Fake) -> Paper {
    add_printer(&kitchen.screen, printer, "Pass").await;
    accept_one(stage, kitchen, customer).await;
    let ticket = tickets(printer, 1).remove(0).height();
    all_tickets_are(&kitchen.screen, &[("printed", 1)]).await;
    printer.set(Mood::CutsOff { after: 20_000 });
    accept_one(stage, kitchen, customer).await;
    kitchen.screen.see(&id("print-unsure")).await;
    printer.set(Mood::Off);
    printer.switch_off_and_on();
    assert_eq!(printer.tickets().len(), 1);
    let torn = printer.unfinished().expect("some of it is on paper").height();
    assert!(torn < ticket, "it broke off in the middle");
    Paper { ticket, torn }
}

async fn a_ticket_cut_off_in_the_middle_is_doubted_on_the_board_until_a_copy_has_come(stage: &mut Stage) {
    let printer = Fake::start().expect("a free port");
    let kitchen = stage.kitchen().await;
    let customer = stage.api(Role::Customer).await;
    let Paper { ticket, torn } = break_off(stage, &kitchen, &customer, &printer).await;

    printer.set(Mood::Fine);
    let copy = tickets(&printer, 2).remove(1);
    assert!(copy.height() > torn + ticket, "it says that it is a copy");
    kitchen.screen.see_no(&id("print-unsure")).await;
    all_tickets_are(&kitchen.screen, &[("settled", 1), ("printed", 2)]).await;

    accept_one(stage, &kitchen, &customer).await;
    let next = tickets(&printer, 3).remove(2);
    assert!(is_as_high(next.height(), ticket), "one copy was enough");
    assert!(!kitchen.screen.shows(&id("print-unsure")).await);
}

async fn a_ticket_that_somebody_found_is_not_printed_again(stage: &mut Stage) {
    let printer = Fake::start().expect("a free port");
    let kitchen = stage.kitchen().await;
    let customer = stage.api(Role::Customer).await;
    let Paper { ticket, torn } = break_off(stage, &kitchen, &customer, &printer).await;

    let screen = &kitchen.screen;
    // A copy that was cut off as well is doubted by itself.
    while screen.shows(&id("print-unsure")).await {
        let job = screen.attribute(&id("print-unsure"), "data-job").await;
        let strip = format!("[data-job=\"{job}\"]");
        screen.press(&format!("{strip} {}", id("print-is-here"))).await;
        screen.see_no(&strip).await;
    }
    printer.set(Mood::Fine);
    accept_one(stage, &kitchen, &customer).await;
    let next = tickets(&printer, 2).remove(1);
    assert!(
        is_as_high(next.height(), torn + ticket),
        "the next order's, and no copy"
    );
    // The one found and the copy that was to come.
    all_tickets_are(screen, &[("settled", 2), ("printed", 2)]).await;
}

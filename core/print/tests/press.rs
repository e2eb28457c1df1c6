//! Printers that behave, and printers that do not.

mod samples;

use std::sync::Arc;
use std::time::Duration;

use futures::executor::block_on;
use momfood_client::port::{Press, PressError};
use momfood_domain::text::Lang;
use momfood_print::fake::{Fake, Mood};
use momfood_print::{Patience, press_with, render};
use momfood_protocol::device::{Paper, Sheet, SheetContent};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

fn press() -> Arc<dyn Press> {
    press_with(Patience {
        connect: Duration::from_secs(2),
        answer: Duration::from_millis(150),
        stall: Duration::from_secs(1),
        close: Duration::from_millis(300),
    })
}

fn ticket(printer: &Fake) -> Sheet {
    let mut sheet = samples::whole(samples::printer(Lang::Ar, Paper::Wide), samples::family());
    sheet.printer.line = printer.line();
    sheet
}

fn copy(printer: &Fake) -> Sheet {
    Sheet {
        copy: true,
        ..ticket(printer)
    }
}

#[test]
fn a_ticket_comes_out_as_it_was_drawn() {
    let printer = Fake::start().unwrap();
    let sheet = ticket(&printer);
    assert_eq!(block_on(press().print(sheet.clone())), Ok(()));
    assert_eq!(printer.wait_for(1, LONG), [render(&sheet)]);
    assert_eq!(printer.garbage(), 0);
}

#[test]
fn a_printer_that_never_says_a_word_prints_all_the_same() {
    let printer = Fake::start().unwrap();
    printer.set(Mood::Mute);
    let sheet = ticket(&printer);
    assert_eq!(block_on(press().print(sheet.clone())), Ok(()));
    assert_eq!(printer.wait_for(1, LONG), [render(&sheet)]);
}

#[test]
fn as_many_come_out_as_the_printer_is_set_to_and_none_is_a_copy() {
    let printer = Fake::start().unwrap();
    let mut sheet = ticket(&printer);
    sheet.printer.copies = 3;
    assert_eq!(block_on(press().print(sheet.clone())), Ok(()));
    assert_eq!(printer.wait_for(3, LONG), vec![render(&sheet); 3]);
}

#[test]
fn a_test_page_comes_out_once() {
    let printer = Fake::start().unwrap();
    let mut sheet = ticket(&printer);
    sheet.printer.copies = 3;
    sheet.content = SheetContent::Test;
    let press = press();
    assert_eq!(block_on(press.print(sheet.clone())), Ok(()));
    assert_eq!(block_on(press.print(ticket(&printer))), Ok(()));
    assert_eq!(
        printer.wait_for(2, LONG),
        [render(&sheet), render(&ticket(&printer))]
    );
}

#[test]
fn a_printer_that_is_off_took_nothing_and_prints_when_it_is_back() {
    let printer = Fake::start().unwrap();
    let press = press();
    printer.set(Mood::Off);
    assert_eq!(
        block_on(press.print(ticket(&printer))),
        Err(PressError::Unreachable)
    );
    assert_eq!(printer.received(), 0);
    printer.set(Mood::Fine);
    assert_eq!(block_on(press.print(ticket(&printer))), Ok(()));
    assert_eq!(printer.wait_for(1, LONG), [render(&ticket(&printer))]);
}

#[test]
fn a_printer_that_was_reached_and_let_go_of_has_printed_nothing_and_is_free() {
    let printer = Fake::start().unwrap();
    let press = press();
    let reached = block_on(press.reach(&ticket(&printer).printer));
    assert!(reached.is_ok());
    drop(reached);
    assert_eq!(block_on(press.print(ticket(&printer))), Ok(()));
    assert_eq!(printer.wait_for(1, LONG), [render(&ticket(&printer))]);
    assert_eq!(printer.unfinished(), None);
    printer.set(Mood::NoPaper);
    assert!(block_on(press.reach(&ticket(&printer).printer)).is_err());
}

#[test]
fn a_printer_without_paper_is_not_given_a_byte_of_the_ticket() {
    let printer = Fake::start().unwrap();
    printer.set(Mood::NoPaper);
    assert_eq!(
        block_on(press().print(ticket(&printer))),
        Err(PressError::Unreachable)
    );
    assert!(printer.received() <= 6, "questions only");
    assert_eq!(printer.unfinished(), None);
}

#[test]
fn a_printer_whose_paper_ends_within_a_ticket_may_have_printed_it() {
    let printer = Fake::start().unwrap();
    printer.set(Mood::PaperEnds { after: 30_000 });
    assert_eq!(
        block_on(press().print(ticket(&printer))),
        Err(PressError::Stalled)
    );
}

#[test]
fn a_printer_that_stalls_may_have_printed_and_prints_a_copy_when_it_goes_on() {
    let printer = Fake::start().unwrap();
    let press = press();
    printer.set(Mood::Stalls { after: 20_000 });
    assert_eq!(block_on(press.print(ticket(&printer))), Err(PressError::Stalled));
    assert_eq!(printer.tickets().len(), 0);
    printer.set(Mood::Fine);
    assert_eq!(block_on(press.print(copy(&printer))), Ok(()));
    let tickets = printer.wait_for(1, LONG);
    // What was printed of the first hangs together with the copy: its head was never told to cut.
    assert!(tickets[0].rows().ends_with(render(&copy(&printer)).rows()));
    assert_eq!(printer.garbage(), 0);
}

#[test]
fn after_a_connection_cut_within_a_picture_the_copy_is_whole_and_not_taken_for_the_rest_of_it() {
    for after in [13, 700, 9_300, 9_310, 40_001] {
        let printer = Fake::start().unwrap();
        let press = press();
        printer.set(Mood::CutsOff { after });
        assert_eq!(
            block_on(press.print(ticket(&printer))),
            Err(PressError::Stalled),
            "{after}"
        );
        printer.set(Mood::Fine);
        assert_eq!(block_on(press.print(copy(&printer))), Ok(()), "{after}");
        let tickets = printer.wait_for(1, LONG);
        assert!(
            tickets[0].rows().ends_with(render(&copy(&printer)).rows()),
            "{after}"
        );
    }
}

#[test]
fn a_printer_that_was_switched_off_and_on_prints_the_copy_alone() {
    let printer = Fake::start().unwrap();
    let press = press();
    printer.set(Mood::CutsOff { after: 100 });
    assert_eq!(block_on(press.print(ticket(&printer))), Err(PressError::Stalled));
    printer.set(Mood::Off);
    printer.switch_off_and_on();
    printer.set(Mood::Fine);
    assert_eq!(block_on(press.print(copy(&printer))), Ok(()));
    assert_eq!(printer.wait_for(1, LONG), [render(&copy(&printer))]);
    assert_eq!(printer.garbage(), 0, "what fills up a picture prints nothing");
}

#[test]
fn tickets_asked_for_at_once_come_out_one_after_the_other() {
    let printer = Fake::start().unwrap();
    let press = press();
    let sheets: Vec<Sheet> = (0..4)
        .map(|n| {
            let mut order = samples::plain();
            order.number = format!("4821-000{n}");
            let mut sheet = samples::whole(samples::printer(Lang::En, Paper::Narrow), order);
            sheet.printer.line = printer.line();
            sheet
        })
        .collect();
    let printed = futures::future::join_all(sheets.iter().cloned().map(|sheet| press.print(sheet)));
    assert_eq!(block_on(printed), [Ok(()); 4]);
    let pictures: Vec<_> = sheets.iter().map(render).collect();
    assert_eq!(printer.wait_for(4, LONG), pictures);
}

#[test]
fn a_ticket_nobody_waits_for_any_more_is_not_printed() {
    let printer = Fake::start().unwrap();
    let press = press();
    printer.set(Mood::Stalls { after: 1_000 });
    let first = press.print(ticket(&printer));
    drop(press.print(copy(&printer)));
    assert_eq!(block_on(first), Err(PressError::Stalled));
    printer.set(Mood::Fine);
    printer.switch_off_and_on();
    assert_eq!(block_on(press.print(ticket(&printer))), Ok(()));
    assert_eq!(printer.wait_for(1, LONG).len(), 1);
}

#[test]
fn a_printer_with_a_name_nobody_knows_is_not_reached() {
    let printer = Fake::start().unwrap();
    let mut sheet = ticket(&printer);
    sheet.printer.line = momfood_protocol::device::PrinterLine::Network {
        host: "printer.invalid".into(),
        port: 9_100,
    };
    assert_eq!(block_on(press().print(sheet)), Err(PressError::Unreachable));
}

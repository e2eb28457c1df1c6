//! What a kitchen must know of its printers: tickets that wait for one, and tickets nobody can be sure of.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::{PrintJob, PrintOrder, Printing, SettlePrint};
use uuid::Uuid;

use crate::Route;
use crate::floor::use_shop;
use crate::printing::{Held, held, unsure, was_printed};
use crate::tickets::short_number;
use crate::wording::printer_health;

/// How many tickets to be unsure of are told one by one.
const ONE_BY_ONE: usize = 2;

/// The bands; nothing while paper comes as it should.
#[component]
pub fn PaperStrips(station: Option<String>) -> Element {
    let shop = use_shop();
    let now = use_now();
    let Some(printing) = shop.printing() else {
        return rsx! {};
    };
    let station = station.as_deref();
    let doubts = unsure(&printing, station);
    let more = doubts.len().saturating_sub(ONE_BY_ONE);
    rsx! {
        if let Some(held) = held(&printing, station, now()) {
            HeldStrip { held, leads: station.is_none() }
        }
        for (job, printer) in doubts.into_iter().take(ONE_BY_ONE) {
            div { key: "{job.id}", class: "t-strip is-warn", role: "status", "data-testid": "print-unsure", "data-job": "{job.id}",
                IconView { icon: Icon::Help }
                span { class: "k-grow", {doubt(&job, &printer)} }
                Settle { id: job.id }
            }
        }
        if more > 0 {
            Band { leads: station.is_none(), testid: "print-unsure-more", {t!("kitchen-print-unsure-more", count: more)} }
        }
    }
}

/// A band about printers. It leads to their screen, but for a station's, whose window stays with its tickets.
#[component]
fn Band(leads: bool, testid: &'static str, children: Element) -> Element {
    let inside = rsx! {
        IconView { icon: Icon::Printer }
        span { class: "k-grow", {children} }
    };
    if !leads {
        return rsx! {
            div { class: "t-strip is-warn", role: "status", "data-testid": testid, {inside} }
        };
    }
    rsx! {
        button {
            r#type: "button",
            class: "t-strip is-warn",
            onclick: move |_| {
                navigator().push(Route::Printers {});
            },
            "data-testid": testid,
            {inside}
            IconView { icon: Icon::ChevronNext }
        }
    }
}

/// What is not sure about a ticket.
pub fn doubt(job: &PrintJob, printer: &str) -> String {
    match &job.number {
        Some(number) => t!(
            "kitchen-print-unsure",
            number: format::isolate_ltr(short_number(number)),
            printer: printer
        ),
        None => t!("kitchen-print-unsure-test", printer: printer),
    }
}

#[component]
fn HeldStrip(held: Held, leads: bool) -> Element {
    let now = use_now();
    let comma = t!("kitchen-comma");
    let names: Vec<&str> = held.printers.iter().map(|(name, _)| name.as_str()).collect();
    let printers = names.join(comma.as_str());
    let waits = match for_how_long(held.oldest, now()) {
        Some(age) => t!("kitchen-print-held-since", count: held.count, printer: printers, age: age),
        None => t!("kitchen-print-held", count: held.count, printer: printers),
    };
    // Of several printers each has its own trouble: the printers' screen tells.
    let why = match held.printers.as_slice() {
        [(_, health)] => t!("kitchen-print-held-why", health: printer_health(*health).0),
        _ => t!("kitchen-print-held-later"),
    };
    rsx! {
        Band { leads, testid: "print-held",
            b { "{waits}" }
            " {why}"
        }
    }
}

/// Somebody looked: it is there, or it is to be printed again.
#[component]
pub fn Settle(id: Uuid) -> Element {
    let shop = use_shop();
    let settle = use_command(move |_: Printing| shop.printing.again());
    rsx! {
        span { class: "t-strip-answers",
            Button {
                kind: ButtonKind::Secondary,
                icon: Icon::Check,
                disabled: settle.busy(),
                onclick: move |_| settle.run(SettlePrint { job: id, again: false }),
                "data-testid": "print-is-here",
                {t!("kitchen-print-is-here")}
            }
            Button {
                kind: ButtonKind::Secondary,
                icon: Icon::Printer,
                disabled: settle.busy(),
                onclick: move |_| settle.run(SettlePrint { job: id, again: true }),
                "data-testid": "print-again",
                {t!("kitchen-print-again")}
            }
        }
    }
}

/// Prints an order, where there are printers; a copy, where paper of it may lie somewhere already.
#[component]
pub fn PrintButton(id: OrderId) -> Element {
    let shop = use_shop();
    let print = use_command(move |_: Printing| {
        toast(t!("kitchen-print-asked"));
        shop.printing.again();
    });
    let Some(printing) = shop.printing().filter(|printing| !printing.printers.is_empty()) else {
        return rsx! {};
    };
    let copy = was_printed(&printing, id);
    rsx! {
        Button {
            kind: ButtonKind::Secondary,
            block: true,
            large: true,
            icon: Icon::Printer,
            busy: print.busy(),
            onclick: move |_| print.run(PrintOrder { id }),
            "data-testid": "print",
            "data-copy": copy,
            if copy { {t!("kitchen-print-copy")} } else { {t!("kitchen-print")} }
        }
    }
}

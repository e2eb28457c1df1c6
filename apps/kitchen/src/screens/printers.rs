//! This device's printers: how they are, what they still have to print, and what is not sure to be on paper.

use dioxus::prelude::*;
use momfood_domain::time::Timestamp;
use momfood_kit::engine::{Answer, Engine, ErrorCode, Query, use_command, use_engine};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{
    Paper, PrintJob, PrintState, Printer, PrinterLine, PrinterState, Printing, RemovePrinter, SavePrinter,
    SettlePrint, TestPrinter,
};
use uuid::Uuid;

use super::printer_draft::Draft;
use super::printer_sheet::PrinterSheet;
use crate::Route;
use crate::board::paper::{Settle, doubt};
use crate::floor::use_shop;
use crate::printing::{printer_of, to_print};
use crate::tickets::short_number;
use crate::wording::{self, printer_health};

/// How many of the tickets printed lately are shown.
const LATELY: usize = 6;

/// What is open over the list.
#[derive(Clone, Debug, PartialEq)]
enum Open {
    Nothing,
    Sheet(Box<Draft>),
    Removing(Uuid),
}

/// The printers.
#[component]
pub fn Printers() -> Element {
    use_title(t!("kitchen-printers"));
    let shop = use_shop();
    let engine = use_engine();
    let mut open = use_signal(|| Open::Nothing);
    let close = move |()| open.set(Open::Nothing);
    let add = move |_| open.set(Open::Sheet(Box::new(Draft::new(lang()))));
    let answer = shop.printing.read();
    let remove = move |id: Uuid| {
        let printing = shop.printing().unwrap_or_default();
        let Some(state) = printing.printers.iter().find(|state| state.printer.id == id) else {
            return;
        };
        // Tickets that go with it do not come back: that is asked. A printer alone does.
        if to_print(&printing, &state.printer) > 0 {
            open.set(Open::Removing(id));
        } else {
            open.set(Open::Nothing);
            forget(engine, shop.printing, &state.printer);
        }
    };
    rsx! {
        AppBar {
            title: t!("kitchen-printers"),
            start: rsx! {
                BackButton {
                    onback: move |()| {
                        navigator().push(Route::Account {});
                    },
                }
            },
            end: rsx! { ConnectionPill {} },
        }
        main { id: "content", tabindex: "-1", class: "k-page t-page k-stack", "data-testid": "printers-screen",
            match &*answer {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 3 } },
                Answer::Failed(failure, None) if failure.code == ErrorCode::NotOnThisDevice => rsx! {
                    EmptyState { art: Art::Receipt, title: t!("kitchen-printers-not-here"), body: t!("kitchen-printers-not-here-body") }
                },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: t!("kitchen-printers-failed"), body: failure.message.clone(), onretry: move |()| shop.printing.again() }
                },
                Answer::Ready(printing, _) | Answer::Failed(_, Some(printing)) => rsx! {
                    if printing.lost {
                        Banner { kind: BannerKind::Warn, {t!("kitchen-printers-lost")} }
                    }
                    if printing.printers.is_empty() {
                        EmptyState { art: Art::Receipt, title: t!("kitchen-printers-none"), body: t!("kitchen-printers-none-body"),
                            Button { icon: Icon::Plus, large: true, onclick: add, "data-testid": "printer-add", {t!("kitchen-printer-add")} }
                        }
                    } else {
                        for state in printing.printers.clone() {
                            PrinterCard {
                                key: "{state.printer.id}",
                                left: to_print(printing, &state.printer),
                                onedit: move |printer: Printer| open.set(Open::Sheet(Box::new(Draft::of(&printer)))),
                                state,
                            }
                        }
                        Button { kind: ButtonKind::Secondary, block: true, large: true, icon: Icon::Plus, onclick: add, "data-testid": "printer-add",
                            {t!("kitchen-printer-add")}
                        }
                        Jobs { printing: printing.clone() }
                    }
                },
            }
        }
        match open() {
            Open::Nothing => rsx! {},
            Open::Sheet(before) => rsx! {
                PrinterSheet { before: *before, onremove: remove, onclose: close }
            },
            Open::Removing(id) => rsx! {
                Confirm {
                    title: t!("kitchen-printer-remove-title"),
                    body: t!("kitchen-printer-remove-body"),
                    yes: t!("kitchen-printer-remove"),
                    danger: true,
                    onyes: move |()| {
                        open.set(Open::Nothing);
                        let printing = shop.printing().unwrap_or_default();
                        if let Some(state) = printing.printers.iter().find(|state| state.printer.id == id) {
                            forget(engine, shop.printing, &state.printer);
                        }
                    },
                    onno: close,
                }
            },
        }
    }
}

/// Forgets a printer, says so, and offers the way back.
fn forget(engine: Engine, list: Query<Printing>, printer: &Printer) {
    let printer = printer.clone();
    engine.ask_then(RemovePrinter { id: printer.id }, move |answer| match answer {
        Ok(_) => {
            list.again();
            let back = printer.clone();
            toast_undo(
                t!("kitchen-printer-removed", name: printer.name.as_str()),
                8,
                move || {
                    engine.ask_then(
                        SavePrinter {
                            printer: back.clone(),
                        },
                        |answer| {
                            if let Err(failure) = answer {
                                toast_error(failure.message);
                            }
                        },
                    );
                },
            );
        }
        Err(failure) => toast_error(failure.message),
    });
}

/// Where a printer is, as one would look for it.
fn whereabouts(line: &PrinterLine) -> String {
    match line {
        PrinterLine::Network { host, port } => format!("{host}:{port}"),
        PrinterLine::Serial { path, baud } => format!("{path} · {baud}"),
        PrinterLine::File { path } => path.clone(),
    }
}

#[component]
fn PrinterCard(state: PrinterState, left: usize, onedit: EventHandler<Printer>) -> Element {
    let shop = use_shop();
    let test = use_command(move |_: Printing| {
        toast(t!("kitchen-printer-testing"));
        shop.printing.again();
    });
    let (words, icon, tone) = printer_health(state.health);
    let printer = state.printer;
    let id = printer.id;
    let comma = t!("kitchen-comma");
    let stations: Vec<String> = printer
        .stations
        .iter()
        .map(|name| wording::station(name))
        .collect();
    let what = if stations.is_empty() {
        t!("kitchen-prints-all")
    } else {
        stations.join(comma.as_str())
    };
    let paper = match printer.paper {
        Paper::Wide => t!("kitchen-paper-wide"),
        Paper::Narrow => t!("kitchen-paper-narrow"),
    };
    rsx! {
        Card { "data-testid": "printer", "data-id": "{id}", "data-health": format!("{:?}", state.health).to_lowercase(),
            div { class: "k-stack",
                div { class: "k-row t-printer-head",
                    span { class: "k-list-icon",
                        IconView { icon: Icon::Printer }
                    }
                    div { class: "k-grow",
                        h2 { class: "k-m k-strong", bdi { "{printer.name}" } }
                        p { class: "k-muted k-s k-num", bdi { class: "k-ltr", {whereabouts(&printer.line)} } }
                    }
                    StatusPill { tone, icon, "{words}" }
                }
                p { class: "k-meta",
                    span { IconView { icon: Icon::Chef } "{what}" }
                    span { IconView { icon: Icon::Receipt } "{paper}" }
                    if printer.automatic {
                        span { IconView { icon: Icon::Play } {t!("kitchen-prints-itself")} }
                    }
                    if printer.copies > 1 {
                        span { class: "k-num", {t!("kitchen-times", count: printer.copies)} }
                    }
                    if let Some(since) = state.since {
                        Since { since }
                    }
                    if left > 0 {
                        span { class: "k-warn k-strong", IconView { icon: Icon::Timer } {t!("kitchen-printer-left", count: left)} }
                    }
                }
                div { class: "k-row k-wrap",
                    Button {
                        kind: ButtonKind::Secondary,
                        icon: Icon::Receipt,
                        busy: test.busy(),
                        onclick: move |_| test.run(TestPrinter { id }),
                        "data-testid": "printer-test",
                        {t!("kitchen-printer-test")}
                    }
                    Button {
                        kind: ButtonKind::Quiet,
                        icon: Icon::Edit,
                        onclick: move |_| onedit.call(printer.clone()),
                        "data-testid": "printer-edit",
                        {t!("kitchen-printer-change")}
                    }
                }
            }
        }
    }
}

/// When it was found out how the printer is.
#[component]
fn Since(since: Timestamp) -> Element {
    let now = use_now();
    rsx! {
        span { title: format::date_time(since),
            IconView { icon: Icon::Clock }
            {format::relative(since, now())}
        }
    }
}

/// What is not certainly on paper, and what was printed lately.
#[component]
fn Jobs(printing: Printing) -> Element {
    let rows = |jobs: &[PrintJob], most: usize| -> Vec<(PrintJob, String)> {
        let named = jobs.iter().filter_map(|job| {
            let printer = printer_of(&printing, job)?;
            Some((job.clone(), printer.name.clone()))
        });
        named.take(most).collect()
    };
    let left = rows(&printing.jobs, usize::MAX);
    let done = rows(&printing.done, LATELY);
    rsx! {
        if !left.is_empty() {
            Section { title: t!("kitchen-print-left"),
                Card { flush: true,
                    div { class: "k-divide",
                        for (job, printer) in left {
                            JobRow { key: "{job.id}", job, printer }
                        }
                    }
                }
            }
        }
        if !done.is_empty() {
            Section { title: t!("kitchen-print-done"),
                Card { flush: true,
                    div { class: "k-divide",
                        for (job, printer) in done {
                            JobRow { key: "{job.id}", job, printer }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn JobRow(job: PrintJob, printer: String) -> Element {
    let shop = use_shop();
    let drop_it = use_command(move |_: Printing| shop.printing.again());
    let id = job.id;
    let (words, icon, tone) = match job.state {
        PrintState::Waiting => (t!("kitchen-print-waiting"), Icon::Timer, Tone::Warn),
        PrintState::Sending => (t!("kitchen-print-sending"), Icon::Sync, Tone::Primary),
        PrintState::Unsure => (t!("kitchen-print-doubt"), Icon::Help, Tone::Warn),
        PrintState::Printed => (t!("kitchen-print-printed"), Icon::Check, Tone::Good),
        PrintState::Settled => (t!("kitchen-print-settled"), Icon::Check, Tone::Quiet),
    };
    let title = match &job.number {
        Some(number) => t!("kitchen-ticket", number: format::isolate_ltr(short_number(number))),
        None => t!("kitchen-printer-test"),
    };
    rsx! {
        div { class: "t-job", "data-testid": "print-job", "data-state": format!("{:?}", job.state).to_lowercase(),
            span { class: "k-grow",
                span { class: "k-strong", "{title}" }
                if job.copy {
                    " "
                    Badge { tone: Tone::Quiet, {t!("kitchen-print-is-copy")} }
                }
                small { class: "k-muted",
                    bdi { "{printer}" }
                    " · "
                    {format::time(job.at)}
                }
            }
            StatusPill { tone, icon, "{words}" }
            if job.state == PrintState::Waiting {
                Button {
                    kind: ButtonKind::Quiet,
                    icon: Icon::Close,
                    busy: drop_it.busy(),
                    onclick: move |_| drop_it.run(SettlePrint { job: id, again: false }),
                    "data-testid": "print-drop",
                    {t!("kitchen-print-drop")}
                }
            }
            if job.state == PrintState::Unsure {
                p { class: "k-muted k-s t-job-doubt", {doubt(&job, &printer)} }
                Settle { id }
            }
        }
    }
}

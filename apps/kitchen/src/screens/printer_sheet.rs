//! Adding a printer, or changing one.

use dioxus::prelude::*;
use momfood_kit::engine::{Failure, use_command_result};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{Paper, Printing, SavePrinter};
use uuid::Uuid;

use super::printer_draft::{BAUDS, By, Draft, MAX_COPIES, Wrong};
use crate::floor::use_shop;
use crate::wording;

const LANGS: [Lang; 2] = [Lang::Ar, Lang::En];
const PAPERS: [Paper; 2] = [Paper::Wide, Paper::Narrow];

/// A name for a printer. It has to differ from those of this device's few others, nothing more.
fn mint() -> Uuid {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of 0 to 256"
    )]
    let byte = |()| (js_sys::Math::random() * 256.0) as u8;
    uuid::Builder::from_random_bytes([(); 16].map(byte)).into_uuid()
}

fn place<T: PartialEq>(of: &T, all: &[T]) -> usize {
    all.iter().position(|other| other == of).unwrap_or_default()
}

/// The sheet.
#[component]
pub fn PrinterSheet(before: Draft, onremove: EventHandler<Uuid>, onclose: EventHandler<()>) -> Element {
    let shop = use_shop();
    let is_new = before.id.is_none();
    let mut draft = use_signal(|| before.clone());
    // What is wrong is said once somebody has tried to save it.
    let mut tried = use_signal(|| false);
    let mut failure = use_signal(|| None::<String>);
    let name = use_memo(move || draft.read().name.trim().to_owned());
    let save = use_command_result(move |saved: Result<Printing, Failure>| match saved {
        Ok(_) => {
            toast(t!("kitchen-saved", name: name()));
            shop.printing.again();
            onclose.call(());
        }
        Err(why) => failure.set(Some(why.message)),
    });
    let found = if tried() { draft.read().wrong() } else { Vec::new() };
    let wrong = |what: Wrong, words: String| found.contains(&what).then_some(words);
    let it = draft.read();
    let mut stations: Vec<String> = it.stations.clone();
    if let Some(view) = shop.menu.read().data() {
        let known = view.menu.stations();
        stations.retain(|name| !known.contains(&name.as_str()));
        stations.splice(0..0, known.into_iter().map(str::to_owned));
    }
    rsx! {
        Sheet {
            title: if is_new { t!("kitchen-printer-add") } else { t!("kitchen-printer-change-title") },
            onclose: move |()| onclose.call(()),
            "data-testid": "printer-sheet",
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    tried.set(true);
                    failure.set(None);
                    let made = draft.peek().printer(mint);
                    if let Some(printer) = made {
                        save.run(SavePrinter { printer });
                    }
                },
                TextField {
                    label: t!("kitchen-printer-name"),
                    value: it.name.clone(),
                    oninput: move |value| draft.write().name = value,
                    hint: t!("kitchen-printer-name-hint"),
                    error: wrong(Wrong::Name, t!("kitchen-printer-name-wrong")),
                    max_length: 40,
                    "data-testid": "printer-name",
                }
                div { class: "t-labelled",
                    p { class: "k-strong", aria_hidden: "true", {t!("kitchen-printer-by")} }
                    Segmented {
                        label: t!("kitchen-printer-by"),
                        options: vec![t!("kitchen-printer-network"), t!("kitchen-printer-serial"), t!("kitchen-printer-file")],
                        selected: place(&it.by, &By::ALL),
                        onselect: move |i: usize| draft.write().by = By::ALL[i],
                        "data-testid": "printer-by",
                    }
                }
                match it.by {
                    By::Network => rsx! {
                        div { class: "t-printer-line",
                            TextField {
                                label: t!("kitchen-printer-host"),
                                value: it.host.clone(),
                                oninput: move |value| draft.write().host = value,
                                placeholder: "192.168.1.50",
                                error: wrong(Wrong::Host, t!("kitchen-printer-host-wrong")),
                                "dir": "ltr",
                                "data-testid": "printer-host",
                            }
                            TextField {
                                label: t!("kitchen-printer-port"),
                                value: it.port.clone(),
                                oninput: move |value| draft.write().port = value,
                                kind: FieldKind::Number,
                                max_length: 5,
                                error: wrong(Wrong::Port, t!("kitchen-printer-port-wrong")),
                                "data-testid": "printer-port",
                            }
                        }
                    },
                    by => rsx! {
                        div { class: "t-printer-line",
                            TextField {
                                label: t!("kitchen-printer-path"),
                                value: it.path.clone(),
                                oninput: move |value| draft.write().path = value,
                                placeholder: if by == By::Serial { "/dev/ttyUSB0" } else { "/dev/usb/lp0" },
                                hint: if by == By::Serial { t!("kitchen-printer-serial-hint") } else { t!("kitchen-printer-file-hint") },
                                error: wrong(Wrong::Path, t!("kitchen-printer-path-wrong")),
                                "dir": "ltr",
                                "data-testid": "printer-path",
                            }
                            if by == By::Serial {
                                Select {
                                    label: t!("kitchen-printer-baud"),
                                    options: BAUDS.map(|baud| (baud.to_string(), baud.to_string())).to_vec(),
                                    value: it.baud.to_string(),
                                    onchange: move |value: String| draft.write().baud = value.parse().unwrap_or(BAUDS[0]),
                                    "data-testid": "printer-baud",
                                }
                            }
                        }
                    },
                }
                div { class: "t-labelled",
                    p { class: "k-strong", aria_hidden: "true", {t!("kitchen-printer-paper")} }
                    Segmented {
                        label: t!("kitchen-printer-paper"),
                        options: vec![t!("kitchen-paper-wide"), t!("kitchen-paper-narrow")],
                        selected: place(&it.paper, &PAPERS),
                        onselect: move |i: usize| draft.write().paper = PAPERS[i],
                        "data-testid": "printer-paper",
                    }
                }
                div { class: "t-labelled",
                    p { class: "k-strong", aria_hidden: "true", {t!("kitchen-printer-lang")} }
                    Segmented {
                        label: t!("kitchen-printer-lang"),
                        options: vec!["العربية".to_owned(), "English".to_owned()],
                        selected: place(&it.lang, &LANGS),
                        onselect: move |i: usize| draft.write().lang = LANGS[i],
                        "data-testid": "printer-lang",
                    }
                }
                if !stations.is_empty() {
                    fieldset {
                        legend { class: "k-strong", {t!("kitchen-printer-stations")} }
                        p { class: "k-muted k-s",
                            if it.stations.is_empty() { {t!("kitchen-printer-stations-all")} } else { {t!("kitchen-printer-stations-some")} }
                        }
                        for name in stations {
                            Checkbox {
                                key: "{name}",
                                label: wording::station(&name),
                                checked: it.stations.contains(&name),
                                onchange: {
                                    let name = name.clone();
                                    move |on| draft.write().set_station(&name, on)
                                },
                                "data-testid": "printer-station-{name}",
                            }
                        }
                    }
                }
                Switch {
                    label: t!("kitchen-printer-automatic"),
                    hint: t!("kitchen-printer-automatic-body"),
                    checked: it.automatic,
                    onchange: move |on| draft.write().automatic = on,
                    "data-testid": "printer-automatic",
                }
                div { class: "k-row k-between",
                    span { class: "k-strong", {t!("kitchen-printer-copies")} }
                    Stepper {
                        label: t!("kitchen-printer-copies"),
                        value: it.copies,
                        max: MAX_COPIES,
                        onchange: move |n| draft.write().copies = n,
                        "data-testid": "printer-copies",
                    }
                }
                if let Some(id) = it.id {
                    Button {
                        kind: ButtonKind::Quiet,
                        icon: Icon::Trash,
                        onclick: move |_| onremove.call(id),
                        "data-testid": "printer-remove",
                        {t!("kitchen-printer-remove")}
                    }
                }
                div { class: "t-save",
                    if let Some(why) = failure() {
                        p { class: "t-failed", role: "alert",
                            IconView { icon: Icon::Alert }
                            span { "{why}" }
                        }
                    }
                    Button {
                        submit: true,
                        block: true,
                        large: true,
                        busy: save.busy(),
                        disabled: *it == before,
                        "data-testid": "printer-save",
                        {t!("kitchen-save")}
                    }
                }
            }
        }
    }
}

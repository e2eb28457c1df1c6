//! What the platform knows about a person, and what they may have done with it: a copy, their consents, and deleting it all.

use dioxus::prelude::*;
use momfood_protocol::account::{Consent, ConsentKind};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::{EraseAccount, ExportData, FileData, GetConsents, GiveConsent};

use super::confirm::{ConfirmGate, use_guard, use_guarded};
use super::legal::{LegalLinks, VERSION};
use super::rows::{NeedsLine, Own};
use super::wrong::Wrong;
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, Card, Section, Sheet, Skeleton, SkeletonShape, Switch, TextField,
};
use crate::engine::{Answer, use_command_result, use_engine, use_query};
use crate::hand_out::save_address;
use crate::icons::Icon;
use crate::toasts::{toast, toast_error};
use crate::{format, t, time};

/// The word the server wants to read.
const WORD: &str = "erase";

/// The screen: `/account/privacy`.
#[component]
pub fn Privacy() -> Element {
    rsx! {
        Own { title: t!("privacy-title"), Data {} }
    }
}

#[component]
fn Data() -> Element {
    let guard = use_guard();
    let mut deleting = use_signal(|| false);
    let export = use_guarded::<ExportData>(guard, move |answer: Result<FileData, Failure>| match answer {
        Ok(file) if save_address(&file_name(), &file.address) => toast(t!("privacy-export-saved")),
        Ok(_) => toast_error(t!("kit-export-failed")),
        Err(failure) => toast_error(failure.message),
    });
    rsx! {
            Section { title: t!("privacy-export-title"),
                Card {
                    div { class: "k-stack",
                        p { class: "k-muted", {t!("privacy-export-body")} }
                        Button {
                            kind: ButtonKind::Secondary,
                            block: true,
                            icon: Icon::Receipt,
                            busy: export.busy(),
                            "data-testid": "export",
                            onclick: move |_| export.run(ExportData {}),
                            {t!("privacy-export-do")}
                        }
                        if export.busy() {
                            p { class: "k-muted k-s", role: "status", {t!("privacy-export-busy")} }
                        }
                    }
                }
            }
            Consents {}
            Section { title: t!("privacy-delete-title"),
                Card {
                    div { class: "k-stack",
                        p { class: "k-muted", {t!("privacy-delete-body")} }
                        Button {
                            kind: ButtonKind::Danger,
                            block: true,
                            icon: Icon::Trash,
                            "data-testid": "delete-account",
                            onclick: move |_| deleting.set(true),
                            {t!("privacy-delete-do")}
                        }
                    }
                }
            }
            if deleting() {
                Deleting { onclose: move |()| deleting.set(false) }
            }
            ConfirmGate { guard }
    }
}

fn file_name() -> String {
    format!("momfood-{}.zip", time::now().0 / 1_000_000)
}

#[component]
fn Consents() -> Element {
    let list = use_query(|| GetConsents {}, &[]);
    let give = use_command_result::<GiveConsent>(move |answer: Result<Vec<Consent>, Failure>| {
        match answer {
            Ok(_) => toast(t!("privacy-kept")),
            Err(failure) => toast_error(failure.message),
        }
        list.again();
    });
    let all = match &*list.read() {
        Answer::Loading => {
            return rsx! {
                Section { title: t!("privacy-consents"), Skeleton { shape: SkeletonShape::Row, count: 2 } }
            };
        }
        Answer::Failed(failure, None) => {
            let failure = failure.clone();
            return rsx! {
                Section { title: t!("privacy-consents"), NeedsLine { failure, onretry: move |()| list.again() } }
            };
        }
        Answer::Ready(all, _) | Answer::Failed(_, Some(all)) => all.clone(),
    };
    let of = |kind| {
        all.iter()
            .find(|consent: &&Consent| consent.kind == kind)
            .cloned()
    };
    let news = of(ConsentKind::Marketing).is_some_and(|consent| consent.given);
    rsx! {
        Section { title: t!("privacy-consents"),
            Card {
                div { class: "k-stack", "data-testid": "consents",
                    for (kind, title) in [(ConsentKind::Terms, t!("terms-title")), (ConsentKind::Privacy, t!("notice-title"))] {
                        div { key: "{title}", class: "k-row k-between",
                            span { class: "k-strong", "{title}" }
                            span { class: "k-muted k-xs",
                                match of(kind).filter(|consent| consent.given).and_then(|consent| consent.at) {
                                    Some(at) => t!("privacy-agreed", day: format::date(at)),
                                    None => t!("privacy-not-asked"),
                                }
                            }
                        }
                    }
                    LegalLinks {}
                    Switch {
                        label: t!("register-news"),
                        checked: news,
                        onchange: move |given| give.run(GiveConsent { kind: ConsentKind::Marketing, version: VERSION.to_owned(), given }),
                    }
                }
            }
        }
    }
}

/// Deleting the account: what will happen, and a word to type.
#[component]
fn Deleting(onclose: EventHandler<()>) -> Element {
    let guard = use_guard();
    let mut typed = use_signal(String::new);
    let mut wrong = use_signal(|| None::<Failure>);
    let mut mistyped = use_signal(|| false);
    let mut busy = use_signal(|| false);
    let engine = use_engine();
    let mut again = use_signal(|| None::<Callback<()>>);
    let erase = use_callback(move |()| {
        busy.set(true);
        let deleted = t!("privacy-deleted");
        let call = EraseAccount {
            confirm: WORD.to_owned(),
        };
        // With the account goes the session and with it this screen, before the answer is heard.
        engine.ask_then(call, move |answer| {
            let Err(failure) = answer else {
                return toast(deleted);
            };
            let (Ok(mut busy), mut guard) = (busy.try_write(), guard) else {
                return;
            };
            *busy = false;
            match *again.peek() {
                Some(again) if failure.code == ErrorCode::ConfirmIdentity => guard.wait_for(again),
                _ => wrong.set(Some(failure)),
            }
        });
    });
    use_hook(move || again.set(Some(erase)));
    let word = t!("privacy-delete-word");
    let open = wrong
        .read()
        .as_ref()
        .filter(|failure| failure.code == ErrorCode::StillOpen)
        .map(|failure| {
            let what = failure.details.get("what").and_then(|what| what.as_str());
            match what {
                Some("order" | "payment") => t!("privacy-open-orders"),
                Some("delivery" | "shift") => t!("privacy-open-delivery"),
                Some("cash") => t!("privacy-open-money"),
                Some("restaurant") => t!("privacy-open-restaurant"),
                _ => failure.message.clone(),
            }
        });
    let expected = word.clone();
    rsx! {
        Sheet {
            title: t!("privacy-delete-title"),
            onclose: move |()| onclose.call(()),
            "data-testid": "delete-sheet",
            footer: rsx! {
                Button { kind: ButtonKind::Quiet, onclick: move |_| onclose.call(()), {t!("kit-cancel")} }
                Button {
                    kind: ButtonKind::Danger,
                    busy: busy(),
                    "data-testid": "delete-yes",
                    onclick: move |_| {
                        wrong.set(None);
                        let is_right = typed.peek().trim().eq_ignore_ascii_case(&expected);
                        mistyped.set(!is_right);
                        if is_right {
                            erase.call(());
                        }
                    },
                    {t!("privacy-delete-do")}
                }
            },
            div { class: "k-stack-l",
                ul { class: "k-bullets",
                    for what in [t!("privacy-delete-who"), t!("privacy-delete-orders"), t!("privacy-delete-sessions"), t!("privacy-delete-final")] {
                        li { key: "{what}", "{what}" }
                    }
                }
                if let Some(open) = open {
                    div { role: "alert", "data-testid": "still-open", Banner { kind: BannerKind::Warn, "{open}" } }
                } else {
                    Wrong { failure: wrong() }
                }
                TextField {
                    label: t!("privacy-delete-type", word: word.clone()),
                    value: typed(),
                    oninput: move |text| {
                        typed.set(text);
                        mistyped.set(false);
                    },
                    error: mistyped().then(|| t!("privacy-delete-mistyped", word: word.clone())),
                    max_length: 20,
                    "name": "delete-word",
                    "data-testid": "delete-word",
                }
            }
            ConfirmGate { guard }
        }
    }
}

//! Passkeys: added, named, removed.

use dioxus::prelude::*;
use momfood_protocol::account::{AddPasskey, Passkey, PasskeyAsk, Security};
use momfood_protocol::engine::Done;
use momfood_protocol::error::Failure;
use momfood_protocol::online::{BeginAddPasskey, RemovePasskey};
use serde_json::Value;

use crate::account::confirm::{Guard, use_guarded};
use crate::account::passkey::{Ceremony, called_off, is_there, perform};
use crate::account::wrong::Wrong;
use crate::components::{Button, ButtonKind, Card, Confirm, IconButton, Sheet, TextField};
use crate::icons::{Icon, IconView};
use crate::toasts::{toast, toast_error};
use crate::{format, t};

#[component]
pub fn Passkeys(kept: Security, guard: Guard, onchange: EventHandler<()>) -> Element {
    let mut removing = use_signal(|| None::<Passkey>);
    let mut made = use_signal(|| None::<(String, Value)>);
    let mut away = use_signal(|| false);
    let begin =
        use_guarded::<BeginAddPasskey>(guard, move |answer: Result<PasskeyAsk, Failure>| match answer {
            Ok(PasskeyAsk { ticket, options }) => {
                away.set(true);
                spawn(async move {
                    let credential = perform(Ceremony::Create, &options).await;
                    away.set(false);
                    match credential {
                        Some(credential) => made.set(Some((ticket, credential))),
                        None => toast_error(called_off().message),
                    }
                });
            }
            Err(failure) => toast_error(failure.message),
        });
    let remove = use_guarded::<RemovePasskey>(guard, move |answer: Result<Done, Failure>| {
        removing.set(None);
        match answer {
            Ok(_) => {
                toast(t!("secure-passkey-removed"));
                onchange.call(());
            }
            Err(failure) => toast_error(failure.message),
        }
    });
    rsx! {
        Card {
            div { class: "k-stack",
                p { class: "k-muted k-s", {t!("secure-passkeys-why")} }
                ul { class: "k-divide", "data-testid": "passkeys",
                    for passkey in kept.passkeys.clone() {
                        li { key: "{passkey.id}", class: "k-list-row",
                            span { class: "k-list-icon", IconView { icon: Icon::Key } }
                            div { class: "k-grow",
                                span { class: "k-list-title", bdi { "{passkey.name}" } }
                                span { class: "k-list-detail",
                                    {match passkey.used_at {
                                        Some(at) => t!("secure-passkey-used", day: format::date(at)),
                                        None => t!("secure-passkey-made", day: format::date(passkey.made_at)),
                                    }}
                                }
                            }
                            IconButton {
                                icon: Icon::Trash,
                                label: t!("kit-remove", name: passkey.name.clone()),
                                onclick: move |_| removing.set(Some(passkey.clone())),
                                "data-testid": "remove-passkey",
                            }
                        }
                    }
                }
                if is_there() {
                    Button { kind: ButtonKind::Secondary, block: true, icon: Icon::Plus, busy: begin.busy() || away(), "data-testid": "add-passkey", onclick: move |_| begin.run(BeginAddPasskey {}), {t!("secure-passkey-add")} }
                } else {
                    p { class: "k-muted k-s", {t!("secure-passkey-not-here")} }
                }
            }
        }
        if let Some((ticket, credential)) = made() {
            Name {
                ticket,
                credential,
                guard,
                onclose: move |()| made.set(None),
                ondone: move |()| {
                    made.set(None);
                    toast(t!("secure-passkey-added"));
                    onchange.call(());
                },
            }
        }
        if let Some(passkey) = removing() {
            Confirm {
                title: t!("secure-passkey-remove", name: passkey.name.clone()),
                body: t!("secure-passkey-remove-body"),
                yes: t!("secure-remove"),
                danger: true,
                busy: remove.busy(),
                onyes: move |()| remove.run(RemovePasskey { id: passkey.id.clone() }),
                onno: move |()| removing.set(None),
            }
        }
    }
}

/// What its person calls it.
#[component]
fn Name(
    ticket: String,
    credential: Value,
    guard: Guard,
    onclose: EventHandler<()>,
    ondone: EventHandler<()>,
) -> Element {
    let mut name = use_signal(|| t!("secure-passkey-this"));
    let mut wrong = use_signal(|| None::<Failure>);
    let add = use_guarded::<AddPasskey>(guard, move |answer: Result<Passkey, Failure>| match answer {
        Ok(_) => ondone.call(()),
        Err(failure) => wrong.set(Some(failure)),
    });
    rsx! {
        Sheet { title: t!("secure-passkey-name"), onclose: move |()| onclose.call(()), "data-testid": "passkey-sheet",
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    wrong.set(None);
                    add.run(AddPasskey { ticket: ticket.clone(), credential: credential.clone(), name: name().trim().to_owned() });
                },
                TextField {
                    label: t!("secure-passkey-called"),
                    value: name(),
                    oninput: move |text| name.set(text),
                    hint: t!("secure-passkey-called-hint"),
                    max_length: 60,
                    "name": "passkey-name",
                    "autofocus": true,
                    "data-testid": "passkey-name",
                }
                Wrong { failure: wrong() }
                Button { submit: true, block: true, large: true, busy: add.busy(), "data-testid": "passkey-do", {t!("secure-passkey-keep")} }
            }
        }
    }
}

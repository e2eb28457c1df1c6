//! The email and the phone: whether they were shown to be the person's, and others in their place.

use dioxus::prelude::*;
use momfood_protocol::account::{CodeSent, NewContact, Security};
use momfood_protocol::error::Failure;
use momfood_protocol::online::CheckContact;
use momfood_protocol::rest::Me;

use crate::account::code::CodeForm;
use crate::account::confirm::{Guard, use_guarded};
use crate::account::entry::{Contact, Way, read_contact};
use crate::account::wrong::{Wrong, wrong_field};
use crate::components::{
    Button, ButtonKind, Card, FieldKind, PhoneField, Sheet, StatusPill, TextField, Tone,
};
use crate::engine::use_command_result;
use crate::icons::{Icon, IconView};
use crate::toasts::toast;
use crate::{format, t};

#[component]
pub fn Contacts(kept: Security, by_phone: bool, guard: Guard, onchange: EventHandler<()>) -> Element {
    let mut changing = use_signal(|| None::<(Way, String)>);
    let rows = [
        (Way::Email, kept.email.clone(), kept.email_verified),
        (Way::Phone, kept.phone.clone(), kept.phone_verified),
    ];
    let shown = rows
        .into_iter()
        .filter(|(way, value, _)| by_phone || *way == Way::Email || value.is_some());
    rsx! {
        Card {
            div { class: "k-divide",
                for (way, value, verified) in shown {
                    Row {
                        key: "{way:?}",
                        way,
                        value: value.clone(),
                        verified,
                        onverify: {
                            let value = value.clone();
                            move |()| changing.set(Some((way, value.clone().unwrap_or_default())))
                        },
                        onchange: move |()| changing.set(Some((way, String::new()))),
                    }
                }
            }
        }
        if let Some((way, value)) = changing() {
            Change {
                way,
                value,
                guard,
                onclose: move |()| changing.set(None),
                ondone: move |()| {
                    changing.set(None);
                    toast(t!("secure-contact-done"));
                    onchange.call(());
                },
            }
        }
    }
}

#[component]
fn Row(
    way: Way,
    value: Option<String>,
    verified: bool,
    onverify: EventHandler<()>,
    onchange: EventHandler<()>,
) -> Element {
    let (icon, title, id) = match way {
        Way::Email => (Icon::Note, t!("kit-email"), "email"),
        Way::Phone => (Icon::Phone, t!("entry-phone"), "phone"),
    };
    let shown = value.as_ref().map(|value| match way {
        Way::Email => format::isolate_ltr(value),
        Way::Phone => format::phone(value),
    });
    rsx! {
        div { class: "k-list-row k-wrap k-contact", "data-testid": "contact-{id}", "data-verified": "{verified}",
            span { class: "k-list-icon", IconView { icon } }
            div { class: "k-grow",
                span { class: "k-list-title", "{title}" }
                span { class: "k-list-detail k-break", {shown.unwrap_or_else(|| t!("secure-none"))} }
            }
            div { class: "k-row k-block k-between",
                if value.is_none() {
                    span {}
                } else if verified {
                    StatusPill { tone: Tone::Good, icon: Icon::Check, {t!("secure-verified")} }
                } else {
                    Button { kind: ButtonKind::Secondary, "data-testid": "verify-{id}", onclick: move |_| onverify.call(()), {t!("secure-verify")} }
                }
                Button { kind: ButtonKind::Quiet, "data-testid": "change-{id}", onclick: move |_| onchange.call(()),
                    if value.is_some() { {t!("secure-change")} } else { {t!("secure-add")} }
                }
            }
        }
    }
}

/// Where to, then the code.
#[component]
fn Change(
    way: Way,
    /// What is to be verified; empty for another.
    value: String,
    guard: Guard,
    onclose: EventHandler<()>,
    ondone: EventHandler<()>,
) -> Element {
    let verifying = !value.is_empty();
    let mut typed = use_signal(|| value.clone());
    let mut sent = use_signal(|| None::<CodeSent>);
    let mut to = use_signal(|| None::<Contact>);
    let mut wrong = use_signal(|| None::<Failure>);
    let ask = use_guarded::<NewContact>(guard, move |answer: Result<CodeSent, Failure>| match answer {
        Ok(code) => {
            wrong.set(None);
            sent.set(Some(code));
        }
        Err(failure) => wrong.set(Some(failure)),
    });
    let check = use_command_result::<CheckContact>(move |answer: Result<Me, Failure>| match answer {
        Ok(_) => ondone.call(()),
        Err(failure) => wrong.set(Some(failure)),
    });
    let send = use_callback(move |()| {
        let text = typed.peek().clone();
        match read_contact(way, &text, &text) {
            Ok(contact) => {
                let (email, phone) = contact.parts();
                to.set(Some(contact));
                ask.run(NewContact { email, phone });
            }
            Err(failure) => wrong.set(Some(failure)),
        }
    });
    use_hook(move || {
        if verifying {
            send.call(());
        }
    });
    let title = match (way, verifying) {
        (Way::Email, true) => t!("secure-verify-email"),
        (Way::Phone, true) => t!("secure-verify-phone"),
        (Way::Email, false) => t!("secure-new-email"),
        (Way::Phone, false) => t!("secure-new-phone"),
    };
    rsx! {
        Sheet { title, onclose: move |()| onclose.call(()), "data-testid": "contact-sheet",
            if let (Some(code), Some(contact)) = (sent(), to()) {
                CodeForm {
                    sent: code.clone(),
                    to: contact.shown(),
                    busy: check.busy() || ask.busy(),
                    failure: wrong(),
                    submit: t!("secure-verify-do"),
                    oncode: move |digits| {
                        wrong.set(None);
                        check.run(CheckContact { challenge: code.challenge, code: digits });
                    },
                    onresend: move |()| send.call(()),
                }
            } else {
                form {
                    class: "k-stack-l",
                    novalidate: true,
                    onsubmit: move |event| {
                        event.prevent_default();
                        wrong.set(None);
                        send.call(());
                    },
                    match way {
                        _ if verifying => rsx! { p { class: "k-muted", {t!("secure-sending")} } },
                        Way::Email => rsx! {
                            TextField {
                                label: t!("kit-email"),
                                value: typed(),
                                oninput: move |text| typed.set(text),
                                kind: FieldKind::Email,
                                error: wrong_field(wrong.read().as_ref(), "email"),
                                "name": "email",
                                "autofocus": true,
                                "data-testid": "new-email",
                            }
                        },
                        Way::Phone => rsx! {
                            div { "data-testid": "new-phone",
                                PhoneField {
                                    label: t!("entry-phone"),
                                    value: typed(),
                                    oninput: move |text| typed.set(text),
                                    error: wrong_field(wrong.read().as_ref(), "phone"),
                                    "name": "phone",
                                    "autofocus": true,
                                }
                            }
                        },
                    }
                    Wrong { failure: wrong(), fields: &["email", "phone"] }
                    Button { submit: true, block: true, large: true, busy: ask.busy(), "data-testid": "contact-send", {t!("entry-send-code")} }
                }
            }
        }
    }
}

//! A forgotten password: a code to the email or phone, and a new password. Nobody is signed in by it, and a second factor
//! stays as it is.

use dioxus::prelude::*;
use momfood_protocol::account::{AskCode, CodePurpose, CodeSent, Recover};
use momfood_protocol::engine::Done;
use momfood_protocol::error::Failure;

use super::code::CodeForm;
use super::entry::{Contact, ContactFields, Way, read_contact};
use super::wrong::{Wrong, wrong_field};
use crate::components::{Button, FieldKind, TextField};
use crate::engine::use_command_result;
use crate::lang::lang;
use crate::t;
use crate::toasts::toast;

/// Asks where to send the code, then for the code and a new password.
#[component]
pub(super) fn RecoverStep(
    /// What was typed already.
    way: Signal<Way>,
    email: Signal<String>,
    phone: Signal<String>,
    /// Whether codes go out by SMS.
    by_phone: bool,
    /// A new password was chosen.
    ondone: EventHandler<()>,
) -> Element {
    let mut sent = use_signal(|| None::<(CodeSent, Contact)>);
    let mut password = use_signal(String::new);
    let mut wrong = use_signal(|| None::<Failure>);
    let mut asked = use_signal(|| None::<Contact>);
    let ask = use_command_result::<AskCode>(move |answer: Result<CodeSent, Failure>| match answer {
        Ok(code) => {
            wrong.set(None);
            if let Some(to) = asked.peek().clone() {
                sent.set(Some((code, to)));
            }
        }
        Err(failure) => wrong.set(Some(failure)),
    });
    let recover = use_command_result::<Recover>(move |answer: Result<Done, Failure>| match answer {
        Ok(_) => {
            toast(t!("recover-done"));
            ondone.call(());
        }
        Err(failure) => wrong.set(Some(failure)),
    });
    let mut send = move |to: Contact| {
        asked.set(Some(to.clone()));
        let (email, phone) = to.parts();
        ask.run(AskCode {
            purpose: CodePurpose::Recover,
            email,
            phone,
            language: lang(),
        });
    };
    rsx! {
        div { class: "k-stack-l", "data-testid": "recover",
            div {
                h2 { class: "k-l k-strong", {t!("recover-title")} }
                p { class: "k-muted", {t!("recover-lead")} }
            }
            if let Some((code, to)) = sent() {
                CodeForm {
                    sent: code.clone(),
                    to: to.shown(),
                    busy: recover.busy() || ask.busy(),
                    failure: wrong(),
                    submit: t!("recover-do"),
                    hold: true,
                    oncode: move |digits| {
                        wrong.set(None);
                        recover.run(Recover { challenge: code.challenge, code: digits, password: password() });
                    },
                    onresend: move |()| send(to.clone()),
                    TextField {
                        label: t!("recover-password"),
                        value: password(),
                        oninput: move |text| password.set(text),
                        kind: FieldKind::NewPassword,
                        hint: t!("entry-password-hint"),
                        error: wrong_field(wrong.read().as_ref(), "password"),
                        "name": "new-password",
                        "data-testid": "new-password",
                    }
                }
            } else {
                form {
                    class: "k-stack-l",
                    novalidate: true,
                    onsubmit: move |event| {
                        event.prevent_default();
                        match read_contact(way(), &email.peek(), &phone.peek()) {
                            Ok(to) => send(to),
                            Err(failure) => wrong.set(Some(failure)),
                        }
                    },
                    ContactFields { way, email, phone, by_phone, failure: wrong() }
                    Wrong { failure: wrong(), fields: &["email", "phone"] }
                    Button { submit: true, block: true, large: true, busy: ask.busy(), "data-testid": "send-code", {t!("entry-send-code")} }
                }
            }
        }
    }
}

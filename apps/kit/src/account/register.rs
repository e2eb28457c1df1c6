//! A new account: what was shown is theirs, and nobody's yet. Only the name is asked for, and a password where there would
//! be no other way in.

use dioxus::prelude::*;
use momfood_protocol::account::{Consent, Unregistered};
use momfood_protocol::engine::SessionState;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::OpenAccount;

use super::legal::LegalLinks;
use super::wrong::{Wrong, wrong_field};
use crate::a11y::focus_first;
use crate::components::{Button, Checkbox, FieldKind, TextField};
use crate::engine::use_command_result;
use crate::lang::lang;
use crate::t;
use crate::time::sleep_ms;

/// Asks for what is missing. The session follows by itself.
#[component]
pub(super) fn RegisterStep(
    who: Unregistered,
    /// Its time is over: from the beginning.
    onover: EventHandler<Failure>,
) -> Element {
    let mut first = use_signal(|| who.first_name.clone().unwrap_or_default());
    let mut last = use_signal(|| who.last_name.clone().unwrap_or_default());
    let mut password = use_signal(String::new);
    let mut agreed = use_signal(|| false);
    let mut news = use_signal(|| false);
    let mut disagrees = use_signal(|| false);
    let mut wrong = use_signal(|| None::<Failure>);
    let open = use_command_result::<OpenAccount>(move |answer: Result<SessionState, Failure>| match answer {
        Ok(_) => {}
        Err(failure) if failure.code == ErrorCode::TicketInvalid => onover.call(failure),
        Err(failure) => {
            wrong.set(Some(failure));
            spawn(async move {
                sleep_ms(0).await;
                focus_first("[aria-invalid=true]");
            });
        }
    });
    let ticket = who.ticket.clone();
    let needs_password = who.needs_password;
    let said = move |field: &'static str| wrong_field(wrong.read().as_ref(), field);
    rsx! {
        form {
            class: "k-stack-l",
            "data-testid": "register",
            novalidate: true,
            onsubmit: move |event| {
                event.prevent_default();
                wrong.set(None);
                disagrees.set(!agreed());
                if !agreed() {
                    return;
                }
                open.run(OpenAccount {
                    ticket: ticket.clone(),
                    first_name: first().trim().to_owned(),
                    last_name: last().trim().to_owned(),
                    password: needs_password.then(|| password.peek().clone()),
                    language: lang(),
                    consents: Consent::of_a_newcomer(news()),
                });
            },
            div {
                h2 { class: "k-l k-strong", {t!("register-title")} }
                p { class: "k-muted", {t!("register-lead")} }
            }
            div { class: "k-pair",
                TextField {
                    label: t!("entry-first-name"),
                    value: first(),
                    oninput: move |text| first.set(text),
                    kind: FieldKind::Name,
                    error: said("firstName"),
                    max_length: 60,
                    "name": "first-name",
                    "autocomplete": "given-name",
                    "autofocus": true,
                    "data-testid": "first-name",
                }
                TextField {
                    label: t!("entry-last-name"),
                    value: last(),
                    oninput: move |text| last.set(text),
                    kind: FieldKind::Name,
                    error: said("lastName"),
                    max_length: 60,
                    "name": "last-name",
                    "autocomplete": "family-name",
                    "data-testid": "last-name",
                }
            }
            if needs_password {
                if let Some(email) = who.email.clone() {
                    // For the browser's keeper of passwords.
                    input { r#type: "email", class: "k-sr", readonly: true, tabindex: "-1", aria_hidden: "true", autocomplete: "username", value: "{email}" }
                }
                TextField {
                    label: t!("kit-password"),
                    value: password(),
                    oninput: move |text| password.set(text),
                    kind: FieldKind::NewPassword,
                    hint: t!("entry-password-hint"),
                    error: said("password"),
                    "name": "new-password",
                    "data-testid": "password",
                }
            }
            div { class: "k-stack-s",
                Checkbox {
                    label: t!("register-agree"),
                    checked: agreed(),
                    onchange: move |on| {
                        agreed.set(on);
                        disagrees.set(false);
                    },
                    "data-testid": "agree",
                }
                LegalLinks {}
                if disagrees() {
                    p { class: "k-field-error", role: "alert", {t!("register-must-agree")} }
                }
                Checkbox {
                    label: t!("register-news"),
                    checked: news(),
                    onchange: move |on| news.set(on),
                    "data-testid": "news",
                }
            }
            Wrong { failure: wrong(), fields: &["firstName", "lastName", "password"] }
            Button { submit: true, block: true, large: true, busy: open.busy(), "data-testid": "sign-up", {t!("register-do")} }
        }
    }
}

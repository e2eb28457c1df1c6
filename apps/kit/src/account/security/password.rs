//! The password: another one, or a first.

use dioxus::prelude::*;
use momfood_protocol::account::{ChangePassword, Security};
use momfood_protocol::engine::Done;
use momfood_protocol::error::{ErrorCode, Failure};

use crate::account::confirm::{Guard, use_guarded};
use crate::account::wrong::{Wrong, wrong_field};
use crate::components::{Button, Card, FieldKind, ListRow, Sheet, TextField};
use crate::icons::Icon;
use crate::t;
use crate::toasts::toast;

#[component]
pub fn Password(kept: Security, guard: Guard, onchange: EventHandler<()>) -> Element {
    let mut open = use_signal(|| false);
    let has = kept.password;
    rsx! {
        Card {
            ListRow {
                icon: Icon::Lock,
                title: if has { t!("secure-password-change") } else { t!("secure-password-set") },
                detail: if has { t!("secure-password-ends") } else { t!("secure-password-none") },
                onclick: move |()| open.set(true),
                "data-testid": "change-password",
            }
        }
        if open() {
            Change {
                has,
                email: kept.email.clone(),
                guard,
                onclose: move |()| open.set(false),
                ondone: move |()| {
                    open.set(false);
                    toast(t!("secure-password-done"));
                    onchange.call(());
                },
            }
        }
    }
}

#[component]
fn Change(
    has: bool,
    email: Option<String>,
    guard: Guard,
    onclose: EventHandler<()>,
    ondone: EventHandler<()>,
) -> Element {
    let mut current = use_signal(String::new);
    let mut password = use_signal(String::new);
    let mut wrong = use_signal(|| None::<Failure>);
    let change = use_guarded::<ChangePassword>(guard, move |answer: Result<Done, Failure>| match answer {
        Ok(_) => ondone.call(()),
        Err(failure) => wrong.set(Some(failure)),
    });
    let is_current = wrong
        .read()
        .as_ref()
        .is_some_and(|f| f.code == ErrorCode::InvalidCredentials);
    rsx! {
        Sheet {
            title: if has { t!("secure-password-change") } else { t!("secure-password-set") },
            onclose: move |()| onclose.call(()),
            "data-testid": "password-sheet",
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    wrong.set(None);
                    change.run(ChangePassword { current: has.then(|| current.peek().clone()), password: password() });
                },
                if let Some(email) = email {
                    // For the browser's keeper of passwords.
                    input { r#type: "email", class: "k-sr", readonly: true, tabindex: "-1", aria_hidden: "true", autocomplete: "username", value: "{email}" }
                }
                if has {
                    TextField {
                        label: t!("secure-password-current"),
                        value: current(),
                        oninput: move |text| current.set(text),
                        kind: FieldKind::Password,
                        error: is_current.then(|| t!("confirm-wrong-password")),
                        "name": "current-password",
                        "autofocus": true,
                        "data-testid": "current-password",
                    }
                }
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
                p { class: "k-muted k-s", {t!("secure-password-ends")} }
                Wrong { failure: wrong().filter(|_| !is_current), fields: &["password"] }
                Button { submit: true, block: true, large: true, busy: change.busy(), "data-testid": "password-do", {t!("recover-do")} }
            }
        }
    }
}

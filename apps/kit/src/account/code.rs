//! A code that was sent: typed, pasted or filled in by the phone; another one, once the server lets one be sent.

use dioxus::prelude::*;
use momfood_protocol::account::CodeSent;
use momfood_protocol::error::Failure;

use super::wrong::{Wrong, wrong_field};
use crate::a11y::{focus_first, use_id};
use crate::components::{Button, ButtonKind, OtpField};
use crate::format;
use crate::icons::Icon;
use crate::t;
use crate::time::{sleep_ms, use_now};

/// Asks for the code that was sent. The last digit hands it in.
#[component]
pub fn CodeForm(
    /// What was sent.
    sent: CodeSent,
    /// Where to, as it is read.
    #[props(into)]
    to: String,
    /// The answer is awaited.
    busy: bool,
    /// What was wrong with the last one.
    failure: Option<Failure>,
    /// A whole code was typed.
    oncode: EventHandler<String>,
    /// Another is wanted.
    onresend: EventHandler<()>,
    /// The button's words.
    #[props(into)]
    submit: String,
    /// What else is asked for along with the code.
    #[props(default)]
    hold: bool,
    children: Element,
) -> Element {
    let id = use_id();
    let mut code = use_signal(String::new);
    let digits = usize::from(sent.digits);
    let place = id.clone();
    use_effect(use_reactive!(|failure| {
        if failure.is_some() {
            // What was wrong is not typed again.
            code.set(String::new());
            let field = ["#", &place, " input"].concat();
            spawn(async move {
                sleep_ms(0).await;
                focus_first(&field);
            });
        }
    }));
    let give = move || {
        if code.peek().len() == digits && !busy {
            oncode.call(code.peek().clone());
        }
    };
    let challenge = sent.challenge;
    // Another code: the old digits are of no use.
    use_effect(use_reactive!(|challenge| {
        let _ = challenge;
        code.set(String::new());
    }));
    rsx! {
        form {
            id: "{id}",
            class: "k-stack-l k-code-form",
            novalidate: true,
            onsubmit: move |event| {
                event.prevent_default();
                give();
            },
            p { class: "k-muted", "data-testid": "code-sent", {t!("entry-code-sent", to: to)} }
            OtpField {
                label: t!("entry-code"),
                value: code(),
                length: u32::from(sent.digits),
                error: wrong_field(failure.as_ref(), "code"),
                oninput: move |typed: String| {
                    let whole = typed.len() == digits && *code.peek() != typed;
                    code.set(typed);
                    if whole && !hold {
                        give();
                    }
                },
                "name": "code",
                "autofocus": true,
                "data-testid": "code",
            }
            {children}
            Wrong { failure: failure.clone(), fields: &["code", "password"] }
            Button { submit: true, block: true, large: true, busy, "data-testid": "code-go", "{submit}" }
            Resend { sent, busy, onresend }
        }
    }
}

/// Another code, when it may be asked for.
#[component]
fn Resend(sent: CodeSent, busy: bool, onresend: EventHandler<()>) -> Element {
    let now = use_now();
    let left = now().seconds_until(sent.resend_at);
    rsx! {
        if left > 0 {
            p { class: "k-muted k-s k-code-again", role: "timer", aria_live: "off",
                {t!("entry-resend-in", time: format::countdown(left))}
            }
        } else {
            Button {
                kind: ButtonKind::Quiet,
                block: true,
                icon: Icon::Sync,
                disabled: busy,
                onclick: move |_| onresend.call(()),
                "data-testid": "resend",
                {t!("entry-resend")}
            }
        }
    }
}

//! The second factor: the authenticator app's digits, a recovery code, or digits sent by SMS.

use dioxus::prelude::*;
use momfood_protocol::account::{CodeSent, FactorMethod, NextFactor};
use momfood_protocol::engine::SessionState;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::{AskFactorSms, ShowFactor};

use super::code::CodeForm;
use super::wrong::{Wrong, wrong_field};
use crate::a11y::focus_first;
use crate::components::{Button, ButtonKind, OtpField, TextField};
use crate::engine::use_command_result;
use crate::icons::Icon;
use crate::t;
use crate::time::sleep_ms;

/// Digits of an authenticator app.
const TOTP_DIGITS: u32 = 6;

/// Asks for the second factor. The session follows by itself.
#[component]
pub(super) fn FactorStep(
    next: NextFactor,
    /// Its time is over: from the beginning.
    onover: EventHandler<Failure>,
) -> Element {
    let first = next.methods.first().copied().unwrap_or(FactorMethod::Totp);
    let mut method = use_signal(|| first);
    let mut typed = use_signal(String::new);
    let mut sent = use_signal(|| None::<CodeSent>);
    let mut wrong = use_signal(|| None::<Failure>);
    let mut fail = move |failure: Failure| {
        if failure.code == ErrorCode::TicketInvalid {
            onover.call(failure);
            return;
        }
        typed.set(String::new());
        wrong.set(Some(failure));
        spawn(async move {
            sleep_ms(0).await;
            focus_first("[data-testid=factor] input");
        });
    };
    let show = use_command_result::<ShowFactor>(move |answer: Result<SessionState, Failure>| {
        if let Err(failure) = answer {
            fail(failure);
        }
    });
    let ask = use_command_result::<AskFactorSms>(move |answer: Result<CodeSent, Failure>| match answer {
        Ok(code) => {
            wrong.set(None);
            sent.set(Some(code));
        }
        Err(failure) => fail(failure),
    });
    let ticket = next.ticket.clone();
    let give = move |code: String| {
        wrong.set(None);
        show.run(ShowFactor {
            ticket: ticket.clone(),
            method: *method.peek(),
            code,
        });
    };
    let ticket = next.ticket.clone();
    let send = move || {
        ask.run(AskFactorSms {
            ticket: ticket.clone(),
        });
    };
    let busy = show.busy() || ask.busy();
    let others = next.methods.iter().copied().filter(|other| *other != method());
    rsx! {
        div { class: "k-stack-l", "data-testid": "factor", "data-method": word(method()),
            div {
                h2 { class: "k-l k-strong", {t!("factor-title")} }
                p { class: "k-muted", {lead(method())} }
            }
            match (method(), sent()) {
                (FactorMethod::Sms, Some(code)) => {
                    let (give, send) = (give.clone(), send.clone());
                    rsx! {
                        CodeForm {
                            sent: code,
                            to: t!("factor-your-phone"),
                            busy,
                            failure: wrong(),
                            submit: t!("entry-go-on"),
                            oncode: give,
                            onresend: move |()| send(),
                        }
                    }
                }
                (FactorMethod::Sms, None) => rsx! {
                    Wrong { failure: wrong() }
                },
                (FactorMethod::Totp, _) => {
                    let (mut typing, mut pressing) = (give.clone(), give.clone());
                    rsx! {
                        form {
                            class: "k-stack-l",
                            novalidate: true,
                            onsubmit: move |event| {
                                event.prevent_default();
                                pressing(typed.peek().clone());
                            },
                            OtpField {
                                label: t!("factor-totp-code"),
                                value: typed(),
                                length: TOTP_DIGITS,
                                error: wrong_field(wrong.read().as_ref(), "code"),
                                oninput: move |digits: String| {
                                    let whole = digits.len() == TOTP_DIGITS as usize && *typed.peek() != digits;
                                    typed.set(digits.clone());
                                    if whole && !busy {
                                        typing(digits);
                                    }
                                },
                                "name": "totp",
                                "autofocus": true,
                                "data-testid": "totp",
                            }
                            Wrong { failure: wrong(), fields: &["code"] }
                            Button { submit: true, block: true, large: true, busy, "data-testid": "factor-go", {t!("entry-go-on")} }
                        }
                    }
                }
                (FactorMethod::Recovery, _) => {
                    let mut give = give.clone();
                    rsx! {
                        form {
                            class: "k-stack-l",
                            novalidate: true,
                            onsubmit: move |event| {
                                event.prevent_default();
                                give(typed.peek().trim().to_owned());
                            },
                            TextField {
                                label: t!("factor-recovery-code"),
                                value: typed(),
                                oninput: move |text| typed.set(text),
                                error: wrong_field(wrong.read().as_ref(), "code"),
                                hint: t!("factor-recovery-hint"),
                                max_length: 40,
                                "name": "recovery-code",
                                "dir": "ltr",
                                "autocapitalize": "off",
                                "spellcheck": "false",
                                "autofocus": true,
                                "data-testid": "recovery-code",
                            }
                            Wrong { failure: wrong(), fields: &["code"] }
                            Button { submit: true, block: true, large: true, busy, "data-testid": "factor-go", {t!("entry-go-on")} }
                        }
                    }
                }
            }
            if next.methods.len() > 1 {
                div { class: "k-stack-s k-ways",
                    for other in others {
                        Button {
                            key: "{word(other)}",
                            kind: ButtonKind::Quiet,
                            icon: icon(other),
                            block: true,
                            disabled: busy,
                            "data-testid": "factor-by-{word(other)}",
                            onclick: {
                                let send = send.clone();
                                move |_| {
                                    typed.set(String::new());
                                    wrong.set(None);
                                    method.set(other);
                                    if other == FactorMethod::Sms && sent.peek().is_none() {
                                        send();
                                    }
                                }
                            },
                            {instead(other)}
                        }
                    }
                }
            }
        }
    }
}

const fn word(method: FactorMethod) -> &'static str {
    match method {
        FactorMethod::Totp => "totp",
        FactorMethod::Recovery => "recovery",
        FactorMethod::Sms => "sms",
    }
}

const fn icon(method: FactorMethod) -> Icon {
    match method {
        FactorMethod::Totp => Icon::Device,
        FactorMethod::Recovery => Icon::Key,
        FactorMethod::Sms => Icon::Chat,
    }
}

fn lead(method: FactorMethod) -> String {
    match method {
        FactorMethod::Totp => t!("factor-totp-lead"),
        FactorMethod::Recovery => t!("factor-recovery-lead"),
        FactorMethod::Sms => t!("factor-sms-lead"),
    }
}

fn instead(method: FactorMethod) -> String {
    match method {
        FactorMethod::Totp => t!("factor-by-totp"),
        FactorMethod::Recovery => t!("factor-by-recovery"),
        FactorMethod::Sms => t!("factor-by-sms"),
    }
}

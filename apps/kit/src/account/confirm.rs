//! "Confirm that it is you": what was refused with `confirm_identity` is repeated once the person has shown again who they
//! are. A screen puts one [`ConfirmGate`] beside its [`use_guarded`] commands.

use dioxus::prelude::*;
use momfood_protocol::account::{CodeSent, Confirm, PasskeyAsk, PasskeyShown, ShownCode};
use momfood_protocol::engine::{Call, Done};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::{AskConfirmCode, BeginPasskey, ConfirmIdentity, GetSecurity};

use super::code::CodeForm;
use super::passkey::{self, Ceremony};
use super::wrong::{Wrong, wrong_field};
use crate::components::{Button, ButtonKind, FieldKind, OtpField, Sheet, Skeleton, SkeletonShape, TextField};
use crate::engine::{Command, Engine, use_command_result, use_engine, use_query};
use crate::icons::Icon;
use crate::t;

/// Digits of an authenticator app.
const TOTP_DIGITS: u32 = 6;

/// What waits for the person to show again who they are.
#[derive(Clone, Copy, PartialEq)]
pub struct Guard(Signal<Option<Callback<()>>>);

impl Guard {
    /// Opens the gate; `again` is called behind it.
    pub fn wait_for(&mut self, again: Callback<()>) {
        self.0.set(Some(again));
    }
}

/// A guard for the commands of a screen.
pub fn use_guard() -> Guard {
    Guard(use_signal(|| None))
}

/// A button's Call that may be refused with `confirm_identity`: the gate of `guard` opens then, and the same Call goes out
/// again behind it. `done` hears what came of it in the end.
pub fn use_guarded<C: Call + Clone + 'static>(
    guard: Guard,
    mut done: impl FnMut(Result<C::Reply, Failure>) + 'static,
) -> Guarded<C> {
    let mut last = use_signal(|| None::<C>);
    let mut waiting = guard.0;
    let mut again = use_signal(|| None::<Callback<()>>);
    let command = use_command_result::<C>(move |answer| match answer {
        Err(failure) if failure.code == ErrorCode::ConfirmIdentity => waiting.set(*again.peek()),
        answer => {
            last.set(None);
            done(answer);
        }
    });
    let repeat = use_callback(move |()| {
        if let Some(call) = last.peek().clone() {
            command.run(call);
        }
    });
    use_hook(move || again.set(Some(repeat)));
    Guarded { command, last }
}

/// Made by [`use_guarded`].
pub struct Guarded<C: Call + 'static> {
    command: Command<C>,
    last: Signal<Option<C>>,
}

impl<C: Call + 'static> Clone for Guarded<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Call + 'static> Copy for Guarded<C> {}

impl<C: Call + Clone + 'static> Guarded<C> {
    /// Whether the answer is still awaited.
    pub fn busy(&self) -> bool {
        self.command.busy()
    }

    /// Sends the Call, unless one is awaited already.
    pub fn run(&self, call: C) {
        let mut last = self.last;
        last.set(Some(call.clone()));
        self.command.run(call);
    }
}

/// How somebody can show again who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Password,
    Totp,
    Passkey,
    Code,
}

impl By {
    const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::Code => "code",
        }
    }

    fn words(self) -> String {
        match self {
            Self::Password => t!("confirm-by-password"),
            Self::Totp => t!("factor-by-totp"),
            Self::Passkey => t!("entry-passkey"),
            Self::Code => t!("confirm-by-code"),
        }
    }
}

/// The gate: nothing until something was refused with `confirm_identity`.
#[component]
pub fn ConfirmGate(
    /// Whose commands wait behind it.
    guard: Guard,
) -> Element {
    let mut waiting = guard.0;
    let Some(again) = waiting() else { return rsx! {} };
    rsx! {
        Gate {
            onclose: move |()| waiting.set(None),
            onshown: move |()| {
                waiting.set(None);
                again.call(());
            },
        }
    }
}

#[component]
fn Gate(onclose: EventHandler<()>, onshown: EventHandler<()>) -> Element {
    let security = use_query(|| GetSecurity {}, &[]);
    let mut chosen = use_signal(|| None::<By>);
    let ways = security.data().map(|state| {
        let mut ways = Vec::new();
        if state.password {
            ways.push(By::Password);
        }
        if state.totp {
            ways.push(By::Totp);
        }
        if !state.passkeys.is_empty() && passkey::is_there() {
            ways.push(By::Passkey);
        }
        // For whoever has none of these, or has them elsewhere.
        if ways.is_empty() && (state.email_verified || state.phone_verified) {
            ways.push(By::Code);
        }
        ways
    });
    let by = ways
        .as_ref()
        .and_then(|ways| chosen().or_else(|| ways.first().copied()));
    let others: Vec<By> = ways
        .iter()
        .flatten()
        .copied()
        .filter(|other| Some(*other) != by)
        .collect();
    rsx! {
        Sheet { title: t!("confirm-title"), onclose: move |()| onclose.call(()), "data-testid": "confirm-identity",
            div { class: "k-stack-l",
                p { class: "k-muted", {t!("confirm-lead")} }
                match (by, ways.is_some()) {
                    (Some(by), _) => rsx! { Show { key: "{by.word()}", by, onshown } },
                    (None, true) => rsx! { p { {t!("confirm-no-way")} } },
                    (None, false) => rsx! { Skeleton { shape: SkeletonShape::Row, count: 2 } },
                }
                for other in others {
                    Button {
                        key: "{other.word()}",
                        kind: ButtonKind::Quiet,
                        block: true,
                        "data-testid": "confirm-by-{other.word()}",
                        onclick: move |_| chosen.set(Some(other)),
                        {other.words()}
                    }
                }
            }
        }
    }
}

#[component]
fn Show(by: By, onshown: EventHandler<()>) -> Element {
    let engine = use_engine();
    let mut typed = use_signal(String::new);
    let mut sent = use_signal(|| None::<CodeSent>);
    let mut wrong = use_signal(|| None::<Failure>);
    let mut away = use_signal(|| false);
    let show = use_command_result::<ConfirmIdentity>(move |answer: Result<Done, Failure>| match answer {
        Ok(_) => onshown.call(()),
        Err(failure) => {
            typed.set(String::new());
            wrong.set(Some(failure));
        }
    });
    let ask = use_command_result::<AskConfirmCode>(move |answer: Result<CodeSent, Failure>| match answer {
        Ok(code) => {
            wrong.set(None);
            sent.set(Some(code));
        }
        Err(failure) => wrong.set(Some(failure)),
    });
    let mut give = move |by: Confirm| {
        wrong.set(None);
        show.run(ConfirmIdentity { by });
    };
    let busy = show.busy() || ask.busy() || away();
    match by {
        By::Password => rsx! {
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    give(Confirm { password: Some(typed()), ..Confirm::default() });
                },
                TextField {
                    label: t!("kit-password"),
                    value: typed(),
                    oninput: move |text| typed.set(text),
                    kind: FieldKind::Password,
                    error: wrong.read().as_ref().filter(|f| f.code == ErrorCode::InvalidCredentials).map(|_| t!("confirm-wrong-password")),
                    "name": "password",
                    "autofocus": true,
                    "data-testid": "confirm-password",
                }
                Wrong { failure: wrong().filter(|f| f.code != ErrorCode::InvalidCredentials) }
                Button { submit: true, block: true, large: true, busy, "data-testid": "confirm-go", {t!("confirm-do")} }
            }
        },
        By::Totp => rsx! {
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    give(Confirm { totp: Some(typed()), ..Confirm::default() });
                },
                OtpField {
                    label: t!("factor-totp-code"),
                    value: typed(),
                    length: TOTP_DIGITS,
                    error: wrong_field(wrong.read().as_ref(), "code"),
                    oninput: move |digits: String| typed.set(digits),
                    "name": "totp",
                    "autofocus": true,
                    "data-testid": "confirm-totp",
                }
                Wrong { failure: wrong(), fields: &["code"] }
                Button { submit: true, block: true, large: true, busy, "data-testid": "confirm-go", {t!("confirm-do")} }
            }
        },
        By::Passkey => rsx! {
            Wrong { failure: wrong() }
            Button {
                block: true,
                large: true,
                busy,
                icon: Icon::Key,
                "data-testid": "confirm-go",
                onclick: move |_| {
                    away.set(true);
                    spawn(async move {
                        let shown = passkey_shown(engine).await;
                        away.set(false);
                        match shown {
                            Ok(shown) => give(Confirm { passkey: Some(shown), ..Confirm::default() }),
                            Err(failure) => wrong.set(Some(failure)),
                        }
                    });
                },
                {t!("entry-passkey")}
            }
        },
        By::Code => match sent() {
            None => rsx! {
                Wrong { failure: wrong() }
                Button { block: true, large: true, busy, "data-testid": "confirm-send", onclick: move |_| ask.run(AskConfirmCode {}), {t!("entry-send-code")} }
            },
            Some(code) => {
                let challenge = code.challenge;
                rsx! {
                    CodeForm {
                        sent: code,
                        to: t!("confirm-your-contact"),
                        busy,
                        failure: wrong(),
                        submit: t!("confirm-do"),
                        oncode: move |code| give(Confirm { code: Some(ShownCode { challenge, code }), ..Confirm::default() }),
                        onresend: move |()| ask.run(AskConfirmCode {}),
                    }
                }
            }
        },
    }
}

async fn passkey_shown(engine: Engine) -> Result<PasskeyShown, Failure> {
    let PasskeyAsk { ticket, options } = engine.ask(BeginPasskey {}).await?;
    let credential = passkey::perform(Ceremony::Get, &options).await;
    let credential = credential.ok_or_else(passkey::called_off)?;
    Ok(PasskeyShown { ticket, credential })
}

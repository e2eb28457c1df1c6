//! The one way in: by phone and a code, by email and a password, by a passkey, by an account elsewhere; then what is still
//! missing: a second factor, or a name for a new account. Who is in, the session says; screens watch it.

use dioxus::prelude::*;
use momfood_domain::phone::Phone;
use momfood_protocol::account::{CodePurpose, CodeSent, NextFactor, Unregistered};
use momfood_protocol::engine::SessionState;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::{AskCode, CheckCode, GetWays, SignIn};
use momfood_protocol::reading;
use serde_json::json;

use super::code::CodeForm;
use super::factor::FactorStep;
use super::legal::LegalLinks;
use super::oauth::{Linking, Providers, use_linking, use_return};
use super::passkey::{PasskeyButton, is_there};
use super::recover::RecoverStep;
use super::register::RegisterStep;
use super::settings::Preferences;
use super::wrong::{Wrong, wrong_field};
use crate::components::{
    AppBar, Button, ButtonKind, Card, FieldKind, PhoneField, Segmented, Skeleton, SkeletonShape, TextField,
};
use crate::engine::{Answer, use_command_result, use_query};
use crate::icons::Icon;
use crate::lang::lang;
use crate::{format, storage, t};

/// Which way in was taken last on this device.
const KEPT_WAY: &str = "entry.way";

/// By what somebody is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// A mobile number.
    #[default]
    Phone,
    /// An email.
    Email,
}

impl Way {
    const fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }
}

/// Where a code goes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Contact {
    Phone(Phone),
    Email(String),
}

impl Contact {
    pub fn parts(&self) -> (Option<String>, Option<Phone>) {
        match self {
            Self::Phone(phone) => (None, Some(phone.clone())),
            Self::Email(email) => (Some(email.clone()), None),
        }
    }

    /// As it is read.
    pub fn shown(&self) -> String {
        match self {
            Self::Phone(phone) => format::phone(phone.as_str()),
            Self::Email(email) => format::isolate_ltr(email),
        }
    }
}

/// What was typed, as a contact.
pub(super) fn read_contact(way: Way, email: &str, phone: &str) -> Result<Contact, Failure> {
    let wrong = |field: &str| Failure::new(ErrorCode::InvalidInput, lang()).with(json!({ "field": field }));
    match way {
        Way::Phone => Phone::parse(phone)
            .map(Contact::Phone)
            .map_err(|_| wrong("phone")),
        // Whether it is one, the server says; here only that it is not nothing.
        Way::Email if email.contains('@') => Ok(Contact::Email(email.trim().to_owned())),
        Way::Email => Err(wrong("email")),
    }
}

/// Phone or email.
#[component]
pub(super) fn ContactFields(
    way: Signal<Way>,
    email: Signal<String>,
    phone: Signal<String>,
    by_phone: bool,
    failure: Option<Failure>,
) -> Element {
    rsx! {
        WaySwitch { way, by_phone }
        if by_phone && way() == Way::Phone {
            div { "data-testid": "phone",
                PhoneField {
                    label: t!("entry-phone"),
                    value: phone(),
                    oninput: move |text| phone.set(text),
                    error: wrong_field(failure.as_ref(), "phone"),
                    "name": "phone",
                }
            }
        } else {
            TextField {
                label: t!("kit-email"),
                value: email(),
                oninput: move |text| email.set(text),
                kind: FieldKind::Email,
                error: wrong_field(failure.as_ref(), "email"),
                "name": "email",
                "autocomplete": "username",
                "data-testid": "email",
            }
        }
    }
}

#[component]
fn WaySwitch(way: Signal<Way>, by_phone: bool) -> Element {
    if !by_phone {
        return rsx! {};
    }
    rsx! {
        div { "data-testid": "way", "data-way": way().word(),
            Segmented {
                label: t!("entry-way"),
                options: vec![t!("entry-way-phone"), t!("entry-way-email")],
                selected: usize::from(way() == Way::Email),
                onselect: move |index: usize| way.set(if index == 1 { Way::Email } else { Way::Phone }),
            }
        }
    }
}

/// How far one is.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Start,
    /// A code is awaited.
    Code(CodeSent, Contact, CodePurpose),
    Factor(NextFactor),
    Register(Unregistered),
    Recover,
    /// Becoming a customer by email.
    SignUp,
}

/// The way in, without a frame of its own.
#[component]
pub fn Entry(
    /// By what one usually comes into this app.
    #[props(default)]
    usual: Way,
    /// Whether somebody without an account may begin one here.
    #[props(default = true)]
    newcomers: bool,
) -> Element {
    let mut step = use_signal(|| Step::Start);
    let way = use_signal(|| match storage::get(KEPT_WAY).as_deref() {
        Some("phone") => Way::Phone,
        Some("email") => Way::Email,
        _ => usual,
    });
    let email = use_signal(String::new);
    let phone = use_signal(String::new);
    let mut wrong = use_signal(|| None::<Failure>);
    let ways = use_query(|| GetWays {}, &[]);
    use_effect(move || storage::set(KEPT_WAY, Some(way().word())));

    // What a refusal leads to, if it is not one.
    let follow = use_callback(move |failure: Failure| {
        let next = match failure.code {
            ErrorCode::SecondFactorRequired => reading::read(failure.details.clone()).ok().map(Step::Factor),
            ErrorCode::RegistrationRequired => {
                reading::read(failure.details.clone()).ok().map(Step::Register)
            }
            _ => None,
        };
        match next {
            Some(next) => {
                wrong.set(None);
                step.set(next);
            }
            None => wrong.set(Some(failure)),
        }
    });
    let over = use_callback(move |failure: Failure| {
        step.set(Step::Start);
        wrong.set(Some(failure));
    });
    let back = use_callback(move |()| {
        wrong.set(None);
        step.set(Step::Start);
    });
    let returning = use_return(follow);

    let mut asked = use_signal(|| None::<(Contact, CodePurpose)>);
    let ask = use_command_result::<AskCode>(move |answer: Result<CodeSent, Failure>| match answer {
        Ok(sent) => {
            wrong.set(None);
            if let Some((to, purpose)) = asked.peek().clone() {
                step.set(Step::Code(sent, to, purpose));
            }
        }
        Err(failure) => wrong.set(Some(failure)),
    });
    let check = use_command_result::<CheckCode>(move |answer: Result<SessionState, Failure>| {
        if let Err(failure) = answer {
            follow.call(failure);
        }
    });
    let mut send = move |to: Contact, purpose| {
        asked.set(Some((to.clone(), purpose)));
        let (email, phone) = to.parts();
        ask.run(AskCode {
            purpose,
            email,
            phone,
            language: lang(),
        });
    };
    let by_phone = ways.data().is_some_and(|ways| ways.phone);
    let unknown = matches!(*ways.read(), Answer::Loading);
    if returning() || unknown {
        return rsx! {
            Skeleton { shape: SkeletonShape::Heading }
            Skeleton { shape: SkeletonShape::Line, count: 3 }
        };
    }
    rsx! {
        div { class: "k-entry k-stack-l", "data-testid": "entry",
            if step() != Step::Start {
                Button { kind: ButtonKind::Quiet, icon: Icon::Back, class: "k-entry-back", onclick: move |_| back.call(()), "data-testid": "entry-back", {t!("kit-back")} }
            }
            match step() {
                Step::Start => rsx! {
                    WaySwitch { way, by_phone }
                    if by_phone && way() == Way::Phone {
                        form {
                            class: "k-stack-l",
                            novalidate: true,
                            onsubmit: move |event| {
                                event.prevent_default();
                                match read_contact(Way::Phone, "", &phone.peek()) {
                                    Ok(to) => send(to, CodePurpose::SignIn),
                                    Err(failure) => wrong.set(Some(failure)),
                                }
                            },
                            PhoneEntry { phone, failure: wrong() }
                            Wrong { failure: wrong(), fields: &["phone"] }
                            Button { submit: true, block: true, large: true, busy: ask.busy(), "data-testid": "send-code", {t!("entry-send-code")} }
                        }
                    } else {
                        PasswordForm { email, failure: wrong(), onfailure: follow }
                        div { class: "k-stack-s",
                            Button { kind: ButtonKind::Quiet, block: true, "data-testid": "forgot", onclick: move |_| { wrong.set(None); step.set(Step::Recover); }, {t!("entry-forgot")} }
                            if newcomers {
                                Button { kind: ButtonKind::Quiet, block: true, "data-testid": "to-sign-up", onclick: move |_| { wrong.set(None); step.set(Step::SignUp); }, {t!("entry-new-here")} }
                            }
                        }
                    }
                    if let Some(ways) = ways.data() {
                        if (ways.passkey && is_there()) || !ways.providers.is_empty() {
                            p { class: "k-or", span { {t!("entry-or")} } }
                            div { class: "k-stack-s",
                                if ways.passkey && is_there() {
                                    PasskeyButton { onfailure: follow }
                                }
                                Providers { providers: ways.providers.clone(), onfailure: follow }
                            }
                        }
                    }
                },
                Step::Code(sent, to, purpose) => {
                    let challenge = sent.challenge;
                    let again = to.clone();
                    rsx! {
                        CodeForm {
                            sent,
                            to: to.shown(),
                            busy: check.busy() || ask.busy(),
                            failure: wrong(),
                            submit: t!("entry-go-on"),
                            oncode: move |code| {
                                wrong.set(None);
                                check.run(CheckCode { challenge, code, role: None, restaurant_id: None });
                            },
                            onresend: move |()| send(again.clone(), purpose),
                        }
                    }
                }
                Step::Factor(next) => rsx! { FactorStep { next, onover: over } },
                Step::Register(who) => rsx! { RegisterStep { who, onover: over } },
                Step::Recover => rsx! { RecoverStep { way, email, phone, by_phone, ondone: back } },
                Step::SignUp => rsx! {
                    form {
                        class: "k-stack-l",
                        novalidate: true,
                        onsubmit: move |event| {
                            event.prevent_default();
                            match read_contact(Way::Email, &email.peek(), "") {
                                Ok(to) => send(to, CodePurpose::SignUp),
                                Err(failure) => wrong.set(Some(failure)),
                            }
                        },
                        div {
                            h2 { class: "k-l k-strong", {t!("register-title")} }
                            p { class: "k-muted", {t!("entry-sign-up-lead")} }
                        }
                        EmailEntry { email, failure: wrong() }
                        Wrong { failure: wrong(), fields: &["email"] }
                        Button { submit: true, block: true, large: true, busy: ask.busy(), "data-testid": "send-code", {t!("entry-send-code")} }
                    }
                },
            }
        }
    }
}

#[component]
fn PhoneEntry(phone: Signal<String>, failure: Option<Failure>) -> Element {
    rsx! {
        div { "data-testid": "phone",
            PhoneField {
                label: t!("entry-phone"),
                value: phone(),
                oninput: move |text| phone.set(text),
                error: wrong_field(failure.as_ref(), "phone"),
                hint: t!("entry-phone-hint"),
                "name": "phone",
            }
        }
    }
}

#[component]
fn EmailEntry(email: Signal<String>, failure: Option<Failure>) -> Element {
    rsx! {
        TextField {
            label: t!("kit-email"),
            value: email(),
            oninput: move |text| email.set(text),
            kind: FieldKind::Email,
            error: wrong_field(failure.as_ref(), "email"),
            "name": "email",
            "autofocus": true,
            "data-testid": "email",
        }
    }
}

/// Email and password.
#[component]
fn PasswordForm(
    email: Signal<String>,
    failure: Option<Failure>,
    onfailure: EventHandler<Failure>,
) -> Element {
    let mut password = use_signal(String::new);
    let sign_in = use_command_result::<SignIn>(move |answer: Result<SessionState, Failure>| {
        if let Err(failure) = answer {
            password.set(String::new());
            onfailure.call(failure);
        }
    });
    let missing = failure
        .as_ref()
        .is_some_and(|f| f.code == ErrorCode::InvalidInput);
    let refused = failure
        .as_ref()
        .filter(|f| matches!(f.code, ErrorCode::InvalidCredentials | ErrorCode::InvalidInput));
    let error = refused.map(|f| {
        if missing {
            t!("kit-sign-in-missing")
        } else {
            f.message.clone()
        }
    });
    let other = failure.clone().filter(|_| refused.is_none());
    rsx! {
        form {
            class: "k-stack",
            novalidate: true,
            onsubmit: move |event| {
                event.prevent_default();
                sign_in.run(SignIn { email: email().trim().to_owned(), password: password() });
            },
            TextField {
                label: t!("kit-email"),
                value: email(),
                oninput: move |value| email.set(value),
                kind: FieldKind::Email,
                "name": "email",
                "autocomplete": "username webauthn",
                "data-testid": "email",
            }
            TextField {
                label: t!("kit-password"),
                value: password(),
                oninput: move |value| password.set(value),
                kind: FieldKind::Password,
                error,
                "name": "password",
                "autocomplete": "current-password",
                "data-testid": "password",
            }
            Wrong { failure: other }
            Button { submit: true, block: true, large: true, busy: sign_in.busy(), "data-testid": "sign-in", {t!("kit-sign-in")} }
        }
    }
}

/// The whole entry of an app for people who work: name of the app, the way in, language and colours.
#[component]
pub fn StaffEntry(
    /// The app's name.
    #[props(into)]
    title: String,
    /// One line of what it is for.
    #[props(into)]
    lead: String,
    /// Drawn large beside the name.
    art: crate::art::Art,
    /// By what one usually comes in.
    #[props(default = Way::Email)]
    usual: Way,
    /// Whether somebody without an account may begin one here.
    #[props(default = true)]
    newcomers: bool,
    /// What is said between the lead and the way in.
    children: Element,
) -> Element {
    crate::title::use_title(title.clone());
    rsx! {
        AppBar { title: t!("kit-product") }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            div { class: "k-welcome",
                crate::art::Drawing { art }
                h1 { class: "k-xl k-strong", "{title}" }
                p { class: "k-muted", "{lead}" }
            }
            {children}
            Card { Entry { usual, newcomers } }
            Preferences {}
            footer { class: "k-foot", LegalLinks {} }
        }
    }
}

/// Where one comes back to from another provider: `/signed-in`. Who signed in goes on to the app; who linked an account
/// goes back to where that began.
#[component]
pub fn SignedIn() -> Element {
    crate::title::use_title(t!("kit-sign-in"));
    let navigator = use_navigator();
    let session = crate::engine::use_session();
    let linking = use_linking();
    let inside = matches!(*session.read(), crate::engine::Session::User(_));
    use_effect(use_reactive!(|inside| {
        if inside && *linking.peek() == Linking::No {
            let _ = navigator.replace("/");
        }
    }));
    rsx! {
        AppBar { title: t!("kit-sign-in") }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l",
            match linking() {
                Linking::No => rsx! { Card { Entry {} } },
                Linking::Busy => rsx! {
                    Skeleton { shape: SkeletonShape::Heading }
                    Skeleton { shape: SkeletonShape::Line, count: 3 }
                },
                Linking::Failed(failure) => rsx! {
                    Wrong { failure }
                    Button {
                        onclick: move |_| {
                            let _ = navigator.replace("/account/security");
                        },
                        {t!("secure-title")}
                    }
                },
            }
        }
    }
}

/// The same, where the ticket stands in the path: a link that the program around the page was given.
#[component]
pub fn SignedInWith(
    /// Read from the address.
    ticket: String,
) -> Element {
    let _ = ticket;
    rsx! {
        SignedIn {}
    }
}

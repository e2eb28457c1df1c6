//! Signing in and up. The way in is also shown in place of a screen that needs a person ([`Members`]), so that
//! a link to an order still leads to the order afterwards.

use dioxus::prelude::*;
use momfood_kit::account::SignInForm;
use momfood_kit::engine::{ErrorCode, Failure, Session, use_command_result, use_session};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{SessionState, SignUp as SignUpCall};

use crate::route::Route;

/// Shows its children to a signed-in person, and the way in to anybody else.
#[component]
pub fn Members(
    /// Why one should sign in here.
    why: String,
    children: Element,
) -> Element {
    let session = use_session();
    let session = session.read();
    match &*session {
        Session::Unknown => rsx! {
            main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack",
                Skeleton { shape: SkeletonShape::Heading }
                Skeleton { shape: SkeletonShape::Row, count: 4 }
            }
        },
        Session::Nobody => rsx! { Entry { why } },
        Session::User(_) => children,
    }
}

/// The sign-in screen itself.
#[component]
pub fn SignIn() -> Element {
    let navigator = use_navigator();
    let session = use_session();
    let leave = move || {
        if navigator.can_go_back() {
            navigator.go_back();
        } else {
            navigator.replace(Route::Home {});
        }
    };
    let inside = matches!(*session.read(), Session::User(_));
    use_effect(use_reactive!(|inside| {
        if inside {
            navigator.replace(Route::Home {});
        }
    }));
    rsx! {
        AppBar { start: rsx! { BackButton { onback: move |()| leave() } } }
        Entry { why: String::new() }
    }
}

/// Language and colours, in two touches, for who is not signed in.
#[component]
pub fn Looks() -> Element {
    let dark = theme() == Theme::Dark;
    rsx! {
        button {
            r#type: "button",
            class: "k-btn k-btn-quiet",
            lang: if lang() == Lang::Ar { "en" } else { "ar" },
            "data-testid": "switch-language",
            onclick: move |_| set_lang(if lang() == Lang::Ar { Lang::En } else { Lang::Ar }),
            IconView { icon: Icon::Globe }
            if lang() == Lang::Ar { "English" } else { "العربية" }
        }
        IconButton {
            icon: if dark { Icon::Sun } else { Icon::Moon },
            label: if dark { t!("looks-light") } else { t!("looks-dark") },
            "data-testid": "switch-theme",
            onclick: move |_| set_theme(if dark { Theme::Light } else { Theme::Dark }),
        }
    }
}

#[component]
fn Entry(why: String) -> Element {
    let mut new = use_signal(|| false);
    use_title(if new() {
        t!("sign-up-title")
    } else {
        t!("sign-in-title")
    });
    let why = if why.is_empty() {
        t!("sign-in-welcome")
    } else {
        why
    };
    rsx! {
        main { id: "content", tabindex: "-1", class: "k-page k-narrow c-entry",
            div { class: "c-entry-head",
                span { class: "c-mark", aria_hidden: "true", IconView { icon: Icon::Bowl } }
                h1 { {t!("kit-product")} }
                p { class: "k-muted k-m", "{why}" }
            }
            Card {
                div { class: "k-stack-l",
                    Segmented {
                        label: t!("sign-in-or-up"),
                        options: vec![t!("sign-in-title"), t!("sign-up-title")],
                        selected: usize::from(new()),
                        onselect: move |index: usize| new.set(index == 1),
                    }
                    if new() {
                        SignUpForm {}
                    } else {
                        SignInForm {}
                    }
                }
            }
            div { class: "k-row-s c-looks", Looks {} }
        }
    }
}

#[component]
fn SignUpForm() -> Element {
    let mut first = use_signal(String::new);
    let mut last = use_signal(String::new);
    let mut phone = use_signal(String::new);
    let mut email = use_signal(String::new);
    let mut password = use_signal(String::new);
    let mut wrong = use_signal(|| None::<Failure>);
    let enter = use_command_result(move |answer: Result<SessionState, Failure>| match answer {
        // The session follows by itself.
        Ok(_) => {}
        Err(failure) => {
            wrong.set(Some(failure));
            spawn(async move {
                sleep_ms(0).await;
                focus_first("[aria-invalid=true]");
            });
        }
    });
    let said = move |field: &'static str| field_error(wrong.read().as_ref(), field);
    rsx! {
        form {
            class: "k-stack-l",
            novalidate: true,
            onsubmit: move |event| {
                event.prevent_default();
                wrong.set(None);
                enter.run(SignUpCall {
                    email: email().trim().to_owned(),
                    password: password(),
                    first_name: first().trim().to_owned(),
                    last_name: last().trim().to_owned(),
                    phone: Some(phone()).filter(|phone| !phone.is_empty()),
                });
            },
            div { class: "c-pair",
                TextField {
                    label: t!("field-first-name"),
                    value: first(),
                    oninput: move |text| first.set(text),
                    kind: FieldKind::Name,
                    error: said("firstName"),
                    "name": "first-name",
                    "data-testid": "first-name",
                }
                TextField {
                    label: t!("field-last-name"),
                    value: last(),
                    oninput: move |text| last.set(text),
                    kind: FieldKind::Name,
                    error: said("lastName"),
                    "name": "last-name",
                    "data-testid": "last-name",
                }
            }
            div { "data-testid": "phone",
                PhoneField {
                    label: t!("field-phone"),
                    value: phone(),
                    oninput: move |text| phone.set(text),
                    error: said("phone"),
                    hint: t!("field-phone-hint"),
                }
            }
            TextField {
                label: t!("field-email"),
                value: email(),
                oninput: move |text| email.set(text),
                kind: FieldKind::Email,
                error: said("email"),
                "name": "email",
                "data-testid": "email",
            }
            TextField {
                label: t!("field-password"),
                value: password(),
                oninput: move |text| password.set(text),
                kind: FieldKind::NewPassword,
                hint: t!("field-password-hint"),
                error: said("password"),
                "name": "password",
                "data-testid": "password",
            }
            Wrong { failure: wrong() }
            Button { submit: true, block: true, large: true, busy: enter.busy(), "data-testid": "sign-up",
                {t!("sign-up-do")}
            }
        }
    }
}

/// What is wrong with a field, when the failure is about it.
fn field_error(failure: Option<&Failure>, field: &str) -> Option<String> {
    let failure = failure?;
    match (failure.code, field) {
        (ErrorCode::EmailTaken, "email") | (ErrorCode::PhoneTaken, "phone") => Some(failure.message.clone()),
        (ErrorCode::InvalidInput, _) if failure.details.get("field")?.as_str() == Some(field) => {
            Some(t!(&["wrong-", field].concat()))
        }
        _ => None,
    }
}

/// What is wrong with the whole, when it is no field's.
#[component]
fn Wrong(failure: Option<Failure>) -> Element {
    let Some(failure) = failure else { return rsx! {} };
    let of_a_field = ["email", "password", "phone", "firstName", "lastName"]
        .iter()
        .any(|field| field_error(Some(&failure), field).is_some());
    if of_a_field {
        return rsx! {};
    }
    rsx! {
        div { "data-testid": "entry-error",
            Banner { kind: BannerKind::Error, "{failure.message}" }
        }
    }
}

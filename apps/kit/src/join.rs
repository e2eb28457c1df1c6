//! Joining: applying to sell or to drive, with papers, until somebody says yes; and an invitation to a restaurant's staff.
//!
//! [`Applicant`] is the whole app to somebody who signed in to the kitchen or the driver's app and does not hold its role
//! yet. Its words are [`AR`] and [`EN`]: an app that shows it hands them to [`crate::app::start`].
//!
//! What is right, the server says (`missing`); a field only says early what it would say later.

mod documents;
mod driver;
mod fields;
mod invitation;
mod restaurant;

use dioxus::prelude::*;
use momfood_domain::application::ApplicationStatus;
use momfood_protocol::engine::SignOut;
use momfood_protocol::error::Failure;
use momfood_protocol::onboarding::{Application, ApplicationForm};
use momfood_protocol::online::{GetApplications, SaveDraft, SubmitApplication, WithdrawApplication};
use uuid::Uuid;

pub use invitation::Invited;

use crate::account::{AccountRows, NeedsLine, Preferences, SignOutButton, Wrong};
use crate::app::AppName;
use crate::art::{Art, Drawing};
use crate::components::{
    AppBar, Banner, BannerKind, Button, ButtonKind, Card, Confirm, ProgressBar, Section, Skeleton,
    SkeletonShape, StatusPill, Tone,
};
use crate::connection::ConnectionPill;
use crate::engine::{Answer, EventKind, use_command, use_command_result, use_query};
use crate::icons::{Icon, IconView};
use crate::title::use_title;
use crate::toasts::toast;
use crate::{a11y, dom, format, t};
use documents::Documents;

/// Words in Arabic.
pub const AR: &str = include_str!("../i18n/ar/join.ftl");
/// Words in English.
pub const EN: &str = include_str!("../i18n/en/join.ftl");

/// Whether it is applied for in the app running here.
fn is_here(form: &ApplicationForm) -> bool {
    matches!(
        (AppName::current(), form),
        (AppName::Kitchen, ApplicationForm::Restaurant(_)) | (AppName::Driver, ApplicationForm::Driver(_))
    )
}

fn is_driver() -> bool {
    AppName::current() == AppName::Driver
}

/// The app to somebody who may not use it yet.
#[component]
pub fn Applicant() -> Element {
    let title = if is_driver() {
        t!("join-drive")
    } else {
        t!("join-sell")
    };
    use_title(title.clone());
    let list = use_query(|| GetApplications {}, &[EventKind::Session]);
    rsx! {
        AppBar { title, end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack-l", "data-testid": "applicant",
            match &*list.read() {
                Answer::Loading => rsx! {
                    Skeleton { shape: SkeletonShape::Heading }
                    Skeleton { shape: SkeletonShape::Row, count: 4 }
                },
                Answer::Failed(failure, None) => rsx! {
                    NeedsLine { failure: failure.clone(), onretry: move |()| list.again() }
                },
                Answer::Ready(all, _) | Answer::Failed(_, Some(all)) => {
                    let own = all.iter().find(|application| is_here(&application.form)).cloned();
                    rsx! {
                        Course { application: own, onchange: move |()| list.again() }
                    }
                }
            }
            AccountRows {}
            Preferences {}
            SignOutButton {}
        }
    }
}

/// Where the application stands, and what to do about it.
#[component]
fn Course(application: Option<Application>, onchange: EventHandler<()>) -> Element {
    let mut writing = use_signal(|| false);
    let Some(application) = application else {
        return rsx! {
            if writing() {
                Wizard { application: None, onchange }
            } else {
                Welcome { onbegin: move |()| writing.set(true) }
            }
        };
    };
    let open = writing() || application.status == ApplicationStatus::Draft;
    rsx! {
        match application.status {
            ApplicationStatus::Submitted => rsx! { Waiting { application: application.clone(), onchange } },
            ApplicationStatus::Approved => rsx! { Approved {} },
            ApplicationStatus::Refused => rsx! {
                div { "data-testid": "refused",
                    Banner { kind: BannerKind::Warn,
                        span { class: "k-strong", {t!("join-refused")} }
                        " "
                        span { {application.reason.clone().unwrap_or_default()} }
                    }
                }
                if !open {
                    Button { block: true, large: true, icon: Icon::Edit, "data-testid": "correct", onclick: move |_| writing.set(true), {t!("join-correct")} }
                }
            },
            ApplicationStatus::Withdrawn if !open => rsx! {
                Banner { kind: BannerKind::Info, {t!("join-withdrawn")} }
                Button { block: true, large: true, icon: Icon::Edit, onclick: move |_| writing.set(true), {t!("join-go-on")} }
            },
            ApplicationStatus::Draft | ApplicationStatus::Withdrawn => rsx! {},
        }
        if open && matches!(application.status, ApplicationStatus::Draft | ApplicationStatus::Refused | ApplicationStatus::Withdrawn) {
            Wizard { application: Some(application), onchange }
        }
    }
}

/// What it takes.
#[component]
fn Welcome(onbegin: EventHandler<()>) -> Element {
    let needs = if is_driver() {
        vec![
            (Icon::User, t!("join-need-identity")),
            (Icon::Card, t!("join-need-license")),
            (Icon::Scooter, t!("join-need-vehicle")),
            (Icon::Wallet, t!("join-need-iban")),
        ]
    } else {
        vec![
            (Icon::Building, t!("join-need-registration")),
            (Icon::Receipt, t!("join-need-vat")),
            (Icon::Wallet, t!("join-need-iban")),
        ]
    };
    rsx! {
        div { class: "k-welcome",
            Drawing { art: if is_driver() { Art::Waiting } else { Art::Pot } }
            h2 { class: "k-xl k-strong", if is_driver() { {t!("join-drive-title")} } else { {t!("join-sell-title")} } }
            p { class: "k-muted", if is_driver() { {t!("join-drive-lead")} } else { {t!("join-sell-lead")} } }
        }
        Card {
            div { class: "k-stack",
                p { class: "k-strong", {t!("join-have-ready")} }
                ul { class: "k-stack-s",
                    for (icon, words) in needs {
                        li { key: "{words}", class: "k-row",
                            span { class: "k-list-icon", IconView { icon } }
                            span { "{words}" }
                        }
                    }
                }
                p { class: "k-muted k-s", {t!("join-how")} }
            }
        }
        Button { block: true, large: true, "data-testid": "apply", onclick: move |_| onbegin.call(()), {t!("join-begin")} }
    }
}

#[component]
fn Waiting(application: Application, onchange: EventHandler<()>) -> Element {
    let id = application.id;
    let mut asking = use_signal(|| false);
    let withdraw = use_command::<WithdrawApplication>(move |_: Application| {
        asking.set(false);
        onchange.call(());
    });
    rsx! {
        div { class: "k-welcome", "data-testid": "waiting",
            Drawing { art: Art::Calm }
            h2 { class: "k-xl k-strong", {t!("join-waiting")} }
            p { class: "k-muted", {t!("join-waiting-lead")} }
            StatusPill { tone: Tone::Primary, icon: Icon::Clock,
                {application.submitted_at.map_or_else(|| t!("join-waiting"), |at| t!("join-sent", day: format::date(at)))}
            }
        }
        Button { kind: ButtonKind::Secondary, block: true, icon: Icon::Sync, onclick: move |_| onchange.call(()), "data-testid": "look-again", {t!("join-look")} }
        Button { kind: ButtonKind::Danger, block: true, "data-testid": "withdraw", onclick: move |_| asking.set(true), {t!("join-withdraw")} }
        if asking() {
            Confirm {
                title: t!("join-withdraw-title"),
                body: t!("join-withdraw-body"),
                yes: t!("join-withdraw"),
                danger: true,
                busy: withdraw.busy(),
                onyes: move |()| withdraw.run(WithdrawApplication { id }),
                onno: move |()| asking.set(false),
            }
        }
    }
}

#[component]
fn Approved() -> Element {
    let leave = use_command::<SignOut>(move |_| {});
    rsx! {
        div { class: "k-welcome", "data-testid": "approved",
            Drawing { art: if is_driver() { Art::Waiting } else { Art::Pot } }
            h2 { class: "k-xl k-strong", {t!("join-approved")} }
            p { class: "k-muted", {t!("join-approved-lead")} }
        }
        Button { block: true, large: true, busy: leave.busy(), "data-testid": "enter-again", onclick: move |_| leave.run(SignOut {}), {t!("join-enter-again")} }
    }
}

/// The id of something new, nobody's else.
pub fn mint() -> Uuid {
    uuid::Builder::from_random_bytes(dom::random().unwrap_or_default()).into_uuid()
}

/// The steps of writing an application.
const STEPS: usize = 3;

/// Written step by step; each step is kept by the server as it is left.
#[component]
fn Wizard(application: Option<Application>, onchange: EventHandler<()>) -> Element {
    let fresh = use_signal(mint);
    let known = application.as_ref().map(|application| application.id);
    let id = known.unwrap_or_else(|| *fresh.peek());
    let mut step = use_signal(|| 0_usize);
    let mut goal = use_signal(|| 0_usize);
    let mut saved = use_signal(|| application.clone());
    let mut wrong = use_signal(|| None::<Failure>);
    let draft = use_signal(|| fields::Draft::of(application.as_ref().map(|application| &application.form)));
    let save = use_command_result::<SaveDraft>(move |answer: Result<Application, Failure>| match answer {
        Ok(kept) => {
            wrong.set(None);
            saved.set(Some(kept));
            step.set(*goal.peek());
            a11y::focus_id("content");
            crate::components::scroll_to_id("content");
        }
        Err(failure) => wrong.set(Some(failure)),
    });
    let submit =
        use_command_result::<SubmitApplication>(move |answer: Result<Application, Failure>| match answer {
            Ok(_) => {
                toast(t!("join-submitted"));
                onchange.call(());
            }
            Err(failure) => {
                // What is still missing stands in its details.
                if let (Some(kept), Some(missing)) = (saved.write().as_mut(), failure.details.get("missing"))
                {
                    kept.missing = serde_json::from_value(missing.clone()).unwrap_or_default();
                }
                wrong.set(Some(failure));
            }
        });
    let mut go = move |to: usize| match draft.peek().form() {
        Ok(form) => {
            goal.set(to);
            save.run(SaveDraft { id, form });
        }
        Err(field) => {
            wrong.set(Some(fields::unfit(field)));
            spawn(async move {
                crate::time::sleep_ms(0).await;
                a11y::focus_first("[aria-invalid=true]");
            });
        }
    };
    let missing: Vec<String> = saved
        .read()
        .as_ref()
        .map(|kept| kept.missing.clone())
        .unwrap_or_default();
    let titles = [
        t!("join-step-about"),
        t!("join-step-numbers"),
        t!("join-step-papers"),
    ];
    let here = step();
    let percent = u32::try_from((here + 1) * 100 / STEPS).unwrap_or(100);
    rsx! {
        div { class: "k-stack-l", "data-testid": "wizard", "data-step": "{here}",
            div { class: "k-stack-s",
                p { class: "k-muted k-s", {t!("join-step", now: here + 1, all: STEPS)} }
                h2 { class: "k-l k-strong", "{titles[here]}" }
                ProgressBar { label: t!("join-step", now: here + 1, all: STEPS), percent: Some(percent) }
            }
            match here {
                0 if is_driver() => rsx! { driver::About { draft, failure: wrong() } },
                0 => rsx! { restaurant::About { draft, failure: wrong() } },
                1 if is_driver() => rsx! { driver::Numbers { draft, missing: missing.clone() } },
                1 => rsx! { restaurant::Numbers { draft, missing: missing.clone() } },
                _ => rsx! {
                    Documents {
                        id,
                        kinds: draft.peek().kind().documents().to_vec(),
                        documents: saved.read().as_ref().map(|kept| kept.documents.clone()).unwrap_or_default(),
                        onchange: move |documents| {
                            if let Some(kept) = saved.write().as_mut() {
                                kept.documents = documents;
                            }
                        },
                    }
                },
            }
            if here + 1 == STEPS && !missing.is_empty() && wrong.read().is_some() {
                Section { title: t!("join-still-missing"),
                    ul { class: "k-bullets", "data-testid": "missing",
                        for name in missing {
                            li { key: "{name}", {fields::name(&name)} }
                        }
                    }
                }
            }
            Wrong { failure: wrong(), fields: &["name", "district", "phone", "email", "plate", "color"] }
            div { class: "k-row",
                if here > 0 {
                    Button { kind: ButtonKind::Secondary, large: true, disabled: save.busy(), onclick: move |_| step.set(here - 1), {t!("kit-back")} }
                }
                if here + 1 < STEPS {
                    Button { class: "k-grow", large: true, busy: save.busy(), "data-testid": "next", onclick: move |_| go(here + 1), {t!("join-next")} }
                } else {
                    Button { class: "k-grow", large: true, busy: submit.busy(), "data-testid": "submit", onclick: move |_| submit.run(SubmitApplication { id }), {t!("join-submit")} }
                }
            }
            p { class: "k-muted k-s", {t!("join-kept")} }
        }
    }
}

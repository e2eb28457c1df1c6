//! One application: what it says, its documents, and the answer.

use dioxus::prelude::*;
use momfood_domain::time::Timestamp;
use momfood_kit::account::{ConfirmGate, use_guard};
use momfood_kit::engine::{Answer, EventKind, use_command, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::admin::ApplicationCase;
use momfood_protocol::onboarding::{ApplicationForm, ApplicationStatus, Document, DocumentKind};
use momfood_protocol::online::{ApproveApplication, FileData, GetCase, GetDocument, RefuseApplication};
use uuid::Uuid;

use crate::Route;
use crate::reason::{AskReason, use_deed};
use crate::words;

/// The page of one application.
#[component]
pub fn CasePage(id: String) -> Element {
    use_title(t!("admin-case"));
    let Ok(id) = id.parse::<Uuid>() else {
        return rsx! { NotThere {} };
    };
    rsx! {
        AppBar { title: t!("admin-case"), start: rsx! { BackButton {} }, end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-stack-l",
            Case { key: "{id}", id }
        }
    }
}

/// What was looked for is not there.
#[component]
pub fn NotThere() -> Element {
    rsx! {
        main { id: "content", class: "k-page",
            EmptyState { art: Art::Nothing, title: t!("admin-not-there"), body: t!("admin-not-there-body"),
                Link { to: Route::Approvals {}, class: "k-link", {t!("admin-nav-approvals")} }
            }
        }
    }
}

#[component]
fn Case(id: Uuid) -> Element {
    let case = use_query(move || GetCase { id }, &[EventKind::Session]);
    match &*case.read() {
        Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 8 } },
        Answer::Failed(failure, None) => rsx! {
            ErrorState { title: t!("admin-cannot-show"), body: failure.message.clone(), onretry: move |()| case.again() }
        },
        answer => match answer.data() {
            Some(shown) => rsx! { Shown { case: shown.clone(), onchanged: move |()| case.again() } },
            None => rsx! {},
        },
    }
}

#[component]
fn Shown(case: ApplicationCase, onchanged: EventHandler<()>) -> Element {
    let application = &case.application;
    let (icon, subject) = words::subject(&application.form);
    let (tone, icon_of, status) = words::status(application.status);
    let waits = application.status == ApplicationStatus::Submitted;
    let person = case.person.clone();
    rsx! {
        header { class: "k-row",
            IconView { icon }
            div { class: "k-grow",
                h1 { class: "k-l k-strong", "{subject}" }
                p { class: "k-muted",
                    Link { to: Route::Person { id: person.id.to_string() }, class: "a-link", {words::name(&person)} }
                }
            }
            StatusPill { tone, icon: icon_of, "{status}" }
        }
        if let Some(reason) = &application.reason {
            Banner { kind: BannerKind::Info, "{reason}" }
        }
        div { class: "k-two",
            Card { Facts { form: application.form.clone() } }
            div { class: "k-aside k-stack",
                h2 { class: "k-m k-strong", {t!("admin-documents")} }
                if application.documents.is_empty() {
                    p { class: "k-muted", {t!("admin-documents-none")} }
                }
                for document in application.documents.clone() {
                    OneDocument { key: "{document.id}", of: application.id, document }
                }
                if let Some(submitted_at) = application.submitted_at.filter(|_| waits) {
                    Answering { id: application.id, submitted_at, subject, onchanged }
                }
            }
        }
    }
}

/// Names and values.
#[component]
fn Facts(form: ApplicationForm) -> Element {
    let facts: Vec<(String, String, bool)> = match form {
        ApplicationForm::Restaurant(form) => vec![
            (
                t!("admin-fact-name-ar"),
                form.name.get(Lang::Ar).to_owned(),
                false,
            ),
            (
                t!("admin-fact-name-en"),
                form.name.get(Lang::En).to_owned(),
                false,
            ),
            (
                t!("admin-fact-cuisine"),
                momfood_kit::words::cuisine(&form.cuisine),
                false,
            ),
            (t!("admin-fact-district"), form.district.here(), false),
            (t!("admin-fact-phone"), form.phone.as_str().to_owned(), true),
            (t!("admin-fact-email"), form.email, true),
            (t!("admin-fact-license"), form.business_license, true),
            (t!("admin-fact-vat"), form.vat_number, true),
            (t!("admin-fact-iban"), form.iban, true),
        ],
        ApplicationForm::Driver(form) => vec![
            (t!("admin-fact-national-id"), form.national_id, true),
            (t!("admin-fact-driving-license"), form.license_number, true),
            (t!("admin-fact-license-expires"), form.license_expires, true),
            (t!("admin-fact-vehicle"), form.vehicle_kind.here(), false),
            (t!("admin-fact-plate"), form.plate.here(), false),
            (t!("admin-fact-color"), form.color.here(), false),
            (t!("admin-fact-iban"), form.iban, true),
        ],
    };
    rsx! {
        dl { class: "a-facts",
            for (name, value, digits) in facts {
                div { key: "{name}",
                    dt { class: "k-muted k-s", "{name}" }
                    dd { class: if digits { "k-ltr k-num" }, if value.is_empty() { "—" } else { "{value}" } }
                }
            }
        }
    }
}

/// A document, looked at when asked for: that somebody looked is kept.
#[component]
fn OneDocument(of: Uuid, document: Document) -> Element {
    let mut file = use_signal(|| None::<String>);
    let look = use_command(move |got: FileData| file.set(Some(got.address)));
    let kind: DocumentKind = document.kind;
    let doc = document.id;
    let is_picture = document.content_type.starts_with("image/");
    let kib = (document.length + 1023) / 1024;
    rsx! {
        Card {
            div { class: "k-row",
                IconView { icon: Icon::Note }
                div { class: "k-grow",
                    p { class: "k-strong", {words::document(kind)} }
                    p { class: "k-muted k-s k-num", {t!("admin-kib", count: kib)} " · " {format::date(document.at)} }
                }
                if file.read().is_none() {
                    Button {
                        kind: ButtonKind::Secondary,
                        icon: Icon::Eye,
                        busy: look.busy(),
                        onclick: move |_| look.run(GetDocument { id: of, doc }),
                        "data-testid": "look",
                        {t!("admin-look")}
                    }
                }
            }
            if let Some(address) = file.read().as_ref() {
                if is_picture {
                    img { class: "a-document", src: "{address}", alt: words::document(kind) }
                } else {
                    a { class: "a-link", href: "{address}", download: "{kind:?}.pdf", {t!("admin-save-pdf")} }
                }
            }
        }
    }
}

#[component]
fn Answering(id: Uuid, submitted_at: Timestamp, subject: String, onchanged: EventHandler<()>) -> Element {
    let mut refusing = use_signal(|| false);
    let mut approving = use_signal(|| false);
    let guard = use_guard();
    let approve = use_deed::<ApproveApplication>(guard, move |_case: ApplicationCase| {
        approving.set(false);
        toast(t!("admin-approved"));
        onchanged.call(());
    });
    let refuse = use_deed::<RefuseApplication>(guard, move |_case: ApplicationCase| {
        refusing.set(false);
        toast(t!("admin-refused"));
        onchanged.call(());
    });
    rsx! {
        div { class: "k-row",
            Button { onclick: move |_| approving.set(true), icon: Icon::Check, "data-testid": "approve", {t!("admin-approve")} }
            Button { kind: ButtonKind::Danger, onclick: move |_| refusing.set(true), "data-testid": "refuse", {t!("admin-refuse")} }
        }
        if approving() {
            Confirm {
                title: t!("admin-approve-title", name: subject.clone()),
                body: t!("admin-approve-body"),
                yes: t!("admin-approve"),
                busy: approve.busy(),
                onyes: move |()| approve.run(ApproveApplication { id, submitted_at }),
                onno: move |()| approving.set(false),
            }
        }
        if refusing() {
            AskReason {
                title: t!("admin-refuse-title", name: subject),
                body: t!("admin-refuse-body"),
                yes: t!("admin-refuse"),
                danger: true,
                busy: refuse.busy(),
                onyes: move |reason| refuse.run(RefuseApplication { id, reason }),
                onno: move |()| refusing.set(false),
            }
        }
        ConfirmGate { guard }
    }
}

//! Who wants to sell or to drive: those that wait longest first.

use dioxus::prelude::*;
use momfood_kit::engine::{Answer, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::admin::ApplicationCase;
use momfood_protocol::onboarding::ApplicationStatus;
use momfood_protocol::online::GetCases;

use crate::Route;
use crate::words;

const SHOWN: [ApplicationStatus; 3] = [
    ApplicationStatus::Submitted,
    ApplicationStatus::Approved,
    ApplicationStatus::Refused,
];

/// The applications.
#[component]
pub fn Approvals() -> Element {
    use_title(t!("admin-nav-approvals"));
    let mut shown = use_signal(|| 0_usize);
    let cases = use_query(
        move || GetCases {
            status: Some(SHOWN[shown()]),
        },
        &[EventKind::Session],
    );
    rsx! {
        AppBar { title: t!("admin-nav-approvals"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-stack-l",
            Segmented {
                label: t!("admin-approvals-which"),
                options: SHOWN.iter().map(|status| words::status(*status).2).collect::<Vec<_>>(),
                selected: shown(),
                onselect: move |which: usize| shown.set(which),
                "data-testid": "which",
            }
            match &*cases.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 6 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: t!("admin-cannot-show"), body: failure.message.clone(), onretry: move |()| cases.again() }
                },
                answer => rsx! { Cases { cases: answer.data().cloned().unwrap_or_default() } },
            }
        }
    }
}

#[component]
fn Cases(cases: Vec<ApplicationCase>) -> Element {
    if cases.is_empty() {
        return rsx! {
            EmptyState { art: Art::Calm, title: t!("admin-approvals-none"), body: t!("admin-approvals-none-body") }
        };
    }
    rsx! {
        Table {
            caption: t!("admin-nav-approvals"),
            head: vec![t!("admin-what"), t!("admin-who"), t!("admin-since"), t!("admin-status")],
            for case in cases {
                CaseRow { key: "{case.application.id}", case }
            }
        }
    }
}

#[component]
fn CaseRow(case: ApplicationCase) -> Element {
    let application = &case.application;
    let (icon, subject) = words::subject(&application.form);
    let (tone, icon_of, status) = words::status(application.status);
    let since = application.submitted_at.unwrap_or(application.updated_at);
    rsx! {
        tr { "data-testid": "case",
            th { scope: "row",
                Link { to: Route::CasePage { id: application.id.to_string() }, class: "a-link k-row-s",
                    IconView { icon }
                    span { "{subject}" }
                }
            }
            td { {words::name(&case.person)} }
            td { class: "k-num", {format::date_time(since)} }
            td { StatusPill { tone, icon: icon_of, "{status}" } }
        }
    }
}

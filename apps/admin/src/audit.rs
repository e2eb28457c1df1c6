//! The audit log: who saw and changed what, and whether the chain over it holds.

use dioxus::prelude::*;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_kit::engine::{Answer, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_kit::time;
use momfood_protocol::admin::AuditLine;
use momfood_protocol::online::{GetAuditSeal, SearchAudit};
use uuid::Uuid;

use crate::Route;
use crate::people::Pages;
use crate::words;

/// How long typing must rest before it is looked for, milliseconds.
const REST_MS: u32 = 400;

/// The audit log; `actor` and `subject` narrow it when they are ids.
#[component]
pub fn Audit(actor: String, subject: String) -> Element {
    use_title(t!("admin-nav-audit"));
    rsx! {
        AppBar { title: t!("admin-nav-audit"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-stack-l",
            Seal {}
            Search { key: "{actor} {subject}", actor, subject }
        }
    }
}

/// Whether the chain holds.
#[component]
fn Seal() -> Element {
    let seal = use_query(|| GetAuditSeal {}, &[EventKind::Session]);
    let read = seal.read();
    let Some(seal) = read.data() else {
        return rsx! {};
    };
    match seal.broken_at {
        Some(number) => rsx! {
            Banner { kind: BannerKind::Error, {t!("admin-seal-broken", number: number)} }
        },
        None => rsx! {
            div { class: "k-row k-muted k-s", "data-testid": "seal",
                IconView { icon: Icon::Lock }
                span { {t!("admin-seal-holds", count: seal.number, waiting: seal.waiting)} }
                code { class: "k-ltr k-clip", title: "{seal.hash}", {seal.hash.get(..16).unwrap_or_default()} "…" }
            }
        },
    }
}

/// What is looked for, as it was typed.
#[derive(Clone, Default, PartialEq)]
struct Wanted {
    action: String,
    actor: String,
    subject: String,
    first_day: String,
    last_day: String,
}

impl Wanted {
    /// From when, and up to when.
    fn span(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        (
            time::day_begins(&self.first_day, 0),
            time::day_begins(&self.last_day, 1),
        )
    }

    fn query(&self, after: Option<Uuid>) -> SearchAudit {
        let (from, to) = self.span();
        SearchAudit {
            actor: self.actor.trim().parse::<UserId>().ok(),
            action: Some(self.action.trim().to_owned()).filter(|text| !text.is_empty()),
            subject: self.subject.trim().parse::<Uuid>().ok(),
            from,
            to,
            after,
        }
    }
}

#[component]
fn Search(actor: String, subject: String) -> Element {
    let begin = Wanted {
        actor,
        subject,
        ..Wanted::default()
    };
    let mut typed = use_signal(|| begin.clone());
    let mut wanted = use_signal(|| begin);
    let mut after = use_signal(|| None::<Uuid>);
    let lines = use_query(move || wanted.read().query(after()), &[EventKind::Session]);
    let look = move || {
        let now = typed();
        spawn(async move {
            sleep_ms(REST_MS).await;
            if *typed.peek() == now && *wanted.peek() != now {
                after.set(None);
                wanted.set(now);
            }
        });
    };
    let no_id = |text: &str| {
        (!text.trim().is_empty() && text.trim().parse::<Uuid>().is_err()).then(|| t!("admin-no-id"))
    };
    let Wanted {
        action,
        actor,
        subject,
        first_day,
        last_day,
    } = typed();
    let backwards = matches!(typed.read().span(), (Some(from), Some(to)) if to <= from);
    rsx! {
        div { class: "a-filters",
            TextField {
                label: t!("admin-audit-action"), value: action, placeholder: "identity.",
                oninput: move |value| { typed.write().action = value; look(); },
                "dir": "ltr", "data-testid": "audit-action",
            }
            TextField {
                label: t!("admin-audit-actor"), error: no_id(&actor), value: actor,
                oninput: move |value| { typed.write().actor = value; look(); },
                "dir": "ltr", "data-testid": "audit-actor",
            }
            TextField {
                label: t!("admin-audit-subject"), error: no_id(&subject), value: subject,
                oninput: move |value| { typed.write().subject = value; look(); },
                "dir": "ltr", "data-testid": "audit-subject",
            }
        }
        div { class: "a-days",
            TextField {
                label: t!("admin-audit-first-day"), value: first_day,
                oninput: move |value| { typed.write().first_day = value; look(); },
                "type": "date", "dir": "ltr", "data-testid": "audit-first-day",
            }
            TextField {
                label: t!("admin-audit-last-day"), error: backwards.then(|| t!("admin-audit-backwards")), value: last_day,
                oninput: move |value| { typed.write().last_day = value; look(); },
                "type": "date", "dir": "ltr", "data-testid": "audit-last-day",
            }
        }
        match &*lines.read() {
            Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 10 } },
            Answer::Failed(failure, None) => rsx! {
                ErrorState { title: t!("admin-cannot-show"), body: failure.message.clone(), onretry: move |()| lines.again() }
            },
            answer => {
                let page = answer.data().cloned().unwrap_or_default();
                rsx! {
                    Lines { lines: page.lines }
                    Pages {
                        first: after().is_none(),
                        onfirst: move |()| after.set(None),
                        next: page.next.is_some(),
                        onnext: move |()| after.set(page.next),
                    }
                }
            }
        }
    }
}

#[component]
fn Lines(lines: Vec<AuditLine>) -> Element {
    if lines.is_empty() {
        return rsx! {
            EmptyState { art: Art::Nothing, title: t!("admin-audit-none"), body: t!("admin-audit-none-body") }
        };
    }
    rsx! {
        Table {
            caption: t!("admin-nav-audit"),
            head: vec![t!("admin-audit-what"), t!("admin-when"), t!("admin-who"), t!("admin-audit-to"), t!("admin-audit-detail"), t!("admin-audit-number")],
            for line in lines {
                OneLine { key: "{line.id}", line }
            }
        }
    }
}

#[component]
fn OneLine(line: AuditLine) -> Element {
    let short = |id: Uuid| id.to_string().chars().skip(24).collect::<String>();
    let said = line.detail.as_object().into_iter().flatten();
    let said = said.filter(|(_, value)| !value.is_null());
    let words = said.map(|(name, value)| match value {
        serde_json::Value::String(text) => format!("{name}: {text}"),
        value => format!("{name}: {value}"),
    });
    let detail = words.collect::<Vec<_>>().join(" · ");
    rsx! {
        tr { "data-testid": "audit-line",
            th { scope: "row", class: "k-ltr a-action", "{line.action}" }
            td { class: "k-num", {format::date_time(line.at)} }
            td {
                match line.actor {
                    Some(actor) => rsx! {
                        Link { to: Route::Person { id: actor.to_string() }, class: "a-link", {words::role(line.role)} " " span { class: "k-ltr k-num k-s", {short(actor.0)} } }
                    },
                    None => rsx! { {words::role(line.role)} },
                }
            }
            td { class: "k-ltr",
                "{line.subject} "
                if let Some(id) = line.subject_id {
                    span { class: "k-num k-s k-muted", title: "{id}", {short(id)} }
                }
            }
            td { class: "k-ltr k-s a-detail", "{detail}" }
            td { class: "k-num", if let Some(number) = line.number { {format::number(number)} } else { "…" } }
        }
    }
}

//! Finding people: by email, phone, id or the beginning of a name.

use dioxus::prelude::*;
use momfood_domain::actor::Role;
use momfood_domain::id::UserId;
use momfood_kit::engine::{Answer, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::admin::PersonLine;
use momfood_protocol::online::FindPeople;

use crate::Route;
use crate::words;

/// How long typing must rest before it is looked for, milliseconds.
const REST_MS: u32 = 300;

/// The people.
#[component]
pub fn People() -> Element {
    use_title(t!("admin-nav-people"));
    let mut typed = use_signal(String::new);
    let mut wanted = use_signal(String::new);
    let mut role = use_signal(|| None::<Role>);
    let mut after = use_signal(|| None::<UserId>);
    let people = use_query(
        move || FindPeople {
            q: Some(wanted().trim().to_owned()).filter(|text| !text.is_empty()),
            role: role(),
            after: after(),
        },
        &[EventKind::Session],
    );
    let roles = std::iter::once((String::new(), t!("admin-role-any"))).chain(
        Role::ALL
            .iter()
            .map(|role| (format!("{role:?}"), words::role(*role))),
    );
    rsx! {
        AppBar { title: t!("admin-nav-people"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-stack-l",
            div { class: "a-filters",
                SearchField {
                    label: t!("admin-people-search"),
                    value: typed(),
                    oninput: move |value: String| {
                        typed.set(value.clone());
                        spawn(async move {
                            sleep_ms(REST_MS).await;
                            if *typed.peek() == value {
                                after.set(None);
                                wanted.set(value);
                            }
                        });
                    },
                    "data-testid": "people-search",
                }
                Select {
                    label: t!("admin-role"),
                    options: roles.collect::<Vec<_>>(),
                    value: role().map(|role| format!("{role:?}")).unwrap_or_default(),
                    onchange: move |value: String| {
                        after.set(None);
                        role.set(Role::ALL.into_iter().find(|role| format!("{role:?}") == value));
                    },
                    "data-testid": "people-role",
                }
            }
            match &*people.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 8 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: t!("admin-cannot-show"), body: failure.message.clone(), onretry: move |()| people.again() }
                },
                answer => {
                    let found = answer.data().cloned().unwrap_or_default();
                    rsx! {
                        Found { people: found.people }
                        Pages {
                            first: after().is_none(),
                            onfirst: move |()| after.set(None),
                            next: found.next.is_some(),
                            onnext: move |()| after.set(found.next),
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Found(people: Vec<PersonLine>) -> Element {
    if people.is_empty() {
        return rsx! {
            EmptyState { art: Art::Nothing, title: t!("admin-people-none"), body: t!("admin-people-none-body") }
        };
    }
    rsx! {
        Table {
            caption: t!("admin-nav-people"),
            head: vec![t!("admin-who"), t!("admin-fact-email"), t!("admin-fact-phone"), t!("admin-role"), t!("admin-status"), t!("admin-since")],
            for person in people {
                Line { key: "{person.id}", person }
            }
        }
    }
}

#[component]
fn Line(person: PersonLine) -> Element {
    let (tone, icon_of, standing) = words::standing(person.standing);
    rsx! {
        tr { "data-testid": "person",
            th { scope: "row",
                Link { to: Route::Person { id: person.id.to_string() }, class: "a-link", {words::name(&person)} }
            }
            td { class: "k-ltr", {person.email.clone().unwrap_or_default()} }
            td { class: "k-ltr k-num", {person.phone.clone().unwrap_or_default()} }
            td { {words::roles(&person.roles)} }
            td { StatusPill { tone, icon: icon_of, "{standing}" } }
            td { class: "k-num", {format::date(person.created_at)} }
        }
    }
}

/// The way through a long list.
#[component]
pub fn Pages(first: bool, onfirst: EventHandler<()>, next: bool, onnext: EventHandler<()>) -> Element {
    rsx! {
        div { class: "k-row",
            if !first {
                Button { kind: ButtonKind::Secondary, onclick: move |_| onfirst.call(()), {t!("admin-first-page")} }
            }
            if next {
                Button { kind: ButtonKind::Secondary, onclick: move |_| onnext.call(()), "data-testid": "next-page", {t!("admin-next-page")} }
            }
        }
    }
}

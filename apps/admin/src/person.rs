//! A person in full: how the account stands and is kept, where it is signed in, and what can be done about it.

use dioxus::prelude::*;
use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_kit::account::{ConfirmGate, device, use_guard};
use momfood_kit::engine::{Answer, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::account::SignIn;
use momfood_protocol::admin::{PersonPage, Standing};
use momfood_protocol::online::{
    ChangePersonsRole, EndPersonsSignIn, GetPerson, RemovePersonsFactor, RestorePerson, SuspendPerson,
};

use crate::Route;
use crate::case::NotThere;
use crate::reason::{AskReason, use_deed};
use crate::words;

/// The page of one person.
#[component]
pub fn Person(id: String) -> Element {
    use_title(t!("admin-person"));
    let Ok(id) = id.parse::<UserId>() else {
        return rsx! { NotThere {} };
    };
    rsx! {
        AppBar { title: t!("admin-person"), start: rsx! { BackButton {} }, end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "k-page k-stack-l",
            Page { key: "{id}", id }
        }
    }
}

#[component]
fn Page(id: UserId) -> Element {
    let page = use_query(move || GetPerson { id }, &[EventKind::Session]);
    match &*page.read() {
        Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 8 } },
        Answer::Failed(failure, None) => rsx! {
            ErrorState { title: t!("admin-cannot-show"), body: failure.message.clone(), onretry: move |()| page.again() }
        },
        answer => match answer.data() {
            Some(shown) => rsx! { Shown { page: shown.clone(), onchanged: move |()| page.again() } },
            None => rsx! {},
        },
    }
}

#[component]
fn Shown(page: PersonPage, onchanged: EventHandler<()>) -> Element {
    let person = &page.person;
    let (tone, icon_of, standing) = words::standing(person.standing);
    let verified = |yes: bool| {
        if yes {
            t!("admin-verified")
        } else {
            t!("admin-not-verified")
        }
    };
    let id = person.id.to_string();
    rsx! {
        header { class: "k-row",
            Avatar { name: words::name(person) }
            div { class: "k-grow",
                h1 { class: "k-l k-strong", {words::name(person)} }
                p { class: "k-muted k-s k-ltr", "{id}" }
            }
            StatusPill { tone, icon: icon_of, "{standing}" }
        }
        div { class: "k-two",
            div { class: "k-stack",
                Card {
                    dl { class: "a-facts",
                        Fact { name: t!("admin-role"), value: words::roles(&person.roles) }
                        if let Some(email) = &person.email {
                            Fact { name: t!("admin-fact-email"), value: format!("{email} · {}", verified(page.email_verified)) }
                        }
                        if let Some(phone) = &person.phone {
                            Fact { name: t!("admin-fact-phone"), value: format!("{} · {}", format::isolate_ltr(phone), verified(page.phone_verified)) }
                        }
                        Fact { name: t!("admin-fact-totp"), value: if page.totp { t!("admin-yes") } else { t!("admin-no") } }
                        Fact { name: t!("admin-fact-passkeys"), value: format::number(page.passkeys) }
                        Fact { name: t!("admin-fact-orders"), value: format::number(page.orders) }
                        Fact { name: t!("admin-since"), value: format::date(person.created_at) }
                    }
                }
                if !page.workplaces.is_empty() {
                    Card {
                        h2 { class: "k-m k-strong", {t!("admin-workplaces")} }
                        ul { class: "a-plain",
                            for place in page.workplaces.clone() {
                                li { key: "{place.id}",
                                    {place.name.here()}
                                    if place.owner { span { class: "k-muted k-s", " · " {t!("admin-owner")} } }
                                }
                            }
                        }
                    }
                }
            }
            div { class: "k-aside k-stack",
                Deeds { id: person.id, standing: person.standing, roles: person.roles.clone(), onchanged }
                Link { to: Route::Audit { actor: id.clone(), subject: String::new() }, class: "a-link", {t!("admin-audit-by")} }
                Link { to: Route::Audit { actor: String::new(), subject: id }, class: "a-link", {t!("admin-audit-about")} }
            }
        }
        Sessions { id: person.id, sessions: page.sessions.clone(), onchanged }
    }
}

#[component]
fn Fact(name: String, value: String) -> Element {
    rsx! {
        div {
            dt { class: "k-muted k-s", "{name}" }
            dd { "{value}" }
        }
    }
}

#[component]
fn Sessions(id: UserId, sessions: Vec<SignIn>, onchanged: EventHandler<()>) -> Element {
    let mut ending = use_signal(|| None::<SessionId>);
    let guard = use_guard();
    let end = use_deed::<EndPersonsSignIn>(guard, move |_page: PersonPage| {
        ending.set(None);
        toast(t!("admin-done"));
        onchanged.call(());
    });
    rsx! {
        Section { title: t!("admin-sessions"),
            if sessions.is_empty() {
                p { class: "k-muted", {t!("admin-sessions-none")} }
            } else {
                Table {
                    caption: t!("admin-sessions"),
                    head: vec![t!("admin-device"), t!("admin-role"), t!("admin-place"), t!("admin-seen"), String::new()],
                    for one in sessions {
                        tr { key: "{one.id}", "data-testid": "sign-in-row",
                            th { scope: "row", bdi { {device(&one)} } }
                            td { {words::role(one.role)} }
                            td { class: "k-ltr k-num", "{one.address}" }
                            td { class: "k-num", {format::date_time(one.seen_at)} }
                            td {
                                Button { kind: ButtonKind::Quiet, onclick: move |_| ending.set(Some(one.id)), "data-testid": "end-session", {t!("admin-end-session")} }
                            }
                        }
                    }
                }
            }
        }
        if let Some(session) = ending() {
            AskReason {
                title: t!("admin-end-session-title"),
                body: t!("admin-end-session-body"),
                yes: t!("admin-end-session"),
                danger: true,
                busy: end.busy(),
                onyes: move |reason: String| end.run(EndPersonsSignIn { id, session, reason }),
                onno: move |()| ending.set(None),
            }
        }
        ConfirmGate { guard }
    }
}

/// What is about to be done, and waits for its reason.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    Suspend,
    Restore,
    RemoveFactor,
    Role(Role, bool),
}

impl Deed {
    fn words(self) -> (String, String, String) {
        match self {
            Self::Suspend => (
                t!("admin-suspend-title"),
                t!("admin-suspend-body"),
                t!("admin-suspend"),
            ),
            Self::Restore => (
                t!("admin-restore-title"),
                t!("admin-restore-body"),
                t!("admin-restore"),
            ),
            Self::RemoveFactor => (
                t!("admin-remove-factor-title"),
                t!("admin-remove-factor-body"),
                t!("admin-remove-factor"),
            ),
            Self::Role(role, true) => (
                t!("admin-give-role-title", role: words::role(role)),
                t!("admin-give-role-body"),
                t!("admin-give-role"),
            ),
            Self::Role(role, false) => (
                t!("admin-take-role-title", role: words::role(role)),
                t!("admin-take-role-body"),
                t!("admin-take-role"),
            ),
        }
    }

    const fn takes_away(self) -> bool {
        !matches!(self, Self::Restore | Self::Role(_, true))
    }
}

/// Roles given here; the others come with an approved application.
const GIVEN_HERE: [Role; 2] = [Role::Support, Role::Admin];

#[component]
fn Deeds(id: UserId, standing: Standing, roles: Vec<Role>, onchanged: EventHandler<()>) -> Element {
    let mut deed = use_signal(|| None::<Deed>);
    let done = move |_page: PersonPage| {
        deed.set(None);
        toast(t!("admin-done"));
        onchanged.call(());
    };
    let guard = use_guard();
    let suspend = use_deed::<SuspendPerson>(guard, done);
    let restore = use_deed::<RestorePerson>(guard, done);
    let remove_factor = use_deed::<RemovePersonsFactor>(guard, done);
    let change = use_deed::<ChangePersonsRole>(guard, done);
    let busy = suspend.busy() || restore.busy() || remove_factor.busy() || change.busy();
    if standing == Standing::Erased {
        return rsx! { p { class: "k-muted", {t!("admin-erased-body")} } };
    }
    rsx! {
        h2 { class: "k-m k-strong", {t!("admin-deeds")} }
        if standing == Standing::Active {
            Button { kind: ButtonKind::Danger, block: true, icon: Icon::Lock, onclick: move |_| deed.set(Some(Deed::Suspend)), "data-testid": "suspend", {t!("admin-suspend")} }
        } else {
            Button { kind: ButtonKind::Secondary, block: true, icon: Icon::Undo, onclick: move |_| deed.set(Some(Deed::Restore)), "data-testid": "restore", {t!("admin-restore")} }
        }
        Button { kind: ButtonKind::Secondary, block: true, icon: Icon::Key, onclick: move |_| deed.set(Some(Deed::RemoveFactor)), "data-testid": "remove-factor", {t!("admin-remove-factor")} }
        for role in GIVEN_HERE {
            {
                let held = roles.contains(&role);
                let label = if held { t!("admin-take-role-of", role: words::role(role)) } else { t!("admin-give-role-of", role: words::role(role)) };
                rsx! {
                    Button { key: "{role:?}", kind: ButtonKind::Secondary, block: true, icon: Icon::Key, onclick: move |_| deed.set(Some(Deed::Role(role, !held))), "{label}" }
                }
            }
        }
        if let Some(chosen) = deed() {
            {
                let (title, body, yes) = chosen.words();
                rsx! {
                    AskReason {
                        title,
                        body,
                        yes,
                        danger: chosen.takes_away(),
                        busy,
                        onyes: move |reason: String| match chosen {
                            Deed::Suspend => suspend.run(SuspendPerson { id, reason }),
                            Deed::Restore => restore.run(RestorePerson { id, reason }),
                            Deed::RemoveFactor => remove_factor.run(RemovePersonsFactor { id, reason }),
                            Deed::Role(role, held) => change.run(ChangePersonsRole { id, role, held, reason }),
                        },
                        onno: move |()| deed.set(None),
                    }
                }
            }
        }
        ConfirmGate { guard }
    }
}

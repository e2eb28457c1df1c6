//! The restaurant's people: who works here, who was asked to; owners invite and remove.

use dioxus::prelude::*;
use momfood_kit::account::{ConfirmGate, NeedsLine, Page, Wrong, use_guard, use_guarded, wrong_field};
use momfood_kit::engine::{Answer, Failure, Session, use_query, use_session};
use momfood_kit::prelude::*;
use momfood_protocol::engine::Done;
use momfood_protocol::onboarding::{Invitation, StaffMember};
use momfood_protocol::online::{GetStaff, Invite, RemoveStaff, TakeBackInvitation};

/// The screen.
#[component]
pub fn Staff() -> Element {
    let session = use_session();
    let list = use_query(|| GetStaff {}, &[]);
    let guard = use_guard();
    let mut inviting = use_signal(|| false);
    let mut removing = use_signal(|| None::<StaffMember>);
    let me = match &*session.read() {
        Session::User(me) => Some(me.id),
        Session::Unknown | Session::Nobody => None,
    };
    let remove = use_guarded::<RemoveStaff>(guard, move |answer: Result<Done, Failure>| {
        removing.set(None);
        match answer {
            Ok(_) => toast(t!("kitchen-staff-removed")),
            Err(failure) => toast_error(failure.message),
        }
        list.again();
    });
    let take_back = use_guarded::<TakeBackInvitation>(guard, move |answer: Result<Done, Failure>| {
        match answer {
            Ok(_) => toast(t!("kitchen-staff-taken-back")),
            Err(failure) => toast_error(failure.message),
        }
        list.again();
    });
    rsx! {
        Page { title: t!("kitchen-staff"),
            match &*list.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 3 } },
                Answer::Failed(failure, None) => rsx! {
                    NeedsLine { failure: failure.clone(), onretry: move |()| list.again() }
                },
                Answer::Ready(staff, _) | Answer::Failed(_, Some(staff)) => {
                    let owns = staff.people.iter().any(|member| Some(member.id) == me && member.owner);
                    rsx! {
                        Card {
                            ul { class: "k-divide", "data-testid": "staff",
                                for member in staff.people.clone() {
                                    li { key: "{member.id}", class: "k-list-row", "data-testid": "staff-member",
                                        Avatar { name: name(&member) }
                                        div { class: "k-grow",
                                            span { class: "k-list-title", bdi { {name(&member)} } }
                                            span { class: "k-list-detail",
                                                if member.owner { {t!("kitchen-staff-owner")} } else { {t!("kitchen-staff-member")} }
                                                if Some(member.id) == me {
                                                    " · "
                                                    {t!("kitchen-staff-you")}
                                                }
                                            }
                                        }
                                        if owns && Some(member.id) != me {
                                            Button { kind: ButtonKind::Secondary, "data-testid": "remove-staff", onclick: move |_| removing.set(Some(member.clone())), {t!("kitchen-staff-remove")} }
                                        }
                                    }
                                }
                            }
                        }
                        if !staff.invitations.is_empty() {
                            Section { title: t!("kitchen-staff-invited"),
                                Card {
                                    ul { class: "k-divide", "data-testid": "invitations",
                                        for invitation in staff.invitations.clone() {
                                            li { key: "{invitation.id}", class: "k-list-row",
                                                span { class: "k-list-icon", IconView { icon: Icon::Chat } }
                                                div { class: "k-grow",
                                                    span { class: "k-list-title k-ltr", "{invitation.email}" }
                                                    span { class: "k-list-detail",
                                                        if invitation.owner { {t!("kitchen-staff-owner")} } else { {t!("kitchen-staff-member")} }
                                                        " · "
                                                        {t!("kitchen-staff-until", day: format::date(invitation.expires_at))}
                                                    }
                                                }
                                                Button { kind: ButtonKind::Secondary, busy: take_back.busy(), onclick: move |_| take_back.run(TakeBackInvitation { id: invitation.id }), {t!("kitchen-staff-take-back")} }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                        if owns {
                            Button { block: true, large: true, icon: Icon::Plus, "data-testid": "invite", onclick: move |_| inviting.set(true), {t!("kitchen-staff-invite")} }
                        } else {
                            p { class: "k-muted k-s", {t!("kitchen-staff-owners-only")} }
                        }
                    }
                }
            }
            if inviting() {
                InviteSheet {
                    onclose: move |()| inviting.set(false),
                    onsent: move |()| {
                        inviting.set(false);
                        toast(t!("kitchen-staff-sent"));
                        list.again();
                    },
                }
            }
            if let Some(member) = removing() {
                Confirm {
                    title: t!("kitchen-staff-remove-title", name: name(&member)),
                    body: t!("kitchen-staff-remove-body"),
                    yes: t!("kitchen-staff-remove"),
                    danger: true,
                    busy: remove.busy(),
                    onyes: move |()| remove.run(RemoveStaff { id: member.id }),
                    onno: move |()| removing.set(None),
                }
            }
            ConfirmGate { guard }
        }
    }
}

fn name(member: &StaffMember) -> String {
    [member.first_name.as_str(), member.last_name.as_str()]
        .join(" ")
        .trim()
        .to_owned()
}

#[component]
fn InviteSheet(onclose: EventHandler<()>, onsent: EventHandler<()>) -> Element {
    let guard = use_guard();
    let id = use_hook(momfood_kit::join::mint);
    let mut email = use_signal(String::new);
    let mut owner = use_signal(|| false);
    let mut wrong = use_signal(|| None::<Failure>);
    let invite = use_guarded::<Invite>(guard, move |answer: Result<Invitation, Failure>| match answer {
        Ok(_) => onsent.call(()),
        Err(failure) => wrong.set(Some(failure)),
    });
    rsx! {
        Sheet { title: t!("kitchen-staff-invite"), onclose: move |()| onclose.call(()), "data-testid": "invite-sheet",
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    wrong.set(None);
                    invite.run(Invite { id, email: email().trim().to_owned(), owner: owner() });
                },
                p { class: "k-muted", {t!("kitchen-staff-invite-lead")} }
                TextField {
                    label: t!("kit-email"),
                    value: email(),
                    oninput: move |text| email.set(text),
                    kind: FieldKind::Email,
                    error: wrong_field(wrong.read().as_ref(), "email"),
                    "name": "invite-email",
                    "autocomplete": "off",
                    "autofocus": true,
                    "data-testid": "invite-email",
                }
                Switch { label: t!("kitchen-staff-as-owner"), hint: t!("kitchen-staff-as-owner-hint"), checked: owner(), onchange: move |on| owner.set(on) }
                Wrong { failure: wrong(), fields: &["email"] }
                Button { submit: true, block: true, large: true, busy: invite.busy(), "data-testid": "invite-do", {t!("kitchen-staff-send")} }
            }
            ConfirmGate { guard }
        }
    }
}

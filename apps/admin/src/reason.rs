//! What is done to another person's account: with a reason, which is kept in the audit log, and by somebody who has shown
//! a moment ago who they are.

use dioxus::prelude::*;
use momfood_kit::account::{Guard, Guarded, use_guarded};
use momfood_kit::prelude::*;
use momfood_protocol::engine::Call;

/// Fewest and most characters of a reason, as the server counts them.
const SHORTEST: usize = 3;
const LONGEST: u32 = 500;

/// A deed's Call: `done` hears what came of it, and why it was refused is said. The screen has the [`ConfirmGate`] of
/// `guard`.
///
/// [`ConfirmGate`]: fn@momfood_kit::account::ConfirmGate
pub fn use_deed<C: Call + Clone + 'static>(
    guard: Guard,
    mut done: impl FnMut(C::Reply) + 'static,
) -> Guarded<C> {
    use_guarded::<C>(guard, move |answer| match answer {
        Ok(reply) => done(reply),
        Err(failure) => toast_error(failure.message),
    })
}

/// A sheet with one field and the deed's own button.
#[component]
pub fn AskReason(
    /// What is about to be done.
    #[props(into)]
    title: String,
    /// What follows from it.
    #[props(into)]
    body: String,
    /// The words of the button.
    #[props(into)]
    yes: String,
    /// Whether it takes something away.
    #[props(default)]
    danger: bool,
    /// It is being done.
    busy: bool,
    /// The reason was given.
    onyes: EventHandler<String>,
    /// Called off.
    onno: EventHandler<()>,
) -> Element {
    let mut reason = use_signal(String::new);
    let mut tried = use_signal(|| false);
    let too_short = reason.read().trim().chars().count() < SHORTEST;
    let mut give = move || {
        tried.set(true);
        if !too_short {
            onyes.call(reason.read().trim().to_owned());
        }
    };
    rsx! {
        Sheet {
            title,
            onclose: move |()| onno.call(()),
            footer: rsx! {
                Button {
                    block: true,
                    large: true,
                    kind: if danger { ButtonKind::Danger } else { ButtonKind::Primary },
                    busy,
                    onclick: move |_| give(),
                    "data-testid": "reason-yes",
                    "{yes}"
                }
            },
            div { class: "k-stack",
                p { class: "k-muted", "{body}" }
                TextArea {
                    label: t!("admin-reason"),
                    value: reason(),
                    oninput: move |value| reason.set(value),
                    max_length: LONGEST,
                    error: (tried() && too_short).then(|| t!("admin-reason-short")),
                    "data-testid": "reason",
                }
            }
        }
    }
}

//! Accounts at other providers that open this one.

use dioxus::prelude::*;
use momfood_protocol::account::{Provider, Security};
use momfood_protocol::engine::Done;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::Unlink;

use crate::account::confirm::{Guard, use_guarded};
use crate::account::oauth::{Aim, leave, name, word};
use crate::components::{Button, ButtonKind, Card};
use crate::engine::use_engine;
use crate::icons::{Icon, IconView};
use crate::toasts::{toast, toast_error};
use crate::{format, t};

#[component]
pub fn Accounts(
    kept: Security,
    providers: Vec<Provider>,
    guard: Guard,
    onchange: EventHandler<()>,
) -> Element {
    let engine = use_engine();
    let mut away = use_signal(|| None::<Provider>);
    let unlink = use_guarded::<Unlink>(guard, move |answer: Result<Done, Failure>| match answer {
        Ok(_) => {
            toast(t!("secure-unlinked"));
            onchange.call(());
        }
        Err(failure) => toast_error(failure.message),
    });
    let mut gate = guard;
    let mut wanted = use_signal(|| None::<Provider>);
    let mut again = use_signal(|| None::<Callback<()>>);
    let link = use_callback(move |provider: Provider| {
        wanted.set(Some(provider));
        away.set(Some(provider));
        spawn(async move {
            let left = leave(engine, provider, Aim::Link).await;
            away.set(None);
            match (left, *again.peek()) {
                (Err(failure), Some(again)) if failure.code == ErrorCode::ConfirmIdentity => {
                    gate.wait_for(again);
                }
                (Err(failure), _) => toast_error(failure.message),
                (Ok(()), _) => {}
            }
        });
    });
    let repeat = use_callback(move |()| {
        if let Some(provider) = *wanted.peek() {
            link.call(provider);
        }
    });
    use_hook(move || again.set(Some(repeat)));
    let mut all = providers;
    for linked in &kept.linked {
        if !all.contains(&linked.provider) {
            all.push(linked.provider);
        }
    }
    rsx! {
        Card {
            div { class: "k-divide",
                for provider in all {
                    div { key: "{word(provider)}", class: "k-list-row", "data-testid": "linked-{word(provider)}",
                        span { class: "k-list-icon", IconView { icon: Icon::External } }
                        div { class: "k-grow",
                            span { class: "k-list-title", {name(provider)} }
                            if let Some(linked) = kept.linked.iter().find(|linked| linked.provider == provider) {
                                span { class: "k-list-detail", {t!("secure-linked-since", day: format::date(linked.made_at))} }
                            }
                        }
                        if kept.linked.iter().any(|linked| linked.provider == provider) {
                            Button { kind: ButtonKind::Secondary, busy: unlink.busy(), onclick: move |_| unlink.run(Unlink { provider }), {t!("secure-unlink")} }
                        } else {
                            Button { kind: ButtonKind::Secondary, busy: away() == Some(provider), onclick: move |_| link.call(provider), {t!("secure-link")} }
                        }
                    }
                }
            }
        }
    }
}

//! Sharing an order: a link for somebody else, and taking it back.

use dioxus::prelude::*;
use momfood_kit::engine::{EventKind, Failure, use_command, use_command_result, use_query};
use momfood_kit::hand_out::{HandedOut, hand_out};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{GetSharing, ShareLink, ShareOrder, StopSharing};
use momfood_protocol::view::OrderView;

/// The way to share `order`, while it is on its way; while it is shared, the link and the way back.
#[component]
pub fn Share(order: OrderView) -> Element {
    let id = order.id;
    let title = t!("share-text", name: order.restaurant.name.here());
    let sharing = use_query(move || GetSharing { id }, &[EventKind::Session]);
    let link = sharing.data().and_then(|sharing| sharing.link);
    let share = use_command_result(move |answer: Result<ShareLink, Failure>| match answer {
        Ok(link) => {
            sharing.again();
            let title = title.clone();
            spawn(async move {
                match hand_out(&title, &link.url).await {
                    HandedOut::Shared | HandedOut::Left => {}
                    HandedOut::Copied => toast(t!("share-copied")),
                    HandedOut::Impossible => toast(t!("share-by-hand")),
                }
            });
        }
        Err(failure) => toast_error(failure.message),
    });
    let stop = use_command::<StopSharing>(move |_| {
        sharing.again();
        toast(t!("share-stopped"));
    });
    let ended = order.status.is_end();
    if ended && link.is_none() {
        return rsx! {};
    }
    rsx! {
        Card {
            div { class: "k-stack c-share", "data-testid": "share-card", "data-shared": link.is_some(),
                div { class: "k-row",
                    span { class: "k-list-icon", IconView { icon: Icon::Share } }
                    span { class: "k-grow",
                        span { class: "k-list-title", {if link.is_some() { t!("share-live-title") } else { t!("share-title") }} }
                        span { class: "k-list-detail", {if link.is_some() { t!("share-live") } else { t!("share-why") }} }
                    }
                }
                if let Some(link) = &link {
                    input {
                        class: "k-ltr c-share-link",
                        r#type: "text",
                        readonly: true,
                        aria_label: t!("share-link"),
                        value: "{link.url}",
                        "data-testid": "share-link",
                    }
                }
                div { class: "c-share-do",
                    if !ended {
                        Button {
                            kind: ButtonKind::Secondary,
                            icon: Icon::Share,
                            busy: share.busy(),
                            "data-testid": "share",
                            onclick: move |_| share.run(ShareOrder { id }),
                            if link.is_some() {
                                {t!("share-again")}
                            } else {
                                {t!("share-do")}
                            }
                        }
                    }
                    if link.is_some() {
                        Button {
                            kind: ButtonKind::Quiet,
                            busy: stop.busy(),
                            "data-testid": "share-stop",
                            onclick: move |_| stop.run(StopSharing { id }),
                            {t!("share-stop")}
                        }
                    }
                }
            }
        }
    }
}

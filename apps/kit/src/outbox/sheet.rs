//! The sheet: how the line is, what was refused, what waits, and a copy of everything for support.

use dioxus::prelude::*;
use momfood_protocol::engine::{ExportVault, Outbox, VaultExport};

use super::rows::{Refused, Waiting};
use super::use_outbox;
use crate::app::AppName;
use crate::components::{
    Banner, BannerKind, Button, ButtonKind, ErrorState, Sheet, Skeleton, SkeletonShape, StatusPill, Tone,
};
use crate::connection::{CONNECTION, Connection, KEPT, StorageNotice, offline_words, still_works};
use crate::engine::{Answer, use_command};
use crate::hand_out::save_text;
use crate::icons::{Icon, IconView};
use crate::{format, t, time};

/// All of it.
#[component]
pub(super) fn OutboxSheet(onclose: EventHandler<()>) -> Element {
    let outbox = use_outbox();
    rsx! {
        Sheet { title: t!("kit-outbox-title"), onclose: move |()| onclose.call(()), class: "k-outbox", "data-testid": "outbox",
            div { class: "k-stack",
                LineNow {}
                StorageNotice {}
                match &*outbox.read() {
                    Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 3 } },
                    Answer::Failed(failure, None) => rsx! {
                        ErrorState { title: t!("kit-outbox-failed"), body: failure.message.clone(), onretry: move |()| outbox.again() }
                    },
                    Answer::Ready(all, _) | Answer::Failed(_, Some(all)) => rsx! {
                        Contents { all: all.clone(), onsettled: move |()| outbox.again() }
                    },
                }
                Export {}
            }
        }
    }
}

/// The line, in words: since when, and what still works.
#[component]
fn LineNow() -> Element {
    let now = time::use_now();
    let (tone, icon, words, more) = match *CONNECTION.read() {
        Connection::Live => (Tone::Good, Icon::Live, t!("kit-live"), t!("kit-live-why")),
        Connection::Starting => (
            Tone::Quiet,
            Icon::Sync,
            t!("kit-connecting"),
            still_works(KEPT.read().storage),
        ),
        Connection::Reconnecting { since } => (
            Tone::Warn,
            Icon::Sync,
            t!("kit-reconnecting-short"),
            t!("kit-heard-at", time: format::time(since)),
        ),
        Connection::Offline { since } => (
            Tone::Warn,
            Icon::CloudOff,
            offline_words(since, now()),
            still_works(KEPT.read().storage),
        ),
    };
    rsx! {
        div { class: "k-outbox-line",
            StatusPill { tone, icon, "{words}" }
            p { class: "k-muted k-s", "{more}" }
        }
    }
}

#[component]
fn Contents(all: Outbox, onsettled: EventHandler<()>) -> Element {
    let calm = all.waiting.is_empty() && all.refused.is_empty() && all.uploads == 0;
    rsx! {
        if calm {
            div { class: "k-outbox-calm", "data-testid": "outbox-empty",
                IconView { icon: Icon::Check }
                p { class: "k-strong", {t!("kit-outbox-empty")} }
            }
        }
        if !all.refused.is_empty() {
            h3 { {t!("kit-refused-head", count: all.refused.len())} }
            ul { class: "k-stack",
                for refusal in all.refused {
                    Refused { key: "{refusal.tap.uid}", refusal, onsettled }
                }
            }
        }
        if !all.waiting.is_empty() || all.uploads > 0 {
            h3 { {t!("kit-waiting-head", count: all.waiting.len())} }
            if all.uploads > 0 {
                p { class: "k-outbox-files", "data-testid": "uploads", "data-count": "{all.uploads}",
                    IconView { icon: Icon::Sync }
                    {t!("kit-uploads", count: all.uploads)}
                }
            }
            ul { class: "k-divide",
                for tap in all.waiting {
                    Waiting { key: "{tap.uid}", tap }
                }
            }
        }
    }
}

/// Everything this device keeps, as a file for support.
#[component]
fn Export() -> Element {
    let mut failed = use_signal(|| false);
    let export = use_command(move |export: VaultExport| {
        failed.set(!save_text(&export.file_name, &export.content.to_string()));
    });
    // A customer has nothing of their own kept that support could not see.
    let kept = KEPT.read().waiting > 0 || KEPT.read().refused > 0;
    if AppName::current() == AppName::Customer && !kept {
        return rsx! {};
    }
    rsx! {
        div { class: "k-outbox-export",
            p { class: "k-muted k-s k-grow", {t!("kit-export-why")} }
            Button {
                kind: ButtonKind::Secondary,
                icon: Icon::Receipt,
                busy: export.busy(),
                onclick: move |_| export.run(ExportVault {}),
                "data-testid": "export-vault",
                {t!("kit-export")}
            }
        }
        if failed() {
            Banner { kind: BannerKind::Error, {t!("kit-export-failed")} }
        }
    }
}

//! The papers: picked or photographed, handed to the engine, sent at once. A photograph is made light enough here; what a
//! camera wrote into its file beside the picture stays on the device.

use dioxus::prelude::*;
use momfood_domain::application::DocumentKind;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::onboarding::Document;
use momfood_protocol::online::{RemoveDocument, SendDocument};
use momfood_protocol::sync::MAX_BLOB;
use uuid::Uuid;

use super::fields;
use crate::a11y::{announce, use_id};
use crate::capture::{hand_over, picked};
use crate::components::{Button, ButtonKind, Card, Spinner};
use crate::engine::{Engine, use_engine};
use crate::icons::{Icon, IconView};
use crate::lang::lang;
use crate::{format, t};

/// Every paper the application asks for.
#[component]
pub(super) fn Documents(
    id: Uuid,
    kinds: Vec<DocumentKind>,
    documents: Vec<Document>,
    onchange: EventHandler<Vec<Document>>,
) -> Element {
    rsx! {
        p { class: "k-muted", {t!("join-papers-lead")} }
        div { class: "k-stack",
            for kind in kinds {
                Paper {
                    key: "{kind.name()}",
                    id,
                    kind,
                    there: documents.iter().find(|document| document.kind == kind).cloned(),
                    onchange: {
                        let documents = documents.clone();
                        move |document: Option<Document>| {
                            let mut all: Vec<Document> = documents.iter().filter(|other| other.kind != kind).cloned().collect();
                            all.extend(document);
                            onchange.call(all);
                        }
                    },
                }
            }
        }
    }
}

#[component]
fn Paper(
    id: Uuid,
    kind: DocumentKind,
    there: Option<Document>,
    onchange: EventHandler<Option<Document>>,
) -> Element {
    let engine = use_engine();
    let field = use_id();
    let mut busy = use_signal(|| false);
    let mut wrong = use_signal(|| None::<Failure>);
    let input = field.clone();
    let is_there = there.is_some();
    let doc = there.as_ref().map(|document| document.id);
    rsx! {
        Card {
            div { class: "k-stack", "data-testid": "paper-{kind.name()}", "data-there": "{is_there}",
                div { class: "k-row",
                    span { class: "k-list-icon", IconView { icon: if is_there { Icon::Check } else { Icon::Note } } }
                    div { class: "k-grow",
                        p { class: "k-strong", {fields::document(kind)} }
                        p { class: "k-muted k-xs",
                            {match &there {
                                Some(document) => t!("join-paper-there", size: format::number((document.length + 1_023) / 1_024)),
                                None => t!("join-paper-how"),
                            }}
                        }
                    }
                }
                div { class: "k-row-s k-wrap",
                    label { class: "k-btn k-btn-secondary k-file", r#for: "{field}",
                        if busy() {
                            Spinner {}
                        }
                        span { class: "k-btn-words",
                            IconView { icon: if is_there { Icon::Undo } else { Icon::Camera } }
                            span { if is_there { {t!("join-paper-again")} } else { {t!("join-paper-pick")} } }
                        }
                        input {
                            id: "{field}",
                            class: "k-sr",
                            r#type: "file",
                            accept: "image/jpeg,image/png,image/webp,application/pdf",
                            disabled: busy(),
                            "data-testid": "file-{kind.name()}",
                            onchange: move |_| {
                                let Some(file) = picked(&input) else { return };
                                busy.set(true);
                                wrong.set(None);
                                spawn(async move {
                                    let sent = send(engine, id, kind, &file).await;
                                    busy.set(false);
                                    match sent {
                                        Ok(document) => {
                                            announce(t!("join-paper-sent"));
                                            onchange.call(Some(document));
                                        }
                                        Err(failure) => wrong.set(Some(failure)),
                                    }
                                });
                            },
                        }
                    }
                    if let Some(doc) = doc {
                        Button {
                            kind: ButtonKind::Quiet,
                            disabled: busy(),
                            onclick: move |_| {
                                busy.set(true);
                                spawn(async move {
                                    let answer = engine.ask(RemoveDocument { id, doc }).await;
                                    busy.set(false);
                                    match answer {
                                        Ok(_) => onchange.call(None),
                                        Err(failure) => wrong.set(Some(failure)),
                                    }
                                });
                            },
                            {t!("join-paper-remove")}
                        }
                    }
                }
                if let Some(failure) = wrong() {
                    p { class: "k-field-error", role: "alert", "data-testid": "paper-wrong",
                        IconView { icon: Icon::Alert }
                        span {
                            {match failure.code {
                                ErrorCode::TooLarge | ErrorCode::BodyTooLarge => t!("join-paper-large", mib: MAX_BLOB / 1_048_576),
                                ErrorCode::ContentRefused => t!("join-paper-refused"),
                                ErrorCode::Offline => t!("account-needs-line"),
                                _ => failure.message.clone(),
                            }}
                        }
                    }
                }
            }
        }
    }
}

async fn send(
    engine: Engine,
    id: Uuid,
    kind: DocumentKind,
    file: &web_sys::Blob,
) -> Result<Document, Failure> {
    let unreadable = || Failure::new(ErrorCode::ContentRefused, lang());
    let kept = hand_over(engine, file).await.ok_or_else(unreadable)??;
    let call = SendDocument {
        id,
        kind,
        sha256: kept.sha256,
    };
    engine.ask(call).await
}

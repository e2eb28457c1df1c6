//! Short messages at the foot of the screen, some with a way back.

use std::cell::Cell;
use std::rc::Rc;

use dioxus::prelude::*;

use crate::a11y::{announce, announce_now};
use crate::icons::{Icon, IconView};
use crate::{t, time};

#[derive(Clone)]
struct Toast {
    id: u32,
    words: String,
    error: bool,
    undo: Option<Rc<dyn Fn()>>,
    seconds: u32,
}

impl PartialEq for Toast {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

static TOASTS: GlobalSignal<Vec<Toast>> = Signal::global(Vec::new);

/// Says `words` for four seconds.
pub fn toast(words: impl Into<String>) {
    show(words.into(), false, None, 4);
}

/// Says that something failed, for eight seconds, and interrupts a screen reader.
pub fn toast_error(words: impl Into<String>) {
    show(words.into(), true, None, 8);
}

/// Says `words` and offers to take it back for `seconds`. `undo` may outlive the screen that made it: let it
/// hold only what lives as long as the app.
pub fn toast_undo(words: impl Into<String>, seconds: u32, undo: impl Fn() + 'static) {
    show(words.into(), false, Some(Rc::new(undo)), seconds);
}

fn show(words: String, error: bool, undo: Option<Rc<dyn Fn()>>, seconds: u32) {
    thread_local!(static NEXT: Cell<u32> = const { Cell::new(0) });
    let id = NEXT.get();
    NEXT.set(id + 1);
    if error {
        announce_now(words.clone());
    } else {
        announce(words.clone());
    }
    {
        let mut toasts = TOASTS.write();
        // Three at most: an older message has been read or never will be.
        if toasts.len() == 3 {
            toasts.remove(0);
        }
        toasts.push(Toast {
            id,
            words,
            error,
            undo,
            seconds,
        });
    }
    dioxus::core::spawn_forever(async move {
        time::sleep_ms(seconds * 1_000).await;
        dismiss(id);
    });
}

fn dismiss(id: u32) {
    TOASTS.write().retain(|toast| toast.id != id);
}

/// Where toasts are shown. `AppFrame` holds one, and so does the topmost open sheet.
#[component]
pub(crate) fn Toaster() -> Element {
    let toasts = TOASTS.read().clone();
    rsx! {
        div { class: "k-toaster",
            for toast in toasts {
                div { key: "{toast.id}", class: "k-toast", class: if toast.error { "is-error" },
                    IconView { icon: if toast.error { Icon::Alert } else { Icon::Check } }
                    span { class: "k-grow", "{toast.words}" }
                    if let Some(undo) = toast.undo {
                        button {
                            r#type: "button",
                            class: "k-toast-undo",
                            style: "--seconds:{toast.seconds}s",
                            onclick: move |_| {
                                dismiss(toast.id);
                                undo();
                            },
                            {t!("kit-undo")}
                        }
                    } else {
                        button {
                            r#type: "button",
                            class: "k-toast-close",
                            aria_label: t!("kit-close"),
                            onclick: move |_| dismiss(toast.id),
                            IconView { icon: Icon::Close }
                        }
                    }
                }
            }
        }
    }
}

//! The sheet: rises from below on a phone, stands in the middle of a wide screen.
//!
//! A real modal `<dialog>`: the browser keeps the focus inside and everything else out of reach. Esc, a touch
//! beside it, a drag downward and the browser's back button all ask to close; the screen decides, by no longer
//! rendering it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dioxus::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::actions::{Button, ButtonKind, IconButton};
use crate::a11y::{LiveRegions, focus, focused, use_id};
use crate::dom::{self, Listener};
use crate::history;
use crate::icons::Icon;
use crate::t;
use crate::time::sleep_ms;
use crate::toasts::Toaster;

/// How many sheets are open; toasts and live regions live in the topmost.
pub(crate) static MODALS: GlobalSignal<u32> = Signal::global(|| 0);

/// A sheet. Render it while it is open; stop rendering it in `onclose`.
#[component]
pub fn Sheet(
    /// Its heading, and its name for screen readers.
    #[props(into)]
    title: String,
    /// The person asked to close it.
    onclose: EventHandler<()>,
    /// Stays below the content: the one button.
    #[props(default = rsx!{})]
    footer: Element,
    /// Above the heading, to the edges: a picture.
    #[props(default = rsx!{})]
    hero: Element,
    /// Fills the screen until touched: a new order.
    #[props(default)]
    full: bool,
    /// Whether it may be closed without an answer.
    #[props(default = true)]
    dismissible: bool,
    /// Further classes.
    #[props(default, into)]
    class: String,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    let id = use_id();
    let level = use_hook(|| {
        let level = *MODALS.peek() + 1;
        // Written after this render: a component may not change what its parents read while they are drawn.
        dioxus::core::spawn_forever(async move { *MODALS.write() += 1 });
        level
    });
    let before = use_hook(|| Rc::new(focused()));
    let entry = use_hook(|| Rc::new(HistoryEntry::push(move || onclose.call(()), dismissible)));
    use_drop(move || {
        entry.leave();
        let before = before.clone();
        dioxus::core::spawn_forever(async move {
            *MODALS.write() -= 1;
            // Until the dialog has left the document, nothing outside it can hold the focus.
            sleep_ms(0).await;
            if let Some(element) = before.as_ref() {
                focus(element);
            }
        });
    });
    let mut drag = use_signal(|| Drag::None);
    let ask = move || {
        if dismissible {
            onclose.call(());
        }
    };
    let moved = match drag() {
        Drag::None => 0.0,
        Drag::Down { by, .. } => by,
    };
    rsx! {
        dialog {
            class: "k-sheet {class}",
            class: if full { "is-full" },
            class: if moved > 0.0 { "is-dragged" },
            style: if moved > 0.0 { "transform:translateY({moved}px)" },
            aria_labelledby: "{id}",
            onmounted: move |event| {
                if let Some(dialog) = dom::element_as::<web_sys::HtmlDialogElement>(&event) {
                    // Fails only when it is open already.
                    let _ = dialog.show_modal();
                }
            },
            oncancel: move |event| {
                event.prevent_default();
                ask();
            },
            onkeydown: move |event| {
                if event.key() == Key::Escape {
                    event.prevent_default();
                    event.stop_propagation();
                    ask();
                }
            },
            // The dialog itself is touched only beside its content: on the backdrop.
            onclick: move |event| {
                if is_backdrop(&event) {
                    ask();
                }
            },
            ..attributes,
            div { class: "k-sheet-box",
                div {
                    class: "k-sheet-head",
                    onpointerdown: move |event| {
                        if dismissible && event.pointer_type() != "mouse" {
                            drag.set(Drag::Down { from: event.client_coordinates().y, by: 0.0 });
                        }
                    },
                    onpointermove: move |event| {
                        if let Drag::Down { from, .. } = drag() {
                            drag.set(Drag::Down { from, by: (event.client_coordinates().y - from).max(0.0) });
                        }
                    },
                    onpointerup: move |_| {
                        if moved > 96.0 {
                            ask();
                        }
                        drag.set(Drag::None);
                    },
                    onpointercancel: move |_| drag.set(Drag::None),
                    if dismissible {
                        span { class: "k-sheet-grip", aria_hidden: "true" }
                    }
                    h2 { id: "{id}", tabindex: "-1", "autofocus": true, "{title}" }
                    if dismissible {
                        IconButton { icon: Icon::Close, label: t!("kit-close"), onclick: move |_| onclose.call(()) }
                    }
                }
                div { class: "k-sheet-body",
                    {hero}
                    {children}
                }
                div { class: "k-sheet-foot", {footer} }
            }
            if *MODALS.read() == level {
                Toaster {}
                LiveRegions {}
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Drag {
    None,
    Down { from: f64, by: f64 },
}

fn is_backdrop(event: &MouseEvent) -> bool {
    let target = event
        .data()
        .downcast::<web_sys::MouseEvent>()
        .and_then(|e| e.target());
    target.is_some_and(|t| t.dyn_ref::<web_sys::HtmlDialogElement>().is_some())
}

/// An entry of the browser's history for an open sheet, so that "back" closes the sheet and not the screen.
struct HistoryEntry {
    mark: f64,
    listener: RefCell<Option<Listener>>,
}

/// The name of our mark on a history state. The router keeps `[x, y]` there, and so do we.
const MARK: &str = "sheet";

/// The mark of the history entry one is on, if a sheet made it.
pub(crate) fn current_mark() -> Option<f64> {
    let state = history::browser()?.state().ok()?;
    js_sys::Reflect::get(&state, &JsValue::from_str(MARK))
        .ok()?
        .as_f64()
}

impl HistoryEntry {
    fn push(onback: impl Fn() + 'static, dismissible: bool) -> Self {
        thread_local!(static NEXT: Cell<u32> = const { Cell::new(1) });
        let mark = f64::from(NEXT.get());
        NEXT.set(NEXT.get() + 1);
        if let Some(history) = history::browser() {
            // The entry below must remember where the page was scrolled to, for the way back.
            let below = history::scroll_state();
            if let Some(mark) = current_mark() {
                let _ = js_sys::Reflect::set(&below, &MARK.into(), &mark.into());
            }
            let _ = history.replace_state_with_url(&below, "", None);
            let state = history::scroll_state();
            let _ = js_sys::Reflect::set(&state, &MARK.into(), &mark.into());
            let _ = history.push_state_with_url(&state, "", None);
        }
        let listener = Listener::on_window("popstate", move |_| {
            // Still on our entry or above it: another, later sheet was closed.
            if current_mark().is_some_and(|now| now >= mark) {
                return;
            }
            if dismissible {
                onback();
            } else if let Some(history) = history::browser() {
                let _ = history.forward();
            }
        });
        Self {
            mark,
            listener: RefCell::new(listener),
        }
    }

    /// The sheet is gone: takes its entry off the history, unless "back" did so or a new screen came on top.
    fn leave(&self) {
        self.listener.take();
        if current_mark() == Some(self.mark)
            && let Some(history) = history::browser()
        {
            let _ = history.back();
        }
    }
}

/// Asks before something that cannot be taken back.
#[component]
pub fn Confirm(
    /// The question.
    #[props(into)]
    title: String,
    /// What follows from a yes.
    #[props(default, into)]
    body: String,
    /// The words of the yes: the deed itself, never "OK".
    #[props(into)]
    yes: String,
    /// The words of the no; "Cancel" if empty.
    #[props(default, into)]
    no: String,
    /// Whether the yes destroys something.
    #[props(default)]
    danger: bool,
    /// The yes is under way.
    #[props(default)]
    busy: bool,
    /// Yes.
    onyes: EventHandler<()>,
    /// No.
    onno: EventHandler<()>,
) -> Element {
    let no = if no.is_empty() { t!("kit-cancel") } else { no };
    rsx! {
        Sheet {
            title,
            onclose: move |()| onno.call(()),
            footer: rsx! {
                Button { kind: ButtonKind::Quiet, onclick: move |_| onno.call(()), "{no}" }
                Button {
                    kind: if danger { ButtonKind::Danger } else { ButtonKind::Primary },
                    busy,
                    onclick: move |_| onyes.call(()),
                    "data-testid": "yes",
                    "{yes}"
                }
            },
            if !body.is_empty() {
                p { class: "k-muted", "{body}" }
            }
        }
    }
}

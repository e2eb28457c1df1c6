//! Slide to confirm: for steps that cannot be taken back, done with one thumb and gloves.
//!
//! A slide must begin on the thumb and reach the end; a tap does nothing. Whoever cannot slide (keyboard, screen
//! reader) has a button that asks to be pressed twice.

use dioxus::prelude::*;

use super::feedback::Spinner;
use crate::icons::{Icon, IconView};
use crate::lang::{Lang, lang};
use crate::{dom, t};

/// A thumb on a track.
#[component]
pub fn SlideToConfirm(
    /// What sliding does: "Slide when delivered".
    #[props(into)]
    label: String,
    /// The same for the button of those who do not slide: "Delivered".
    #[props(into)]
    deed: String,
    /// The deed is under way.
    #[props(default)]
    busy: bool,
    /// Slid to the end.
    onconfirm: EventHandler<()>,
    /// `data-testid`… of the button for those who do not slide.
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    let mut track = use_signal(|| None::<web_sys::HtmlElement>);
    // Where the slide began, how far it is (0 to 1).
    let mut grip = use_signal(|| None::<f64>);
    let mut share = use_signal(|| 0.0_f64);
    let mut asked = use_signal(|| false);
    let forward = if lang() == Lang::Ar { -1.0 } else { 1.0 };
    let shown = if busy { 1.0 } else { share() };
    rsx! {
        div {
            class: "k-slide",
            class: if grip().is_some() { "is-held" },
            class: if busy { "is-busy" },
            style: "--share:{shown:.3}",
            onmounted: move |event| track.set(dom::element_as(&event)),
            div { class: "k-slide-fill", aria_hidden: "true" }
            span { class: "k-slide-label", aria_hidden: "true", "{label}" }
            div {
                class: "k-slide-thumb",
                aria_hidden: "true",
                onpointerdown: move |event| {
                    if busy {
                        return;
                    }
                    event.prevent_default();
                    let web = event.data();
                    if let Some(web) = web.downcast::<web_sys::PointerEvent>()
                        && let Some(thumb) = track.peek().as_ref().and_then(|t| t.last_element_child())
                    {
                        // Without capture a slide that leaves the thumb just ends early.
                        let _ = thumb.set_pointer_capture(web.pointer_id());
                    }
                    grip.set(Some(event.client_coordinates().x));
                },
                onpointermove: move |event| {
                    let Some(from) = grip() else { return };
                    let width = track.peek().as_ref().map_or(1.0, |t| f64::from(t.client_width())) - 64.0;
                    let by = (event.client_coordinates().x - from) * forward;
                    share.set((by / width.max(1.0)).clamp(0.0, 1.0));
                },
                onpointerup: move |_| {
                    let done = grip().is_some() && share() > 0.92;
                    grip.set(None);
                    share.set(0.0);
                    if done {
                        onconfirm.call(());
                    }
                },
                onpointercancel: move |_| {
                    grip.set(None);
                    share.set(0.0);
                },
                if busy {
                    Spinner {}
                } else {
                    IconView { icon: Icon::Forward, size: 26 }
                }
            }
        }
        button {
            r#type: "button",
            class: "k-btn k-btn-secondary k-slide-button",
            disabled: busy,
            onblur: move |_| asked.set(false),
            onclick: move |_| {
                if asked() {
                    asked.set(false);
                    onconfirm.call(());
                } else {
                    asked.set(true);
                }
            },
            ..attributes,
            if asked() {
                {t!("kit-press-again", deed: deed.clone())}
            } else {
                "{deed}"
            }
        }
    }
}

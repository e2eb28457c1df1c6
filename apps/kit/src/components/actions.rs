//! What one presses.

use dioxus::prelude::*;

use super::feedback::Spinner;
use crate::a11y::use_id;
use crate::icons::{Icon, IconView};

/// How much a button asks for attention. One primary button on a screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// What the screen is for.
    #[default]
    Primary,
    /// Another good way on.
    Secondary,
    /// Of little weight.
    Quiet,
    /// Destroys or refuses.
    Danger,
}

/// The classes of a button, for a router `Link` that should look like one.
pub const fn button_class(kind: ButtonKind) -> &'static str {
    match kind {
        ButtonKind::Primary => "k-btn k-btn-primary",
        ButtonKind::Secondary => "k-btn k-btn-secondary",
        ButtonKind::Quiet => "k-btn k-btn-quiet",
        ButtonKind::Danger => "k-btn k-btn-danger",
    }
}

/// A button.
#[component]
pub fn Button(
    /// Its weight.
    #[props(default)]
    kind: ButtonKind,
    /// Work is under way: shows a spinner, keeps its width, ignores presses.
    #[props(default)]
    busy: bool,
    /// Cannot be pressed now. Rather say why on press, where there is a reason.
    #[props(default)]
    disabled: bool,
    /// As wide as its place.
    #[props(default)]
    block: bool,
    /// 56 px high: kitchens, drivers, checkout.
    #[props(default)]
    large: bool,
    /// Drawn before the words.
    #[props(default)]
    icon: Option<Icon>,
    /// Shown at the far end, as a price is.
    #[props(default, into)]
    end: String,
    /// Submits the form around it.
    #[props(default)]
    submit: bool,
    /// Further classes.
    #[props(default, into)]
    class: String,
    /// Pressed, and not busy.
    #[props(default)]
    onclick: EventHandler<MouseEvent>,
    /// `id`, `data-testid`, `aria-*`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    rsx! {
        button {
            r#type: if submit { "submit" } else { "button" },
            class: "{button_class(kind)} {class}",
            class: if block { "k-block" },
            class: if large { "k-large" },
            class: if busy { "is-busy" },
            disabled,
            aria_disabled: busy.then_some("true"),
            aria_busy: busy.then_some("true"),
            onclick: move |event| {
                if busy {
                    event.prevent_default();
                } else {
                    onclick.call(event);
                }
            },
            ..attributes,
            if busy {
                Spinner {}
            }
            span { class: "k-btn-words",
                if let Some(icon) = icon {
                    IconView { icon }
                }
                span { {children} }
            }
            if !end.is_empty() {
                span { class: "k-btn-end k-num", "{end}" }
            }
        }
    }
}

/// A round button that is only an icon. `label` is its name for screen readers and its tooltip.
#[component]
pub fn IconButton(
    /// What is drawn.
    icon: Icon,
    /// What it does, in words.
    #[props(into)]
    label: String,
    /// A count in its corner; 0 hides it.
    #[props(default)]
    badge: u32,
    /// For a button that stays pressed: whether it is.
    #[props(default)]
    pressed: Option<bool>,
    /// Further classes: `k-filled` on pictures and maps.
    #[props(default, into)]
    class: String,
    /// Cannot be pressed now.
    #[props(default)]
    disabled: bool,
    /// Pressed.
    #[props(default)]
    onclick: EventHandler<MouseEvent>,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        button {
            r#type: "button",
            class: "k-icon-btn {class}",
            aria_label: "{label}",
            title: "{label}",
            aria_pressed: pressed.map(|p| if p { "true" } else { "false" }),
            disabled,
            onclick: move |event| onclick.call(event),
            ..attributes,
            IconView { icon, filled: pressed == Some(true) }
            if badge > 0 {
                span { class: "k-badge", "{badge}" }
            }
        }
    }
}

/// A filter or a quick choice that is on or off.
#[component]
pub fn Chip(
    /// Whether it is on.
    selected: bool,
    /// Drawn before the words; a tick takes its place while selected.
    #[props(default)]
    icon: Option<Icon>,
    /// Pressed.
    onclick: EventHandler<()>,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    let icon = if selected { Some(Icon::Check) } else { icon };
    rsx! {
        button {
            r#type: "button",
            class: "k-chip",
            aria_pressed: if selected { "true" } else { "false" },
            onclick: move |_| onclick.call(()),
            ..attributes,
            if let Some(icon) = icon {
                IconView { icon }
            }
            {children}
        }
    }
}

/// A few exclusive choices side by side: delivery or pickup, light or dark.
#[component]
pub fn Segmented(
    /// What is chosen, for screen readers.
    #[props(into)]
    label: String,
    /// The choices' words.
    options: Vec<String>,
    /// Index of the chosen one.
    selected: usize,
    /// Another was chosen.
    onselect: EventHandler<usize>,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    let name = use_id();
    rsx! {
        fieldset { class: "k-segmented", ..attributes,
            legend { class: "k-sr", "{label}" }
            for (index, words) in options.into_iter().enumerate() {
                label { key: "{index}",
                    input {
                        r#type: "radio",
                        name: "{name}",
                        checked: index == selected,
                        onchange: move |_| onselect.call(index),
                    }
                    span { "{words}" }
                }
            }
        }
    }
}

//! What one chooses with: boxes, radios, switches, quantities, stars.

use dioxus::prelude::*;

use super::actions::IconButton;
use crate::a11y::use_id;
use crate::icons::{Icon, IconView};
use crate::{format, t};

/// A box that is ticked or not, in a row that is all touchable.
#[component]
pub fn Checkbox(
    /// Its words.
    #[props(into)]
    label: String,
    /// Whether it is ticked.
    checked: bool,
    /// Ticked or cleared.
    onchange: EventHandler<bool>,
    /// A smaller line under the words.
    #[props(default, into)]
    hint: String,
    /// At the far end: what it costs.
    #[props(default, into)]
    end: String,
    /// Cannot be chosen: sold out, or enough are.
    #[props(default)]
    disabled: bool,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        Choice { html_type: "checkbox", name: "", label, checked, hint, end, disabled,
            onchange: move |on| onchange.call(on),
            attributes,
        }
    }
}

/// One of several that share a `name`.
#[component]
pub fn Radio(
    /// The group's name, unique on the page.
    #[props(into)]
    name: String,
    /// Its words.
    #[props(into)]
    label: String,
    /// Whether it is the chosen one.
    checked: bool,
    /// It was chosen.
    onselect: EventHandler<()>,
    /// A smaller line under the words.
    #[props(default, into)]
    hint: String,
    /// At the far end: what it costs.
    #[props(default, into)]
    end: String,
    /// Cannot be chosen.
    #[props(default)]
    disabled: bool,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        Choice { html_type: "radio", name, label, checked, hint, end, disabled, onchange: move |_| onselect.call(()), attributes }
    }
}

#[component]
fn Choice(
    html_type: &'static str,
    name: String,
    label: String,
    checked: bool,
    onchange: EventHandler<bool>,
    hint: String,
    end: String,
    disabled: bool,
    attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        label { class: "k-choice", class: if disabled { "is-disabled" },
            input {
                r#type: html_type,
                name: (!name.is_empty()).then_some(name),
                checked,
                disabled,
                onchange: move |event| onchange.call(event.checked()),
                ..attributes,
            }
            span { class: "k-grow",
                span { class: "k-choice-label", "{label}" }
                if !hint.is_empty() {
                    span { class: "k-choice-hint", "{hint}" }
                }
            }
            if !end.is_empty() {
                span { class: "k-choice-end k-num", "{end}" }
            }
        }
    }
}

/// A setting that takes effect at once.
#[component]
pub fn Switch(
    /// Its words.
    #[props(into)]
    label: String,
    /// Whether it is on.
    checked: bool,
    /// Turned on or off.
    onchange: EventHandler<bool>,
    /// A smaller line under the words.
    #[props(default, into)]
    hint: String,
    /// Cannot be changed now.
    #[props(default)]
    disabled: bool,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        label { class: "k-choice k-switch", class: if disabled { "is-disabled" },
            span { class: "k-grow",
                span { class: "k-choice-label", "{label}" }
                if !hint.is_empty() {
                    span { class: "k-choice-hint", "{hint}" }
                }
            }
            input {
                r#type: "checkbox",
                role: "switch",
                checked,
                disabled,
                onchange: move |event| onchange.call(event.checked()),
                ..attributes,
            }
        }
    }
}

/// How many. At `min` of 0, the minus at 1 is a bin.
#[component]
pub fn Stepper(
    /// Of what, for screen readers.
    #[props(into)]
    label: String,
    /// How many now.
    value: u32,
    /// Changed to.
    onchange: EventHandler<u32>,
    /// At least.
    #[props(default = 1)]
    min: u32,
    /// At most.
    #[props(default = 99)]
    max: u32,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    let removes = min == 0 && value == 1;
    rsx! {
        div { class: "k-stepper", role: "group", aria_label: "{label}", ..attributes,
            IconButton {
                icon: if removes { Icon::Trash } else { Icon::Minus },
                label: if removes { t!("kit-remove", name: label.clone()) } else { t!("kit-fewer", name: label.clone()) },
                disabled: value <= min,
                onclick: move |_| onchange.call(value.saturating_sub(1).max(min)),
            }
            output { class: "k-num", aria_live: "polite", {format::number(value.into())} }
            IconButton {
                icon: Icon::Plus,
                label: t!("kit-more", name: label.clone()),
                disabled: value >= max,
                onclick: move |_| onchange.call(value.saturating_add(1).min(max)),
            }
        }
    }
}

/// A rating for reading: a star, the figure, how many people.
#[component]
pub fn Stars(
    /// 0 to 5, in tenths.
    tenths: u32,
    /// How many people rated; 0 hides it.
    #[props(default)]
    count: u32,
) -> Element {
    let figure = format::decimal(f64::from(tenths) / 10.0);
    rsx! {
        span { class: "k-rating k-num",
            IconView { icon: Icon::Star, filled: true }
            span { class: "k-sr", {t!("kit-rated", stars: figure.clone())} }
            span { aria_hidden: "true", "{figure}" }
            if count > 0 {
                span { class: "k-muted", "({format::number(count.into())})" }
            }
        }
    }
}

/// One to five stars, given by touch.
#[component]
pub fn RateStars(
    /// What is rated.
    #[props(into)]
    label: String,
    /// Stars so far; 0 is none.
    value: u32,
    /// Rated.
    onrate: EventHandler<u32>,
) -> Element {
    let name = use_id();
    rsx! {
        fieldset { class: "k-rate",
            legend { class: "k-sr", "{label}" }
            for n in 1..=5_u32 {
                label { key: "{n}", class: if n <= value { "is-on" },
                    input {
                        r#type: "radio",
                        name: "{name}",
                        checked: n == value,
                        aria_label: t!("kit-stars", count: n),
                        onchange: move |_| onrate.call(n),
                    }
                    IconView { icon: Icon::Star, filled: n <= value }
                }
            }
        }
    }
}

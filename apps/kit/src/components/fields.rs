//! What one types into. Every field has a label one can see; what is wrong stands under it, in words.

use dioxus::prelude::*;

use super::actions::IconButton;
use crate::a11y::use_id;
use crate::icons::{Icon, IconView};
use crate::lang::{direction, lang};
use crate::t;

/// What a text field expects; chooses the keyboard and what the browser may fill in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    #[default]
    Text,
    /// A person's name.
    Name,
    /// An e-mail address.
    Email,
    /// An existing password.
    Password,
    /// A password being chosen.
    NewPassword,
    /// A whole number.
    Number,
    /// An amount or another number with a point.
    Decimal,
    /// The national short address: four letters, four digits.
    ShortAddress,
}

impl FieldKind {
    /// `type`, `inputmode`, `autocomplete`, whether always left to right.
    const fn html(self) -> (&'static str, &'static str, &'static str, bool) {
        match self {
            Self::Text => ("text", "text", "off", false),
            Self::Name => ("text", "text", "name", false),
            Self::Email => ("email", "email", "email", true),
            Self::Password => ("password", "text", "current-password", true),
            Self::NewPassword => ("password", "text", "new-password", true),
            Self::Number => ("text", "numeric", "off", true),
            Self::Decimal => ("text", "decimal", "off", true),
            Self::ShortAddress => ("text", "text", "off", true),
        }
    }
}

/// Label above, message below: the frame of every field.
#[component]
fn Frame(
    id: String,
    label: String,
    error: Option<String>,
    hint: String,
    optional: bool,
    children: Element,
) -> Element {
    rsx! {
        div { class: "k-field", class: if error.is_some() { "is-invalid" },
            label { r#for: "{id}",
                "{label}"
                if optional {
                    span { class: "k-optional", {t!("kit-optional")} }
                }
            }
            {children}
            if let Some(error) = &error {
                p { class: "k-field-error", id: "{id}-m", role: "alert",
                    IconView { icon: Icon::Alert }
                    span { "{error}" }
                }
            } else if !hint.is_empty() {
                p { class: "k-field-hint", id: "{id}-m", "{hint}" }
            }
        }
    }
}

fn described_by(id: &str, error: Option<&String>, hint: &str) -> Option<String> {
    (error.is_some() || !hint.is_empty()).then(|| [id, "-m"].concat())
}

/// The direction of what was typed; the page's own while nothing was, for the placeholder.
fn typed_direction(value: &str) -> &'static str {
    if value.is_empty() {
        direction(lang())
    } else {
        "auto"
    }
}

/// One line of text.
#[component]
pub fn TextField(
    /// What it is, always visible.
    #[props(into)]
    label: String,
    /// What it holds.
    value: String,
    /// Typed into.
    oninput: EventHandler<String>,
    /// What it expects.
    #[props(default)]
    kind: FieldKind,
    /// What is wrong, and what to do.
    #[props(default)]
    error: Option<String>,
    /// A help line.
    #[props(default, into)]
    hint: String,
    /// An example, in addition to the label.
    #[props(default, into)]
    placeholder: String,
    /// Says "optional" beside the label.
    #[props(default)]
    optional: bool,
    /// Cannot be changed now.
    #[props(default)]
    disabled: bool,
    /// At most this many characters.
    #[props(default = 200)]
    max_length: u32,
    /// Left by the focus: the moment to check it.
    #[props(default)]
    onblur: EventHandler<()>,
    /// `name`, `data-testid`, `autofocus`…
    #[props(extends = GlobalAttributes, extends = input)]
    attributes: Vec<Attribute>,
) -> Element {
    let id = use_id();
    let mut shown = use_signal(|| false);
    let (html_type, mode, complete, ltr) = kind.html();
    let secret = html_type == "password";
    rsx! {
        Frame { id: id.clone(), label, error: error.clone(), hint: hint.clone(), optional,
            div { class: "k-input",
                input {
                    id: "{id}",
                    r#type: if secret && shown() { "text" } else { html_type },
                    inputmode: mode,
                    autocomplete: complete,
                    dir: if ltr { "ltr" } else { typed_direction(&value) },
                    autocapitalize: if ltr { "off" },
                    spellcheck: if ltr { "false" },
                    value: "{value}",
                    placeholder: "{placeholder}",
                    maxlength: "{max_length}",
                    disabled,
                    aria_invalid: error.is_some().then_some("true"),
                    aria_describedby: described_by(&id, error.as_ref(), &hint),
                    oninput: move |event| oninput.call(event.value()),
                    onblur: move |_| onblur.call(()),
                    ..attributes,
                }
                if secret {
                    IconButton {
                        icon: if shown() { Icon::EyeOff } else { Icon::Eye },
                        label: if shown() { t!("kit-hide-password") } else { t!("kit-show-password") },
                        onclick: move |_| shown.toggle(),
                    }
                }
            }
        }
    }
}

/// Several lines of text, with what is left of its length once that matters.
#[component]
pub fn TextArea(
    /// What it is.
    #[props(into)]
    label: String,
    /// What it holds.
    value: String,
    /// Typed into.
    oninput: EventHandler<String>,
    /// What is wrong.
    #[props(default)]
    error: Option<String>,
    /// A help line.
    #[props(default, into)]
    hint: String,
    /// An example.
    #[props(default, into)]
    placeholder: String,
    /// Says "optional" beside the label.
    #[props(default)]
    optional: bool,
    /// At most this many characters.
    #[props(default = 300)]
    max_length: u32,
    /// Lines shown.
    #[props(default = 2)]
    rows: u32,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    let id = use_id();
    let used = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
    let left = max_length.saturating_sub(used);
    rsx! {
        Frame { id: id.clone(), label, error: error.clone(), hint: hint.clone(), optional,
            div { class: "k-input",
                textarea {
                    id: "{id}",
                    dir: typed_direction(&value),
                    rows: "{rows}",
                    maxlength: "{max_length}",
                    placeholder: "{placeholder}",
                    value: "{value}",
                    aria_invalid: error.is_some().then_some("true"),
                    aria_describedby: described_by(&id, error.as_ref(), &hint),
                    oninput: move |event| oninput.call(event.value()),
                    ..attributes,
                }
            }
            if left <= 40 {
                p { class: "k-field-hint k-num", {t!("kit-characters-left", count: left)} }
            }
        }
    }
}

/// One of a list. For three choices or fewer, [`super::Segmented`] or radios are quicker.
#[component]
pub fn Select(
    /// What is chosen.
    #[props(into)]
    label: String,
    /// Values and their words.
    options: Vec<(String, String)>,
    /// The chosen value.
    value: String,
    /// Another was chosen.
    onchange: EventHandler<String>,
    /// What is wrong.
    #[props(default)]
    error: Option<String>,
    /// A help line.
    #[props(default, into)]
    hint: String,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    let id = use_id();
    rsx! {
        Frame { id: id.clone(), label, error: error.clone(), hint: hint.clone(), optional: false,
            div { class: "k-input k-select",
                select {
                    id: "{id}",
                    aria_invalid: error.is_some().then_some("true"),
                    aria_describedby: described_by(&id, error.as_ref(), &hint),
                    onchange: move |event| onchange.call(event.value()),
                    ..attributes,
                    for (key, words) in options {
                        option { key: "{key}", value: "{key}", selected: key == value, "{words}" }
                    }
                }
                IconView { icon: Icon::ChevronDown }
            }
        }
    }
}

/// A Saudi mobile number, typed after `+966`. `value` and what `oninput` reports are what was typed, digits only
/// (Arabic digits are turned into Latin ones); the domain's phone type checks it.
#[component]
pub fn PhoneField(
    /// What it is.
    #[props(into)]
    label: String,
    /// Digits after the country code.
    value: String,
    /// Typed into.
    oninput: EventHandler<String>,
    /// What is wrong.
    #[props(default)]
    error: Option<String>,
    /// A help line.
    #[props(default, into)]
    hint: String,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    let id = use_id();
    rsx! {
        Frame { id: id.clone(), label, error: error.clone(), hint: hint.clone(), optional: false,
            div { class: "k-input", dir: "ltr",
                span { class: "k-input-prefix k-num", "+966" }
                input {
                    id: "{id}",
                    r#type: "tel",
                    inputmode: "tel",
                    autocomplete: "tel-national",
                    dir: "ltr",
                    placeholder: "5X XXX XXXX",
                    maxlength: "14",
                    value: "{value}",
                    aria_invalid: error.is_some().then_some("true"),
                    aria_describedby: described_by(&id, error.as_ref(), &hint),
                    oninput: move |event| oninput.call(digits(&event.value())),
                    ..attributes,
                }
            }
        }
    }
}

/// Characters of a message that holds a code.
const LONGEST_MESSAGE: u32 = 400;

/// A code sent by message. One input, so that the browser can fill it in and a paste works.
#[component]
pub fn OtpField(
    /// What it is.
    #[props(into)]
    label: String,
    /// The digits so far.
    value: String,
    /// Typed into.
    oninput: EventHandler<String>,
    /// How many digits it has.
    #[props(default = 4)]
    length: u32,
    /// What is wrong.
    #[props(default)]
    error: Option<String>,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    let id = use_id();
    rsx! {
        Frame { id: id.clone(), label, error: error.clone(), hint: "", optional: false,
            div { class: "k-input k-otp", dir: "ltr", style: "--digits:{length}",
                input {
                    id: "{id}",
                    r#type: "text",
                    inputmode: "numeric",
                    autocomplete: "one-time-code",
                    dir: "ltr",
                    // Room for a whole message to be pasted into, and none for one digit more.
                    maxlength: if value.len() == length as usize { length } else { LONGEST_MESSAGE },
                    value: "{value}",
                    aria_invalid: error.is_some().then_some("true"),
                    aria_describedby: described_by(&id, error.as_ref(), ""),
                    oninput: move |event| {
                        // A whole message may be pasted: what counts are its digits.
                        let mut typed = digits(&event.value());
                        typed.truncate(usize::try_from(length).unwrap_or(usize::MAX));
                        oninput.call(typed);
                    },
                    ..attributes,
                }
            }
        }
    }
}

/// The digits of `typed`, Arabic and Persian ones as Latin.
fn digits(typed: &str) -> String {
    typed
        .chars()
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10),
            '\u{6F0}'..='\u{6F9}' => char::from_digit(u32::from(c) - 0x6F0, 10),
            _ => None,
        })
        .collect()
}

/// A search box with a way to empty it. Its label is read out, not shown: the glass says it.
#[component]
pub fn SearchField(
    /// What is searched.
    #[props(into)]
    label: String,
    /// What was typed.
    value: String,
    /// Typed into.
    oninput: EventHandler<String>,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        div { class: "k-input k-search", role: "search",
            IconView { icon: Icon::Search }
            input {
                r#type: "search",
                inputmode: "search",
                enterkeyhint: "search",
                autocomplete: "off",
                dir: typed_direction(&value),
                aria_label: "{label}",
                placeholder: "{label}",
                value: "{value}",
                oninput: move |event| oninput.call(event.value()),
                ..attributes,
            }
            if !value.is_empty() {
                IconButton { icon: Icon::Close, label: t!("kit-clear"), onclick: move |_| oninput.call(String::new()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn a_number_typed_on_an_arabic_keyboard_is_the_same_number() {
        assert_eq!(digits("٠٥٠ ١٢٣-٤٥٦٧"), "0501234567");
        assert_eq!(digits("۵۰x1"), "501");
    }
}

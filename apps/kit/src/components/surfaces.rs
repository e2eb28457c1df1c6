//! What holds other things: cards, rows, pictures, tables.

use dioxus::prelude::*;

use crate::icons::{Icon, IconView};

/// A card.
#[component]
pub fn Card(
    /// Without inner space: a picture goes to its edges.
    #[props(default)]
    flush: bool,
    /// Further classes.
    #[props(default, into)]
    class: String,
    /// Makes the whole card a button.
    #[props(default)]
    onclick: Option<EventHandler<()>>,
    /// `id`, `data-testid`, `aria-label`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    let flush = if flush { "k-card-flush" } else { "" };
    match onclick {
        Some(onclick) => rsx! {
            button {
                r#type: "button",
                class: "k-card k-card-press {flush} {class}",
                onclick: move |_| onclick.call(()),
                ..attributes,
                {children}
            }
        },
        None => rsx! {
            div { class: "k-card {flush} {class}", ..attributes, {children} }
        },
    }
}

/// A part of a screen with its heading.
#[component]
pub fn Section(
    /// Its heading.
    #[props(into)]
    title: String,
    /// For tabs that scroll to it.
    #[props(default, into)]
    id: String,
    /// At the heading's far end.
    #[props(default = rsx!{})]
    end: Element,
    children: Element,
) -> Element {
    rsx! {
        section { class: "k-section", id: (!id.is_empty()).then_some(id),
            div { class: "k-section-head",
                h2 { "{title}" }
                {end}
            }
            {children}
        }
    }
}

/// A row of a list: something drawn, one or two lines, something at the end.
#[component]
pub fn ListRow(
    /// The first line.
    #[props(into)]
    title: String,
    /// The second line.
    #[props(default, into)]
    detail: String,
    /// Drawn first.
    #[props(default)]
    icon: Option<Icon>,
    /// Instead of the icon: an avatar, a picture.
    #[props(default = rsx!{})]
    start: Element,
    /// Touched; the row then leads somewhere and says so.
    #[props(default)]
    onclick: Option<EventHandler<()>>,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
    /// At the far end.
    children: Element,
) -> Element {
    let inside = rsx! {
        {start}
        if let Some(icon) = icon {
            span { class: "k-list-icon",
                IconView { icon }
            }
        }
        span { class: "k-grow",
            span { class: "k-list-title", "{title}" }
            if !detail.is_empty() {
                span { class: "k-list-detail", "{detail}" }
            }
        }
        {children}
    };
    match onclick {
        Some(onclick) => rsx! {
            button { r#type: "button", class: "k-list-row", onclick: move |_| onclick.call(()), ..attributes,
                {inside}
                IconView { icon: Icon::ChevronNext }
            }
        },
        None => rsx! {
            div { class: "k-list-row", ..attributes, {inside} }
        },
    }
}

/// A picture that keeps its place while it loads, and shows a bowl when there is none.
#[component]
pub fn Picture(
    /// Where it is.
    src: Option<String>,
    /// What it shows; empty when the words beside it say so.
    #[props(default, into)]
    alt: String,
    /// Further classes.
    #[props(default, into)]
    class: String,
) -> Element {
    let mut failed = use_signal(|| false);
    rsx! {
        div { class: "k-picture {class}",
            match src {
                Some(src) if !failed() => rsx! {
                    img {
                        src: "{src}",
                        alt: "{alt}",
                        loading: "lazy",
                        decoding: "async",
                        onerror: move |_| failed.set(true),
                    }
                },
                _ => rsx! { IconView { icon: Icon::Bowl } },
            }
        }
    }
}

/// A person: a picture, or the first letters of the name.
#[component]
pub fn Avatar(
    /// Whose.
    #[props(into)]
    name: String,
    /// The picture.
    #[props(default)]
    src: Option<String>,
) -> Element {
    let letters = initials(&name);
    rsx! {
        span { class: "k-avatar", role: "img", aria_label: "{name}",
            match src {
                Some(src) => rsx! { img { src: "{src}", alt: "" } },
                None => rsx! { "{letters}" },
            }
        }
    }
}

/// First letters of the first two words, kept apart: joined, two Arabic letters would read as a word.
fn initials(name: &str) -> String {
    let letters: Vec<_> = name
        .split_whitespace()
        .take(2)
        .filter_map(|word| word.chars().next())
        .collect();
    letters
        .iter()
        .map(char::to_string)
        .collect::<Vec<_>>()
        .join("\u{200C}")
}

/// A table that scrolls sideways in itself when it must. The first column names the row.
#[component]
pub fn Table(
    /// What it shows.
    #[props(into)]
    caption: String,
    /// The columns' names.
    head: Vec<String>,
    /// Rows of `tr`.
    children: Element,
) -> Element {
    rsx! {
        div { class: "k-table", role: "region", aria_label: "{caption}", tabindex: "0",
            table {
                caption { class: "k-sr", "{caption}" }
                thead {
                    tr {
                        for (index, name) in head.into_iter().enumerate() {
                            th { key: "{index}", scope: "col", "{name}" }
                        }
                    }
                }
                tbody { {children} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_two_letters_that_never_join() {
        assert_eq!(initials("فاطمة الزهراء محمد"), "ف\u{200C}ا");
        assert_eq!(initials("  Omar "), "O");
        assert_eq!(initials(""), "");
    }
}

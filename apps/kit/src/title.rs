//! The document's title. (`document::Title` of dioxus-web needs `unsafe-eval`, which our CSP forbids.)

use dioxus::prelude::*;

use crate::{dom, t};

/// Sets the window's title to `words`, with the product's name after it.
pub fn set_title(words: &str) {
    if let Some(document) = dom::document() {
        let name = t!("kit-product");
        document.set_title(&if words.is_empty() {
            name
        } else {
            [words, " · ", &name].concat()
        });
    }
}

/// Keeps the window's title at `words` while the calling screen is shown.
pub fn use_title(words: impl Into<String>) {
    let words = words.into();
    use_effect(use_reactive!(|words| set_title(&words)));
}

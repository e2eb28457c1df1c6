//! The language on screen. Switching it re-renders what was read and turns the page around.

use dioxus::prelude::*;
pub use momfood_domain::text::{Lang, LocalizedText};

use crate::{dom, storage};

static LANG: GlobalSignal<Lang> = Signal::global(|| {
    storage::get("lang")
        .as_deref()
        .and_then(Lang::from_preferences)
        .unwrap_or_default()
});

/// The language on screen; reading it in a component re-renders it on a switch.
pub fn lang() -> Lang {
    *LANG.read()
}

/// Switches the language, keeps the choice and turns the page to its direction.
pub fn set_lang(lang: Lang) {
    storage::set("lang", Some(lang.tag()));
    *LANG.write() = lang;
    apply(lang);
}

/// The writing direction: `rtl` or `ltr`.
pub const fn direction(lang: Lang) -> &'static str {
    match lang {
        Lang::Ar => "rtl",
        Lang::En => "ltr",
    }
}

/// Puts `lang` on the document.
pub(crate) fn apply(lang: Lang) {
    dom::set_root_attribute("lang", Some(lang.tag()));
    dom::set_root_attribute("dir", Some(direction(lang)));
}

/// A [`LocalizedText`] in the language on screen.
pub trait Words {
    /// The text for the reader of this screen.
    fn here(&self) -> String;
}

impl Words for LocalizedText {
    fn here(&self) -> String {
        self.get(lang()).to_owned()
    }
}

/// What `run` answers where words are: on a screen.
#[cfg(test)]
pub(crate) fn on_screen<R>(run: impl FnOnce() -> R) -> R {
    let mut dom = VirtualDom::new(|| rsx! {});
    dom.rebuild_in_place();
    dom.in_scope(ScopeId::ROOT, run)
}

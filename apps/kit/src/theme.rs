//! Light, dark, or as the device says. Sets `data-theme` on `<html>`; the colours live in `css/00-tokens.css`.

use dioxus::prelude::*;

use crate::{dom, storage};

/// Which colours the app wears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device is set.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order of a settings screen.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

static THEME: GlobalSignal<Theme> = Signal::global(|| match storage::get("theme").as_deref() {
    Some("light") => Theme::Light,
    Some("dark") => Theme::Dark,
    _ => Theme::System,
});

/// The chosen theme; reading it in a component re-renders it on a switch.
pub fn theme() -> Theme {
    *THEME.read()
}

/// Chooses a theme, keeps the choice and shows it.
pub fn set_theme(theme: Theme) {
    storage::set("theme", theme.attribute());
    *THEME.write() = theme;
    apply(theme);
}

/// Puts `theme` on the document.
pub(crate) fn apply(theme: Theme) {
    dom::set_root_attribute("data-theme", theme.attribute());
}

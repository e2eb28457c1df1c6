//! Where one is and where one can go.

use dioxus::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::actions::IconButton;
use crate::dom;
use crate::icons::{Icon, IconView};
use crate::t;

/// The bar on top of a screen.
#[component]
pub fn AppBar(
    /// The screen's name, its `h1`. Empty where `children` hold the heading.
    #[props(default, into)]
    title: String,
    /// Before the title: a [`BackButton`], the logo.
    #[props(default = rsx!{})]
    start: Element,
    /// At the far end: icon buttons, a connection pill.
    #[props(default = rsx!{})]
    end: Element,
    /// Lies over a picture until one scrolls.
    #[props(default)]
    clear: bool,
    children: Element,
) -> Element {
    rsx! {
        header { class: "k-bar", class: if clear { "is-clear" },
            {start}
            if !title.is_empty() {
                h1 { class: "k-bar-title", "{title}" }
            }
            div { class: "k-grow", {children} }
            {end}
        }
    }
}

/// Back to where one came from: `onback`, or else the browser's own history.
#[component]
pub fn BackButton(
    /// What to do instead of the browser's back.
    #[props(default)]
    onback: Option<EventHandler<()>>,
) -> Element {
    rsx! {
        IconButton {
            icon: Icon::Back,
            label: t!("kit-back"),
            onclick: move |_| {
                if let Some(onback) = onback {
                    onback.call(());
                } else if let Some(history) = dom::window().and_then(|w| w.history().ok()) {
                    let _ = history.back();
                }
            },
        }
    }
}

/// A place of the bottom bar.
#[derive(Clone, Debug, PartialEq)]
pub struct NavItem {
    /// Its icon.
    pub icon: Icon,
    /// Its word.
    pub label: String,
    /// Its address, with the app's path.
    pub href: String,
    /// A count; 0 hides it.
    pub badge: u32,
}

/// The app's places: at the bottom on a phone, on the side of a wide screen.
#[component]
pub fn BottomNav(
    /// The places.
    items: Vec<NavItem>,
    /// Index of the one shown.
    active: Option<usize>,
    /// Another was touched (the screen pushes the route).
    onselect: EventHandler<usize>,
) -> Element {
    rsx! {
        nav { class: "k-nav", aria_label: t!("kit-places"),
            for (index, item) in items.into_iter().enumerate() {
                a {
                    key: "{index}",
                    href: "{item.href}",
                    aria_current: (active == Some(index)).then_some("page"),
                    onclick: move |event| {
                        event.prevent_default();
                        onselect.call(index);
                    },
                    span { class: "k-nav-icon",
                        IconView { icon: item.icon, filled: false }
                        if item.badge > 0 {
                            span { class: "k-badge", "{item.badge}" }
                        }
                    }
                    span { "{item.label}" }
                }
            }
        }
    }
}

/// Tabs in a row that scrolls; the active one keeps itself in view. Sticks under the app bar when `sticky`.
#[component]
pub fn Tabs(
    /// What they divide, for screen readers.
    #[props(into)]
    label: String,
    /// Their words.
    items: Vec<String>,
    /// Index of the active one.
    active: usize,
    /// Another was touched.
    onselect: EventHandler<usize>,
    /// Stays on top while the page scrolls.
    #[props(default)]
    sticky: bool,
) -> Element {
    let id = crate::a11y::use_id();
    let row = id.clone();
    use_effect(use_reactive!(|active| keep_in_view(&row, active)));
    rsx! {
        nav { class: "k-tabs", class: if sticky { "is-sticky" }, aria_label: "{label}",
            div { class: "k-tabs-row", id: "{id}",
                for (index, words) in items.into_iter().enumerate() {
                    button {
                        key: "{index}",
                        r#type: "button",
                        class: "k-tab",
                        aria_current: (index == active).then_some("true"),
                        onclick: move |_| onselect.call(index),
                        "{words}"
                    }
                }
            }
        }
    }
}

/// Scrolls the row of tabs sideways only: `scrollIntoView` would move the page as well.
fn keep_in_view(row_id: &str, active: usize) {
    let row = dom::document().and_then(|d| d.get_element_by_id(row_id));
    let tab = row
        .as_ref()
        .and_then(|r| r.child_nodes().item(u32::try_from(active).unwrap_or(0)))
        .and_then(|n| n.dyn_into::<web_sys::Element>().ok());
    if let (Some(row), Some(tab)) = (row, tab) {
        let (row_box, tab_box) = (row.get_bounding_client_rect(), tab.get_bounding_client_rect());
        let off = (tab_box.left() + tab_box.width() / 2.0) - (row_box.left() + row_box.width() / 2.0);
        row.scroll_by_with_x_and_y(off, 0.0);
    }
}

/// Scrolls the page to the element with this id, below sticky bars (`scroll-margin` in the styles).
pub fn scroll_to_id(id: &str) {
    if let Some(element) = dom::document().and_then(|d| d.get_element_by_id(id)) {
        let options = ScrollIntoViewOptions::new();
        options.set_behavior(ScrollBehavior::Auto);
        options.set_block(ScrollLogicalPosition::Start);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

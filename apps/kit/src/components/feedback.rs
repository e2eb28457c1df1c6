//! What the screen says about itself: waiting, empty, failed, how far, how long.

use dioxus::prelude::*;
use momfood_domain::time::Timestamp;

use super::actions::{Button, ButtonKind};
use crate::art::{Art, Drawing};
use crate::icons::{Icon, IconView};
use crate::{format, t, time};

/// The mood of a status. It never stands alone: a word and an icon say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to look at.
    #[default]
    Quiet,
    /// The product's own colour: in progress.
    Primary,
    /// Good, done.
    Good,
    /// Needs a look.
    Warn,
    /// Failed, refused, late.
    Bad,
}

impl Tone {
    /// Its class.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Quiet => "is-quiet",
            Self::Primary => "is-primary",
            Self::Good => "is-good",
            Self::Warn => "is-warn",
            Self::Bad => "is-bad",
        }
    }
}

/// A status in a word, with its icon.
#[component]
pub fn StatusPill(
    /// Its mood.
    tone: Tone,
    /// Its icon.
    icon: Icon,
    children: Element,
) -> Element {
    rsx! {
        span { class: "k-pill {tone.class()}",
            IconView { icon }
            span { {children} }
        }
    }
}

/// A small count or word.
#[component]
pub fn Badge(
    /// Its mood.
    #[props(default)]
    tone: Tone,
    children: Element,
) -> Element {
    rsx! {
        span { class: "k-tag k-num {tone.class()}", {children} }
    }
}

/// What a banner is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Good to know.
    Info,
    /// What is shown is not of this moment.
    Stale,
    /// No connection.
    Offline,
    /// Needs a look.
    Warn,
    /// Failed.
    Error,
}

/// A band across the screen or a card, with an optional action.
#[component]
pub fn Banner(
    /// What it is about.
    kind: BannerKind,
    /// The action's words; empty for none.
    #[props(default, into)]
    action: String,
    /// The action was pressed.
    #[props(default)]
    onaction: EventHandler<()>,
    children: Element,
) -> Element {
    let (tone, icon) = match kind {
        BannerKind::Info => (Tone::Primary, Icon::Info),
        BannerKind::Stale => (Tone::Warn, Icon::Clock),
        BannerKind::Offline => (Tone::Quiet, Icon::CloudOff),
        BannerKind::Warn => (Tone::Warn, Icon::Alert),
        BannerKind::Error => (Tone::Bad, Icon::Alert),
    };
    rsx! {
        div { class: "k-banner {tone.class()}", role: if kind == BannerKind::Error { "alert" } else { "status" },
            IconView { icon }
            div { class: "k-grow", {children} }
            if !action.is_empty() {
                button { r#type: "button", class: "k-banner-action", onclick: move |_| onaction.call(()), "{action}" }
            }
        }
    }
}

/// What comes in place of a skeleton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonShape {
    /// A restaurant's card with its picture.
    RestaurantCard,
    /// A menu item: words beside a picture.
    MenuItem,
    /// A row of a list.
    Row,
    /// A kitchen ticket.
    Ticket,
    /// A line of text.
    Line,
    /// A heading.
    Heading,
    /// A block of the given height in pixels.
    Block(u32),
}

/// Shapes of what is being loaded, `count` times. The first announces that something loads.
#[component]
pub fn Skeleton(
    /// Of what.
    shape: SkeletonShape,
    /// How many.
    #[props(default = 1)]
    count: u32,
) -> Element {
    rsx! {
        for n in 0..count {
            div {
                key: "{n}",
                class: "k-skeleton-group",
                role: if n == 0 { "status" },
                aria_label: if n == 0 { t!("kit-loading") },
                aria_hidden: if n > 0 { "true" },
                match shape {
                    SkeletonShape::RestaurantCard => rsx! {
                        div { class: "k-card k-card-flush",
                            i { class: "k-skeleton k-picture" }
                            div { class: "k-pad",
                                i { class: "k-skeleton k-s-heading" }
                                i { class: "k-skeleton k-s-line" }
                            }
                        }
                    },
                    SkeletonShape::MenuItem => rsx! {
                        div { class: "k-item",
                            div { class: "k-grow",
                                i { class: "k-skeleton k-s-heading" }
                                i { class: "k-skeleton k-s-line" }
                                i { class: "k-skeleton k-s-short" }
                            }
                            i { class: "k-skeleton k-item-picture" }
                        }
                    },
                    SkeletonShape::Row => rsx! {
                        div { class: "k-list-row",
                            i { class: "k-skeleton k-s-round" }
                            div { class: "k-grow",
                                i { class: "k-skeleton k-s-line" }
                                i { class: "k-skeleton k-s-short" }
                            }
                        }
                    },
                    SkeletonShape::Ticket => rsx! {
                        div { class: "k-card",
                            i { class: "k-skeleton k-s-heading" }
                            i { class: "k-skeleton k-s-line" }
                            i { class: "k-skeleton k-s-line" }
                            i { class: "k-skeleton k-s-short" }
                            i { class: "k-skeleton", style: "height:56px;margin-block-start:16px" }
                        }
                    },
                    SkeletonShape::Line => rsx! { i { class: "k-skeleton k-s-line" } },
                    SkeletonShape::Heading => rsx! { i { class: "k-skeleton k-s-heading" } },
                    SkeletonShape::Block(height) => rsx! { i { class: "k-skeleton", style: "height:{height}px" } },
                }
            }
        }
    }
}

/// Nothing here yet, and what to do about it.
#[component]
pub fn EmptyState(
    /// The drawing.
    art: Art,
    /// What is so.
    #[props(into)]
    title: String,
    /// What one can do.
    #[props(default, into)]
    body: String,
    /// Buttons.
    children: Element,
) -> Element {
    rsx! {
        div { class: "k-empty",
            Drawing { art }
            h2 { "{title}" }
            if !body.is_empty() {
                p { "{body}" }
            }
            div { class: "k-empty-actions", {children} }
        }
    }
}

/// Something failed: what, what to do, and a way to try again.
#[component]
pub fn ErrorState(
    /// What happened, for the person.
    #[props(into)]
    title: String,
    /// What to do next.
    #[props(default, into)]
    body: String,
    /// Draws a cut line rather than a spill: it is the connection.
    #[props(default)]
    offline: bool,
    /// Trying again is under way.
    #[props(default)]
    busy: bool,
    /// Try again.
    onretry: EventHandler<()>,
) -> Element {
    rsx! {
        div { class: "k-empty", role: "alert",
            Drawing { art: if offline { Art::Offline } else { Art::Spill } }
            h2 { "{title}" }
            if !body.is_empty() {
                p { "{body}" }
            }
            div { class: "k-empty-actions",
                Button { kind: ButtonKind::Secondary, icon: Icon::Sync, busy, onclick: move |_| onretry.call(()),
                    {t!("kit-retry")}
                }
            }
        }
    }
}

/// Something is under way. Only inside what says so in words.
#[component]
pub fn Spinner() -> Element {
    rsx! {
        span { class: "k-spinner", aria_hidden: "true" }
    }
}

/// How far something is, in percent; `None` when nobody knows.
#[component]
pub fn ProgressBar(
    /// Of what.
    #[props(into)]
    label: String,
    /// 0 to 100.
    percent: Option<u32>,
) -> Element {
    let percent = percent.map(|p| p.min(100));
    rsx! {
        div {
            class: "k-progress",
            class: if percent.is_none() { "is-unknown" },
            role: "progressbar",
            aria_label: "{label}",
            aria_valuemin: "0",
            aria_valuemax: "100",
            aria_valuenow: percent.map(|p| p.to_string()),
            i { style: percent.map(|p| format!("inline-size:{p}%")) }
        }
    }
}

/// A ring that empties until `until`, the time left in its middle. Turns amber in the last third, red in the last
/// ten seconds. What happens at zero is the screen's affair and the engine's.
#[component]
pub fn RingCountdown(
    /// What runs out, for screen readers.
    #[props(into)]
    label: String,
    /// When it began.
    from: Timestamp,
    /// When it ends.
    until: Timestamp,
    /// Diameter in pixels.
    #[props(default = 96)]
    size: u32,
) -> Element {
    let now = time::use_now();
    let left = now().seconds_until(until);
    let total = from.seconds_until(until).max(1);
    let tone = match left {
        ..=10 => Tone::Bad,
        _ if left * 3 <= total => Tone::Warn,
        _ => Tone::Primary,
    };
    // 100 units around: a second's share of the ring, counted from the full start.
    let percent = (left * 100 / total).clamp(0, 100);
    rsx! {
        div { class: "k-ring {tone.class()}", style: "--size:{size}px", role: "timer", aria_label: "{label}",
            svg { view_box: "0 0 36 36", "aria-hidden": "true",
                circle { class: "k-ring-back", cx: "18", cy: "18", r: "15.915" }
                circle {
                    class: "k-ring-left",
                    cx: "18",
                    cy: "18",
                    r: "15.915",
                    "pathLength": "100",
                    stroke_dasharray: "{percent} 100",
                }
            }
            span { class: "k-num", {format::countdown(left)} }
        }
    }
}

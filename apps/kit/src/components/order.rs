//! Pieces around an order: the cart bar, the bill, the timeline.

use dioxus::prelude::*;

use crate::icons::{Icon, IconView};
use crate::{format, t};

/// The bar that is always there once the cart holds something.
#[component]
pub fn CartBar(
    /// How many items.
    count: u32,
    /// The total as text.
    #[props(into)]
    total: String,
    /// Its words: "View cart".
    #[props(into)]
    label: String,
    /// A line above: what is missing to the minimum, what a discount saves.
    #[props(default, into)]
    note: String,
    /// Touched.
    onclick: EventHandler<()>,
    /// `id`, `data-testid`…
    #[props(extends = GlobalAttributes)]
    attributes: Vec<Attribute>,
) -> Element {
    if count == 0 {
        return rsx! {};
    }
    rsx! {
        div { class: "k-cartbar",
            if !note.is_empty() {
                p { class: "k-cartbar-note", "{note}" }
            }
            button { r#type: "button", class: "k-btn k-btn-primary k-block k-large", onclick: move |_| onclick.call(()), ..attributes,
                span { class: "k-cartbar-count k-num", aria_hidden: "true", {format::number(count.into())} }
                span { class: "k-sr", {t!("kit-items", count: count)} }
                span { class: "k-grow", "{label}" }
                span { class: "k-num", "{total}" }
            }
        }
    }
}

/// A line of a bill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BillLine {
    /// What for.
    pub label: String,
    /// How much, as text.
    pub amount: String,
    /// Words that explain it.
    pub note: String,
    /// The sum.
    pub total: bool,
    /// Takes away: a discount.
    pub good: bool,
}

impl BillLine {
    /// A plain line.
    pub fn new(label: impl Into<String>, amount: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            amount: amount.into(),
            ..Self::default()
        }
    }

    /// With words that explain it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// As the sum.
    #[must_use]
    pub const fn total(mut self) -> Self {
        self.total = true;
        self
    }

    /// As a discount.
    #[must_use]
    pub const fn good(mut self) -> Self {
        self.good = true;
        self
    }
}

/// A bill one can understand.
#[component]
pub fn BillTable(
    /// Its lines, the sum last.
    lines: Vec<BillLine>,
    /// A new price is being asked for: the figures are those before.
    #[props(default)]
    busy: bool,
) -> Element {
    rsx! {
        dl { class: "k-bill", class: if busy { "is-stale" }, aria_busy: busy.then_some("true"),
            for (index, line) in lines.into_iter().enumerate() {
                div { key: "{index}", class: if line.total { "is-total" }, class: if line.good { "is-good" },
                    dt {
                        "{line.label}"
                        if !line.note.is_empty() {
                            small { "{line.note}" }
                        }
                    }
                    dd { class: "k-num", "{line.amount}" }
                }
            }
        }
    }
}

/// Where a step of a timeline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// Under way.
    Now,
    /// To come.
    Later,
    /// Ended badly.
    Failed,
}

/// A step of a timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineStep {
    /// What happens.
    pub title: String,
    /// A smaller line.
    pub detail: String,
    /// When, as text; empty when not yet.
    pub time: String,
    /// Where it stands.
    pub state: StepState,
    /// What is drawn while it is under way or to come.
    pub icon: Icon,
}

/// What happened, what happens, what comes.
#[component]
pub fn Timeline(
    /// The steps, first to last.
    steps: Vec<TimelineStep>,
) -> Element {
    rsx! {
        ol { class: "k-timeline",
            for (index, step) in steps.into_iter().enumerate() {
                li {
                    key: "{index}",
                    class: match step.state {
                        StepState::Done => "is-done",
                        StepState::Now => "is-now",
                        StepState::Later => "is-later",
                        StepState::Failed => "is-failed",
                    },
                    aria_current: (step.state == StepState::Now).then_some("step"),
                    span { class: "k-timeline-dot",
                        IconView {
                            icon: match step.state {
                                StepState::Done => Icon::Check,
                                StepState::Failed => Icon::Close,
                                StepState::Now | StepState::Later => step.icon,
                            },
                        }
                    }
                    div { class: "k-grow",
                        strong { "{step.title}" }
                        match step.state {
                            StepState::Done => rsx! { span { class: "k-sr", {t!("kit-step-done")} } },
                            StepState::Failed => rsx! { span { class: "k-sr", {t!("kit-step-failed")} } },
                            StepState::Now | StepState::Later => rsx! {},
                        }
                        if !step.detail.is_empty() {
                            p { "{step.detail}" }
                        }
                    }
                    if !step.time.is_empty() {
                        time { class: "k-num", "{step.time}" }
                    }
                }
            }
        }
    }
}

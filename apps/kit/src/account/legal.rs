//! The terms of use and the privacy notice, as anyone may read them: what is really done, in plain words.

use dioxus::prelude::*;
use momfood_protocol::account::ConsentKind;

use super::rows::Page;
use crate::app::AppName;
use crate::components::Sheet;
use crate::t;

/// The text that is agreed to, by the day it was published.
pub(super) const VERSION: &str = ConsentKind::Terms.in_force();

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paper {
    Terms,
    Notice,
}

impl Paper {
    fn title(self) -> String {
        match self {
            Self::Terms => t!("terms-title"),
            Self::Notice => t!("notice-title"),
        }
    }

    /// Where everybody finds it.
    fn address(self) -> String {
        let page = match self {
            Self::Terms => "/terms",
            Self::Notice => "/privacy",
        };
        [AppName::current().prefix(), page].concat()
    }

    fn lead(self) -> String {
        match self {
            Self::Terms => t!("terms-lead"),
            Self::Notice => t!("notice-lead"),
        }
    }

    fn parts(self) -> Vec<(String, String)> {
        match self {
            Self::Terms => vec![
                (t!("terms-orders"), t!("terms-orders-body")),
                (t!("terms-prices"), t!("terms-prices-body")),
                (t!("terms-cancel"), t!("terms-cancel-body")),
                (t!("terms-account"), t!("terms-account-body")),
                (t!("terms-conduct"), t!("terms-conduct-body")),
            ],
            Self::Notice => vec![
                (t!("notice-what"), t!("notice-what-body")),
                (t!("notice-who"), t!("notice-who-body")),
                (t!("notice-how"), t!("notice-how-body")),
                (t!("notice-long"), t!("notice-long-body")),
                (t!("notice-rights"), t!("notice-rights-body")),
            ],
        }
    }
}

/// Both, to be read where one is: what was typed into a form stays.
#[component]
pub fn LegalLinks() -> Element {
    let mut open = use_signal(|| None::<Paper>);
    rsx! {
        p { class: "k-s k-row k-wrap k-legal",
            for paper in [Paper::Terms, Paper::Notice] {
                a {
                    key: "{paper:?}",
                    class: "k-link",
                    href: paper.address(),
                    onclick: move |event| {
                        event.prevent_default();
                        open.set(Some(paper));
                    },
                    {paper.title()}
                }
            }
        }
        if let Some(paper) = open() {
            Sheet { title: paper.title(), onclose: move |()| open.set(None), Text { paper } }
        }
    }
}

#[component]
fn Text(paper: Paper) -> Element {
    rsx! {
        article { class: "k-prose",
            p { class: "k-muted k-s", {t!("legal-version", day: VERSION)} }
            p { {paper.lead()} }
            for (head, body) in paper.parts() {
                h2 { key: "{head}", class: "k-m", "{head}" }
                p { "{body}" }
            }
        }
    }
}

/// The terms of use: `/terms`.
#[component]
pub fn Terms() -> Element {
    rsx! {
        Page { title: Paper::Terms.title(), Text { paper: Paper::Terms } }
    }
}

/// The privacy notice: `/privacy`.
#[component]
pub fn PrivacyNotice() -> Element {
    rsx! {
        Page { title: Paper::Notice.title(), Text { paper: Paper::Notice } }
    }
}

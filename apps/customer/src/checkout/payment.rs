//! How it is paid: cash, or one of the demo gateway's test cards, named for what they do.

use dioxus::prelude::*;
use momfood_domain::payment::PaymentMethod;
use momfood_kit::engine::Failure;
use momfood_kit::prelude::*;

/// A way to pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Means {
    /// At the door or counter.
    #[default]
    Cash,
    /// A test card that is accepted.
    Approved,
    /// A test card that is declined.
    Declined,
    /// A test card without money on it.
    Insufficient,
}

impl Means {
    const CARDS: [Self; 3] = [Self::Approved, Self::Declined, Self::Insufficient];

    /// As the order names it.
    pub const fn method(self) -> PaymentMethod {
        match self {
            Self::Cash => PaymentMethod::Cash,
            Self::Approved | Self::Declined | Self::Insufficient => PaymentMethod::Card,
        }
    }

    /// What the card's form gives.
    pub fn token(self) -> Option<String> {
        self.number().map(|number| ["sandbox:", number].concat())
    }

    const fn number(self) -> Option<&'static str> {
        match self {
            Self::Cash => None,
            Self::Approved => Some("4242424242424242"),
            Self::Declined => Some("4000000000000002"),
            Self::Insufficient => Some("4000000000009995"),
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Approved => "card-approved",
            Self::Declined => "card-declined",
            Self::Insufficient => "card-insufficient",
        }
    }

    fn name(self) -> String {
        let end = self
            .number()
            .map(|number| format::isolate_ltr(&["•••• ", &number[12..]].concat()));
        match end {
            None => t!("pay-cash"),
            Some(end) => t!("pay-card", end: end),
        }
    }

    fn what(self) -> String {
        match self {
            Self::Cash => t!("pay-cash-hint"),
            Self::Approved => t!("pay-card-approved"),
            Self::Declined => t!("pay-card-declined"),
            Self::Insufficient => t!("pay-card-insufficient"),
        }
    }
}

/// The choice.
#[component]
pub fn Payment(
    means: Signal<Means>,
    /// Why the last card was refused.
    declined: Option<Failure>,
) -> Element {
    let mut means = means;
    let one = move |choice: Means| {
        rsx! {
            div { key: "{choice.id()}", class: "c-means", "data-testid": "pay-{choice.id()}",
                span { class: "k-list-icon", IconView { icon: if choice == Means::Cash { Icon::Cash } else { Icon::Card } } }
                Radio {
                    name: "means",
                    label: choice.name(),
                    hint: choice.what(),
                    checked: means() == choice,
                    onselect: move |()| means.set(choice),
                }
            }
        }
    };
    rsx! {
        fieldset { class: "k-stack", id: "c-payment",
            legend { class: "c-legend", {t!("pay-title")} }
            if let Some(failure) = declined {
                div { class: "k-stack-s", "data-testid": "card-declined",
                    Banner {
                        kind: BannerKind::Error,
                        action: if means() == Means::Cash { String::new() } else { t!("pay-cash-instead") },
                        onaction: move |()| means.set(Means::Cash),
                        strong { "{failure.message}" }
                        p { class: "k-xs", {t!("pay-declined-kept")} }
                    }
                }
            }
            div {
                {one(Means::Cash)}
                p { class: "c-means-note k-xs", {t!("pay-test-cards")} }
                for choice in Means::CARDS {
                    {one(choice)}
                }
            }
        }
    }
}

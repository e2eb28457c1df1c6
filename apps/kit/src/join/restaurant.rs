//! What a restaurant says of itself.

use dioxus::prelude::*;
use momfood_protocol::error::Failure;
use momfood_protocol::rest::CUISINES;

use super::fields::{Draft, hint};
use crate::account::wrong_field;
use crate::components::{Card, FieldKind, PhoneField, Select, TextField};
use crate::map::MapView;
use crate::{t, words};

#[component]
pub(super) fn About(draft: Signal<Draft>, failure: Option<Failure>) -> Element {
    let start = use_hook(|| draft.peek().point);
    let cuisines: Vec<(String, String)> = CUISINES
        .iter()
        .map(|cuisine| ((*cuisine).to_owned(), words::cuisine(cuisine)))
        .collect();
    rsx! {
        Card {
            div { class: "k-stack-l",
                div { class: "k-pair",
                    TextField { label: t!("join-name-ar"), value: draft.read().name[0].clone(), oninput: move |text| draft.write().name[0] = text, max_length: 80, error: wrong_field(failure.as_ref(), "name"), "dir": "rtl", "name": "name-ar", "data-testid": "name-ar" }
                    TextField { label: t!("join-name-en"), value: draft.read().name[1].clone(), oninput: move |text| draft.write().name[1] = text, max_length: 80, "dir": "ltr", "name": "name-en", "data-testid": "name-en" }
                }
                Select { label: t!("join-field-cuisine"), options: cuisines, value: draft.read().cuisine.clone(), onchange: move |value| draft.write().cuisine = value, "data-testid": "cuisine" }
                div { class: "k-pair",
                    TextField { label: t!("join-district-ar"), value: draft.read().district[0].clone(), oninput: move |text| draft.write().district[0] = text, max_length: 80, error: wrong_field(failure.as_ref(), "district"), "dir": "rtl", "name": "district-ar" }
                    TextField { label: t!("join-district-en"), value: draft.read().district[1].clone(), oninput: move |text| draft.write().district[1] = text, max_length: 80, "dir": "ltr", "name": "district-en" }
                }
                div { class: "k-stack-s",
                    p { class: "k-strong", {t!("join-where")} }
                    div { class: "k-map-field",
                        MapView { label: t!("join-where"), start, height: 220, onpick: move |point| draft.write().point = point }
                    }
                    p { class: "k-muted k-xs", {t!("join-where-hint")} }
                }
                div { "data-testid": "phone",
                    PhoneField { label: t!("join-phone"), value: draft.read().phone.clone(), oninput: move |text| draft.write().phone = text, error: wrong_field(failure.as_ref(), "phone"), "name": "phone" }
                }
                TextField { label: t!("join-email"), value: draft.read().email.clone(), oninput: move |text| draft.write().email = text, kind: FieldKind::Email, error: wrong_field(failure.as_ref(), "email"), "name": "email", "data-testid": "email" }
            }
        }
    }
}

#[component]
pub(super) fn Numbers(draft: Signal<Draft>, missing: Vec<String>) -> Element {
    let wrong = |field: &str| draft.read().wrong(field, &missing);
    rsx! {
        Card {
            div { class: "k-stack-l",
                TextField { label: t!("join-field-registration"), value: draft.read().business_license.clone(), oninput: move |text| draft.write().business_license = text, kind: FieldKind::Number, hint: hint("businessLicense"), error: wrong("businessLicense"), max_length: 20, "name": "registration", "data-testid": "registration" }
                TextField { label: t!("join-field-vat"), value: draft.read().vat_number.clone(), oninput: move |text| draft.write().vat_number = text, kind: FieldKind::Number, hint: hint("vatNumber"), error: wrong("vatNumber"), max_length: 24, "name": "vat", "data-testid": "vat" }
                TextField { label: t!("join-field-iban"), value: draft.read().iban.clone(), oninput: move |text| draft.write().iban = text, kind: FieldKind::ShortAddress, hint: hint("iban"), error: wrong("iban"), max_length: 40, "name": "iban", "data-testid": "iban" }
            }
        }
    }
}

//! What a driver says of themselves and what they drive.

use dioxus::prelude::*;
use momfood_protocol::error::Failure;

use super::fields::{Draft, hint};
use crate::account::wrong_field;
use crate::components::{Card, FieldKind, Segmented, TextField};
use crate::map::MapView;
use crate::t;

#[component]
pub(super) fn About(draft: Signal<Draft>, failure: Option<Failure>) -> Element {
    let wrong = |field: &str| wrong_field(failure.as_ref(), field);
    let start = use_hook(|| draft.peek().point);
    rsx! {
        Card {
            div { class: "k-stack-l",
                div { class: "k-stack-s",
                    p { class: "k-strong", {t!("join-field-vehicle")} }
                    Segmented {
                        label: t!("join-field-vehicle"),
                        options: vec![t!("join-motorbike"), t!("join-car")],
                        selected: usize::from(draft.read().is_car),
                        onselect: move |index: usize| draft.write().is_car = index == 1,
                    }
                }
                div { class: "k-pair",
                    TextField { label: t!("join-field-plate"), value: draft.read().plate.clone(), oninput: move |text| draft.write().plate = text, hint: hint("plate"), error: wrong("plate").or_else(|| draft.read().wrong("plate", &[])), max_length: 20, "name": "plate", "data-testid": "plate" }
                    TextField { label: t!("join-field-color"), value: draft.read().color.clone(), oninput: move |text| draft.write().color = text, error: wrong("color"), max_length: 40, "name": "color", "data-testid": "color" }
                }
                div { class: "k-stack-s",
                    p { class: "k-strong", {t!("join-home")} }
                    div { class: "k-map-field",
                        MapView { label: t!("join-home"), start, height: 220, onpick: move |point| draft.write().point = point }
                    }
                    p { class: "k-muted k-xs", {t!("join-home-hint")} }
                }
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
                TextField { label: t!("join-field-identity"), value: draft.read().national_id.clone(), oninput: move |text| draft.write().national_id = text, kind: FieldKind::Number, hint: hint("nationalId"), error: wrong("nationalId"), max_length: 20, "name": "identity", "data-testid": "identity" }
                TextField { label: t!("join-field-license"), value: draft.read().license_number.clone(), oninput: move |text| draft.write().license_number = text, kind: FieldKind::Number, hint: hint("licenseNumber"), error: wrong("licenseNumber"), max_length: 30, "name": "license", "data-testid": "license" }
                TextField { label: t!("join-field-expires"), value: draft.read().license_expires.clone(), oninput: move |text| draft.write().license_expires = text, hint: t!("join-hint-expires"), max_length: 10, "type": "date", "dir": "ltr", "name": "expires", "data-testid": "expires" }
                TextField { label: t!("join-field-iban"), value: draft.read().iban.clone(), oninput: move |text| draft.write().iban = text, kind: FieldKind::ShortAddress, hint: hint("iban"), error: wrong("iban"), max_length: 40, "name": "iban", "data-testid": "iban" }
            }
        }
    }
}

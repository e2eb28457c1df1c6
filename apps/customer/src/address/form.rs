//! Writing an address down: the pin, the words, and what the driver should know. The engine checks it, without
//! a network.

use dioxus::prelude::*;
use momfood_domain::geo::GeoPoint;
use momfood_kit::engine::{ErrorCode, Failure, use_command_result};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{AddressForm, Addresses, SaveAddress};
use momfood_protocol::rest::SavedAddress;

/// The middle of Riyadh: where the pin stands until it is moved.
const CENTRE: GeoPoint = GeoPoint {
    lat: 24.7136,
    lng: 46.6753,
};

/// The form, in a sheet of its own.
#[component]
pub fn AddressFormSheet(
    /// The address to change, or a new one.
    saved: Option<SavedAddress>,
    /// Back, without saving.
    onclose: EventHandler<()>,
    /// Saved, and now in use.
    onsaved: EventHandler<()>,
) -> Element {
    let id = saved.as_ref().map(|saved| saved.id);
    let start = saved.as_ref().map_or(CENTRE, |saved| saved.address.point);
    let first = saved.as_ref().map_or_else(
        || AddressForm {
            label: t!("address-home"),
            point: start,
            short_address: None,
            line: String::new(),
            landmark: None,
            note: None,
        },
        super::typed,
    );
    let mut form = use_signal(|| first);
    let mut wrong = use_signal(|| None::<Failure>);
    let save = use_command_result(move |answer: Result<Addresses, Failure>| match answer {
        Ok(_) => {
            toast(t!("address-saved"));
            onsaved.call(());
        }
        Err(failure) => {
            if field(&failure).is_none() {
                toast_error(failure.message.clone());
            }
            wrong.set(Some(failure));
            spawn(async move {
                sleep_ms(0).await;
                focus_first("dialog [aria-invalid=true]");
            });
        }
    });
    let said = move |name: &str| {
        let wrong = wrong.read();
        let found = wrong.as_ref().and_then(field)?;
        (found == name).then(|| t!(&["wrong-address-", name].concat()))
    };
    let labels = [t!("address-home"), t!("address-work"), t!("address-family")];
    rsx! {
        Sheet {
            title: if id.is_some() { t!("address-edit-title") } else { t!("address-add") },
            onclose,
            footer: rsx! {
                Button {
                    block: true,
                    large: true,
                    busy: save.busy(),
                    "data-testid": "address-save",
                    onclick: move |_| {
                        wrong.set(None);
                        save.run(SaveAddress { id, address: form.peek().clone() });
                    },
                    {t!("address-save")}
                }
            },
            div { class: "k-stack-l",
                div { class: "c-map",
                    MapView {
                        label: t!("address-map"),
                        start,
                        height: 220,
                        onpick: move |point| form.write().point = point,
                    }
                    p { class: "k-xs k-muted c-map-hint", {t!("address-map-hint")} }
                }
                div { class: "k-stack",
                    div { class: "k-row-s k-wrap", role: "group", aria_label: t!("address-label"),
                        for label in labels {
                            Chip {
                                key: "{label}",
                                selected: form.read().label == label,
                                onclick: {
                                    let label = label.clone();
                                    move |()| form.write().label.clone_from(&label)
                                },
                                "{label}"
                            }
                        }
                    }
                    TextField {
                        label: t!("address-label"),
                        value: form.read().label.clone(),
                        oninput: move |text| form.write().label = text,
                        error: said("label"),
                        max_length: 40,
                        "data-testid": "address-label",
                    }
                }
                TextField {
                    label: t!("address-line"),
                    value: form.read().line.clone(),
                    oninput: move |text| form.write().line = text,
                    placeholder: t!("address-line-example"),
                    error: said("line"),
                    "data-testid": "address-line",
                }
                TextField {
                    label: t!("address-short"),
                    value: form.read().short_address.clone().unwrap_or_default(),
                    oninput: move |text: String| form.write().short_address = filled(text),
                    kind: FieldKind::ShortAddress,
                    placeholder: "RAHA3443",
                    hint: t!("address-short-hint"),
                    optional: true,
                    error: said("shortAddress"),
                    max_length: 12,
                    "data-testid": "address-short",
                }
                TextField {
                    label: t!("address-landmark"),
                    value: form.read().landmark.clone().unwrap_or_default(),
                    oninput: move |text: String| form.write().landmark = filled(text),
                    placeholder: t!("address-landmark-example"),
                    optional: true,
                    error: said("landmark"),
                    "data-testid": "address-landmark",
                }
                TextArea {
                    label: t!("address-note"),
                    value: form.read().note.clone().unwrap_or_default(),
                    oninput: move |text: String| form.write().note = filled(text),
                    placeholder: t!("address-note-example"),
                    optional: true,
                    error: said("note"),
                }
            }
        }
    }
}

fn filled(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

/// The field a failure is about.
fn field(failure: &Failure) -> Option<&str> {
    if failure.code != ErrorCode::InvalidInput {
        return None;
    }
    let named = failure.details.get("field")?.as_str()?;
    Some(named.rsplit('.').next().unwrap_or(named))
}

//! When a job cannot go on: let it go before pick-up, or say why it could not be handed over.

use dioxus::prelude::*;
use momfood_domain::order::Reason;
use momfood_kit::prelude::*;
use momfood_kit::words;
use momfood_protocol::engine::{BlobRef, DriverStep};
use momfood_protocol::mutation::Proof;
use momfood_protocol::view::{Action, OrderView};

/// Reasons, and the step that follows from the chosen one.
#[component]
pub fn TroubleSheet(
    order: OrderView,
    onclose: EventHandler<()>,
    onstep: EventHandler<DriverStep>,
) -> Element {
    let mut chosen = use_signal(|| None::<Reason>);
    let mut photo = use_signal(|| None::<String>);
    let releases = order.may.contains(&Action::Release);
    let attempt = order
        .delivery
        .as_ref()
        .and_then(|d| d.assignment)
        .map_or(0, |a| a.attempt);
    let reasons: &[Reason] = if releases {
        &[Reason::VehicleProblem, Reason::TakesTooLong, Reason::Other]
    } else {
        &[
            Reason::CustomerUnreachable,
            Reason::WrongAddress,
            Reason::VehicleProblem,
            Reason::Other,
        ]
    };
    let possible = releases || order.may.contains(&Action::FailDelivery);
    let title = if releases {
        t!("driver-release-title")
    } else {
        t!("driver-fail-title")
    };
    let body = if releases {
        t!("driver-release-body")
    } else {
        t!("driver-fail-body")
    };
    rsx! {
        Sheet { title, onclose: move |()| onclose.call(()), "data-testid": "trouble-sheet", "data-number": "{order.number}",
            footer: rsx! {
                Button { kind: ButtonKind::Danger, block: true, large: true, disabled: chosen().is_none() || !possible,
                    "data-testid": "trouble-confirm",
                    onclick: move |_| if let Some(reason) = chosen() {
                        let proof = photo().map(|sha256| Proof::Photo { sha256 });
                        onstep.call(if releases { DriverStep::Release { reason, attempt } } else { DriverStep::Fail { reason, proof } });
                    },
                    if releases { {t!("driver-release-confirm")} } else { {t!("driver-fail-confirm")} }
                }
            },
            div { class: "k-stack",
            p { class: "k-strong k-num",
                {format::isolate_ltr(&super::stops::short_number(&order.number))}
                " · {order.customer.name}"
            }
            p { class: "k-muted", "{body}" }
            for reason in reasons.iter().copied() {
                Radio { key: "{reason:?}", name: "reason", label: words::reason(reason), checked: chosen() == Some(reason),
                    onselect: move |()| chosen.set(Some(reason)),
                    "data-testid": "trouble-reason",
                    "data-reason": "{reason:?}",
                }
            }
            if !releases {
                p { class: "k-muted k-s", {t!("driver-fail-photo-why")} }
                PhotoField {
                    label: t!("driver-fail-photo"),
                    onphoto: move |kept: Option<BlobRef>| photo.set(kept.map(|blob| blob.sha256)),
                }
            }
            }
        }
    }
}

//! At the door: the cash, what shows that it was handed over, and the slide that says so. One sheet, from top to bottom
//! with one thumb.
//!
//! All of it belongs to one order and ends with the sheet: nothing typed, taken or signed here can reach another one.

use dioxus::prelude::*;
use momfood_domain::money::Money;
use momfood_kit::prelude::*;
use momfood_protocol::engine::{BlobRef, DriverStep};
use momfood_protocol::mutation::Proof;
use momfood_protocol::view::OrderView;

use super::cash::{Cash, Taken};
use super::stops::short_number;
use crate::drafts;

/// Ways to show it, in the order of their tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Code,
    Photo,
    Signature,
    Nothing,
}

impl Way {
    const ALL: [Self; 4] = [Self::Code, Self::Photo, Self::Signature, Self::Nothing];

    fn name(self) -> String {
        t!(match self {
            Self::Code => "driver-proof-code",
            Self::Photo => "driver-proof-photo",
            Self::Signature => "driver-proof-signature",
            Self::Nothing => "driver-proof-none",
        })
    }

    /// What is still to be done, when this way was chosen.
    fn missing(self) -> String {
        t!(match self {
            Self::Code => "driver-proof-code-missing",
            Self::Photo => "driver-proof-photo-missing",
            Self::Signature | Self::Nothing => "driver-proof-signature-missing",
        })
    }
}

/// Where the ways begin in the page.
const PROOF: &str = "d-proof";

/// Digits of the code the customer was shown.
const CODE_DIGITS: u32 = 4;

/// The sheet of one order. `onstep` gets the step that ends it.
#[component]
pub fn HandOver(order: OrderView, onclose: EventHandler<()>, onstep: EventHandler<DriverStep>) -> Element {
    let due = Money::new(order.payment.cash_due, order.bill.currency);
    let id = order.id;
    // What was taken for this order before the page ended, or this sheet was closed.
    let before = use_hook(|| drafts::of(id));
    let kept = before.clone();
    let mut way = use_signal(move || match kept {
        Some(Proof::Photo { .. }) => Way::Photo,
        Some(Proof::Signature { .. }) => Way::Signature,
        _ => Way::Code,
    });
    let mut code = use_signal(String::new);
    let (kept, signed) = (before.clone(), before.clone());
    let mut photo = use_signal(move || match kept {
        Some(Proof::Photo { sha256 }) => Some(sha256),
        _ => None,
    });
    let mut signature = use_signal(move || match signed {
        Some(Proof::Signature { sha256 }) => Some(sha256),
        _ => None,
    });
    // Nobody sees what it is any more; that there is something has to be said.
    let mut from_before = use_signal(|| before.is_some());
    let mut cash = use_signal(|| Taken::Exactly);
    let chosen = way();
    let proof = match chosen {
        Way::Code => Some(code())
            .filter(|code| code.len() == CODE_DIGITS as usize)
            .map(|code| Proof::Code { code }),
        Way::Photo => photo().map(|sha256| Proof::Photo { sha256 }),
        Way::Signature => signature().map(|sha256| Proof::Signature { sha256 }),
        Way::Nothing => None,
    };
    let amount = if due.amount > 0 {
        cash.read().recorded(due).map(Some)
    } else {
        Some(None)
    };
    // What is missing, in words; nothing when it can be handed over.
    let missing = match (amount, &proof) {
        (None, _) => Some(t!("driver-cash-wrong")),
        (_, None) if chosen != Way::Nothing => Some(chosen.missing()),
        _ => None,
    };
    let number = format::isolate_ltr(&short_number(&order.number));
    let deliver = move |()| {
        if let Some(cash) = amount {
            drafts::keep(id, None);
            onstep.call(DriverStep::Deliver {
                cash,
                proof: proof.clone(),
            });
        }
    };
    let shown = |this: Way| chosen != this;
    let proof_from_before = match chosen {
        Way::Photo => photo.read().is_some(),
        Way::Signature => signature.read().is_some(),
        Way::Code | Way::Nothing => false,
    };
    rsx! {
        Sheet {
            title: t!("driver-hand-over"),
            class: "d-door",
            onclose: move |()| onclose.call(()),
            "data-testid": "hand-over-sheet",
            "data-number": "{order.number}",
            footer: rsx! {
                div { class: "k-grow", "data-testid": "deliver", "data-ready": missing.is_none(),
                    if let Some(missing) = &missing {
                        p { class: "d-missing", role: "status", "data-testid": "deliver-missing",
                            IconView { icon: Icon::Alert }
                            "{missing}"
                        }
                    } else {
                        SlideToConfirm {
                            label: t!("driver-slide-deliver", number: number.clone()),
                            deed: t!("driver-step-deliver"),
                            onconfirm: deliver,
                        }
                    }
                }
            },
            div { class: "k-stack-l",
                Whom { order: order.clone() }
                if due.amount > 0 {
                    Cash { due, taken: cash(), ontaken: move |taken| cash.set(taken) }
                }
                section { id: PROOF, class: "k-stack", "data-testid": "proof", "data-kind": proof_id(chosen),
                    h3 { class: "k-m", {t!("driver-proof-title")} }
                    Segmented {
                        label: t!("driver-proof-title"),
                        options: Way::ALL.map(Way::name).to_vec(),
                        selected: Way::ALL.iter().position(|way| *way == chosen).unwrap_or(0),
                        onselect: move |index: usize| {
                            way.set(Way::ALL[index]);
                            spawn(async move {
                                sleep_ms(0).await;
                                scroll_to_id(PROOF);
                            });
                        },
                        "data-testid": "proof-kind",
                    }
                    // All stay in the page, so that looking at another way loses nothing.
                    div { hidden: shown(Way::Code),
                        OtpField {
                            label: t!("driver-proof-code-ask", name: order.customer.name.clone()),
                            value: code(),
                            oninput: move |typed| code.set(typed),
                            length: CODE_DIGITS,
                            "data-testid": "proof-code",
                        }
                        p { class: "k-muted k-s", {t!("driver-proof-code-where")} }
                    }
                    if from_before() && proof_from_before {
                        p { class: "d-kept", role: "status", "data-testid": "proof-kept",
                            IconView { icon: Icon::Check }
                            span { {t!("driver-proof-kept")} }
                        }
                    }
                    div { hidden: shown(Way::Photo),
                        PhotoField {
                            label: t!("driver-proof-photo-ask"),
                            onphoto: move |kept: Option<BlobRef>| {
                                from_before.set(false);
                                photo.set(kept.map(|blob| blob.sha256));
                                drafts::keep(id, photo().map(|sha256| Proof::Photo { sha256 }));
                            },
                        }
                    }
                    div { hidden: shown(Way::Signature),
                        SignaturePad {
                            label: t!("driver-proof-signature-ask", name: order.customer.name.clone()),
                            onsigned: move |kept: Option<BlobRef>| {
                                from_before.set(false);
                                signature.set(kept.map(|blob| blob.sha256));
                                drafts::keep(id, signature().map(|sha256| Proof::Signature { sha256 }));
                            },
                        }
                    }
                    if chosen == Way::Nothing {
                        p { class: "k-muted k-s", {t!("driver-proof-none-why")} }
                    }
                }
            }
        }
    }
}

/// The name a way has for tests.
const fn proof_id(way: Way) -> &'static str {
    match way {
        Way::Code => "code",
        Way::Photo => "photo",
        Way::Signature => "signature",
        Way::Nothing => "none",
    }
}

/// Which bag, to whom, where: large, so that it is compared with the bag in hand.
#[component]
fn Whom(order: OrderView) -> Element {
    rsx! {
        div { class: "d-whom",
            strong { class: "d-number k-num k-ltr", {short_number(&order.number)} }
            div { class: "k-grow",
                p { class: "k-m k-strong", "{order.customer.name}" }
                if let Some(address) = &order.address {
                    p { class: "k-muted k-s", "{address.line}" }
                }
            }
        }
    }
}

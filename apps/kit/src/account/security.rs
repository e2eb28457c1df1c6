//! How an account is kept: by which email and phone it is known, its password, its second factor, its passkeys, accounts
//! elsewhere that open it.

mod contacts;
mod linked;
mod passkeys;
mod password;
mod totp;

use dioxus::prelude::*;
use momfood_protocol::account::Security as State;
use momfood_protocol::online::{GetSecurity, GetWays};

use super::confirm::{ConfirmGate, use_guard};
use super::rows::{NeedsLine, Own};
use crate::components::{Banner, BannerKind, Section, Skeleton, SkeletonShape};
use crate::engine::{Answer, use_query};
use crate::t;

/// The screen: `/account/security`.
#[component]
pub fn Security() -> Element {
    rsx! {
        Own { title: t!("secure-title"), Kept {} }
    }
}

#[component]
fn Kept() -> Element {
    let state = use_query(|| GetSecurity {}, &[]);
    let ways = use_query(|| GetWays {}, &[]);
    let guard = use_guard();
    let again = use_callback(move |()| state.again());
    let ways = ways.data().clone().unwrap_or_default();
    rsx! {
        match &*state.read() {
                Answer::Loading => rsx! {
                    Skeleton { shape: SkeletonShape::Heading }
                    Skeleton { shape: SkeletonShape::Row, count: 5 }
                },
                Answer::Failed(failure, None) => rsx! {
                    NeedsLine { failure: failure.clone(), onretry: move |()| again.call(()) }
                },
                Answer::Ready(kept, _) | Answer::Failed(_, Some(kept)) => {
                    let kept: State = kept.clone();
                    rsx! {
                        if kept.second_factor_needed {
                            Banner { kind: BannerKind::Warn, {t!("secure-factor-needed")} }
                        }
                        Section { title: t!("secure-contacts"),
                            contacts::Contacts { kept: kept.clone(), by_phone: ways.phone, guard, onchange: again }
                        }
                        Section { title: t!("secure-password"),
                            password::Password { kept: kept.clone(), guard, onchange: again }
                        }
                        Section { title: t!("secure-totp"),
                            totp::Totp { kept: kept.clone(), guard, onchange: again }
                        }
                        if ways.passkey || !kept.passkeys.is_empty() {
                            Section { title: t!("secure-passkeys"),
                                passkeys::Passkeys { kept: kept.clone(), guard, onchange: again }
                            }
                        }
                        if !ways.providers.is_empty() || !kept.linked.is_empty() {
                            Section { title: t!("secure-linked"),
                                linked::Accounts { kept, providers: ways.providers.clone(), guard, onchange: again }
                            }
                        }
                    }
                }
        }
        ConfirmGate { guard }
    }
}

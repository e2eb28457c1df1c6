//! The pieces that show work done offline, in every state, to be looked at: the line, what waits, what was refused,
//! photo and signature. Build it to wasm32 and open it in a browser.
#![allow(missing_docs)]

use std::rc::Rc;

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::engine::{ErrorCode, Failure, Storage, use_engine_over};
use momfood_kit::prelude::*;
use momfood_kit::transport::{FakeTransport, ok};
use momfood_protocol::engine::{
    AnyCall, AnyReply, BlobRef, Done, Outbox, Refusal, SessionState, Tap, VaultExport,
};
use serde_json::json;

fn main() {
    momfood_kit::app::start(AppName::Driver, &[], Pieces);
}

fn tap(n: u32, name: &str, minutes: i64) -> Tap {
    let id = |kind: u32| format!("00000000-0000-7000-8000-{kind:06}{n:06}").parse();
    Tap {
        uid: id(1).unwrap_or_default(),
        name: name.to_owned(),
        order_id: format!("00000000-0000-7000-8000-{n:012}").parse::<OrderId>().ok(),
        number: (n % 4 != 3).then(|| format!("4821-{}", 9_346 - n)),
        at: now().plus_minutes(-minutes),
        cash: (name == "delivery.deliver").then_some(8_650),
        of_another: n == 2,
    }
}

fn refusal(n: u32, name: &str, code: ErrorCode, review: bool) -> Refusal {
    Refusal {
        tap: tap(n, name, i64::from(n)),
        failure: Failure::new(code, lang()),
        review,
        can_repeat: code.is_temporary(),
    }
}

fn outbox() -> Outbox {
    Outbox {
        waiting: vec![
            tap(0, "delivery.arrive_customer", 140),
            tap(1, "delivery.deliver", 31),
            tap(2, "delivery.pick_up", 12),
            tap(3, "shift.set", 0),
        ],
        refused: vec![
            refusal(4, "offer.accept", ErrorCode::OfferOver, false),
            refusal(5, "delivery.deliver", ErrorCode::WrongState, true),
            refusal(6, "delivery.release", ErrorCode::RateLimited, false),
        ],
        uploads: 2,
    }
}

fn answer(call: &AnyCall) -> AnyReply {
    match call {
        AnyCall::GetSession(_) => ok(&SessionState { user: None }),
        AnyCall::GetOutbox(_) | AnyCall::SettleRefusal(_) => ok(&outbox()),
        AnyCall::ExportVault(_) => ok(&VaultExport {
            file_name: "momfood-vault.json".to_owned(),
            content: json!({ "taps": 4 }),
        }),
        _ => ok(&Done {}),
    }
}

fn show(connection: Connection, waiting: u32, refused: u32, storage: Storage) {
    *CONNECTION.write() = connection;
    *KEPT.write() = Kept {
        waiting,
        oldest: (waiting > 0).then(|| now().plus_minutes(-31)),
        refused,
        storage: Some(storage),
        outdated: false,
    };
}

#[component]
fn Pieces() -> Element {
    use_engine_over(|| Rc::new(FakeTransport::new(|call| answer(&call))));
    let mut kept = use_signal(|| None::<BlobRef>);
    let offline = Connection::Offline {
        since: now().plus_minutes(-31),
    };
    rsx! {
        AppFrame {
            AppBar {
                title: "MomFood",
                end: rsx! {
                    ConnectionPill {}
                    IconButton { icon: Icon::Globe, label: t!("kit-language"), "data-testid": "lang",
                        onclick: move |_| set_lang(if lang() == Lang::Ar { Lang::En } else { Lang::Ar }),
                    }
                },
            }
            main { id: "content", tabindex: "-1", class: "k-page k-narrow k-stack",
                div { class: "k-row k-wrap",
                    Button { kind: ButtonKind::Secondary, "data-testid": "live", onclick: move |_| show(Connection::Live, 0, 0, Storage::Durable), "live" }
                    Button { kind: ButtonKind::Secondary, "data-testid": "offline", onclick: move |_| show(offline, 4, 0, Storage::Durable), "offline" }
                    Button { kind: ButtonKind::Secondary, "data-testid": "refused", onclick: move |_| show(Connection::Live, 4, 3, Storage::Recovered), "refused" }
                    Button { kind: ButtonKind::Secondary, "data-testid": "memory", onclick: move |_| show(offline, 1, 0, Storage::Memory), "memory" }
                }
                StorageNotice { closable: true }
                UnconfirmedMark {}
                PhotoField { label: t!("kit-photo-preview"), onphoto: move |photo| kept.set(photo) }
                SignaturePad { label: t!("kit-sign-how"), onsigned: move |signature| kept.set(signature) }
                if let Some(blob) = kept() {
                    p { class: "k-ltr k-muted", "data-testid": "kept", "{blob.size}" }
                }
            }
        }
    }
}

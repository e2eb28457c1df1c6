//! Where orders go: choosing among saved addresses, and writing one down.

mod form;

use dioxus::prelude::*;
use momfood_domain::id::AddressId;
use momfood_kit::engine::{Answer, EventKind, use_command, use_engine, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{
    AddressForm, Addresses, ChooseAddress, DeleteAddress, GetAddresses, SaveAddress,
};
use momfood_protocol::rest::SavedAddress;

use form::AddressFormSheet;

/// What the sheet shows.
#[derive(Clone, PartialEq)]
enum Page {
    List,
    Write(Option<SavedAddress>),
}

/// The sheet of saved addresses. It closes itself when one was chosen.
#[component]
pub fn AddressSheet(onclose: EventHandler<()>) -> Element {
    let engine = use_engine();
    let mut page = use_signal(|| Page::List);
    let addresses = use_query(|| GetAddresses {}, &[EventKind::Session, EventKind::Cart]);
    let choose = use_command::<ChooseAddress>(move |_| onclose.call(()));
    let forget = move |saved: SavedAddress, chosen: Option<AddressId>| {
        spawn(async move {
            match engine.ask(DeleteAddress { id: saved.id }).await {
                Ok(_) => {
                    addresses.again();
                    let label = saved.address.label.clone();
                    toast_undo(t!("address-deleted", label: label), 8, move || {
                        let saved = saved.clone();
                        dioxus::core::spawn_forever(async move {
                            let back = SaveAddress {
                                id: Some(saved.id),
                                address: typed(&saved),
                            };
                            let mut answer = engine.ask(back).await;
                            if let (Ok(_), Some(id)) = (&answer, chosen)
                                && id != saved.id
                            {
                                answer = engine.ask(ChooseAddress { id }).await;
                            }
                            match answer {
                                Ok(_) => addresses.again(),
                                Err(failure) => toast_error(failure.message),
                            }
                        });
                    });
                }
                Err(failure) => toast_error(failure.message),
            }
        });
    };
    if let Page::Write(saved) = page() {
        return rsx! {
            AddressFormSheet {
                saved,
                onclose: move |()| page.set(Page::List),
                onsaved: move |()| onclose.call(()),
            }
        };
    }
    rsx! {
        Sheet {
            title: t!("address-title"),
            onclose,
            footer: rsx! {
                Button {
                    kind: ButtonKind::Secondary,
                    block: true,
                    icon: Icon::Plus,
                    "data-testid": "address-add",
                    onclick: move |_| page.set(Page::Write(None)),
                    {t!("address-add")}
                }
            },
            match &*addresses.read() {
                Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Row, count: 3 } },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: failure.message.clone(), onretry: move |()| addresses.again() }
                },
                Answer::Ready(all, _) | Answer::Failed(_, Some(all)) => rsx! {
                    List {
                        all: all.clone(),
                        busy: choose.busy(),
                        onchoose: move |id| choose.run(ChooseAddress { id }),
                        onedit: move |saved| page.set(Page::Write(Some(saved))),
                        onforget: move |(saved, chosen)| forget(saved, chosen),
                    }
                },
            }
        }
    }
}

#[component]
fn List(
    all: Addresses,
    busy: bool,
    onchoose: EventHandler<AddressId>,
    onedit: EventHandler<SavedAddress>,
    onforget: EventHandler<(SavedAddress, Option<AddressId>)>,
) -> Element {
    let chosen = all.chosen;
    if all.addresses.is_empty() {
        return rsx! {
            EmptyState { art: Art::Place, title: t!("address-none"), body: t!("address-none-body") }
        };
    }
    rsx! {
        ul { class: "k-divide", aria_busy: if busy { "true" },
            for saved in all.addresses {
                li { key: "{saved.id}", class: "c-address", "data-testid": "address",
                    button {
                        r#type: "button",
                        class: "c-address-choose",
                        aria_pressed: if chosen == Some(saved.id) { "true" } else { "false" },
                        onclick: {
                            let id = saved.id;
                            move |_| onchoose.call(id)
                        },
                        span { class: "k-list-icon", IconView { icon: label_icon(&saved.address.label) } }
                        span { class: "k-grow",
                            span { class: "k-list-title", "{saved.address.label}" }
                            span { class: "k-list-detail", {crate::words::own(&saved.address.line)} }
                            if let Some(short) = &saved.address.short_address {
                                span { class: "k-list-detail k-ltr", {short.as_str().to_owned()} }
                            }
                        }
                        if chosen == Some(saved.id) {
                            span { class: "c-tick", IconView { icon: Icon::Check } }
                        }
                    }
                    IconButton {
                        icon: Icon::Edit,
                        label: t!("address-edit", label: saved.address.label.clone()),
                        onclick: {
                            let saved = saved.clone();
                            move |_| onedit.call(saved.clone())
                        },
                    }
                    IconButton {
                        icon: Icon::Trash,
                        label: t!("address-delete", label: saved.address.label.clone()),
                        onclick: {
                            let saved = saved.clone();
                            move |_| onforget.call((saved.clone(), chosen))
                        },
                    }
                }
            }
        }
    }
}

/// A house for what is called home, in either language; else a pin.
fn label_icon(label: &str) -> Icon {
    let home = ["home", "البيت", "المنزل", "بيت"];
    if home.iter().any(|word| label.trim().eq_ignore_ascii_case(word)) {
        Icon::Home
    } else {
        Icon::Pin
    }
}

/// A saved address as it was typed.
fn typed(saved: &SavedAddress) -> AddressForm {
    let address = &saved.address;
    AddressForm {
        label: address.label.clone(),
        point: address.point,
        short_address: address
            .short_address
            .as_ref()
            .map(|short| short.as_str().to_owned()),
        line: address.line.clone(),
        landmark: address.landmark.clone(),
        note: address.note.clone(),
    }
}

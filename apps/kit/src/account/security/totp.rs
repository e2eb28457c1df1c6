//! The authenticator app: shown as a picture and as words, confirmed by its first digits; recovery codes for the day the
//! phone is lost, shown once.

use dioxus::prelude::*;
use momfood_protocol::account::{RecoveryCodes, Security, TotpSetup};
use momfood_protocol::engine::Done;
use momfood_protocol::error::Failure;
use momfood_protocol::online::{BeginTotp, ConfirmTotp, NewRecoveryCodes, RemoveTotp};

use crate::account::confirm::{Guard, use_guarded};
use crate::account::wrong::{Wrong, wrong_field};
use crate::components::{Banner, BannerKind, Button, ButtonKind, Card, OtpField, Sheet, StatusPill, Tone};
use crate::dom;
use crate::hand_out::{copy, save_text};
use crate::icons::{Icon, IconView};
use crate::t;
use crate::toasts::{toast, toast_error};

/// Digits of an authenticator app.
const DIGITS: u32 = 6;
/// Fewer than this many recovery codes are too few.
const FEW: i64 = 4;

#[component]
pub fn Totp(kept: Security, guard: Guard, onchange: EventHandler<()>) -> Element {
    let mut setup = use_signal(|| None::<TotpSetup>);
    let mut codes = use_signal(|| None::<Vec<String>>);
    let mut removing = use_signal(|| false);
    let begin = use_guarded::<BeginTotp>(guard, move |answer: Result<TotpSetup, Failure>| match answer {
        Ok(new) => setup.set(Some(new)),
        Err(failure) => toast_error(failure.message),
    });
    let renew =
        use_guarded::<NewRecoveryCodes>(
            guard,
            move |answer: Result<RecoveryCodes, Failure>| match answer {
                Ok(new) => {
                    codes.set(Some(new.codes));
                    onchange.call(());
                }
                Err(failure) => toast_error(failure.message),
            },
        );
    rsx! {
        Card {
            div { class: "k-stack", "data-testid": "totp-card", "data-on": "{kept.totp}",
                div { class: "k-row",
                    span { class: "k-list-icon", IconView { icon: Icon::Device } }
                    div { class: "k-grow",
                        p { class: "k-strong", {t!("secure-totp-app")} }
                        p { class: "k-muted k-s", {t!("secure-totp-why")} }
                    }
                    if kept.totp {
                        StatusPill { tone: Tone::Good, icon: Icon::Check, {t!("secure-on")} }
                    }
                }
                if kept.totp {
                    if kept.recovery_codes < FEW {
                        Banner { kind: BannerKind::Warn, {t!("secure-codes-left", count: kept.recovery_codes)} }
                    } else {
                        p { class: "k-muted k-s", {t!("secure-codes-left", count: kept.recovery_codes)} }
                    }
                    div { class: "k-row-s k-wrap",
                        Button { kind: ButtonKind::Secondary, icon: Icon::Key, busy: renew.busy(), "data-testid": "new-codes", onclick: move |_| renew.run(NewRecoveryCodes {}), {t!("secure-codes-new")} }
                        Button { kind: ButtonKind::Danger, "data-testid": "remove-totp", onclick: move |_| removing.set(true), {t!("secure-totp-remove")} }
                    }
                } else {
                    Button { kind: ButtonKind::Secondary, block: true, icon: Icon::Plus, busy: begin.busy(), "data-testid": "add-totp", onclick: move |_| begin.run(BeginTotp {}), {t!("secure-totp-add")} }
                }
            }
        }
        if let Some(new) = setup() {
            SetUp {
                setup: new,
                guard,
                onclose: move |()| setup.set(None),
                ondone: move |fresh: Vec<String>| {
                    setup.set(None);
                    codes.set(Some(fresh));
                    onchange.call(());
                },
            }
        }
        if let Some(all) = codes() {
            Codes { codes: all, onclose: move |()| codes.set(None) }
        }
        if removing() {
            Remove {
                guard,
                onclose: move |()| removing.set(false),
                ondone: move |()| {
                    removing.set(false);
                    toast(t!("secure-totp-removed"));
                    onchange.call(());
                },
            }
        }
    }
}

/// A picture of an SVG the server drew, which can do nothing but be seen.
fn picture(svg: &str) -> String {
    let escaped = js_sys::encode_uri_component(svg);
    ["data:image/svg+xml,", &String::from(escaped)].concat()
}

/// The secret in groups of four, as one types it.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    groups.join(" ")
}

#[component]
fn SetUp(
    setup: TotpSetup,
    guard: Guard,
    onclose: EventHandler<()>,
    ondone: EventHandler<Vec<String>>,
) -> Element {
    let mut typed = use_signal(String::new);
    let mut wrong = use_signal(|| None::<Failure>);
    let confirm = use_guarded::<ConfirmTotp>(
        guard,
        move |answer: Result<RecoveryCodes, Failure>| match answer {
            Ok(codes) => ondone.call(codes.codes),
            Err(failure) => {
                typed.set(String::new());
                wrong.set(Some(failure));
            }
        },
    );
    let secret = setup.secret.clone();
    rsx! {
        Sheet { title: t!("secure-totp-add"), onclose: move |()| onclose.call(()), "data-testid": "totp-sheet",
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    wrong.set(None);
                    confirm.run(ConfirmTotp { code: typed() });
                },
                ol { class: "k-steps",
                    li {
                        p { {t!("secure-totp-scan")} }
                        img { class: "k-qr", src: picture(&setup.qr), alt: t!("secure-totp-qr"), width: "208", height: "208" }
                        p { class: "k-muted k-s", {t!("secure-totp-type")} }
                        div { class: "k-row-s k-wrap",
                            code { class: "k-secret k-ltr", "data-testid": "totp-secret", "data-secret": "{setup.secret}", {grouped(&setup.secret)} }
                            Button {
                                kind: ButtonKind::Quiet,
                                onclick: move |_| {
                                    let secret = secret.clone();
                                    spawn(async move {
                                        if copy(&secret).await {
                                            toast(t!("secure-copied"));
                                        }
                                    });
                                },
                                {t!("secure-copy")}
                            }
                        }
                        a { class: "k-link k-s", href: "{setup.uri}", {t!("secure-totp-open")} }
                    }
                    li {
                        OtpField {
                            label: t!("secure-totp-confirm"),
                            value: typed(),
                            length: DIGITS,
                            error: wrong_field(wrong.read().as_ref(), "code"),
                            oninput: move |digits: String| typed.set(digits),
                            "name": "totp",
                            "data-testid": "totp-code",
                        }
                    }
                }
                Wrong { failure: wrong(), fields: &["code"] }
                Button { submit: true, block: true, large: true, busy: confirm.busy(), "data-testid": "totp-confirm", {t!("secure-totp-do")} }
            }
        }
    }
}

/// Ten codes, shown once: copied, printed, saved.
#[component]
fn Codes(codes: Vec<String>, onclose: EventHandler<()>) -> Element {
    let text = codes.join("\n");
    let (copied, saved) = (text.clone(), text.clone());
    rsx! {
        Sheet {
            title: t!("secure-codes-title"),
            onclose: move |()| onclose.call(()),
            dismissible: false,
            class: "k-print",
            "data-testid": "codes-sheet",
            footer: rsx! {
                Button { "data-testid": "codes-kept", onclick: move |_| onclose.call(()), {t!("secure-codes-kept")} }
            },
            div { class: "k-stack-l",
                p { class: "k-muted", {t!("secure-codes-why")} }
                ul { class: "k-codes k-ltr", "data-testid": "codes",
                    for code in codes {
                        li { key: "{code}", "{code}" }
                    }
                }
                div { class: "k-row-s k-wrap k-no-print",
                    Button {
                        kind: ButtonKind::Secondary,
                        icon: Icon::Note,
                        onclick: move |_| {
                            let text = copied.clone();
                            spawn(async move {
                                if copy(&text).await {
                                    toast(t!("secure-copied"));
                                } else {
                                    toast_error(t!("secure-not-copied"));
                                }
                            });
                        },
                        {t!("secure-copy")}
                    }
                    Button {
                        kind: ButtonKind::Secondary,
                        icon: Icon::Receipt,
                        onclick: move |_| {
                            if !save_text("momfood-recovery-codes.txt", &saved) {
                                toast_error(t!("kit-export-failed"));
                            }
                        },
                        {t!("secure-save")}
                    }
                    Button {
                        kind: ButtonKind::Secondary,
                        icon: Icon::Printer,
                        onclick: move |_| {
                            if let Some(window) = dom::window() {
                                // Where there is nothing to print with, nothing happens.
                                let _ = window.print();
                            }
                        },
                        {t!("secure-print")}
                    }
                }
            }
        }
    }
}

#[component]
fn Remove(guard: Guard, onclose: EventHandler<()>, ondone: EventHandler<()>) -> Element {
    let mut typed = use_signal(String::new);
    let mut wrong = use_signal(|| None::<Failure>);
    let remove = use_guarded::<RemoveTotp>(guard, move |answer: Result<Done, Failure>| match answer {
        Ok(_) => ondone.call(()),
        Err(failure) => {
            typed.set(String::new());
            wrong.set(Some(failure));
        }
    });
    rsx! {
        Sheet { title: t!("secure-totp-remove"), onclose: move |()| onclose.call(()), "data-testid": "totp-remove-sheet",
            form {
                class: "k-stack-l",
                novalidate: true,
                onsubmit: move |event| {
                    event.prevent_default();
                    wrong.set(None);
                    remove.run(RemoveTotp { code: typed() });
                },
                p { class: "k-muted", {t!("secure-totp-remove-body")} }
                OtpField {
                    label: t!("factor-totp-code"),
                    value: typed(),
                    length: DIGITS,
                    error: wrong_field(wrong.read().as_ref(), "code"),
                    oninput: move |digits: String| typed.set(digits),
                    "name": "totp",
                    "autofocus": true,
                    "data-testid": "totp-code",
                }
                Wrong { failure: wrong(), fields: &["code"] }
                Button { kind: ButtonKind::Danger, submit: true, block: true, large: true, busy: remove.busy(), "data-testid": "totp-remove-do", {t!("secure-totp-remove")} }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_secret_is_read_in_groups_of_four() {
        assert_eq!(grouped("JBSWY3DPEHPK3PX"), "JBSW Y3DP EHPK 3PX");
        assert_eq!(grouped(""), "");
    }
}

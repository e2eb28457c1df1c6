//! Signing in with an account elsewhere: off to the provider's page and back. What begins here ends here: a secret that only
//! this page knows is shown when it comes back, so that nobody can hand somebody else their own ticket.

use dioxus::prelude::*;
use js_sys::{Function, Promise, Reflect, Uint8Array};
use momfood_protocol::account::{FinishOauth, GoTo, Provider};
use momfood_protocol::engine::SessionState;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::{BeginLink, BeginOauth, FinishLink};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::app::AppName;
use crate::components::{Button, ButtonKind};
use crate::dom;
use crate::engine::{Engine, use_engine};
use crate::icons::Icon;
use crate::lang::lang;
use crate::t;

/// Where the secret waits for the way back: as long as this window.
const KEPT: &str = "momfood.begun";

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aim {
    /// Signing in.
    Enter,
    /// Linking an account to one's own.
    Link,
}

impl Aim {
    const fn word(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Link => "link",
        }
    }
}

fn kept() -> Option<web_sys::Storage> {
    dom::window()?.session_storage().ok().flatten()
}

/// What was begun in this window, once.
fn take(aim: Aim) -> Option<String> {
    let storage = kept()?;
    let text = storage.get_item(KEPT).ok().flatten()?;
    let secret = text.strip_prefix(aim.word())?.strip_prefix(':')?.to_owned();
    let _ = storage.remove_item(KEPT);
    Some(secret)
}

fn crypto() -> Option<JsValue> {
    Reflect::get(dom::window()?.as_ref(), &JsValue::from_str("crypto")).ok()
}

/// A secret, and the hash of it that may be known.
async fn secret() -> Option<(String, String)> {
    let crypto = crypto()?;
    let secret = base64url(&dom::random::<32>()?);
    let subtle = Reflect::get(&crypto, &JsValue::from_str("subtle")).ok()?;
    let digest: Function = Reflect::get(&subtle, &JsValue::from_str("digest"))
        .ok()?
        .dyn_into()
        .ok()?;
    let bytes = Uint8Array::from(secret.as_bytes());
    let promise = digest
        .call2(&subtle, &JsValue::from_str("SHA-256"), &bytes)
        .ok()?;
    let hash = JsFuture::from(Promise::resolve(&promise)).await.ok()?;
    Some((secret, base64url(&Uint8Array::new(&hash).to_vec())))
}

/// Base64 for addresses, without padding.
fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for digit in 0..=three.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

/// Whether the page is shown by a program of the device rather than a browser.
fn is_native() -> bool {
    let window = dom::window();
    window.is_some_and(|window| {
        Reflect::get(window.as_ref(), &JsValue::from_str("isTauri")).is_ok_and(|value| value.is_truthy())
    })
}

/// Goes to the provider's page.
pub(super) async fn leave(engine: Engine, provider: Provider, aim: Aim) -> Result<(), Failure> {
    let failed = || Failure::new(ErrorCode::ProviderRefused, lang());
    let (secret, challenge) = secret().await.ok_or_else(failed)?;
    let app = AppName::current().id().to_owned();
    let native = is_native();
    let GoTo { url } = match aim {
        Aim::Enter => {
            engine
                .ask(BeginOauth {
                    provider,
                    app,
                    native,
                    challenge,
                })
                .await?
        }
        Aim::Link => {
            engine
                .ask(BeginLink {
                    provider,
                    app,
                    native,
                    challenge,
                })
                .await?
        }
    };
    let storage = kept().ok_or_else(failed)?;
    let note = [aim.word(), ":", &secret].concat();
    storage.set_item(KEPT, &note).map_err(|_| failed())?;
    // A program's window does not follow it: the device's browser does.
    let window = dom::window().ok_or_else(failed)?;
    window.location().assign(&url).map_err(|_| failed())
}

/// What the address says: a ticket, or that the provider refused.
fn said(search: &str) -> Option<Result<String, ()>> {
    let pairs = search.trim_start_matches('?').split('&');
    for pair in pairs {
        match pair.split_once('=') {
            Some(("ticket", ticket)) => {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
                return Some(if ticket.bytes().all(plain) {
                    Ok(ticket.to_owned())
                } else {
                    Err(())
                });
            }
            Some(("error", _)) => return Some(Err(())),
            _ => {}
        }
    }
    None
}

/// What came back, in the page's address: `/signed-in?ticket=…` from a provider, `/signed-in/…` by a link that the program
/// around the page was given.
fn came_back() -> Option<Result<String, ()>> {
    let location = dom::window()?.location();
    let path = location.pathname().ok()?;
    let (_, rest) = path.split_once("/signed-in")?;
    match rest.strip_prefix('/') {
        Some(ticket) if !ticket.is_empty() => said(&["ticket=", ticket].concat()),
        _ => said(&location.search().ok()?),
    }
}

/// Finishes signing in when the page was come back to; whether that is still going on.
pub(super) fn use_return(onfailure: Callback<Failure>) -> Signal<bool> {
    let engine = use_engine();
    let mut busy = use_signal(|| false);
    let finish = use_callback(move |()| {
        let Some(verifier) = take(Aim::Enter) else { return };
        let refused = Failure::new(ErrorCode::ProviderRefused, lang());
        let ticket = match came_back() {
            Some(Ok(ticket)) => ticket,
            Some(Err(())) => return onfailure.call(refused),
            None => return,
        };
        busy.set(true);
        spawn(async move {
            let call = FinishOauth {
                ticket,
                verifier,
                role: None,
                restaurant_id: None,
            };
            let answer: Result<SessionState, Failure> = engine.ask(call).await;
            busy.set(false);
            if let Err(failure) = answer {
                onfailure.call(failure);
            }
        });
    });
    use_hook(move || {
        if came_back().is_some() {
            finish.call(());
        }
    });
    busy
}

/// What becomes of linking an account.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Linking {
    /// None was begun here.
    No,
    /// The server is asked.
    Busy,
    /// It did not work out.
    Failed(Failure),
}

/// Finishes linking when the page was come back to.
pub(super) fn use_linking() -> Signal<Linking> {
    let engine = use_engine();
    let navigator = use_navigator();
    let mut linking = use_signal(|| Linking::No);
    use_hook(move || {
        let Some(verifier) = take(Aim::Link) else { return };
        let Some(Ok(ticket)) = came_back() else {
            linking.set(Linking::Failed(Failure::new(ErrorCode::ProviderRefused, lang())));
            return;
        };
        linking.set(Linking::Busy);
        spawn(async move {
            match engine.ask(FinishLink { ticket, verifier }).await {
                Ok(_) => {
                    crate::toasts::toast(t!("secure-linked-done"));
                    let _ = navigator.replace("/account/security");
                }
                Err(failure) => linking.set(Linking::Failed(failure)),
            }
        });
    });
    linking
}

/// What a provider is called.
pub(super) fn name(provider: Provider) -> String {
    match provider {
        Provider::Google => t!("provider-google"),
        Provider::Apple => t!("provider-apple"),
        Provider::Facebook => t!("provider-facebook"),
    }
}

/// A word for a provider in a test's hand.
pub(super) const fn word(provider: Provider) -> &'static str {
    match provider {
        Provider::Google => "google",
        Provider::Apple => "apple",
        Provider::Facebook => "facebook",
    }
}

/// One button for each provider that is set up.
#[component]
pub(super) fn Providers(providers: Vec<Provider>, onfailure: EventHandler<Failure>) -> Element {
    let engine = use_engine();
    let mut busy = use_signal(|| None::<Provider>);
    // Of the programs of devices only the customer's is found again by a link.
    if is_native() && AppName::current() != AppName::Customer {
        return rsx! {};
    }
    rsx! {
        for provider in providers {
            Button {
                key: "{word(provider)}",
                kind: ButtonKind::Secondary,
                block: true,
                icon: Icon::External,
                busy: busy() == Some(provider),
                "data-testid": "provider-{word(provider)}",
                onclick: move |_| {
                    busy.set(Some(provider));
                    spawn(async move {
                        let left = leave(engine, provider, Aim::Enter).await;
                        busy.set(None);
                        if let Err(failure) = left {
                            onfailure.call(failure);
                        }
                    });
                },
                {t!("entry-with", name: name(provider))}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_a_ticket_a_refusal_or_nothing() {
        assert_eq!(said("?ticket=4Qy7-_"), Some(Ok("4Qy7-_".to_owned())));
        assert_eq!(said("?x=1&error=access_denied"), Some(Err(())));
        assert_eq!(said("?ticket=<script>"), Some(Err(())));
        assert_eq!(said(""), None);
    }

    #[test]
    fn bytes_are_written_for_addresses() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (&[0xff, 0xef], "_-8"),
        ] {
            assert_eq!(base64url(bytes), text);
        }
    }
}

//! Passkeys: what the browser can do with them, and what its answer looks like. The ceremony itself is the server's.

use dioxus::prelude::*;
use js_sys::{Function, JSON, Object, Promise, Reflect};
use momfood_domain::actor::Role;
use momfood_protocol::account::{EnterByPasskey, PasskeyAsk};
use momfood_protocol::engine::SessionState;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::online::BeginPasskey;
use serde_json::Value;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::app::AppName;
use crate::components::{Button, ButtonKind};
use crate::dom;
use crate::engine::{Engine, use_engine};
use crate::icons::Icon;
use crate::lang::lang;
use crate::t;

/// A ceremony, as the browser knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// A new passkey.
    Create,
    /// One there is.
    Get,
}

fn get(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &JsValue::from_str(name)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn function(of: &JsValue, name: &str) -> Option<Function> {
    get(of, name)?.dyn_into().ok()
}

fn credential_type() -> Option<JsValue> {
    get(dom::window()?.as_ref(), "PublicKeyCredential")
}

/// Whether this browser (or webview) has passkeys, and speaks of them in JSON.
pub(super) fn is_there() -> bool {
    let known = |name| credential_type().and_then(|kind| function(&kind, name)).is_some();
    known("parseRequestOptionsFromJSON") && known("parseCreationOptionsFromJSON")
}

/// Lets the browser carry the ceremony out. `None` when the person called it off, or there is no such passkey here.
pub(super) async fn perform(ceremony: Ceremony, options: &Value) -> Option<Value> {
    let (parser, verb) = match ceremony {
        Ceremony::Create => ("parseCreationOptionsFromJSON", "create"),
        Ceremony::Get => ("parseRequestOptionsFromJSON", "get"),
    };
    // Some libraries wrap what the browser wants.
    let options = options.get("publicKey").unwrap_or(options);
    let options = JSON::parse(&options.to_string()).ok()?;
    let kind = credential_type()?;
    let options = function(&kind, parser)?.call1(&kind, &options).ok()?;
    let asked = Object::new();
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(&asked, &JsValue::from_str("publicKey"), &options);
    let navigator = get(dom::window()?.as_ref(), "navigator")?;
    let credentials = get(&navigator, "credentials")?;
    let promise = function(&credentials, verb)?.call1(&credentials, &asked).ok()?;
    let credential = JsFuture::from(Promise::resolve(&promise)).await.ok()?;
    let json = function(&credential, "toJSON")?.call0(&credential).ok()?;
    let text = JSON::stringify(&json).ok()?.as_string()?;
    serde_json::from_str(&text).ok()
}

/// What is said when the browser gave none.
pub(super) fn called_off() -> Failure {
    let mut failure = Failure::new(ErrorCode::PasskeyInvalid, lang());
    failure.message = t!("passkey-called-off");
    failure
}

/// A refused role has used the ceremony up: it is begun again for the other role an app serves.
async fn enter(engine: Engine) -> Result<SessionState, Failure> {
    let second = match AppName::current() {
        AppName::Customer => None,
        AppName::Kitchen | AppName::Driver => Some(Role::Customer),
        AppName::Admin => Some(Role::Support),
    };
    match enter_as(engine, None).await {
        Err(failure) if failure.code == ErrorCode::RoleNotHeld && second.is_some() => {
            enter_as(engine, second).await
        }
        answer => answer,
    }
}

async fn enter_as(engine: Engine, role: Option<Role>) -> Result<SessionState, Failure> {
    let PasskeyAsk { ticket, options } = engine.ask(BeginPasskey {}).await?;
    let credential = perform(Ceremony::Get, &options).await.ok_or_else(called_off)?;
    let shown = EnterByPasskey {
        ticket,
        credential,
        role,
        restaurant_id: None,
    };
    engine.ask(shown).await
}

/// Signs in with a passkey.
#[component]
pub(super) fn PasskeyButton(onfailure: EventHandler<Failure>) -> Element {
    let engine = use_engine();
    let mut busy = use_signal(|| false);
    rsx! {
        Button {
            kind: ButtonKind::Secondary,
            block: true,
            icon: Icon::Key,
            busy: busy(),
            "data-testid": "passkey",
            onclick: move |_| {
                busy.set(true);
                spawn(async move {
                    let answer = enter(engine).await;
                    busy.set(false);
                    if let Err(failure) = answer {
                        onfailure.call(failure);
                    }
                });
            },
            {t!("entry-passkey")}
        }
    }
}

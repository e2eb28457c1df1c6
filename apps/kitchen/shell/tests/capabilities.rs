//! What the kitchen's screens may ask of the program, with the capabilities it is shipped with.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use momfood_kitchen_shell::{context, program};
use serde_json::Value;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};

fn app() -> App<MockRuntime> {
    momfood_shell::assemble(&program(), mock_builder(), context(), |_| Ok(())).unwrap()
}

fn window(app: &App<MockRuntime>, label: &str) -> WebviewWindow<MockRuntime> {
    WebviewWindowBuilder::new(app, label, tauri::WebviewUrl::default())
        .build()
        .unwrap()
}

/// Whether the capabilities let a page of that address in that window ask for the command.
fn may(window: &WebviewWindow<MockRuntime>, address: &str, command: &str) -> bool {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: address.parse().unwrap(),
        body: InvokeBody::Json(Value::Null),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    match get_ipc_response(window, request) {
        Ok(_) => true,
        // Anything else went wrong behind the door: there is no engine in this test.
        Err(why) => !why.to_string().contains("not allowed"),
    }
}

const OWN: &str = if cfg!(windows) {
    "http://tauri.localhost/kitchen/"
} else {
    "tauri://localhost/kitchen/"
};

/// Every command that Tauri and the plugins could offer to a page.
fn known_commands() -> BTreeSet<String> {
    let manifests: Value = serde_json::from_str(include_str!("../gen/schemas/acl-manifests.json")).unwrap();
    let mut commands = BTreeSet::new();
    for (plugin, manifest) in manifests.as_object().unwrap() {
        if plugin == "__app-acl__" {
            continue;
        }
        for permission in manifest["permissions"].as_object().unwrap().values() {
            for command in permission["commands"]["allow"].as_array().unwrap() {
                commands.insert(format!(
                    "plugin:{}|{}",
                    plugin.trim_start_matches("core:"),
                    command.as_str().unwrap()
                ));
            }
        }
    }
    commands
}

#[test]
fn a_screen_may_call_and_subscribe_and_ask_for_nothing_else() {
    let app = app();
    for label in ["main", "station-6772696c6c"] {
        let window = window(&app, label);
        assert!(
            may(&window, OWN, "call") && may(&window, OWN, "subscribe"),
            "{label}"
        );
        let known = known_commands();
        assert!(known.len() > 50, "{known:?}");
        for command in &known {
            assert!(!may(&window, OWN, command), "{label} may {command}");
        }
        assert!(!may(&window, OWN, "anything"));
    }
}

#[test]
fn no_other_window_and_no_page_of_the_world_may_ask_for_anything() {
    let app = app();
    let stranger = window(&app, "stranger");
    let main = window(&app, "main");
    for command in ["call", "subscribe"] {
        assert!(!may(&stranger, OWN, command));
        for address in [
            "https://momfood.sa/",
            "http://127.0.0.1:8080/kitchen/",
            "tauri://elsewhere/",
        ] {
            assert!(!may(&main, address, command), "{address}");
        }
    }
}

#[test]
fn pages_know_nothing_of_tauri_and_run_nothing_of_strangers() {
    for app in ["customer", "kitchen", "driver"] {
        let path = format!("{}/../../{app}/shell/tauri.conf.json", env!("CARGO_MANIFEST_DIR"));
        let config: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(config["app"]["withGlobalTauri"], false);
        assert_eq!(
            config["app"]["windows"],
            serde_json::json!([]),
            "windows are opened by the program, with its rules"
        );
        assert!(config["build"]["devUrl"].is_null());
        let security = &config["app"]["security"];
        assert_eq!(security["freezePrototype"], true);
        assert_eq!(security["capabilities"], serde_json::json!(["screens"]));
        let policy = &security["csp"];
        assert_eq!(policy["default-src"], "'none'");
        assert_eq!(policy["script-src"], "'self' 'wasm-unsafe-eval'");
        assert_eq!(policy["connect-src"], "'self' ipc: http://ipc.localhost");

        let path = format!("{}/../../{app}/shell/capabilities", env!("CARGO_MANIFEST_DIR"));
        let files: Vec<_> = std::fs::read_dir(path)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        assert_eq!(files.len(), 1, "{files:?}");
        let screens: Value = serde_json::from_str(&std::fs::read_to_string(&files[0]).unwrap()).unwrap();
        assert_eq!(
            screens["permissions"],
            serde_json::json!(["allow-call", "allow-subscribe"])
        );
        assert!(screens["remote"].is_null());
    }
}

//! The two commands as a page reaches them, over Tauri's runtime without windows.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use futures::executor::block_on;
use momfood_client::net::memory::MemoryKeep;
use momfood_client::net::native::Handle;
use momfood_client::store::Place;
use momfood_client::{AppKind, EngineConfig, driver};
use momfood_protocol::engine::{
    AskToNotify, DeviceKind, Event, GetConnection, GetDevice, OpenStation, Secrets, SetDevice,
};
use momfood_protocol::error::ErrorCode;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, Channel, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets};
use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::webview::InvokeRequest;
use tauri::{App, Manager as _, WebviewWindow, WebviewWindowBuilder};

use crate::line::LONGEST_TEXT;
use crate::{Home, Line, Program, ShellError, assemble, start};

/// As long as a test waits for what comes from another thread.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program with one page, over an engine that keeps nothing and reaches nobody.
struct Stage {
    app: App<MockRuntime>,
    page: WebviewWindow<MockRuntime>,
    /// What was sent to pages: the channel, the number and the Event.
    told: Receiver<(u32, usize, Value)>,
}

impl Stage {
    fn new() -> Self {
        let config = EngineConfig {
            app: driver(),
            base_url: "http://127.0.0.1:9".to_owned(),
            cookie_mode: false,
        };
        let engine = Handle::start(config, || Place::Memory, || Rc::new(MemoryKeep::default())).unwrap();
        let (tell, told) = channel();
        let tell = std::sync::Mutex::new(tell);
        let builder = mock_builder().channel_interceptor(move |_, channel, number, body| {
            let InvokeResponseBody::Json(event) = body else {
                panic!("an Event is JSON");
            };
            let event = serde_json::from_str(event).unwrap();
            let _ = tell.lock().unwrap().send((channel.0, number, event));
            true
        });
        let program = Program::of(AppKind::Driver);
        let app = assemble(&program, builder, mock_context(noop_assets()), |_| Ok(())).unwrap();
        app.manage(Line::to(engine));
        let page = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
            .build()
            .unwrap();
        Self { app, page, told }
    }

    fn line(&self) -> tauri::State<'_, Line> {
        self.app.state()
    }

    fn invoke(&self, command: &str, body: InvokeBody) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.to_owned(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: own_page(),
            body,
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(&self.page, request).map(|body| body.deserialize().unwrap())
    }

    /// What the program answers to a text.
    fn call(&self, text: &str) -> Value {
        self.reply(InvokeBody::Json(json!({ "text": text })))
    }

    fn reply(&self, body: InvokeBody) -> Value {
        let reply = self.invoke("call", body).unwrap();
        serde_json::from_str(reply.as_str().unwrap()).unwrap()
    }

    fn subscribe(&self, channel: u32) {
        let body = json!({ "channel": format!("__CHANNEL__:{channel}") });
        self.invoke("subscribe", InvokeBody::Json(body)).unwrap();
    }

    fn hear(&self) -> (u32, usize, Value) {
        self.told.recv_timeout(PATIENCE).unwrap()
    }

    /// The engine has done what it was asked before.
    fn settle(&self) {
        block_on(self.line().engine().ask(GetConnection {})).unwrap();
    }
}

fn own_page() -> tauri::Url {
    let address = if cfg!(any(windows, target_os = "android")) {
        "http://tauri.localhost"
    } else {
        "tauri://localhost"
    };
    address.parse().unwrap()
}

fn open(path: &str) -> Event {
    Event::Open {
        path: path.to_owned(),
    }
}

#[test]
fn a_call_is_answered_as_by_any_engine() {
    let stage = Stage::new();
    let reply = stage.call(r#"{"id":7,"call":"GetConnection","args":{}}"#);
    assert!(reply["ok"]["line"].is_string(), "{reply}");
}

#[test]
fn an_unknown_call_is_a_failure_and_not_an_end() {
    let stage = Stage::new();
    for text in [
        r#"{"call":"LaunchRocket","args":{}}"#,
        r#"{"call":"ListRestaurants"}"#,
        r#"{"call":""}"#,
    ] {
        let reply = stage.call(text);
        assert!(reply["err"]["code"].is_string(), "{text}: {reply}");
    }
    assert!(stage.call(r#"{"call":"GetConnection","args":{}}"#)["ok"].is_object());
}

#[test]
fn what_is_no_call_is_refused_as_unreadable() {
    let stage = Stage::new();
    let texts = [
        "",
        "null",
        "[]",
        "{}",
        "{\"call\":",
        "{\"call\":7}",
        "{\"wake\":\"now\"}",
        "{\"wake\":true,\"lost\":true}",
    ];
    for text in texts {
        assert_eq!(stage.call(text)["err"]["code"], "malformed_json", "{text}");
    }
    let bodies = [
        json!(null),
        json!({}),
        json!({ "text": 7 }),
        json!("text"),
        json!([1, 2, 256]),
        json!([-1]),
        json!(["a"]),
    ];
    for body in bodies {
        assert_eq!(
            stage.reply(InvokeBody::Json(body.clone()))["err"]["code"],
            "malformed_json",
            "{body}"
        );
    }
}

#[test]
fn a_page_says_that_it_is_back_and_that_the_network_is_gone() {
    let stage = Stage::new();
    assert_eq!(stage.call(r#"{"wake":true}"#), json!({ "ok": null }));
    assert_eq!(stage.call(r#"{"lost":true}"#), json!({ "ok": null }));
}

#[test]
fn a_text_of_a_mebibyte_is_read_and_a_longer_one_is_not() {
    let stage = Stage::new();
    let text = |length: usize| {
        let frame = r#"{"call":"GetConnection","args":{"padding":""}}"#;
        frame.replace("\"\"", &format!("\"{}\"", "x".repeat(length - frame.len())))
    };
    assert_eq!(text(LONGEST_TEXT).len(), LONGEST_TEXT);
    assert!(stage.call(&text(LONGEST_TEXT))["ok"].is_object());
    let reply = stage.call(&text(LONGEST_TEXT + 1));
    assert_eq!(reply["err"]["code"], "too_large");
    assert_eq!(reply["err"]["details"]["limit"], LONGEST_TEXT);
    // Not even read: no JSON, and still it is its length that is told.
    assert_eq!(
        stage.call(&"{".repeat(LONGEST_TEXT + 1))["err"]["code"],
        "too_large"
    );
}

#[test]
fn bytes_come_raw_or_as_numbers_and_reach_the_engine() {
    let stage = Stage::new();
    let raw = stage.reply(InvokeBody::Raw(vec![7; 300_000]));
    let numbers = stage.reply(InvokeBody::Json(json!(vec![7; 3])));
    // Nobody is signed in: the engine took the bytes and has no vault to keep them in.
    assert_eq!(raw["err"]["code"], numbers["err"]["code"]);
    assert_ne!(raw["err"]["code"], "malformed_json");
    assert!(raw["err"]["code"].is_string(), "{raw}");
}

#[test]
fn events_reach_each_page_in_order_be_they_long_or_short() {
    let stage = Stage::new();
    stage.subscribe(40);
    stage.settle();
    let paths: Vec<String> = (0..60)
        .map(|number| {
            format!(
                "/{number}/{}",
                "x".repeat(if number % 3 == 0 { 20_000 } else { 2 })
            )
        })
        .collect();
    for path in &paths {
        stage.line().engine().tell(open(path));
    }
    let mut next = 0;
    for path in &paths {
        let (channel, number, event) = loop {
            let told = stage.hear();
            assert_eq!(told.1, next, "every Event has the next number");
            next += 1;
            if told.2["event"] == "open" {
                break told;
            }
        };
        assert_eq!((channel, number), (40, next - 1));
        assert_eq!(event["path"], path.as_str());
    }
}

#[test]
fn a_page_that_is_loaded_again_takes_the_place_of_the_one_before() {
    let stage = Stage::new();
    stage.subscribe(1);
    stage.subscribe(2);
    assert_eq!(stage.line().subscribers(), 1);
    stage.settle();
    stage.line().engine().tell(open("/after"));
    let (channel, _, event) = std::iter::repeat_with(|| stage.hear())
        .find(|told| told.2["event"] == "open")
        .unwrap();
    assert_eq!((channel, &event["path"]), (2, &json!("/after")));
}

#[test]
fn a_subscriber_that_went_away_is_told_nothing_more() {
    let stage = Stage::new();
    let (tell, told) = channel();
    let gone: Channel<Event> = Channel::new(move |_| {
        let _ = tell.send(());
        Err(tauri::Error::WebviewNotFound)
    });
    stage.line().subscribe("other", gone);
    stage.subscribe(3);
    stage.settle();
    assert_eq!(stage.line().subscribers(), 2);
    for path in ["/one", "/two", "/three"] {
        stage.line().engine().tell(open(path));
    }
    let heard: Vec<Value> = std::iter::repeat_with(|| stage.hear().2)
        .filter(|event| event["event"] == "open")
        .take(3)
        .collect();
    assert_eq!(heard[2]["path"], "/three");
    // Its channel took one Event and failed: it was dropped with it, and its sender with that.
    told.recv_timeout(PATIENCE).unwrap();
    assert!(told.recv_timeout(PATIENCE).is_err(), "it heard another");
    wait_for(|| stage.line().subscribers() == 1);
    stage.line().forget("main");
    assert_eq!(stage.line().subscribers(), 0);
}

#[test]
fn a_link_that_came_before_any_page_is_shown_by_the_first() {
    let stage = Stage::new();
    stage.line().show("/orders/1".to_owned());
    stage.line().show("/orders/2".to_owned());
    stage.subscribe(4);
    let (_, number, event) = stage.hear();
    assert_eq!((number, &event["path"]), (0, &json!("/orders/2")));
    stage.settle();
    stage.line().show("/orders/3".to_owned());
    let later = std::iter::repeat_with(|| stage.hear().2)
        .find(|event| event["event"] == "open")
        .unwrap();
    assert_eq!(later["path"], "/orders/3");
}

/// A program's files: a page with nothing on it.
struct Screens;

impl tauri::Assets<MockRuntime> for Screens {
    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        (key.as_ref() == "/index.html").then_some(Cow::Borrowed(b"<!doctype html>"))
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}

fn home(folder: &tempfile::TempDir) -> Home {
    Home {
        folder: folder.path().to_owned(),
        server: "http://127.0.0.1:9".to_owned(),
    }
}

/// Waits until another thread has brought it about.
fn wait_for(holds: impl Fn() -> bool) {
    let until = std::time::Instant::now() + PATIENCE;
    while !holds() {
        assert!(std::time::Instant::now() < until, "it did not come about");
        std::thread::yield_now();
    }
}

#[test]
fn a_kitchens_program_tells_what_the_device_does_and_opens_stations() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::of(AppKind::Kitchen).pos();
    let app = assemble(&program, mock_builder(), mock_context(Screens), |_| Ok(())).unwrap();
    start(&program, app.handle(), &home(&folder)).unwrap();
    let engine = app.state::<Line>().engine().clone();

    let device = block_on(engine.ask(GetDevice {})).unwrap();
    assert_eq!(device.kind, DeviceKind::Desktop);
    assert_eq!(
        (device.version.as_str(), device.server.as_str()),
        ("0.1.0", "http://127.0.0.1:9")
    );
    assert!(device.windows && !device.printing);
    assert_eq!(device.full_screen, Some(false));
    assert_eq!(
        (device.start_at_boot, device.notifications),
        (None, None),
        "this test's program does neither"
    );
    assert_ne!(device.secrets, Secrets::Cookie);

    let station = |name: &str| OpenStation {
        station: Some(name.to_owned()),
    };
    block_on(engine.ask(station("الشواية"))).unwrap();
    wait_for(|| app.webview_windows().len() == 2);
    block_on(engine.ask(station("الشواية"))).unwrap();
    assert_eq!(
        app.webview_windows().len(),
        2,
        "the one there is comes to the front"
    );
    let refused = block_on(engine.ask(station("  "))).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotOnThisDevice);
    let change = SetDevice {
        full_screen: Some(true),
        start_at_boot: None,
    };
    block_on(engine.ask(change)).unwrap();
    let remembered: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("windows.json")).unwrap()).unwrap();
    assert_eq!(remembered["stations"], json!(["الشواية"]));
    assert_eq!(remembered["fullScreen"], true);
    let refused = block_on(engine.ask(SetDevice {
        full_screen: None,
        start_at_boot: Some(true),
    }));
    assert_eq!(refused.unwrap_err().code, ErrorCode::NotOnThisDevice);
}

#[test]
fn a_customers_program_has_one_window() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::of(AppKind::Customer);
    let app = assemble(&program, mock_builder(), mock_context(Screens), |_| Ok(())).unwrap();
    start(&program, app.handle(), &home(&folder)).unwrap();
    let engine = app.state::<Line>().engine().clone();
    assert!(!block_on(engine.ask(GetDevice {})).unwrap().windows);
    let refused = block_on(engine.ask(AskToNotify {})).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotOnThisDevice);
    assert_eq!(app.webview_windows().len(), 1);
}

#[test]
fn a_program_without_screens_says_so_instead_of_starting() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::of(AppKind::Driver);
    let app = assemble(&program, mock_builder(), mock_context(noop_assets()), |_| Ok(())).unwrap();
    let refused = start(&program, app.handle(), &home(&folder));
    assert!(matches!(refused, Err(ShellError::NoScreens)), "{refused:?}");
    assert!(app.try_state::<Line>().is_none());
    assert!(!folder.path().join("driver").exists(), "nothing was opened");
}

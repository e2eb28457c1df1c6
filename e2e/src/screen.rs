//! One window, as a person uses it: look, press, type, wait. Things are named by CSS selectors; [`id`] makes one of a
//! `data-testid`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};

use crate::browser::{Beyond, Kind};

/// For how long a person waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks.
const BLINK: Duration = Duration::from_millis(25);

/// Which window of a session has its turn; a session can be in one window at a time.
pub type Turn = Arc<Mutex<Option<WindowHandle>>>;

/// How large a window's inside is, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

impl Size {
    /// A phone.
    pub const PHONE: Self = Self {
        width: 390,
        height: 844,
    };
    /// A small desktop, and the kitchen's touch screen.
    pub const DESK: Self = Self {
        width: 1280,
        height: 800,
    };
}

/// A selector of a `data-testid`.
pub fn id(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

/// A window.
#[derive(Clone)]
pub struct Screen {
    name: String,
    client: Client,
    window: WindowHandle,
    turn: Turn,
    base: String,
    kind: Kind,
}

impl Screen {
    pub(crate) fn new(
        name: &str,
        client: Client,
        window: WindowHandle,
        turn: Turn,
        base: &str,
        kind: Kind,
    ) -> Self {
        Self {
            name: name.to_owned(),
            client,
            window,
            turn,
            base: base.to_owned(),
            kind,
        }
    }

    /// Whether it is a browser's, or a native app's.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Who sits in front of it.
    pub fn name(&self) -> &str {
        &self.name
    }

    async fn turn(&self) -> MutexGuard<'_, Option<WindowHandle>> {
        let mut turn = self.turn.lock().await;
        if turn.as_ref() != Some(&self.window) {
            self.client
                .switch_to_window(self.window.clone())
                .await
                .expect("the window");
            *turn = Some(self.window.clone());
        }
        turn
    }

    /// Types an address into the address bar.
    pub async fn goto(&self, path: &str) {
        let _turn = self.turn().await;
        let url = format!("{}{path}", self.base);
        if let Err(error) = self.client.goto(&url).await {
            panic!("{}: cannot open {url}: {error}", self.name);
        }
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        let _turn = self.turn().await;
        self.client.refresh().await.expect("a page");
    }

    /// Presses the browser's back button.
    pub async fn back(&self) {
        let _turn = self.turn().await;
        self.client.back().await.expect("history");
    }

    /// The address's path.
    pub async fn path(&self) -> String {
        let _turn = self.turn().await;
        self.client
            .current_url()
            .await
            .expect("an address")
            .path()
            .to_owned()
    }

    /// Runs a function's body in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let _turn = self.turn().await;
        match self.client.execute(script, arguments).await {
            Ok(value) => value,
            Err(error) => panic!("{}: {error}\nin {script}", self.name),
        }
    }

    /// Repeats `look` until it finds something. `what` says what was missed.
    pub async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: waited {}s for {what}",
                self.name,
                PATIENCE.as_secs()
            );
            tokio::time::sleep(BLINK).await;
        }
    }

    /// Waits until something is there and can be seen.
    pub async fn see(&self, css: &str) {
        let shown = async || self.shows(css).await.then_some(());
        self.until(css, shown).await;
    }

    /// Waits until nothing of the kind is there.
    pub async fn see_no(&self, css: &str) {
        let gone = async || (!self.shows(css).await).then_some(());
        self.until(&format!("{css} to be gone"), gone).await;
    }

    /// Whether something is there and can be seen now.
    pub async fn shows(&self, css: &str) -> bool {
        let script = "return [...document.querySelectorAll(arguments[0])].some(e => e.checkVisibility({ visibilityProperty: true }))";
        self.run(script, vec![json!(css)]).await == true
    }

    /// How many of the kind are there.
    pub async fn count(&self, css: &str) -> u64 {
        let script = "return document.querySelectorAll(arguments[0]).length";
        let count = self.run(script, vec![json!(css)]).await;
        count.as_u64().expect("a length")
    }

    /// The words of the first of the kind, once there are some.
    pub async fn words(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText.trim()";
        let read = async || {
            let words = self.run(script, vec![json!(css)]).await;
            words
                .as_str()
                .filter(|words| !words.is_empty())
                .map(str::to_owned)
        };
        self.until(&format!("words in {css}"), read).await
    }

    /// Waits until the first of the kind says something that `is_it`; returns what.
    pub async fn hear(&self, css: &str, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText.trim() ?? null";
        let mut last = String::new();
        let begun = Instant::now();
        loop {
            let words = self.run(script, vec![json!(css)]).await;
            if let Some(words) = words.as_str() {
                if is_it(words) {
                    return words.to_owned();
                }
                words.clone_into(&mut last);
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: {css} should say {what}; it says {last:?}",
                self.name
            );
            tokio::time::sleep(BLINK).await;
        }
    }

    /// An attribute of the first of the kind, once it is there.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        let read = async || {
            let value = self.run(script, vec![json!(css), json!(name)]).await;
            value.as_str().map(str::to_owned)
        };
        self.until(&format!("{name} of {css}"), read).await
    }

    /// Presses the first of the kind that can be seen, as soon as it can be pressed. Presses again when the hand slipped:
    /// what appears just then (a banner, a line more) moves everything below it from under the hand.
    pub async fn press(&self, css: &str) {
        let watch = "const at = arguments[0]; window.__pressed = at.tagName === 'OPTION'; \
            at.addEventListener('pointerdown', () => { window.__pressed = true; }, { capture: true, once: true })";
        self.on(css, "press", async |element| {
            let named = serde_json::to_value(&element).expect("an element's name");
            self.client.execute(watch, vec![named]).await?;
            element.click().await?;
            // Another page knows nothing of the press that led to it.
            let slipped = self
                .client
                .execute("return window.__pressed === false", Vec::new())
                .await;
            match slipped {
                Ok(Value::Bool(true)) => Err(CmdError::NotW3C(json!("the hand slipped"))),
                _ => Ok(()),
            }
        })
        .await;
    }

    /// Replaces what stands in a field.
    pub async fn write(&self, css: &str, text: &str) {
        let all = "\u{e009}a\u{e000}\u{e003}";
        self.on(css, "write", async |element| {
            element.send_keys(all).await?;
            element.send_keys(text).await
        })
        .await;
    }

    /// Picks a day, however this machine's browser writes days; none when `day` is empty.
    pub async fn pick_day(&self, css: &str, day: &str) {
        self.see(css).await;
        let script = "const field = document.querySelector(arguments[0]); \
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, arguments[1]); \
            field.dispatchEvent(new Event('input', { bubbles: true }))";
        self.run(script, vec![json!(css), json!(day)]).await;
    }

    /// Chooses a file, where one is asked for.
    pub async fn choose(&self, css: &str, file: &std::path::Path) {
        let _turn = self.turn().await;
        let field = self.client.find(Locator::Css(css)).await.expect("a file field");
        field
            .send_keys(&file.display().to_string())
            .await
            .expect("a file that can be chosen");
    }

    /// Closes the window.
    pub async fn close(&self) {
        let mut turn = self.turn().await;
        self.client.close_window().await.expect("a window");
        *turn = None;
    }

    /// Presses keys, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        let _turn = self.turn().await;
        let presses = keys
            .chars()
            .fold(KeyActions::new("keys".to_owned()), |presses, value| {
                presses
                    .then(KeyAction::Down { value })
                    .then(KeyAction::Up { value })
            });
        self.client.perform_actions(presses).await.expect("a key press");
    }

    /// Slides the thumb of a slide-to-confirm within `css` to its end, as a person does: waits until nothing moves it, and
    /// looks whether the thumb came along. Tries again when the hand slipped.
    pub async fn slide(&self, css: &str) {
        let thumb = format!("{css} .k-slide-thumb");
        let begun = Instant::now();
        while let Err(how) = self.try_slide(&thumb).await {
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: cannot slide {thumb}: {how}",
                self.name
            );
            tokio::time::sleep(BLINK).await;
        }
    }

    async fn try_slide(&self, thumb: &str) -> Result<(), &'static str> {
        // Where the thumb is, and how far it is to go; and from now on how far it was when it was let go. A sheet that
        // still rises takes the thumb away from under the hand.
        let look = "const thumb = document.querySelector(arguments[0]), t = thumb?.closest('.k-slide'); if (!t) return null; \
            const moves = a => { const e = a.effect?.target; return e && (e.contains(t) || t.contains(e)); }; \
            if (document.getAnimations().some(moves)) return null; \
            const at = () => thumb.getBoundingClientRect(); \
            if (at().top < 0 || at().bottom > innerHeight) t.scrollIntoView({ block: 'center' }); \
            window.__slid = 0; \
            const note = () => { window.__slid = +t.style.getPropertyValue('--share'); }; \
            document.addEventListener('pointerup', note, { capture: true, once: true }); \
            const way = getComputedStyle(t).direction === 'rtl' ? 62 - t.clientWidth : t.clientWidth - 62; \
            return [at().x + at().width / 2, at().y + at().height / 2, way].map(Math.round)";
        self.see(thumb).await;
        let seen = self.run(look, vec![json!(thumb)]).await;
        let seen = [&seen[0], &seen[1], &seen[2]].map(Value::as_f64);
        let [Some(x), Some(y), Some(way)] = seen else {
            return Err("it moves by itself");
        };
        let to = |part: f64| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(16)),
            x: (x + way * part).round(),
            y,
        };
        let grabbed = MouseActions::new("hand".to_owned())
            .then(to(0.))
            .then(PointerAction::Down { button: 0 });
        let drawn = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.]
            .map(to)
            .into_iter()
            .fold(grabbed, MouseActions::then);
        let moved = {
            let _turn = self.turn().await;
            // All at once: between two commands the driver's mouse forgets what it holds.
            self.client
                .perform_actions(drawn.then(PointerAction::Up { button: 0 }))
                .await
        };
        moved.map_err(|_| "the hand cannot go there")?;
        let slid = self.run("return window.__slid", Vec::new()).await;
        if slid.as_f64().is_some_and(|share| share > 0.92) {
            Ok(())
        } else {
            Err("it slipped")
        }
    }

    /// Does something to the first visible element of the kind; tries again while it moves, is covered or not yet there.
    async fn on(&self, css: &str, what: &str, deed: impl AsyncFn(Element) -> Result<(), CmdError>) {
        let begun = Instant::now();
        loop {
            let error = {
                let _turn = self.turn().await;
                match self.first_visible(css).await {
                    Ok(Some(element)) => match self.at_hand(element, &deed).await {
                        Ok(()) => return,
                        Err(error) => error.to_string(),
                    },
                    Ok(None) => "it is not there".to_owned(),
                    Err(error) => error.to_string(),
                }
            };
            assert!(
                begun.elapsed() < PATIENCE,
                "{}: cannot {what} {css}: {error}",
                self.name
            );
            tokio::time::sleep(BLINK).await;
        }
    }

    /// As a person would: what is at the edge, perhaps under a bar, is moved to the middle first.
    async fn at_hand(
        &self,
        element: Element,
        deed: &impl AsyncFn(Element) -> Result<(), CmdError>,
    ) -> Result<(), CmdError> {
        let script = "const box = arguments[0].getBoundingClientRect(); const margin = 96; \
            if (box.top < margin || box.bottom > innerHeight - margin) arguments[0].scrollIntoView({ block: 'center' })";
        let named = serde_json::to_value(&element).expect("an element's name");
        self.client.execute(script, vec![named]).await?;
        deed(element).await
    }

    async fn first_visible(&self, css: &str) -> Result<Option<Element>, CmdError> {
        for element in self.client.find_all(Locator::Css(css)).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// From now on, notes when something is there for the first time.
    pub async fn watch(&self, css: &str) -> Sight {
        static WATCHED: AtomicU32 = AtomicU32::new(0);
        let key = WATCHED.fetch_add(1, Ordering::Relaxed);
        let script = "const [css, key] = arguments; const seen = window.__seen ??= {}; \
            const look = () => { if (!(key in seen) && document.querySelector(css)) { seen[key] = Date.now(); watch.disconnect(); } }; \
            const watch = new MutationObserver(look); \
            watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true }); look();";
        self.run(script, vec![json!(css), json!(key)]).await;
        Sight {
            screen: self.clone(),
            css: css.to_owned(),
            key,
        }
    }

    /// The page's clock, milliseconds since 1970.
    pub async fn now(&self) -> i64 {
        let now = self.run("return Date.now()", Vec::new()).await;
        now.as_i64().expect("a time")
    }

    /// Makes the inside of the window exactly so large.
    pub async fn resize(&self, size: Size) {
        if self.kind == Kind::Apps {
            let turn = self.turn().await;
            let resized = self.client.set_window_rect(0, 0, size.width, size.height).await;
            resized.expect("a window of that size");
            drop(turn);
            let inside = json!([size.width, size.height]);
            let script = "return [innerWidth, innerHeight]";
            let there = async || (self.run(script, Vec::new()).await == inside).then_some(());
            return self.until("the window's size", there).await;
        }
        let metrics =
            json!({ "width": size.width, "height": size.height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Puts the device somewhere. The native apps of a computer have no receiver.
    pub async fn stand_at(&self, lat: f64, lng: f64) {
        if self.kind == Kind::Apps {
            return;
        }
        let place = json!({ "latitude": lat, "longitude": lng, "accuracy": 10 });
        self.devtools("Emulation.setGeolocationOverride", place).await;
    }

    /// Asks the browser's developer tools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let _turn = self.turn().await;
        let body = json!({ "cmd": command, "params": parameters });
        let path = "goog/cdp/execute";
        match self.client.issue_cmd(Beyond { path, body }).await {
            Ok(answer) => answer,
            Err(error) => panic!("{}: {command}: {error}", self.name),
        }
    }

    /// What it looks like, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let _turn = self.turn().await;
        self.client.screenshot().await.unwrap_or_default()
    }

    /// The document as it is now.
    pub async fn document(&self) -> String {
        let _turn = self.turn().await;
        self.client.source().await.unwrap_or_default()
    }

    /// What the browser's console said since it was last asked; a native app's says nothing to its driver.
    pub async fn console(&self) -> Vec<String> {
        if self.kind == Kind::Apps {
            return Vec::new();
        }
        let _turn = self.turn().await;
        let asked = Beyond {
            path: "se/log",
            body: json!({ "type": "browser" }),
        };
        let said = self.client.issue_cmd(asked).await.unwrap_or_default();
        let line = |entry: &Value| format!("{} {}", entry["level"], entry["message"]);
        said.as_array()
            .map(|all| all.iter().map(line).collect())
            .unwrap_or_default()
    }
}

/// Something watched for.
pub struct Sight {
    screen: Screen,
    css: String,
    key: u32,
}

impl Sight {
    /// When it was seen, milliseconds since 1970 by the same machine's clock; waits for it.
    pub async fn seen(&self) -> i64 {
        let script = "return window.__seen?.[arguments[0]] ?? null";
        let look = async || self.screen.run(script, vec![json!(self.key)]).await.as_i64();
        self.screen.until(&self.css, look).await
    }

    /// Who sees it.
    pub fn who(&self) -> &str {
        self.screen.name()
    }
}

//! The store's tests where there is no test harness: in a worker of a real browser, in memory and on the origin's files,
//! and against a worker that is ended at any moment. `xtask/assets/store-suite.js` starts what is here and judges it.

use std::rc::Rc;

use js_sys::{Array, Function, Reflect};
use momfood_client::store::browser::Pool;
use momfood_client::store::suite::{CASES, EPOCH, Ground, NOW, USER, change, identity, page, tap};
use momfood_client::store::{Place, Store, Vault};
use momfood_protocol::feed::{Change, Snapshot};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

const APP: &str = "self-test";
const SCOPE: &str = "restaurant:00000000-0000-0000-0000-000000000001";

/// Lets the script start what it wants, as `self.test(what)`.
pub fn open() {
    std::panic::set_hook(Box::new(|panic| post(&json!({ "failed": panic.to_string() }))));
    let test = Closure::<dyn Fn(String)>::new(|what: String| {
        spawn_local(async move {
            match what.as_str() {
                "memory" => run(&Memory),
                "files" => run(&Files(pool().await)),
                "tap" => tap_until_the_end().await,
                "fill" => first_fill(pool().await),
                _ => look().await,
            }
        });
    });
    // Setting a new property of one's own global cannot fail.
    let _ = Reflect::set(&js_sys::global(), &JsValue::from_str("test"), test.as_ref());
    test.forget();
}

fn post(message: &Value) {
    let global = js_sys::global();
    let post = Reflect::get(&global, &JsValue::from_str("postMessage"));
    if let Ok(post) = post.and_then(JsCast::dyn_into::<Function>) {
        // Text can always be sent.
        let _ = post.apply(&global, &Array::of1(&JsValue::from_str(&message.to_string())));
    }
}

struct Memory;

impl Ground for Memory {
    fn open(&self, schema: u32) -> Store {
        store(Place::Memory, schema)
    }

    fn reopen(&self, store: Store, _schema: u32) -> Store {
        store
    }

    fn clear(&self) {}
}

struct Files(Pool);

impl Ground for Files {
    fn open(&self, schema: u32) -> Store {
        store(Place::Browser(self.0.clone()), schema)
    }

    fn reopen(&self, store: Store, schema: u32) -> Store {
        drop(store);
        self.open(schema)
    }

    fn clear(&self) {
        self.0.clear();
    }
}

fn run(ground: &dyn Ground) {
    for (name, case) in CASES {
        post(&json!({ "case": name }));
        ground.clear();
        case(ground);
    }
    ground.clear();
    post(&json!({ "passed": CASES.len() }));
}

/// Fills a scope with many small rows for the first time, in memory and on the origin's files, and says how long it took.
#[expect(clippy::expect_used, reason = "a test")]
fn first_fill(pool: Pool) {
    const ROWS: u32 = 100_000;
    let body = |n: u32| json!({ "id": n, "title": format!("row {n}"), "status": "open", "owner": n % 97, "position": n });
    let snapshot = Snapshot {
        epoch: EPOCH,
        scope: SCOPE.to_owned(),
        view: "kitchen@1".to_owned(),
        seq: i64::from(ROWS),
        last_mids: BTreeMap::new(),
        time: NOW,
        changes: (1..=ROWS)
            .map(|n| Change {
                body: Some(body(n)),
                ..change(i64::from(n), u128::from(n))
            })
            .collect(),
    };
    let millis = |place: Place| {
        let store = store(place, 1);
        store.cache().reset_cursors(EPOCH).expect("kept");
        let began = js_sys::Date::now();
        store.cache().fill(&snapshot, &BTreeMap::new()).expect("filled");
        let took = js_sys::Date::now() - began;
        assert_eq!(
            store.cache().rows(SCOPE).expect("the rows").len(),
            snapshot.changes.len()
        );
        took
    };
    let memory = millis(Place::Memory);
    pool.clear();
    let files = millis(Place::Browser(pool));
    post(&json!({ "rows": ROWS, "memory": memory, "files": files }));
}

#[expect(clippy::expect_used, reason = "a test")]
async fn pool() -> Pool {
    Pool::acquire(APP).await.expect("the origin's files")
}

#[expect(clippy::expect_used, reason = "a test")]
fn store(place: Place, schema: u32) -> Store {
    Store::open_as(place, APP, schema).expect("a store")
}

#[expect(clippy::expect_used, reason = "a test")]
fn vault(store: &Store) -> Rc<Vault> {
    store.vault(USER, || identity(7), NOW).expect("a sound vault")
}

/// Takes taps, and now and then a photo and a page of the server's, and says after each that it is taken.
#[expect(clippy::expect_used, reason = "a test")]
async fn tap_until_the_end() {
    let store = store(Place::Browser(pool().await), 1);
    let vault = vault(&store);
    let mut next = vault.above(0).expect("the taps").len() as u128;
    loop {
        next += 1;
        let queued = vault.enqueue(&tap(next)).expect("taken");
        post(&json!({ "taken": queued.mid }));
        if next.is_multiple_of(5) {
            let photo = vec![next.to_le_bytes()[0]; 300_000];
            let blob = vault.put_blob(&photo, NOW).expect("taken");
            post(&json!({ "photo": blob.sha256 }));
            let cursors = store.cache().cursors().expect("a cursor");
            let from = cursors.get(SCOPE).map_or(0, |cursor| cursor.seq);
            let changes = (from + 1..=from + 200)
                .map(|seq| change(seq, u128::from(seq.unsigned_abs())))
                .collect();
            let page = page(from, from + 200, from + 200, changes);
            let pages = BTreeMap::from([(SCOPE.to_owned(), page)]);
            store
                .cache()
                .apply(EPOCH, &pages, &BTreeMap::new())
                .expect("kept");
        }
        // Lets go of the thread, so that what was said is heard.
        let soon = js_sys::Promise::resolve(&JsValue::UNDEFINED);
        let _ = wasm_bindgen_futures::JsFuture::from(soon).await;
    }
}

/// Says what is there after an end.
#[expect(clippy::expect_used, reason = "a test")]
async fn look() {
    let store = store(Place::Browser(pool().await), 1);
    let vault = vault(&store);
    let taps = vault.above(0).expect("the taps");
    let mids: Vec<i64> = taps.iter().map(|tap| tap.mid).collect();
    let dense = mids.iter().zip(1..).all(|(mid, place)| *mid == place);
    let rows = store.cache().rows(SCOPE).expect("the rows").len();
    let cursors = store.cache().cursors().expect("a cursor");
    let cursor = cursors.get(SCOPE).map_or(0, |cursor| cursor.seq);
    let export = vault.export().expect("an export");
    let photos: Vec<&Value> = export["tables"]["blob"]
        .as_array()
        .map_or_else(Vec::new, |blobs| {
            blobs.iter().map(|blob| &blob["sha256"]).collect()
        });
    post(&json!({
        "taps": mids.len(), "dense": dense, "photos": photos, "rows": rows, "cursor": cursor,
        "cacheWasLost": store.cache_was_lost(),
    }));
}

//! The browser's ways: `fetch`, timers, chance and tasks. Works in a page and in a worker alike.

use futures::StreamExt as _;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use momfood_domain::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Crypto, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    Response as WebResponse,
};

use crate::port::{Host, LocalBoxFuture, Net, NetError, Opened, Request, Response, upload_of};

/// `fetch`, with the page's own cookies.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebNet;

/// Ends its request when dropped.
struct Guard(Option<AbortController>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl Net for WebNet {
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, NetError>> {
        Box::pin(async move {
            let (response, mut guard) = fetch(&request).await?;
            let status = response.status();
            let upload = upload_of(|name| response.headers().get(name).ok()?);
            let body = response.array_buffer().map_err(lost)?;
            let body = JsFuture::from(body).await.map_err(lost)?;
            // Whole: there is nothing left to end.
            guard.0 = None;
            Ok(Response {
                status,
                upload,
                body: Uint8Array::new(&body).to_vec(),
            })
        })
    }

    fn open(&self, request: Request) -> LocalBoxFuture<'static, Result<Opened, NetError>> {
        Box::pin(async move {
            let (response, guard) = fetch(&request).await?;
            let status = response.status();
            let stream = response.body().ok_or(NetError)?;
            let reader = ReadableStreamDefaultReader::new(&stream).map_err(lost)?;
            let body = futures::stream::unfold(Some((reader, guard)), |state| async move {
                let (reader, guard) = state?;
                match read(&reader).await {
                    Ok(Some(bytes)) => Some((Ok(bytes), Some((reader, guard)))),
                    Ok(None) => None,
                    Err(error) => Some((Err(error), None)),
                }
            });
            Ok(Opened {
                status,
                body: body.boxed_local(),
            })
        })
    }
}

fn lost(_: JsValue) -> NetError {
    NetError
}

fn global(name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(&js_sys::global(), &JsValue::from_str(name))
}

async fn fetch(request: &Request) -> Result<(WebResponse, Guard), NetError> {
    let controller = AbortController::new().map_err(lost)?;
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_credentials(RequestCredentials::SameOrigin);
    // Asked every time; what has not changed is not sent again.
    init.set_cache(RequestCache::NoCache);
    init.set_signal(Some(&controller.signal()));
    let headers = Array::new();
    for (name, value) in &request.headers {
        headers.push(&Array::of2(&JsValue::from_str(name), &JsValue::from_str(value)));
    }
    init.set_headers(&headers);
    if let Some(body) = &request.body {
        init.set_body(&JsValue::from_str(body));
    } else if let Some(bytes) = &request.bytes {
        init.set_body(&Uint8Array::from(bytes.as_slice()));
    }
    let guard = Guard(Some(controller));
    let fetch: Function = global("fetch").and_then(JsCast::dyn_into).map_err(lost)?;
    let promise = fetch
        .call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init)
        .map_err(lost)?;
    let response = JsFuture::from(Promise::resolve(&promise)).await.map_err(lost)?;
    Ok((response.dyn_into().map_err(lost)?, guard))
}

async fn read(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, NetError> {
    let result = JsFuture::from(reader.read()).await.map_err(lost)?;
    let field = |name| Reflect::get(&result, &JsValue::from_str(name)).map_err(lost);
    if field("done")?.is_truthy() {
        return Ok(None);
    }
    let bytes: Uint8Array = field("value")?.dyn_into().map_err(lost)?;
    Ok(Some(bytes.to_vec()))
}

/// The browser's clock, timers and chance; tasks run on its event loop.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebHost;

/// Longest wait of a browser's timer; longer ones go off at once.
const LONGEST_TIMER: i32 = i32::MAX;

impl Host for WebHost {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit 53 bits"
    )]
    fn now(&self) -> Timestamp {
        Timestamp(js_sys::Date::now() as i64 * 1_000)
    }

    fn sleep(&self, millis: u64) -> LocalBoxFuture<'static, ()> {
        let millis = i32::try_from(millis).unwrap_or(LONGEST_TIMER);
        let promise = Promise::new(&mut |resolve, _| {
            let set = global("setTimeout").and_then(JsCast::dyn_into::<Function>);
            let set = set.and_then(|set| set.call2(&JsValue::UNDEFINED, &resolve, &JsValue::from(millis)));
            if set.is_err() {
                // No timers here: better to go on at once than never.
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        });
        Box::pin(async move {
            let _ = JsFuture::from(promise).await;
        })
    }

    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        wasm_bindgen_futures::spawn_local(task);
    }

    fn random(&self) -> u128 {
        let mut bytes = [0; 16];
        let crypto = global("crypto").and_then(JsCast::dyn_into::<Crypto>);
        let filled = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
        if filled.is_err() {
            for byte in &mut bytes {
                *byte = chance();
            }
        }
        u128::from_le_bytes(bytes)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
fn chance() -> u8 {
    (js_sys::Math::random() * 256.0) as u8
}

//! The engine as other languages see it. Calls and Events are the same JSON that screens speak.
#![expect(
    clippy::needless_pass_by_value,
    reason = "what comes from another language is handed over"
)]

use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt as _;
use futures::future::{AbortHandle, abortable};
use momfood_client::net::native::Handle;
use momfood_domain::geo::GeoPoint;
use momfood_protocol::engine::{
    self, AnyReply, GetPace, PaceReason, PushPlatform, RegisterPush, ReportPosition,
};
use serde_json::Value;

use crate::door::{self, OpenConfig};
use crate::error::EngineError;

/// The process's engine of an app.
#[derive(uniffi::Object)]
pub struct Engine {
    handle: Handle,
}

#[uniffi::export]
impl Engine {
    /// The process's engine of that app: started now, or the one that runs already. It ends with the process.
    #[uniffi::constructor]
    pub fn open(config: OpenConfig) -> Result<Arc<Self>, EngineError> {
        let handle = door::open(&config)?;
        Ok(Arc::new(Self { handle }))
    }

    /// Answers a Call, `{"call": "GetOrder", "args": {…}}`, with its Reply.
    pub async fn call(&self, text: String) -> Result<String, EngineError> {
        let mut call: Value = serde_json::from_str(&text).map_err(|error| EngineError::malformed(&error))?;
        let args = call.get_mut("args").map(Value::take).unwrap_or_default();
        let name = call.get("call").and_then(Value::as_str).unwrap_or_default();
        match self.handle.call(name, args).await {
            AnyReply::Ok(reply) => Ok(reply.to_string()),
            AnyReply::Err(failure) => Err(failure.into()),
        }
    }

    /// Keeps the bytes of a photo or signature, and names them: the name, as JSON, goes into the Call that sends them.
    pub async fn put_blob(&self, bytes: Vec<u8>) -> Result<String, EngineError> {
        let name = self.handle.put_blob(bytes).await?;
        let name = serde_json::to_value(&name).map_err(|error| EngineError::malformed(&error))?;
        Ok(name.to_string())
    }

    /// Tells `listener` every Event from now on, one after another on a thread of their own, until the subscription ends.
    pub fn subscribe(&self, listener: Arc<dyn EventListener>) -> Result<Arc<Subscription>, EngineError> {
        let events = self.handle.subscribe();
        let (telling, stop) = abortable(events.for_each(move |event| {
            if let Ok(event) = serde_json::to_value(&event) {
                // Who fails at one Event may do better with the next.
                let _ = listener.on_event(event.to_string());
            }
            futures::future::ready(())
        }));
        std::thread::Builder::new()
            .name("momfood-events".to_owned())
            .spawn(move || futures::executor::block_on(telling))
            .map_err(|error| EngineError::cannot_open(&error))?;
        Ok(Arc::new(Subscription(Mutex::new(Some(stop)))))
    }

    /// Where the driver is now; `heading` in degrees clockwise from north. Answers at once: sending is the engine's affair.
    pub async fn report_position(&self, lat: f64, lng: f64, heading: Option<u16>) -> Result<(), EngineError> {
        let point = GeoPoint { lat, lng };
        self.handle.ask(ReportPosition { point, heading }).await?;
        Ok(())
    }

    /// How often the device should say where the driver is. An Event tells when that changes.
    pub async fn pace(&self) -> Result<Pace, EngineError> {
        Ok(self.handle.ask(GetPace {}).await?.into())
    }

    /// The push service gave the app this token.
    pub async fn register_push(&self, service: PushService, token: String) -> Result<(), EngineError> {
        let platform = match service {
            PushService::Apns => PushPlatform::Apns,
            PushService::Fcm => PushPlatform::Fcm,
        };
        self.handle.ask(RegisterPush { platform, token }).await?;
        Ok(())
    }

    /// The device came back: the network is there again, or the app is in front again.
    pub fn wake(&self) {
        self.handle.wake();
    }

    /// The device says that its network is gone. Whether that is true is found out at once.
    pub fn lose_network(&self) {
        self.handle.lose_network();
    }
}

/// Who wants to hear Events.
#[uniffi::export(with_foreign)]
pub trait EventListener: Send + Sync {
    /// An Event, as JSON. It may take its time; the next one waits for it.
    fn on_event(&self, event: String) -> Result<(), EngineError>;
}

/// Events are told until this is ended or let go.
#[derive(uniffi::Object)]
pub struct Subscription(Mutex<Option<AbortHandle>>);

#[uniffi::export]
impl Subscription {
    /// Ends it: after the Event being told now there is no other.
    pub fn end(&self) {
        let stop = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(stop) = stop {
            stop.abort();
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.end();
    }
}

/// How often a driver's device should say where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Pace {
    /// Why so often.
    pub reason: Why,
    /// At least so many seconds between two positions; 0: none at all.
    pub seconds: u32,
    /// And only after so many metres.
    pub metres: u32,
    /// Whether the receiver should be as exact as it can.
    pub exact: bool,
}

/// Why a driver's device says so often where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Why {
    /// Not on shift: nothing is asked, nothing is sent.
    OffShift,
    /// Not on shift, but about to be: asked once, while the app is open; not sent by itself.
    Starting,
    /// On shift and waiting for work.
    Idle,
    /// On the way.
    OnTheWay,
    /// Near a stop, or a customer is watching.
    Close,
}

impl From<engine::Pace> for Pace {
    fn from(pace: engine::Pace) -> Self {
        let reason = match pace.reason {
            PaceReason::OffShift => Why::OffShift,
            PaceReason::Starting => Why::Starting,
            PaceReason::Idle => Why::Idle,
            PaceReason::OnTheWay => Why::OnTheWay,
            PaceReason::Close => Why::Close,
        };
        Self {
            reason,
            seconds: pace.seconds,
            metres: pace.metres,
            exact: pace.exact,
        }
    }
}

/// Whose push service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PushService {
    /// Apple.
    Apns,
    /// Firebase.
    Fcm,
}

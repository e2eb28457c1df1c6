//! Keeps the screen on while somebody is signed in: an order must not wait behind a dark screen.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt as _;
use keepawake::KeepAwake;
use momfood_client::net::native::Handle;
use momfood_protocol::engine::{Event, GetSession};

/// Whether the screen is kept on; absent while that cannot be done here.
#[derive(Clone, Default)]
pub struct Awake(Arc<Mutex<Option<bool>>>);

impl Awake {
    /// Follows who is signed in, as long as the engine runs.
    pub fn while_signed_in(engine: &Handle, program: &'static str) -> Self {
        let awake = Self::default();
        let (say, said) = channel();
        let (kept, told) = (awake.clone(), engine.clone());
        // What keeps the screen on belongs to a thread of its own: it waits for other programs.
        let thread = std::thread::Builder::new().name("momfood-awake".to_owned());
        if thread.spawn(move || kept.keep(program, &said, &told)).is_ok() {
            tauri::async_runtime::spawn(follow(engine.clone(), say));
        }
        awake
    }

    /// Whether it is kept on.
    pub fn state(&self) -> Option<bool> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, program: &str, said: &Receiver<bool>, engine: &Handle) {
        let set = |state| {
            let before =
                std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), state);
            if before != state {
                engine.tell(Event::Device {});
            }
        };
        let mut held: Option<Held> = None;
        for wanted in said {
            if !wanted {
                if held.is_some() {
                    // Letting go may fail for good, with the service it was asked of: then this thread ends, and says so.
                    set(None);
                    held = None;
                }
                set(Some(false));
            } else if held.is_none() {
                held = hold(program);
                set(held.as_ref().and_then(|held| held.display.then_some(true)));
            }
        }
    }
}

async fn follow(engine: Handle, say: Sender<bool>) {
    let mut events = engine.subscribe();
    let mut signed_in = engine
        .ask(GetSession {})
        .await
        .is_ok_and(|state| state.user.is_some());
    loop {
        if say.send(signed_in).is_err() {
            return;
        }
        signed_in = loop {
            match events.next().await {
                Some(Event::Session(state)) => break state.user.is_some(),
                Some(_) => {}
                None => return,
            }
        };
    }
}

/// The display, and with it the machine. Where nobody can be asked for the display, the machine alone: that it does not
/// fall asleep is worth something, and the screen is the page's to keep on.
fn hold(program: &str) -> Option<Held> {
    let ask = |display, idle| {
        let asked = keepawake::Builder::default()
            .display(display)
            .idle(idle)
            .reason("Orders come in at any time")
            .app_name(program)
            .app_reverse_domain(program)
            .create();
        asked.ok().map(|awake| Held {
            _awake: awake,
            display,
        })
    };
    ask(true, true)
        .or_else(|| ask(true, false))
        .or_else(|| ask(false, true))
}

/// What keeps the machine awake until it is dropped.
struct Held {
    _awake: KeepAwake,
    display: bool,
}

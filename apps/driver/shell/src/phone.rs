//! Does on a phone what the engine's pace says. Before a shift the person is asked, once, and the receiver too, through
//! Tauri's plugin; on shift our own plugin's service takes over, which goes on while the webview sleeps; where that may not
//! begin, Tauri's plugin is asked for as long as the app is open. Off shift nothing is asked.
//!
//! All of it on one thread of its own: asking a person takes as long as it takes.

use std::error::Error;

use futures::StreamExt as _;
use momfood_protocol::engine::{Event, GetPace, GetSession, Pace};
use momfood_shell::{Handle, Home};
use tauri::plugin::PermissionState;
use tauri::{AppHandle, Builder, Manager as _, Runtime};
use tauri_plugin_geolocation::{GeolocationExt as _, PermissionType, Position, PositionOptions, WatchEvent};
use tauri_plugin_momfood_location::{LocationExt as _, Shift};

use crate::location::{Deed, Measured};

/// For how long the receiver is waited for before a shift, milliseconds.
const ONCE: u32 = 15_000;
/// A position no older is good enough to begin a shift with, milliseconds.
const FRESH: u32 = 30_000;

/// The plugins; no capability lets a page near them.
pub fn plugins<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder
        .plugin(tauri_plugin_geolocation::init())
        .plugin(tauri_plugin_momfood_location::init())
}

/// From now on.
pub fn follow<R: Runtime>(app: &AppHandle<R>, engine: &Handle) -> Result<(), Box<dyn Error>> {
    let paths = app.path();
    let home = Home::find(&paths.app_config_dir()?, paths.app_data_dir()?)?;
    let mut follower = Follower {
        app: app.clone(),
        engine: engine.clone(),
        home,
        follows: false,
        watch: None,
    };
    std::thread::Builder::new()
        .name("momfood-where".to_owned())
        .spawn(move || futures::executor::block_on(follower.run()))?;
    Ok(())
}

struct Follower<R: Runtime> {
    app: AppHandle<R>,
    engine: Handle,
    home: Home,
    /// Whether the phone's own service was begun.
    follows: bool,
    /// What Tauri's plugin watches for us instead, and at which pace.
    watch: Option<(u32, Pace)>,
}

impl<R: Runtime> Follower<R> {
    async fn run(&mut self) {
        let mut events = self.engine.subscribe();
        if let Ok(pace) = self.engine.ask(GetPace {}).await {
            self.obey(pace).await;
        }
        while let Some(event) = events.next().await {
            if let Event::Pace(pace) = event {
                self.obey(pace).await;
            }
        }
    }

    async fn obey(&mut self, pace: Pace) {
        match Deed::at(pace.reason) {
            Deed::Rest => {
                self.unwatch();
                if std::mem::take(&mut self.follows) {
                    // It heard so itself; that it is told twice does no harm.
                    let _ = self.app.momfood_location().end();
                }
            }
            Deed::AskOnce => self.ask_once().await,
            Deed::Follow => {
                if !self.follows {
                    let shift = self.shift().await;
                    self.follows = self.app.momfood_location().begin(&shift).is_ok();
                }
                if self.follows {
                    self.unwatch();
                } else {
                    self.watch(pace);
                }
            }
        }
    }

    /// What the phone's own code needs to know.
    async fn shift(&self) -> Shift {
        let session = self.engine.ask(GetSession {}).await;
        let language = session
            .ok()
            .and_then(|session| session.user)
            .map(|me| me.language);
        Shift {
            folder: self.home.folder.to_string_lossy().into_owned(),
            server: self.home.server.clone(),
            language: language.unwrap_or_default().tag().to_owned(),
        }
    }

    async fn ask_once(&self) {
        let receiver = self.app.geolocation();
        let allowed = match receiver.check_permissions() {
            Ok(status) if status.location == PermissionState::Granted => true,
            Ok(status) if status.coarse_location == PermissionState::Granted => true,
            // "While the app is used"; more is never asked for.
            Ok(_) => receiver
                .request_permissions(Some(vec![PermissionType::Location]))
                .is_ok_and(|status| {
                    status.location == PermissionState::Granted
                        || status.coarse_location == PermissionState::Granted
                }),
            // The person turned all of it off: they point at the map.
            Err(_) => false,
        };
        if !allowed {
            return;
        }
        let options = PositionOptions {
            enable_high_accuracy: true,
            timeout: ONCE,
            maximum_age: FRESH,
        };
        if let Ok(position) = receiver.get_current_position(Some(options))
            && let Some(report) = measured(&position).report()
        {
            // What could not be taken is asked for again when the person tries again.
            let _ = self.engine.ask(report).await;
        }
    }

    fn watch(&mut self, pace: Pace) {
        if self.watch.is_some_and(|(_, watched)| watched == pace) {
            return;
        }
        self.unwatch();
        let options = PositionOptions {
            enable_high_accuracy: pace.exact,
            // On Android this is the time between two positions.
            timeout: pace.seconds.saturating_mul(1_000),
            maximum_age: 0,
        };
        let engine = self.engine.clone();
        let watched = self.app.geolocation().watch_position(options, move |event| {
            let WatchEvent::Position(position) = event else {
                return;
            };
            if let Some(report) = measured(&position).report() {
                let engine = engine.clone();
                tauri::async_runtime::spawn(async move {
                    // The next position is as good.
                    let _ = engine.ask(report).await;
                });
            }
        });
        self.watch = watched.ok().map(|id| (id, pace));
    }

    fn unwatch(&mut self) {
        if let Some((id, _)) = self.watch.take() {
            let _ = self.app.geolocation().clear_watch(id);
        }
    }
}

fn measured(position: &Position) -> Measured {
    let coords = &position.coords;
    Measured {
        lat: coords.latitude,
        lng: coords.longitude,
        accuracy: coords.accuracy,
        speed: coords.speed,
        heading: coords.heading,
    }
}

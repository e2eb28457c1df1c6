//! What the engine asks of the program around it: see [`Device`].

use std::sync::Arc;

use futures::future::BoxFuture;
use momfood_client::port::{CannotDo, Device};
use momfood_protocol::engine::{self, DeviceKind, Secrets, SetDevice};
use tauri::{AppHandle, Runtime};

use crate::windows;

/// How an app shows notifications, where it does.
pub trait Notices: Send + Sync {
    /// Whether they may be shown; absent where nobody was asked.
    fn allowed(&self) -> Option<bool>;

    /// Asks the person.
    fn ask(&self) -> BoxFuture<'static, Result<(), CannotDo>>;
}

/// The program, as its engine sees it.
pub struct ShellDevice<R: Runtime> {
    pub app: AppHandle<R>,
    pub server: String,
    pub secrets: Arc<dyn Fn() -> Secrets + Send + Sync>,
    pub notices: Option<Arc<dyn Notices>>,
    pub pos: bool,
    #[cfg(desktop)]
    pub awake: crate::awake::Awake,
}

impl<R: Runtime> Device for ShellDevice<R> {
    fn state(&self) -> engine::Device {
        engine::Device {
            kind: if cfg!(mobile) {
                DeviceKind::Phone
            } else {
                DeviceKind::Desktop
            },
            version: self.app.package_info().version.to_string(),
            server: self.server.clone(),
            secrets: (self.secrets)(),
            #[cfg(desktop)]
            full_screen: Some(windows::full_screen(&self.app)),
            #[cfg(mobile)]
            full_screen: None,
            start_at_boot: self.start_at_boot(),
            awake: self.awake(),
            windows: cfg!(desktop) && self.pos,
            printing: false,
            notifications: self.notices.as_ref().and_then(|notices| notices.allowed()),
        }
    }

    fn set(&self, change: &SetDevice) -> Result<(), CannotDo> {
        if let Some(on) = change.full_screen {
            windows::set_full_screen(&self.app, on)?;
        }
        if let Some(on) = change.start_at_boot {
            self.set_start_at_boot(on)?;
        }
        Ok(())
    }

    fn open_station(&self, station: Option<&str>) -> Result<(), CannotDo> {
        if !self.pos {
            return Err(CannotDo("this app has one window".to_owned()));
        }
        windows::open(&self.app, station)
    }

    fn ask_to_notify(&self) -> BoxFuture<'static, Result<(), CannotDo>> {
        match &self.notices {
            Some(notices) => notices.ask(),
            None => Box::pin(async { Err(CannotDo("no notifications are shown here".to_owned())) }),
        }
    }
}

#[cfg(desktop)]
impl<R: Runtime> ShellDevice<R> {
    fn launcher(&self) -> Option<tauri::State<'_, tauri_plugin_autostart::AutoLaunchManager>> {
        use tauri::Manager as _;
        self.app.try_state()
    }

    fn start_at_boot(&self) -> Option<bool> {
        self.launcher()?.is_enabled().ok()
    }

    fn set_start_at_boot(&self, on: bool) -> Result<(), CannotDo> {
        let launcher = self
            .launcher()
            .ok_or_else(|| CannotDo("this app does not start by itself".to_owned()))?;
        let done = if on { launcher.enable() } else { launcher.disable() };
        done.map_err(|error| CannotDo(error.to_string()))
    }

    fn awake(&self) -> Option<bool> {
        self.awake.state()
    }
}

#[cfg(mobile)]
impl<R: Runtime> ShellDevice<R> {
    fn start_at_boot(&self) -> Option<bool> {
        None
    }

    fn set_start_at_boot(&self, _on: bool) -> Result<(), CannotDo> {
        Err(CannotDo("a phone's apps are started by people".to_owned()))
    }

    fn awake(&self) -> Option<bool> {
        None
    }
}

//! Where a driver is while nobody looks at the app. The driver's shell says when a shift begins; from then on the phone's own
//! code (Kotlin in `android/`, Swift in `ios/`) asks the receiver at the engine's pace and hands each position to the
//! process's one engine through `momfood-ffi`, also while the webview sleeps. It ends by itself when the shift does.
//!
//! It must never run off shift, never ask a person for anything before a shift begins, and never be reached from a page: it
//! has no commands. On a computer there is nothing of it.
//!
//! **Permissions.** "While the app is used" is all it needs, asked by the shell when a shift begins, after the page has said
//! why. Android's foreground service and iOS's background mode go on from there, visibly (a notification; a mark in the
//! status bar). "Always" is never asked for. The price: when Android ends the whole app in the middle of a shift and starts
//! its service again by itself, it may not ask the receiver until the app is opened once more; a notification says so.
#![warn(missing_docs)]

use serde::Serialize;
use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Manager, Runtime};

#[cfg(mobile)]
mod mobile;

/// What the phone's own code needs to reach the engine by itself, perhaps before any window is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// As in `momfood_ffi::OpenConfig`.
    pub folder: String,
    /// As in `momfood_ffi::OpenConfig`.
    pub server: String,
    /// `ar` or `en`: of the words in the notification.
    pub language: String,
}

/// The phone's own code did not begin.
#[derive(Debug, thiserror::Error)]
pub enum NotFollowed {
    /// A computer has no such thing.
    #[error("this device cannot say where it is by itself")]
    NotHere,
    /// The phone refused: no permission, or not while the app is behind others.
    #[cfg(mobile)]
    #[error(transparent)]
    Refused(#[from] tauri::plugin::mobile::PluginInvokeError),
}

/// The way to the phone's own code.
pub struct Location<R: Runtime> {
    #[cfg(mobile)]
    handle: tauri::plugin::PluginHandle<R>,
    #[cfg(desktop)]
    runtime: std::marker::PhantomData<fn() -> R>,
}

impl<R: Runtime> Location<R> {
    /// A shift has begun. It waits for the phone's answer, which may be a person's: not to be called on the main thread.
    pub fn begin(&self, shift: &Shift) -> Result<(), NotFollowed> {
        #[cfg(mobile)]
        return Ok(self.handle.run_mobile_plugin("begin", shift)?);
        #[cfg(desktop)]
        {
            let (Shift { .. }, Self { runtime: _ }) = (shift, self);
            Err(NotFollowed::NotHere)
        }
    }

    /// It is over. The phone's own code hears that from the engine too; this is for when it cannot.
    pub fn end(&self) -> Result<(), NotFollowed> {
        #[cfg(mobile)]
        return Ok(self.handle.run_mobile_plugin("end", ())?);
        #[cfg(desktop)]
        Err(NotFollowed::NotHere)
    }
}

/// Reaches [`Location`] from what manages the app's state.
pub trait LocationExt<R: Runtime> {
    /// The way to the phone's own code.
    fn momfood_location(&self) -> &Location<R>;
}

impl<R: Runtime, T: Manager<R>> LocationExt<R> for T {
    fn momfood_location(&self) -> &Location<R> {
        self.state::<Location<R>>().inner()
    }
}

/// The plugin.
pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("momfood-location")
        .setup(|app, api| {
            #[cfg(mobile)]
            let location = mobile::init(&api)?;
            #[cfg(desktop)]
            let location = {
                let _ = api;
                Location::<R> {
                    runtime: std::marker::PhantomData,
                }
            };
            app.manage(location);
            Ok(())
        })
        .build()
}

#[cfg(test)]
mod tests {
    use super::{LocationExt as _, NotFollowed, Shift};

    #[test]
    fn a_computer_says_that_it_cannot() {
        let app = tauri::test::mock_builder()
            .plugin(super::init())
            .build(tauri::test::mock_context(tauri::test::noop_assets()))
            .expect("an app without windows");
        let shift = Shift {
            folder: "/nowhere".into(),
            server: "https://momfood.example".into(),
            language: "ar".into(),
        };
        let begun = app.momfood_location().begin(&shift);
        assert!(matches!(begun, Err(NotFollowed::NotHere)));
    }
}

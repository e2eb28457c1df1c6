//! Finds the Kotlin or the Swift.

use serde::de::DeserializeOwned;
use tauri::Runtime;
use tauri::plugin::PluginApi;
use tauri::plugin::mobile::PluginInvokeError;

use crate::Location;

#[cfg(target_os = "android")]
const PACKAGE: &str = "app.momfood.location";

#[cfg(target_os = "ios")]
#[allow(unsafe_code, reason = "Tauri's macro names a function that is linked in")]
mod ios {
    tauri::ios_plugin_binding!(init_plugin_momfood_location);
}

pub(crate) fn init<R: Runtime, C: DeserializeOwned>(
    api: &PluginApi<R, C>,
) -> Result<Location<R>, PluginInvokeError> {
    #[cfg(target_os = "android")]
    let handle = api.register_android_plugin(PACKAGE, "LocationPlugin")?;
    #[cfg(target_os = "ios")]
    let handle = api.register_ios_plugin(ios::init_plugin_momfood_location)?;
    Ok(Location { handle })
}

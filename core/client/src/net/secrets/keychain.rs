//! The system's keychain, by keyring: one entry for each app, which holds the key that seals everything else.

use std::path::Path;

use keyring_core::api::CredentialStoreApi as _;
use keyring_core::{Entry, Error, Result};

use super::sealed::Key;

/// Under which name a person finds the entry.
const SERVICE: &str = "MomFood";

/// Whose entry it is. A computer may hold several folders of an app; a phone has one, whose path may change.
pub fn owner(app: &str, folder: &Path) -> String {
    if cfg!(any(target_os = "ios", target_os = "android")) {
        app.to_owned()
    } else {
        format!("{app} {}", folder.display())
    }
}

/// The key, made now when there is none. `None` when no keychain answers. A keychain may ask the person: this can take
/// until they have answered.
pub fn key(owner: &str) -> Option<Key> {
    let entry = entry(owner).ok()?;
    match entry.get_secret() {
        Ok(bytes) => {
            if let Some(key) = Key::from_bytes(&bytes) {
                return Some(key);
            }
        }
        Err(Error::NoEntry) => {}
        Err(_) => return None,
    }
    let key = Key::fresh()?;
    entry.set_secret(key.bytes()).ok()?;
    // Some take everything and keep nothing.
    let kept = entry.get_secret().ok()?;
    (kept == key.bytes()).then_some(key)
}

#[cfg(all(unix, not(any(target_vendor = "apple", target_os = "android"))))]
fn entry(owner: &str) -> Result<Entry> {
    zbus_secret_service_keyring_store::Store::new()?.build(SERVICE, owner, None)
}

#[cfg(target_os = "macos")]
fn entry(owner: &str) -> Result<Entry> {
    apple_native_keyring_store::keychain::Store::new()?.build(SERVICE, owner, None)
}

#[cfg(target_os = "ios")]
fn entry(owner: &str) -> Result<Entry> {
    // A shift goes on while the phone is locked; and the key is of no use to a copy of the phone.
    let when = std::collections::HashMap::from([("access-policy", "after-first-unlock-this-device-only")]);
    apple_native_keyring_store::protected::Store::new()?.build(SERVICE, owner, Some(&when))
}

#[cfg(windows)]
fn entry(owner: &str) -> Result<Entry> {
    windows_native_keyring_store::Store::new()?.build(SERVICE, owner, None)
}

#[cfg(target_os = "android")]
fn entry(owner: &str) -> Result<Entry> {
    android_native_keyring_store::Store::new()?.build(SERVICE, owner, None)
}

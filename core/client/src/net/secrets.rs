//! What a native engine keeps, sealed: who is signed in and with which token, the cart, the addresses.
//!
//! Everything lies in files, each encrypted with AES-256-GCM; what differs is where their key is:
//!
//! - **Keychain**: in the system's keychain (Secret Service, Keychain, Credential Manager, Android Keystore). A copy of the
//!   files, a stolen disk and another user of the machine get nothing. A program that runs as the same person may ask the
//!   keychain too; on Linux it is given the key, elsewhere the system may ask the person first.
//! - **File**: beside them, because no keychain answered when the engine started. That keeps other users of the machine
//!   out, and the token out of a search through files or a single file sent to somebody. It protects from nobody who can
//!   read all of the person's files, be it a program, a backup or a disk taken out.
//! - **Memory**: nothing could be written; the next start asks for the password again.
//!
//! Only the key is asked of the keychain, once in each start: a token that changes every few minutes is then never lost to
//! a keychain that is locked or gone meanwhile, and no Call ever waits for one. [`SecretKeep::kind`] says which it is.
//!
//! It must never hold a start up, never write a key beside files that a keychain guards, and never take bytes for true
//! that were not sealed here.

mod keychain;
mod sealed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use momfood_protocol::engine::Secrets;

use crate::port::Keep;
use sealed::{Drawer, Key};

/// How long a start waits for the keychain. One that is locked and can ask nobody would never answer.
const ANSWER: Duration = Duration::from_secs(2);
/// Comes often and says little: losing the last one to a power cut is no loss.
const PASSING: &str = "heard";
/// Says that what the keychain guards under this name is forgotten. No JSON is empty.
const FORGOTTEN: &str = "";

/// What outlives the engine, sealed. Clones share it, on every thread.
#[derive(Clone)]
pub struct SecretKeep(Arc<Mutex<Inner>>);

struct Inner {
    texts: BTreeMap<String, String>,
    /// Where it is written; nowhere when there is no key.
    drawer: Option<Drawer>,
    home: Secrets,
    /// What is in memory and could not be written.
    unwritten: bool,
    /// Sealed with a key of the keychain, which does not answer now: not to be touched.
    out_of_reach: Option<PathBuf>,
}

impl SecretKeep {
    /// Takes up what `app` keeps in `folder`; waits for the keychain a moment.
    pub fn open(app: &'static str, folder: &Path) -> Self {
        let owner = keychain::owner(app, folder);
        Self::open_with(app, folder, ANSWER, move || keychain::key(&owner))
    }

    fn open_with(
        app: &str,
        folder: &Path,
        patience: Duration,
        keychain: impl FnOnce() -> Option<Key> + Send + 'static,
    ) -> Self {
        let secrets = folder.join(app).join("secrets");
        let (guarded, beside) = (secrets.join("keychain"), secrets.join("file"));
        let inner = match asked(patience, keychain) {
            Some(key) => Inner::guarded(app, Drawer::new(guarded, &key, app), &beside),
            None => Inner::beside(app, &beside, guarded),
        };
        Self(Arc::new(Mutex::new(inner)))
    }

    /// Where the secrets are now.
    pub fn kind(&self) -> Secrets {
        let inner = self.inner();
        if inner.unwritten {
            Secrets::Memory
        } else {
            inner.home
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keep for SecretKeep {
    fn get(&self, key: &str) -> Option<String> {
        self.inner().texts.get(key).cloned()
    }

    fn set(&self, key: &str, value: Option<&str>) {
        self.inner().set(key, value);
    }
}

/// Asks on a thread of its own, and waits so long.
fn asked(patience: Duration, keychain: impl FnOnce() -> Option<Key> + Send + 'static) -> Option<Key> {
    let (tell, told) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("momfood-keychain".to_owned())
        .spawn(move || tell.send(keychain()))
        .ok()?;
    told.recv_timeout(patience).ok().flatten()
}

impl Inner {
    fn new(drawer: Option<Drawer>, home: Secrets) -> Self {
        let texts = drawer.as_ref().map(Drawer::read_all).unwrap_or_default();
        Self {
            texts: texts.into_iter().filter(|(_, text)| text != FORGOTTEN).collect(),
            drawer,
            home,
            unwritten: false,
            out_of_reach: None,
        }
    }

    /// The keychain has the key. What was kept beside its key while there was no keychain moves over.
    fn guarded(app: &str, drawer: Drawer, beside: &Path) -> Self {
        let moved = Drawer::with_key_beside(beside, app).is_none_or(|old| {
            let texts = old.read_all();
            let written = texts.iter().all(|(name, text)| {
                let moved = match text.as_str() {
                    FORGOTTEN => drawer.remove(name),
                    text => drawer.put(name, text, true),
                };
                moved.is_ok()
            });
            // From the moment its key is gone, what lies there is nothing; before, it is what counts.
            written && old.forget_key().is_ok()
        });
        if moved {
            let _ = std::fs::remove_dir_all(beside);
        }
        Self::new(Some(drawer), Secrets::Keychain)
    }

    /// No keychain: the key lies beside what it seals.
    fn beside(app: &str, beside: &Path, guarded: PathBuf) -> Self {
        let there = Drawer::with_key_beside(beside, app);
        let drawer = there.or_else(|| Drawer::with_fresh_key(beside, app));
        let home = match drawer {
            Some(_) => Secrets::File,
            None => Secrets::Memory,
        };
        Self {
            out_of_reach: guarded.is_dir().then_some(guarded),
            ..Self::new(drawer, home)
        }
    }

    fn set(&mut self, key: &str, value: Option<&str>) {
        let known = self.texts.get(key).map(String::as_str);
        if known == value && !self.unwritten {
            return;
        }
        match value {
            Some(value) => self.texts.insert(key.to_owned(), value.to_owned()),
            None => self.texts.remove(key),
        };
        let Some(drawer) = &self.drawer else { return };
        // What was missed is written with what comes.
        let late = self.unwritten.then_some(&self.texts).into_iter().flatten();
        let mut written = late.fold(true, |all, (name, text)| {
            drawer.put(name, text, true).is_ok() && all
        });
        written &= match value {
            Some(value) => drawer.put(key, value, key != PASSING).is_ok(),
            // Something older may lie where only the keychain reaches: that it is forgotten has to be said.
            None if self.out_of_reach.is_some() => drawer.put(key, FORGOTTEN, true).is_ok(),
            None => drawer.remove(key).is_ok(),
        };
        self.unwritten = !written;
    }
}

//! Where master keys are: a file in the data folder, the settings, or a file whose keys a key management service opens.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use momfood_domain::time::{SECOND, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::master::{MasterError, MasterKey, MasterKeys, MasterRing};
use super::vault::VaultKeys;
use crate::config::Config;
use crate::keys::file;

const HEAD: &str = "# Master keys of a MomFood server: secret. What they are and how to keep them: docs/keys.md\n\
                    # <signs from, Unix seconds> <name> <key>\n";

/// Where the settings say that master keys are.
pub fn from_config(config: &Config) -> anyhow::Result<Box<dyn MasterKeys>> {
    let path = config.master_key_file();
    Ok(match (&config.master_key, &config.vault_url) {
        (Some(_), Some(_)) => anyhow::bail!("master_key and vault_url: one of them"),
        (Some(keys), None) => Box::new(SettingKeys(keys.clone())),
        (None, Some(url)) => {
            let token = config.vault_token.clone();
            let token = token.ok_or_else(|| anyhow::anyhow!("vault_url without vault_token"))?;
            Box::new(VaultKeys::new(
                path,
                url,
                &config.vault_mount,
                &config.vault_key,
                token,
            )?)
        }
        (None, None) => Box::new(FileKeys::at(path)),
    })
}

/// A line of a file of keys: from when, its name, and the key in whatever form the file keeps it.
pub(super) struct Line {
    pub from: Timestamp,
    pub id: String,
    pub key: Zeroizing<String>,
}

impl Line {
    /// A key as it is.
    fn of(key: &MasterKey) -> Self {
        Self {
            from: key.from(),
            id: key.id().to_owned(),
            key: key.reveal(),
        }
    }
}

/// The lines of a file of keys; none when there is no file.
pub(super) fn lines(path: &Path) -> Result<Vec<Line>, MasterError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(MasterError::File(path.to_owned(), error)),
    };
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        found.push(read(line).ok_or_else(|| wrong(path, at))?);
    }
    Ok(found)
}

fn wrong(path: &Path, at: usize) -> MasterError {
    MasterError::Line {
        file: path.to_owned(),
        line: at + 1,
    }
}

fn read(line: &str) -> Option<Line> {
    let mut words = line.split_whitespace();
    let (from, id, key) = (words.next()?, words.next()?, words.next()?);
    let from = from.parse::<i64>().ok()?.checked_mul(SECOND)?;
    words.next().is_none().then(|| Line {
        from: Timestamp(from),
        id: id.to_owned(),
        key: Zeroizing::new(key.to_owned()),
    })
}

fn text(lines: &[Line]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(HEAD.to_owned());
    for line in lines {
        let from = (line.from.0 / SECOND).to_string();
        for part in [&from, " ", &line.id, " ", &line.key, "\n"] {
            text.push_str(part);
        }
    }
    text
}

/// Writes the lines of a file of keys.
pub(super) fn write(path: &Path, lines: &[Line]) -> Result<(), MasterError> {
    file::replace(path, &text(lines)).map_err(|error| MasterError::File(path.to_owned(), error))
}

/// Writes the first line of a file of keys, unless there is a file.
pub(super) fn begin(path: &Path, line: Line) -> Result<(), MasterError> {
    file::create(path, &text(&[line])).map_err(|error| MasterError::File(path.to_owned(), error))
}

/// Writes the file without the line of `id`.
pub(super) fn remove(path: &Path, id: &str) -> Result<(), MasterError> {
    let mut left = lines(path)?;
    left.retain(|line| line.id != id);
    write(path, &left)
}

/// What changes when a file does.
pub(super) fn mark(path: &Path) -> Option<Vec<u8>> {
    let bytes = Zeroizing::new(std::fs::read(path).ok()?);
    Some(Sha256::digest(bytes.as_slice()).to_vec())
}

/// A file with the keys themselves, its owner's alone.
pub struct FileKeys(PathBuf);

impl FileKeys {
    /// The file, which need not be there yet.
    pub const fn at(path: PathBuf) -> Self {
        Self(path)
    }

    fn read(&self) -> Result<MasterRing, MasterError> {
        let mut keys = Vec::new();
        for (at, line) in lines(&self.0)?.into_iter().enumerate() {
            let key = MasterKey::parse(&line.key, line.from).filter(|key| key.id() == line.id);
            keys.push(key.ok_or_else(|| wrong(&self.0, at + HEAD.lines().count()))?);
        }
        Ok(MasterRing::of(keys))
    }
}

impl MasterKeys for FileKeys {
    fn place(&self) -> String {
        self.0.display().to_string()
    }

    fn load(&self) -> BoxFuture<'_, Result<MasterRing, MasterError>> {
        std::future::ready(self.read()).boxed()
    }

    fn begin<'a>(&'a self, key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>> {
        std::future::ready(begin(&self.0, Line::of(key))).boxed()
    }

    fn add<'a>(&'a self, key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>> {
        let add = || {
            let mut all = lines(&self.0)?;
            all.push(Line::of(key));
            write(&self.0, &all)
        };
        std::future::ready(add()).boxed()
    }

    fn remove<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), MasterError>> {
        std::future::ready(remove(&self.0, id)).boxed()
    }

    fn mark(&self) -> Option<Vec<u8>> {
        mark(&self.0)
    }
}

/// Keys given as a setting: the current one first, older ones after commas.
pub struct SettingKeys(SecretString);

impl SettingKeys {
    /// What the setting says.
    pub const fn of(setting: SecretString) -> Self {
        Self(setting)
    }

    fn read(&self) -> Result<MasterRing, MasterError> {
        let keys = self.0.expose_secret().split(',').enumerate();
        // The first is the newest; they have all begun.
        let keys = keys.map(|(at, text)| {
            let from = Timestamp(-i64::try_from(at).unwrap_or(i64::MAX));
            MasterKey::parse(text, from)
        });
        let keys: Option<Vec<MasterKey>> = keys.collect();
        Ok(MasterRing::of(keys.ok_or(MasterError::Setting)?))
    }
}

impl MasterKeys for SettingKeys {
    fn place(&self) -> String {
        "the setting master_key".to_owned()
    }

    fn load(&self) -> BoxFuture<'_, Result<MasterRing, MasterError>> {
        std::future::ready(self.read()).boxed()
    }

    fn begin<'a>(&'a self, key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>> {
        self.add(key)
    }

    fn add<'a>(&'a self, _key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>> {
        let text = "master_key: put a new key in front of the one there (`openssl rand -base64 32`, a comma after it), \
                    restart every server, then do this again";
        std::future::ready(Err(MasterError::Elsewhere(text.to_owned()))).boxed()
    }

    fn remove<'a>(&'a self, _id: &'a str) -> BoxFuture<'a, Result<(), MasterError>> {
        let text = "master_key: nothing needs it any more; take it out of the setting";
        std::future::ready(Err(MasterError::Elsewhere(text.to_owned()))).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    fn key(seed: u8, from: i64) -> MasterKey {
        MasterKey::new([seed; 32], Timestamp(from * SECOND))
    }

    #[tokio::test]
    async fn a_file_keeps_its_keys_and_is_its_owners_alone() {
        let folder = Folder::new("master");
        let path = folder.path().join("master-keys");
        let file = FileKeys::at(path.clone());
        assert!(file.load().await.unwrap().is_empty());
        file.add(&key(1, 100)).await.unwrap();
        let before = file.mark();
        file.add(&key(2, 200)).await.unwrap();
        assert_ne!(file.mark(), before);
        let ring = file.load().await.unwrap();
        assert_eq!(
            ring.current(Timestamp(150 * SECOND)).unwrap().id(),
            key(1, 0).id()
        );
        assert_eq!(
            ring.current(Timestamp(200 * SECOND)).unwrap().id(),
            key(2, 0).id()
        );
        file.remove(key(1, 0).id()).await.unwrap();
        assert_eq!(file.load().await.unwrap().names(), key(2, 0).id());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[tokio::test]
    async fn a_file_of_something_else_is_refused() {
        let folder = Folder::new("master");
        let path = folder.path().join("master-keys");
        let mut swapped = format!("0 {} {}\n", key(1, 0).id(), *key(2, 0).reveal());
        swapped.insert_str(0, HEAD);
        for wrong in [
            "hello",
            "0 name",
            "soon name AAAA",
            "0 name AAAA",
            "0 a b c",
            &swapped,
        ] {
            std::fs::write(&path, wrong).unwrap();
            let refused = FileKeys::at(path.clone()).load().await.unwrap_err();
            assert!(matches!(refused, MasterError::Line { .. }), "{wrong}: {refused}");
            assert!(!refused.to_string().contains(&*key(2, 0).reveal()));
        }
    }

    #[tokio::test]
    async fn of_keys_in_the_settings_the_first_is_current() {
        let setting = |text: String| SettingKeys::of(text.into());
        let (new, old) = (key(1, 0), key(2, 0));
        let ring = setting(format!("{}, {}", *new.reveal(), *old.reveal()))
            .load()
            .await
            .unwrap();
        assert_eq!(ring.current(Timestamp(0)).unwrap().id(), new.id());
        assert!(ring.get(old.id()).is_some());
        for wrong in ["", "hello", "AAAA", "AAAA,"] {
            assert!(setting(wrong.to_owned()).load().await.is_err(), "{wrong}");
        }
        assert!(setting(new.reveal().to_string()).add(&old).await.is_err());
    }
}

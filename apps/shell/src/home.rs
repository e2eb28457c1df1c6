//! Where an app keeps what it keeps, and which server it speaks to.
//!
//! An address that cannot be read stops the start: an app must never fall back to another server by itself.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

/// The demo's server, of this machine.
const DEMO: &str = "http://127.0.0.1:8080";
/// The settings' file, in the platform's folder for settings.
const SETTINGS: &str = "shell.toml";
/// The server's address, in place of the settings'.
pub const SERVER_VARIABLE: &str = "MOMFOOD_SERVER";
/// The data's folder, in place of the platform's.
pub const DATA_VARIABLE: &str = "MOMFOOD_DATA";

/// Where an app keeps what it keeps, and its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The folder of its data.
    pub folder: PathBuf,
    /// The server's address, without a slash at its end.
    pub server: String,
}

/// Why an app cannot know where it belongs.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The settings are no TOML, or not of this kind.
    #[error("{path} cannot be understood: {why}")]
    Settings {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The server's address is none.
    #[error("the server's address {0:?} must read https://… or http://…, without a path")]
    Server(String),
    /// The folder cannot be made.
    #[error("the folder {path} cannot be made: {why}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why not.
        why: std::io::Error,
    },
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    server: Option<String>,
}

impl Home {
    /// Finds out, by the environment, then the settings in `config`, then what was built in; makes the folder.
    pub fn find(config: &Path, data: PathBuf) -> Result<Self, HomeError> {
        Self::find_with(config, data, |name| std::env::var(name).ok())
    }

    pub(crate) fn find_with(
        config: &Path,
        data: PathBuf,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, HomeError> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let server = match variable(SERVER_VARIABLE) {
            Some(server) => server,
            None => settings(&config.join(SETTINGS))?
                .server
                .unwrap_or_else(|| option_env!("MOMFOOD_SERVER").unwrap_or(DEMO).to_owned()),
        };
        let folder = variable(DATA_VARIABLE).map_or(data, PathBuf::from);
        std::fs::create_dir_all(&folder).map_err(|why| HomeError::Folder {
            path: folder.clone(),
            why,
        })?;
        Ok(Self {
            folder,
            server: address(&server)?,
        })
    }

    /// The same person on the same machine may run the app once for each folder: its name is part of the program's.
    #[cfg(target_os = "linux")]
    pub(crate) fn tag() -> Option<String> {
        use sha2::{Digest as _, Sha256};
        let folder = std::env::var(DATA_VARIABLE)
            .ok()
            .filter(|folder| !folder.is_empty())?;
        let hash = Sha256::digest(folder.as_bytes());
        Some(
            hash.iter()
                .take(8)
                .fold("d".to_owned(), |tag, byte| format!("{tag}{byte:02x}")),
        )
    }
}

fn settings(path: &Path) -> Result<Settings, HomeError> {
    let cannot = |why: String| HomeError::Settings {
        path: path.to_owned(),
        why,
    };
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| cannot(error.message().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(cannot(error.to_string())),
    }
}

fn address(text: &str) -> Result<String, HomeError> {
    let wrong = || HomeError::Server(text.to_owned());
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain
        .then(|| url.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(settings: Option<&str>, variables: &[(&str, &str)]) -> Result<Home, HomeError> {
        let folder = tempfile::tempdir().unwrap();
        if let Some(text) = settings {
            std::fs::write(folder.path().join(SETTINGS), text).unwrap();
        }
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Home::find_with(folder.path(), folder.path().join("data"), variable)
    }

    #[test]
    fn the_environment_wins_over_the_settings_and_these_over_what_was_built_in() {
        let settings = Some("server = \"https://food.example/\"");
        let built_in = option_env!("MOMFOOD_SERVER").unwrap_or(DEMO);
        assert_eq!(find(None, &[]).unwrap().server, built_in.trim_end_matches('/'));
        assert_eq!(find(settings, &[]).unwrap().server, "https://food.example");
        let set = [(SERVER_VARIABLE, "http://10.0.0.7:8080")];
        assert_eq!(find(settings, &set).unwrap().server, "http://10.0.0.7:8080");
        assert_eq!(
            find(settings, &[(SERVER_VARIABLE, "")]).unwrap().server,
            "https://food.example"
        );
    }

    #[test]
    fn the_data_lies_where_the_environment_says_and_the_folder_is_made() {
        let elsewhere = tempfile::tempdir().unwrap();
        let wanted = elsewhere.path().join("a/b");
        let home = find(None, &[(DATA_VARIABLE, wanted.to_str().unwrap())]).unwrap();
        assert_eq!(home.folder, wanted);
        assert!(wanted.is_dir());
        assert!(find(None, &[]).unwrap().folder.ends_with("data"));
    }

    #[test]
    fn an_address_or_settings_that_cannot_be_read_stop_the_start() {
        let addresses = [
            "food.example",
            "ftp://food.example",
            "https://food.example/path",
            "https://me:secret@food.example",
            "https://",
        ];
        for address in addresses {
            let found = find(None, &[(SERVER_VARIABLE, address)]);
            assert!(matches!(found, Err(HomeError::Server(_))), "{address}");
        }
        for settings in [
            "server = 7",
            "server: https://food.example",
            "servr = \"https://food.example\"",
        ] {
            assert!(
                matches!(find(Some(settings), &[]), Err(HomeError::Settings { .. })),
                "{settings}"
            );
        }
    }
}

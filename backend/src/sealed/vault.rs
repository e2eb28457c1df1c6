//! Master keys wrapped by HashiCorp Vault's transit engine (`POST /v1/<mount>/encrypt/<key>` and `…/decrypt/<key>`, see
//! <https://developer.hashicorp.com/vault/api-docs/secret/transit>). The file in the data folder holds what Vault made of
//! them; they are opened once, at the start, and when the file has changed. Nothing is asked while requests are served.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::envelope::KEY;
use super::master::{MasterError, MasterKey, MasterKeys, MasterRing};
use super::sources::{self, Line};
use crate::outward;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// See the module.
pub struct VaultKeys {
    path: PathBuf,
    client: reqwest::Client,
    url: String,
    mount: String,
    key: String,
    token: SecretString,
    /// Opened before, by name: a file that grows by a line asks for that line alone.
    known: Mutex<HashMap<String, Zeroizing<[u8; KEY]>>>,
}

#[derive(Deserialize)]
struct Said {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    #[serde(default)]
    plaintext: Option<SecretString>,
    #[serde(default)]
    ciphertext: String,
}

impl VaultKeys {
    /// The file at `path`, opened by the key `key` of the transit engine mounted at `mount` of the Vault at `url`.
    pub fn new(
        path: PathBuf,
        url: &str,
        mount: &str,
        key: &str,
        token: SecretString,
    ) -> anyhow::Result<Self> {
        let plain = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        anyhow::ensure!(
            plain(key) && mount.split('/').all(plain),
            "vault_mount and vault_key: letters, digits, - and _"
        );
        outward::private(url).context("vault_url")?;
        let client = outward::client(PATIENCE)
            .build()
            .context("no network client can be made")?;
        Ok(Self {
            path,
            client,
            url: url.trim_end_matches('/').to_owned(),
            mount: mount.to_owned(),
            key: key.to_owned(),
            token,
            known: Mutex::default(),
        })
    }

    async fn ask(&self, what: &str, body: &serde_json::Value) -> Result<Data, MasterError> {
        let url = format!("{}/v1/{}/{what}/{}", self.url, self.mount, self.key);
        let request = self
            .client
            .post(url)
            .header("x-vault-token", self.token.expose_secret());
        // Its words may hold what was sent: a failure says only that and how.
        let unanswered = |error: reqwest::Error| {
            let how = if error.is_timeout() { "in time" } else { "at all" };
            MasterError::Service(format!("did not answer {how}"))
        };
        let answer = request.json(body).send().await.map_err(unanswered)?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(MasterError::Service(format!("answered {status} to {what}")));
        }
        let strange = |_| MasterError::Service(format!("gave no answer of its kind to {what}"));
        Ok(answer.json::<Said>().await.map_err(strange)?.data)
    }

    async fn open(&self, line: &Line) -> Result<MasterKey, MasterError> {
        let known = |keys: &HashMap<String, Zeroizing<[u8; KEY]>>| keys.get(&line.id).cloned();
        if let Some(key) = known(&self.known.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(MasterKey::new(*key, line.from));
        }
        let said = self
            .ask("decrypt", &json!({ "ciphertext": line.key.as_str() }))
            .await?;
        let plain = said.plaintext.unwrap_or_default();
        let key = MasterKey::parse(plain.expose_secret(), line.from).filter(|key| key.id() == line.id);
        let key = key.ok_or_else(|| MasterError::Service(format!("opened another key than {}", line.id)))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(line.id.clone(), Zeroizing::new(*key.bytes()));
        Ok(key)
    }

    async fn wrapped(&self, key: &MasterKey) -> Result<Line, MasterError> {
        let plain = key.reveal();
        let said = self
            .ask("encrypt", &json!({ "plaintext": plain.as_str() }))
            .await?;
        if !said.ciphertext.starts_with("vault:") || said.ciphertext.contains(char::is_whitespace) {
            return Err(MasterError::Service(
                "gave no answer of its kind to encrypt".to_owned(),
            ));
        }
        Ok(Line {
            from: key.from(),
            id: key.id().to_owned(),
            key: Zeroizing::new(said.ciphertext),
        })
    }
}

impl MasterKeys for VaultKeys {
    fn place(&self) -> String {
        format!(
            "{} (opened by {}/v1/{}/decrypt/{})",
            self.path.display(),
            self.url,
            self.mount,
            self.key
        )
    }

    fn load(&self) -> BoxFuture<'_, Result<MasterRing, MasterError>> {
        async {
            let mut keys = Vec::new();
            for line in sources::lines(&self.path)? {
                keys.push(self.open(&line).await?);
            }
            Ok(MasterRing::of(keys))
        }
        .boxed()
    }

    fn begin<'a>(&'a self, key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>> {
        async { sources::begin(&self.path, self.wrapped(key).await?) }.boxed()
    }

    fn add<'a>(&'a self, key: &'a MasterKey) -> BoxFuture<'a, Result<(), MasterError>> {
        async {
            let line = self.wrapped(key).await?;
            let mut all = sources::lines(&self.path)?;
            all.push(line);
            sources::write(&self.path, &all)
        }
        .boxed()
    }

    fn remove<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), MasterError>> {
        std::future::ready(sources::remove(&self.path, id)).boxed()
    }

    fn mark(&self) -> Option<Vec<u8>> {
        sources::mark(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use axum::extract::{Path, State};
    use axum::routing::post;
    use axum::{Json, Router};
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use http::{HeaderMap, StatusCode};
    use momfood_domain::time::Timestamp;
    use serde_json::Value;

    use super::*;
    use crate::testing::Folder;

    /// A Vault made up: it turns what it wraps around.
    #[derive(Default)]
    struct Fake {
        asked: AtomicUsize,
        lies: AtomicBool,
    }

    async fn transit(
        State(fake): State<Arc<Fake>>,
        Path((what, key)): Path<(String, String)>,
        headers: HeaderMap,
        Json(body): Json<Value>,
    ) -> Result<Json<Value>, StatusCode> {
        fake.asked.fetch_add(1, Ordering::Relaxed);
        if headers
            .get("x-vault-token")
            .is_none_or(|token| token != "hvs.one")
        {
            return Err(StatusCode::FORBIDDEN);
        }
        let turned = |text: &str| text.chars().rev().collect::<String>();
        let text = |name: &str| body[name].as_str().ok_or(StatusCode::BAD_REQUEST);
        let data = match (what.as_str(), key.as_str()) {
            ("encrypt", "momfood") => {
                json!({ "ciphertext": format!("vault:v1:{}", turned(text("plaintext")?)) })
            }
            ("decrypt", "momfood") if fake.lies.load(Ordering::Relaxed) => {
                json!({ "plaintext": BASE64_STANDARD.encode([9; 32]) })
            }
            ("decrypt", "momfood") => {
                let wrapped = text("ciphertext")?.strip_prefix("vault:v1:");
                json!({ "plaintext": turned(wrapped.ok_or(StatusCode::BAD_REQUEST)?) })
            }
            _ => return Err(StatusCode::NOT_FOUND),
        };
        Ok(Json(json!({ "request_id": "x", "data": data })))
    }

    #[test]
    fn a_vault_that_is_spoken_to_in_the_clear_is_refused() {
        let folder = Folder::new("vault");
        let path = folder.path().join("master-keys");
        let at = |url: &str| VaultKeys::new(path.clone(), url, "transit", "momfood", "hvs.one".into());
        assert!(at("https://vault.example:8200").is_ok() && at("http://127.0.0.1:8200").is_ok());
        let refused = at("http://vault.example:8200").err().unwrap();
        assert!(
            format!("{refused:#}").contains("vault_url: secrets are sent there"),
            "{refused:#}"
        );
    }

    async fn start() -> (Arc<Fake>, String) {
        let fake = Arc::new(Fake::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().route("/v1/transit/{what}/{key}", post(transit));
        tokio::spawn(axum::serve(listener, routes.with_state(Arc::clone(&fake))).into_future());
        (fake, url)
    }

    fn vault(folder: &Folder, url: &str, token: &str) -> VaultKeys {
        let path = folder.path().join("master-keys");
        VaultKeys::new(path, url, "transit", "momfood", token.to_owned().into()).unwrap()
    }

    #[tokio::test]
    async fn the_file_holds_what_vault_made_of_the_keys_and_is_opened_once() {
        let (fake, url) = start().await;
        let folder = Folder::new("vault");
        let keys = vault(&folder, &url, "hvs.one");
        assert!(keys.load().await.unwrap().is_empty());
        let (one, two) = (
            MasterKey::new([1; KEY], Timestamp(0)),
            MasterKey::new([2; KEY], Timestamp(0)),
        );
        keys.begin(&one).await.unwrap();
        keys.begin(&two).await.unwrap();
        let text = std::fs::read_to_string(folder.path().join("master-keys")).unwrap();
        assert!(
            text.contains("vault:v1:") && !text.contains(one.reveal().as_str()),
            "{text}"
        );
        assert_eq!(keys.load().await.unwrap().names(), one.id());
        let asked = fake.asked.load(Ordering::Relaxed);
        keys.add(&two).await.unwrap();
        assert!(keys.load().await.unwrap().get(two.id()).is_some());
        assert_eq!(
            fake.asked.load(Ordering::Relaxed),
            asked + 2,
            "one to wrap it, one to open it"
        );
        // Another server opens the same file.
        let ring = vault(&folder, &url, "hvs.one").load().await.unwrap();
        assert_eq!(ring.get(one.id()).unwrap().bytes(), one.bytes());
        keys.remove(one.id()).await.unwrap();
        assert_eq!(keys.load().await.unwrap().names(), two.id());
    }

    #[tokio::test]
    async fn a_vault_that_refuses_is_away_or_lies_gives_no_key_and_tells_no_secret() {
        let (fake, url) = start().await;
        let folder = Folder::new("vault");
        let key = MasterKey::new([1; KEY], Timestamp(0));
        vault(&folder, &url, "hvs.one").add(&key).await.unwrap();
        let told = async |keys: VaultKeys| keys.load().await.unwrap_err().to_string();
        let refused = told(vault(&folder, &url, "hvs.two")).await;
        assert!(refused.contains("403") && !refused.contains("hvs"), "{refused}");
        let away = told(vault(&folder, "http://127.0.0.1:1", "hvs.one")).await;
        assert!(away.contains("did not answer"), "{away}");
        fake.lies.store(true, Ordering::Relaxed);
        let lied = told(vault(&folder, &url, "hvs.one")).await;
        assert!(lied.contains("another key"), "{lied}");
        assert!(
            VaultKeys::new(
                folder.path().into(),
                &url,
                "transit",
                "a/../b",
                String::new().into()
            )
            .is_err()
        );
    }
}

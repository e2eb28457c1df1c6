//! Settings: defaults, then a file, then the environment, then flags; each later one wins. The only place that
//! reads the environment. Secrets are never printed.

use std::net::SocketAddr;
use std::path::PathBuf;

use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider};
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};

use crate::address::{self, ProxyHeader};
use crate::limits::Budgets;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For eyes.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Whether support and admins must have a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffFactor {
    /// Yes: without one they can do nothing but set one up.
    Required,
    /// They may: for demos and tests, whose passwords are public anyway.
    Optional,
}

/// Every setting of the server. In the environment a setting is called `MOMFOOD_` and its name in capitals;
/// the database is also found under `DATABASE_URL`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the server keeps its files: the SQLite database, the signing key, media.
    pub data_dir: PathBuf,
    /// `sqlite:<path>` or `postgres://…`. Without it: `momfood.db` in the data folder.
    pub database_url: Option<SecretString>,
    /// The built web apps. Without it only the API is served.
    pub web_dir: Option<PathBuf>,
    /// Pictures served under `/media/`. Without it: `media` in the data folder.
    pub media_dir: Option<PathBuf>,
    /// The Ed25519 key that signs tokens. Without it: `signing-key.pem` in the data folder.
    pub signing_key: Option<PathBuf>,
    /// The master key that wraps the keys of persons, 32 bytes in Base64; older ones after commas. Without it: the file
    /// `master_key_file`.
    pub master_key: Option<SecretString>,
    /// The file of master keys. Without it: `master-keys` in the data folder.
    pub master_key_file: Option<PathBuf>,
    /// The address of a HashiCorp Vault whose transit engine opens the master keys in that file. Without it: the file holds
    /// the keys themselves.
    pub vault_url: Option<String>,
    /// What this server shows to Vault.
    pub vault_token: Option<SecretString>,
    /// Where the transit engine is mounted.
    pub vault_mount: String,
    /// The transit key.
    pub vault_key: String,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged, as `tracing-subscriber` reads it.
    pub log_filter: String,
    /// Connections that read, on SQLite.
    pub sqlite_readers: u32,
    /// All connections, on PostgreSQL.
    pub postgres_connections: u32,
    /// Open sockets at most; more wait to be accepted.
    pub max_connections: usize,
    /// Send and receive buffer of each socket in bytes. Small ones (16384) let one machine hold very many live
    /// streams; without it the system's own sizing is best for downloads.
    pub socket_buffer: Option<u32>,
    /// Seconds that requests and streams have to end when the server stops.
    pub shutdown_seconds: u64,
    /// Mutations a second that one device may hand in for long; thousands may come at once after hours offline.
    pub device_rate: u32,
    /// How often who may do what, where it differs from the usual: `reads=600+60/s, looks=none`, or `none`. See
    /// `docs/protection.md`.
    pub limits: Budgets,
    /// `redis://…`: where several servers share what has been used of those. Without it each counts for itself.
    pub redis_url: Option<SecretString>,
    /// Networks of our own proxies: only they are believed about whom they ask for.
    #[serde(deserialize_with = "address::networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they say it.
    pub proxy_header: ProxyHeader,
    /// Other sites whose pages may ask this server, each `https://…`; they sign in with tokens, never with cookies.
    #[serde(deserialize_with = "origins")]
    pub allowed_origins: Vec<String>,
    /// Whether cookies are marked `Secure`. Without it: unless the browser asks for this machine by name.
    pub secure_cookies: Option<bool>,
    /// Whether support and admins must have a second factor: `required`, or `optional` for demos.
    pub staff_second_factor: StaffFactor,
    /// The address people reach this server at, `https://…`: for links that are sent to others. Without it: the one that
    /// whoever asks for a link has asked at.
    pub public_url: Option<String>,
    /// The `.p8` key for Apple's push service. Without it: iPhones are told nothing.
    pub apns_key: Option<PathBuf>,
    /// The id of that key.
    pub apns_key_id: Option<String>,
    /// The team it belongs to.
    pub apns_team: Option<String>,
    /// The bundle id of the customer's app.
    pub apns_topic: Option<String>,
    /// Where Apple's push service is; the other one for apps still in development is `https://api.sandbox.push.apple.com`.
    pub apns_url: String,
    /// The service account's JSON file for Firebase Cloud Messaging. Without it: Android phones are told nothing.
    pub fcm_account: Option<PathBuf>,
    /// Where Firebase Cloud Messaging is.
    pub fcm_url: String,
    /// The address of an SMS provider's HTTP API. Without it: nobody signs in by phone.
    pub sms_url: Option<String>,
    /// What is posted there, as JSON or as a form, with places for `{to}`, `{digits}`, `{text}`, `{id}` and `{token}`.
    pub sms_body: String,
    /// Who we are to it, when it asks for a user and a password.
    pub sms_user: Option<String>,
    /// Its secret: the password of that user, else a bearer token.
    pub sms_token: Option<SecretString>,
    /// `smtps://host` or `smtp://host`. Without it: no emails, and nobody signs up by email.
    pub smtp_server: Option<String>,
    /// Who we are to it.
    pub smtp_user: Option<String>,
    /// The password of that user.
    pub smtp_password: Option<SecretString>,
    /// Who emails come from: `MomFood <no-reply@…>`.
    pub mail_from: Option<String>,
    /// Show SMS and emails at `/dev/messages` and send none: for development, on this machine only.
    pub dev_messages: bool,
    /// Our client id at Google. Without it: nobody signs in with Google.
    pub google_client_id: Option<String>,
    /// Its secret.
    pub google_client_secret: Option<SecretString>,
    /// Where Google is.
    pub google_issuer: String,
    /// Our services id at Apple. Without it: nobody signs in with Apple.
    pub apple_client_id: Option<String>,
    /// The team it belongs to.
    pub apple_team: Option<String>,
    /// The team's `.p8` key for signing in with Apple.
    pub apple_key: Option<PathBuf>,
    /// The id of that key.
    pub apple_key_id: Option<String>,
    /// Where Apple is.
    pub apple_issuer: String,
    /// Our app at Facebook. Without it: nobody signs in with Facebook.
    pub facebook_app_id: Option<String>,
    /// Its secret.
    pub facebook_app_secret: Option<SecretString>,
    /// Facebook's sign-in page.
    pub facebook_dialog_url: String,
    /// Facebook's Graph API.
    pub facebook_graph_url: String,
    /// Write push messages into the log and send none: for development.
    pub push_log: bool,
    /// Seconds the server's clock is ahead of the machine's: to rehearse what an hour of outage does. Never in earnest.
    pub clock_ahead_seconds: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from(".momfood"),
            database_url: None,
            web_dir: None,
            media_dir: None,
            signing_key: None,
            master_key: None,
            master_key_file: None,
            vault_url: None,
            vault_token: None,
            vault_mount: "transit".to_owned(),
            vault_key: "momfood".to_owned(),
            log_format: LogFormat::Pretty,
            log_filter: "info,sqlx=warn".to_owned(),
            sqlite_readers: 4,
            postgres_connections: 16,
            max_connections: 20_000,
            socket_buffer: None,
            shutdown_seconds: 10,
            device_rate: 100,
            limits: Budgets::default(),
            redis_url: None,
            trusted_proxies: Vec::new(),
            proxy_header: ProxyHeader::default(),
            allowed_origins: Vec::new(),
            secure_cookies: None,
            staff_second_factor: StaffFactor::Required,
            public_url: None,
            apns_key: None,
            apns_key_id: None,
            apns_team: None,
            apns_topic: None,
            apns_url: "https://api.push.apple.com".to_owned(),
            fcm_account: None,
            fcm_url: "https://fcm.googleapis.com".to_owned(),
            sms_url: None,
            sms_body: r#"{"to": "{to}", "text": "{text}", "id": "{id}"}"#.to_owned(),
            sms_user: None,
            sms_token: None,
            smtp_server: None,
            smtp_user: None,
            smtp_password: None,
            mail_from: None,
            dev_messages: false,
            google_client_id: None,
            google_client_secret: None,
            google_issuer: "https://accounts.google.com".to_owned(),
            apple_client_id: None,
            apple_team: None,
            apple_key: None,
            apple_key_id: None,
            apple_issuer: "https://appleid.apple.com".to_owned(),
            facebook_app_id: None,
            facebook_app_secret: None,
            facebook_dialog_url: "https://www.facebook.com/v24.0/dialog/oauth".to_owned(),
            facebook_graph_url: "https://graph.facebook.com/v24.0".to_owned(),
            push_log: false,
            clock_ahead_seconds: 0,
        }
    }
}

/// The settings that can be given on the command line.
#[derive(Clone, Debug, Default, clap::Args, Serialize)]
pub struct Flags {
    /// Settings file; `momfood.toml` is read when it is there
    #[arg(long, global = true, env = "MOMFOOD_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Folder of the database, the signing key and media
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_dir: Option<PathBuf>,
    /// `sqlite:<path>` or `postgres://…`
    #[arg(long, global = true, hide_env_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Folder of the built web apps
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_dir: Option<PathBuf>,
    /// Folder of the pictures under /media/
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_dir: Option<PathBuf>,
    /// How log lines look
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_format: Option<LogFormat>,
    /// What is logged, for example `info,momfood_backend=debug`
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_filter: Option<String>,
}

impl Provider for Flags {
    fn metadata(&self) -> Metadata {
        Metadata::named("command line")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Serialized::defaults(self).data()
    }
}

/// A setting as `doctor` shows it.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// Its value, or a placeholder for a secret.
    pub value: String,
    /// Where it came from.
    pub source: String,
}

const NAMES: &[&str] = &[
    "listen",
    "data_dir",
    "database_url",
    "web_dir",
    "media_dir",
    "signing_key",
    "master_key",
    "master_key_file",
    "vault_url",
    "vault_token",
    "vault_mount",
    "vault_key",
    "log_format",
    "log_filter",
    "sqlite_readers",
    "postgres_connections",
    "max_connections",
    "socket_buffer",
    "shutdown_seconds",
    "device_rate",
    "limits",
    "redis_url",
    "trusted_proxies",
    "proxy_header",
    "allowed_origins",
    "secure_cookies",
    "staff_second_factor",
    "public_url",
    "apns_key",
    "apns_key_id",
    "apns_team",
    "apns_topic",
    "apns_url",
    "fcm_account",
    "fcm_url",
    "sms_url",
    "sms_body",
    "sms_user",
    "sms_token",
    "smtp_server",
    "smtp_user",
    "smtp_password",
    "mail_from",
    "dev_messages",
    "google_client_id",
    "google_client_secret",
    "google_issuer",
    "apple_client_id",
    "apple_team",
    "apple_key",
    "apple_key_id",
    "apple_issuer",
    "facebook_app_id",
    "facebook_app_secret",
    "facebook_dialog_url",
    "facebook_graph_url",
    "push_log",
    "clock_ahead_seconds",
];

/// The settings in effect and where each came from.
pub struct Loaded {
    /// The settings.
    pub config: Config,
    sources: Figment,
}

impl Config {
    /// Gathers the settings. Fails on a value that cannot be understood and on unknown names in the file.
    pub fn load(flags: &Flags) -> Result<Loaded, Box<figment::Error>> {
        let file = match &flags.config {
            Some(path) => Toml::file_exact(path),
            None => Toml::file("momfood.toml"),
        };
        let sources = Figment::new()
            .merge(file)
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed("MOMFOOD_").only(NAMES))
            .merge(flags);
        let config = sources.extract().map_err(Box::new)?;
        Ok(Loaded { config, sources })
    }

    /// The database to open. Holds a password, perhaps: hand it to the store and nowhere else.
    pub fn database(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose_secret().to_owned(),
            None => format!("sqlite:{}", self.data_dir.join("momfood.db").display()),
        }
    }

    /// Where pictures are.
    pub fn media(&self) -> PathBuf {
        self.media_dir
            .clone()
            .unwrap_or_else(|| self.data_dir.join("media"))
    }

    /// Whether people reach this server from this machine only, as far as its settings say.
    pub fn is_on_this_machine(&self) -> bool {
        let public = self.public_url.as_deref().map(str::parse::<http::Uri>);
        let named = match public {
            None => true,
            Some(Ok(uri)) => uri.host().is_some_and(is_this_machine),
            Some(Err(_)) => false,
        };
        named && self.listen.ip().to_canonical().is_loopback()
    }

    /// Where the signing key is.
    pub fn key_file(&self) -> PathBuf {
        self.signing_key
            .clone()
            .unwrap_or_else(|| self.data_dir.join("signing-key.pem"))
    }

    /// Where the master keys are, unless they are a setting.
    pub fn master_key_file(&self) -> PathBuf {
        self.master_key_file
            .clone()
            .unwrap_or_else(|| self.data_dir.join("master-keys"))
    }
}

impl Loaded {
    /// Every setting with its value and source; passwords hidden.
    pub fn settings(&self) -> Vec<Setting> {
        NAMES
            .iter()
            .map(|&name| Setting {
                name,
                value: self.shown(name),
                source: self.source(name),
            })
            .collect()
    }

    /// The file that a setting was read from, if it was one.
    pub(crate) fn file(&self, name: &str) -> Option<PathBuf> {
        let source = self.sources.find_metadata(name)?.source.as_ref()?;
        source.file_path().map(PathBuf::from)
    }

    /// Where a setting came from.
    pub(crate) fn source(&self, name: &str) -> String {
        match self.sources.find_metadata(name) {
            None => "default".to_owned(),
            Some(metadata) => match &metadata.source {
                Some(source) => format!("{} {source}", metadata.name),
                None => metadata.name.clone().into_owned(),
            },
        }
    }

    fn shown(&self, name: &str) -> String {
        let config = &self.config;
        let path = |path: &PathBuf| path.display().to_string();
        let text = |value: Option<&String>, without: &str| value.map_or(without, String::as_str).to_owned();
        let off = |service: &str| format!("none: {service} is not used");
        match name {
            "listen" => config.listen.to_string(),
            "data_dir" => path(&config.data_dir),
            "database_url" => without_password(&config.database()),
            "web_dir" => config
                .web_dir
                .as_ref()
                .map_or_else(|| "none: only the API".to_owned(), path),
            "media_dir" => path(&config.media()),
            "signing_key" => path(&config.key_file()),
            "master_key" => hidden(config.master_key.as_ref(), "none: the file of master keys"),
            "master_key_file" => path(&config.master_key_file()),
            "vault_url" => text(
                config.vault_url.as_ref(),
                "none: the file holds the keys themselves",
            ),
            "vault_token" => hidden(config.vault_token.as_ref(), "none"),
            "vault_mount" => config.vault_mount.clone(),
            "vault_key" => config.vault_key.clone(),
            "log_format" => format!("{:?}", config.log_format).to_lowercase(),
            "log_filter" => config.log_filter.clone(),
            "sqlite_readers" => config.sqlite_readers.to_string(),
            "postgres_connections" => config.postgres_connections.to_string(),
            "max_connections" => config.max_connections.to_string(),
            "socket_buffer" => config
                .socket_buffer
                .map_or_else(|| "the system's".to_owned(), |n| n.to_string()),
            "shutdown_seconds" => config.shutdown_seconds.to_string(),
            "device_rate" => config.device_rate.to_string(),
            "limits" => config.limits.to_string(),
            "redis_url" => config.redis_url.as_ref().map_or_else(
                || "none: each server counts for itself".to_owned(),
                |url| without_password(url.expose_secret()),
            ),
            "trusted_proxies" => list(&config.trusted_proxies),
            "proxy_header" => match config.proxy_header {
                ProxyHeader::XForwardedFor => "x-forwarded-for".to_owned(),
                ProxyHeader::Forwarded => "forwarded".to_owned(),
            },
            "allowed_origins" => list(&config.allowed_origins),
            "secure_cookies" => config.secure_cookies.map_or_else(
                || "unless asked for as localhost".to_owned(),
                |yes| yes.to_string(),
            ),
            "staff_second_factor" => format!("{:?}", config.staff_second_factor).to_lowercase(),
            "public_url" => text(config.public_url.as_ref(), "as whoever asks"),
            "apns_key" => config
                .apns_key
                .as_ref()
                .map_or_else(|| off("Apple's push service"), path),
            "apns_key_id" => text(config.apns_key_id.as_ref(), "none"),
            "apns_team" => text(config.apns_team.as_ref(), "none"),
            "apns_topic" => text(config.apns_topic.as_ref(), "none"),
            "apns_url" => config.apns_url.clone(),
            "fcm_account" => config.fcm_account.as_ref().map_or_else(|| off("Firebase"), path),
            "fcm_url" => config.fcm_url.clone(),
            "sms_url" => text(config.sms_url.as_ref(), "none: nobody signs in by phone"),
            "sms_body" => config.sms_body.clone(),
            "sms_user" => text(config.sms_user.as_ref(), "none"),
            "sms_token" => hidden(config.sms_token.as_ref(), "none"),
            "smtp_server" => text(config.smtp_server.as_ref(), "none: no emails are sent"),
            "smtp_user" => text(config.smtp_user.as_ref(), "none"),
            "smtp_password" => hidden(config.smtp_password.as_ref(), "none"),
            "mail_from" => text(config.mail_from.as_ref(), "none"),
            "dev_messages" => config.dev_messages.to_string(),
            "google_client_id" => text(
                config.google_client_id.as_ref(),
                "none: nobody signs in with Google",
            ),
            "google_client_secret" => hidden(config.google_client_secret.as_ref(), "none"),
            "google_issuer" => config.google_issuer.clone(),
            "apple_client_id" => text(
                config.apple_client_id.as_ref(),
                "none: nobody signs in with Apple",
            ),
            "apple_team" => text(config.apple_team.as_ref(), "none"),
            "apple_key" => config.apple_key.as_ref().map_or_else(|| "none".to_owned(), path),
            "apple_key_id" => text(config.apple_key_id.as_ref(), "none"),
            "apple_issuer" => config.apple_issuer.clone(),
            "facebook_app_id" => text(
                config.facebook_app_id.as_ref(),
                "none: nobody signs in with Facebook",
            ),
            "facebook_app_secret" => hidden(config.facebook_app_secret.as_ref(), "none"),
            "facebook_dialog_url" => config.facebook_dialog_url.clone(),
            "facebook_graph_url" => config.facebook_graph_url.clone(),
            "push_log" => config.push_log.to_string(),
            "clock_ahead_seconds" => config.clock_ahead_seconds.to_string(),
            _ => String::new(),
        }
    }
}

/// That a secret is set, and nothing of it.
fn hidden(secret: Option<&SecretString>, without: &str) -> String {
    secret.map_or(without, |_| "•••").to_owned()
}

/// Whether a host's name or address is this machine's for itself.
pub fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// A few things, or the word for none.
fn list<T: ToString>(things: &[T]) -> String {
    if things.is_empty() {
        return "none".to_owned();
    }
    let texts: Vec<String> = things.iter().map(T::to_string).collect();
    texts.join(", ")
}

/// Texts: a list, or one text with commas, as the environment has it.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    let items = match Written::deserialize(deserializer)? {
        Written::List(items) => items,
        Written::Text(text) => text.split(',').map(str::to_owned).collect(),
    };
    let items = items.iter().map(|item| item.trim().to_owned());
    Ok(items.filter(|item| !item.is_empty()).collect())
}

/// Origins as browsers write them: a scheme, a host, perhaps a port, and nothing else. What this server tells another
/// site's page goes through that page: without HTTPS anybody on its way could write it. Names of the machine itself need
/// none; a native app's page is at one (`http://tauri.localhost`).
fn origins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let origins = texts(deserializer)?;
    for origin in &origins {
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let plain = |host: &str| {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b':' | b'[' | b']'))
        };
        if !host.is_some_and(plain) {
            let wrong = format!("`{origin}` is no origin: write `https://shop.example`");
            return Err(serde::de::Error::custom(wrong));
        }
        let uri = origin.parse::<http::Uri>();
        let name = uri.as_ref().ok().and_then(http::Uri::host).unwrap_or_default();
        let here = is_this_machine(name) || name.ends_with(".localhost");
        if !here && !origin.starts_with("https://") {
            let open = format!("`{origin}` would be asked in the clear: it must be https");
            return Err(serde::de::Error::custom(open));
        }
    }
    Ok(origins)
}

/// A database address that may be shown: `postgres://user:•••@host/name`, and nothing after a `?`.
fn without_password(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((who, host)) => {
            let user = who.split_once(':').map_or(who, |(user, _)| user);
            format!("{scheme}://{user}:•••@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> Flags {
        Flags::default()
    }

    #[test]
    fn later_sources_win_and_each_value_knows_where_it_came_from() {
        let folder = crate::testing::Folder::new("config");
        let file = folder.path().join("my.toml");
        std::fs::write(&file, "data_dir = \"from-file\"\nsqlite_readers = 9\n").unwrap();
        let flags = Flags {
            config: Some(file),
            data_dir: Some("from-flag".into()),
            ..flags()
        };
        let loaded = Config::load(&flags).unwrap();
        assert_eq!(loaded.config.data_dir, PathBuf::from("from-flag"));
        assert_eq!(loaded.config.sqlite_readers, 9);
        assert_eq!(loaded.source("data_dir"), "command line");
        assert!(loaded.source("sqlite_readers").contains("my.toml"));
        assert_eq!(loaded.source("shutdown_seconds"), "default");
    }

    #[test]
    fn a_misspelt_setting_in_the_file_is_refused() {
        let folder = crate::testing::Folder::new("config");
        let file = folder.path().join("my.toml");
        std::fs::write(&file, "data_dri = \"oops\"\n").unwrap();
        let error = Config::load(&Flags {
            config: Some(file),
            ..flags()
        })
        .err()
        .unwrap();
        assert!(error.to_string().contains("data_dri"));
    }

    #[test]
    fn another_sites_pages_come_by_https_or_from_this_machine() {
        let folder = crate::testing::Folder::new("config");
        let file = folder.path().join("my.toml");
        let load = |origin: &str| {
            std::fs::write(&file, format!("allowed_origins = \"{origin}\"\n")).unwrap();
            let loaded = Config::load(&Flags {
                config: Some(file.clone()),
                ..flags()
            });
            loaded.map(|loaded| loaded.config.allowed_origins)
        };
        for good in [
            "https://shop.example",
            "https://shop.example:8443",
            "http://localhost:8080",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://tauri.localhost",
        ] {
            assert_eq!(load(good).unwrap(), [good]);
        }
        for wrong in [
            "http://shop.example",
            "http://localhost.shop.example",
            "http://192.168.1.2:8080",
            "https://shop.example/",
            "shop.example",
            "*",
            "null",
        ] {
            assert!(load(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_server_that_nobody_else_reaches_is_on_this_machine() {
        let on = |listen: &str, public: Option<&str>| {
            Config {
                listen: listen.parse().unwrap(),
                public_url: public.map(str::to_owned),
                ..Config::default()
            }
            .is_on_this_machine()
        };
        assert!(on("127.0.0.1:8080", None) && on("[::1]:8080", None));
        assert!(
            on("127.0.0.1:8080", Some("http://localhost:8080")) && on("127.0.0.2:80", Some("http://[::1]"))
        );
        assert!(!on("0.0.0.0:8080", None) && !on("192.168.1.2:8080", None));
        assert!(!on("127.0.0.1:8080", Some("https://momfood.example")));
        assert!(!on("127.0.0.1:8080", Some("https://localhost.momfood.example")));
    }

    #[test]
    fn no_secret_comes_with_the_program() {
        let settings = Config::load(&flags()).unwrap().settings();
        assert!(
            settings
                .iter()
                .all(|s| s.source != "default" || !s.value.contains('•'))
        );
        assert!(Config::default().master_key.is_none() && Config::default().vault_token.is_none());
    }

    #[test]
    fn every_setting_is_shown_and_no_password_is() {
        let url = "postgres://momfood:hunter2@db.example/momfood?sslpassword=hunter2";
        let loaded = Config::load(&Flags {
            database_url: Some(url.into()),
            ..flags()
        })
        .unwrap();
        let settings = loaded.settings();
        assert!(settings.iter().all(|s| !s.value.is_empty()));
        assert!(settings.iter().all(|s| !s.value.contains("hunter2")));
        assert!(
            settings
                .iter()
                .any(|s| s.value == "postgres://momfood:•••@db.example/momfood")
        );
        assert!(!format!("{:?}", loaded.config).contains("hunter2"));
    }
}

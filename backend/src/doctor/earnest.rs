//! What should be otherwise before others reach a server, though it would run: each with what to do about it. Nothing of
//! this is said of a server for its own machine, as a demo is.

use std::collections::BTreeSet;

use momfood_domain::time::{MINUTE, Timestamp};
use secrecy::ExposeSecret as _;

use super::read_by_others;
use crate::config::{Config, Loaded, StaffFactor, is_this_machine};
use crate::limits::{self, Class};
use crate::store::{self, Db, StoreError, sql};

/// How long an entry of the audit log may wait to be sealed: a server that runs does it within seconds.
const WAITS: i64 = 60 * MINUTE;
/// Settings that hold a secret.
const SECRETS: [&str; 8] = [
    "database_url",
    "master_key",
    "vault_token",
    "redis_url",
    "sms_token",
    "smtp_password",
    "google_client_secret",
    "facebook_app_secret",
];

/// The setting, or what else it is about, and what to do.
pub(super) type Advice = (&'static str, String);

/// What is to be said of the settings.
pub(super) fn settings(loaded: &Loaded) -> Vec<Advice> {
    let config = &loaded.config;
    let mut all = reached(config);
    all.extend(guards(config));
    all.extend(ways_out(config));
    all.extend(secrets(loaded));
    all
}

/// How people reach it.
fn reached(config: &Config) -> Vec<Advice> {
    let mut all = Vec::new();
    let mut say = |what, text: &str| all.push((what, text.to_owned()));
    let https = config
        .public_url
        .as_deref()
        .is_some_and(|url| url.starts_with("https://"));
    match &config.public_url {
        None => say(
            "public_url",
            "is not set: no passkeys, no HSTS, and links lead to whatever name was asked; set `https://…`",
        ),
        Some(url)
            if !https
                && !url
                    .parse::<http::Uri>()
                    .is_ok_and(|url| url.host().is_some_and(is_this_machine)) =>
        {
            say(
                "public_url",
                "is not https: passwords and tokens travel in the clear; put a TLS terminator before the server",
            );
        }
        Some(_) => {}
    }
    if https && config.trusted_proxies.is_empty() {
        say(
            "trusted_proxies",
            "is empty: everybody has the address of the TLS terminator and shares its budgets; name its network",
        );
    }
    if config.secure_cookies == Some(false) {
        say(
            "secure_cookies",
            "is off: sign-ins travel in the clear; take the setting out",
        );
    }
    all
}

/// What stands against attackers, and what is for development alone.
fn guards(config: &Config) -> Vec<Advice> {
    let mut all = Vec::new();
    let unbounded: Vec<&str> = Class::ALL
        .iter()
        .filter(|class| config.limits.of(**class).is_none())
        .map(|class| class.word())
        .collect();
    if !unbounded.is_empty() {
        let text = format!(
            "nothing bounds {}: guessing and floods are free; give them budgets, or take the setting out",
            unbounded.join(", ")
        );
        all.push(("limits", text));
    }
    let mut say = |what, text: &str| all.push((what, text.to_owned()));
    if config.staff_second_factor == StaffFactor::Optional {
        say(
            "staff_second_factor",
            "is optional: a stolen password of an admin is everybody's data; set `required`",
        );
    }
    if config.dev_messages {
        say(
            "dev_messages",
            "is on: codes are shown and not sent; a server that others reach does not start with it",
        );
    }
    if config.push_log {
        say("push_log", "is on: nobody's phone is told anything; take it out");
    }
    if config.clock_ahead_seconds != 0 {
        say(
            "clock_ahead_seconds",
            "is not 0: tokens and codes end at the wrong time; take it out",
        );
    }
    all
}

/// Whom it speaks to, and how.
fn ways_out(config: &Config) -> Vec<Advice> {
    let mut all = Vec::new();
    let mut say = |what, text: &str| all.push((what, text.to_owned()));
    if config.smtp_server.is_none() && !config.dev_messages {
        say(
            "smtp_server",
            "is not set: nobody signs up by email, and nobody is written to when their account is used; set it and `mail_from`",
        );
    }
    if config.sms_url.is_none() && !config.dev_messages {
        say(
            "sms_url",
            "is not set: nobody signs in by phone; set it and `sms_token`",
        );
    }
    if store::may_be_read_on_its_way(&config.database()) {
        say(
            "database_url",
            "is on another machine and may be spoken to in the clear, or be somebody else's; add `?sslmode=verify-full`",
        );
    }
    let redis = config.redis_url.as_ref();
    if redis.is_some_and(|url| limits::may_be_read_on_its_way(url.expose_secret())) {
        say(
            "redis_url",
            "is on another machine and spoken to in the clear; write `rediss://`",
        );
    }
    all
}

/// Where secrets lie.
fn secrets(loaded: &Loaded) -> Vec<Advice> {
    let config = &loaded.config;
    let mut all = Vec::new();
    if config.master_key.is_some() && loaded.source("master_key").contains("environment") {
        let text = "is in the environment, which the server's processes and whoever may look at them read; \
                    use `master_key_file` (mode 0600) or Vault";
        all.push(("master_key", text.to_owned()));
    }
    let written: BTreeSet<_> = SECRETS.into_iter().filter_map(|name| loaded.file(name)).collect();
    let files = written.iter().map(|path| ("settings", path));
    let given = [
        ("apns_key", &config.apns_key),
        ("fcm_account", &config.fcm_account),
        ("apple_key", &config.apple_key),
    ];
    let given = given
        .into_iter()
        .filter_map(|(name, path)| Some((name, path.as_ref()?)));
    all.extend(
        files
            .chain(given)
            .filter_map(|(what, path)| Some((what, read_by_others(path)?))),
    );
    all
}

/// What is to be said of the database.
pub(super) async fn contents(db: &Db, now: Timestamp) -> Result<Vec<Advice>, StoreError> {
    let mut tx = db.read().await?;
    let (admins,) = sql!(
        &mut tx,
        fetch_one as (i64,),
        "select count(*) from user_roles r join users u on u.id = r.user_id \
         where r.role = 'admin' and u.status = 'active'"
    )?;
    let (oldest,) = sql!(
        &mut tx,
        fetch_one as (Option<Timestamp>,),
        "select min(a.at) from audit_waiting w join audit_log a on a.id = w.entry"
    )?;
    let (demo,) = sql!(
        &mut tx,
        fetch_one as (i64,),
        "select count(*) from users where email like '%@demo.momfood.test'"
    )?;
    let mut all = Vec::new();
    let mut say = |what, text: &str| all.push((what, text.to_owned()));
    match admins {
        0 => say(
            "admins",
            "there is none: nobody lets restaurants and drivers in; `momfood admin create`",
        ),
        1 => say(
            "admins",
            "there is one: who loses their phone shuts everybody out; make a second",
        ),
        _ => {}
    }
    if oldest.is_some_and(|oldest| now.since(oldest) > WAITS) {
        say(
            "audit log",
            "an entry has waited for over an hour to be sealed, so nobody would find it changed; start a server, or `momfood audit seal`",
        );
    }
    if demo > 0 {
        say(
            "demo",
            "the people of the demo are in this database, and their passwords are public; begin with an empty one",
        );
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;
    use crate::identity::appoint;
    use crate::store::Engine;
    use crate::testing::{Folder, TestApp};

    /// What is said of these settings, as a file has them.
    fn said(settings: &str) -> Vec<&'static str> {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("doctor");
        let file = folder.path().join("my.toml");
        std::fs::write(&file, settings).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let loaded = Config::load(&Flags {
            config: Some(file),
            ..Flags::default()
        });
        let all = super::settings(&loaded.unwrap());
        all.into_iter().map(|(what, _)| what).collect()
    }

    const GOOD: &str = r#"
        public_url = "https://momfood.example"
        trusted_proxies = "10.0.0.0/8"
        smtp_server = "smtps://mail.example"
        sms_url = "https://sms.example"
        database_url = "postgres://momfood:hunter2@db.example/momfood?sslmode=verify-full"
        redis_url = "rediss://redis.example"
    "#;

    #[test]
    fn a_server_set_up_as_the_steps_say_is_left_alone() {
        assert_eq!(said(GOOD), [""; 0]);
    }

    #[test]
    fn each_setting_that_weakens_it_is_named_and_no_other() {
        let with = |from: &str, to: &str| {
            let settings = GOOD.replace(from, to);
            assert_ne!(settings, GOOD, "{from}");
            said(&settings)
        };
        for (from, to, what) in [
            ("public_url = \"https://momfood.example\"", "", "public_url"),
            ("https://momfood.example", "http://momfood.example", "public_url"),
            ("trusted_proxies = \"10.0.0.0/8\"", "", "trusted_proxies"),
            ("smtp_server = \"smtps://mail.example\"", "", "smtp_server"),
            ("sms_url = \"https://sms.example\"", "", "sms_url"),
            ("?sslmode=verify-full", "", "database_url"),
            ("verify-full", "require", "database_url"),
            ("rediss://", "redis://", "redis_url"),
        ] {
            assert_eq!(with(from, to), [what], "{from}");
        }
        for (line, what) in [
            ("limits = \"none\"", "limits"),
            ("limits = \"sign_in=none\"", "limits"),
            ("staff_second_factor = \"optional\"", "staff_second_factor"),
            ("dev_messages = true", "dev_messages"),
            ("push_log = true", "push_log"),
            ("clock_ahead_seconds = 5", "clock_ahead_seconds"),
            ("secure_cookies = false", "secure_cookies"),
        ] {
            assert_eq!(said(&format!("{GOOD}\n{line}")), [what], "{line}");
        }
    }

    #[test]
    fn what_stays_on_this_machine_needs_no_encryption() {
        for (from, to) in [
            ("db.example/momfood?sslmode=verify-full", "127.0.0.1/momfood"),
            (
                "db.example/momfood?sslmode=verify-full",
                "/momfood?host=/run/postgresql",
            ),
            ("rediss://redis.example", "redis://localhost"),
            ("rediss://redis.example", "unix:///run/redis.sock"),
        ] {
            assert_eq!(said(&GOOD.replace(from, to)), [""; 0], "{to}");
        }
    }

    #[test]
    fn a_file_of_secrets_that_others_may_read_is_named() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("doctor");
        let file = folder.path().join("my.toml");
        let told = |settings: &str, mode: u32| {
            std::fs::write(&file, settings).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            let loaded = Config::load(&Flags {
                config: Some(file.clone()),
                ..Flags::default()
            });
            secrets(&loaded.unwrap())
                .iter()
                .map(|(what, _)| *what)
                .collect::<Vec<_>>()
        };
        assert_eq!(told("smtp_password = \"x\"", 0o600), [""; 0]);
        assert_eq!(
            told("smtp_password = \"x\"\nsms_token = \"y\"", 0o640),
            ["settings"]
        );
        assert_eq!(told("smtp_user = \"x\"", 0o644), [""; 0], "no secret is in it");
        let key = file.display().to_string();
        assert_eq!(told(&format!("apple_key = \"{key}\""), 0o644), ["apple_key"]);
    }

    #[tokio::test]
    async fn who_runs_the_platform_is_to_be_two_and_the_log_to_be_sealed() {
        let app = TestApp::start(Engine::Sqlite).await;
        let now = app.clock.now();
        let said = async |at: Timestamp| {
            let all = contents(&app.db, at).await.unwrap();
            all.into_iter().map(|(what, _)| what).collect::<Vec<_>>()
        };
        assert_eq!(said(now).await, ["admins"]);
        for email in ["hind@example.sa", "noura@example.sa"] {
            assert_eq!(said(now).await, ["admins"]);
            let id = app.clock.id();
            let made = app
                .db
                .write(async move |mut tx| appoint(&mut tx, id, (email, "هند"), "no hash", now).await);
            made.await.unwrap();
        }
        assert_eq!(said(now).await, [""; 0]);
        app.register("sara@example.sa", "a long secret", "سارة")
            .await
            .data();
        let now = app.clock.now();
        assert_eq!(said(now).await, [""; 0]);
        assert_eq!(said(now.plus(WAITS + 1)).await, ["audit log"]);
        app.seed().await;
        assert_eq!(said(now).await, ["demo"]);
    }
}

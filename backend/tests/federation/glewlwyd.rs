//! A whole sign-in at a real OpenID provider that we did not write: Glewlwyd, Debian's package, on a private database
//! in a folder of its own, listening to this machine alone.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use momfood_backend::both;
use momfood_backend::store::Engine;
use momfood_backend::testing::{Folder, FromEngine, TestApp};
use momfood_domain::actor::Role;
use openidconnect::url::Url;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::browser::{Browser, VERIFIER, details, finish, link, query};

const PROGRAM: &str = "/usr/bin/glewlwyd";
const SCHEMA: &str = "/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz";
const BACK: &str = "http://localhost:8080/api/v1/auth/oauth/google/callback";
const CLIENT: &str = "momfood";
const SECRET: &str = "what-glewlwyd-knows-us-by";
const PASSWORD: &str = "sara's own password";

/// The provider, as long as it is wanted.
struct Glewlwyd {
    process: Child,
    url: String,
    outside: Client,
    _folder: Folder,
}

impl Drop for Glewlwyd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Glewlwyd's settings. It reads no default of what is not there.
fn settings(port: u16, database: &str) -> String {
    format!(
        r#"port={port}
bind_address="127.0.0.1"
external_url="http://localhost:{port}"
login_url="login.html"
api_prefix="api"
static_files_path="/usr/share/glewlwyd/webapp/"
allow_origin="*"
log_mode="console"
log_level="NONE"
log_file="/dev/null"
cookie_domain="localhost"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD"
login_api_enabled=true
max_post_size=1048576
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
user_middleware_module_path="/usr/lib/glewlwyd/user_middleware"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
use_secure_connection=false
secure_connection_key_file="/nowhere"
secure_connection_pem_file="/nowhere"
secure_connection_ca_file="/nowhere"
hash_algorithm="SHA512"
database = {{ type = "sqlite3", path = "{database}" }};
"#
    )
}

/// A port nobody listens to at the moment.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The RSA key it signs with: of the tests' own.
fn key(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/federation")
        .join(name);
    fs::read_to_string(path).unwrap()
}

impl Glewlwyd {
    async fn start() -> Self {
        assert!(
            PathBuf::from(PROGRAM).exists() && PathBuf::from(SCHEMA).exists(),
            "Glewlwyd is not installed: apt-get install glewlwyd dbconfig-sqlite3"
        );
        let folder = Folder::new("glewlwyd");
        let database = folder.path().join("glewlwyd.db");
        let schema = Command::new("gzip")
            .args(["-dc", SCHEMA])
            .output()
            .unwrap()
            .stdout;
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(&database)
            .create_if_missing(true);
        let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options)
            .await
            .unwrap();
        let schema = String::from_utf8(schema).unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(schema))
            .execute(&mut conn)
            .await
            .unwrap();
        sqlx::Connection::close(conn).await.unwrap();
        let port = free_port();
        let file = folder.path().join("glewlwyd.conf");
        fs::write(&file, settings(port, &database.display().to_string())).unwrap();
        let process = Command::new(PROGRAM)
            .arg(format!("--config-file={}", file.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let outside = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let glewlwyd = Self {
            process,
            url: format!("http://localhost:{port}/api"),
            outside,
            _folder: folder,
        };
        glewlwyd.prepare().await;
        glewlwyd
    }

    /// Sends JSON as whoever has `cookie`; the cookie that comes back.
    async fn send(&self, method: Method, path: &str, cookie: &str, body: &Value) -> String {
        let request = self.outside.request(method, format!("{}/{path}", self.url));
        let answer = request.header(COOKIE, cookie).json(body).send().await.unwrap();
        let status = answer.status();
        let cookies: Vec<String> = answer
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned))
            .collect();
        let said = answer.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {said}");
        cookies.join("; ")
    }

    async fn sign_in(&self, who: &str, password: &str) -> String {
        let body = json!({ "username": who, "password": password });
        self.send(Method::POST, "auth/", "", &body).await
    }

    /// Our client, its one user, and how it answers.
    async fn prepare(&self) {
        // It listens within a moment; how long a moment is, is the machine's business.
        let mut tries = 0;
        while self
            .outside
            .get(format!("{}/auth/", self.url))
            .send()
            .await
            .is_err()
        {
            tries += 1;
            assert!(tries < 600, "Glewlwyd does not listen");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let admin = self.sign_in("admin", "password").await;
        let plugin = json!({ "module": "oidc", "name": "oidc", "display_name": "oidc", "parameters": {
            "iss": format!("{}/oidc", self.url), "jwt-type": "rsa", "jwt-key-size": "256",
            "key": key("other.pem"), "cert": key("other.pub.pem"),
            "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600,
            "refresh-token-rolling": false, "allow-non-oidc": true, "auth-type-code-enabled": true,
            "auth-type-token-enabled": false, "auth-type-id-token-enabled": true,
            "auth-type-password-enabled": false, "auth-type-client-enabled": false,
            "auth-type-refresh-enabled": false, "subject-type": "public", "jwks-show": true,
            "pkce-allowed": true, "pkce-method-plain-allowed": false, "pkce-required": true,
            "email-claim": "mandatory", "email-claim-scope": [], "name-claim": "no", "name-claim-scope": [],
            "scope-claim": "no", "allowed-scope": ["openid", "email", "profile"],
            "claims": [
                { "name": "email_verified", "user-property": "picture", "type": "boolean",
                    "boolean-value-true": "yes", "boolean-value-false": "no", "mandatory": true, "scope": [] },
                { "name": "given_name", "user-property": "name", "type": "string", "mandatory": true, "scope": [] },
            ] } });
        self.send(Method::POST, "mod/plugin/", &admin, &plugin).await;
        let client = json!({ "client_id": CLIENT, "name": "MomFood", "source": "database", "enabled": true,
            "confidential": true, "client_secret": SECRET, "scope": ["openid"], "redirect_uri": [BACK],
            "authorization_type": ["code"], "token_endpoint_auth_method": ["client_secret_post"] });
        self.send(Method::POST, "client/", &admin, &client).await;
        let user = json!({ "username": "sara", "name": "Sara", "password": PASSWORD, "enabled": true,
            "email": "sara@mail.example", "picture": "yes", "scope": ["openid", "g_profile"], "source": "database" });
        self.send(Method::POST, "user/", &admin, &user).await;
    }

    /// Sara signs in on the provider's page and allows what it asks: the query she is sent back with.
    async fn allow(&self, page: &Url) -> Vec<(String, String)> {
        let sara = self.sign_in("sara", PASSWORD).await;
        let grant = json!({ "scope": "openid" });
        self.send(Method::PUT, &format!("auth/grant/{CLIENT}/"), &sara, &grant)
            .await;
        // Its own page adds this when she presses "continue".
        let url = format!("{page}&g_continue");
        let answer = self.outside.get(url).header(COOKIE, &sara).send().await.unwrap();
        let location = answer.headers().get(LOCATION).unwrap().to_str().unwrap();
        assert!(location.starts_with(BACK), "{location}");
        query(location).into_iter().collect()
    }
}

/// A server that knows Glewlwyd as Google.
struct Real {
    app: TestApp,
    glewlwyd: Glewlwyd,
}

impl FromEngine for Real {
    async fn from_engine(engine: Engine) -> Self {
        let glewlwyd = Glewlwyd::start().await;
        let app = TestApp::start_with(engine, |config| {
            config.google_client_id = Some(CLIENT.to_owned());
            config.google_client_secret = Some(SECRET.to_owned().into());
            config.google_issuer = format!("{}/oidc", glewlwyd.url);
        })
        .await;
        app.seed().await;
        Self { app, glewlwyd }
    }
}

fn pairs(query: &[(String, String)]) -> Vec<(&str, &str)> {
    query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

both! {
    async fn somebody_signs_in_at_a_real_provider(real: Real) {
        let browser = Browser::default();
        let page = browser.begin(&real.app, "google").await;
        let query = real.glewlwyd.allow(&page).await;
        let address = browser.back(&real.app, "google", &pairs(&query)).await;
        assert!(address.starts_with("/signed-in?ticket="), "{address}");
        let answer = finish(&real.app, &address, VERIFIER).await;
        assert_eq!(answer.code(), "registration_required");
        assert_eq!(details(&answer)["email"], "sara@mail.example");
        assert_eq!(details(&answer)["firstName"], "Sara");
        // The same code a second time, on a trip of its own: the provider does not take it.
        let page = browser.begin(&real.app, "google").await;
        let state = crate::browser::query(page.as_str())["state"].clone();
        let code = query.iter().find(|(name, _)| name == "code").unwrap().1.clone();
        let again = [("code", code.as_str()), ("state", state.as_str())];
        let address = browser.back(&real.app, "google", &again).await;
        assert_eq!(address, "/signed-in?error=provider_refused&provider=google");
    }

    async fn an_account_at_a_real_provider_is_linked_and_signs_in(real: Real) {
        let sara = real.app.token("sara", Role::Customer).await;
        let browser = Browser::default();
        let page = browser.begin_to_link(&real.app, &sara, "google").await;
        let query = real.glewlwyd.allow(&page).await;
        let address = browser.back(&real.app, "google", &pairs(&query)).await;
        assert_eq!(link(&real.app, &sara, &address).await.data()["provider"], "google");
        let browser = Browser::default();
        let page = browser.begin(&real.app, "google").await;
        let query = real.glewlwyd.allow(&page).await;
        let address = browser.back(&real.app, "google", &pairs(&query)).await;
        let session = finish(&real.app, &address, VERIFIER).await.data();
        assert_eq!(session["user"]["email"], "sara@demo.momfood.test");
    }

    async fn a_code_without_its_secret_is_worth_nothing_at_a_real_provider(real: Real) {
        // Whoever catches somebody else's code brings it back on a trip of their own, whose secret it was not made for.
        let (thief, sara) = (Browser::default(), Browser::default());
        let page = sara.begin(&real.app, "google").await;
        let caught = real.glewlwyd.allow(&page).await;
        let code = caught.iter().find(|(name, _)| name == "code").unwrap().1.clone();
        let theirs = thief.begin(&real.app, "google").await;
        let state = crate::browser::query(theirs.as_str())["state"].clone();
        let pairs = [("code", code.as_str()), ("state", state.as_str())];
        let address = thief.back(&real.app, "google", &pairs).await;
        assert_eq!(address, "/signed-in?error=provider_refused&provider=google");
    }
}

//! The way to another provider and back. Three things hold a trip together: the ticket that travels as `state` and works
//! once; a cookie, by which the browser that comes back is the one that left; and the hash of a secret that only the
//! program that began knows, by which nobody can be signed in to somebody else's account with a ticket they were sent.
//! A program of its own has no cookie in the browser it sends people to: there the secret alone holds.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use http::{HeaderMap, HeaderValue, header};
use momfood_domain::id::UserId;
use momfood_protocol::account::{BeginOauth, Provider, Unregistered};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::linked::{self, Subject};
use super::{Away, word};
use crate::app::App;
use crate::identity::challenge::{self, Found, Kind, TICKET_MINUTES};
use crate::identity::cookie::{Secure, is_this_machine, request_cookie};
use crate::identity::entry::{self, Entered, FirstFactor, How, Origin};
use crate::identity::error::Refusal;
use crate::identity::registration::{self, Proven};
use crate::identity::session::Wish;
use crate::identity::{joining, people};

/// Where the cookie is sent: providers send people back there.
const COOKIE_PATH: &str = "/api/v1/auth/oauth";
/// More than any provider's code.
const LONGEST_CODE: usize = 4_096;
/// A name longer than this is somebody's joke.
const LONGEST_NAME: usize = 60;

/// Where somebody comes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Home {
    Customer,
    Kitchen,
    Driver,
    Admin,
    /// A program of its own, under the address that only it opens.
    Native,
}

impl Home {
    fn of(begin: &BeginOauth) -> Option<Self> {
        let page = match begin.app.as_str() {
            "customer" => Self::Customer,
            "kitchen" => Self::Kitchen,
            "driver" => Self::Driver,
            "admin" => Self::Admin,
            _ => return None,
        };
        Some(if begin.native { Self::Native } else { page })
    }

    const fn page(self) -> &'static str {
        match self {
            Self::Customer => "/signed-in",
            Self::Kitchen => "/kitchen/signed-in",
            Self::Driver => "/driver/signed-in",
            Self::Admin => "/admin/signed-in",
            Self::Native => "momfood://signed-in",
        }
    }
}

/// What is known of a trip until its end. Sealed with its ticket.
#[derive(Clone, Serialize, Deserialize)]
pub struct Trip {
    provider: Provider,
    home: Home,
    /// What the secret of whoever began hashes to.
    challenge: String,
    /// What the browser's cookie hashes to; nothing for a program of its own.
    cookie: Option<String>,
    /// The provider signs it again.
    pub(super) nonce: String,
    /// Shown with the provider's code.
    pub(super) pkce: String,
    /// The address the provider sends people back to.
    pub(super) back: String,
    /// Whether somebody signed in links an account, rather than signs in with one.
    links: bool,
}

impl fmt::Debug for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Trip({}, {:?})", word(self.provider), self.home)
    }
}

/// What is known when somebody came back, until they show their secret. Sealed with its ticket.
#[derive(Clone, Serialize, Deserialize)]
struct Arrival {
    provider: Provider,
    challenge: String,
    subject: String,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    links: bool,
}

/// Where to go, and the cookie to go with.
pub(super) struct Departure {
    pub url: String,
    pub cookie: Option<HeaderValue>,
}

/// Begins a trip to `provider`; `links` is who wants to link an account.
pub(super) async fn begin(
    app: &App,
    provider: Provider,
    begin: &BeginOauth,
    links: Option<UserId>,
    headers: &HeaderMap,
) -> Result<Departure, Refusal> {
    let home = Home::of(begin).ok_or(Refusal::Invalid("app"))?;
    if BASE64_URL_SAFE_NO_PAD
        .decode(&begin.challenge)
        .map(|hash| hash.len())
        != Ok(32)
    {
        return Err(Refusal::Invalid("challenge"));
    }
    let elsewhere = app.elsewhere.get(provider).ok_or(Refusal::NotFound)?;
    let origin = origin(app, headers).ok_or(Refusal::NotFound)?;
    let random = || BASE64_URL_SAFE_NO_PAD.encode(app.clock.bytes::<32>());
    let cookie = (home != Home::Native).then(random);
    let trip = Trip {
        provider,
        home,
        challenge: begin.challenge.clone(),
        cookie: cookie.as_deref().map(hash),
        nonce: random(),
        pkce: random(),
        back: format!("{origin}/api/v1/auth/oauth/{}/callback", word(provider)),
        links: links.is_some(),
    };
    let (id, now) = (app.clock.uuid(), app.clock.now());
    let (state, kept) = (app.clone(), trip.clone());
    let (ticket, _) = app
        .db
        .write(async move |mut tx| {
            challenge::begin(&mut tx, &state.keys, Kind::Oauth, links, &kept, (id, now)).await
        })
        .await?;
    let url = elsewhere
        .page(&trip, ticket)
        .await
        .map_err(|away| refusal(away, provider))?;
    let cookie = cookie.and_then(|value| keep(&value, id, elsewhere.posts_back(), secure(&trip)));
    Ok(Departure { url, cookie })
}

/// Our own address. A server for its own machine alone may be on a port nobody knew before it listened.
fn origin(app: &App, headers: &HeaderMap) -> Option<String> {
    let site = app.site.as_ref()?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match host {
        Some(host) if app.config.public_url.is_none() && is_this_machine(headers) => {
            Some(format!("http://{host}"))
        }
        _ => Some(site.origin().to_owned()),
    }
}

/// What a provider sent somebody back with.
#[derive(Default, Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub error: Option<String>,
    /// Apple's: a name, the first time.
    #[serde(default)]
    pub user: Option<String>,
}

/// Apple's `user`: what the browser says, so it is a suggestion and no more.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    #[serde(default)]
    name: ToldName,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldName {
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
}

/// Somebody came back from `provider`: the address of our own page to go on to, and the cookie to be forgotten.
pub(super) async fn back(
    app: &App,
    provider: Provider,
    back: Back,
    headers: &HeaderMap,
) -> (String, Option<HeaderValue>) {
    let Ok(found) = returned(app, provider, &back.state, headers).await else {
        return (address(Home::Customer, &[("error", "ticket_invalid")]), None);
    };
    let trip = &found.state;
    let forget = trip
        .cookie
        .is_some()
        .then(|| forget(found.id, secure(trip)))
        .flatten();
    let address = match arrive(app, trip, found.person, back).await {
        Ok(ticket) if trip.links => address(trip.home, &[("ticket", &ticket), ("for", "link")]),
        Ok(ticket) => address(trip.home, &[("ticket", &ticket)]),
        Err(refused) => {
            let error = match refused {
                Away::Refused => "provider_refused",
                Away::Unreachable => "try_again",
                Away::Broken => "internal",
            };
            address(trip.home, &[("error", error), ("provider", word(provider))])
        }
    };
    (address, forget)
}

/// The trip of `state`, which is over with this. Refuses another provider's, and another browser's.
async fn returned(
    app: &App,
    provider: Provider,
    state: &str,
    headers: &HeaderMap,
) -> Result<Found<Trip>, Refusal> {
    let (parts, ticket, headers) = (app.clone(), state.to_owned(), headers.clone());
    app.db
        .write(async move |mut tx| {
            let now = parts.clock.now();
            let found: Found<Trip> = challenge::look(&mut tx, &parts.keys, Kind::Oauth, &ticket, now).await?;
            let shown = request_cookie(&headers, &cookie_name(found.id, secure(&found.state)));
            let same = match &found.state.cookie {
                Some(expected) => shown.is_some_and(|value| is_hash_of(expected, &value)),
                None => true,
            };
            if found.state.provider != provider || !same {
                return Err(Refusal::TicketInvalid);
            }
            challenge::take(&mut tx, &parts.keys, Kind::Oauth, &ticket, now).await
        })
        .await
}

/// Asks the provider whose the code is; the answer is the ticket for the end.
async fn arrive(app: &App, trip: &Trip, person: Option<UserId>, back: Back) -> Result<String, Away> {
    if let Some(error) = &back.error {
        // Theirs to choose, so only a little of it.
        let error: String = error.chars().filter(char::is_ascii_graphic).take(40).collect();
        tracing::info!(
            provider = word(trip.provider),
            error,
            "came back without an account"
        );
        return Err(Away::Refused);
    }
    let code = back.code.filter(|code| (1..=LONGEST_CODE).contains(&code.len()));
    let code = code.ok_or(Away::Refused)?;
    let elsewhere = app.elsewhere.get(trip.provider).ok_or(Away::Refused)?;
    let account = elsewhere.account(trip, code).await?;
    let email = account.email.and_then(|email| joining::email(&email));
    let told: Told = back
        .user
        .and_then(|user| serde_json::from_str(&user).ok())
        .unwrap_or_default();
    let name = |vouched: Option<String>, told: Option<String>| {
        let name = vouched.or(told)?;
        let name = name.trim();
        let fits = !name.is_empty() && !name.contains(char::is_control);
        fits.then(|| name.chars().take(LONGEST_NAME).collect())
    };
    let arrival = Arrival {
        provider: trip.provider,
        challenge: trip.challenge.clone(),
        subject: account.subject,
        email,
        first_name: name(account.first_name, told.name.first_name),
        last_name: name(account.last_name, told.name.last_name),
        links: trip.links,
    };
    let (state, made) = (app.clone(), (app.clock.uuid(), app.clock.now()));
    app.db
        .write(async move |mut tx| {
            challenge::begin(&mut tx, &state.keys, Kind::OauthDone, person, &arrival, made).await
        })
        .await
        .map(|(ticket, _)| ticket)
        .map_err(|error: Refusal| super::inside(&error))
}

/// What `ticket` came back with, if `verifier` is the secret of whoever began. A wrong one counts; the right one is the
/// ticket's last.
async fn arrived(
    app: &App,
    ticket: String,
    verifier: String,
    links: bool,
) -> Result<Found<Arrival>, Refusal> {
    let state = app.clone();
    // A miss is an outcome, not an error: it must be kept.
    let found: Option<Found<Arrival>> = app
        .db
        .write(async move |mut tx| {
            let now = state.clock.now();
            let found: Found<Arrival> =
                challenge::look(&mut tx, &state.keys, Kind::OauthDone, &ticket, now).await?;
            if found.state.links != links || !is_hash_of(&found.state.challenge, &verifier) {
                challenge::miss(&mut tx, found.id).await?;
                return Ok(None);
            }
            let taken = challenge::take(&mut tx, &state.keys, Kind::OauthDone, &ticket, now).await?;
            Ok::<_, Refusal>(Some(taken))
        })
        .await?;
    found.ok_or(Refusal::TicketInvalid)
}

/// Signs in with what `ticket` came back with.
pub(super) async fn enter(
    app: &App,
    (ticket, verifier): (String, String),
    wish: Wish,
    origin: Origin,
) -> Result<Entered, Refusal> {
    let arrival = arrived(app, ticket, verifier, false).await?.state;
    let state = app.clone();
    // An open registration is an outcome, not an error: its ticket must be kept.
    let entered = app
        .db
        .write(async move |mut tx| {
            let now = state.clock.now();
            let subject = Subject::of(&mut tx, arrival.provider, &arrival.subject).await?;
            if let Some(person) = linked::owner(&mut tx, &subject).await? {
                linked::used(&mut tx, &subject, now).await?;
                let how = How::by(FirstFactor::Oauth);
                return entry::admit(&state, &mut tx, person, how, wish, &origin)
                    .await
                    .map(Ok);
            }
            if let Some(email) = &arrival.email
                && people::by_email(&mut tx, email).await?.is_some()
            {
                // Never linked by an email alone: whoever had the account first may not be who has the email.
                return Err(Refusal::AlreadyLinked(arrival.provider));
            }
            let proven = Proven {
                email: arrival.email,
                phone: None,
                first_name: arrival.first_name,
                last_name: arrival.last_name,
                account: Some(subject),
            };
            let made = (state.clock.uuid(), now);
            registration::begin(&mut tx, &state.keys, proven, made)
                .await
                .map(Err)
        })
        .await?;
    entered.map_err(|unregistered: Unregistered| Refusal::RegistrationRequired(Box::new(unregistered)))
}

/// Links what `ticket` came back with to `caller`, who began.
pub(super) async fn link(
    app: &App,
    caller: crate::identity::SignedIn,
    (ticket, verifier): (String, String),
) -> Result<momfood_protocol::account::Linked, Refusal> {
    let found = arrived(app, ticket, verifier, true).await?;
    if found.person != Some(caller.user) {
        return Err(Refusal::TicketInvalid);
    }
    linked::link(app, caller, found.state.provider, found.state.subject).await
}

pub(super) fn refusal(away: Away, provider: Provider) -> Refusal {
    match away {
        Away::Refused => Refusal::ProviderRefused(provider),
        Away::Unreachable => Refusal::ProviderSilent(provider),
        Away::Broken => Refusal::Broken("signing in elsewhere".to_owned()),
    }
}

fn address(home: Home, query: &[(&str, &str)]) -> String {
    let query = openidconnect::url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(query)
        .finish();
    format!("{}?{query}", home.page())
}

/// Base64url of the SHA-256 of a secret.
fn hash(secret: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

/// Whether `expected` is [`hash`] of `secret`, in a time that tells nothing of either.
fn is_hash_of(expected: &str, secret: &str) -> bool {
    // Comparing codes under a key made for it is what the HMAC crate does in constant time.
    let code = |text: &str| {
        Hmac::<Sha256>::new_from_slice(b"compare").ok().map(|mut code| {
            code.update(text.as_bytes());
            code
        })
    };
    match (code(expected), code(&hash(secret))) {
        (Some(expected), Some(shown)) => expected.verify(&shown.finalize().into_bytes()).is_ok(),
        _ => false,
    }
}

/// How the browser of `trip` is reached, there and back.
fn secure(trip: &Trip) -> Secure {
    Secure::that(trip.back.starts_with("https://"))
}

fn cookie_name(id: Uuid, secure: Secure) -> String {
    let id = id.simple().to_string();
    // A v7 id ends in chance.
    secure.name(&format!("momfood_trip_{}", &id[20..]))
}

fn keep(value: &str, id: Uuid, posts_back: bool, secure: Secure) -> Option<HeaderValue> {
    // A form that another site sends brings no cookie but one that says it may; browsers want such a one `Secure`.
    let (kind, encrypted) = if posts_back {
        ("None", Secure::that(true))
    } else {
        ("Lax", secure)
    };
    let (seconds, encrypted) = (TICKET_MINUTES * 60, encrypted.attribute());
    let text = format!(
        "{}={value}; Path={COOKIE_PATH}; Max-Age={seconds}; HttpOnly; SameSite={kind}{encrypted}",
        cookie_name(id, secure)
    );
    HeaderValue::from_str(&text).ok()
}

fn forget(id: Uuid, secure: Secure) -> Option<HeaderValue> {
    let (name, encrypted) = (cookie_name(id, secure), secure.attribute());
    let text = format!("{name}=; Path={COOKIE_PATH}; Max-Age=0; HttpOnly{encrypted}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_comes_back_to_a_page_of_ours() {
        let home = |app: &str, native| {
            Home::of(&BeginOauth {
                app: app.to_owned(),
                native,
                challenge: String::new(),
            })
        };
        for app in [
            "",
            "Customer",
            "//evil.example",
            "https://evil.example",
            "customer/../x",
            "admin\n",
        ] {
            assert_eq!(home(app, false), None, "{app}");
            assert_eq!(home(app, true), None, "{app}");
        }
        for (app, page) in [
            ("customer", "/signed-in?ticket=a%26b"),
            ("kitchen", "/kitchen/signed-in?ticket=a%26b"),
            ("driver", "/driver/signed-in?ticket=a%26b"),
            ("admin", "/admin/signed-in?ticket=a%26b"),
        ] {
            assert_eq!(address(home(app, false).unwrap(), &[("ticket", "a&b")]), page);
            let native = address(home(app, true).unwrap(), &[("ticket", "a")]);
            assert_eq!(native, "momfood://signed-in?ticket=a");
        }
    }

    #[test]
    fn a_secret_is_known_by_its_hash() {
        // The example of RFC 7636, appendix B.
        let (verifier, challenge) = (
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        );
        assert!(is_hash_of(challenge, verifier));
        assert!(!is_hash_of(challenge, challenge));
        assert!(!is_hash_of(challenge, ""));
        assert!(!is_hash_of("", ""));
    }

    #[test]
    fn only_a_form_of_anothers_needs_a_cookie_that_goes_with_it() {
        let id = Uuid::from_u128(7);
        let text = |posts, secure| {
            let cookie = keep("v", id, posts, Secure::that(secure)).unwrap();
            cookie.to_str().unwrap().to_owned()
        };
        assert!(text(false, false).ends_with("HttpOnly; SameSite=Lax"));
        assert!(text(false, true).ends_with("HttpOnly; SameSite=Lax; Secure"));
        assert!(text(true, true).ends_with("HttpOnly; SameSite=None; Secure"));
        assert!(text(true, false).ends_with("HttpOnly; SameSite=None; Secure"));
    }

    #[test]
    fn what_is_kept_for_https_alone_is_named_so_and_forgotten_by_that_name() {
        let id = Uuid::from_u128(7);
        for (https, prefix, end) in [
            (true, "__Secure-momfood_trip_", "; Secure"),
            (false, "momfood_trip_", "Lax"),
        ] {
            let secure = Secure::that(https);
            let kept = keep("v", id, false, secure).unwrap();
            let kept = kept.to_str().unwrap();
            assert!(kept.starts_with(prefix) && kept.ends_with(end), "{kept}");
            let gone = forget(id, secure).unwrap();
            let gone = gone.to_str().unwrap();
            let name = |text: &str| text.split_once('=').unwrap().0.to_owned();
            assert_eq!(name(gone), name(kept));
            assert_eq!(gone.ends_with("; Secure"), https, "{gone}");
        }
    }
}

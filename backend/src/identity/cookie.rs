//! Cookie mode: a browser's refresh token travels in a cookie that no script can read, one per app, so that apps open
//! side by side do not sign each other out. The header that asks for it is also what proves that one of our own pages
//! asks: another site's form or picture cannot send it.

use axum::extract::FromRequestParts;
use axum_extra::extract::cookie::CookieJar;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use momfood_protocol::rest::COOKIE_HEADER;

use crate::app::App;
use crate::config::Config;
use crate::error::{ApiError, ErrorCode};

pub(super) const APPS: [&str; 4] = ["customer", "kitchen", "driver", "admin"];
/// Where the cookie is sent: nothing else needs it.
const PATH: &str = "/api/v1/auth";
const DAY: i64 = 24 * 60 * 60;
const SEVEN_DAYS: i64 = 7 * DAY;
/// As long as browsers keep any.
const KNOWN_DAYS: i64 = 400 * DAY;

/// Whether the browser that asks is reached by HTTPS, as far as settings and the name it asks for say. There cookies are
/// `Secure`, and their names say so: browsers let no page without HTTPS set, or hide, one of such a name. (`__Host-`
/// would be for the whole site; ours are for [`PATH`] alone.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Secure(bool);

impl Secure {
    /// Of a request to `app`.
    pub fn of(headers: &HeaderMap, config: &Config) -> Self {
        let public = config.public_url.as_deref();
        // Whatever name the proxy before it asks for.
        let https = public.is_some_and(|url| url.starts_with("https:"));
        Self(
            config
                .secure_cookies
                .unwrap_or_else(|| https || !is_this_machine(headers)),
        )
    }

    /// As `yes` says.
    pub const fn that(yes: bool) -> Self {
        Self(yes)
    }

    /// The name that a cookie has there.
    pub fn name(self, plain: &str) -> String {
        let prefix = if self.0 { "__Secure-" } else { "" };
        format!("{prefix}{plain}")
    }

    /// The cookie by which an account knows the browser again.
    pub fn known_name(self, app: &str) -> String {
        self.name(&format!("momfood_known_{app}"))
    }

    /// What follows in the cookie's header.
    pub const fn attribute(self) -> &'static str {
        if self.0 { "; Secure" } else { "" }
    }
}

/// The cookie of one app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieMode {
    app: &'static str,
    secure: Secure,
}

impl CookieMode {
    /// The cookie's name.
    pub fn name(self) -> String {
        self.secure.name(&format!("momfood_{}", self.app))
    }

    /// The token in the request's cookie.
    pub fn token(self, headers: &HeaderMap) -> Option<String> {
        request_cookie(headers, &self.name())
    }

    /// The header that keeps `token` in the browser.
    pub fn keep(self, token: &str) -> Option<HeaderValue> {
        self.header(&self.name(), token, SEVEN_DAYS)
    }

    /// The header that makes the browser forget.
    pub fn forget(self) -> Option<HeaderValue> {
        self.header(&self.name(), "", 0)
    }

    /// The header that lets the browser be known again as `device`, for as long as browsers keep anything.
    pub(super) fn know(self, device: &str) -> Option<HeaderValue> {
        self.header(&self.secure.known_name(self.app), device, KNOWN_DAYS)
    }

    fn header(self, name: &str, value: &str, seconds: i64) -> Option<HeaderValue> {
        let secure = self.secure.attribute();
        let text =
            format!("{name}={value}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::from_str(&text).ok()
    }
}

/// The value of a cookie that a request brings.
pub(super) fn request_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned())
}

/// The cookie mode asked for, if any.
pub struct Cookies(pub Option<CookieMode>);

impl FromRequestParts<App> for Cookies {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Some(asked) = parts.headers.get(COOKIE_HEADER) else {
            return Ok(Self(None));
        };
        let known = APPS.into_iter().find(|app| asked == app);
        let app_name =
            known.ok_or_else(|| ApiError::new(ErrorCode::InvalidInput).with("field", COOKIE_HEADER))?;
        if !is_our_own_page(&parts.headers, app.config.public_url.as_deref()) {
            return Err(ApiError::new(ErrorCode::Forbidden));
        }
        Ok(Self(Some(CookieMode {
            app: app_name,
            secure: Secure::of(&parts.headers, &app.config),
        })))
    }
}

/// Whether the browser, if it is one that says so, was asked by a page of this very origin. Another site could not send
/// our header without being allowed to; allowed ones (`allowed_origins`) use tokens, never cookies.
fn is_our_own_page(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let by_fetch = headers
        .get("sec-fetch-site")
        .is_none_or(|site| site == "same-origin" || site == "none");
    by_fetch
        && headers
            .get(header::ORIGIN)
            .is_none_or(|origin| is_our_origin(origin, headers, public_url))
}

/// Whether `origin` is the address people reach us at, or the one this very request was sent to.
fn is_our_origin(origin: &HeaderValue, headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    if public_url.is_some_and(|url| url.trim_end_matches('/') == origin) {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let of = |scheme: &str| origin.strip_prefix(scheme);
    of("https://")
        .or_else(|| of("http://"))
        .zip(host)
        .is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
}

/// Whether the browser reached us under a name of its own machine, where there is no HTTPS to insist on.
pub(crate) fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("");
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_do_without_https() {
        for (host, own) in [
            ("localhost:8080", true),
            ("127.0.0.1", true),
            ("[::1]:8080", true),
            ("localhost.evil.example", false),
            ("momfood.example", false),
            ("127.0.0.1.nip.io:80", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            assert_eq!(is_this_machine(&headers), own, "{host}");
        }
        assert!(!is_this_machine(&HeaderMap::new()));
    }
}

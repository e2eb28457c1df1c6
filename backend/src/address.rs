//! Where a request comes from: the address of whoever opened the connection, or, behind proxies of our own, the one
//! they say. Nobody else is believed about it.

use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderName, header};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::config::Config;

/// The header in which trusted proxies say for whom they ask. Only one is ever read: what a proxy does not write
/// itself it passes on from whoever asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The address a request comes from; `None` only in tests, where there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(pub Option<IpAddr>);

impl Address {
    /// That of a request with these headers.
    pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, config: &Config) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.map(|ConnectInfo(peer)| asked_for(peer.ip().to_canonical(), headers, config)))
    }

    /// What is counted as one: the address, of IPv6 the network that one household or phone has.
    pub(crate) fn network(self) -> [u8; 16] {
        match self.0 {
            None => [0; 16],
            Some(IpAddr::V4(address)) => address.to_ipv6_mapped().octets(),
            Some(IpAddr::V6(address)) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                Ipv6Addr::from(network).octets()
            }
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(address) => address.fmt(f),
            None => Ok(()),
        }
    }
}

impl FromRequestParts<App> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let found = parts.extensions.get::<Self>().copied();
        Ok(found.unwrap_or_else(|| Self::of(&parts.headers, &parts.extensions, &app.config)))
    }
}

/// For whom `peer` asks: itself, unless it is a proxy of ours. Then the last address it and its likes have written that
/// is none of theirs; what stands before that one may be anybody's invention.
fn asked_for(peer: IpAddr, headers: &HeaderMap, config: &Config) -> IpAddr {
    let ours = |address: IpAddr| config.trusted_proxies.iter().any(|net| net.contains(&address));
    if !ours(peer) {
        return peer;
    }
    let name = match config.proxy_header {
        ProxyHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
        ProxyHeader::Forwarded => header::FORWARDED,
    };
    let mut nearest = peer;
    for value in headers.get_all(name).iter().rev() {
        let Ok(text) = value.to_str() else {
            return nearest;
        };
        for item in text.rsplit(',') {
            let said = match config.proxy_header {
                ProxyHeader::XForwardedFor => address(item),
                ProxyHeader::Forwarded => for_of(item).and_then(address),
            };
            match said {
                Some(said) if ours(said) => nearest = said,
                Some(said) => return said,
                // Whoever wrote this does not want to be known: they are the nearest proxy to us.
                None => return nearest,
            }
        }
    }
    nearest
}

/// The `for` of one element of `Forwarded`.
fn for_of(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value)
    })
}

/// An address as proxies write it: with or without a port, quotes, brackets.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let address = text
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = address.ok().or_else(|| bare?.parse().ok())?;
    Some(address.to_canonical())
}

/// Networks, from the settings: a list, or one text with commas.
pub(crate) fn networks<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let texts = crate::config::texts(deserializer)?;
    let read = |text: &String| {
        let one = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse::<IpNet>().or_else(|_| one()).map_err(|_| {
            serde::de::Error::custom(format!("`{text}` is no network: write `10.0.0.0/8` or `::1`"))
        })
    };
    texts.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn from(peer: &str, header: ProxyHeader, lines: &[&'static str]) -> String {
        let config = Config {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()],
            proxy_header: header,
            ..Config::default()
        };
        let name = match header {
            ProxyHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ProxyHeader::Forwarded => header::FORWARDED,
        };
        let mut headers = HeaderMap::new();
        // What the other header says is nobody's business.
        headers.append("x-real-ip", HeaderValue::from_static("6.6.6.6"));
        let other = if header == ProxyHeader::Forwarded {
            ("x-forwarded-for", "6.6.6.6")
        } else {
            ("forwarded", "for=6.6.6.6")
        };
        headers.append(other.0, HeaderValue::from_static(other.1));
        for line in lines {
            headers.append(&name, HeaderValue::from_static(line));
        }
        asked_for(peer.parse().unwrap(), &headers, &config).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed_and_only_as_far_as_they_reach() {
        let x = |peer, lines: &[&'static str]| from(peer, ProxyHeader::XForwardedFor, lines);
        assert_eq!(x("9.9.9.9", &["1.1.1.1"]), "9.9.9.9", "a stranger says nothing");
        assert_eq!(x("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(x("10.0.0.1", &["1.1.1.1"]), "1.1.1.1");
        assert_eq!(
            x("10.0.0.1", &["6.6.6.6, 1.1.1.1"]),
            "1.1.1.1",
            "the last one that is none of ours"
        );
        assert_eq!(x("10.0.0.1", &["6.6.6.6, 1.1.1.1, 10.2.3.4"]), "1.1.1.1");
        assert_eq!(
            x("10.0.0.1", &["6.6.6.6", "1.1.1.1", "10.2.3.4"]),
            "1.1.1.1",
            "whatever the lines"
        );
        assert_eq!(x("10.0.0.1", &["1.1.1.1:443"]), "1.1.1.1");
        assert_eq!(x("10.0.0.1", &["[2a00::7]:443"]), "2a00::7");
        assert_eq!(x("10.0.0.1", &["::ffff:1.1.1.1"]), "1.1.1.1");
        assert_eq!(x("2001:db8::1", &["2a00::7"]), "2a00::7");
        assert_eq!(
            x("10.0.0.1", &["6.6.6.6, unknown"]),
            "10.0.0.1",
            "nothing is believed before a gap"
        );
        assert_eq!(
            x("10.0.0.1", &["6.6.6.6, 10.9.9.9, unknown, 10.1.1.1"]),
            "10.1.1.1"
        );
        assert_eq!(
            x("10.0.0.1", &["10.1.1.1, 10.2.2.2"]),
            "10.1.1.1",
            "only ours: somebody inside"
        );
    }

    #[test]
    fn the_standard_header_says_the_same() {
        let f = |lines: &[&'static str]| from("10.0.0.1", ProxyHeader::Forwarded, lines);
        assert_eq!(f(&["for=1.1.1.1"]), "1.1.1.1");
        assert_eq!(
            f(&["for=6.6.6.6, For=\"1.1.1.1:80\";proto=https, by=10.0.0.2;for=10.0.0.3"]),
            "1.1.1.1"
        );
        assert_eq!(f(&["for=\"[2a00::7]:4711\""]), "2a00::7");
        assert_eq!(f(&["for=6.6.6.6, for=_hidden"]), "10.0.0.1");
        assert_eq!(f(&["for=6.6.6.6, proto=https"]), "10.0.0.1");
    }

    #[test]
    fn one_phone_has_one_budget_however_many_addresses_its_network_gives_it() {
        let of = |text: &str| Address(Some(text.parse().unwrap())).network();
        assert_eq!(of("2a00:1:2:3::1"), of("2a00:1:2:3:ffff::9"));
        assert_ne!(of("2a00:1:2:3::1"), of("2a00:1:2:4::1"));
        assert_ne!(of("1.1.1.1"), of("1.1.1.2"));
    }
}

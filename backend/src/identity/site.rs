//! Where people find this server: the one address that passkeys are bound to and other providers send people back to.
//! It follows from settings, never from what a request says of itself.

use anyhow::{Context as _, bail};
use openidconnect::url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::config::Config;

/// The server as browsers know it.
#[derive(Clone, Debug)]
pub struct Site {
    /// `https://momfood.example`, without a slash at its end.
    origin: String,
    webauthn: Option<Webauthn>,
}

impl Site {
    /// As `config` says; `None` where people are not told of an address. A server that only its own machine can reach is at
    /// `http://localhost`, on whichever port.
    pub fn from_config(config: &Config) -> anyhow::Result<Option<Self>> {
        let (text, on_this_machine) = match &config.public_url {
            Some(text) => (text.clone(), false),
            None if config.listen.ip().is_loopback() => {
                (format!("http://localhost:{}", config.listen.port()), true)
            }
            None => return Ok(None),
        };
        let url = Url::parse(&text).with_context(|| format!("public_url is no address: {text}"))?;
        if !matches!(url.scheme(), "https" | "http") || url.path() != "/" || url.query().is_some() {
            bail!("public_url is to be https://name and nothing behind it: {text}");
        }
        let origin = url.origin().ascii_serialization();
        // Browsers make passkeys for names only, and only where nobody can listen.
        let name = url
            .domain()
            .filter(|name| url.scheme() == "https" || *name == "localhost");
        let webauthn = match name {
            Some(name) => {
                let builder = WebauthnBuilder::new(name, &url).context("public_url")?;
                let builder = builder.rp_name("MomFood").allow_any_port(on_this_machine);
                Some(builder.build().context("public_url")?)
            }
            None => None,
        };
        Ok(Some(Self { origin, webauthn }))
    }

    /// What paths are put behind.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Its side of passkeys' ceremonies, where browsers allow them.
    pub const fn webauthn(&self) -> Option<&Webauthn> {
        self.webauthn.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(public_url: Option<&str>, listen: &str) -> anyhow::Result<Option<Site>> {
        Site::from_config(&Config {
            public_url: public_url.map(str::to_owned),
            listen: listen.parse().unwrap(),
            ..Config::default()
        })
    }

    #[test]
    fn passkeys_are_for_names_that_are_reached_safely() {
        for (public_url, listen, origin, passkeys) in [
            (None, "127.0.0.1:8080", Some("http://localhost:8080"), true),
            (None, "0.0.0.0:8080", None, false),
            (
                Some("https://momfood.example/"),
                "0.0.0.0:80",
                Some("https://momfood.example"),
                true,
            ),
            (
                Some("http://momfood.example"),
                "0.0.0.0:80",
                Some("http://momfood.example"),
                false,
            ),
            (
                Some("http://192.0.2.7:8080"),
                "0.0.0.0:80",
                Some("http://192.0.2.7:8080"),
                false,
            ),
            (
                Some("http://localhost:9000"),
                "0.0.0.0:80",
                Some("http://localhost:9000"),
                true,
            ),
        ] {
            let site = site(public_url, listen).unwrap();
            assert_eq!(site.as_ref().map(Site::origin), origin, "{public_url:?}");
            assert_eq!(
                site.is_some_and(|site| site.webauthn().is_some()),
                passkeys,
                "{public_url:?}"
            );
        }
        assert!(site(Some("momfood.example"), "127.0.0.1:80").is_err());
        assert!(site(Some("https://momfood.example/food?x=1"), "127.0.0.1:80").is_err());
        assert!(site(Some("javascript:alert(1)"), "127.0.0.1:80").is_err());
    }
}

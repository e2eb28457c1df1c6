//! Text messages through a provider's HTTP API: one POST for each, its body filled in from a template.
//!
//! `sms_body` is a JSON object, or a form when it does not begin with `{`. In its texts stand `{to}` (`+966512345678`),
//! `{digits}` (the same without `+`), `{text}`, `{id}` (a UUID, the same for each try) and `{token}` (the secret
//! `sms_token`). With `sms_user` the request is authorised by user and token (`Basic`), else by `Bearer` token, unless
//! the template has the token in it.
//!
//! Unifonic: `sms_url = "https://el.cloud.unifonic.com/rest/SMS/messages"`,
//! `sms_body = "AppSid={token}&SenderID=MomFood&Recipient={digits}&Body={text}&CorrelationID={id}"`.
//! Twilio: `sms_url = "https://api.twilio.com/2010-04-01/Accounts/AC…/Messages.json"`, `sms_user = "AC…"`,
//! `sms_body = "From=MomFood&To={to}&Body={text}"`.

use std::time::Duration;

use anyhow::{Context as _, bail};
use futures::future::BoxFuture;
use momfood_domain::phone::Phone;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use uuid::Uuid;

use super::carrier::{Outcome, Sms};
use crate::outward;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest rest that a gateway may ask for, in seconds.
const LONGEST_ASKED: i64 = 120;

/// A body to be filled in.
enum Template {
    Json(Value),
    Form(Vec<(String, String)>),
}

/// A provider's HTTP API.
pub struct Gateway {
    client: reqwest::Client,
    url: reqwest::Url,
    template: Template,
    /// Whether the token is in the body.
    token_inside: bool,
    user: Option<String>,
    token: Option<SecretString>,
}

impl Gateway {
    /// The gateway at `url`. Plain HTTP is taken to this machine only.
    pub fn new(
        url: &str,
        body: &str,
        user: Option<String>,
        token: Option<SecretString>,
    ) -> anyhow::Result<Self> {
        let url = outward::private(url)?;
        let template = if body.trim_start().starts_with('{') {
            Template::Json(serde_json::from_str(body).context("sms_body is no JSON")?)
        } else {
            let pairs = body.split('&').map(|pair| pair.split_once('='));
            let pairs: Option<Vec<_>> = pairs
                .map(|pair| pair.map(|(name, value)| (name.to_owned(), value.to_owned())))
                .collect();
            Template::Form(pairs.context("sms_body is neither a JSON object nor name=value&…")?)
        };
        if !(body.contains("{text}") && (body.contains("{to}") || body.contains("{digits}"))) {
            bail!("sms_body has no place for {{text}}, or none for {{to}} or {{digits}}");
        }
        let client = outward::client(PATIENCE)
            .build()
            .context("no network client can be made")?;
        Ok(Self {
            client,
            url,
            template,
            token_inside: body.contains("{token}"),
            user,
            token,
        })
    }

    fn token(&self) -> &str {
        self.token.as_ref().map_or("", ExposeSecret::expose_secret)
    }

    fn fill(&self, id: Uuid, to: &Phone, text: &str, place: &str) -> String {
        // In one pass: nothing that is filled in is looked at again.
        let mut filled = String::with_capacity(place.len() + text.len());
        let mut rest = place;
        while let Some(at) = rest.find('{') {
            let (before, after) = rest.split_at(at);
            filled.push_str(before);
            let id = id.to_string();
            let known = [
                ("{to}", to.as_str()),
                ("{digits}", to.as_str().trim_start_matches('+')),
                ("{text}", text),
                ("{id}", &id),
                ("{token}", self.token()),
            ];
            if let Some((name, value)) = known.iter().find(|(name, _)| after.starts_with(name)) {
                filled.push_str(value);
                rest = &after[name.len()..];
            } else {
                filled.push('{');
                rest = &after[1..];
            }
        }
        filled.push_str(rest);
        filled
    }

    fn fill_json(&self, id: Uuid, to: &Phone, text: &str, place: &Value) -> Value {
        match place {
            Value::String(place) => Value::String(self.fill(id, to, text, place)),
            Value::Array(all) => all.iter().map(|one| self.fill_json(id, to, text, one)).collect(),
            Value::Object(all) => Value::Object(
                all.iter()
                    .map(|(name, one)| (name.clone(), self.fill_json(id, to, text, one)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }

    async fn deliver(&self, id: Uuid, to: &Phone, text: &str) -> Outcome {
        let mut request = self.client.post(self.url.clone());
        request = match (&self.user, &self.token) {
            (Some(user), token) => request.basic_auth(user, token.as_ref().map(ExposeSecret::expose_secret)),
            (None, Some(token)) if !self.token_inside => request.bearer_auth(token.expose_secret()),
            _ => request,
        };
        request = match &self.template {
            Template::Json(place) => request.json(&self.fill_json(id, to, text, place)),
            Template::Form(pairs) => {
                let mut form = reqwest::Url::parse("form:").map_err(|error| error.to_string());
                if let Ok(form) = &mut form {
                    form.query_pairs_mut().extend_pairs(
                        pairs
                            .iter()
                            .map(|(name, place)| (name, self.fill(id, to, text, place))),
                    );
                }
                let body = form.ok().and_then(|form| form.query().map(str::to_owned));
                request
                    .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body.unwrap_or_default())
            }
        };
        match request.send().await {
            Ok(answer) => {
                let status = answer.status().as_u16();
                let asked = answer.headers().get(http::header::RETRY_AFTER);
                let asked: Option<i64> = asked.and_then(|asked| asked.to_str().ok()?.trim().parse().ok());
                match status {
                    200..=299 => Outcome::Sent,
                    408 | 425 | 429 | 500..=599 => Outcome::Later {
                        retry_after: asked.map(|seconds| seconds.clamp(0, LONGEST_ASKED)),
                    },
                    // A wrong key or address is a fault that somebody may mend while the message is still of use.
                    401 | 403 | 404 => {
                        tracing::error!(status, "the SMS gateway does not know us");
                        Outcome::Later { retry_after: None }
                    }
                    _ => Outcome::Refused(format!("status {status}")),
                }
            }
            Err(error) => {
                let (timeout, connect) = (error.is_timeout(), error.is_connect());
                tracing::warn!(timeout, connect, "the SMS gateway gave no answer");
                Outcome::Later { retry_after: None }
            }
        }
    }
}

impl Sms for Gateway {
    fn send<'a>(&'a self, id: Uuid, to: &'a Phone, text: &'a str) -> BoxFuture<'a, Outcome> {
        Box::pin(self.deliver(id, to, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway(body: &str) -> Gateway {
        Gateway::new("https://sms.example", body, None, Some("s3cret".into())).unwrap()
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let gateway =
            gateway(r#"{"to": "{to}", "messages": [{"text": "{text}"}], "n": 1, "odd": "{tok {digits}"}"#);
        let Template::Json(place) = &gateway.template else {
            panic!("JSON")
        };
        let to = Phone::parse("0512345678").unwrap();
        let body = gateway.fill_json(Uuid::nil(), &to, "a \"{token}\" {to}", place);
        assert_eq!(
            body,
            serde_json::json!({"to": "+966512345678", "messages": [{"text": "a \"{token}\" {to}"}], "n": 1,
                "odd": "{tok 966512345678"})
        );
    }

    #[test]
    fn a_gateway_that_could_leak_codes_or_has_no_place_for_them_is_refused() {
        let make = |url: &str, body: &str| Gateway::new(url, body, None, None).is_ok();
        let body = "To={to}&Body={text}";
        assert!(make("https://sms.example/v1", body));
        assert!(make("http://127.0.0.1:9000/", body));
        assert!(!make("http://sms.example/v1", body));
        assert!(!make("ftp://127.0.0.1/", body));
        assert!(!make("https://sms.example", "To={to}"));
        assert!(!make("https://sms.example", "Body={text}"));
        assert!(!make("https://sms.example", "{\"text\": \"{text}\", {to}"));
        assert!(!make("https://sms.example", "{to} {text}"));
    }
}

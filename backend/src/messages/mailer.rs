//! Emails through a mail server: SMTP with TLS. `smtps://host[:port]` speaks TLS from the first byte (port 465),
//! `smtp://host[:port]` begins it with STARTTLS (port 587) and goes no further without. Only to this machine itself
//! mail goes unencrypted.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use futures::future::BoxFuture;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::carrier::{Mail, Outcome};
use super::words::Letter;
use crate::clock::Clock;

/// How long one command may take, and all of them together.
const PATIENCE: Duration = Duration::from_secs(10);
const PATIENCE_IN_ALL: Duration = Duration::from_secs(40);

/// A mail server.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    clock: Clock,
}

impl Mailer {
    /// The mail server at `server`; mail comes from `from`: `MomFood <no-reply@momfood.example>`.
    pub fn new(
        server: &str,
        from: &str,
        account: Option<(String, SecretString)>,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let from: Mailbox = from.parse().context("mail_from")?;
        let url = reqwest::Url::parse(server).context("not smtps://host or smtp://host")?;
        let host = url.host_str().context("no host")?;
        // Fails only when the program has chosen one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = match url.scheme() {
            "smtps" => AsyncSmtpTransport::<Tokio1Executor>::relay(host)?,
            "smtp" if crate::config::is_this_machine(host) => {
                AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            }
            "smtp" => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host)?,
            _ => bail!("not smtps://host or smtp://host"),
        };
        if let Some(port) = url.port() {
            builder = builder.port(port);
        }
        if let Some((user, password)) = account {
            builder = builder.credentials(Credentials::new(user, password.expose_secret().to_owned()));
        }
        Ok(Self {
            transport: builder.timeout(Some(PATIENCE)).build(),
            from,
            clock,
        })
    }

    fn message(&self, id: Uuid, to: &str, letter: &Letter) -> Result<Message, String> {
        // Errors of these hold what was given: not to be told.
        let to: Address = to.parse().map_err(|_| "not an address".to_owned())?;
        let micros = u64::try_from(self.clock.now().0).unwrap_or_default();
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.as_str())
            .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone());
        message.map_err(|_| "no message can be made of it".to_owned())
    }

    async fn deliver(&self, id: Uuid, to: &str, letter: &Letter) -> Outcome {
        let message = match self.message(id, to, letter) {
            Ok(message) => message,
            Err(why) => return Outcome::Refused(why),
        };
        match tokio::time::timeout(PATIENCE_IN_ALL, self.transport.send(message)).await {
            Ok(Ok(_)) => Outcome::Sent,
            Ok(Err(error)) if error.is_permanent() => {
                // What the server says may hold the address.
                let status = error.status().map_or_else(String::new, |code| code.to_string());
                Outcome::Refused(format!("status {status}"))
            }
            Ok(Err(error)) => {
                let (timeout, tls, answered) = (error.is_timeout(), error.is_tls(), error.is_response());
                tracing::warn!(timeout, tls, answered, "the mail server did not take a message");
                Outcome::Later { retry_after: None }
            }
            Err(_) => {
                tracing::warn!(timeout = true, "the mail server did not take a message");
                Outcome::Later { retry_after: None }
            }
        }
    }
}

impl Mail for Mailer {
    fn send<'a>(&'a self, id: Uuid, to: &'a str, letter: &'a Letter) -> BoxFuture<'a, Outcome> {
        Box::pin(self.deliver(id, to, letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;

    fn mailer() -> Mailer {
        let clock = Clock::manual(NOON, 1);
        Mailer::new(
            "smtps://mail.example",
            "مام فود <no-reply@momfood.example>",
            None,
            clock,
        )
        .unwrap()
    }

    #[tokio::test]
    async fn a_letter_is_plain_text_with_no_headers_of_anybodys_making() {
        let letter = Letter {
            subject: "رمز\r\nBcc: thief@example.com".into(),
            text: "<b>123456</b>\r\n.\r\nMAIL FROM:<x@example.com>".into(),
        };
        let message = mailer()
            .message(Uuid::nil(), "sara@example.com", &letter)
            .unwrap();
        let formatted = String::from_utf8(message.formatted()).unwrap();
        let (head, _) = formatted.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = head
            .lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .filter_map(|line| line.split_once(':').map(|(name, _)| name))
            .collect();
        assert!(!names.contains(&"Bcc"), "{head}");
        assert!(head.contains("Content-Type: text/plain; charset=utf-8"), "{head}");
        assert!(head.contains("Date: Sun, 01 Mar 2026 09:00:00"), "{head}");
        assert!(
            mailer()
                .message(Uuid::nil(), "a@example.com\r\nRCPT TO:<b@example.com>", &letter)
                .is_err()
        );
    }

    #[tokio::test]
    async fn only_servers_that_are_spoken_to_in_private_are_taken() {
        let make = |server: &str| {
            Mailer::new(server, "no-reply@momfood.example", None, Clock::manual(NOON, 1)).is_ok()
        };
        assert!(
            make("smtps://mail.example") && make("smtp://mail.example:2525") && make("smtp://127.0.0.1:25")
        );
        assert!(!make("http://mail.example") && !make("mail.example"));
        assert!(Mailer::new("smtps://mail.example", "nobody", None, Clock::manual(NOON, 1)).is_err());
    }
}

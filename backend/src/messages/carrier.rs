//! What carries messages: an SMS gateway and a mail server, or for development a list to be looked at. A carrier knows
//! nothing of our database and is never asked inside one of our transactions.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures::future::BoxFuture;
use momfood_domain::phone::Phone;
use uuid::Uuid;

use super::gateway::Gateway;
use super::mailer::Mailer;
use super::shown::Shown;
use super::words::Letter;
use crate::clock::Clock;
use crate::config::Config;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The carrier has it.
    Sent,
    /// Not now.
    Later {
        /// Not before so many seconds, if the carrier said so.
        retry_after: Option<i64>,
    },
    /// The carrier will not take it, however often it is sent. Why, without anything of the message.
    Refused(String),
}

/// Carries text messages.
pub trait Sms: Send + Sync {
    /// Sends `text` to `to`, once. `id` is the same each time this message is tried.
    fn send<'a>(&'a self, id: Uuid, to: &'a Phone, text: &'a str) -> BoxFuture<'a, Outcome>;
}

/// Carries emails.
pub trait Mail: Send + Sync {
    /// Sends `letter` to `to`, once. `id` is the same each time this message is tried.
    fn send<'a>(&'a self, id: Uuid, to: &'a str, letter: &'a Letter) -> BoxFuture<'a, Outcome>;
}

/// The carriers there are.
#[derive(Clone, Default)]
pub struct Carriers {
    /// Of text messages; without it nobody signs in by phone.
    pub sms: Option<Arc<dyn Sms>>,
    /// Of emails; without it nobody signs up by email or recovers a password.
    pub mail: Option<Arc<dyn Mail>>,
    /// For development: what would have been sent, to be looked at.
    pub shown: Option<Arc<Shown>>,
}

impl Carriers {
    /// Those that `config` names. Refuses to show messages on a server that others can reach.
    pub fn from_config(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        if config.dev_messages {
            if !config.is_on_this_machine() {
                bail!(
                    "dev_messages shows everybody's codes, and this server can be reached from elsewhere: listen on \
                     127.0.0.1 without another public_url, or set it to false"
                );
            }
            return Ok(Self::shown(clock));
        }
        let mut carriers = Self::default();
        if let Some(url) = &config.sms_url {
            let gateway = Gateway::new(
                url,
                &config.sms_body,
                config.sms_user.clone(),
                config.sms_token.clone(),
            );
            carriers.sms = Some(Arc::new(gateway.context("sms_url")?));
        }
        if let Some(server) = &config.smtp_server {
            let from = config
                .mail_from
                .as_deref()
                .context("smtp_server is set and mail_from is not")?;
            let account = config.smtp_user.clone().zip(config.smtp_password.clone());
            let mailer = Mailer::new(server, from, account, clock.clone());
            carriers.mail = Some(Arc::new(mailer.context("smtp_server")?));
        }
        if carriers.mail.is_none() {
            tracing::warn!("no smtp_server is set: nobody can sign up by email or recover a password");
        }
        Ok(carriers)
    }

    /// For development and tests: shows everything and sends nothing.
    pub fn shown(clock: &Clock) -> Self {
        let shown = Arc::new(Shown::new(clock.clone()));
        Self {
            sms: Some(shown.clone()),
            mail: Some(shown.clone()),
            shown: Some(shown),
        }
    }
}

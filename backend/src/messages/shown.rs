//! For development: the messages that would have been sent, kept in memory to be looked at. It shows everybody's codes;
//! see [`Carriers::from_config`](super::Carriers::from_config) for where it may be used.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;
use momfood_domain::phone::Phone;
use momfood_domain::time::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::carrier::{Mail, Outcome, Sms};
use super::words::Letter;
use crate::clock::Clock;

/// How many are kept.
const KEPT: usize = 200;

/// A message as it would have been sent.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownMessage {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// `sms` or `email`.
    pub channel: &'static str,
    /// To which number or address.
    pub to: String,
    /// What it is about; an SMS has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The code in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Keeps the last 200.
pub struct Shown {
    clock: Clock,
    kept: Mutex<VecDeque<ShownMessage>>,
}

impl Shown {
    /// None yet.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
        }
    }

    /// All that are kept, newest first.
    pub fn all(&self) -> Vec<ShownMessage> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().cloned().collect()
    }

    fn keep(&self, id: Uuid, channel: &'static str, to: &str, letter: &Letter) {
        let message = ShownMessage {
            id,
            at: self.clock.now(),
            channel,
            to: to.to_owned(),
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            code: code_in(&letter.text),
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(message);
    }
}

/// The six digits in a text.
fn code_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 6)
        .map(str::to_owned)
}

impl Sms for Shown {
    fn send<'a>(&'a self, id: Uuid, to: &'a Phone, text: &'a str) -> BoxFuture<'a, Outcome> {
        let letter = Letter {
            subject: String::new(),
            text: text.to_owned(),
        };
        self.keep(id, "sms", to.as_str(), &letter);
        Box::pin(std::future::ready(Outcome::Sent))
    }
}

impl Mail for Shown {
    fn send<'a>(&'a self, id: Uuid, to: &'a str, letter: &'a Letter) -> BoxFuture<'a, Outcome> {
        self.keep(id, "email", to, letter);
        Box::pin(std::future::ready(Outcome::Sent))
    }
}

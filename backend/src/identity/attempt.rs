//! A try at an account's password, as far as guessing is concerned.
//!
//! Tries are counted by account and address, so that nobody uses up another's. Wrong ones from where the account has
//! never been signed in are also counted together; once there are many (somebody guesses from many addresses), each
//! such address has one try and then one in a while. Nobody is ever locked out by that: a device or an address that the
//! account knows is not concerned at all, and a new one of the owner's has its one try, too. It must never tell whether
//! there is such an account: what does not exist is counted and waits the same.

use momfood_domain::id::UserId;
use uuid::Uuid;

use super::error::Refusal;
use super::known::{self, Device};
use crate::address::Address;
use crate::app::App;
use crate::limits::{Class, Wait, Who};

impl From<Wait> for Refusal {
    fn from(wait: Wait) -> Self {
        Self::RateLimited {
            retry_after: wait.seconds,
        }
    }
}

/// A try that may be made.
pub(super) struct Attempt<'a> {
    app: &'a App,
    account: &'a str,
    who: Who<'a>,
    stranger: bool,
}

impl<'a> Attempt<'a> {
    /// Takes one try at `account`, which is `user`'s if there is one of that name. Refused when whoever asks is to wait.
    pub async fn begin(
        app: &'a App,
        account: &'a str,
        user: Option<UserId>,
        address: Address,
        devices: &[Device],
    ) -> Result<Self, Refusal> {
        let now = app.clock.now();
        let device = devices.iter().find(|device| Some(device.user) == user);
        let who = match device {
            Some(device) => Who::AccountOn(account, device.session.0),
            None => Who::AccountAt(account, address),
        };
        app.limits.take(Class::Tries, who, now).await?;
        let stranger = device.is_none() && {
            // Looked for whether there is such an account or not: it takes as long.
            let user = user.unwrap_or(UserId(Uuid::nil()));
            !known::at(&mut app.db.read().await?, user, address, now).await?
        };
        if stranger && !app.limits.has(Class::Strangers, Who::Account(account), now).await {
            app.limits.take(Class::Siege, who, now).await?;
        }
        Ok(Self {
            app,
            account,
            who,
            stranger,
        })
    }

    /// It was wrong.
    pub async fn failed(self) {
        if self.stranger {
            let (limits, now) = (&self.app.limits, self.app.clock.now());
            // Used up or not: that is asked by the next one.
            let _ = limits
                .take(Class::Strangers, Who::Account(self.account), now)
                .await;
        }
    }

    /// It was right: whoever made it has all tries at this account back, and at no other. What strangers have used up
    /// stays used.
    pub async fn succeeded(self) {
        self.app.limits.forgive(Class::Tries, self.who).await;
        if self.stranger {
            self.app.limits.forgive(Class::Siege, self.who).await;
        }
    }
}

//! The end of a run: nothing goes wrong any more, everything comes to rest, and a last look is taken.

use anyhow::Result;
use http::Method;
use momfood_domain::time::SECOND;
use momfood_protocol::feed::Snapshot;
use momfood_protocol::reading;

use super::{Event, Stop, World};
use crate::chance::Chance;
use crate::laws::{Books, Law, broken};
use crate::plan::Trouble;
use crate::server::{Ask, Sent, Shown};
use crate::town::{self, Person};

impl World<'_> {
    /// Nothing goes wrong any more.
    pub(super) async fn heal(&mut self) -> Result<(), Stop> {
        self.healing = true;
        self.tell(|| "everything heals".to_owned());
        if !self.server_up || self.server.is_dead() {
            self.server_up = false;
            self.server_up().await?;
        }
        self.server.undo_doom();
        let past = self.now().plus(-SECOND);
        self.pause(past).await?;
        for line in self.lines.values_mut() {
            line.silent = false;
        }
        for person in town::PEOPLE {
            self.server.suspend(person, false).await?;
            if person.kitchen.is_some() {
                self.server.employ(person, true).await?;
            }
        }
        let ended = [
            Trouble::SignOut,
            Trouble::Suspend,
            Trouble::Dismiss,
            Trouble::Restore,
        ];
        let ended = ended.iter().any(|trouble| self.plan.has(*trouble));
        for nth in 0..self.devices.len() {
            self.online(nth)?;
            self.boot(nth)?;
            match self.devices[nth].user {
                // Nobody's session has ended: what was read so far must do.
                Some(_) if !ended => self.begin_anew(nth)?,
                Some(person) => self.come_in(nth, person).await?,
                None => {
                    if let Some(person) = self.devices[nth].home.first().copied() {
                        self.come_in(nth, person).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A server of another program has come: the program of a device is begun anew, over its files.
    fn begin_anew(&mut self, nth: usize) -> Result<(), Stop> {
        if !self.plan.has(Trouble::View) {
            return Ok(());
        }
        self.hang_up_all_of(nth);
        let whole = Chance::of(self.plan.seed, "whole");
        self.devices[nth].die(whole, false, false);
        self.boot(nth)
    }

    /// `person` signs in on a device, whoever was signed in there, with a session that is good.
    pub(super) async fn come_in(&mut self, nth: usize, person: Person) -> Result<(), Stop> {
        let now = self.now();
        if self.devices[nth].user.is_some() {
            self.devices[nth].sign_out(now)?;
            self.work(nth)?;
        }
        let elsewhere = self.devices.iter().any(|device| device.user == Some(person));
        if !elsewhere || !self.server.knows(person).await? {
            self.server.sign_in(person).await?;
        }
        self.devices[nth].sign_in(now, person)?;
        self.tell(|| format!("{} signs in on device {nth}", person.name));
        self.work(nth)
    }

    /// Whoever left something on a device that it cannot hand in without them signs in there.
    pub(super) async fn call_back(&mut self) -> Result<(), Stop> {
        for nth in 0..self.devices.len() {
            if let Some(person) = self.devices[nth].left_behind()? {
                self.tell(|| format!("{} comes back to device {nth}", person.name));
                self.come_in(nth, person).await?;
            }
        }
        Ok(())
    }

    /// Whether nothing waits on any device, and all of them say that they are live.
    pub(super) fn is_at_rest(&mut self) -> Result<bool, Stop> {
        for device in &self.devices {
            if !device.is_at_rest()? {
                return Ok(false);
            }
        }
        Ok(self.queue.values().all(|event| {
            !matches!(
                event,
                Event::Frame(..)
                    | Event::Rest(_)
                    | Event::Arrive { .. }
                    | Event::Answer(..)
                    | Event::ServerUp
            )
        }))
    }

    pub(super) async fn last_look(&mut self) -> Result<(), Stop> {
        let now = self.now();
        let books = Books::of(&self.server.app().db).await?;
        books.check(&self.promises)?;
        for nth in 0..self.devices.len() {
            self.devices[nth].last_look(now, &self.promises, &books)?;
            let Some(person) = self.devices[nth].user else {
                continue;
            };
            for scope in self.devices[nth].scopes() {
                let ask = Ask {
                    method: Method::GET,
                    path: format!("/api/v1/scopes/{scope}/snapshot"),
                    shown: Shown::As(person),
                    key: None,
                    body: Sent::Nothing,
                    headers: vec![],
                };
                let told = self.server.ask(&ask).await?;
                let Some(told) = told.filter(|told| told.status.is_success()) else {
                    return Ok(broken(
                        Law::OnlyGranted,
                        format!("device {nth} follows {scope}, which is not granted"),
                    )?);
                };
                let data = told.body.get("data").cloned().unwrap_or_default();
                let snapshot: Snapshot = match reading::read(data) {
                    Ok(snapshot) => snapshot,
                    Err(_) => return Ok(broken(Law::Sound, format!("an unreadable snapshot of {scope}"))?),
                };
                self.devices[nth].compare(&snapshot)?;
            }
        }
        Ok(())
    }
}

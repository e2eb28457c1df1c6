//! How devices live in a run: they begin, work act by act, die between any two, and are looked at when they rest.

use anyhow::Result;
use momfood_client::sync::Input;
use momfood_domain::time::SECOND;

use super::{Event, MOST_ACTS, Stop, World};
use crate::chance::Chance;
use crate::device::Did;
use crate::laws::{Law, broken};
use crate::plan::Trouble;

impl World<'_> {
    pub(super) fn boot(&mut self, nth: usize) -> Result<(), Stop> {
        if self.devices[nth].is_up() {
            return Ok(());
        }
        let now = self.now();
        self.devices[nth].boot(now, &self.promises)?;
        let user = self.devices[nth].user.map(|person| person.name);
        self.tell(|| format!("device {nth} begins, signed in: {user:?}"));
        self.work(nth)
    }

    pub(super) fn kill(&mut self, nth: usize) {
        self.tell(|| format!("device {nth} dies"));
        self.hang_up_all_of(nth);
        let how = Chance::of(self.crash.bits(), "how");
        let (forget, damage) = (self.goes(Trouble::Forget), self.goes(Trouble::Damage));
        self.devices[nth].die(how, forget, damage);
        let back = self.crash.between(SECOND, 40 * SECOND);
        self.after(back, Event::Boot(nth));
    }

    pub(super) fn give(&mut self, nth: usize, input: Input) -> Result<(), Stop> {
        let now = self.now();
        self.devices[nth].take(now, input);
        self.work(nth)
    }

    /// Has a device do what it has to do, act by act; it may die between any two.
    pub(super) fn work(&mut self, nth: usize) -> Result<(), Stop> {
        let mut acts = 0;
        let mut dies = 4;
        loop {
            if !self.devices[nth].is_up() {
                return Ok(());
            }
            acts += 1;
            if acts > MOST_ACTS {
                return Ok(broken(
                    Law::Drains,
                    format!("device {nth} goes round in circles"),
                )?);
            }
            let now = self.now();
            if self.goes(Trouble::Crash) && self.crash.hits(dies) {
                self.kill(nth);
                return Ok(());
            }
            let Some(all) = self.devices[nth].step(now)? else {
                break;
            };
            dies = 4;
            for did in all {
                match did {
                    Did::Send(sending) => self.send(nth, sending),
                    Did::Open(number, path, person) => {
                        self.hang_up_all_of(nth);
                        let life = (nth, self.devices[nth].life);
                        if self.devices[nth].is_cut || !self.server_up {
                            let wait = self.net.between(50_000, 2 * SECOND);
                            self.after(wait, Event::Closed(life, number));
                        } else {
                            let way = self.way();
                            self.after(way, Event::Open(life, number, path, person));
                        }
                    }
                    Did::Close => self.hang_up_all_of(nth),
                    // Between what was written and what is written next, programs die more often.
                    Did::Wrote => dies = 60,
                }
            }
        }
        let now = self.now();
        self.devices[nth].check(now)?;
        if let Some(at) = self.devices[nth].next_tick()
            && self.devices[nth].timer.is_none_or(|due| at < due)
        {
            let at = at.max(now.plus(1));
            self.devices[nth].timer = Some(at);
            let life = (nth, self.devices[nth].life);
            self.at(at, Event::Timer(life));
        }
        Ok(())
    }
}

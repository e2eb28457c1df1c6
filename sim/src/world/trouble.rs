//! What goes wrong in a run, and when it goes wrong again. Each kind draws from its own chance: one taken away moves none
//! of the others.

use anyhow::Result;
use momfood_backend::store::Tx;
use momfood_backend::{faults, sync};
use momfood_client::sync::Input;
use momfood_domain::time::{DAY, MINUTE, SECOND, Timestamp};

use super::{Event, Stop, World};
use crate::chance::Chance;
use crate::plan::Trouble;
use crate::town::Person;

impl World<'_> {
    pub(super) async fn trouble(&mut self, trouble: Trouble) -> Result<(), Stop> {
        let Some(mut chance) = self.troubles.remove(&trouble) else {
            return Ok(());
        };
        let again = match trouble {
            Trouble::Partition => {
                let nth = index(&mut chance, self.devices.len());
                let long = if chance.hits(300) {
                    chance.between(MINUTE, 10 * MINUTE)
                } else {
                    chance.between(5 * SECOND, MINUTE)
                };
                self.cut_off(nth, long, &mut chance)?;
                chance.between(20 * SECOND, 2 * MINUTE)
            }
            Trouble::Stream => {
                let lines: Vec<u64> = self.lines.keys().copied().collect();
                if let Some(&number) = chance.pick(&lines)
                    && let Some(line) = self.lines.get_mut(&number)
                {
                    line.silent = true;
                    let owner = line.owner.0;
                    self.disturb(owner);
                }
                chance.between(20 * SECOND, 90 * SECOND)
            }
            Trouble::Crash => {
                let nth = index(&mut chance, self.devices.len());
                if self.devices[nth].is_up() {
                    self.kill(nth);
                }
                chance.between(15 * SECOND, 2 * MINUTE)
            }
            Trouble::ServerCrash => {
                self.server.doom(u32::try_from(chance.between(1, 5)).unwrap_or(1));
                chance.between(30 * SECOND, 2 * MINUTE)
            }
            Trouble::Restore => {
                self.bring_back().await?;
                chance.between(90 * SECOND, 4 * MINUTE)
            }
            Trouble::Skew => {
                let nth = index(&mut chance, self.devices.len());
                self.devices[nth].skew = skew(&mut chance);
                if self.devices[nth].is_up() {
                    self.devices[nth].timer = None;
                    self.give(nth, Input::Tick)?;
                }
                chance.between(40 * SECOND, 3 * MINUTE)
            }
            Trouble::SignOut => {
                self.change_of_shift(&mut chance).await?;
                chance.between(20 * SECOND, 2 * MINUTE)
            }
            Trouble::Suspend => {
                self.suspend_somebody(&mut chance).await?;
                chance.between(40 * SECOND, 3 * MINUTE)
            }
            Trouble::Dismiss => {
                self.dismiss_somebody(&mut chance).await?;
                chance.between(40 * SECOND, 3 * MINUTE)
            }
            Trouble::Pause => {
                if self.server_up {
                    let until = self.now().plus(chance.between(5 * SECOND, 4 * MINUTE));
                    self.pause(until).await?;
                    self.tell(|| "the server takes nothing in for a while".to_owned());
                }
                chance.between(MINUTE, 5 * MINUTE)
            }
            Trouble::Clone => {
                self.clone_device(&mut chance)?;
                chance.between(2 * MINUTE, 5 * MINUTE)
            }
            Trouble::View => {
                // Another program, and never the old one again.
                faults::show_through_other_eyes(true);
                self.tell(|| "the server shows its scopes through other eyes".to_owned());
                if self.server_up {
                    self.server_lines_end();
                    self.server.restart().await?;
                }
                return Ok(());
            }
            Trouble::Lost
            | Trouble::Doubled
            | Trouble::Late
            | Trouble::Cut
            | Trouble::Forget
            | Trouble::Damage
            | Trouble::Rest
            | Trouble::Poison => return Ok(()),
        };
        self.troubles.insert(trouble, chance);
        self.after(again, Event::Trouble(trouble));
        Ok(())
    }

    /// The operator brings an older copy back.
    async fn bring_back(&mut self) -> Result<(), Stop> {
        if self.server_up
            && let Some((at, _lines)) = self.server.restore().await?
        {
            let back = self.now().since(at) / SECOND;
            self.tell(|| format!("the server comes back as it was {back} seconds ago"));
            for device in &mut self.devices {
                device.history_broke();
            }
            self.server_lines_end();
        }
        Ok(())
    }

    async fn suspend_somebody(&mut self, chance: &mut Chance) -> Result<(), Stop> {
        let person = self.somebody(chance, |_| true);
        if let Some(person) = person.filter(|_| self.server_up) {
            self.server.suspend(person, true).await?;
            self.tell(|| format!("{} is suspended", person.name));
            let later = chance.between(20 * SECOND, 3 * MINUTE);
            self.after(later, Event::Forgive(person));
        }
        Ok(())
    }

    async fn dismiss_somebody(&mut self, chance: &mut Chance) -> Result<(), Stop> {
        let person = self.somebody(chance, |person| person.kitchen.is_some());
        if let Some(person) = person.filter(|_| self.server_up) {
            self.server.employ(person, false).await?;
            self.tell(|| format!("{} is dismissed", person.name));
            let later = chance.between(20 * SECOND, 3 * MINUTE);
            self.after(later, Event::Forgive(person));
        }
        Ok(())
    }

    pub(super) fn server_lines_end(&mut self) {
        for line in std::mem::take(&mut self.lines).into_values() {
            let way = self.way();
            self.after(way, Event::Closed(line.owner, line.number));
        }
    }

    pub(super) async fn pause(&mut self, until: Timestamp) -> Result<(), Stop> {
        let paused = self
            .server
            .app()
            .db
            .write(async move |mut tx: Tx| sync::pause(&mut tx, until).await)
            .await;
        if self.server.is_dead() {
            self.after_asking(true);
            return Ok(());
        }
        Ok(paused?)
    }

    pub(super) fn cut_off(&mut self, nth: usize, long: i64, chance: &mut Chance) -> Result<(), Stop> {
        self.tell(|| format!("device {nth} is cut off for {} s", long / SECOND));
        self.devices[nth].is_cut = true;
        self.after(long, Event::Online(nth));
        let lines: Vec<u64> = self
            .lines
            .iter()
            .filter(|(_, line)| line.owner.0 == nth)
            .map(|(number, _)| *number)
            .collect();
        for number in lines {
            if chance.hits(500)
                && let Some(line) = self.lines.get_mut(&number)
            {
                line.silent = true;
            } else if let Some(line) = self.lines.get(&number) {
                let (owner, stream) = (line.owner, line.number);
                self.hang_up(number);
                self.after(100_000, Event::Closed(owner, stream));
            }
        }
        if self.devices[nth].is_up() && chance.hits(500) {
            self.give(nth, Input::Lost)?;
        }
        Ok(())
    }

    pub(super) fn online(&mut self, nth: usize) -> Result<(), Stop> {
        self.disturb(nth);
        if std::mem::replace(&mut self.devices[nth].is_cut, false) {
            self.tell(|| format!("device {nth} is online again"));
            if self.devices[nth].is_up() && self.net.hits(500) {
                self.give(nth, Input::Wake)?;
            }
        }
        Ok(())
    }

    pub(super) fn somebody(&self, chance: &mut Chance, which: impl Fn(Person) -> bool) -> Option<Person> {
        let all: Vec<Person> = self
            .devices
            .iter()
            .flat_map(|device| device.home.iter().copied())
            .filter(|person| which(*person))
            .collect();
        chance.pick(&all).copied()
    }

    pub(super) async fn change_of_shift(&mut self, chance: &mut Chance) -> Result<(), Stop> {
        let nth = index(chance, self.devices.len());
        let Some(person) = self.devices[nth].user.filter(|_| self.devices[nth].is_up()) else {
            return Ok(());
        };
        let now = self.now();
        self.devices[nth].sign_out(now)?;
        self.tell(|| format!("{} signs out of device {nth}", person.name));
        // Their session ends if nobody else uses it on another device.
        let elsewhere = self.devices.iter().any(|device| device.user == Some(person));
        if self.server_up && !self.devices[nth].is_cut && !elsewhere {
            self.server.sign_out(person).await?;
        }
        let others: Vec<Person> = self.devices[nth].home.clone();
        let next = chance.pick(&others).copied().unwrap_or(person);
        let soon = chance.between(SECOND, 30 * SECOND);
        self.after(soon, Event::SignIn(nth, next));
        self.work(nth)
    }

    pub(super) async fn sign_in(&mut self, nth: usize, person: Person) -> Result<(), Stop> {
        if !self.devices[nth].is_up() || self.devices[nth].user.is_some() {
            return Ok(());
        }
        // They share the session of their other device, if the server still knows of it.
        let elsewhere = self.devices.iter().any(|device| device.user == Some(person));
        let begun = self.server_up
            && !self.devices[nth].is_cut
            && ((elsewhere && self.server.knows(person).await?) || self.server.sign_in(person).await?);
        if self.server.is_dead() {
            self.after_asking(true);
            return Ok(());
        }
        if !begun {
            self.after(10 * SECOND, Event::SignIn(nth, person));
            return Ok(());
        }
        let now = self.now();
        self.devices[nth].sign_in(now, person)?;
        self.tell(|| format!("{} signs in on device {nth}", person.name));
        self.work(nth)
    }

    pub(super) async fn forgive(&mut self, person: Person) -> Result<(), Stop> {
        if !self.server_up {
            self.after(5 * SECOND, Event::Forgive(person));
            return Ok(());
        }
        self.server.suspend(person, false).await?;
        if person.kitchen.is_some() {
            self.server.employ(person, true).await?;
        }
        if self.server.is_dead() {
            self.after_asking(true);
            return Ok(());
        }
        self.tell(|| format!("{} may act again", person.name));
        Ok(())
    }

    pub(super) fn clone_device(&mut self, chance: &mut Chance) -> Result<(), Stop> {
        let nth = index(chance, self.devices.len());
        if self.devices.len() >= 10 || !self.devices[nth].is_up() {
            return Ok(());
        }
        // Files are copied while nothing runs.
        self.kill(nth);
        let number = self.devices.len();
        let files = self.folder.join(format!("device-{number}"));
        let fresh = Chance::of(self.plan.seed, &format!("device {number}"));
        let copy = self.devices[nth].copy(number, files, fresh)?;
        self.devices.push(copy);
        self.tell(|| format!("device {number} is set up from a copy of device {nth}"));
        let soon = chance.between(SECOND, 20 * SECOND);
        self.after(soon, Event::Boot(number));
        Ok(())
    }
}

pub(super) fn index(chance: &mut Chance, len: usize) -> usize {
    usize::try_from(chance.below(len as u64)).unwrap_or(0)
}

/// How wrong a clock is.
pub(super) fn skew(chance: &mut Chance) -> i64 {
    let most = match chance.below(4) {
        0 => 0,
        1 => 10 * SECOND,
        2 => 60 * MINUTE,
        _ => 365 * DAY,
    };
    chance.between(-most, most)
}

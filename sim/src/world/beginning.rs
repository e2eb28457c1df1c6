//! The beginning of a run: who is there on which devices, and when what goes wrong for the first time.

use momfood_domain::actor::Role;
use momfood_domain::time::SECOND;

use super::trouble::skew;
use super::{Event, World};
use crate::chance::Chance;
use crate::device::Device;
use crate::plan::Trouble;
use crate::town::{self, Person};

impl World<'_> {
    pub(super) fn set_up(&mut self) {
        let cast = self.plan.cast;
        let of = |role: Role| {
            town::PEOPLE
                .iter()
                .copied()
                .filter(move |person| person.role == role)
        };
        let mut homes: Vec<Vec<Person>> = Vec::new();
        homes.extend(of(Role::Customer).take(cast.customers).map(|person| vec![person]));
        let cooks: Vec<Person> = of(Role::Restaurant).collect();
        // Two screens of the first kitchen, the second of them shared; then one of each kitchen.
        let screens = [
            vec![cooks[0]],
            vec![cooks[1], cooks[2]],
            vec![cooks[3], cooks[4]],
            vec![cooks[2], cooks[0]],
        ];
        homes.extend(screens.into_iter().take(cast.screens));
        homes.extend(of(Role::Driver).take(cast.drivers).map(|person| vec![person]));
        for (number, home) in homes.into_iter().enumerate() {
            let files = self.folder.join(format!("device-{number}"));
            let chance = Chance::of(self.plan.seed, &format!("device {number}"));
            let mut device = Device::new(number, home, files, self.plan, chance);
            if self.plan.has(Trouble::Skew) {
                device.skew = skew(&mut self.people);
            }
            self.devices.push(device);
            let soon = self.people.between(0, 2 * SECOND);
            self.after(soon, Event::Boot(number));
        }
        self.after(3 * SECOND, Event::Step);
        self.worker_soon(SECOND);
        if self.plan.has(Trouble::Restore) {
            self.after(20 * SECOND, Event::BackUp);
        }
        for trouble in self.plan.troubles.clone() {
            let mut chance = Chance::of(self.plan.seed, trouble.word());
            let first = chance.between(5 * SECOND, 90 * SECOND);
            self.troubles.insert(trouble, chance);
            self.after(first, Event::Trouble(trouble));
        }
    }
}

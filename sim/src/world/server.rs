//! The server of a run as the town meets it: it dies, comes back, and its worker looks around.

use anyhow::Result;
use momfood_domain::time::SECOND;

use super::{Event, READ_WITHIN, Stop, World};
use crate::laws::{Law, broken};
use crate::plan::Trouble;

impl World<'_> {
    /// The worker looks around after what was written; a server that died comes back.
    pub(super) fn after_asking(&mut self, dead: bool) {
        if dead {
            self.tell(|| "the server dies".to_owned());
            self.server_down();
        } else {
            self.worker_soon(500_000);
        }
    }

    pub(super) fn server_down(&mut self) {
        self.server_up = false;
        let lines = std::mem::take(&mut self.lines);
        for line in lines.into_values() {
            if self.net.hits(800) {
                let way = self.way();
                self.after(way, Event::Closed(line.owner, line.number));
            }
        }
        let back = self.net.between(SECOND, 20 * SECOND);
        self.after(back, Event::ServerUp);
    }

    pub(super) async fn server_up(&mut self) -> Result<(), Stop> {
        if !self.server_up {
            self.server.restart().await?;
            self.server_up = true;
            self.tell(|| "the server is back".to_owned());
            self.worker_soon(SECOND);
        }
        Ok(())
    }

    pub(super) async fn worker(&mut self) -> Result<(), Stop> {
        let now = self.now();
        if self.worker_at != Some(now) {
            return Ok(());
        }
        self.worker_at = None;
        if !self.server_up {
            return Ok(());
        }
        self.reads_on()?;
        let next = match self.server.tick().await {
            Ok(next) => next,
            Err(error) => return Ok(broken(Law::Sound, format!("the worker: {error:#}"))?),
        };
        if self.server.is_dead() {
            self.after_asking(true);
            return Ok(());
        }
        let wait = next
            .map_or(30 * SECOND, |at| at.since(now))
            .clamp(SECOND, 30 * SECOND);
        self.worker_soon(wait);
        Ok(())
    }

    /// Nothing a device has to hand in keeps it from reading.
    pub(super) fn reads_on(&mut self) -> Result<(), Stop> {
        use Trouble::{Clone, Cut, Dismiss, Late, Lost, Restore, ServerCrash, SignOut, Skew, Suspend};
        let hinders = [
            Clone,
            Cut,
            Dismiss,
            Late,
            Lost,
            Restore,
            ServerCrash,
            SignOut,
            Skew,
            Suspend,
        ];
        let now = self.now();
        let hindered = hinders.iter().any(|trouble| self.plan.has(*trouble));
        for device in &mut self.devices {
            if hindered || device.is_cut || !device.is_up() || device.is_live() {
                device.fine_since = now;
            } else if now.since(device.fine_since) > READ_WITHIN {
                let since = now.since(device.fine_since) / SECOND;
                return Ok(broken(
                    Law::ReadsOn,
                    format!(
                        "nothing stands in the way, and for {since} s: {}",
                        device.unrest()
                    ),
                )?);
            }
        }
        Ok(())
    }

    pub(super) fn disturb(&mut self, nth: usize) {
        self.devices[nth].fine_since = self.now();
    }
}

//! The network of a run: what becomes of requests, answers and streams on their way. It never reads what it carries.

use anyhow::Result;
use momfood_domain::time::SECOND;

use super::words::brief_question;
use super::{Event, Life, Line, Stop, World};
use crate::device::Sending;
use crate::laws::{Law, broken};
use crate::plan::Trouble;
use crate::server::{Heard, Shown};
use crate::town::Person;
use crate::wire::Question;

impl World<'_> {
    pub(super) fn send(&mut self, nth: usize, sending: Sending) {
        let Sending {
            number,
            question,
            shown,
        } = sending;
        let from = (nth, self.devices[nth].life);
        self.tell(|| format!("device {nth} sends {number}: {}", brief_question(&question)));
        let lost = self.goes(Trouble::Lost) && self.net.hits(150);
        if lost || self.devices[nth].is_cut || !self.server_up {
            // The network says so, or nothing is ever heard.
            if self.net.hits(800) {
                let wait = self.net.between(50_000, 3 * SECOND);
                self.after(wait, Event::Answer(from, number, question, None));
            }
            return;
        }
        if self.goes(Trouble::Doubled) && self.net.hits(200) {
            let way = self.way() + self.net.between(0, 5 * SECOND);
            self.after(
                way,
                Event::Arrive {
                    from,
                    number,
                    question: question.clone(),
                    shown: shown.clone(),
                    copy: true,
                },
            );
        }
        let way = self.way();
        self.after(
            way,
            Event::Arrive {
                from,
                number,
                question,
                shown,
                copy: false,
            },
        );
    }

    pub(super) async fn arrive(
        &mut self,
        from: Life,
        number: u32,
        question: Question,
        shown: Shown,
        copy: bool,
    ) -> Result<(), Stop> {
        if !self.server_up {
            let way = self.way();
            self.after(way, Event::Answer(from, number, question, None));
            return Ok(());
        }
        let told = self.server.ask(&question.ask(shown)).await?;
        let dead = told.is_none();
        if let Some(told) = &told
            && told.status.is_server_error()
            && told.status.as_u16() == 500
        {
            return Ok(broken(
                Law::Sound,
                format!("the server answered 500 to {}", brief_question(&question)),
            )?);
        }
        if !copy {
            let cut = self.goes(Trouble::Cut) && self.net.hits(200);
            let answer = told.filter(|_| !cut && !self.devices[from.0].is_cut);
            if answer.is_some() || self.net.hits(700) {
                let way = self.way();
                self.after(way, Event::Answer(from, number, question, answer));
            }
        }
        self.after_asking(dead);
        Ok(())
    }

    pub(super) async fn open(
        &mut self,
        life: Life,
        number: u32,
        path: &str,
        person: Person,
    ) -> Result<(), Stop> {
        if !self.lives(life) {
            return Ok(());
        }
        let way = self.way();
        if !self.server_up || self.devices[life.0].is_cut {
            self.after(way, Event::Closed(life, number));
            return Ok(());
        }
        let line = self.next_line;
        self.next_line += 1;
        let refused = self.server.listen(line, path, &Shown::As(person)).await?;
        if let Some(told) = refused {
            self.tell(|| format!("server: no stream for {}: {:?}", person.name, told.code));
            self.after(way, Event::Closed(life, number));
            return Ok(());
        }
        let last = self.now().plus(way);
        self.lines.insert(
            line,
            Line {
                owner: life,
                number,
                last,
                silent: false,
            },
        );
        self.at(last, Event::Opened(life, number));
        Ok(())
    }

    /// What the streams say goes on its way.
    pub(super) async fn listen(&mut self) {
        if !self.server_up || self.lines.is_empty() {
            return;
        }
        for (number, heard) in self.server.heard().await {
            let Some(line) = self.lines.get(&number) else {
                continue;
            };
            let (owner, stream, last, silent) = (line.owner, line.number, line.last, line.silent);
            let way = self.way();
            let at = self.now().plus(way).max(last.plus(1));
            match heard {
                Heard::Bytes(_) if silent => {}
                Heard::Bytes(bytes) => {
                    if self.goes(Trouble::Stream) && self.net.hits(60) {
                        // It breaks here: told to the device, or not.
                        self.hang_up(number);
                        self.disturb(owner.0);
                        if self.net.hits(700) {
                            self.at(at, Event::Closed(owner, stream));
                        }
                        continue;
                    }
                    if let Some(line) = self.lines.get_mut(&number) {
                        line.last = at;
                    }
                    self.at(at, Event::Frame(owner, stream, bytes.to_vec()));
                }
                Heard::End => {
                    self.lines.remove(&number);
                    self.at(at, Event::Closed(owner, stream));
                }
            }
        }
    }

    pub(super) fn hang_up(&mut self, line: u64) {
        self.lines.remove(&line);
        self.server.hang_up(line);
    }

    pub(super) fn hang_up_all_of(&mut self, device: usize) {
        let numbers: Vec<u64> = self
            .lines
            .iter()
            .filter(|(_, line)| line.owner.0 == device)
            .map(|(number, _)| *number)
            .collect();
        for number in numbers {
            self.hang_up(number);
        }
    }
}

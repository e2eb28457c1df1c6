//! One run: people, devices, network, server and clocks in one queue of events, in virtual time, on one thread. Whatever
//! happens, happens here, in an order that follows from the seed.

mod beginning;
mod devices;
mod end;
mod network;
mod people;
mod server;
mod trouble;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use momfood_backend::clock::Clock;
use momfood_backend::faults;
use momfood_backend::store::StoreError;
use momfood_client::sync::Input;
use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use momfood_protocol::rest::Quote;

use self::words::{brief, brief_event, name};
use crate::chance::Chance;
use crate::device::{Device, Stopped};
use crate::laws::{Books, Law, Promise, Violation, broken};
use crate::plan::{Plan, Trouble};
use crate::server::{Ask, Server, Shown, Told, Works};
use crate::town::{NOON, Person};
use crate::wire;
use crate::wire::Question;

/// How long a town may take to come to rest once nothing goes wrong any more.
const REST_WITHIN: i64 = 30 * MINUTE;
/// A device believes a silent stream for less than this.
const BELIEVED_FOR: i64 = 60 * SECOND;
/// After so long of that, whoever left something behind on a device signs in there again.
const COME_BACK_AFTER: i64 = 2 * MINUTE;
/// Things that may happen in a run, and acts a device may do at one moment: more is an endless loop.
const MOST_EVENTS: u64 = 60_000;
const MOST_ACTS: u32 = 2_000;
/// A device nothing stands in the way of has read everything after this.
const READ_WITHIN: i64 = 100 * SECOND;

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// A number that says what happened, in which order: two runs of a plan have the same.
    pub trace: u64,
    /// What happened, when it was asked for.
    pub story: Vec<String>,
    /// The law that was broken.
    pub broken: Option<Violation>,
    /// Taps acknowledged.
    pub taps: u64,
    /// Results the server wrote.
    pub results: u64,
}

/// Why a run ended before its end.
enum Stop {
    Law(Violation),
    Fault(anyhow::Error),
}

impl From<Violation> for Stop {
    fn from(violation: Violation) -> Self {
        Self::Law(violation)
    }
}

impl From<Stopped> for Stop {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Law(violation) => Self::Law(violation),
            Stopped::Fault(error) => Self::Fault(error),
        }
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Fault(error.into())
    }
}

/// Which life of which device: what belongs to an earlier life is nobody's.
type Life = (usize, u32);

enum Event {
    /// Somebody does something.
    Step,
    /// A device's timer.
    Timer(Life),
    /// A device's program begins.
    Boot(usize),
    /// A request reaches the server.
    Arrive {
        from: Life,
        number: u32,
        question: Question,
        shown: Shown,
        /// The copy of a request that was sent once: nobody waits for what is said to it.
        copy: bool,
    },
    /// An answer, or that there is none, reaches a device.
    Answer(Life, u32, Question, Option<Told>),
    /// The request for a stream reaches the server.
    Open(Life, u32, String, Person),
    /// What a stream says reaches a device.
    Frame(Life, u32, Vec<u8>),
    Opened(Life, u32),
    Closed(Life, u32),
    /// A customer's quote is asked for, and told.
    AskQuote(Life, Person, usize),
    Quoted(Life, Person, Box<Quote>),
    /// A request beside the outbox.
    Rest(Box<Ask>),
    /// The server's worker looks around.
    Worker,
    /// The server comes back.
    ServerUp,
    /// Something goes wrong.
    Trouble(Trouble),
    /// A device is online again.
    Online(usize),
    /// Somebody signs in.
    SignIn(usize, Person),
    /// Somebody may act again.
    Forgive(Person),
    /// A copy of the server's file is made.
    BackUp,
}

/// A device's stream, as the network knows it.
struct Line {
    owner: Life,
    number: u32,
    /// Frames arrive in their order.
    last: Timestamp,
    /// It seems open, and nothing comes through.
    silent: bool,
}

struct World<'a> {
    plan: &'a Plan,
    folder: PathBuf,
    clock: Clock,
    server: Server,
    server_up: bool,
    devices: Vec<Device>,
    queue: BTreeMap<(Timestamp, u64), Event>,
    order: u64,
    lines: BTreeMap<u64, Line>,
    next_line: u64,
    people: Chance,
    net: Chance,
    crash: Chance,
    troubles: BTreeMap<Trouble, Chance>,
    worker_at: Option<Timestamp>,
    promises: BTreeMap<uuid::Uuid, Promise>,
    healing: bool,
    steps_left: u32,
    trace: u64,
    story: Option<Vec<String>>,
}

/// Runs `plan` in `folder`, which is empty.
pub async fn run(works: &Works, folder: &Path, plan: &Plan, told: bool) -> Result<Outcome> {
    faults::show_through_other_eyes(false);
    let clock = Clock::manual(NOON, plan.seed);
    let server = Server::open(works.clone(), folder, clock.clone()).await?;
    let mut world = World {
        plan,
        folder: folder.to_owned(),
        clock,
        server,
        server_up: true,
        devices: Vec::new(),
        queue: BTreeMap::new(),
        order: 0,
        lines: BTreeMap::new(),
        next_line: 1,
        people: Chance::of(plan.seed, "people"),
        net: Chance::of(plan.seed, "net"),
        crash: Chance::of(plan.seed, "crash"),
        troubles: BTreeMap::new(),
        worker_at: None,
        promises: BTreeMap::new(),
        healing: false,
        steps_left: plan.steps,
        trace: 0xcbf2_9ce4_8422_2325,
        story: told.then(Vec::new),
    };
    let ended = world.live().await;
    faults::show_through_other_eyes(false);
    let broken = match ended {
        Ok(()) => None,
        Err(Stop::Law(violation)) => Some(violation),
        Err(Stop::Fault(error)) => return Err(error),
    };
    let results = Books::of(&world.server.app().db)
        .await
        .map_or(0, |books| books.ended.len() as u64);
    world.server.close().await;
    Ok(Outcome {
        trace: world.trace,
        story: world.story.unwrap_or_default(),
        broken,
        taps: world.promises.len() as u64,
        results,
    })
}

impl World<'_> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn tell(&mut self, what: impl FnOnce() -> String) {
        let text = what();
        let at = self.now().since(NOON);
        for byte in text.bytes().chain(at.to_be_bytes()) {
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        if let Some(story) = &mut self.story {
            story.push(format!(
                "{:>4}:{:02}.{:03}  {text}",
                at / MINUTE,
                at % MINUTE / SECOND,
                at % SECOND / 1000
            ));
        }
    }

    fn at(&mut self, at: Timestamp, event: Event) {
        self.order += 1;
        self.queue.insert((at.max(self.now()), self.order), event);
    }

    fn after(&mut self, micros: i64, event: Event) {
        let at = self.now().plus(micros);
        self.at(at, event);
    }

    /// One way through the network.
    fn way(&mut self) -> i64 {
        let mut way = self.net.between(15_000, 120_000);
        if self.goes(Trouble::Late) && self.net.hits(250) {
            way += self.net.between(0, 25 * SECOND);
        }
        way
    }

    /// Whether that may go wrong now.
    fn goes(&self, trouble: Trouble) -> bool {
        !self.healing && self.plan.has(trouble)
    }

    async fn live(&mut self) -> Result<(), Stop> {
        self.set_up();
        while self.steps_left > 0 {
            self.next().await?;
        }
        self.heal().await?;
        let until = self.now().plus(REST_WITHIN);
        let come_back = self.now().plus(COME_BACK_AFTER);
        // A stream that broke unheard still passes for open.
        let believed = self.now().plus(BELIEVED_FOR);
        let mut called = false;
        loop {
            self.next().await?;
            if self.is_at_rest()? {
                if self.now() >= believed {
                    // A stream that waited for its turn at the database says now what it has to say.
                    self.listen().await;
                    if self.is_at_rest()? {
                        break;
                    }
                }
            } else if !called && self.now() >= come_back {
                called = true;
                self.call_back().await?;
            }
            if self.now() > until {
                let what = self
                    .devices
                    .iter()
                    .map(Device::unrest)
                    .collect::<Vec<_>>()
                    .join("; ");
                return Ok(broken(Law::Drains, what)?);
            }
        }
        self.tell(|| "at rest".to_owned());
        self.last_look().await
    }

    fn worker_soon(&mut self, micros: i64) {
        let at = self.now().plus(micros);
        if self.worker_at.is_none_or(|due| at < due) {
            self.worker_at = Some(at);
            self.at(at, Event::Worker);
        }
    }

    /// The next thing that happens.
    async fn next(&mut self) -> Result<(), Stop> {
        let Some(((at, _), event)) = self.queue.pop_first() else {
            return Ok(broken(Law::Sound, "nothing is ever going to happen again")?);
        };
        if self.order > MOST_EVENTS {
            return Ok(broken(Law::Drains, "more happens than can be")?);
        }
        let passed = at.since(self.now());
        if let Ok(micros @ 1..) = u64::try_from(passed) {
            self.clock.advance(Duration::from_micros(micros));
        }
        self.handle(event).await?;
        self.listen().await;
        Ok(())
    }

    fn lives(&self, (device, life): Life) -> bool {
        self.devices[device].life == life && self.devices[device].is_up()
    }

    async fn handle(&mut self, event: Event) -> Result<(), Stop> {
        match event {
            Event::Step => self.step()?,
            Event::Timer(life) => {
                // One that was set anew meanwhile is another.
                if self.lives(life) && self.devices[life.0].timer == Some(self.now()) {
                    self.devices[life.0].timer = None;
                    self.give(life.0, Input::Tick)?;
                }
            }
            Event::Boot(device) => self.boot(device)?,
            Event::Arrive {
                from,
                number,
                question,
                shown,
                copy,
            } => self.arrive(from, number, question, shown, copy).await?,
            Event::Answer(life, number, question, told) => {
                if self.lives(life) {
                    let answer = match &told {
                        Some(told) => question.read(told),
                        None => Err(wire::offline()),
                    };
                    self.tell(|| format!("{} hears {number}: {}", name(life), brief(&answer)));
                    self.give(life.0, Input::Answer(number, answer))?;
                }
            }
            Event::Open(life, number, path, person) => self.open(life, number, &path, person).await?,
            Event::Opened(life, number) => {
                if self.lives(life) {
                    self.give(life.0, Input::Opened(number))?;
                }
            }
            Event::Frame(life, number, bytes) => {
                if self.lives(life) {
                    for (event, mid) in wire::events(&bytes) {
                        let said = event.as_ref().map(brief_event);
                        self.tell(|| format!("{} is told {said:?}, lastMid {mid:?}", name(life)));
                        let input = match event {
                            Some(event) => Input::Heard(number, event, mid),
                            None => Input::Alive(number),
                        };
                        self.give(life.0, input)?;
                    }
                }
            }
            Event::Closed(life, number) => {
                if self.lives(life) {
                    self.give(life.0, Input::Closed(number))?;
                }
            }
            Event::AskQuote(life, person, kitchen) => self.quote(life, person, kitchen).await?,
            Event::Quoted(life, person, quote) => self.quoted(life, person, &quote)?,
            Event::Rest(ask) => {
                if self.server_up {
                    let told = self.server.ask(&ask).await?;
                    let code = told.as_ref().map(|told| (told.status.as_u16(), told.code));
                    self.tell(|| format!("server: {} {} by REST: {code:?}", ask.method, ask.path));
                    self.after_asking(told.is_none());
                }
            }
            Event::Worker => self.worker().await?,
            Event::ServerUp => self.server_up().await?,
            Event::Trouble(trouble) => {
                if !self.healing {
                    self.trouble(trouble).await?;
                }
            }
            Event::Online(device) => self.online(device)?,
            Event::SignIn(device, person) => self.sign_in(device, person).await?,
            Event::Forgive(person) => self.forgive(person).await?,
            Event::BackUp => {
                if self.server_up && !self.healing {
                    self.server.back_up()?;
                    self.tell(|| "a backup is made".to_owned());
                    self.after(90 * SECOND, Event::BackUp);
                }
            }
        }
        Ok(())
    }
}

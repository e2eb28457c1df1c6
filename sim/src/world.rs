//! One run: people, devices, network, server and clocks in one queue of events, in virtual time, on one thread. Whatever
//! happens, happens here, in an order that follows from the seed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use http::Method;
use momfood_backend::clock::Clock;
use momfood_backend::store::{StoreError, Tx};
use momfood_backend::{faults, sync};
use momfood_client::sync::{Answer, Input};
use momfood_domain::actor::Role;
use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::payment::PaymentMethod;
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::{DAY, MINUTE, SECOND, Timestamp};
use momfood_protocol::error::Failure;
use momfood_protocol::feed::{Snapshot, StreamEvent};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::reading;
use momfood_protocol::rest::{PlaceOrder, Quote, QuoteRequest};

use crate::chance::Chance;
use crate::device::{Device, Did, Sending, Stopped};
use crate::laws::{Books, Law, Promise, Violation, broken};
use crate::people::{self, Wish};
use crate::plan::{Plan, Trouble};
use crate::server::{Ask, Heard, Sent, Server, Shown, Told, Works};
use crate::town::{self, NOON, Person};
use crate::wire::{self, Question};

/// How long a town may take to come to rest once nothing goes wrong any more.
const REST_WITHIN: i64 = 30 * MINUTE;
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
        let mut called = false;
        loop {
            self.next().await?;
            if self.is_at_rest()? {
                if self.come_home()? {
                    break;
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

    fn set_up(&mut self) {
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

    /// What the streams say goes on its way.
    async fn listen(&mut self) {
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

    fn hang_up(&mut self, line: u64) {
        self.lines.remove(&line);
        self.server.hang_up(line);
    }

    fn hang_up_all_of(&mut self, device: usize) {
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
                    self.after_asking(told.is_none()).await?;
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

    // People.

    fn step(&mut self) -> Result<(), Stop> {
        if self.healing {
            return Ok(());
        }
        self.steps_left = self.steps_left.saturating_sub(1);
        let pause = if self.people.hits(60) {
            self.people.between(20 * SECOND, 120 * SECOND)
        } else {
            self.people.between(200_000, 9 * SECOND)
        };
        self.after(pause, Event::Step);
        // Whoever has something to do does it sooner.
        for _ in 0..3 {
            let up: Vec<usize> = (0..self.devices.len())
                .filter(|&nth| self.devices[nth].is_up())
                .collect();
            let Some(&nth) = self.people.pick(&up) else {
                return Ok(());
            };
            let Some(person) = self.devices[nth].user else {
                continue;
            };
            let screen = self.devices[nth].screen()?;
            match people::wish(person, &screen.orders, screen.on_shift, &mut self.people) {
                Wish::Nothing => continue,
                Wish::Order(kitchen) => {
                    let life = (nth, self.devices[nth].life);
                    if !self.devices[nth].is_cut && self.server_up {
                        let way = self.way();
                        self.after(way, Event::AskQuote(life, person, kitchen));
                    }
                }
                Wish::Tap(mutation) => self.tap(nth, person, Some(mutation), None)?,
                Wish::Picture(mutation, bytes) => self.tap(nth, person, Some(mutation), Some(bytes))?,
            }
            if self.goes(Trouble::Poison) && self.people.hits(120) {
                self.tap(nth, person, None, None)?;
            }
            return Ok(());
        }
        Ok(())
    }

    /// `person` taps; `None` is what nobody can read.
    fn tap(
        &mut self,
        nth: usize,
        person: Person,
        mutation: Option<Mutation>,
        picture: Option<Vec<u8>>,
    ) -> Result<(), Stop> {
        let (uid, now) = (self.people.uuid(), self.now());
        if !self.devices[nth].is_up() {
            return Ok(());
        }
        if let Some(beside) = self.beside(person, uid, mutation.as_ref()) {
            let way = self.way();
            self.after(way, Event::Rest(Box::new(beside)));
        }
        let what = mutation.as_ref().map_or("what nobody can read", Mutation::name);
        if !self.devices[nth].tap(now, uid, mutation.as_ref(), picture.as_deref())? {
            // Refused on the device: nothing was acknowledged.
            self.tell(|| format!("{} on device {nth} taps {what}, which is not taken", person.name));
            return Ok(());
        }
        let of = mutation.as_ref().and_then(Mutation::order_id);
        self.tell(|| {
            format!(
                "{} on device {nth} taps {what}{} ({})",
                person.name,
                of.map(|id| format!(" of {}", short(id))).unwrap_or_default(),
                &uid.to_string()[..8]
            )
        });
        self.promises.insert(
            uid,
            Promise {
                uid,
                user: person.id(),
                device: nth,
                mutation,
                at: now,
                queued: true,
            },
        );
        self.work(nth)
    }

    /// The same by REST, if somebody asks for it by that door too.
    fn beside(&mut self, person: Person, uid: uuid::Uuid, mutation: Option<&Mutation>) -> Option<Ask> {
        if !self.goes(Trouble::Rest) || !self.people.hits(600) {
            return None;
        }
        let mutation = mutation?;
        let id = mutation.order_id();
        let path = match mutation {
            Mutation::PlaceOrder(_) => "/api/v1/orders".to_owned(),
            Mutation::AcceptOrder(_) => format!("/api/v1/orders/{}/accept", id?),
            Mutation::MarkReady(_) => format!("/api/v1/orders/{}/ready", id?),
            Mutation::CancelOrder(_) => format!("/api/v1/orders/{}/cancel", id?),
            _ => return None,
        };
        let mut body = mutation.args();
        if id.is_some()
            && let Some(body) = body.as_object_mut()
        {
            body.remove("orderId");
        }
        Some(Ask {
            method: Method::POST,
            path,
            shown: Shown::As(person),
            key: Some(uid),
            body: Sent::Json(body.to_string()),
            headers: vec![],
        })
    }

    async fn quote(&mut self, life: Life, person: Person, kitchen: usize) -> Result<(), Stop> {
        if !self.server_up {
            return Ok(());
        }
        let mut cart = Cart::new(town::restaurant(kitchen));
        let lines = 1 + self.people.below(2);
        for _ in 0..lines {
            let nth = usize::try_from(self.people.below(town::DISHES as u64)).unwrap_or(0);
            cart.add(CartLine {
                item_id: town::dish(kitchen, nth),
                quantity: 1,
                option_ids: vec![],
                note: None,
            });
        }
        let fetched = self.people.hits(200);
        let request = QuoteRequest {
            cart,
            fulfilment: if fetched {
                Fulfilment::Pickup
            } else {
                Fulfilment::Delivery
            },
            point: (!fetched).then(|| town::home(person.name).point),
        };
        let ask = Ask {
            method: Method::POST,
            path: "/api/v1/quotes".to_owned(),
            shown: Shown::As(person),
            key: None,
            body: Sent::Json(serde_json::to_string(&request).unwrap_or_default()),
            headers: vec![],
        };
        let told = self.server.ask(&ask).await?;
        let dead = told.is_none();
        if let Some(told) = told {
            let quote = reading::read(told.body.get("data").cloned().unwrap_or_default());
            match quote {
                Ok(quote) => {
                    let way = self.way();
                    self.after(way, Event::Quoted(life, person, Box::new(quote)));
                }
                Err(_) => self.tell(|| format!("server: no quote for {}: {:?}", person.name, told.code)),
            }
        }
        self.after_asking(dead).await
    }

    fn quoted(&mut self, life: Life, person: Person, quote: &Quote) -> Result<(), Stop> {
        if !self.lives(life) || self.devices[life.0].user != Some(person) || self.healing {
            return Ok(());
        }
        let fetched = quote.fulfilment == Fulfilment::Pickup;
        let order = PlaceOrder {
            id: OrderId(self.people.uuid()),
            quote_id: quote.id,
            payment_method: PaymentMethod::Cash,
            card_token: None,
            address: (!fetched).then(|| town::home(person.name)),
            note: Some("بدون بصل".to_owned()),
            valid_until: None,
        };
        self.tap(life.0, person, Some(Mutation::PlaceOrder(order)), None)
    }

    // Devices.

    fn boot(&mut self, nth: usize) -> Result<(), Stop> {
        if self.devices[nth].is_up() {
            return Ok(());
        }
        let now = self.now();
        self.devices[nth].boot(now, &self.promises)?;
        let user = self.devices[nth].user.map(|person| person.name);
        self.tell(|| format!("device {nth} begins, signed in: {user:?}"));
        self.work(nth)
    }

    fn kill(&mut self, nth: usize) {
        self.tell(|| format!("device {nth} dies"));
        self.hang_up_all_of(nth);
        let how = Chance::of(self.crash.bits(), "how");
        let (forget, damage) = (self.goes(Trouble::Forget), self.goes(Trouble::Damage));
        self.devices[nth].die(how, forget, damage);
        let back = self.crash.between(SECOND, 40 * SECOND);
        self.after(back, Event::Boot(nth));
    }

    fn give(&mut self, nth: usize, input: Input) -> Result<(), Stop> {
        let now = self.now();
        self.devices[nth].take(now, input);
        self.work(nth)
    }

    /// Has a device do what it has to do, act by act; it may die between any two.
    fn work(&mut self, nth: usize) -> Result<(), Stop> {
        let mut acts = 0;
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
            if self.goes(Trouble::Crash) && self.crash.hits(4) {
                self.kill(nth);
                return Ok(());
            }
            let Some(all) = self.devices[nth].step(now)? else {
                break;
            };
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

    // The network.

    fn send(&mut self, nth: usize, sending: Sending) {
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

    async fn arrive(
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
        self.after_asking(dead).await
    }

    async fn open(&mut self, life: Life, number: u32, path: &str, person: Person) -> Result<(), Stop> {
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

    // The server.

    /// The worker looks around after what was written; a server that died comes back.
    async fn after_asking(&mut self, dead: bool) -> Result<(), Stop> {
        if dead {
            self.tell(|| "the server dies".to_owned());
            self.server_down();
        } else {
            self.worker_soon(500_000);
        }
        Ok(())
    }

    fn server_down(&mut self) {
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

    async fn server_up(&mut self) -> Result<(), Stop> {
        if !self.server_up {
            self.server.restart().await?;
            self.server_up = true;
            self.tell(|| "the server is back".to_owned());
            self.worker_soon(SECOND);
        }
        Ok(())
    }

    async fn worker(&mut self) -> Result<(), Stop> {
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
            return self.after_asking(true).await;
        }
        let wait = next
            .map_or(30 * SECOND, |at| at.since(now))
            .clamp(SECOND, 30 * SECOND);
        self.worker_soon(wait);
        Ok(())
    }

    /// Nothing a device has to hand in keeps it from reading.
    fn reads_on(&mut self) -> Result<(), Stop> {
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

    fn disturb(&mut self, nth: usize) {
        self.devices[nth].fine_since = self.now();
    }

    // What goes wrong.

    async fn trouble(&mut self, trouble: Trouble) -> Result<(), Stop> {
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
                let person = self.somebody(&mut chance, |_| true);
                if let Some(person) = person.filter(|_| self.server_up) {
                    self.server.suspend(person, true).await?;
                    self.tell(|| format!("{} is suspended", person.name));
                    let later = chance.between(20 * SECOND, 3 * MINUTE);
                    self.after(later, Event::Forgive(person));
                }
                chance.between(40 * SECOND, 3 * MINUTE)
            }
            Trouble::Dismiss => {
                let person = self.somebody(&mut chance, |person| person.kitchen.is_some());
                if let Some(person) = person.filter(|_| self.server_up) {
                    self.server.employ(person, false).await?;
                    self.tell(|| format!("{} is dismissed", person.name));
                    let later = chance.between(20 * SECOND, 3 * MINUTE);
                    self.after(later, Event::Forgive(person));
                }
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
                let other = !faults::shows_through_other_eyes();
                faults::show_through_other_eyes(other);
                self.tell(|| {
                    format!(
                        "the server shows its scopes through {} eyes",
                        if other { "other" } else { "the old" }
                    )
                });
                if self.server_up {
                    // A new program: the process ends and begins.
                    self.server_lines_end();
                    self.server.restart().await?;
                }
                chance.between(40 * SECOND, 2 * MINUTE)
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

    fn server_lines_end(&mut self) {
        for line in std::mem::take(&mut self.lines).into_values() {
            let way = self.way();
            self.after(way, Event::Closed(line.owner, line.number));
        }
    }

    async fn pause(&mut self, until: Timestamp) -> Result<(), Stop> {
        let paused = self
            .server
            .app()
            .db
            .write(async move |mut tx: Tx| sync::pause(&mut tx, until).await)
            .await;
        if self.server.is_dead() {
            return self.after_asking(true).await;
        }
        Ok(paused?)
    }

    fn cut_off(&mut self, nth: usize, long: i64, chance: &mut Chance) -> Result<(), Stop> {
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

    fn online(&mut self, nth: usize) -> Result<(), Stop> {
        self.disturb(nth);
        if std::mem::replace(&mut self.devices[nth].is_cut, false) {
            self.tell(|| format!("device {nth} is online again"));
            if self.devices[nth].is_up() && self.net.hits(500) {
                self.give(nth, Input::Wake)?;
            }
        }
        Ok(())
    }

    fn somebody(&self, chance: &mut Chance, which: impl Fn(Person) -> bool) -> Option<Person> {
        let all: Vec<Person> = self
            .devices
            .iter()
            .flat_map(|device| device.home.iter().copied())
            .filter(|person| which(*person))
            .collect();
        chance.pick(&all).copied()
    }

    async fn change_of_shift(&mut self, chance: &mut Chance) -> Result<(), Stop> {
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

    async fn sign_in(&mut self, nth: usize, person: Person) -> Result<(), Stop> {
        if !self.devices[nth].is_up() || self.devices[nth].user.is_some() {
            return Ok(());
        }
        let elsewhere = self.devices.iter().any(|device| device.user == Some(person));
        let begun =
            self.server_up && !self.devices[nth].is_cut && (elsewhere || self.server.sign_in(person).await?);
        if self.server.is_dead() {
            return self.after_asking(true).await;
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

    async fn forgive(&mut self, person: Person) -> Result<(), Stop> {
        if !self.server_up {
            self.after(5 * SECOND, Event::Forgive(person));
            return Ok(());
        }
        self.server.suspend(person, false).await?;
        if person.kitchen.is_some() {
            self.server.employ(person, true).await?;
        }
        if self.server.is_dead() {
            return self.after_asking(true).await;
        }
        self.tell(|| format!("{} may act again", person.name));
        Ok(())
    }

    fn clone_device(&mut self, chance: &mut Chance) -> Result<(), Stop> {
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

    // The end.

    /// Nothing goes wrong any more.
    async fn heal(&mut self) -> Result<(), Stop> {
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
        for nth in 0..self.devices.len() {
            self.online(nth)?;
            self.boot(nth)?;
            let person = self.devices[nth].user.or(self.devices[nth].home.first().copied());
            if let Some(person) = person {
                self.come_in(nth, person).await?;
            }
        }
        Ok(())
    }

    /// `person` signs in on a device, whoever was signed in there, with a session that is good.
    async fn come_in(&mut self, nth: usize, person: Person) -> Result<(), Stop> {
        let now = self.now();
        if self.devices[nth].user.is_some() {
            self.devices[nth].sign_out(now)?;
            self.work(nth)?;
        }
        let elsewhere = self.devices.iter().any(|device| device.user == Some(person));
        if !elsewhere {
            self.server.sign_in(person).await?;
        }
        self.devices[nth].sign_in(now, person)?;
        self.tell(|| format!("{} signs in on device {nth}", person.name));
        self.work(nth)
    }

    /// Whoever left something on a device that it cannot hand in without them signs in there.
    async fn call_back(&mut self) -> Result<(), Stop> {
        for nth in 0..self.devices.len() {
            if let Some(person) = self.devices[nth].left_behind()? {
                self.tell(|| format!("{} comes back to device {nth}", person.name));
                self.come_in(nth, person).await?;
            }
        }
        Ok(())
    }

    /// Whether nothing waits on any device, and all of them say that they are live.
    fn is_at_rest(&mut self) -> Result<bool, Stop> {
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

    /// Everybody has gone home: nothing more to wait for.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "said where it is asked"
    )]
    fn come_home(&mut self) -> Result<bool, Stop> {
        Ok(true)
    }

    async fn last_look(&mut self) -> Result<(), Stop> {
        let now = self.now();
        let books = Books::of(&self.server.app().db).await?;
        books.check(&self.promises)?;
        for nth in 0..self.devices.len() {
            self.devices[nth].last_look(now, &self.promises)?;
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

fn index(chance: &mut Chance, len: usize) -> usize {
    usize::try_from(chance.below(len as u64)).unwrap_or(0)
}

/// How wrong a clock is.
fn skew(chance: &mut Chance) -> i64 {
    let most = match chance.below(4) {
        0 => 0,
        1 => 10 * SECOND,
        2 => 60 * MINUTE,
        _ => 365 * DAY,
    };
    chance.between(-most, most)
}

fn name((device, life): Life) -> String {
    format!("device {device}.{life}")
}

/// An id, as far as eyes need it.
pub fn short(id: OrderId) -> String {
    id.0.simple().to_string()[..8].to_owned()
}

fn brief_question(question: &Question) -> String {
    match question {
        Question::Sync(request) => {
            let scopes: Vec<String> = request
                .scopes
                .iter()
                .map(|(scope, cursor)| format!("{}@{}", &scope[..scope.len().min(16)], cursor.seq))
                .collect();
            let mids: Vec<i64> = request.mutations.iter().map(|sent| sent.mid).collect();
            format!("sync, hands in {mids:?}, reads {scopes:?}, gap {:?}", request.gap)
        }
        Question::Snapshot(scope, _) => format!("snapshot of {scope}"),
        Question::HasBlob(_) => "has blob".to_owned(),
        Question::PutBlob { offset, .. } => format!("blob from {offset}"),
        Question::Presence(_) => "presence".to_owned(),
    }
}

fn brief(answer: &Result<Answer, Failure>) -> String {
    match answer {
        Err(failure) => format!("{:?}", failure.code),
        Ok(Answer::Sync(answer)) => {
            let results: Vec<String> = answer
                .results
                .iter()
                .map(|result| {
                    let code = result.code.map(|code| format!("({code:?})")).unwrap_or_default();
                    format!("{}:{:?}{code}", result.mid, result.status)
                })
                .collect();
            let pages: Vec<String> = answer
                .scopes
                .values()
                .map(|page| {
                    format!(
                        "{}→{}/{}{}{}",
                        page.from,
                        page.to,
                        page.head,
                        if page.reset { " reset" } else { "" },
                        if page.revoked { " revoked" } else { "" }
                    )
                })
                .collect();
            format!(
                "results {results:?}, pages {pages:?}, expects {}, lastMids {:?}",
                answer.expected_mid,
                answer.last_mids.values().collect::<Vec<_>>()
            )
        }
        Ok(Answer::Snapshot(snapshot)) => format!("snapshot at {}", snapshot.seq),
        Ok(Answer::Blob(state)) => format!("blob {}/{}", state.offset, state.length),
        Ok(Answer::Noted) => "noted".to_owned(),
    }
}

fn brief_event(event: &StreamEvent) -> String {
    match event {
        StreamEvent::Heads(heads) => format!("heads {:?}", heads.heads.values().collect::<Vec<_>>()),
        StreamEvent::Delta(delta) => format!("delta {}→{}", delta.from, delta.to),
        StreamEvent::Head(head) => format!("head {}", head.head),
        StreamEvent::Position(_) => "position".to_owned(),
        StreamEvent::Resync => "resync".to_owned(),
    }
}

/// Whose promises those are.
pub fn of_user(promises: &BTreeMap<uuid::Uuid, Promise>, user: UserId) -> impl Iterator<Item = &Promise> {
    promises.values().filter(move |promise| promise.user == user)
}

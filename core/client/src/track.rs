//! Where the driver is: taken from whatever knows (a page, a shell, a service that runs while the screen sleeps), thinned by
//! the pace, sent, and told to the screens.
//!
//! It never makes up a place, sends nothing off shift, and loses no last place: what came too soon after another counts as
//! soon as its turn has come.

use std::collections::VecDeque;
use std::rc::Rc;

use futures::channel::oneshot;
use futures::future::select;
use momfood_domain::geo::GeoPoint;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{Done, Event, Pace, PaceReason, ReportPosition};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::Entity;
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::{Ping, Pings};
use momfood_protocol::view::Position;
use serde_json::json;
use uuid::Uuid;

use crate::core::Core;
use crate::driver::is_job;
use crate::http::{Patience, Spec};
use crate::pace::{Duty, Rate, Shift, Worth, pace};
use crate::port::Method;
use crate::session::signed_in;
use crate::sync::back_off;

/// Positions kept while they cannot be sent; only where the driver was lately is worth sending.
const MOST: usize = 50;
/// For how long [`locate`] waits: a person may have to be asked first.
const LOCATING: i64 = 20 * SECOND;
/// Within this time a position is where the driver is just now.
const JUST_NOW: i64 = 10 * SECOND;

/// A position as it was measured, by the device's clock.
type Measured = (Timestamp, Position);

/// Where the driver was, and what of it the server does not know yet.
#[derive(Default)]
pub(crate) struct Track {
    /// Names this run of the engine and this sign-in.
    session: Option<Uuid>,
    n: u64,
    last: Option<Measured>,
    /// The last position that counts, and when it came to count.
    counted: Option<(Timestamp, GeoPoint)>,
    /// One that counts when its turn has come.
    early: Option<Measured>,
    waiting: VecDeque<(Timestamp, Ping)>,
    /// The last that was handed to the line.
    sent: Option<GeoPoint>,
    sending: bool,
    /// When the timer that runs will go off.
    armed: Option<Timestamp>,
    /// Who waits for the next position.
    locating: Vec<oneshot::Sender<Position>>,
    /// The pace told last.
    told: Option<PaceReason>,
}

impl Track {
    /// The driver's last place.
    pub fn last(&self) -> Option<Position> {
        self.last.map(|(_, position)| position)
    }

    /// Forgets where somebody was who is no longer signed in, not what pace the device was told.
    pub fn forget(&mut self) {
        *self = Self {
            told: self.told,
            ..Self::default()
        };
    }

    fn rate(&self) -> Rate {
        Rate::of(self.told.unwrap_or(PaceReason::OffShift))
    }

    /// Nothing waits to be sent any more.
    fn drop_waiting(&mut self) {
        self.early = None;
        self.counted = None;
        self.sent = None;
        self.waiting.clear();
    }

    /// Puts a position among what is to be sent.
    fn count(&mut self, (at, position): Measured, now: Timestamp) {
        self.counted = Some((now, position.point));
        self.early = None;
        self.n += 1;
        let ping = Ping {
            n: self.n,
            point: as_sent(position.point),
            age_ms: 0,
            heading: position.heading,
        };
        if self.waiting.len() >= MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back((at, ping));
    }
}

/// To a millionth of a degree, which is a hand's breadth: a receiver's further digits say nothing, and each is a byte.
fn as_sent(point: GeoPoint) -> GeoPoint {
    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
    GeoPoint {
        lat: rounded(point.lat),
        lng: rounded(point.lng),
    }
}

/// `GetPace`.
pub(crate) fn pace_now(core: &Rc<Core>) -> Pace {
    look(core);
    core.state.borrow().track.rate().pace
}

/// Finds out the pace, and tells it when it is another.
pub(crate) fn look(core: &Rc<Core>) {
    let duty = duty(core);
    let new = {
        let track = &mut core.state.borrow_mut().track;
        let new = pace(&duty, track.told.unwrap_or(PaceReason::OffShift));
        if track.told.replace(new.reason) == Some(new.reason) {
            return;
        }
        if !track.rate().sends() {
            track.drop_waiting();
        }
        new
    };
    core.tell(&Event::Pace(new));
    // Somebody may be looking now.
    turn(core);
}

fn duty(core: &Core) -> Duty {
    let (last, starting) = {
        let track = &core.state.borrow().track;
        let starting = track.locating.iter().any(|locating| !locating.is_canceled());
        (track.last().map(|position| position.point), starting)
    };
    let sync = core.sync.borrow();
    let day = sync.shown().document(Entity::Driver);
    let on = day
        .and_then(|day| day.get("shift"))
        .is_some_and(|shift| !shift.is_null());
    let shift = match (on, starting) {
        (true, _) => Shift::On,
        (false, true) => Shift::Starting,
        (false, false) => Shift::Off,
    };
    let jobs = sync.shown().scoped().filter(|order| is_job(order));
    Duty::of(shift, jobs, last)
}

/// `ReportPosition`.
pub(crate) fn report(core: &Rc<Core>, call: &ReportPosition) -> Result<Done, Failure> {
    signed_in(core)?;
    // (0, 0) is what a receiver says that has nothing to say.
    if !call.point.is_valid() || (call.point.lat == 0.0 && call.point.lng == 0.0) {
        return Err(Problem::invalid("point").failure(core.lang()));
    }
    let now = core.ports.host.now();
    let position = Position {
        point: call.point,
        at: core.now(),
        heading: call.heading,
    };
    let session = core.mint();
    let waiters = {
        let track = &mut core.state.borrow_mut().track;
        track.session.get_or_insert(session);
        track.last = Some((now, position));
        std::mem::take(&mut track.locating)
    };
    for waiter in waiters {
        // Who no longer waits need not hear.
        let _ = waiter.send(position);
    }
    // The pace first: this position may be the one that is near a stop.
    look(core);
    {
        let track = &mut core.state.borrow_mut().track;
        let rate = track.rate();
        if rate.sends() {
            match rate.worth(track.counted, now, call.point) {
                Worth::Counts => track.count((now, position), now),
                Worth::From(_) => track.early = Some((now, position)),
                // Back where it was: what came too soon says nothing new either.
                Worth::Nothing => track.early = None,
            }
        }
    }
    core.tell(&Event::Here { position });
    turn(core);
    Ok(Done {})
}

/// `Locate`.
pub(crate) async fn locate(core: &Rc<Core>) -> Result<Position, Failure> {
    signed_in(core)?;
    let now = core.ports.host.now();
    let (tell, told) = oneshot::channel();
    {
        let track = &mut core.state.borrow_mut().track;
        if let Some((at, position)) = track.last
            && (0..JUST_NOW).contains(&now.since(at))
        {
            return Ok(position);
        }
        track.locating.push(tell);
    }
    look(core);
    let late = Box::pin(core.sleep_micros(LOCATING));
    let found = match select(told, late).await {
        futures::future::Either::Left((found, _)) => found.ok(),
        futures::future::Either::Right(..) => None,
    };
    // Nobody waits any more, perhaps.
    look(core);
    found.ok_or_else(|| {
        core.failure(ErrorCode::NotOnThisDevice)
            .with(json!({ "why": "nothing said where it is" }))
    })
}

/// Does what is due: counts what came too soon, sends what waits; and sees to it that it is asked again when there is more.
fn turn(core: &Rc<Core>) {
    let now = core.ports.host.now();
    let (send_now, again) = {
        let track = &mut core.state.borrow_mut().track;
        let rate = track.rate();
        if !rate.sends() {
            return;
        }
        let mut again = None;
        if let Some((at, position)) = track.early {
            match rate.worth(track.counted, now, position.point) {
                Worth::Counts => track.count((at, position), now),
                Worth::From(at) => again = Some(at),
                Worth::Nothing => track.early = None,
            }
        }
        if track.sending {
            // What waits is on its way.
            (false, again)
        } else if let (Some((oldest, _)), Some((_, newest))) = (track.waiting.front(), track.waiting.back()) {
            let until = rate.holds(track.sent, *oldest, newest.point).unwrap_or(now);
            // A clock that was set back must not hold anything for ever.
            track.sending = until <= now || *oldest > now;
            again = again.into_iter().chain((!track.sending).then_some(until)).min();
            (track.sending, again)
        } else {
            (false, again)
        }
    };
    if send_now {
        let generation = core.state.borrow().session.generation;
        let task = Rc::clone(core);
        core.spawn(async move { send(&task, generation).await });
    }
    if let Some(at) = again {
        arm(core, at);
    }
}

fn arm(core: &Rc<Core>, at: Timestamp) {
    {
        let track = &mut core.state.borrow_mut().track;
        if track.armed.is_some_and(|armed| armed <= at) {
            return;
        }
        track.armed = Some(at);
    }
    let task = Rc::clone(core);
    core.spawn(async move {
        let wait = at.since(task.ports.host.now()).max(1_000);
        task.sleep_micros(wait).await;
        let mine = {
            let armed = &mut task.state.borrow_mut().track.armed;
            let mine = *armed == Some(at);
            if mine {
                *armed = None;
            }
            mine
        };
        if mine {
            turn(&task);
        }
    });
}

/// Sends what waits, until nothing does.
async fn send(core: &Rc<Core>, generation: u32) {
    let mut failures = 0;
    loop {
        let body = {
            let device = core.ports.host.now();
            let state = &mut *core.state.borrow_mut();
            if state.session.generation != generation {
                return;
            }
            let track = &mut state.track;
            let (Some(session), false) = (track.session, track.waiting.is_empty()) else {
                track.sending = false;
                return;
            };
            track.sent = track.waiting.back().map(|(_, ping)| ping.point);
            let aged = |(at, ping): &(Timestamp, Ping)| Ping {
                age_ms: u64::try_from(device.since(*at) / 1_000).unwrap_or(0),
                ..*ping
            };
            Pings {
                session,
                pings: track.waiting.iter().map(aged).collect(),
            }
        };
        let sent = body.pings.last().map_or(0, |ping| ping.n);
        let spec = Spec::send(Method::Post, "pings", &body).patience(Patience::Once);
        match core.request(spec).await {
            Err(failure) if failure.code.is_temporary() => {
                failures += 1;
                core.sleep_micros(back_off(failures, core.chance())).await;
            }
            // Taken, or refused for good (off duty): either way not to be sent again.
            _ => {
                failures = 0;
                core.state
                    .borrow_mut()
                    .track
                    .waiting
                    .retain(|(_, ping)| ping.n > sent);
            }
        }
    }
}

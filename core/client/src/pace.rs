//! How often a driver's device says where it is: as rarely as keeps what others see true. Rules and figures only: no
//! receiver, no clock, no line to the server; `driver` and the shells do what this says.
//!
//! **What is weighed.** A position is worth its price when somebody looks at it: the customer whose food is on the way, the
//! kitchen that waits for the driver, dispatch that looks for the nearest one (it believes a position for ten minutes). Off
//! shift nobody may look, so nothing is asked of the receiver and nothing leaves the device.
//!
//! | pace | when | between two positions | nothing moved | sent |
//! |---|---|---|---|---|
//! | off shift | no shift | none at all | nothing | nothing |
//! | idle | on shift, no job | 60 s and 50 m, coarse | every 5 min | together, within 300 m and 5 min |
//! | on the way | a job, no stop near, nothing carried | 15 s and 30 m, exact | every minute | at once |
//! | close | within 300 m of the next stop, or carrying | 5 s and 10 m, exact | every minute | at once |
//!
//! Whether a customer really looks at the map is not known to a driver's device, and asking would tell a driver who is being
//! watched when: carrying counts as watched. A driver who said "I am at the restaurant" waits there, and is not close to it.
//! Leaving a stop's neighbourhood takes 400 m: a receiver that errs by some metres must not make the pace flutter.
//!
//! **Data**, for someone who never stops driving ([`hour`]; a test compares it with what an engine sends in an hour of
//! virtual time, another the weight of a request's head with what reqwest writes): close 1.2 MB an hour, on the way 0.4 MB,
//! idle 0.1 MB, off shift none; TLS records, TCP and IP headers and the answer are among it. One position is 135 bytes of
//! 1,667 that its request weighs: the rest is a session's token (404), the answer (707, mostly headers for browsers) and what
//! lies around packets. Who stands still sends a twelfth of "close", a quarter of "on the way", a fifth of "idle". A shift of
//! eight hours, half of it idle and a quarter each on the way and close, is under 4 MB.
//! The stream that brings offers (a beat each 20 s) is not in these figures.
//!
//! **Battery.** No phone was measured: this is arithmetic over published figures, and an upper bound for newer phones.
//! *Receiver*: about 0.14 W while it works, on the phone that Carroll and Heiser measured (USENIX ATC 2010). Close, it works
//! always: 0.14 Wh an hour, 1 % of a battery of 15 Wh. On the way it may sleep between positions; when it takes 5 s for each,
//! that is a third. Idle asks for no satellites: cells and known networks answer. *Radio*: after anything was sent LTE stays
//! awake for 10 to 12 s at about 1 W (Huang and others, 2012), so that at 5 s it never sleeps (1 Wh an hour, 7 %), at 15 s it
//! sleeps a quarter of the time (5 %), and at 60 s it is awake for a fifth of it (1.4 %), of which the stream's own beats, while
//! they come, have paid most already. Radio outweighs receiver: that is why idle positions travel together.
//! Off shift costs nothing: no receiver, no service, and the page may be closed.

use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::geo::GeoPoint;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{Pace, PaceReason};
use momfood_protocol::rest::{Ping, Pings};
use momfood_protocol::view::OrderView;
use uuid::Uuid;

/// A stop is near within so many metres; it is no longer near beyond [`LEFT_M`].
const NEAR_M: u32 = 300;
const LEFT_M: u32 = 400;

/// Whether the driver is on duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shift {
    /// No.
    #[default]
    Off,
    /// No, but somebody waits to know where the driver is, to begin one.
    Starting,
    /// Yes.
    On,
}

/// What the pace depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duty {
    /// Whether the driver is on duty.
    pub shift: Shift,
    /// Whether there is a job.
    pub at_work: bool,
    /// Whether a customer watches, as far as that is known: see the module's words.
    pub watched: bool,
    /// Where the driver has to arrive next, one for each job.
    pub stops: Vec<GeoPoint>,
    /// Where the driver was last.
    pub last: Option<GeoPoint>,
}

impl Duty {
    /// What follows from `jobs`.
    pub fn of<'a>(shift: Shift, jobs: impl Iterator<Item = &'a OrderView>, last: Option<GeoPoint>) -> Self {
        let mut duty = Self {
            shift,
            last,
            ..Self::default()
        };
        for job in jobs {
            duty.at_work = true;
            let status = job.delivery.as_ref().map(|delivery| delivery.status);
            duty.watched |= matches!(
                status,
                Some(DeliveryStatus::PickedUp | DeliveryStatus::AtCustomer)
            );
            duty.stops.extend(match status {
                Some(DeliveryStatus::Assigned | DeliveryStatus::Failed) => Some(job.restaurant.point),
                Some(DeliveryStatus::PickedUp | DeliveryStatus::AtCustomer) => {
                    job.address.as_ref().map(|address| address.point)
                }
                _ => None,
            });
        }
        duty
    }

    fn is_near_a_stop(&self, was: PaceReason) -> bool {
        let reach = if was == PaceReason::Close { LEFT_M } else { NEAR_M };
        let near = |last: GeoPoint| self.stops.iter().any(|stop| stop.distance_m(last) <= reach);
        self.last.is_some_and(near)
    }
}

/// How often to say where the driver is, when it was `was` until now.
pub fn pace(duty: &Duty, was: PaceReason) -> Pace {
    Rate::of(match duty.shift {
        Shift::Off => PaceReason::OffShift,
        Shift::Starting => PaceReason::Starting,
        Shift::On if !duty.at_work => PaceReason::Idle,
        Shift::On if duty.watched || duty.is_near_a_stop(was) => PaceReason::Close,
        Shift::On => PaceReason::OnTheWay,
    })
    .pace
}

/// A pace with what the engine alone needs to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub pace: Pace,
    /// Someone who does not move is still there: said again after so many seconds.
    pub still: u32,
    /// A position may wait so long (seconds) for others to travel with, and while within so many metres of the last sent.
    pub hold: u32,
    pub hold_m: u32,
}

impl Rate {
    pub const fn of(reason: PaceReason) -> Self {
        let (seconds, metres, exact) = match reason {
            PaceReason::OffShift => (0, 0, false),
            PaceReason::Starting => (1, 0, true),
            PaceReason::Idle => (60, 50, false),
            PaceReason::OnTheWay => (15, 30, true),
            PaceReason::Close => (5, 10, true),
        };
        let (still, hold, hold_m) = match reason {
            PaceReason::OffShift | PaceReason::Starting => (0, 0, 0),
            PaceReason::Idle => (300, 300, 300),
            PaceReason::OnTheWay | PaceReason::Close => (60, 0, 0),
        };
        Self {
            pace: Pace {
                reason,
                seconds,
                metres,
                exact,
            },
            still,
            hold,
            hold_m,
        }
    }

    /// Whether positions leave the device.
    pub const fn sends(self) -> bool {
        !matches!(self.pace.reason, PaceReason::OffShift | PaceReason::Starting)
    }

    /// What a position measured at `now` is worth when the last that counted was `counted`.
    pub fn worth(self, counted: Option<(Timestamp, GeoPoint)>, now: Timestamp, here: GeoPoint) -> Worth {
        let Some((at, there)) = counted else {
            return Worth::Counts;
        };
        let (passed, moved) = (now.since(at), there.distance_m(here));
        if passed < 0 || passed >= seconds(self.still) {
            // A clock that was set back says nothing about how long ago that was.
            Worth::Counts
        } else if moved < self.pace.metres {
            Worth::Nothing
        } else if passed >= seconds(self.pace.seconds) {
            Worth::Counts
        } else {
            Worth::From(at.plus(seconds(self.pace.seconds)))
        }
    }

    /// Until when the positions that wait since `oldest`, the newest of them `here`, may wait for others; `None`: not at all.
    pub fn holds(self, sent: Option<GeoPoint>, oldest: Timestamp, here: GeoPoint) -> Option<Timestamp> {
        let near = sent?.distance_m(here) < self.hold_m;
        near.then(|| oldest.plus(seconds(self.hold)))
    }
}

/// What a position is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It says nothing new.
    Nothing,
    /// It counts, if no other comes, from then on.
    From(Timestamp),
    /// It counts.
    Counts,
}

pub(crate) fn seconds(seconds: u32) -> i64 {
    i64::from(seconds) * SECOND
}

/// What an hour at a pace costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hour {
    /// Positions sent.
    pub pings: u32,
    /// Requests they went in.
    pub requests: u32,
    /// Bytes of their bodies.
    pub bodies: u32,
    /// Bytes on the wire, both ways, with everything around the bodies.
    pub wire: u32,
}

/// Bytes of a request's head: the line, the host, the program's name, the language, the type and length of the body, and a session's token as
/// this server writes it (404).
pub const REQUEST_HEAD: u32 = 604;
/// Bytes of its answer, head and body, as this server writes it.
pub const ANSWER: u32 = 710;
/// Bytes around them: a TLS record each way (22 each), and four packets with IPv4 and TCP headers (52 each): the request, the
/// answer, an acknowledgement for each.
pub const AROUND: u32 = 2 * 22 + 4 * 52;

/// An hour of a driver who never stops at a pace: the most it can cost.
pub fn hour(reason: PaceReason) -> Hour {
    let rate = Rate::of(reason);
    if !rate.sends() {
        return Hour::default();
    }
    let pings = 3_600 / rate.pace.seconds;
    let bodies = (1..=pings).map(|n| body_of(u64::from(n))).sum();
    Hour {
        pings,
        // Nothing is held back of somebody who moves on.
        requests: pings,
        bodies,
        wire: bodies + pings * (REQUEST_HEAD + ANSWER + AROUND),
    }
}

/// Bytes of a request with one position, as an engine writes it.
fn body_of(n: u64) -> u32 {
    let ping = Ping {
        n,
        point: GeoPoint {
            lat: 24.691_123,
            lng: 46.685_312,
        },
        age_ms: 0,
        heading: Some(271),
    };
    let pings = Pings {
        session: Uuid::max(),
        pings: vec![ping],
    };
    let text = serde_json::to_string(&pings).unwrap_or_default();
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: GeoPoint = GeoPoint { lat: 24.7, lng: 46.7 };

    fn north(metres: f64) -> GeoPoint {
        GeoPoint {
            lat: HERE.lat + metres / 111_195.0,
            lng: HERE.lng,
        }
    }

    fn at_work(last: GeoPoint) -> Duty {
        Duty {
            shift: Shift::On,
            at_work: true,
            stops: vec![HERE],
            last: Some(last),
            ..Duty::default()
        }
    }

    #[test]
    fn off_shift_nothing_is_asked_whatever_else_is_known() {
        let mut duty = Duty {
            shift: Shift::Off,
            watched: true,
            ..at_work(HERE)
        };
        let pace_of = |duty: &Duty| pace(duty, PaceReason::Close);
        assert_eq!(pace_of(&duty).reason, PaceReason::OffShift);
        assert_eq!(pace_of(&duty).seconds, 0);
        duty.shift = Shift::Starting;
        assert_eq!(pace_of(&duty).reason, PaceReason::Starting);
        assert!(!Rate::of(PaceReason::Starting).sends());
    }

    #[test]
    fn a_stop_is_near_within_three_hundred_metres_and_left_beyond_four_hundred() {
        let reason = |metres, was| pace(&at_work(north(metres)), was).reason;
        assert_eq!(reason(310.0, PaceReason::OnTheWay), PaceReason::OnTheWay);
        assert_eq!(reason(290.0, PaceReason::OnTheWay), PaceReason::Close);
        assert_eq!(reason(390.0, PaceReason::Close), PaceReason::Close);
        assert_eq!(reason(410.0, PaceReason::Close), PaceReason::OnTheWay);
    }

    #[test]
    fn what_is_carried_is_watched_and_the_more_is_at_stake_the_oftener_it_is_said() {
        let far = north(5_000.0);
        let watched = Duty {
            watched: true,
            ..at_work(far)
        };
        assert_eq!(pace(&watched, PaceReason::OnTheWay).reason, PaceReason::Close);
        let [idle, way, close] =
            [PaceReason::Idle, PaceReason::OnTheWay, PaceReason::Close].map(|reason| Rate::of(reason).pace);
        assert!(idle.seconds > way.seconds && way.seconds > close.seconds);
        assert!(idle.metres > way.metres && way.metres > close.metres);
    }

    #[test]
    fn a_position_counts_by_time_and_space_and_none_is_lost_for_coming_too_soon() {
        let rate = Rate::of(PaceReason::OnTheWay);
        let t = Timestamp(1_000_000_000_000);
        let worth = |passed, metres| rate.worth(Some((t, HERE)), t.plus_seconds(passed), north(metres));
        assert_eq!(rate.worth(None, t, HERE), Worth::Counts);
        assert_eq!(worth(15, 31.0), Worth::Counts);
        assert_eq!(worth(15, 20.0), Worth::Nothing);
        assert_eq!(worth(4, 80.0), Worth::From(t.plus_seconds(15)));
        assert_eq!(worth(60, 0.0), Worth::Counts, "still there");
        assert_eq!(worth(-60, 0.0), Worth::Counts, "the clock was set back");
    }

    #[test]
    fn an_hour_keeps_to_its_budget() {
        let wire = |reason| hour(reason).wire;
        assert_eq!(hour(PaceReason::OffShift), Hour::default());
        assert!(wire(PaceReason::Idle) < 105_000, "{:?}", hour(PaceReason::Idle));
        assert!(
            wire(PaceReason::OnTheWay) < 420_000,
            "{:?}",
            hour(PaceReason::OnTheWay)
        );
        assert!(
            wire(PaceReason::Close) < 1_250_000,
            "{:?}",
            hour(PaceReason::Close)
        );
    }
}

/// What a request really weighs, as reqwest writes it.
#[cfg(all(test, feature = "native"))]
mod weight {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use crate::net::native::NativeNet;
    use crate::port::{Method, Net as _, Request};

    use super::{REQUEST_HEAD, body_of};

    /// Letters in a session's token.
    const TOKEN: usize = 404;

    #[test]
    fn a_requests_head_weighs_what_is_said() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let body = "x".repeat(usize::try_from(body_of(1)).unwrap());
        let length = body.len();
        let server = std::thread::spawn(move || {
            let (mut line, _) = listener.accept().unwrap();
            let mut heard: Vec<u8> = Vec::new();
            let head = loop {
                let mut some = [0; 4_096];
                let read = line.read(&mut some).unwrap();
                heard.extend(&some[..read]);
                let end = heard.windows(4).position(|four| four == b"\r\n\r\n");
                if let Some(end) = end.map(|end| end + 4).filter(|end| heard.len() >= end + length) {
                    break end;
                }
            };
            line.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .unwrap();
            head
        });
        let request = Request {
            method: Method::Post,
            url: format!("http://127.0.0.1:{port}/api/v1/pings"),
            headers: vec![
                ("accept-language", "ar".to_owned()),
                ("content-type", "application/json".to_owned()),
                ("authorization", format!("Bearer {}", "t".repeat(TOKEN))),
            ],
            body: Some(body),
            bytes: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let answer = runtime.block_on(NativeNet::new().unwrap().send(request));
        assert_eq!(answer.unwrap().status, 200);
        let (is, said) = (server.join().unwrap(), usize::try_from(REQUEST_HEAD).unwrap());
        assert!(is.abs_diff(said) * 20 < said, "{is} bytes, said were {said}");
    }
}

//! The timer of a ticket, and its colours at the restaurant's own limits: the time it has to answer, the minutes
//! it promised, the minutes it usually takes. Pure: what happens when time runs out is the server's affair.

use momfood_domain::order::OrderStatus;
use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use momfood_kit::components::Tone;
use momfood_protocol::view::{KitchenSettings, OrderView, StepKind};

/// What a timer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// Down to the end of the time to answer.
    Answer,
    /// Down to the promised time, and past it.
    Promise,
    /// Up, since it could be fetched.
    Waiting,
}

/// A timer: from when to when, and when it changes colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What it counts.
    pub counts: Counts,
    /// Down to then, or up from then.
    pub mark: Timestamp,
    /// Amber from then on.
    pub amber: Timestamp,
    /// Red from then on.
    pub red: Timestamp,
}

/// A timer at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whole seconds left, late, or waited: never below zero.
    pub seconds: i64,
    /// Whether a promise is past.
    pub late: bool,
    /// Its colour.
    pub tone: Tone,
}

impl Clock {
    /// The timer of `order`, if its state has one.
    pub fn of(order: &OrderView, settings: &KitchenSettings) -> Option<Self> {
        match order.status {
            OrderStatus::Pending => {
                let mark = order.accept_by?;
                let limit = settings.accept_limit_seconds.max(1) * SECOND;
                let (amber, red) = (mark.plus(-limit / 2), mark.plus(-limit / 5));
                Some(Self {
                    counts: Counts::Answer,
                    mark,
                    amber,
                    red,
                })
            }
            OrderStatus::Accepted | OrderStatus::Preparing => {
                let mark = order.ready_by?;
                let accepted = step_at(order, StepKind::Accepted).unwrap_or(order.placed_at);
                let amber = mark.plus(-(mark.since(accepted).max(0) / 4));
                Some(Self {
                    counts: Counts::Promise,
                    mark,
                    amber,
                    red: mark,
                })
            }
            OrderStatus::Ready => {
                let mark = step_at(order, StepKind::Ready).or(order.ready_by)?;
                let usual = i64::from(settings.preparation_minutes.max(1)) * MINUTE;
                Some(Self {
                    counts: Counts::Waiting,
                    mark,
                    amber: mark.plus(usual / 2),
                    red: mark.plus(usual),
                })
            }
            _ => None,
        }
    }

    /// What it shows at `now`.
    pub fn at(self, now: Timestamp) -> Reading {
        let late = self.counts == Counts::Promise && now > self.mark;
        let seconds = match self.counts {
            Counts::Answer | Counts::Promise if !late => now.seconds_until(self.mark),
            _ => now.since(self.mark).max(0) / SECOND,
        };
        let tone = if now >= self.red {
            Tone::Bad
        } else if now >= self.amber {
            Tone::Warn
        } else {
            Tone::Quiet
        };
        Reading { seconds, late, tone }
    }
}

/// When a step of the timeline happened, the last time it did.
pub fn step_at(order: &OrderView, kind: StepKind) -> Option<Timestamp> {
    order
        .timeline
        .iter()
        .rev()
        .find(|step| step.kind == kind)
        .map(|step| step.at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{NOON, order, settings};
    use momfood_protocol::view::Step;

    #[test]
    fn a_new_order_turns_amber_at_half_its_time_and_red_in_the_last_fifth() {
        let mut it = order("1-0001", OrderStatus::Pending);
        it.accept_by = Some(NOON.plus_minutes(5));
        let clock = Clock::of(&it, &settings()).unwrap();
        let tone = |seconds| clock.at(NOON.plus_seconds(seconds)).tone;
        assert_eq!(
            (tone(0), tone(149), tone(150)),
            (Tone::Quiet, Tone::Quiet, Tone::Warn)
        );
        assert_eq!((tone(239), tone(240)), (Tone::Warn, Tone::Bad));
        assert_eq!(clock.at(NOON.plus_seconds(1)).seconds, 299);
        assert_eq!(
            clock.at(NOON.plus_minutes(7)).seconds,
            0,
            "never less than nothing"
        );
    }

    #[test]
    fn a_promise_turns_amber_in_its_last_quarter_and_counts_on_when_late() {
        let mut it = order("1-0001", OrderStatus::Preparing);
        it.timeline = vec![Step {
            kind: StepKind::Accepted,
            at: NOON,
        }];
        it.ready_by = Some(NOON.plus_minutes(20));
        let clock = Clock::of(&it, &settings()).unwrap();
        assert_eq!(clock.at(NOON.plus_minutes(14)).tone, Tone::Quiet);
        assert_eq!(clock.at(NOON.plus_minutes(15)).tone, Tone::Warn);
        let late = clock.at(NOON.plus_minutes(23));
        assert_eq!(
            late,
            Reading {
                seconds: 180,
                late: true,
                tone: Tone::Bad
            }
        );
    }

    #[test]
    fn food_that_waits_turns_red_after_as_long_as_it_takes_to_cook() {
        let mut it = order("1-0001", OrderStatus::Ready);
        it.timeline = vec![Step {
            kind: StepKind::Ready,
            at: NOON,
        }];
        let clock = Clock::of(&it, &settings()).unwrap();
        let tone = |minutes| clock.at(NOON.plus_minutes(minutes)).tone;
        assert_eq!(
            (tone(9), tone(10), tone(20)),
            (Tone::Quiet, Tone::Warn, Tone::Bad)
        );
    }

    #[test]
    fn an_order_that_left_the_kitchen_has_no_timer() {
        for status in OrderStatus::ALL.into_iter().filter(|s| s.rank() > 4) {
            assert_eq!(Clock::of(&order("1-0001", status), &settings()), None);
        }
    }
}

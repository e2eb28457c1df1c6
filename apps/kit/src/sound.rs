//! The bell of a new order: two drawn-out tones, again and again until someone touches the screen.
//!
//! Browsers refuse sound before the first tap on a page. That is reported as [`Bell::Blocked`], so that the screen
//! can ask for one tap; it is never silently swallowed. Where the program around the page lets sound out at once, no
//! tap is asked for: what counts is only whether the sound runs.

use std::cell::{Cell, RefCell};

use dioxus::prelude::*;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

use crate::time::sleep_ms;

/// What the bell is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bell {
    /// Nothing rings.
    #[default]
    Silent,
    /// It rings.
    Ringing,
    /// It should ring, but the browser waits for a tap: call [`unlock`] from a click.
    Blocked,
}

/// What the bell is doing; show it.
pub static BELL: GlobalSignal<Bell> = Signal::global(Bell::default);

thread_local! {
    static AUDIO: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
    /// Grows with every start: of two rounds of the bell, the older one falls silent.
    static ROUND: Cell<u32> = const { Cell::new(0) };
}

fn audio() -> Option<AudioContext> {
    AUDIO.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = AudioContext::new().ok();
        }
        slot.clone()
    })
}

/// Starts ringing, if it does not already.
pub fn ring() {
    if *BELL.peek() != Bell::Silent {
        return;
    }
    *BELL.write() = Bell::Ringing;
    let round = ROUND.get().wrapping_add(1);
    ROUND.set(round);
    dioxus::core::spawn_forever(async move {
        while *BELL.peek() != Bell::Silent && ROUND.get() == round {
            let sounding = toll();
            // A context that was resumed reports `running` a moment later.
            sleep_ms(200).await;
            let state = if sounding && is_running() {
                Bell::Ringing
            } else {
                Bell::Blocked
            };
            let shown = *BELL.peek();
            if shown != Bell::Silent && shown != state {
                *BELL.write() = state;
            }
            sleep_ms(2_400).await;
        }
    });
}

/// Stops ringing.
pub fn silence() {
    *BELL.write() = Bell::Silent;
}

/// Wakes the browser's sound; must be called from a click or a key press. Good to call at the first tap of a
/// shift, before any order comes.
pub fn unlock() {
    if let Some(audio) = audio() {
        let _ = audio.resume();
    }
    if *BELL.peek() == Bell::Blocked {
        *BELL.write() = Bell::Ringing;
        toll();
    }
}

/// Whether sound can be heard now, without another tap.
pub fn is_running() -> bool {
    audio().is_some_and(|audio| audio.state() == AudioContextState::Running)
}

/// A stroke: when each tone begins, how high it is, how loud. Together they reach the loudest the device has, and no
/// more: beyond that it would crackle, and be heard less.
const STROKE: [(f64, f32, f32); 6] = [
    (0.0, 880.0, 0.62),
    (0.0, 1_760.0, 0.24),
    (0.0, 2_640.0, 0.12),
    (0.55, 659.25, 0.62),
    (0.55, 1_318.5, 0.22),
    (0.55, 1_977.75, 0.12),
];
/// What is left of a tone at its end; not zero, for it falls by a share of itself.
const END: f32 = 0.0001;
/// Seconds until a tone is at its loudest, then until its end.
const RISE: f64 = 0.02;
const FALL: f64 = 1.2;

/// One stroke: a high tone, then a lower one, each with its overtones, fading away over a second.
fn toll() -> bool {
    let Some(audio) = audio() else { return false };
    if audio.state() == AudioContextState::Suspended {
        let _ = audio.resume();
    }
    let start = audio.current_time() + 0.03;
    STROKE
        .into_iter()
        .all(|(after, hertz, volume)| tone(&audio, start + after, hertz, volume).is_some())
}

fn tone(audio: &AudioContext, at: f64, hertz: f32, volume: f32) -> Option<()> {
    let oscillator = audio.create_oscillator().ok()?;
    let gain = audio.create_gain().ok()?;
    oscillator.set_type(OscillatorType::Sine);
    oscillator.frequency().set_value(hertz);
    let level = gain.gain();
    level.set_value_at_time(END, at).ok()?;
    level.exponential_ramp_to_value_at_time(volume, at + RISE).ok()?;
    level.exponential_ramp_to_value_at_time(END, at + FALL).ok()?;
    oscillator.connect_with_audio_node(&gain).ok()?;
    gain.connect_with_audio_node(&audio.destination()).ok()?;
    oscillator.start_with_when(at).ok()?;
    oscillator.stop_with_when(at + FALL + 0.05).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How loud all tones are together at a moment, at most.
    fn loudness(at: f64) -> f64 {
        let of = |(begins, _, volume): (f64, f32, f32)| {
            let (volume, end) = (f64::from(volume), f64::from(END));
            let since = at - begins;
            if since < 0.0 {
                0.0
            } else if since < RISE {
                end * (volume / end).powf(since / RISE)
            } else {
                volume * (end / volume).powf(((since - RISE) / (FALL - RISE)).min(1.0))
            }
        };
        STROKE.into_iter().map(of).sum()
    }

    #[test]
    fn the_bell_is_as_loud_as_the_device_can_be_and_never_crackles() {
        let loudest = (0..1_800_u32)
            .map(|ms| loudness(f64::from(ms) / 1_000.0))
            .fold(0.0, f64::max);
        assert!((0.95..=1.0).contains(&loudest), "{loudest}");
    }
}

//! A signature: drawn with a finger, a pen or a mouse on white, and kept as a small picture.

use std::cell::Cell;
use std::rc::Rc;

use dioxus::prelude::*;
use momfood_protocol::engine::BlobRef;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{Progress, canvas, file_of, keep};
use crate::a11y::{announce, use_id};
use crate::components::{Button, ButtonKind};
use crate::dom;
use crate::engine::{Engine, use_engine};
use crate::icons::{Icon, IconView};
use crate::t;

/// The picture, pixels: the shape of the pad on a phone.
const WIDTH: u32 = 720;
const HEIGHT: u32 = 300;
/// Shorter than this, pixels of the picture, it is a slip and no signature.
const SHORTEST: f64 = 120.0;

type Point = (f64, f64);

/// The pen: where it was, and how far it has come.
#[derive(Default)]
struct Pen {
    /// Its last two points while it is down.
    down: Cell<Option<(Point, Point)>>,
    length: Cell<f64>,
}

/// The point between two.
fn middle(a: Point, b: Point) -> Point {
    (f64::midpoint(a.0, b.0), f64::midpoint(a.1, b.1))
}

impl Pen {
    /// Puts it down.
    fn touch(&self, at: Point) {
        self.down.set(Some((at, at)));
    }

    /// Moves it: the curve to draw, from, over and to; nothing while it is up.
    fn pull(&self, to: Point) -> Option<[Point; 3]> {
        let (before, last) = self.down.get()?;
        self.down.set(Some((last, to)));
        self.length
            .set(self.length.get() + (to.0 - last.0).hypot(to.1 - last.1));
        Some([middle(before, last), last, middle(last, to)])
    }

    /// Whether what was drawn is more than a slip.
    fn has_signed(&self) -> bool {
        self.length.get() >= SHORTEST
    }
}

/// A signature as proof.
#[component]
pub fn SignaturePad(
    /// Who is to sign, for screen readers and above the pad.
    #[props(into)]
    label: String,
    /// The engine has it, or it is gone again.
    onsigned: EventHandler<Option<BlobRef>>,
) -> Element {
    let engine = use_engine();
    let id = use_id();
    let pen = use_hook(|| Rc::new(Pen::default()));
    let mut progress = use_signal(Progress::default);
    let state = progress.read().clone();
    let kept = state == Progress::Kept;
    let locked = kept || state == Progress::Working;
    let (pad_down, pad_move, pad_clear, pad_keep) = (id.clone(), id.clone(), id.clone(), id.clone());
    let (pen_down, pen_move, pen_clear) = (Rc::clone(&pen), Rc::clone(&pen), Rc::clone(&pen));
    let lift = use_callback(move |()| pen.down.set(None));
    rsx! {
        div { class: "k-sign", class: if locked { "is-locked" }, "data-testid": "signature", "data-state": state.id(),
            div {
                p { class: "k-strong", "{label}" }
                p { class: "k-muted k-s",
                    if kept { {t!("kit-sign-kept")} } else { {t!("kit-sign-how")} }
                }
            }
            canvas {
                id: "{id}",
                class: "k-sign-pad",
                width: "{WIDTH}",
                height: "{HEIGHT}",
                role: "img",
                aria_label: t!("kit-sign-how"),
                "data-testid": "signature-pad",
                onmounted: move |event| {
                    if let Some(canvas) = dom::element_as::<HtmlCanvasElement>(&event) {
                        blank(&canvas);
                    }
                },
                onpointerdown: move |event| {
                    let Some(canvas) = canvas(&pad_down).filter(|_| !locked) else { return };
                    if let Some(pointer) = event.data().downcast::<web_sys::PointerEvent>() {
                        // A stroke goes on beyond the edge; a pointer that is gone already needs none of it.
                        let _ = canvas.set_pointer_capture(pointer.pointer_id());
                    }
                    pen_down.touch(place(&canvas, &event));
                },
                onpointermove: move |event| {
                    let Some(canvas) = canvas(&pad_move).filter(|_| !locked) else { return };
                    if let Some(curve) = pen_move.pull(place(&canvas, &event)) {
                        draw(&canvas, curve);
                        if pen_move.has_signed() && *progress.peek() != Progress::Drawn {
                            progress.set(Progress::Drawn);
                        }
                    }
                },
                onpointerup: move |_| lift.call(()),
                onpointercancel: move |_| lift.call(()),
            }
            if let Progress::Failed(why) = &state {
                p { class: "k-capture-failed", role: "alert",
                    IconView { icon: Icon::Alert }
                    span { "{why}" }
                }
            }
            div { class: "k-sign-do",
                Button {
                    kind: ButtonKind::Secondary,
                    icon: Icon::Undo,
                    disabled: matches!(state, Progress::Empty | Progress::Working),
                    onclick: move |_| {
                        if let Some(canvas) = canvas(&pad_clear) {
                            blank(&canvas);
                        }
                        pen_clear.length.set(0.0);
                        progress.set(Progress::Empty);
                        onsigned.call(None);
                    },
                    "data-testid": "signature-clear",
                    {t!("kit-sign-again")}
                }
                if !kept {
                    Button {
                        icon: Icon::Check,
                        busy: state == Progress::Working,
                        disabled: state == Progress::Empty,
                        onclick: move |_| {
                            let Some(canvas) = canvas(&pad_keep) else { return };
                            progress.set(Progress::Working);
                            spawn(async move {
                                match sign(engine, &canvas).await {
                                    Ok(signature) => {
                                        progress.set(Progress::Kept);
                                        announce(t!("kit-sign-kept"));
                                        onsigned.call(Some(signature));
                                    }
                                    Err(why) => progress.set(Progress::Failed(why)),
                                }
                            });
                        },
                        "data-testid": "signature-keep",
                        {t!("kit-sign-keep")}
                    }
                }
            }
        }
    }
}

fn ink(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    Some(canvas.get_context("2d").ok()??.unchecked_into())
}

/// White, and a dark pen, whatever the colours of the screen: it is a picture for others.
fn blank(canvas: &HtmlCanvasElement) {
    let Some(ink) = ink(canvas) else { return };
    ink.set_fill_style_str("#fff");
    ink.fill_rect(0.0, 0.0, WIDTH.into(), HEIGHT.into());
    ink.set_stroke_style_str("#1f1a17");
    ink.set_line_width(5.0);
    ink.set_line_cap("round");
    ink.set_line_join("round");
}

/// Where on the picture a pointer is, however large the pad is shown.
fn place(canvas: &HtmlCanvasElement, event: &PointerEvent) -> Point {
    let pad = canvas.get_bounding_client_rect();
    let at = event.client_coordinates();
    (
        (at.x - pad.left()) * f64::from(WIDTH) / pad.width().max(1.0),
        (at.y - pad.top()) * f64::from(HEIGHT) / pad.height().max(1.0),
    )
}

fn draw(canvas: &HtmlCanvasElement, [from, over, to]: [Point; 3]) {
    let Some(ink) = ink(canvas) else { return };
    ink.begin_path();
    ink.move_to(from.0, from.1);
    ink.quadratic_curve_to(over.0, over.1, to.0, to.1);
    ink.stroke();
}

async fn sign(engine: Engine, canvas: &HtmlCanvasElement) -> Result<BlobRef, String> {
    let unreadable = || t!("kit-sign-failed");
    let picture = file_of(canvas, "image/png", 1.0).await.ok_or_else(unreadable)?;
    let answer = keep(engine, &picture).await.ok_or_else(unreadable)?;
    answer.map_err(|failure| failure.message)
}

#[cfg(test)]
mod tests {
    use super::Pen;

    #[test]
    fn a_slip_of_the_finger_is_no_signature() {
        let pen = Pen::default();
        assert_eq!(pen.pull((50.0, 50.0)), None, "the pen is up");
        pen.touch((10.0, 10.0));
        pen.pull((40.0, 10.0));
        assert!(!pen.has_signed());
        pen.pull((40.0, 100.0));
        assert!(pen.has_signed());
    }

    #[test]
    fn strokes_do_not_join() {
        let pen = Pen::default();
        pen.touch((0.0, 0.0));
        pen.pull((10.0, 0.0));
        pen.down.set(None);
        assert_eq!(pen.pull((90.0, 90.0)), None);
        pen.touch((100.0, 0.0));
        let [from, ..] = pen.pull((110.0, 0.0)).unwrap();
        assert_eq!(from, (100.0, 0.0));
    }
}

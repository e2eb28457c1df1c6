//! Drawings for screens that have nothing to show yet. They take their colours from the theme.

use dioxus::prelude::*;

/// What a drawing shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Art {
    /// A covered pot, steam above: nothing in the cart, nothing ordered yet.
    Pot,
    /// A bill, curling: no history.
    Receipt,
    /// A magnifying glass over an empty plate: nothing found.
    Nothing,
    /// A cloud and a broken line: no connection.
    Offline,
    /// A spilled cup: something failed on our side.
    Spill,
    /// A shutter, pulled down: closed.
    Closed,
    /// A clean counter: the kitchen is done.
    Calm,
    /// A scooter under the moon: a driver waiting for offers.
    Waiting,
    /// A pin on a folded map: no address.
    Place,
}

/// Colour class and path: `a` soft ground, `b` surface, `c` primary, `d` ink line, `e` primary line, `f` green.
type Shape = (&'static str, &'static str);

impl Art {
    /// Every drawing.
    pub const ALL: [Self; 9] = [
        Self::Pot,
        Self::Receipt,
        Self::Nothing,
        Self::Offline,
        Self::Spill,
        Self::Closed,
        Self::Calm,
        Self::Waiting,
        Self::Place,
    ];

    #[expect(clippy::too_many_lines, reason = "drawings, not logic")]
    const fn shapes(self) -> &'static [Shape] {
        match self {
            Self::Pot => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                ("b", "M44 58h72v26a16 16 0 0 1-16 16H60a16 16 0 0 1-16-16z"),
                (
                    "c",
                    "M40 58a4 4 0 0 1-4-4c0-4 3-6 7-7 6-9 20-15 37-15s31 6 37 15c4 1 7 3 7 7a4 4 0 0 1-4 4z",
                ),
                (
                    "d",
                    "M44 58v26a16 16 0 0 0 16 16h40a16 16 0 0 0 16-16V58M44 70h-9v8h9M116 70h9v8h-9M76 32a4 4 0 0 1 8 0",
                ),
                (
                    "e",
                    "M62 20c-4-5 4-7 0-12M80 18c-4-5 4-7 0-12M98 20c-4-5 4-7 0-12",
                ),
            ],
            Self::Receipt => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                ("b", "M54 20h52v82l-8.7-6-8.6 6-8.7-6-8.7 6-8.6-6-8.7 6z"),
                (
                    "d",
                    "M54 20h52v82l-8.7-6-8.6 6-8.7-6-8.7 6-8.6-6-8.7 6zM64 48h32M64 60h32M64 72h18",
                ),
                ("e", "M64 34h20"),
                ("c", "M110 76a15 15 0 1 1 0 30 15 15 0 0 1 0-30z"),
                ("g", "M110 83v8.5l5.5 3.5"),
            ],
            Self::Nothing => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                ("b", "M74 28a34 34 0 1 1 0 68 34 34 0 0 1 0-68z"),
                (
                    "d",
                    "M74 28a34 34 0 1 1 0 68 34 34 0 0 1 0-68zM74 42a20 20 0 1 1 0 40 20 20 0 0 1 0-40z",
                ),
                ("e", "M99 87l24 22"),
                ("h", "M99 87l24 22"),
            ],
            Self::Offline => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                (
                    "b",
                    "M56 82a18 18 0 0 1-2-35.9A27 27 0 0 1 106 44a19 19 0 0 1 0 38z",
                ),
                (
                    "d",
                    "M56 82a18 18 0 0 1-2-35.9A27 27 0 0 1 106 44a19 19 0 0 1 0 38z",
                ),
                ("h", "M62 100h12M86 100h12M74 94v12M86 94v12"),
            ],
            Self::Spill => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                (
                    "c",
                    "M78 88c14-4 22 6 36 3s22 3 20 8-14 6-30 6H66c-14 0-14-13 12-17z",
                ),
                (
                    "b",
                    "M42 50l32-18 22 38-32 18a9 9 0 0 1-12-3.4L38.7 62A9 9 0 0 1 42 50z",
                ),
                (
                    "d",
                    "M42 50l32-18 22 38-32 18a9 9 0 0 1-12-3.4L38.7 62A9 9 0 0 1 42 50zM40 66l-7 4a8 8 0 0 0 8 14l7-4",
                ),
                ("e", "M104 44l8-8M110 58l11-3M94 34l3-11"),
            ],
            Self::Closed => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                ("b", "M44 46h72v56H44z"),
                ("d", "M44 46v56h72V46M44 62h72M44 74h72M44 86h72M72 102v-6h16v6"),
                (
                    "c",
                    "M40 28h80l6 18a9 9 0 0 1-15.3 4 11 11 0 0 1-15.4 0 11 11 0 0 1-15.3 0 11 11 0 0 1-15.3 0 11 11 0 0 1-15.4 0A9 9 0 0 1 34 46z",
                ),
            ],
            Self::Calm => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                ("d", "M28 96h104M46 96v-8h68v8"),
                ("b", "M50 86a30 30 0 0 1 60 0z"),
                ("d", "M50 86a30 30 0 0 1 60 0zM80 56v-6M76 50h8"),
                ("f", "M118 54a14 14 0 1 1-28 0 14 14 0 0 1 28 0z"),
                ("g", "M98 54.5l4.5 4.5 8-9"),
            ],
            Self::Waiting => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                ("c", "M44 52h26v24H44z"),
                (
                    "b",
                    "M52 84a11 11 0 1 1 0 22 11 11 0 0 1 0-22zM112 84a11 11 0 1 1 0 22 11 11 0 0 1 0-22z",
                ),
                (
                    "d",
                    "M52 84a11 11 0 1 1 0 22 11 11 0 0 1 0-22zM112 84a11 11 0 1 1 0 22 11 11 0 0 1 0-22zM63 95h28c0-14 5-22 13-25l-8-26H84M40 84c2-5 6-8 12-8h20",
                ),
                ("e", "M126 34a11 11 0 1 1-12-14 9 9 0 0 0 12 14z"),
            ],
            Self::Place => &[
                (
                    "a",
                    "M80 14c34 0 62 20 62 50s-28 46-62 46-62-16-62-46 28-50 62-50z",
                ),
                ("b", "M40 58l26-10 28 10 26-10v44l-26 10-28-10-26 10z"),
                (
                    "d",
                    "M40 58l26-10 28 10 26-10v44l-26 10-28-10-26 10zM66 48v44M94 58v44",
                ),
                ("c", "M80 78s-20-17-20-34a20 20 0 0 1 40 0c0 17-20 34-20 34z"),
                ("b", "M80 37a7 7 0 1 1 0 14 7 7 0 0 1 0-14z"),
            ],
        }
    }
}

/// Draws `art`, hidden from screen readers: the words beside it say the same.
#[component]
pub fn Drawing(art: Art) -> Element {
    rsx! {
        svg { class: "k-art", view_box: "0 0 160 120", "aria-hidden": "true",
            for (class, d) in art.shapes().iter().copied() {
                path { class: "k-art-{class}", d }
            }
        }
    }
}

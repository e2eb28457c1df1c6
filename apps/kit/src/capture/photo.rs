//! A photo: taken with the camera or picked, made small, shown, kept; taken again as often as one likes.

use dioxus::prelude::*;
use momfood_protocol::engine::BlobRef;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlInputElement, ImageBitmap};

use super::{Progress, canvas, file_of, keep};
use crate::a11y::{announce, use_id};
use crate::components::Spinner;
use crate::dom;
use crate::engine::{Engine, use_engine};
use crate::icons::{Icon, IconView};
use crate::t;

/// How light a picture is made.
pub(super) struct Lightness {
    /// Longest side, pixels, the best first.
    longest: [u32; 3],
    /// Bytes.
    heaviest: f64,
}

/// Enough to recognise a door and a bag; a driver pays for the data.
const PROOF: Lightness = Lightness {
    longest: [1_280, 1_024, 800],
    heaviest: 300.0 * 1_024.0,
};

/// Enough to read every line of a paper.
pub(super) const PAPER: Lightness = Lightness {
    longest: [2_400, 2_000, 1_600],
    heaviest: 1_536.0 * 1_024.0,
};

/// Qualities tried, the best first.
const QUALITIES: [f64; 3] = [0.8, 0.65, 0.5];

/// A picture that fits a square of `longest`, in the same shape; never enlarged.
fn fitted(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let long = width.max(height).max(1);
    if long <= longest {
        return (width.max(1), height.max(1));
    }
    let side = |side: u32| (u64::from(side) * u64::from(longest)).div_ceil(u64::from(long));
    // A side is at most `longest`.
    let side = |pixels| u32::try_from(side(pixels)).unwrap_or(longest).max(1);
    (side(width), side(height))
}

/// A photo as proof. What the camera wrote into its file beside the picture (place, time, owner) stays here.
#[component]
pub fn PhotoField(
    /// What to take a photo of.
    #[props(into)]
    label: String,
    /// The engine has it, or it is gone again.
    onphoto: EventHandler<Option<BlobRef>>,
) -> Element {
    let engine = use_engine();
    let (id, picture) = (use_id(), use_id());
    let mut progress = use_signal(Progress::default);
    let state = progress.read().clone();
    let (there, working) = (state == Progress::Kept, state == Progress::Working);
    let (input, shown) = (id.clone(), picture.clone());
    rsx! {
        div { class: "k-photo", "data-testid": "photo", "data-state": state.id(),
            canvas { id: "{picture}", class: "k-photo-picture", hidden: !there, role: "img", aria_label: t!("kit-photo-preview") }
            label { class: "k-photo-take", class: if there { "is-again" }, r#for: "{id}",
                if working {
                    Spinner {}
                } else {
                    IconView { icon: if there { Icon::Undo } else { Icon::Camera } }
                }
                span { if there { {t!("kit-photo-again")} } else { "{label}" } }
                input {
                    id: "{id}",
                    class: "k-sr",
                    r#type: "file",
                    accept: "image/*",
                    "capture": "environment",
                    disabled: working,
                    "data-testid": "photo-input",
                    onchange: move |_| {
                        let Some((file, canvas)) = picked(&input).zip(canvas(&shown)) else { return };
                        progress.set(Progress::Working);
                        onphoto.call(None);
                        spawn(async move {
                            match take(engine, &file, &canvas).await {
                                Ok(photo) => {
                                    progress.set(Progress::Kept);
                                    announce(t!("kit-photo-kept"));
                                    onphoto.call(Some(photo));
                                }
                                Err(why) => progress.set(Progress::Failed(why)),
                            }
                        });
                    },
                }
            }
            if let Progress::Failed(why) = &state {
                p { class: "k-capture-failed", role: "alert", "data-testid": "photo-failed",
                    IconView { icon: Icon::Alert }
                    span { "{why}" }
                }
            }
        }
    }
}

/// The file picked in the input with this id; the input is empty afterwards, so that the same may be picked again.
pub(crate) fn picked(id: &str) -> Option<Blob> {
    let input: HtmlInputElement = dom::document()?.get_element_by_id(id)?.dyn_into().ok()?;
    let file = input.files()?.get(0)?;
    input.set_value("");
    Some(file.into())
}

/// Makes it small, shows it and keeps it; or says why not.
async fn take(engine: Engine, file: &Blob, canvas: &HtmlCanvasElement) -> Result<BlobRef, String> {
    let small = shrink(file, canvas, &PROOF).await;
    let small = small.ok_or_else(|| t!("kit-photo-unreadable"))?;
    match keep(engine, &small).await {
        Some(answer) => answer.map_err(|failure| failure.message),
        None => Err(t!("kit-photo-unreadable")),
    }
}

/// The picture of `file`, drawn on `canvas` and light enough. The lightest there is, if none is.
pub(super) async fn shrink(file: &Blob, canvas: &HtmlCanvasElement, lightness: &Lightness) -> Option<Blob> {
    let bitmap = dom::window()?.create_image_bitmap_with_blob(file).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await.ok()?.unchecked_into();
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
    let mut lightest = None;
    for longest in lightness.longest {
        let (width, height) = fitted(bitmap.width(), bitmap.height(), longest);
        canvas.set_width(width);
        canvas.set_height(height);
        pen.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width.into(), height.into())
            .ok()?;
        for quality in QUALITIES {
            let photo = file_of(canvas, "image/jpeg", quality).await?;
            let light = photo.size() <= lightness.heaviest;
            lightest = Some(photo);
            if light {
                bitmap.close();
                return lightest;
            }
        }
    }
    bitmap.close();
    lightest
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn a_photo_keeps_its_shape_and_is_never_enlarged() {
        assert_eq!(fitted(4_000, 3_000, 1_280), (1_280, 960));
        assert_eq!(fitted(3_000, 4_000, 1_280), (960, 1_280));
        assert_eq!(fitted(640, 480, 1_280), (640, 480));
        assert_eq!(fitted(10_000, 1, 1_280), (1_280, 1), "a line stays visible");
        assert_eq!(fitted(0, 0, 1_280), (1, 1), "no canvas without a size");
    }
}

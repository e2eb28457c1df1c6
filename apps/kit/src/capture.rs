//! Pictures as proof: a photo, a signature. What is taken is made small here, handed to the engine at once and named
//! by its hash from then on; the engine writes it down before it answers, so it outlives the page.
//!
//! Both need a camera or a finger. Give the person who has neither another way beside them: the customer's code.

mod photo;
mod signature;

use futures::channel::oneshot;
use momfood_protocol::engine::BlobRef;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

pub use photo::PhotoField;
pub(crate) use photo::picked;
pub use signature::SignaturePad;

use crate::dom;
use crate::engine::{Engine, Failure};

/// How far a picture is.
#[derive(Clone, Debug, Default, PartialEq)]
enum Progress {
    /// There is none.
    #[default]
    Empty,
    /// There is one, which nobody has kept yet.
    Drawn,
    /// It is being made small and kept.
    Working,
    /// The engine has it.
    Kept,
    /// It could not be kept; why, in words.
    Failed(String),
}

impl Progress {
    /// Its name for tests.
    const fn id(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Drawn => "drawn",
            Self::Working => "working",
            Self::Kept => "kept",
            Self::Failed(_) => "failed",
        }
    }
}

/// The canvas with this id.
fn canvas(id: &str) -> Option<HtmlCanvasElement> {
    dom::document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// What stands on `canvas`, as a file of type `kind`.
async fn file_of(canvas: &HtmlCanvasElement, kind: &str, quality: f64) -> Option<Blob> {
    let (tell, told) = oneshot::channel();
    let tell = Closure::once(move |blob: JsValue| {
        // Who no longer waits need not hear.
        let _ = tell.send(blob.dyn_into::<Blob>().ok());
    });
    canvas
        .to_blob_with_type_and_encoder_options(tell.as_ref().unchecked_ref(), kind, &quality.into())
        .ok()?;
    told.await.ok().flatten()
}

/// Gives a file to the engine.
async fn keep(engine: Engine, file: &Blob) -> Option<Result<BlobRef, Failure>> {
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(engine.post_blob(bytes.unchecked_into()).await)
}

/// Gives a paper to the engine: a photograph of one made light enough, anything else as it is. `None` when it is no picture
/// after all.
pub(crate) async fn hand_over(engine: Engine, file: &Blob) -> Option<Result<BlobRef, Failure>> {
    if !file.type_().starts_with("image/") {
        return keep(engine, file).await;
    }
    let canvas = dom::document()?.create_element("canvas").ok()?;
    let light = photo::shrink(file, &canvas.dyn_into().ok()?, &photo::PAPER).await?;
    keep(engine, &light).await
}

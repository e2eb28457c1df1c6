//! The picture that shows that an order was handed over.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::engine::{Answer, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::GetProof;
use momfood_protocol::view::ProofKind;

/// The photo or signature of order `id`. Until it is here its place is kept; without a line it can be asked for again.
#[component]
pub fn ProofPicture(id: OrderId, kind: ProofKind) -> Element {
    let proof = use_query(move || GetProof { id }, &[]);
    let signature = kind == ProofKind::Signature;
    let alt = if signature {
        t!("proof-signature-alt")
    } else {
        t!("proof-photo-alt")
    };
    rsx! {
        match &*proof.read() {
            Answer::Loading => rsx! { Skeleton { shape: SkeletonShape::Block(200) } },
            Answer::Ready(proof, _) | Answer::Failed(_, Some(proof)) => rsx! {
                if let Some(picture) = &proof.picture {
                    img {
                        class: "c-proof",
                        class: if signature { "is-signature" },
                        src: "{picture}",
                        alt: "{alt}",
                        "data-testid": "proof-picture",
                    }
                }
            },
            Answer::Failed(failure, None) => rsx! {
                div { class: "k-row-s",
                    span { class: "k-muted k-s", "{failure.message}" }
                    Button { kind: ButtonKind::Quiet, onclick: move |_| proof.again(), {t!("proof-again")} }
                }
            },
        }
    }
}

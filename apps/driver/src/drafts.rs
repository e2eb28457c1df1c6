//! The proof of a hand-over that was taken and not yet slid: kept in the page's storage by its name, so that a page that ends
//! in between (an app the phone put away for its camera, a call) does not cost the driver the photo. The picture itself is
//! the engine's, for a day.
//!
//! It belongs to one order and ends with its hand-over: nothing of it can reach another one.

use momfood_domain::id::OrderId;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_kit::storage;
use momfood_kit::time::now;
use momfood_protocol::mutation::Proof;

/// The engine lets go of a picture that nothing names after a day.
const KEPT: i64 = 20 * 60 * MINUTE;
/// Where all of them stand.
const KEY: &str = "proofs";
/// Of so many orders at most.
const MOST: usize = 8;

/// One of them, in the page's storage a line: order, when, kind, name of the picture.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    order: String,
    at: Timestamp,
    proof: Proof,
}

impl Draft {
    fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (order, at) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        let (kind, sha256) = (words.next()?, words.next()?.to_owned());
        let proof = match kind {
            "photo" => Proof::Photo { sha256 },
            "signature" => Proof::Signature { sha256 },
            _ => return None,
        };
        Some(Self {
            order,
            at: Timestamp(at),
            proof,
        })
    }

    fn line(&self) -> Option<String> {
        let (kind, sha256) = match &self.proof {
            Proof::Photo { sha256 } => ("photo", sha256),
            Proof::Signature { sha256 } => ("signature", sha256),
            Proof::Code { .. } => return None,
        };
        Some(format!("{} {} {kind} {sha256}", self.order, self.at.0))
    }
}

/// Those of `text` that still count at `now`.
fn read(text: &str, now: Timestamp) -> Vec<Draft> {
    let fresh = |draft: &Draft| (0..KEPT).contains(&now.since(draft.at));
    text.lines().filter_map(Draft::read).filter(fresh).collect()
}

/// `drafts` with what `order` has now.
fn changed(mut drafts: Vec<Draft>, order: OrderId, proof: Option<Proof>, now: Timestamp) -> String {
    let order = order.to_string();
    drafts.retain(|draft| draft.order != order);
    drafts.extend(proof.map(|proof| Draft {
        order,
        at: now,
        proof,
    }));
    let most = drafts.len().saturating_sub(MOST);
    let lines: Vec<String> = drafts[most..].iter().filter_map(Draft::line).collect();
    lines.join("\n")
}

fn all() -> Vec<Draft> {
    read(&storage::get(KEY).unwrap_or_default(), now())
}

/// What was taken for `order` and not handed in.
pub fn of(order: OrderId) -> Option<Proof> {
    let order = order.to_string();
    all()
        .into_iter()
        .find(|draft| draft.order == order)
        .map(|draft| draft.proof)
}

/// Keeps `proof` for `order`, or forgets what there is.
pub fn keep(order: OrderId, proof: Option<Proof>) {
    let text = changed(all(), order, proof, now());
    storage::set(KEY, Some(text.as_str()).filter(|text| !text.is_empty()));
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_300_000_000_000);

    fn order(n: u128) -> OrderId {
        format!("00000000-0000-0000-0000-{n:012}").parse().unwrap()
    }

    fn photo(name: &str) -> Proof {
        Proof::Photo { sha256: name.into() }
    }

    #[test]
    fn a_proof_is_found_again_for_its_order_and_no_other() {
        let text = changed(vec![], order(1), Some(photo("aa")), NOW);
        let text = changed(
            read(&text, NOW),
            order(2),
            Some(Proof::Signature { sha256: "bb".into() }),
            NOW,
        );
        let drafts = read(&text, NOW);
        assert_eq!(drafts.len(), 2);
        assert_eq!(drafts[0].proof, photo("aa"));
        let text = changed(drafts, order(1), None, NOW);
        let left = read(&text, NOW);
        assert_eq!((left.len(), left[0].order.clone()), (1, order(2).to_string()));
    }

    #[test]
    fn taking_it_again_replaces_it_and_a_code_is_not_kept() {
        let text = changed(vec![], order(1), Some(photo("aa")), NOW);
        let text = changed(read(&text, NOW), order(1), Some(photo("cc")), NOW);
        assert_eq!(read(&text, NOW).len(), 1);
        let code = changed(vec![], order(1), Some(Proof::Code { code: "1234".into() }), NOW);
        assert_eq!(code, "");
    }

    #[test]
    fn what_the_engine_may_have_let_go_of_is_not_offered() {
        let text = changed(vec![], order(1), Some(photo("aa")), NOW);
        assert_eq!(read(&text, NOW.plus(KEPT)), vec![]);
        assert_eq!(read("nonsense\n1 2 3", NOW), vec![]);
    }
}

//! What was tapped arrives once, what changed is read, and a crash between any two steps loses nothing.

use momfood_domain::id::OrderId;
use momfood_domain::time::SECOND;
use momfood_protocol::engine::Line;
use momfood_protocol::mutation::{Accept, Mutation};
use uuid::Uuid;

use super::peer::{COOK, Peer, row};

const ID: OrderId = OrderId(Uuid::from_u128(100));

const fn accept() -> Mutation {
    Mutation::AcceptOrder(Accept {
        order_id: ID,
        prep_minutes: 20,
    })
}

/// A kitchen that is live, with one new order.
fn live() -> Peer {
    let mut peer = Peer::new();
    peer.put(row(ID, 1, "pending"));
    peer.sign_in(COOK);
    peer.pass(SECOND);
    assert_eq!(peer.client.machine().line(), Line::Live);
    peer
}

fn shown(peer: &Peer) -> (String, bool) {
    peer.shown(ID).unwrap()
}

#[test]
fn an_order_accepted_without_a_network_is_shown_kept_sent_and_confirmed() {
    let mut peer = live();
    peer.up = false;
    peer.cut();
    peer.tap(1, accept()).unwrap();
    assert_eq!(shown(&peer), ("accepted".into(), true));
    peer.restart();
    assert_eq!(shown(&peer), ("accepted".into(), true));
    peer.pass(600 * SECOND);
    peer.up = true;
    peer.pass(60 * SECOND);
    assert_eq!(shown(&peer), ("accepted".into(), false));
    assert_eq!(peer.server.performed, [(Uuid::from_u128(1), COOK)]);
    assert_eq!(peer.settled, [Uuid::from_u128(1)]);
    assert_eq!(peer.waiting(), 0);
}

//! One of everything that is told of work done offline: mutations, and what carries them.

use momfood_protocol::mutation::{self, AtStation, Deliver, Fail, Mutation, Of, Rate};
use momfood_protocol::sync::{
    BlobState, Cursor, Envelope, Gap, Grant, MutationResult, MutationStatus, Page, Presence, SyncAnswer,
    SyncRequest,
};

use super::*;

pub fn photo() -> Proof {
    Proof::Photo {
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
    }
}

/// One of every mutation, and a word for those that come more than once.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn mutations() -> Vec<(&'static str, Mutation)> {
    let order_id = order_id();
    let of = Of { order_id };
    let because = mutation::Because {
        order_id,
        reason: Reason::TooBusy,
    };
    let attempt = mutation::Attempt { order_id, attempt: 2 };
    let at = AtStation {
        order_id,
        station: "grill".into(),
    };
    vec![
        ("", Mutation::PlaceOrder(placing())),
        ("", Mutation::CancelOrder(because)),
        (
            "",
            Mutation::RateOrder(Rate {
                order_id,
                stars: 5,
                comment: Some("وصل ساخناً".into()),
            }),
        ),
        (
            ", without words",
            Mutation::RateOrder(Rate {
                order_id,
                stars: 1,
                comment: None,
            }),
        ),
        (
            "",
            Mutation::AcceptOrder(mutation::Accept {
                order_id,
                prep_minutes: 20,
            }),
        ),
        ("", Mutation::RejectOrder(because)),
        ("", Mutation::StartPreparing(of)),
        ("", Mutation::MarkReady(of)),
        (
            "",
            Mutation::HandOver(mutation::HandOver {
                order_id,
                cash: Some(6_400),
            }),
        ),
        (
            ", paid",
            Mutation::HandOver(mutation::HandOver { order_id, cash: None }),
        ),
        ("", Mutation::BumpTicket(at.clone())),
        ("", Mutation::RecallTicket(at)),
        (
            "",
            Mutation::SetAvailability(mutation::SetAvailability {
                item_id: item_id(),
                availability: Availability::SoldOut { until: Some(T) },
            }),
        ),
        ("", Mutation::Pause(mutation::Pause { minutes: Some(30) })),
        (
            ", until resumed",
            Mutation::Pause(mutation::Pause { minutes: None }),
        ),
        (
            "",
            Mutation::SetShift(rest::SetShift {
                on: true,
                point: Some(POINT),
            }),
        ),
        ("", Mutation::AcceptOffer(attempt)),
        ("", Mutation::DeclineOffer(attempt)),
        (
            "",
            Mutation::Release(mutation::Release {
                order_id,
                attempt: 2,
                reason: Reason::VehicleProblem,
            }),
        ),
        ("", Mutation::ArriveAtRestaurant(of)),
        ("", Mutation::PickUp(of)),
        ("", Mutation::ArriveAtCustomer(of)),
        (
            "",
            Mutation::Deliver(Deliver {
                order_id,
                cash: Some(6_400),
                proof: Some(photo()),
            }),
        ),
        (
            ", with a code",
            Mutation::Deliver(Deliver {
                order_id,
                cash: None,
                proof: Some(Proof::Code { code: "4821".into() }),
            }),
        ),
        (
            ", signed",
            Mutation::Deliver(Deliver {
                order_id,
                cash: None,
                proof: Some(Proof::Signature {
                    sha256: "0".repeat(64),
                }),
            }),
        ),
        (
            "",
            Mutation::FailDelivery(Fail {
                order_id,
                reason: Reason::CustomerUnreachable,
                proof: Some(photo()),
            }),
        ),
        ("", Mutation::ReturnFood(of)),
    ]
}

fn placing() -> rest::PlaceOrder {
    rest::PlaceOrder {
        id: order_id(),
        quote_id: quote_id(),
        payment_method: PaymentMethod::Cash,
        card_token: None,
        address: Some(address()),
        note: Some("بدون أكياس".into()),
        valid_until: None,
    }
}

pub fn reviews() -> ReviewList {
    let full = Review {
        id: id(21),
        actor: UserId(id(13)),
        role: Role::Driver,
        restaurant_id: Some(restaurant_id()),
        uid: id(20),
        name: "delivery.deliver".into(),
        args: json!({ "orderId": order_id(), "cash": 6_400 }),
        order_id: Some(order_id()),
        order_number: Some("4821-1234".into()),
        cash: Some(6_400),
        at: T,
        occurred_at: T.plus_minutes(-90),
        skewed: false,
        applied: false,
        code: ErrorCode::WrongState,
        details: json!({ "status": "cancelled" }),
    };
    let least = Review {
        restaurant_id: None,
        order_id: None,
        order_number: None,
        cash: None,
        skewed: true,
        applied: true,
        code: ErrorCode::WrongCode,
        details: json!(null),
        ..full.clone()
    };
    ReviewList {
        reviews: vec![full, least],
    }
}

/// What devices and server say to each other.
#[expect(clippy::too_many_lines, reason = "a list")]
pub fn sync(golden: &mut Golden) {
    let device = id(19);
    let scope = Scope::Driver(UserId(id(13))).to_string();
    let deliver = Mutation::Deliver(Deliver {
        order_id: order_id(),
        cash: Some(6_400),
        proof: None,
    });
    let envelope = Envelope {
        mid: 7,
        uid: id(20),
        name: deliver.name().into(),
        ver: deliver.ver(),
        args: deliver.args(),
        occurred_at: T,
        valid_until: Some(T.plus_minutes(2)),
    };
    let last = Envelope {
        mid: 8,
        valid_until: None,
        ..envelope.clone()
    };
    let cursor = Cursor {
        view: "driver".into(),
        seq: 41,
    };
    let request = SyncRequest {
        proto: momfood_protocol::PROTO,
        schema: momfood_protocol::sync::SCHEMA,
        device,
        push_key: Some("…".into()),
        epoch: Some(id(17)),
        mutations: vec![envelope, last],
        gap: Some(Gap { from: 3, to: 6 }),
        scopes: BTreeMap::from([(scope.clone(), cursor)]),
        limit: 500,
    };
    golden.add("request", &request);
    golden.add(
        "request, least",
        &SyncRequest {
            push_key: None,
            epoch: None,
            mutations: vec![],
            gap: None,
            scopes: BTreeMap::new(),
            ..request
        },
    );
    let applied = MutationResult {
        mid: 7,
        status: MutationStatus::Applied,
        replayed: false,
        review: false,
        code: None,
        details: json!(null),
        retry_at: None,
    };
    let review = MutationResult {
        review: true,
        replayed: true,
        code: Some(ErrorCode::WrongState),
        details: json!({ "status": "cancelled" }),
        ..applied.clone()
    };
    let deferred = MutationResult {
        status: MutationStatus::Deferred,
        code: Some(ErrorCode::RateLimited),
        retry_at: Some(T),
        ..applied.clone()
    };
    let page = Page {
        view: "driver".into(),
        from: 41,
        to: 43,
        head: 44,
        more: true,
        reset: false,
        revoked: false,
        changes: vec![Change {
            seq: 43,
            entity: Entity::Driver,
            id: id(13),
            rev: 5,
            body: None,
        }],
    };
    let answer = SyncAnswer {
        epoch: id(17),
        time: T,
        expected_mid: 9,
        results: vec![applied, review, deferred],
        scopes: BTreeMap::from([(scope.clone(), page.clone())]),
        last_mids: BTreeMap::from([(device, 8)]),
        grants: vec![Grant {
            scope,
            view: "driver".into(),
        }],
    };
    golden.add("answer", &answer);
    golden.add(
        "page, filled anew",
        &Page {
            reset: true,
            ..page.clone()
        },
    );
    golden.add(
        "page, not granted",
        &Page {
            revoked: true,
            changes: vec![],
            ..page
        },
    );
    golden.add(
        "statuses",
        &vec![
            MutationStatus::Applied,
            MutationStatus::Rejected,
            MutationStatus::Deferred,
            MutationStatus::Quarantined,
        ],
    );
    golden.add(
        "presence",
        &Presence {
            device,
            foreground: true,
        },
    );
    golden.add(
        "blob",
        &BlobState {
            offset: 65_536,
            length: 131_072,
            complete: false,
        },
    );
}

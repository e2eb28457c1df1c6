//! What a device has written down it, or another program, can read again: whichever version wrote it.

use momfood_domain::address::Address;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{MenuItemId, OrderId, QuoteId};
use momfood_domain::menu::Availability;
use momfood_domain::order::Reason;
use momfood_domain::payment::PaymentMethod;
use momfood_domain::time::Timestamp;
use momfood_protocol::error::ErrorCode;
use momfood_protocol::mutation::{
    Accept, AtStation, Attempt, Because, Deliver, Fail, HandOver, Kind, Mutation, Of, Pause, Proof, Rate,
    Release, SetAvailability, Unreadable,
};
use momfood_protocol::rest::{PlaceOrder, SetShift};
use proptest::option::of as maybe;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use uuid::Uuid;

fn uuid() -> impl Strategy<Value = Uuid> + Clone {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn order() -> impl Strategy<Value = OrderId> + Clone {
    uuid().prop_map(OrderId)
}

fn reason() -> impl Strategy<Value = Reason> + Clone {
    select(vec![
        Reason::TooBusy,
        Reason::ChangedMind,
        Reason::CustomerUnreachable,
        Reason::Other,
    ])
}

fn time() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp)
}

fn point() -> impl Strategy<Value = GeoPoint> {
    (-90_000_i32..90_000, -180_000_i32..180_000).prop_map(|(lat, lng)| GeoPoint {
        lat: f64::from(lat) / 1_000.0,
        lng: f64::from(lng) / 1_000.0,
    })
}

fn proof() -> impl Strategy<Value = Proof> {
    let hash = "[0-9a-f]{64}";
    prop_oneof![
        hash.prop_map(|sha256| Proof::Photo { sha256 }),
        hash.prop_map(|sha256| Proof::Signature { sha256 }),
        "[0-9]{4}".prop_map(|code| Proof::Code { code }),
    ]
}

fn address() -> impl Strategy<Value = Address> {
    (point(), ".{0,20}", maybe(".{0,20}")).prop_map(|(point, line, note)| Address {
        label: "البيت".into(),
        point,
        short_address: None,
        line,
        landmark: None,
        note,
    })
}

fn placing() -> impl Strategy<Value = PlaceOrder> {
    let money = (
        select(vec![PaymentMethod::Cash, PaymentMethod::Card]),
        maybe(".{0,20}"),
    );
    (
        order(),
        uuid(),
        money,
        maybe(address()),
        maybe(".{0,20}"),
        maybe(time()),
    )
        .prop_map(
            |(id, quote, (payment_method, card_token), address, note, valid_until)| PlaceOrder {
                id,
                quote_id: QuoteId(quote),
                payment_method,
                card_token,
                address,
                note,
                valid_until,
            },
        )
}

fn of_order() -> impl Strategy<Value = Mutation> {
    let plain = select(vec![
        Mutation::StartPreparing as fn(Of) -> Mutation,
        Mutation::MarkReady,
        Mutation::ArriveAtRestaurant,
        Mutation::PickUp,
        Mutation::ArriveAtCustomer,
        Mutation::ReturnFood,
    ]);
    (plain, order()).prop_map(|(mutation, order_id)| mutation(Of { order_id }))
}

fn of_kitchen() -> impl Strategy<Value = Mutation> {
    let station = || (order(), ".{1,40}").prop_map(|(order_id, station)| AtStation { order_id, station });
    let because = || (order(), reason()).prop_map(|(order_id, reason)| Because { order_id, reason });
    let availability = prop_oneof![
        Just(Availability::Available),
        Just(Availability::Hidden),
        maybe(time()).prop_map(|until| Availability::SoldOut { until }),
    ];
    prop_oneof![
        because().prop_map(Mutation::RejectOrder),
        because().prop_map(Mutation::CancelOrder),
        (order(), any::<u32>()).prop_map(|(order_id, prep_minutes)| Mutation::AcceptOrder(Accept {
            order_id,
            prep_minutes,
        })),
        (order(), maybe(any::<i64>()))
            .prop_map(|(order_id, cash)| Mutation::HandOver(HandOver { order_id, cash })),
        station().prop_map(Mutation::BumpTicket),
        station().prop_map(Mutation::RecallTicket),
        (uuid(), availability).prop_map(|(item, availability)| Mutation::SetAvailability(SetAvailability {
            item_id: MenuItemId(item),
            availability,
        })),
        maybe(any::<u32>()).prop_map(|minutes| Mutation::Pause(Pause { minutes })),
    ]
}

fn of_driver() -> impl Strategy<Value = Mutation> {
    let attempt = || (order(), any::<u32>()).prop_map(|(order_id, attempt)| Attempt { order_id, attempt });
    prop_oneof![
        (any::<bool>(), maybe(point())).prop_map(|(on, point)| Mutation::SetShift(SetShift { on, point })),
        attempt().prop_map(Mutation::AcceptOffer),
        attempt().prop_map(Mutation::DeclineOffer),
        (order(), any::<u32>(), reason()).prop_map(|(order_id, attempt, reason)| Mutation::Release(
            Release {
                order_id,
                attempt,
                reason,
            }
        )),
        (order(), maybe(any::<i64>()), maybe(proof())).prop_map(|(order_id, cash, proof)| {
            Mutation::Deliver(Deliver {
                order_id,
                cash,
                proof,
            })
        }),
        (order(), reason(), maybe(proof())).prop_map(|(order_id, reason, proof)| {
            Mutation::FailDelivery(Fail {
                order_id,
                reason,
                proof,
            })
        }),
    ]
}

fn of_customer() -> impl Strategy<Value = Mutation> {
    let rate = (order(), any::<u8>(), maybe(".{0,40}"));
    prop_oneof![
        placing().prop_map(Mutation::PlaceOrder),
        rate.prop_map(|(order_id, stars, comment)| Mutation::RateOrder(Rate {
            order_id,
            stars,
            comment,
        })),
    ]
}

fn mutations() -> impl Strategy<Value = Mutation> {
    prop_oneof![of_order(), of_kitchen(), of_driver(), of_customer()]
}

proptest! {
    #[test]
    fn every_mutation_is_read_as_it_was_written(mutation in mutations()) {
        let written: Value = serde_json::from_str(&mutation.args().to_string()).unwrap();
        prop_assert_eq!(Mutation::read(mutation.name(), mutation.ver(), written), Ok(mutation));
    }

    #[test]
    fn two_that_ask_for_different_things_never_look_alike(one in mutations(), other in mutations()) {
        prop_assert_eq!(one.canonical() == other.canonical(), one == other);
    }

    /// Before there were proofs a delivery had none; a shape only grows.
    #[test]
    fn what_was_tapped_before_there_were_proofs_is_read_without_one(
        order_id in order(), cash in maybe(any::<i64>()), reason in reason()
    ) {
        let mut old = json!({ "orderId": order_id });
        if let Some(cash) = cash {
            old["cash"] = json!(cash);
        }
        let deliver = Mutation::Deliver(Deliver { order_id, cash, proof: None });
        prop_assert_eq!(Mutation::read("delivery.deliver", 1, old), Ok(deliver.clone()));
        let again = Mutation::read("delivery.deliver", 2, deliver.args()).unwrap();
        prop_assert_eq!(again.canonical(), deliver.canonical(), "the same request, whichever version wrote it");
        let old = json!({ "orderId": order_id, "reason": reason });
        let fail = Mutation::FailDelivery(Fail { order_id, reason, proof: None });
        prop_assert_eq!(Mutation::read("delivery.fail", 1, old), Ok(fail));
    }

    #[test]
    fn the_order_of_what_is_said_in_it_does_not_matter(mutation in mutations()) {
        let Value::Object(parts) = mutation.args() else { panic!("arguments are an object") };
        let turned: Vec<String> = parts.iter().rev().map(|(name, part)| format!("{}:{part}", json!(name))).collect();
        let written: Value = serde_json::from_str(&format!("{{{}}}", turned.join(","))).unwrap();
        let read = Mutation::read(mutation.name(), mutation.ver(), written).unwrap();
        prop_assert_eq!(read.canonical(), mutation.canonical());
    }
}

#[test]
fn what_a_newer_program_tapped_is_not_guessed_at() {
    let order_id = OrderId(Uuid::from_u128(7));
    let args = json!({ "orderId": order_id });
    for (name, ver) in [
        ("delivery.deliver", 3),
        ("delivery.deliver", 0),
        ("order.teleport", 1),
    ] {
        assert_eq!(
            Mutation::read(name, ver, args.clone()),
            Err(Unreadable::Unknown),
            "{name}@{ver}"
        );
    }
    for args in [json!(null), json!([]), json!({}), json!({ "orderId": 7 })] {
        assert_eq!(Mutation::read("delivery.deliver", 2, args), Err(Unreadable::Args));
    }
}

#[test]
fn what_happened_in_the_world_is_a_fact_and_what_is_wished_for_an_intent() {
    let kind = |name: &str| {
        let args = json!({ "orderId": OrderId(Uuid::nil()), "attempt": 1, "prepMinutes": 5, "reason": "other",
            "station": "grill", "stars": 5 });
        let ver = Mutation::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1;
        Mutation::read(name, ver, args).map(|mutation| mutation.kind())
    };
    for fact in [
        "order.prepare",
        "order.ready",
        "order.hand_over",
        "ticket.bump",
        "delivery.pick_up",
        "delivery.deliver",
        "delivery.fail",
        "delivery.return",
    ] {
        assert_eq!(kind(fact), Ok(Kind::Fact), "{fact}");
    }
    for intent in ["order.accept", "order.cancel", "order.rate", "offer.accept"] {
        assert_eq!(kind(intent), Ok(Kind::Intent), "{intent}");
    }
}

#[test]
fn arguments_out_of_bounds_are_named() {
    let order_id = OrderId(Uuid::from_u128(7));
    let at = |station: &str| {
        Mutation::BumpTicket(AtStation {
            order_id,
            station: station.into(),
        })
    };
    let rate = |stars, comment: &str| {
        Mutation::RateOrder(Rate {
            order_id,
            stars,
            comment: Some(comment.into()),
        })
    };
    let deliver = |cash, proof| {
        Mutation::Deliver(Deliver {
            order_id,
            cash,
            proof,
        })
    };
    let photo = |sha256: &str| {
        Some(Proof::Photo {
            sha256: sha256.into(),
        })
    };
    let code = |code: &str| Some(Proof::Code { code: code.into() });
    for (wrong, field) in [
        (at(""), "station"),
        (at(" \t"), "station"),
        (at("a\u{0}"), "station"),
        (at(&"م".repeat(41)), "station"),
        (rate(0, ""), "stars"),
        (rate(6, ""), "stars"),
        (rate(5, &"x".repeat(501)), "comment"),
        (rate(5, "\u{0}"), "comment"),
        (deliver(None, photo("abc")), "proof"),
        (deliver(None, photo(&"G".repeat(64))), "proof"),
        (deliver(None, photo(&"A".repeat(64))), "proof"),
        (deliver(None, code(&"1".repeat(17))), "proof"),
    ] {
        let problem = wrong.check().unwrap_err();
        assert_eq!(problem.code, ErrorCode::InvalidInput);
        assert_eq!(problem.details, json!({ "field": field }), "{wrong:?}");
    }
    for amount in [i64::MIN, i64::MAX] {
        let problem = deliver(Some(amount), None).check().unwrap_err();
        assert_eq!(problem.code, ErrorCode::BadAmount);
    }
    for right in [
        at("مشاوي"),
        rate(1, "بارد"),
        deliver(Some(0), code("4821")),
        deliver(None, photo(&"0a".repeat(32))),
    ] {
        assert_eq!(right.check(), Ok(()), "{right:?}");
    }
}

#[test]
fn a_photo_is_named_by_the_bytes_of_its_hash() {
    let proof = Proof::Photo {
        sha256: format!("{}ff", "0a".repeat(31)),
    };
    let mut bytes = [0x0a; 32];
    bytes[31] = 0xff;
    assert_eq!(proof.digest(), Some(bytes));
}

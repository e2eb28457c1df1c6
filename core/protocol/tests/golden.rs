//! The wire, as files: a change of any shape that crosses one shows as a changed file in `tests/golden`, to be
//! reviewed with `cargo insta review`. Each sample is also read back, and must be what it was.

#![expect(
    clippy::unwrap_used,
    reason = "a sample that cannot be written is a failed test"
)]

mod samples;

use std::collections::BTreeMap;

use momfood_domain::text::Lang;
use momfood_protocol::engine::{AnyCall, AnyReply, Call, Event};
use momfood_protocol::error::{ErrorCode, Failed, Failure, Success};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::online::{self, OnlineCall};
use momfood_protocol::reading;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Samples by name, in the order of names.
#[derive(Default)]
struct Golden(BTreeMap<String, Value>);

impl Golden {
    fn add<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(&mut self, name: &str, sample: &T) {
        let written = serde_json::to_value(sample).unwrap();
        let read: T = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(read, *sample, "{name} is read as it was written");
        let read = reading::read::<T>(written.clone()).unwrap();
        assert_eq!(read, *sample, "{name} is read in little code as it was written");
        assert!(
            self.0.insert(name.to_owned(), written).is_none(),
            "{name} is named once"
        );
    }

    fn compare(&self, file: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("golden");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        // Whether a `Value` keeps its keys' order depends on which packages are built beside this one.
        settings.set_sort_maps(true);
        settings.bind(|| insta::assert_json_snapshot!(file, self.0));
    }
}

fn name_of(value: &Value, tag: &str) -> String {
    value[tag].as_str().unwrap().to_owned()
}

#[test]
fn calls_are_written_as_ever() {
    let mut golden = Golden::default();
    for call in samples::calls() {
        let name = name_of(&serde_json::to_value(&call).unwrap(), "call");
        golden.add(&name, &call);
    }
    let named: Vec<&str> = golden.0.keys().map(String::as_str).collect();
    let mut all = [AnyCall::NAMES, OnlineCall::NAMES].concat();
    all.sort_unstable();
    assert_eq!(named, all, "every Call has a sample");
    golden.compare("calls");
}

/// Writes a reply through the type the Call names, so that a changed reply type shows too.
fn reply_of<C: Call<Reply: PartialEq + std::fmt::Debug>>(golden: &mut Golden, reply: &C::Reply) {
    let name = std::any::type_name::<C>().rsplit("::").next().unwrap();
    golden.add(name, reply);
}

#[test]
fn replies_are_written_as_ever() {
    let mut golden = Golden::default();
    samples::replies(&mut golden);
    let named: Vec<&str> = golden.0.keys().map(String::as_str).collect();
    let mut all = [AnyCall::NAMES, OnlineCall::NAMES].concat();
    all.sort_unstable();
    assert_eq!(named, all, "every Call's reply has a sample");
    for (name, reply) in [
        ("any reply, ok", AnyReply::Ok(json!({ "user": null }))),
        (
            "any reply, err",
            AnyReply::Err(Failure::new(ErrorCode::Offline, Lang::En)),
        ),
    ] {
        golden.add(name, &reply);
        assert_eq!(reading::reply(serde_json::to_value(&reply).unwrap()), Ok(reply));
    }
    golden.compare("replies");
}

/// Fails to compile when an Event is added, so that its sample is not forgotten.
const fn event_number(event: &Event) -> usize {
    match event {
        Event::Session(_) => 0,
        Event::Connection(_) => 1,
        Event::Order { .. } => 2,
        Event::NewOrder { .. } => 3,
        Event::Restaurant {} => 4,
        Event::Menu {} => 5,
        Event::Driver {} => 6,
        Event::Cart {} => 7,
        Event::Position { .. } => 8,
        Event::Outbox {} => 9,
        Event::Device {} => 10,
        Event::Printing {} => 11,
        Event::Pace(_) => 12,
        Event::Open { .. } => 13,
        Event::Here { .. } => 14,
    }
}

#[test]
fn events_are_written_as_ever() {
    let mut golden = Golden::default();
    let mut seen = [false; 15];
    for event in samples::events() {
        seen[event_number(&event)] = true;
        let written = serde_json::to_value(&event).unwrap();
        golden.add(&name_of(&written, "event"), &event);
        assert_eq!(reading::event(written), Ok(event));
    }
    assert_eq!(seen, [true; 15], "every Event has a sample");
    golden.compare("events");
}

#[test]
fn rest_bodies_are_written_as_ever() {
    let mut golden = Golden::default();
    samples::rest(&mut golden);
    golden.compare("rest");
}

#[test]
fn doors_are_where_they_were() {
    let mut golden = Golden::default();
    for name in OnlineCall::NAMES {
        assert!(online::door(name).is_some(), "{name} leads somewhere");
        let door =
            online::door(name).map(|door| format!("{:?} {}, {:?}", door.verb, door.path, door.passage));
        golden.add(name, &door);
    }
    assert_eq!(online::door("GetBoard"), None);
    samples::online::details(&mut golden);
    golden.compare("doors");
}

#[test]
fn views_are_written_as_ever() {
    let mut golden = Golden::default();
    samples::views(&mut golden);
    golden.compare("views");
}

#[test]
fn the_feed_is_written_as_ever() {
    let mut golden = Golden::default();
    samples::feed(&mut golden);
    golden.compare("feed");
}

#[test]
fn mutations_are_written_as_ever() {
    let mut golden = Golden::default();
    let mut named = Vec::new();
    for (what, mutation) in samples::work::mutations() {
        let (name, ver) = (mutation.name(), mutation.ver());
        if !named.contains(&(name, ver)) {
            named.push((name, ver));
        }
        let read = Mutation::read(name, ver, mutation.args()).unwrap();
        assert_eq!(read, mutation, "{name} is read as it was written");
        golden.add(
            &format!("{name}@{ver}{what}"),
            &json!({ "kind": mutation.kind(), "args": mutation.args(), "validity": mutation.validity() }),
        );
    }
    let mut all = Mutation::NAMES.to_vec();
    all.sort_unstable();
    named.sort_unstable();
    assert_eq!(named, all, "every mutation has a sample");
    golden.compare("mutations");
}

#[test]
fn what_devices_and_server_say_to_each_other_is_written_as_ever() {
    let mut golden = Golden::default();
    samples::work::sync(&mut golden);
    golden.compare("sync");
}

#[test]
fn error_codes_keep_their_names_statuses_and_words() {
    let mut golden = Golden::default();
    for code in ErrorCode::ALL {
        let name = serde_json::to_value(code).unwrap();
        let said = json!({ "status": code.status(), "temporary": code.is_temporary(),
            "ar": code.message(Lang::Ar), "en": code.message(Lang::En) });
        golden.add(name.as_str().unwrap(), &said);
    }
    golden.compare("errors");
}

#[test]
fn envelopes_are_written_as_ever() {
    let mut golden = Golden::default();
    let failure =
        Failure::new(ErrorCode::BelowMinimum, Lang::Ar).with(json!({ "missing": 700, "minimum": 2_500 }));
    golden.add(
        "failure",
        &Failed {
            success: false,
            error: failure,
        },
    );
    let plain = Failure::new(ErrorCode::NotFound, Lang::En);
    golden.add(
        "failure without details",
        &Failed {
            success: false,
            error: plain,
        },
    );
    golden.add(
        "success",
        &Success {
            success: true,
            data: json!({ "id": 7 }),
        },
    );
    golden.compare("envelopes");
}

#[test]
fn requests_with_fields_nobody_knows_are_refused() {
    let login = json!({ "email": "a@b.c", "password": "password", "admin": true });
    assert!(serde_json::from_value::<momfood_protocol::rest::Login>(login).is_err());
    let deliver = json!({ "cash": 5_000, "tip": 1 });
    assert!(serde_json::from_value::<momfood_protocol::rest::HandedOver>(deliver).is_err());
}

#[test]
fn what_is_not_of_the_shape_asked_for_is_refused() {
    use momfood_protocol::view::Position;
    let fits = json!({ "point": { "lat": 24.7, "lng": 46.7 }, "heading": 90, "at": 5 });
    let position = serde_json::from_value::<Position>(fits.clone()).unwrap();
    assert_eq!(reading::read::<Position>(fits.clone()), Ok(position));
    for wrong in [
        json!(null),
        json!([]),
        json!({}),
        json!("text"),
        json!({ "point": fits["point"], "at": "soon" }),
    ] {
        assert_eq!(
            reading::read::<Position>(wrong.clone()),
            Err(reading::Unreadable),
            "{wrong}"
        );
    }
    for wrong in [
        json!({}),
        json!({ "event": "harvest" }),
        json!({ "event": "order" }),
        json!("cart"),
    ] {
        assert_eq!(reading::event(wrong.clone()), Err(reading::Unreadable), "{wrong}");
    }
    for wrong in [
        json!({}),
        json!({ "ok": 1, "err": 2 }),
        json!({ "err": 1 }),
        json!(7),
    ] {
        assert_eq!(reading::reply(wrong.clone()), Err(reading::Unreadable), "{wrong}");
    }
}

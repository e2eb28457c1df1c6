//! Pictures come part by part over a bad network, are believed only when they are what their names say, and are shown only
//! to those they concern.

use std::fmt::Write as _;
use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::content::samples;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use momfood_protocol::sync::{BlobState, MAX_PART};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::tablet::Tablet;
use crate::town::*;

/// A photo of so many bytes.
fn photo(length: usize, seed: u8) -> (String, Vec<u8>) {
    let noted = |note: usize| {
        let note: Vec<u8> = (0..251).cycle().map(|byte: u8| byte ^ seed).take(note).collect();
        samples::jpeg(1_280, 960, &note)
    };
    // Each segment of the note takes four bytes more.
    let room = length - noted(0).len();
    let bytes = noted(room - 4 * room.div_ceil(60_004));
    assert_eq!(bytes.len(), length);
    (name_of(&bytes), bytes)
}

fn name_of(bytes: &[u8]) -> String {
    let mut name = String::new();
    for byte in Sha256::digest(bytes) {
        write!(name, "{byte:02x}").unwrap();
    }
    name
}

async fn put_as(
    app: &TestApp,
    authorization: &str,
    name: &str,
    (offset, length): (usize, usize),
    bytes: &[u8],
) -> Answer {
    app.request(Method::PUT, &format!("/api/v1/blobs/{name}"))
        .header("authorization", authorization)
        .header("upload-offset", &offset.to_string())
        .header("upload-length", &length.to_string())
        .raw("application/octet-stream", bytes.to_vec())
        .send()
        .await
}

async fn put(app: &TestApp, who: &Someone, name: &str, at: (usize, usize), bytes: &[u8]) -> Answer {
    put_as(app, &format!("Bearer {}", who.token), name, at, bytes).await
}

fn state(answer: &Answer) -> BlobState {
    serde_json::from_value(answer.data()).unwrap()
}

/// How far it is, by asking: offset, length, whole.
async fn standing(app: &TestApp, who: &Someone, name: &str) -> Option<(usize, usize, bool)> {
    let asked = app
        .request(Method::HEAD, &format!("/api/v1/blobs/{name}"))
        .bearer(&who.token);
    let answer = asked.send().await;
    let number = |header: &str| answer.header(header).parse::<usize>().unwrap();
    (answer.status == 204).then(|| {
        (
            number("upload-offset"),
            number("upload-length"),
            number("upload-complete") == 1,
        )
    })
}

async fn send_whole(app: &TestApp, who: &Someone, name: &str, bytes: &[u8]) -> Answer {
    let mut last = None;
    for (n, part) in bytes.chunks(MAX_PART).enumerate() {
        last = Some(put(app, who, name, (n * MAX_PART, bytes.len()), part).await);
    }
    last.unwrap()
}

both! {
    async fn a_picture_cut_in_the_middle_goes_on_where_it_stopped(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let (name, bytes) = photo(600_000, 1);
        assert_eq!(standing(&app, &driver, &name).await, None);
        let first = put(&app, &driver, &name, (0, bytes.len()), &bytes[..MAX_PART]).await;
        assert_eq!((state(&first).offset, state(&first).complete), (u64::try_from(MAX_PART).unwrap(), false));
        assert_eq!(standing(&app, &driver, &name).await, Some((MAX_PART, bytes.len(), false)));
        // The answer was lost, or another part was sent.
        for wrong in [0, 1, MAX_PART - 1, MAX_PART + 1] {
            let answer = put(&app, &driver, &name, (wrong, bytes.len()), &bytes[wrong..wrong + 1_000]).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "offset_mismatch"));
            assert_eq!(answer.json()["error"]["details"]["offset"], MAX_PART);
        }
        assert_eq!(put(&app, &driver, &name, (MAX_PART, bytes.len() + 1), &bytes[..10]).await.code(), "invalid_input");
        assert_eq!(put(&app, &driver, &name, (MAX_PART, bytes.len()), &[]).await.code(), "invalid_input");
        let too_far = vec![0; bytes.len() - 2 * MAX_PART + 1];
        put(&app, &driver, &name, (MAX_PART, bytes.len()), &bytes[MAX_PART..2 * MAX_PART]).await.data();
        assert_eq!(put(&app, &driver, &name, (2 * MAX_PART, bytes.len()), &too_far).await.code(), "invalid_input");
        let last = put(&app, &driver, &name, (2 * MAX_PART, bytes.len()), &bytes[2 * MAX_PART..]).await;
        assert!(state(&last).complete);
        assert_eq!(standing(&app, &driver, &name).await, Some((bytes.len(), bytes.len(), true)));
        assert!(state(&put(&app, &driver, &name, (0, bytes.len()), &bytes[..10]).await).complete, "and again is no harm");
        let shown = get(&app, &driver, &format!("/api/v1/blobs/{name}")).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type"), shown.header("x-content-type-options")), (200, "image/jpeg", "nosniff"));
        assert!(shown.header("content-security-policy").contains("sandbox") && shown.bytes == bytes);
        assert_eq!(get(&app, &town.sara, &format!("/api/v1/blobs/{name}")).await.code(), "not_found");
    }

    async fn bytes_that_are_not_what_their_name_says_are_dropped(app: TestApp) {
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let (name, bytes) = photo(50_000, 2);
        let mut damaged = bytes.clone();
        damaged[40_000] ^= 1;
        let answer = send_whole(&app, &driver, &name, &damaged).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "digest_mismatch"));
        assert_eq!(standing(&app, &driver, &name).await, None);
        assert_eq!(count!(&app, "select count(*) from blob_part"), 0);
        assert!(state(&send_whole(&app, &driver, &name, &bytes).await).complete);
    }

    async fn only_pictures_are_taken_and_only_so_large_and_so_many(app: TestApp) {
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let page = b"<!doctype html><script>alert(1)</script>".to_vec();
        let answer = send_whole(&app, &driver, &name_of(&page), &page).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "unsupported_media_type"));
        // Its beginning comes in two parts, each too short to tell.
        put(&app, &driver, &name_of(&page), (0, page.len()), &page[..5]).await.data();
        let answer = put(&app, &driver, &name_of(&page), (5, page.len()), &page[5..]).await;
        assert_eq!(answer.code(), "unsupported_media_type");
        // What begins like a picture and is more, or less, or would fill the memory of whoever looks at it.
        let photo_and_more = [samples::jpeg(640, 480, b"door"), b"PK\x03\x04".to_vec()].concat();
        let photo_and_page = [samples::png(640, 480, b"door"), page.clone()].concat();
        for (why, bytes) in [
            ("damaged", b"\xff\xd8\xff\xe0 and so on".to_vec()), ("something_behind_it", photo_and_more),
            ("something_behind_it", photo_and_page), ("too_many_pixels", samples::jpeg(16_000, 16_000, b"")),
            ("too_many_pixels", samples::png(60_000, 60_000, b"")), ("too_many_pixels", samples::webp(16_000, 16_000, b"")),
        ] {
            let answer = send_whole(&app, &driver, &name_of(&bytes), &bytes).await;
            assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "unsupported_media_type"), "{why}");
            assert_eq!(answer.json()["error"]["details"]["why"], why);
            assert_eq!(standing(&app, &driver, &name_of(&bytes)).await, None, "nothing of it is kept");
        }
        assert_eq!(count!(&app, "select count(*) from blob"), 0);
        let (name, bytes) = photo(MAX_PART + 1, 3);
        let answer = put(&app, &driver, &name, (0, bytes.len()), &bytes).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "body_too_large"));
        assert_eq!(put(&app, &driver, &name, (0, 4 * 1024 * 1024 + 1), &bytes[..10]).await.code(), "body_too_large");
        for wrong in ["", "x", &name[1..], &name.to_uppercase()] {
            assert_eq!(put(&app, &driver, wrong, (0, 10), &bytes[..10]).await.code(), "not_found");
        }
        for n in 0..16 {
            let (name, bytes) = photo(100, 100 + n);
            put(&app, &driver, &name, (0, 4 * 1024 * 1024), &bytes).await.data();
        }
        let answer = put(&app, &driver, &name, (0, bytes.len()), &bytes[..100]).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "quota_exceeded"));
        app.clock.advance(Duration::from_hours(24));
        let driver = sign_in(&app, driver.id, Role::Driver, None).await;
        put(&app, &driver, &name, (0, bytes.len()), &bytes[..100]).await.data();
        app.pass(Duration::from_hours(24 * 8)).await;
        assert_eq!(count!(&app, "select count(*) from blob_part"), 0, "halves are not kept for ever");
    }

    async fn the_same_picture_is_kept_once_and_each_must_have_it_to_see_it(app: TestApp) {
        let (fahad, omar) = (person(&app, "Fahad", Role::Driver, None).await, person(&app, "Omar", Role::Driver, None).await);
        let (name, bytes) = photo(300_000, 4);
        send_whole(&app, &fahad, &name, &bytes).await.data();
        assert_eq!(standing(&app, &omar, &name).await, None, "nobody learns what others sent");
        let mut wrong = bytes.clone();
        wrong[10] ^= 1;
        assert_eq!(send_whole(&app, &omar, &name, &wrong).await.code(), "digest_mismatch");
        assert_eq!(get(&app, &omar, &format!("/api/v1/blobs/{name}")).await.code(), "not_found");
        assert!(state(&send_whole(&app, &omar, &name, &bytes).await).complete);
        assert_eq!(get(&app, &omar, &format!("/api/v1/blobs/{name}")).await.bytes, bytes);
        assert_eq!((count!(&app, "select count(*) from blob"), count!(&app, "select count(*) from blob_part")), (1, 2));
    }

    async fn a_proof_is_seen_by_those_whose_order_it_is(app: TestApp) {
        let town = Town::build(&app).await;
        let (driver, other) = (person(&app, "Fahad", Role::Driver, None).await, person(&app, "Huda", Role::Customer, None).await);
        let support = person(&app, "Lina", Role::Support, None).await;
        let id = town.accepted(&app).await;
        offer(&app, id, &driver).await;
        step(&app, &driver, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        step(&app, &driver, id, "pick-up", &Value::Null).await.data();
        let mut phone = Tablet::new(&app);
        let (name, bytes) = photo(40_000, 5);
        let proof = json!({ "kind": "photo", "sha256": name });
        let tap = phone.tap(&app, "delivery.deliver", json!({ "orderId": id, "cash": 6_150, "proof": proof }));
        assert_eq!(phone.words(&app, &driver, &[tap]).await, ["applied"]);
        let path = format!("/api/v1/blobs/{name}");
        assert_eq!(get(&app, &town.sara, &path).await.code(), "not_found", "it is still on its way");
        // Its driver has signed out; the phone goes on sending.
        let (session, now) = (driver.session, app.clock.now());
        change!(&app, "update sessions set ended_at = $1 where id = $2", now, session);
        let alone = format!("Device {}:{}", phone.id, phone.key);
        assert!(state(&put_as(&app, &alone, &name, (0, bytes.len()), &bytes).await).complete);
        for who in [&town.sara, &town.kitchen, &support] {
            assert_eq!(get(&app, who, &path).await.bytes, bytes);
        }
        assert_eq!(get(&app, &other, &path).await.code(), "not_found");
    }
}

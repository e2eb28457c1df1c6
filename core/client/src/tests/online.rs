//! Calls that are passed through to the server.

use momfood_domain::actor::Role;
use momfood_domain::id::{SessionId, UserId};
use momfood_domain::text::Lang;
use momfood_protocol::account::{CodePurpose, FactorMethod};
use momfood_protocol::engine::{Event, GetConnection, GetSession, Line, SessionState};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::onboarding::DocumentKind;
use momfood_protocol::online::{
    AskCode, CheckCode, EndOtherSignIns, EndSignIn, EraseAccount, FindPeople, GetSignIns, SendDocument,
    ShowFactor, SignIn, SubmitApplication,
};
use momfood_protocol::rest::Me;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{ME, START, World};
use crate::port::Method;
use crate::{admin, customer, driver};

const ID: Uuid = Uuid::from_u128(7);

fn code() -> CheckCode {
    CheckCode {
        challenge: ID,
        code: "123456".into(),
        role: None,
        restaurant_id: None,
    }
}

#[test]
fn a_question_that_anyone_may_ask_tells_no_session() {
    let mut world = World::signed_in(customer());
    let sent = json!({ "challenge": ID, "digits": 6, "expiresAt": 2, "resendAt": 1, "now": 0 });
    world.server.borrow_mut().say("POST auth/codes", sent);
    let call = AskCode {
        purpose: CodePurpose::Recover,
        email: Some("a@b.c".into()),
        phone: None,
        language: Lang::En,
    };
    assert_eq!(world.ask(call).unwrap().digits, 6);
    let server = world.server.borrow();
    let request = server
        .requests
        .iter()
        .find(|r| r.url.ends_with("auth/codes"))
        .unwrap();
    assert!(request.headers.iter().all(|(name, _)| *name != "authorization"));
    let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({ "purpose": "recover", "email": "a@b.c", "language": "en" })
    );
}

#[test]
fn a_code_signs_in_with_the_apps_role_and_the_line_goes_live() {
    let mut world = World::new(driver());
    let state = world.ask(code()).unwrap();
    assert_eq!(state.user.unwrap().id, ME);
    world.pass(1_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Live);
    let body = &world.server.borrow().bodies("POST auth/codes/check")[0];
    assert_eq!(
        *body,
        json!({ "challenge": ID, "code": "123456", "role": "driver" })
    );
}

#[test]
fn a_second_factor_is_asked_for_with_its_details_and_then_signs_in() {
    let mut world = World::new(customer());
    let details = json!({ "ticket": "t", "methods": ["totp", "recovery"], "expiresAt": 1 });
    world.server.borrow_mut().refuse(
        "POST auth/codes/check",
        ErrorCode::SecondFactorRequired,
        details.clone(),
    );
    let failure = world.ask(code()).unwrap_err();
    assert_eq!(
        (failure.code, failure.details),
        (ErrorCode::SecondFactorRequired, details)
    );
    assert_eq!(world.ask(GetSession {}).unwrap().user, None);
    let shown = ShowFactor {
        ticket: "t".into(),
        method: FactorMethod::Totp,
        code: "654321".into(),
    };
    assert!(world.ask(shown).unwrap().user.is_some());
    let body = &world.server.borrow().bodies("POST auth/second-factor")[0];
    assert_eq!(
        *body,
        json!({ "ticket": "t", "method": "totp", "code": "654321" })
    );
}

#[test]
fn a_thing_is_named_in_the_path_and_nothing_is_left_of_it() {
    let mut world = World::signed_in(customer());
    let path = format!("DELETE me/sessions/{ID}");
    world.server.borrow_mut().say(&path, Value::Null);
    world.ask(EndSignIn { id: SessionId(ID) }).unwrap();
    assert_eq!(world.server.borrow().bodies(&path), [json!({})]);
}

#[test]
fn what_a_search_does_not_narrow_is_not_in_its_query() {
    let mut world = World::signed_in(admin());
    let path = "GET admin/people";
    world.server.borrow_mut().say(path, json!({ "people": [] }));
    let call = FindPeople {
        q: Some("سا & +1".into()),
        role: Some(Role::Driver),
        after: None::<UserId>,
    };
    assert_eq!(world.ask(call).unwrap().people, []);
    let server = world.server.borrow();
    let request = server
        .requests
        .iter()
        .find(|r| r.url.contains("admin/people"))
        .unwrap();
    assert!(
        request
            .url
            .ends_with("admin/people?q=%D8%B3%D8%A7%20%26%20%2B1&role=driver"),
        "{}",
        request.url
    );
    assert_eq!((request.method, &request.body), (Method::Get, &None));
}

#[test]
fn nothing_is_sent_twice() {
    let mut world = World::signed_in(driver());
    let path = format!("POST applications/{ID}/submit");
    world
        .server
        .borrow_mut()
        .refuse(&path, ErrorCode::TryAgain, Value::Null);
    let failure = world.ask(SubmitApplication { id: ID }).unwrap_err();
    assert_eq!(failure.code, ErrorCode::TryAgain);
    assert_eq!(world.server.borrow().asked(&path), 1);
}

#[test]
fn nobody_asks_for_what_is_a_persons_before_signing_in() {
    let mut world = World::new(customer());
    assert_eq!(
        world.ask(GetSignIns {}).unwrap_err().code,
        ErrorCode::Unauthenticated
    );
    assert_eq!(world.server.borrow().requests, []);
}

#[test]
fn a_document_goes_out_as_its_bytes_and_as_what_they_are() {
    let mut world = World::signed_in(driver());
    let bytes = b"%PDF-1.7 driving licence".to_vec();
    let sha256 = world.engine.put_blob(&bytes).unwrap().sha256;
    let path = format!("PUT applications/{ID}/documents/driving_license");
    world
        .server
        .borrow_mut()
        .refuse(&path, ErrorCode::ContentRefused, Value::Null);
    let kind = DocumentKind::DrivingLicense;
    let failure = world.ask(SendDocument { id: ID, kind, sha256 }).unwrap_err();
    assert_eq!(failure.code, ErrorCode::ContentRefused);
    let server = world.server.borrow();
    let request = server
        .requests
        .iter()
        .find(|r| r.url.contains("documents"))
        .unwrap();
    assert_eq!((request.bytes.as_ref(), &request.body), (Some(&bytes), &None));
    let kinds: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, _)| *name == "content-type")
        .collect();
    assert_eq!(kinds, [&("content-type", "application/pdf".to_owned())]);
}

#[test]
fn a_document_that_was_never_handed_over_is_not_sent() {
    let mut world = World::signed_in(driver());
    let call = SendDocument {
        id: ID,
        kind: DocumentKind::Identity,
        sha256: "00".repeat(32),
    };
    let before = world.server.borrow().requests.len();
    assert_eq!(world.ask(call).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(world.server.borrow().requests.len(), before);
}

#[test]
fn who_deleted_their_account_is_signed_out() {
    let mut world = World::signed_in(customer());
    let erase = || EraseAccount {
        confirm: "erase".into(),
    };
    world
        .server
        .borrow_mut()
        .refuse("POST me/erase", ErrorCode::StillOpen, json!({ "open": "orders" }));
    assert_eq!(world.ask(erase()).unwrap_err().code, ErrorCode::StillOpen);
    assert!(world.ask(GetSession {}).unwrap().user.is_some());
    world.server.borrow_mut().say("POST me/erase", Value::Null);
    world.ask(erase()).unwrap();
    let nobody = Event::Session(SessionState { user: None });
    assert!(world.events().contains(&nobody));
}

#[test]
fn who_is_no_driver_yet_comes_in_as_a_customer_who_may_apply() {
    let mut world = World::new(driver());
    {
        let mut server = world.server.borrow_mut();
        server.me.role = Role::Customer;
        let refused = Err(Failure::new(ErrorCode::RoleNotHeld, Lang::En));
        let session = server.session(START.0);
        let answers = vec![refused, Ok(session)];
        server.scripted.insert("POST auth/codes/check".into(), answers);
    }
    assert_eq!(world.ask(code()).unwrap().user.unwrap().role, Role::Customer);
    let bodies = world.server.borrow().bodies("POST auth/codes/check");
    assert_eq!(
        (&bodies[0]["role"], &bodies[1]["role"]),
        (&json!("driver"), &json!("customer"))
    );
    world.pass(60_000);
    assert_eq!(
        world.server.borrow().asked("POST presence"),
        0,
        "nobody awaits them"
    );
}

#[test]
fn support_signs_in_where_admins_do() {
    let mut world = World::new(admin());
    {
        let mut server = world.server.borrow_mut();
        server.me = Me {
            role: Role::Support,
            ..server.me.clone()
        };
        let refused = Err(Failure::new(ErrorCode::RoleNotHeld, Lang::En));
        let session = server.session(START.0);
        server
            .scripted
            .insert("POST auth/login".into(), vec![refused, Ok(session)]);
    }
    let call = SignIn {
        email: "support@b.c".into(),
        password: "password".into(),
    };
    assert_eq!(world.ask(call).unwrap().user.unwrap().role, Role::Support);
    let roles: Vec<Value> = world.server.borrow().bodies("POST auth/login");
    let roles: Vec<&Value> = roles.iter().map(|body| &body["role"]).collect();
    assert_eq!(roles, [&json!("admin"), &json!("support")]);
    world.server.borrow_mut().say("DELETE me/sessions", Value::Null);
    world.restart();
    assert!(world.ask(GetSession {}).unwrap().user.is_some());
    world.ask(EndOtherSignIns {}).unwrap();
}
